"""Builds the four faces of static/fonts from npm @fontsource/sarabun 5.3.0 (a development tool, run by hand).

    npm pack @fontsource/sarabun@5.3.0 && tar xzf fontsource-sarabun-5.3.0.tgz
    python deploy/build_font.py package/ static/fonts/

It needs fonttools, brotli and uharfbuzz, which nothing else here needs. Sarabun is under OFL-1.1 without a
Reserved Font Name, so a changed font may be given away under the same licence; ours says in its name table
that it is changed, and OFL.txt goes with it.

Why a font of our own: HarfBuzz always splits sara am (U+0E33) into nikhahit and sara aa, and WeasyPrint keeps
one character for each glyph, the first it meets. Sara aa and sara am then share a glyph, one overwrites the
other in the whole document, and about 13 of 100 characters that a reader extracts are wrong while the page
looks right. And where GPOS moves a tone mark, readers tear the word apart. Therefore:

1. the Thai, Latin and Latin Extended subsets become one font;
2. boxes, ticks and arrows of the forms, which no Thai font has, are drawn;
3. `ccmp` ligatures give sara am, alone and under each tone, a glyph of its own;
4. tones over a vowel become glyphs of their own (GSUB), and GPOS moves no mark any more.

tests/results/test_report_pdf.py proves the effect: what is extracted is what was stored.
"""

import argparse
import copy
import io
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import uharfbuzz
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.merge import Merger, Options
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import (
    ARGS_ARE_XY_VALUES,
    ROUND_XY_TO_GRID,
    USE_MY_METRICS,
    Glyph,
    GlyphComponent,
)

FAMILY = "Report Sarabun"
FACES = {
    "Regular": (400, "normal"),
    "Bold": (700, "normal"),
    "Italic": (400, "italic"),
    "BoldItalic": (700, "italic"),
}
SUBSETS = ("thai", "latin", "latin-ext")

SARA_AA, NIKHAHIT = 0x0E32, 0x0E4D
UPPER_VOWELS = (0x0E31, 0x0E34, 0x0E35, 0x0E36, 0x0E37, 0x0E47)
TONES = (0x0E48, 0x0E49, 0x0E4A, 0x0E4B, 0x0E4C)
# Consonants that stand for all when the place of a tone is measured; those with a tall stem have glyphs
# apart.
PLAIN_CONSONANTS, TALL_CONSONANTS = "กขคงจชตทนบพมรลวสหอ", "ปฝฟ"

MARK_CLASS, BASE_CLASS = 3, 1
JOINED = ARGS_ARE_XY_VALUES | ROUND_XY_TO_GRID | USE_MY_METRICS
FS_ITALIC, FS_BOLD, FS_REGULAR = 1 << 0, 1 << 5, 1 << 6
MAC_BOLD, MAC_ITALIC = 1 << 0, 1 << 1

Point = tuple[float, float]
Drawing = Callable[[TTGlyphPen], None]


# --- the signs of the forms ---------------------------------------------------------------------


def _polygon(pen: TTGlyphPen, points: Iterable[Point]) -> None:
    first, *others = points
    pen.moveTo(first)
    for point in others:
        pen.lineTo(point)
    pen.closePath()


def _box(pen: TTGlyphPen, inset: float = 0, *, hole: bool = False) -> None:
    low, left, high, right = -40 + inset, 60 + inset, 640 - inset, 740 - inset
    corners = [(left, low), (left, high), (right, high), (right, low)]
    _polygon(pen, reversed(corners) if hole else corners)


def _frame(pen: TTGlyphPen) -> None:
    _box(pen)
    _box(pen, 60, hole=True)


def _tick(pen: TTGlyphPen, shift: float = 0) -> None:
    points = [(170, 300), (235, 360), (355, 215), (585, 530), (655, 480), (362, 95)]
    _polygon(pen, [(x + shift, y) for x, y in points])


def _cross(pen: TTGlyphPen) -> None:
    arms = [(215, 190), (350, 300), (215, 410), (285, 480), (400, 372), (515, 480)]
    arms += [(585, 410), (450, 300), (585, 190), (515, 120), (400, 228), (285, 120)]
    _polygon(pen, arms)


