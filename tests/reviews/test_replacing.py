from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Status
from pmqa.accounts.models import LogEntry, Membership, User
from pmqa.errors import Refused
from reviews import rules
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import assigning, marking, replacing
from reviews.team_models import Declaration, Departure
from tests import factories
from tests.reviews import cases


@pytest.fixture
def unopened(agency, cycle, team, lead, administrator):
    """In review, nobody has declared anything yet."""
    case = cases.submitted_case(agency=agency, cycle=cycle)
    assigning.assign(case, reviewers=team, lead=lead, lead_marks=False, by=administrator)
    assigning.open_review(case, by=administrator)
    return cases.reloaded(case)


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def declare(case, person, kind="kin", words="คู่สมรสเป็นผู้อำนวยการกอง (สมมติ)"):
    replacing.declare_conflict(case, kind=kind, words=words, by=person)


def active(case, person) -> set[str]:
    rows = Assignment.objects.active().filter(assessment=case, reviewer=person, marks=True)
    return set(rows.values_list("category__code", flat=True))


# --- declaring ---------------------------------------------------------------------------------


def test_a_conflict_recuses_at_once_and_is_told_to_opdc_alone(unopened, team):
    declare(unopened, team[0])
    assert not Assignment.objects.active_for(team[0]).exists()
    said = Declaration.objects.get()
    assert (said.has_conflict, said.kind) == (True, "kin")
    left = Departure.objects.get()
    assert (left.kind, left.is_awaited, left.categories) == ("conflict", True, list("1234567"))
    entry = LogEntry.objects.get(action="review.conflict_declared")
    # Neither the agency's own log nor any log tells what it is.
    assert (entry.agency, entry.data) == (None, {"kind": "kin"})
    declare(unopened, team[0])
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "words", "code"), [("", "ญาติ", "kind"), ("x", "ญาติ", "kind"), ("kin", " ", "words")]
)
def test_a_conflict_says_of_which_kind_and_in_words(unopened, team, kind, words, code):
    with pytest.raises(Refused) as refused:
        declare(unopened, team[0], kind, words)
    assert refused.value.code == code
    assert active(unopened, team[0])


def test_no_conflict_is_stored_with_the_opening(unopened, team):
    marking.open_case(unopened, by=team[0])
    marking.open_case(unopened, by=team[0])
    assert list(Declaration.objects.values_list("reviewer", "has_conflict")) == [(team[0].pk, False)]
    with pytest.raises(Refused) as refused:
        declare(unopened, team[0])
    assert refused.value.code == "opened"


def test_nobody_declares_for_a_case_of_others(unopened):
    with pytest.raises(PermissionDenied):
        declare(unopened, factories.make_user())


def test_who_declared_a_conflict_is_not_assigned_to_this_agency_again_for_three_years(
    unopened, team, lead, administrator
):
    declare(unopened, team[0])
    again = cases.submitted_case(agency=unopened.agency, cycle=factories.make_cycle(year=2571, name="รอบหน้า"))

    def assign():
        assigning.assign(again, reviewers=team, lead=lead, lead_marks=False, by=administrator)

    with pytest.raises(Refused) as refused:
        assign()
    assert "ข้อ 1" in str(refused.value)
    Declaration.objects.update(declared_at=timezone.now() - timedelta(days=366 * 3 + 2))
    assign()


def test_a_lead_decides_nothing_before_declaring(unopened, team, lead):
    for person in team:
        marking.open_case(unopened, by=person)
        cases.mark_everything(unopened, by=person)
        marking.hand_in(unopened, by=person)
    case = cases.reloaded(unopened)
    assert case.status == Status.CONSENSUS
    assert not fresh(lead).has_perm("reviews.lead", case)
    assert not fresh(lead).has_perm("reviews.read_consensus", case)
    marking.open_case(case, by=lead)
    assert fresh(lead).has_perm("reviews.lead", case)


# --- the ministry, at each action -----------------------------------------------------------------


@pytest.mark.parametrize(("days_ago", "is_tied"), [(0, True), (365 * 2, True), (366 * 3 + 1, False)])
def test_v4_a_tie_that_comes_later_stops_every_action_for_three_years(unopened, team, days_ago, is_tied):
    person = team[0]
    marking.open_case(unopened, by=person)
    sister = factories.make_agency(ministry=unopened.agency.ministry)
    ended = timezone.localdate() - timedelta(days=days_ago)
    Membership.objects.create(user=person, agency=sister, role="viewer", ends_on=ended)
    person = fresh(person)
    assert person.has_perm("reviews.read", unopened) != is_tied
    answer = factories.answer_of(unopened, "1.1.1.1")
    if is_tied:
        with pytest.raises(PermissionDenied):
            cases.mark(answer, by=person)
        with pytest.raises(PermissionDenied):
            marking.hand_in(unopened, by=person)
    else:
        cases.mark(answer, by=person)


