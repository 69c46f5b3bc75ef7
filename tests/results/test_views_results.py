"""The pages of results: who opens them, what they show, and that they show the frozen sheet only."""

import re
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assessments.models import PRELIMINARY, Answer, Indicator, Status
from criteria.models import Category
from pmqa.accounts.models import Agency, LogEntry
from pmqa.jobs.models import Job
from pmqa.jobs.services import run_queued
from results.models import ResultSheet
from reviews.models import Assignment, Consensus, FeedbackSection, Verdict
from tests import factories as base
from tests.pages import main_of
from tests.results import factories

QUERIES = 12
CANARY = "นกคีรีบูนในเหมือง-canary"

PAGES = (
    ("result", ()),
    ("explain", ("verified", "total")),
    ("explain", ("claimed", "4")),
    ("explain", ("verified", "4.2")),
    ("explain", ("verified", "7.1.1.1")),
    ("topic", ("4.2",)),
    ("topic", ("7.1",)),
)
DOWNLOADS = (("scores_csv", ()), ("result_json", ()), ("report", ()))


def address(name: str, pk: int, *args: str) -> str:
    return reverse(f"results:{name}", args=[pk, *args])


@pytest.fixture
def frozen(administrator) -> ResultSheet:
    return factories.make_published(by=administrator)


@pytest.fixture
def member(frozen):
    return base.make_member(frozen.assessment.agency, "coordinator")


def reviewer_of(assessment, **extra):
    user = base.make_user(**extra)
    category = Category.objects.get(edition=assessment.cycle.edition, code="4")
    Assignment.objects.create(assessment=assessment, category=category, reviewer=user)
    return user


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_the_agency_opens_every_page_of_its_result(frozen, member, as_user, name, args):
    assert as_user(member).get(address(name, frozen.assessment_id, *args)).status_code == 200


@pytest.mark.parametrize("role", ["administrator", "officer", "auditor", "executive"])
def test_opdc_reads_published_results(frozen, as_user, role):
    client = as_user(base.make_official(role))
    assert client.get(address("result", frozen.assessment_id)).status_code == 200
    assert frozen.payload["agency"]["name"] in client.get(reverse("results:index")).content.decode()


def test_a_reviewer_of_the_case_reads_its_published_result(frozen, as_user):
    client = as_user(reviewer_of(frozen.assessment))
    assert client.get(address("result", frozen.assessment_id)).status_code == 200
    assert frozen.payload["agency"]["name"] in client.get(reverse("results:index")).content.decode()


@pytest.mark.parametrize(
    ("name", "args"), PAGES + DOWNLOADS + (("report_status", ()), ("publish", ()), ("correct", ()))
)
def test_another_agency_finds_nothing(frozen, as_user, name, args):
    stranger = base.make_member(base.make_agency(), "coordinator")
    assert as_user(stranger).get(address(name, frozen.assessment_id, *args)).status_code == 404


def test_without_a_sign_in_every_address_asks_for_one(frozen, client):
    for name, args in PAGES + DOWNLOADS:
        response = client.get(address(name, frozen.assessment_id, *args))
        assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (*PRELIMINARY, Status.REPORT_ISSUED)]
)
def test_before_publication_only_the_preview_of_a_decided_case_is_open(db, as_user, status):
    assessment = factories.move(factories.make_decided(), status)
    agency = base.make_member(assessment.agency, "head")
    reviewer = reviewer_of(assessment)
    for user in (agency, base.make_official("officer"), reviewer):
        response = as_user(user).get(address("result", assessment.pk))
        assert response.status_code in (403, 404)
        assert "479.02" not in response.content.decode()
    for role in ("administrator", "auditor"):
        response = as_user(base.make_official(role)).get(address("result", assessment.pk))
        assert response.status_code == (200 if status == Status.CONSENSUS_DONE else 403)
        assert as_user(base.make_official(role)).get(address("scores_csv", assessment.pk)).status_code == 403


