"""The score of stage 2 as pages and documents show it: a frozen payload -> its figures. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmqa.thai import thai_number


@dataclass(frozen=True, slots=True)
class ShownStageTwo:
    """`score` is on `scale`, which is not that of stage 1; both with separators."""

    score: str
    scale: str
    decided_on: date
    decided_by: str
    note: str


def shown_stage_two(payload: Mapping[str, Any]) -> ShownStageTwo | None:
    """None for a result without one, whenever it was frozen."""
    stored = payload.get("stage_two")
    if not stored:
        return None
    return ShownStageTwo(
        score=thai_number(stored["score"]),
        scale=thai_number(stored["scale"]),
        decided_on=date.fromisoformat(stored["decided_on"]),
        decided_by=stored["decided_by"],
        note=stored["note"],
    )
