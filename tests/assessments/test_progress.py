"""Progress, gaps and the check at submission are one function."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.models import Claim, Indicator
from assessments.progress import Count, IndicatorState, PartState, measure
from assessments.reading import measure_answers, read_answers
from criteria.catalogue import edition_tree, part_ids
from pmqa.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db
TWO_AREAS = {"economy": "ก", "society": "ข"}


@pytest.fixture
def tree():
    return edition_tree(factories.edition())


def gaps_of(tree, code, state):
    return [gap for gap in measure(tree, {code: state}, []).gaps if gap.part == code]


def five(tree, topic, **figures):
    """Five whole indicators in a topic, one in every group."""
    whole = {"name": "ก", "unit": "ร้อยละ", "target": Decimal(85), "latest": Decimal(90)} | figures
    return [
        IndicatorState(answer_id=number, group=part.code, **whole)
        for number, part in enumerate(tree.topics[topic].parts, start=1)
    ]


def test_nothing_written_is_nothing_ready(tree):
    progress = measure(tree, {}, [])
    assert (progress.parts, progress.indicators, progress.whole) == (
        Count(0, 130),
        Count(0, 30),
        Count(0, 160),
    )
    assert progress.items == Count(0, 94)
    assert not progress.is_complete
    assert sum(gap.code == "claim" for gap in progress.gaps) == 130


def test_after_filling_1_1_only_five_of_94_items_and_5_of_category_1_are_ready(tree):
    """A-326; the 19 items of category 1 have 21 parts."""
    parts = {part.code: PartState(Claim.DONE, factories.filled(part)) for part in tree.topics["1.1"].parts}
    progress = measure(tree, parts, [])
    assert (progress.items.ready, progress.items.total) == (5, 94)
    assert progress.topics["1.1"].is_complete
    assert progress.items_by_category["1"] == Count(5, 19)
    assert progress.categories["1"] == Count(5, 21)


def test_a_part_without_a_status_is_a_gap_and_not_started_is_none(tree):
    assert [gap.code for gap in gaps_of(tree, "1.1.2.1", PartState())] == ["claim"]
    assert gaps_of(tree, "1.1.2.1", PartState(Claim.NOT_STARTED)) == []
    assert gaps_of(tree, "1.1.2.1", PartState(Claim.STARTED)) == []


def test_a_claimed_part_names_the_blank_that_is_empty(tree):
    gaps = gaps_of(tree, "1.3.2.1", PartState(Claim.DONE, {"mechanism": "ก", "network": "  "}))
    assert [(gap.code, gap.field) for gap in gaps] == [("field", "network")]


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        ("1.1.1.1", {"economy": "ก"}, TWO_AREAS),
        ("4.4.3.1", {"data_linkage": "ก"}, {"data_linkage": "ก", "cost_reduction": "ข"}),
    ],
)
def test_two_of_four_areas_are_enough_and_one_is_not(tree, code, one, two):
    gaps = gaps_of(tree, code, PartState(Claim.DONE, one))
    assert [(gap.code, gap.have, gap.need) for gap in gaps] == [("min_fields", 1, 2)]
    assert gaps_of(tree, code, PartState(Claim.DONE, two)) == []


def test_two_missions_with_their_capabilities_are_needed(tree):
    first = {"mission_1": "ก", "capability_1": "ข"}
    codes = {(gap.code, gap.field) for gap in gaps_of(tree, "5.1.1.1", PartState(Claim.DONE, first))}
    assert codes == {("field", "mission_2"), ("field", "capability_2"), ("min_fields", "")}
    both = first | {"mission_2": "ก", "capability_2": "ข"}
    assert gaps_of(tree, "5.1.1.1", PartState(Claim.DONE, both)) == []


def test_a_tick_without_text_is_enough_where_the_form_has_only_ticks(tree):
    assert gaps_of(tree, "3.4.2.1", PartState(Claim.DONE)) == []


def test_the_frequency_of_an_indicator_is_required(tree):
    gaps = gaps_of(tree, "1.4.3.1", PartState(Claim.DONE, {"indicator": "ก"}))
    assert [gap.field for gap in gaps] == ["frequency"]


def test_a_topic_of_five_whole_indicators_is_complete(tree):
    progress = measure(tree, {}, five(tree, "7.1"))
    assert progress.topics["7.1"] == Count(5, 5)
    assert not [gap for gap in progress.gaps if gap.topic == "7.1"]


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"name": " "}, "indicator_name"),
        ({"unit": ""}, "indicator_unit"),
        ({"target": None}, "indicator_target"),
        ({"target": Decimal(0)}, "target_zero"),
        ({"latest": None}, "indicator_result"),
    ],
)
def test_what_an_indicator_cannot_be_scored_without_is_a_gap(tree, figures, code):
    progress = measure(tree, {}, five(tree, "7.1", **figures))
    assert {gap.code for gap in progress.gaps if gap.topic == "7.1"} == {code}
    assert progress.topics["7.1"] == Count(0, 5)


def test_nought_as_the_latest_result_is_a_result(tree):
    assert measure(tree, {}, five(tree, "7.1", latest=Decimal(0))).topics["7.1"].is_complete


def test_six_indicators_are_a_gap_and_not_complete(tree):
    six = [*five(tree, "7.1"), IndicatorState(6, "7.1.1", "ก", "คน", Decimal(1), Decimal(1))]
    progress = measure(tree, {}, six)
    assert progress.topics["7.1"] == Count(4, 5)
    assert [gap.code for gap in progress.gaps if gap.topic == "7.1"] == ["topic_too_many"]


def test_the_profile_is_counted_apart_and_does_not_block(tree):
    parts = {part.code: PartState(Claim.NOT_STARTED) for part in tree.process_parts}
    indicators = [state for topic in tree.of_kind("results")[0].topics for state in five(tree, topic.code)]
    progress = measure(tree, parts, indicators)
    assert progress.is_complete
    assert progress.whole == Count(160, 160)
    assert progress.profile.ready < progress.profile.total
    assert progress.profile_gaps


states = st.builds(
    PartState,
    claim=st.sampled_from(["", *Claim.values]),
    values=st.dictionaries(
        st.sampled_from(["detail", "economy", "society"]), st.sampled_from(["", " ", "ก"])
    ),
)


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_complete_is_every_count_full_and_counts_never_exceed(tree, data):
    codes = data.draw(st.lists(st.sampled_from([part.code for part in tree.process_parts]), max_size=30))
    parts = {code: data.draw(states) for code in codes}
    progress = measure(tree, parts, five(tree, "7.1"))
    for count in (*progress.topics.values(), progress.whole, progress.items, progress.profile):
        assert 0 <= count.ready <= count.total
    open_topics = {gap.topic for gap in progress.gaps}
    for topic in (*tree.topics.values(),):
        if tree.category_of_topic[topic.code].kind != "profile":
            assert progress.topics[topic.code].is_complete == (topic.code not in open_topics)


# One thing wrong in an otherwise complete assessment, or nothing.
FLAWS = [
    None,
    ("claim", "1.1.2.1", ""),
    ("claim", "6.4.4.2", "not_started"),
    ("values", "1.1.1.1", {"economy": "ก"}),
    ("values", "1.1.2.1", {}),
    ("values", "1.2.5.1", {"detail": "ก"}),
    ("values", "OP1.vision", {}),
    ("target", "7.3.1", Decimal(0)),
    ("result_3", "7.6.2", None),
    ("result_1", "7.6.2", None),
    ("name", "7.2.1", ""),
]


@pytest.mark.parametrize("flaw", FLAWS)
def test_complete_is_true_exactly_when_submit_is_allowed(agency, cycle, head, flaw):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    if flaw:
        column, code, value = flaw
        answer = factories.answer_of(assessment, code)
        if column in ("claim", "values"):
            type(answer).objects.filter(pk=answer.pk).update(**{column: value})
        else:
            Indicator.objects.filter(pk=answer.pk).update(**{column: value})
    answers = read_answers(assessment)
    complete = measure_answers(edition_tree(cycle.edition), answers).is_complete
    try:
        factories.hand_over(assessment, by=head)
        allowed = True
    except Refused:
        allowed = False
    assert complete == allowed


def test_five_indicators_that_break_the_star_rule_are_not_complete(assessment):
    """A-402: the tab must not turn green while submission is blocked."""
    factories.complete_answers(assessment)
    ids = part_ids(assessment.cycle.edition)
    assessment.answers.filter(part__code="7.1.1").delete()
    factories.add_indicator(assessment, ids["7.1.2"], "7.1.2", 2)
    progress = measure_answers(edition_tree(assessment.cycle.edition), read_answers(assessment))
    assert progress.gaps
    assert not progress.topics["7.1"].is_complete


def test_an_empty_profile_counts_nothing_as_answered(assessment):
    progress = measure_answers(edition_tree(assessment.cycle.edition), read_answers(assessment))
    assert (progress.profile.ready, progress.profile.total) == (0, 25)