def test_a_refusal_says_why_in_thai(db, as_user):
    assessment = factories.make_decided()
    response = as_user(base.make_member(assessment.agency, "head")).get(address("result", assessment.pk))
    assert response.status_code == 403
    assert "ยังไม่ประกาศผลการประเมินนี้" in response.content.decode()


def test_the_preview_says_that_it_is_one_and_stores_nothing(administrator, as_user):
    assessment = factories.make_decided()
    client = as_user(administrator)
    for name, args in PAGES:
        page = main_of(client.get(address(name, assessment.pk, *args)))
        assert "ยังไม่ประกาศ" in page
    assert address("publish", assessment.pk) in main_of(client.get(address("result", assessment.pk)))
    assert not ResultSheet.objects.exists()
    waiting = client.get(reverse("results:index"), {"state": "waiting"})
    assert assessment.agency.name in waiting.content.decode()


def test_the_list_of_waiting_results_is_for_those_who_may_preview(officer, as_user):
    assessment = factories.make_decided()
    page = as_user(officer).get(reverse("results:index"), {"state": "waiting"}).content.decode()
    assert assessment.agency.name not in page


def test_publishing_asks_first_and_then_does_it_once(administrator, as_user):
    assessment = factories.make_decided()
    client = as_user(administrator)
    url = address("publish", assessment.pk)
    question = main_of(client.get(url))
    seen = re.search(r'name="seen" value="(\w{64})"', question)[1]
    for _click in range(2):
        response = client.post(url, {"seen": seen})
        assert (response.status_code, response.url) == (302, address("result", assessment.pk))
    assert ResultSheet.objects.count() == 1
    assert client.get(url).status_code == 302


def test_before_its_time_publishing_leads_to_the_case_and_says_why(administrator, as_user):
    assessment = factories.make_submitted()
    response = as_user(administrator).get(address("publish", assessment.pk), follow=True)
    assert response.redirect_chain == [(reverse("reviews:case", args=[assessment.pk]), 302)]
    assert "ยังประกาศผลไม่ได้ เพราะสถานะคือ “ส่งแล้ว รอมอบหมายผู้ตรวจ”" in response.content.decode()


def test_publishing_is_refused_with_what_is_missing(administrator, as_user):
    assessment = factories.make_decided()
    Consensus.objects.filter(answer__part__code="6.1.3.1").delete()
    client = as_user(administrator)
    assert "6.1.3.1" in main_of(client.get(address("publish", assessment.pk)))
    response = client.post(address("publish", assessment.pk), follow=True)
    assert "ยังประกาศไม่ได้" in main_of(response)
    assert not ResultSheet.objects.exists()


@pytest.mark.parametrize("role", ["officer", "auditor"])
def test_only_an_administrator_reaches_the_button(db, as_user, role):
    assessment = factories.make_decided()
    client = as_user(base.make_official(role))
    assert client.get(address("publish", assessment.pk)).status_code == 403
    assert client.post(address("publish", assessment.pk)).status_code == 403


def test_a_correction_shows_both_results_and_keeps_the_reason(frozen, administrator, member, as_user):
    client, url = as_user(administrator), address("correct", frozen.assessment_id)
    assert "ผลยังเหมือนเดิม" in main_of(client.get(url))
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    assert str(frozen.verified_total) in main_of(client.get(url))
    kind = {"kind": "clerical"}
    assert client.post(url, kind | {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "พิมพ์ผล 4.2.2 ผิด"}).status_code == 422, "of which kind"
    assert client.post(url, kind | {"reason": "พิมพ์ผล 4.2.2 ผิด"}).status_code == 302
    page = main_of(as_user(member).get(address("result", frozen.assessment_id)))
    assert "พิมพ์ผล 4.2.2 ผิด" in page
    assert str(ResultSheet.objects.get(revision=2).verified_total) in page
    assert as_user(member).get(url).status_code == 403


