"""A second reviewer for a fifth of what one person marks alone: which, by whom, and what nobody may notice."""

from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Assessment, Status
from pmqa.errors import Refused
from reviews.models import Assignment
from reviews.proposing import Person
from reviews.sample_reading import Agreement, read_agreement, read_population
from reviews.sampling import Unit, draw, number_of
from reviews.services import assigning, marking, replacing, teams
from reviews.services.sampling import apply_sample, propose_sample
from reviews.services.teams import Faulty
from reviews.team_models import Batch, ReviewerProfile
from tests import factories
from tests.pages import timeless
from tests.reviews import cases

# --- the draw ------------------------------------------------------------------------------------


def unit(number, *, kept_out=(), agency=1, category="1"):
    return Unit(number, agency, category, f"2570/A-{number}/{category}", 10, 100, frozenset(kept_out))


PEOPLE = [Person(1), Person(2), Person(3)]


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 2**31))
def test_a_fifth_rounded_up_is_drawn_and_the_same_seed_draws_the_same(count, already, seed):
    units = [unit(number) for number in range(count)]
    sample = draw(units, PEOPLE, already=already, seed=seed)
    assert len(sample.drawn) == max(0, -(-(count + already) // 5) - already)
    assert not sample.missing
    again = draw(units[::-1], PEOPLE[::-1], already=already, seed=seed)
    assert [drawn.unit for drawn in again.drawn] == [drawn.unit for drawn in sample.drawn]
    loads = [sum(drawn.person == person.key for drawn in sample.drawn) for person in PEOPLE]
    assert max(loads) - min(loads) <= 1


def test_the_smallest_numbers_are_drawn_and_anybody_can_work_them_out():
    units = [unit(number) for number in range(10)]
    drawn = draw(units, PEOPLE, already=0, seed=7).drawn
    by_hand = sorted(units, key=lambda one: sha256(f"7/{one.name}".encode()).hexdigest())
    assert [one.unit for one in drawn] == by_hand[:2]
    assert drawn[0].number == number_of(by_hand[0].name, 7)


def test_the_next_one_takes_the_place_of_what_nobody_else_may_mark():
    units = [unit(number) for number in range(5)]
    first = draw(units, PEOPLE, already=0, seed=1).drawn[0].unit
    barred = [unit(number, kept_out=(1, 2, 3) if number == first.case else ()) for number in range(5)]
    sample = draw(barred, PEOPLE, already=0, seed=1)
    assert [one.unit.case for one in sample.passed_over] == [first.case]
    assert len(sample.drawn) == 1
    assert (
        draw(barred[:1] if first.case == 0 else [barred[first.case]], PEOPLE, already=0, seed=1).missing == 1
    )


def test_the_second_knows_the_category_and_may_judge_the_agency():
    people = [Person(1, barred=frozenset({1})), Person(2, frozenset({"3"})), Person(3, parts=500, words=900)]
    assert draw([unit(1)], people, already=0, seed=1).drawn[0].person == 3


# --- in a cycle -----------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db
SEED = 11


@pytest.fixture
def administrator(db):
    return factories.make_official("administrator")


@pytest.fixture
def second(db):
    person = factories.make_user()
    ReviewerProfile.objects.create(user=person)
    return person


@pytest.fixture
def alone(reviewer, lead, cycle):
    """In review, one reviewer for all seven categories."""
    return cases.open_case(reviewer, lead=lead, cycle=cycle)


def applied(cycle, by, seed=SEED):
    found = propose_sample(cycle, seed=seed, by=by)
    return apply_sample(cycle, seed=seed, shown=found.shown, seen=found.preview.seen, by=by)


def seconds(case, reviewer):
    return {
        row.category.code for row in Assignment.objects.active().filter(assessment=case, reviewer=reviewer)
    }


def test_the_drawn_get_a_second_reviewer_once(alone, second, cycle, administrator):
    batch = applied(cycle, administrator)
    drawn = {code for _case, code in batch.drawn}
    # Seven units, a fifth of them rounded up.
    assert len(drawn) == 2
    assert seconds(alone, second) == drawn
    population = read_population(cycle, administrator)
    assert [(entry.category, entry.batch) for entry in population.standing] == [
        (code, batch) for code in sorted(drawn)
    ]
    assert applied(cycle, administrator, seed=12) is None


def test_it_is_undone_while_the_second_has_not_begun(alone, second, reviewer, cycle, administrator):
    cases.mark_everything(alone, by=reviewer)
    batch = applied(cycle, administrator)
    marking.hand_in(alone, by=reviewer)
    assert cases.status_of(alone) == Status.IN_REVIEW
    teams.undo(batch, by=administrator)
    assert seconds(alone, second) == set()
    # Nobody is waited for any more.
    assert cases.status_of(alone) == Status.CONSENSUS


def test_it_is_not_undone_once_the_second_has_opened_the_case(alone, second, cycle, administrator):
    batch = applied(cycle, administrator)
    marking.open_case(alone, by=second)
    with pytest.raises(Refused) as refused:
        teams.undo(batch, by=administrator)
    assert refused.value.code == "begun"


def test_a_reviewer_of_other_categories_is_drawn_and_taken_back_without_a_mark(lead, cycle, administrator):
    """Who has read the case already goes on reading, so only a mark tells that they have begun."""
    one, two = factories.make_user(), factories.make_user()
    ReviewerProfile.objects.create(user=two)
    case = cases.submitted_case(cycle=cycle)
    divided = {one.pk: ("1", "2", "3", "4"), two.pk: ("5", "6", "7")}
    assigning.assign(
        case, reviewers=[one, two], lead=lead, lead_marks=False, categories=divided, by=administrator
    )
    assigning.open_review(case, by=administrator)
    marking.open_case(case, by=two)
    batch = next(
        found
        for seed in range(50)
        if _only_of(found := propose_sample(cycle, seed=seed, by=administrator), "1234")
    )
    batch = apply_sample(cycle, seed=batch.seed, shown=batch.shown, seen=batch.preview.seen, by=administrator)
    assert seconds(case, two) == {"5", "6", "7"} | {code for _case, code in batch.drawn}
    teams.undo(batch, by=administrator)
    assert seconds(case, two) == {"5", "6", "7"}


def _only_of(found, codes):
    return len(found.sample.drawn) == 2 and all(drawn.unit.category in codes for drawn in found.sample.drawn)


def test_teams_that_changed_since_are_shown_again(alone, second, cycle, administrator):
    found = propose_sample(cycle, seed=SEED, by=administrator)
    other = factories.make_user()
    assigning.assign(
        cases.reloaded(alone),
        reviewers=[*_team(alone), other], lead=_lead(alone), lead_marks=False, by=administrator,
    )  # fmt: skip
    assert (
        apply_sample(cycle, seed=SEED, shown=found.shown, seen=found.preview.seen, by=administrator) is None
    )
    assert not Batch.objects.exists()


def _team(case):
    return [row.reviewer for row in Assignment.objects.active().filter(assessment=case, marks=True)[:1]]


def _lead(case):
    return Assignment.objects.active().filter(assessment=case, is_lead=True).first().reviewer


def test_another_draw_than_the_one_on_the_page_is_not_applied(alone, second, cycle, administrator):
    found = propose_sample(cycle, seed=SEED, by=administrator)
    other = next(
        seed for seed in range(50) if propose_sample(cycle, seed=seed, by=administrator).shown != found.shown
    )
    with pytest.raises(Faulty):
        apply_sample(cycle, seed=other, shown=found.shown, seen=found.preview.seen, by=administrator)


def test_who_leads_judges_alone_or_left_is_no_second(alone, reviewer, lead, cycle, administrator):
    for person in (reviewer, lead):
        ReviewerProfile.objects.create(user=person)
    found = propose_sample(cycle, seed=SEED, by=administrator)
    assert found.sample.missing == 2
    assert len(found.sample.passed_over) == 7
    assert applied(cycle, administrator) is None


def test_a_team_that_waits_for_somebody_is_not_touched(team, second, lead, cycle, administrator):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    replacing.recuse(case, reviewer=team[0], reason="ย้ายหน่วยงาน", by=team[0])
    assert read_population(cycle, administrator).units == []
    replacing.waive(case, reviewer=team[0], by=administrator)
    assert len(read_population(cycle, administrator).units) == 7
    assert team[0].pk in read_population(cycle, administrator).units[0].kept_out


def test_a_cycle_of_two_reviewers_has_no_sample(alone, cycle, administrator, officer):
    with pytest.raises(PermissionDenied):
        propose_sample(cycle, seed=SEED, by=officer)
    cycle.least_reviewers = 2
    with pytest.raises(Refused) as refused:
        propose_sample(cycle, seed=SEED, by=administrator)
    assert refused.value.code == "least"


def test_an_administrator_who_judges_a_case_does_not_learn_whether_it_was_drawn(
    client, second, lead, cycle, administrator
):
    colleague = factories.make_official("administrator")
    cases.open_case(administrator, lead=lead, cycle=cycle)
    client.force_login(administrator)
    place = reverse("reviews:sample", args=[cycle.pk])
    before = timeless(client.get(place))
    assert len(applied(cycle, colleague).drawn) == 2
    assert timeless(client.get(place)) == before
    assert propose_sample(cycle, seed=SEED, by=administrator).sample.population == 0


def test_the_single_reviewer_cannot_tell(client, alone, second, reviewer, cycle, administrator):
    """Every page of theirs, byte for byte: before the draw, after it, and while the second marks."""
    client.force_login(reviewer)
    pages = [
        ("reviews:queue", ()), ("reviews:hand_in", (alone.pk,)), ("reviews:profile", (alone.pk,)),
        ("reviews:evidence", (alone.pk,)), ("reviews:print", (alone.pk,)), ("reviews:sight", (alone.pk,)),
        ("reviews:phrases", (alone.pk,)), ("reviews:consensus", (alone.pk,)),
        *(("reviews:topic", (alone.pk, f"{code}.1")) for code in range(1, 8)),
    ]  # fmt: skip

    def seen():
        return [timeless(client.get(reverse(route, args=args))) for route, args in pages]

    before = seen()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        drawn = {code for _case, code in applied(cycle, administrator).drawn}
        assert seen() == before
    marking.open_case(alone, by=second)
    for code in drawn:
        part = alone.answers.filter(part__item__topic__category__code=code).first()
        cases.mark(factories.answer_of(alone, part.part.code), by=second)
    assert seen() == before


# --- how far they agree -----------------------------------------------------------------------


def test_the_agreement_is_told_of_the_cycle_and_not_of_a_few(
    alone, second, reviewer, cycle, administrator, client
):
    batch = applied(cycle, administrator)
    cases.mark_everything(alone, by=reviewer)
    marking.hand_in(alone, by=reviewer)
    marking.open_case(alone, by=second)
    rows = {row.category_id: row for row in Assignment.objects.filter(assessment=alone, reviewer=second)}
    answers = list(
        alone.answers.present().filter(part__item__topic__category__in=rows).select_related("part")
    )
    for place, answer in enumerate(answers):
        said = ("fail", "ควรแสดงผล") if place < 3 else ("pass", "")
        cases.mark(answer, by=second, outcome=said[0], comment=said[1])
    assert read_agreement(cycle, []) is None
    marking.hand_in(alone, by=second)
    assert cases.status_of(alone) == Status.CONSENSUS
    assert read_agreement(cycle, [alone.pk]) == Agreement(len(batch.drawn), len(answers), len(answers) - 3)
    assert not Agreement(1, 4, 4).told
    client.force_login(administrator)
    page = client.get(reverse("reviews:cycle_weighing") + f"?cycle={cycle.pk}").content.decode()
    assert "ตัวอย่างตรวจซ้ำของผู้ตรวจรายเดียว" in page
    assert f"จาก {len(answers)}" in page
    assert Assessment.objects.get(pk=alone.pk).status == Status.CONSENSUS


# --- the pages --------------------------------------------------------------------------------


def test_the_administrator_draws_looks_and_applies(client, alone, second, cycle, administrator):
    client.force_login(administrator)
    preview = client.post(reverse("reviews:draw_sample", args=[cycle.pk]), {"seed": SEED})
    assert preview.status_code == 200
    assert not Batch.objects.exists()
    found = preview.context["found"]
    assert found.sample.drawn[0].number[:8] in preview.content.decode()
    data = {"seed": SEED, "shown": found.shown, "seen": found.preview.seen}
    place = reverse("reviews:apply_sample", args=[cycle.pk])
    assert client.post(place, data | {"shown": "x"}).status_code == 409
    assert client.post(place, data).status_code == 302
    # Pressed twice.
    assert client.post(place, data).status_code == 302
    batch = Batch.objects.get()
    page = client.get(reverse("reviews:sample", args=[cycle.pk])).content.decode()
    assert page.count(str(SEED)) >= len(batch.drawn)
    assert "เรียกคืนการสุ่มครั้งล่าสุด" in page


def test_the_page_takes_few_queries(
    client, alone, second, cycle, administrator, django_assert_max_num_queries
):
    applied(cycle, administrator)
    client.force_login(administrator)
    for place in (
        reverse("reviews:sample", args=[cycle.pk]),
        reverse("reviews:cycle_weighing"),
        reverse("reviews:case", args=[alone.pk]),
        reverse("reviews:stand_in", args=[alone.pk]),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(place).status_code == 200
