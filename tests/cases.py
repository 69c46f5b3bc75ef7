"""One agency in every state of the road, with everybody who could have to do with it. Invented data.

For the tests that walk all routes as all people: built once per module through the services, in one transaction
that is rolled back (`world`), and every visit undoes what it wrote.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from assessments import snapshot
from assessments.checks import fingerprint, locked_answers, open_notes
from assessments.models import (
    PRELIMINARY,
    Answer,
    AnswerRevision,
    Assessment,
    Cycle,
    Status,
    Upload,
    WorkbookImport,
)
from assessments.models.incoming import KEPT_FOR
from assessments.reading import read_answers, tree_of
from assessments.services import asking, checking, handing_over, printed, submission, threads, timing
from criteria.models import Category
from pmqa.accounts.models import Agency, Membership, User
from results import publishing, releasing
from results.application_report import services as application_reports
from results.documents import form_prints
from results.exporting import open_data
from results.library import services as library
from results.library.highlights import highlights_of
from results.models import Export, OpenData, Release, Report, ResultSheet, TimedIssue
from reviews.models import REVIEWABLE, Assignment, FeedbackSection, Phrase, Ticket, Verdict
from reviews.reading import MARKED_KINDS
from reviews.services import appeals, assigning, consensus, marking, tickets
from reviews.team_models import Batch, Declaration, Departure, ReviewerProfile
from reviews.vetting_models import Wording
from tests import factories
from tests.assessments.files import PDF
from tests.reviews import cases as review_cases

BACKEND = "pmqa.accounts.backends.EmailBackend"
STATES = tuple(Status)
# Where the two reviewers differ, and the lead decides.
DISPUTED = "1.1.1.1"
# What the coordinator's workbook changes.
IN_WORKBOOK = "1.1.2.1"
# What the contributor is asked for.
ASKED = "2.1.1"
# What the coordinator's printed form says.
IN_PRINT = "1.1.3.1"
PRINT = (
    "แบบฟอร์มที่ 3\n1.1.3 ผู้บริหารกำหนดทิศทาง เพื่อให้เกิดการสร้างนวัตกรรมที่มุ่งเน้นผู้รับบริการและผู้มีส่วนได้ส่วนเสีย\t\t\n"
    "\t\t[/] โดยทิศทาง คือ ...ข้อความสมมติจากแบบพิมพ์...\n"
)
# Where they agree on a fail.
FAILED = "1.2.1.1"
PRINTED = "reports/printed.pdf"
# The file of the first entry of every register; the second entry is a link that nothing cites.
EVIDENCE = "evidence/shown"

UPLOAD_SIZE = 1000

# Texts that few may see; test_leaks looks for them on every page.
NOTES = {"reviewer": "บันทึกลับของคนที่หนึ่ง", "handed_in": "บันทึกลับของคนที่สอง"}
OPINIONS = {"reviewer": "ความเห็นลับของคนที่หนึ่ง", "handed_in": "ความเห็นลับของคนที่สอง"}
OWN_NOTES = {"reviewer": "เตือนตัวเองลับของคนที่หนึ่ง", "handed_in": "เตือนตัวเองลับของคนที่สอง"}
STRENGTHS = {"reviewer": "จุดเด่นลับของคนที่หนึ่ง", "handed_in": "จุดเด่นลับของคนที่สอง"}
# In the bank of the reviewer: for oneself, and for the team of each case.
OWN_PHRASE, TEAM_PHRASE = "วลีลับส่วนตัว", "วลีลับของทีม"
REASON = "เหตุผลลับของหัวหน้าทีม"
CONFLICT = "ความเกี่ยวข้องลับของผู้ตรวจ"
MACHINE_DRAFT, LEFT_OUT = "ร่างลับของเครื่อง", "ข้อความลับที่ไม่พิมพ์"
AGENCY_DRAFT = "ร่างลับของหน่วยงาน"
REPORT_DRAFT = "ร่างลับของรายงานขั้นที่ 2"
AGENCY_NOTE = "เหตุผลลับที่ส่งส่วนกลับในหน่วยงาน"
APPEAL = "เหตุผลลับที่หน่วยงานขอทบทวน"
# Asked by the reviewer and answered; asked by the one who has handed in, and never answered.
ANSWERED, SILENT = DISPUTED, IN_WORKBOOK
QUESTIONS = {"reviewer": "คำถามลับของคนที่หนึ่ง", "handed_in": "คำถามลับของคนที่สอง"}
ADDITION = "คำชี้แจงลับของหน่วยงาน"
# In every case, whatever its state: what the agency keeps to itself.
AGENCY_ASK = "หมายเหตุลับถึงผู้เขียน"
AGENCY_HISTORY, AGENCY_TALK = "ฉบับเก่าลับของหน่วยงาน", "ความเห็นลับในหน่วยงาน"
TAKEN_BACK = "ชื่อลับของแนวปฏิบัติที่ถอนแล้ว"
# Whom OPDC asks, in Form 1.
CONTACT = "ผู้ติดต่อลับของหน่วยงาน"
UNCITED = "หลักฐานลับที่ไม่มีส่วนใดอ้าง"
SECRET_PROPOSAL = "เหตุผลลับของข้อเสนอขยายเวลา"
SECRET_PEOPLE = ("reviewer", "handed_in", "lead", "recused", "tied")

ROLES = {
    "anonymous": "nobody has signed in",
    "nobody": "signed in, without any relation",
    "coordinator": "coordinator of the agency",
    "owner": "owner of category 1 of the agency",
    "contributor": "contributor of the agency, asked for one item in every case",
    "viewer": "viewer of the agency",
    "head": "head of the agency",
    "two_hats": "viewer of the agency who reviews the case of another ministry",
    "neighbour": "coordinator of another agency in the same ministry",
    "reviewer": "assigned, has marked everything, has not handed in before consensus",
    "handed_in": "assigned, has handed in",
    "lead": "lead reviewer, makes no marks",
    "recused": "was assigned and has stepped aside",
    "tied": "is assigned, and has since joined another agency of the ministry",
    "elsewhere": "reviews another case",
    "officer": "OPDC officer",
    "administrator": "OPDC administrator",
    "auditor": "OPDC auditor",
    "executive": "OPDC executive",
}


@dataclass
class World:
    agency: Agency
    cases: dict[str, Assessment]
    people: dict[str, User]
    # A cycle that the agency has not begun.
    open_cycle: Cycle
    # The case of another ministry.
    other: Assessment
    # Made with the people: a session of a single visit would be undone with it.
    sessions: dict[str, str]
    # By key of the case: what the coordinator uploaded and has not stored.
    uploads: dict[int, int]
    # More time that waits for a second administrator: proposed by "other", and by the administrator ("own").
    proposals: dict[str, int]
    # By key of the case: what the reviewer has on paper, of those under review.
    prints: dict[int, int]
    # Of the reviewer: the first is personal, one more for the team of every case that has one.
    phrases: list[int]
    # Key of teams that were given at once, to no case.
    batch: int
    places: dict[tuple[int, str], Answer] = field(default_factory=dict)
    # The middleware of all browsers, loaded once: with those that ask for the token of a form, and without.
    handlers: dict[bool, ClientHandler] = field(default_factory=dict)

    def client(self, role: str, **options: Any) -> Client:
        """A fresh browser with the session of this person, so that no visit knows of another."""
        client = Client(**options)
        asks = client.handler.enforce_csrf_checks
        client.handler = self.handlers.setdefault(asks, client.handler)
        if role != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client

    def answer(self, case: Assessment, code: str) -> Answer:
        """The first answer of a part, read once."""
        key = (case.pk, code)
        if key not in self.places:
            self.places[key] = factories.answer_of(case, code)
        return self.places[key]


def enter_password_again(client: Client, user: User) -> None:
    """Leave the session as whoever signs leaves the page that asks for the password."""
    request = HttpRequest()
    request.user, request.session = user, client.session
    reauthenticate_by_password(request)
    request.session.save()


def _session(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    enter_password_again(client, user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def secret_name(role: str) -> str:
    return f"นามลับ-{role}"


def secret_email(role: str) -> str:
    return f"secret-{role.replace('_', '-')}@test.example"


def build(states: tuple[str, ...] = STATES, *, first_year: int = 2570) -> World:
    """`first_year` is that of the first cycle, where there may be others already."""
    agency = factories.make_agency(name="กรมสมมติกลาง", name_en="Central Department of Invention")
    neighbour = factories.make_agency(name="กรมสมมติข้างเคียง", ministry=agency.ministry)
    member = factories.make_member
    people = {
        "nobody": factories.make_user(),
        "coordinator": member(agency, "coordinator"),
        "owner": member(agency, "owner", categories=["1"]),
        "contributor": member(agency, "contributor"),
        "viewer": member(agency, "viewer"),
        "head": member(agency, "head"),
        "two_hats": member(agency, "viewer"),
        "neighbour": member(neighbour, "coordinator"),
        **{
            role: factories.make_user(secret_email(role), first_name=secret_name(role))
            for role in SECRET_PEOPLE
        },
        "elsewhere": factories.make_user(),
        **{
            role: factories.make_official(role)
            for role in ("officer", "administrator", "auditor", "executive")
        },
    }
    cycles = [
        factories.make_cycle(year=year, name=f"รอบสมมติ พ.ศ. {year}")
        for year in range(first_year, first_year + len(STATES) + 1)
    ]
    built = {
        state: build_case(state, agency, cycle, people)
        for state, cycle in zip(STATES, cycles, strict=False)
        if state in states
    }
    handing_over.hand_over(
        agency, person=member(agency, "viewer"), successor=member(agency, "viewer"), by=people["coordinator"]
    )
    prints = {}
    for case in built.values():
        factories.make_print(case, file=PRINTED)
        if case.status in REVIEWABLE:
            prints[case.pk] = factories.make_print(case, file=PRINTED, reviewer=people["reviewer"]).pk
        for sheet in case.sheets.all():
            marks = form_prints.marks_of(sheet)
            factories.make_print(case, file=PRINTED, form="form3", marks=marks, marks_digest=sheet.digest)
    other = review_cases.open_case(
        people["elsewhere"], people["two_hats"], lead=factories.make_user(), cycle=cycles[0]
    )
    Membership.objects.create(user=people["tied"], agency=neighbour, role="viewer")
    if decided := built.get(Status.CONSENSUS_DONE):
        Release.objects.create(
            cycle=decided.cycle, cases=[decided.pk], proposed_by=factories.make_official("administrator"),
            proposed_by_name="สมมติ", proposed_at=timezone.now(),
        )  # fmt: skip
        TimedIssue.objects.create(
            cycle=decided.cycle, issue_at=timezone.now() + timedelta(days=9), ordered_by_name="สมมติ",
            ordered_at=timezone.now(),
        )  # fmt: skip
    if published := built.get(Status.REPORT_ISSUED):
        _let_out(published.cycle)
    sessions = {role: _session(person) for role, person in people.items()}
    uploads = {case.pk: _upload(case, people["coordinator"]) for case in built.values()}
    for case in built.values():
        _print_imports(case, people["coordinator"])
    proposals = _propose_more_time(built, people["administrator"])
    phrases = _phrases(built, people["reviewer"])
    ReviewerProfile.objects.create(user=people["elsewhere"])
    batch = Batch.objects.create(cycle=cycles[0], before={}, after={}).pk
    return World(
        agency, built, people, cycles[-1], other, sessions, uploads, proposals, prints, phrases, batch
    )


@contextmanager
def kept(blocker: Any, states: tuple[str, ...] = STATES) -> Iterator[World]:
    """The world of one module: in a transaction around all its tests, each of which has its own inside.

    `blocker` is pytest-django's. The tests must be marked `django_db`, or there is no test database.
    """
    with blocker.unblock(), transaction.atomic():
        built = build(states)
        if connection.vendor == "postgresql":
            # What nobody has committed the server has no statistics of, and plans as for empty tables.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield built
        transaction.set_rollback(True)


def build_case(state: str, agency: Agency, cycle: Cycle, people: dict[str, User]) -> Assessment:
    """A case of `agency` that has gone the road up to `state`, as far as possible through the services."""
    case = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    _keep_inside(case, people)
    asking.ask(
        case,
        person=people["contributor"],
        items=[ASKED],
        note=AGENCY_ASK,
        due_on=None,
        by=people["coordinator"],
    )
    _register(case, people["coordinator"])
    factories.make_application(case, contact_name=CONTACT)
    if state == Status.DRAFTING:
        _write(case, AGENCY_DRAFT)
        return review_cases.reloaded(case)
    if state == Status.INTERNAL_CHECK:
        checking.start_check(case, by=people["coordinator"])
        checking.send_part_back(
            factories.answer_of(case, DISPUTED), note=AGENCY_NOTE, by=people["coordinator"]
        )
        return review_cases.reloaded(case)
    factories.await_head(case, by=people["coordinator"])
    if state == Status.AWAITING_HEAD:
        return review_cases.reloaded(case)
    submission.submit(case, by=people["head"])
    team = [people["reviewer"], people["handed_in"]]
    assigning.assign(case, reviewers=team, lead=people["lead"], lead_marks=False, by=people["administrator"])
    _declare_conflict(case, people["recused"])
    if state == Status.RETURNED:
        assigning.send_back(case, "แนบเอกสารให้ครบ", by=people["officer"])
        _write(case, AGENCY_DRAFT)
    if state in (Status.SUBMITTED, Status.RETURNED):
        return review_cases.reloaded(case)
    assigning.open_review(case, by=people["administrator"])
    for person in (*team, people["lead"]):
        marking.open_case(case, by=person)
    for role in ("reviewer", "handed_in"):
        _judge(case, role, people[role])
    _ask_the_agency(case, people)
    marking.hand_in(case, by=people["handed_in"])
    if state != Status.IN_REVIEW:
        _settle(case, state, people)
    _join(
        case,
        people["tied"],
        opened_at=timezone.now(),
        handed_in_at=None if state == Status.IN_REVIEW else timezone.now(),
    )
    return review_cases.reloaded(case)


def _register(case: Assessment, person: User) -> None:
    """A cited file, a link that nothing cites, and a file of which nothing has arrived yet."""
    factories.make_evidence(case, factories.answer_of(case, DISPUTED), file=EVIDENCE, by=person)
    factories.make_evidence(case, url="https://example.org/uncited", title=UNCITED, by=person)
    Upload.objects.create(
        assessment=case, owner=person, name="ค้าง.pdf", size=UPLOAD_SIZE, touched_at=timezone.now()
    )


def _ask_the_agency(case: Assessment, people: dict[str, User]) -> None:
    """One question is answered and weighed by both, the other waits."""
    answered = tickets.ask(
        factories.answer_of(case, ANSWERED), question=QUESTIONS["reviewer"], by=people["reviewer"]
    )
    tickets.add(answered, addition=ADDITION, evidence=[1], by=people["coordinator"])
    for role, counted in (("reviewer", True), ("handed_in", False)):
        tickets.weigh(answered, counted=counted, by=people[role])
    tickets.ask(factories.answer_of(case, SILENT), question=QUESTIONS["handed_in"], by=people["handed_in"])


def _settle(case: Assessment, state: str, people: dict[str, User]) -> None:
    Ticket.objects.filter(assessment=case, state="open").update(due_at=case.cycle.opens_at)
    marking.hand_in(case, by=people["reviewer"])
    FeedbackSection.objects.filter(assessment=case, code="closing").update(draft=MACHINE_DRAFT)
    left_out = FeedbackSection.objects.filter(assessment=case, code="pillar:1")
    left_out.update(text=LEFT_OUT, included=False, version=1)
    now = timezone.now()
    Wording.objects.create(
        assessment=case, code="closing", before="ข้อความสมมติ", text="ถ้อยคำสมมติ", state="declined",
        proposed_by=people["officer"], proposed_by_name="สมมติ", proposed_at=now, settled_at=now,
    )  # fmt: skip
    if state == Status.CONSENSUS:
        return
    decide_disputed(case, people["lead"])
    consensus.finish(case, by=people["lead"])
    if state in PRELIMINARY:
        _tell(case, state, people)
    if state == Status.REPORT_ISSUED:
        outstanding = FeedbackSection.objects.filter(assessment=case, code="pillar:2")
        outstanding.update(text="ผลงานสมมติที่แบ่งปัน\n\nผลงานสมมติที่ถอนแล้ว", included=True, version=1)
        sheet = publishing.publish(case, by=people["administrator"])
        Report.objects.bulk_create(Report(sheet=sheet, kind=kind) for kind in ("deck", "minister"))
        Report.objects.filter(sheet=sheet).update(file=PRINTED)
        _share(sheet, people["coordinator"])
        _write_report(case, people)


def _share(sheet: ResultSheet, person: User) -> None:
    """One highlight stands in the library, another was taken back."""
    titles = ("แนวปฏิบัติสมมติที่แบ่งปัน", TAKEN_BACK)
    for found, title in zip(highlights_of(sheet.payload), titles, strict=True):
        values = dict.fromkeys(library.WRITTEN, "") | {"title": title}
        entry = library.share(
            sheet.assessment, key=found.key, version=0, values=values, topics=["1.1"], by=person
        )
    library.take_back(entry, by=person)


def _write_report(case: Assessment, people: dict[str, User]) -> None:
    """Invited to stage 2 for category 4, accepted, and one question answered."""
    due_on = timezone.localdate() + timedelta(days=30)
    report = application_reports.invite(case, due_on=due_on, by=people["administrator"])
    application_reports.accept(report, by=people["coordinator"])
    now = timezone.now()
    report.entries.create(
        code="4-overall", values={"text": REPORT_DRAFT}, is_answer=True, version=1, updated_at=now,
        updated_by=people["coordinator"],
    )  # fmt: skip


def _let_out(cycle: Cycle) -> None:
    """A file of the cycle's results, and its public part."""
    now = timezone.now()
    sheets = list(ResultSheet.objects.filter(assessment__cycle=cycle).values_list("pk", flat=True))
    Export.objects.create(
        cycle=cycle, kind="tables", form="csv", tables=["scores"], sheets=sheets, digest="0" * 64, file=PRINTED,
        sha256="0" * 64, ordered_by_name="สมมติ", ordered_at=now, made_at=now, expires_at=now,
    )  # fmt: skip
    opened = OpenData(cycle=cycle, with_agencies=True, sheets=sheets, opened_by_name="สมมติ", opened_at=now)
    opened.document = open_data.build(opened, progress=lambda done, total: None)
    opened.digest = snapshot.digest_of(opened.document)
    opened.save()


