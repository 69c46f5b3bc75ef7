"""Which groups of agencies may be told to those who are not to know single agencies. Pure.

The promise. A group of one to four agencies is not told: neither how many it has nor any figure of it. Beside it so
many larger groups stay untold that none of them comes out by subtracting told groups from a told total:

- in one line (groups that make up a told total) the untold ones are two or more, and have five agencies together or
  more;
- in a table with sums (ministries down, kinds across: all the choices of the filters) no untold cell and no untold sum
  can be worked out from any combination of the told ones. The table is that of the whole cycle, so it is the same
  whatever filters are chosen: no walk through the filters tells more than the table does. It is also the same in every
  process, however its agencies are ordered: two answers to one question would tell what one of them hides.

What is not promised: that the figures of one population by score (groups, levels, the histogram) cannot be compared
with those of another population, or one table with another page's; that a result published since yesterday cannot be
told from the difference between two days; anything about a group that all have the same score. Groups of nobody are
told as 0.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

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