def _circle(pen: TTGlyphPen, radius: float, *, hole: bool = False) -> None:
    turn = 1 if hole else -1
    near, far = 0.4142 * radius, 0.7071 * radius

    def at(x: float, y: float) -> Point:
        return 400 + x, 300 + turn * y

    pen.moveTo(at(radius, 0))
    pen.qCurveTo(at(radius, near), at(far, far))
    pen.qCurveTo(at(near, radius), at(0, radius))
    pen.qCurveTo(at(-near, radius), at(-far, far))
    pen.qCurveTo(at(-radius, near), at(-radius, 0))
    pen.qCurveTo(at(-radius, -near), at(-far, -far))
    pen.qCurveTo(at(-near, -radius), at(0, -radius))
    pen.qCurveTo(at(near, -radius), at(far, -far))
    pen.qCurveTo(at(radius, -near), at(radius, 0))
    pen.closePath()


def _ring(pen: TTGlyphPen) -> None:
    _circle(pen, 300)
    _circle(pen, 240, hole=True)


def _right_arrow(pen: TTGlyphPen) -> None:
    points = [(60, 265), (60, 335), (540, 335), (420, 455), (470, 505)]
    _polygon(pen, [*points, (680, 300), (470, 95), (420, 145), (540, 265)])


def _left_arrow(pen: TTGlyphPen) -> None:
    points = [(740, 265), (260, 265), (380, 145), (330, 95), (120, 300)]
    _polygon(pen, [*points, (330, 505), (380, 455), (260, 335), (740, 335)])


def _bar(pen: TTGlyphPen) -> None:
    _polygon(pen, [(80, 10), (80, 75), (560, 75), (560, 10)])


def _at_least(pen: TTGlyphPen) -> None:
    _polygon(pen, [(80, 560), (80, 640), (560, 430), (560, 360), (80, 150), (80, 232), (450, 395)])
    _bar(pen)


def _at_most(pen: TTGlyphPen) -> None:
    _polygon(pen, [(560, 560), (190, 395), (560, 232), (560, 150), (80, 360), (80, 430), (560, 640)])
    _bar(pen)


def _both(*drawings: Drawing) -> Drawing:
    def draw(pen: TTGlyphPen) -> None:
        for drawing in drawings:
            drawing(pen)

    return draw


def _nothing(pen: TTGlyphPen) -> None:
    """Zero-width characters have a glyph, or Pango would take another font for them."""


SIGNS: dict[str, tuple[Drawing, int]] = {
    "☐": (_frame, 800),
    "☑": (_both(_frame, _tick), 800),
    "☒": (_both(_frame, _cross), 800),
    "✓": (lambda pen: _tick(pen, -60), 800),
    "✗": (_cross, 800),
    "■": (_box, 800),
    "□": (_frame, 800),
    "●": (lambda pen: _circle(pen, 300), 800),
    "○": (_ring, 800),
    "▲": (lambda pen: _polygon(pen, [(80, 20), (400, 600), (720, 20)]), 800),
    "▼": (lambda pen: _polygon(pen, [(80, 580), (720, 580), (400, 0)]), 800),
    "→": (_right_arrow, 800),
    "←": (_left_arrow, 800),
    "≥": (_at_least, 640),
    "≤": (_at_most, 640),
    "\u200b": (_nothing, 0),
    "\u2060": (_nothing, 0),
}


# --- glyphs and substitutions ---------------------------------------------------------------------


def _add_glyph(
    font: TTFont, name: str, glyph: Glyph, advance: int, *, code: int | None = None, mark: bool = False
):
    order = [*font.getGlyphOrder(), name]
    font["glyf"].glyphs[name] = glyph
    font["glyf"].glyphOrder = order
    font.setGlyphOrder(order)
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0) or 0)
    if code is not None:
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name
    classes = font["GDEF"].table.GlyphClassDef
    if classes:
        classes.classDefs[name] = MARK_CLASS if mark else BASE_CLASS


def _composite(font: TTFont, parts: Iterable[tuple[str, int, int, int]]) -> Glyph:
    """A glyph put together from others: (name, x, y, flags)."""
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for name, x, y, flags in parts:
        component = GlyphComponent()
        component.glyphName, component.x, component.y, component.flags = name, x, y, flags
        glyph.components.append(component)
    glyph.recalcBounds(font["glyf"])
    return glyph


