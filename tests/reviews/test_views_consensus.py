import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment, FindingReply, Indicator, Status
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import consensus
from tests import factories
from tests.reviews import cases
from tests.reviews.settled import SHOWN, disputed, failed, settled_case

JSON = {"HTTP_ACCEPT": "application/json"}
# A page: session, user, memberships, appointments, navigation; the rest is the page's own.
CEILING = 12


@pytest.fixture
def reviewer(db):
    return factories.make_user(first_name="วิภา", last_name="ตรวจสมมติ")


@pytest.fixture
def other(db):
    return factories.make_user(first_name="สมคิด", last_name="ตรวจสมมติ")


@pytest.fixture
def auditor(db):
    return factories.make_official("auditor")


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    opinions = disputed() | failed("1.4.3.1") | {"3.1.1.1": [("fail", SHOWN), ("pass", "ครบถ้วนแล้ว")]}
    return settled_case(reviewer, other, lead=lead, opinions=opinions, agency=agency, cycle=cycle)


def page(case, query=""):
    return f"/reviews/{case.pk}/consensus/{query}"


def place(case, code="1.2.2.1"):
    return f"/reviews/{case.pk}/consensus/{factories.answer_of(case, code).pk}/"


def decision(**extra):
    return {
        "version": "0",
        "outcome": "pass",
        "comment": "",
        "reason": "หลักฐานครบถ้วน",
        "code": "1.2.2.1",
    } | extra


def text(response) -> str:
    return response.content.decode()


def forms(response) -> list[str]:
    return re.findall(r'aria-label="ผลฉันทามติ ([\d.]+)"', text(response))


