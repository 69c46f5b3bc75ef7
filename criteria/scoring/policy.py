"""The policy of a cycle: every choice in scoring that the form leaves open, as frozen data.

A policy is stored with every score (`as_dict`) and read back with `policy_from`; the stored form names every
parameter, so that a later change of a preset cannot change an old score. Which choices are proven by a
document and which are not is part of the data: pages mark a score that rests on the latter as an estimate.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from criteria.scoring.numbers import decimal_text, exact
from criteria.structure import ADVANCE, BASIC, LEVELS, SIGNIFICANCE

TOP = 500

PROVEN, INFERRED, UNCERTAIN = "proven", "inferred", "uncertain"

KEEP, ZERO, LEFT_OUT = "keep", "zero", "left_out"
TWO_MINUS_RATIO, TARGET_OVER_RESULT = "two_minus_ratio", "target_over_result"
UNROUNDED, AS_SHOWN = "unrounded", "as_shown"

Bands = tuple[tuple[Fraction, int], ...]


class PolicyError(ValueError):
    """The policy cannot be used; `errors` has one line "place: what is wrong" per fault."""

    def __init__(self, errors: list[str]):
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Parameters:
    """The open choices. Defaults are those of edition 2565; `PRESETS` says where each comes from.

    started_credit: what a part that is only begun is worth, 0..1.
    weights: of Basic, Advance, Significance in a topic, each above 0; only their proportion counts.
    gated: whether a level counts only when every level below it is complete.
    bands: (percent from, score) of an indicator, both rising; below the first band it scores below_target.
    below_target: 0..500.
    percent_compared: with the bands, either `unrounded` or `as_shown` (one decimal).
    lower_is_better: `two_minus_ratio` (2 - result / target) or `target_over_result`.
    not_challenging: an indicator whose target fails the challenge test: `keep` its score, or `zero`.
    failed_indicator: an indicator that a reviewer failed: `zero`, or `keep` its score.
    missing_indicator: one that a topic should have and has not: counts as `zero`, or is `left_out`.
    """

    started_credit: Fraction = Fraction(0)
    weights: tuple[Fraction, Fraction, Fraction] = (Fraction(3), Fraction(4), Fraction(5))
    gated: bool = False
    bands: Bands = ((Fraction(100), 300), (Fraction(105), 400), (Fraction(110), 500))
    below_target: int = 200
    percent_compared: str = UNROUNDED
    lower_is_better: str = TWO_MINUS_RATIO
    not_challenging: str = KEEP
    failed_indicator: str = ZERO
    missing_indicator: str = ZERO


PARAMETERS = tuple(entry.name for entry in fields(Parameters))

# What stands behind the choices of edition 2565: the printed form and its marks (proven), arithmetic on
# published scores (inferred), or nothing but our own sense (uncertain).
_CERTAINTY_2565: Mapping[str, str] = {
    "started_credit": UNCERTAIN,
    "weights": INFERRED,
    "gated": INFERRED,
    "bands": PROVEN,
    "below_target": PROVEN,
    "percent_compared": UNCERTAIN,
    "lower_is_better": INFERRED,
    "not_challenging": PROVEN,
    "failed_indicator": INFERRED,
    "missing_indicator": UNCERTAIN,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """A named preset, with its parameters as they are or as a cycle changed them."""

    name: str
    version: int
    parameters: Parameters = field(default_factory=Parameters)

    def weight(self, level: str) -> Fraction:
        return self.parameters.weights[LEVELS.index(level)]

    @property
    def certainty(self) -> dict[str, str]:
        """Parameter -> proven, inferred or uncertain; any value but that of edition 2565 is uncertain."""
        official = Parameters()
        return {
            name: known if getattr(self.parameters, name) == getattr(official, name) else UNCERTAIN
            for name, known in _CERTAINTY_2565.items()
        }

    @property
    def estimated(self) -> tuple[str, ...]:
        """The parameters that no document proves: a score that rests on them is an estimate (ประมาณการ)."""
        return tuple(name for name, known in self.certainty.items() if known != PROVEN)

    @property
    def changed(self) -> tuple[str, ...]:
        """The parameters that differ from the preset of this name."""
        preset = POLICIES[self.name].parameters
        return tuple(name for name in PARAMETERS if getattr(self.parameters, name) != getattr(preset, name))

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON with every parameter; `policy_from(name, parameters, version=version)` reads it back."""
        plain = asdict(self.parameters)
        plain["started_credit"] = decimal_text(self.parameters.started_credit)
        plain["weights"] = {level: decimal_text(self.weight(level)) for level in LEVELS}
        plain["bands"] = [
            {"from": decimal_text(start), "score": score} for start, score in self.parameters.bands
        ]
        return {"name": self.name, "version": self.version, "parameters": plain}


POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("pmqa40-2565", 1),
        # What one department used internally: Advance and Significance are steps on top of a complete Basic.
        Policy("ladder", 1, Parameters(weights=(Fraction(300), Fraction(100), Fraction(100)), gated=True)),
        # The three cases of a lecture on category 7, which the printed form contradicts.
        Policy("slide", 1, Parameters(below_target=300, not_challenging=ZERO)),
    )
}
DEFAULT_POLICY = "pmqa40-2565"


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise TypeError("must be a number")
    return exact(str(value))


def _credit(value: Any) -> Fraction:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError(f"must be from 0 to 1, not {value}")
    return number


def _points(value: Any) -> int:
    number = _number(value)
    if number.denominator != 1 or not 0 <= number <= TOP:
        raise ValueError(f"must be a whole number from 0 to {TOP}, not {value}")
    return int(number)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def _weights(value: Any) -> tuple[Fraction, Fraction, Fraction]:
    if not isinstance(value, Mapping) or set(value) != set(LEVELS):
        raise ValueError(f"must have exactly the keys {', '.join(LEVELS)}")
    basic, advance, significance = (_number(value[level]) for level in (BASIC, ADVANCE, SIGNIFICANCE))
    if min(basic, advance, significance) <= 0:
        raise ValueError("must all be above 0")
    return basic, advance, significance


def _bands(value: Any) -> Bands:
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError("must be a list that is not empty")
    bands = []
    for entry in value:
        if not isinstance(entry, Mapping) or set(entry) != {"from", "score"}:
            raise ValueError('must be a list of {"from": percent, "score": points}')
        bands.append((_number(entry["from"]), _points(entry["score"])))
    for (start, score), (next_start, next_score) in pairwise(bands):
        if next_start <= start or next_score < score:
            raise ValueError("must rise in percent, and never fall in score")
    return tuple(bands)


def _choice(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"must be {' or '.join(allowed)}, not {value!r:.60}")
        return str(value)

    return read


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "started_credit": _credit,
    "weights": _weights,
    "gated": _flag,
    "bands": _bands,
    "below_target": _points,
    "percent_compared": _choice(UNROUNDED, AS_SHOWN),
    "lower_is_better": _choice(TWO_MINUS_RATIO, TARGET_OVER_RESULT),
    "not_challenging": _choice(KEEP, ZERO),
    "failed_indicator": _choice(ZERO, KEEP),
    "missing_indicator": _choice(ZERO, LEFT_OUT),
}


def policy_from(
    name: str, parameters: Mapping[str, Any] | None = None, *, version: int | None = None
) -> Policy:
    """The preset `name` with some parameters changed, from plain JSON values (numbers or decimal strings).

    Raises PolicyError with one line per fault: an unknown policy, version or parameter, a bad value.
    """
    preset = POLICIES.get(name)
    if preset is None:
        raise PolicyError([f"policy: unknown {name!r:.60}, known are {', '.join(POLICIES)}"])
    errors = []
    if version is not None and version != preset.version:
        errors.append(f"policy: {name} has version {preset.version}, not {version!r:.60}")
    values = {}
    for key, value in (parameters or {}).items():
        if key not in _READERS:
            errors.append(f"parameters: unknown {key!r:.60}, known are {', '.join(PARAMETERS)}")
            continue
        try:
            values[key] = _READERS[key](value)
        except (TypeError, ValueError) as error:
            errors.append(f"parameters.{key}: {error}")
    changed = replace(preset.parameters, **values)
    if not errors and changed.below_target > changed.bands[0][1]:
        errors.append("parameters.below_target: must not be above the score of the first band")
    if errors:
        raise PolicyError(errors)
    return replace(preset, parameters=changed)
