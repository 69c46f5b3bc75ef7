"""Comments stay in the agency, are lost by nobody, and find the people they ask for."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import snapshot
from assessments.models import Answer, Comment, Mention, Thread
from assessments.models.threads import MAX_COMMENT
from assessments.reading import read_answers
from assessments.services import indicators, threads
from pmqa.accounts.models import Appointment, LogEntry, Membership
from reviews.models import Assignment
from tests import factories

PART = "1.1.2.1"
TEXT = "ขอตัวเลขของปี 2568 จากกองแผนงาน"


@pytest.fixture
def owner(agency):
    return factories.make_member(agency, "owner", categories=["1"])


@pytest.fixture
def answer(assessment) -> Answer:
    return factories.answer_of(assessment, PART)


def say(answer: Answer, by, text=TEXT, mentions=()) -> Comment:
    return threads.add_comment(answer, key=uuid.uuid4(), text=text, mentions=mentions, by=by)


def page_of(answer: Answer) -> str:
    return reverse("assessments:part_comments", args=[answer.assessment_id, PART])


def adding(answer: Answer, text=TEXT, **data) -> tuple[str, dict]:
    url = reverse("assessments:add_comment", args=[answer.assessment_id, answer.pk])
    return url, {"key": uuid.uuid4(), "text": text} | data


def own(name: str, comment: Comment) -> str:
    return reverse(f"assessments:{name}", args=[comment.thread.answer.assessment_id, comment.pk])


# --- saying -----------------------------------------------------------------------------------


def test_a_comment_is_stored_as_it_is_shown_and_returns_to_its_place(answer, coordinator, as_user):
    response = as_user(coordinator).post(*adding(answer, "เเก้\u200bไข\r\nบรรทัดสอง "))
    comment = Comment.objects.get()
    assert response.headers["Location"] == f"{page_of(answer)}#c{comment.pk}"
    assert (comment.text, comment.author_name) == ("แก้ไข\nบรรทัดสอง", str(coordinator))
    assert LogEntry.objects.get(action="comment.added").object_label == str(comment)


def test_the_same_form_twice_says_it_once(answer, coordinator, as_user):
    client, call = as_user(coordinator), adding(answer)
    assert [client.post(*call).status_code for _ in range(2)] == [302, 302]
    assert Comment.objects.count() == 1


def test_the_form_of_another_is_not_taken_for_ones_own(answer, coordinator, owner, as_user):
    first = say(answer, coordinator)
    response = as_user(owner).post(*adding(answer, "ข้อความของฉัน", key=first.key))
    assert response.status_code == 422
    assert "ข้อความของฉัน" in response.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n\u200b", "ก" * (MAX_COMMENT + 1)], ids=["empty", "blank", "long"])
def test_what_cannot_be_stored_comes_back(answer, coordinator, as_user, text):
    response = as_user(coordinator).post(*adding(answer, text))
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not Comment.objects.exists()


def test_signed_out_the_typed_text_comes_back(answer, client):
    response = client.post(*adding(answer))
    assert response.status_code == 401
    assert TEXT in response.content.decode()


def test_who_only_reads_is_told_so_with_the_text_kept(answer, agency, as_user):
    viewer = factories.make_member(agency, "viewer")
    response = as_user(viewer).post(*adding(answer))
    assert response.status_code == 403
    assert TEXT in response.content.decode()
    assert 'id="say"' not in as_user(viewer).get(page_of(answer)).content.decode()


def test_a_comment_is_text_and_never_markup(answer, coordinator, as_user):
    say(answer, coordinator, '<script>alert(1)</script> https://example.org/"onmouseover=alert(2)')
    page = as_user(coordinator).get(page_of(answer)).content.decode()
    assert "<script>alert" not in page
    assert '"onmouseover' not in page
    assert 'href="https://example.org/"' in page


# --- one's own words ----------------------------------------------------------------------------


def test_one_edits_and_takes_back_ones_own_and_the_place_stays(answer, coordinator, owner, as_user):
    comment = say(answer, coordinator)
    say(answer, owner, "ตอบแล้ว")
    client = as_user(coordinator)
    client.post(own("edit_comment", comment), {"version": 0, "text": "แก้ไขแล้ว"})
    page = client.get(page_of(answer)).content.decode()
    assert "แก้ไขแล้ว" in page
    assert TEXT not in page
    client.post(own("remove_comment", comment))
    client.post(own("remove_comment", comment))
    page = client.get(page_of(answer)).content.decode()
    assert "ลบแล้ว" in page
    assert "ตอบแล้ว" in page
    assert Comment.objects.get(pk=comment.pk).text == ""
    assert LogEntry.objects.filter(action="comment.removed").count() == 1


def test_nobody_edits_the_words_of_another(answer, coordinator, owner, as_user):
    comment = say(answer, coordinator)
    for name in ("edit_comment", "remove_comment"):
        assert as_user(owner).post(own(name, comment), {"version": 0, "text": "x"}).status_code == 403
    assert Comment.objects.get().text == TEXT


def test_two_windows_of_one_person_lose_nothing(answer, coordinator, as_user):
    comment = say(answer, coordinator)
    client = as_user(coordinator)
    client.post(own("edit_comment", comment), {"version": 0, "text": "จากหน้าต่างแรก"})
    response = client.post(own("edit_comment", comment), {"version": 0, "text": "จากหน้าต่างที่สอง"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "จากหน้าต่างแรก" in page
    assert "จากหน้าต่างที่สอง" in page
    assert 'name="version" value="1"' in page


def test_what_was_taken_back_cannot_be_edited(answer, coordinator, as_user):
    comment = say(answer, coordinator)
    threads.remove_comment(comment, by=coordinator)
    response = as_user(coordinator).post(own("edit_comment", comment), {"version": 0, "text": "ยังอยู่"})
    assert response.status_code == 422
    assert Comment.objects.get().text == ""


# --- settling ---------------------------------------------------------------------------------


def test_a_matter_is_settled_reopened_and_reopened_by_a_new_comment(answer, coordinator, owner, as_user):
    say(answer, coordinator)
    url = reverse("assessments:turn_thread", args=[answer.assessment_id, answer.pk])
    client = as_user(owner)
    for settled, expected in (("yes", True), ("no", False), ("yes", True)):
        client.post(url, {"settled": settled})
        assert Thread.objects.get().is_settled is expected
    assert str(owner) in client.get(page_of(answer)).content.decode()
    say(answer, coordinator, "ยังมีอีก")
    thread = Thread.objects.get()
    assert (thread.is_settled, thread.turned_by) == (False, coordinator)
    actions = ["thread.settled", "thread.reopened", "thread.settled", "thread.reopened"]
    found = (
        LogEntry.objects.filter(action__startswith="thread.").order_by("pk").values_list("action", flat=True)
    )
    assert list(found) == actions


def test_a_topic_says_how_many_comments_wait_in_one_query(answer, assessment, coordinator, as_user):
    client = as_user(coordinator)
    url = reverse("assessments:topic", args=[assessment.pk, "1.1"])
    client.get(url)
    with CaptureQueriesContext(connection) as none:
        client.get(url)
    settled = factories.answer_of(assessment, "1.1.1.1")
    say(settled, coordinator)
    threads.turn_thread(settled, is_settled=True, by=coordinator)
    for _ in range(3):
        last = say(answer, coordinator)
    threads.remove_comment(last, by=coordinator)
    with CaptureQueriesContext(connection) as some:
        page = client.get(url).content.decode()
    assert page.count('<b class="count">') == 1
    assert '<b class="count">2</b>' in page
    assert len(some) == len(none) <= 10


# --- asking for somebody's attention ------------------------------------------------------------


def test_a_mention_is_counted_listed_opened_and_read(answer, assessment, coordinator, owner, as_user):
    as_user(coordinator).post(*adding(answer, mentions=[owner.pk]))
    client = as_user(owner)
    overview = reverse("assessments:overview", args=[assessment.pk])
    assert "ยังไม่ได้อ่าน 1 รายการ" in client.get(overview).content.decode()
    listed = client.get(reverse("assessments:mentions")).content.decode()
    assert TEXT in listed
    opening = reverse("assessments:open_mention", args=[Mention.objects.get().pk])
    assert client.post(opening).headers["Location"] == f"{page_of(answer)}#c{Comment.objects.get().pk}"
    assert Mention.objects.get().read_at is not None
    assert "ยังไม่ได้อ่าน" not in client.get(overview).content.decode()


def test_answering_reads_what_was_asked_and_one_click_reads_all(
    answer, assessment, coordinator, owner, as_user
):
    other = factories.answer_of(assessment, "1.1.1.1")
    say(answer, coordinator, mentions=[owner])
    say(other, coordinator, mentions=[owner])
    say(answer, owner, "ตอบ")
    assert [mention.comment.thread.answer for mention in Mention.objects.unread_of(owner)] == [other]
    as_user(owner).post(reverse("assessments:read_mentions"))
    assert not Mention.objects.unread_of(owner).exists()


def test_only_members_of_today_can_be_mentioned(answer, agency, coordinator, as_user):
    stranger = factories.make_user()
    former = factories.make_member(agency, "owner")
    Membership.objects.filter(user=former).update(ends_on="2020-01-01")
    client = as_user(coordinator)
    names = client.get(page_of(answer)).content.decode()
    for person in (stranger, former):
        assert str(person) not in names
        assert client.post(*adding(answer, mentions=[person.pk])).status_code == 422
    assert not Mention.objects.exists()


def test_who_has_left_the_agency_sees_no_mention_any_more(answer, coordinator, owner, as_user):
    say(answer, coordinator, mentions=[owner])
    Membership.objects.filter(user=owner).update(ends_on="2020-01-01")
    client = as_user(owner)
    assert TEXT not in client.get(reverse("assessments:mentions")).content.decode()
    assert (
        client.post(reverse("assessments:open_mention", args=[Mention.objects.get().pk])).status_code == 404
    )


def test_the_mention_of_another_is_not_there(answer, coordinator, owner, head, as_user):
    say(answer, coordinator, mentions=[owner])
    opening = reverse("assessments:open_mention", args=[Mention.objects.get().pk])
    assert as_user(head).post(opening).status_code == 404
    assert Mention.objects.get().read_at is None


# --- inside -----------------------------------------------------------------------------------


def test_the_comment_of_another_assessment_is_not_there(answer, coordinator, as_user):
    elsewhere = factories.make_assessment(cycle=answer.assessment.cycle)
    stranger = factories.make_member(elsewhere.agency, "coordinator")
    comment = say(answer, coordinator)
    url = reverse("assessments:edit_comment", args=[elsewhere.pk, comment.pk])
    assert as_user(stranger).post(url, {"version": 0, "text": "x"}).status_code == 404
    with pytest.raises(PermissionDenied):
        say(answer, stranger)


def test_nothing_that_was_said_is_in_what_is_submitted(agency, cycle, coordinator, head):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    before = snapshot.digest_of(snapshot.build(assessment, read_answers(assessment)))
    say(factories.answer_of(assessment, PART), coordinator, mentions=[head])
    frozen = factories.hand_over(assessment, by=head)
    assert frozen.digest == before
    assert TEXT not in str(frozen.content)


def test_an_auditor_who_judges_the_case_hears_nothing(answer, assessment, coordinator, as_user):
    """Two hats: an auditor of OPDC who also judges the case."""
    auditor = factories.make_official("auditor")
    say(answer, coordinator)
    topic = reverse("assessments:topic", args=[assessment.pk, "1.1"])
    client = as_user(auditor)
    assert TEXT in client.get(page_of(answer)).content.decode()
    assert "ความเห็น" in client.get(topic).content.decode()
    category = answer.part.item.topic.category
    Assignment.objects.create(assessment=assessment, category=category, reviewer=auditor)
    client = as_user(auditor)
    assert client.get(page_of(answer)).status_code == 403
    assert "inside-links" not in client.get(topic).content.decode()


def test_an_officer_who_reads_the_answers_finds_no_way_inside(answer, assessment, coordinator, as_user):
    say(answer, coordinator)
    type(assessment).objects.filter(pk=assessment.pk).update(status="submitted")
    officer = factories.make_official("officer")
    assert Appointment.objects.filter(user=officer).exists()
    page = as_user(officer).get(reverse("assessments:topic", args=[assessment.pk, "1.1"]))
    assert page.status_code == 200
    assert "inside-links" not in page.content.decode()
    assert "data-presence" not in page.content.decode()


def test_an_indicator_has_a_thread_of_its_own(assessment, coordinator, as_user):
    answer = indicators.add_indicator(assessment, "7.1.1", by=coordinator).answer
    client = as_user(coordinator)
    client.post(*adding(answer))
    url = reverse("assessments:indicator_comments", args=[assessment.pk, answer.pk])
    assert TEXT in client.get(url).content.decode()
    other = factories.answer_of(assessment, PART)
    wrong = reverse("assessments:indicator_comments", args=[assessment.pk, other.pk])
    assert client.get(wrong).status_code == 404


def test_a_long_thread_is_read_in_portions_and_few_queries(answer, coordinator, as_user):
    thread = Thread.objects.create(answer=answer)
    now = thread.turned_at or answer.assessment.cycle.opens_at
    comments = Comment.objects.bulk_create(
        Comment(thread=thread, author=coordinator, author_name="ก", text=f"ความเห็นที่ {n}.", at=now)
        for n in range(1, 121)
    )
    people = [factories.make_user() for _ in range(5)]
    Mention.objects.bulk_create(Mention(comment=c, user=p) for c in comments for p in people)
    client = as_user(coordinator)
    client.get(page_of(answer))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(page_of(answer))
    assert len(queries) <= 12
    assert "ความเห็นที่ 120." in page.content.decode()
    assert "ความเห็นที่ 70." not in page.content.decode()
    older = client.get(page_of(answer), {"before": page.context["view"].older}).content.decode()
    assert "ความเห็นที่ 70." in older
    assert "ความเห็นที่ 71." not in older
