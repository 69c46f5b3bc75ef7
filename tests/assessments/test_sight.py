"""The line of sight: what the profile and the plans name and no answer takes up, and passages that two parts share.

Proves which facts are followed, where a gap is said, that one page shows all of it to writers and reviewers, and that
the longest shared passages come first while the name of a project alone is none.
"""

import pytest
from django.urls import reverse

from assessments.advice.parts import find, text_of
from assessments.advice.passages import Passages
from assessments.advice.sight import threads
from assessments.models import Answer
from assessments.progress import PartState
from assessments.services import findings
from reviews.services import assigning, marking
from tests import factories
from tests.assessments.test_passages import LONG
from tests.criteria import edition_2565
from tests.reviews.cases import reloaded

TREE = edition_2565()
GROUPS = ["เกษตรกร", "ผู้ประกอบการ (SMEs)", "ชุมชน", "นักเรียน", "นักวิจัย"]
FULL = {
    "OP1.core_competencies": PartState("", {"core_competencies": ["วิเคราะห์ข้อมูลน้ำ"]}),
    "OP2.customers": PartState("", {"customers": [[group, "ต้องการข้อมูล"] for group in GROUPS]}),
    "OP3.challenges": PartState("", {"challenges": [["ด้านพันธกิจ", "ปริมาณน้ำต้นทุนไม่แน่นอน"], ["ด้านบุคลากร", "-"]]}),
    "1.4.1.1": PartState("done", {"detail": "เฝ้าระวังคุณภาพน้ำท้ายเขื่อนทุกสัปดาห์"}),
    "2.3.1.1": PartState("done", {"detail": "1) แผนจัดสรรน้ำรายลุ่มน้ำ\nทบทวนทุกปี\n• โครงการคลองสวยน้ำใส, ปี 2570"}),
}
ANSWERS = {
    "1.4.3.1": ("indicator", "จำนวนครั้งที่คุณภาพน้ำท้ายเขื่อนเกินเกณฑ์"),
    "2.1.1.1": ("strategy", "ยุทธศาสตร์รองรับปริมาณน้ำต้นทุนที่ผันผวน"),
    "3.1.1.1": ("trend", "เกษตรกร ผู้ประกอบการ ชุมชน นัก เรียน และนักวิจัย"),
    "5.4.2.2": ("plan", "หลักสูตรวิเคราะห์ข้อมูลน้ำ"),
}
INDICATORS = {"7.1.1.1": "ร้อยละของแผนจัดสรรน้ำรายลุ่มน้ำที่ทำได้", "7.1.4.1": "โครงการคลองสวยน้ำใสที่แล้วเสร็จ"}


def gaps(answers=ANSWERS, indicators=INDICATORS) -> list[tuple[str, str, str]]:
    """(kind, part at which it is said, fact) of everything that is not taken up."""
    states = FULL | {code: PartState("done", dict([blank])) for code, blank in answers.items()}
    texts = {code: text_of(TREE.parts[code], state.values) for code, state in states.items()}
    return [
        (thread.link.kind, thread.anchor, thread.name)
        for thread in threads(TREE, states, texts, indicators)
        if thread.is_gap
    ]


def test_where_everything_is_taken_up_nothing_is_said():
    assert gaps() == []


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("3.1.1.1", "เกษตรกร ผู้ประกอบการ 12 ราย ชุมชน นักเรียน", [("customer", "3.1.1.1", "นักวิจัย")]),
        ("5.4.2.2", "หลักสูตรดิจิทัล", [("competency", "5.4.2.2", "วิเคราะห์ข้อมูลน้ำ")]),
        ("2.1.1.1", "ยุทธศาสตร์ด้านบุคลากร", [("challenge", "2.1.1.1", "ปริมาณน้ำต้นทุนไม่แน่นอน")]),
        ("1.4.3.1", "ร้อยละการเบิกจ่าย", [("measure", "1.4.3.1", "เฝ้าระวังคุณภาพน้ำท้ายเขื่อนทุกสัปดาห์")]),
    ],
)
def test_a_fact_that_nobody_takes_up_is_said_where_it_is_asked_for(code, text, expected):
    assert gaps(ANSWERS | {code: (ANSWERS[code][0], text)}) == expected


def test_a_plan_without_an_indicator():
    assert gaps(indicators={"7.1.1.1": INDICATORS["7.1.1.1"]}) == [("plan", "2.3.1.1", "โครงการคลองสวยน้ำใส")]


def test_where_nothing_is_written_yet_nothing_is_missing():
    assert gaps({}, {}) == []
    assert gaps({"3.1.1.1": ("trend", " ")}, {"7.1.1.1": ""}) == []


