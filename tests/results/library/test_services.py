"""Consent, taking it back, hiding, and what a corrected result does to what is shared."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from results.library import services
from results.library.highlights import highlights_of
from results.library.models import LibraryEntry
from results.library.reading import own_highlights
from results.library.searching import searchable, terms_of
from results.publishing import correct
from results.waiting_reading import waiting_tasks
from tests import factories as base
from tests.results.library.conftest import FIRST, SECOND, THIRD, freeze, share, values

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return [row.action for row in LogEntry.objects.filter(action__startswith="library.").order_by("pk")]


def test_each_paragraph_of_a_pillar_is_one_highlight(sheet):
    found = highlights_of(sheet.payload)
    assert [(row.pillar, row.text) for row in found] == [("1", FIRST), ("1", SECOND), ("2", THIRD)]
    assert len({row.key for row in found}) == 3


def test_what_says_nothing_is_no_highlight_and_old_sheets_have_none():
    pillars = [{"code": "pillar:1", "title": "", "text": " ..... \n \nจริง\n\nจริง"}]
    assert [row.text for row in highlights_of({"feedback": {"pillars": pillars}})] == ["จริง"]
    assert highlights_of({"feedback": None}) == []


def test_nothing_is_shared_before_somebody_agrees(sheet):
    assert not LibraryEntry.objects.exists()


def test_consent_copies_the_text_of_the_sheet(sheet, coordinator):
    entry = share(sheet, coordinator, SECOND, topics=["1.1", "7.2"], factors="ผู้บริหารติดตามทุกเดือน")
    assert (entry.text, entry.pillar, entry.sheet) == (SECOND, "1", sheet)
    assert entry.is_shared
    assert entry.shared_by_name == str(coordinator)
    assert [(tag.category, tag.topic) for tag in entry.tags.all()] == [("1", "1.1"), ("7", "7.2")]
    assert LibraryEntry.objects.shown().get() == entry
    assert actions() == ["library.shared"]


def test_the_same_consent_again_is_once(sheet, coordinator):
    first = share(sheet, coordinator)
    again = share(sheet, coordinator)
    assert (again.pk, again.version) == (first.pk, 1)
    assert actions() == ["library.shared"]


def test_other_words_are_a_change_and_a_stale_page_is_told(entry, sheet, coordinator):
    changed = share(sheet, coordinator, version=1, title="ชื่อใหม่", topics=["2.1"])
    assert (changed.title, changed.version) == ("ชื่อใหม่", 2)
    assert [tag.topic for tag in changed.tags.all()] == ["2.1"]
    with pytest.raises(Conflict) as caught:
        share(sheet, coordinator, version=1, title="ชื่อจากหน้าเก่า")
    assert caught.value.current.title == "ชื่อใหม่"
    assert actions() == ["library.shared", "library.changed"]


@pytest.mark.parametrize("role", ["owner", "contributor", "viewer"])
def test_only_coordinator_and_head_agree_and_take_back(role, agency, entry, sheet):
    person = base.make_member(agency, role, categories=["1"])
    with pytest.raises(PermissionDenied):
        share(sheet, person, SECOND)
    with pytest.raises(PermissionDenied):
        services.take_back(entry, by=person)


def test_nobody_else_agrees_for_an_agency(entry, sheet, neighbour, administrator):
    for person in (neighbour, administrator):
        with pytest.raises(PermissionDenied):
            share(sheet, person, SECOND)
        with pytest.raises(PermissionDenied):
            services.take_back(entry, by=person)


def test_the_head_takes_back_and_may_agree_again(entry, sheet, head, coordinator):
    services.take_back(entry, by=head)
    taken = services.take_back(entry, by=head)
    assert not taken.is_shared
    assert not LibraryEntry.objects.shown().exists()
    again = share(sheet, coordinator, version=taken.version)
    assert again.is_shared
    assert again.taken_back_at is None
    assert actions() == ["library.shared", "library.taken_back", "library.shared"]


@pytest.mark.parametrize("topics", [[], ["9.9"], ["1.1", "OP1"]])
def test_topics_are_those_of_the_edition(topics, sheet, coordinator):
    with pytest.raises(Refused) as caught:
        share(sheet, coordinator, topics=topics)
    assert caught.value.code == "topics"


def test_a_text_that_no_result_has_is_refused(sheet, coordinator):
    with pytest.raises(Refused) as caught:
        services.share(
            sheet.assessment, key="f" * 32, version=0, values=values(), topics=["1.1"], by=coordinator
        )
    assert caught.value.code == "gone"


def test_an_administrator_hides_with_a_reason_that_stays_until_it_is_shown_again(entry, administrator):
    with pytest.raises(Refused):
        services.hide(entry, reason="  ", by=administrator)
    hidden = services.hide(entry, reason="มีข้อมูลส่วนบุคคล", by=administrator)
    services.hide(entry, reason="อีกครั้ง", by=administrator)
    assert hidden.hidden_reason == "มีข้อมูลส่วนบุคคล"
    assert not LibraryEntry.objects.shown().exists()
    services.show_again(entry, by=administrator)
    services.show_again(entry, by=administrator)
    assert LibraryEntry.objects.shown().exists()
    assert actions() == ["library.shared", "library.hidden", "library.shown_again"]


def test_nobody_else_hides(entry, coordinator, officer):
    for person in (coordinator, officer):
        with pytest.raises(PermissionDenied):
            services.hide(entry, reason="ไม่ชอบ", by=person)


def test_sharing_again_does_not_undo_hiding(entry, sheet, administrator, coordinator):
    services.hide(entry, reason="มีข้อมูลส่วนบุคคล", by=administrator)
    share(sheet, coordinator, version=2, title="ชื่อใหม่")
    assert not LibraryEntry.objects.shown().exists()


# --- a corrected result -----------------------------------------------------------------------


def revised(sheet, text, revision=2):
    """A later revision with another text under pillar 1."""
    later = freeze(sheet.assessment, {"1": text, "2": THIRD}, revision=revision)
    services.follow(later)
    return later


def test_a_correction_follows_what_is_shared(whole, coordinator, administrator):
    entry, case = share(whole, coordinator), whole.assessment
    case.feedback.filter(code="pillar:1").update(text=SECOND)
    correct(case, reason="ข้อความผิดเรื่อง", by=administrator)
    entry.refresh_from_db()
    assert (entry.gone_in, entry.is_shared, entry.text, entry.sheet) == (2, True, FIRST, whole)
    (task,) = waiting_tasks([case], coordinator)[case.pk]
    assert task.url == reverse("results:sharing", args=[case.pk])


def test_a_text_that_is_gone_keeps_its_words_until_it_is_taken_back(entry, sheet, coordinator):
    case, later = sheet.assessment, revised(sheet, SECOND)
    own = own_highlights(case, later)
    assert [(row.text, row.entry and row.entry.gone_in) for row in own] == [
        (SECOND, None),
        (THIRD, None),
        (FIRST, 2),
    ]
    changed = share(sheet, coordinator, version=1, title="ชื่ออื่น")
    assert (changed.title, changed.text, changed.gone_in) == ("ชื่ออื่น", FIRST, 2)
    services.take_back(changed, by=coordinator)
    assert waiting_tasks([case], coordinator) == {}
    with pytest.raises(Refused):
        share(sheet, coordinator, version=3)


def test_a_revision_that_has_the_text_again_ends_the_note(entry, sheet):
    for revision, text, gone in ((2, SECOND, 2), (3, SECOND, 2), (4, f"{FIRST}\n\n{SECOND}", None)):
        revised(sheet, text, revision)
        entry.refresh_from_db()
        assert entry.gone_in == gone


def test_a_note_is_for_who_decides(entry, sheet, agency):
    revised(sheet, SECOND)
    assert waiting_tasks([sheet.assessment], base.make_member(agency, "viewer")) == {}


# --- the database, and searching --------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"pillar": "4"},
        {"is_shared": False},
        {"taken_back_at": timezone.now()},
        {"hidden_at": timezone.now()},
        {"hidden_reason": "เหตุผล"},
    ],
)
def test_the_database_refuses(wrong, entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        LibraryEntry.objects.filter(pk=entry.pk).update(**wrong)


def test_neither_spaces_nor_capitals_count():
    words = searchable("ระบบ Open Data น้ำ", "ท้องถิ่น")
    assert all(term in words for term in terms_of("OPEN ระบบ"))
    assert terms_of("opendata")[0] in words
    assert terms_of("น้ำท้อง")[0] not in words
    assert len(terms_of("ก " * 50)) == 6
