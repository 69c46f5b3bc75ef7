"""Seals, and what the public page says of a code, a printed report and an exported result."""

import json
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from pmqa.jobs.services import run_queued
from pmqa.qr import QUIET, qr_svg
from results import authenticity
from results.authenticity import Asked, read_code, verify, verify_file
from results.documents.feedback_report import render_html
from results.exporting.own import result_json
from results.models import ResultSheet
from results.publishing import correct
from results.verifying import seal_of_sheet
from reviews.models import Consensus
from tests.results import factories, payloads

PAGE = "/verify/"
MISMATCH = "ไม่ตรงกับฉบับที่ออก"


@pytest.fixture
def frozen(administrator) -> ResultSheet:
    return factories.make_published(by=administrator)


def code_of(sheet: ResultSheet) -> str:
    return seal_of_sheet(sheet.payload, document="x", revision=sheet.revision, digest=sheet.digest).code


def exported(sheet: ResultSheet) -> dict:
    return json.loads(json.dumps(result_json(sheet)))


def verify_json(document: dict) -> authenticity.Finding:
    return verify_file(json.dumps(document, ensure_ascii=False, indent=1).encode())


# --- the seal -----------------------------------------------------------------------------------


def test_without_a_public_address_the_seal_names_the_path_and_has_no_qr_code(settings):
    settings.PUBLIC_URL = ""
    seal = seal_of_sheet(payloads.payload(), document="รายงานป้อนกลับ", revision=1, digest="ab" * 32)
    assert (seal.code, seal.address, seal.qr) == ("DEMO-004-2570-abababababab", PAGE, "")


def test_the_seal_follows_the_sheet_and_the_public_address_alone(settings):
    settings.PUBLIC_URL = "https://pmqa.example/"
    sheet = payloads.payload()
    first, again = (seal_of_sheet(sheet, document="x", revision=2, digest="ab" * 32) for _ in range(2))
    assert first == again
    assert first.address == "https://pmqa.example/verify/"
    assert seal_of_sheet(sheet, document="x", revision=2, digest="cd" * 32).qr != first.qr
    assert re.match(r"<svg [^>]+><title>[^<]*DEMO-004-2570-abababababab[^<]*</title>", first.qr)


def test_what_was_never_published_has_no_code():
    for sheet, revision in ((payloads.partial_payload(), 1), (payloads.payload(), None)):
        seal = seal_of_sheet(sheet, document="x", revision=revision)
        assert (seal.code, seal.address, seal.qr) == ("", "", "")
    assert "เอกสารนี้ไม่ใช่ผลที่ประกาศ" in render_html(payloads.partial_payload())


def test_the_seal_stands_on_the_cover_and_on_the_last_page(settings):
    settings.PUBLIC_URL = "https://pmqa.example"
    html = render_html(payloads.payload(), revision=1, digest="ab" * 32)
    assert html.count("DEMO-004-2570-abababababab</p>") == 2
    assert html.count('class="qr"') == 2
    assert html.index('class="seal"') < html.index('id="contents"')
    assert html.rindex('class="seal"') > html.rindex("<h1")


def test_the_runs_of_a_qr_code_are_its_dark_modules():
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data("https://pmqa.example/verify/?code=A-2570-abababababab")
    code.make()
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, module in enumerate(row) if module}
    drawn = {
        (int(x) - QUIET + step, int(y) - QUIET)
        for x, y, length in re.findall(
            r"M(\d+) (\d+)h(\d+)v1",
            qr_svg("https://pmqa.example/verify/?code=A-2570-abababababab", title="x"),
        )
        for step in range(int(length))
    }
    assert drawn == dark


# --- codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("DEMO-004-2570-abcdef012345", Asked("abcdef012345", "DEMO-004", 2570)),
        (" demo-004 2570 ABCDEF012345 ", Asked("abcdef012345", "demo-004", 2570)),
        ("ก.1/2570/abcdef012345", Asked("abcdef012345", "ก.1", 2570)),
        ("DEMO-004-๒๕๗๐-abcdef012345", Asked("abcdef012345", "DEMO-004", 2570)),
        ("AB" * 32, Asked("ab" * 32)),
        ("abcdef012345", None),
        ("DEMO-004-2570-abcdef01234", None),
        ("DEMO-004-abcdef012345", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, asked):
    assert read_code(typed) == asked


