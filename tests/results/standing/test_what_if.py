"""Changes that are scored and never stored: read from what was typed, kept in an address."""

from fractions import Fraction

from criteria.scoring import CLAIMED
from results.standing.what_if import address, apply, read
from tests.results.standing.marks import make


def test_only_what_differs_is_a_change():
    marks = make()
    typed = {"1.2.2.1": "fail", "1.2.1.1": "pass", "7.1.1.1.result": "100", "7.1.1.1.target": "๘๕.0"}
    changes = read(marks, typed)
    assert address(changes) == [("1.2.2.1", "fail")]
    assert changes.count == 1
    assert changes


def test_nothing_changed_is_false_and_scores_the_same():
    marks = make()
    changes = read(marks, {})
    assert not changes
    assert apply(marks, changes).score.total == marks.score.total


def test_a_changed_part_moves_the_total_exactly():
    marks = make()
    after = apply(marks, read(marks, {"1.2.2.1": "fail"}))
    assert marks.score.total - after.score.total == Fraction(625, 168)


def test_figures_and_verdicts_of_indicators_are_changed_together():
    marks = make()
    typed = {"7.1.1.1": "fail", "7.1.2.1.target": "100", "7.1.2.1.result": "104", "7.1.3.1.result": "95 %"}
    scored = {entry.code: entry.result.score for entry in apply(marks, read(marks, typed)).score.indicators}
    assert [scored[code] for code in ("7.1.1.1", "7.1.2.1", "7.1.3.1", "7.1.4.1")] == [0, 300, 500, 500]


def test_an_address_reads_back_as_the_same_changes():
    marks = make(basis=CLAIMED)
    typed = {"1.1.1.1": "started", "7.2.1.1.result": "", "7.2.1.1.target": "92.5"}
    changes = read(marks, typed)
    assert read(marks, dict(address(changes))) == changes
    assert dict(address(changes)) == typed


def test_an_empty_figure_is_no_data_and_not_zero():
    marks = make(basis=CLAIMED)
    scored = apply(marks, read(marks, {"7.1.1.1.result": ""})).score.indicators[0].result
    assert (scored.percent, scored.score) == (None, 0)


def test_what_is_no_number_is_named_and_left_as_it_is():
    changes = read(make(), {"7.1.1.1.result": "มาก", "7.1.1.1.target": "90"})
    assert changes.faults["7.1.1.1.result"].code == "number"
    assert address(changes) == [("7.1.1.1.target", "90")]


def test_words_and_codes_of_nothing_are_ignored():
    claimed, verified = make(basis=CLAIMED), make()
    assert not read(claimed, {"1.1.1.1": "pass", "9.9.9.9": "done", "7.1.1.1": "fail"})
    assert not read(verified, {"1.1.1.1": "done", "7.1.1.1": "done"})
