"""The printed forms, read from their HTML: the order and the words, and none of the defects of the seed print."""

import html
import re
from datetime import UTC, date, datetime

import pytest

from assessments import snapshot
from assessments.models import Answer, Claim
from assessments.paper.content import CLAIM_MARKS, NO_CLAIM, Paper, Sent, Wanted
from assessments.paper.printing import render_html
from assessments.paper.writing import compose
from assessments.reading import claimed_score, read_answers, tree_of
from criteria.catalogue import edition_tree, part_ids
from criteria.scoring import display_score
from tests import factories

PRINTED_ON = date(2022, 9, 16)
SENT = Sent(number=2, receipt="2570-0412", at=datetime(2022, 9, 15, 7, 2, tzinfo=UTC), by="นางสาวสมมติ ผู้ส่ง")


@pytest.fixture
def full(db):
    return factories.make_assessment(complete=True)


@pytest.fixture
def tree(db):
    return edition_tree(factories.edition())


def paper_of(assessment, form="all", category="", *, thai=False, sent=SENT, content=None) -> Paper:
    content = content or snapshot.build(assessment, read_answers(assessment))
    return compose(
        content,
        tree_of(assessment),
        Wanted(form, category, thai),
        digest=snapshot.digest_of(content),
        years=assessment.cycle.result_years,
        printed_on=PRINTED_ON,
        sent=sent,
        has_contact=True,
    )


def words(paper: Paper) -> str:
    """What a reader sees, one space between words."""
    body = render_html(paper).partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def values_of(assessment, code: str, **values: object) -> None:
    answer = factories.answer_of(assessment, code)
    Answer.objects.filter(pk=answer.pk).update(values=values)


# --- order and head ---------------------------------------------------------------------------


def test_the_order_is_that_of_the_edition(full, tree):
    paper = paper_of(full)
    form3, form4, profile = paper.forms
    parts = [
        part.code
        for category in form3.categories
        for topic in category.topics
        for item in topic.items
        for part in item.parts
    ]
    assert parts == [part.code for part in tree.process_parts]
    groups = [
        f"{topic.code}.{group.number}" for topic in form4.categories[0].topics for group in topic.groups
    ]
    assert groups == [part.code for part in tree.groups]
    questions = [blank.lead for topic in profile.categories[0].topics for blank in topic.questions]
    assert questions == [part.fields[0].label_th for part in tree.profile_parts]
    # The page keeps that order.
    printed = re.findall(r'<span class="part-code">([\d.]+)</span>', render_html(paper))
    assert printed == parts


def test_one_category_prints_that_category_alone(full, tree):
    [form] = paper_of(full, "form3", "4").forms
    assert [category.code for category in form.categories] == ["4"]
    assert form.categories[0].topics[0].code == "4.1"
    assert [row.code for row in paper_of(full, "form3", "4").totals.rows] == ["4"]


def test_the_head_names_form_applicant_and_day(full):
    text = words(paper_of(full, "form3"))
    assert "แบบฟอร์มที่ 3 แบบประเมินสถานะการเป็นระบบราชการ 4.0 ด้วยตนเอง" in text
    assert f"ชื่อผู้สมัครรางวัล : {full.agency.name}" in text
    assert "พิมพ์เมื่อวันที่ : 16 กันยายน 2565" in text
    assert "หมวด 1 การนำองค์การ ระดับการพัฒนาองค์การสู่การเป็นระบบราชการ 4.0" in text


def test_thai_digits_for_the_form_and_not_for_what_people_typed(full):
    values_of(full, "1.1.2.1", detail="ISO 9001 และ https://example.org/2565")
    text = words(paper_of(full, thai=True))
    assert "แบบฟอร์มที่ ๓" in text
    assert "พิมพ์เมื่อวันที่ : ๑๖ กันยายน ๒๕๖๕" in text
    assert "ISO 9001 และ https://example.org/2565" in text
    assert "๑.๑.๒.๑" in text
    assert "1.1.2.1" not in text.replace("ของ 1.1.2.1", "")
    # Figures of Form 4, the year of its head, a score.
    assert all(figure in text for figure in ("๘๙.๖๙", "๑๐๕.๕", "๒๕๖๙", "๔๐๐"))
    assert "89.69" not in text
    assert 'href="forms-thai.css"' in render_html(paper_of(full, thai=True))


def test_a_draft_says_so_and_a_submission_says_which(full):
    draft, sent = (render_html(paper_of(full, sent=which)) for which in (None, SENT))
    assert 'href="forms-draft.css"' in draft
    assert "ยังไม่ได้ส่ง" in draft
    assert "ฉบับร่าง" not in sent
    text = words(paper_of(full))
    assert "ฉบับที่ส่งครั้งที่ 2 ส่งเมื่อ 15 กันยายน 2565 14.02 น." in text
    assert "เลขรับ 2570-0412" in text
    assert "นางสาวสมมติ ผู้ส่ง" in text


