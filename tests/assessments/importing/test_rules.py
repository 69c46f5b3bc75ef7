"""The rules of the printed forms, one small invented print each."""

import pytest

from assessments.importing import NotAForm, Refused, decode, read_prints
from criteria.reader import read_edition
from criteria.scoring import DEFAULT_POLICY, POLICIES
from tests.prints.make import EDITION as FOLDER

EDITION = read_edition(FOLDER)
POLICY = POLICIES[DEFAULT_POLICY]

HEAD3 = """แบบฟอร์มที่ 3

แบบประเมินสถานะการเป็นระบบราชการ 4.0 ด้วยตนเอง

ชื่อผู้สมัครรางวัล : กรมตัวอย่างสมมติ

พิมพ์เมื่อวันที่ : 1 กุมภาพันธ์ 2566

"""
PAGE = """
หมวด 1 การนำองค์การ\t\t
ระดับการพัฒนาองค์การสู่การเป็นระบบราชการ 4.0\t\t
ยังไม่ได้ดำเนินการ\tอยู่ระหว่างเริ่มดำเนินการ\tหัวข้อ
"""
TOPIC = "1.1 ระบบการนำองค์การที่สร้างความยั่งยืน\t\t\n"
ITEM = "1.1.4 ผู้บริหารได้คำนึงถึงผลกระทบต่อสังคมทั้งเชิงบวก เชิงลบ ทั้งทางตรงและทางอ้อม\t\t\n"
NETWORK = (
    "1.3.1 มีกลไก/แนวทางในการส่งเสริมให้เครือข่ายภายนอก (ภาคเอกชน ประชาชน ท้องถิ่น) เข้ามาร่วมสร้างนวัตกรรม ได้แก่\t\t\n"
)
COMPLAINTS = "3.4.2 มีมาตรฐานการจัดการข้อร้องเรียน\t\t\n"

HEAD4 = "แบบฟอร์มที่ 4 ตัวชี้วัดหมวด 7\n\nชื่อผู้สมัครรางวัล : กรมตัวอย่างสมมติ\n\n"
GROUP = """7.1 การบรรลุผลลัพธ์ของตัวชี้วัดตามพันธกิจ

1. ตัวชี้วัดตามภารกิจหลัก*

ตัวชี้วัด\tค่าเป้าหมาย ปีล่าสุด\tผลการดำเนินงาน\t\t\t%\tคะแนน
\t\t2562\t2563\t2564\t\t
"""


def read(text: str, name: str = "print.txt"):
    return read_prints(EDITION, POLICY, [(name, text)])


def part(*lines: str, item: str = ITEM):
    """The only part of a print of one item."""
    document = read(HEAD3 + PAGE + TOPIC + item + "\n".join(lines))
    assert document.unplaced == ()
    (only,) = document.parts
    return only


def indicator(*lines: str):
    document = read(HEAD4 + GROUP + "\n".join(lines))
    assert document.unplaced == ()
    (only,) = document.indicators
    return only


