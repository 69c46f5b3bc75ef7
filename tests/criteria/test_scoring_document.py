import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.scoring.document import DocumentError, compute, read
from tests.criteria import GOLDEN, edition_2565

SCORING = GOLDEN / "scoring"

KNOWN = "edition, policy, parameters, parts, verdicts, indicators"
ROW = {
    "topic": "7.1",
    "group": 1,
    "name": "ตัวชี้วัดสมมติ",
    "direction": "higher_is_better",
    "target": "85",
    "results": ["88.32", "80.55", "89.69"],
}


def golden(name):
    return (SCORING / name).read_text(encoding="utf-8")


def edition_of(code):
    return edition_2565() if code == "pmqa40-2565" else None


def answer(document, policy=None):
    text = document if isinstance(document, str) else json.dumps(document)
    return compute(read(text, edition_of=edition_of, policy=policy))


def errors(document, policy=None):
    with pytest.raises(DocumentError) as caught:
        answer(document, policy)
    assert all(len(error.splitlines()) == 1 for error in caught.value.errors)
    return caught.value.errors


def with_row(**changes):
    return {"edition": "pmqa40-2565", "indicators": [ROW | changes]}


@pytest.mark.parametrize("name", ["published", "details"])
def test_golden_documents_to_the_letter(name):
    out = json.dumps(answer(golden(f"{name}.json")), ensure_ascii=False, indent=1)

    assert f"{out}\n" == golden(f"{name}.expected.json")


def test_one_set_of_marks_gives_every_published_score():
    """The six categories by marks found by search, category 7 by thirty rows, both totals."""
    out = answer(golden("published.json"))

    def scores(basis):
        return [category["score"] for category in out[basis]["categories"].values()]

    assert scores("claimed") == ["500.00", "500.00", "500.00", "500.00", "500.00", "500.00", "423.33"]
    assert scores("verified") == ["411.46", "453.13", "434.90", "404.51", "484.38", "449.65", "403.33"]
    assert (out["claimed"]["total"], out["verified"]["total"]) == ("489.05", "434.48")
    assert (out["claimed"]["level"], out["verified"]["level"]) == ("advance", "advance")
    assert out["findings"] == []
    gaps = {
        code: Decimal(out["verified"]["categories"][code]["score"]) - Decimal(category["score"])
        for code, category in out["claimed"]["categories"].items()
    }
    assert min(gaps, key=gaps.get) == "4"
    assert gaps["4"] == Decimal("-95.49")


def test_every_error_of_a_bad_document_at_once():
    assert errors(golden("bad.json")) == golden("bad.errors.txt").splitlines()


def test_the_shape_and_the_order_of_the_keys():
    out = answer({"edition": "pmqa40-2565", "verdicts": {}, "indicators": [ROW]})

    assert list(out) == ["policy", "policy_version", "claimed", "verified", "findings"]
    assert list(out["claimed"]) == ["total", "level", "categories", "indicators"]
    assert list(out["claimed"]["categories"]) == ["1", "2", "3", "4", "5", "6", "7"]
    assert list(out["claimed"]["categories"]["1"]) == ["score", "level", "topics"]
    assert out["claimed"]["categories"]["1"]["topics"]["1.1"] == {
        "score": "0.00",
        "level": None,
        "shares": {"basic": "0", "advance": "0", "significance": "0"},
    }
    assert out["claimed"]["categories"]["7"]["topics"]["7.1"] == {
        "score": "80.00",
        "level": None,
        "indicators_counted": 1,
    }
    assert out["claimed"]["indicators"] == [
        {"topic": "7.1", "group": 1, "percent": "105.5", "score": 400, "challenging": True, "findings": []}
    ]
    assert out["verified"]["indicators"][0]["score"] == 0
    assert out["findings"][0] == "7.1: needs 5 indicators, has 1"


def test_shares_are_exact_fractions():
    out = answer({"edition": "pmqa40-2565", "parts": {"2.1.1.1": "done", "1.1.1.1": "done"}})
    topics = out["claimed"]["categories"]

    assert topics["1"]["topics"]["1.1"]["shares"]["advance"] == "1/2"
    assert "1/3" in topics["2"]["topics"]["2.1"]["shares"].values()


def test_without_verdicts_nothing_is_verified_and_with_empty_ones_everything_is_zero():
    assert "verified" not in answer({"edition": "pmqa40-2565", "indicators": [ROW | {"verdict": "pass"}]})
    assert answer({"edition": "pmqa40-2565", "verdicts": {}})["verified"]["total"] == "0.00"


def test_a_json_number_is_read_as_if_it_stood_in_quotes():
    typed = golden("details.json")

    assert answer(with_row(target=85, results=[88.32, 80.55, 89.69])) == answer(with_row())
    assert answer(with_row(topic=7.1)) == answer(with_row())
    assert '"target": 85' in typed
    # 0.1 + 0.2 would not reach the target of 0.3 as binary floats do it.
    exact = answer(with_row(target=0.3, results=[0, 0, 0.30]))
    assert exact["claimed"]["indicators"][0]["percent"] == "100.0"
    assert exact["claimed"]["indicators"][0]["score"] == 300


