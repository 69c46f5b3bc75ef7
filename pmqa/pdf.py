"""HTML -> tagged Thai PDF: the one place that sets WeasyPrint up, for every document that the product prints.

The same HTML gives the same bytes on every machine: no font but ours and DejaVu is in reach, and nothing is
fetched but our own style sheets and fonts. WeasyPrint is imported on first use, since importing it takes a
second.
"""

import logging
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

# Of the steps that `progress` counts, laying out takes the most time, then writing.
WRITTEN, READ, LAID_OUT, FINISHED = 1, 2, 3, 4

Progress = Callable[[int, int], None]

# PDF/UA-1: tagged, with language and title, so that a screen reader can follow it.
_VARIANT = "pdf/ua-1"

_STATIC = Path(__file__).resolve().parent.parent / "static"
_SERVED = (_STATIC / "report", _STATIC / "fonts")
_FONTS_CONF = Path(__file__).resolve().parent / "fonts.conf"

log = logging.getLogger(__name__)


class BlockedURL(ValueError):
    """Something in the document asked for a file or address outside our own style sheets and fonts."""


def render(html: str, *, progress: Progress | None = None) -> bytes:
    """The PDF of a whole HTML document; it names its style sheets as they are called in static/report.

    `progress(step, of)` is called after each of four steps; what it raises ends the rendering. About 0.1 s a
    page.
    """

    return render_fitting([html], progress=progress)


def render_fitting(
    versions: Sequence[str], *, pages: int | None = None, progress: Progress | None = None
) -> bytes:
    """The first of `versions` of a document that takes at most `pages` pages; the last where none does.

    `progress` and errors as in `render`.
    """

    def done(step: int) -> None:
        if progress is not None:
            progress(step, FINISHED)

    done(WRITTEN)
    document_class = _document_class()
    base = f"{_SERVED[0].as_uri()}/"
    sources = (document_class(string=html, base_url=base, url_fetcher=own_files_only()) for html in versions)
    done(READ)
    for source in sources:
        document = source.render(pdf_variant=_VARIANT)
        if pages is None or len(document.pages) <= pages:
            break
    done(LAID_OUT)
    written = document.write_pdf(pdf_variant=_VARIANT)
    done(FINISHED)
    return written


def _weasyprint() -> ModuleType:
    # Fontconfig reads this once, when Pango first asks for a font.
    os.environ["FONTCONFIG_FILE"] = str(_FONTS_CONF)
    import weasyprint  # noqa: PLC0415 (only who prints waits for it)

    return weasyprint


@cache
def _document_class() -> type:
    """WeasyPrint's HTML with its default style sheet, but for what none of our documents has.

    That sheet styles a marker and five pseudo-elements of notes at every element, which is a good part of the time.
    Where WeasyPrint has no such method any more this only saves nothing.
    """
    weasyprint = _weasyprint()
    from weasyprint.html import UA  # noqa: PLC0415 (only who prints waits for it)

    lines = (line for line in UA.splitlines() if not line.startswith(("::footnote", "::note")))
    text = "\n".join(line.replace("::marker", "li::marker", 1) for line in lines)
    # Its counter styles are known to WeasyPrint already; here they are read into nothing.
    sheet = weasyprint.CSS(string=text)

    class Document(weasyprint.HTML):
        def _ua_stylesheets(self, forms: bool = False) -> list:
            return [sheet]

    return Document


def own_files_only():
    """A URL fetcher for WeasyPrint that raises BlockedURL for all but our style sheets and fonts."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 (only who prints waits for it)

    class OwnFiles(URLFetcher):
        def fetch(self, url, headers=None):
            asked = urlsplit(url)
            path = Path(unquote(asked.path)).resolve()
            if asked.scheme != "file" or asked.netloc or not any(map(path.is_relative_to, _SERVED)):
                log.warning("blocked a fetch of scheme %r", asked.scheme)
                raise BlockedURL("a printed document fetches only our own style sheets and fonts")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols=("file",), allow_redirects=False)