@pytest.mark.parametrize(
    ("line", "verdict", "comment"),
    [
        ("[/] ผ่าน", "pass", ""),
        ("[] ผ่าน", "pass", ""),
        ("☐ ผ่าน", "pass", ""),
        ("ผ่าน", "pass", ""),
        ("<p>[✓] ผ่าน</p> <p>.....</p>", "pass", ""),
        ('<p><input checked="" type="checkbox"/> ผ่าน</p> <p>...ดีมาก...</p>', "pass", "ดีมาก"),
        ('<p><input type="checkbox"/> ไม่ผ่าน</p> <p>...ควรระบุผล...</p>', "fail", "ควรระบุผล"),
        ("☑ ไม่ผ่าน ... ควรระบุผล ...", "fail", "ควรระบุผล"),
        ("( / ) ไม่ผ่าน ควรระบุผล", "fail", "ควรระบุผล"),
        ("[x] ไม่ผ่าน ... ☐ ☐ ...", "fail", ""),
        ("ไม่ผ่าน ....", "fail", ""),
        ("✓ ไม่ผ่าน ...เทียบกับ ... ปีก่อน...", "fail", "เทียบกับ ... ปีก่อน"),
    ],
)
def test_the_word_of_a_verdict_counts_never_the_box(line, verdict, comment):
    read_part = part("\t\t[/]เช่น ...คำตอบสมมติ...", f"\t\t{line}")
    assert (read_part.verdict, read_part.comment) == (verdict, comment)
    assert read_part.fields == {"detail": "คำตอบสมมติ"}


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("[/]เช่น ...คำตอบ...", "คำตอบ"),
        ("[/]เช่น …คำตอบ…", "คำตอบ"),
        ("[/]เชน ...คำตอบ...", "คำตอบ"),
        ("[/]...คำตอบ...", "คำตอบ"),
        ("<p>☑ เช่น</p> <p>...หนึ่ง</p> <p>สอง...</p>", "หนึ่ง\nสอง"),
        ("<p>[/]เช่น</p> <p>...1.</p> <p>เรื่องแรก และ 2.</p> <p>เรื่องหลัง...</p>", "1. เรื่องแรก และ 2. เรื่องหลัง"),
        ("[/]เช่น ...ของ สป.ตย....", "ของ สป.ตย."),
        ("[/]เช่น ...ก ... ข ... ค...", "ก ... ข ... ค"),
        ("[/]เช่น ...ผ่าน...", "ผ่าน"),
        ("[/]เช่น ...ผ่านช่องทาง ก และ ไม่ผ่าน ข...", "ผ่านช่องทาง ก และ ไม่ผ่าน ข"),
        ("[/]เช่น ...ดู https://example.go.th/a/...", "ดู https://example.go.th/a/"),
        ("[/]เช่น คำตอบที่ไม่มีจุดกำกับ", "คำตอบที่ไม่มีจุดกำกับ"),
        ("[/]เช่น ...R&amp;D <b>หนา</b> ค่า < 5...", "R&D หนา ค่า < 5"),
        ("[/]เช่น ...น้ําใจ...", "น้ำใจ"),
    ],
)
def test_answers_come_out_of_their_cell(cell, answer):
    assert part(f"\t\t{cell}", "\t\t[/] ผ่าน").fields == {"detail": answer}


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("...การดำเนิ", "นงาน...", "การดำเนินงาน"),
        ("...ระบบ Fake News", "ร่วมกับ...", "ระบบ Fake News ร่วมกับ"),
        ("...ปี 2565", "2566...", "ปี 2565 2566"),
        ("...https://example.go.th/", "plan...", "https://example.go.th/plan"),
        ("...มีผล (ร้อยละ", "80)...", "มีผล (ร้อยละ 80)"),
        ("...มีผล (", "ร่าง)...", "มีผล (ร่าง)"),
        ("...ในปีนี้ ", "เพื่อ...", "ในปีนี้ เพื่อ"),
    ],
)
def test_a_page_break_inside_an_answer_leaves_no_trace(before, after, joined):
    assert part(f"\t\t[/]เช่น {before}", PAGE, f"\t\t{after}", "\t\t[/] ผ่าน").fields == {"detail": joined}


@pytest.mark.parametrize(
    "head",
    [
        "ระดับการพัฒนาองค์กรสู่การเปนระบบราชการ 4.0\t\t",
        "ยังไม่ ได้ดำเนินการ\tอยู่ระหว่าง เริ่มดำเนินการ\tหัวข้อ",
        "หมวด ๑ การนำองค์กร (ต่อ)",
        "หน้า 12/130",
        "- 12 -",
        "12\n" + PAGE.strip(),
        "\f12\n" + PAGE.strip(),
        "--\t---\t---",
    ],
)
def test_page_heads_and_numbers_are_never_part_of_an_answer(head):
    only = part("\t\t[/]เช่น ...ก่อนหน้า", head, "\t\tหลังหน้า...", "\t\t[/] ผ่าน")
    assert only.fields == {"detail": "ก่อนหน้าหลังหน้า"}


