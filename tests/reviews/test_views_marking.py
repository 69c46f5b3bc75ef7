import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Indicator, Status
from pmqa.accounts.models import Membership
from reviews.models import Assignment, Consensus, ImportedMark, Verdict
from reviews.services import marking, replacing
from tests import factories
from tests.pages import text_of, timeless
from tests.reviews import cases

ROOT = Path(__file__).resolve().parents[2]
MARK_FORM = 'name="judged_version"'
JSON = {"Accept": "application/json"}
# Who is signed in, and the lock, are not the page's own work.
_NOT_COUNTED = re.compile(r"SAVEPOINT|django_session|accounts_user\b", re.IGNORECASE)


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    return cases.open_case(reviewer, other, lead=lead, agency=agency, cycle=cycle)


@pytest.fixture
def browser(as_user, reviewer):
    return as_user(reviewer)


def topic_url(case, code="1.1"):
    return reverse("reviews:topic", args=[case.pk, code])


def mark_url(case, code="1.1.1.1"):
    return reverse("reviews:mark", args=[case.pk, factories.answer_of(case, code).pk])


def posted(case, code="1.1.1.1", **changes):
    answer = factories.answer_of(case, code)
    typed = {
        "version": 0,
        "judged_version": answer.version,
        "outcome": "pass",
        "comment": "",
        "internal_note": "",
        "strength": "",
        "pillar": "",
        "own_note": "",
    }
    return typed | changes


# --- the queue -----------------------------------------------------------------------------------------


def test_the_queue_leads_to_the_next_unmarked_part(case, browser, reviewer):
    cases.mark_everything(case, by=reviewer, besides=["2.3.1.1", "6.1.3.1"])
    page = text_of(browser.get(reverse("reviews:queue")))
    assert "ตรวจต่อ" in page
    assert "158/160" in page
    next_part = reverse("reviews:next", args=[case.pk])
    assert browser.get(next_part).url == f"{topic_url(case, '2.3')}?part=2.3.1.1#p2.3.1.1"
    assert browser.get(f"{next_part}?after=2.3.1.1").url == f"{topic_url(case, '6.1')}?part=6.1.3.1#p6.1.3.1"
    assert "2.3.1.1" in browser.get(f"{next_part}?after=7.6.5.1").url


def test_what_waits_for_the_reviewer_stands_before_what_is_done(case, browser, reviewer, lead):
    done = cases.open_case(reviewer, lead=lead, cycle=case.cycle)
    cases.mark_everything(done, by=reviewer)
    marking.hand_in(done, by=reviewer)
    context = browser.get(reverse("reviews:queue")).context
    assert [row.assessment for row, _due in context["waiting"]] == [case]
    assert [row.assessment for row, _due in context["others"]] == [done]
    Assignment.objects.filter(assessment=case).update(opened_at=None)
    assert [row.opened for row, _due in browser.get(reverse("reviews:queue")).context["waiting"]] == [False]


def test_a_case_in_consensus_waits_for_its_lead_only(case, as_user, browser, reviewer, other, lead):
    for person in (reviewer, other):
        cases.mark_everything(case, by=person)
        marking.hand_in(case, by=person)
    assert cases.status_of(case) == "consensus"
    assert browser.get(reverse("reviews:queue")).context["waiting"] == []
    waiting = as_user(lead).get(reverse("reviews:queue")).context["waiting"]
    assert [row.assessment for row, _due in waiting] == [case]


def test_an_empty_queue_says_so(as_user, lead):
    assert "ยังไม่มีงานตรวจ" in text_of(as_user(lead).get(reverse("reviews:queue")))


def test_nothing_is_read_before_the_start_and_no_get_starts(case, browser, reviewer):
    Assignment.objects.filter(reviewer=reviewer).update(opened_at=None)
    for name in ("next", "profile", "hand_in"):
        response = browser.get(reverse(f"reviews:{name}", args=[case.pk]))
        assert response.url == reverse("reviews:queue")
    assert browser.get(topic_url(case)).url == reverse("reviews:queue")
    assert not Assignment.objects.filter(reviewer=reviewer).exclude(opened_at=None).exists()
    assert browser.get(reverse("reviews:start", args=[case.pk])).status_code == 200
    assert browser.post(reverse("reviews:start", args=[case.pk])).status_code == 422
    assert not Assignment.objects.filter(reviewer=reviewer).exclude(opened_at=None).exists()
    browser.post(reverse("reviews:start", args=[case.pk]), {"declared": "none"})
    assert Assignment.objects.filter(reviewer=reviewer, opened_at=None).count() == 0
    assert browser.get(topic_url(case)).status_code == 200


