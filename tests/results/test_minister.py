"""One page for the minister: always one page, plain words, from frozen sheets alone."""

import io
import re

import pytest
from django.utils import translation
from pypdf import PdfReader

from assessments.models import Answer
from pmqa.accounts.models import Agency
from results.documents import minister
from results.documents.one_page import one_page
from results.documents.shortening import shortened
from results.last_year import frozen_before
from results.models import ResultSheet
from results.payload import rescore
from reviews.models import Consensus
from tests import factories as base
from tests.results import factories, payloads
from tests.results.pdf_text import pages_by_pypdf, squeezed, structure

WIDE = "ฌฒ"
LONG = "ผู้รับบริการและผู้มีส่วนได้ส่วนเสียของลุ่มน้ำ " * 40


def before(total: str = "371.20") -> dict:
    """The year before: the third category was better, all others worse."""
    sheet = payloads.payload()
    sheet["cycle"]["year"] -= 1
    for row in sheet["scores"]["verified"]["categories"]:
        row["score"] = "499.00" if row["code"] == "3" else "10.00"
    sheet["scores"]["verified"]["total"] = total
    return sheet


def longest(sheet: dict) -> dict:
    """Every text as long as it may be."""
    sheet["agency"]["name"] = sheet["agency"]["ministry"] = (LONG * 2)[:200]
    for key in ("pillars", "directions"):
        for entry in sheet["feedback"][key]:
            entry["text"] = LONG * 10
    return sheet


@pytest.mark.parametrize(
    "sheet",
    [
        payloads.payload(),
        payloads.partial_payload(),
        longest(payloads.payload()),
        longest({**payloads.payload(), "partial": True}),
        {**longest(payloads.payload()), "agency": {"code": "X", "name": WIDE * 100, "ministry": WIDE * 100}},
        {**payloads.payload(), "feedback": {"pillars": [{"title": "ก", "text": "x" * 20_000}]}},
    ],
    ids=["usual", "partial", "longest", "longest-partial", "one-word", "no-space"],
)
def test_it_is_always_one_page(sheet):
    printed = minister.render_pdf(sheet, before=before(), revision=2)
    assert len(PdfReader(io.BytesIO(printed)).pages) == 1


def test_machines_read_it_in_order():
    printed = minister.render_pdf(payloads.payload(), before=before(), revision=1)
    reader = PdfReader(io.BytesIO(printed))
    assert reader.trailer["/Root"]["/Lang"] == "th"
    headings = [entry["/S"] for entry in structure(printed) if re.fullmatch("/H[1-6]", entry["/S"])]
    assert headings == ["/H1", *["/H2"] * 5]
    (page,) = pages_by_pypdf(printed)
    order = [
        page.index(squeezed(words)) for words in ("อยู่ตรงไหน", "อะไรเปลี่ยนไป", "จุดแข็ง", "สิ่งที่ต้องทำ", "เชื่อตัวเลข")
    ]
    assert order == sorted(order)
    assert printed == minister.render_pdf(payloads.payload(), before=before(), revision=1)


def test_our_own_words_need_no_explanation():
    """No abbreviation and no Latin word of ours but the name of the policy and the seal, which say whence it comes."""
    sheet = payloads.payload()
    sheet["feedback"] = {"pillars": [], "ofi": [], "advice": [], "closing": "", "directions": []}
    with translation.override("th"):
        page = one_page(sheet, before())
    said = [page.level, page.in_words, *page.changed, *page.certainty]
    said += [text for point in (*page.strengths, *page.to_do) for text in (point.title, point.text)]
    assert not [text for text in said if re.search("[A-Za-z]|[ก-ฮ]\\.[ก-ฮ]", text)]


def test_the_figures_are_those_of_the_sheet():
    sheet = payloads.payload()
    total = sheet["scores"]["verified"]["total"]
    page = one_page(sheet, before())
    assert page.total == total
    assert f"{float(total) - 371.20:.2f}" in page.changed[0]
    assert sheet["scores"]["verified"]["categories"][2]["name"] in page.changed[2]
    assert [point.title for point in page.strengths] == [
        entry["title"] for entry in sheet["feedback"]["pillars"]
    ]
    assert [point.title for point in page.to_do] == [
        entry["title"] for entry in sheet["feedback"]["directions"]
    ]
    assert any(sheet["scores"]["claimed"]["total"] in sentence for sentence in page.certainty)


def test_a_lower_an_equal_and_no_earlier_total():
    sheet = payloads.payload()
    assert one_page(sheet, before("500.00")).changed[0].startswith("ลดลง")
    assert one_page(sheet, before(sheet["scores"]["verified"]["total"])).changed[0].startswith("เท่ากับ")
    assert one_page(sheet, None).changed == ("ยังไม่มีผลของปีก่อนในระบบ จึงเทียบไม่ได้",)