# --- who may read -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "reviewer", "auditor"])
def test_the_team_and_the_auditor_read(request, case, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(page(case)).status_code == 200
    assert client.get(place(case)).status_code == 200


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_other_staff_is_told_why_not(request, case, as_user, who):
    response = as_user(request.getfixturevalue(who)).get(page(case))
    assert response.status_code == 403
    assert "อ่านได้เฉพาะทีมผู้ตรวจประเมิน" in text(response)


@pytest.mark.parametrize("who", ["coordinator", "head"])
def test_agencies_never_find_it(request, case, as_user, who):
    client = as_user(request.getfixturevalue(who))
    for url in (page(case), place(case), f"/reviews/{case.pk}/finish/", f"/reviews/{case.pk}/reopen/"):
        assert client.get(url).status_code == 404
        assert client.post(url, decision()).status_code == 404
    Assessment.objects.filter(pk=case.pk).update(status=Status.REPORT_ISSUED)
    assert client.get(page(case)).status_code == 404


def test_strangers_and_whoever_stepped_aside_find_nothing(case, other, as_user, client):
    assert as_user(factories.make_user()).get(page(case)).status_code == 404
    Assignment.objects.filter(reviewer=other).update(recused_at="2026-01-01T00:00:00Z")
    assert as_user(other).get(page(case)).status_code == 404
    assert client.get(page(case)).status_code == 302


def test_v12_before_everybody_has_handed_in_the_page_tells_nothing(reviewer, other, lead, as_user):
    case = cases.open_case(reviewer, other, lead=lead)
    replies = [as_user(person).get(page(case)) for person in (reviewer, lead)]
    cases.mark_everything(case, by=other)
    replies += [as_user(person).get(page(case)) for person in (reviewer, lead)]
    assert [reply.status_code for reply in replies] == [403] * 4
    bodies = [re.sub(r"\d\d\.\d\d น\.|csrfmiddlewaretoken.*?>", "", text(reply)) for reply in replies]
    assert bodies[:2] == bodies[2:]


def test_names_are_for_the_lead_and_the_auditor(case, lead, reviewer, other, auditor, as_user):
    for person in (lead, auditor):
        body = text(as_user(person).get(page(case)))
        assert "วิภา ตรวจสมมติ" in body
        assert "สมคิด ตรวจสมมติ" in body
    seen = text(as_user(reviewer).get(page(case)))
    assert "สมคิด" not in seen
    assert "ผู้ตรวจ 1 (ท่าน)" in seen
    assert "ผู้ตรวจ 2" in seen


# --- what the page shows ----------------------------------------------------------------------


def test_disputes_stand_by_the_points_at_stake_with_both_opinions(case, lead, as_user):
    response = as_user(lead).get(page(case))
    assert forms(response) == ["3.1.1.1", "1.2.2.1"]
    body = text(response)
    # 1.2.2.1 is worth 625/168 of the total.
    assert re.search(r'คะแนนรวม <b class="num">3.72</b>', body)
    assert SHOWN in body
    assert "ครบถ้วนแล้ว" in body
    assert "ข้อความสมมติของ" in body


def test_internal_notes_reach_the_team_and_nobody_else(case, lead, reviewer, as_user):
    Verdict.objects.filter(answer__part__code="1.2.2.1", assignment__reviewer=reviewer).update(
        internal_note="คานารีของบันทึกภายใน"
    )
    assert "คานารีของบันทึกภายใน" in text(as_user(lead).get(page(case)))
    assert "คานารีของบันทึกภายใน" not in text(as_user(lead).get(f"/reviews/{case.pk}/feedback/"))


def test_filters(case, lead, as_user):
    client = as_user(lead)
    assert forms(client.get(page(case, "?topic=1.2"))) == ["1.2.2.1"]
    assert forms(client.get(page(case, "?show=fails"))) == []
    fails = text(client.get(page(case, "?show=fails")))
    assert place(case, "1.4.3.1") in fails
    assert place(case, "1.1.1.1") not in fails
    only = text(client.get(page(case, "?show=disputed")))
    assert place(case, "1.4.3.1") not in only
    assert client.get(page(case, "?show=unknown&topic=9.9&page=x")).status_code == 200


def test_only_the_lead_has_forms_and_only_in_time(case, lead, reviewer, auditor, as_user):
    assert forms(as_user(reviewer).get(page(case))) == forms(as_user(auditor).get(page(case))) == []
    Assessment.objects.filter(pk=case.pk).update(status=Status.REPORT_ISSUED)
    assert forms(as_user(lead).get(page(case))) == []
    assert "data-decision " not in text(as_user(lead).get(place(case)))


def test_advice_on_tone_never_blocks(case, lead, as_user):
    Consensus.objects.filter(answer__part__code="1.4.3.1").update(comment="ควรปรับปรุง")
    body = text(as_user(lead).get(page(case)))
    assert "ความเห็นที่ควรดูอีกครั้ง" in body
    assert "ปิดฉันทามติได้โดยไม่ต้องแก้" in body
    assert "ข้อแนะนำ บันทึกได้โดยไม่ต้องแก้" in text(as_user(lead).get(place(case, "1.4.3.1")))


def test_comments_are_escaped(case, lead, as_user):
    Verdict.objects.filter(answer__part__code="1.2.2.1").update(comment='<script>alert(1)</script>" onx="')
    body = text(as_user(lead).get(page(case)))
    assert "<script>alert(1)" not in body
    assert '" onx="' not in body


# --- queries ----------------------------------------------------------------------------------


def test_the_pages_cost_the_same_at_one_and_at_many_disputes(
    case, lead, as_user, django_assert_max_num_queries
):
    client = as_user(lead)
    for _size in ("few", "many"):
        for url in (page(case), page(case, "?show=fails"), place(case), f"/reviews/{case.pk}/finish/"):
            with django_assert_max_num_queries(CEILING):
                assert client.get(url).status_code == 200
        Consensus.objects.filter(answer__assessment=case).delete()


def test_a_decision_is_bounded(case, lead, as_user):
    """15 besides session and user, whatever was decided before; savepoints are no queries."""
    client, url = as_user(lead), place(case)
    for version, outcome in enumerate(["fail", "pass", "fail"]):
        posted = decision(version=version, outcome=outcome, comment=SHOWN)
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url, posted, **JSON).status_code == 200
        queries = [row["sql"] for row in captured if "SAVEPOINT" not in row["sql"]]
        assert len(queries) <= 2 + 15, "\n".join(sql[:150] for sql in queries)


# --- deciding ---------------------------------------------------------------------------------


def test_a_decision_comes_back_to_the_list_where_it_was(case, lead, as_user):
    response = as_user(lead).post(f"{place(case)}?show=disputed&topic=1.2&next=//evil", decision())
    assert response.status_code == 302
    assert response["Location"] == page(case, "?show=disputed&topic=1.2")
    assert Consensus.objects.get(answer__part__code="1.2.2.1").reason == "หลักฐานครบถ้วน"


