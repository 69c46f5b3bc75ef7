"""After the preliminary result: who may ask, within which time, who decides, and what becomes of the score."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.models import Assessment, Status
from pmqa.accounts.models import LogEntry, User
from pmqa.errors import Refused
from results import releasing, sheet
from results.publishing import publish
from reviews.models import Appeal, Consensus
from reviews.services import appeals, consensus, marking, replacing
from tests import factories
from tests.reviews import cases, settled

pytestmark = pytest.mark.django_db

FAILED = "1.2.2.1"
REASON = "คำตอบในย่อหน้าที่สองแสดงผลของสองปีแล้ว"


@pytest.fixture
def people():
    return {
        "first": factories.make_official("administrator"),
        "second": factories.make_official("administrator"),
        "reviewers": [factories.make_user(), factories.make_user()],
        "lead": factories.make_user(),
    }


def told_case(people, *, lead_marks: bool = False) -> Assessment:
    """A case whose agency has been told that one part failed, with ten working days to answer."""
    case = settled.settled_case(
        *people["reviewers"],
        lead=people["lead"],
        lead_marks=lead_marks,
        opinions={FAILED: [("fail", settled.SHOWN)] * 3},
        cycle=factories.make_cycle(appeal_days=10),
    )
    consensus.finish(case, by=people["lead"])
    releasing.confirm(releasing.propose(case.cycle, left_out="", by=people["first"]), by=people["second"])
    return cases.reloaded(case)


@pytest.fixture
def case(people):
    return told_case(people)


@pytest.fixture
def coordinator(case):
    return factories.make_member(case.agency, "coordinator")


def close_window(case: Assessment) -> None:
    Assessment.objects.filter(pk=case.pk).update(appeals_until=case.cycle.opens_at)


def ask(case: Assessment, by, *, code: str = FAILED, reason: str = REASON, evidence=()) -> Appeal:
    return appeals.file(factories.answer_of(case, code), reason=reason, evidence=evidence, by=by)


def total(case: Assessment):
    return sheet.preliminary(cases.reloaded(case), at=case.appeals_until)["scores"]["verified"]["total"]


def test_v9_a_pass_after_an_appeal_adds_its_points_and_keeps_both_marks(case, coordinator, people):
    """Part 1.2.2.1 passed is worth 625/168 = 3.72 points of the total."""
    before = total(case)
    appeal = ask(case, coordinator)
    assert cases.status_of(case) == Status.APPEAL_OPEN
    appeals.decide(appeal, decision="changed", comment="", reason="แสดงผลแล้ว", by=people["lead"])
    assert cases.status_of(case) == Status.PRELIM_RELEASED
    assert float(total(case)) - float(before) == pytest.approx(625 / 168, abs=0.01)
    kept = Appeal.objects.get(pk=appeal.pk)
    assert kept.before == {"outcome": "fail", "comment": settled.SHOWN}
    now = Consensus.objects.get(answer=appeal.answer)
    assert (now.outcome, now.basis, now.reason) == ("pass", "appeal", "แสดงผลแล้ว")
    assert (
        sheet.before_appeals(cases.reloaded(case), at=case.appeals_until)["scores"]["verified"]["total"]
        == before
    )


def test_a_mark_that_stays_changes_nothing(case, coordinator, people):
    before = total(case)
    appeal = ask(case, coordinator)
    appeals.decide(appeal, decision="kept", comment="", reason="ยังไม่แสดงผลรายปี", by=people["lead"])
    assert total(case) == before
    assert Consensus.objects.get(answer=appeal.answer).basis == "agreed"


def test_v8_silence_is_acceptance(case):
    assert appeals.finalise_due() == 0
    close_window(case)
    assert appeals.finalise_due() == 1
    change = case.changes.first()
    assert (change.to_status, change.note, change.actor) == (Status.FINALISED, "ไม่มีการโต้แย้ง", None)
    assert appeals.finalise_due() == 0


def test_an_open_request_keeps_a_result_from_becoming_final(case, coordinator, people):
    appeal = ask(case, coordinator)
    close_window(case)
    assert appeals.finalise_due() == 0
    appeals.decide(appeal, decision="kept", comment="", reason="ยังไม่แสดงผล", by=people["lead"])
    assert cases.status_of(case) == Status.FINALISED
    assert case.changes.first().note == "พิจารณาคำขอทบทวนครบ 1 รายการ"


def test_after_the_window_nothing_is_asked_and_the_agency_is_told_both_times(case, coordinator):
    close_window(case)
    with pytest.raises(Refused, match="พ้นเวลาขอทบทวนแล้ว") as refused:
        ask(case, coordinator)
    assert refused.value.code == "closed"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"code": "1.1.2.1"}, "outcome"),
        ({"reason": "....  "}, "reason"),
        ({"evidence": [7]}, "evidence"),
    ],
)
def test_what_cannot_be_asked(case, coordinator, asked, code):
    with pytest.raises(Refused) as refused:
        ask(case, coordinator, **asked)
    assert refused.value.code == code
    assert not Appeal.objects.exists()
    assert cases.status_of(case) == Status.PRELIM_RELEASED


@pytest.mark.parametrize("role", ["owner", "contributor", "viewer"])
def test_who_may_not_ask(case, role):
    with pytest.raises(PermissionDenied):
        ask(case, factories.make_member(case.agency, role))


def test_a_double_click_asks_once_and_other_words_are_refused(case, coordinator):
    first = ask(case, coordinator)
    assert ask(case, coordinator).pk == first.pk
    with pytest.raises(Refused, match="ถอนคำขอเดิมก่อน"):
        ask(case, coordinator, reason="เหตุผลอื่นที่ต่างไป")


def test_a_request_taken_back_may_be_made_again(case, coordinator):
    first = ask(case, coordinator)
    appeals.withdraw(first, by=coordinator)
    appeals.withdraw(first, by=coordinator)
    assert cases.status_of(case) == Status.PRELIM_RELEASED
    assert ask(case, coordinator).pk != first.pk
    assert case.appeals.count() == 2


def test_what_is_decided_is_not_taken_back(case, coordinator, people):
    appeal = ask(case, coordinator)
    appeals.decide(appeal, decision="kept", comment="", reason="ยังไม่แสดงผล", by=people["lead"])
    with pytest.raises(Refused, match="มีผลการพิจารณาแล้ว"):
        appeals.withdraw(appeal, by=coordinator)


def test_nobody_decides_on_a_mark_of_their_own(people):
    case = told_case(people, lead_marks=True)
    appeal = ask(case, factories.make_member(case.agency, "head"))
    with pytest.raises(Refused, match="ท่านลงผลส่วนนี้เอง") as refused:
        appeals.decide(appeal, decision="changed", comment="", reason="แสดงผลแล้ว", by=people["lead"])
    assert refused.value.code == "own"
    assert Consensus.objects.get(answer=appeal.answer).outcome == "fail"


def test_another_lead_decides_and_the_marks_of_the_first_still_count(people):
    case = told_case(people, lead_marks=True)
    appeal = ask(case, factories.make_member(case.agency, "head"))
    other = factories.make_user()
    with pytest.raises(Refused, match="ลงผลในเรื่องนี้"):
        replacing.name_lead(case, lead=people["reviewers"][0], by=people["first"])
    replacing.name_lead(case, lead=other, by=people["first"])
    replacing.name_lead(case, lead=other, by=people["first"])
    active = case.assignments.active()
    assert set(active.filter(is_lead=True).values_list("reviewer", flat=True)) == {other.pk}
    assert active.filter(reviewer=people["lead"], marks=True, is_lead=False).exists()
    word = {"decision": "changed", "comment": "", "reason": "แสดงผลแล้ว"}
    with pytest.raises(PermissionDenied):
        appeals.decide(appeal, **word, by=User.objects.get(pk=other.pk))
    marking.open_case(case, by=User.objects.get(pk=other.pk))
    appeals.decide(appeal, **word, by=User.objects.get(pk=other.pk))
    assert Consensus.objects.get(answer=appeal.answer).outcome == "pass"


def test_a_lead_is_named_only_while_appeals_are_possible(people):
    case = settled.settled_case(*people["reviewers"], lead=people["lead"])
    with pytest.raises(Refused) as refused:
        replacing.name_lead(case, lead=factories.make_user(), by=people["first"])
    assert refused.value.code == "status"


def test_reviewers_who_do_not_lead_decide_nothing(case, coordinator, people):
    appeal = ask(case, coordinator)
    with pytest.raises(PermissionDenied):
        appeals.decide(appeal, decision="changed", comment="", reason="แสดงผลแล้ว", by=people["reviewers"][0])


def test_a_decision_is_made_once(case, coordinator, people):
    appeal = ask(case, coordinator)
    word = {"decision": "kept", "comment": "", "reason": "ยังไม่แสดงผล", "by": people["lead"]}
    appeals.decide(appeal, **word)
    appeals.decide(appeal, **word)
    assert case.changes.filter(to_status=Status.PRELIM_RELEASED).count() == 2
    with pytest.raises(Refused, match="มีผลการพิจารณาคำขอนี้แล้ว"):
        appeals.decide(appeal, **{**word, "decision": "changed"})


@pytest.mark.parametrize(("word", "code"), [({"decision": ""}, "decision"), ({"reason": "-"}, "reason")])
def test_a_decision_needs_its_words(case, coordinator, people, word, code):
    appeal = ask(case, coordinator)
    with pytest.raises(Refused) as refused:
        appeals.decide(
            appeal, **{"decision": "kept", "comment": "", "reason": "ยังไม่แสดงผล", **word}, by=people["lead"]
        )
    assert refused.value.code == code


def test_the_lead_writes_the_report_until_it_is_issued_and_marks_are_closed(case, people):
    assert consensus.why_closed(case).startswith("แจ้งผลเบื้องต้นแล้ว")
    with pytest.raises(Refused):
        consensus.decide(
            factories.answer_of(case, FAILED), version=1, outcome="pass", comment="", reason="เห็นใหม่",
            by=people["lead"],
        )  # fmt: skip


def test_the_database_keeps_one_standing_request_for_an_answer(case, coordinator):
    appeal = ask(case, coordinator)
    appeal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        appeal.save(force_insert=True)


def test_the_report_waits_for_the_end_of_the_window(case, people):
    with pytest.raises(Refused) as refused:
        publish(case, by=people["first"])
    assert refused.value.code == "move"
    close_window(case)
    appeals.finalise_due()
    issued = publish(cases.reloaded(case), by=people["first"])
    assert (issued.revision, cases.status_of(case)) == (1, Status.REPORT_ISSUED)


def test_log_of_the_agency_names_no_reviewer(case, coordinator, people):
    appeal = ask(case, coordinator)
    appeals.decide(appeal, decision="changed", comment="", reason="แสดงผลแล้ว", by=people["lead"])
    own = LogEntry.objects.filter(agency=case.agency)
    assert own.filter(action="review.appeal_filed").count() == 1
    assert not own.filter(actor__in=[people["lead"], *people["reviewers"]]).exists()


def test_the_window_is_counted_in_working_days(case):
    told = case.changes.first().at
    assert case.appeals_until == case.cycle.after_working_days(told, 10)
    assert case.appeals_until - told >= timedelta(days=11)
