"""Printed forms as files of other kinds, made by hand: documents of a word processor, and PDFs."""

import io
import zipfile
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'


def document(body: str, *, types: str = TYPES, **members: bytes) -> bytes:
    """A .docx with that body, as WordprocessingML."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def paragraph(text: str) -> str:
    """One paragraph in two runs, as a word processor cuts it."""
    half = len(text) // 2
    runs = (
        f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in (text[:half], text[half:])
    )
    return f"<w:p>{''.join(runs)}</w:p>"


def as_document(text: str) -> bytes:
    """A print as a .docx: lines with tabs are rows of tables, others paragraphs."""
    blocks = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            blocks.append(paragraph(line))
        else:
            row = "".join(f"<w:tc>{_cell(cell)}</w:tc>" for cell in cells)
            blocks.append(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")
    return document("".join(blocks))


def _cell(text: str) -> str:
    return (
        "".join(paragraph(piece) for piece in text.replace("</p>", "").split("<p>") if piece.strip())
        or "<w:p/>"
    )


def pdf(text: bytes = b"", *, trailer: bytes = b"") -> bytes:
    """The smallest PDF, of one page in a font that has no Thai."""
    stream = b"BT /F1 12 Tf 20 700 Td (" + text + b") Tj ET"
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R%s>>\n%%%%EOF"
        % (len(stream), stream, trailer)
    )
