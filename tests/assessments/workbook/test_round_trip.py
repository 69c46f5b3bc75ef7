"""Out and in again: nothing changed is nothing to do, forty changes are these forty."""

import random
from decimal import Decimal

import pytest

from assessments.incoming.changes import ADDED, CHANGE, CHANGED, DELETED
from assessments.models import Answer, Claim, Indicator
from assessments.reading import read_answers, tree_of
from assessments.services import workbook as services
from assessments.workbook import words
from criteria.fields import MAX_LENGTH
from tests import factories
from tests.assessments.workbook.sheets import Book, downloaded, exported, receive

pytestmark = pytest.mark.django_db
PART, BLANK = "1.1.2.1", "1.1.2.1|detail"


@pytest.fixture
def full(agency, cycle):
    return factories.make_assessment(agency=agency, cycle=cycle, complete=True)


def plan_of(assessment, book: Book, by):
    pending = receive(assessment, book.save(), by)
    return services.plan(pending, read_answers(assessment), by=by)


def apply_all(assessment, book: Book, by, **keep):
    """Store everything, as somebody does who agrees with the preview."""
    pending = receive(assessment, book.save(), by)
    found = services.plan(pending, read_answers(assessment), by=by)
    choices = {
        change.key: services.Choice(change.version, keep.get(change.key, "")) for change in found.changes
    }
    return services.apply(pending, choices=choices, by=by)


def set_values(assessment, code, **values):
    Answer.objects.filter(assessment=assessment, part__code=code).update(values=values)


@pytest.mark.parametrize("complete", [False, True])
def test_a_workbook_that_nobody_touched_changes_nothing(agency, cycle, coordinator, complete):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=complete)
    file = services.export(assessment, by=coordinator)
    found = plan_of(assessment, downloaded(file), coordinator)
    assert found.changes == ()
    assert found.missing == 0


def changeable(book: Book, full) -> list[tuple[str, str, object]]:
    """(key, column, new value) for every cell that can be filled in, with something else than stands there."""
    tree = tree_of(full)
    found = []
    for key, cells in book.rows.items():
        code, _bar, rest = key.partition("|")
        if code == "new":
            continue
        if code == "indicator":
            found += [(key, "name", "ชื่อใหม่ของตัวชี้วัด"), (key, "target", 91.25), (key, "result_1", None)]
            found.append((key, "direction", words.DIRECTIONS["lower_is_better"]))
            continue
        blank = next(blank for blank in tree.parts[code].fields if blank.key == rest.partition("|")[0])
        value = {"percent": "75.5", "number": "1,234", "date": "16/1/2569", "url": "https://example.org/new"}
        for column, cell in cells.items():
            if column.startswith("answer.") and not cell.protection.locked and cell.value:
                found.append((key, column, value.get(blank.kind, f"{cell.value} แก้ไข")))
        if cells.get("claim") is not None and not cells["claim"].protection.locked:
            found.append((key, "claim", words.CLAIMS["started"]))
    return found


def test_forty_changes_are_exactly_these_forty(full, coordinator):
    book = downloaded(services.export(full, by=coordinator))
    chosen = random.Random(40).sample(changeable(book, full), 40)
    for key, column, value in chosen:
        book.write(key, value, column)
    found = plan_of(full, book, coordinator)
    assert {change.state for change in found.changes} == {CHANGE}
    assert sum(len(change.lines) for change in found.changes) == 40
    touched = {
        key.partition("|")[0] if not key.startswith("indicator") else "-".join(key.split("|")[:2])
        for key, *_ in chosen
    }
    assert {change.key for change in found.changes} == touched

    apply_all(full, book, coordinator)
    again = exported(full)
    for key, column, value in chosen:
        stored = again.cell(key, column).value
        plain = {"1,234": "1234", "16/1/2569": "2026-01-16"}.get(value, value)
        assert stored == plain
    # The same workbook once more says what is stored already.
    assert plan_of(full, book, coordinator).changes == ()


def test_added_changed_and_deleted_are_called_so(full, coordinator):
    set_values(full, "1.1.1.1", economy="เดิม", society="จะลบ")
    book = exported(full)
    book.write("1.1.1.1|economy", "เดิม และใหม่")
    book.write("1.1.1.1|society", None)
    book.write("1.1.1.1|environment", "เพิ่มเข้ามา")
    (change,) = plan_of(full, book, coordinator).changes
    assert [line.verb for line in change.lines] == [CHANGED, DELETED, ADDED]
    apply_all(full, book, coordinator)
    stored = factories.answer_of(full, "1.1.1.1").values
    assert stored == {"economy": "เดิม และใหม่", "environment": "เพิ่มเข้ามา"}


def test_an_entry_of_a_list_can_be_deleted_and_another_added(full, coordinator):
    set_values(full, "OP1.mission", mission=["หนึ่ง", "สอง", "สาม"])
    book = exported(full)
    book.write("OP1.mission|mission|1", None)
    book.write("OP1.mission|mission|4", "ห้า")
    (change,) = plan_of(full, book, coordinator).changes
    assert [(line.old, line.new) for line in change.lines] == [("สอง", ""), ("", "ห้า")]
    apply_all(full, book, coordinator)
    assert factories.answer_of(full, "OP1.mission").values == {"mission": ["หนึ่ง", "สาม", "ห้า"]}


