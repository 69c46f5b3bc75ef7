"""Several people at the same moment, on the database in use: threads with connections of their own."""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.checks import fingerprint
from assessments.models import AskedItem, Assessment, HandOver, Status
from assessments.reading import read_answers
from assessments.services import answers, asking, checking, evidence, handing_over, submission, uploads
from assessments.snapshot import build
from criteria.models import Edition
from pmqa.accounts import log
from pmqa.accounts.models import LogEntry, Membership
from pmqa.errors import Conflict, Refused
from results import publishing
from results.demo.evidence import pdf
from results.framework.reading import framework_of
from results.framework.services import store
from results.framework.weights import standard
from results.improvement.making import plan_of
from results.improvement.models import Card, Plan
from results.stage_two import services as stage_two
from reviews.decided import judged_answers
from reviews.models import Assignment, Consensus
from reviews.services import marking
from tests import factories
from tests.results.factories import make_decided, make_published
from tests.results.framework.frameworks import weighing
from tests.reviews import cases

pytestmark = pytest.mark.django_db(transaction=True)

PART, FIELD = "1.1.1.1", "economy"
# Seconds after which a thread that hangs fails the test.
PATIENCE = 60


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Path | None:
    """The test database of SQLite, which lives in memory, as a file; None for a real server.

    Threads would share one connection in memory, and wait for nobody.
    """
    if connection.vendor != "sqlite":
        return None
    path = tmp_path_factory.mktemp("database") / "loaded.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        copy = sqlite3.connect(path)
        connection.connection.backup(copy)
        copy.close()
    return path


@pytest.fixture(autouse=True)
def _database(loaded, transactional_db, tmp_path) -> Iterator[None]:
    if loaded is None:
        yield
        return
    path = tmp_path / "db.sqlite3"
    path.write_bytes(loaded.read_bytes())
    memory = connections["default"]
    name = memory.settings_dict["NAME"]
    # Every connection of every thread is made from this one dictionary.
    memory.settings_dict["NAME"] = str(path)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = memory
        memory.settings_dict["NAME"] = name


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or the refusal it met; all begin at the same moment."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            return act()
        except (Refused, Conflict) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, act) for act in acts]]


def text_of(assessment: Assessment) -> str:
    return factories.answer_of(assessment, PART).values.get(FIELD, "")


def save(assessment: Assessment, *, version: int, text: str, by) -> Any:
    answer = factories.answer_of(assessment, PART)
    return answers.save_answer(
        answer, version=version, claim="done", values=answer.values | {FIELD: text}, category="1", by=by
    )


def test_the_tests_run_on_a_database_that_threads_can_share():
    assert connection.vendor != "sqlite" or not connection.is_in_memory_db()
    assert factories.edition().status == Edition.Status.PUBLISHED


def test_two_people_on_one_answer_lose_nothing():
    """Each adds a word of their own; whoever is too late reads again and adds it to what stands there now."""
    assessment = factories.make_assessment()
    writers = [factories.make_member(assessment.agency, "coordinator") for _ in range(2)]
    words = [[f"ก{who}-{number}" for number in range(15)] for who in range(2)]
    conflicts: list[Conflict] = []

    def write(who: int) -> None:
        for word in words[who]:
            while True:
                seen = factories.answer_of(assessment, PART)
                try:
                    save(
                        assessment,
                        version=seen.version,
                        text=f"{seen.values.get(FIELD, '')} {word}".strip(),
                        by=writers[who],
                    )
                    break
                except Conflict as conflict:
                    conflicts.append(conflict)

    together(lambda: write(0), lambda: write(1))
    found = text_of(assessment).split()
    assert sorted(found) == sorted(words[0] + words[1])
    for mine in words:
        assert [word for word in found if word in mine] == mine, "a person's own words keep their order"
    answer = factories.answer_of(assessment, PART)
    assert answer.version == len(found)
    assert answer.revisions.first().content["values"][FIELD] == text_of(assessment)


@pytest.mark.parametrize("seed", range(4))
def test_any_interleaving_of_reading_and_saving_loses_nothing(seed):
    """250 steps in a random order: a save counts, or is refused with the text that was faster."""
    chance = random.Random(seed)
    assessment = factories.make_assessment()
    people = [factories.make_member(assessment.agency, "coordinator") for _ in range(3)]
    seen = dict.fromkeys(range(3), 0)
    stored, version = "", 0
    for step in range(250):
        who = chance.randrange(3)
        if chance.random() < 0.4:
            seen[who] = factories.answer_of(assessment, PART).version
            continue
        text = f"ฉบับที่ {step} ของคนที่ {who}"
        if seen[who] != version:
            with pytest.raises(Conflict) as conflict:
                save(assessment, version=seen[who], text=text, by=people[who])
            assert conflict.value.current.values.get(FIELD, "") == stored, "both texts are there to merge"
            continue
        stored, version = text, save(assessment, version=version, text=text, by=people[who]).version
        seen[who] = version
    assert text_of(assessment) == stored


