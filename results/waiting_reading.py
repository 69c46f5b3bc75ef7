"""What of a published result waits on the page of one's own work.

Own cards that are due, a follow-up to submit, for the head a plan to approve, for the coordinator cards whose person
has left, a shared text that a correction took out of the result, and a report of stage 2.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages.duties import due_of
from assessments.pages.summary import Task
from assessments.rules import is_coordinator
from pmqa.accounts.models import Membership, User
from results.application_report.waiting_reading import COLUMNS, report_task
from results.improvement.models import Card, FollowUp, Plan
from results.improvement.months import OPEN_MONTHS, ROUNDS, after_months, rounds_of
from results.improvement.names import name_of
from results.improvement.reading import finished_by
from results.library.models import LibraryEntry
from results.library.reading import gone_task
from results.models import ResultSheet

# A card stands there from so many days before it is due; a follow-up that nobody sent leaves after so many months.
AHEAD = timedelta(days=30)
LEAVES_AFTER_MONTHS = 2


def waiting_tasks(assessments: Sequence[Assessment], user: User) -> dict[int, list[Task]]:
    """By key of the assessment; at most two queries."""
    tasks: dict[int, list[Task]] = {}
    for assessment, task in (*_of_results(assessments, user), *_cards(assessments, user)):
        tasks.setdefault(assessment, []).append(task)
    return tasks


def _cards(assessments: Sequence[Assessment], user: User):
    due = Card.objects.filter(
        plan__assessment__in=assessments,
        owner=user,
        is_dropped=False,
        state__in=Card.OPEN,
        due_on__lte=timezone.localdate() + AHEAD,
    )
    for card in due.select_related("plan").order_by("due_on", "pk"):
        url = reverse("results:plan_card", args=[card.plan.assessment_id, card.pk])
        title = _("แผนพัฒนา: %(card)s") % {"card": name_of(card)}
        yield (
            card.plan.assessment_id,
            Task(title, url, card.get_state_display(), "arrow-repeat", finished_by(card.due_on)),
        )


def _of_results(assessments: Sequence[Assessment], user: User):
    cases = {row.pk: row for row in assessments}
    mine = {row.pk for row in assessments if user.has_perm("results.submit_follow_up", row)}
    heads = {row.pk for row in assessments if user.has_perm("results.approve_plan", row)}
    coordinated = {row.pk for row in assessments if is_coordinator(user, row)}
    today = timezone.localdate()
    sent = FollowUp.objects.filter(plan__assessment=OuterRef("assessment"), submitted_at__isnull=False)
    unread = _unread_plans(today).filter(assessment=OuterRef("assessment"))
    published = ResultSheet.objects.filter(assessment__in=cases, revision=1).annotate(
        sent_6=Exists(sent.filter(months=6)),
        sent_12=Exists(sent.filter(months=12)),
        has_gone=Exists(LibraryEntry.objects.gone().filter(assessment=OuterRef("assessment"))),
        is_unread=Exists(unread),
        was_approved=Exists(unread.filter(approved_number__isnull=False)),
        is_left=Exists(_left_cards(today).filter(plan__assessment=OuterRef("assessment"))),
        **COLUMNS,
    )
    for row in published.values(
        "assessment", "created_at", "sent_6", "sent_12", "has_gone", "is_unread", "was_approved", "is_left", *COLUMNS
    ):  # fmt: skip
        pk = row["assessment"]
        if task := report_task(row, cases[pk], user, today):
            yield pk, task
        if pk not in mine:
            continue
        if row["is_unread"] and pk in heads:
            state = _("แก้หลังอนุมัติ") if row["was_approved"] else _("ยังไม่อนุมัติ")
            url = reverse("results:plan", args=[pk])
            yield pk, Task(_("อนุมัติแผนพัฒนาองค์การ"), url, state, "pen", None)
        if row["is_left"] and pk in coordinated:
            url = f"{reverse('results:plan', args=[pk])}?owner=left#cards"
            yield pk, Task(_("เลือกผู้รับผิดชอบใหม่ในแผนพัฒนา"), url, _("พ้นจากหน่วยงานแล้ว"), "person-circle", None)
        if row["has_gone"]:
            yield pk, gone_task(pk)
        for around in rounds_of(row["created_at"]):
            is_over = today > after_months(around.due_on, LEAVES_AFTER_MONTHS)
            if around.is_open(today) and not is_over and not row[f"sent_{around.months}"]:
                url = reverse("results:follow_up", args=[pk, around.months])
                title = _("รายงานความคืบหน้าแผนพัฒนา %(n)d เดือน") % {"n": around.months}
                yield pk, Task(title, url, "", "clock-history", due_of(around.due_on))


def _oldest(today: date) -> date:
    """A plan that was published before this day is followed up no more."""
    return after_months(today, -max(ROUNDS) - OPEN_MONTHS - LEAVES_AFTER_MONTHS)


def _left_cards(today: date) -> QuerySet[Card]:
    """Cards that still want doing and whose person belongs to the agency no more, until they are followed up."""
    here = Membership.objects.current().filter(
        agency=OuterRef("plan__assessment__agency"), user=OuterRef("owner"), user__is_active=True
    )
    return Card.objects.filter(
        ~Exists(here),
        owner__isnull=False,
        is_dropped=False,
        state__in=Card.OPEN,
        plan__published_at__date__gte=_oldest(today),
    )


def _unread_plans(today: date) -> QuerySet[Plan]:
    """Plans in which something is planned and that the head has not read as they are, until they are followed up."""
    planned = Card.objects.filter(plan=OuterRef("pk"), is_dropped=False).exclude(
        measure="", state=Card.State.NOT_STARTED
    )
    waiting = Plan.objects.filter(Exists(planned), published_at__date__gte=_oldest(today))
    return waiting.exclude(approved_number=F("number"))
