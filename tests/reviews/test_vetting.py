"""A second person reads the report: who may, what a change takes away, wording, signature, and publication."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from results import publishing
from reviews.models import Assignment
from reviews.services import feedback, vetting
from reviews.vetting_models import Wording
from tests import factories
from tests.results.factories import make_decided, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_decided(cycle=factories.make_cycle(vetting=True))


def make_lead(case):
    person = factories.make_user()
    category = case.cycle.edition.categories.filter(kind="process").first()
    Assignment.objects.create(
        assessment=case,
        category=category,
        reviewer=person,
        is_lead=True,
        marks=False,
        opened_at=timezone.now(),
    )
    return person


@pytest.fixture
def lead(case):
    return make_lead(case)


@pytest.fixture
def officer():
    return factories.make_official("officer")


def seen(case) -> str:
    return vetting.fingerprint(vetting.printed(case))


def write(case, lead, code: str = "closing", text: str = "ข้อความใหม่ของหัวหน้าทีม"):
    version = case.feedback.get(code=code).version
    return feedback.save_section(case, code, version=version, text=text, included=True, by=lead)


def refused(code: str):
    return pytest.raises(Refused, check=lambda found: found.code == code)


def obstacles(case) -> str:
    with pytest.raises(Refused) as found:
        publishing.publish(case, by=factories.make_official("administrator"))
    return found.value.message


def test_nothing_is_published_before_both_have_said_their_word(case, lead, officer):
    assert "อ่านทาน" in obstacles(case)
    vetting.confirm(case, seen=seen(case), by=officer)
    missing = obstacles(case)
    assert "ผู้อ่านทาน" not in missing
    assert "ลงนาม" in missing
    vetting.sign(case, seen=seen(case), by=lead)
    assert publishing.publish(case, by=factories.make_official("administrator")).revision == 1


def test_a_cycle_without_vetting_publishes_as_before():
    case = make_decided()
    assert publishing.publish(case, by=factories.make_official("administrator")).revision == 1


def test_a_later_change_takes_both_words_away(case, lead, officer):
    vetting.confirm(case, seen=seen(case), by=officer)
    vetting.sign(case, seen=seen(case), by=lead)
    old = seen(case)
    write(case, lead)
    assert len(vetting.missing(case, vetting.printed(case))) == 2
    with refused("changed"):
        vetting.confirm(case, seen=old, by=officer)
    # Left out of the report it is another report, too.
    write(case, lead, text="ผลส่วนใหญ่อยู่ในระดับ Advance")
    assert seen(case) == old
    assert vetting.missing(case, vetting.printed(case)) == []
    case.feedback.filter(code="pillar:1").update(included=False)
    assert len(vetting.missing(case, vetting.printed(case))) == 2


def test_who_wrote_does_not_vet_even_where_others_wrote_later(case, lead, officer):
    other = make_lead(case)
    write(case, lead)
    write(case, other, text="ข้อความของอีกคน")
    for person in (lead, other):
        with refused("closed"):
            vetting.confirm(case, seen=seen(case), by=person)
    assert vetting.confirm(case, seen=seen(case), by=officer)


def test_nobody_is_both(case, lead):
    """A lead who has written nothing may vet, and then does not sign."""
    other = make_lead(case)
    vetting.confirm(case, seen=seen(case), by=other)
    with refused("own"):
        vetting.sign(case, seen=seen(case), by=other)
    vetting.sign(case, seen=seen(case), by=lead)
    with refused("own"):
        vetting.confirm(case, seen=seen(case), by=lead)


@pytest.mark.parametrize("role", ["auditor", "executive"])
def test_others_do_not_vet(case, role):
    with pytest.raises(PermissionDenied):
        vetting.confirm(case, seen=seen(case), by=factories.make_official(role))


def test_only_a_lead_signs(case, officer):
    with pytest.raises(PermissionDenied):
        vetting.sign(case, seen=seen(case), by=officer)


def test_wording_is_kept_with_what_it_replaces(case, lead, officer):
    before = case.feedback.get(code="closing").text
    made = vetting.propose(case, "closing", version=0, text="ถ้อยคำที่สละสลวยกว่า", by=officer)
    assert vetting.propose(case, "closing", version=0, text="ถ้อยคำที่สละสลวยกว่า", by=officer) == made
    with refused("open"):
        vetting.confirm(case, seen=seen(case), by=officer)
    vetting.settle(made, state="accepted", by=lead)
    vetting.settle(made, state="accepted", by=lead)
    section = case.feedback.get(code="closing")
    assert (section.text, section.version) == ("ถ้อยคำที่สละสลวยกว่า", 1)
    kept = Wording.objects.get()
    assert (kept.before, kept.text, kept.state) == (before, "ถ้อยคำที่สละสลวยกว่า", "accepted")
    with refused("settled"):
        vetting.settle(made, state="declined", by=lead)
    assert vetting.confirm(case, seen=seen(case), by=officer)
    told = list(
        LogEntry.objects.filter(action__startswith="review.").order_by("pk").values_list("action", flat=True)
    )
    assert told == [
        "review.wording_proposed",
        "review.section_saved",
        "review.wording_settled",
        "review.texts_read",
    ]


def test_wording_declined_withdrawn_and_overtaken(case, lead, officer):
    declined = vetting.propose(case, "closing", version=0, text="ถ้อยคำที่หนึ่ง", by=officer)
    vetting.settle(declined, state="declined", by=lead)
    withdrawn = vetting.propose(case, "closing", version=0, text="ถ้อยคำที่สอง", by=officer)
    with pytest.raises(PermissionDenied):
        vetting.settle(withdrawn, state="withdrawn", by=lead)
    with pytest.raises(PermissionDenied):
        vetting.settle(withdrawn, state="accepted", by=officer)
    vetting.settle(withdrawn, state="withdrawn", by=officer)
    overtaken = vetting.propose(case, "closing", version=0, text="ถ้อยคำที่สาม", by=officer)
    write(case, lead)
    with refused("changed"):
        vetting.settle(overtaken, state="accepted", by=lead)
    assert case.feedback.get(code="closing").text == "ข้อความใหม่ของหัวหน้าทีม"


@pytest.mark.parametrize(
    ("code", "version", "text", "why"),
    [
        ("closing", 3, "ถ้อยคำใหม่", "changed"),
        ("closing", 0, " .... ", "empty"),
        ("closing", 0, "ผลส่วนใหญ่อยู่ในระดับ Advance", "same"),
        ("ofi:9.9", 0, "ถ้อยคำใหม่", "section"),
        ("closing", 0, "ก" * 20_001, "too_long"),
    ],
)
def test_what_cannot_be_proposed(case, officer, code, version, text, why):
    with refused(why):
        vetting.propose(case, code, version=version, text=text, by=officer)
    assert not Wording.objects.exists()


def test_after_publication_nothing_moves(case, lead, officer):
    move(case, Status.REPORT_ISSUED)
    with refused("closed"):
        vetting.confirm(case, seen=seen(case), by=officer)
    with refused("closed"):
        vetting.sign(case, seen=seen(case), by=lead)


def test_the_page_reads_proposes_and_gives_back_what_was_typed(case, officer, as_user):
    client = as_user(officer)
    address = f"/reviews/{case.pk}/vetting/"
    case.feedback.filter(code="pillar:1").update(text="ข้อความที่ไม่พิมพ์", included=False)
    page = client.get(address).content.decode()
    assert "ผลส่วนใหญ่อยู่ในระดับ Advance" in page
    assert "ข้อความที่ไม่พิมพ์" not in page
    assert client.post(f"{address}closing/", {"version": 0, "text": "ถ้อยคำที่เสนอจากหน้า"}).status_code == 302
    assert Wording.objects.get().text == "ถ้อยคำที่เสนอจากหน้า"
    assert "<ins>" in client.get(address).content.decode()
    stale = client.post(f"{address}closing/", {"version": 0, "text": "คำที่พิมพ์ไว้และต้องไม่หาย"})
    assert stale.status_code == 422
    assert "คำที่พิมพ์ไว้และต้องไม่หาย" in stale.content.decode()
    client.post(f"{address}confirm/", {"seen": seen(case)})
    assert not case.vettings.exists()
