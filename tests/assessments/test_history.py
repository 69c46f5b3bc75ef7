"""The history of an answer: nothing that was stored is ever lost, and everything can be brought back."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Assessment, Status
from assessments.services import answers, indicators
from criteria.fields import MAX_LENGTH
from pmqa.accounts.models import LogEntry
from tests import factories

PART, KEY = "1.1.2.1", "detail"
FIRST = "ส่วนราชการมีการบริหารจัดการข้อมูลด้วยระบบดิจิทัล"
SECOND = FIRST.replace("การบริหารจัดการ", "การพัฒนาคุณภาพ")


def history_of(assessment: Assessment, code: str = PART) -> str:
    return reverse("assessments:part_history", args=[assessment.pk, code])


def write(assessment, by, text, *, claim="started", minutes_ago=0) -> Answer:
    answer = factories.answer_of(assessment, PART)
    with time_machine.travel(timezone.now() - timedelta(minutes=minutes_ago), tick=False):
        return answers.save_answer(
            answer, version=answer.version, claim=claim, values={KEY: text}, category="1", by=by
        )


def texts(assessment, code: str = PART) -> list[str]:
    """What the history holds, newest first."""
    revisions = AnswerRevision.objects.filter(answer__assessment=assessment, answer__part__code=code)
    return [revision.content["values"].get(KEY, "") for revision in revisions]


def restoring(answer: Answer, revision: AnswerRevision, version: int | None = None) -> tuple[str, dict]:
    url = reverse("assessments:restore_version", args=[answer.assessment_id, answer.pk])
    return url, {"revision": revision.pk, "version": answer.version if version is None else version}


@pytest.fixture
def owner(agency):
    return factories.make_member(agency, "owner", categories=["1"])


# --- what is kept -----------------------------------------------------------------------------


def test_typing_on_is_one_version_and_another_person_begins_another(assessment, coordinator, owner):
    for text in ("ก", "กข", "กขค"):
        write(assessment, coordinator, text)
    write(assessment, owner, "กขคง")
    assert texts(assessment) == ["กขคง", "กขค"]


def test_what_goes_by_a_slip_within_a_sitting_is_still_there(assessment, coordinator):
    long = "ข้อความยาวที่พิมพ์มาทั้งเช้า " * 20
    write(assessment, coordinator, long)
    write(assessment, coordinator, "")
    assert texts(assessment) == ["", long]


def test_an_answer_that_came_without_a_history_is_kept_before_it_is_changed(agency, cycle, coordinator):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    imported = factories.answer_of(assessment, PART).values[KEY]
    write(assessment, coordinator, "ใหม่")
    write(assessment, coordinator, "ใหม่กว่า")
    assert texts(assessment) == ["ใหม่กว่า", imported]


def test_removing_an_indicator_is_in_its_history(assessment, coordinator, as_user):
    answer = indicators.add_indicator(assessment, "7.1.1", by=coordinator).answer
    indicators.remove_indicator(answer, version=0, category="7", by=coordinator)
    url = reverse("assessments:indicator_history", args=[assessment.pk, answer.pk])
    assert "ลบออกจากแบบฟอร์มแล้ว" in as_user(coordinator).get(url).content.decode()


# --- what is shown ----------------------------------------------------------------------------


def test_the_page_marks_whole_words_for_eyes_and_ears(assessment, coordinator, owner, as_user):
    write(assessment, coordinator, FIRST)
    write(assessment, owner, SECOND, claim="done")
    page = as_user(coordinator).get(history_of(assessment)).content.decode()
    assert '<del><span class="visually-hidden">[ตัดออก] </span>การบริหารจัดการ<' in page
    assert '<ins><span class="visually-hidden">[เพิ่ม] </span>การพัฒนาคุณภาพ<' in page
    assert "อยู่ระหว่างเริ่มดำเนินการ" in page
    assert str(owner) in page


def test_any_version_is_compared_with_the_one_before_or_with_now(assessment, coordinator, as_user):
    for number, text in enumerate(("คำตอบแรก", "คำตอบที่สอง", "คำตอบที่สาม")):
        write(assessment, coordinator, text, minutes_ago=60 - 20 * number)
    first = AnswerRevision.objects.last()
    client = as_user(coordinator)
    before = client.get(history_of(assessment), {"at": first.pk}).context["history"]
    now = client.get(history_of(assessment), {"at": first.pk, "against": "now"}).context["history"]
    assert [piece.kind for piece in before.changes[-1].pieces] == ["new"]
    assert before.chosen.number == 1
    assert {piece.text for piece in now.changes[-1].pieces if piece.kind == "new"} == {"ที่สาม"}


def test_what_was_typed_cannot_become_markup(assessment, coordinator, as_user):
    write(assessment, coordinator, "<script>alert(1)</script>", minutes_ago=30)
    write(assessment, coordinator, "<img src=x onerror=alert(2)>")
    page = as_user(coordinator).get(history_of(assessment)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_long_history_is_paged_and_needs_no_more_queries(assessment, coordinator, as_user):
    answer = factories.answer_of(assessment, PART)
    now = timezone.now()
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            version=number,
            content={"claim": "", "values": {KEY: f"ฉบับ {number}"}},
            saved_at=now,
        )
        for number in range(1, 60)
    )
    client = as_user(coordinator)
    client.get(history_of(assessment))
    oldest = AnswerRevision.objects.last()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        history = client.get(history_of(assessment), {"at": oldest.pk}).context["history"]
    assert len(queries) <= 12
    assert (history.page.number, history.chosen.number, len(history.versions)) == (3, 1, 19)


@pytest.mark.parametrize("query", [{"at": "999999"}, {"at": "x"}, {"page": "-4"}, {"at": "9" * 30}])
def test_addresses_made_by_hand_do_no_harm(assessment, coordinator, as_user, query):
    write(assessment, coordinator, FIRST)
    assert as_user(coordinator).get(history_of(assessment), query).status_code == 200
    assert as_user(coordinator).get(history_of(assessment, "9.9.9.9")).status_code == 404


def test_an_answer_at_its_limit_rewritten_wholly_is_shown_in_time(assessment, coordinator, as_user):
    full = [
        (words * MAX_LENGTH)[:MAX_LENGTH] for words in (FIRST + " ", "หน่วยงานพัฒนากระบวนการให้บริการร่วมกับภาคี ")
    ]
    write(assessment, coordinator, full[0], minutes_ago=30)
    write(assessment, coordinator, full[1])
    client = as_user(coordinator)
    client.get(history_of(assessment))
    start = time.process_time()
    assert client.get(history_of(assessment)).status_code == 200
    assert time.process_time() - start < 3


# --- bringing back ----------------------------------------------------------------------------


def test_an_old_version_comes_back_as_a_new_one_and_nothing_goes(assessment, coordinator, as_user):
    write(assessment, coordinator, FIRST, minutes_ago=30)
    answer = write(assessment, coordinator, SECOND, claim="done")
    old = AnswerRevision.objects.last()
    url, data = restoring(answer, old)
    assert as_user(coordinator).post(url, data).headers["Location"] == history_of(assessment)
    stored = factories.answer_of(assessment, PART)
    assert (stored.values, stored.claim) == ({KEY: FIRST}, "started")
    assert texts(assessment) == [FIRST, SECOND, FIRST]
    assert AnswerRevision.objects.first().restored_from == old
    assert LogEntry.objects.get(action="answer.restored").data == {"revision": old.pk, "version": 3}


def test_typing_after_it_leaves_the_restored_version_in_the_history(assessment, coordinator, as_user):
    write(assessment, coordinator, FIRST, minutes_ago=30)
    answer = write(assessment, coordinator, SECOND)
    as_user(coordinator).post(*restoring(answer, AnswerRevision.objects.last()))
    write(assessment, coordinator, FIRST + "ต่อ")
    assert texts(assessment) == [FIRST + "ต่อ", FIRST, SECOND, FIRST]


def test_two_clicks_restore_once(assessment, coordinator, as_user):
    write(assessment, coordinator, FIRST, minutes_ago=30)
    answer = write(assessment, coordinator, SECOND)
    client, call = as_user(coordinator), restoring(answer, AnswerRevision.objects.last())
    assert [client.post(*call).status_code for _ in range(2)] == [302, 302]
    assert len(texts(assessment)) == 3


def test_who_saved_meanwhile_is_shown_beside_the_old_version(assessment, coordinator, owner, as_user):
    write(assessment, coordinator, FIRST, minutes_ago=30)
    seen = write(assessment, coordinator, SECOND)
    write(assessment, owner, "ของเพื่อนร่วมงาน")
    response = as_user(coordinator).post(*restoring(seen, AnswerRevision.objects.last(), seen.version))
    page = response.content.decode()
    assert response.status_code == 409
    assert "ของเพื่อนร่วมงาน" in page
    assert str(owner) in page
    assert factories.answer_of(assessment, PART).values == {KEY: "ของเพื่อนร่วมงาน"}
    data = {"version": 3, "keep": "mine", f"mine-{KEY}": FIRST, "mine-claim": "started"}
    as_user(coordinator).post(reverse("assessments:save_part", args=[assessment.pk, PART]), data)
    assert factories.answer_of(assessment, PART).values == {KEY: FIRST}


def test_what_comes_back_is_cleaned_like_anything_typed(assessment, coordinator, as_user):
    answer = write(assessment, coordinator, SECOND)
    dirty = AnswerRevision.objects.create(
        answer=answer,
        version=0,
        content={"claim": "started", "values": {KEY: "เเก้\u200bไข\r\n", "unknown": "x"}},
        saved_at=timezone.now(),
    )
    as_user(coordinator).post(*restoring(answer, dirty))
    assert factories.answer_of(assessment, PART).values == {KEY: "แก้ไข\n"}


def test_what_the_form_refuses_does_not_come_back(assessment, coordinator, as_user):
    answer = write(assessment, coordinator, SECOND)
    long = AnswerRevision.objects.create(
        answer=answer,
        version=0,
        content={"claim": "", "values": {KEY: "ก" * 20_001}},
        saved_at=timezone.now(),
    )
    response = as_user(coordinator).post(*restoring(answer, long), follow=True)
    assert "รับได้ 20,000 อักษร" in response.content.decode()
    assert factories.answer_of(assessment, PART).values == {KEY: SECOND}


def test_an_empty_version_empties_the_blanks(assessment, coordinator, as_user):
    answer = write(assessment, coordinator, SECOND)
    empty = AnswerRevision.objects.create(
        answer=answer, version=0, content={"claim": "", "values": {}}, saved_at=timezone.now()
    )
    as_user(coordinator).post(*restoring(answer, empty))
    stored = factories.answer_of(assessment, PART)
    assert (stored.claim, stored.values) == ("", {})


def test_rows_of_the_profile_come_back(assessment, coordinator, as_user):
    answer = factories.answer_of(assessment, "OP1.mission")
    for values in ({"mission": ["พันธกิจหนึ่ง", "พันธกิจสอง"]}, {"mission": ["อื่น"]}):
        key = answer.part.fields[0]["key"]
        answer = answers.save_answer(
            answer,
            version=answer.version,
            claim="",
            values={key: values["mission"]},
            category="OP",
            by=coordinator,
        )
        AnswerRevision.objects.update(saved_at=timezone.now() - timedelta(hours=1))
        answer = factories.answer_of(assessment, "OP1.mission")
    as_user(coordinator).post(*restoring(answer, AnswerRevision.objects.last()))
    assert factories.answer_of(assessment, "OP1.mission").values == {key: ["พันธกิจหนึ่ง", "พันธกิจสอง"]}


def test_figures_come_back_and_so_does_a_removed_indicator(assessment, coordinator, as_user):
    answer = indicators.add_indicator(assessment, "7.1.1", by=coordinator).answer
    figures = {name: getattr(answer.indicator, name) for name in indicators.FIGURES}
    answer = indicators.save_indicator(
        answer,
        version=0,
        category="7",
        by=coordinator,
        **figures | {"name": "ตัวชี้วัดเดิม", "target": Decimal("1234.5"), "direction": "lower_is_better"},
    )
    AnswerRevision.objects.update(saved_at=timezone.now() - timedelta(hours=1))
    answer = indicators.remove_indicator(answer, version=1, category="7", by=coordinator)
    client = as_user(coordinator)
    url = reverse("assessments:indicator_history", args=[assessment.pk, answer.pk])
    assert "คืนฉบับนี้" in client.get(url, {"at": AnswerRevision.objects.last().pk}).content.decode()
    client.post(*restoring(answer, AnswerRevision.objects.last()))
    stored = Answer.objects.select_related("indicator").get(pk=answer.pk)
    assert stored.removed_at is None
    assert (stored.indicator.name, stored.indicator.target) == ("ตัวชี้วัดเดิม", Decimal("1234.5"))
    assert stored.indicator.direction == "lower_is_better"


def test_nothing_is_restored_into_what_was_submitted(assessment, coordinator, as_user):
    write(assessment, coordinator, FIRST, minutes_ago=30)
    answer = write(assessment, coordinator, SECOND)
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.SUBMITTED)
    client, old = as_user(coordinator), AnswerRevision.objects.last()
    assert client.post(*restoring(answer, old)).status_code == 403
    assert "คืนฉบับนี้" not in client.get(history_of(assessment), {"at": old.pk}).content.decode()
    assert factories.answer_of(assessment, PART).values == {KEY: SECOND}


def test_the_version_of_another_answer_is_not_there(assessment, coordinator, as_user):
    answer = write(assessment, coordinator, FIRST)
    other = factories.answer_of(assessment, "1.1.1.1")
    assert (
        as_user(coordinator).post(*restoring(other, AnswerRevision.objects.get(answer=answer))).status_code
        == 404
    )


def test_the_newest_version_is_called_current_only_where_it_is(assessment, coordinator, as_user):
    answer = write(assessment, coordinator, FIRST)
    client = as_user(coordinator)
    assert client.get(history_of(assessment)).context["history"].is_latest
    Answer.objects.filter(pk=answer.pk).update(values={KEY: "มาทางอื่น"})
    history = client.get(history_of(assessment)).context["history"]
    assert (history.is_latest, history.can_be_restored) == (False, True)
