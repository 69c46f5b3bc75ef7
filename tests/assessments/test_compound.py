"""Answers of several blanks in Form 3, on the real edition.

Proves what keeps a part from being ready (areas, pairs, several parts of one item, blanks inside a sentence, tick-only
parts, ranked pairs, how often an indicator is followed up, rows that the form prescribes), what is only a finding (a
follow-up that is missing, one of two ranks, a cost cut below half, a link, a year), and that a "not yet" is an answer.
"""

import pytest

from assessments.advice.compound import alone_in_rank, half_pairs, short_cuts
from assessments.advice.part_words import finding_text
from assessments.advice.parts import find
from assessments.advice.years import years_told
from assessments.presentation import gap_sentence
from assessments.progress import PartState, blank_gaps, measure, part_gaps
from criteria.fields import Fault, clean
from criteria.scoring import POLICIES, claimed
from criteria.structure import Field, Part
from tests import factories
from tests.criteria import edition_2565

TREE = edition_2565()
YEAR = 2570


def gaps(code: str, values: dict) -> list[str]:
    """What keeps a part that is claimed as done from being ready, in words."""
    part = TREE.parts[code]
    return [gap_sentence(gap, part, YEAR) for gap in part_gaps(part, PartState("done", values), "")]


def said(code: str, values: dict) -> list[str]:
    """The findings in a part that is claimed as done, in words."""
    found = find(TREE, {code: PartState("done", values)}, year=YEAR)
    return [finding_text(finding) for finding in found]


def whole(code: str, **changes: str) -> dict:
    """A part with every blank filled, but for `changes`."""
    return factories.filled(TREE.parts[code]) | changes


# --- what keeps a part from being ready --------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        # Two of four areas; two of four uses.
        ("1.1.1.1", {"economy": "ก"}, ["ระบุแล้ว 1 ด้าน ต้องระบุอย่างน้อย 2 ด้าน"]),
        ("1.1.1.1", {"economy": "ก", "society": "ข"}, []),
        ("4.4.3.1", {"data_linkage": "ก"}, ["ระบุแล้ว 1 ด้าน ต้องระบุอย่างน้อย 2 ด้าน"]),
        ("4.4.3.1", {"data_linkage": "ก", "cost_reduction": "ข"}, []),
        # Two missions, each with the capability it asks for.
        ("5.1.1.1", whole("5.1.1.1", capability_2=""),
         ["ยังไม่ระบุ “และขีดความสามารถของบุคลากรที่ตอบสนองภารกิจ คือ”"]),
        # A sentence with several blanks: the empty one is named.
        ("1.3.2.1", whole("1.3.2.1", network=" "), ["ยังไม่ระบุ “เครือข่ายที่เข้ามามีส่วนร่วม คือ”"]),
        ("6.1.2.3", whole("6.1.2.3", data=""), ["ยังไม่ระบุ “ใช้ข้อมูล คือ”"]),
        # An indicator and how often it is followed up.
        ("1.4.3.1", {"indicator": "ข้อร้องเรียน"}, None),
        # Both ranks of a ranked pair.
        ("6.3.1.1", whole("6.3.1.1", process_2=""), ["ยังไม่ระบุ “กระบวนการหลักที่สำคัญลำดับที่สอง คือ”"]),
        ("6.3.1.1", whole("6.3.1.1"), []),
    ],
)  # fmt: skip
def test_what_a_claimed_part_still_needs(code, values, expected):
    found = gaps(code, values)
    if expected is None:
        assert len(found) == 1
        assert found[0].startswith("ยังไม่ระบุ “และมีการติดตามผล")
    else:
        assert found == expected


def test_an_item_with_two_parts_has_two_answers_and_counts_once_both_are_ready():
    one = {"1.3.1.1": PartState("done", whole("1.3.1.1"))}
    both = one | {"1.3.1.2": PartState("not_started")}
    assert measure(TREE, one, []).items.ready == 0
    assert measure(TREE, both, []).items.ready == 1


def test_three_of_four_parts_ticked_are_three_claims():
    parts = [part.code for part in TREE.process_parts if part.code.startswith("3.4.2.")]
    assert len(parts) == 4
    claims = dict.fromkeys(parts[:3], "done") | {parts[3]: "not_started"}
    score = claimed(TREE, POLICIES["pmqa40-2565"], claims, [])
    found = {
        part.code: part.status
        for level in score.topics["3.4"].levels
        for item in level.items
        for part in item.parts
        if part.code in parts
    }
    assert found == claims


def test_not_yet_is_an_answer_that_earns_nothing():
    """A negative answer is complete; what it leaves open is the score, and the count of what is not claimed."""
    states = {part.code: PartState("not_started") for part in TREE.process_parts}
    progress = measure(TREE, states, [])
    assert (progress.items.ready, progress.parts.ready) == (94, 130)
    score = claimed(TREE, POLICIES["pmqa40-2565"], dict.fromkeys(states, "not_started"), [])
    assert score.by_category["1"].score == 0


MATRIX = Part(
    "OP9.quality",
    "",
    "",
    (
        Field(
            "quality", "คุณลักษณะของข้อมูล", kind="table", required=True, columns=("คุณลักษณะ", "วิธีการ"),
            rows=("ครอบคลุม", "ถูกต้อง", "ทันสมัย", "เชื่อมโยง", "เชื่อถือได้", "เข้าถึงได้", "ตรวจสอบได้", "มีส่วนร่วม",
                  "ปลอดภัย", "ต่อเนื่อง", "รักษาความลับ"),
        ),
    ),
)  # fmt: skip


