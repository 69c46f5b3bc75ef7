"""Documents that are made on request, and those of earlier editions."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from pmqa.accounts.models import LogEntry
from pmqa.jobs.models import Job
from pmqa.jobs.services import run
from results import publishing
from results.documents import making
from results.models import Report
from reviews.models import Consensus
from tests import factories as base
from tests.results import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return base.make_official("administrator")


@pytest.fixture
def frozen(administrator):
    return factories.make_published(by=administrator)


@pytest.mark.parametrize("kind", ["deck", "minister"])
def test_a_document_is_ordered_once_made_and_kept(frozen, administrator, as_user, kind):
    client = as_user(administrator)
    address = f"/results/{frozen.assessment_id}/documents/{kind}"
    assert client.get(f"{address}.pdf").status_code == 404
    for _ in range(2):
        assert client.post(f"{address}/order/").status_code == 302
    assert client.get(f"{address}/status/").json()["state"] == "queued"
    assert Job.objects.filter(key=f"report:{frozen.pk}:{kind}").count() == 1
    run(Job.objects.get(key=f"report:{frozen.pk}:{kind}").pk)
    assert client.get(f"{address}/status/").json()["state"] == "ready"
    answer = client.get(f"{address}.pdf")
    assert b"".join(answer).startswith(b"%PDF-")
    told = LogEntry.objects.filter(action="result.downloaded").first()
    assert (told.data["format"], told.data["document"]) == ("pdf", kind)
    client.post(f"{address}/order/")
    assert Job.objects.filter(key=f"report:{frozen.pk}:{kind}").count() == 1


def test_executives_order_the_one_page_and_nothing_else(frozen):
    executive = base.make_official("executive")
    making.request(frozen, Report.Kind.MINISTER, by=executive)
    with pytest.raises(PermissionDenied):
        making.request(frozen, Report.Kind.DECK, by=executive)
    assert sorted(frozen.reports.values_list("kind", flat=True)) == ["feedback", "minister"]


def test_an_earlier_edition_stays_and_is_marked(frozen, administrator, as_user):
    name = default_storage.save("reports/first.pdf", ContentFile(b"%PDF-1.7 first"))
    frozen.reports.update(file=name)
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    publishing.correct(frozen.assessment, reason="แก้ตามมติ", by=administrator)
    client = as_user(base.make_member(frozen.assessment.agency, "viewer"))
    page = client.get(f"/results/{frozen.assessment_id}/").content.decode()
    address = f"/results/{frozen.assessment_id}/editions/1/feedback.pdf"
    assert "ฉบับเดิม" in page
    assert address in page
    assert b"".join(client.get(address)) == b"%PDF-1.7 first"
    assert LogEntry.objects.filter(action="result.downloaded").first().data["revision"] == 1
    assert client.get(f"/results/{frozen.assessment_id}/editions/1/deck.pdf").status_code == 404
    assert client.get(f"/results/{frozen.assessment_id}/editions/3/feedback.pdf").status_code == 404
