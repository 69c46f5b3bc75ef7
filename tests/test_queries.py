"""At most twelve queries for a page, whatever the size of the data; twenty for the dashboard of everything."""

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from assessments.models import (
    AnswerRevision,
    Assessment,
    Citation,
    Evidence,
    EvidenceVersion,
    Extension,
    PartNote,
    Print,
    Proposal,
    Status,
    StatusChange,
    Submission,
)
from pmqa.accounts.models import Agency, LogEntry, Membership, User
from pmqa.jobs.models import Job
from results.dashboard import summaries
from results.models import Report, ResultSheet
from reviews.models import Assignment
from tests import cases, routes
from tests.cases import World, visit
from tests.test_permissions import ADMIN_MODELS, ROWS
from tests.walk import Seen, walk

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]

CEILING = 12
# Divides a whole nation in ten ways and the season besides.
CEILINGS = {"results:dashboard": 20}
MANY = 60


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker) -> tuple[Seen, ...]:
    return walk(django_db_blocker)


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker) -> World:
    with cases.kept(
        django_db_blocker, ("drafting", "internal_check", "in_review", "consensus", "report_issued")
    ) as built:
        fill(built)
        yield built


def ceiling(route: str) -> int:
    return CEILINGS.get(route, CEILING)


def over(pages) -> list[str]:
    return [f"{page.queries} queries: {page}" for page in pages if page.queries > ceiling(page.route)]


def test_no_page_needs_more_than_its_ceiling(seen):
    assert not over(seen), "\n".join(over(seen))


# --- many of everything -----------------------------------------------------------------------


def fill(world: World) -> None:
    """Sixty other agencies with a case in the review, sixty published ones; years, people and history of one's own."""
    ministry, now = world.agency.ministry, timezone.now()
    cycle = world.cases["drafting"].cycle
    agencies = Agency.objects.bulk_create(
        Agency(code=f"C-{n:03d}", name=f"กรมสมมติลำดับ {n}", ministry=ministry) for n in range(MANY)
    )
    people = User.objects.bulk_create(User(email=f"crowd{n}@test.example") for n in range(MANY))
    _others(world, agencies, cycle, now)
    _published(world, agencies, now)
    coordinator = world.people["coordinator"]
    Membership.objects.bulk_create(
        Membership(user=coordinator, agency=agency, role="coordinator") for agency in agencies[:20]
    )
    LogEntry.objects.bulk_create(
        LogEntry(action="review.opened", agency=agency, actor=people[0], digest=f"{agency.pk}")
        for agency in agencies
    )
    Job.objects.bulk_create(Job(kind="crowd", key=f"crowd{n}", status="done") for n in range(MANY))
    for case in world.cases.values():
        _history(case, people, now)


def _others(world: World, agencies, cycle, now) -> None:
    others = Assessment.objects.bulk_create(
        Assessment(cycle=cycle, agency=agency, status=Status.IN_REVIEW, submitted_at=now)
        for agency in agencies
    )
    categories = list(
        Assignment.objects.filter(
            assessment=world.cases["in_review"], reviewer=world.people["reviewer"]
        ).values_list("category_id", flat=True)
    )
    Assignment.objects.bulk_create(
        Assignment(assessment=other, category_id=category, reviewer=person, opened_at=now)
        for other in others
        for category in categories
        for person in (world.people["reviewer"], world.people["lead"])
    )


def _published(world: World, agencies, now) -> None:
    sheet = world.cases["report_issued"].sheets.get()
    issued = Assessment.objects.bulk_create(
        Assessment(cycle=sheet.assessment.cycle, agency=agency, status=Status.REPORT_ISSUED)
        for agency in agencies
    )
    sheets = ResultSheet.objects.bulk_create(
        ResultSheet(
            assessment=case, revision=1, policy_name=sheet.policy_name, policy_version=1, claimed_total=300,
            verified_total=250, payload=sheet.payload, digest=sheet.digest, created_at=now,
        )
        for case in issued
    )  # fmt: skip
    summaries.write(sheets, apps)
    Report.objects.bulk_create(Report(sheet=made, kind="feedback") for made in sheets)


