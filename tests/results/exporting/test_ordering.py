"""Files of a cycle: who orders them, that an order is made once, whole or not at all, and for how long it is kept."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from pmqa.jobs.services import run
from results.exporting import making, ordering
from results.exporting.models import Export
from tests import factories
from tests.results.exporting import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cycle):
    return builders.issue(cycle)


def logged(action: str) -> list[dict]:
    return list(LogEntry.objects.filter(action=action).order_by("pk").values_list("data", flat=True))


def test_the_same_order_is_one_file_however_often_it_is_asked_for(cycle, sheet, administrator):
    auditor = factories.make_official("auditor")
    first = builders.order(cycle, "csv", by=administrator, tables=["scores", "agencies"])
    again = builders.order(cycle, "csv", by=auditor, tables=["agencies", "scores"])
    run(first.job_id)
    later = builders.order(cycle, "csv", by=auditor, tables=["scores", "agencies"])
    assert first == again == later
    assert (Export.objects.count(), Job.objects.count(), len(logged("export.made"))) == (1, 1, 1)
    assert later.ordered_by == administrator
    assert [entry["is_new"] for entry in logged("export.ordered")] == [True, False, False]
    other = builders.order(cycle, "csv", by=auditor, tables=["scores"])
    assert other != first


def test_a_result_that_is_corrected_is_another_file(cycle, sheet, administrator):
    before = builders.made(cycle, "json", by=administrator)
    payload = sheet.payload | {"agency": sheet.payload["agency"] | {"name": "ชื่อที่แก้แล้ว"}}
    builders.freeze(sheet.assessment, payload, revision=2)
    after = builders.made(cycle, "json", by=administrator)
    assert after != before
    rows = [builders.tables_of("json", builders.content(made))["agencies"] for made in (before, after)]
    assert [[(row["revision"], row["agency_name"]) for row in table] for table in rows] == [
        [("1", sheet.payload["agency"]["name"])],
        [("2", "ชื่อที่แก้แล้ว")],
    ]


def test_only_published_results_are_in_it_in_the_order_of_codes(cycle, administrator):
    for code in ("B-2", "A-1", "C-3"):
        builders.issue(cycle, agency=factories.make_agency(code=code))
    factories.make_assessment(cycle=cycle)
    made = builders.made(cycle, "csv", by=administrator, tables=["agencies"])
    codes = [row["agency_code"] for row in builders.tables_of("csv", builders.content(made))["agencies"]]
    assert codes == ["A-1", "B-2", "C-3"]


def test_nothing_published_is_refused_and_so_is_everybody_else(cycle, administrator, officer):
    with pytest.raises(Refused) as refusal:
        builders.order(cycle, "xlsx", by=administrator)
    assert refusal.value.code == "none"
    builders.issue(cycle)
    with pytest.raises(PermissionDenied):
        builders.order(cycle, "xlsx", by=officer)
    assert not Export.objects.exists()


def test_orders_and_downloads_are_in_the_log(cycle, sheet, administrator, as_user):
    made = builders.made(cycle, "xlsx", by=administrator)
    reply = as_user(administrator).get(reverse("results:export_file", args=[cycle.pk, made.pk]))
    assert b"".join(reply.streaming_content) == builders.content(made)
    assert reply["Content-Disposition"].startswith("attachment")
    assert [entry["results"] for entry in logged("export.ordered")] == [1]
    assert [entry["sha256"] for entry in logged("export.made")] == [made.sha256]
    assert [entry["sha256"] for entry in logged("export.downloaded")] == [made.sha256]


def test_a_file_whose_making_fails_is_not_there_and_leaves_nothing(cycle, sheet, administrator):
    ordered = builders.order(cycle, "xlsx", by=administrator)

    def dies(done: int, total: int) -> None:
        if done == total:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        making.make(ordered.pk, progress=dies)
    ordered.refresh_from_db()
    assert (ordered.file.name, ordered.sha256) == ("", "")
    assert default_storage.listdir(ordering.folder_of(ordered.pk)) == ([], [])


def test_a_file_that_is_gone_is_made_again_on_order(cycle, sheet, administrator):
    made = builders.made(cycle, "csv", by=administrator)
    default_storage.delete(made.file.name)
    assert Export.objects.get(pk=made.pk).state.state == "gone"
    again = builders.made(cycle, "csv", by=administrator)
    assert (again.pk, again.sha256, again.state.is_ready) == (made.pk, made.sha256, True)


def test_what_has_expired_is_cleared_away_and_the_rest_stays(cycle, sheet, administrator):
    old, kept = (builders.made(cycle, form, by=administrator) for form in ("csv", "json"))
    Export.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ordering.clear_expired() == 1
    assert list(Export.objects.all()) == [kept]
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(kept.file.name)
    # A job that comes late finds nothing to do.
    run(builders.order(cycle, "csv", by=administrator).job_id)


def test_an_order_keeps_a_file_for_longer(cycle, sheet, administrator):
    made = builders.made(cycle, "csv", by=administrator)
    Export.objects.update(expires_at=timezone.now() + timedelta(days=1))
    builders.order(cycle, "csv", by=administrator)
    made.refresh_from_db()
    assert made.expires_at - timezone.now() > timedelta(days=29)


# --- the page -------------------------------------------------------------------------------------


def page_of(client, cycle, **data):
    url = reverse("results:exports", args=[cycle.pk])
    return client.post(url, data) if data else client.get(url)


def test_ordering_on_the_page_leads_to_the_file(cycle, sheet, administrator, as_user):
    client = as_user(administrator)
    reply = page_of(client, cycle, kind="tables", tables=["scores"], form="json")
    made = Export.objects.get()
    assert reply.url.endswith(f"?made={made.pk}")
    waiting = client.get(reply.url).content.decode()
    status = reverse("results:export_status", args=[cycle.pk, made.pk])
    # Once for the box above, and not again in the list below.
    assert waiting.count(f'data-report-status="{status}"') == 1
    assert client.get(reverse("results:export_file", args=[cycle.pk, made.pk])).status_code == 404
    assert client.get(status).json()["state"] == "queued"
    run(made.job_id)
    ready = client.get(status).json()
    assert ready["state"] == "ready"
    assert reverse("results:export_file", args=[cycle.pk, made.pk]) in ready["html"]


def test_all_reports_are_ordered_with_one_press(cycle, sheet, administrator, as_user):
    page_of(as_user(administrator), cycle, kind="reports")
    made = Export.objects.get()
    assert (made.kind, made.form, made.tables, made.sheets) == ("reports", "zip", [], [sheet.pk])


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"kind": "tables", "form": "csv"}, "เลือกอย่างน้อยหนึ่งตาราง"),
        ({"kind": "tables", "tables": ["scores"]}, "เลือกรูปแบบของไฟล์"),
        ({"kind": "tables", "tables": ["users"], "form": "csv"}, "users"),
    ],
)
def test_a_choice_that_means_nothing_is_said(cycle, sheet, administrator, as_user, posted, said):
    reply = page_of(as_user(administrator), cycle, **posted)
    assert (reply.status_code, Export.objects.count()) == (422, 0)
    assert said in reply.content.decode()


def test_a_file_of_another_cycle_is_not_there(cycle, sheet, administrator, as_user):
    made = builders.made(cycle, "csv", by=administrator)
    other = factories.make_cycle(year=cycle.year + 1)
    reply = as_user(administrator).get(reverse("results:export_file", args=[other.pk, made.pk]))
    assert reply.status_code == 404


def test_the_own_workbook_of_an_agency_is_a_download_in_the_log(cycle, sheet, as_user):
    member = factories.make_member(sheet.assessment.agency, "viewer")
    reply = as_user(member).get(reverse("results:result_xlsx", args=[sheet.assessment_id]))
    assert zipfile.is_zipfile(BytesIO(reply.content))
    assert [entry["format"] for entry in logged("result.downloaded")] == ["xlsx"]