def test_a_text_without_columns_is_read_too():
    only = part(
        "[/] เช่น ...บรรทัดแรกของคำตอบที่ยาวมากจนต้องตัดเป็นสองบรรทั",
        "ดในหน้าเดียวกัน",
        "2) ข้อสอง...",
        "[/] ผ่าน",
        item=ITEM.strip() + "\n",
    )
    assert only.fields == {"detail": "บรรทัดแรกของคำตอบที่ยาวมากจนต้องตัดเป็นสองบรรทัดในหน้าเดียวกัน\n2) ข้อสอง"}
    assert only.verdict == "pass"


def test_the_word_of_a_verdict_inside_an_open_answer_is_text():
    only = part("\t\t[/]เช่น ...แถวแรก", "\t\tผ่าน", "\t\tแถวสุดท้าย...", "\t\t☐ ไม่ผ่าน")
    assert only.fields == {"detail": "แถวแรก\nผ่าน\nแถวสุดท้าย"}
    assert only.verdict == "fail"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("\t\t[/]เช่น ...ก...", "done"),
        ("\t\t[ ]เช่น ...ก...", "done"),
        ("\t☑\tเช่น ...ก...", "started"),
        ("[/]\t\tเช่น .....", "not_started"),
        ("☐\t[✓]\t", "started"),
        ('<input checked="" type="checkbox"/>\t<input type="checkbox"/>\tเช่น ...ก...', "not_started"),
        ("\t\t[/]เช่น .....", "not_started"),
        ("\t\t☐ เช่น", "not_started"),
    ],
)
def test_status(cell, status):
    assert part(cell).status == status


def test_a_part_of_ticks_only_is_done_when_its_own_tick_is_set():
    document = read(
        HEAD3
        + COMPLAINTS
        + "\t\t[/]มีช่องทางหลักของการรับเรื่องร้องเรียน\n\t\t[/] ผ่าน\n"
        + "\t\t[ ]ระบุขั้นตอนและผู้รับผิดชอบการรับเรื่องร้องเรียน\n\t\t☐ ไม่ผ่าน ...ยังไม่มี...\n"
        + "\t\t<p>☑ กำหนดระยะเวลาการจัดการข้อร้องเรียน ตามลักษณะความสำคัญของข้อร้องเรียน</p>"
        + " <p>☐ การติดตาม และประเมินผลการจัดการข้อร้องเรียน</p>\n\t\t[/] ผ่าน\n\t\t[/] ผ่าน\n"
    )
    assert [(entry.code, entry.status, entry.verdict) for entry in document.parts] == [
        ("3.4.2.1", "done", "pass"),
        ("3.4.2.2", "not_started", "fail"),
        ("3.4.2.3", "done", "pass"),
        ("3.4.2.4", "not_started", "pass"),
    ]
    assert all(entry.fields == {} for entry in document.parts)


def test_several_ticks_in_one_line_are_several_parts():
    labels = [entry.prompt_th for entry in EDITION.place_of_part["3.4.2.1"][2].parts]
    document = read(HEAD3 + COMPLAINTS + "\t\t" + " ".join(f"[/]{label}" for label in labels) + "\n")
    assert [(entry.code, entry.status) for entry in document.parts] == [
        (f"3.4.2.{number}", "done") for number in range(1, 5)
    ]


@pytest.mark.parametrize("numerals", [("๑)", "๒)"), ("๑)", "๑)"), ("", "")])
def test_thai_numerals_select_the_parts_in_order(numerals):
    document = read(
        HEAD3
        + NETWORK
        + f"\t\t{numerals[0]} นวัตกรรมการทำงานที่ทำร่วมกับเครือข่าย คือ ...ก...\n\t\t[/] ผ่าน\n"
        + f"\t\t{numerals[1]} นวัตกรรมการให้บริการที่ทำงานร่วมกับเครือข่าย คือ ...ข...\n\t\t☐ ไม่ผ่าน ...เหตุ...\n"
    )
    assert [(entry.code, entry.fields, entry.verdict) for entry in document.parts] == [
        ("1.3.1.1", {"detail": "ก"}, "pass"),
        ("1.3.1.2", {"detail": "ข"}, "fail"),
    ]


