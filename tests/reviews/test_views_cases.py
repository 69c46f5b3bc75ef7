from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Status
from pmqa.accounts.admin_site import site
from pmqa.accounts.models import Appointment, Membership
from reviews.admin import AssignmentAdmin, AssignmentForm
from reviews.models import Assignment
from reviews.services import assigning, consensus, marking
from tests import factories
from tests.pages import text_of
from tests.reviews import cases
from tests.reviews.settled import settled_case

LIST = reverse("reviews:cases")


@pytest.fixture
def case(agency, cycle):
    return cases.submitted_case(agency=agency, cycle=cycle)


@pytest.fixture
def browser(as_user, administrator):
    return as_user(administrator)


def url_of(case, name="case", *more):
    return reverse(f"reviews:{name}", args=[case.pk, *more])


def chosen(team, lead, **extra):
    return {"reviewers": [person.pk for person in team], "lead": lead.pk} | extra


# --- doors ------------------------------------------------------------------------------------------


def test_only_opdc_follows_the_cases(case, as_user, coordinator, lead):
    for person in (coordinator, lead, factories.make_official("executive")):
        client = as_user(person)
        assert client.get(LIST).status_code == 403
        assert client.get(url_of(case)).status_code == 403
    for office in ("administrator", "officer", "auditor"):
        client = as_user(factories.make_official(office))
        assert client.get(LIST).status_code == 200
        assert client.get(url_of(case)).status_code == 200


def test_an_officer_sees_no_drafts(assessment, as_user, officer):
    client = as_user(officer)
    assert client.get(url_of(assessment)).status_code == 404
    assert str(assessment.agency) not in text_of(client.get(LIST))


def test_an_officer_and_an_auditor_assign_and_open_nothing(case, as_user, officer, team, lead):
    for person in (officer, factories.make_official("auditor")):
        client = as_user(person)
        assert client.post(url_of(case, "assign"), chosen(team, lead)).status_code == 403
        assert client.post(url_of(case, "open_review")).status_code == 403
    assert client.post(url_of(case, "send_back"), {"note": "ขาดหมวด 3"}).status_code == 403
    assert not Assignment.objects.exists()
    assert cases.status_of(case) == Status.SUBMITTED


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_counts_every_state_and_names_the_next_step(case, browser, cycle):
    factories.make_assessment(cycle=cycle)
    factories.make_agency()
    response = browser.get(LIST)
    figures = {value: count for value, _name, count, _tone in response.context["figures"]}
    assert figures == {"absent": 1, "drafting": 1, "submitted": 1, "in_review": 0}
    assert "มอบหมายผู้ตรวจ" in text_of(response)


def test_what_was_not_submitted_is_called_so_and_has_no_nought(case, browser, cycle):
    late = factories.make_assessment(cycle=cycle)
    extended = factories.make_assessment(cycle=cycle)
    never = factories.make_agency()
    Assessment.objects.filter(pk=extended.pk).update(extended_until=timezone.now() + timedelta(days=5))
    cycle.closes_at = timezone.now() - timedelta(days=1)
    cycle.save()
    page = browser.get(LIST)
    figures = {value: count for value, _name, count, _tone in page.context["figures"]}
    assert (figures["missed"], figures["drafting"], figures["absent"]) == (1, 1, 1)
    missed = browser.get(LIST, {"status": "missed"})
    assert [line.assessment for line in missed.context["lines"]] == [late]
    assert "ไม่ส่ง" in text_of(missed)
    assert str(never) in text_of(browser.get(LIST, {"status": "absent"}))


def test_filters_narrow_by_name_code_ministry_status_and_cycle(case, browser, cycle):
    other = factories.make_assessment(cycle=cycle)
    elsewhere = factories.make_assessment(cycle=factories.make_cycle(year=2569, name="รอบก่อน"))

    def found(**query):
        return [line.assessment.pk for line in browser.get(LIST, query).context["lines"]]

    assert found() == sorted([case.pk, other.pk], key=[case.pk, other.pk].index)
    assert found(q=case.agency.code) == [case.pk]
    assert found(q=other.agency.name) == [other.pk]
    assert found(ministry=case.agency.ministry_id) == [case.pk]
    assert found(status="drafting") == [other.pk]
    assert found(cycle=elsewhere.cycle_id) == [elsewhere.pk]
    assert found(cycle="x", ministry="y", status="z", page="w") == found()
    assert "ไม่พบหน่วยงาน" in text_of(browser.get(LIST, {"q": "ไม่มีชื่อนี้"}))


