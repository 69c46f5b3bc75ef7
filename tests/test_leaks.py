"""What few may see is on no page, in no file and in no mail of anybody else."""

import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.utils import timezone

from assessments.models import PRELIMINARY, Assessment, Status
from assessments.paper import printing
from pmqa.accounts.models import Appointment
from results.documents.feedback_report import render_html
from reviews.decided import SETTLED
from reviews.models import Assignment, Verdict
from reviews.services import tickets
from reviews.team_models import Declaration, Departure
from tests import cases, factories, routes
from tests.cases import LEFT_OUT, MACHINE_DRAFT, NOTES, OPINIONS, REASON, STATES, World, visit
from tests.test_permissions import AGENCY, ROWS, TEAM
from tests.walk import Seen, walk

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]

OPDC = {"officer", "administrator", "auditor"}
JUDGES = {*TEAM.split(), "auditor"}
DECIDED = (Status.CONSENSUS_DONE, *PRELIMINARY, Status.REPORT_ISSUED)


def _only(roles: set[str], *states: str) -> dict[str, set[str]]:
    return dict.fromkeys(states, roles)


# secret: state -> roles whose pages may hold it (sections 2 and 5, invariants 8 and 9 of the roles of the product)
MAY_SEE: dict[str, dict[str, set[str]]] = {
    **{
        secret: _only({role}, Status.IN_REVIEW) | _only(JUDGES, *SETTLED)
        for secrets in (NOTES, OPINIONS)
        for role, secret in secrets.items()
    },
    # A note to self is its writer's for ever; a strength is the team's once all marks are in.
    **{secret: _only({role}, Status.IN_REVIEW, *SETTLED) for role, secret in cases.OWN_NOTES.items()},
    **{
        secret: _only({role}, Status.IN_REVIEW) | _only(JUDGES, *SETTLED)
        for role, secret in cases.STRENGTHS.items()
    },
    # A personal phrase is its owner's; a team sees the others once its own marks are in.
    cases.OWN_PHRASE: _only({"reviewer"}, Status.IN_REVIEW, *SETTLED),
    cases.TEAM_PHRASE: _only(set(TEAM.split()), Status.IN_REVIEW, *SETTLED),
    REASON: _only(JUDGES, *DECIDED),
    MACHINE_DRAFT: _only(JUDGES, *SETTLED),
    LEFT_OUT: _only(JUDGES, *SETTLED),
    cases.AGENCY_DRAFT: _only({*AGENCY.split(), "auditor"}, Status.DRAFTING, Status.RETURNED),
    cases.REPORT_DRAFT: _only({*AGENCY.split(), "auditor"}, Status.REPORT_ISSUED),
    cases.AGENCY_NOTE: _only({*AGENCY.split(), "auditor"}, Status.INTERNAL_CHECK),
    # A request for a second look is between the agency, those who judged, and OPDC.
    cases.APPEAL: _only({*AGENCY.split(), *JUDGES, *OPDC}, Status.APPEAL_OPEN, Status.FINALISED),
    # A question is its asker's, the agency's and OPDC's; the team hears it with the answer, else when all marks are in.
    **dict.fromkeys(
        (cases.QUESTIONS["reviewer"], cases.ADDITION),
        _only({*AGENCY.split(), *JUDGES, *OPDC}, Status.IN_REVIEW, *SETTLED),
    ),
    cases.QUESTIONS["handed_in"]: _only({*AGENCY.split(), *OPDC, "handed_in"}, Status.IN_REVIEW)
    | _only({*AGENCY.split(), *JUDGES, *OPDC}, *SETTLED),
    # What the agency keeps to itself stays inside, in every state.
    **dict.fromkeys(
        (cases.AGENCY_HISTORY, cases.AGENCY_TALK, cases.AGENCY_ASK),
        _only({*AGENCY.split(), "auditor"}, *STATES),
    ),
    # What ties a reviewer to an agency is between them and OPDC.
    cases.CONFLICT: _only(OPDC, *STATES),
    # Whom to ask about the application is between the agency and OPDC.
    cases.CONTACT: _only({*AGENCY.split(), "auditor", "officer"}, *STATES),
    # The rest of the register was never handed in.
    cases.UNCITED: _only({*AGENCY.split(), "auditor"}, *STATES),
    # What an agency no longer shares.
    cases.TAKEN_BACK: _only({*AGENCY.split(), "administrator", "auditor"}, Status.REPORT_ISSUED),
    # Of more time agencies read what took effect, not what was proposed.
    cases.SECRET_PROPOSAL: _only({"administrator", "auditor"}, *STATES),
    # Who judges is known to OPDC and to the lead; reviewers know each other by number, agencies not at all.
    **{
        secret: _only({role, "lead", *OPDC}, *STATES)
        for role in cases.SECRET_PEOPLE
        for secret in (cases.secret_name(role), cases.secret_email(role))
    },
}


