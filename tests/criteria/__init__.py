"""Tests of `criteria`; what several of them need stands here."""

from functools import cache
from pathlib import Path

from criteria.reader import read_edition
from criteria.structure import Edition

CRITERIA = Path(__file__).parents[2] / "fixtures" / "criteria"
GOLDEN = Path(__file__).parents[1] / "golden"


@cache
def edition_2565() -> Edition:
    """Edition 2565 as the shipped files give it, read once."""
    return read_edition(CRITERIA / "pmqa40-2565")