def test_a_long_list_has_pages(case, browser, cycle):
    agencies = [factories.make_agency(ministry=case.agency.ministry) for _ in range(50)]
    Assessment.objects.bulk_create(Assessment(cycle=cycle, agency=agency) for agency in agencies)
    assert len(browser.get(LIST).context["lines"]) == 50
    assert len(browser.get(LIST, {"page": 2}).context["lines"]) == 1


def test_no_cycle_yet_is_said(browser):
    assert "ยังไม่มีรอบการประเมิน" in text_of(browser.get(LIST))


# --- one case -----------------------------------------------------------------------------------------


def test_the_case_shows_its_road_and_its_receipt(case, browser):
    page = text_of(browser.get(url_of(case)))
    assert case.submissions.get().digest in page
    assert "กำลังจัดทำ" in page


def test_the_administrator_assigns_and_opens(case, browser, team, lead):
    assert browser.post(url_of(case, "assign"), chosen(team, lead, lead_marks="on")).status_code == 302
    assert Assignment.objects.active().filter(assessment=case, marks=True).count() == 21
    page = text_of(browser.get(url_of(case)))
    assert "เปิดการตรวจ" in page
    assert "0/160" in page
    browser.post(url_of(case, "open_review"))
    assert cases.status_of(case) == Status.IN_REVIEW


def test_opening_too_early_says_why(case, browser):
    page = text_of(browser.post(url_of(case, "open_review"), follow=True))
    assert "ยังไม่มีผู้ตรวจในหมวด 1" in page
    assert cases.status_of(case) == Status.SUBMITTED


def test_who_has_a_tie_cannot_be_chosen_and_is_refused_when_posted(case, browser, team, lead):
    tied = factories.make_member(case.agency, "viewer")
    page = text_of(browser.get(url_of(case), {"who": tied.email}))
    assert f"{tied} ({tied.email}) · เลือกไม่ได้" in page
    response = browser.post(url_of(case, "assign"), chosen([*team, tied], lead))
    assert response.status_code == 422
    assert "ข้อ 1" in text_of(response)
    assert not Assignment.objects.exists()


def test_people_with_other_roles_are_found_by_searching(case, browser, lead):
    colleague = factories.make_member(factories.make_agency(), "viewer")
    closed = factories.make_user(is_active=False)
    page = text_of(browser.get(url_of(case)))
    assert lead.email in page
    assert colleague.email not in page
    assert colleague.email in text_of(browser.get(url_of(case), {"who": colleague.first_name}))
    assert f"({closed.email})" not in text_of(browser.get(url_of(case), {"who": closed.email}))


def test_a_team_without_lead_is_refused_at_the_field(case, browser, team):
    response = browser.post(url_of(case, "assign"), {"reviewers": [team[0].pk]})
    assert response.status_code == 422
    assert "เลือกหัวหน้าทีมหนึ่งคน" in text_of(response)


def test_the_officer_sends_back_with_a_note_and_the_text_survives_a_refusal(
    case, as_user, officer, team, lead
):
    client = as_user(officer)
    response = client.post(url_of(case, "send_back"), {"note": " "})
    assert response.status_code == 422
    assert client.post(url_of(case, "send_back"), {"note": "ขาดหมวด 3"}).status_code == 302
    assert cases.status_of(case) == Status.RETURNED
    opened = cases.open_case(*team, lead=lead, cycle=case.cycle)
    assert "ส่งกลับแก้ไข</h2>" not in text_of(client.get(url_of(opened)))
    response = client.post(url_of(opened, "send_back"), {"note": "พิมพ์ไว้ยาวมาก"})
    assert response.status_code == 409
    assert cases.status_of(opened) == Status.IN_REVIEW


def test_one_person_is_withdrawn(browser, team, lead):
    case = cases.open_case(*team, lead=lead)
    browser.post(url_of(case, "withdraw", team[0].pk))
    assert not Assignment.objects.active().filter(reviewer=team[0]).exists()
    assert browser.post(url_of(case, "withdraw", team[0].pk)).status_code == 404


def test_no_get_changes_a_case(case, browser):
    for name in ("assign", "open_review", "send_back"):
        assert browser.get(url_of(case, name)).status_code == 405


# --- blindness --------------------------------------------------------------------------------------------