def test_a_row_of_a_table_keeps_its_columns(full, coordinator):
    book = exported(full)
    book.write("OP2.suppliers|suppliers|1", "ผู้ส่งมอบใหม่")
    book.write("OP2.suppliers|suppliers|1", "ส่งตรงเวลา", "answer.1")
    book.write("OP3.advantages|advantages|2", "บุคลากรชำนาญ", "answer.1")
    apply_all(full, book, coordinator)
    suppliers = factories.answer_of(full, "OP2.suppliers").values["suppliers"]
    assert suppliers == [["กลุ่มสมมติ", "ความต้องการสมมติ"], ["ผู้ส่งมอบใหม่", "ส่งตรงเวลา"]]
    advantages = factories.answer_of(full, "OP3.advantages").values["advantages"]
    assert advantages[2] == ["ด้านบุคลากร", "บุคลากรชำนาญ"]


LONG = ("๑) ข้อความยาวมาก\n\n  2) second line  \t" * 700)[:MAX_LENGTH]
TEXTS = (
    "=1+1", "+66 2 123", "-5", "@here", '=HYPERLINK("http://evil.example","x")', "\tแท็บ", "#N/A", "น้ำ ที่ ญู ปี่",
    " เว้นหน้า และท้าย ", "บรรทัดหนึ่ง\nบรรทัดสอง\n", "007", "TRUE", "1e5", LONG, "🙂 <b>&amp;",
)  # fmt: skip


def test_every_text_comes_back_as_it_was(full, coordinator):
    single = [
        part.code
        for part in tree_of(full).process_parts
        if [blank.key for blank in part.fields] == ["detail"]
    ]
    placed = dict(zip(single, TEXTS, strict=False))
    assert len(placed) == len(TEXTS)
    for code, text in placed.items():
        set_values(full, code, detail=text)
    book = exported(full)
    for code, text in placed.items():
        cell = book.cell(f"{code}|detail")
        assert (cell.data_type, cell.value) == ("s", text)
        assert cell.quotePrefix is text.startswith(("=", "+", "-", "@", "\t"))
    assert plan_of(full, book, coordinator).changes == ()


def test_a_text_that_a_cell_cannot_hold_stays_out_and_stays_stored(full, coordinator):
    texts = {"2.1.1.1": "🙂" * 17_000, "2.1.1.2": "แทรก _x000D_ ไว้", "2.1.1.3": "x005F_"}
    first = {"2.1.1.1": "challenge", "2.1.1.2": "future_change", "2.1.1.3": "social_responsibility"}
    for code, text in texts.items():
        set_values(full, code, **{first[code]: text, "strategy": "สั้น"})
    book = exported(full)
    assert not any(f"{code}|{key}" in book.rows for code, key in first.items())
    assert plan_of(full, book, coordinator).changes == ()
    for code in texts:
        book.write(f"{code}|strategy", "ยาวขึ้น")
        book.write(f"{code}|", words.CLAIMS["started"], "claim")
    apply_all(full, book, coordinator)
    for code, text in texts.items():
        answer = factories.answer_of(full, code)
        assert answer.values == {first[code]: text, "strategy": "ยาวขึ้น"}
        assert answer.claim == Claim.STARTED


def test_an_entry_that_does_not_fit_keeps_its_whole_list_out(full, coordinator):
    set_values(full, "OP1.mission", mission=["หนึ่ง", "🙂" * 17_000])
    book = exported(full)
    assert not any(key.startswith("OP1.mission|mission") for key in book.rows)
    assert plan_of(full, book, coordinator).changes == ()


def test_a_figure_as_people_and_excel_write_it_is_stored_as_one_number(full, coordinator):
    set_values(full, "6.1.3.1", percent="1")
    answer = factories.answer_of(full, "7.1.1")
    key = f"indicator|{answer.pk}|7.1.1"
    book = exported(full)
    book.write("6.1.3.1|percent", 0.5)
    book.cell("6.1.3.1|percent").number_format = "0%"
    for column, typed in {"target": "๑,๒๓๔.๕๐", "result_1": 0.1, "result_2": "-", "result_3": 95}.items():
        book.write(key, typed, column)
    apply_all(full, book, coordinator)
    assert factories.answer_of(full, "6.1.3.1").values["percent"] == "50"
    indicator = Indicator.objects.get(answer=answer)
    assert indicator.target == Decimal("1234.5")
    assert indicator.results == (Decimal("0.1"), None, Decimal(95))


def test_labels_are_locked_answers_are_open_and_choices_are_lists(full, coordinator):
    book = exported(full).book
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert not sheet.protection.formatRows
    sheet = book[words.CATEGORY_SHEET.format(code="1")]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1 for rule in lists] == [f'"{",".join(words.CLAIMS.values())}"']
    assert sheet.freeze_panes == "C4"
    assert sheet.print_title_rows == "$3:$3"
    opened = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert {sheet.cell(3, cell.column).value for cell in opened} == {
        words.COLUMNS["answer"],
        words.COLUMNS["claim"],
    }


def test_no_cell_of_an_exported_workbook_is_a_formula(full, coordinator):
    set_values(full, PART, detail="=cmd|' /C calc'!A0")
    full.agency.name = "=กรมสมมติ"
    kinds = {
        cell.data_type
        for sheet in exported(full).book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds == {"s", "n"}


def test_the_words_on_the_sheets_are_those_of_the_pages():
    assert {code: str(label) for code, label in Claim.choices} == words.CLAIMS
    assert {code: str(label) for code, label in Indicator.Direction.choices} == words.DIRECTIONS
    assert list(words.figure_columns((1, 2, 3))) == list(services.FIGURES)
