"""A print -> HTML -> PDF: which content it is of, and the template that sets it. Always in Thai."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from assessments.models import Print
from assessments.pages.receipts import receipt_number
from assessments.paper.content import Judged, Paper, Sent, Wanted
from assessments.paper.writing import KINDS, compose
from assessments.reading import tree_of
from pmqa import pdf


def paper_of(row: Print) -> Paper:
    """The document of a print; no query where the row comes with its assessment and submission."""
    submission, sent = row.submission, None
    if submission is not None:
        submission.assessment = row.assessment
        sent = Sent(
            number=submission.number,
            receipt=receipt_number(submission),
            at=submission.submitted_at,
            by=submission.submitted_by_name,
        )
    return compose(
        row.content if submission is None else submission.content,
        tree_of(row.assessment),
        Wanted(row.form, row.category, row.thai_digits),
        digest=row.digest,
        years=row.assessment.cycle.result_years,
        printed_on=timezone.localdate(row.ordered_at),
        sent=sent,
        judged=_judged(row),
        has_scores=row.reviewer_id is None,
        # Neither a reviewer's own nor one of a published result, which others than the agency and OPDC may have.
        has_contact=row.reviewer_id is None and row.marks is None,
    )


def _judged(row: Print) -> Judged | None:
    if row.marks is None:
        return None
    return Judged(
        at=datetime.fromisoformat(row.marks["published_at"]),
        revision=row.marks["revision"],
        digest=row.marks_digest,
        marks={code: (outcome, comment) for code, (outcome, comment) in row.marks["answers"].items()},
        # Marks that were kept before there was a seal do not say it; what was judged does.
        frozen=row.marks.get("frozen") or row.submission.content,
    )


def amount_of(row: Print) -> int:
    """Characters of the texts that will stand on the print; the words of the form hardly count beside them."""
    content = row.content if row.submission is None else row.submission.content
    kinds = [KINDS[form] for form in Wanted(row.form, row.category).forms if form in KINDS]
    tree = tree_of(row.assessment)
    codes = {
        part.code
        for kind in kinds
        for category in tree.of_kind(kind)
        if row.category in ("", category.code)
        for part in category.parts
    }
    return (
        sum(_length(part["values"]) for code, part in content["parts"].items() if code in codes)
        + sum(_length(entry) for entry in content["indicators"] if entry["group"] in codes)
        + (_length(row.marks["answers"]) if row.marks else 0)
    )


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        value = value.values()
    return sum(map(_length, value)) if value is not None else 0


def render_html(paper: Paper) -> str:
    with translation.override("th"):
        return render_to_string("print/document.html", {"paper": paper})


def render_pdf(row: Print, *, progress: pdf.Progress | None = None) -> bytes:
    """The same print gives the same bytes, whenever and wherever it is made."""
    return pdf.render(render_html(paper_of(row)), progress=progress)
