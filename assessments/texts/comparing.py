"""Two texts of one blank side by side: what differs, and a proposal that holds both. Pure: no Django."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Thai does not separate words, so phrases between spaces are compared; the spaces are tokens of their own.
_TOKEN = re.compile(r"\s+|\S+")
# Beyond this the matcher would keep a person waiting; the differing middle is then marked as one piece.
MAX_TOKENS = 1500

Piece = tuple[str, bool]


@dataclass(frozen=True)
class Comparison:
    """`mine` and `theirs` as pieces of (text, differs); `merged` keeps everything of both, theirs first."""

    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    merged: str


def compare(mine: str, theirs: str) -> Comparison:
    left, right = _TOKEN.findall(mine), _TOKEN.findall(theirs)
    mine_pieces: list[Piece] = []
    theirs_pieces: list[Piece] = []
    merged: list[str] = []
    for tag, i1, i2, j1, j2 in _steps(left, right):
        own, other = "".join(left[i1:i2]), "".join(right[j1:j2])
        differs = tag != "equal"
        if own:
            mine_pieces.append((own, differs))
        if other:
            theirs_pieces.append((other, differs))
        if not differs:
            merged.append(own)
            continue
        gap = " " if own and other and not other[-1].isspace() and not own[0].isspace() else ""
        merged.append(other + gap + own)
    return Comparison(tuple(mine_pieces), tuple(theirs_pieces), "".join(merged))


def _steps(left: list[str], right: list[str]):
    if len(left) <= MAX_TOKENS and len(right) <= MAX_TOKENS:
        return SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    shortest = min(len(left), len(right))
    head = next((place for place in range(shortest) if left[place] != right[place]), shortest)
    tail = next(
        (place for place in range(shortest - head) if left[-1 - place] != right[-1 - place]), shortest - head
    )
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, len(left) - tail, head, len(right) - tail),
        ("equal", len(left) - tail, len(left), len(right) - tail, len(right)),
    ]