@pytest.mark.heavy
def test_what_happens_after_publishing_changes_nothing(frozen, member, as_user):
    run_queued()
    client, pk = as_user(member), frozen.assessment_id
    client.get(address("result", pk))

    def everything():
        pages = [main_of(client.get(address(name, pk, *args))) for name, args in PAGES]
        files = [client.get(address(name, pk)) for name, _args in DOWNLOADS]
        contents = [b"".join(response) for response in files]
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(contents[2])).pages)
        return pages, contents, text

    before = everything()
    Answer.objects.update(values={}, claim="not_started")
    Indicator.objects.update(name="ชื่อใหม่", target=1, result_3=0)
    Consensus.objects.update(outcome="fail", comment="ความเห็นใหม่")
    FeedbackSection.objects.update(text="ข้อความใหม่")
    Agency.objects.update(name="ชื่อใหม่", name_en="New name")
    report = frozen.reports.get()
    default_storage.delete(report.file.name)
    Job.objects.all().delete()
    client.post(address("retry_report", pk))
    run_queued()
    client.get(address("result", pk))
    pages, contents, text = everything()
    # The time at which the file was made again is the only thing that may differ.
    stamp = re.compile(r"จัดทำ [^<]*")
    assert [stamp.sub("", page) for page in pages] == [stamp.sub("", page) for page in before[0]]
    assert contents == before[1]
    assert text == before[2]


@pytest.mark.heavy
def test_no_page_or_file_knows_a_reviewer_or_an_internal_note(administrator, as_user):
    assessment = factories.make_decided()
    reviewer = reviewer_of(assessment, first_name=CANARY, last_name=CANARY, email="canary@review.example")
    answer = base.answer_of(assessment, "4.2.2.1")
    Verdict.objects.create(
        answer=answer,
        assignment=Assignment.objects.get(),
        outcome="fail",
        comment=CANARY,
        internal_note=CANARY,
        judged_version=1,
        updated_at=timezone.now(),
    )
    Consensus.objects.filter(answer=answer).update(
        decided_by=reviewer, basis=Consensus.Basis.LEAD, reason=CANARY
    )
    administrator_client = as_user(administrator)
    administrator_client.post(address("publish", assessment.pk))
    run_queued()
    client = as_user(base.make_member(assessment.agency, "coordinator"))
    for name, args in PAGES + DOWNLOADS + (("report_status", ()),):
        content = b"".join(client.get(address(name, assessment.pk, *args)))
        if name == "report":
            reader = PdfReader(BytesIO(content))
            content = (
                "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
            ).encode()
        text = content.decode()
        for secret in (CANARY, "canary@review.example", "lead_decided", "agreed"):
            assert secret not in text, (name, args, secret)


def test_every_number_of_the_result_page_opens_its_tree(frozen, member, as_user):
    client = as_user(member)
    page = main_of(client.get(address("result", frozen.assessment_id)))
    links = dict(re.findall(r'<a class="explained" href="([^"]+)">([^<]+)</a>', page))
    assert len(links) == 2 * (1 + 7 + 24 + 6 + 30)
    for url in (url for url in links if re.search(r"/(total|\d|4\.\d|7\.1|7\.1\.1\.1)/$", url)):
        assert client.get(url).status_code == 200
    # No score is printed that is not such a link.
    rest = re.sub(r'<a class="explained" .*?</a>|<svg.*?</svg>', "", page, flags=re.DOTALL)
    assert (
        re.findall(
            r">\s*[+−]?\d{1,3}\.\d\d\s*<", rest.replace("80.55", "").replace("84.32", "").replace("89.69", "")
        )
        == []
    )


