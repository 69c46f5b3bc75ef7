"""The seal on every kind of paper, and what the public page says of the code that is printed there."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string

from assessments import snapshot
from assessments.models import Assessment, Print
from assessments.pages.receipts import copy_context
from assessments.paper.content import Wanted
from assessments.paper.printing import paper_of, render_html
from assessments.reading import read_answers
from assessments.services import printing as form_printing
from pmqa.qr import qr_svg
from pmqa.seal import address_of, code_of, seal_of
from results import authenticity, integrity
from results.application_report import printing as report_printing
from results.application_report import services as application_reports
from results.authenticity import Asked, read_code, verify, verify_file
from results.documents import deck, feedback_report, form_prints, minister
from results.exporting.own import result_json
from results.improvement import approved, following, printing, services
from results.improvement.making import plan_of
from results.improvement.models import ApprovedPlan, FollowUp, Plan
from tests import factories as base
from tests.cases import visit
from tests.results import factories
from tests.results.application_report import reports
from tests.results.improvement.conftest import card_of, make_lead, published_ago, values

PAGE = "/verify/"
HOST = "https://pmqa.example"


@pytest.fixture
def sheet(agency, administrator):
    return published_ago(190, agency=agency, cycle=factories.make_cycle_of(2569), by=administrator)


def case_of(sheet) -> Assessment:
    return Assessment.objects.with_places().get(pk=sheet.assessment_id)


def change(plan: Plan, measure: str, by) -> None:
    card = card_of(plan)
    services.save_card(card, version=card.version, values=values(measure=measure), by=by)


def approve(plan: Plan, measure: str, *, coordinator, head) -> ApprovedPlan:
    change(plan, measure, coordinator)
    plan.refresh_from_db()
    services.approve(plan, number=plan.number, by=head)
    return plan.approvals.first()


def follow_up(plan: Plan, by) -> FollowUp:
    for card in plan.cards.all():
        card.plan = plan
        following.save_progress(card, months=6, version=0, text="ทำแล้วครึ่งหนึ่ง", evidence="", by=by)
    return following.submit(plan, months=6, by=by)


@pytest.fixture
def papers(sheet, coordinator, head, administrator, settings) -> dict[str, tuple[str, str, dict]]:
    """Every kind of paper of one case as HTML, with the kind and the content that its code is of."""
    settings.PUBLIC_URL = HOST
    plan = plan_of(sheet.assessment)
    content = approve(plan, "จัดทำระบบข้อมูลกลาง", coordinator=coordinator, head=head).content
    follow_up(plan, coordinator)
    case = case_of(sheet)
    submission = case.submissions.get()
    submission.assessment = case
    sent = {"submission": submission, "content": None, "form": "form4"}
    marks = {"marks": form_prints.marks_of(sheet), "marks_digest": sheet.digest}
    about = {"revision": sheet.revision, "digest": sheet.digest}
    result = ("result", sheet.payload)
    handed_in = ("submission", submission.content)
    return {
        "report": (feedback_report.render_html(sheet.payload, **about), *result),
        "slides": (deck.render_html(sheet.payload, **about), *result),
        "one page": (minister.render_html(sheet.payload, **about), *result),
        "form": (render_html(paper_of(base.make_print(case, **sent))), *handed_in),
        "reviewer's": (
            render_html(paper_of(base.make_print(case, reviewer=administrator, **sent))),
            *handed_in,
        ),
        "with marks": (render_html(paper_of(base.make_print(case, **sent, **marks))), *result),
        "receipt": (render_to_string("assessments/receipt_copy.html", copy_context(submission)), *handed_in),
        "plan": (printing.render_html(printing.paper_of(case)), "plan", content),
        "application report": _application_report(head.current_memberships[0].agency, coordinator, head),
    }


def _application_report(agency, coordinator, head) -> tuple[str, str, dict]:
    """Of another year of the same agency."""
    case = reports.publish(agency=agency, cycle=factories.make_cycle_of(2571))
    invitation = reports.invite(case)
    application_reports.accept(invitation, by=coordinator)
    reports.write(invitation, "4-overall", coordinator, text="แนวทางสมมติของหมวดนี้")
    sent = reports.submit(invitation, head)
    return report_printing.render_html(sent), "application_report", sent.content


def test_every_paper_carries_edition_policy_code_and_a_qr_code_that_is_found(papers):
    for name, (html, what, content) in papers.items():
        codes = set(re.findall(r'class="seal-code">([^<]+)<', html))
        assert len(codes) == 1, name
        code = codes.pop()
        finding = verify(read_code(code))
        assert (finding.state, finding.what) == ("current", what), name
        assert finding.agency == content["agency"]["name"], name
        drawn = re.search(r'<path [^>]*d="[^"]+"', qr_svg(address_of(code), title=""))[0]
        assert drawn in html, name
        assert address_of(code).startswith(f"{HOST}{PAGE}?code="), name
        policy = content["policy"]
        facts = re.search(r'class="seal-facts">(.*?)</p>', html, re.DOTALL)[1]
        assert f"เกณฑ์ {content['edition']['code']}" in facts, name
        assert f"หลักเกณฑ์ {policy['name']} รุ่น {policy['version']}" in facts, name
        assert re.search(r"(ผลครั้งที่|ส่งครั้งที่|แผนรุ่นที่) \d", facts), name
        assert code.endswith(re.search(r"รหัสย่อ ([0-9a-f]{12})", facts)[1]), name


def strings(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        content = content.values()
    if isinstance(content, str):
        yield content
    elif not isinstance(content, (int, bool, type(None))):
        for entry in content:
            yield from strings(entry)


def test_no_answer_holds_a_score_or_any_content(papers, client):
    """Whatever the page says besides the agency's name, it also says where it knows nothing of the content."""
    sent = FollowUp.objects.exclude(content=None).get()
    asked = [
        (code_of(content, snapshot.digest_of(content)), content) for _html, _what, content in papers.values()
    ]
    asked.append((code_of(sent.content, sent.digest), sent.content))
    empty = client.get(PAGE).content.decode()
    for code, content in asked:
        page = client.get(PAGE, {"code": code}).content.decode()
        assert 'class="sheet verified is-current"' in page
        said = page.replace(content["agency"]["name"], "").replace(code, "")
        told = {text for text in strings(content) if len(text) > 3 and text in said and text not in empty}
        assert told == set()


