"""What if: changes to the marks of an assessment that are scored and never stored. Pure: no Django.

The changes live in an address: `1.2.2.1=pass`, `7.1.1.1=fail`, `7.1.1.1.result=92.5`, `7.1.1.1.target=`. Only what
differs from the truth is in it, so an address stays short and means the same to everybody who may open it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from criteria.fields import Fault, parse_number, plain_number
from criteria.scoring import CLAIMED, CLAIMS, VERDICTS, Indicator
from pmqa.text import normalise
from results.standing.marks import Marks

RESULT, TARGET = "result", "target"
FIGURES = (TARGET, RESULT)


@dataclass(frozen=True)
class Changes:
    """What differs from the truth. `faults`: key -> what was typed and is no number, in its code."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[tuple[str, str], Fraction | None] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.statuses or self.verdicts or self.figures)

    @property
    def count(self) -> int:
        return len(self.statuses) + len(self.verdicts) + len(self.figures)


def figure(indicator: Indicator, name: str) -> Fraction | None:
    """The target or the latest result."""
    value = indicator.target if name == TARGET else next(iter(indicator.results[-1:]), None)
    return None if value is None else Fraction(value)


def figure_text(value: Fraction | None) -> str:
    """As it stands in a blank; empty is "no data", which is not 0."""
    if value is None:
        return ""
    return plain_number(Decimal(value.numerator) / Decimal(value.denominator))


def read(marks: Marks, typed: Mapping[str, str]) -> Changes:
    """What was typed or stands in an address, less what is so anyway. Keys of nothing in these marks are ignored."""
    words = CLAIMS if marks.basis == CLAIMED else VERDICTS
    statuses = {
        part.code: typed[part.code]
        for part in marks.tree.process_parts
        if typed.get(part.code) in words and typed[part.code] != marks.status(part.code)
    }
    verdicts, figures, faults = {}, {}, {}
    for code, indicator in marks.by_code.items():
        if marks.basis != CLAIMED and typed.get(code) in VERDICTS and typed[code] != indicator.verdict:
            verdicts[code] = typed[code]
        for name in FIGURES:
            key = f"{code}.{name}"
            if key not in typed:
                continue
            try:
                value = _number(typed[key])
            except Fault as fault:
                faults[key] = fault
                continue
            if value != figure(indicator, name):
                figures[code, name] = value
    return Changes(statuses, verdicts, figures, faults)


def _number(text: str) -> Fraction | None:
    text = normalise(text).strip()
    return Fraction(parse_number(text)) if text else None


def apply(marks: Marks, changes: Changes) -> Marks:
    """The marks as they would be."""
    changed: dict[str, Indicator] = {}
    for code, verdict in changes.verdicts.items():
        changed[code] = replace(marks.by_code[code], verdict=verdict)
    for (code, name), value in changes.figures.items():
        indicator = changed.get(code, marks.by_code[code])
        if name == TARGET:
            changed[code] = replace(indicator, target=value)
        else:
            changed[code] = replace(indicator, results=(*indicator.results[:-1], value))
    return marks.with_statuses(changes.statuses).with_indicators(changed)


def address(changes: Changes) -> list[tuple[str, str]]:
    """The changes as pairs of an address, in form order."""
    return [
        *changes.statuses.items(),
        *changes.verdicts.items(),
        *((f"{code}.{name}", figure_text(value)) for (code, name), value in changes.figures.items()),
    ]
