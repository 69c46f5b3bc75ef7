"""Who is what in an agency: the table of who gives and ends which role, and what its page does not give away."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.services import asking, people, threads
from assessments.services.people import Term
from pmqa.accounts import log
from pmqa.accounts.models import LogEntry, Membership, User
from pmqa.errors import Conflict, Refused
from reviews.models import Assignment
from tests import factories
from tests.reviews import cases

pytestmark = pytest.mark.django_db

ROLES = ("head", "acting_head", "coordinator", "owner", "contributor", "viewer")
GIVES = {
    "head": set(ROLES),
    "acting_head": {"coordinator", "owner", "contributor", "viewer"},
    "coordinator": {"acting_head", "owner", "contributor", "viewer"},
    "owner": {"contributor"},
    "contributor": set(),
    "viewer": set(),
    "administrator": set(ROLES),
}


def person_of(agency, role: str):
    if role == "administrator":
        return factories.make_official(role)
    return factories.make_member(agency, role, categories=["1"] if role == "owner" else [])


def term(role: str, **extra) -> Term:
    today = timezone.localdate()
    dates = {"starts_on": today, "ends_on": today + timedelta(days=30), "order_reference": "คำสั่งที่ 12/2570"}
    return Term(role, **((dates if role == "acting_head" else {}) | extra))


def add(agency, by, role="contributor", email="new@test.example", **extra) -> Membership:
    return people.add(agency, email=email, called="คนใหม่ สมมติ", term=term(role, **extra), by=by).membership


def role_of(user, agency) -> Membership:
    return Membership.objects.select_related("user", "agency").get(user=user, agency=agency)


def code_of(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize("giver", GIVES)
def test_who_gives_which_role(agency, giver):
    by = person_of(agency, giver)
    for role in ROLES:
        if role in GIVES[giver]:
            assert add(agency, by, role, f"{role}@test.example").role == role
        else:
            with pytest.raises(PermissionDenied):
                add(agency, by, role, f"{role}@test.example")


@pytest.mark.parametrize("ender", GIVES)
def test_who_ends_which_role(agency, ender):
    factories.make_member(agency, "coordinator")
    by = person_of(agency, ender)
    for role in ROLES:
        row = role_of(person_of(agency, role), agency)
        # What a coordinator recorded about the head's post, the head ends.
        if role in GIVES[ender] - ({"acting_head"} if ender == "coordinator" else set()):
            assert people.end(row, by=by).ended_at
        else:
            with pytest.raises(PermissionDenied):
                people.end(row, by=by)


def test_nobody_makes_or_changes_themselves_anything(agency, head, coordinator, administrator):
    for by in (head, coordinator, administrator):
        assert code_of(lambda by=by: add(agency, by, email=by.email)) == "self"
    with pytest.raises(PermissionDenied):
        people.end(role_of(head, agency), by=head)


@pytest.mark.parametrize("left_out", ["order_reference", "starts_on", "ends_on"])
def test_whoever_stands_in_has_an_order_and_both_dates(agency, coordinator, left_out):
    assert code_of(lambda: add(agency, coordinator, "acting_head", **{left_out: ""})) == "order"
    assert add(agency, coordinator, "acting_head").order_reference == "คำสั่งที่ 12/2570"


def test_the_last_coordinator_stays(agency, head, coordinator):
    row = role_of(coordinator, agency)
    assert code_of(lambda: people.end(row, by=head)) == "last"
    today = timezone.localdate()
    assert code_of(lambda: people.change(row, version=0, categories=[], ends_on=today, by=head)) == "last"
    factories.make_member(agency, "coordinator")
    assert people.end(row, by=head).ended_at


def test_an_ended_role_is_out_at_once_and_its_row_and_name_stay(agency, coordinator, assessment, as_user):
    writer = factories.make_member(agency, "contributor", first_name="มานี")
    client, page = as_user(writer), reverse("assessments:overview", args=[assessment.pk])
    assert client.get(page).status_code == 200
    for _click in range(2):
        people.end(role_of(writer, agency), by=coordinator)
    assert client.get(page).status_code == 404
    assert LogEntry.objects.filter(action="member.ended", agency=agency).count() == 1
    shown = as_user(coordinator).get(reverse("assessments:people", args=[agency.pk])).content.decode()
    assert "บทบาทที่สิ้นสุดแล้ว" in shown
    assert f"สิ้นสุดบทบาทของ {writer}" in shown
    assert log.broken_links() == []


def test_the_same_role_again_on_the_same_day(agency, coordinator):
    first = add(agency, coordinator)
    assert add(agency, coordinator) == first, "twice is once"
    people.end(first, by=coordinator)
    again = add(agency, coordinator)
    assert again != first
    assert list(first.user.memberships.current()) == [again]


def test_a_role_that_is_there_already_is_changed_on_its_own_page(agency, coordinator):
    first = add(agency, coordinator, "owner", categories=("1",))
    assert add(agency, coordinator, "owner", categories=("1",)) == first
    assert code_of(lambda: add(agency, coordinator, "owner", categories=("1", "2"))) == "known"
    assert role_of(first.user, agency).categories == ["1"]


def test_an_owner_ends_only_who_writes_in_the_owners_categories(agency, coordinator, assessment):
    owner = factories.make_member(agency, "owner", categories=["1"])
    writer = factories.make_member(agency, "contributor")
    other = factories.make_member(agency, "contributor")
    ask = {"note": "", "due_on": None, "by": coordinator}
    asking.ask(assessment, person=writer, items=["1.1.1"], **ask)
    asking.ask(assessment, person=other, items=["1.1.1", "2.1.1"], **ask)
    with pytest.raises(PermissionDenied):
        people.end(role_of(other, agency), by=owner)
    assert people.end(role_of(writer, agency), by=owner).ended_at


def test_a_stale_page_is_shown_both(agency, coordinator, as_user):
    row = role_of(factories.make_member(agency, "owner", categories=["1"]), agency)
    people.change(row, version=0, categories=["1", "2"], ends_on=None, by=coordinator)
    with pytest.raises(Conflict):
        people.change(row, version=0, categories=["3"], ends_on=None, by=coordinator)
    url = reverse("assessments:member", args=[agency.pk, row.pk])
    stale = as_user(coordinator).post(url, {"version": 0, "categories": ["3"]})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "หมวด 1, 2" in page
    assert 'value="3" checked' in page
    assert 'name="version" value="1"' in page


# --- what is not given away -------------------------------------------------------------------


def post(client, agency, email: str, **extra):
    data = {"email": email, "called": "คนที่ขอ เพิ่ม", "role": "contributor"} | extra
    return client.post(reverse("assessments:add_person", args=[agency.pk]), data, follow=True)


def test_an_address_with_an_account_elsewhere_looks_like_any_other(agency, coordinator, as_user):
    factories.make_member(factories.make_agency(), "owner", email="known@test.example", first_name="ชื่อจริง")
    client, pages = as_user(coordinator), []
    for name in ("known", "other"):
        with transaction.atomic():
            page = post(client, agency, f"{name}@test.example").content.decode().split("<main")[1]
            pages.append(re.sub(r"\d+", "n", page.replace(name, "x")))
            transaction.set_rollback(True)
    assert "คนที่ขอ เพิ่ม เป็นผู้ร่วมเขียนแล้ว" in pages[0]
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["known@test.example"], ["other@test.example"]]


def test_whoever_signs_in_as_a_member_goes_by_their_own_name(agency, coordinator):
    known = factories.make_member(factories.make_agency(), "owner", first_name="ชื่อจริง")
    row = add(agency, coordinator, email=known.email)
    assert row.known_as == "คนใหม่ สมมติ"
    assert [str(person) for person in threads.members_of(agency) if person == known] == ["คนใหม่ สมมติ"]
    User.objects.filter(pk=known.pk).update(last_login=timezone.now())
    assert role_of(known, agency).known_as.startswith("ชื่อจริง")


def test_the_mail_sets_a_first_password(agency, coordinator, as_user, client):
    post(as_user(coordinator), agency, "new@test.example")
    assert not User.objects.get(email="new@test.example").has_usable_password()
    body = mail.outbox[0].body
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    page = client.get(link.partition("testserver")[2], follow=True)
    assert page.status_code == 200
    assert page.context["form"].fields.keys() >= {"password1", "password2"}


def test_the_mail_about_a_role_once_more_in_an_hour(agency, coordinator, as_user):
    """With a link for a first password only for whoever has none; the page says nothing about which it was."""
    known = add(agency, coordinator, email="known@test.example")
    known.user.set_password("a-password-of-one's-own")
    known.user.save()
    new = add(agency, coordinator, email="new@test.example")
    for row in (known, new, new):
        page = as_user(coordinator).post(
            reverse("assessments:tell_member", args=[agency.pk, row.pk]), follow=True
        )
        assert page.status_code == 200
    assert [sent.to for sent in mail.outbox] == [["known@test.example"], ["new@test.example"]]
    assert ["/password/reset/key/" in sent.body for sent in mail.outbox] == [False, True]
    assert LogEntry.objects.filter(action="member.told").count() == 2
    assert "ภายในหนึ่งชั่วโมงนี้" in page.content.decode()
    people.end(new, by=coordinator)
    assert code_of(lambda: people.tell_again(new, by=coordinator)) == "ended"


def refusal(client, agency, email: str) -> str:
    page = post(client, agency, email)
    assert page.status_code == 422
    return page.context["reason"]


def test_reviewers_officials_and_closed_accounts_are_refused_in_the_same_words(agency, coordinator, as_user):
    reviewer = factories.make_user("reviewer@test.example")
    case = cases.open_case(reviewer, lead=factories.make_user())
    factories.make_official("officer", email="officer@test.example")
    factories.make_user("closed@test.example", is_active=False)
    client = as_user(coordinator)
    told = {refusal(client, agency, f"{name}@test.example") for name in ("reviewer", "officer", "closed")}
    assert len(told) == 1
    assert not Membership.objects.filter(user=reviewer).exists()
    Assignment.objects.filter(assessment=case).update(recused_at=timezone.now())
    assert add(agency, coordinator, email=reviewer.email).user == reviewer