def test_a_null_verdict_of_an_indicator_is_no_verdict():
    assert answer(with_row(verdict=None)) == answer(with_row())


def test_parameters_change_one_call():
    parts = {part.code: "started" for part in edition_2565().process_parts}
    document = {"edition": "pmqa40-2565", "parts": parts, "parameters": {"started_credit": 0.5}}

    assert answer(document)["claimed"]["categories"]["1"]["score"] == "250.00"
    assert answer(document | {"parameters": {}})["claimed"]["categories"]["1"]["score"] == "0.00"


def test_a_failed_indicator_scores_by_the_policy():
    failed = with_row(verdict="fail") | {"verdicts": {}}

    assert answer(failed)["verified"]["indicators"][0]["score"] == 0
    assert (
        answer(failed | {"parameters": {"failed_indicator": "keep"}})["verified"]["indicators"][0]["score"]
        == 400
    )


def test_the_policy_asked_for_beats_the_one_in_the_document():
    basic = {part.code: "done" for part in edition_2565().process_parts if part.level == "basic"}
    document = {"edition": "pmqa40-2565", "policy": "pmqa40-2565", "parts": basic}

    out = answer(document, policy="ladder")

    assert out["policy"] == "ladder"
    assert out["claimed"]["categories"]["1"]["score"] == "300.00"
    assert answer(document)["claimed"]["categories"]["1"]["score"] == "125.00"
    assert answer(document | {"policy": "slide"})["policy"] == "slide"


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("", "line 1 column 1: not JSON: Expecting value"),
        ("[]", "document: must be an object, not a list"),
        ("5", "document: must be an object, not 5"),
        ("[" * 200_000, "document: nested too deeply"),
        ("{}", "document: edition is missing"),
        ({"edition": "pmqa40-2570"}, 'edition: unknown "pmqa40-2570"'),
        ({"edition": "../criteria"}, 'edition: unknown "../criteria"'),
        ({"edition": None}, "edition: must be text, not null"),
        ({"edition": "pmqa40-2565", "parts": []}, "parts: must be an object, not a list"),
        ({"edition": "pmqa40-2565", "parts": {"OP1.mission": "done"}}, 'parts: unknown part "OP1.mission"'),
        ({"edition": "pmqa40-2565", "verdicts": None}, "verdicts: must be an object, not null"),
        ({"edition": "pmqa40-2565", "verdict": {}}, f'document: unknown key "verdict", known are {KNOWN}'),
        ('{"edition": "pmqa40-2565", "edition": "pmqa40-2565"}', 'document: key "edition" stands twice'),
        ('{"edition": "pmqa40-2565", "parts": {"1.1.1.1": "done", "1.1.1.1": "done"}}',
         'parts: key "1.1.1.1" stands twice'),
        (with_row(group="1"), 'indicators[0].group: must be an integer from 1 to 5, not "1"'),
        (with_row(group=0), "indicators[0].group: must be an integer from 1 to 5, not 0"),
        (with_row(group=1.0), "indicators[0].group: must be an integer from 1 to 5, not 1.0"),
        (with_row(topic="7.7"), 'indicators[0].topic: unknown "7.7"'),
        (with_row(target=None), 'indicators[0].target: must be a decimal number such as "89.69", not null'),
        (with_row(target=float("inf")),
         'indicators[0].target: must be a decimal number such as "89.69", not Infinity'),
        (with_row(results=["1", "2", ""]),
         'indicators[0].results[2]: not a decimal number such as "89.69": ""'),
        (with_row(verdict="unsure"), 'indicators[0].verdict: must be one of pass, fail, not "unsure"'),
    ],
)  # fmt: skip
def test_what_is_refused(document, error):
    assert errors(document) == [error]


def test_a_byte_order_mark_does_no_harm():
    assert answer("\ufeff" + json.dumps(with_row())) == answer(with_row())


def test_huge_numbers_are_refused_and_not_computed():
    text = json.dumps(with_row()).replace('"85"', "1" + "0" * 200_000)

    (error,) = errors(text)
    assert error.startswith("indicators[0].target: not a decimal number")
    assert len(error) < 150


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(["edition", "policy", "parameters", "parts", "verdicts", "indicators", "other"]),
    value=json_values,
)
def test_any_value_anywhere_is_scored_or_refused_in_lines(key, value):
    document = with_row() | {key: value}
    try:
        answer(document)
    except DocumentError:
        assert errors(document)


@settings(max_examples=200, deadline=None)
@given(key=st.sampled_from([*ROW, "verdict", "other"]), value=json_values)
def test_any_value_in_a_row_is_scored_or_refused_in_lines(key, value):
    document = with_row(**{key: value})
    try:
        out = answer(document)
    except DocumentError:
        assert errors(document)
    else:
        assert out["claimed"]["indicators"][0]["score"] in {0, 200, 300, 400, 500}


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(
        [
            "started_credit",
            "weights",
            "gated",
            "bands",
            "below_target",
            "not_challenging",
            "missing_indicator",
        ]
    ),
    value=json_values,
)
def test_any_value_of_a_parameter_is_used_or_refused_in_lines(name, value):
    document = with_row() | {"parameters": {name: value}}
    try:
        answer(document)
    except DocumentError:
        assert errors(document)
