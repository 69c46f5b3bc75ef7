"""Reading from outside leaves a line: at most one for each person, assessment and day.

Whoever judges the case is known to OPDC and never to the agency, so those lines stay out of what the agency sees;
`reviews` registers who they are.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.models import WITH_AGENCY, Assessment, Reading
from assessments.rules import is_member
from pmqa.accounts import log
from pmqa.accounts.models import User

What = Reading.What
# An assessment -> key of a person -> since when this person's lines are kept from the agency.
Hidden = Callable[[Assessment], Mapping[int, datetime]]
_hidden: list[Hidden] = []


def register_hidden(source: Hidden) -> Hidden:
    """What was read before that time stays on the agency's page: a line that vanished would tell more."""
    _hidden.append(source)
    return source


def is_outside(person: User, assessment: Assessment) -> bool:
    """Whether this person reads by an office, or as superuser, and not as one of the agency. No query of its own."""
    return not is_member(person, assessment) and bool(person.is_superuser or person.current_offices)


def note(assessment: Assessment, *, by: User, is_result: bool = False) -> None:
    """The line of today, if there is none yet: one statement, which finds out by itself."""
    now = timezone.now()
    what = What.DRAFT if assessment.status in WITH_AGENCY else What.SUBMITTED
    line = Reading(
        assessment=assessment,
        person=by,
        day=timezone.localdate(now),
        person_name=str(by),
        offices=sorted(by.current_offices),
        what=What.RESULT if is_result else what,
        at=now,
    )
    Reading.objects.bulk_create([line], ignore_conflicts=True)


def readings_of(assessment: Assessment, *, viewer: User) -> QuerySet[Reading]:
    """The auditor sees all of it; the agency nothing of what somebody read while judging the case, or later."""
    rows = Reading.objects.filter(assessment=assessment)
    if not is_member(viewer, assessment):
        return rows
    hidden = Q(pk=None)
    for source in _hidden:
        for person, since in source(assessment).items():
            hidden |= Q(person=person, at__gte=since)
    return rows.exclude(hidden)


def write_log() -> int:
    """Bring new lines into the audit log; how many. In no agency's part of it, where it could name a reviewer."""
    with transaction.atomic():
        rows = list(
            Reading.objects.select_for_update(of=("self",))
            .filter(in_log=False)
            .select_related("assessment__agency", "assessment__cycle", "person")
            .order_by("pk")[:500]
        )
        for row in rows:
            at = timezone.localtime(row.at).isoformat(timespec="seconds")
            log.record("content.read", row.assessment, by=row.person, what=row.what, at=at)
        Reading.objects.filter(pk__in=[row.pk for row in rows]).update(in_log=True)
    return len(rows)