def _tell(case: Assessment, state: str, people: dict[str, User]) -> None:
    """The preliminary result; a request that waits; or one that was decided before the window closed."""
    Cycle.objects.filter(pk=case.cycle_id).update(appeal_days=10)
    release = releasing.propose(case.cycle, left_out="", by=factories.make_official("administrator"))
    releasing.confirm(release, by=people["administrator"])
    if state == Status.PRELIM_RELEASED:
        return
    asked = {"reason": APPEAL, "evidence": [1]}
    appeal = appeals.file(factories.answer_of(case, FAILED), **asked, by=people["coordinator"])
    if state == Status.APPEAL_OPEN:
        return
    Assessment.objects.filter(pk=case.pk).update(appeals_until=case.cycle.opens_at)
    appeals.decide(appeal, decision="kept", comment="", reason="หลักฐานยังไม่แสดงผล", by=people["lead"])


def _keep_inside(case: Assessment, people: dict[str, User]) -> None:
    """An old version of an answer, and a comment of the coordinator that asks for the attention of the head."""
    answer = factories.answer_of(case, DISPUTED)
    values = {key: AGENCY_HISTORY for key, value in answer.values.items() if isinstance(value, str)}
    AnswerRevision.objects.create(
        answer=answer,
        version=0,
        content={"claim": "started", "values": values},
        saved_by=people["coordinator"],
        saved_at=timezone.now(),
    )
    said = {"key": uuid.uuid4(), "text": AGENCY_TALK, "mentions": [people["head"]]}
    threads.add_comment(answer, **said, by=people["coordinator"])


