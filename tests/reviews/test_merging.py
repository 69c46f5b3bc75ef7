"""The comment that counts is made of the reviewers' comments: chosen or reworded, and the sources stay linked."""

import pytest

from pmqa.errors import Refused
from results import sheet
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import consensus
from tests import factories
from tests.reviews import cases
from tests.reviews.settled import settled_case

pytestmark = pytest.mark.django_db

CODE = "1.2.2.1"
PLAN, YEARS, PRAISE = "มีแผนแล้ว ควรแสดงผลลัพธ์", "ควรแสดงข้อมูลสองปี", "ครบถ้วนแล้ว"


@pytest.fixture
def people(db):
    return [factories.make_user(first_name=name, last_name="ตรวจสมมติ") for name in ("วิภา", "สมคิด", "อรุณ")]


@pytest.fixture
def case(people, lead):
    """Two failed the part with different words, one passed it."""
    opinions = {
        CODE: [("fail", PLAN), ("fail", YEARS), ("pass", PRAISE)],
        "1.4.3.1": [("fail", PLAN), ("fail", PLAN), ("fail", YEARS)],
    }
    return settled_case(*people, lead=lead, opinions=opinions)


def said(case, *texts: str, code: str = CODE) -> list[int]:
    rows = Verdict.objects.filter(answer__assessment=case, answer__part__code=code).order_by("assignment_id")
    return [row.pk for row in rows if row.comment in texts]


def decide(case, lead, *, comment="", sources=(), version=0, outcome="fail", code=CODE) -> Consensus:
    return consensus.decide(
        factories.answer_of(case, code),
        version=version,
        outcome=outcome,
        comment=comment,
        reason="หารือร่วมกันแล้ว",
        sources=sources,
        by=lead,
    )


def url(case, code=CODE) -> str:
    return f"/reviews/{case.pk}/consensus/{factories.answer_of(case, code).pk}/"


def test_what_is_agreed_keeps_who_said_it(case):
    agreed = Consensus.objects.get(answer__part__code="1.4.3.1", answer__assessment=case)
    assert agreed.comment == f"{PLAN}\n\n{YEARS}"
    assert agreed.sources == said(case, PLAN, YEARS, code="1.4.3.1")


def test_chosen_comments_make_the_one_that_counts_in_the_order_of_the_team(case, lead):
    chosen = said(case, PLAN, YEARS)
    saved = decide(case, lead, sources=list(reversed(chosen)))
    assert (saved.comment, saved.sources) == (f"{PLAN}\n\n{YEARS}", chosen)


def test_a_rewritten_comment_keeps_its_sources(case, lead):
    saved = decide(case, lead, comment="ควรแสดงผลลัพธ์สองปี", sources=said(case, PLAN, YEARS))
    assert (saved.comment, saved.sources) == ("ควรแสดงผลลัพธ์สองปี", said(case, PLAN, YEARS))


def test_other_sources_are_another_decision_and_the_same_ones_are_none(case, lead):
    first = decide(case, lead, comment=PLAN, sources=said(case, PLAN))
    assert decide(case, lead, comment=PLAN, sources=said(case, PLAN), version=1).version == first.version
    assert decide(case, lead, comment=PLAN, sources=said(case, PLAN, YEARS), version=1).version == 2


def test_only_comments_of_the_team_on_this_answer_can_be_sources(case, lead, people):
    elsewhere = said(case, PLAN, code="1.4.3.1")
    gone = said(case, YEARS)
    Assignment.objects.filter(reviewer=people[1]).update(recused_at="2026-01-01T00:00:00Z")
    for wrong in (elsewhere, gone, [0], [10**30]):
        with pytest.raises(Refused) as refused:
            decide(case, lead, comment=PLAN, sources=wrong)
        assert refused.value.code == "sources"
    assert not Consensus.objects.filter(answer__part__code=CODE, answer__assessment=case).exists()


def test_the_form_without_script_ticks_and_saves(case, lead, as_user):
    client, chosen = as_user(lead), said(case, PLAN, YEARS)
    typed = {"version": "0", "outcome": "fail", "comment": "", "reason": "หารือแล้ว", "sources": chosen}
    assert client.post(url(case), typed).status_code == 302
    assert Consensus.objects.get(answer__part__code=CODE, answer__assessment=case).sources == chosen
    assert client.get(url(case)).content.decode().count(" checked autocomplete") == 2


@pytest.mark.parametrize("wrong", ["0", "x", "999999999999999999999"])
def test_an_unknown_tick_is_refused_and_the_text_stays(case, lead, as_user, wrong):
    typed = {"version": "0", "outcome": "fail", "comment": "พิมพ์ไว้แล้ว", "reason": "หารือ", "sources": [wrong]}
    response = as_user(lead).post(url(case), typed)
    assert response.status_code == 422
    assert "พิมพ์ไว้แล้ว" in response.content.decode()


def test_two_windows_keep_the_ticks_of_both(case, lead, as_user):
    chosen = said(case, YEARS)
    decide(case, lead, comment=PLAN, sources=said(case, PLAN))
    typed = {"version": "0", "outcome": "fail", "comment": YEARS, "reason": "อื่น", "sources": chosen}
    response = as_user(lead).post(url(case), typed)
    assert response.status_code == 409
    assert f'<input type="hidden" name="sources" value="{chosen[0]}">' in response.content.decode()


def test_the_team_and_the_auditor_read_who_said_it_and_the_agency_never(case, lead, people, as_user):
    decide(case, lead, comment="ควรแสดงผลลัพธ์สองปี", sources=said(case, PLAN, YEARS))
    consensus.finish(case, by=lead)
    auditor = as_user(factories.make_official("auditor")).get(url(case)).content.decode()
    assert "ผู้ตรวจ 1 · ผู้ตรวจ 2" in auditor
    assert "หัวหน้าทีมเรียบเรียง" in auditor
    assert auditor.count("ใช้ในความเห็นที่นับ") == 2
    told = str(sheet.build(cases.reloaded(case), at=case.cycle.closes_at))
    assert "ควรแสดงผลลัพธ์สองปี" in told
    assert PRAISE not in told
    assert not any(str(person) in told or person.first_name in told for person in people)
