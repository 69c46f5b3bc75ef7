"""What a number rests on: another choice of the policy changes no number that does not say so; and as it is printed."""

import random

import pytest

from criteria.scoring import DEFAULT_POLICY, policy_from
from results.documents.content import chapters
from results.documents.deck import render_html as slides_html
from results.documents.feedback_report import render_html
from results.explaining import BASES, LEVEL, explain, rules_for
from results.leaning import CATEGORY_MEAN, Leaning
from results.payload import rescore
from results.policy_words import all_rules, estimates, rules_behind
from results.tree_rows import category_trees
from tests.results import payloads
from tests.results.test_tree import marked

# Another choice for each parameter, as plain JSON.
OTHERS = {
    "started_credit": "0.5",
    "weights": {"basic": "1", "advance": "1", "significance": "3"},
    "gated": True,
    "bands": [{"from": "95", "score": 310}, {"from": "101", "score": 420}, {"from": "111", "score": 490}],
    "below_target": 150,
    "percent_compared": "as_shown",
    "lower_is_better": "target_over_result",
    "not_challenging": "zero",
    "failed_indicator": "keep",
    "missing_indicator": "left_out",
}


def leaning(sheet: dict) -> Leaning:
    policy = policy_from(sheet["policy"]["name"], sheet["policy"]["parameters"])
    return Leaning(policy.parameters, {entry["code"]: entry for entry in sheet["indicators"]})


def steps(step):
    yield step
    for inner in step.steps:
        yield from steps(inner)


def values(sheet: dict, basis: str) -> list[tuple]:
    """Every step down to the levels and the indicators, with what it gives to the total."""
    total = explain(sheet, basis, "total")
    return [(step, step.exact) for step in steps(total) if step.kind not in ("item", "part", LEVEL)]


def test_another_choice_changes_no_number_that_does_not_say_so():
    dice = random.Random(2565)
    sheet = marked(dice)
    for entry in sheet["indicators"]:
        entry["direction"] = dice.choice(("higher_is_better", "lower_is_better"))
        entry["target"] = "100"
        entry["results"] = [dice.choice(("99.96", "104.97", "90", "95.1", "130")) for _ in range(3)]
    sheet |= rescore(sheet, payloads.edition())
    asked = leaning(sheet)
    before = {basis: values(sheet, basis) for basis in BASES}
    changed = set()
    for name, other in OTHERS.items():
        policy = policy_from(DEFAULT_POLICY, {name: other})
        again = sheet | {"policy": policy.as_dict()}
        again |= rescore(again, payloads.edition())
        for basis in BASES:
            after = {step.code: value for step, value in values(again, basis)}
            for step, value in before[basis]:
                if step.code and step.code in after and after[step.code] != value:
                    changed.add(name)
                    assert name in asked.of(step), (basis, step.code, name)
    assert changed == set(OTHERS), "each was put to the test"


def test_what_changes_nothing_is_not_named():
    sheet = payloads.all_passed(["90", "95", "100"])
    sheet |= rescore(sheet, payloads.edition())
    for basis in BASES:
        total = explain(sheet, basis, "total")
        # Full marks in Form 3 are full marks by any weights; each indicator is in its band, and no more.
        assert leaning(sheet).of(total) == {"bands"}
        assert leaning(sheet).of_level(total.steps[0].steps[0], total.steps[0].steps[0].steps[0]) == {
            "weights"
        }


def test_a_page_parts_the_rules_that_made_a_number_from_those_that_leave_it(sheet):
    rescored = sheet | rescore(sheet, payloads.edition())
    for code in ("total", "1", "1.1", "7.1", rescored["indicators"][0]["code"]):
        step = explain(rescored, "verified", code)
        behind, others = rules_behind(rescored, step)
        rests_on = leaning(rescored).of(step)
        assert {rule.parameter for rule in behind if rule.estimated} == {
            rule.parameter for rule in all_rules(rescored["policy"]) if rule.estimated
        } & rests_on
        assert all(rule.estimated and rule.parameter not in rests_on for rule in others)
        named = [rule.parameter for rule in (*behind, *others) if rule.parameter != CATEGORY_MEAN]
        assert sorted(named) == sorted(rules_for(step))
    assert rules_behind(rescored | {"policy": {"name": "later"}}, step) == ((), ())


@pytest.fixture(scope="module")
def sheet() -> dict:
    return marked(random.Random(4))


def test_the_appendix_lists_every_rule_with_how_it_is_known(sheet):
    data = next(chapter for chapter in chapters(sheet) if chapter.anchor == "total").data
    assert [rule.parameter for rule, _number in data["rules"]][-1] == CATEGORY_MEAN
    assert [number for _rule, number in data["rules"] if number] == list(range(1, 9))
    assert all(bool(rule.why) == bool(number) for rule, number in data["rules"])
    html = render_html(sheet, revision=1)
    assert html.count("เอกสารของเกณฑ์ระบุไว้") == 3
    assert html.count('<span class="estimated">ประมาณการ 8</span>') == 1
    slides = slides_html(sheet, revision=1)
    for rule, number in data["rules"]:
        assert (rule.why in html) and ((rule.why in slides) == bool(number)) if number else rule.text in html


def test_the_rows_of_the_appendix_name_the_estimates_they_rest_on(sheet):
    numbers = estimates(all_rules(sheet["policy"]))
    trees = category_trees(sheet, numbers)
    assert all(tree.row.rests for tree in trees)
    shares = {step.code: step for basis in BASES for step in steps(explain(sheet, basis, "total"))}
    started = str(numbers["started_credit"])
    claims = {part["code"]: part["claim"] for part in payloads.parts_of(sheet)}
    for row in (row for tree in trees for row in tree.rows):
        for line in row.lines:
            code = line.text.split()[0]
            if code in claims:
                assert line.rests == (started if claims[code] == "started" else "")
        assert row.kind != "indicator" or row.code == "" or row.code in shares
    assert not any(row.rests for tree in category_trees(sheet) for row in tree.rows)


def test_a_policy_this_release_does_not_know_has_a_tree_and_no_list(sheet):
    unknown = sheet | {"policy": {"name": "later", "version": 1, "parameters": {}}}
    data = next(chapter for chapter in chapters(unknown) if chapter.anchor == "total").data
    assert data["rules"] == []
    html = render_html(unknown, revision=1)
    assert 'class="rows tree"' in html
    assert "ประมาณการ 1" not in html
