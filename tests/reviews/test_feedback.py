import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.models import Assessment, Indicator, Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from reviews.models import FeedbackSection, Verdict
from reviews.services import consensus, feedback, marking
from tests import factories
from tests.reviews import cases
from tests.reviews.settled import SHOWN, disputed, failed, settled_case


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    """1.4.3.1 failed by both, 1.2.2.1 disputed, everything else passed."""
    opinions = disputed() | failed("1.4.3.1")
    return settled_case(reviewer, other, lead=lead, opinions=opinions, agency=agency, cycle=cycle)


def section(case, code) -> FeedbackSection:
    return case.feedback.get(code=code)


def decide(case, code, *, by, outcome, comment="", version=0):
    return consensus.decide(
        factories.answer_of(case, code),
        version=version,
        outcome=outcome,
        comment=comment,
        reason="เหตุผลของหัวหน้าทีม",
        by=by,
    )


def save(case, code, *, by, version=0, text="ข้อความของหัวหน้าทีม", included=True):
    return feedback.save_section(case, code, version=version, text=text, included=included, by=by)


def codes(case, kind):
    return {row.code for row in case.feedback.all() if row.code.startswith(kind)}


# --- drafts -----------------------------------------------------------------------------------


def test_the_drafts_stand_when_the_marks_are_in(case):
    assert codes(case, "ofi") == {"ofi:1.4"}
    ofi = section(case, "ofi:1.4")
    assert (ofi.text, ofi.draft, ofi.sources, ofi.included, ofi.version) == (
        SHOWN,
        SHOWN,
        ["1.4.3.1"],
        True,
        0,
    )
    assert codes(case, "pillar") == {"pillar:1", "pillar:2", "pillar:3"}
    assert section(case, "closing").text.startswith("ผลส่วนใหญ่อยู่ในระดับ Significance")
    assert "\n1.4 " in section(case, "direction:2").text


def test_recommendations_name_the_indicators_that_call_for_them(reviewer, other, lead):
    case = settled_case(reviewer, other, lead=lead)
    assert not section(case, "advice:4").included
    first = Indicator.objects.get(answer__assessment=case, answer__part__code="7.1.1")
    Indicator.objects.filter(pk=first.pk).update(result_1=100, result_2=100, result_3=100)
    feedback.redraft(case)
    advice = section(case, "advice:4")
    assert (advice.included, advice.sources) == (True, ["7.1.1.1"])


def test_a_fail_of_the_lead_opens_its_topic_and_a_pass_closes_it(case, lead):
    decide(case, "1.2.2.1", by=lead, outcome="fail", comment="ควรแสดงผล")
    assert section(case, "ofi:1.2").text == "ควรแสดงผล"
    assert "1.2" in section(case, "direction:2").text + section(case, "direction:1").text
    decide(case, "1.2.2.1", by=lead, version=1, outcome="pass")
    assert codes(case, "ofi") == {"ofi:1.4"}


def test_an_untouched_text_follows_its_draft(case, lead):
    decide(case, "1.4.3.1", by=lead, version=1, outcome="fail", comment="ควรแสดงแนวโน้ม")
    ofi = section(case, "ofi:1.4")
    assert (ofi.draft, ofi.text, ofi.version) == ("ควรแสดงแนวโน้ม", "ควรแสดงแนวโน้ม", 0)


def test_a_touched_text_is_never_written_over(case, lead):
    save(case, "ofi:1.4", by=lead, included=False)
    decide(case, "1.4.3.1", by=lead, version=1, outcome="fail", comment="ควรแสดงแนวโน้ม")
    ofi = section(case, "ofi:1.4")
    assert (ofi.draft, ofi.text, ofi.included) == ("ควรแสดงแนวโน้ม", "ข้อความของหัวหน้าทีม", False)


def test_a_topic_without_fails_keeps_a_touched_text_without_sources(case, lead):
    save(case, "ofi:1.4", by=lead)
    decide(case, "1.4.3.1", by=lead, version=1, outcome="pass")
    ofi = section(case, "ofi:1.4")
    assert (ofi.text, ofi.draft, ofi.sources) == ("ข้อความของหัวหน้าทีม", "", [])