def test_a_reviewer_steps_aside_from_the_queue(case, browser):
    place = reverse("reviews:step_aside", args=[case.pk])
    assert browser.post(place, {"reason": " "}).status_code == 422
    response = browser.post(place, {"reason": "ภารกิจเร่งด่วน"}, follow=True)
    assert "ถอนตัวจากการตรวจ" in text_of(response)
    assert browser.get(topic_url(case)).status_code == 404


# --- doors ---------------------------------------------------------------------------------------------


def test_only_the_team_gets_in(case, as_user, administrator, officer, coordinator):
    for person in (administrator, officer, coordinator, factories.make_user()):
        client = as_user(person)
        for url in (
            topic_url(case),
            reverse("reviews:profile", args=[case.pk]),
            reverse("reviews:next", args=[case.pk]),
        ):
            assert client.get(url).status_code == 404
        assert client.post(mark_url(case), posted(case)).status_code == 404
    assert not Verdict.objects.exists()


def test_an_answer_of_another_case_is_not_found(case, browser):
    foreign = factories.make_assessment(cycle=case.cycle)
    url = reverse("reviews:mark", args=[case.pk, factories.answer_of(foreign, "1.1.1.1").pk])
    assert browser.post(url, posted(case)).status_code == 404


def test_who_joins_the_ministry_is_refused_with_the_reason(case, as_user, reviewer):
    sister = factories.make_agency(ministry=case.agency.ministry)
    Membership.objects.create(user=reviewer, agency=sister, role="viewer")
    client = as_user(reviewer)
    assert client.get(topic_url(case)).status_code == 403
    assert client.post(mark_url(case), posted(case, comment="ข้อความของฉัน")).status_code == 403
    assert not Verdict.objects.exists()


def test_a_topic_that_does_not_exist_is_not_found(case, browser):
    assert browser.get(topic_url(case, "9.9")).status_code == 404


# --- the marking page ----------------------------------------------------------------------------------


def test_answer_criterion_and_claim_stand_beside_the_mark(case, browser):
    page = text_of(browser.get(topic_url(case, "4.2")))
    assert "ข้อความสมมติของ" in page
    assert "cause" in page
    assert "เพื่อค้นหาสาเหตุของปัญหาและแก้ไขในเชิงนโยบาย" in page
    assert "ดำเนินการแล้ว" in page
    assert page.count(MARK_FORM) == 4
    assert "คะแนนประเมินตนเอง" not in page


def test_codes_in_an_answer_are_links_to_their_part(case, browser):
    answer = factories.answer_of(case, "4.2.1.1")
    text = "<b>ดู 1.4.1 และ 9.9.9</b>"
    Answer.objects.filter(pk=answer.pk).update(values={"detail": text})
    page = text_of(browser.get(topic_url(case, "4.2")))
    link = (
        f'<a href="{topic_url(case, "1.4")}?part=1.4.1.1#p1.4.1.1" target="_blank" rel="noopener">1.4.1</a>'
    )
    assert f"&lt;b&gt;ดู {link} และ 9.9.9&lt;/b&gt;" in page


def test_an_indicator_shows_its_years_and_what_is_remarkable(case, browser):
    Indicator.objects.filter(answer__assessment=case, answer__part__code="7.1.3").update(
        target=100, result_1=100, result_2=None, result_3=100
    )
    Indicator.objects.filter(answer__assessment=case, answer__part__code="7.1.4").update(
        target=80, result_1=100, result_2=100, result_3=100
    )
    page = text_of(browser.get(topic_url(case, "7.1")))
    assert "ผลปี 2567" in page
    assert "105.5" in page
    assert "ไม่มีข้อมูล" in page
    assert "เป้าหมายอาจไม่ท้าทาย" in page
    assert "ผลเป็น 100 ทุกปี" in page


def test_a_topic_that_is_not_assigned_is_read_only(case, browser, reviewer):
    Assignment.objects.filter(reviewer=reviewer, category__code="2").delete()
    page = text_of(browser.get(topic_url(case, "2.1")))
    assert "ไม่ได้มอบหมายให้ท่าน" in page
    assert MARK_FORM not in page


def test_a_lead_who_does_not_mark_reads(case, as_user, lead):
    page = text_of(as_user(lead).get(topic_url(case)))
    assert "ข้อความสมมติของ" in page
    assert MARK_FORM not in page