def workbook_rows(case: Assessment) -> list[dict[str, Any]]:
    """A workbook that changes one part, as its reader gives it."""
    answer = factories.answer_of(case, IN_WORKBOOK)
    texts = {"answer.0": "ข้อความสมมติจากไฟล์", "claim": "ดำเนินการแล้ว"}
    row = {"key": f"{IN_WORKBOOK}|detail", "version": answer.version, "fingerprint": "", "texts": texts}
    return [row | {"faults": {}}]


def _upload(case: Assessment, person: User) -> int:
    now = timezone.now()
    contents = {"identity": {"exported_at": now.isoformat()}, "rows": workbook_rows(case)}
    made = WorkbookImport.objects.create(
        assessment=case, by=person, file_name="pmqa.xlsx", contents=contents, created_at=now,
        expires_at=now + KEPT_FOR,
    )  # fmt: skip
    return made.pk


def _propose_more_time(built: dict[str, Assessment], administrator: User) -> dict[str, int]:
    proposers = {"own": administrator, "other": factories.make_official("administrator")}
    made = {}
    for (name, person), case in zip(proposers.items(), built.values(), strict=False):
        until = case.cycle.closes_at + timedelta(days=2)
        made[name] = timing.propose(case, until=until, reason=SECRET_PROPOSAL, by=person).pk
    return made


