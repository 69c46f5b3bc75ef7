"""How alike two printed texts are, when typing slips are allowed.

Texts are compared by their skeleton: letters, vowels and digits without tone marks, spaces and punctuation.
Most slips of Thai typists are a wrong or missing tone mark or a space, and vanish there; what is left is an
edit distance.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# Sara am is read as sara aa: old prints split it, and lose the circle.
_FOLDED = str.maketrans({"\u0e33": "\u0e32"})
# Tone marks, maitaikhu, thanthakhat and nikhahit (U+0E47 to U+0E4E) and the signs ฯ and ๆ are left out.
_NOT_SKELETON = re.compile("[^0-9a-z\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45]+")
_DIGITS = re.compile("[0-9]+")

# Below this length one wrong letter makes another word; only equality counts.
MIN_FUZZY = 8
_PROBE = 4


def arabic(text: str) -> str:
    """Thai digits as 0-9."""
    return text.translate(_THAI_DIGITS)


@lru_cache(maxsize=20_000)
def _short_skeleton(text: str) -> str:
    return _NOT_SKELETON.sub("", arabic(text).lower().translate(_FOLDED))


def skeleton(text: str) -> str:
    """What is compared of a text: lower case, Arabic digits, no tone marks, spaces or punctuation."""
    if len(text) <= 200:
        return _short_skeleton(text)
    return _NOT_SKELETON.sub("", arabic(text).lower().translate(_FOLDED))


def distances(pattern: str, text: str) -> Iterable[int]:
    """Edit distance between `pattern` and each prefix of `text`, from the empty one on.

    Myers' bit-parallel algorithm: one step per letter of `text`, whatever the length of `pattern`.
    """
    size = len(pattern)
    mask = (1 << size) - 1
    last = 1 << max(size - 1, 0)
    where: dict[str, int] = {}
    for index, letter in enumerate(pattern):
        where[letter] = where.get(letter, 0) | (1 << index)
    positive, negative, score = mask, 0, size
    yield score
    for letter in text:
        match = where.get(letter, 0)
        vertical = match | negative
        horizontal = (((match & positive) + positive) ^ positive) | match
        gain = negative | (~(horizontal | positive) & mask)
        loss = positive & horizontal
        if gain & last:
            score += 1
        elif loss & last:
            score -= 1
        gain = ((gain << 1) | 1) & mask
        loss = (loss << 1) & mask
        positive = loss | (~(vertical | gain) & mask)
        negative = gain & vertical
        yield score if size else 0


def distance(one: str, other: str) -> int:
    """Number of letters to insert, delete or replace to make `one` of `other`."""
    if not one or not other:
        return max(len(one), len(other))
    return list(distances(one, other))[-1]


def _shares(text: str, probes: tuple[str, ...]) -> bool:
    """A cheap test before the distance: does `text` hold a third of the pieces of the other text?"""
    return 3 * sum(probe in text for probe in probes) >= len(probes)


@lru_cache(maxsize=5_000)
def _probes(text: str) -> tuple[str, ...]:
    return tuple(text[index : index + _PROBE] for index in range(0, len(text) - _PROBE + 1, _PROBE))


def likeness(one: str, other: str) -> float:
    """0..1 for two skeletons; 1 is equal, 0 also stands for "too far apart to measure"."""
    if one == other:
        return 1.0
    longer = max(len(one), len(other))
    if abs(len(one) - len(other)) > longer / 3 or not _shares(one, _probes(other)):
        return 0.0
    return 1 - distance(one, other) / longer


def beginning_likeness(printed: str, wording: str) -> float:
    """0..1: how well `printed` is the beginning of `wording`, for headings that are cut anywhere."""
    if wording.startswith(printed):
        return 1.0
    if len(printed) > len(wording) * 1.3 or not _shares(wording, _probes(printed)):
        return 0.0
    return 1 - min(distances(printed, wording)) / len(printed)


def is_shortened(printed: str, wording: str) -> bool:
    """Whether `printed` is `wording` with one stretch in its middle left out, as in labels that repeat."""
    missing = len(wording) - len(printed)
    if missing <= 0 or len(printed) < MIN_FUZZY or 2 * missing > len(wording) + 4:
        return False
    front = 0
    while front < len(printed) and printed[front] == wording[front]:
        front += 1
    return _PROBE <= front < len(printed) and wording.endswith(printed[front:])


def same_digits(one: str, other: str) -> bool:
    """ลำดับที่ 1 is never a typing slip for ลำดับที่ 2."""
    return _DIGITS.findall(one) == _DIGITS.findall(other)
