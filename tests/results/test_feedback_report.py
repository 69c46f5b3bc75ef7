"""The commands: feedback_report, recompute, check_invariants."""

from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from assessments.models import Answer, Submission
from pmqa.accounts.models import LogEntry
from pmqa.jobs.services import run_queued
from results.models import ResultSheet
from results.publishing import correct
from reviews.models import Consensus, ImportedMark
from tests import factories as base
from tests.results import factories


def command(name: str, **options) -> list[str]:
    out = StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue().splitlines()


def breaches() -> list[str]:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_invariants", stdout=out)
    return out.getvalue().splitlines()


def text_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_without_a_sheet_there_is_one_line_and_no_file(assessment, tmp_path):
    out = tmp_path / "report.pdf"
    with pytest.raises(CommandError) as caught:
        command("feedback_report", agency=assessment.agency.code, out=out)
    assert str(caught.value) == f"{assessment.agency.code}: there is no published result"
    assert caught.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.heavy
def test_it_writes_the_bytes_of_the_stored_report_with_no_worker(db, tmp_path):
    frozen = factories.make_published()
    out = tmp_path / "report.pdf"
    command("feedback_report", agency=frozen.assessment.agency.code, cycle=2570, out=out)
    run_queued()
    with frozen.reports.get().file.open("rb") as file:
        stored = file.read()
    assert out.read_bytes() == stored
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.pdf"]


@pytest.mark.heavy
def test_it_takes_the_latest_cycle_and_the_latest_revision(administrator, tmp_path):
    agency = base.make_agency()
    place = {"by": administrator, "agency": agency}
    earlier = factories.make_published(cycle=factories.make_cycle_of(2569), **place)
    first = factories.make_published(cycle=factories.make_cycle_of(2570), **place)
    Consensus.objects.filter(answer__assessment=first.assessment, outcome="fail").update(outcome="pass")
    second = correct(first.assessment, reason="ผิด", by=administrator)
    out = tmp_path / "report.pdf"
    for year, frozen in ((None, second), (2569, earlier)):
        command("feedback_report", agency=agency.code, cycle=year, out=out)
        # The foot of every page names the sheet by its digest.
        assert frozen.digest[:12] in text_of(out.read_bytes())[1]


@pytest.mark.heavy
def test_a_folder_that_is_not_there_is_one_line(db, tmp_path):
    frozen = factories.make_published()
    with pytest.raises(CommandError, match="No such file or directory"):
        command("feedback_report", agency=frozen.assessment.agency.code, out=tmp_path / "none" / "report.pdf")


@pytest.mark.heavy
def test_a_partial_report_says_so_on_every_page(assessment, tmp_path):
    out = tmp_path / "partial.pdf"
    code = assessment.agency.code
    with pytest.raises(CommandError, match="nothing was imported"):
        command("feedback_report", agency=code, out=out, partial=True)
    answer = base.answer_of(assessment, "1.2.2.1")
    part = answer.part
    Answer.objects.filter(pk=answer.pk).update(
        claim="done", values={part.fields[0]["key"]: "นโยบายป้องกันทุจริตสมมติ"}
    )
    ImportedMark.objects.create(
        answer=answer, outcome="fail", comment="ควรแสดงผล", source="invented.pdf", imported_at=timezone.now()
    )
    command("feedback_report", agency=code, cycle=2570, out=out, partial=True)
    pages = text_of(out.read_bytes())
    assert all("ข้อมูลบางส่วน" in page for page in pages)
    assert "ป้องกันทุจริตสมมติ" in "".join(pages)


def test_what_left_its_agency_without_a_submission_that_stands_is_a_breach(db):
    assessment = factories.make_submitted()
    assert command("check_invariants") == ["no breach"]
    assessment.submissions.update(withdrawn_at=timezone.now())
    assessment.proposals.update(digest="0" * 64)
    without, changed = breaches()
    assert "without a submission that stands" in without
    assert "content and digest differ" in changed


def test_recompute_agrees_with_what_was_frozen_and_changes_nothing(db):
    frozen = factories.make_published()
    before = ResultSheet.objects.values().get()
    assert command("recompute") == ["1 sheets, 0 differ"]
    assert ResultSheet.objects.values().get() == before
    frozen.payload["scores"]["verified"]["categories"][3]["score"] = "500.00"
    ResultSheet.objects.filter(pk=frozen.pk).update(payload=frozen.payload)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("recompute", stdout=out)
    assert "verified 4: ('500.00', 'advance') stored" in out.getvalue()


def test_recompute_names_a_policy_or_edition_that_it_does_not_know(db):
    frozen = factories.make_published()
    for key, value, told in (
        ("policy", {"name": "gone", "version": 1, "parameters": {}}, "unknown 'gone'"),
        ("edition", frozen.payload["edition"] | {"checksum": "0"}, "not stored with the checksum"),
    ):
        ResultSheet.objects.filter(pk=frozen.pk).update(payload=frozen.payload | {key: value})
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("recompute", stdout=out)
        assert told in out.getvalue()


@pytest.mark.heavy
def test_what_the_product_wrote_has_no_breach(administrator):
    frozen = factories.make_published(by=administrator)
    run_queued()
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    correct(frozen.assessment, reason="ผิด", by=administrator)
    assert command("check_invariants") == ["no breach"]


def test_every_breach_is_one_line(administrator):
    frozen = factories.make_published(by=administrator)
    name = default_storage.save("reports/another.pdf", ContentFile(b"%PDF- another"))
    frozen.reports.update(file=name, sha256="0" * 64)
    entry = LogEntry.objects.order_by("pk")[2]
    LogEntry.objects.filter(pk=entry.pk).update(actor_name="ผู้อื่น")
    Submission.objects.update(digest="0" * 64)
    answer = Answer.objects.filter(part__code="1.1.1.1").get()
    Answer.objects.filter(pk=answer.pk).update(values={"unknown": "x"})
    payload = frozen.payload
    payload["trees"]["verified"]["value"] = "1"
    ResultSheet.objects.filter(pk=frozen.pk).update(payload=payload, claimed_total="1.00")
    lost = factories.move(base.make_assessment(cycle=frozen.assessment.cycle), "report_issued")
    lines = breaches()
    for told in (
        f"log entry {entry.pk}: does not follow",
        "content and digest differ",
        "payload and digest differ",
        "claimed total 1.00",
        "verified leaves do not sum",
        f"answer {answer.pk}: part 1.1.1.1 has no field unknown",
        "file and digest differ",
        f"assessment {lost.pk} ({lost}): published without a sheet",
        f"assessment {lost.pk} ({lost}): is report_issued without a submission that stands",
    ):
        assert [line for line in lines if told in line], told
    assert len(lines) == 9


def test_a_lost_file_a_lost_log_end_and_a_lost_revision_are_breaches(administrator):
    frozen = factories.make_published(by=administrator)
    frozen.reports.update(file="reports/gone.pdf", sha256="0" * 64)
    ResultSheet.objects.filter(pk=frozen.pk).update(revision=2)
    last = LogEntry.objects.latest("pk")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_logentry WHERE id = %s", [last.pk])
    lines = breaches()
    assert [line.split(": ", 1)[1] for line in lines] == [
        "its newest entries are gone",
        "revision 1 is missing",
        "its file is gone",
    ]