def _print_imports(case: Assessment, person: User) -> None:
    """One that waits, and one that was stored: its answer was empty before."""
    now = timezone.now()
    document = printed.read(case, "old.txt", PRINT).as_json()
    stray = {"file": "old.txt", "line": 9, "text": "บรรทัดหลงสมมติ"}
    answer = factories.answer_of(case, IN_PRINT)
    undo = {"answer": answer.pk, "version": answer.version, "before": {"claim": "", "values": {}}}
    shared = {"by": person, "file_name": "old.txt", "print_year": case.cycle.year - 1}
    factories.make_print_import(
        case, contents=document | {"unplaced": [stray]}, placements={"0": "aside"}, **shared
    )
    factories.make_print_import(
        case,
        contents={},
        applied_at=now,
        undo=[undo | {"carried_over": False}],
        summary={
            "written": [IN_PRINT],
            "kept": [],
            "placed": 0,
            "faults": [],
            "left_out": [],
            "set_aside": [stray],
        },
        **shared,
    )


def _phrases(built: dict[str, Assessment], owner: User) -> list[int]:
    own = Phrase.objects.create(owner=owner, text=OWN_PHRASE)
    shared = [
        Phrase.objects.create(owner=owner, text=TEAM_PHRASE, team=case)
        for case in built.values()
        if case.status in REVIEWABLE
    ]
    return [phrase.pk for phrase in (own, *shared)]


