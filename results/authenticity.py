"""Whether a paper or file that somebody holds is the one that was issued, without showing what is in it.

The answer never shows a score. It names the agency only when the content was found: then the name is on the paper
too, and without it a true seal could be cut out and put on another agency's report.

What an answer proves differs, and the page says so:

- A JSON is its content: its digest is computed here, so a match proves every character.
- A PDF that is kept (reports, slides, the one page, printed forms, Application Reports) is known by the SHA-256 of the
  whole file: a match proves every page, too.
- A PDF that is made when it is asked for (the improvement plan with its follow-ups) is kept by nobody, a file that was
  saved again has other bytes, and so has a forged one. Nothing in a file tells these apart: a code among its metadata
  could be copied into any other file. So such a PDF is neither "current" nor "not ours"; its holder is asked for
  the code that is printed on it.
- A code proves that its content was issued, and says whether it is the current one. What stands on the paper beside it
  has to be compared with the copy of the agency or of OPDC.

Drafts, plans that were not approved and follow-ups that were not submitted are in none of these tables, so the answer
to them is that to a wrong code.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Model, OuterRef, Q, QuerySet, Subquery, When

from assessments.models import Print, Status, Submission
from assessments.snapshot import digest_of
from results.improvement.models import ApprovedPlan, FollowUp
from results.models import ApplicationReport, Report, ResultSheet

CURRENT, REPLACED, PARTIAL, UNKNOWN = "current", "replaced", "partial", "unknown"
# A PDF whose bytes are nowhere: nothing can be said without its code.
BY_CODE = "by_code"
# Contents that begin with the same twelve digits; more than one is already a wonder.
FEW = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of content that is frozen with a `digest`; names are fields of its model.

    content: the frozen JSON. number counts the contents of a `group`, `at` is when each was issued; the last of the
    group that fits `stands` is the current one, unless it fits `unfinished`.
    """

    what: str
    model: type[Model]
    content: str
    group: str
    number: str
    at: str
    stands: Q | None = None
    unfinished: Q | None = None

    def rows(self) -> QuerySet:
        """Each with the number and moment of the one that stands now, the last one first."""
        alike = self.model.objects.filter(**{self.group: OuterRef(self.group)})
        last = (alike.filter(self.stands) if self.stands else alike).order_by(f"-{self.number}")
        is_unfinished = Case(*([When(self.unfinished, then=True)] if self.unfinished else []), default=False)
        # The same content issued again has the same digest: the last one is meant.
        return self.model.objects.annotate(
            newer=Subquery(last.values(self.number)[:1]),
            newer_at=Subquery(last.values(self.at)[:1]),
            is_unfinished=is_unfinished,
        ).order_by(f"-{self.at}", f"-{self.number}")


RESULT = Kind(
    "result",
    ResultSheet,
    content="payload",
    group="assessment",
    number="revision",
    at="created_at",
    unfinished=~Q(assessment__status=Status.REPORT_ISSUED) | Q(payload__partial=True),
)
SUBMISSION = Kind(
    "submission",
    Submission,
    content="content",
    group="assessment",
    number="number",
    at="submitted_at",
    stands=Q(withdrawn_at=None),
)
PLAN = Kind("plan", ApprovedPlan, content="content", group="plan", number="number", at="approved_at")
# Each stands for itself: that after twelve months does not replace that after six.
FOLLOW_UP = Kind("follow_up", FollowUp, content="content", group="pk", number="months", at="submitted_at")
APPLICATION_REPORT = Kind(
    "application_report",
    ApplicationReport,
    content="content",
    group="pk",
    number="number",
    at="submitted_at",
)
KINDS = (RESULT, SUBMISSION, PLAN, FOLLOW_UP, APPLICATION_REPORT)

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

    what: that of a `Kind`. number: by which its editions are counted. at: when it was issued. newer, newer_at:
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
ASK_FOR_CODE = Finding(BY_CODE)


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
    """What the content with this digest is; at most one query for each kind."""
    return next(filter(None, (_found(kind, asked) for kind in KINDS)), NOT_OURS)


def is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF")


def file_digest(content: bytes) -> str:
    """The SHA-256 by which a file is compared: of a PDF that of its bytes, of a JSON that of the content in it.

    Empty for what is neither.
    """
    if is_pdf(content):
        return hashlib.sha256(content).hexdigest()
    document = _json(content)
    return "" if document is None else digest_of(_frozen_in(document))


def verify_file(content: bytes) -> Finding:
    """What a printed document or an exported file is; its bytes stay in memory and are not kept."""
    if is_pdf(content):
        printed_from = _printed_from(file_digest(content))
        return verify(Asked(printed_from)) if printed_from else ASK_FOR_CODE
    document = _json(content)
    if document is None:
        return NOT_OURS
    sheet = _frozen_in(document)
    digest = digest_of(sheet)
    finding = verify(Asked(digest))
    if sheet is document:
        return finding
    # The frame around a sheet is not in its digest, so what it says is compared with what was issued.
    is_as_issued = (document.get("digest"), document.get("revision")) == (digest, finding.number)
    return finding if is_as_issued else NOT_OURS


def _frozen_in(document: dict[str, Any]) -> dict[str, Any]:
    """The sheet in the frame of an exported result; any other document is itself what was frozen."""
    sheet = document.get("sheet")
    return sheet if isinstance(sheet, dict) else document


def _printed_from(sha256: str) -> str:
    """The digest of the content from which a kept PDF was printed; empty for any other. At most three queries.

    A print with the marks of a result is of that result; that of a draft was issued by nobody.
    """
    report = Report.objects.filter(sha256=sha256).values_list("sheet__digest", flat=True).first()
    if report:
        return report
    printed = Print.objects.of_submissions().filter(sha256=sha256)
    row = printed.values_list("marks_digest", "submission__digest").first()
    if row:
        return row[0] or row[1]
    return ApplicationReport.objects.filter(sha256=sha256).values_list("digest", flat=True).first() or ""


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


def _found(kind: Kind, asked: Asked) -> Finding | None:
    """The last one of this kind whose digest begins as asked and whose content names that agency and year."""
    columns = {
        "code": f"{kind.content}__agency__code",
        "name": f"{kind.content}__agency__name",
        "year": f"{kind.content}__cycle__year",
        "number": kind.number,
        "at": kind.at,
        "newer": "newer",
        "newer_at": "newer_at",
        "is_unfinished": "is_unfinished",
    }
    # A range, not LIKE: SQLite has no index for that, and every hex digit stands before "g".
    alike = kind.rows().filter(digest__gte=asked.digest, digest__lt=f"{asked.digest}g")
    for values in alike.values_list(*columns.values())[:FEW]:
        row = dict(zip(columns, values, strict=True))
        if _is_of(row, asked):
            return _finding(kind, row)
    return None


def _is_of(row: dict[str, Any], asked: Asked) -> bool:
    """Whether a content is of the agency and year that were asked for; one that names none is told to nobody."""
    if not (row["code"] and row["year"]):
        return False
    return asked.year is None or (row["code"].lower(), row["year"]) == (asked.agency.lower(), asked.year)


def _finding(kind: Kind, row: dict[str, Any]) -> Finding:
    shown = {name: row[name] for name in ("year", "number", "at")}
    if row["newer"] != row["number"]:
        later = {"newer": row["newer"], "newer_at": row["newer_at"]}
        return Finding(REPLACED, kind.what, agency=row["name"], **shown, **later)
    return Finding(PARTIAL if row["is_unfinished"] else CURRENT, kind.what, agency=row["name"], **shown)