SECRETS = [
    *(f"{what}-of-{role}" for what in ("note", "comment") for role in NOTES),
    *(f"{what}-of-{role}" for what in ("own-note", "strength") for role in NOTES), "own-phrase", "team-phrase",
    "reason-of-lead", "draft-of-report", "left-out-of-report", "draft-of-agency", "draft-of-stage-two",
    "note-of-agency", "request-of-agency",
    "answered-question", "addition-of-agency", "open-question",
    "history-of-agency", "talk-of-agency", "note-to-writer", "conflict-of-reviewer", "contact-of-agency",
    "uncited-evidence", "taken-back", "proposal-of-more-time",
    *(f"{what}-of-{role}" for role in cases.SECRET_PEOPLE for what in ("name", "e-mail")),
]  # fmt: skip


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker) -> tuple[Seen, ...]:
    return walk(django_db_blocker)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with cases.kept(django_db_blocker, ("in_review", "report_issued")) as built:
        yield built


def may_see(secret: str, role: str, state: str) -> bool:
    """On a page that is of no one case whoever may see the secret somewhere may see it."""
    allowed = MAY_SEE[secret]
    return any(role in roles for where, roles in allowed.items() if where == state or not state)


@pytest.mark.parametrize("secret", MAY_SEE, ids=SECRETS)
def test_a_secret_is_on_no_page_of_anybody_else(secret, seen):
    found = [str(page) for page in seen if not may_see(secret, page.role, page.state) and secret in page.text]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("secret", MAY_SEE, ids=SECRETS)
def test_the_search_would_find_each_secret(secret, seen):
    """Without this the test above would also pass where a secret is stored nowhere."""
    assert any(secret in page.text for page in seen if may_see(secret, page.role, page.state))


def test_the_walk_came_to_every_page(seen):
    opened = {page.route for page in seen if page.status in (200, 302)}
    assert {row.route for row in ROWS if row.method == "GET"} <= opened


OUTSIDE = {"officer", "administrator", "auditor", "executive"}


# Who publishes and corrects sees totals alone, and who waits for an Application Report how far it is.
TOTALS = ("results:publish", "results:correct", "results:application_report")


def test_reading_from_outside_leaves_a_line_that_the_agency_sees(seen):
    """Whoever is not of the agency and does not judge it; the others leave none."""
    wrong = [
        f"{page} wrote {page.wrote}"
        for page in seen
        if page.state and page.status == 200 and page.route.startswith(("assessments:", "results:"))
        if page.route not in TOTALS
        if (page.role in OUTSIDE) != ("assessments_reading" in page.wrote)
    ]
    assert not wrong, "\n".join(wrong)
    assert any("assessments_reading" in page.wrote for page in seen)


def test_the_report_and_the_exports_hold_no_secret(world, seen):
    sheet = world.cases["report_issued"].sheets.first()
    exits = [render_html(sheet.payload, revision=1, digest=sheet.digest), str(sheet.payload)]
    exits += [
        printing.render_html(printing.paper_of(row)) for row in world.cases["report_issued"].prints.all()
    ]
    files = [page for page in seen if page.route in ("results:scores_csv", "results:result_json")]
    exits += [page.text for page in files if page.status == 200]
    assert len(exits) > 5
    for secret in MAY_SEE:
        assert not any(secret in text for text in exits), secret


def test_no_mail_holds_a_secret(seen):
    for message in mail.outbox:
        assert not any(secret in f"{message.subject}{message.body}" for secret in MAY_SEE)


# Every mail that the product sends, and what its subject may take: nothing.
MAILS = {
    "account/email/password_reset_key", "account/email/unknown_account", "assessments/email/role",
    "assessments/email/work", "results/email/corrected", "results/email/follow_up", "results/email/invited",
    "results/email/stage_two", "reviews/email/answered",
}  # fmt: skip