def test_a_mark_that_is_missing_does_not_move_the_next_one():
    document = read(
        HEAD3
        + NETWORK
        + "\t\t๑) นวัตกรรมการทำงานที่ทำร่วมกับเครือข่าย คือ ...ก...\n"
        + "\t\t๒) นวัตกรรมการให้บริการที่ทำงานร่วมกับเครือข่าย คือ ...ข...\n\t\t[/] ผ่าน\n"
    )
    assert [(entry.code, entry.verdict) for entry in document.parts] == [
        ("1.3.1.1", None),
        ("1.3.1.2", "pass"),
    ]


def test_a_second_mark_is_a_stray():
    document = read(HEAD3 + ITEM + "\t\t[/]เช่น ...ก...\n\t\t[/] ผ่าน\n\t\t[/] ผ่าน\n")
    assert [(entry.line, entry.text) for entry in document.unplaced] == [(12, "[/] ผ่าน")]
    assert document.parts[0].verdict == "pass"


def test_blanks_of_one_sentence_are_split_and_empty_ones_left_out():
    item = "1.4.4 มีการติดตามผลการดำเนินการตามมาตรการจัดการผลกระทบต่อเศรษฐกิจ สังคม สาธารณสุข สิ่งแวดล้อม\t\t\n"
    only = part(
        "\t\t[/] มาตรการจัดการด้านเศรษฐกิจ คือ ...ก... ผลการติดตาม คือ ...ข... มาตรการจัดการด้านสังคม คือ ...ค..."
        " ผลการติดตาม คือ ...ง... มาตรการจัดการด้านสาธารณสุข คือ",
        PAGE,
        "\t ผลการติดตาม คือ มาตรการจัดการด้านสิ่งแวดล้อม คือ ผลการติดตาม คือ",
        item=item,
    )
    assert only.fields == {
        "economy_measure": "ก",
        "economy_result": "ข",
        "society_measure": "ค",
        "society_result": "ง",
    }
    assert not only.unsplit


def test_dots_inside_a_label_do_not_end_it():
    only = part(
        "\t\t[/]เชน ...ร้อยละ 80... และมีการติดตามผลดำเนินการอย่างต่อเนื่อง(ทุก.....เดือน/ปี/.....) ...6 เดือน...",
        item="1.4.3 มีการกำหนดตัวชี้วัดการดำเนินการด้านการจัดการผลกระทบเชิงลบต่อสังคม\t\t\n",
    )
    assert only.fields == {"indicator": "ร้อยละ 80", "frequency": "6 เดือน"}


@pytest.mark.parametrize(
    "cell",
    [
        "[/]ความท้าทาย คือ ...ก โดยมียุทธศาสตร์ที่ตอบสนองความท้าทาย ได้แก่ ...ข...",
        "[/]ความท้าทาย คือ ...ก...\n\t\tโดยมียุทธศาสตร์ที่ตอบสนองความท้าทาย ได้แก่\n\t\tข...",
        "[/]ความท้าทายคือ ...ก... โดยมียุทธศาสตรที่ตอบสนองความทาทายได้แก้ ...ข...",
        "[/]...ก... โดยมียุทธศาสตร์ที่ตอบสนองความท้าทาย ได้แก่ ...ข...",
    ],
)
def test_slips_in_delimiters_and_labels_are_tolerated(cell):
    only = part(f"\t\t{cell}", item="2.1.1 หน่วยงานของท่านมีแผนยุทธศาสตร์ที่สามารถตอบสนองต่อ\t\t\n")
    assert only.fields == {"challenge": "ก", "strategy": "ข"}


def test_a_blank_that_we_have_no_field_for_goes_into_the_first():
    only = part(
        "\t\t[/]เพื่อให้ทันต่อการเปลี่ยนแปลง ได้แก่ ...ก... การคาดการณ์ ได้แก่ ...ข..."
        " การปรับแผนให้สอดคล้องกับการคาดการณ์ ได้แก่ ...ค...",
        item="2.4.3 หน่วยงานมีการวิเคราะห์และคาดการณ์ผลการดำเนินงานตามแผน และทบทวนแผน\t\t\n",
    )
    assert only.fields == {"forecast": "ก\nข", "plan_adjustment": "ค"}
    assert only.unsplit