def test_other_rules_and_estimates_are_named():
    sheet, earlier = payloads.payload(), before()
    assert len(one_page(sheet, earlier).changed) == 3
    earlier["policy"] = {**earlier["policy"], "parameters": {"started_credit": "0.5"}}
    assert "โดยประมาณ" in one_page(sheet, earlier).changed[-1]
    assert any(
        "ประมาณการ" in sentence and "น้ำหนักของแต่ละระดับ" in sentence
        for sentence in one_page(sheet, None).certainty
    )
    sheet["policy"] = {"name": "of-another-release", "version": 9, "parameters": {}}
    assert not any("ประมาณการ" in sentence for sentence in one_page(sheet, None).certainty)


def test_three_of_each_also_where_nobody_wrote_any():
    sheet = payloads.payload()
    sheet["feedback"].update(pillars=[], directions=[])
    page = one_page(sheet, None)
    assert (len(page.strengths), len(page.to_do)) == (3, 3)
    assert not {point.title for point in page.strengths} & {point.title for point in page.to_do}


def test_a_text_is_cut_between_words():
    assert shortened("• ข้อหนึ่ง\n• ข้อสอง", 50) == "ข้อหนึ่ง ข้อสอง"
    assert shortened("ระบบ ราชการ " * 20, 30) == "ระบบ ราชการ ระบบ ราชการ ระบบ\u00a0…"
    assert shortened("หน่วยงานมีข้อมูลครบถ้วนและทันสมัย", 14) == "หน่วยงานมี\u00a0…"


def test_a_list_of_topics_is_cut_between_topics_and_has_no_codes():
    text = "ควรเริ่มจากหัวข้อต่อไปนี้\n1.2 ป้องกันทุจริต\n• 2.3 แผนขับเคลื่อน\n4.1 การกำหนดตัววัด"
    whole = "ป้องกันทุจริต · แผนขับเคลื่อน · การกำหนดตัววัด"
    assert shortened(text, 200) == shortened(text, len(whole)) == whole
    two = "ป้องกันทุจริต · แผนขับเคลื่อน และอีก\u00a01\u00a0เรื่อง"
    assert shortened(text, len(whole) - 1) == two
    assert shortened(text, len(two) - 1) == "ป้องกันทุจริต และอีก\u00a02\u00a0เรื่อง"
    assert shortened(text, 20) == "ป้องกัน\u00a0… และอีก\u00a02\u00a0เรื่อง"
    assert shortened("เด่นที่สุดในกระทรวง\n" + text, 50) == "เด่นที่สุดในกระทรวง ป้องกันทุจริต และอีก\u00a02\u00a0เรื่อง"
    # A sentence that begins with a figure is no list.
    assert shortened("1.5 ล้านคนใช้บริการ", 50) == "1.5 ล้านคนใช้บริการ"
    assert (
        shortened("1.2 ป้องกันทุจริต\n2.3 แผนขับเคลื่อน\nแล้วรายงานผล", 50)
        == "1.2 ป้องกันทุจริต 2.3 แผนขับเคลื่อน แล้วรายงานผล"
    )


def test_only_the_estimates_on_which_the_total_rests_are_named():
    """Full marks in Form 3 and indicators that are in their bands by any choice rest on none."""
    sheet = payloads.all_passed(["90", "95", "120"])
    full = sheet | rescore(sheet, payloads.edition())
    assert not any("ประมาณการ" in sentence for sentence in one_page(full, None).certainty)
    sheet["indicators"][0]["outcome"] = "fail"
    failed = sheet | rescore(sheet, payloads.edition())
    told = [sentence for sentence in one_page(failed, None).certainty if "ประมาณการ" in sentence]
    assert len(told) == 1
    assert "ตัวชี้วัดที่ไม่ผ่าน" in told[0]
    assert "ตัวชี้วัดที่ยิ่งน้อยยิ่งดี" not in told[0]


@pytest.mark.django_db
def test_only_frozen_sheets_are_read(as_user):
    agency = base.make_agency()
    earlier = factories.make_published(agency=agency, cycle=factories.make_cycle_of(2569))
    later = factories.make_published(agency=agency, cycle=factories.make_cycle_of(2570))
    client = as_user(base.make_official("executive"))
    address = f"/results/{later.assessment_id}/one-page/"
    page = client.get(address).content.decode()
    assert earlier.payload["scores"]["verified"]["total"] in page
    Answer.objects.update(values={}, claim="not_started")
    Consensus.objects.update(outcome="fail", comment="ความเห็นใหม่")
    Agency.objects.update(name="ชื่อใหม่")
    assert later.payload["agency"]["name"] in client.get(address).content.decode()
    assert client.get(address).context["page"].changed == one_page(later.payload, earlier.payload).changed


@pytest.mark.django_db
def test_a_later_correction_of_the_year_before_changes_nothing():
    agency = base.make_agency()
    earlier = factories.make_published(agency=agency, cycle=factories.make_cycle_of(2569))
    later = factories.make_published(agency=agency, cycle=factories.make_cycle_of(2570))
    assert frozen_before(later) == earlier
    assert frozen_before(earlier) is None
    ResultSheet.objects.create(
        assessment=earlier.assessment, revision=2, policy_name="pmqa40-2565", policy_version=1, claimed_total=1,
        verified_total=1, payload=earlier.payload, digest="f" * 64, created_at=later.created_at.replace(year=2099),
    )  # fmt: skip
    assert frozen_before(later) == earlier
