"""No untold group comes out by subtraction: all told figures of a line or table together do not give it."""

from fractions import Fraction
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.dashboard.suppression import ALL, LEAST, everything_told, table, untold, untold_by_score

SIZES = st.integers(min_value=0, max_value=14)
LINES = st.lists(SIZES, min_size=1, max_size=12).map(lambda sizes: dict(enumerate(sizes)))
TABLES = st.integers(1, 6).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.lists(SIZES, min_size=rows * columns, max_size=rows * columns).map(
            lambda sizes: dict(
                zip(
                    ((f"m{row}", f"k{column}") for row, column in product(range(rows), range(columns))),
                    sizes,
                    strict=True,
                )
            )
        )
    )
)


def known(equations: list[dict], unknown: list) -> set:
    """Which of the unknown have one value only: Gauss and Jordan, exactly."""
    rows = [[Fraction(equation.get(key, 0)) for key in unknown] for equation in equations]
    pivots: list[int] = []
    for column in range(len(unknown)):
        found = next((row for row in range(len(pivots), len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        place = len(pivots)
        rows[place], rows[found] = rows[found], rows[place]
        rows[place] = [value / rows[place][column] for value in rows[place]]
        for row in range(len(rows)):
            if row != place and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [
                    mine - factor * other for mine, other in zip(rows[row], rows[place], strict=True)
                ]
        pivots.append(column)
    return {
        unknown[column]
        for place, column in enumerate(pivots)
        if sum(value != 0 for value in rows[place]) == 1
    }


@given(LINES)
def test_a_line_hides_every_small_group_and_no_empty_one(sizes):
    hidden = untold(sizes)
    assert {key for key, size in sizes.items() if 0 < size < LEAST} <= hidden
    assert all(sizes[key] for key in hidden)


@given(LINES)
def test_what_a_line_hides_cannot_be_subtracted(sizes):
    """With a told total: two or more are untold, and they are five together; unless there is nothing else to hide."""
    hidden = untold(sizes)
    if hidden and hidden != {key for key, size in sizes.items() if size}:
        assert len(hidden) >= 2
        assert sum(sizes[key] for key in hidden) >= LEAST


@given(LINES)
def test_a_line_hides_no_more_than_it_must(sizes):
    """The largest that is hidden, were it told, would leave one alone or fewer than five together."""
    hidden = untold(sizes)
    large = [key for key in hidden if sizes[key] >= LEAST]
    if large:
        rest = hidden - {max(large, key=lambda key: sizes[key])}
        assert len(rest) < 2 or sum(sizes[key] for key in rest) < LEAST


@settings(max_examples=300, deadline=None)
@given(TABLES)
def test_no_combination_of_told_cells_and_sums_gives_an_untold_one(cells):
    found = table(cells)
    sizes = dict(found.sizes)
    # Zeros are told.
    hidden = [key for key in sizes if key in found.hidden and sizes[key]]
    if found.size() < LEAST:
        assert set(hidden) == {key for key, size in sizes.items() if size}
        return
    assert {key for key, size in sizes.items() if 0 < size < LEAST} <= found.hidden
    rows = {key[0] for key in sizes}
    columns = {key[1] for key in sizes}
    equations = [{key: -1 if key[1] == ALL else 1 for key in hidden if key[0] == row} for row in rows] + [
        {key: -1 if key[0] == ALL else 1 for key in hidden if key[1] == column} for column in columns
    ]
    assert known(equations, hidden) == set()


@given(TABLES, st.randoms(use_true_random=False))
def test_the_same_is_hidden_in_whatever_order_the_cells_come(cells, random):
    shuffled = list(cells.items())
    random.shuffle(shuffled)
    assert table(dict(shuffled)).hidden == table(cells).hidden


@given(LINES, st.randoms(use_true_random=False))
def test_the_same_of_a_line_is_hidden_in_whatever_order_its_groups_come(sizes, random):
    """Two pages that hid one of two equal groups each would tell both, and so the small one."""
    shuffled = list(sizes.items())
    random.shuffle(shuffled)
    assert untold(dict(shuffled)) == untold(sizes)


@pytest.mark.parametrize("order", [("", "basic", "advance"), ("advance", "basic", "")])
def test_of_two_equal_groups_always_the_same_goes_with_a_small_one(order):
    """The database counts groups in an order of its own, which may change from page to page."""
    sizes = {"": 2, "basic": 7, "advance": 7}
    assert untold({key: sizes[key] for key in order}) == {"", "advance"}


@settings(deadline=None)
@given(TABLES)
def test_a_table_without_small_groups_is_told_as_it_is(cells):
    large = {key: size and size + LEAST for key, size in cells.items()}
    assert table(large).hidden == frozenset()
    assert everything_told(cells).hidden == frozenset()


def test_one_small_ministry_takes_the_next_smallest_with_it():
    found = table({("ก", "department"): 3, ("ข", "department"): 9, ("ค", "department"): 20})
    assert not found.is_told("ก")
    assert not found.is_told("ข")
    assert found.is_told("ค")
    assert found.is_told()


def test_a_kind_within_a_ministry_is_not_the_rest_of_its_sum():
    """Eight in a ministry, six of them departments: the two provinces would be the difference."""
    found = table(
        {("ก", "department"): 6, ("ก", "province"): 2, ("ข", "department"): 30, ("ข", "province"): 30}
    )
    assert found.is_told("ก")
    assert not found.is_told("ก", "province")
    assert not found.is_told("ก", "department")
    # And not through the kinds either.
    assert not found.is_told("ข", "province")
    assert not found.is_told("ข", "department")


def test_a_cell_between_two_rings_is_told_by_neither_line_alone_and_still_hidden():
    """Every line has two untold cells or more, yet all lines together would give one: it takes another along."""
    ring = {("a", "1"): 3, ("a", "2"): 3, ("b", "1"): 3, ("b", "2"): 3}
    other = {("c", "3"): 3, ("c", "4"): 3, ("d", "3"): 3, ("d", "4"): 3}
    rest = dict.fromkeys(product("abcd", "1234"), 40)
    found = table(rest | ring | other | {("b", "3"): 4})
    hidden = [key for key in found.sizes if key in found.hidden]
    equations = [{key: 1 for key in hidden if key[0] == row} for row in "abcd"]
    equations += [{key: 1 for key in hidden if key[1] == column} for column in "1234"]
    assert known(equations, hidden) == set()


# --- lines by one score -----------------------------------------------------------------------


def divided(cuts: list[int], atoms: int) -> dict[int, range]:
    """A line that is cut there."""
    ends = sorted({0, atoms, *(cut for cut in cuts if cut < atoms)})
    return {start: range(start, stop) for start, stop in pairwise(ends)}


CUTS = st.lists(st.integers(1, 9), max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=10), st.lists(CUTS, min_size=1, max_size=3))
def test_no_few_agencies_come_out_of_several_lines_by_one_score(atoms, cuts):
    """Every set of atoms of one to four agencies, against all told groups at once."""
    lines = [divided(own, len(atoms)) for own in cuts]
    hidden = untold_by_score(atoms, lines)
    told = [
        own
        for line, left_out in zip(lines, hidden, strict=True)
        for key, own in line.items()
        if key not in left_out
    ]
    if sum(atoms) < LEAST:
        assert not told
        return
    equations = [dict.fromkeys(own, 1) for own in (*told, range(len(atoms)))]
    places = [place for place, size in enumerate(atoms) if size < LEAST]
    for taken in range(1, LEAST):
        for few in combinations(places, taken):
            if sum(atoms[place] for place in few) < LEAST:
                # Their sum is known exactly when it, as an unknown of its own, has one value only.
                sought = [*equations, dict.fromkeys(few, -1) | {"sum": 1}]
                assert "sum" not in known(sought, [*range(len(atoms)), "sum"]), (few, told)


def test_below_basic_less_the_lowest_group_is_nobody_in_particular():
    """Eight below 350 points, six of them below 300: the two between are the difference of two told groups.

    The rest above is not told either, for all less the rest are the eight.
    """
    atoms = [6, 2, 22]
    levels = {"": range(1), "basic": range(1, 3)}
    groups = {"below 350": range(2), "above": range(2, 3)}
    assert untold(dict(zip(levels, (6, 24), strict=True))) == untold(dict(zip(groups, (8, 22), strict=True)))
    assert untold_by_score(atoms, [levels, groups]) == [frozenset(), {"below 350", "above"}]
