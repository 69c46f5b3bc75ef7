"""The Feedback Report (รายงานป้อนกลับ): a frozen payload -> HTML -> tagged PDF, always in Thai.

The same payload gives the same bytes: no clock, no random number, no name of a machine or person goes in, and
no font but ours and DejaVu is in reach. WeasyPrint is imported on first use, since importing it takes a
second.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

from django.template.loader import render_to_string
from django.utils import translation

from assessments.snapshot import digest_of
from results.report_content import chapters
from results.report_rows import Payload

# Of the steps that `progress` counts, laying out takes the most time, then writing.
WRITTEN, READ, LAID_OUT, FINISHED = 1, 2, 3, 4

# PDF/UA-1: tagged, with language and title, so that a screen reader can follow it.
_VARIANT = "pdf/ua-1"
_SHORT_DIGEST = 12

_STATIC = Path(__file__).resolve().parent.parent / "static"
_SERVED = (_STATIC / "report", _STATIC / "fonts")
_FONTS_CONF = Path(__file__).resolve().parent / "fonts.conf"

log = logging.getLogger(__name__)


class BlockedURL(ValueError):
    """Something in the document asked for a file or address outside our own stylesheet and fonts."""


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
            "revision": revision,
            "digest": (digest or digest_of(payload))[:_SHORT_DIGEST],
        }
        return render_to_string("report/report.html", context)


def render_pdf(
    payload: Payload,
    *,
    revision: int | None = None,
    digest: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """The report as PDF bytes; arguments as in `render_html`.

    `progress(step, of)` is called after each of four steps; what it raises ends the rendering. About 0.1 s a
    page.
    """

    def done(step: int) -> None:
        if progress is not None:
            progress(step, FINISHED)

    text = render_html(payload, revision=revision, digest=digest)
    done(WRITTEN)
    weasyprint = _weasyprint()
    base = f"{_SERVED[0].as_uri()}/"
    html = weasyprint.HTML(string=text, base_url=base, url_fetcher=own_files_only())
    done(READ)
    document = html.render(pdf_variant=_VARIANT)
    done(LAID_OUT)
    written = document.write_pdf(pdf_variant=_VARIANT)
    done(FINISHED)
    return written


def _weasyprint() -> ModuleType:
    # Fontconfig reads this once, when Pango first asks for a font.
    os.environ["FONTCONFIG_FILE"] = str(_FONTS_CONF)
    import weasyprint  # noqa: PLC0415 (only who prints waits for it)

    return weasyprint


def own_files_only():
    """A URL fetcher for WeasyPrint that raises BlockedURL for all but the report's stylesheet and fonts."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 (only who prints waits for it)

    class OwnFiles(URLFetcher):
        def fetch(self, url, headers=None):
            asked = urlsplit(url)
            path = Path(unquote(asked.path)).resolve()
            if asked.scheme != "file" or asked.netloc or not any(map(path.is_relative_to, _SERVED)):
                log.warning("report: blocked a fetch of scheme %r", asked.scheme)
                raise BlockedURL("the report fetches only its own stylesheet and fonts")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=("file",), allow_redirects=False)
