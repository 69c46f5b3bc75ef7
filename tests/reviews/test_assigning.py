from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Status
from pmqa.accounts.models import LogEntry, Membership
from pmqa.errors import Refused
from reviews.models import Assignment
from reviews.services import assigning, marking, replacing
from tests import factories
from tests.reviews import cases


@pytest.fixture
def case(agency, cycle):
    return cases.submitted_case(agency=agency, cycle=cycle)


def assign(case, team, lead, administrator, **extra):
    assigning.assign(
        case, **({"reviewers": team, "lead": lead, "lead_marks": False, "by": administrator} | extra)
    )


def active(case) -> set[tuple[int, str, bool, bool]]:
    rows = Assignment.objects.active().filter(assessment=case)
    return set(rows.values_list("reviewer_id", "category__code", "marks", "is_lead"))


def test_everybody_gets_every_category_and_the_lead_is_marked_as_such(case, team, lead, administrator):
    assign(case, team, lead, administrator)
    expected = {(person.pk, code, True, False) for person in team for code in "1234567"}
    assert active(case) == expected | {(lead.pk, code, False, True) for code in "1234567"}


def test_the_same_team_again_changes_nothing_and_is_not_logged(case, team, lead, administrator):
    assign(case, team, lead, administrator)
    before = list(Assignment.objects.values())
    assign(case, team, lead, administrator)
    assert list(Assignment.objects.values()) == before
    entry = LogEntry.objects.get(action="review.assigned")
    assert entry.data["lead"] == lead.pk
    # The agency's own log must not name its reviewers.
    assert entry.agency is None


def test_who_is_left_out_is_withdrawn_and_comes_back_with_the_same_row(case, team, lead, administrator):
    assign(case, team, lead, administrator)
    first, second = team
    assign(case, [first], lead, administrator)
    assert {person for person, *_rest in active(case)} == {first.pk, lead.pk}
    assert Assignment.objects.filter(reviewer=second).exclude(recused_at=None).count() == 7
    assign(case, team, lead, administrator)
    assert Assignment.objects.filter(reviewer=second, recused_at=None).count() == 7
    assert Assignment.objects.filter(assessment=case).count() == 21


def test_a_lead_who_marks_counts_as_a_reviewer(case, lead, administrator):
    assign(case, [], lead, administrator, lead_marks=True)
    assert active(case) == {(lead.pk, code, True, True) for code in "1234567"}


def test_nobody_to_mark_is_refused(case, lead, administrator):
    with pytest.raises(Refused) as refused:
        assign(case, [], lead, administrator)
    assert refused.value.code == "team"


@pytest.mark.parametrize("days_ago", [None, 0, 365 * 2])
def test_a_member_of_the_same_ministry_is_refused_now_and_for_three_years(
    case, team, lead, administrator, days_ago
):
    ends_on = None if days_ago is None else timezone.localdate() - timedelta(days=days_ago)
    sister = factories.make_agency(ministry=case.agency.ministry)
    Membership.objects.create(user=team[0], agency=sister, role="viewer", ends_on=ends_on)
    with pytest.raises(Refused) as refused:
        assign(case, team, lead, administrator)
    assert refused.value.code == "ministry"
    assert "ข้อ 1" in str(refused.value)
    assert not Assignment.objects.exists()


def test_long_ago_or_in_another_ministry_is_no_tie(case, team, lead, administrator):
    sister = factories.make_agency(ministry=case.agency.ministry)
    long_ago = timezone.localdate() - timedelta(days=366 * 3 + 1)
    Membership.objects.create(user=team[0], agency=sister, role="viewer", ends_on=long_ago)
    Membership.objects.create(user=team[1], agency=factories.make_agency(), role="coordinator")
    assign(case, team, lead, administrator)
    assert len(active(case)) == 21


def test_a_closed_account_is_refused(case, team, lead, administrator):
    lead.is_active = False
    lead.save()
    with pytest.raises(Refused) as refused:
        assign(case, team, lead, administrator)
    assert refused.value.code == "inactive"


def test_a_draft_takes_no_reviewers(assessment, team, lead, administrator):
    with pytest.raises(Refused) as refused:
        assign(assessment, team, lead, administrator)
    assert refused.value.code == "status"


def test_only_the_administrator_assigns_and_opens(case, team, lead, administrator, officer):
    with pytest.raises(PermissionDenied):
        assign(case, team, lead, officer)
    assign(case, team, lead, administrator)
    with pytest.raises(PermissionDenied):
        assigning.open_review(case, by=officer)


