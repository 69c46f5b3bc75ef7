"""Evidence for reviewers: what was handed in, as it was frozen, and no trace of them in the agency's log."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments.models import EvidenceVersion
from pmqa.accounts.models import LogEntry
from reviews.models import Assignment
from reviews.services import assigning, marking
from tests import factories
from tests.assessments.files import PDF
from tests.reviews import cases

pytestmark = pytest.mark.django_db
PART = "1.1.1.1"
PLACES = (
    ("evidence", ()), ("evidence_file", (1,)), ("evidence_preview", (1,)), ("evidence_look", (1,)),
    ("evidence_page", (1, 1)),
)  # fmt: skip


@pytest.fixture
def reviewer():
    return factories.make_user()


@pytest.fixture
def case(reviewer, administrator):
    """In review; of four entries one file and two links were handed in, one of them with the profile."""
    assessment = factories.make_assessment(complete=True)
    answer = factories.answer_of(assessment, PART)
    indicator = assessment.answers.filter(part__code="7.1.1").get()
    default_storage.save("evidence/invented", ContentFile(PDF))
    factories.make_evidence(assessment, answer, title="แผนที่ส่ง")
    factories.make_evidence(assessment, indicator, url="https://example.org/data", title="ข้อมูลที่ส่ง")
    mission = factories.answer_of(assessment, "OP1.mission")
    factories.make_evidence(assessment, mission, url="https://example.org/act", title="กฎหมายจัดตั้งที่ส่ง")
    factories.make_evidence(assessment, title="ไม่ได้ส่ง")
    factories.hand_over(assessment)
    assigning.assign(
        assessment, reviewers=[reviewer], lead=factories.make_user(), lead_marks=False, by=administrator
    )
    assigning.open_review(assessment, by=administrator)
    return cases.reloaded(assessment)


def url(name: str, case, *args) -> str:
    return reverse(f"reviews:{name}", args=[case.pk, *args])


def test_nothing_opens_before_the_reviewer_begins(as_user, case, reviewer):
    for name, args in PLACES:
        assert as_user(reviewer).get(url(name, case, *args))["Location"] == reverse("reviews:queue")


def test_what_was_handed_in_stands_beside_the_answer_and_in_a_list(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    client = as_user(reviewer)
    page = client.get(url("topic", case, "1.1")).content.decode()
    assert "แผนที่ส่ง" in page
    assert "ข้อมูลที่ส่ง" not in page
    page = client.get(url("topic", case, "7.1")).content.decode()
    assert '<a href="https://example.org/data" target="_blank" rel="noopener noreferrer">' in page
    page = client.get(url("evidence", case)).content.decode()
    assert "แผนที่ส่ง" in page
    assert "ไม่ได้ส่ง" not in page
    assert "7.1.1.1" in page


def test_the_version_is_the_frozen_one(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    old = EvidenceVersion.objects.get(evidence__assessment=case, evidence__number=1)
    EvidenceVersion.objects.filter(pk=old.pk).update(
        is_latest=False, withdrawn_at=old.uploaded_at, withdrawn_reason="แทนแล้ว"
    )
    EvidenceVersion.objects.create(
        evidence=old.evidence, number=2, file="evidence/other", name="ใหม่.pdf", size=1, sha256="x",
        uploaded_at=old.uploaded_at, content_type="application/pdf",
    )  # fmt: skip
    client = as_user(reviewer)
    for name in ("evidence_file", "evidence_preview"):
        response = client.get(url(name, case, 1))
        assert b"".join(response.streaming_content) == PDF
    assert client.get(url("evidence_file", case, 3)).status_code == 404, "not handed in"
    assert client.get(url("evidence_file", case, 2)).status_code == 404, "a link has no file"


def test_reading_leaves_a_line_that_the_agency_does_not_see(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    assert b"".join(as_user(reviewer).get(url("evidence_file", case, 1)).streaming_content) == PDF
    line = LogEntry.objects.get(action="evidence.downloaded")
    assert line.actor == reviewer
    assert line.agency is None


def test_a_page_of_it_opens_beside_the_answer(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    client = as_user(reviewer)
    marks = client.get(url("topic", case, "1.1")).content.decode()
    assert f'<a href="{url("evidence_look", case, 1)}" data-look>' in marks
    assert "data-look-pane" in marks
    look = client.get(url("evidence_look", case, 1)).content.decode()
    assert "หน้า 1 จาก 1" in look
    assert f'src="{url("evidence_page", case, 1, 1)}"' in look
    picture = client.get(url("evidence_page", case, 1, 1))
    assert picture.content.startswith(b"\xff\xd8\xff")
    line = LogEntry.objects.get(action="evidence.downloaded")
    assert (line.actor, line.agency) == (reviewer, None)
    assert client.get(url("evidence_look", case, 3)).status_code == 404, "not handed in"
    assert client.get(url("evidence_look", case, 2)).status_code == 404, "a link has no file"


def test_who_stepped_aside_and_who_never_was_there_find_nothing(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    Assignment.objects.filter(reviewer=reviewer).update(recused_at=case.submitted_at)
    for person in (reviewer, factories.make_user(), factories.make_member(case.agency, "coordinator")):
        for name, args in PLACES:
            assert as_user(person).get(url(name, case, *args)).status_code == 404


def test_a_copy_from_before_the_register_has_no_evidence(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    frozen = case.submissions.get()
    del frozen.content["evidence"]
    frozen.save(update_fields=["content"])
    client = as_user(reviewer)
    assert "หน่วยงานไม่ได้อ้างไฟล์หรือลิงก์" in client.get(url("evidence", case)).content.decode()
    assert client.get(url("topic", case, "1.1")).status_code == 200
    assert client.get(url("evidence_file", case, 1)).status_code == 404


def test_what_the_profile_cites_stands_beside_it_and_leads_there(as_user, case, reviewer):
    marking.open_case(case, by=reviewer)
    client = as_user(reviewer)
    frozen = {entry["title"]: entry["cited_by"] for entry in case.submissions.get().content["evidence"]}
    assert frozen["กฎหมายจัดตั้งที่ส่ง"] == ["OP1.mission"]
    page = client.get(url("profile", case)).content.decode()
    assert page.index('id="pOP1.mission"') < page.index("กฎหมายจัดตั้งที่ส่ง") < page.index('id="pOP1.vision"')
    assert "แผนที่ส่ง" not in page
    assert f'href="{url("profile", case)}#pOP1.mission"' in client.get(url("evidence", case)).content.decode()
