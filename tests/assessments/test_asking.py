"""Items that people are asked to write, days inside the agency, and the page of one's own work."""

import pkgutil
import uuid
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments import migrations
from assessments.models import AskedItem, Assessment, CategoryDue
from assessments.reading import tree_of
from assessments.rules import Chapter
from assessments.services import answers, asking, checking, evidence, indicators, threads
from pmqa.accounts.models import LogEntry, Membership, User
from pmqa.errors import Conflict, Refused
from tests import factories

pytestmark = pytest.mark.django_db

ITEM, PART, SIBLING = "1.2.3", "1.2.3.1", "1.2.4.1"


@pytest.fixture(autouse=True)
def _no_mail_remembered():
    cache.clear()


@pytest.fixture
def writer(agency):
    return factories.make_member(agency, "contributor", first_name="ปิติ", email="writer@test.example")


def ask(assessment, writer, by, items=(ITEM,), note="", due_on=None) -> list[AskedItem]:
    return asking.ask(assessment, person=writer, items=items, note=note, due_on=due_on, by=by)


def again(user) -> User:
    """The same person at their next request."""
    return User.objects.get(pk=user.pk)


def save(assessment, code: str, by):
    answer = factories.answer_of(assessment, code)
    category = code.partition(".")[0] if code[0].isdigit() else "OP"
    return answers.save_answer(
        answer, version=answer.version, claim="started", values={}, category=category, by=again(by)
    )


# Who writes what: role and its categories, asked for ITEM or not -> category 1, ITEM, another item of category 1.
MATRIX = [
    ("coordinator", [], False, (True, True, True)),
    ("owner", ["1"], False, (True, True, True)),
    ("owner", ["2"], False, (False, False, False)),
    ("owner", ["2"], True, (False, True, False)),
    ("contributor", [], False, (False, False, False)),
    ("contributor", [], True, (False, True, False)),
    # Categories are an owner's; a contributor has the items asked of them and nothing more.
    ("contributor", ["1"], False, (False, False, False)),
    ("viewer", [], False, (False, False, False)),
    ("head", [], False, (False, False, False)),
]


@pytest.mark.parametrize(("role", "categories", "is_asked", "expected"), MATRIX)
def test_who_writes_what(assessment, agency, coordinator, role, categories, is_asked, expected):
    person = factories.make_member(agency, role, categories=categories)
    if is_asked:
        ask(assessment, person, coordinator)
    person = again(person)
    chapters = (Chapter(assessment, "1"), Chapter(assessment, "1", ITEM), Chapter(assessment, "1", "1.2.4"))
    assert tuple(person.has_perm("assessments.edit", chapter) for chapter in chapters) == expected


def test_asked_of_one_assessment_and_one_agency_only(assessment, agency, coordinator, writer):
    other = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2580))
    ask(assessment, writer, coordinator)
    Membership.objects.create(user=writer, agency=factories.make_agency(), role="contributor")
    assert not again(writer).has_perm("assessments.edit", Chapter(other, "1", ITEM))
    Membership.objects.filter(user=writer, agency=agency).update(ends_on="2020-01-01")
    assert not again(writer).has_perm("assessments.edit", Chapter(assessment, "1", ITEM)), (
        "the role has ended"
    )


def test_every_way_to_write_obeys(assessment, coordinator, writer):
    ask(assessment, writer, coordinator, [ITEM, "7.1.1", "OP1.mission"])
    assert save(assessment, PART, writer).claim == "started"
    assert save(assessment, "OP1.mission", writer).version == 1
    made = indicators.add_indicator(assessment, "7.1.1", by=again(writer))
    number = factories.make_evidence(assessment).number
    assert evidence.cite(factories.answer_of(assessment, PART), [number], by=again(writer)) == 1
    row = factories.answer_of(assessment, "7.1.1")
    for act in (
        lambda: save(assessment, SIBLING, writer),
        lambda: save(assessment, "OP1.vision", writer),
        lambda: indicators.add_indicator(assessment, "7.1.2", by=again(writer)),
        lambda: evidence.cite(factories.answer_of(assessment, SIBLING), [number], by=again(writer)),
    ):
        with pytest.raises(PermissionDenied):
            act()
    indicators.remove_indicator(row, version=row.version, category="7", by=again(writer))
    assert made.pk == row.pk


