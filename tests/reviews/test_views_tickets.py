"""The pages of questions to the agency: what each side reads, and that nothing typed is lost."""

import pytest
from django.core import mail
from django.urls import reverse

from assessments.models import Status
from reviews.models import Assignment, Ticket
from reviews.services import tickets
from tests import factories
from tests.reviews import cases
from tests.reviews.questions import ADDITION, PART, QUESTION, add, ask, end_time, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer, other, lead):
    return cases.open_case(reviewer, other, lead=lead)


@pytest.fixture
def coordinator(case):
    return factories.make_member(case.agency, "coordinator")


def opened(client, user, name: str, *args) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_refused_question_comes_back_with_its_words(client, case, reviewer):
    client.force_login(reviewer)
    url = reverse("reviews:ask_ticket", args=[case.pk, factories.answer_of(case, PART).pk])
    words = "ทำไมคำตอบนี้แย่มาก"
    response = client.post(url, {"question": words})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert client.post(url, {"question": QUESTION}).status_code == 302
    assert Ticket.objects.get().question == QUESTION


def test_who_answers_gets_a_mail_that_names_neither_reviewer_nor_question(
    client, case, reviewer, coordinator
):
    owner = factories.make_member(case.agency, "owner", categories=["1"])
    others = [factories.make_member(case.agency, "owner", categories=["2"]).email]
    others += [factories.make_member(case.agency, role).email for role in ("head", "contributor")]
    client.force_login(reviewer)
    url = reverse("reviews:ask_ticket", args=[case.pk, factories.answer_of(case, PART).pk])
    client.post(url, {"question": QUESTION})
    told = {message.to[0] for message in mail.outbox}
    assert {coordinator.email, owner.email} <= told
    assert not told & {*others, reviewer.email}
    for message in mail.outbox:
        said = f"{message.subject}{message.body}{message.extra_headers}"
        assert not any(
            word in said for word in (reviewer.first_name, reviewer.email, QUESTION, str(case.agency))
        )


def test_the_asker_sees_the_clock_and_the_team_nothing_before_the_answer(
    client, case, reviewer, other, coordinator
):
    ticket = ask(case, reviewer)
    assert "เหลือ 5 วันทำการ" in opened(client, reviewer, "reviews:topic", case.pk, "1.2")
    assert QUESTION not in opened(client, other, "reviews:topic", case.pk, "1.2")
    add(ticket, coordinator)
    page = opened(client, other, "reviews:topic", case.pk, "1.2")
    assert QUESTION in page
    assert ADDITION in page
    assert "ท่านถาม" not in page
    assert reverse("reviews:weigh_ticket", args=[case.pk, ticket.pk]) in page


def test_the_agency_is_asked_on_its_overview_and_among_its_work(client, case, reviewer, coordinator):
    ticket = ask(case, reviewer)
    url = reverse("reviews:clarify", args=[case.pk, ticket.pk])
    for name, args in (("assessments:overview", [case.pk]), ("assessments:todo", [])):
        page = opened(client, coordinator, name, *args)
        assert url in page
        assert "เหลือ 5 วันทำการ" in page
    stranger = factories.make_member(case.agency, "owner", categories=["2"])
    assert url not in opened(client, stranger, "assessments:todo")
    end_time(case)
    assert url not in opened(client, coordinator, "assessments:todo")


def test_the_agency_answers_once_and_a_second_hand_keeps_its_words(client, case, reviewer, coordinator):
    ticket = ask(case, reviewer)
    url = reverse("reviews:clarify", args=[case.pk, ticket.pk])
    page = opened(client, coordinator, "reviews:clarify", case.pk, ticket.pk)
    assert str(reviewer) not in page
    assert client.post(url, {"addition": ADDITION}).status_code == 302
    client.force_login(factories.make_member(case.agency, "coordinator"))
    again = client.post(url, {"addition": "คำชี้แจงของอีกคน"})
    assert again.status_code == 422
    assert "คำชี้แจงของอีกคน" in again.content.decode()
    assert Ticket.objects.get().addition == ADDITION


def test_who_marks_the_category_gets_one_mail_of_an_answer(client, case, reviewer, other, lead, coordinator):
    first, second = ask(case, reviewer), ask(case, other, code="1.1.1.1")
    elsewhere = factories.make_user()
    Assignment.objects.create(
        assessment=case, reviewer=elsewhere, category=case.cycle.edition.categories.get(code="2")
    )
    client.force_login(coordinator)
    mail.outbox.clear()
    refused = client.post(reverse("reviews:clarify", args=[case.pk, first.pk]), {"addition": "..."})
    assert refused.status_code == 422
    assert mail.outbox == [], "nothing was stored, nobody is told"
    for ticket in (first, second):
        client.post(reverse("reviews:clarify", args=[case.pk, ticket.pk]), {"addition": ADDITION})
    assert sorted(message.to[0] for message in mail.outbox) == sorted([reviewer.email, other.email])
    for message in mail.outbox:
        said = f"{message.subject}{message.body}{message.extra_headers}"
        assert reverse("reviews:queue") in message.body
        assert not any(word in said for word in (ADDITION, QUESTION, str(case.agency), case.agency.code))


def test_a_late_addition_is_told_to_no_reviewer(client, case, reviewer, coordinator):
    ticket = ask(case, reviewer)
    end_time(case)
    client.force_login(coordinator)
    mail.outbox.clear()
    client.post(reverse("reviews:clarify", args=[case.pk, ticket.pk]), {"addition": ADDITION})
    assert Ticket.objects.get().is_late
    assert mail.outbox == []


def test_a_late_addition_is_shown_as_late(client, case, reviewer, coordinator):
    ticket = ask(case, reviewer)
    end_time(case)
    client.force_login(coordinator)
    url = reverse("reviews:clarify", args=[case.pk, ticket.pk])
    assert "ครบเวลาแล้ว" in client.get(url).content.decode()
    page = client.post(url, {"addition": ADDITION}, follow=True).content.decode()
    assert "เก็บคำชี้แจง" in page
    assert "ชี้แจงล่าช้า ไม่ใช้" in page
    assert ADDITION not in opened(client, reviewer, "reviews:topic", case.pk, "1.2")


def test_the_officer_follows_and_the_lead_reads_how_it_was_weighed(
    client, case, reviewer, other, lead, coordinator
):
    ticket = ask(case, reviewer)
    officer = factories.make_official("officer")
    assert reverse("reviews:case_tickets", args=[case.pk]) in opened(client, officer, "reviews:case", case.pk)
    page = opened(client, officer, "reviews:case_tickets", case.pk)
    assert "เหลือ 5 วันทำการ" in page
    assert str(reviewer) not in page
    add(ticket, coordinator)
    for person, counted in ((reviewer, True), (other, False)):
        tickets.weigh(ticket, counted=counted, by=person)
        hand_in(case, person)
    assert cases.status_of(case) == Status.CONSENSUS
    page = opened(client, lead, "reviews:decide", case.pk, ticket.answer_id)
    assert ADDITION in page
    assert page.count(">ใช้คำชี้แจง<") == page.count(">ไม่ใช้คำชี้แจง<") == 1