def test_imported_marks_are_not_shown_while_marking(case, browser):
    before = timeless(browser.get(topic_url(case)))
    ImportedMark.objects.create(
        answer=factories.answer_of(case, "1.1.1.1"),
        outcome="fail",
        comment="ความเห็นจากแบบพิมพ์",
        source="form.docx",
        imported_at=timezone.now(),
    )
    assert timeless(browser.get(topic_url(case))) == before


def test_every_key_of_the_list_does_something_and_every_act_is_listed():
    listed = re.findall(r'<div data-act="(\w+)"', (ROOT / "templates/reviews/_keys.html").read_text())
    script = (ROOT / "static/js/marking-keys.js").read_text()
    acts = re.findall(r"^    (\w+): \(\) =>", script, re.MULTILINE)
    assert sorted(listed) == sorted(acts)
    assert len(listed) == len(set(listed)) == 18


def test_what_belongs_beside_a_mark_is_on_one_page(case, browser):
    page = text_of(browser.get(topic_url(case, "2.1")))
    pk = factories.answer_of(case, "2.1.1.1").pk
    places = (
        f'id="c{pk}"', f'id="s{pk}"', f'id="o{pk}"', f'id="n{pk}"', 'id="undo"', 'id="go-code"', 'id="keys"',
        'id="composer"', 'id="bank"', 'role="status"', 'name="sibling"',
    )  # fmt: skip
    assert [place for place in places if place not in page] == []


def test_a_comment_that_agencies_would_stumble_over_is_told_after_the_save(case, browser):
    reply = browser.post(mark_url(case), posted(case, outcome="fail", comment="ไม่มี"), headers=JSON)
    assert "บอกเพียงว่า “ไม่มี”" in "".join(reply.json()["fragments"].values())
    assert "บอกเพียงว่า “ไม่มี”" in text_of(browser.get(topic_url(case)))


def test_strength_and_notes_are_saved_and_a_conflict_shows_them(case, browser):
    noted = {"strength": "เปิดข้อมูล", "pillar": "1", "own_note": "เตือนตัวเอง"}
    browser.post(mark_url(case), posted(case, **noted), headers=JSON)
    saved = Verdict.objects.get()
    assert {name: getattr(saved, name) for name in noted} == noted
    page = browser.post(mark_url(case), posted(case, strength="อื่น"))
    assert page.status_code == 409
    assert "เปิดข้อมูล" in text_of(page)
    assert browser.post(mark_url(case), posted(case, version=1, pillar="9"), headers=JSON).status_code == 422
    # The page says under which pillar an item stands, and chooses none for the reviewer.
    assert "ข้อนี้จัดไว้ใต้ ยึดประชาชนเป็นศูนย์กลาง" in text_of(browser.get(topic_url(case, "3.2")))
    assert "ข้อนี้จัดไว้ใต้ มีขีดสมรรถนะสูงและทันสมัย" in text_of(browser.get(topic_url(case, "7.1")))


# --- saving one mark -----------------------------------------------------------------------------------


def test_a_mark_is_saved_for_the_script_and_without_it(case, browser):
    reply = browser.post(mark_url(case), posted(case), headers=JSON)
    assert (reply.status_code, reply.json()["state"], reply.json()["version"]) == (200, "saved", 1)
    answer = factories.answer_of(case, "1.1.1.1")
    assert "ผ่าน" in reply.json()["fragments"][f"tag-{answer.pk}"]
    reply = browser.post(mark_url(case), posted(case, version=1, outcome="unsure"))
    assert reply.url == f"{topic_url(case)}?part=1.1.1.1#p1.1.1.1"
    reply = browser.post(mark_url(case), posted(case, version=2, outcome="fail", comment="ควรแสดงผล", next=1))
    assert reply.url == f"{reverse('reviews:next', args=[case.pk])}?after=1.1.1.1"
    saved = Verdict.objects.get()
    assert (saved.outcome, saved.comment, saved.version) == ("fail", "ควรแสดงผล", 3)


def test_a_fail_is_kept_while_its_comment_is_being_written_and_the_page_says_what_is_missing(case, browser):
    reply = browser.post(mark_url(case), posted(case, outcome="fail", comment="...."), headers=JSON)
    assert "ไม่ผ่านต้องมีความเห็น" in "".join(reply.json()["fragments"].values())
    assert Verdict.objects.get().outcome == "fail"


def test_undo_takes_a_mark_back(case, browser):
    browser.post(mark_url(case), posted(case), headers=JSON)
    without = posted(case, version=1)
    del without["outcome"]
    assert browser.post(mark_url(case), without, headers=JSON).json()["state"] == "saved"
    assert Verdict.objects.get().outcome == ""


