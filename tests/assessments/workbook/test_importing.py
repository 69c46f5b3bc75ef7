"""What a workbook would change, and storing it: conflicts are chosen, nothing is overwritten silently."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.incoming.changes import CHANGE, CONFLICT, FAULT, KEEP, LEFT_OUT, TAKE
from assessments.models import Cycle, Indicator, WorkbookImport
from assessments.reading import read_answers
from assessments.services import workbook as services
from assessments.services.answers import save_answer
from assessments.services.incoming import Choice, Unsettled
from assessments.services.indicators import FIGURES, add_indicator, remove_indicator, save_indicator
from assessments.workbook import words
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from tests import factories
from tests.assessments.workbook.sheets import exported, receive

pytestmark = pytest.mark.django_db
PART, BLANK = "1.1.2.1", "1.1.2.1|detail"
OTHER, OTHER_BLANK = "1.2.1.1", "1.2.1.1|detail"


@pytest.fixture
def book(assessment, coordinator):
    save(assessment, PART, "เดิม", coordinator)
    return exported(assessment)


def save(assessment, code, text, by, claim="done"):
    answer = factories.answer_of(assessment, code)
    category = code.partition(".")[0]
    values = {"detail": text} if text else {}
    return save_answer(answer, version=answer.version, claim=claim, values=values, category=category, by=by)


def text_of(assessment, code=PART):
    return factories.answer_of(assessment, code).values.get("detail", "")


def plan_of(pending, by):
    return services.plan(pending, read_answers(pending.assessment), by=by)


def change_of(assessment, book, by):
    (change,) = plan_of(receive(assessment, book.save(), by), by).changes
    return change


def seen(plan, **keep) -> dict[str, Choice]:
    return {change.key: Choice(change.version, keep.get(change.key, "")) for change in plan.changes}


# --- two people ---------------------------------------------------------------------------------


def test_a_part_that_moved_on_and_was_not_touched_in_the_workbook_is_no_change(assessment, book, coordinator):
    save(assessment, PART, "ใหม่ในระบบ", coordinator)
    assert plan_of(receive(assessment, book.save(), coordinator), coordinator).changes == ()


def test_the_same_change_in_both_places_is_no_change(assessment, book, coordinator):
    book.write(BLANK, "เหมือนกัน")
    save(assessment, PART, "เหมือนกัน", coordinator)
    assert plan_of(receive(assessment, book.save(), coordinator), coordinator).changes == ()


def test_changed_and_changed_back_is_no_conflict(assessment, book, coordinator):
    save(assessment, PART, "ระหว่างทาง", coordinator)
    save(assessment, PART, "เดิม", coordinator)
    book.write(BLANK, "ในไฟล์")
    assert change_of(assessment, book, coordinator).state == CHANGE


@pytest.mark.parametrize(("keep", "stored"), [(TAKE, "ในไฟล์"), (KEEP, "ในระบบ")])
def test_two_texts_wait_for_a_choice(assessment, book, coordinator, keep, stored):
    book.write(BLANK, "ในไฟล์")
    book.write(OTHER_BLANK, "อีกส่วน")
    save(assessment, PART, "ในระบบ", coordinator)
    pending = receive(assessment, book.save(), coordinator)
    plan = plan_of(pending, coordinator)
    assert [(change.key, change.state) for change in plan.changes] == [(PART, CONFLICT), (OTHER, CHANGE)]
    assert [(line.old, line.new) for line in plan.changes[0].lines] == [("ในระบบ", "ในไฟล์")]
    with pytest.raises(Unsettled) as unsettled:
        services.apply(pending, choices=seen(plan), by=coordinator)
    assert unsettled.value.keys == {PART}
    assert (text_of(assessment), text_of(assessment, OTHER)) == ("ในระบบ", "")
    services.apply(pending, choices=seen(plan, **{PART: keep}), by=coordinator)
    assert (text_of(assessment), text_of(assessment, OTHER)) == (stored, "อีกส่วน")


@pytest.mark.parametrize("keep", ["", TAKE])
def test_what_changes_between_preview_and_storing_comes_back_as_a_conflict(
    assessment, book, coordinator, keep
):
    book.write(BLANK, "ในไฟล์")
    if keep:
        save(assessment, PART, "ในระบบครั้งแรก", coordinator)
    pending = receive(assessment, book.save(), coordinator)
    plan = plan_of(pending, coordinator)
    save(assessment, PART, "ในระบบ หลังเปิดดู", coordinator)
    with pytest.raises(Unsettled):
        services.apply(pending, choices=seen(plan, **{PART: keep}), by=coordinator)
    assert text_of(assessment) == "ในระบบ หลังเปิดดู"
    assert plan_of(pending, coordinator).changes[0].state == CONFLICT


def test_a_change_that_was_not_on_the_preview_is_not_stored(assessment, book, coordinator):
    book.write(BLANK, "เหมือนกัน")
    save(assessment, PART, "เหมือนกัน", coordinator)
    pending = receive(assessment, book.save(), coordinator)
    plan = plan_of(pending, coordinator)
    assert plan.changes == ()
    save(assessment, PART, "เดิม", coordinator)
    with pytest.raises(Unsettled):
        services.apply(pending, choices=seen(plan), by=coordinator)
    assert text_of(assessment) == "เดิม"


def test_a_change_can_be_left_as_it_is_stored(assessment, book, coordinator):
    book.write(BLANK, "ในไฟล์")
    pending = receive(assessment, book.save(), coordinator)
    done = services.apply(
        pending, choices=seen(plan_of(pending, coordinator), **{PART: KEEP}), by=coordinator
    )
    assert text_of(assessment) == "เดิม"
    assert done.summary == {"cells": 0, "written": [], "kept": ["1.1.2"], "faults": [], "left_out": []}


def test_without_its_hidden_columns_a_changed_part_is_a_conflict(assessment, book, coordinator):
    """Whoever clears what says since when a text is known must choose."""
    book.write(BLANK, "ในไฟล์")
    book.write(BLANK, None, "fingerprint")
    book.write(BLANK, None, "version")
    assert change_of(assessment, book, coordinator).state == CONFLICT


# --- storing ------------------------------------------------------------------------------------


def test_storing_twice_is_storing_once(assessment, book, coordinator):
    book.write(BLANK, "ในไฟล์")
    book.write("new|7.1.1|0", "ตัวชี้วัดใหม่", "name")
    pending = receive(assessment, book.save(), coordinator)
    choices = seen(plan_of(pending, coordinator))
    first = services.apply(pending, choices=choices, by=coordinator)
    again = services.apply(pending, choices=choices, by=coordinator)
    assert first.summary == again.summary
    assert first.summary["cells"] == 2
    assert Indicator.objects.filter(answer__assessment=assessment).count() == 1
    entry = LogEntry.objects.get(action="assessment.workbook_imported")
    assert entry.data == {"cells": 2, "written": 2, "kept": 0, "faults": 0, "left_out": 0}
    assert again.contents == {}
    assert factories.answer_of(assessment, PART).revisions.first().content["values"] == {"detail": "ในไฟล์"}


def test_an_upload_takes_the_place_of_the_last_one_and_old_ones_go(assessment, book, coordinator):
    first = receive(assessment, book.save(), coordinator)
    WorkbookImport.objects.create(
        assessment=assessment,
        by=factories.make_member(assessment.agency, "coordinator"),
        contents={},
        created_at=timezone.now() - timedelta(days=3),
        expires_at=timezone.now() - timedelta(days=2),
    )
    second = receive(assessment, book.save(), coordinator)
    assert list(WorkbookImport.objects.all()) == [second]
    with pytest.raises(Refused):
        services.apply(first, choices={}, by=coordinator)


def test_an_expired_preview_and_a_closed_cycle_store_nothing(assessment, book, coordinator):
    book.write(BLANK, "ในไฟล์")
    pending = receive(assessment, book.save(), coordinator)
    choices = seen(plan_of(pending, coordinator))
    past = timezone.now() - timedelta(seconds=1)
    WorkbookImport.objects.update(created_at=past - timedelta(days=1), expires_at=past)
    with pytest.raises(Refused):
        services.apply(pending, choices=choices, by=coordinator)
    WorkbookImport.objects.update(expires_at=timezone.now() + timedelta(days=1))
    Cycle.objects.update(opens_at=past - timedelta(days=2), closes_at=past)
    for attempt in (
        lambda: services.apply(pending, choices=choices, by=coordinator),
        lambda: receive(assessment, book.save(), coordinator),
    ):
        with pytest.raises(Refused):
            attempt()
    assert text_of(assessment) == "เดิม"


def test_a_workbook_of_another_assessment_or_edition_is_named(assessment, cycle, book, coordinator):
    other = factories.make_assessment(
        cycle=factories.make_cycle(year=2599, name="รอบสมมติอื่น"), agency=assessment.agency
    )
    with pytest.raises(services.Unfit) as unfit:
        receive(other, book.save(), coordinator)
    assert unfit.value.code == "other_assessment"
    assert unfit.value.details == {"agency": assessment.agency.name, "cycle": cycle.name}
    first = book.book.worksheets[0]
    (place,) = [cell for cell in first["D"] if cell.value == "pmqa:edition"]
    first.cell(place.row, 5).value = "0" * 64
    with pytest.raises(services.Unfit) as unfit:
        receive(assessment, book.save(), coordinator)
    assert unfit.value.code == "other_edition"


# --- rights -------------------------------------------------------------------------------------


def test_only_ones_own_categories_are_stored(assessment, book, coordinator):
    owner = factories.make_member(assessment.agency, "owner", categories=["1"])
    book.write(BLANK, "ของเจ้าภาพหมวด 1")
    book.write("2.1.2.1|detail", "ของหมวดอื่น")
    pending = receive(assessment, book.save(), owner)
    plan = plan_of(pending, owner)
    assert [(change.key, change.state) for change in plan.changes] == [(PART, CHANGE), ("2.1.2.1", LEFT_OUT)]
    assert "ท่านไม่มีสิทธิแก้ไขส่วนนี้" in plan.changes[1].reason
    services.apply(pending, choices=seen(plan), by=owner)
    assert (text_of(assessment), text_of(assessment, "2.1.2.1")) == ("ของเจ้าภาพหมวด 1", "")


def test_whoever_writes_nothing_imports_nothing(assessment, book):
    viewer = factories.make_member(assessment.agency, "viewer")
    with pytest.raises(PermissionDenied):
        receive(assessment, book.save(), viewer)


# --- what cannot be stored ----------------------------------------------------------------------


WRONG = {
    ("6.1.3.1|percent", "answer.0"): (120, "ร้อยละต้องอยู่ระหว่าง 0 ถึง 100"),
    ("1.2.5.1|link", "answer.0"): ("ftp://example.org", "ลิงก์ต้องขึ้นต้นด้วย"),
    (OTHER_BLANK, "claim"): ("เกือบเสร็จ", "เลือกสถานะจากสามตัวเลือก"),
    (BLANK, "answer.0"): ("ก" * 20_001, "รับได้ 20,000 อักษร"),
    ("OP1.budget|budget", "answer.0"): ("หลายล้าน", "กรอกเป็นตัวเลข"),
    ("OP1.mission|mission|2", "answer.0"): ("ก" * 20_001, "รับได้ 20,000 อักษร"),
    ("new|7.1.1|0", "target"): ("มาก", "กรอกเป็นตัวเลข"),
}


def test_a_wrong_value_is_told_at_its_cell_and_its_part_stays(assessment, book, coordinator):
    for (key, column), (value, _reason) in WRONG.items():
        book.write(key, value, column)
    pending = receive(assessment, book.save(), coordinator)
    plan = plan_of(pending, coordinator)
    assert {change.state for change in plan.changes} == {FAULT}
    faults = {change.key: " ".join(line.fault for line in change.lines) for change in plan.changes}
    assert len(faults) == len(WRONG)
    for (key, _column), (_value, reason) in WRONG.items():
        assert reason in faults[key.replace("|", "-") if key.startswith("new") else key.partition("|")[0]]
    services.apply(pending, choices={}, by=coordinator)
    assert text_of(assessment) == "เดิม"
    assert not Indicator.objects.exists()


@pytest.mark.parametrize(("value", "reason"), [("=SUM(1,2)", "ช่องนี้เป็นสูตร"), ("#REF!", "ค่าผิดพลาดของ Excel")])
def test_a_formula_or_an_error_is_not_taken(assessment, book, coordinator, value, reason):
    mission = "OP1.mission|mission|1"
    places = [(BLANK, "answer.0"), (OTHER_BLANK, "claim"), (mission, "answer.0"), ("new|7.1.1|0", "target")]
    for key, column in places:
        book.cell(key, column).value = value
    plan = plan_of(receive(assessment, book.save(), coordinator), coordinator)
    assert [change.state for change in plan.changes] == [FAULT] * len(places)
    assert all(reason in line.fault for change in plan.changes for line in change.lines)


def test_rows_with_strange_keys_change_nothing(assessment, book, coordinator):
    strange = [
        "indicator|" + "9" * 5000,
        "new|9.9.9|0",
        "6.1.1.1|process|1",
        "OP1.mission|mission|9999",
        "9.9|x",
        "|||",
    ]
    for key in [key for key in book.rows if key.startswith("6.")][: len(strange)]:
        book.write(key, "ข้อความ")
        book.write(key, strange.pop(), "key")
    book.write(BLANK, "จากไฟล์")
    assert change_of(assessment, book, coordinator).key == PART


def test_rows_that_are_gone_delete_nothing(assessment, book, coordinator):
    del book.book[words.CATEGORY_SHEET.format(code="1")]
    plan = plan_of(receive(assessment, book.save(), coordinator), coordinator)
    assert plan.changes == ()
    assert plan.missing == 21


# --- indicators ---------------------------------------------------------------------------------


@pytest.fixture
def indicator(assessment, coordinator):
    added = add_indicator(assessment, "7.1.1", by=coordinator)
    save_indicator(
        added.answer, version=0, category="7", by=coordinator, **figures(name="ตัวชี้วัดเดิม", target=85)
    )
    return factories.answer_of(assessment, "7.1.1")


def figures(**given):
    empty = dict.fromkeys(FIGURES, "") | dict.fromkeys(
        ("target", "result_1", "result_2", "result_3", "peer_result")
    )
    return empty | {"direction": "higher_is_better"} | given


def key_of(answer):
    return f"indicator|{answer.pk}|7.1.1"


def test_an_indicator_in_two_versions_is_chosen(assessment, indicator, coordinator):
    book = exported(assessment)
    book.write(key_of(indicator), 90, "target")
    assert change_of(assessment, book, coordinator).state == CHANGE
    save_indicator(
        indicator, version=indicator.version, category="7", by=coordinator, **figures(name="ชื่อใหม่", target=85)
    )
    change = change_of(assessment, book, coordinator)
    assert change.state == CONFLICT
    services.apply(
        WorkbookImport.objects.get(), choices={change.key: Choice(change.version, TAKE)}, by=coordinator
    )
    stored = Indicator.objects.get(pk=indicator.pk)
    assert (stored.name, stored.target) == ("ตัวชี้วัดเดิม", 90)


def test_an_emptied_indicator_is_not_removed(assessment, indicator, coordinator):
    book = exported(assessment)
    for column in ("name", "target"):
        book.write(key_of(indicator), None, column)
    change = change_of(assessment, book, coordinator)
    assert change.state == LEFT_OUT
    assert "ลบตัวชี้วัดด้วยไฟล์ไม่ได้" in change.reason


def test_an_indicator_that_was_removed_meanwhile_is_told(assessment, indicator, coordinator):
    book = exported(assessment)
    remove_indicator(indicator, version=indicator.version, category="7", by=coordinator)
    assert plan_of(receive(assessment, book.save(), coordinator), coordinator).changes == ()
    book.write(key_of(indicator), 90, "target")
    change = change_of(assessment, book, coordinator)
    assert (change.state, change.code) == (LEFT_OUT, "7.1.1")
    assert "ถูกลบจากระบบแล้ว" in change.reason


def test_new_indicators_are_added_up_to_the_rules(assessment, indicator, coordinator):
    book = exported(assessment)
    assert [key for key in book.rows if key.startswith("new|7.1.1")] == ["new|7.1.1|0", "new|7.1.1|1"]
    for group, number in (("7.1.1", 0), ("7.1.1", 1), ("7.1.2", 0), ("7.1.3", 0), ("7.1.4", 0)):
        book.write(f"new|{group}|{number}", f"ใหม่ {group} {number}", "name")
    pending = receive(assessment, book.save(), coordinator)
    plan = plan_of(pending, coordinator)
    assert [(change.code, change.state) for change in plan.changes] == [
        ("7.1.1.2", CHANGE), ("7.1.1.3", CHANGE), ("7.1.2.1", CHANGE), ("7.1.3.1", CHANGE), ("7.1.4.1", LEFT_OUT),
    ]  # fmt: skip
    services.apply(pending, choices=seen(plan), by=coordinator)
    names = (
        Indicator.objects.filter(answer__assessment=assessment).order_by("pk").values_list("name", flat=True)
    )
    assert list(names) == ["ตัวชี้วัดเดิม", "ใหม่ 7.1.1 0", "ใหม่ 7.1.1 1", "ใหม่ 7.1.2 0", "ใหม่ 7.1.3 0"]
    # The same file again: what it added is there, what had no room still has none.
    assert [
        change.state for change in plan_of(receive(assessment, book.save(), coordinator), coordinator).changes
    ] == [LEFT_OUT]