def test_rows_that_the_form_prescribes_are_counted_and_none_is_added():
    field = MATRIX.fields[0]
    typed = [[row, "มีวิธีการ"] for row in field.rows[:10]]
    stored = clean(field, [*typed, ["แถวของหน่วยงานเอง", "ไม่มีในแบบฟอร์ม"]])
    assert [row[0] for row in stored] == list(field.rows)
    (gap,) = blank_gaps(MATRIX, {"quality": stored}, "")
    assert gap_sentence(gap, MATRIX, YEAR) == "ขาด 1 คุณลักษณะ"
    assert blank_gaps(MATRIX, {"quality": [[row, "มี"] for row in field.rows]}, "") == []
    assert [gap.code for gap in blank_gaps(MATRIX, {"quality": []}, "")] == ["field"]


def test_a_column_that_may_stay_empty_is_no_gap_and_an_empty_row_is_not_stored():
    table = Field("plans", "แผน", kind="table", required=True, columns=("แผน", "ผลการทบทวน (ถ้ามี)"))
    stored = clean(table, [["แผนจัดสรรน้ำ", ""], ["", " "]])
    assert stored == [["แผนจัดสรรน้ำ", ""]]
    assert blank_gaps(Part("OP9.plans", "", "", (table,)), {"plans": stored}, "") == []


@pytest.mark.parametrize(("typed", "stored"), [("ร้อยละ 50", "50"), ("ร้อยละ ๙๘.๓", "98.3"), ("100 %", "100")])
def test_a_percentage_is_read_out_of_its_words(typed, stored):
    (blank,) = (blank for blank in TREE.parts["6.1.3.1"].fields if blank.kind == "percent")
    assert clean(blank, typed) == stored
    with pytest.raises(Fault):
        clean(blank, "120")


# --- what is only pointed out ------------------------------------------------------------------


def test_a_measure_without_its_follow_up_is_pointed_out_and_blocks_nothing():
    values = {"environment_measure": "ตรวจน้ำ", "society_measure": "รับฟัง", "society_result": "ลดข้อร้องเรียน 12 เรื่อง",
              "economy_result": "รายได้เพิ่มร้อยละ 4"}  # fmt: skip
    assert gaps("1.4.4.1", values) == []
    assert list(half_pairs(TREE.parts["1.4.4.1"], values)) == [
        "มาตรการจัดการด้านเศรษฐกิจ",
        "ผลการติดตามด้านสิ่งแวดล้อม",
    ]
    assert "ยังไม่มีผลการติดตามด้านสิ่งแวดล้อม ระบุให้ครบคู่" in said("1.4.4.1", values)


def test_a_required_blank_is_a_gap_and_not_a_finding_besides():
    assert list(half_pairs(TREE.parts["6.1.3.1"], {"process_1": "ก"})) == []
    assert list(half_pairs(TREE.parts["6.1.3.1"], {"process_2": "ก"})) == ["หน่วยงานที่เกี่ยวข้อง"]


@pytest.mark.parametrize(
    ("text", "is_alone"),
    [("เกษตรกร", True), ("1) เกษตรกร 2) ผู้ประกอบการ", False), ("เกษตรกรและผู้ประกอบการ", False), ("", False)],
)
def test_one_name_where_the_first_two_are_asked_for(text, is_alone):
    found = list(alone_in_rank(TREE.parts["3.2.2.2"], {"service_recipients": text}))
    assert found == (["ผู้รับบริการที่มีความสำคัญ 2 ลำดับแรก"] if is_alone else [])


@pytest.mark.parametrize(
    ("cost", "short", "long", "expected"),
    [
        ("100 บาท", "80", "60 บาท", ["40"]),
        ("๑๐๐", "", "๖๐", ["40"]),
        ("1,200 บาทต่อราย", "", "500", []),
        ("100", "60", "", ["40"]),
        ("100", "", "ลดลงร้อยละ 30", ["30"]),
        ("100", "", "ลดลงร้อยละ 50", []),
        ("100", "", "ทำได้ร้อยละ 30", []),
        ("ระหว่าง 100 ถึง 200", "", "60", []),
        ("100", "", "120", []),
        ("ไม่มีตัวเลข", "", "60", []),
    ],
)
def test_a_cost_that_is_to_fall_by_less_than_half(cost, short, long, expected):
    values = {"cost_1": cost, "short_term_target_1": short, "long_term_target_1": long}
    assert list(short_cuts(TREE.parts["6.3.1.1"], values)) == expected


def test_the_cut_is_said_with_its_figure():
    values = whole("6.3.1.1", cost_2="100", short_term_target_2="80", long_term_target_2="60")
    assert "เป้าหมายลดต้นทุนร้อยละ 40 ยังไม่ถึงร้อยละ 50" in said("6.3.1.1", values)


@pytest.mark.parametrize(("text", "found"), [("เปิดที่ https://example.org/data", False), ("เปิดบนเว็บไซต์", True)])
def test_an_answer_that_asks_for_a_link(text, found):
    assert ("ข้อนี้ขอลิงก์ที่เปิดอ่านได้ ระบุลิงก์ที่เผยแพร่" in said("1.2.5.1", {"detail": text})) is found


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("เริ่มใช้ปี 2567", [2567]),
        ("ปี ๒๕๖๙ และ 2568", [2569, 2568]),
        ("ปีงบประมาณ พ.ศ. 69", [2569]),
        ("เมื่อ 15 ม.ค. 63", [2563]),
        ("ค.ศ. 2026", [2569]),
        ("ในปี 2026", [2569]),
        ("2,567 ราย 25670 ครั้ง 2568.5 บาท", []),
        ("ปี 69% ของเป้า", []),
        ("ใช้งบ 2026 บาท", []),
    ],
)
def test_years_are_read_as_people_write_them(text, years):
    assert years_told(text) == years
