import json
from fractions import Fraction

from hypothesis import given, settings

from criteria.scoring import (
    POLICIES,
    claimed,
    display_score,
    explain,
    results_claimed,
    topic_claimed,
    verified,
)
from tests.criteria.test_scoring_engine import EDITION, OFFICIAL, PARTS, row
from tests.criteria.test_scoring_properties import bits, chosen, indicator_lists, policies


def walk(node):
    yield node
    for child in node["children"]:
        yield from walk(child)


def leaves(tree):
    return [node for node in walk(tree) if not node["children"]]


def made_again(node):
    """The value of an inner node from its children, by what the node says about itself."""
    children = node["children"]
    if node["operation"] == "mean":
        return sum(Fraction(child["value"]) for child in children) / len(children)
    assert node["operation"] == "weighted"
    return 500 * sum(
        Fraction(child["weight"]) * Fraction(child["value"]) for child in children if child["counted"]
    )


@settings(max_examples=60, deadline=None)
@given(mask=bits, policy=policies, rows=indicator_lists)
def test_the_leaves_sum_to_the_total_exactly(mask, policy, rows):
    for score in (
        claimed(EDITION, policy, chosen(mask, "done", "started"), rows),
        verified(EDITION, policy, chosen(mask, "pass", "fail"), rows),
    ):
        tree = explain(score)

        assert sum(Fraction(leaf["contribution"]) for leaf in leaves(tree)) == score.total
        assert tree["display"] == display_score(score.total)


@settings(max_examples=30, deadline=None)
@given(mask=bits, policy=policies, rows=indicator_lists)
def test_every_number_in_the_tree_follows_from_those_below_it(mask, policy, rows):
    for node in walk(explain(claimed(EDITION, policy, chosen(mask, "done", "started"), rows))):
        if node["children"]:
            assert made_again(node) == Fraction(node["value"])
            assert sum(Fraction(child["weight"]) for child in node["children"]) == 1
            assert sum(Fraction(child["contribution"]) for child in node["children"]) == Fraction(
                node["contribution"]
            )


def test_the_tree_is_plain_json_and_names_every_part():
    tree = explain(claimed(EDITION, OFFICIAL, dict.fromkeys(PARTS, "done"), []))

    assert json.loads(json.dumps(tree)) == tree
    assert sorted(node["code"] for node in walk(tree) if node["kind"] == "part") == sorted(PARTS)
    assert [child["code"] for child in tree["children"]] == ["1", "2", "3", "4", "5", "6", "7"]


def test_a_part_shows_its_status_its_credit_and_its_points():
    tree = explain(topic_claimed(EDITION.topics["1.1"], OFFICIAL, {"1.1.1.1": "done"}))
    part = next(node for node in walk(tree) if node["code"] == "1.1.1.1")

    # 1.1.1 is one of two Advance items: 500 x 4/12 x 1/2.
    assert part == {
        "code": "1.1.1.1",
        "kind": "part",
        "value": "1",
        "unit": "share",
        "display": "100.0",
        "operation": "credit",
        "weight": "1",
        "counted": True,
        "contribution": "250/3",
        "status": "done",
        "children": [],
    }


def test_a_level_that_the_ladder_ignores_earns_nothing():
    topic = EDITION.topics["1.1"]
    claims = {part.code: "done" for part in topic.parts if part.level == "advance"}

    tree = explain(topic_claimed(topic, POLICIES["ladder"], claims))
    advance = next(node for node in tree["children"] if node["code"] == "advance")

    assert (advance["value"], advance["counted"], advance["contribution"]) == ("1", False, "0")


def test_indicators_show_their_band_and_the_missing_ones_have_a_place():
    tree = explain(results_claimed(EDITION.topics["7.1"], OFFICIAL, [row("7.1", 400)]))
    first, *missing = tree["children"]

    assert (first["code"], first["operation"], first["percent"], first["band_from"]) == (
        "7.1.1.1",
        "band",
        "105",
        "105",
    )
    assert (first["weight"], first["contribution"]) == ("1/5", "80")
    assert [node["operation"] for node in missing] == ["missing"] * 4
    assert {node["contribution"] for node in missing} == {"0"}


def test_one_category_opens_on_its_own_points():
    score = claimed(EDITION, OFFICIAL, dict.fromkeys(PARTS, "done"), [])
    tree = explain(score.by_category["3"])

    assert (tree["kind"], tree["contribution"]) == ("category", "500")
