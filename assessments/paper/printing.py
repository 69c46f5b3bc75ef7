"""A print -> HTML -> PDF: which content it is of, and the template that sets it. Always in Thai."""

from django.template.loader import render_to_string
from django.utils import timezone, translation

from assessments.models import Print
from assessments.pages.receipts import receipt_number
from assessments.paper.content import Paper, Sent, Wanted
from assessments.paper.writing import compose
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
    )


def render_html(paper: Paper) -> str:
    with translation.override("th"):
        return render_to_string("print/document.html", {"paper": paper})


def render_pdf(row: Print, *, progress: pdf.Progress | None = None) -> bytes:
    """The same print gives the same bytes, whenever and wherever it is made."""
    return pdf.render(render_html(paper_of(row)), progress=progress)