def test_the_page_has_blanks_for_the_asked_item_alone(assessment, coordinator, writer, as_user):
    ask(assessment, writer, coordinator)
    page = as_user(writer).get(reverse("assessments:topic", args=[assessment.pk, "1.2"])).content.decode()
    assert "ท่านเขียนได้เฉพาะข้อที่ได้รับมอบ: 1.2.3" in page
    assert page.count("data-autosave") == 1
    assert f'id="p{PART}"' in page
    refused = as_user(writer).post(
        reverse("assessments:save_part", args=[assessment.pk, SIBLING]), {"version": 0, "claim": "done"}
    )
    assert refused.status_code == 403


def test_in_the_check_only_what_was_sent_back_and_asked(assessment, coordinator, writer):
    ask(assessment, writer, coordinator, [ITEM, "1.2.5"])
    factories.complete_answers(assessment)
    checking.start_check(assessment, by=coordinator)
    for code in (PART, SIBLING):
        checking.send_part_back(factories.answer_of(assessment, code), note="แก้", by=coordinator)
    assert save(assessment, PART, writer).claim == "started"
    with pytest.raises(PermissionDenied):
        save(assessment, SIBLING, writer)
    with pytest.raises(Refused):
        save(assessment, "1.2.5.1", writer)


def test_taken_back_is_read_only_again_and_what_was_written_stays(assessment, coordinator, writer):
    [row] = ask(assessment, writer, coordinator)
    save(assessment, PART, writer)
    for _click in range(2):
        asking.take_back(row, by=coordinator)
    with pytest.raises(PermissionDenied):
        save(assessment, PART, writer)
    assert factories.answer_of(assessment, PART).claim == "started"
    assert AskedItem.objects.get().ended_by_name == str(coordinator)
    assert len(ask(assessment, writer, coordinator)) == 1, "and may be asked again"


def test_asked_twice_is_once_and_only_writers_of_the_agency_are_asked(
    assessment, agency, coordinator, writer
):
    assert len(ask(assessment, writer, coordinator)) == 1
    assert ask(assessment, writer, coordinator) == []
    others = [
        factories.make_member(agency, "viewer"),
        factories.make_member(factories.make_agency(), "contributor"),
    ]
    for person in others:
        with pytest.raises(Refused) as caught:
            ask(assessment, person, coordinator)
        assert caught.value.code == "person"