def test_the_tree_leads_to_the_mark_and_the_comment(frozen, member, as_user):
    client, pk = as_user(member), frozen.assessment_id
    page = main_of(client.get(address("explain", pk, "verified", "4.2")))
    assert factories.COMMENT in page
    assert f"{address('topic', pk, '4.2')}#p4.2.2.1" in page
    assert "500 × (1/4 × 1 + 1/3 × 1/2 + 5/12 × 1)" in page
    assert "pmqa40-2565 รุ่นที่ 1" in page
    assert "ประมาณการ" in page
    topic = main_of(client.get(address("topic", pk, "4.2")))
    assert 'id="p4.2.2.1"' in topic
    assert factories.COMMENT in topic
    claimed = main_of(client.get(address("explain", pk, "claimed", "4.2")))
    assert factories.COMMENT not in claimed


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("explain", ("verified", "4.2.2")),
        ("explain", ("verified", "9")),
        ("explain", ("provisional", "total")),
        ("topic", ("4",)),
        ("topic", ("9.9",)),
        ("topic", ("OP1",)),
        ("topic", ("total",)),
    ],
)
def test_a_number_or_topic_that_is_not_there_is_not_found(frozen, member, as_user, name, args):
    assert as_user(member).get(address(name, frozen.assessment_id, *args)).status_code == 404


def test_downloads_are_attachments_with_a_thai_name_and_in_the_log(frozen, member, as_user):
    run_queued()
    client = as_user(member)
    expected = {
        "report": "application/pdf",
        "scores_csv": "text/csv; charset=utf-8",
        "result_json": "application/json",
    }
    for name, _args in DOWNLOADS:
        response = client.get(address(name, frozen.assessment_id))
        assert response["Content-Type"] == expected[name]
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B8")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response)
    entries = LogEntry.objects.filter(action="result.downloaded").order_by("pk")
    assert [entry.data["format"] for entry in entries] == ["csv", "json", "pdf"]
    assert {entry.actor for entry in entries} == {member}


def test_the_state_of_the_report_is_told_step_by_step(frozen, member, as_user):
    client, pk = as_user(member), frozen.assessment_id
    job = Job.objects.get()

    def told():
        answer = client.get(address("report_status", pk)).json()
        return answer["state"], answer["done"], answer["total"]

    assert told() == ("queued", 0, 0)
    assert client.get(address("report", pk)).status_code == 404
    Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING, progress=3, total=4)
    assert told() == ("running", 3, 4)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.FAILED, error="OSError: secret path")
    assert told()[0] == "failed"
    page = main_of(client.get(address("result", pk)))
    assert "จัดทำใหม่" in page
    assert "secret path" not in page
    response = client.post(address("retry_report", pk))
    assert (response.status_code, response.url) == (302, address("result", pk))
    assert told()[0] == "queued"
    run_queued()
    assert told()[0] == "ready"
    assert address("report", pk) in client.get(address("report_status", pk)).json()["html"]
    default_storage.delete(frozen.reports.get().file.name)
    assert told()[0] == "gone"
    assert client.get(address("report", pk)).status_code == 404


def test_an_executive_reads_but_orders_nothing(frozen, as_user):
    Job.objects.update(status=Job.Status.FAILED)
    client = as_user(base.make_official("executive"))
    assert "จัดทำใหม่" not in main_of(client.get(address("result", frozen.assessment_id)))
    assert client.post(address("retry_report", frozen.assessment_id)).status_code == 403


def test_reading_writes_nothing(frozen, member, as_user):
    client = as_user(member)
    assert client.post(address("result", frozen.assessment_id)).status_code == 405
    assert client.get(address("retry_report", frozen.assessment_id)).status_code == 405


@pytest.mark.parametrize(("name", "args"), [*PAGES, ("report_status", ())])
def test_pages_keep_the_query_ceiling(frozen, member, as_user, django_assert_max_num_queries, name, args):
    clients = [
        as_user(member),
        as_user(reviewer_of(frozen.assessment)),
        as_user(base.make_official("auditor")),
    ]
    for client in clients:
        with django_assert_max_num_queries(QUERIES):
            client.get(address(name, frozen.assessment_id, *args))


def test_the_preview_keeps_the_query_ceiling(administrator, as_user, django_assert_max_num_queries):
    assessment = factories.make_decided()
    client = as_user(administrator)
    for name, args in (*PAGES, ("publish", ())):
        with django_assert_max_num_queries(QUERIES):
            client.get(address(name, assessment.pk, *args))
