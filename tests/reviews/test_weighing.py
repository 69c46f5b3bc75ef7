"""Comparing marks: who differs from the panel, the same case with two marks, and what was decided before."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.advice.indicators import Row as Figures
from assessments.advice.indicators import advise
from assessments.models import Assessment, Status
from reviews import weighing
from reviews.decided import judged_answers
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import assigning, marking
from reviews.weighing import Weighed
from reviews.weighing_reading import FEWEST, read_cycle, read_earlier
from tests import factories
from tests.reviews import cases
from tests.reviews.settled import SHOWN, disputed, failed, settled_case

LONG = "หน่วยงานจัดทำแผนปฏิบัติการร่วมกับภาคีเครือข่ายและติดตามผลทุกไตรมาส พร้อมเปิดเผยข้อมูลให้ประชาชนตรวจสอบได้ตลอดเวลา"


def weighed(code, *marks, outcome="", findings=(), text="") -> Weighed:
    return Weighed(code, code[:3], dict(enumerate(marks, start=1)), outcome, frozenset(findings), text)


# --- the rules --------------------------------------------------------------------------------


def findings_of(name="ร้อยละความพึงพอใจ", unit="ร้อยละ", target=85, results=(80, 84, 89)) -> set[str]:
    figures = [Decimal(result) for result in results]
    row = Figures(name, unit, "higher_is_better", Decimal(target), figures)
    return {advice.code for advice in advise(row)}


def test_the_same_finding_with_two_outcomes_is_listed_first():
    """A form of 2565: of four levels of success two passed, of two easy targets one; both lists are for a decision."""
    levels = findings_of("ระดับความสำเร็จของการพัฒนา", "ระดับ", 5, (3, 4, 5))
    easy = findings_of(target=80, results=(82, 86, 89))
    rows = [
        weighed("7.1.4.1", outcome="pass", findings=levels),
        weighed("7.2.4.1", outcome="fail", findings=levels),
        weighed("7.3.4.1", outcome="fail", findings=easy),
        weighed("7.3.5.1", outcome="pass", findings=easy),
        weighed("7.4.1.1", outcome="pass", findings={"constant"}),
        weighed("7.6.3.1", outcome="pass", findings=levels),
        weighed("7.6.5.1", outcome="fail", findings=levels),
        weighed("7.6.5.2", outcome="", findings=levels),
    ]
    kinds = weighing.by_finding(rows)
    told = {
        kind.finding: ([row.code for row in kind.passed], [row.code for row in kind.failed]) for kind in kinds
    }
    assert told["level_of_success"] == (["7.1.4.1", "7.6.3.1"], ["7.2.4.1", "7.6.5.1"])
    assert told["not_challenging"] == (["7.3.5.1"], ["7.3.4.1"])
    assert [kind.finding for kind in kinds if kind.is_split] == ["level_of_success", "not_challenging"]
    assert [row.code for row in kinds[0].undecided] == ["7.6.5.2"]
    assert kinds[-1].finding == "constant"


def test_a_reviewer_is_compared_on_the_answers_that_both_marked():
    rows = [
        weighed("1.1.1.1", "pass", "fail", "fail", outcome="fail"),
        weighed("1.1.1.2", "pass", "pass", "pass", outcome="pass"),
        Weighed("2.1.1.1", "2.1", {1: "pass"}, "pass"),
    ]
    first, second, _third = weighing.by_reviewer(rows, (1, 2, 3))
    assert (first.marked, first.passed, first.others_marked, first.others_passed) == (3, 3, 4, 2)
    assert (first.pass_rate, first.panel_rate) == (100, 50)
    assert (first.disputed, first.differing) == (1, 1)
    assert (second.marked, second.disputed, second.differing) == (2, 1, 0)


def test_a_reviewer_without_marks_has_no_rate():
    (share,) = weighing.by_reviewer([weighed("1.1.1.1", "pass")], (7,))
    assert (share.pass_rate, share.panel_rate, share.disputed_rate) == (None,) * 3


def test_a_dispute_stays_one_after_the_lead_has_decided():
    (topic,) = weighing.by_topic(
        [weighed("1.1.1.1", "pass", "fail", outcome="pass"), weighed("1.1.1.2", "pass")]
    )
    assert (topic.total, len(topic.disputed), topic.rate) == (2, 1, 50)


@pytest.mark.parametrize(
    ("text", "outcome", "count"),
    [(LONG, "fail", 1), (f"{LONG[:95]} และอื่น ๆ", "fail", 1), (LONG, "pass", 0), (LONG, "", 0), (LONG[:40], "fail", 0),
     (LONG[:85] + "ก" * 90, "fail", 0)],
)  # fmt: skip
def test_nearly_the_same_text_with_two_outcomes(text, outcome, count):
    rows = [
        weighed("1.1.1.1", outcome="pass", text=LONG + " " + "ข" * 60),
        weighed("2.1.1.1", outcome=outcome, text=text),
    ]
    assert len(weighing.twins(rows)) == count


# --- the pages --------------------------------------------------------------------------------


@pytest.fixture
def other(db):
    return factories.make_user(first_name="สมคิด", last_name="ตรวจสมมติ")


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    return settled_case(
        reviewer, other, lead=lead, opinions=disputed() | failed("1.4.3.1"), agency=agency, cycle=cycle
    )


def url(case) -> str:
    return f"/reviews/{case.pk}/weighing/"


def text(response) -> str:
    return response.content.decode()


@pytest.mark.django_db
def test_the_lead_sees_each_reviewer_topic_and_part(case, lead, other, as_user):
    page = text(as_user(lead).get(url(case)))
    assert str(other) in page
    assert 'href="#d1.2.2.1"' in page
    assert f'href="/reviews/{case.pk}/consensus/{factories.answer_of(case, "1.2.2.1").pk}/"' in page
    assert "1 จาก" in page


@pytest.mark.django_db
def test_the_same_finding_with_two_marks_leads_to_where_it_is_decided(reviewer, other, lead, cycle, as_user):
    case = factories.make_assessment(complete=True, cycle=cycle)
    names = {"7.1.1": "ระดับความสำเร็จของแผน ก", "7.2.1": "ระดับความสำเร็จของแผน ข"}
    for code, name in names.items():
        answer = factories.answer_of(case, code)
        type(answer.indicator).objects.filter(answer=answer).update(name=name)
    factories.hand_over(case)
    team = settled_team(case, reviewer, other, lead=lead, fail="7.2.1")
    page = text(as_user(lead).get(url(team)))
    assert "ตัวชี้วัดเป็นระดับความสำเร็จ" in page
    assert re.search(r"ตัวชี้วัดเป็นระดับความสำเร็จ.*?ผ่าน 1 ไม่ผ่าน 1", page, re.DOTALL)
    cycle_page = text(as_user(factories.make_official("officer")).get("/reviews/cases/weighing/"))
    assert "ตัวชี้วัดเป็นระดับความสำเร็จ" in cycle_page


@pytest.mark.django_db
def test_nearly_the_same_text_with_two_marks_is_shown_as_a_pair(reviewer, other, lead, cycle, as_user):
    case = factories.make_assessment(complete=True, cycle=cycle)
    for code in ("1.1.1.1", "2.1.1.1"):
        answer = factories.answer_of(case, code)
        first = next(iter(answer.values))
        type(answer).objects.filter(pk=answer.pk).update(
            values={**answer.values, first: f"{LONG} {LONG[::-1]}"}
        )
    factories.hand_over(case)
    settled_team(case, reviewer, other, lead=lead, fail="2.1.1.1")
    page = text(as_user(lead).get(url(case)))
    pairs = page.split('id="pairs-title"')[1].split("</section>")[0]
    for code in ("1.1.1.1", "2.1.1.1"):
        assert f"/consensus/{factories.answer_of(case, code).pk}/" in pairs


def settled_team(case, *reviewers, lead, fail) -> Assessment:
    """In consensus: everything passed but the part `fail`."""
    administrator = factories.make_official("administrator")
    assigning.assign(cases.reloaded(case), reviewers=reviewers, lead=lead, lead_marks=False, by=administrator)
    assigning.open_review(cases.reloaded(case), by=administrator)
    marking.open_case(cases.reloaded(case), by=lead)
    for person in reviewers:
        marking.open_case(cases.reloaded(case), by=person)
        cases.mark_everything(case, by=person, besides=[fail])
        cases.mark(factories.answer_of(case, fail), by=person, outcome="fail", comment=SHOWN)
        marking.hand_in(case, by=person)
    return cases.reloaded(case)


@pytest.mark.django_db
def test_v12_before_everybody_has_handed_in_comparing_tells_nothing(reviewer, other, lead, as_user):
    case = cases.open_case(reviewer, other, lead=lead)
    before = [as_user(person).get(url(case)) for person in (reviewer, lead)]
    cases.mark_everything(case, by=other)
    after = [as_user(person).get(url(case)) for person in (reviewer, lead)]
    assert {reply.status_code for reply in before + after} == {403}
    same = [re.sub(r"\d\d\.\d\d น\.|csrfmiddlewaretoken.*?>", "", text(reply)) for reply in before + after]
    assert same[:2] == same[2:]
    officer = text(as_user(factories.make_official("officer")).get("/reviews/cases/weighing/"))
    assert "ยังไม่มีเรื่องที่ผู้ตรวจส่งผลครบ" in officer


@pytest.mark.django_db
def test_a_cycle_is_told_in_totals_without_names(case, reviewer, other, lead, as_user):
    page = text(
        as_user(factories.make_official("officer")).get(f"/reviews/cases/weighing/?cycle={case.cycle_id}")
    )
    assert str(case.agency) in page
    assert not any(str(person) in page for person in (reviewer, other, lead))
    assert "ผู้ตรวจ 1" not in page
    balance = read_cycle(case.cycle, Assessment.objects.all())
    assert (balance.total.disputed, balance.cases[0][1].disputed) == (1, 1)
    assert {code: tally.disputed for code, _name, tally in balance.topics if tally.disputed} == {"1.2": 1}
    assert balance.total.total == len({row.answer_id for row in Verdict.objects.all()})


@pytest.mark.django_db
def test_marks_of_whoever_left_make_no_dispute(case, other):
    Assignment.objects.filter(reviewer=other).update(recused_at="2026-01-01T00:00:00Z")
    assert read_cycle(case.cycle, Assessment.objects.all()).total.disputed == 0


@pytest.fixture
def published(case):
    """As many published results of the edition as a total needs, with the part failed in one."""

    def publish(count: int) -> None:
        for n in range(count):
            done = factories.make_assessment(cycle=case.cycle)
            Assessment.objects.filter(pk=done.pk).update(status=Status.REPORT_ISSUED)
            Consensus.objects.create(
                answer=factories.answer_of(done, "1.2.2.1"),
                outcome="pass" if n else "fail",
                comment="" if n else "ความเห็นถึงหน่วยงานอื่น",
                basis="agreed",
                judged_version=1,
                decided_at=case.cycle.opens_at,
                version=1,
            )

    return publish


def earlier_url(case, code="1.2.2.1") -> str:
    return reverse("reviews:earlier", args=[case.pk, factories.answer_of(case, code).pk])


@pytest.mark.django_db
def test_earlier_decisions_are_totals_that_name_no_agency(case, published, lead, as_user):
    published(FEWEST)
    page = text(as_user(lead).get(earlier_url(case)))
    assert re.search(r'data-l="ผ่าน">4</td>\s*<td[^>]*data-l="ไม่ผ่าน">1</td>', page)
    assert "ความเห็นถึงหน่วยงานอื่น" not in page
    others = Assessment.objects.exclude(pk=case.pk).values_list("agency__name", flat=True)
    assert not any(name in page for name in others)


@pytest.mark.django_db
def test_few_earlier_decisions_are_not_told(case, published, lead, as_user):
    published(FEWEST - 1)
    page = text(as_user(lead).get(earlier_url(case)))
    assert "ยังมีน้อยกว่า 5 หน่วยงาน" in page
    assert 'data-l="ไม่ผ่าน"' not in page


@pytest.mark.django_db
def test_a_reviewer_reads_the_earlier_decisions_of_own_cases(case, published, lead, as_user):
    published(1)
    decided = Consensus.objects.get(comment="ความเห็นถึงหน่วยงานอื่น")
    Assignment.objects.create(
        assessment=decided.answer.assessment,
        category_id=decided.answer.part.item.topic.category_id,
        reviewer=lead,
    )
    page = text(as_user(lead).get(earlier_url(case)))
    assert "ความเห็นถึงหน่วยงานอื่น" in page
    assert str(decided.answer.assessment.agency) in page


@pytest.mark.django_db
def test_an_indicator_is_compared_with_those_of_its_kind(case, published, lead, as_user):
    answer = factories.answer_of(case, "7.6.1")
    type(answer.indicator).objects.filter(answer=answer).update(name="ระดับความสำเร็จของแผนสมมติ")
    elsewhere = factories.make_assessment(cycle=case.cycle, complete=True)
    Assessment.objects.filter(pk=elsewhere.pk).update(status=Status.REPORT_ISSUED)
    for code, outcome in (("7.1.1", "pass"), ("7.6.1", "fail")):
        there = factories.answer_of(elsewhere, code)
        type(there.indicator).objects.filter(answer=there).update(name="ระดับความสำเร็จสมมติ")
        Consensus.objects.create(
            answer=there,
            outcome=outcome,
            basis="agreed",
            judged_version=1,
            decided_at=case.cycle.opens_at,
            version=1,
        )
    judged = next(row for row in judged_answers(case) if row.answer == answer)
    found = read_earlier(judged, case, lead)
    assert (found.results, found.passed, found.failed) == (1, 0, 1)
    assert ("ตัวชี้วัดเป็นระดับความสำเร็จ", 1, 1) in found.kinds
