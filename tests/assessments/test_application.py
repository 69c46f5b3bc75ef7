"""Form 1: the award that an agency applies for, and whom OPDC asks about it; the checklist of the four forms."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments import snapshot
from assessments.applications import application_of, forms_asked
from assessments.models import Application, Assessment, Cycle, award_words
from assessments.pages.checklist import checklist
from assessments.pages.difference import changes_between
from assessments.pages.state import state_of
from assessments.paper.content import Wanted
from assessments.paper.printing import render_html
from assessments.paper.writing import compose
from assessments.progress import ApplicationState, FormsAsked, measure
from assessments.reading import measure_answers, read_answers, tree_of
from assessments.services import application as services
from assessments.services import checking
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from tests import factories
from tests.assessments.test_paper import paper_of

VALUES = {
    "award": "categories",
    "categories": ["4"],
    "contact_name": "นางสาวสมมติ ติดต่อง่าย",
    "contact_position": "ผู้อำนวยการกลุ่มสมมติ",
    "contact_phone": "0 2000 1111",
    "contact_mail": "unit@agency.example",
    "remarks": "",
}
SECRETS = (VALUES["contact_name"], VALUES["contact_phone"], VALUES["contact_mail"])


def reloaded(assessment) -> Assessment:
    return Assessment.objects.with_places().get(pk=assessment.pk)


def address(assessment) -> str:
    return reverse("assessments:application", args=[assessment.pk])


def posted(**changes) -> dict:
    return VALUES | {"version": 0} | changes


def saved(assessment, by, **changes) -> Application:
    return services.save_application(
        assessment, version=changes.pop("version", 0), values=VALUES | changes, by=by
    )


# --- saving -----------------------------------------------------------------------------------


def test_the_clock_of_the_database_decides_and_is_told(assessment, coordinator):
    Cycle.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    with time_machine.travel(timezone.now() - timedelta(days=2)), pytest.raises(Refused) as caught:
        saved(assessment, coordinator)
    assert str(caught.value).startswith("ปิดรับแล้วเมื่อ")


def test_an_application_by_category_says_which(assessment, coordinator):
    found = saved(assessment, coordinator, categories=["6", "4", "9"])
    assert (found.award, found.categories, found.version) == ("categories", ["4", "6"], 1)
    assert found.words == "รายหมวด หมวด 4, 6"
    assert saved(assessment, coordinator, version=1, award="whole").words == "ทั้งรางวัล (ดีเด่น)"


def test_the_whole_award_has_no_categories(assessment, coordinator):
    assert saved(assessment, coordinator, award="whole").categories == []


def test_the_log_says_what_is_applied_for_and_not_whom_to_ask(assessment, coordinator):
    saved(assessment, coordinator)
    entry = LogEntry.objects.get(action="assessment.application_saved")
    assert (entry.data["award"], entry.data["categories"]) == ("categories", ["4"])
    assert entry.agency_id == assessment.agency_id
    assert not any(secret in str(entry.data) for secret in SECRETS)
    saved(assessment, coordinator, version=1)
    assert LogEntry.objects.filter(action="assessment.application_saved").count() == 1


def test_the_second_of_two_sees_what_the_first_saved(assessment, coordinator):
    saved(assessment, coordinator)
    with pytest.raises(Conflict) as conflict:
        saved(assessment, coordinator, contact_name="อีกคน")
    assert conflict.value.current.contact_name == VALUES["contact_name"]


@pytest.mark.parametrize("role", ["owner", "contributor", "viewer", "head"])
def test_only_the_coordinator_applies(role, assessment):
    member = factories.make_member(assessment.agency, role, categories=["4"] if role == "owner" else None)
    with pytest.raises(PermissionDenied):
        saved(assessment, member)


def test_an_award_by_category_without_a_category_is_refused(assessment, coordinator):
    with pytest.raises(Refused) as refused:
        saved(assessment, coordinator, categories=[])
    assert refused.value.code == "categories"


def test_what_is_handed_over_is_not_changed_any_more(assessment, coordinator):
    Assessment.objects.filter(pk=assessment.pk).update(status="internal_check")
    with pytest.raises(Refused) as refused:
        saved(assessment, coordinator)
    assert refused.value.code == "closed"


@pytest.mark.parametrize("wrong", [{"award": "some"}, {"award": "whole", "categories": ["4"]}])
def test_the_database_keeps_no_award_that_there_is_not(wrong, assessment):
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(assessment=assessment, **wrong)


# --- the page ---------------------------------------------------------------------------------


def test_the_page_saves_and_shows_what_was_saved(as_user, assessment, coordinator):
    client = as_user(coordinator)
    response = client.post(address(assessment), posted(), follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert all(secret in html for secret in SECRETS)
    assert application_of(reloaded(assessment)).version == 1
    # A double click is not a conflict.
    assert client.post(address(assessment), posted()).status_code == 302


def test_a_wrong_mail_keeps_what_was_typed(as_user, assessment, coordinator):
    response = as_user(coordinator).post(
        address(assessment), posted(contact_mail="no mail", remarks="เหตุผลยาว")
    )
    assert response.status_code == 422
    assert "เหตุผลยาว" in response.content.decode()
    assert application_of(reloaded(assessment)) is None


def test_a_page_that_is_stale_shows_both_texts_and_then_stores(as_user, assessment, coordinator):
    saved(assessment, coordinator)
    client = as_user(coordinator)
    response = client.post(address(assessment), posted(contact_name="ชื่อของคนที่สอง"))
    html = response.content.decode()
    assert response.status_code == 409
    assert VALUES["contact_name"] in html
    assert "ชื่อของคนที่สอง" in html
    assert 'name="version" value="1"' in html
    assert client.post(address(assessment), posted(contact_name="ชื่อของคนที่สอง", version=1)).status_code == 302
    assert application_of(reloaded(assessment)).contact_name == "ชื่อของคนที่สอง"


def test_the_script_is_answered_in_json_whatever_comes_of_it(as_user, assessment, coordinator):
    def reply(**changes):
        response = client.post(address(assessment), posted(**changes), headers={"Accept": "application/json"})
        return response.status_code, response.json()

    client = as_user(coordinator)
    status, told = reply()
    assert (status, told["state"], told["version"]) == (200, "saved", 1)
    assert "บันทึกแล้ว" in told["message"]
    # A reply that got lost: the same once more.
    assert reply()[1]["version"] == 1
    status, told = reply(award="whole", contact_name="ชื่อของคนที่สอง")
    assert (status, told["state"], told["version"]) == (409, "conflict", 1)
    for text in ("ชื่อของคนที่สอง", VALUES["contact_position"]):
        assert (text in told["html"]) is (text == "ชื่อของคนที่สอง")
    assert "รายหมวด หมวด 4" in told["html"].replace("<ins>", "").replace("</ins>", "")
    assert told["theirs"]["values"]["categories"] == ["4"]
    status, told = reply(version=1, categories=[], contact_mail="no mail")
    assert (status, set(told["errors"])) == (422, {"categories", "contact_mail"})
    Assessment.objects.filter(pk=assessment.pk).update(status="internal_check")
    status, told = reply(version=1, contact_name="สายไป")
    assert (status, told["state"]) == (403, "refused")


def test_what_was_typed_outlives_the_log_in(client, assessment):
    page = client.post(address(assessment), posted(remarks="ยังอยู่"))
    assert page.status_code == 401
    assert "ยังอยู่" in page.content.decode()
    told = client.post(address(assessment), posted(), headers={"Accept": "application/json"})
    assert told.json()["state"] == "signed_out"
    assert client.get(address(assessment)).status_code == 302


def test_the_form_saves_itself_only_where_it_may_be_saved(as_user, assessment, coordinator):
    assert "data-autosave" in as_user(coordinator).get(address(assessment)).content.decode()
    Assessment.objects.filter(pk=assessment.pk).update(status="internal_check")
    late = as_user(coordinator).post(address(assessment), posted(remarks="สายไป")).content.decode()
    assert "สายไป" in late
    assert "data-autosave" not in late


def test_who_only_reads_sees_no_form(as_user, assessment, coordinator):
    saved(assessment, coordinator)
    html = (
        as_user(factories.make_member(assessment.agency, "viewer")).get(address(assessment)).content.decode()
    )
    assert "รายหมวด หมวด 4" in html
    assert 'name="contact_name"' not in html


def test_a_neighbour_is_told_that_there_is_nothing(as_user, assessment):
    neighbour = factories.make_member(factories.make_agency(), "coordinator")
    assert as_user(neighbour).get(address(assessment)).status_code == 404
    assert as_user(neighbour).post(address(assessment), posted()).status_code == 404


# --- what the cycle asks for ------------------------------------------------------------------


def test_a_new_assessment_has_four_forms_of_which_3_and_4_are_required(assessment):
    state = state_of(reloaded(assessment), read_answers(assessment))
    assert [(line.number, line.is_required) for line in checklist(state)] == [
        ("1", False), ("2", False), ("3", True), ("4", True),
    ]  # fmt: skip


def test_1_and_2_are_required_where_the_cycle_says_so(agency):
    cycle = factories.make_cycle(requires_application=True, requires_profile=True)
    assessment = reloaded(factories.make_assessment(agency=agency, cycle=cycle))
    lines = checklist(state_of(assessment, read_answers(assessment)))
    assert [line.is_required for line in lines] == [True] * 4


def test_the_overview_lists_them_without_a_word_about_blocking_where_they_do(as_user, agency, coordinator):
    cycle = factories.make_cycle(requires_application=True, requires_profile=True)
    assessment = factories.make_assessment(agency=agency, cycle=cycle)
    html = as_user(coordinator).get(reverse("assessments:overview", args=[assessment.pk])).content.decode()
    names = ("แบบฟอร์มที่ 1 ใบสมัคร", "แบบฟอร์มที่ 2", "แบบฟอร์มที่ 3", "แบบฟอร์มที่ 4")
    assert all(name in html for name in names)
    assert html.count("ต้องมีก่อนส่ง") == 4
    assert "ไม่ขวางการส่ง" not in html


def test_nothing_of_form_1_is_a_gap_unless_it_is_asked_for(assessment):
    tree = tree_of(assessment)
    assert not [gap for gap in measure(tree, {}, []).gaps if not gap.topic]
    asked = measure(tree, {}, [], FormsAsked(application=True))
    assert [gap.code for gap in asked.gaps[:3]] == ["award", "contact_name", "contact_way"]
    written = ApplicationState("whole", "ชื่อสมมติ", "0 2000 0000")
    complete = measure(tree, {}, [], FormsAsked(application=True, written=written))
    assert not [gap for gap in complete.gaps if not gap.topic]
    assert complete.application.is_complete


def test_the_profile_blocks_where_it_is_asked_for(assessment):
    tree = tree_of(assessment)
    before = measure(tree, {}, [])
    asked = measure(tree, {}, [], FormsAsked(profile=True))
    assert before.profile_gaps
    assert not {gap.topic for gap in before.gaps} & {gap.topic for gap in before.profile_gaps}
    assert asked.gaps == (*before.gaps, *before.profile_gaps)


def test_without_the_application_nothing_is_handed_in_and_the_check_leads_to_it(as_user, agency, coordinator):
    cycle = factories.make_cycle(requires_application=True)
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    with pytest.raises(Refused) as refused:
        checking.start_check(assessment, by=coordinator)
    assert refused.value.code == "gaps"
    html = as_user(coordinator).get(reverse("assessments:check", args=[assessment.pk])).content.decode()
    assert f'href="{address(assessment)}#div_f-award"' in html
    assert f'href="{address(assessment)}#f-contact_phone"' in html
    saved(assessment, coordinator)
    assert checking.start_check(assessment, by=coordinator).status == "internal_check"


def test_an_assessment_without_the_profile_is_checked_as_before(assessment):
    factories.complete_answers(assessment)
    asked = forms_asked(reloaded(assessment))
    assert measure_answers(tree_of(assessment), read_answers(assessment), asked).is_complete


# --- frozen and printed -----------------------------------------------------------------------


def test_the_submission_carries_the_application(assessment, coordinator):
    factories.complete_answers(assessment)
    saved(assessment, coordinator)
    frozen = factories.hand_over(assessment).content
    assert frozen["schema"] == 3
    assert frozen["application"] == {
        "award": "categories",
        "categories": ["4"],
        "contact": {
            "name": VALUES["contact_name"],
            "position": VALUES["contact_position"],
            "phone": VALUES["contact_phone"],
            "mail": VALUES["contact_mail"],
        },
        "remarks": "",
    }
    assert award_words(frozen["application"]) == "รายหมวด หมวด 4"


def test_without_one_the_submission_says_so(assessment):
    assert snapshot.build(assessment, read_answers(assessment))["application"] is None


def test_a_submission_of_an_older_schema_opens_prints_and_compares(as_user, assessment, coordinator):
    factories.complete_answers(assessment)
    submission = factories.hand_over(assessment)
    del submission.content["application"]
    submission.content["schema"] = 2
    submission.digest = snapshot.digest_of(submission.content)
    submission.save()
    client = as_user(coordinator)
    copied = client.post(reverse("assessments:receipt_copy", args=[assessment.pk]))
    assert copied.status_code == 200
    assert "ใบสมัคร" not in copied.content.decode()
    assert "แบบฟอร์มที่ 1" not in render_html(paper_of(assessment, content=submission.content))
    saved_now = snapshot.build(assessment, read_answers(assessment)) | {
        "application": {"award": "whole", "categories": [], "contact": {}, "remarks": ""}
    }
    changes = changes_between(assessment, submission.content, saved_now)
    assert [(change.title, change.url) for change in changes] == [("ใบสมัคร", address(assessment))]


@pytest.mark.parametrize("has_contact", [True, False])
def test_form_1_is_printed_and_whom_to_ask_only_for_the_agency_and_opdc(has_contact, assessment, coordinator):
    saved(assessment, coordinator)
    content = snapshot.build(reloaded(assessment), read_answers(assessment))
    paper = compose(
        content,
        tree_of(assessment),
        Wanted("all"),
        digest="0" * 64,
        years=assessment.cycle.result_years,
        printed_on=assessment.cycle.opens_at.date(),
        sent=None,
        has_contact=has_contact,
    )
    html = render_html(paper)
    assert "รายหมวด หมวด 4" in html
    assert [secret in html for secret in SECRETS] == [has_contact] * 3


def test_the_head_reads_what_is_applied_for(as_user, assessment, coordinator, head):
    factories.complete_answers(assessment)
    saved(assessment, coordinator)
    factories.await_head(assessment)
    html = as_user(head).get(reverse("assessments:submit", args=[assessment.pk])).content.decode()
    assert "รายหมวด หมวด 4" in html