def _write(case: Assessment, text: str) -> None:
    answer = factories.answer_of(case, DISPUTED)
    values = {key: text if isinstance(value, str) else value for key, value in answer.values.items()}
    Answer.objects.filter(pk=answer.pk).update(values=values)


def _judge(case: Assessment, role: str, person: User) -> None:
    """Everything passes, but one agreed fail and one answer on which the reviewers differ."""
    review_cases.mark_everything(case, by=person)
    mine = Verdict.objects.filter(assignment__in=Assignment.objects.filter(assessment=case, reviewer=person))
    mine.filter(answer=factories.answer_of(case, FAILED)).update(
        outcome="fail", comment="ควรแสดงผลของการดำเนินการ"
    )
    mine.filter(answer=factories.answer_of(case, DISPUTED)).update(
        outcome="fail" if role == "handed_in" else "pass",
        comment=OPINIONS[role],
        internal_note=NOTES[role],
        own_note=OWN_NOTES[role],
        strength=STRENGTHS[role],
    )


def _join(case: Assessment, person: User, **fields: Any) -> None:
    """Rows that the services would not make today, as time has made them."""
    categories = Category.objects.filter(edition=case.cycle.edition, kind__in=MARKED_KINDS)
    Assignment.objects.bulk_create(
        Assignment(assessment=case, category=category, reviewer=person, **fields) for category in categories
    )


