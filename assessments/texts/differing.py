"""What changed from one text to another, word by word. Pure: no Django.

The words that stay are a longest common subsequence. It is found with bit vectors (Hyyrö 2004): one operation on a
large integer compares a word of one text with all words of the other, so the time does not depend on what the texts
say, and texts at the limit of a blank that share nothing take a fraction of a second.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from assessments.texts.words import words

Kind = Literal["same", "gone", "new", "fold"]

# Beyond this many pairs of words (a blank full of single signs) the differing middle is shown as one piece.
MAX_PAIRS = 100_000_000
# Characters of an unchanged passage that stand beside a change, and how many more make a fold worth while.
CONTEXT = 80
SHORTEST_FOLD = 160
# Words that stay between two changes are kept apart while they make up at least this part of each.
_LONELY = 4


class Piece(NamedTuple):
    """A stretch of text; "fold" is an unchanged one, far from any change."""

    kind: Kind
    text: str


class _Edit(NamedTuple):
    """left[start:end] was replaced by right[new_start:new_end]; either may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order; without the new ones they are `before`, without the gone `after`."""
    left, right = words(before), words(after)
    pieces: list[Piece] = []
    done = 0
    for edit in _without_lonely_words(_edits(left, right), left, right):
        pieces += _unchanged(left[done : edit.start], is_first=not pieces, is_last=False)
        pieces += _piece("gone", left[edit.start : edit.end])
        pieces += _piece("new", right[edit.new_start : edit.new_end])
        done = edit.end
    pieces += _unchanged(left[done:], is_first=not pieces, is_last=True)
    return tuple(pieces)


def replaced(before: str, after: str) -> tuple[Piece, ...]:
    """A figure or a choice: all of it changed, or nothing."""
    if before == after:
        return tuple(_piece("same", [before]))
    return (*_piece("gone", [before]), *_piece("new", [after]))


# --- which words stay -------------------------------------------------------------------------


def _edits(left: Sequence[str], right: Sequence[str]) -> list[_Edit]:
    shortest = min(len(left), len(right))
    head = next((place for place in range(shortest) if left[place] != right[place]), shortest)
    tail = next(
        (place for place in range(shortest - head) if left[-1 - place] != right[-1 - place]), shortest - head
    )
    ends = len(left) - tail, len(right) - tail
    if (ends[0] - head) * (ends[1] - head) > MAX_PAIRS:
        return [_Edit(head, ends[0], head, ends[1])]
    stays = common(left[head : ends[0]], right[head : ends[1]])
    edits = []
    start, new_start = head, head
    for place, new_place in [*((head + i, head + j) for i, j in stays), ends]:
        if start < place or new_start < new_place:
            edits.append(_Edit(start, place, new_start, new_place))
        start, new_start = place + 1, new_place + 1
    return edits


def common(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The places (in left, in right) of a longest common subsequence."""
    places: dict[str, int] = {}
    for place, word in enumerate(left):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(left)) - 1
    # A bit of row j is nought where the place of `left` adds to what is common with right[: j + 1].
    rows, row = [], full
    for word in right:
        if hits := row & places.get(word, 0):
            row = ((row + hits) | (row - hits)) & full
        rows.append(row)
    pairs = []
    i, j = len(left), len(right)
    while i and j:
        if rows[j - 1] >> (i - 1) & 1:
            i -= 1
            continue
        j -= 1
        if not j or rows[j - 1] >> (i - 1) & 1:
            i -= 1
            pairs.append((i, j))
    return pairs[::-1]


def _without_lonely_words(edits: Sequence[_Edit], left: Sequence[str], right: Sequence[str]) -> list[_Edit]:
    """Two changes with only a space or a short word between them are one: a rewritten sentence reads as such."""
    sizes = [0, *accumulate(map(len, left))], [0, *accumulate(map(len, right))]

    def size(edit: _Edit) -> int:
        return sizes[0][edit.end] - sizes[0][edit.start] + sizes[1][edit.new_end] - sizes[1][edit.new_start]

    merged: list[_Edit] = []
    for edit in edits:
        if merged:
            last = merged[-1]
            both = _Edit(last.start, edit.end, last.new_start, edit.new_end)
            between = sizes[0][edit.start] - sizes[0][last.end]
            is_space = all(word.isspace() for word in left[last.end : edit.start])
            replaces = (last.end > last.start or edit.end > edit.start) and (
                last.new_end > last.new_start or edit.new_end > edit.new_start
            )
            if replaces and (is_space or between * _LONELY <= min(size(last), size(edit))):
                merged[-1] = both
                continue
        merged.append(edit)
    return merged


# --- pieces -----------------------------------------------------------------------------------


def _piece(kind: Kind, run: Sequence[str]) -> list[Piece]:
    text = "".join(run)
    return [Piece(kind, text)] if text else []


def _unchanged(run: Sequence[str], *, is_first: bool, is_last: bool) -> list[Piece]:
    """An unchanged passage: whole, or what is next to a change with the rest as a fold."""
    head = 0 if is_first else _words_of_length(run)
    tail = len(run) if is_last else len(run) - _words_of_length(run[::-1])
    if sum(map(len, run[head:tail])) < SHORTEST_FOLD:
        return _piece("same", run)
    return [*_piece("same", run[:head]), *_piece("fold", run[head:tail]), *_piece("same", run[tail:])]


def _words_of_length(run: Sequence[str]) -> int:
    """How many words reach CONTEXT characters."""
    reached = 0
    for count, word in enumerate(run, start=1):
        reached += len(word)
        if reached >= CONTEXT:
            return count
    return len(run)