def _append_substitutions(font: TTFont, features: str) -> None:
    """Compile `features` and put its lookups behind those that `ccmp` has, for every language system."""
    compiled = copy.deepcopy(font)
    del compiled["GSUB"]
    addOpenTypeFeaturesFromString(compiled, features, tables=["GSUB"])
    new, present = compiled["GSUB"].table, font["GSUB"].table
    offset = len(present.LookupList.Lookup)
    entries = {index for record in new.FeatureList.FeatureRecord for index in record.Feature.LookupListIndex}
    for lookup in new.LookupList.Lookup:
        for subtable in lookup.SubTable:
            _shift_lookups(subtable, offset)
    present.LookupList.Lookup += new.LookupList.Lookup
    present.LookupList.LookupCount = len(present.LookupList.Lookup)
    records = [record.Feature for record in present.FeatureList.FeatureRecord if record.FeatureTag == "ccmp"]
    if not records:
        raise ValueError("the font has no ccmp feature to append to")
    for feature in records:
        feature.LookupListIndex += [offset + index for index in sorted(entries)]
        feature.LookupCount = len(feature.LookupListIndex)


def _shift_lookups(table, offset: int) -> None:
    """Chained rules name other lookups by number; the numbers moved by `offset`."""
    for value in list(vars(table).values()):
        for entry in value if isinstance(value, list) else [value]:
            if type(entry).__name__ == "SubstLookupRecord":
                entry.LookupListIndex += offset
            elif type(entry).__module__.startswith("fontTools.ttLib.tables"):
                _shift_lookups(entry, offset)


def _join_sara_am(font: TTFont) -> None:
    names = font.getBestCmap()
    sara_aa, nikhahit = names[SARA_AA], names[NIKHAHIT]
    rules = []
    for mark in font.getGlyphOrder():
        if mark == nikhahit or mark.startswith((f"{nikhahit}.", "uni0E4D0E")):
            name = f"am_{mark.replace('.', '_')}"
            parts = [(part, 0, 0, JOINED) for part in (mark, sara_aa)]
            _add_glyph(font, name, _composite(font, parts), font["hmtx"][sara_aa][0])
            rules.append(f"  sub {mark} {sara_aa} by {name};\n")
    _append_substitutions(font, f"feature ccmp {{\n{''.join(rules)}}} ccmp;\n")


def _tone_places(font: TTFont) -> dict[str, dict[str, tuple[int, int]]]:
    """Vowel glyph -> tone glyph -> where GPOS puts that tone over it, the median over the consonants."""
    written = io.BytesIO()
    font.save(written)
    shaper = uharfbuzz.Font(uharfbuzz.Face(written.getvalue()))
    order = font.getGlyphOrder()
    places: dict[str, dict[str, tuple[int, int]]] = {}
    for consonants in (PLAIN_CONSONANTS, TALL_CONSONANTS):
        for vowel in UPPER_VOWELS:
            for tone in TONES:
                offsets = []
                for consonant in consonants:
                    buffer = uharfbuzz.Buffer()
                    buffer.add_str(f"{consonant}{chr(vowel)}{chr(tone)}")
                    buffer.script, buffer.language, buffer.direction = "thai", "th", "ltr"
                    uharfbuzz.shape(shaper, buffer)
                    glyphs, positions = buffer.glyph_infos, buffer.glyph_positions
                    if len(glyphs) == 3:
                        offsets.append((positions[2].x_offset, positions[2].y_offset))
                        vowel_glyph, tone_glyph = order[glyphs[1].codepoint], order[glyphs[2].codepoint]
                if offsets:
                    x, y = (int(statistics.median(axis)) for axis in zip(*offsets, strict=True))
                    places.setdefault(vowel_glyph, {})[tone_glyph] = (x, y)
    return places