def test_a_paper_that_nobody_issued_says_so_and_has_no_code(assessment):
    html = render_html(paper_of(base.make_print(assessment)))
    assert html.count("<b>เอกสารนี้เป็นฉบับร่าง ยังไม่ได้ส่ง</b> จึงไม่มีรหัสสำหรับตรวจสอบ") == 2
    assert "seal-code" not in html
    content = snapshot.build(assessment, read_answers(assessment))
    assert snapshot.digest_of(content) not in html
    assert verify(Asked(snapshot.digest_of(content))) == authenticity.NOT_OURS


def test_a_content_without_agency_has_no_code():
    content = {"edition": {"code": "e"}, "policy": {"name": "p", "version": 1}}
    seal = seal_of(content, document="x", digest="ab" * 32)
    assert (seal.code, seal.qr, bool(seal.unsealed)) == ("", "", True)


# --- plans and follow-ups -----------------------------------------------------------------------


def test_a_plan_that_is_approved_again_replaces_the_one_before(sheet, coordinator, head):
    plan = plan_of(sheet.assessment)
    people = {"coordinator": coordinator, "head": head}
    first = approve(plan, "จัดทำระบบข้อมูลกลาง", **people)
    code = code_of(first.content, first.digest)
    assert verify(read_code(code)).state == "current"
    change(plan, "จัดทำระบบข้อมูลกลางและคู่มือ", coordinator)
    # What is written since is nobody's business until it is approved, and the paper of it has no code.
    assert verify(read_code(code)).state == "current"
    seal = printing.paper_of(case_of(sheet)).seal
    assert (seal.code, seal.unsealed) == ("", "แผนนี้แก้หลังอนุมัติและยังไม่อนุมัติใหม่")
    draft = code_of(first.content, seal.digest)
    assert verify(read_code(draft)) == authenticity.NOT_OURS
    second = approve(plan, "จัดทำระบบข้อมูลกลาง คู่มือ และการอบรม", **people)
    old = verify(read_code(code))
    assert (old.state, old.what, old.number) == ("replaced", "plan", first.number)
    assert (old.newer, old.newer_at) == (second.number, second.approved_at)
    assert verify(Asked(second.digest)).state == "current"
    assert verify_file(json.dumps(second.content).encode()).what == "plan"


def test_what_is_written_after_the_approval_leaves_its_code(sheet, coordinator, head):
    plan = plan_of(sheet.assessment)
    frozen = approve(plan, "จัดทำระบบข้อมูลกลาง", coordinator=coordinator, head=head)
    card = card_of(plan)
    done = values(measure=card.measure, state="done", evidence="https://example.org/a")
    services.save_card(card, version=card.version, values=done, by=coordinator)
    assert printing.paper_of(case_of(sheet)).seal.digest == frozen.digest[:12]
    assert list(integrity.plans()) == []
    ApprovedPlan.objects.update(content=frozen.content | {"number": 9})
    assert [breach.partition(":")[2] for breach in integrity.plans()] == [" content and digest differ"]


