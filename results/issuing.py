"""Issuing every report of a cycle whose result is final: one job, which goes on where it stopped."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from pmqa.jobs.services import Progress, enqueue
from results.publishing import publish

ISSUE_JOB = "issue_reports"


def _key(cycle: Cycle) -> str:
    return f"issue:{cycle.pk}"


def job_of(cycle: Cycle) -> Job | None:
    """The last order for this cycle."""
    return Job.objects.filter(kind=ISSUE_JOB, key=_key(cycle)).order_by("-pk").first()


def order(cycle: Cycle, *, by: User) -> Job:
    """Ask for the reports of everything final; an order that is under way is the same order.

    Raises PermissionDenied, or Refused with code "none".
    """
    if not by.has_perm("results.publish"):
        raise PermissionDenied(_("ผู้ประกาศผลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if not Assessment.objects.filter(cycle=cycle, status=Status.FINALISED).exists():
        raise Refused(_("ยังไม่มีเรื่องที่ผลเป็นที่สุด จึงไม่มีรายงานให้ออก"), code="none")
    return enqueue(ISSUE_JOB, key=_key(cycle), by=by, cycle=cycle.pk, person=by.pk)


def issue_all(args: dict[str, Any], progress: Progress) -> None:
    """The work of the job: what was issued before it was interrupted is not final any more, and not done again.

    A case that may not be published keeps the others from nothing; the job ends with its name.
    """
    person = User.objects.get(pk=args["person"])
    cases = list(
        Assessment.objects.filter(cycle=args["cycle"], status=Status.FINALISED)
        .with_places()
        .order_by("agency__code")
    )
    held = []
    for done, assessment in enumerate(cases):
        progress(done, len(cases))
        try:
            publish(assessment, by=person)
        except Refused as refused:
            held.append(f"{assessment.agency.code}: {refused.message}")
    progress(len(cases), len(cases))
    if held:
        raise Refused(" · ".join(held), code="held")
