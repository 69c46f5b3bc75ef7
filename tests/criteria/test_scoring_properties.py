"""What must hold for every assessment, whatever is claimed, judged or chosen as policy."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.scoring import POLICIES, Indicator, claimed, policy_from, verified
from criteria.structure import LEVELS
from tests.criteria.test_scoring_engine import EDITION, OFFICIAL, PARTS, PROCESS_TOPICS

bits = st.integers(min_value=0, max_value=2 ** len(PARTS) - 1)
policies = st.builds(
    lambda name, credit, missing, failed: policy_from(
        name, {"started_credit": f"0.{credit:02d}", "missing_indicator": missing, "failed_indicator": failed}
    ),
    st.sampled_from(sorted(POLICIES)),
    st.integers(0, 99),
    st.sampled_from(["zero", "left_out"]),
    st.sampled_from(["zero", "keep"]),
)
indicator_lists = st.lists(
    st.builds(
        Indicator,
        topic=st.sampled_from([f"7.{number}" for number in range(1, 7)]),
        group=st.integers(1, 5),
        direction=st.sampled_from(["higher_is_better", "lower_is_better"]),
        target=st.integers(-5, 120),
        results=st.lists(st.none() | st.integers(0, 140), min_size=3, max_size=3),
        verdict=st.sampled_from([None, "pass", "fail"]),
    ),
    max_size=35,
)


def chosen(mask, yes, no):
    return {code: yes if mask >> index & 1 else no for index, code in enumerate(PARTS)}


@settings(max_examples=60, deadline=None)
@given(before=bits, added=bits, policy=policies, rows=indicator_lists)
def test_adding_passes_never_lowers_a_score_or_a_level(before, added, policy, rows):
    low = verified(EDITION, policy, chosen(before, "pass", "fail"), rows)
    passed = [replace(entry, verdict="pass") for entry in rows]
    high = verified(EDITION, policy, chosen(before | added, "pass", "fail"), passed)

    assert low.total <= high.total
    for code, topic in low.topics.items():
        assert topic.score <= high.topics[code].score
        if topic.level is not None:
            assert LEVELS.index(topic.level) <= LEVELS.index(high.topics[code].level)


@settings(max_examples=60, deadline=None)
@given(done=bits, started=bits, policy=policies, rows=indicator_lists)
def test_no_score_leaves_the_scale(done, started, policy, rows):
    claims = chosen(started, "started", "not_started") | {
        code: "done" for code, claim in chosen(done, "done", "").items() if claim
    }
    score = claimed(EDITION, policy, claims, rows)

    assert 0 <= score.total <= 500
    assert all(0 <= category.score <= 500 for category in score.categories)
    assert all(0 <= topic.score <= 500 for topic in score.topics.values())


@settings(max_examples=60, deadline=None)
@given(mask=bits)
def test_the_engine_agrees_with_the_rule_written_down_plainly(mask):
    """The formula once more, without any of the engine's code."""
    verdicts = chosen(mask, "pass", "fail")
    score = verified(EDITION, OFFICIAL, verdicts, [])

    for topic in PROCESS_TOPICS:
        points = 0.0
        for level, weight in (("basic", 3), ("advance", 4), ("significance", 5)):
            items = {}
            for item in topic.items:
                for part in item.parts:
                    if part.level == level:
                        items.setdefault(item.code, []).append(verdicts[part.code] == "pass")
            points += weight * sum(sum(marks) / len(marks) for marks in items.values()) / len(items)
        assert float(score.topics[topic.code].score) == pytest.approx(500 * points / 12)
