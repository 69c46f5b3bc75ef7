"""What a dashboard says, worked out from the payloads one by one: no summary rows, no SQL, no code of ours."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.models import Cycle
from results.models import ResultSheet

LEVELS = ("basic", "advance", "significance")


@dataclass
class Counted:
    """A population, counted payload by payload."""

    payloads: dict[str, dict[str, Any]] = field(default_factory=dict)

    def totals(self, side: str = "verified") -> list[Fraction]:
        return [Fraction(told["scores"][side]["total"]) for told in self.payloads.values()]

    def score(self, code: str, side: str = "verified") -> list[Fraction]:
        return [Fraction(scored["score"]) for scored in self.scored(code, side)]

    def scored(self, code: str, side: str = "verified") -> list[dict[str, Any]]:
        return [
            entry
            for told in self.payloads.values()
            for category in told["scores"][side]["categories"]
            for entry in (category, *category["topics"])
            if entry["code"] == code
        ]

    def passed(self, category: str) -> dict[str, tuple[int, int]]:
        """Parts passed of all, by level, over the topics of a category."""
        found = {level: [0, 0] for level in LEVELS}
        for entry in self.scored(category):
            for topic in entry["topics"]:
                for level, (good, whole) in topic.get("counts", {}).items():
                    found[level][0] += good
                    found[level][1] += whole
        return {level: tuple(counts) for level, counts in found.items()}

    def failed(self) -> Counter[str]:
        return Counter(
            part["code"]
            for told in self.payloads.values()
            for category in told["categories"]
            for topic in category["topics"]
            for item in topic["items"]
            for part in item["parts"]
            if part["outcome"] == "fail"
        )

    def opportunities(self) -> dict[str, set[str]]:
        """Agency -> topics with an OFI."""
        return {
            code: {entry["topic"] for entry in told["feedback"]["ofi"]}
            for code, told in self.payloads.items()
        }

    def indicators(self, group: str) -> list[dict[str, Any]]:
        return [
            entry
            for told in self.payloads.values()
            for entry in told["indicators"]
            if f"{entry['topic']}.{entry['group']}" == group
        ]


def counted(cycle: Cycle, wanted: Callable[[ResultSheet], bool] = lambda sheet: True) -> Counted:
    """The last revision of each result of the cycle that is `wanted`."""
    found: dict[str, dict[str, Any]] = {}
    sheets = ResultSheet.objects.filter(assessment__cycle=cycle).select_related("assessment__agency")
    for sheet in sheets.order_by("revision"):
        if wanted(sheet):
            found[sheet.payload["agency"]["code"]] = sheet.payload
    return Counted(found)


def mean(values: Iterable[Fraction]) -> Fraction:
    values = list(values)
    return sum(values, Fraction()) / len(values)


def shown(value: Fraction) -> str:
    """Two decimals, half up."""
    return f"{Decimal(int(abs(value) * 100 + Fraction(1, 2))) / 100:.2f}"


def group(score: Fraction) -> int:
    """1 to 4 by the score rounded to whole points."""
    points = int(score + Fraction(1, 2))
    return 1 + sum(points >= edge for edge in (300, 351, 400))
