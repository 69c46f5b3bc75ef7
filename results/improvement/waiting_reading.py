"""What of a published result waits on the page of one's own work: own cards that are due, a follow-up to submit, for the
head a plan to approve, and a shared text that a correction took out of the result."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages.duties import due_of
from assessments.pages.summary import Task
from pmqa.accounts.models import User
from results.improvement.models import Card, FollowUp, Plan
from results.improvement.months import OPEN_MONTHS, ROUNDS, after_months, rounds_of
from results.improvement.reading import finished_by
from results.library.models import LibraryEntry
from results.library.reading import gone_task
from results.models import ResultSheet

# A card stands there from so many days before it is due; a follow-up that nobody sent leaves after so many months.
AHEAD = timedelta(days=30)
LEAVES_AFTER_MONTHS = 2


def waiting_tasks(assessments: Sequence[Assessment], user: User) -> dict[int, list[Task]]:
    """By key of the assessment; at most three queries."""
    tasks: dict[int, list[Task]] = {}
    found = (*_approvals(assessments, user), *_follow_ups(assessments, user), *_cards(assessments, user))
    for assessment, task in found:
        tasks.setdefault(assessment, []).append(task)
    return tasks


def _cards(assessments: Sequence[Assessment], user: User):
    due = Card.objects.filter(
        plan__assessment__in=assessments,
        owner=user,
        is_dropped=False,
        state__in=(Card.State.NOT_STARTED, Card.State.UNDER_WAY),
        due_on__lte=timezone.localdate() + AHEAD,
    )
    for card in due.select_related("plan").order_by("due_on", "pk"):
        url = reverse("results:plan_card", args=[card.plan.assessment_id, card.pk])
        title = _("แผนพัฒนา: %(card)s") % {"card": card}
        yield (
            card.plan.assessment_id,
            Task(title, url, card.get_state_display(), "arrow-repeat", finished_by(card.due_on)),
        )


def _approvals(assessments: Sequence[Assessment], user: User):
    """Plans in which something is planned and that the head has not read as they are, until they are followed up."""
    mine = [row.pk for row in assessments if user.has_perm("results.approve_plan", row)]
    if not mine:
        return
    oldest = after_months(timezone.localdate(), -max(ROUNDS) - OPEN_MONTHS - LEAVES_AFTER_MONTHS)
    planned = Card.objects.filter(plan=OuterRef("pk"), is_dropped=False).exclude(
        measure="", state=Card.State.NOT_STARTED
    )
    waiting = Plan.objects.filter(Exists(planned), assessment__in=mine, published_at__date__gte=oldest)
    for plan in waiting.exclude(approved_number=F("number")):
        state = _("แก้หลังอนุมัติ") if plan.is_approved else _("ยังไม่อนุมัติ")
        url = reverse("results:plan", args=[plan.assessment_id])
        yield plan.assessment_id, Task(_("อนุมัติแผนพัฒนาองค์การ"), url, state, "pen", None)


def _follow_ups(assessments: Sequence[Assessment], user: User):
    mine = [row.pk for row in assessments if user.has_perm("results.submit_follow_up", row)]
    if not mine:
        return
    today = timezone.localdate()
    sent = FollowUp.objects.filter(plan__assessment=OuterRef("assessment"), submitted_at__isnull=False)
    published = ResultSheet.objects.filter(assessment__in=mine, revision=1).annotate(
        sent_6=Exists(sent.filter(months=6)),
        sent_12=Exists(sent.filter(months=12)),
        has_gone=Exists(LibraryEntry.objects.gone().filter(assessment=OuterRef("assessment"))),
    )
    for row in published.values("assessment", "created_at", "sent_6", "sent_12", "has_gone"):
        if row["has_gone"]:
            yield row["assessment"], gone_task(row["assessment"])
        for around in rounds_of(row["created_at"]):
            is_over = today > after_months(around.due_on, LEAVES_AFTER_MONTHS)
            if around.is_open(today) and not is_over and not row[f"sent_{around.months}"]:
                url = reverse("results:follow_up", args=[row["assessment"], around.months])
                title = _("รายงานความคืบหน้าแผนพัฒนา %(n)d เดือน") % {"n": around.months}
                yield row["assessment"], Task(title, url, "", "clock-history", due_of(around.due_on))