def test_two_windows_meet_in_a_conflict_with_both_texts(case, browser):
    browser.post(mark_url(case), posted(case, outcome="fail", comment="ข้อความแรก"), headers=JSON)
    second = posted(case, outcome="fail", comment="ข้อความที่สอง")
    reply = browser.post(mark_url(case), second, headers=JSON)
    assert (reply.status_code, reply.json()["state"], reply.json()["version"]) == (409, "conflict", 1)
    assert reply.json()["theirs"]["values"]["comment"] == "ข้อความแรก"
    page = browser.post(mark_url(case), second)
    assert page.status_code == 409
    assert "ข้อความแรก" in text_of(page)
    assert "ข้อความที่สอง" in text_of(page)
    assert Verdict.objects.get().comment == "ข้อความแรก"


@pytest.mark.parametrize(("keep", "kept"), [("mine", "ของฉัน"), ("theirs", "ที่บันทึกไว้"), ("merged", "ทั้งสอง")])
def test_a_conflict_is_resolved_as_chosen(case, browser, keep, kept):
    browser.post(mark_url(case), posted(case, comment="ที่บันทึกไว้"))
    chosen = posted(case, version=1, comment="ของฉัน", keep=keep, **{"merged-comment": "ทั้งสอง"})
    assert browser.post(mark_url(case), chosen).status_code == 302
    assert Verdict.objects.get().comment == kept


def test_the_same_mark_twice_is_no_conflict(case, browser):
    browser.post(mark_url(case), posted(case, comment="ข้อความ"), headers=JSON)
    reply = browser.post(mark_url(case), posted(case, comment="ข้อความ"), headers=JSON)
    assert (reply.json()["state"], reply.json()["version"]) == ("saved", 1)


def test_too_long_a_comment_is_refused_and_stays_on_the_page(case, browser):
    long = "ก" * 20_001
    reply = browser.post(mark_url(case), posted(case, comment=long), headers=JSON)
    assert (reply.status_code, list(reply.json()["errors"])) == (422, ["comment"])
    page = browser.post(mark_url(case), posted(case, comment=long))
    assert page.status_code == 422
    assert long in text_of(page)


def test_what_nobody_can_have_seen_is_refused(case, browser):
    reply = browser.post(mark_url(case), posted(case, judged_version=99), headers=JSON)
    assert reply.status_code == 422
    assert browser.post(mark_url(case), posted(case, outcome="maybe"), headers=JSON).status_code == 422
    assert not Verdict.objects.exists()


def test_after_the_review_the_text_comes_back_with_the_reason(case, browser):
    case.status = Status.CONSENSUS
    case.save()
    reply = browser.post(mark_url(case), posted(case, comment="สายไปแล้ว"), headers=JSON)
    assert (reply.status_code, reply.json()["state"]) == (403, "refused")
    page = browser.post(mark_url(case), posted(case, comment="สายไปแล้ว"))
    assert page.status_code == 403
    assert "สายไปแล้ว" in text_of(page)


def test_who_stepped_aside_while_typing_gets_the_text_back(case, browser, reviewer):
    replacing.recuse(case, reviewer=reviewer, reason="ภารกิจเร่งด่วน", by=reviewer)
    page = browser.post(mark_url(case), posted(case, comment="กำลังพิมพ์อยู่"))
    assert page.status_code == 403
    assert "กำลังพิมพ์อยู่" in text_of(page)
    assert "ถอนตัว" in text_of(page)


def test_a_lost_login_answers_the_script_and_keeps_the_text(case, client):
    reply = client.post(mark_url(case), posted(case, comment="กำลังพิมพ์อยู่"), headers=JSON)
    assert (reply.status_code, reply.json()["state"]) == (401, "signed_out")
    page = client.post(mark_url(case), posted(case, comment="กำลังพิมพ์อยู่"))
    assert page.status_code == 401
    assert "กำลังพิมพ์อยู่" in text_of(page)


# --- handing in ----------------------------------------------------------------------------------------


def test_v6_hand_in_with_two_unmarked_parts_jumps_to_the_first(case, browser, reviewer):
    cases.mark_everything(case, by=reviewer, besides=["6.1.3.1", "6.1.4.1"])
    url = reverse("reviews:hand_in", args=[case.pk])
    page = text_of(browser.get(url))
    assert f"{topic_url(case, '6.1')}?part=6.1.3.1#p6.1.3.1" in page
    assert "เหลือ 2 ส่วน" in page
    reply = browser.post(url)
    assert reply.url == f"{topic_url(case, '6.1')}?part=6.1.3.1#p6.1.3.1"
    assert "ยังไม่ลงผล 6.1.3.1" in text_of(browser.get(reply.url))
    assert not Assignment.objects.exclude(handed_in_at=None).exists()


