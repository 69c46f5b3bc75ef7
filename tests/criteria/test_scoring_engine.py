import itertools
from dataclasses import replace
from fractions import Fraction
from time import process_time

import pytest

from criteria.scoring import (
    POLICIES,
    Indicator,
    claimed,
    display_score,
    level_by_points,
    level_reached,
    mean,
    policy_from,
    results_claimed,
    results_verified,
    topic_claimed,
    topic_verified,
    verified,
)
from criteria.structure import LEVELS, Edition, Item, Part, Topic
from tests.criteria import edition_2565

OFFICIAL = POLICIES["pmqa40-2565"]
LADDER = POLICIES["ladder"]
EDITION = edition_2565()
PARTS = tuple(part.code for part in EDITION.process_parts)
PROCESS_TOPICS = tuple(topic for category in EDITION.of_kind("process") for topic in category.topics)

PUBLISHED = {
    "1": Fraction(9875, 24),
    "2": Fraction(3625, 8),
    "3": Fraction(20875, 48),
    "4": Fraction(29125, 72),
    "5": Fraction(3875, 8),
    "6": Fraction(32375, 72),
}

# One row of Form 4 for every score.
ROWS = {500: ("100", "110"), 400: ("100", "105"), 300: ("100", "100"), 200: ("100", "99")}


def row(topic, score, *, group=1, verdict=None):
    target, latest = ROWS[score]
    return Indicator(
        topic, group, "higher_is_better", Fraction(target), (None, None, Fraction(latest)), verdict
    )


def at_levels(topic, *levels):
    """Claims that do exactly the parts of these levels."""
    return {part.code: "done" for part in topic.parts if part.level in levels}


def small_topic(*items):
    """A topic from {part code: level} per item."""
    return Topic(
        "9.1",
        "",
        "",
        tuple(
            Item(f"9.1.{number}", "", "", tuple(Part(code, "", level, ()) for code, level in parts.items()))
            for number, parts in enumerate(items, start=1)
        ),
    )


# -- figures of the contract ---------------------------------------------------------------------------------


def test_the_published_self_score():
    scores = [Fraction(500)] * 6 + [Fraction(12700, 30)]

    assert display_score(mean(scores)) == "489.05"


def test_the_published_reviewers_score():
    scores = [*PUBLISHED.values(), Fraction(12100, 30)]

    assert [display_score(score) for score in scores] == [
        "411.46", "453.13", "434.90", "404.51", "484.38", "449.65", "403.33",
    ]  # fmt: skip
    assert display_score(mean(scores)) == "434.48"


@pytest.mark.parametrize("topic", PROCESS_TOPICS, ids=lambda topic: topic.code)
def test_complete_levels_of_a_topic(topic):
    basic = topic_claimed(topic, OFFICIAL, at_levels(topic, "basic"))
    advance = topic_claimed(topic, OFFICIAL, at_levels(topic, "basic", "advance"))
    everything = topic_claimed(topic, OFFICIAL, at_levels(topic, *LEVELS))

    assert (display_score(basic.score), basic.level) == ("125.00", "basic")
    assert (display_score(advance.score), advance.level) == ("291.67", "advance")
    assert (display_score(everything.score), everything.level) == ("500.00", "significance")


def test_everything_claimed_and_met_far_is_500():
    rows = [row(f"7.{topic}", 500, group=group) for topic in range(1, 7) for group in range(1, 6)]

    score = claimed(EDITION, OFFICIAL, dict.fromkeys(PARTS, "done"), rows)

    assert [display_score(category.score) for category in score.categories] == ["500.00"] * 7
    assert (score.total, score.level, score.findings) == (500, "significance", ())


def test_5_1_1_failed_alone():
    verdicts = dict.fromkeys(PARTS, "pass") | {"5.1.1.1": "fail"}

    score = verified(EDITION, OFFICIAL, verdicts, [])

    assert score.by_category["5"].score == Fraction(484_375, 1000)
    assert display_score(score.by_category["5"].score) == "484.38"
    assert score.topics["5.1"].level is None


