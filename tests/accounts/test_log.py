"""The audit log: what goes in, and that nothing comes out of it unnoticed."""

import logging

import pytest
from django.db import IntegrityError, transaction

from pmqa.accounts import log
from pmqa.accounts.models import LogEntry, LogHead
from pmqa.logs import OneLineFormatter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    person = factories.make_user(first_name="ผู้กระทำ", last_name="สมมติ")
    agency = factories.make_agency()
    return [
        log.record("review.opened", agency, by=person, agency=agency, number=number) for number in range(4)
    ]


def test_an_entry_says_who_what_and_on_what(entries):
    entry = LogEntry.objects.get(pk=entries[0].pk)
    assert (entry.actor_name, entry.action) == ("ผู้กระทำ สมมติ", "review.opened")
    assert (entry.object_type, entry.object_id) == ("accounts.agency", str(entry.agency.pk))
    assert entry.data == {"number": 0}
    assert entry.object_label == entry.agency.name


def test_names_outlive_the_person_and_the_chain_holds(entries):
    entries[0].actor.delete()
    entry = LogEntry.objects.get(pk=entries[0].pk)
    assert entry.actor is None
    assert entry.actor_name == "ผู้กระทำ สมมติ"
    assert log.broken_links() == []


def test_an_action_nobody_registered_is_refused():
    with pytest.raises(ValueError, match=r"unknown log action"):
        log.record("answer.text_typed", None, by=None)


def test_the_chain_of_a_quiet_log_is_whole(entries):
    assert log.broken_links() == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "คนอื่น"},
        {"action": "result.published"},
        {"object_label": "กรมอื่น"},
        {"data": {"number": 99}},
        {"at": "2020-01-01T00:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_found(entries, change):
    LogEntry.objects.filter(pk=entries[1].pk).update(**change)
    assert log.broken_links() == [entries[1].pk]


def test_a_removed_entry_is_found(entries):
    LogEntry.objects.filter(pk=entries[1].pk).delete()
    assert log.broken_links() == [entries[2].pk]


def test_entries_cut_from_the_end_are_found(entries):
    LogEntry.objects.filter(pk=entries[-1].pk).delete()
    assert log.broken_links() == [0]


def test_an_entry_slipped_in_is_found(entries):
    copy = LogEntry.objects.get(pk=entries[-1].pk)
    copy.pk, copy.digest = None, "0" * 64
    copy.save(force_insert=True)
    assert copy.pk in log.broken_links()


def test_no_two_entries_have_one_digest(entries):
    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.filter(pk=entries[0].pk).update(digest=entries[1].digest)


def test_an_entry_is_undone_with_what_it_tells_of(entries):
    head = LogHead.objects.get().digest
    with transaction.atomic():
        log.record("review.opened", None, by=None)
        transaction.set_rollback(True)
    assert LogHead.objects.get().digest == head
    assert log.broken_links() == []


def test_a_very_long_name_is_cut_and_kept():
    agency = factories.make_agency(name="ก" * 200)
    person = factories.make_user(first_name="ก" * 150, last_name="ข" * 150)
    entry = log.record("review.opened", agency, by=person)
    assert LogEntry.objects.get(pk=entry.pk).actor_name == "ก" * 150 + " " + "ข" * 49
    assert log.broken_links() == []


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r"])
def test_a_line_break_in_a_name_starts_no_line_of_the_log(break_):
    name = f"สมชาย{break_}2026-01-01 00:00:00 INFO pmqa signed in as admin"
    record = logging.LogRecord("pmqa", logging.WARNING, __file__, 1, "refused %s", (name,), None)
    assert len(OneLineFormatter().format(record).splitlines()) == 1