def test_the_findings_say_it_in_words_and_keep_their_reason():
    states = FULL | {"3.1.1.1": PartState("done", {"trend": "เกษตรกร ผู้ประกอบการ ชุมชน นักเรียน"})}
    found = [row for row in find(TREE, states, year=2570) if row.code == "customer_unnamed"]
    assert [row.key for row in found] == ["customer_unnamed:นักวิจัย"]


# --- what two parts share ----------------------------------------------------------------------


def test_the_longest_shared_passages_come_first_and_a_name_is_none():
    """Three passages of 387, 324 and 214 letters among 94 items that all name the same project."""
    name = "ระบบ New GFMIS Thai "
    texts = {
        part.code: name
        + "".join(chr(0x0E01 + (place * (7 + number)) % 46) for place in range(60))
        + part.code
        for number, part in enumerate(TREE.process_parts)
    }
    shared = [
        ("3.1.2.1", "3.2.2.1", LONG[:387]),
        ("2.2.1.1", "2.2.2.1", LONG[387:711]),
        ("3.3.3.1", "6.1.4.1", LONG[711:925]),
    ]
    for one, other, passage in shared:
        texts[one] = f"ก{passage} {texts[one]}"
        texts[other] = f"{texts[other]} {passage[:100]} {passage[100:]}ข"
    found = Passages(texts).pairs()
    assert [(one, other, len(quote)) for one, other, quote in found] == [
        (one, other, len(passage)) for one, other, passage in shared
    ]


# --- on the pages ------------------------------------------------------------------------------


@pytest.fixture
def full(agency, cycle):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    told = {code: dict([blank]) for code, blank in ANSWERS.items()}
    told |= {code: state.values for code, state in FULL.items()}
    told["3.1.1.1"] = {"trend": "เกษตรกร ผู้ประกอบการ ชุมชน", "proactive_policy": LONG[:200]}
    told["1.1.2.1"] = {"detail": LONG[:200]}
    for code, values in told.items():
        whole = factories.filled(TREE.parts[code]) | values
        Answer.objects.filter(assessment=assessment, part__code=code).update(values=whole)
    return assessment


def test_one_page_shows_every_fact_where_it_is_taken_up_and_what_is_shared(
    full, coordinator, as_user, django_assert_max_num_queries
):
    browser, url = as_user(coordinator), reverse("assessments:sight", args=[full.pk])
    browser.get(url)
    with django_assert_max_num_queries(12):
        page = browser.get(url)
    sight = page.context["sight"]
    customers = next(strand for strand in sight.strands if strand.kind == "customer")
    assert [(line.name, [stop.code for stop in line.told]) for line in customers.lines[:3]] == [
        (name, ["3.1.1.1"]) for name in GROUPS[:3]
    ]
    assert [line.gap.code for line in customers.lines[3:]] == ["3.1.1.1", "3.1.1.1"]
    assert customers.source.code == "OP2"
    (pair,) = (pair for pair in sight.pairs if pair.one.code == "1.1.2.1")
    assert (pair.other.code, len(pair.quote)) == ("3.1.1.1", len(LONG[:200]))
    html = page.content.decode()
    for stop in (customers.lines[0].told[0], customers.lines[3].gap, pair.one, pair.other):
        assert f'href="{stop.url}"' in html
        there = browser.get(stop.url).content.decode()
        assert f'id="{stop.url.partition("#")[2]}"' in there


def test_a_reviewer_sees_the_same_beside_the_reason_of_the_agency(
    full, coordinator, as_user, django_assert_max_num_queries
):
    answer = factories.answer_of(full, "3.1.1.1")
    findings.reply(answer, key="customer_unnamed:นักเรียน", reason="อยู่ในกลุ่มชุมชน", category="3", by=coordinator)
    factories.hand_over(full)
    administrator, reviewer = factories.make_official("administrator"), factories.make_user()
    case = reloaded(full)
    assigning.assign(
        case, reviewers=[reviewer], lead=factories.make_user(), lead_marks=False, by=administrator
    )
    assigning.open_review(case, by=administrator)
    marking.open_case(case, by=reviewer)
    browser = as_user(reviewer)
    browser.get(reverse("reviews:sight", args=[full.pk]))
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("reviews:sight", args=[full.pk]))
    assert "นักวิจัย" in page.content.decode()
    topic = browser.get(reverse("reviews:topic", args=[full.pk, "3.1"])).content.decode()
    assert "มีกลุ่มผู้รับบริการ “นักเรียน”" in topic
    assert "อยู่ในกลุ่มชุมชน" in topic