def test_category_7_is_the_mean_of_its_topics_and_so_of_its_thirty_rows():
    """Thirty rows with the topic scores of one published form: 360, 320, 340, 260, 340, 300."""
    per_topic = {
        "7.1": (500, 500, 300, 300, 200),
        "7.2": (500, 400, 300, 200, 200),
        "7.3": (500, 500, 300, 200, 200),
        "7.4": (400, 300, 200, 200, 200),
        "7.5": (500, 400, 300, 300, 200),
        "7.6": (500, 300, 300, 200, 200),
    }
    rows = [
        row(topic, score, group=group)
        for topic, scores in per_topic.items()
        for group, score in enumerate(scores, start=1)
    ]
    score = claimed(EDITION, OFFICIAL, {}, rows)

    assert [score.topics[code].score for code in per_topic] == [360, 320, 340, 260, 340, 300]
    assert display_score(score.by_category["7"].score) == "320.00"

    # Rows of 500, 200 and 400 fail: (9600 - 1100) / 30.
    failed = [
        replace(entry, verdict="fail" if index in {0, 4, 6} else "pass") for index, entry in enumerate(rows)
    ]
    keep = policy_from("pmqa40-2565", {"failed_indicator": "keep"})
    assert display_score(verified(EDITION, OFFICIAL, {}, failed).by_category["7"].score) == "283.33"
    assert display_score(verified(EDITION, keep, {}, failed).by_category["7"].score) == "320.00"


def reachable(category, policy):
    """Every score of a category of Form 3 that some set of passes gives, times four."""
    sums = {Fraction(0)}
    for topic in category.topics:
        codes = [part.code for part in topic.parts]
        scores = {
            topic_verified(topic, policy, dict(zip(codes, verdicts, strict=True))).score
            for verdicts in itertools.product(("pass", "fail"), repeat=len(codes))
        }
        sums = {total + score for total in sums for score in scores}
    return sums


def test_the_published_scores_are_reachable_with_the_official_rule_and_not_with_the_ladder():
    for category in EDITION.of_kind("process"):
        wanted = PUBLISHED[category.code]

        assert wanted * 4 in reachable(category, OFFICIAL)
        assert display_score(wanted) not in {
            display_score(total / 4) for total in reachable(category, LADDER)
        }


# -- the rules, one at a time --------------------------------------------------------------------------------


def test_parts_count_equally_in_their_item_and_items_equally_in_their_level():
    topic = small_topic(
        {"a": "basic", "b": "basic", "c": "basic"}, {"d": "basic"}, {"e": "advance"}, {"f": "significance"}
    )

    score = topic_claimed(topic, OFFICIAL, {"a": "done", "d": "done", "f": "done"})

    assert score.shares == {"basic": Fraction(2, 3), "advance": 0, "significance": 1}
    assert score.counts == {"basic": (2, 4), "advance": (0, 1), "significance": (1, 1)}
    assert score.score == Fraction(500 * (3 * 2 + 5 * 3), 12 * 3)


def test_an_item_whose_parts_have_their_own_levels_is_one_unit_in_each():
    topic = small_topic(
        {"a": "basic", "b": "advance"}, {"c": "advance", "d": "advance"}, {"e": "significance"}
    )

    score = topic_claimed(topic, OFFICIAL, {"b": "done"})

    assert score.shares == {"basic": 0, "advance": Fraction(1, 2), "significance": 0}


def test_part_levels_of_the_shipped_form():
    shares = topic_claimed(EDITION.topics["3.2"], OFFICIAL, {"3.2.2.1": "done"}).shares

    assert shares == {"basic": 0, "advance": 1, "significance": 0}


def test_a_level_without_items_is_left_out():
    topic = small_topic({"a": "basic"}, {"b": "significance"})

    only_basic = topic_claimed(topic, OFFICIAL, {"a": "done"})
    everything = topic_claimed(topic, OFFICIAL, {"a": "done", "b": "done"})

    assert only_basic.score == Fraction(500 * 3, 8)
    assert only_basic.shares["advance"] is None
    assert only_basic.counts["advance"] == (0, 0)
    assert (only_basic.level, everything.level, everything.score) == ("basic", "significance", 500)


@pytest.mark.parametrize(
    ("shares", "level"),
    [
        ((1, 0, 0), "basic"),
        ((1, 1, Fraction(1, 2)), "advance"),
        ((1, 0, 1), "basic"),
        ((Fraction(1, 2), 1, 1), None),
        ((1, 1, 1), "significance"),
        ((None, 1, 0), "advance"),
        ((None, None, None), None),
    ],
)
def test_level_reached(shares, level):
    assert level_reached(dict(zip(LEVELS, shares, strict=True))) == level


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (Fraction(500), "significance"),
        (Fraction(499_999, 1000), "advance"),
        (Fraction(400), "advance"),
        (Fraction(39_999, 100), "basic"),
        (Fraction(300), "basic"),
        (Fraction(299_999, 1000), None),
        (Fraction(0), None),
    ],
)
def test_the_name_of_points(points, level):
    assert level_by_points(points) == level


def test_what_is_begun_is_worth_what_the_policy_says():
    half = policy_from("pmqa40-2565", {"started_credit": "0.5"})
    topic = EDITION.topics["1.1"]
    begun = {part.code: "started" for part in topic.parts}

    assert topic_claimed(topic, OFFICIAL, begun).score == 0
    assert topic_claimed(topic, half, begun).score == 250
    assert topic_claimed(topic, half, begun).counts["basic"] == (0, 1)


