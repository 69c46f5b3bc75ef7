import json
from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest

from criteria.scoring import DEFAULT_POLICY, POLICIES, PolicyError, policy_from
from criteria.scoring.policy import PARAMETERS

CHANGES = {
    "started_credit": "0.5",
    "weights": {"basic": 300, "advance": "400", "significance": 500.5},
    "gated": True,
    "bands": [{"from": "100", "score": 300}, {"from": "107.5", "score": "350"}, {"from": 120, "score": 500}],
    "below_target": 250,
    "percent_compared": "as_shown",
    "lower_is_better": "target_over_result",
    "not_challenging": "zero",
    "failed_indicator": "keep",
    "missing_indicator": "left_out",
}


def test_the_presets_and_the_default():
    assert list(POLICIES) == ["pmqa40-2565", "ladder", "slide"]
    assert DEFAULT_POLICY == "pmqa40-2565"
    assert {policy.version for policy in POLICIES.values()} == {1}


@pytest.mark.parametrize("name", POLICIES)
def test_a_preset_survives_its_stored_form(name):
    stored = json.loads(json.dumps(POLICIES[name].as_dict()))

    assert policy_from(stored["name"], stored["parameters"], version=stored["version"]) == POLICIES[name]
    assert set(stored["parameters"]) == set(PARAMETERS)


def test_a_policy_with_every_parameter_changed_survives_its_stored_form():
    policy = policy_from("slide", CHANGES)
    stored = json.loads(json.dumps(policy.as_dict()))

    assert policy_from("slide", stored["parameters"]) == policy
    assert policy.parameters.started_credit == Fraction(1, 2)
    assert policy.parameters.weights == (300, 400, Fraction(1001, 2))
    assert policy.parameters.bands == ((100, 300), (Fraction(215, 2), 350), (120, 500))


def test_changing_one_parameter_leaves_the_preset_alone():
    changed = policy_from("ladder", {"started_credit": "0.25"})

    assert changed.changed == ("started_credit",)
    assert POLICIES["ladder"].changed == ()
    assert POLICIES["ladder"].parameters.started_credit == 0
    with pytest.raises(FrozenInstanceError):
        changed.parameters.started_credit = Fraction(1)


def test_every_parameter_says_how_sure_it_is():
    policy = POLICIES["pmqa40-2565"]

    assert policy.certainty == {
        "started_credit": "uncertain",
        "weights": "inferred",
        "gated": "inferred",
        "bands": "proven",
        "below_target": "proven",
        "percent_compared": "uncertain",
        "lower_is_better": "inferred",
        "not_challenging": "proven",
        "failed_indicator": "inferred",
        "missing_indicator": "uncertain",
    }
    assert "bands" not in policy.estimated
    assert "weights" in policy.estimated


def test_a_proven_value_that_is_changed_is_proven_no_more():
    assert POLICIES["slide"].certainty["below_target"] == "uncertain"
    assert POLICIES["slide"].certainty["bands"] == "proven"
    assert POLICIES["ladder"].certainty["weights"] == "uncertain"


def test_every_fault_has_its_own_line():
    with pytest.raises(PolicyError) as caught:
        policy_from(
            "pmqa40-2565",
            {
                "started_credit": "1.5",
                "weights": {"basic": 0, "advance": 1, "significance": 1},
                "gated": 1,
                "bands": [],
                "below_target": "200.5",
                "percent_compared": "rounded",
                "lower_is_better": None,
                "colour": "red",
            },
            version=2,
        )

    assert caught.value.errors == [
        "policy: pmqa40-2565 has version 1, not 2",
        "parameters.started_credit: must be from 0 to 1, not 1.5",
        "parameters.weights: must all be above 0",
        "parameters.gated: must be true or false",
        "parameters.bands: must be a list that is not empty",
        "parameters.below_target: must be a whole number from 0 to 500, not 200.5",
        "parameters.percent_compared: must be unrounded or as_shown, not 'rounded'",
        "parameters.lower_is_better: must be two_minus_ratio or target_over_result, not None",
        f"parameters: unknown 'colour', known are {', '.join(PARAMETERS)}",
    ]


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        ({"started_credit": True}, "parameters.started_credit: must be a number"),
        ({"started_credit": "NaN"}, "parameters.started_credit: not a decimal number"),
        ({"weights": [3, 4, 5]}, "parameters.weights: must have exactly the keys"),
        ({"weights": {"basic": 1}}, "parameters.weights: must have exactly the keys"),
        ({"bands": ["100"]}, "parameters.bands: must be a list of"),
        (
            {"bands": [{"from": 105, "score": 300}, {"from": 100, "score": 400}]},
            "parameters.bands: must rise",
        ),
        (
            {"bands": [{"from": 100, "score": 400}, {"from": 105, "score": 300}]},
            "parameters.bands: must rise",
        ),
        ({"bands": [{"from": 100, "score": 501}]}, "parameters.bands: must be a whole number"),
        ({"below_target": 301}, "parameters.below_target: must not be above"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(parameters, line):
    with pytest.raises(PolicyError) as caught:
        policy_from("pmqa40-2565", parameters)

    (error,) = caught.value.errors
    assert error.startswith(line)


def test_an_unknown_policy_names_those_that_exist():
    with pytest.raises(PolicyError, match="unknown 'best', known are pmqa40-2565, ladder, slide"):
        policy_from("best")
