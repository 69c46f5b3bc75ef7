"""Whether a text layer can be trusted: a scan has none, and old fonts leave Thai without its vowels and tones."""

import re

from assessments.files.packages import Unfit
from pmqa.text import normalise

# A print says this much on its first page alone.
_LEAST_LETTERS = 80
# Of a hundred Thai consonants a print has some thirty marks above or below them; without a third of that they are lost.
_LEAST_MARKS = 0.1
# Marks that stand behind a space, and signs that mean nothing to anybody: a slip here and there is no reason to refuse.
_MOST_TORN, _MOST_UNKNOWN = 0.1, 0.005

_CONSONANT = re.compile("[\u0e01-\u0e2e]")
_MARK = re.compile("[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]")
_TORN_MARK = re.compile("[ \t][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_LETTER = re.compile(r"[^\W\d_]")
# Private use, what no encoding could read, and control codes: the signs of a font that tells nobody its letters.
_UNKNOWN = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")


def check(text: str) -> None:
    """Raises Unfit: "scanned" without a text, "broken_thai" where its Thai cannot be read.

    Shifted letters of old Thai fonts are no fault: `normalise` knows the letters that they stand for.
    """
    text = normalise(text)
    if len(_LETTER.findall(text)) < _LEAST_LETTERS and not _UNKNOWN.search(text):
        raise Unfit("scanned")
    consonants, marks = len(_CONSONANT.findall(text)), len(_MARK.findall(text))
    if (
        len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len(text)
        or consonants < _LEAST_LETTERS / 2
        or marks < _LEAST_MARKS * consonants
        or len(_TORN_MARK.findall(text)) > _MOST_TORN * max(marks, 1)
    ):
        raise Unfit("broken_thai")