def test_an_approved_plan_is_printed_in_twelve_queries_for_anybody(
    sheet, coordinator, head, officer, as_user
):
    plan = plan_of(sheet.assessment)
    approve(plan, "จัดทำระบบข้อมูลกลาง", coordinator=coordinator, head=head)
    follow_up(plan, coordinator)
    readers = {
        "coordinator": coordinator,
        "officer": officer,
        "auditor": base.make_official("auditor"),
        "lead": make_lead(sheet.assessment),
    }
    address = f"/results/{sheet.assessment_id}/plan/plan.pdf"
    needed = {name: visit(as_user(reader), "GET", address).queries for name, reader in readers.items()}
    assert max(needed.values()) <= 12, needed


def test_a_plan_of_before_is_frozen_by_the_clock_once(sheet, coordinator, head):
    plan = plan_of(sheet.assessment)
    frozen = approve(plan, "จัดทำระบบข้อมูลกลาง", coordinator=coordinator, head=head)
    ApprovedPlan.objects.all().delete()
    assert printing.paper_of(case_of(sheet)).seal.unsealed == "แผนนี้อนุมัติก่อนที่ระบบจะตรึงแผนที่อนุมัติ"
    assert [approved.freeze_earlier() for _time in (1, 2)] == [1, 0]
    again = ApprovedPlan.objects.get()
    assert (again.digest, again.approved_at) == (frozen.digest, frozen.approved_at)


def test_a_follow_up_is_found_by_the_code_beside_it(sheet, coordinator):
    sent = follow_up(plan_of(sheet.assessment), coordinator)
    first, second = printing.paper_of(case_of(sheet)).rounds
    finding = verify(read_code(first.code))
    assert (finding.state, finding.what, finding.number) == ("current", "follow_up", 6)
    assert finding.at == sent.submitted_at
    assert second.code == ""
    # One that was sent before follow-ups named their agency has no code, and is told to nobody.
    content = {key: sent.content[key] for key in ("months", "due_on", "plan_number", "cards")}
    FollowUp.objects.filter(pk=sent.pk).update(content=content)
    assert printing.paper_of(case_of(sheet)).rounds[0].code == ""
    assert verify(Asked(sent.digest)) == authenticity.NOT_OURS


# --- files --------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_a_printed_form_is_known_by_its_bytes_and_that_of_a_draft_is_not(head, agency, cycle, coordinator):
    case = base.make_assessment(agency=agency, cycle=cycle, complete=True)
    files = {}
    for name in ("draft", "sent"):
        submission = base.hand_over(case, by=head) if name == "sent" else None
        row = form_printing.order(case, Wanted("profile"), submission=submission, by=coordinator)
        form_printing.make(row.pk, progress=lambda step, of: None)
        with Print.objects.get(pk=row.pk).file.open("rb") as file:
            files[name] = file.read()
    finding = verify_file(files["sent"])
    assert (finding.state, finding.what, finding.number) == ("current", "submission", 1)
    assert verify_file(files["draft"]) == authenticity.ASK_FOR_CODE


def test_a_pdf_that_is_kept_nowhere_is_asked_for_its_code(client, db):
    page = client.post(PAGE, {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.7 anything")}).content.decode()
    assert "ยังบอกไม่ได้จากไฟล์ PDF นี้" in page
    assert "ไม่ตรงกับฉบับที่ออก" not in page


def test_a_miss_costs_a_query_for_each_kind(db, django_assert_num_queries):
    with django_assert_num_queries(len(authenticity.KINDS)):
        assert verify(Asked("0" * 12, "ABC", 2570)) == authenticity.NOT_OURS


def test_the_command_tells_the_same_of_files(sheet, tmp_path, capsys):
    document = json.loads(json.dumps(result_json(sheet)))
    good, bad, other = (tmp_path / name for name in ("good.json", "bad.json", "other.pdf"))
    good.write_text(json.dumps(document), encoding="utf-8")
    call_command("verify", good)
    told = capsys.readouterr().out
    assert "เป็นผลฉบับปัจจุบัน" in told
    assert sheet.digest in told
    assert str(sheet.verified_total) not in told
    document["sheet"]["scores"]["verified"]["total"] = "500.00"
    bad.write_text(json.dumps(document), encoding="utf-8")
    other.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="2 of 3 files"):
        call_command("verify", good, bad, other)
    told = capsys.readouterr().out
    assert "ไม่ตรงกับฉบับที่ออก" in told
    assert "ยังบอกไม่ได้จากไฟล์ PDF นี้" in told
    with pytest.raises(CommandError, match=r"nothing\.json"):
        call_command("verify", tmp_path / "nothing.json")
