"""Whether a paper or file that somebody holds is the one that was issued, without showing what is in it.

The answer never shows a score. It names the agency only when the content was found: then the name is on the paper
too, and without it a true seal could be cut out and put on another agency's report.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.models import Status, Submission
from assessments.snapshot import digest_of
from results.models import Report, ResultSheet

CURRENT, REPLACED, PARTIAL, UNKNOWN = "current", "replaced", "partial", "unknown"
RESULT, SUBMISSION = "result", "submission"
# Contents that begin with the same twelve digits; more than one is already a wonder.
FEW = 10

_CODE = re.compile(
    r"(?P<agency>.+?)[\s/–-]+(?P<year>\d{4})[\s/–-]+(?P<digest>[0-9a-f]{12,64})", re.IGNORECASE
)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for. `agency` and `year` are "" and None where the whole digest is given."""

    digest: str
    agency: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be said without showing content; of what was not found only `state` is set.

    what: RESULT or SUBMISSION. number: by which its editions are counted. at: when it was issued. newer, newer_at:
    the edition that stands instead; a submission that was taken back has none.
    """

    state: str
    what: str = ""
    agency: str = ""
    year: int | None = None
    number: int | None = None
    at: datetime | None = None
    newer: int | None = None
    newer_at: datetime | None = None


NOT_OURS = Finding(UNKNOWN)


def read_code(text: str) -> Asked | None:
    """A code as somebody typed it, in any case and with spaces for its dashes; or a whole digest; else None."""
    text = text.strip()
    if _DIGEST.fullmatch(text):
        return Asked(text.lower())
    found = _CODE.fullmatch(text)
    if found is None:
        return None
    return Asked(found["digest"].lower(), found["agency"], int(found["year"]))


def verify(asked: Asked) -> Finding:
    """What the content with this digest is; at most two queries."""
    return _result(asked) or _submission(asked) or NOT_OURS


def verify_file(content: bytes) -> Finding:
    """What a printed document or an exported file is; its bytes stay in memory and are not kept."""
    if content.startswith(b"%PDF"):
        sha256 = hashlib.sha256(content).hexdigest()
        digest = Report.objects.filter(sha256=sha256).values_list("sheet__digest", flat=True).first()
        return verify(Asked(digest)) if digest else NOT_OURS
    document = _json(content)
    if document is None:
        return NOT_OURS
    frozen = document.get("sheet")
    if not isinstance(frozen, dict):
        return verify(Asked(digest_of(document)))
    digest = digest_of(frozen)
    finding = verify(Asked(digest))
    # The frame around a sheet is not in its digest, so what it says is compared with what was issued.
    is_as_issued = (document.get("digest"), document.get("revision")) == (digest, finding.number)
    return finding if is_as_issued else NOT_OURS


def _json(content: bytes) -> dict[str, Any] | None:
    """The object in the file; None where there is none, or where it names a key twice, so that readers could differ."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice")
        return found

    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=once)
        # A text that is no UTF-8 has no digest either.
        digest_of(document)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _result(asked: Asked) -> Finding | None:
    later = ResultSheet.objects.filter(assessment=OuterRef("assessment")).order_by("-revision")
    sheets = ResultSheet.objects.annotate(
        newer=Subquery(later.values("revision")[:1]), newer_at=Subquery(later.values("created_at")[:1])
    )
    row = _first(
        sheets.order_by("-created_at"),
        asked,
        code="payload__agency__code",
        name="payload__agency__name",
        year="payload__cycle__year",
        number="revision",
        at="created_at",
        is_partial="payload__partial",
        status="assessment__status",
        newer="newer",
        newer_at="newer_at",
    )
    if row is None:
        return None
    if row["newer"] != row["number"]:
        return _finding(REPLACED, RESULT, row)
    is_final = row["status"] == Status.REPORT_ISSUED and not row["is_partial"]
    return _finding(CURRENT if is_final else PARTIAL, RESULT, row | {"newer": None, "newer_at": None})


def _submission(asked: Asked) -> Finding | None:
    later = Submission.objects.filter(assessment=OuterRef("assessment"), withdrawn_at=None).order_by(
        "-number"
    )
    submissions = Submission.objects.annotate(
        newer=Subquery(later.values("number")[:1]), newer_at=Subquery(later.values("submitted_at")[:1])
    )
    # The same answers submitted again have the same digest: the last one is meant.
    row = _first(
        submissions.order_by("-number"),
        asked,
        code="content__agency__code",
        name="content__agency__name",
        year="content__cycle__year",
        number="number",
        at="submitted_at",
        newer="newer",
        newer_at="newer_at",
    )
    if row is None:
        return None
    if row["newer"] != row["number"]:
        return _finding(REPLACED, SUBMISSION, row)
    return _finding(CURRENT, SUBMISSION, row | {"newer": None, "newer_at": None})


def _first(rows: QuerySet, asked: Asked, **columns: str) -> dict[str, Any] | None:
    """The first row whose digest begins as asked and whose frozen content names that agency and year."""
    # A range, not LIKE: SQLite has no index for that, and every hex digit stands before "g".
    alike = rows.filter(digest__gte=asked.digest, digest__lt=f"{asked.digest}g").values_list(
        *columns.values()
    )
    for values in alike[:FEW]:
        row = dict(zip(columns, values, strict=True))
        if asked.year is None or (row["code"].lower(), row["year"]) == (asked.agency.lower(), asked.year):
            return row
    return None


def _finding(state: str, what: str, row: dict[str, Any]) -> Finding:
    shown = {key: row[key] for key in ("year", "number", "at", "newer", "newer_at")}
    return Finding(state, what, agency=row["name"], **shown)