def test_the_code_of_a_published_sheet_is_current(frozen, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        finding = verify(read_code(code_of(frozen)))
    assert (finding.state, finding.what, finding.number) == ("current", "result", 1)
    assert (finding.agency, finding.year) == (frozen.payload["agency"]["name"], 2570)
    assert (finding.at, finding.newer) == (frozen.created_at, None)
    assert verify(Asked(frozen.digest)) == finding


def test_the_digits_of_another_agency_or_year_are_not_found(frozen):
    short = frozen.digest[:12]
    code = frozen.payload["agency"]["code"]
    assert verify(Asked(short, f"{code}X", 2570)) == authenticity.NOT_OURS
    assert verify(Asked(short, code, 2569)) == authenticity.NOT_OURS
    assert verify(Asked(short[:-1] + ("0" if short[-1] != "0" else "1"), code, 2570)) == authenticity.NOT_OURS


def test_a_corrected_sheet_is_replaced_by_the_new_one(frozen, administrator):
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    second = correct(frozen.assessment, reason="ผิด", by=administrator)
    finding = verify(read_code(code_of(frozen)))
    assert (finding.state, finding.number, finding.newer, finding.newer_at) == (
        "replaced",
        1,
        2,
        second.created_at,
    )
    assert verify(read_code(code_of(second))).state == "current"
    assert verify_json(exported(frozen)).state == "replaced"


def test_a_partial_sheet_is_told_as_that(frozen):
    ResultSheet.objects.filter(pk=frozen.pk).update(payload=frozen.payload | {"partial": True})
    assert verify(Asked(frozen.digest)).state == "partial"


def test_the_digest_of_a_receipt_is_verified_too(db):
    assessment = factories.make_submitted()
    submission = assessment.submissions.get()
    finding = verify(Asked(submission.digest))
    assert (finding.state, finding.what, finding.number) == ("current", "submission", 1)
    assert verify_file(json.dumps(submission.content).encode()) == finding
    assessment.submissions.update(withdrawn_at=timezone.now())
    finding = verify(Asked(submission.digest))
    assert (finding.state, finding.newer) == ("replaced", None)


# --- files --------------------------------------------------------------------------------------


def test_an_exported_result_is_current_and_one_changed_digit_is_not_ours(frozen):
    document = exported(frozen)
    assert verify_json(document).state == "current"
    total = document["sheet"]["scores"]["verified"]["total"]
    document["sheet"]["scores"]["verified"]["total"] = total[:-1] + str((int(total[-1]) + 1) % 10)
    assert verify_json(document) == authenticity.NOT_OURS


@pytest.mark.parametrize("change", [{"revision": 2}, {"digest": "0" * 64}, {"revision": None}])
def test_the_frame_of_an_export_must_agree_with_what_was_issued(frozen, change):
    assert verify_json(exported(frozen) | change) == authenticity.NOT_OURS


def test_a_key_that_stands_twice_is_not_ours(frozen):
    text = json.dumps(exported(frozen))
    assert (
        verify_file(text.replace('"sheet": {', '"sheet": {"schema": 9, ', 1).encode())
        == authenticity.NOT_OURS
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 100_000, b'{"a": NaN}'],
)
def test_what_is_nothing_of_ours_is_told_so(db, content):
    assert verify_file(content) == authenticity.NOT_OURS


@pytest.mark.heavy
def test_a_printed_report_is_known_by_its_bytes(frozen):
    run_queued()
    with frozen.reports.get().file.open("rb") as file:
        content = file.read()
    assert verify_file(content).state == "current"
    # Saved again, forged, or made when it was asked for: the bytes cannot tell, so the code is asked for.
    assert verify_file(content + b"\n") == authenticity.ASK_FOR_CODE


# --- the page -----------------------------------------------------------------------------------


def test_the_page_answers_whoever_scans_and_shows_no_score(client, frozen):
    page = client.get(PAGE, {"code": code_of(frozen)}).content.decode()
    assert "เป็นผลฉบับปัจจุบัน" in page
    assert frozen.payload["agency"]["name"] in page
    assert str(frozen.verified_total) not in page
    assert str(frozen.claimed_total) not in page


def test_a_miss_names_nobody(client, frozen):
    code = f"{frozen.payload['agency']['code']}-2570-{'0' * 12}"
    page = client.get(PAGE, {"code": code}).content.decode()
    assert MISMATCH in page
    assert frozen.payload["agency"]["name"] not in page


def test_half_a_code_is_explained(client, db):
    response = client.get(PAGE, {"code": "DEMO-004"})
    assert (response.status_code, MISMATCH in response.content.decode()) == (422, False)
    assert "รหัสไม่ครบ" in response.content.decode()


def test_a_file_is_compared_in_memory_and_needs_no_token(frozen):
    from django.test import Client

    document = json.dumps(exported(frozen)).encode()
    client = Client(enforce_csrf_checks=True)
    for content, told in ((document, "เป็นผลฉบับปัจจุบัน"), (document.replace(b"2570", b"2571"), MISMATCH)):
        response = client.post(PAGE, {"file": SimpleUploadedFile("result.json", content)})
        assert told in response.content.decode()
    assert client.post(PAGE, {}).status_code == 422


def test_a_file_beyond_the_limit_is_not_read(client, db):
    response = client.post(PAGE, {"file": BytesIO(b"0" * (8 * 1024 * 1024 + 1))})
    assert (response.status_code, "8 MB" in response.content.decode()) == (413, True)


def test_one_address_asks_sixty_times_a_minute(client, db, time_machine):
    time_machine.move_to("2027-04-09T10:00:00+07:00", tick=False)
    for _ in range(60):
        assert client.get(PAGE, {"code": "DEMO-004-2570-000000000000"}).status_code == 200
    assert client.get(PAGE, {"code": "DEMO-004-2570-000000000000"}).status_code == 429
    assert client.get(PAGE).status_code == 200
    time_machine.move_to("2027-04-09T10:01:00+07:00", tick=False)
    assert client.get(reverse("verify"), {"code": "DEMO-004-2570-000000000000"}).status_code == 200