def test_the_long_digest_stands_once_and_the_short_one_in_the_foot(full):
    paper = paper_of(full)
    text = words(paper)
    assert text.count(paper.digest) == 1
    assert f"เกณฑ์ pmqa40-2565 · รหัส {paper.digest[:12]}" in text
    assert "เอกสารนี้พิมพ์จากระบบ" in text


# --- blanks -----------------------------------------------------------------------------------


def test_lead_words_stand_once_and_before_the_text(full):
    """A-303: the prompt "โดยทิศทางขององค์กร คือ" is the lead of its only blank."""
    values_of(full, "1.1.2.1", detail="ทิศทางสมมติ")
    text = words(paper_of(full, "form3", "1"))
    assert "1.1.2.1 โดยทิศทางขององค์กร คือ ทิศทางสมมติ" in text
    assert text.count("โดยทิศทางขององค์กร คือ") == 1


def test_an_empty_blank_is_a_dash_and_a_percentage_says_per_cent(full):
    values_of(full, "1.1.1.1", economy="เศรษฐกิจสมมติ")
    values_of(full, "6.1.3.1", percent="50")
    text = words(paper_of(full, "form3"))
    assert "ด้านเศรษฐกิจ เช่น เศรษฐกิจสมมติ ด้านสังคม เช่น – ด้านสิ่งแวดล้อม เช่น –" in text
    assert "ร้อยละ 50" in text


def test_lists_and_tables_of_the_profile_are_lists_and_tables(full):
    values_of(full, "OP1.mission", mission=["พันธกิจหนึ่ง", "พันธกิจสอง"])
    values_of(full, "OP2.suppliers", suppliers=[["กลุ่มหนึ่ง", "ต้องการหนึ่ง"], ["กลุ่มสอง", ""]])
    values_of(full, "OP1.budget", budget="1284500")
    values_of(full, "OP1.headcount_date", headcount_date="2026-01-15")
    values_of(full, "OP3.improvement_system")
    markup = render_html(paper_of(full, "profile"))
    assert "<ol><li>พันธกิจหนึ่ง</li><li>พันธกิจสอง</li></ol>" in markup
    assert '<th scope="col">ความต้องการ</th>' in markup
    assert '<th scope="row">กลุ่มสอง</th><td>–</td>' in markup
    text = words(paper_of(full, "profile"))
    assert "งบประมาณ (บาท) 1,284,500" in text
    assert "ข้อมูล ณ วันที่ 15 มกราคม 2569" in text
    assert "ระบบการปรับปรุงผลการดำเนินการ –" in text


# --- Form 4 -----------------------------------------------------------------------------------


def test_an_indicator_is_one_row_with_its_tag_figures_and_provisional_score(full):
    [form] = paper_of(full, "form4").forms
    row = form.categories[0].topics[0].groups[0].indicators[0]
    assert (row.number, row.code, row.tag) == ("1.1", "7.1.1.1", "[มากที่สุด]")
    assert (row.target, row.unit, row.results) == ("85", "ร้อยละ", ("80.55", "84.32", "89.69"))
    assert (row.percent, row.score) == ("105.5", "400")
    assert "ยังไม่ใช่ผลจากผู้ตรวจประเมิน" in words(paper_of(full, "form4"))


def test_the_second_indicator_of_a_group_and_one_where_less_is_better(full):
    """A-404, A-406."""
    ids = part_ids(full.cycle.edition)
    factories.add_indicator(
        full,
        ids["7.3.3"],
        "7.3.3",
        2,
        direction="lower_is_better",
        target=None,
        peer_name="กรมคู่เทียบ",
        peer_result=3,
    )
    text = words(paper_of(full, "form4"))
    assert "3.2 [น้อยที่สุด] ร้อยละความสำเร็จสมมติ 7.3.3.2 คู่เทียบ : กรมคู่เทียบ 3 – ร้อยละ 80.55 84.32 89.69 – –" in text


def test_an_empty_group_stays_visible_and_a_starred_one_has_its_star(full):
    """A-403."""
    full.answers.filter(part__code="7.3.4").update(removed_at=datetime.now(UTC))
    text = words(paper_of(full, "form4"))
    title = "จำนวนบุคลากรที่ได้รับการแต่งตั้งให้ไปร่วมในภาคีเครือข่ายภายนอกทั้งระดับชาติและนานาชาติ"
    assert re.search(rf"4\. {title} .{{0,200}}ไม่มีตัวชี้วัดในกลุ่มนี้", text)
    assert text.count("ไม่มีตัวชี้วัดในกลุ่มนี้") == 1
    assert "1. ตัวชี้วัดตามภารกิจหลัก*" in text
    assert "2. ตัวชี้วัดตามนโยบายและแผนรัฐบาล*" not in text


# --- totals -----------------------------------------------------------------------------------