def test_after_hand_in_everything_is_read_only(case, browser, reviewer):
    cases.mark_everything(case, by=reviewer)
    url = reverse("reviews:hand_in", args=[case.pk])
    assert browser.post(url).url == reverse("reviews:queue")
    assert browser.post(url).url == reverse("reviews:queue")
    page = text_of(browser.get(topic_url(case)))
    assert MARK_FORM not in page
    assert "ส่งผลการตรวจแล้ว" in page
    assert "ส่งผลแล้ว" in text_of(browser.get(reverse("reviews:queue")))


# --- blindness ----------------------------------------------------------


@pytest.mark.parametrize("how_far", ["marked", "handed_in", "withdrawn"])
def test_pages_are_the_same_bytes_whatever_the_other_reviewer_does(case, browser, reviewer, other, how_far):
    cases.mark(factories.answer_of(case, "1.1.1.1"), by=reviewer)
    urls = [
        reverse("reviews:queue"),
        topic_url(case),
        topic_url(case, "7.1"),
        reverse("reviews:profile", args=[case.pk]),
        reverse("reviews:hand_in", args=[case.pk]),
    ]
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        before = [timeless(browser.get(url)) for url in urls]
        cases.mark_everything(case, by=other)
        Verdict.objects.filter(assignment__reviewer=other, answer__part__code="1.1.1.1").update(
            outcome="fail", comment="ความเห็นลับของอีกคน", internal_note="บันทึกลับของอีกคน"
        )
        if how_far != "marked":
            marking.hand_in(case, by=other)
        if how_far == "withdrawn":
            replacing.recuse(case, reviewer=other, reason="ภารกิจเร่งด่วน", by=other)
        assert [timeless(browser.get(url)) for url in urls] == before
        assert browser.get(reverse("reviews:next", args=[case.pk])).url.endswith("#p1.1.2.1")


def test_own_marks_only_even_after_everybody_has_handed_in(case, browser, reviewer, other):
    for person in (reviewer, other):
        cases.mark_everything(case, by=person)
    Verdict.objects.filter(assignment__reviewer=other, answer__part__code="1.1.1.1").update(
        outcome="fail", comment="ความเห็นของอีกคน"
    )
    for person in (reviewer, other):
        marking.hand_in(case, by=person)
    assert Consensus.objects.exists()
    page = text_of(browser.get(topic_url(case)))
    assert "ความเห็นของอีกคน" not in page
    assert str(other) not in page


# --- query ceilings --------------------------------------------------------------------------------------


def test_the_queue_costs_the_same_for_one_case_and_for_many(
    case, browser, reviewer, lead, django_assert_max_num_queries
):
    for number in range(5):
        if number in (0, 4):
            with django_assert_max_num_queries(10):
                assert browser.get(reverse("reviews:queue")).status_code == 200
        if number < 4:
            cases.open_case(reviewer, lead=lead, cycle=case.cycle)


def test_a_marking_page_costs_the_same_empty_and_full(case, browser, reviewer, django_assert_max_num_queries):
    for code in ("1.1", "7.1"):
        with django_assert_max_num_queries(12):
            assert browser.get(topic_url(case, code)).status_code == 200
    cases.mark_everything(case, by=reviewer)
    Verdict.objects.update(outcome="fail", comment="ดู 1.4.1 ควรแสดงผล")
    for code in ("1.1", "7.1"):
        with django_assert_max_num_queries(12):
            assert browser.get(topic_url(case, code)).status_code == 200
    for name in ("profile", "hand_in"):
        with django_assert_max_num_queries(12):
            assert browser.get(reverse(f"reviews:{name}", args=[case.pk])).status_code == 200


def test_saving_a_mark_costs_six_queries_at_most(case, browser):
    for version in (0, 1):
        typed = posted(case, version=version, outcome="fail", comment=f"ครั้งที่ {version}")
        with CaptureQueriesContext(connection) as captured:
            assert browser.post(mark_url(case), typed, headers=JSON).json()["state"] == "saved"
        queries = [row["sql"] for row in captured if not _NOT_COUNTED.search(row["sql"].split(" WHERE ")[0])]
        assert len(queries) <= 6, "\n".join(q[:150] for q in queries)
