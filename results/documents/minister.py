"""One page for the minister (สรุปหน้าเดียวสำหรับผู้บริหาร): frozen payloads -> HTML -> tagged PDF, in Thai, A4.

It is always one page: where the texts are long, less of each is shown, then smaller type.
"""

from django.template.loader import render_to_string
from django.utils import translation

from pmqa import pdf
from results.documents.one_page import one_page
from results.report_rows import Payload
from results.stage_two.showing import shown_stage_two
from results.verifying import seal_of_sheet

# Characters under each point, and how small the type is (static/report/minister.css): the first that fits is printed.
_FITTINGS = (
    (200, ""),
    (150, ""),
    (110, ""),
    (90, ""),
    (110, "snug"),
    (90, "snug"),
    (70, "snug"),
    (110, "tight"),
    (70, "tight"),
    (25, "tight"),
)


def render_html(
    payload: Payload,
    *,
    before: Payload | None = None,
    revision: int | None = None,
    digest: str = "",
    room: int = _FITTINGS[0][0],
    size: str = "",
) -> str:
    """The page as one HTML document. `before` is the frozen payload of the year before, `room` as in `one_page`,
    `size` as in `_FITTINGS`; the rest as in `feedback_report.render_html`."""
    with translation.override("th"):
        context = {
            "payload": payload,
            "stage_two": shown_stage_two(payload),
            "page": one_page(payload, before, revision=revision, room=room),
            "size": size,
            "seal": seal_of_sheet(
                payload, document="สรุปหน้าเดียวสำหรับผู้บริหาร", revision=revision, digest=digest
            ),
        }
        return render_to_string("minister/page.html", context)


def render_pdf(
    payload: Payload,
    *,
    before: Payload | None = None,
    revision: int | None = None,
    digest: str = "",
    progress: pdf.Progress | None = None,
) -> bytes:
    """The page as PDF bytes; arguments as in `render_html` and `pmqa.pdf.render`."""
    versions = [
        render_html(payload, before=before, revision=revision, digest=digest, room=room, size=size)
        for room, size in _FITTINGS
    ]
    return pdf.render_fitting(versions, pages=1, progress=progress)