def test_twenty_submits_at_once_are_one_submission():
    assessment = factories.await_head(factories.make_assessment(complete=True))
    head = factories.make_member(assessment.agency, "head")
    found = together(*[lambda: submission.submit(assessment, by=head)] * 20)
    assert len({entry.pk for entry in found}) == 1
    assert assessment.submissions.count() == 1
    assert assessment.changes.filter(to_status=Status.SUBMITTED).count() == 1
    moves = LogEntry.objects.filter(action="assessment.status_changed", data__to=Status.SUBMITTED)
    assert moves.count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_a_save_beside_the_proposal_is_before_it_or_after_it(round_):
    """A part that was sent back may be written until the very moment in which everything is put before the head."""
    assessment = factories.make_assessment(complete=True)
    writer = factories.make_member(assessment.agency, "coordinator")
    coordinator = factories.make_member(assessment.agency, "coordinator")
    checking.start_check(assessment, by=coordinator)
    seen = fingerprint(read_answers(assessment).every)
    checking.check_many(assessment, seen=seen, by=coordinator)
    # Sent back, mended and checked, while a writer still has the page open: the note is closed by the check.
    answer = factories.answer_of(assessment, PART)
    checking.send_part_back(answer, note="เพิ่มผลในปีล่าสุด", by=coordinator)
    before = text_of(assessment)

    def check_and_propose() -> Any:
        checking.check_answer(answer, version=1, by=coordinator)
        return checking.propose(assessment, by=coordinator).proposals.get()

    acts = [
        check_and_propose,
        lambda: save(assessment, version=1, text="ข้อความในนาทีสุดท้าย", by=writer),
    ]
    results_of = together(*(acts if round_ % 2 else reversed(acts)))
    proposed, saved = results_of if round_ % 2 else reversed(results_of)
    if isinstance(saved, Refused):
        assert text_of(assessment) == before
        now = build(cases.reloaded(assessment), read_answers(cases.reloaded(assessment)))
        assert proposed.content["parts"] == now["parts"], "what is before the head is what stands there"
    else:
        assert isinstance(proposed, Conflict), "what was read is not what stands there now"
        assert text_of(assessment) == "ข้อความในนาทีสุดท้าย"
        assert cases.status_of(assessment) == Status.INTERNAL_CHECK


def test_two_people_replacing_at_once_are_one_after_the_other():
    """One version follows the other, or one is told; never two latest ones, and no file without a row."""
    assessment = factories.make_assessment()
    entry = factories.make_evidence(assessment)
    people = [factories.make_member(assessment.agency, "coordinator") for _person in range(2)]
    sources = [
        evidence.Source(
            upload=uploads.store(assessment, name="แผน.pdf", size=len(content), pieces=[content], by=person)
        )
        for person, content in zip(people, (pdf("one"), pdf("two")), strict=True)
    ]
    found = together(
        *(
            partial(evidence.replace, entry, source, version=0, by=person)
            for source, person in zip(sources, people, strict=True)
        )
    )
    assert [type(outcome).__name__ for outcome in found].count("Conflict") == 1
    assert entry.versions.count() == 2
    assert entry.versions.get(is_latest=True).number == 2
    assert len(default_storage.listdir("evidence")[1]) == 1


def test_two_starts_at_once_are_one_assessment():
    cycle, agency = factories.make_cycle(), factories.make_agency()
    coordinators = [factories.make_member(agency, "coordinator") for _ in range(4)]
    found = together(
        *[lambda person=person: answers.start(cycle, agency, by=person) for person in coordinators]
    )
    assert len({entry.pk for entry in found}) == 1
    assert Assessment.objects.filter(cycle=cycle, agency=agency).count() == 1
    parts = [entry.part_id for entry in found[0].answers.all()]
    assert len(parts) == len(set(parts))


def test_two_last_hand_ins_at_once_settle_once():
    people = [factories.make_user(), factories.make_user()]
    assessment = cases.open_case(*people, lead=factories.make_user())
    for person in people:
        cases.mark_everything(assessment, by=person)
    together(*[lambda person=person: marking.hand_in(assessment, by=person) for person in people])
    assert cases.status_of(assessment) == Status.CONSENSUS
    assert assessment.changes.filter(to_status=Status.CONSENSUS).count() == 1
    expected = len(judged_answers(cases.reloaded(assessment)))
    assert Consensus.objects.filter(answer__assessment=assessment).count() == expected


