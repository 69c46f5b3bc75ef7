"""A QR code as SVG text. Pure: no Django, no clock, the same text gives the same bytes."""

from html import escape
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

INK, SHEET = "#18222e", "#ffffff"
# Readers need so many light modules on each side.
QUIET = 4


def qr_svg(text: str, *, title: str) -> str:
    """`text` as one `<svg>`: its title first (the description in a tagged PDF), one path of dark runs, on white."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    side, name = len(rows) + 2 * QUIET, escape(title)
    runs = []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, modules in groupby(row):
            length = len(list(modules))
            if is_dark:
                runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" aria-label="{name}" '
        f'viewBox="0 0 {side} {side}" width="{side}" height="{side}" shape-rendering="crispEdges">'
        f'<title>{name}</title><rect width="{side}" height="{side}" fill="{SHEET}"/>'
        f'<path fill="{INK}" d="{"".join(runs)}"/></svg>'
    )
