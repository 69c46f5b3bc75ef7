"""The pages of the register: what they show, what they refuse, and that nothing typed is lost."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from assessments.forms.evidence import LinkLine
from assessments.models import Assessment, Evidence, EvidenceVersion
from assessments.services.evidence import Source, replace, withdraw
from pmqa.accounts.models import LogEntry
from tests import factories
from tests.assessments.files import PDF, PNG

pytestmark = pytest.mark.django_db
PART = "1.1.1.1"


def address(name: str, assessment: Assessment, *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.pk, *args])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def stored(assessment: Assessment, *answers, content: bytes = PDF, **fields) -> Evidence:
    """An entry whose file is there."""
    file = default_storage.save("evidence/invented", ContentFile(content))
    entry = factories.make_evidence(assessment, *answers, file=file)
    EvidenceVersion.objects.filter(evidence=entry).update(size=len(content), **fields)
    return entry


def new_link(**fields) -> dict:
    return {"kind": "link", "title": "รายงาน", "url": "https://example.org/a", "key": str(uuid4())} | fields


# --- the list ---------------------------------------------------------------------------------


@pytest.fixture
def register(assessment) -> Assessment:
    """Three entries: a cited file, a link of a source system, a withdrawn one."""
    factories.make_evidence(
        assessment,
        factories.answer_of(assessment, PART),
        factories.answer_of(assessment, "2.1.1.1"),
        title="แผนปฏิบัติราชการ",
    )
    factories.make_evidence(
        assessment, url="https://example.org/data", title="ชุดข้อมูล", source_system="eMENSCR", reference="E-77"
    )
    gone = factories.make_evidence(assessment, url="https://example.org/old", title="ของเดิม")
    EvidenceVersion.objects.filter(evidence=gone).update(withdrawn_at=gone.added_at, withdrawn_reason="ลิงก์ผิด")
    return assessment


def test_the_list_shows_each_entry_once_with_its_uses(as_user, register, coordinator):
    page = as_user(coordinator).get(address("evidence", register)).content.decode()
    assert page.count("แผนปฏิบัติราชการ") == 1
    assert f"/assessments/{register.pk}/1.1/#p1.1.1.1" in page
    assert "ใช้ใน 2 ส่วน" in page
    assert "E-77" in page
    assert "ของเดิม" not in page


FOUND = {
    "q=แผน": {"แผนปฏิบัติราชการ"},
    "q=e-77": {"ชุดข้อมูล"},
    "q=2": {"ชุดข้อมูล"},
    "q=แผน 77": set(),
    "kind=link": {"ชุดข้อมูล"},
    "kind=nothing": {"แผนปฏิบัติราชการ", "ชุดข้อมูล"},
    "part=1.1": {"แผนปฏิบัติราชการ"},
    "part=3.1": set(),
    "part=none": {"ชุดข้อมูล"},
    "state=withdrawn": {"ของเดิม"},
    "state=all": {"แผนปฏิบัติราชการ", "ชุดข้อมูล", "ของเดิม"},
    "page=99": {"แผนปฏิบัติราชการ", "ชุดข้อมูล"},
}


def test_the_list_finds_by_words_kind_topic_and_state(as_user, register, coordinator):
    client = as_user(coordinator)
    for query, shown in FOUND.items():
        page = client.get(f"{address('evidence', register)}?{query}").content.decode()
        titles = {title for title in ("แผนปฏิบัติราชการ", "ชุดข้อมูล", "ของเดิม") if f">{title}<" in page}
        assert titles == shown, query
        assert ("ไม่พบหลักฐาน" in page) is (not shown), query


def test_an_empty_register_says_what_to_do(as_user, assessment, coordinator):
    page = as_user(coordinator).get(address("evidence", assessment)).content.decode()
    assert "ยังไม่มีหลักฐาน" in page
    assert address("add_evidence", assessment) in page
    viewer = factories.make_member(assessment.agency, "viewer")
    assert (
        address("add_evidence", assessment)
        not in as_user(viewer).get(address("evidence", assessment)).content.decode()
    )


def test_the_officer_sees_what_was_handed_in_and_no_more(as_user, register, officer):
    Assessment.objects.update(status="submitted")
    client = as_user(officer)
    page = client.get(address("evidence", register)).content.decode()
    assert "แผนปฏิบัติราชการ" in page
    assert "ชุดข้อมูล" not in page
    assert client.get(address("evidence_entry", register, 2)).status_code == 404
    assert client.get(f"{address('evidence', register)}?state=all").content.decode().count("ของเดิม") == 0


# --- files ------------------------------------------------------------------------------------


def test_a_file_leaves_as_an_attachment_that_runs_nothing(as_user, assessment, coordinator):
    stored(assessment, name='แผน ที่ ญู; "x.pdf')
    response = as_user(coordinator).get(address("evidence_file", assessment, 1, 1))
    assert body(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in [part.strip() for part in response["Content-Security-Policy"].split(";")]
    assert response["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''%E0%B9%81%E0%B8%9C%E0%B8%99"
    )
    assert "no-store" in response["Cache-Control"]
    assert LogEntry.objects.get(action="evidence.downloaded").actor == coordinator


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [(PDF, "application/pdf", 200), (PNG, "image/png", 200), (b"a,b\n", "text/csv", 404)],
)
def test_only_pdf_and_pictures_are_shown_in_a_window(as_user, assessment, coordinator, content, kind, status):
    stored(assessment, content=content, content_type=kind)
    response = as_user(coordinator).get(address("evidence_preview", assessment, 1, 1))
    assert response.status_code == status
    if status == 200:
        assert body(response) == content
        assert response["Content-Disposition"].startswith("inline")
        assert response["Content-Type"] == kind
        assert response["X-Content-Type-Options"] == "nosniff"


def test_another_agencys_file_is_not_there(as_user, assessment, coordinator, cycle):
    other = factories.make_assessment(cycle=cycle)
    stored(other, factories.answer_of(other, PART))
    client = as_user(coordinator)
    for name, args in (
        ("evidence", ()),
        ("evidence_entry", (1,)),
        ("evidence_file", (1, 1)),
        ("evidence_preview", (1, 1)),
        ("cite_evidence", (factories.answer_of(other, PART).pk,)),
    ):
        assert client.get(address(name, other, *args)).status_code == 404
        if name != "evidence":
            assert client.get(address(name, assessment, *args)).status_code == 404, (
                "nor behind one's own number"
            )


def test_a_file_that_is_not_cleared_stays_in(settings, as_user, assessment, coordinator):
    stored(assessment)
    client = as_user(coordinator)
    settings.CLAMAV_ADDRESS = "127.0.0.1:9"
    waits = client.get(address("evidence_file", assessment, 1, 1))
    assert (waits.status_code, "รอตรวจไวรัส" in waits.content.decode()) == (403, True)
    EvidenceVersion.objects.update(scan="suspicious")
    for name in ("evidence_file", "evidence_preview"):
        assert "สิ่งต้องสงสัย" in client.get(address(name, assessment, 1, 1)).content.decode()
    page = client.get(address("evidence_entry", assessment, 1)).content.decode()
    assert "พบสิ่งต้องสงสัย" in page
    assert address("evidence_file", assessment, 1, 1) not in page


def test_a_lost_file_is_not_there_instead_of_an_error(as_user, assessment, coordinator):
    factories.make_evidence(assessment)
    assert as_user(coordinator).get(address("evidence_file", assessment, 1, 1)).status_code == 404


def test_the_frozen_copy_keeps_its_version_even_withdrawn(as_user, agency, coordinator, head, officer, cycle):
    case = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    entry = stored(case, factories.answer_of(case, PART))
    factories.hand_over(case, by=head)
    Assessment.objects.filter(pk=case.pk).update(status="returned")
    withdraw(entry, reason="เปลี่ยนฉบับ", version=0, by=coordinator)
    entry.versions.update(number=1)
    Assessment.objects.filter(pk=case.pk).update(status="submitted")
    for person in (coordinator, head, officer):
        response = as_user(person).get(address("frozen_evidence", case, 1, 1))
        assert body(response) == PDF
    assert as_user(officer).get(address("evidence_file", case, 1, 1)).status_code == 404
    assert as_user(coordinator).get(address("frozen_evidence", case, 1, 2)).status_code == 404
    assert as_user(coordinator).get(address("frozen_evidence", case, 2, 1)).status_code == 404
    receipt = as_user(head).get(address("receipt", case)).content.decode()
    assert address("frozen_evidence", case, 1, 1) in receipt
    assert f"{1:064d}" in receipt
    copy = as_user(head).post(address("receipt_copy", case)).content.decode()
    assert "หลักฐานสมมติ 1" in copy


# --- typing -----------------------------------------------------------------------------------


def test_a_link_is_added_for_a_part_and_cited_at_once(as_user, assessment, coordinator):
    answer = factories.answer_of(assessment, PART)
    client = as_user(coordinator)
    url = f"{address('add_evidence', assessment)}?kind=link&answer={answer.pk}"
    assert 'name="url"' in client.get(url).content.decode()
    form = new_link(effective_on="๑๕ ม.ค. ๒๕๖๙", source_system="eMENSCR", reference="E-1")
    response = client.post(url, form)
    assert response["Location"] == address("cite_evidence", assessment, answer.pk)
    entry = Evidence.objects.get()
    assert entry.effective_on.isoformat() == "2026-01-15"
    assert entry.citations.get().answer == answer
    assert "หลักฐาน 1 รายการ" in client.get(address("topic", assessment, "1.1")).content.decode()
    assert client.post(url, form).status_code == 302, "a second click"
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "", "javascript:alert(1)", "ftp://example.org/a", "file:///etc/passwd", "//example.org", "https://",
        "https://a b.example", "https://good.example@bad.example/", 'https://x.example/"><script>', "http:///path",
        "data:text/html,<script>", "https://x.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ValidationError):
        LinkLine().clean(url)


WRONG = [
    {"url": "javascript:alert(1)"}, {"title": " "}, {"title": "ก" * 301}, {"effective_on": "เมื่อวาน"},
    {"kind": "other"}, {"key": "x"}, {"note": "ก" * 5001},
]  # fmt: skip


def test_what_is_wrong_comes_back_with_what_was_typed(as_user, assessment, coordinator):
    client = as_user(coordinator)
    for wrong in WRONG:
        form = new_link(reference="นร 1200/9") | wrong
        response = client.post(address("add_evidence", assessment), form)
        assert response.status_code == 422, wrong
        assert "นร 1200/9" in response.content.decode()
    assert not Evidence.objects.exists()


def test_a_refusal_keeps_the_texts(as_user, assessment, coordinator):
    client = as_user(coordinator)
    client.post(address("add_evidence", assessment), new_link(title="แผนเดิม"))
    again = client.post(address("add_evidence", assessment), new_link(title="แผนซ้ำที่พิมพ์"))
    assert again.status_code == 422
    assert "แผนเดิม" in again.content.decode()
    assert "แผนซ้ำที่พิมพ์" in again.content.decode()
    Assessment.objects.update(status="submitted")
    closed = client.post(address("add_evidence", assessment), new_link(title="ช้าไป"))
    assert (closed.status_code, "ช้าไป" in closed.content.decode()) == (403, True)


def test_who_is_signed_out_gets_the_texts_back(assessment):
    response = Client().post(address("add_evidence", assessment), new_link(title="ข้อความที่พิมพ์ไว้"))
    assert (response.status_code, "ข้อความที่พิมพ์ไว้" in response.content.decode()) == (401, True)
    assert Client().get(address("add_evidence", assessment)).status_code == 302


def test_two_people_editing_see_both_texts(as_user, assessment, coordinator):
    factories.make_evidence(assessment)
    client, url = as_user(coordinator), address("edit_evidence", assessment, 1)
    assert client.post(url, {"title": "ของคนแรก", "version": 0}).status_code == 302
    second = client.post(url, {"title": "ของคนที่สอง", "version": 0})
    assert second.status_code == 409
    assert "ของคนแรก" in second.content.decode()
    assert 'value="ของคนที่สอง"' in second.content.decode()
    assert 'name="version" value="1"' in second.content.decode()
    assert client.post(url, {"title": "ของคนที่สอง", "version": 1}).status_code == 302
    assert client.post(url, {"title": "ไม่มีเลขรุ่น"}).status_code == 409


def test_who_replaces_second_sees_the_other_version(as_user, assessment, coordinator):
    entry = factories.make_evidence(assessment, url="https://example.org/one")
    colleague = factories.make_member(assessment.agency, "contributor", categories=["1"], first_name="มานะ")
    replace(entry, Source(url="https://example.org/theirs"), version=0, by=colleague)
    url = address("replace_evidence", assessment, 1)
    second = as_user(coordinator).post(url, {"url": "https://example.org/mine", "version": 0})
    assert second.status_code == 409
    page = second.content.decode()
    assert "https://example.org/theirs" in page
    assert "มานะ" in page
    assert 'value="https://example.org/mine"' in page
    assert (
        as_user(coordinator).post(url, {"url": "https://example.org/mine", "version": 1}).status_code == 302
    )
    page = as_user(coordinator).get(address("evidence_entry", assessment, 1)).content.decode()
    assert all(f"https://example.org/{name}" in page for name in ("one", "theirs", "mine"))


def test_withdrawing_asks_for_a_reason_and_shows_it(as_user, assessment, coordinator):
    factories.make_evidence(assessment)
    client, url = as_user(coordinator), address("withdraw_evidence", assessment, 1)
    assert client.post(url, {"reason": "", "version": 0}).status_code == 422
    assert client.post(url, {"reason": "ผิดฉบับ", "version": 5}).status_code == 409
    assert client.post(url, {"reason": "ผิดฉบับ", "version": 0}).status_code == 302
    assert "ผิดฉบับ" in client.get(address("evidence_entry", assessment, 1)).content.decode()


def test_a_link_says_who_checked_it_and_leads_out_without_a_trace(as_user, assessment, coordinator):
    factories.make_evidence(assessment, url="https://example.org/a")
    client = as_user(coordinator)
    page = client.get(address("evidence_entry", assessment, 1)).content.decode()
    assert '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">' in page
    assert "ยังไม่มีผู้ตรวจลิงก์" in page
    client.post(address("confirm_link", assessment, 1, 1))
    page = client.get(address("evidence_entry", assessment, 1)).content.decode()
    assert f"โดย{coordinator}" in page


def test_the_server_opens_no_link(monkeypatch, as_user, assessment, coordinator):
    def refuse(*_args, **_options):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.socket.connect", refuse)
    client = as_user(coordinator)
    client.post(address("add_evidence", assessment), new_link(url="http://169.254.169.254/latest/"))
    client.post(address("confirm_link", assessment, 1, 1))
    assert Evidence.objects.count() == 1


def test_markup_in_every_text_is_text(as_user, assessment, coordinator):
    text = '"><img src=x onerror=alert(1)>'
    form = new_link(title=text, source_system=text, reference=text, note=text)
    client = as_user(coordinator)
    client.post(address("add_evidence", assessment), form)
    answer = factories.answer_of(assessment, PART)
    for url in (
        address("evidence", assessment),
        address("evidence_entry", assessment, 1),
        address("edit_evidence", assessment, 1),
        address("cite_evidence", assessment, answer.pk),
    ):
        page = client.get(url).content.decode()
        assert "&lt;img" in page
        assert "<img src=x" not in page


# --- citing -----------------------------------------------------------------------------------


def test_a_part_cites_from_the_register_and_stops(as_user, register, coordinator):
    answer = factories.answer_of(register, "3.1.1.1")
    client, url = as_user(coordinator), address("cite_evidence", register, answer.pk)
    page = client.get(url).content.decode()
    assert "ส่วนนี้ยังไม่อ้างหลักฐาน" in page
    assert "ของเดิม" not in page, "what is withdrawn is not offered"
    assert "ชุดข้อมูล" not in client.get(f"{url}?q=แผน").content.decode()
    client.post(url, {"entry": ["1", "2"]})
    assert answer.citations.count() == 2
    client.post(url, {"uncite": "1"})
    assert answer.citations.get().evidence.number == 2
    for nothing in ({}, {"entry": "x"}, {"entry": "99"}, {"uncite": "99"}, {"uncite": "x"}):
        assert client.post(url, nothing).status_code == 302
    assert answer.citations.count() == 1


def test_an_indicator_cites_too(as_user, register, coordinator):
    part = factories.part_ids(register.cycle.edition)["7.1.1"]
    answer = factories.add_indicator(register, part, "7.1.1", 1)
    client, url = as_user(coordinator), address("cite_evidence", register, answer.pk)
    assert "หลักฐานของ 7.1.1.1" in client.get(url).content.decode()
    client.post(url, {"entry": "1"})
    assert "หลักฐาน 1 รายการ" in client.get(address("topic", register, "7.1")).content.decode()
    assert "7.1.1.1" in client.get(address("evidence_entry", register, 1)).content.decode()


def test_a_question_of_the_profile_cites_too(as_user, register, coordinator):
    client = as_user(coordinator)
    answer = factories.answer_of(register, "OP1.mission")
    place = address("cite_evidence", register, answer.pk)
    assert f'href="{place}"' in client.get(address("topic", register, "OP1")).content.decode()
    client.post(place, {"entry": 1})
    page = client.get(address("topic", register, "OP1")).content.decode()
    assert "หลักฐาน 1 รายการ" in page
    assert "OP1.mission" in client.get(address("evidence", register)).content.decode()


def test_who_only_reads_the_profile_sees_what_it_cites_and_no_invitation(as_user, register, agency):
    viewer = as_user(factories.make_member(agency, "viewer"))
    assert "อ้างหลักฐาน" not in viewer.get(address("topic", register, "OP1")).content.decode()
    factories.make_evidence(
        register, factories.answer_of(register, "OP1.mission"), url="https://example.org/a"
    )
    assert "หลักฐาน 1 รายการ" in viewer.get(address("topic", register, "OP1")).content.decode()