@pytest.mark.parametrize("days_ago", [None, 0, 365 * 2, 366 * 3 + 1])
@pytest.mark.parametrize("whose", ["own", "sister", "foreign"])
def test_one_case_and_many_are_checked_by_the_same_rule(db, whose, days_ago):
    agency = factories.make_agency()
    home = {
        "own": agency,
        "sister": factories.make_agency(ministry=agency.ministry),
        "foreign": factories.make_agency(),
    }[whose]
    person = factories.make_user()
    ended = None if days_ago is None else timezone.localdate() - timedelta(days=days_ago)
    Membership.objects.create(user=person, agency=home, role="viewer", ends_on=ended)
    of_many = rules.ties([person.pk], [agency]).get((person.pk, agency.pk), "")
    of_one = User.objects.annotate(tie=rules.tie_to(agency)).get(pk=person.pk).tie
    of_himself = rules.is_tied(fresh(person), agency)
    recent = days_ago is None or days_ago < 366 * 3
    expected = {"own": rules.AGENCY, "sister": rules.MINISTRY, "foreign": ""}[whose] if recent else ""
    assert (of_many, of_one, of_himself) == (expected, expected, bool(expected))


# --- stepping aside and replacing --------------------------------------------------------------------


def test_stepping_aside_needs_a_reason(team, lead):
    case = cases.open_case(*team, lead=lead)
    with pytest.raises(Refused) as refused:
        replacing.recuse(case, reviewer=team[0], reason=" ", by=team[0])
    assert refused.value.code == "reason"
    replacing.recuse(case, reviewer=team[0], reason="ภารกิจเร่งด่วน", by=team[0])
    assert Departure.objects.get().reason == "ภารกิจเร่งด่วน"