def _declare_conflict(case: Assessment, person: User) -> None:
    _join(case, person, recused_at=timezone.now())
    said = {"has_conflict": True, "kind": "kin", "words": CONFLICT}
    Declaration.objects.create(assessment=case, reviewer=person, **said)
    Departure.objects.create(assessment=case, reviewer=person, kind="conflict", reason=CONFLICT, by=person)


def decide_disputed(case: Assessment, lead: User) -> None:
    consensus.decide(
        factories.answer_of(case, DISPUTED),
        version=0,
        outcome="pass",
        comment="",
        reason=REASON,
        by=lead,
    )


def seen_digest(case: Assessment) -> str:
    return snapshot.digest_of(snapshot.build(case, read_answers(case)))


def seen_parts(case: Assessment) -> str:
    """The fingerprint of everything that the page of the internal check shows as locked."""
    answers = read_answers(case).every
    return fingerprint(locked_answers(tree_of(case), answers, open_notes(case)))


def print_report() -> None:
    """The files that the rows of the world name, in the folder of the running test."""
    for name in (PRINTED, EVIDENCE, *(upload.place for upload in Upload.objects.all())):
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF)


# --- one visit --------------------------------------------------------------------------------


class Writes:
    """An execute wrapper that notes every table in which a statement changed rows."""

    _statement = re.compile(r'\s*(INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
    # Kept by the framework, not said by anybody.
    uncounted = frozenset({"django_session", "cache"})

    def __init__(self) -> None:
        self.tables: list[str] = []
        # Statements but those that only mark a place in the transaction.
        self.queries = 0

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        result = execute(sql, params, many, context)
        self.queries += not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))
        found = self._statement.match(sql)
        # An UPDATE that met no row changed nothing; SQLite does not count the rows of INSERT ... RETURNING.
        is_done = found and (found[1] == "INSERT INTO" or context["cursor"].rowcount != 0)
        if is_done and found[2] not in self.uncounted:
            self.tables.append(found[2])
        return result


@contextmanager
def undone() -> Iterator[Writes]:
    """Notes what is written inside the block, and undoes it."""
    writes = Writes()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            yield writes
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Visit:
    response: HttpResponse
    wrote: tuple[str, ...]
    queries: int


def visit(client: Client, method: str, url: str, data: dict | None = None, **headers: str) -> Visit:
    """One request, undone."""
    with undone() as writes:
        response = getattr(client, method.lower())(url, data or {}, headers=headers or None)
        if response.streaming:
            # Read to its end, it is closed as a server would close it.
            for _chunk in response:
                pass
    return Visit(response, tuple(writes.tables), writes.queries)