def test_an_owner_asks_in_own_categories(assessment, agency, writer):
    owner = factories.make_member(agency, "owner", categories=["1"])
    assert ask(assessment, writer, owner)
    for act in (
        lambda: ask(assessment, writer, owner, ["2.1.1"]),
        lambda: asking.set_category_due(assessment, "2", version=0, due_on=None, by=owner),
        lambda: ask(assessment, writer, writer, ["1.1.1"]),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_nothing_is_asked_once_it_is_submitted(assessment, coordinator, writer):
    Assessment.objects.update(status="submitted")
    with pytest.raises(Refused) as caught:
        ask(assessment, writer, coordinator)
    assert caught.value.code == "move"


# --- days -------------------------------------------------------------------------------------


def test_a_day_that_has_passed_says_so_in_words_and_closes_nothing(assessment, coordinator, writer, as_user):
    yesterday = timezone.localdate() - timedelta(days=1)
    ask(assessment, writer, coordinator, note="ใช้ตัวเลขปีล่าสุด", due_on=yesterday)
    asking.set_category_due(assessment, "1", version=0, due_on=yesterday, by=coordinator)
    addresses = (
        (writer, reverse("assessments:todo")),
        (writer, reverse("assessments:overview", args=[assessment.pk])),
        (coordinator, reverse("assessments:grid", args=[assessment.pk])),
    )
    for person, address in addresses:
        assert "เกินกำหนด 1 วัน" in as_user(person).get(address).content.decode(), address
    assert "ใช้ตัวเลขปีล่าสุด" in as_user(writer).get(reverse("assessments:todo")).content.decode()
    save(assessment, PART, writer)


def test_what_is_done_is_never_late(assessment, coordinator, writer, as_user):
    ask(assessment, writer, coordinator, due_on=timezone.localdate() - timedelta(days=5))
    factories.complete_answers(assessment)
    assert "เกินกำหนด" not in as_user(writer).get(reverse("assessments:todo")).content.decode()
    grid = as_user(coordinator).get(reverse("assessments:grid", args=[assessment.pk]))
    assert "เกินกำหนด" not in grid.content.decode()


def test_two_who_set_a_day_see_each_other(assessment, coordinator, as_user):
    today = timezone.localdate()
    asking.set_category_due(assessment, "1", version=0, due_on=today, by=coordinator)
    with pytest.raises(Conflict):
        asking.set_category_due(assessment, "1", version=0, due_on=today + timedelta(days=1), by=coordinator)
    url = reverse("assessments:category_due", args=[assessment.pk, "1"])
    stale = as_user(coordinator).post(url, {"version": 0, "due_on": "15 ม.ค. 2571"})
    assert (stale.status_code, CategoryDue.objects.get().due_on) == (409, today)
    assert "15 ม.ค. 2571" in stale.content.decode()
    asking.set_category_due(assessment, "1", version=1, due_on=None, by=coordinator)
    assert CategoryDue.objects.get().due_on is None


def test_two_who_change_what_is_asked_see_each_other(assessment, coordinator, writer, as_user):
    [row] = ask(assessment, writer, coordinator)
    asking.change(row, version=0, note="ของคนแรก", due_on=None, by=coordinator)
    url = reverse("assessments:asked", args=[assessment.pk, row.pk])
    stale = as_user(coordinator).post(url, {"version": 0, "note": "ของคนที่สอง"})
    assert stale.status_code == 409
    assert "ของคนแรก" in stale.content.decode()
    assert "ของคนที่สอง" in stale.content.decode()


# --- one's own work ---------------------------------------------------------------------------


def todo(client):
    return client.get(reverse("assessments:todo"))


def test_agencies_are_never_mixed(assessment, agency, coordinator, as_user):
    other = factories.make_assessment(cycle=factories.make_cycle(year=2581))
    person = factories.make_member(agency, "owner", categories=["1"])
    Membership.objects.create(user=person, agency=other.agency, role="contributor")
    ask(other, person, factories.make_member(other.agency, "coordinator"), ["2.1.1"])
    desks = {desk.agency.pk: desk for desk in todo(as_user(person)).context["desks"]}
    titles = {key: [task.title for work in desk.works for task in work.tasks] for key, desk in desks.items()}
    assert titles == {agency.pk: [titles[agency.pk][0]], other.agency_id: ["ข้อ 2.1.1 ที่ขอให้ท่านเขียน"]}
    assert "หมวด 1" in titles[agency.pk][0]


def test_checks_wait_for_the_coordinator_and_the_signature_for_the_head(
    assessment, agency, coordinator, head, as_user
):
    viewer = factories.make_member(agency, "viewer")
    factories.complete_answers(assessment)
    checking.start_check(assessment, by=coordinator)
    assert "ตรวจทานภายใน" in todo(as_user(coordinator)).content.decode().split("<main")[1]
    Assessment.objects.update(status="awaiting_head")
    assert "รอลงนาม" in todo(as_user(head)).content.decode().split("<ul")[1]
    assert "ไม่มีงานค้างของท่าน" in todo(as_user(viewer)).content.decode()


def test_a_mention_is_counted_until_it_is_read(assessment, agency, coordinator, writer, as_user):
    said = {"key": uuid.uuid4(), "text": "ขอความเห็นเรื่องนี้", "mentions": [writer]}
    threads.add_comment(factories.answer_of(assessment, PART), **said, by=coordinator)
    page = todo(as_user(writer)).content.decode()
    assert "งานของฉัน (1)" in page
    assert "ขอความเห็นเรื่องนี้" in page
    threads.read_mentions(by=writer)
    assert "งานของฉัน (" not in todo(as_user(writer)).content.decode()


def test_one_mail_an_hour_however_much_is_asked(assessment, coordinator, writer, as_user):
    url, client = reverse("assessments:ask", args=[assessment.pk]), as_user(coordinator)
    for item in ("1.1.1", "1.1.2"):
        client.post(url, {"person": writer.pk, "items": [item], "note": "หมายเหตุลับ"})
    assert AskedItem.objects.count() == 2
    [message] = mail.outbox
    assert message.to == [writer.email]
    assert "/assessments/todo/" in message.body
    assert "หมายเหตุลับ" not in message.body
    assert str(assessment.agency) not in message.subject


def test_whoever_turned_mails_about_work_off_gets_none(assessment, coordinator, writer, as_user):
    choice = reverse("set_work_mail")
    page = as_user(writer).post(choice, {"wanted": "0", "next": "/assessments/todo/"}, follow=True)
    assert "จะไม่ส่งอีเมลแจ้งงาน" in page.content.decode()
    assert 'name="wanted" value="1"' in page.content.decode()
    url = reverse("assessments:ask", args=[assessment.pk])
    as_user(coordinator).post(url, {"person": writer.pk, "items": ["1.1.1"]})
    assert AskedItem.objects.count() == 1
    assert mail.outbox == []
    for _twice in range(2):
        as_user(writer).post(choice, {"wanted": "1"})
    as_user(coordinator).post(url, {"person": writer.pk, "items": ["1.1.2"]})
    assert [message.to for message in mail.outbox] == [[writer.email]]
    chosen = LogEntry.objects.filter(action="account.work_mail", actor=writer).order_by("pk")
    assert [entry.data["wanted"] for entry in chosen] == [False, True]


def test_every_page_of_a_writer_stays_below_its_ceiling(
    assessment, agency, coordinator, as_user, django_assert_max_num_queries
):
    """An owner who is asked for items as well, in two agencies, with a note to answer."""
    person = factories.make_member(agency, "owner", categories=["1"])
    other = factories.make_assessment(cycle=factories.make_cycle(year=2582))
    Membership.objects.create(user=person, agency=other.agency, role="contributor")
    ask(assessment, person, coordinator, ["2.1.1", "7.1.1"])
    client = as_user(person)
    places = [
        reverse("assessments:topic", args=[assessment.pk, code]) for code in ("1.1", "2.1", "7.1", "OP1")
    ]
    places += [
        reverse(f"assessments:{name}", args=[assessment.pk])
        for name in ("overview", "grid", "check", "submit")
    ]
    places += [reverse("assessments:todo"), reverse("assessments:people", args=[agency.pk])]
    client.get(places[0])
    for place in places:
        with django_assert_max_num_queries(12):
            assert client.get(place).status_code == 200, place


def test_contributors_of_whole_categories_are_asked_for_their_items(assessment, agency):
    """What the migration does to roles of before: the categories become items, in what is still worked on."""
    names = [module.name for module in pkgutil.iter_modules(migrations.__path__)]
    name = next(name for name in names if name.endswith("_who_writes_what"))
    person = factories.make_member(agency, "contributor", categories=["1"])
    over = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2583))
    Assessment.objects.filter(pk=over.pk).update(status="report_issued")
    import_module(f"{migrations.__name__}.{name}").ask_contributors(apps, None)
    items = {item.code for item in tree_of(assessment).categories[0].topics[0].items}
    asked = set(assessment.asked_items.values_list("item", flat=True))
    assert items < asked
    assert all(code.startswith("1.") for code in asked)
    assert person.memberships.get().categories == []
    assert not over.asked_items.exists()
    assert save(assessment, PART, person).claim == "started"