def test_the_script_gets_json(case, lead, as_user):
    response = as_user(lead).post(place(case), decision(), **JSON)
    assert response.json() == {
        "state": "saved",
        "message": "บันทึกผลฉันทามติ 1.2.2.1 แล้ว",
        "url": page(case),
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"outcome": "fail", "comment": "..."}, "comment"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_a_refusal_keeps_what_was_typed(case, lead, as_user, wrong, field):
    posted = decision(comment="ความเห็นที่พิมพ์ไว้", reason="เหตุผลที่พิมพ์ไว้") | wrong
    response = as_user(lead).post(place(case), posted)
    assert response.status_code == 422
    for name in ("comment", "reason"):
        assert posted[name] in text(response)
    assert as_user(lead).post(place(case), posted, **JSON).json()["errors"].keys() == {field}
    assert not Consensus.objects.filter(answer__part__code="1.2.2.1").exists()


def test_a_case_that_was_closed_meanwhile_keeps_what_was_typed(case, lead, as_user):
    Assessment.objects.filter(pk=case.pk).update(status=Status.CONSENSUS_DONE)
    response = as_user(lead).post(place(case), decision(comment="ความเห็นที่พิมพ์ไว้"))
    assert response.status_code == 422
    assert "ความเห็นที่พิมพ์ไว้" in text(response)
    assert "ให้ผู้ดูแลระบบเปิดขั้นหาฉันทามติอีกครั้ง" in text(response)


def test_without_session_the_typed_text_stays(case, client):
    response = client.post(place(case), decision(comment="ความเห็นที่พิมพ์ไว้"))
    assert response.status_code == 401
    assert "ความเห็นที่พิมพ์ไว้" in text(response)
    assert client.post(place(case), decision(), **JSON).json()["state"] == "signed_out"
    assert client.get(place(case)).status_code == 302


def test_a_conflict_shows_both_and_the_choice_is_saved(case, lead, as_user):
    client = as_user(lead)
    client.post(place(case), decision(reason="จากหน้าต่างแรก"))
    mine = decision(outcome="fail", comment="ควรแสดงผล", reason="จากหน้าต่างที่สอง")
    response = client.post(place(case), mine)
    assert response.status_code == 409
    assert "แรก" in text(response)
    assert "ที่สอง" in text(response)
    assert client.post(place(case), mine, **JSON).json()["state"] == "conflict"
    kept = mine | {"version": "1", "keep": "theirs"}
    assert client.post(place(case), kept).status_code == 302
    stored = Consensus.objects.get(answer__part__code="1.2.2.1")
    assert (stored.outcome, stored.version) == ("pass", 1)
    merged = mine | {
        "version": "1",
        "keep": "merged",
        "merged-comment": "ควรแสดงผลลัพธ์",
        "merged-reason": "รวมสองฉบับ",
    }
    assert client.post(place(case), merged).status_code == 302
    stored.refresh_from_db()
    assert (stored.outcome, stored.comment, stored.reason) == ("fail", "ควรแสดงผลลัพธ์", "รวมสองฉบับ")


def test_the_same_post_twice_is_no_conflict(case, lead, as_user):
    client = as_user(lead)
    assert [client.post(place(case), decision()).status_code for _time in range(2)] == [302, 302]


def test_without_script_ticked_opinions_go_into_the_form_and_nothing_is_saved(case, lead, as_user):
    said = Verdict.objects.get(answer__part__code="1.2.2.1", outcome="fail")
    typed = decision(outcome="", comment="พิมพ์ไว้ก่อน", reason="เหตุผลเดิม")
    response = as_user(lead).post(place(case), typed | {"use": "1", "sources": [said.pk]})
    assert response.status_code == 200
    assert f'value="{said.pk}" checked' in text(response)
    assert f"พิมพ์ไว้ก่อน\n\n{SHOWN}</textarea>" in text(response)
    assert "เหตุผลเดิม" in text(response)
    assert not Consensus.objects.filter(answer__part__code="1.2.2.1").exists()


@pytest.mark.parametrize("who", ["reviewer", "auditor"])
def test_readers_decide_nothing(request, case, as_user, who):
    client = as_user(request.getfixturevalue(who))
    response = client.post(place(case), decision(comment="ความเห็นที่พิมพ์ไว้"))
    assert response.status_code == 403
    assert "ผู้ตัดสินคือหัวหน้าทีม" in text(response)
    assert not Consensus.objects.filter(answer__part__code="1.2.2.1").exists()
    assert client.post(f"/reviews/{case.pk}/finish/").status_code == 403


def test_an_answer_of_another_case_is_not_found(case, lead, as_user):
    foreign = factories.make_assessment(cycle=case.cycle, complete=True)
    answer = factories.answer_of(foreign, "1.1.1.1")
    for method in ("get", "post"):
        url = f"/reviews/{case.pk}/consensus/{answer.pk}/"
        assert getattr(as_user(lead), method)(url, decision()).status_code == 404