def test_the_last_page_counts_and_scores_as_the_product_does(full):
    Answer.objects.filter(assessment=full, part__code__in=["1.1.1.1", "1.1.2.1"]).update(claim="started")
    Answer.objects.filter(assessment=full, part__code="2.1.1.1").update(claim="not_started")
    Answer.objects.filter(assessment=full, part__code="3.1.1.1").update(claim="")
    totals = paper_of(full).totals
    score = claimed_score(full, read_answers(full))
    assert [row.score for row in totals.rows] == [display_score(entry.score) for entry in score.categories]
    assert totals.whole.score == display_score(score.total)
    assert totals.whole.counts == ("126", "2", "1", "1")
    assert totals.rows[6].indicators == "30/30 ตัวชี้วัด"
    assert totals.profile == "25/25"
    # Points are those of all categories: Form 3 alone has a sum of counts only.
    assert paper_of(full, "form3").totals.whole.score == ""


# --- the printing defects of the seed print -----------------------------------------------------


def test_a_1201_line_breaks_are_line_breaks(full):
    values_of(full, "1.1.2.1", detail="บรรทัดแรก\nบรรทัดที่สอง")
    markup = render_html(paper_of(full))
    assert "\\n" not in markup
    assert "บรรทัดแรก</p><p>บรรทัดที่สอง</p>" in markup


def test_a_1202_each_topic_has_its_own_introduction(full):
    [form] = paper_of(full, "form4").forms
    introductions = [topic.description for topic in form.categories[0].topics]
    assert len(set(introductions)) == len(introductions) == 6
    text = words(paper_of(full, "form4"))
    assert all(text.count(introduction) == 1 for introduction in introductions)


def test_a_1203_codes_are_those_of_the_tree(full, tree):
    markup = render_html(paper_of(full))
    assert set(tree.topics) - set(re.findall(r'<span class="code">([^<]+)</span>', markup)) == {
        "OP1",
        "OP2",
        "OP3",
    }
    assert not re.search(r'class="(part-)?code">\d+\. ', markup)


def test_a_1205_nothing_is_no_row_of_dots_and_bullets_are_a_list(full):
    values_of(full, "1.1.2.1", detail="ดังนี้\n• ข้อหนึ่ง\n• ข้อสอง")
    assert "<ul><li>• ข้อหนึ่ง</li><li>• ข้อสอง</li></ul>" in render_html(paper_of(full))
    empty = words(paper_of(factories.make_assessment(cycle=full.cycle), sent=None))
    assert not re.search(r"\.{3}|…|☐", empty)


def test_a_1206_each_status_has_one_glyph_and_its_word(full):
    codes = {"1.1.1.1": Claim.DONE, "1.1.2.1": Claim.STARTED, "1.1.3.1": Claim.NOT_STARTED, "1.1.4.1": ""}
    for code, claim in codes.items():
        Answer.objects.filter(assessment=full, part__code=code).update(claim=claim)
    found = re.findall(
        r'<span class="mark">(.)</span> <b>([^<]+)</b> <span class="part-code">([\d.]+)',
        render_html(paper_of(full)),
    )
    shown = {code: (glyph, word) for glyph, word, code in found}
    assert [shown[code] for code in codes] == [*CLAIM_MARKS.values(), NO_CLAIM]
    assert {glyph for glyph, _word, _code in found} == {"●", "○", "□", "–"}


def test_a_1207_the_parts_of_an_item_are_counted(full, tree):
    form3 = paper_of(full, "form3", thai=True).forms[0]
    items = [item for category in form3.categories for topic in category.topics for item in topic.items]
    several = [item for item in items if len(item.parts) > 1]
    assert several
    for item in several:
        first = [part.prompt or part.blanks[0].lead for part in item.parts]
        assert [text.partition(" ")[0] for text in first] == [
            f"{'๐๑๒๓๔๕๖๗๘๙'[n]})" for n in range(1, len(first) + 1)
        ]


def test_a_1208_no_label_has_lost_a_tone_mark(tree):
    labels = [blank.label_th for part in tree.parts.values() for blank in part.fields]
    prompts = [part.prompt_th for part in tree.parts.values()]
    broken = re.compile(r"(?<![ก-๙])(เชน|คอ|ไดแก|โดบ)(?![ก-๙])")
    assert [text for text in (*labels, *prompts) if broken.search(text)] == []
    assert broken.search("เชน ตัวชี้วัด")


def test_a_level_is_on_the_item_or_on_its_parts(full):
    """Items whose parts differ (3.2.2) carry the level part by part."""
    form3 = paper_of(full, "form3").forms[0]
    items = {
        item.code: item for category in form3.categories for topic in category.topics for item in topic.items
    }
    assert (items["1.1.1"].level, items["1.1.1"].parts[0].level) == ("Advance", "")
    assert (items["3.2.2"].level, [part.level for part in items["3.2.2"].parts]) == (
        "",
        ["Advance", "Basic", "Basic"],
    )


def test_typed_markup_stays_text(full):
    values_of(full, "1.1.2.1", detail='<img src="/x"> & <b>')
    markup = render_html(paper_of(full))
    assert "<img" not in markup
    assert "&lt;img src=&quot;/x&quot;&gt; &amp; &lt;b&gt;" in markup
