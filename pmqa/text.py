"""What is stored of a text that somebody typed or pasted: one code order for one look.

Text reaches us from keyboards, old PDFs, Word files of several decades and chat programs. The same Thai word
may arrive in several code orders that look alike on screen; a search, a comparison, a digest or a screen
reader sees different words. One decomposed sara am anywhere in a PDF relabels every sara am of that document.
Therefore every text is normalised once, before it is stored, and everything behind that (length limits,
digests, search, the report) may rely on it.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Invisible characters that Unicode does not put among its format characters (Cf): combining grapheme joiner,
# Hangul fillers, Khmer inherent vowels, Mongolian and general variation selectors, blank Braille.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Format characters that are drawn (Arabic and Kaithi number signs): the only ones of Cf that stay.
_VISIBLE_FORMAT = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)

# Thai fonts of the 1990s kept shifted copies of letters and marks in the Private Use Area, and text copied
# from PDFs set in them still carries those codes. The assignment is Microsoft's, as in HarfBuzz's Thai
# fallback shaper.
_SHIFTED_GLYPHS = str.maketrans(
    {
        0xF700 + offset: letter
        for offset, letter in enumerate(
            "\u0e10\u0e34\u0e35\u0e36\u0e37"  # tho than without foot; i, ii, ue, uee moved left
            "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"  # tones and thanthakhat, low and left
            "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"  # the same, low
            "\u0e0d\u0e31\u0e4d\u0e47"  # yo ying without foot; mai han-akat, nikhahit, maitaikhu left
            "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"  # the same, left
            "\u0e38\u0e39\u0e3a"  # u, uu, phinthu, low
        )
    }
)

_VOWELS = "\u0e31\u0e34-\u0e3a"  # written above or below their consonant
_TONES = "\u0e48-\u0e4b"
_MARKS = re.compile(f"[{_VOWELS}{_TONES}\u0e4c]{{2,}}")
_SPLIT_SARA_AM = re.compile(f"([{_TONES}]*)\u0e4d([{_TONES}]*)\u0e32")
_SARA_AM_BEFORE_TONE = re.compile(f"\u0e33([{_TONES}]+)")

# No letter of any language carries more marks than this. A longer heap is an attack or an accident, and putting
# it in order would take time that grows with its square; what is above the limit goes.
_MOST_MARKS = 16
_STACKING = re.escape(
    "".join(chr(code) for code in range(0x300, 0x1E950) if unicodedata.combining(chr(code)))
)
_STACKING += f"{_VOWELS}\u0e32\u0e33\u0e47-\u0e4e"
_HEAP = re.compile(f"([{_STACKING}]{{{_MOST_MARKS}}})[{_STACKING}]+")


def normalise(text: str) -> str:
    """The form in which a text is stored; applying it again changes nothing.

    * Line ends of every system (CR LF, CR, VT, FF, NEL, U+2028, U+2029) become ``\\n``.
    * Control characters other than ``\\n`` and ``\\t``, bidirectional controls, lone surrogates,
      noncharacters and everything invisible go. So do U+200B and U+200D: a zero-width space is a line-break
      hint that libthai and browsers find without, and both kinds hide from the reader while splitting a word
      for search, comparison and counting; an emoji joined by U+200D falls into its visible members.
    * Copies of Thai letters in the Private Use Area (U+F700 to U+F71A) become the letters.
    * Of a heap of more than 16 combining marks the rest goes.
    * NFC, and the Thai order: ``เเ`` is ``แ``; vowel before tone or thanthakhat; tone before sara am;
      nikhahit and sara aa are sara am.

    Nothing else changes: spaces, tabs, blank lines, Thai digits and spelling stay.
    """
    text = _LINE_ENDS.sub("\n", text).translate(_SHIFTED_GLYPHS)
    text = _INVISIBLE.sub("", text)
    if not text.isprintable():
        text = "".join(character for character in text if _is_kept(character))
    text = _HEAP.sub("\\1", text)
    # One repair can make room for another (a sara am that lost its nikhahit may now stand before a tone).
    # Each pass shortens the text or moves marks towards their place, so this ends; good text leaves after one
    # comparison.
    while (repaired := _in_thai_order(text)) != text:
        text = repaired
    return text


def length(text: str) -> int:
    """Code points of the text as it would be stored: what every limit and counter means by "characters"."""
    return len(normalise(text))


def _is_kept(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cc":
        return character in "\n\t"
    if category == "Cf":
        return character in _VISIBLE_FORMAT
    if category == "Cn":
        return (ord(character) & 0xFFFE) != 0xFFFE and not 0xFDD0 <= ord(character) <= 0xFDEF
    return category != "Cs"


def _in_thai_order(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u0e40\u0e40", "\u0e41")
    text = _MARKS.sub(lambda run: "".join(sorted(run[0], key=_after_vowels)), text)
    text = _SPLIT_SARA_AM.sub("\\1\\2\u0e33", text)
    return _SARA_AM_BEFORE_TONE.sub("\\1\u0e33", text)


def _after_vowels(mark: str) -> bool:
    return mark >= "\u0e48"
