"""The tree behind every number: its leaves sum to it, as exact values and as they are printed; and as the appendix."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.scoring import POLICIES, display_score, display_share_of_points, policy_from
from results.documents.content import chapters
from results.documents.feedback_report import render_html
from results.explaining import BASES, explain, measured
from results.payload import rescore
from results.tree_rows import category_trees
from tests.results import payloads

NEAR = Fraction(5, 1000)


def marked(dice, policy: str = "pmqa40-2565") -> dict:
    """A complete payload with the marks that `dice` throws, scored by `policy`."""
    sheet = payloads.payload()
    for part in payloads.parts_of(sheet):
        part["claim"] = dice.choice(("done", "started", "not_started", None))
        part["outcome"] = dice.choice(("pass", "fail", None))
    for indicator in sheet["indicators"]:
        indicator["outcome"] = dice.choice(("pass", "pass", "fail", None))
        indicator["results"] = [dice.choice(("0", "88.4", "97.31", "120", None)) for _ in range(3)]
        indicator["target"] = dice.choice(("85", "97.31", "0", None))
    # Fewer than five in a topic: what is missing is a step, too.
    sheet["indicators"] = [entry for entry in sheet["indicators"] if dice.random() > 0.1]
    chosen = policy_from(policy)
    sheet["policy"] = chosen.as_dict()
    return sheet | rescore(sheet, payloads.edition())


def numbers(sheet: dict, basis: str):
    """(code, as printed) of every score on one side."""
    side = sheet["scores"][basis]
    yield "total", side["total"]
    for category in side["categories"]:
        yield category["code"], category["score"]
        yield from ((topic["code"], topic["score"]) for topic in category["topics"])


@pytest.mark.parametrize("policy", sorted(POLICIES))
@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_the_leaves_of_every_number_sum_to_it_exactly_and_as_printed(policy, dice):
    sheet = marked(dice, policy)
    for basis in BASES:
        for code, printed in numbers(sheet, basis):
            step = explain(sheet, basis, code)
            assert step.value == printed
            assert sum(leaf.points for leaf in step.leaves) == Fraction(step.exact)
            by_hand = sum(Fraction(leaf.points_shown) for leaf in step.leaves)
            assert abs(by_hand - Fraction(printed)) <= NEAR
            assert display_score(by_hand) == printed
            assert all(
                abs(Fraction(leaf.points_shown) - leaf.points) < Fraction(1, 10**5) for leaf in step.leaves
            )


def test_a_number_on_the_half_is_the_sum_of_its_leaves_as_printed():
    """484.375 is printed 484.38: what 22 leaves show, each rounded for itself, sums to 484.37499."""
    sheet = payloads.payload()
    for part in payloads.parts_of(sheet):
        part["outcome"] = "fail" if part["code"] == "5.1.1.1" else "pass"
    sheet |= rescore(sheet, payloads.edition())
    step = explain(sheet, "verified", "5")
    assert step.value == "484.38"
    assert sum(Decimal(leaf.points_shown) for leaf in step.leaves) == Decimal("484.375")


@given(st.fractions(min_value=-500, max_value=500))
def test_a_leaf_shows_two_to_five_decimals(value):
    shown = display_share_of_points(value)
    assert re.fullmatch(r"-?\d+\.\d\d(\d{0,2}[1-9])?", shown)
    assert abs(Fraction(shown) - value) <= Fraction(1, 200_000)


@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=3, deadline=None)
def test_the_appendix_gives_what_the_page_gives(dice):
    sheet = marked(dice)
    trees = category_trees(sheet)
    totals = [explain(sheet, basis, "total") for basis in BASES]
    for tree, *categories in zip(trees, *(total.steps for total in totals), strict=True):
        for side, category in zip(("claimed", "verified"), categories, strict=True):
            assert getattr(tree.row, side) == f"{category.value} → {category.points_shown}"
            shown = [getattr(row, side) for row in tree.rows]
            steps = [step for topic in category.steps for step in (topic, *topic.steps)]
            assert [entry.rpartition(" → ")[2] for entry in shown] == [step.points_shown for step in steps]
    # Every leaf of the page stands in the appendix, with both marks and the same digits.
    lines = [line.text.split() for tree in trees for row in tree.rows for line in row.lines]
    by_code = {line[0]: line for line in lines}
    for place, total in ((5, totals[0]), (8, totals[1])):
        for leaf in total.leaves:
            if leaf.kind == "part":
                assert by_code[leaf.code][place] == leaf.points_shown


def test_the_appendix_sums_to_the_total_by_hand():
    sheet = payloads.payload()
    sheet |= rescore(sheet, payloads.edition())
    given = [Decimal(0), Decimal(0)]
    for tree in category_trees(sheet):
        for row in tree.rows:
            leaves = [words for line in row.lines if (words := line.text.split())[3] in "●○□"]
            for line in leaves:
                given[0] += Decimal(line[5])
                given[1] += Decimal(line[8])
            if row.kind == "indicator":
                given[0] += Decimal(row.claimed.split()[2])
                given[1] += Decimal(row.verified.split()[2])
    for basis, total in zip(BASES, given, strict=True):
        assert abs(total - Decimal(sheet["scores"][basis]["total"])) <= Decimal("0.005")


def test_a_sheet_without_trees_is_printed_without_the_appendix():
    sheet = payloads.payload() | {"trees": {}}
    built = next(chapter for chapter in chapters(sheet) if chapter.anchor == "total")
    assert built.sections == ()
    assert 'class="rows tree"' not in render_html(sheet, revision=1)


def test_the_shares_passed_by_level_and_category_are_counted():
    sheet = payloads.payload()
    sheet |= rescore(sheet, payloads.edition())
    data = next(chapter for chapter in chapters(sheet) if chapter.anchor == "levels").data
    parts = payloads.parts_of(sheet)
    passed = sum(part["outcome"] == "pass" for part in parts)
    name, counts = data["passed"][-1]
    assert name == "รวม"
    assert counts[-1] == f"{passed}/{len(parts)} ({100 * passed / len(parts):.1f})"
    assert sum(int(count.split("/")[0]) for count in counts[:3]) == passed
    assert len(data["passed"]) == 7


@pytest.mark.parametrize(
    ("direction", "parameters", "written"),
    [
        ("higher_is_better", {}, "1,200.5 ÷ 1,000 × 100"),
        ("lower_is_better", {}, "(2 − 1,200.5 ÷ 1,000) × 100"),
        ("lower_is_better", {"lower_is_better": "target_over_result"}, "1,000 ÷ 1,200.5 × 100"),
    ],
)
def test_an_indicator_says_by_which_figures_it_was_scored(direction, parameters, written):
    sheet = payloads.payload()
    sheet["policy"] = policy_from("pmqa40-2565", parameters).as_dict()
    sheet["indicators"][0] |= {"direction": direction, "target": "1000", "results": ["900", None, "1200.5"]}
    sheet |= rescore(sheet, payloads.edition())
    code = sheet["indicators"][0]["code"]
    found = measured(sheet, explain(sheet, "claimed", code))
    assert (found.percent_sum, found.target, found.direction) == (written, "1000", direction)
    assert [figure for _year, figure in found.results] == ["900", None, "1200.5"]
    unknown = sheet | {"policy": {"name": "of-another-release"}}
    assert measured(unknown, explain(sheet, "claimed", code)).percent_sum == (
        written if direction == "higher_is_better" else ""
    )
    sheet["indicators"][0]["target"] = "0"
    sheet |= rescore(sheet, payloads.edition())
    assert measured(sheet, explain(sheet, "claimed", code)).percent_sum == ""
    assert measured(sheet, explain(sheet, "claimed", "7.1")) is None
