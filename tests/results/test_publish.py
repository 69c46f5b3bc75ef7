"""Publishing, correcting, printing: once, whole, and never again from live rows."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from assessments.models import Answer, Assessment, Status
from assessments.snapshot import digest_of
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from pmqa.files import write_whole
from pmqa.jobs.models import Job
from pmqa.jobs.services import run_queued
from results import publishing, sheet
from results.documents import making
from results.models import Report, ResultSheet
from results.payload import content_digest
from reviews.models import Consensus
from tests import factories as base
from tests.results import factories


def actions() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("action", flat=True))


def refusal(code: str):
    return pytest.raises(Refused, check=lambda refused: refused.code == code)


def test_publishing_freezes_the_sheet_moves_on_and_orders_the_report(administrator):
    assessment = factories.make_decided()
    frozen = publishing.publish(assessment, by=administrator)
    frozen.refresh_from_db()
    assert frozen.revision == 1
    assert (str(frozen.verified_total), str(frozen.claimed_total)) == (
        frozen.payload["scores"]["verified"]["total"],
        frozen.payload["scores"]["claimed"]["total"],
    )
    assert frozen.digest == digest_of(frozen.payload)
    assert (frozen.policy_name, frozen.policy_version) == ("pmqa40-2565", 1)
    assert Assessment.objects.get(pk=assessment.pk).status == Status.REPORT_ISSUED
    report = frozen.reports.get()
    assert (report.job.kind, report.job.key) == ("feedback_report", f"report:{frozen.pk}")
    assert (report.job.status, report.file.name) == ("queued", "")
    assert actions()[-3:] == ["assessment.status_changed", "improvement.cards_made", "result.published"]


def test_a_double_click_gives_the_same_sheet(administrator):
    assessment = factories.make_decided()
    first = publishing.publish(assessment, by=administrator)
    second = publishing.publish(assessment, by=administrator)
    assert first == second
    assert (ResultSheet.objects.count(), Report.objects.count(), Job.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("role", ["officer", "auditor", "executive"])
def test_only_an_administrator_publishes(db, role):
    assessment = factories.make_decided()
    with pytest.raises(PermissionDenied):
        publishing.publish(assessment, by=base.make_official(role))
    assert not ResultSheet.objects.exists()


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in ("consensus_done", "finalised", "report_issued")]
)
def test_nothing_is_published_from_another_status(administrator, status):
    assessment = factories.move(factories.make_decided(), status)
    with refusal("move"):
        publishing.publish(assessment, by=administrator)
    assert not ResultSheet.objects.exists()


@pytest.mark.parametrize("code", ["6.1.3.1", "7.6.5"])
def test_every_answer_needs_its_consensus(administrator, code):
    assessment = factories.make_decided()
    Consensus.objects.filter(answer__assessment=assessment, answer__part__code=code).delete()
    with refusal("obstacles") as caught:
        publishing.publish(assessment, by=administrator)
    assert code in str(caught.value)
    assert Assessment.objects.get(pk=assessment.pk).status == Status.CONSENSUS_DONE
    assert "result.published" not in actions()
    assert not Job.objects.exists()


def test_what_was_never_submitted_has_no_score(administrator):
    assessment = factories.make_decided()
    assessment.submissions.all().delete()
    with refusal("obstacles"):
        publishing.publish(assessment, by=administrator)


def test_answers_that_are_not_those_of_the_receipt_are_not_published(administrator):
    assessment = factories.make_decided()
    answer = base.answer_of(assessment, "1.1.1.1")
    Answer.objects.filter(pk=answer.pk).update(claim="not_started")
    with refusal("obstacles"):
        publishing.publish(assessment, by=administrator)


def test_what_is_frozen_is_what_was_shown(administrator):
    assessment = factories.make_decided()
    seen = content_digest(sheet.build(assessment, at=timezone.now()))
    Consensus.objects.filter(answer__part__code="1.1.1.1").update(outcome="fail")
    with refusal("changed"):
        publishing.publish(assessment, by=administrator, seen_digest=seen)
    assert not ResultSheet.objects.exists()


def test_a_correction_is_a_new_revision_and_the_old_one_stays(administrator):
    first = factories.make_published(by=administrator)
    stored = ResultSheet.objects.get(pk=first.pk)
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    second = publishing.correct(first.assessment, reason="พิมพ์ผลของ 4.2.2 ผิด", by=administrator)
    assert (second.revision, second.reason) == (2, "พิมพ์ผลของ 4.2.2 ผิด")
    assert second.verified_total > first.verified_total
    again = ResultSheet.objects.get(pk=first.pk)
    assert (again.payload, again.digest, again.reason) == (stored.payload, stored.digest, "")
    assert second.reports.get().job.key == f"report:{second.pk}"
    assert actions()[-1] == "result.corrected"


def test_a_correction_needs_a_reason_a_difference_and_the_right(administrator, officer):
    frozen = factories.make_published(by=administrator)
    with refusal("unchanged"):
        publishing.correct(frozen.assessment, reason="ลองใหม่", by=administrator)
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    with refusal("reason"):
        publishing.correct(frozen.assessment, reason=" \n", by=administrator)
    with pytest.raises(PermissionDenied):
        publishing.correct(frozen.assessment, reason="ผิด", by=officer)
    assert ResultSheet.objects.count() == 1


def test_the_job_prints_the_report_and_tells_how_far_it_is(administrator):
    frozen = factories.make_published(by=administrator)
    steps = []
    making.render_report(frozen.reports.get(), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(step, 4) for step in (1, 2, 3, 4)]
    report = frozen.reports.get()
    with report.file.open("rb") as file:
        content = file.read()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert report.rendered_at is not None
    assert report.file.name == f"reports/2570/{frozen.payload['agency']['code']}-r1-{frozen.digest[:12]}.pdf"
    assert default_storage.listdir("reports/2570")[1] == [report.file.name.rsplit("/", 1)[1]]
    assert actions()[-1] == "report.rendered"


@pytest.mark.heavy
def test_printing_again_does_no_harm_and_gives_the_same_bytes(administrator):
    frozen = factories.make_published(by=administrator)
    run_queued()
    report = frozen.reports.select_related("job").get()
    assert (report.job.status, report.job.progress, report.job.total) == ("done", 4, 4)
    making.render_report(report)
    assert Report.objects.get(pk=report.pk).rendered_at == report.rendered_at
    default_storage.delete(report.file.name)
    making.render_report(report)
    again = Report.objects.get(pk=report.pk)
    assert (again.sha256, again.file.name) == (report.sha256, report.file.name)


def test_retry_orders_only_what_failed_or_is_gone(administrator):
    frozen = factories.make_published(by=administrator)
    report = frozen.reports.get()
    making.retry_report(report, by=administrator)
    assert Job.objects.count() == 1
    Job.objects.update(status=Job.Status.FAILED)
    making.retry_report(report, by=administrator)
    assert list(Job.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "queued"]
    Job.objects.update(status=Job.Status.DONE)
    name = default_storage.save("reports/there.pdf", ContentFile(b"%PDF-"))
    Report.objects.update(file=name)
    making.retry_report(report, by=administrator)
    assert Job.objects.count() == 2
    default_storage.delete(name)
    making.retry_report(report, by=administrator)
    assert Job.objects.count() == 3
    with pytest.raises(PermissionDenied):
        making.retry_report(report, by=base.make_official("executive"))


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    target = tmp_path / "report.pdf"
    write_whole(target, b"old", mode=0o640)
    with pytest.raises(TypeError):
        write_whole(target, "text is no bytes")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]
    write_whole(target, b"new", mode=0o640)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
