"""One form for every kind of blank, and what the conflict page posts."""

import pytest
from django.http import QueryDict

from assessments.forms.parts import AnswerForm
from assessments.models import Answer
from assessments.pages.conflicts import conflict_context, resolved
from assessments.texts.comparing import MAX_TOKENS, compare
from criteria.structure import Field, Part
from tests import factories

EVERY_KIND = Part(
    code="X.1",
    prompt_th="",
    level="",
    fields=(
        Field("detail", "รายละเอียด", required=True),
        Field("share", "ร้อยละ", kind="percent"),
        Field("link", "ลิงก์", kind="url"),
        Field("day", "วันที่", kind="date"),
        Field("people", "คน", kind="number"),
        Field("mission", "พันธกิจ", kind="list"),
        Field("partners", "พันธมิตร", kind="table", columns=("ชื่อ", "ความต้องการ")),
        Field("strong", "ความได้เปรียบ", kind="table", columns=("ด้าน", "รายละเอียด"), rows=("พันธกิจ", "บุคลากร")),
    ),
)
STORED = {
    "detail": "เดิม",
    "mission": ["หนึ่ง"],
    "partners": [["ก", "ข"]],
    "strong": [["พันธกิจ", "ดี"], ["บุคลากร", ""]],
}


def posted(pairs) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


def form_of(pairs, values=None, part=EVERY_KIND, **extra) -> AnswerForm:
    return AnswerForm(part, Answer(values=values or {}, **extra), posted(pairs))


def test_every_kind_is_read_and_only_filled_blanks_are_stored():
    form = form_of(
        [
            ("version", "3"),
            ("claim", "done"),
            ("detail", "บรรทัดหนึ่ง\r\nบรรทัดสอง"),
            ("share", "ร้อยละ 50"),
            ("link", ""),
            ("day", "15 ม.ค. 2563"),
            ("people", "๑,๒๕๐ คน"),
            ("mission", "ก"),
            ("mission", ""),
            ("mission", "ข"),
            ("partners.0.0", "ชื่อ"),
            ("partners.0.1", "ต้องการ"),
            ("partners.7.0", "อีกแถว"),
            ("strong.1.1", "ชำนาญ"),
        ]
    )
    assert form.is_valid()
    assert form.seen_version == 3
    assert form.values == {
        "detail": "บรรทัดหนึ่ง\nบรรทัดสอง",
        "share": "50",
        "day": "2020-01-15",
        "people": "1250",
        "mission": ["ก", "ข"],
        "partners": [["ชื่อ", "ต้องการ"], ["อีกแถว", ""]],
        "strong": [["พันธกิจ", ""], ["บุคลากร", "ชำนาญ"]],
    }


def test_what_is_not_posted_stays_and_what_is_posted_empty_goes():
    form = form_of([("detail", "")], STORED)
    assert form.is_valid()
    assert form.values == {key: value for key, value in STORED.items() if key != "detail"}
    form = form_of([("mission", ""), ("partners.0.0", ""), ("strong.0.1", "")], STORED)
    assert form.is_valid()
    assert form.values == {"detail": "เดิม"}


def test_rows_beyond_those_of_the_form_are_not_taken():
    form = form_of([("strong.2.1", "เกิน"), ("strong.0.1", "ดี")])
    assert form.is_valid()
    assert form.values == {"strong": [["พันธกิจ", "ดี"], ["บุคลากร", ""]]}


def test_a_missing_or_broken_version_is_always_stale():
    for pairs in ([], [("version", "")]):
        form = form_of(pairs)
        assert form.is_valid()
        assert form.seen_version == -1


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("share", "120"), "ร้อยละต้องอยู่ระหว่าง 0 ถึง 100 (กรอกไว้ 120)"),
        (("people", "มาก"), "กรอกเป็นตัวเลข เช่น 89.69 (กรอกไว้ มาก)"),
        (("day", "เมื่อวาน"), "กรอกวันที่ เช่น 15 ม.ค. 2569 (กรอกไว้ เมื่อวาน)"),
        (("link", "example.org"), "ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http://"),
        (
            ("detail", "ก" * 20_001),
            "ข้อความยาว 20,001 อักษร รับได้ 20,000 อักษร ตัดให้สั้นลงแล้วบันทึกอีกครั้ง ข้อความยังอยู่ครบในช่องนี้",
        ),
    ],
)
def test_what_is_wrong_is_said_at_the_blank_and_the_typed_text_stays_in_it(pair, sentence):
    form = form_of([pair], STORED)
    assert not form.is_valid()
    shown = next(blank for blank in form.blanks if blank.field.key == pair[0])
    assert shown.errors == (sentence,)
    assert shown.value == pair[1]