def test_the_ladder_counts_a_level_only_on_top_of_complete_ones():
    topic = EDITION.topics["1.1"]
    half_advance = at_levels(topic, "basic", "significance") | {
        next(part.code for part in topic.parts if part.level == "advance"): "done"
    }

    def ladder(claims):
        return display_score(topic_claimed(topic, LADDER, claims).score)

    assert ladder(at_levels(topic, "basic")) == "300.00"
    assert ladder(at_levels(topic, "basic", "advance")) == "400.00"
    assert ladder(at_levels(topic, *LEVELS)) == "500.00"
    assert ladder(at_levels(topic, "advance", "significance")) == "0.00"
    assert ladder(half_advance) == "350.00"


def test_a_verdict_counts_whatever_was_claimed_and_an_absent_one_counts_nothing():
    topic = EDITION.topics["1.1"]
    codes = [part.code for part in topic.parts]

    assert topic_verified(topic, OFFICIAL, {}).score == 0
    assert topic_verified(topic, OFFICIAL, dict.fromkeys(codes, "pass")).score == 500
    assert verified(EDITION, OFFICIAL, dict.fromkeys(codes, "pass"), []).topics["1.1"].score == 500


def test_a_missing_indicator_counts_nothing_unless_the_policy_leaves_it_out():
    topic = EDITION.topics["7.1"]
    left_out = policy_from("pmqa40-2565", {"missing_indicator": "left_out"})
    rows = [row("7.1", 400), row("7.1", 200), row("7.2", 500)]

    assert results_claimed(topic, OFFICIAL, rows).score == 120
    assert results_claimed(topic, left_out, rows).score == 300
    assert results_claimed(topic, left_out, []).score == 0
    assert results_claimed(topic, OFFICIAL, rows).indicators_counted == 2
    assert results_verified(topic, OFFICIAL, rows).score == 0


def test_a_sixth_indicator_is_a_finding_and_the_topic_stays_a_mean():
    rows = [row("7.1", 500, group=group) for group in (1, 1, 2, 3, 4, 5)]
    score = claimed(EDITION, OFFICIAL, {}, rows)

    assert score.topics["7.1"].score == 500
    assert "7.1: needs 5 indicators, has 6" in [finding.text for finding in score.findings]


def test_a_topic_of_form_4_has_no_shares_and_one_of_form_3_no_indicators():
    score = claimed(EDITION, OFFICIAL, {}, [])

    assert (score.topics["7.1"].shares, score.topics["7.1"].counts, score.topics["7.1"].level) == (
        None,
        None,
        None,
    )
    assert score.topics["1.1"].indicators_counted is None


def test_warnings_stay_with_their_indicator():
    unchallenging = Indicator("7.1", 1, "higher_is_better", 80, (100, 100, 100))

    score = claimed(EDITION, OFFICIAL, {}, [unchallenging])

    assert [finding.text for finding in score.indicators[0].result.findings] == [
        "7.1.1.1: target is not challenging"
    ]
    assert "not_challenging" not in {finding.code for finding in score.findings}


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match=r"1\.1\.1\.1: claim must be one of"):
        claimed(EDITION, OFFICIAL, {"1.1.1.1": "pass"}, [])
    with pytest.raises(ValueError, match=r"1\.1\.1\.1: verdict must be one of"):
        verified(EDITION, OFFICIAL, {"1.1.1.1": "unsure"}, [])


def test_nothing_has_no_mean():
    with pytest.raises(ValueError, match="nothing to take the mean of"):
        mean([])
    with pytest.raises(ValueError, match="nothing to take the mean of"):
        claimed(Edition("empty", 2565, "", "", ()), OFFICIAL, {}, [])


def test_claims_and_verdicts_of_the_same_marks_score_the_same():
    marked = PARTS[::3]
    as_claimed = claimed(EDITION, OFFICIAL, dict.fromkeys(marked, "done"), [])
    as_verified = verified(EDITION, OFFICIAL, dict.fromkeys(marked, "pass"), [])

    assert as_claimed.total == as_verified.total


def test_a_whole_score_is_quick_enough_for_every_page():
    rows = [row(f"7.{topic}", 400, group=group) for topic in range(1, 7) for group in range(1, 6)]
    claims = dict.fromkeys(PARTS, "done")

    def seconds():
        start = process_time()
        claimed(EDITION, OFFICIAL, claims, rows)
        return process_time() - start

    assert min(seconds() for _ in range(5)) < 0.05
