"""Ordering a printed form: once for one content, of a draft or of what was frozen, and cleared away in time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Answer, Print, Status
from assessments.paper.content import Wanted
from assessments.paper.printing import paper_of
from assessments.services import printing
from assessments.tasks import clear_prints
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from pmqa.jobs.services import run_queued
from reviews.services.assigning import send_back
from tests import factories

pytestmark = pytest.mark.django_db

PROFILE = Wanted("profile")


@pytest.fixture
def submitted(agency, cycle, head):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    factories.hand_over(assessment, by=head)
    assessment.refresh_from_db()
    return assessment


def order(assessment, by, wanted=PROFILE, submission=None) -> Print:
    return printing.order(assessment, wanted, submission=submission, by=by)


def change(assessment, text: str) -> None:
    answer = factories.answer_of(assessment, "OP1.vision")
    Answer.objects.filter(pk=answer.pk).update(values={"vision": text})


def store(row: Print) -> str:
    name = default_storage.save("prints/there.pdf", ContentFile(b"%PDF-"))
    Print.objects.filter(pk=row.pk).update(file=name)
    return name


# --- once -------------------------------------------------------------------------------------


def test_one_content_is_ordered_once(assessment, coordinator):
    first = order(assessment, coordinator)
    assert order(assessment, factories.make_member(assessment.agency, "viewer")) == first
    assert Job.objects.get().key == f"print:{first.pk}"
    assert order(assessment, coordinator, Wanted("profile", thai_digits=True)) != first
    change(assessment, "วิสัยทัศน์สมมติ")
    assert order(assessment, coordinator) != first
    change(assessment, "")
    assert Print.objects.count() == 3


def test_one_content_is_rendered_once(assessment, coordinator):
    row = order(assessment, coordinator)
    run_queued()
    made = Print.objects.get(pk=row.pk)
    assert (made.state.state, made.job.progress, made.job.total) == ("ready", 4, 4)
    with made.file.open("rb") as file:
        assert file.read(5) == b"%PDF-"
    default_storage.delete(made.file.name)
    default_storage.save(made.file.name, ContentFile(b"as it was"))
    assert order(assessment, coordinator) == row
    printing.make(row.pk, progress=lambda *step: pytest.fail("printed again"))
    assert Job.objects.count() == 1


def test_what_failed_or_is_gone_is_ordered_again(assessment, coordinator):
    row = order(assessment, coordinator)
    Job.objects.update(status=Job.Status.FAILED)
    assert order(assessment, coordinator) == row
    assert list(Job.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "queued"]
    Job.objects.update(status=Job.Status.DONE)
    name = store(row)
    order(assessment, coordinator)
    assert Job.objects.count() == 2
    default_storage.delete(name)
    order(assessment, coordinator)
    assert Job.objects.count() == 3


def test_the_database_holds_one_print_of_one_content(assessment, coordinator, head):
    row = order(assessment, coordinator)
    twin = Print.objects.get(pk=row.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_one_assessment_does_not_fill_the_queue(assessment, coordinator):
    for category in "12345":
        order(assessment, coordinator, Wanted("form3", category))
    with pytest.raises(Refused) as caught:
        order(assessment, coordinator)
    assert caught.value.code == "waiting"
    assert Print.objects.count() == printing.MAX_WAITING
    Job.objects.update(status=Job.Status.DONE)
    assert order(assessment, coordinator)


# --- time for long texts ---


def test_the_time_a_print_may_take_follows_its_text(assessment, coordinator):
    change(assessment, "ก" * 1_000_000)
    short = order(assessment, coordinator, Wanted("form3", "1"))
    long = order(assessment, coordinator)
    assert short.job.seconds == printing.LEAST_SECONDS
    assert long.job.seconds == printing.LEAST_SECONDS + printing.SECONDS_PER_MILLION
    assert (short.is_long, long.is_long) == (False, True)


def test_more_than_one_document_takes_is_said_at_once(assessment, coordinator):
    change(assessment, "ก" * 9_000_000)
    with pytest.raises(Refused) as caught:
        order(assessment, coordinator)
    assert caught.value.code == "long"
    assert order(assessment, coordinator, Wanted("form3"))
    assert printing.seconds_for(235 * 20_000) < printing.MOST_SECONDS, "every blank at its limit is printed"


# --- draft and frozen -------------------------------------------------------------------------


def test_a_draft_is_printed_as_it_was_when_it_was_ordered(assessment, coordinator):
    change(assessment, "วิสัยทัศน์เดิม")
    row = order(assessment, coordinator)
    change(assessment, "วิสัยทัศน์ใหม่")
    paper = paper_of(Print.objects.get(pk=row.pk))
    values = [blank.value for topic in paper.forms[0].categories[0].topics for blank in topic.questions]
    assert "วิสัยทัศน์เดิม" in values
    assert paper.sent is None
    assert row.digest != order(assessment, coordinator).digest


def test_a_submission_is_printed_from_what_was_frozen(submitted, head, officer):
    """Also after it came back and was changed: number, time, sender and digest are those of the receipt."""
    frozen = submitted.submissions.get()
    send_back(submitted, "แนบเอกสารให้ครบ", by=officer)
    change(submitted, "วิสัยทัศน์ที่แก้แล้ว")
    paper = paper_of(order(submitted, head, submission=frozen))
    assert paper.digest == frozen.digest
    assert (paper.sent.number, paper.sent.by, paper.sent.at) == (1, str(head), frozen.submitted_at)
    values = [blank.value for topic in paper.forms[0].categories[0].topics for blank in topic.questions]
    assert "ข้อความสมมติของ OP1.vision vision" in values
    assert order(submitted, head).submission is None


def test_what_was_submitted_has_no_draft(submitted, head):
    with pytest.raises(Refused) as caught:
        order(submitted, head)
    assert caught.value.code == "no_draft"
    assert not Print.objects.exists()


def test_who_may_not_read_may_not_print(submitted, administrator, officer):
    for person in (factories.make_user(), administrator):
        with pytest.raises(PermissionDenied):
            order(submitted, person, submission=submitted.submissions.get())
    assert not Print.objects.exists()
    assert order(submitted, officer, submission=submitted.submissions.get())


# --- clearing away ----------------------------------------------------------------------------


def test_old_drafts_are_cleared_away_and_frozen_ones_stay(submitted, cycle, head):
    draft = factories.make_assessment(cycle=cycle)
    coordinator = factories.make_member(draft.agency, "coordinator")
    old, young = order(draft, coordinator), order(draft, coordinator, Wanted("form4"))
    kept = order(submitted, head, submission=submitted.submissions.get())
    name = store(old)
    long_ago = timezone.now() - timedelta(hours=25)
    Print.objects.filter(pk__in=[old.pk, kept.pk]).update(ordered_at=long_ago)
    clear_prints()
    assert set(Print.objects.all()) == {young, kept}
    assert not default_storage.exists(name)
    # A worker that comes too late prints nothing.
    printing.make(old.pk, progress=lambda *step: pytest.fail("printed a row that is gone"))


# --- pages ------------------------------------------------------------------------------------


def page(client, assessment, query="") -> str:
    return client.get(f"/assessments/{assessment.pk}/print/{query}").content.decode()


def test_the_way_from_the_choice_to_the_file(as_user, coordinator, assessment):
    client = as_user(coordinator)
    assert "ยังไม่มี เลือกเอกสารด้านบน" in page(client, assessment)
    data = {"what": "form3:2", "source": "draft", "digits": "thai"}
    answer = client.post(f"/assessments/{assessment.pk}/print/", data)
    row = Print.objects.get()
    assert (row.form, row.category, row.thai_digits, row.ordered_by) == ("form3", "2", True, coordinator)
    assert answer.headers["Location"] == f"/assessments/{assessment.pk}/print/?made={row.pk}"
    waiting = client.get(answer.headers["Location"]).content.decode()
    assert "เอกสารอยู่ในคิว" in waiting
    # Whoever goes on printing goes on from this choice.
    assert 'value="form3:2" checked' in waiting
    assert client.get(f"/assessments/{assessment.pk}/print/{row.pk}/form.pdf").status_code == 404
    store(row)
    status = client.get(f"/assessments/{assessment.pk}/print/{row.pk}/status/").json()
    assert status["state"] == "ready"
    assert f"/print/{row.pk}/form.pdf" in status["html"]
    download = client.get(f"/assessments/{assessment.pk}/print/{row.pk}/form.pdf")
    assert b"".join(download.streaming_content) == b"%PDF-"
    assert "attachment" in download.headers["Content-Disposition"]
    entry = LogEntry.objects.get(action="assessment.downloaded")
    assert entry.data == {"file": "pdf", "form": "form32", "number": 0, "digest": row.digest}


@pytest.mark.parametrize(
    "data",
    [
        {"what": "form5", "source": "draft", "digits": "thai"},
        {"what": "form3:7", "source": "draft", "digits": "thai"},
        {"what": "form4", "source": "1", "digits": "thai"},
        {"what": "form4", "source": "draft"},
    ],
)
def test_what_is_not_offered_is_not_ordered(as_user, coordinator, assessment, data):
    answer = as_user(coordinator).post(f"/assessments/{assessment.pk}/print/", data)
    assert answer.status_code == 422
    assert 'class="error-text"' in answer.content.decode()
    assert not Print.objects.exists()


def test_a_refusal_says_what_to_do(as_user, coordinator, assessment):
    for category in "12345":
        order(assessment, coordinator, Wanted("form3", category))
    data = {"what": "form4", "source": "draft", "digits": "arabic"}
    answer = as_user(coordinator).post(f"/assessments/{assessment.pk}/print/", data)
    assert answer.status_code == 409
    assert "รอให้เสร็จก่อน" in answer.content.decode()


def test_after_submission_only_what_was_frozen_is_offered(as_user, coordinator, submitted):
    text = page(as_user(coordinator), submitted)
    assert "ฉบับร่างขณะนี้" not in text
    assert 'value="1" checked' in text
    assert "ส่งแบบประเมินแล้ว จึงพิมพ์จากฉบับที่ส่ง" in text


def test_a_draft_on_paper_is_not_shown_once_it_was_submitted(as_user, coordinator, officer, submitted):
    """What stood in a draft is the agency's own; the officer reads what was submitted."""
    type(submitted).objects.filter(pk=submitted.pk).update(status=Status.DRAFTING)
    submitted.refresh_from_db()
    row = order(submitted, coordinator)
    store(row)
    type(submitted).objects.filter(pk=submitted.pk).update(status=Status.SUBMITTED)
    for person in (officer, coordinator):
        client = as_user(person)
        assert f"/print/{row.pk}/" not in page(client, submitted)
        for end in ("form.pdf", "status/"):
            assert client.get(f"/assessments/{submitted.pk}/print/{row.pk}/{end}").status_code == 404


