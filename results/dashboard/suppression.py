"""Which groups of agencies may be told to those who are not to know single agencies. Pure.

The promise. A group of one to four agencies is not told: neither how many it has nor any figure of it. Beside it so
many larger groups stay untold that none of them comes out by subtracting told groups from a told total:

- in one line (groups that make up a told total) the untold ones are two or more, and have five agencies together or
  more;
- in several lines that divide the same agencies by one score (score groups, levels, the steps of the histogram), no
  one to four agencies can be worked out from the told groups of all of them: what is below Basic less what is below 300
  points, say;
- in a table with sums (ministries down, kinds across: all the choices of the filters) no untold cell and no untold sum
  can be worked out from any combination of the told ones. The table is that of the whole cycle, so it is the same
  whatever filters are chosen: no walk through the filters tells more than the table does. It is also the same in every
  process, however its agencies are ordered: two answers to one question would tell what one of them hides.

No figure is that of one agency: the least and the greatest of a group are never told, for those of several groups
together would say in which of them an agency is, down to one that is not told.

What is not promised: that counts of one population by score (groups, levels, the histogram) cannot be compared with
those of another population, or one table with another but for those named above; that a result published since
yesterday cannot be told from the difference between two days; anything about a group that all have the same score, or
that all passed or failed the same. Groups of nobody are told as 0.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

LEAST = 5
ALL = ""


def untold(sizes: Mapping[Hashable, int], *, least: int = LEAST) -> frozenset[Hashable]:
    """The groups of one line that are not told. Where nothing of it can be, all that are not empty."""
    return _untold_of_line(sizes, frozenset(), least)


def _untold_of_line(sizes: Mapping[Hashable, int], already: frozenset, least: int) -> frozenset[Hashable]:
    hidden = set(already) | {key for key, size in sizes.items() if 0 < size < least}
    if not hidden:
        return frozenset()
    # Of equal groups always the same, in whatever order they were counted: else two pages together would tell both.
    rest = sorted(
        (key for key, size in sizes.items() if size and key not in hidden),
        key=lambda key: (sizes[key], str(key)),
    )
    while rest and (len(hidden) < 2 or sum(sizes[key] for key in hidden) < least):
        hidden.add(rest.pop(0))
    return frozenset(hidden)


def untold_by_score(
    atoms: Sequence[int], lines: Sequence[Mapping[Hashable, range]], *, least: int = LEAST
) -> list[frozenset[Hashable]]:
    """What is not told of several lines that divide the same agencies by one score; the last line gives way first.

    `atoms` are how many agencies there are, none of them 0, from the lowest score to the highest, cut wherever any line
    cuts; a line has the atoms of each group.
    """
    sizes = [{key: sum(atoms[own.start : own.stop]) for key, own in line.items()} for line in lines]
    if sum(atoms) < least:
        return [frozenset(key for key, size in own.items() if size) for own in sizes]
    hidden = [set(untold(own, least=least)) for own in sizes]
    while ring := _shortest_ring(atoms, _pieces(atoms, lines, hidden), least):
        told = [
            (index, key)
            for index in reversed(range(len(lines)))
            for key, size in sorted(sizes[index].items(), key=lambda entry: entry[1])
            if size and key not in hidden[index]
        ]
        index, key = next(
            (place for place in told if not _is_closed(ring, _pieces(atoms, lines, hidden, place))), told[0]
        )
        hidden[index].add(key)
    return [frozenset(own) for own in hidden]


def _pieces(
    atoms: Sequence[int],
    lines: Sequence[Mapping[Hashable, range]],
    hidden: Sequence[set[Hashable]],
    besides: tuple[int, Hashable] | None = None,
) -> list[int]:
    """Of each cut, from before the first atom to after the last, with which others told groups join it.

    How many agencies are between two cuts is known exactly where told groups lead from one to the other; all agencies
    together join the first cut with the last. `besides` is not told either.
    """
    piece = list(range(len(atoms) + 1))
    joined = [(0, len(atoms))]
    joined += [
        (own.start, own.stop)
        for index, line in enumerate(lines)
        for key, own in line.items()
        if key not in hidden[index] and (index, key) != besides
    ]
    for one, other in joined:
        old, new = piece[other], piece[one]
        piece = [new if found == old else found for found in piece]
    return piece


def _is_closed(ring: Iterable[int], piece: Sequence[int]) -> bool:
    """Whether these atoms come out together: each piece has as many beginnings of theirs as ends."""
    left: dict[int, int] = {}
    for atom in ring:
        left[piece[atom]] = left.get(piece[atom], 0) + 1
        left[piece[atom + 1]] = left.get(piece[atom + 1], 0) - 1
    return not any(left.values())


def _shortest_ring(atoms: Sequence[int], piece: Sequence[int], least: int) -> tuple[int, ...]:
    """Atoms of less than `least` agencies that come out together; () where there are none.

    Sums of told groups are runs of atoms between cuts of one piece, so atoms come out exactly when they lead, each as
    an arrow from the piece before it to the piece after it, in rings. The smallest ring is the least that comes out.
    """
    small = [atom for atom, size in enumerate(atoms) if size < least]
    for first in small:
        waiting, seen = [(atoms[first], (first,))], set()
        while waiting:
            size, path = heappop(waiting)
            here = piece[path[-1] + 1]
            if here == piece[first]:
                return path
            if here in seen:
                continue
            seen.add(here)
            for atom in small:
                if piece[atom] == here and size + atoms[atom] < least:
                    heappush(waiting, (size + atoms[atom], (*path, atom)))
    return ()


@dataclass(frozen=True)
class Table:
    """Agencies by row and column. `ALL` as row or column is the sum; both are everybody."""

    sizes: Mapping[tuple[str, str], int]
    hidden: frozenset[tuple[str, str]]

    def is_told(self, row: str = ALL, column: str = ALL) -> bool:
        return (row, column) not in self.hidden

    def size(self, row: str = ALL, column: str = ALL) -> int:
        return self.sizes.get((row, column), 0)


def table(cells: Mapping[tuple[str, str], int], *, least: int = LEAST) -> Table:
    """The table with its sums, and what of it is not told."""
    sizes = _with_sums(cells)
    if sizes[ALL, ALL] < least:
        return Table(sizes, frozenset(key for key, size in sizes.items() if size))
    lines = tuple(_lines(sizes))
    hidden = frozenset(key for key, size in sizes.items() if 0 < size < least)
    while True:
        grown = hidden
        for line in lines:
            if not grown.isdisjoint(line):
                own = {key: sizes[key] for key in sorted(line)}
                grown |= _untold_of_line(own, grown & line, least)
        if grown == hidden:
            grown |= _beside_bridges(hidden, sizes)
        if grown == hidden:
            return Table(sizes, hidden)
        hidden = grown


def everything_told(cells: Mapping[tuple[str, str], int]) -> Table:
    """The same for those who may know everything."""
    return Table(_with_sums(cells), frozenset())


def _with_sums(cells: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    sizes: dict[tuple[str, str], int] = {(ALL, ALL): 0}
    for (row, column), size in cells.items():
        for key in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
            sizes[key] = sizes.get(key, 0) + size
    return sizes


def _lines(sizes: Mapping[tuple[str, str], int]) -> Iterable[frozenset[tuple[str, str]]]:
    """Cells of which one is the sum of the others: each row and column with its sum, and both lines of the sums.

    In each of them a sum is hidden like any other cell: whoever knows all cells but one knows that one.
    """
    for side in (0, 1):
        for name in sorted({key[side] for key in sizes}):
            yield frozenset(key for key in sizes if key[side] == name)


def _beside_bridges(hidden: frozenset, sizes: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """One more cell for a hidden cell that two or more lines together would tell.

    Rows and columns are points and hidden cells the edges between them. A cell can be worked out exactly when its edge
    is a bridge (D. Gusfield, A graph theoretic approach to statistical data security, 1988): hide the smallest told
    cell that joins what would fall apart without it, a sum only where no other does.
    """
    for edge in sorted(hidden):
        ends = _reached(("row", edge[0]), hidden - {edge})
        if ("column", edge[1]) in ends:
            continue
        across = [
            key
            for key, size in sizes.items()
            if size
            and key not in hidden
            and key != (ALL, ALL)
            and (("row", key[0]) in ends) != (("column", key[1]) in ends)
        ]
        return {min(across, key=lambda key: (ALL in key, sizes[key], key))} if across else {(ALL, ALL)}
    return set()


def _reached(start: tuple[str, str], edges: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The points that edges join with `start`."""
    beside: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row, column in edges:
        beside.setdefault(("row", row), []).append(("column", column))
        beside.setdefault(("column", column), []).append(("row", row))
    found, waiting = {start}, [start]
    while waiting:
        for point in beside.get(waiting.pop(), ()):
            if point not in found:
                found.add(point)
                waiting.append(point)
    return found
