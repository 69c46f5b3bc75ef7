"""The evidence that was handed in with a case, read from the frozen copy alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessments.files.types import BY_EXTENSION, extension_of
from assessments.models import Assessment


@dataclass(frozen=True)
class FrozenEntry:
    """One entry of the register as it was when the agency submitted. `cited_by` are codes as people see them."""

    number: int
    version: int
    title: str
    source_system: str
    reference: str
    name: str
    size: int | None
    url: str
    cited_by: tuple[str, ...]

    @property
    def previews(self) -> bool:
        """Whether a browser shows the file by itself; names agree with contents, or they were not taken."""
        return bool(self.name) and BY_EXTENSION[extension_of(self.name)].previews


def frozen_content(assessment: Assessment) -> list[dict[str, Any]]:
    """The evidence of the latest submission, without reading the rest of it. One query."""
    return assessment.submissions.values_list("content__evidence", flat=True).first() or []


def frozen_evidence(assessment: Assessment) -> list[FrozenEntry]:
    fields = ("number", "version", "title", "source_system", "reference", "name", "size", "url")
    return [
        FrozenEntry(**{name: entry[name] for name in fields}, cited_by=tuple(entry["cited_by"]))
        for entry in frozen_content(assessment)
    ]


def by_code(entries: Iterable[FrozenEntry]) -> dict[str, tuple[FrozenEntry, ...]]:
    """Code of an answer -> what it cites."""
    found: dict[str, tuple[FrozenEntry, ...]] = {}
    for entry in entries:
        for code in entry.cited_by:
            found[code] = (*found.get(code, ()), entry)
    return found
