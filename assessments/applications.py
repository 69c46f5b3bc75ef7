"""Form 1 of an assessment where it is read: what there is of it, and what is asked for beside Forms 3 and 4."""

from assessments.models import Application, Assessment
from assessments.progress import ApplicationState, FormsAsked


def application_of(assessment: Assessment) -> Application | None:
    """No query where the assessment comes with its places (`with_places`)."""
    try:
        return assessment.application
    except Application.DoesNotExist:
        return None


def forms_asked(assessment: Assessment) -> FormsAsked:
    """What the cycle asks for beside Forms 3 and 4, and how far Form 1 is."""
    found, cycle = application_of(assessment), assessment.cycle
    return FormsAsked(
        application=cycle.requires_application,
        profile=cycle.requires_profile,
        written=ApplicationState(
            award=found.award,
            contact_name=found.contact_name,
            contact_way=found.contact_phone or found.contact_mail,
        )
        if found
        else ApplicationState(),
    )