# --- closing, opening again -------------------------------------------------------------------


def test_finishing_names_what_is_missing_and_then_closes(case, lead, as_user):
    client = as_user(lead)
    url = f"/reviews/{case.pk}/finish/"
    body = text(client.get(url))
    assert "ยังปิดไม่ได้" in body
    assert place(case) in body
    assert place(case, "1.4.3.1") not in body
    assert client.post(url).status_code == 409
    for code in ("1.2.2.1", "3.1.1.1"):
        client.post(place(case, code), decision())
    assert "ยังปิดไม่ได้" not in text(client.get(url))
    replies = [client.post(url) for _click in range(2)]
    assert [reply["Location"] for reply in replies] == [f"/reviews/{case.pk}/feedback/"] * 2
    assert cases.status_of(case) == Status.CONSENSUS_DONE


def test_the_administrator_opens_again_with_a_reason_that_the_lead_reads(case, lead, administrator, as_user):
    for code in ("1.2.2.1", "3.1.1.1"):
        consensus.decide(
            factories.answer_of(case, code), version=0, outcome="pass", comment="", reason="ครบถ้วน", by=lead
        )
    consensus.finish(case, by=lead)
    url = f"/reviews/{case.pk}/reopen/"
    client = as_user(administrator)
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": "..."}).status_code == 422
    assert client.post(url, {"note": "ดู 1.2.2.1 อีกครั้ง"}).status_code == 302
    assert "อีกครั้ง" in text(as_user(lead).get(page(case)))
    assert client.post(url, {"note": "อีกที"}).status_code == 409
    for person, status in ((lead, 404), (factories.make_official("officer"), 403)):
        assert as_user(person).post(url, {"note": "ขอแก้"}).status_code == status


# --- what the system found, and what the agency says to it ---------------------------------------


def give_reason(case, code: str, key: str, reason: str) -> None:
    answer = factories.answer_of(case, code)
    FindingReply.objects.create(answer=answer, key=key, reason=reason, at=timezone.now())


def test_findings_of_an_indicator_come_with_the_agencys_reasons(as_user, lead, reviewer, other, cycle):
    case = settled_case(reviewer, other, lead=lead, opinions=disputed("7.1.1"), cycle=cycle)
    same = dict.fromkeys(("result_1", "result_2", "result_3"), 80)
    Indicator.objects.filter(answer=factories.answer_of(case, "7.1.1")).update(**same)
    give_reason(case, "7.1.1", "constant", "เหตุผลสมมติของหน่วยงาน")
    for url in (page(case), place(case, "7.1.1")):
        shown = text(as_user(lead).get(url))
        assert shown.index("ผลเท่ากันทุกปี") < shown.index("เหตุผลสมมติของหน่วยงาน")


def test_findings_of_a_part_stand_where_it_is_decided(as_user, case, lead):
    give_reason(case, "3.1.1.1", "customer_unnamed:กลุ่มสมมติ", "กลุ่มนี้รับบริการผ่านหน่วยงานอื่น")
    shown = text(as_user(lead).get(place(case, "3.1.1.1")))
    assert "ข้อสังเกตจากระบบ" in shown
    assert "กลุ่มนี้รับบริการผ่านหน่วยงานอื่น" in shown
    assert "กลุ่มนี้รับบริการผ่านหน่วยงานอื่น" not in text(as_user(lead).get(place(case, "1.2.2.1")))


def test_what_the_answer_cites_stands_beside_its_opinions_for_the_team_alone(case, lead, auditor, as_user):
    frozen = case.submissions.get()
    entry = {
        "number": 1, "version": 1, "title": "แผนที่ส่ง", "source_system": "", "reference": "", "name": "แผน.pdf",
        "size": 9, "url": "", "cited_by": ["1.2.2.1"],
    }  # fmt: skip
    frozen.content["evidence"] = [entry]
    frozen.save(update_fields=["content"])
    look = f'href="/reviews/{case.pk}/evidence/1/look/" data-look'
    client = as_user(lead)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(place(case)).content.decode()
    assert len(queries) <= CEILING
    assert "แผนที่ส่ง" in shown
    assert look in shown
    assert look not in as_user(lead).get(place(case, "1.4.3.1")).content.decode()
    # The auditor is no reviewer; their door to the file is the agency's register.
    assert look not in as_user(auditor).get(place(case)).content.decode()
