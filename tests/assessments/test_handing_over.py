"""All open work of a person to a successor: at once, once, and back again."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments.models import AskedItem, HandOver, Mention
from assessments.pages.handing_over import fingerprint_of
from assessments.services import answers, asking, threads
from assessments.services.handing_over import hand_over, load_of
from pmqa.accounts.models import LogEntry, Membership, User
from pmqa.errors import Refused
from tests import factories
from tests.locking import after_the_first_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(agency):
    return factories.make_member(agency, "owner", categories=["1", "2"], first_name="คนเดิม")


@pytest.fixture
def new(agency):
    return factories.make_member(agency, "viewer", first_name="คนใหม่")


@pytest.fixture
def loaded(assessment, agency, coordinator, old) -> None:
    """The old person is an owner and a contributor, asked for an item with a day, and named in a comment."""
    Membership.objects.create(user=old, agency=agency, role="contributor")
    due_on = timezone.localdate() + timedelta(days=3)
    asking.ask(assessment, person=old, items=["3.1.1"], note="ดูรายงาน", due_on=due_on, by=coordinator)
    said = {"key": uuid.uuid4(), "text": "ขอความเห็น", "mentions": [old]}
    threads.add_comment(factories.answer_of(assessment, "3.1.1.1"), **said, by=coordinator)


def roles(user, agency) -> dict[str, list[str]]:
    rows = Membership.objects.current().filter(user=user, agency=agency)
    return {row.role: row.categories for row in rows}


def asked(user) -> list[str]:
    return list(AskedItem.objects.current().filter(user=user).values_list("item", flat=True))


def write(assessment, by, code="3.1.1.1", claim="started"):
    answer = factories.answer_of(assessment, code)
    by = User.objects.get(pk=by.pk)
    return answers.save_answer(
        answer, version=answer.version, claim=claim, values={}, category=code[0], by=by
    )


@pytest.mark.usefixtures("loaded")
def test_everything_moves_at_once_and_names_stay(assessment, agency, coordinator, old, new, as_user):
    write(assessment, old)
    sign_in = as_user(old)
    done = hand_over(agency, person=old, successor=new, by=coordinator)
    assert roles(old, agency) == {}
    assert roles(new, agency) == {"viewer": [], "owner": ["1", "2"], "contributor": []}
    [row] = AskedItem.objects.current()
    assert (row.user, row.item, row.note) == (new, "3.1.1", "ดูรายงาน")
    assert row.due_on == timezone.localdate() + timedelta(days=3)
    assert list(Mention.objects.filter(read_at=None).values_list("user", flat=True)) == [new.pk]
    # Out at once, in at once; what was done keeps its name.
    assert sign_in.get(reverse("assessments:overview", args=[assessment.pk])).status_code == 404
    assert write(assessment, new, claim="done").updated_by == new
    todo = as_user(new).get(reverse("assessments:todo")).content.decode()
    assert "ข้อ 3.1.1 ที่ขอให้ท่านเขียน" in todo
    assert "ขอความเห็น" in todo
    assert AskedItem.objects.get(user=old).user_name == str(old)
    assert Membership.objects.filter(user=old, agency=agency, ended_at__isnull=False).count() == 2
    entry = LogEntry.objects.get(action="work.handed_over")
    assert (entry.agency, entry.data["person"], entry.data["items"]) == (agency, str(old), 1)
    assert done.by_name == str(coordinator)


@pytest.mark.usefixtures("loaded")
def test_a_hand_over_waits_for_nobody_once_it_is_in_the_log(agency, coordinator, old, new, loaded):
    later = after_the_first_entry(lambda: hand_over(agency, person=old, successor=new, by=coordinator))
    assert HandOver.objects.get().moved["mentions"] == 1
    moving = ("assessments_mention", "assessments_askeditem")
    assert not [
        sql for sql in later if sql.startswith(("UPDATE", "INSERT")) and any(t in sql for t in moving)
    ]


def test_twice_is_once(agency, coordinator, old, new):
    assert hand_over(agency, person=old, successor=new, by=coordinator)
    before = Membership.objects.count(), AskedItem.objects.count()
    assert hand_over(agency, person=old, successor=new, by=coordinator) is None
    assert (Membership.objects.count(), AskedItem.objects.count()) == before
    assert HandOver.objects.count() == 1


@pytest.mark.usefixtures("loaded")
def test_the_way_back_leaves_the_successor_what_was_theirs(assessment, agency, coordinator, old, new):
    Membership.objects.create(user=new, agency=agency, role="owner", categories=["2", "5"])
    Membership.objects.create(user=new, agency=agency, role="contributor")
    asking.ask(assessment, person=new, items=["3.1.1", "4.1.1"], note="", due_on=None, by=coordinator)
    done = hand_over(agency, person=old, successor=new, by=coordinator)
    assert roles(new, agency)["owner"] == ["1", "2", "5"]
    for _click in range(2):
        hand_over(agency, person=new, successor=old, reverses=done, by=coordinator)
    assert roles(new, agency) == {"viewer": [], "owner": ["2", "5"], "contributor": []}
    assert asked(new) == ["3.1.1", "4.1.1"]
    assert roles(old, agency) == {"owner": ["1"], "contributor": []}
    assert asked(old) == ["3.1.1"]
    assert HandOver.objects.count() == 2


@pytest.mark.usefixtures("loaded")
def test_from_a_later_day_the_person_goes_on_until_then(assessment, agency, coordinator, old, new):
    day = timezone.localdate() + timedelta(days=10)
    assert hand_over(agency, person=old, successor=new, from_day=day, by=coordinator)
    assert hand_over(agency, person=old, successor=new, from_day=day, by=coordinator) is None
    assert roles(old, agency) == {"owner": ["1", "2"], "contributor": []}
    assert (asked(old), asked(new)) == (["3.1.1"], [])
    with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
        assert roles(old, agency) == {}
        assert roles(new, agency) == {"viewer": [], "owner": ["1", "2"], "contributor": []}
        assert (asked(old), asked(new)) == ([], ["3.1.1"])


def test_an_order_names_its_person(agency, head, new):
    acting = factories.make_member(agency, "viewer")
    Membership.objects.create(user=acting, agency=agency, role="acting_head", order_reference="12/2570")
    hand_over(agency, person=acting, successor=new, by=head)
    assert roles(acting, agency) == {}
    assert roles(new, agency) == {"viewer": []}


def test_a_coordinator_is_handed_over_by_the_head(agency, coordinator, head, new):
    other = factories.make_member(agency, "coordinator")
    with pytest.raises(PermissionDenied):
        hand_over(agency, person=coordinator, successor=new, by=other)
    Membership.objects.filter(user=other).update(ends_on="2020-01-01")
    assert hand_over(agency, person=coordinator, successor=new, by=head), "the last one, too: there is a next"
    assert "coordinator" in roles(new, agency)


def test_who_may_take_over(agency, coordinator, old, new):
    outsider = factories.make_member(factories.make_agency(), "viewer")
    yesterday = timezone.localdate() - timedelta(days=1)
    for wrong, code in (
        ({"successor": old}, "same"),
        ({"successor": coordinator}, "self"),
        ({"successor": outsider}, "successor"),
        ({"successor": new, "from_day": yesterday}, "day"),
    ):
        with pytest.raises(Refused) as caught:
            hand_over(agency, person=old, **wrong, by=coordinator)
        assert caught.value.code == code
    with pytest.raises(PermissionDenied):
        hand_over(agency, person=new, successor=coordinator, by=old)


# --- the pages --------------------------------------------------------------------------------


@pytest.mark.usefixtures("loaded")
def test_what_changed_since_the_preview_is_shown_first(assessment, agency, coordinator, old, new, as_user):
    row = Membership.objects.filter(user=old, agency=agency).first()
    url = reverse("assessments:hand_over", args=[agency.pk, row.pk])
    client = as_user(coordinator)
    assert "3.1.1" in client.get(url).content.decode()
    seen = fingerprint_of(load_of(agency, old, day=timezone.localdate()))
    asking.ask(assessment, person=old, items=["4.1.1"], note="", due_on=None, by=coordinator)
    stale = client.post(url, {"successor": new.pk, "seen": seen})
    assert stale.status_code == 409
    assert "4.1.1" in stale.content.decode()
    assert roles(old, agency)
    done = client.post(url, {"successor": new.pk, "seen": stale.context["seen"]})
    assert done.status_code == 302
    people = client.get(done.url).content.decode()
    back = reverse("assessments:hand_back", args=[agency.pk, HandOver.objects.get().pk])
    assert back in people
    assert client.post(url, {"successor": new.pk, "seen": seen}).status_code == 302, "a double click"
    client.post(back)
    assert roles(old, agency) == {"owner": ["1", "2"], "contributor": []}


@pytest.mark.usefixtures("loaded")
def test_the_pack_holds_the_open_work(assessment, agency, coordinator, old, as_user):
    write(assessment, old)
    factories.make_evidence(
        assessment, factories.answer_of(assessment, "3.1.1.1"), title="รายงานสมมติ", by=old
    )
    row = Membership.objects.filter(user=old, agency=agency).first()
    page = (
        as_user(coordinator).get(reverse("assessments:work_pack", args=[agency.pk, row.pk])).content.decode()
    )
    for words in ("3.1.1", "ดูรายงาน", "พร้อมส่ง", "รายงานสมมติ", "เจ้าภาพหมวด หมวด 1, 2", str(old)):
        assert words in page