def _bake_tones(font: TTFont) -> None:
    lookups, rules = [], []
    for number, (vowel, tones) in enumerate(_tone_places(font).items()):
        substitutions = []
        for tone, (x, y) in tones.items():
            name = f"{tone}.on_{vowel}".replace(".", "_")
            _add_glyph(
                font,
                name,
                _composite(font, [(tone, x, y, ARGS_ARE_XY_VALUES)]),
                font["hmtx"][tone][0],
                mark=True,
            )
            substitutions.append(f"sub {tone} by {name};")
        lookups.append(f"lookup b{number} {{ {' '.join(substitutions)} }} b{number};\n")
        rules.append(f"  sub {vowel} [{' '.join(tones)}]' lookup b{number};\n")
    _append_substitutions(font, f"{''.join(lookups)}feature ccmp {{\n{''.join(rules)}}} ccmp;\n")
    for record in font["GPOS"].table.FeatureList.FeatureRecord:
        if record.FeatureTag in ("mark", "mkmk"):
            record.Feature.LookupListIndex, record.Feature.LookupCount = [], 0


# --- one face ---------------------------------------------------------------------------------------


def _merged(sources: Path, style: str, scratch: Path) -> TTFont:
    weight, slope = FACES[style]
    parts = []
    for subset in SUBSETS:
        font = TTFont(sources / f"sarabun-{subset}-{weight}-{slope}.woff2")
        font.flavor = None
        made, changed = font["head"].created, font["head"].modified
        for table in ("fpgm", "prep", "cvt ", "gasp", "DSIG"):
            if table in font:
                del font[table]
        for name in font["glyf"].keys():  # noqa: SIM118 (the table is no mapping)
            font["glyf"][name].removeHinting()
        parts.append(str(scratch / f"{style}-{subset}.ttf"))
        font.save(parts[-1])
    options = Options()
    options.drop_tables = ["DSIG"]
    merged = Merger(options=options).merge(parts)
    # The merger writes the present moment; the moments of the source keep the bytes the same.
    merged["head"].created, merged["head"].modified = made, changed
    merged.recalcTimestamp = False
    return merged


def _name(font: TTFont, style: str) -> None:
    spaced = "Bold Italic" if style == "BoldItalic" else style
    names = {
        0: "Copyright 2018 The Sarabun Project Authors (https://github.com/cadsondemak/Sarabun). "
        "Modified: merged subsets, form symbols, sara am glyphs.",
        1: FAMILY,
        2: spaced,
        3: f"{FAMILY} {style} 1",
        4: f"{FAMILY} {style}",
        6: f"ReportSarabun-{style}",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    for number in (*names, 16, 17):
        font["name"].removeNames(nameID=number)
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    bold, italic = "Bold" in style, "Italic" in style
    selection = font["OS/2"].fsSelection & ~(FS_ITALIC | FS_BOLD | FS_REGULAR)
    selection |= (FS_BOLD if bold else 0) | (FS_ITALIC if italic else 0)
    font["OS/2"].fsSelection = selection if bold or italic else selection | FS_REGULAR
    font["OS/2"].usWeightClass = FACES[style][0]
    font["head"].macStyle = (MAC_BOLD if bold else 0) | (MAC_ITALIC if italic else 0)


def build(sources: Path, style: str, target: Path) -> None:
    """Write ReportSarabun-<style>.ttf into `target`, and .woff2 of what pages use, which is upright.

    The same sources give the same bytes.
    """
    with tempfile.TemporaryDirectory() as scratch:
        font = _merged(sources, style, Path(scratch))
        known = font.getBestCmap()
        for sign, (draw, advance) in SIGNS.items():
            if ord(sign) not in known:
                pen = TTGlyphPen(None)
                draw(pen)
                _add_glyph(font, f"uni{ord(sign):04X}", pen.glyph(), advance, code=ord(sign))
        _join_sara_am(font)
        _bake_tones(font)
        _name(font, style)
        written = target / f"ReportSarabun-{style}.ttf"
        font.save(written)
    if "Italic" in style:
        return
    packed = TTFont(written, recalcTimestamp=False)
    packed.flavor = "woff2"
    packed.save(written.with_suffix(".woff2"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path, help="the unpacked npm package @fontsource/sarabun")
    parser.add_argument("target", type=Path, help="the folder for the built faces")
    arguments = parser.parse_args()
    for style in FACES:
        build(arguments.package / "files", style, arguments.target)
    shutil.copyfile(arguments.package / "LICENSE", arguments.target / "OFL.txt")


if __name__ == "__main__":
    main()
