"""The Feedback Report (รายงานป้อนกลับ): a frozen payload -> HTML -> tagged PDF, always in Thai.

The same payload gives the same bytes: no clock, no random number, no name of a person goes in; `pmqa.pdf` sees to the
rest. The seal names the public address of the installation (setting PUBLIC_URL), so another one has other bytes.
"""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.models import award_words
from pmqa import pdf
from results.documents.content import chapters
from results.report_rows import Payload
from results.verifying import seal_of_sheet


def render_html(payload: Payload, *, revision: int | None = None, digest: str = "") -> str:
    """The report as one HTML document.

    `payload` is the frozen sheet (docs/result-sheet.md), `revision` its number, `digest` its SHA-256 in hex
    (computed from the payload when not given). Raises KeyError for a payload without agency, cycle, edition
    or policy; everything else may be absent.
    """
    with translation.override("th"):
        context = {
            "payload": payload,
            "chapters": chapters(payload),
            "award": award_words(payload.get("application")),
            "seal": seal_of_sheet(payload, document=_("รายงานป้อนกลับ"), revision=revision, digest=digest),
        }
        return render_to_string("report/report.html", context)


def render_pdf(
    payload: Payload,
    *,
    revision: int | None = None,
    digest: str = "",
    progress: pdf.Progress | None = None,
) -> bytes:
    """The report as PDF bytes; arguments as in `render_html` and `pmqa.pdf.render`."""
    return pdf.render(render_html(payload, revision=revision, digest=digest), progress=progress)
