"""A PDF in the shape of the published forms, three columns in a table, comes back letter by letter."""

import io
from html import escape

import pytest

from assessments.importing import read_prints
from assessments.importing.sources import text_of
from criteria.reader import read_edition
from criteria.scoring import DEFAULT_POLICY, POLICIES
from pmqa import pdf
from tests.prints import make
from tests.prints.make import ONLINE, Style

pytestmark = pytest.mark.heavy

EDITION = read_edition(make.EDITION)


def squeezed(fields: dict[str, str]) -> dict[str, str]:
    """Where the margin broke a line nobody can tell whether a space stood there."""
    return {key: "".join(text.split()) for key, text in fields.items()}


def as_html(text: str) -> str:
    """Lines with tabs as rows of three columns, others as paragraphs."""
    blocks = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            blocks.append(f"<p>{escape(line)}</p>")
        elif not any(cell.strip() for cell in cells[1:]):
            blocks.append(f"<table><tr><td>{escape(cells[0])}</td></tr></table>")
        else:
            row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            blocks.append(f'<table class="columns"><col><col><col><tr>{row}</tr></table>')
    style = (
        "body{font-family:'Report Sarabun';font-size:10pt} table{width:100%;table-layout:fixed} td{vertical-align:top}"
        ".columns col{width:2cm} .columns col:last-child{width:auto}"
    )
    head = f'<meta charset="utf-8"><title>-</title><link rel="stylesheet" href="fonts.css"><style>{style}</style>'
    return f'<!DOCTYPE html><html lang="th"><head>{head}</head><body>{"".join(blocks)}</body></html>'


def test_a_table_on_paper_comes_back():
    printed = make.print_form3(EDITION, make.invent(EDITION), Style(wording=ONLINE, html=False, page=0))
    made = pdf.render(as_html(printed))
    text = text_of(io.BytesIO(made), len(made))
    expected, found = (
        read_prints(EDITION, POLICIES[DEFAULT_POLICY], [("form", form)]) for form in (printed, text)
    )
    assert found.unplaced == ()
    assert [(part.code, part.status, part.verdict, squeezed(part.fields)) for part in found.parts] == [
        (part.code, part.status, part.verdict, squeezed(part.fields)) for part in expected.parts
    ]
    # A paragraph is not left in as many pieces as it had lines.
    assert (
        sum(field.count("\n") for part in found.parts for field in part.fields.values())
        < text.count("\n") / 4
    )