def test_no_subject_of_a_mail_takes_anything_from_a_case():
    subjects = sorted(settings.BASE_DIR.glob("templates/*/email/*_subject.txt"))
    named = {
        str(path.relative_to(settings.BASE_DIR / "templates")).removesuffix("_subject.txt")
        for path in subjects
    }
    assert named == MAILS
    assert not [path.name for path in subjects if "{{" in path.read_text(encoding="utf-8")]


def test_no_page_holds_a_password(seen, world):
    hashes = [person.password for person in world.people.values()]
    assert not [str(page) for page in seen if any(stored in page.text for stored in hashes)]


# --- before one's own hand-in ------------------------------------------------


def pages_of(world: World, role: str, case: Assessment, keys: list[str]) -> dict[str, bytes]:
    """Every page as sent, without the token that differs each time."""
    found = {}
    for key in keys:
        response = visit(world.client(role), "GET", routes.address(world, key, case)).response
        body = b"" if response.streaming else response.content
        found[key] = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)
    return found


def the_other_does_nothing(case: Assessment, other) -> None:
    mine = Assignment.objects.filter(assessment=case, reviewer=other)
    Verdict.objects.filter(assignment__in=mine).delete()
    mine.update(opened_at=None, handed_in_at=None)


def the_other_fails_everything(case: Assessment, other) -> None:
    mine = Assignment.objects.filter(assessment=case, reviewer=other)
    Verdict.objects.filter(assignment__in=mine).update(outcome="fail", comment="ไม่ผ่านทั้งหมด", version=7)


def the_other_steps_aside(case: Assessment, other) -> None:
    Assignment.objects.filter(assessment=case, reviewer=other).update(recused_at=case.cycle.opens_at)


def the_other_asks(case: Assessment, other) -> None:
    mine = Assignment.objects.filter(assessment=case, reviewer=other)
    mine.update(handed_in_at=None)
    tickets.ask(factories.answer_of(case, cases.FAILED), question="คำถามของอีกคนที่ยังรอ", by=other)


@pytest.fixture
def _one_moment():
    """Pages tell how much time is left; both looks are at the same moment."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def the_other_declares_a_conflict(case: Assessment, other) -> None:
    the_other_steps_aside(case, other)
    facts = {"assessment": case, "reviewer": other}
    Declaration.objects.create(**facts, has_conflict=True, kind="kin", words="ญาติสมมติ")
    Departure.objects.create(**facts, kind="conflict", reason="ญาติสมมติ", is_awaited=True)


BLIND = [row.route for row in ROWS if row.method == "GET"]


@pytest.mark.usefixtures("_one_moment")
@pytest.mark.parametrize(
    "act",
    [
        the_other_does_nothing,
        the_other_fails_everything,
        the_other_steps_aside,
        the_other_declares_a_conflict,
        the_other_asks,
    ],
)
def test_before_handing_in_every_page_is_the_same_whatever_the_other_did(world, act):
    case = world.cases["in_review"]
    with cases.undone():
        before = pages_of(world, "reviewer", case, BLIND)
        act(case, world.people["handed_in"])
        after = pages_of(world, "reviewer", case, BLIND)
    assert [key for key in BLIND if before[key] != after[key]] == []


@pytest.mark.usefixtures("_one_moment")
@pytest.mark.parametrize(
    ("office", "act"),
    [
        ("officer", the_other_does_nothing),
        ("officer", the_other_fails_everything),
        ("auditor", the_other_does_nothing),
        ("auditor", the_other_fails_everything),
        ("administrator", the_other_fails_everything),
        ("administrator", the_other_does_nothing),
    ],
)
def test_an_office_does_not_make_a_reviewer_see(world, act, office):
    """Two hats: who follows the cases and judges one of them follows that one without its progress."""
    case, keys = world.cases["in_review"], ["reviews:cases", "reviews:case", "reviews:loads"]
    with cases.undone():
        Appointment.objects.create(user=world.people["reviewer"], role=office)
        before = pages_of(world, "reviewer", case, keys)
        act(case, world.people["handed_in"])
        after = pages_of(world, "reviewer", case, keys)
    assert [key for key in keys if before[key] != after[key]] == []