def test_redrafting_without_news_writes_nothing(case, django_assert_num_queries):
    case = Assessment.objects.with_places().get(pk=case.pk)
    with django_assert_num_queries(3):
        feedback.redraft(case)


# --- the lead's texts -------------------------------------------------------------------------


def test_a_text_is_saved_with_its_version_and_one_log_entry_a_writer(case, lead):
    first = save(case, "pillar:1", by=lead)
    assert (first.version, first.updated_by) == (1, lead)
    assert save(case, "pillar:1", by=lead, version=1, text="ฉบับที่สอง").version == 2
    assert LogEntry.objects.filter(action="review.section_saved").count() == 1


def test_saving_what_is_stored_changes_nothing(case, lead):
    save(case, "pillar:1", by=lead)
    assert save(case, "pillar:1", by=lead).version == 1
    ofi = section(case, "ofi:1.4")
    assert save(case, "ofi:1.4", by=lead, text=ofi.text).version == 0


def test_two_tabs_are_one_save_and_one_conflict(case, lead):
    save(case, "pillar:1", by=lead, text="จากหน้าต่างแรก")
    with pytest.raises(Conflict) as conflict:
        save(case, "pillar:1", by=lead, text="จากหน้าต่างที่สอง")
    assert conflict.value.current.text == "จากหน้าต่างแรก"


def test_the_lead_writes_until_publication(case, lead):
    Assessment.objects.filter(pk=case.pk).update(status=Status.CONSENSUS_DONE)
    assert save(case, "pillar:1", by=lead).version == 1
    Assessment.objects.filter(pk=case.pk).update(status=Status.REPORT_ISSUED)
    with pytest.raises(Refused) as refused:
        save(case, "pillar:1", by=lead, version=1, text="สายไป")
    assert refused.value.code == "closed"
    assert section(case, "pillar:1").text == "ข้อความของหัวหน้าทีม"


def test_a_section_that_is_gone_or_never_was_is_refused(case, lead):
    for code in ("ofi:6.4", "ofi:9.9", "closing:1"):
        with pytest.raises(Refused) as refused:
            save(case, code, by=lead)
        assert refused.value.code == "section"


def test_too_long_is_refused_and_not_cut(case, lead):
    with pytest.raises(Refused) as refused:
        save(case, "pillar:1", by=lead, text="ก" * 20_001)
    assert refused.value.code == "too_long"


@pytest.mark.parametrize("who", ["reviewer", "administrator", "coordinator"])
def test_nobody_else_writes(request, case, who):
    with pytest.raises(PermissionDenied):
        save(case, "pillar:1", by=request.getfixturevalue(who))


# --- strengths noted while reading ------------------------------------------------------------


def test_strengths_become_outstanding_work_and_stand_beside_it(reviewer, other, lead, agency, cycle, as_user):
    case = cases.open_case(reviewer, other, lead=lead, agency=agency, cycle=cycle)
    for person, code, pillar in ((reviewer, "1.1.1.1", "2"), (other, "4.2.1.1", "2"), (other, "5.1.1.1", "")):
        marking.save_verdict(
            factories.answer_of(case, code), version=0, judged_version=1, outcome="pass", comment="",
            internal_note="", strength=f"จุดเด่นของ {code}", pillar=pillar, by=person,
        )  # fmt: skip
    for person in (reviewer, other):
        done = [row.answer.part.code for row in Verdict.objects.filter(assignment__reviewer=person)]
        cases.mark_everything(case, by=person, besides=done)
        marking.hand_in(case, by=person)
    pillar = section(case, "pillar:2")
    assert (pillar.text, pillar.sources) == ("จุดเด่นของ 1.1.1.1\n\nจุดเด่นของ 4.2.1.1", ["1.1.1.1", "4.2.1.1"])
    assert section(case, "pillar:1").text == ""
    page = as_user(lead).get(reverse("reviews:feedback", args=[case.pk]))
    assert [(note.code, note.pillar) for note in page.context["strengths"]] == [
        ("1.1.1.1", "ยึดประชาชนเป็นศูนย์กลาง"),
        ("4.2.1.1", "ยึดประชาชนเป็นศูนย์กลาง"),
        ("5.1.1.1", ""),
    ]
    assert str(reviewer) not in page.content.decode()