def test_an_unbound_form_shows_what_is_stored_with_the_rows_of_the_form():
    form = AnswerForm(EVERY_KIND, Answer(values=STORED))
    shown = {blank.field.key: blank for blank in form.blanks}
    assert shown["detail"].value == "เดิม"
    assert shown["detail"].id == "f-X.1-detail"
    empty = AnswerForm(EVERY_KIND, Answer(values={}))
    assert {blank.field.key: blank for blank in empty.blanks}["strong"].rows == [
        ["พันธกิจ", ""],
        ["บุคลากร", ""],
    ]


def test_an_unknown_status_is_refused():
    assert not form_of([("claim", "finished")]).is_valid()


# --- two texts ------------------------------------------------------------------------------


def test_what_differs_is_marked_and_the_proposal_holds_both():
    compared = compare("น้ำสะอาด 38,500 ครัวเรือน จึงกำหนดเพดาน", "น้ำสะอาด 41,200 ครัวเรือน")
    assert [text for text, differs in compared.mine if differs] == ["38,500", " จึงกำหนดเพดาน"]
    assert [text for text, differs in compared.theirs if differs] == ["41,200"]
    assert compared.merged == "น้ำสะอาด 41,200 38,500 ครัวเรือน จึงกำหนดเพดาน"


@pytest.mark.parametrize(("mine", "theirs"), [("", "ข"), ("ก", ""), ("", ""), ("เหมือน กัน", "เหมือน กัน")])
def test_nothing_is_lost_of_either_side(mine, theirs):
    compared = compare(mine, theirs)
    assert "".join(text for text, _ in compared.mine) == mine
    assert "".join(text for text, _ in compared.theirs) == theirs
    assert all(word in compared.merged for word in (mine, theirs))


def test_long_texts_are_compared_quickly_and_whole():
    words = " ".join(f"คำ{number}" for number in range(MAX_TOKENS))
    compared = compare(f"หัว {words} ท้าย", f"หัว {words} แก้ ท้าย")
    assert "".join(text for text, _ in compared.mine) == f"หัว {words} ท้าย"
    assert [text.strip() for text, differs in compared.theirs if differs] == ["แก้"]


def test_the_text_of_the_other_is_escaped():
    answer = Answer(values={"detail": "<script>alert(1)</script>"}, claim="done")
    form = form_of([("detail", "ของฉัน <b>"), ("claim", "done")], {"detail": ""})
    assert form.is_valid()
    field = conflict_context(form, answer)["fields"][0]
    assert "<script>" not in field.theirs
    assert "&lt;script&gt;" in field.theirs
    assert "&lt;b&gt;" in field.mine


def test_the_conflict_page_posts_one_of_three():
    data = [
        ("version", "4"),
        ("mine-detail", "ของฉัน"),
        ("mine-mission", "ก"),
        ("mine-mission", "ข"),
        ("mine-claim", "started"),
        ("merged-detail", "รวม"),
        ("merged-mission", "ก\r\nข"),
        ("merged-partners", "ชื่อ | ต้องการ\r\nสอง | สาม"),
        ("merged-claim", "done"),
    ]
    mine = AnswerForm(
        EVERY_KIND, Answer(values=STORED), resolved(posted([*data, ("keep", "mine")]), EVERY_KIND)
    )
    assert mine.is_valid()
    assert (mine.values["detail"], mine.values["mission"], mine.chosen_claim) == (
        "ของฉัน",
        ["ก", "ข"],
        "started",
    )
    merged = AnswerForm(
        EVERY_KIND, Answer(values=STORED), resolved(posted([*data, ("keep", "merged")]), EVERY_KIND)
    )
    assert merged.is_valid()
    assert merged.values["mission"] == ["ก", "ข"]
    assert merged.values["partners"] == [["ชื่อ", "ต้องการ"], ["สอง", "สาม"]]
    assert (merged.chosen_claim, merged.seen_version) == ("done", 4)
    theirs = AnswerForm(
        EVERY_KIND,
        Answer(values=STORED, claim="done"),
        resolved(posted([*data, ("keep", "theirs")]), EVERY_KIND),
    )
    assert theirs.is_valid()
    assert (theirs.values, theirs.chosen_claim) == (STORED, "done")


@pytest.mark.django_db
def test_a_form_of_every_part_of_the_edition_keeps_what_it_shows(assessment):
    factories.complete_answers(assessment)
    for answer in assessment.answers.filter(indicator=None).select_related("part__item__topic"):
        part = Part(answer.part.code, "", "", tuple(Field(**stored) for stored in answer.part.fields))
        shown = AnswerForm(part, answer)
        pairs = []
        for blank in shown.blanks:
            if blank.field.kind == "list":
                pairs += [(blank.name, entry) for entry in blank.value]
            elif blank.field.kind == "table":
                pairs += [
                    (f"{blank.name}.{row}.{column}", cell)
                    for row, cells in enumerate(blank.rows)
                    for column, cell in enumerate(cells)
                ]
            else:
                pairs.append((blank.name, blank.value))
        again = AnswerForm(part, answer, posted(pairs))
        assert again.is_valid(), again.errors
        assert again.values == answer.values