def test_a_mark_beside_its_own_hand_in_is_before_it_or_refused():
    reviewer, other = factories.make_user(), factories.make_user()
    assessment = cases.open_case(reviewer, other, lead=factories.make_user())
    cases.mark_everything(assessment, by=reviewer)
    answer = factories.answer_of(assessment, PART)
    found = together(
        lambda: marking.hand_in(assessment, by=reviewer),
        lambda: cases.mark(answer, by=reviewer, outcome="fail", comment="ควรแสดงผล", version=1),
    )
    stored = answer.verdicts.get()
    assert (stored.outcome == "pass") == isinstance(found[1], Refused)
    assert Assignment.objects.filter(reviewer=reviewer, handed_in_at__isnull=True).count() == 0


def test_two_publishes_at_once_give_one_sheet():
    assessment = make_decided()
    people = [factories.make_official("administrator") for _ in range(2)]
    found = together(*[lambda person=person: publishing.publish(assessment, by=person) for person in people])
    assert len({entry.pk for entry in found}) == 1
    assert assessment.sheets.count() == 1
    assert assessment.changes.filter(to_status=Status.REPORT_ISSUED).count() == 1


def test_two_presses_of_a_confirmation_make_one_revision_and_tell_of_it_once():
    first, second = (factories.make_official("administrator") for _ in range(2))
    sheet = make_published(by=first)
    case, head = sheet.assessment, factories.make_member(sheet.assessment.agency, "head")
    values = dict.fromkeys(("note", "reason"), "") | {"score": Decimal(345), "scale": 1000}
    values |= {"decided_on": date(2026, 5, 14), "decided_by": "คณะกรรมการสมมติ"}
    row = stage_two.propose(case, values=values, by=first)
    browsers = [Client() for _press in range(4)]
    for browser in browsers:
        browser.force_login(second, backend="pmqa.accounts.backends.EmailBackend")
    mail.outbox.clear()
    url = reverse("results:confirm_stage_two", args=[case.pk, row.pk])
    found = together(*(partial(browser.post, url) for browser in browsers))
    assert [response.status_code for response in found] == [302] * len(browsers)
    assert case.sheets.count() == 2
    assert len([sent for sent in mail.outbox if sent.to == [head.email]]) == 1


def test_two_people_who_open_a_plan_first_make_its_cards_once():
    case = publishing.publish(make_decided(), by=factories.make_official("administrator")).assessment
    Card.objects.all().delete()
    Plan.objects.all().delete()
    LogEntry.objects.all().delete()
    found = together(*[lambda: plan_of(Assessment.objects.with_places().get(pk=case.pk))] * 2)
    assert len({plan.pk for plan in found}) == 1
    sources = list(found[0].cards.values_list("source", flat=True))
    assert len(sources) == len(set(sources)) == 3
    assert LogEntry.objects.filter(action="improvement.cards_made").count() == 1


def test_the_log_stays_one_chain_whoever_writes_it():
    people = [factories.make_user() for _ in range(8)]
    started = timezone.now()

    def sign_in(person) -> None:
        for _ in range(5):
            log.record("account.signed_in", person, by=person)

    together(*[lambda person=person: sign_in(person) for person in people])
    assert LogEntry.objects.filter(at__gte=started, action="account.signed_in").count() == 40
    assert log.broken_links() == []


def test_two_hand_overs_of_one_person_are_one():
    """To two successors at once: one gets everything, and the other learns that nothing was left."""
    assessment = factories.make_assessment()
    agency = assessment.agency
    coordinator, writer, *heirs = (
        factories.make_member(agency, role) for role in ("coordinator", "contributor", "viewer", "viewer")
    )
    asking.ask(assessment, person=writer, items=["1.1.1"], note="", due_on=None, by=coordinator)
    done = together(
        *(
            partial(handing_over.hand_over, agency, person=writer, successor=heir, by=coordinator)
            for heir in heirs
        )
    )
    assert sum(row is not None for row in done) == 1
    assert HandOver.objects.count() == 1
    assert AskedItem.objects.current().get().user == HandOver.objects.get().successor
    assert Membership.objects.current().filter(agency=agency, role="contributor").count() == 1


@pytest.mark.parametrize("version", [0, 1])
def test_two_frameworks_at_once_leave_one_of_them_whole(version):
    cycle = factories.make_cycle()
    people = [factories.make_official("administrator") for _ in range(2)]
    meant = [weighing(str(weight), digital=str(30 - weight)) for weight in (10, 20)]
    if version:
        store(cycle, "", version=0, framework=standard(), by=people[0])
    found = together(
        *(
            partial(store, cycle, "", version=version, framework=framework, by=person)
            for person, framework in zip(people, meant, strict=True)
        )
    )
    (winner,) = (place for place, entry in enumerate(found) if not isinstance(entry, Conflict))
    stored = framework_of(cycle, "")
    assert (stored.framework, stored.version) == (meant[winner], version + 1)
    assert LogEntry.objects.filter(action="framework.stored").count() == version + 1