def test_text_without_any_label_goes_whole_into_the_first_field():
    only = part(
        "\t\t[/]ข้อความเดียวที่ไม่มีป้ายกำกับ",
        item="2.1.1 หน่วยงานของท่านมีแผนยุทธศาสตร์ที่สามารถตอบสนองต่อ\t\t\n",
    )
    assert only.fields == {"challenge": "ข้อความเดียวที่ไม่มีป้ายกำกับ"}
    assert only.unsplit


def test_words_behind_the_last_blank_are_the_forms():
    only = part(
        "\t\t[/]คือ ...เว็บไซต์ https://example.go.th/..."
        " (กรณีเปิดเผยผ่านเว็บไซต์ กรุณาแนบลิงค์ที่สามารถเข้าถึงข้อมูลได้โดยตรง)",
        item="1.2.5 การเปิดเผยผลการดำเนินงาน การบริหารงบประมาณและอื่น ๆ สู่สาธารณะ ผ่านช่องทาง\t\t\n",
    )
    assert only.fields == {"detail": "เว็บไซต์ https://example.go.th/"}


def test_a_percentage_is_stored_as_its_number():
    only = part(
        "\t\t[/]คิดเป็นร้อยละ ...ร้อยละ 50... ระบุ (รายชื่อกระบวนการที่มีความเชื่อมโยง และหน่วยงานที่เกี่ยวข้อง)"
        " 1) กระบวนการ ...ก... หน่วยงานที่เกี่ยวข้อง ได้แก่ ...ข... 2) กระบวนการ ...ค..."
        " หน่วยงานที่เกี่ยวข้อง ได้แก่ ...ง...",
        item="6.1.3 หน่วยงานออกแบบกระบวนการโดยคำนึงถึงความเชื่อมโยงตั้งแต่ต้นจนจบกระบวนการ\t\t\n",
    )
    assert only.fields == {
        "percent": "50",
        "process_1": "ก",
        "agencies_1": "ข",
        "process_2": "ค",
        "agencies_2": "ง",
    }


def test_an_answer_numbered_like_an_item_is_no_heading():
    only = part("[/]เช่น ...มีดังนี้", "1.1.5 คณะทำงานที่เกี่ยวข้องกับเรื่องอื่น", "2.1 อีกคณะ...", item=ITEM.strip() + "\n")
    assert "1.1.5 คณะทำงานที่เกี่ยวข้องกับเรื่องอื่น" in only.fields["detail"]
    assert "2.1 อีกคณะ" in only.fields["detail"]


def test_a_heading_that_goes_on_in_the_next_line_is_one_heading():
    title, rest = ITEM.strip()[:40], ITEM.strip()[40:]
    only = part("\t\t[/]เช่น ...ก...", item=f"{title}\n{rest}\n")
    assert only.fields == {"detail": "ก"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "1.1 [มากที่สุด] ร้อยละสมมติ\t85 คะแนน\t81.2\t83.45\t89.69\t105.5\t400",
            ("ร้อยละสมมติ", "higher_is_better", "คะแนน", "85", ("81.2", "83.45", "89.69"), "105.5", "400"),
        ),
        (
            "1.1 [น้อยที่สุด] ต้นทุนสมมติ\t1,000 บาท\t1,300\t-\t925\t107.5\t400",
            ("ต้นทุนสมมติ", "lower_is_better", "บาท", "1,000", ("1,300", None, "925"), "107.5", "400"),
        ),
        (
            "1.1 [มากที่สุด]\t5\t5\t5\t5\t100.0\t300\nระดับของระบบสมมติ ระดับ ของกรมตัวอย่าง",
            (
                "ระดับของระบบสมมติ ของกรมตัวอย่าง",
                "higher_is_better",
                "ระดับ",
                "5",
                ("5", "5", "5"),
                "100.0",
                "300",
            ),
        ),
        (
            "1.1 [มากที่สุด] ชื่อสมมติ 100 ร้อยละ 100 100 100 100.0 300",
            ("ชื่อสมมติ", "higher_is_better", "ร้อยละ", "100", ("100", "100", "100"), "100.0", "300"),
        ),
        (
            "| 1.1 [มากที่สุด] ชื่อสมมติ | 100 ร้อยละ | 100 | 100 | 100 | 100.0 | 300 |",
            ("ชื่อสมมติ", "higher_is_better", "ร้อยละ", "100", ("100", "100", "100"), "100.0", "300"),
        ),
    ],
)
def test_rows_of_form_4(row, expected):
    only = indicator(row, "[✓] ผ่าน\t\t\t\t\t\t")
    found = (only.name, only.direction, only.unit, only.target, only.results, only.percent, only.score)
    assert found == expected
    assert (only.topic, only.group, only.verdict) == ("7.1", 1, "pass")


