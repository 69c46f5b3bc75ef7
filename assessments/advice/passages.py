"""Long passages that two answers share: a name may stand in many parts, the same paragraph should not. Pure.

Spaces and line breaks do not count. Every text is cut into blocks of half the shortest passage, so a shared passage
holds at least one whole block of the other text: one dictionary of blocks, and one walk over each text.
"""

from collections.abc import Mapping

# Letters that two parts must share, spaces removed, before it is said.
SHORTEST = 80
_BLOCK = SHORTEST // 2
# The same block may stand in many parts, and many times in a text that repeats itself: so many places are compared.
_MOST_PLACES = 8
_MOST_OF_ONE = 2


def compact(text: str) -> str:
    return "".join(text.split())


class Passages:
    """The shared passages among the texts of an assessment, by part code."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {code: compact(text) for code, text in texts.items()}
        self._blocks: dict[str, list[tuple[str, int]]] = {}
        for code, text in self._texts.items():
            _cut(self._blocks, code, text)

    def of(self, code: str) -> list[tuple[str, str]]:
        """(other part, the longest passage that both hold), the longest first."""
        longest = _longest(self._texts[code], self._blocks, self._texts, without=code)
        return sorted(longest.items(), key=lambda found: -len(found[1]))

    def with_text(self, code: str, text: str) -> str:
        """The longest passage that the part shares with another text; "" when there is none."""
        other = compact(text)
        blocks: dict[str, list[tuple[str, int]]] = {}
        _cut(blocks, "", other)
        return _longest(self._texts[code], blocks, {"": other}).get("", "")


def _cut(blocks: dict[str, list[tuple[str, int]]], code: str, text: str) -> None:
    for start in range(0, len(text) - _BLOCK + 1, _BLOCK):
        places = blocks.setdefault(text[start : start + _BLOCK], [])
        if len(places) < _MOST_PLACES and sum(other == code for other, _ in places) < _MOST_OF_ONE:
            places.append((code, start))


def _longest(
    text: str,
    blocks: Mapping[str, list[tuple[str, int]]],
    texts: Mapping[str, str],
    *,
    without: str | None = None,
) -> dict[str, str]:
    found: dict[str, str] = {}
    # How far the walk has compared with each text already: a passage is measured once, not at each of its letters.
    compared: dict[str, int] = {}
    for here in range(len(text) - _BLOCK + 1):
        for code, there in blocks.get(text[here : here + _BLOCK], ()):
            if code == without or here < compared.get(code, 0):
                continue
            other = texts[code]
            ahead = _BLOCK + _ahead(text, here + _BLOCK, other, there + _BLOCK)
            back = _back(text, here, other, there)
            compared[code] = here + ahead
            if back + ahead >= max(SHORTEST, len(found.get(code, "")) + 1):
                found[code] = text[here - back : here + ahead]
    return found


def _ahead(one: str, start: int, other: str, place: int) -> int:
    """How many letters the texts have in common from these places on; compared in slices that grow and shrink."""
    same, step = 0, _BLOCK
    while step:
        mine = one[start + same : start + same + step]
        if len(mine) == step and mine == other[place + same : place + same + step]:
            same += step
            step *= 2
        else:
            step //= 2
    return same


def _back(one: str, start: int, other: str, place: int) -> int:
    """How many letters before these places are the same: less than a block, else the block before had met already."""
    most = min(start, place, _BLOCK)
    return next((n for n in range(most) if one[start - n - 1] != other[place - n - 1]), most)