def _history(case: Assessment, people: list[User], now) -> None:
    """Twenty returns and submissions, ten more reviewers, a page of history for every answer."""
    last = case.submissions.first()
    content = last.content if last else {}
    number = last.number if last else 0
    StatusChange.objects.bulk_create(
        StatusChange(assessment=case, from_status="drafting", to_status="submitted", actor=person, at=now)
        for person in people[:20]
    )
    answer = case.answers.first()
    PartNote.objects.bulk_create(
        PartNote(
            answer=answer, text=f"บันทึกที่ {n}", written_by=people[n], written_by_name="สมมติ", written_at=now
        )
        for n in range(20)
    )
    Proposal.objects.bulk_create(
        Proposal(assessment=case, content={}, proposed_by=people[n], proposed_by_name="สมมติ", proposed_at=now)
        for n in range(5)
    )
    Extension.objects.bulk_create(
        Extension(
            assessment=case, reason="น้ำท่วม", proposed_by=people[n], proposed_by_name="สมมติ", proposed_at=now,
            state=Extension.State.CONFIRMED, settled_by=people[n + 1], settled_by_name="สมมติ", settled_at=now,
        )
        for n in range(30)
    )  # fmt: skip
    if last:
        Submission.objects.bulk_create(
            Submission(
                assessment=case, number=number + n, submitted_at=now, submitted_by=people[n], content=content,
                submitted_by_name="สมมติ", digest=last.digest,
            )
            for n in range(1, 11)
        )  # fmt: skip
        mine = Assignment.objects.active().filter(assessment=case, marks=True).exclude(handed_in_at=None)
        categories = {row.category_id for row in mine}
        Assignment.objects.bulk_create(
            Assignment(
                assessment=case, category_id=category, reviewer=person, opened_at=now, handed_in_at=now
            )
            for category in categories
            for person in people[:10]
        )
    of = {"assessment": case, "form": "form3", "ordered_at": now, "content": {}}
    Print.objects.bulk_create(Print(category=f"{n}", digest=f"{n}", **of) for n in range(20))
    _evidence(case, now)
    AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=answer, version=version, content={}, saved_at=now)
        for answer in case.answers.all()
        for version in range(100, 103)
    )


def _evidence(case: Assessment, now) -> None:
    """Sixty more entries in the register, each cited by three answers, with three versions."""
    answers = list(case.answers.all()[:3])
    entries = Evidence.objects.bulk_create(
        Evidence(assessment=case, number=number, kind="link", title=f"หลักฐานลำดับ {number}", added_at=now)
        for number in range(100, 100 + MANY)
    )
    EvidenceVersion.objects.bulk_create(
        EvidenceVersion(
            evidence=entry, number=number, is_latest=number == 3, url="https://example.org/", uploaded_at=now
        )
        for entry in entries
        for number in (1, 2, 3)
    )
    Citation.objects.bulk_create(
        Citation(evidence=entry, answer=answer, cited_at=now) for entry in entries for answer in answers
    )


@pytest.mark.parametrize("role", ["coordinator", "reviewer", "lead", "officer", "administrator", "auditor"])
def test_many_rows_need_no_more_queries(crowd, role):
    cases.print_report()
    found = []
    for row in ROWS:
        if row.method != "GET":
            continue
        for state, case in crowd.cases.items():
            if row.expected(role, state) != "+":
                continue
            with transaction.atomic():
                result = visit(crowd.client(role), "GET", routes.address(crowd, row.route, case))
            if result.queries > ceiling(row.route):
                found.append(f"{result.queries} queries: {row.route} {state} as {role}")
            if not routes.is_of_a_case(row.route):
                break
    assert not found, "\n".join(found)


def test_a_mark_is_saved_in_six_queries_among_many(crowd):
    """Besides the two that find out who is signed in."""
    case = crowd.cases["in_review"]
    data = routes.posted(crowd, "reviews:mark", case)
    for version, outcome in ((1, "pass"), (1, "fail")):
        result = visit(
            crowd.client("reviewer"),
            "POST",
            routes.address(crowd, "reviews:mark", case),
            data | {"version": version, "outcome": outcome, "own_note": "บันทึกใหม่"},
            Accept="application/json",
        )
        assert (result.response.status_code, result.wrote) == (200, ("reviews_verdict",))
        assert result.queries <= 6 + 2


@pytest.mark.parametrize("query", ["", "?status=in_review", "?status=absent", "?page=2", "?q=กรม"])
def test_any_filter_of_the_cases_needs_no_more(crowd, query):
    result = visit(crowd.client("administrator"), "GET", f"/reviews/cases/{query}")
    assert result.response.status_code == 200
    assert result.queries <= CEILING


@pytest.mark.parametrize("label", ADMIN_MODELS)
def test_the_lists_of_the_administration_need_no_more(crowd, label):
    result = visit(crowd.client("administrator"), "GET", routes.admin_address(label, "changelist"))
    assert result.response.status_code == 200
    assert result.queries <= CEILING, result.queries