def test_findings_say_where_a_printed_figure_is_not_ours():
    rows = "1.1 [มากที่สุด] ก\t80 คน\t80\t80\t100\t120.0\t500\n1.2 [มากที่สุด] ข\t80 คน\t1\t1\t78.64\t98.3\t300\n"
    document = read(HEAD4 + GROUP + rows)
    assert document.findings == (
        "7.1 group 1: printed 120.0 %, ours is 125.0 %",
        "7.1 group 1 indicator 2: printed score 300, ours is 200",
    )


def test_a_mark_before_its_row_is_a_stray():
    document = read(
        HEAD4 + GROUP + "[✓] ผ่าน\t\t\n1.1 [มากที่สุด] ก\t80 คน\t80\t80\t80\t100.0\t300\n[] ไม่ผ่าน ...เหตุ...\n"
    )
    assert [entry.text for entry in document.unplaced] == ["[✓] ผ่าน"]
    assert (document.indicators[0].verdict, document.indicators[0].comment) == ("fail", "เหตุ")


def test_one_file_may_hold_both_forms_and_several_files_are_one_document():
    form3 = HEAD3 + PAGE + TOPIC + ITEM + "\t\t[/]เช่น ...ก...\n"
    form4 = HEAD4 + GROUP + "1.1 [มากที่สุด] ก\t80 คน\t80\t80\t80\t100.0\t300\n"
    together = read_prints(EDITION, POLICY, [("both.txt", form3 + form4)])
    apart = read_prints(EDITION, POLICY, [("4.txt", form4), ("3.txt", form3)])
    assert (together.parts, together.indicators) == (apart.parts, apart.indicators)
    assert [(form.form, form.printed) for form in together.forms] == [(3, "2023-02-01"), (4, None)]
    assert [(form.file, form.form) for form in apart.forms] == [("4.txt", 4), ("3.txt", 3)]


def test_a_code_met_twice_is_refused():
    form3 = HEAD3 + ITEM + "\t\t[/]เช่น ...ก...\n"
    with pytest.raises(Refused, match=r"1\.1\.4\.1.*a\.txt.*b\.txt"):
        read_prints(EDITION, POLICY, [("a.txt", form3), ("b.txt", form3)])
    with pytest.raises(Refused, match=r"1\.1\.4\.1"):
        read(form3 + TOPIC + ITEM + "\t\t[/]เช่น ...ข...\n")
    form4 = HEAD4 + GROUP + 2 * "1.1 [มากที่สุด] ก\t80 คน\t80\t80\t80\t100.0\t300\n"
    with pytest.raises(Refused, match=r"7\.1\.1\.1"):
        read(form4)


def test_a_text_without_a_form_head_is_not_a_form():
    with pytest.raises(NotAForm, match=r"letter\.txt"):
        read("เรียน ท่านอธิบดี\n\nเรื่อง แบบฟอร์มที่ 3\n", "letter.txt")
    with pytest.raises(NotAForm):
        read("")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874", "tis-620"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding, newline):
    text = (HEAD3 + PAGE + TOPIC + ITEM + "\t\t[/]เช่น ...คำตอบ ก...\n\t\t[/] ผ่าน\nหลง\n").replace(
        "\n", newline
    )
    document = read(decode(text.encode(encoding)))
    assert document.parts[0].fields == {"detail": "คำตอบ ก"}
    assert [(entry.line, entry.text) for entry in document.unplaced] == [(17, "หลง")]


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xfc\xfd\xfe", b"PK\x03\x04\x00\x00\x00"]
)
def test_bytes_that_are_no_text_are_not_a_form(content):
    with pytest.raises(NotAForm):
        decode(content)