def test_during_the_review_people_are_added_and_nobody_is_dropped(case, team, lead, administrator):
    assign(case, team, lead, administrator)
    assigning.open_review(case, by=administrator)
    with pytest.raises(Refused) as refused:
        assign(case, team[:1], lead, administrator)
    assert refused.value.code == "team"
    with pytest.raises(Refused) as refused:
        assign(case, [*team, lead], factories.make_user(), administrator)
    assert refused.value.code == "lead"
    third = factories.make_user()
    assign(case, [*team, third], lead, administrator)
    assert Assignment.objects.active().filter(reviewer=third).count() == 7


def test_a_review_opens_with_every_category_covered_and_one_lead(case, team, lead, administrator):
    with pytest.raises(Refused) as refused:
        assigning.open_review(case, by=administrator)
    assert refused.value.code == "uncovered"
    assign(case, team, lead, administrator)
    Assignment.objects.filter(category__code="4").update(marks=False, is_lead=True)
    with pytest.raises(Refused) as refused:
        assigning.open_review(case, by=administrator)
    assert (refused.value.code, "หมวด 4 " in str(refused.value)) == ("uncovered", True)
    Assignment.objects.filter(category__code="4").update(marks=True)
    with pytest.raises(Refused) as refused:
        assigning.open_review(case, by=administrator)
    assert (refused.value.code, "3 คน" in str(refused.value)) == ("lead", True)
    Assignment.objects.filter(reviewer__in=team).update(is_lead=False)
    assert assigning.open_review(case, by=administrator).status == Status.IN_REVIEW


def test_a_tie_found_between_assigning_and_opening_stops_the_opening(case, team, lead, administrator):
    assign(case, team, lead, administrator)
    Membership.objects.create(user=lead, agency=case.agency, role="viewer")
    with pytest.raises(Refused) as refused:
        assigning.open_review(case, by=administrator)
    assert refused.value.code == "ministry"


def test_reviewers_see_nothing_before_the_review_is_open(case, team, lead, administrator):
    assign(case, team, lead, administrator)
    assert not Assignment.objects.active_for(team[0]).exists()
    assert not team[0].has_perm("reviews.read", case)


def test_a_case_goes_back_with_a_reason_until_a_reviewer_has_opened_it(
    case, team, lead, administrator, officer
):
    assign(case, team, lead, administrator)
    assigning.open_review(case, by=administrator)
    with pytest.raises(Refused) as refused:
        assigning.send_back(case, "  ", by=officer)
    assert refused.value.code == "note"
    with pytest.raises(PermissionDenied):
        assigning.send_back(case, "ขาดหมวด 3", by=team[0])
    assert assigning.send_back(case, "ขาดหมวด 3", by=officer).status == Status.RETURNED
    assert case.changes.first().note == "ขาดหมวด 3"


def test_what_a_reviewer_has_opened_is_not_sent_back(team, lead, officer):
    case = cases.open_case(*team, lead=lead)
    with pytest.raises(Refused) as refused:
        assigning.send_back(case, "ขาดหมวด 3", by=officer)
    assert refused.value.code == "opened"
    assert cases.status_of(case) == Status.IN_REVIEW


def test_a_reviewer_steps_aside_and_the_verdicts_stay(team, lead):
    case = cases.open_case(*team, lead=lead)
    cases.mark(factories.answer_of(case, "1.1.1.1"), by=team[0])
    replacing.recuse(case, reviewer=team[0], reason="ภารกิจเร่งด่วน", by=team[0])
    assert marking.Verdict.objects.count() == 1
    assert not Assignment.objects.active_for(team[0]).exists()
    with pytest.raises(Refused) as refused:
        cases.mark(factories.answer_of(case, "1.1.2.1"), by=team[0])
    assert "ถอนตัว" in str(refused.value)


def test_nobody_withdraws_another_reviewer_but_the_administrator(team, lead, officer, administrator):
    case = cases.open_case(*team, lead=lead)
    for person in (team[1], lead, officer):
        with pytest.raises(PermissionDenied):
            replacing.recuse(case, reviewer=team[0], by=person)
    replacing.recuse(case, reviewer=team[0], by=administrator)
    assert LogEntry.objects.get(action="review.recused").data == {"reviewer": team[0].pk}


def test_the_withdrawal_of_the_last_one_awaited_moves_the_case_on(team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    cases.mark_everything(case, by=team[0])
    marking.hand_in(case, by=team[0])
    assert cases.status_of(case) == Status.IN_REVIEW
    replacing.recuse(case, reviewer=team[1], by=administrator)
    assert cases.status_of(case) == Status.CONSENSUS


def test_a_case_without_reviewers_left_does_not_move_on(team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    for person in team:
        replacing.recuse(case, reviewer=person, by=administrator)
    assert cases.status_of(case) == Status.IN_REVIEW