def test_a_print_is_found_at_its_own_assessment_only(as_user, coordinator, assessment, cycle):
    other = factories.make_assessment(cycle=cycle)
    row = order(other, factories.make_member(other.agency, "coordinator"))
    store(row)
    client = as_user(coordinator)
    assert client.get(f"/assessments/{other.pk}/print/{row.pk}/form.pdf").status_code == 404
    assert client.get(f"/assessments/{assessment.pk}/print/{row.pk}/form.pdf").status_code == 404
    assert client.get(f"/assessments/{assessment.pk}/print/?made={row.pk}").status_code == 200


def test_a_print_that_is_found_again_is_shown_however_old_it_is(as_user, head, submitted):
    frozen = submitted.submissions.get()
    old = order(submitted, head, submission=frozen)
    store(old)
    Print.objects.update(ordered_at=timezone.now() - timedelta(days=90))
    for thai_digits in (False, True):
        for category in ("", "1", "2", "3", "4", "5", "6"):
            wanted = {"form": "form3", "category": category, "thai_digits": thai_digits}
            factories.make_print(submitted, **wanted)
    client = as_user(head)
    link = f"/print/{old.pk}/form.pdf"
    assert link not in page(client, submitted)
    data = {"what": "profile", "source": "1", "digits": "arabic"}
    answer = client.post(f"/assessments/{submitted.pk}/print/", data)
    assert link in client.get(answer.headers["Location"]).content.decode()
    for nonsense in ("x", "9" * 40, "-1"):
        assert client.get(f"/assessments/{submitted.pk}/print/?made={nonsense}").status_code == 200


def test_a_failed_print_says_so_and_can_be_ordered_again(as_user, coordinator, assessment):
    row = order(assessment, coordinator)
    Job.objects.update(status=Job.Status.FAILED)
    client = as_user(coordinator)
    assert "จัดทำเอกสารไม่สำเร็จ" in page(client, assessment, f"?made={row.pk}")
    assert "ไม่สำเร็จ สั่งใหม่ได้" in page(client, assessment)