def test_an_administrator_who_reviews_learns_nothing_of_the_others_before_handing_in(as_user, team, lead):
    Appointment.objects.create(user=team[0], role="administrator")
    case = cases.open_case(*team, lead=lead)
    client = as_user(team[0])
    cases.mark_everything(case, by=team[1])
    marking.hand_in(case, by=team[1])
    assert "160/160" not in text_of(client.get(url_of(case)))
    assert "1 จาก 2 คน" not in text_of(client.get(LIST))
    cases.mark_everything(case, by=team[0])
    marking.hand_in(case, by=team[0])
    assert "160/160" in text_of(client.get(url_of(case)))
    assert "2 จาก 2 คน" in text_of(client.get(LIST))


def test_the_agency_never_reads_names_or_counts(as_user, team, lead, administrator):
    case = cases.open_case(*team, lead=lead)
    member = factories.make_member(case.agency, "coordinator")
    assert as_user(member).get(url_of(case)).status_code == 403
    for person in (*team, lead):
        assert not case.changes.filter(actor=person).exists()


# --- the administration site --------------------------------------------------------------------------------


def test_an_assignment_in_the_administration_obeys_the_same_rules(case, lead):
    categories = case.cycle.edition.categories
    tied = factories.make_member(case.agency, "viewer")
    draft = factories.make_assessment(cycle=case.cycle)
    right = {
        "assessment": case.pk,
        "category": categories.get(code="1").pk,
        "reviewer": lead.pk,
        "marks": True,
    }

    def fault(**changes) -> str:
        return str(AssignmentForm(right | changes).errors)

    assert "ข้อ 1" in fault(reviewer=tied.pk)
    assert "หมวด 1 ถึง 7" in fault(category=categories.get(code="OP").pk)
    assert "กำลังจัดทำ" in fault(assessment=draft.pk)
    assert AssignmentForm(right).is_valid()


def test_an_administrator_adds_one_in_the_administration(case, browser, lead):
    posted = {
        "assessment": case.pk,
        "category": case.cycle.edition.categories.get(code="1").pk,
        "marks": "on",
    }
    tied = factories.make_member(case.agency, "viewer")
    add = reverse("admin:reviews_assignment_add")
    assert "ข้อ 1" in text_of(browser.post(add, posted | {"reviewer": tied.pk}))
    assert browser.post(add, posted | {"reviewer": lead.pk}).status_code == 302
    row = Assignment.objects.get()
    assert (row.reviewer, row.category.code, row.marks, row.is_lead) == (lead, "1", True, False)
    for url in (
        reverse("admin:reviews_assignment_changelist"),
        reverse("admin:reviews_assignment_change", args=[row.pk]),
    ):
        assert browser.get(url).status_code == 200


def test_the_administration_adds_and_never_changes_what_was_opened(rf, administrator, officer, team, lead):
    case = cases.open_case(*team, lead=lead)
    row = Assignment.objects.filter(assessment=case).first()
    page = AssignmentAdmin(Assignment, site)
    request = rf.get("/")
    request.user = administrator
    assert page.has_add_permission(request)
    assert not page.has_change_permission(request, row)
    assert not page.has_delete_permission(request, row)
    assert page.get_actions(request) == {}
    request.user = officer
    assert not page.has_add_permission(request)


# --- query ceilings -----------------------------------------------------------------------------------


def test_the_list_and_a_case_cost_the_same_with_many_rows(
    browser, team, lead, cycle, django_assert_max_num_queries
):
    case = cases.submitted_case(cycle=cycle)
    for _round in range(2):
        for url in (LIST, f"{LIST}?status=absent", url_of(case)):
            with django_assert_max_num_queries(12):
                assert browser.get(url).status_code == 200
        cases.open_case(*team, lead=lead, cycle=cycle)
        for _ in range(5):
            factories.make_member(factories.make_assessment(cycle=cycle).agency, "coordinator")
            factories.make_user()
        administrator = factories.make_official("administrator")
        assigning.assign(case, reviewers=team, lead=lead, lead_marks=False, by=administrator)


def test_a_member_of_the_ministry_who_reviews_elsewhere_is_no_candidate(case, browser, team, lead):
    cases.open_case(*team, lead=lead, cycle=case.cycle)
    Membership.objects.create(user=team[0], agency=case.agency, role="viewer")
    page = text_of(browser.get(url_of(case)))
    assert f"{team[0]} ({team[0].email}) · เลือกไม่ได้" in page


def test_publishing_begins_on_the_page_that_shows_what_is_frozen(agency, cycle, lead, administrator, browser):
    case = settled_case(factories.make_user(), lead=lead, agency=agency, cycle=cycle)
    consensus.finish(case, by=lead)
    page = text_of(browser.get(url_of(case)))
    place = reverse("results:publish", args=[case.pk])
    assert f'<a class="btn btn-primary" href="{place}">' in page
    assert f'action="{place}"' not in page
