"""A frozen result as the rows of the data dictionary's tables: plain data in, plain data out, no Django.

Texts and figures are those of the payload, unchanged; nothing is computed or rounded here. Keys of the payload may be
absent in a partial sheet: what is absent is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pmqa.text import normalise
from results.exporting import dictionary
from results.exporting.dictionary import Table

Row = dict[str, Any]


@dataclass(frozen=True)
class Frozen:
    """A published sheet, the evidence list of the submission that it judged, and the row of `kpi` that was kept when
    the file was ordered."""

    payload: Mapping[str, Any]
    revision: int
    digest: str
    evidence: Sequence[Mapping[str, Any]] = ()
    kpi: Mapping[str, Any] | None = None

    @property
    def key(self) -> Row:
        return {
            "agency_code": self.payload["agency"]["code"],
            "year": self.payload["cycle"]["year"],
            "revision": self.revision,
        }


def rows_of(table: Table, frozen: Frozen) -> Iterator[Row]:
    """The rows of one table, in the order of the form."""
    key = frozen.key
    for row in _MAKERS[table.name](frozen):
        yield key | row


def _agencies(frozen: Frozen) -> Iterator[Row]:
    payload = frozen.payload
    claimed, verified = payload["scores"]["claimed"], payload["scores"]["verified"]
    submission = payload.get("submission") or {}
    applied = payload.get("application") or {}
    second = payload.get("stage_two") or {}
    yield {
        "agency_name": payload["agency"]["name"],
        "agency_name_en": payload["agency"].get("name_en"),
        "ministry": payload["agency"].get("ministry"),
        "cycle": payload["cycle"]["name"],
        "edition": payload["edition"]["code"],
        "policy": payload["policy"]["name"],
        "policy_version": payload["policy"]["version"],
        "is_partial": payload["partial"],
        "claimed_total": claimed["total"],
        "claimed_level": claimed["level"],
        "verified_total": verified["total"],
        "verified_level": verified["level"],
        "applied_for": applied.get("award"),
        "applied_categories": " ".join(applied.get("categories") or ()) or None,
        "stage_two_score": second.get("score"),
        "stage_two_scale": second.get("scale"),
        "stage_two_decided_on": second.get("decided_on"),
        "stage_two_decided_by": second.get("decided_by"),
        "submission_number": submission.get("number"),
        "submitted_at": submission.get("submitted_at"),
        "submission_digest": submission.get("digest"),
        "published_at": payload.get("published_at"),
        "sheet_digest": frozen.digest,
    }


def _scores(frozen: Frozen) -> Iterator[Row]:
    claimed, verified = (_scored(frozen.payload["scores"][side]) for side in ("claimed", "verified"))
    for place, checked in verified.items():
        own = claimed[place]
        kind, code = place
        yield {
            "kind": kind,
            "code": code,
            "name": checked.get("name"),
            "claimed_score": own["score"],
            "claimed_level": own["level"],
            "verified_score": checked["score"],
            "verified_level": checked["level"],
        }


def _scored(side: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """(kind, code) -> what is scored, in the order of the form. Both sides of a sheet have the same."""
    found = {("total", "total"): {"score": side["total"], "level": side["level"]}}
    for category in side["categories"]:
        found["category", category["code"]] = category
        for topic in category["topics"]:
            found["topic", topic["code"]] = topic
    return found


def _answers(frozen: Frozen) -> Iterator[Row]:
    for topic in frozen.payload.get("profile") or ():
        for question in topic["questions"]:
            yield from _entries(question["code"], question)
    for _place, part in _parts(frozen):
        for blank in part["fields"]:
            yield from _entries(part["code"], blank)


def _entries(code: str, blank: Mapping[str, Any]) -> Iterator[Row]:
    """One row for a text, one for each entry of a list, one for each cell of a table; an empty blank has none."""
    same = {"code": code, "field": blank["key"], "label": blank["label"]}
    value = blank["value"]
    if isinstance(value, str):
        if value:
            yield same | {"row": None, "column": None, "answer": value}
        return
    for number, entry in enumerate(value, start=1):
        cells = [(None, entry)] if isinstance(entry, str) else zip(blank["columns"], entry, strict=False)
        for column, text in cells:
            if text:
                yield same | {"row": number, "column": column, "answer": text}


def _verdicts(frozen: Frozen) -> Iterator[Row]:
    for (category, topic, item), part in _parts(frozen):
        yield {
            "category": category,
            "topic": topic,
            "item": item,
            "code": part["code"],
            "question": part["prompt"],
            "level": part["level"],
            "claim": part["claim"],
            "outcome": part["outcome"],
            "basis": part["basis"],
        }


def _comments(frozen: Frozen) -> Iterator[Row]:
    judged = [("part", part) for _place, part in _parts(frozen)]
    judged += [("indicator", entry) for entry in frozen.payload["indicators"]]
    for kind, entry in judged:
        if entry["comment"]:
            yield {
                "kind": kind,
                "code": entry["code"],
                "outcome": entry["outcome"],
                "comment": entry["comment"],
            }


def _indicators(frozen: Frozen) -> Iterator[Row]:
    for entry in frozen.payload["indicators"]:
        row = {
            "topic": entry["topic"],
            "group": entry["group"],
            "code": entry["code"],
            "name": entry["name"],
            "unit": entry["unit"],
            "direction": entry["direction"],
            "target": entry["target"],
        }
        # Oldest first; the last is scored, whatever a print has left of the years before.
        years, results = _three(entry["years"]), _three(entry["results"])
        for number, (year, result) in enumerate(zip(years, results, strict=True), start=1):
            row |= {f"year_{number}": year, f"result_{number}": result}
        yield row | {
            "percent": entry["percent"],
            "claimed_score": entry["score"],
            "verified_score": entry["verified_score"],
            "is_challenging": entry["challenging"],
            "outcome": entry["outcome"],
        }


def _three(values: Sequence[Any] | None) -> list[Any]:
    found = list(values or ())[-3:]
    return [None] * (3 - len(found)) + found


def _feedback(frozen: Frozen) -> Iterator[Row]:
    feedback = frozen.payload["feedback"]
    for kind, entries in (
        ("pillar", feedback["pillars"]),
        ("ofi", feedback["ofi"]),
        ("advice", feedback["advice"]),
        ("closing", [{"code": "closing", "text": feedback["closing"]}] if feedback["closing"] else ()),
        ("direction", feedback["directions"]),
    ):
        for entry in entries:
            yield {
                "kind": kind,
                "code": entry["code"],
                "topic": entry.get("topic"),
                "title": entry.get("title") or entry.get("name"),
                "text": entry["text"],
                "parts": " ".join(entry.get("parts") or ()),
            }


def _evidence(frozen: Frozen) -> Iterator[Row]:
    for entry in frozen.evidence:
        yield {
            "number": entry["number"],
            "version": entry["version"],
            "kind": entry["kind"],
            # Names of files are as somebody's computer gave them.
            **{name: normalise(entry[name]) for name in ("title", "source_system", "reference", "url")},
            "effective_on": entry["effective_on"],
            "file_name": normalise(entry["name"]),
            "size": entry["size"],
            "sha256": entry["sha256"],
            "cited_by": " ".join(entry["cited_by"]),
        }


def _kpi(frozen: Frozen) -> Iterator[Row]:
    if frozen.kpi is not None:
        yield dict(frozen.kpi)


def _parts(frozen: Frozen) -> Iterator[tuple[tuple[str, str, str], Mapping[str, Any]]]:
    """((category, topic, item), part) in the order of the form."""
    for category in frozen.payload["categories"]:
        for topic in category["topics"]:
            for item in topic["items"]:
                for part in item["parts"]:
                    yield (category["code"], topic["code"], item["code"]), part


_MAKERS = {
    dictionary.AGENCIES.name: _agencies,
    dictionary.SCORES.name: _scores,
    dictionary.ANSWERS.name: _answers,
    dictionary.VERDICTS.name: _verdicts,
    dictionary.COMMENTS.name: _comments,
    dictionary.INDICATORS.name: _indicators,
    dictionary.FEEDBACK.name: _feedback,
    dictionary.EVIDENCE.name: _evidence,
    dictionary.KPI.name: _kpi,
}