def test_the_case_waits_for_a_replacement_who_marks_afresh(team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    first, second = team
    for person in team:
        cases.mark_everything(case, by=person)
    disputed = factories.answer_of(case, "1.1.1.1")
    mine = Verdict.objects.filter(answer=disputed, assignment__reviewer=second)
    mine.update(outcome="fail", comment="ยังไม่ครบ")
    marking.hand_in(case, by=first)
    replacing.recuse(case, reviewer=second, reason="ลาป่วย", by=second)
    assert cases.status_of(case) == Status.IN_REVIEW
    third = factories.make_user()
    replacing.replace(case, reviewer=second, successor=third, by=administrator)
    replacing.replace(case, reviewer=second, successor=third, by=administrator)
    assert Departure.objects.get().successor == third
    assert active(case, third) == set("1234567")
    assert not Verdict.objects.filter(assignment__reviewer=third).exists()
    marking.open_case(case, by=third)
    cases.mark_everything(case, by=third)
    marking.hand_in(case, by=third)
    assert cases.status_of(case) == Status.CONSENSUS
    # What was set aside is kept, and counts nowhere.
    assert mine.get().outcome == "fail"
    consensus = Consensus.objects.get(answer=disputed)
    assert (consensus.outcome, consensus.basis) == ("pass", "agreed")


def test_without_a_replacement_the_case_goes_on_when_that_is_said(team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    cases.mark_everything(case, by=team[0])
    replacing.recuse(case, reviewer=team[1], reason="ลาป่วย", by=team[1])
    marking.hand_in(case, by=team[0])
    assert cases.status_of(case) == Status.IN_REVIEW
    with pytest.raises(PermissionDenied):
        replacing.waive(case, reviewer=team[1], by=team[0])
    replacing.waive(case, reviewer=team[1], by=administrator)
    assert cases.status_of(case) == Status.CONSENSUS
    assert set(Consensus.objects.values_list("basis", flat=True)) == {"single"}


def test_the_administrator_replaces_somebody_who_is_still_there(team, lead, administrator, officer):
    case = cases.open_case(*team, lead=lead)
    third = factories.make_user()
    with pytest.raises(PermissionDenied):
        replacing.replace(case, reviewer=team[0], successor=third, by=officer)
    replacing.replace(case, reviewer=team[0], successor=third, reason="ย้ายงาน", by=administrator)
    assert (active(case, team[0]), active(case, third)) == (set(), set("1234567"))
    assert not Assignment.objects.filter(reviewer=third).exclude(opened_at=None).exists()


def test_a_successor_obeys_the_same_rules(team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    tied = factories.make_member(case.agency, "viewer")
    for successor, code in ((tied, "ministry"), (team[0], "same")):
        with pytest.raises(Refused) as refused:
            replacing.replace(case, reviewer=team[0], successor=successor, by=administrator)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        replacing.replace(case, reviewer=factories.make_user(), successor=team[0], by=administrator)
    assert refused.value.code == "gone"


def test_a_lead_is_replaced_with_the_lead(unopened, team, lead, administrator):
    declare(unopened, lead)
    replacing.replace(unopened, reviewer=lead, successor=team[0], by=administrator)
    rows = Assignment.objects.active().filter(reviewer=team[0])
    assert set(rows.values_list("marks", "is_lead")) == {(True, True)}


def test_who_comes_back_is_waited_for_no_longer(team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    replacing.recuse(case, reviewer=team[0], reason="ลาป่วย", by=team[0])
    assigning.assign(case, reviewers=team, lead=lead, lead_marks=False, by=administrator)
    assert not Departure.objects.filter(is_awaited=True).exists()


# --- categories of a reviewer ----------------------------------------------------------------------


@pytest.fixture
def divided(agency, cycle, team, lead, administrator):
    """The first marks categories 1 to 3, the second everything."""
    case = cases.submitted_case(agency=agency, cycle=cycle)
    categories = {team[0].pk: list("123")}
    assigning.assign(
        case, reviewers=team, lead=lead, lead_marks=False, categories=categories, by=administrator
    )
    assigning.open_review(case, by=administrator)
    for person in (*team, lead):
        marking.open_case(case, by=person)
    return cases.reloaded(case)


def pass_own(case, person) -> None:
    for category in active(case, person):
        rows = {row.category_id: row for row in Assignment.objects.filter(assessment=case, reviewer=person)}
        answers = case.answers.present().filter(part__item__topic__category__code=category)
        Verdict.objects.bulk_create(
            Verdict(
                answer=answer, assignment=rows[answer.part.item.topic.category_id], outcome="pass", version=1,
                judged_version=answer.version, updated_at=timezone.now(),
            )
            for answer in answers.select_related("part__item__topic")
        )  # fmt: skip


def test_a_reviewer_marks_the_categories_named_and_no_others(divided, team):
    assert (active(divided, team[0]), active(divided, team[1])) == (set("123"), set("1234567"))
    cases.mark(factories.answer_of(divided, "2.1.1.1"), by=team[0])
    with pytest.raises(PermissionDenied):
        cases.mark(factories.answer_of(divided, "4.1.1.1"), by=team[0])
    assert {gap.category for gap in marking.marking_gaps(divided, team[0])} == set("123")


def test_hand_in_and_consensus_ask_of_each_category_those_who_have_it(divided, team):
    pass_own(divided, team[0])
    marking.hand_in(divided, by=team[0])
    assert cases.status_of(divided) == Status.IN_REVIEW
    pass_own(divided, team[1])
    marking.hand_in(divided, by=team[1])
    assert cases.status_of(divided) == Status.CONSENSUS

    def basis(code: str) -> str:
        return Consensus.objects.get(answer=factories.answer_of(divided, code)).basis

    assert (basis("1.1.1.1"), basis("4.1.1.1")) == ("agreed", "single")


def test_the_division_outlives_saving_the_team_again(divided, team, lead, administrator):
    third = factories.make_user()
    assigning.assign(divided, reviewers=[*team, third], lead=lead, lead_marks=False, by=administrator)
    assert (active(divided, team[0]), active(divided, third)) == (set("123"), set("1234567"))


def test_a_category_that_is_added_opens_for_who_reads_already(divided, team, lead, administrator):
    assigning.assign(
        divided, reviewers=team, lead=lead, lead_marks=False,
        categories={team[0].pk: list("1234")}, by=administrator,
    )  # fmt: skip
    cases.mark(factories.answer_of(divided, "4.1.1.1"), by=team[0])


def test_no_category_is_taken_away_once_the_review_is_open(divided, team, lead, administrator):
    with pytest.raises(Refused) as refused:
        assigning.assign(
            divided, reviewers=team, lead=lead, lead_marks=False,
            categories={team[0].pk: list("12")}, by=administrator,
        )  # fmt: skip
    assert refused.value.code == "team"


def test_a_category_that_does_not_exist_is_refused(divided, team, lead, administrator):
    with pytest.raises(Refused) as refused:
        assigning.assign(
            divided,
            reviewers=team,
            lead=lead,
            lead_marks=False,
            categories={team[0].pk: ["9"]},
            by=administrator,
        )
    assert refused.value.code == "category"


def test_an_assignment_knows_how_much_there_is_to_read(divided, team):
    row = Assignment.objects.get(assessment=divided, reviewer=team[0], category__code="1")
    answers = divided.answers.present().filter(part__item__topic__category__code="1")
    assert row.parts == answers.count()
    assert row.words > row.parts
