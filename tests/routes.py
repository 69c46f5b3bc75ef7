"""Every route of the product: its name from the resolver, an address of it in a given case, and what is posted there.

A key is the name of a route, with a variant behind "#" where one route behaves in two ways.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from openpyxl import Workbook

from assessments.models import Assessment, Comment, Cycle, Mention, PartCheck, PartNote, PrintImport, Upload
from assessments.pages.handing_over import fingerprint_of
from assessments.services.handing_over import load_of
from assessments.snapshot import digest_of
from assessments.workbook.layout import MARK, SCHEMA
from pmqa.accounts.admin_site import site
from pmqa.accounts.models import Membership
from results.application_report import content as report_content
from results.application_report import services as report_services
from results.exporting.open_data import state_digest
from results.framework.weights import standard
from results.improvement import following
from results.improvement.models import Card, Plan
from results.models import ApplicationReport, Export, LibraryEntry, Release, ReportEntry, StageTwo, TimedIssue
from reviews.duties import rows_of_many
from reviews.lines import Line, written
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import vetting
from reviews.team_models import Departure
from reviews.teams_reading import fingerprint
from reviews.vetting_models import Wording
from tests.cases import (
    ANSWERED,
    DISPUTED,
    FAILED,
    IN_PRINT,
    IN_WORKBOOK,
    PRINT,
    PRINTED,
    SILENT,
    World,
    decide_disputed,
    seen_digest,
    seen_parts,
    workbook_rows,
)
from tests.results.framework.frameworks import sent

EDITION = "pmqa40-2565"
# The key of a score of stage 2 that waits, made just before it is settled.
RECORDED = 2001


def named_routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The names of all routes. Those without a name are Django's own redirects inside the admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_routes(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}"


def is_of_a_case(key: str) -> bool:
    """Whether the address names one assessment, so that its state matters."""
    return key.partition("#")[0] in _CASE_ARGUMENTS


def address(world: World, key: str, case: Assessment) -> str:
    """Where the route is for `case`."""
    name = key.partition("#")[0]
    arguments = _CASE_ARGUMENTS.get(name) or _OTHER_ARGUMENTS.get(name) or (lambda world, case, key: [])
    return reverse(name, args=arguments(world, case, key))


def _pk(world: World, case: Assessment, key: str) -> list:
    return [case.pk]


def _code(default: str) -> Callable[[World, Assessment, str], list]:
    return lambda world, case, key: [case.pk, key.partition("#")[2] or default]


def _answer(code: str) -> Callable[[World, Assessment, str], list]:
    return lambda world, case, key: [case.pk, world.answer(case, key.partition("#")[2] or code).pk]


def _comment(case: Assessment) -> Comment:
    return Comment.objects.get(thread__answer__assessment=case)


def _appeal(case: Assessment) -> int:
    """The request of a case; without one an address that leads nowhere."""
    return case.appeals.values_list("pk", flat=True).first() or 0


def _card(case: Assessment) -> int:
    """A card of category 1; without a published result there is none."""
    cards = Card.objects.filter(plan__assessment=case, category="1")
    return cards.values_list("pk", flat=True).first() or 0


def _shared(case: Assessment) -> str:
    """What of a published result stands in the library."""
    return case.library_entries.filter(is_shared=True).values_list("key", flat=True).first() or "none"


def _entry(world: World, case: Assessment, key: str) -> list:
    return [LibraryEntry.objects.filter(is_shared=True).values_list("pk", flat=True).first() or 0]


def _report_digest(case: Assessment) -> str:
    """Of the Application Report as it is written; "" without one."""
    report = ApplicationReport.objects.filter(assessment=case).select_related("sheet").first()
    if report is None:
        return ""
    said = report_services.saying(report, {entry.code: entry for entry in report.entries.all()})
    return digest_of(report_content.build(report, said))


def _round(world: World, case: Assessment, key: str) -> list:
    return [case.pk, 6]


def _ready_cycle(world: World) -> int:
    """A cycle with a case whose preliminary result could be told."""
    return world.cases.get("consensus_done", next(iter(world.cases.values()))).cycle_id


def _issued_cycle(world: World, case: Assessment, key: str) -> list:
    """A cycle with a published result."""
    return [world.cases.get("report_issued", next(iter(world.cases.values()))).cycle_id]


def _export(world: World, case: Assessment, key: str) -> list:
    cycle = _issued_cycle(world, case, key)
    return [*cycle, Export.objects.filter(cycle=cycle[0]).values_list("pk", flat=True).first() or 0]


def _release(world: World, case: Assessment, key: str) -> list:
    cycle = _ready_cycle(world)
    return [cycle, Release.objects.filter(cycle=cycle).values_list("pk", flat=True).first() or 0]


def _print_of_reviewer(world: World, case: Assessment, key: str) -> int:
    return world.prints.get(case.pk, 0)


def _judged_print(case: Assessment) -> int:
    return case.prints.exclude(marks_digest="").values_list("pk", flat=True).first() or 0


def _ticket(case: Assessment, code: str) -> int:
    """Before the review there is none."""
    return case.tickets.filter(code=code).values_list("pk", flat=True).first() or 0


def _wording(case: Assessment) -> int:
    """What was proposed for the closing statement; before the marks are in there is none."""
    return case.wordings.values_list("pk", flat=True).first() or 0


def _timed(world: World, case: Assessment, key: str) -> list:
    cycle = _ready_cycle(world)
    return [cycle, TimedIssue.objects.filter(cycle=cycle).values_list("pk", flat=True).first() or 0]


def _waiting_print(case: Assessment) -> PrintImport:
    return case.print_imports.get(applied_at=None)


def _stored_print(case: Assessment) -> PrintImport:
    return case.print_imports.exclude(applied_at=None).get()


_CASE_ARGUMENTS: dict[str, Callable[[World, Assessment, str], list]] = {
    **dict.fromkeys(
        (
            "assessments:overview", "assessments:check", "assessments:submit", "assessments:receipt",
            "assessments:start_check", "assessments:internal_check", "assessments:check_many",
            "assessments:stop_check", "assessments:propose", "assessments:recall", "assessments:decline",
            "reviews:take_back", "assessments:receipt_copy", "assessments:receipt_json", "assessments:profile",
            "assessments:grid", "assessments:readings", "assessments:print", "assessments:sight", "reviews:sight",
            "assessments:ask", "assessments:application",
            "assessments:evidence", "assessments:add_evidence", "assessments:begin_upload", "reviews:evidence",
            "assessments:workbook", "assessments:workbook_download", "assessments:workbook_upload",
            "assessments:printed", "assessments:printed_upload",
            "reviews:print", "results:forms",
            "reviews:start", "reviews:step_aside", "reviews:next", "reviews:go", "reviews:undo", "reviews:compose",
            "reviews:phrases", "reviews:profile", "reviews:hand_in",
            "reviews:consensus", "reviews:weighing", "reviews:finish", "reviews:reopen", "reviews:feedback",
            "reviews:divide", "reviews:stand_in", "reviews:set_aside",
            "reviews:case", "reviews:assign", "reviews:open_review", "reviews:send_back",
            "results:result", "results:publish", "results:correct", "results:report", "results:report_status",
            "results:revisions", "results:stage_two", "results:retry_report", "results:appeals", "results:benchmark",
            "reviews:appeals", "reviews:name_lead",
            "reviews:clarifications",
            "results:scores_csv", "results:result_json", "results:result_xlsx", "results:next_best",
            "results:what_if", "results:minister", "results:draft_report",
            "reviews:vetting", "reviews:confirm_vetting", "reviews:sign_texts",
            "results:plan", "results:add_card", "results:approve_plan", "results:plan_pdf", "results:plan_xlsx",
            "results:sharing",
            "results:application_report", "results:answer_invitation", "results:move_report_due",
            "results:report_changes", "results:submit_report", "results:application_report_pdf",
            "results:print_application_report",
        ),
        _pk,
    ),
    "assessments:print_status": lambda world, case, key: [case.pk, case.prints.of_answers().first().pk],
    "assessments:print_file": lambda world, case, key: [case.pk, case.prints.of_answers().first().pk],
    # Of nobody where the case has none: 404 for everybody who comes through the door.
    "reviews:print_status": lambda world, case, key: [case.pk, _print_of_reviewer(world, case, key)],
    "reviews:print_file": lambda world, case, key: [case.pk, _print_of_reviewer(world, case, key)],
    "results:form_status": lambda world, case, key: [case.pk, _judged_print(case)],
    "results:form_file": lambda world, case, key: [case.pk, _judged_print(case)],
    "assessments:workbook_import": lambda world, case, key: [case.pk, world.uploads[case.pk]],
    "assessments:printed_import": lambda world, case, key: [case.pk, _waiting_print(case).pk],
    "assessments:printed_undo": lambda world, case, key: [case.pk, _stored_print(case).pk],
    "assessments:topic": _code("1.1"),
    "assessments:check_topic": _code("1.1"),
    "assessments:check_answer": _answer(DISPUTED),
    "assessments:send_part_back": _answer(FAILED),
    "assessments:save_part": _code(DISPUTED),
    "assessments:add_indicator": _code("7.1.1"),
    "assessments:save_indicator": _answer("7.1.1"),
    "assessments:remove_indicator": _answer("7.1.1"),
    "assessments:restore_indicator": _answer("7.1.1"),
    "assessments:part_history": _code(DISPUTED),
    "assessments:part_comments": _code(DISPUTED),
    "assessments:indicator_history": _answer("7.1.1"),
    "assessments:indicator_comments": _answer("7.1.1"),
    "assessments:restore_version": _answer(DISPUTED),
    "assessments:add_comment": _answer(DISPUTED),
    "assessments:turn_thread": _answer(DISPUTED),
    "assessments:edit_comment": lambda world, case, key: [case.pk, _comment(case).pk],
    "assessments:remove_comment": lambda world, case, key: [case.pk, _comment(case).pk],
    "assessments:presence": _code("1.1"),
    # Entry 1 is a file that the disputed part cites, entry 2 a link that nothing cites.
    "assessments:cite_evidence": _answer(DISPUTED),
    "assessments:evidence_entry": lambda world, case, key: [case.pk, 1],
    "assessments:edit_evidence": lambda world, case, key: [case.pk, 1],
    "assessments:replace_evidence": lambda world, case, key: [case.pk, 2],
    "assessments:withdraw_evidence": lambda world, case, key: [case.pk, 2],
    "assessments:confirm_link": lambda world, case, key: [case.pk, 2, 1],
    "assessments:evidence_file": lambda world, case, key: [case.pk, 1, 1],
    "assessments:evidence_preview": lambda world, case, key: [case.pk, 1, 1],
    "assessments:evidence_look": lambda world, case, key: [case.pk, 1, 1],
    "assessments:evidence_page": lambda world, case, key: [case.pk, 1, 1, 1],
    "assessments:frozen_evidence": lambda world, case, key: [case.pk, 1, 1],
    "assessments:upload": lambda world, case, key: [case.pk, Upload.objects.get(assessment=case).pk, 0],
    "assessments:asked": lambda world, case, key: [case.pk, case.asked_items.get().pk],
    "assessments:take_back_asked": lambda world, case, key: [case.pk, case.asked_items.get().pk],
    "assessments:category_due": lambda world, case, key: [case.pk, "1"],
    "reviews:evidence_file": lambda world, case, key: [case.pk, 1],
    "reviews:evidence_preview": lambda world, case, key: [case.pk, 1],
    "reviews:evidence_look": lambda world, case, key: [case.pk, 1],
    "reviews:evidence_page": lambda world, case, key: [case.pk, 1, 1],
    "reviews:topic": _code("1.1"),
    "reviews:mark": _answer(DISPUTED),
    "reviews:case_tickets": _pk,
    "reviews:siblings": _answer("2.1.1.1"),
    "reviews:ask_ticket": _answer("2.1.1.1"),
    "reviews:weigh_ticket": lambda world, case, key: [case.pk, _ticket(case, ANSWERED)],
    "reviews:clarify": lambda world, case, key: [case.pk, _ticket(case, SILENT)],
    "reviews:remove_phrase": lambda world, case, key: [case.pk, world.phrases[0]],
    "reviews:decide": _answer(DISPUTED),
    "reviews:earlier": _answer(DISPUTED),
    "reviews:save_section": _code("closing"),
    "reviews:decide_appeal": lambda world, case, key: [case.pk, _appeal(case)],
    "results:withdraw_appeal": lambda world, case, key: [case.pk, _appeal(case)],
    "results:ask_again": _code(FAILED),
    **dict.fromkeys(
        ("reviews:withdraw", "reviews:replace", "reviews:waive"),
        lambda world, case, key: [case.pk, world.people["handed_in"].pk],
    ),
    **dict.fromkeys(
        ("results:confirm_stage_two", "results:decline_stage_two", "results:take_back_stage_two"),
        lambda world, case, key: [case.pk, RECORDED],
    ),
    "results:explain": lambda world, case, key: [case.pk, key.partition("#")[2] or "verified", "1.1"],
    **dict.fromkeys(
        ("results:share_highlight", "results:take_back"), lambda world, case, key: [case.pk, _shared(case)]
    ),
    "results:roadmap": _code("verified"),
    "results:roadmap_dimension": lambda world, case, key: [case.pk, "verified", "customer"],
    "reviews:propose_wording": _code("closing"),
    "reviews:settle_wording": lambda world, case, key: [case.pk, _wording(case)],
    **dict.fromkeys(("results:document", "results:document_status", "results:order_document"), _code("deck")),
    "results:explain_edition": lambda world, case, key: [case.pk, 1, "verified", "1.1"],
    "results:edition_file": lambda world, case, key: [case.pk, 1, "feedback"],
    "assessments:findings": _answer("3.1.1.1"),
    "results:topic": _code("1.1"),
    "results:last_year": _code("1.1"),
    "results:plan_card": lambda world, case, key: [case.pk, _card(case)],
    "results:follow_up": _round,
    "results:submit_follow_up": _round,
    "results:save_progress": lambda world, case, key: [case.pk, 6, _card(case)],
    "results:save_reply": lambda world, case, key: [case.pk, 6, _card(case)],
    "results:reviewed_before": _code("1.1"),
    "results:report_chapter": _code("4"),
    "results:save_report_section": _code("4-overall"),
}  # fmt: skip


def _agency(world: World, case: Assessment, key: str) -> list:
    return [world.agency.pk]


def _contributor(world: World, case: Assessment, key: str) -> list:
    return [world.agency.pk, _role_of(world, "contributor").pk]


def _role_of(world: World, role: str) -> Membership:
    return world.agency.memberships.get(user=world.people[role])


_OTHER_ARGUMENTS: dict[str, Callable[[World, Assessment, str], list]] = {
    "assessments:people": _agency,
    "assessments:add_person": _agency,
    **dict.fromkeys(
        (
            "assessments:member",
            "assessments:end_member",
            "assessments:tell_member",
            "assessments:hand_over",
            "assessments:work_pack",
        ),
        _contributor,
    ),
    "assessments:hand_back": lambda world, case, key: [world.agency.pk, world.agency.hand_overs.get().pk],
    **dict.fromkeys(("results:library_entry", "results:hide_entry", "results:show_entry"), _entry),
    "reviews:undo_teams": lambda world, case, key: [world.batch],
    "reviews:teams_csv": lambda world, case, key: [world.open_cycle.pk],
    "results:standing": _agency,
    "results:standing_csv": _agency,
    **dict.fromkeys(
        ("results:groups", "results:groups_csv", "results:targets", "results:framework"),
        lambda world, case, key: [world.open_cycle.pk],
    ),
    **dict.fromkeys(
        ("results:edit_framework", "results:drop_framework"),
        lambda world, case, key: [world.open_cycle.pk, "other"],
    ),
    "results:choose_type": lambda world, case, key: [
        world.cases.get("drafting", case).cycle_id,
        world.agency.pk,
    ],
    "reviews:sample": lambda world, case, key: [world.open_cycle.pk],
    "reviews:draw_sample": lambda world, case, key: [world.open_cycle.pk],
    "reviews:apply_sample": lambda world, case, key: [world.open_cycle.pk],
    "criteria:edition": lambda world, case, key: [EDITION],
    "criteria:search": lambda world, case, key: [EDITION],
    "criteria:pillars": lambda world, case, key: [EDITION],
    "criteria:roadmap": lambda world, case, key: [EDITION],
    "criteria:dimension": lambda world, case, key: [EDITION, "customer"],
    "criteria:topic": lambda world, case, key: [EDITION, "1.1"],
    "results:dashboard_page": lambda world, case, key: ["topics"],
    "results:dashboard_csv": lambda world, case, key: ["trend"],
    "results:release": lambda world, case, key: [_ready_cycle(world)],
    "results:issue": lambda world, case, key: [_ready_cycle(world)],
    "results:issue_at": lambda world, case, key: [_ready_cycle(world)],
    "results:cancel_issue": _timed,
    **dict.fromkeys(
        ("results:exports", "results:opening", "results:close_open_data", "results:open_json"), _issued_cycle
    ),
    **dict.fromkeys(("results:application_reports", "results:invite_to_stage_two"), _issued_cycle),
    "results:export_status": _export,
    "results:export_file": _export,
    "results:open_csv": lambda world, case, key: [*_issued_cycle(world, case, key), "summary"],
    "results:issue_status": lambda world, case, key: [_ready_cycle(world)],
    "results:confirm_release": _release,
    "results:withdraw_release": _release,
    "assessments:open_mention": lambda world, case, key: [Mention.objects.get(comment=_comment(case)).pk],
    "assessments:start": lambda world, case, key: [world.open_cycle.pk, world.agency.pk],
    **dict.fromkeys(
        ("assessments:confirm_extension", "assessments:decline_extension", "assessments:take_back_extension"),
        lambda world, case, key: [world.proposals["own" if key.endswith("#own") else "other"]],
    ),
}


# --- what is posted ---------------------------------------------------------------------------


def posted(world: World, key: str, case: Assessment) -> dict[str, Any]:
    """A form that means something on this route."""
    make = _POSTED.get(key.partition("#")[0])
    return make(world, case, key) if make else {}


def _print(world: World, case: Assessment, key: str) -> dict[str, Any]:
    source = "1" if case.submitted_at else "draft"
    return {"what": "form4", "source": source, "digits": "arabic"}


def _opening(world: World, case: Assessment, key: str) -> dict[str, Any]:
    (cycle,) = _issued_cycle(world, case, key)
    return {"confirmed": "on", "seen": state_digest(Cycle.objects.get(pk=cycle))}


def _part(world: World, case: Assessment, key: str) -> dict[str, Any]:
    answer = world.answer(case, key.partition("#")[2] or DISPUTED)
    return {"version": answer.version, "claim": "started"}


def _old_version(world: World, case: Assessment, key: str) -> dict[str, Any]:
    answer = world.answer(case, DISPUTED)
    return {"version": answer.version, "revision": answer.revisions.get(version=0).pk}


def _indicator(world: World, case: Assessment, key: str) -> dict[str, Any]:
    return {"version": world.answer(case, "7.1.1").version, "name": "ตัวชี้วัดสมมติที่แก้ชื่อ"}


class _Upload(SimpleUploadedFile):
    """A file that everybody posts in turn."""

    def read(self, *size):
        self.seek(0)
        return super().read(*size)


def _workbook(world: World, case: Assessment, key: str) -> dict[str, Any]:
    """The smallest file that is a workbook of this case."""
    book, file = Workbook(), BytesIO()
    identity = {"schema": SCHEMA, "edition": case.cycle.edition.checksum, "assessment": str(case.pk)}
    for name, text in identity.items():
        book.active.append([f"{MARK}{name}", text])
    for row in workbook_rows(case):
        cells = {"key": row["key"], "version": str(row["version"])} | row["texts"]
        book.active.append([f"{MARK}{name}" for name in cells])
        book.active.append(list(cells.values()))
    book.save(file)
    return {"workbook": _Upload("pmqa.xlsx", file.getvalue())}


def _seen(world: World, case: Assessment, key: str) -> dict[str, Any]:
    return {f"seen-{IN_WORKBOOK}": world.answer(case, IN_WORKBOOK).version}


def _mark(world: World, case: Assessment, key: str) -> dict[str, Any]:
    answer = world.answer(case, DISPUTED)
    return {"version": 1, "judged_version": answer.version, "outcome": "fail", "comment": "ควรแสดงผลรายปี"}


def _sibling(world: World, case: Assessment, key: str) -> dict[str, Any]:
    return {"sibling": f"{world.answer(case, '2.1.1.2').pk}:1"}


def _team(world: World, case: Assessment, key: str) -> dict[str, Any]:
    people = world.people
    reviewers = [people[role].pk for role in ("reviewer", "handed_in", "elsewhere")]
    return {"reviewers": reviewers, "lead": people["lead"].pk}


def _moving(world: World, case: Assessment, key: str) -> dict[str, Any]:
    load = load_of(world.agency, world.people["contributor"], day=timezone.localdate())
    return {"successor": world.people["owner"].pk, "seen": fingerprint_of(load)}


def _ask(world: World, case: Assessment, key: str) -> dict[str, Any]:
    return {"person": world.people["contributor"].pk, "items": ["1.1.2"], "due_on": "15 ม.ค. 2571"}


def _divided(world: World, case: Assessment, key: str) -> dict[str, Any]:
    """The second reviewer no longer marks category 7."""
    people = [world.people[role].pk for role in ("reviewer", "handed_in")]
    ticked = {f"c-{person}-{code}": "on" for person in people for code in "1234567"}
    return {name: on for name, on in ticked.items() if name != f"c-{people[1]}-7"}


def _lines(world: World, case: Assessment, key: str) -> dict[str, Any]:
    """Another team for the case that was handed over."""
    case = world.cases["submitted"]
    people = [("lead", "lead"), ("elsewhere", "reviewer")]
    lines = [Line(1, case.agency.code, world.people[role].email, word, ()) for role, word in people]
    text = written(lines)
    shown = sha256(text.encode()).hexdigest()
    return {
        "cycle": case.cycle_id,
        "text": text,
        "shown": shown,
        "seen": fingerprint(rows_of_many([case.pk])),
    }


_POSTED: dict[str, Callable[[World, Assessment, str], dict[str, Any]]] = {
    "set_theme": lambda world, case, key: {"theme": "dark", "next": "/"},
    "set_work_mail": lambda world, case, key: {"wanted": "1", "next": "/"},
    "verify": lambda world, case, key: {"file": SimpleUploadedFile("result.json", b"{}")},
    "set_language": lambda world, case, key: {"language": "en", "next": "/"},
    "assessments:submit": lambda world, case, key: {"confirmed": "on", "seen_digest": seen_digest(case)},
    "assessments:check_many": lambda world, case, key: {"seen": seen_parts(case)},
    "assessments:check_answer": lambda world, case, key: {"version": world.answer(case, DISPUTED).version},
    "assessments:send_part_back": lambda world, case, key: {"note": "เพิ่มผลในปีล่าสุด"},
    "assessments:ask": _ask,
    "assessments:asked": lambda world, case, key: {"version": 0, "note": "หมายเหตุใหม่สมมติ"},
    "assessments:category_due": lambda world, case, key: {"version": 0, "due_on": "15 ม.ค. 2571"},
    "assessments:add_person": lambda world, case, key: {
        "email": "new@test.example", "called": "คนใหม่ สมมติ", "role": "contributor",
    },
    "assessments:member": lambda world, case, key: {"version": 0, "ends_on": "31 ธ.ค. 2590"},
    "assessments:hand_over": _moving,
    "assessments:decline": lambda world, case, key: {"reason": "แก้ไขข้อ 1.1.1"},
    "assessments:propose_extension": lambda world, case, key: {
        "assessment": world.cases["returned"].pk, "until": "2099-01-31T16:30", "reason": "น้ำท่วมอาคารสมมติ",
    },
    "assessments:decline_extension": lambda world, case, key: {"reason": "ยังมีเวลาเหลือพอ"},
    "assessments:print": _print,
    "reviews:print": lambda world, case, key: {"what": "form4", "digits": "arabic"},
    "results:forms": lambda world, case, key: {"what": "form4", "digits": "thai"},
    "assessments:save_part": _part,
    "assessments:save_indicator": _indicator,
    # The customers of the invented profile are named in no answer of 3.1.
    "assessments:findings": lambda world, case, key: {
        "key": "customer_unnamed:กลุ่มสมมติ", "reason": "กลุ่มนี้รับบริการผ่านหน่วยงานอื่น",
    },
    "assessments:restore_version": _old_version,
    "assessments:add_comment": lambda world, case, key: {"key": uuid.uuid4(), "text": "ความเห็นสมมติ"},
    "assessments:edit_comment": lambda world, case, key: {"version": 0, "text": "ความเห็นสมมติที่แก้"},
    "assessments:turn_thread": lambda world, case, key: {"settled": "yes"},
    "assessments:remove_indicator": lambda world, case, key: {"version": 1},
    "assessments:workbook_upload": _workbook,
    "assessments:workbook_import": _seen,
    "assessments:printed_upload": lambda world, case, key: {"print_year": case.cycle.year - 1, "text": PRINT},
    "assessments:printed_import": lambda world, case, key: {
        "do": "apply", f"choice-{IN_PRINT}": "take", f"seen-{IN_PRINT}": world.answer(case, IN_PRINT).version,
    },
    "assessments:restore_indicator": lambda world, case, key: {"version": 1},
    "assessments:add_evidence": lambda world, case, key: {
        "kind": "link", "title": "รายงานสมมติ", "url": "https://example.org/new", "key": str(uuid4()),
    },
    "assessments:application": lambda world, case, key: {"award": "whole", "version": 1},
    "assessments:edit_evidence": lambda world, case, key: {"title": "ชื่อใหม่สมมติ", "version": 0},
    "assessments:replace_evidence": lambda world, case, key: {"url": "https://example.org/newer", "version": 0},
    "assessments:withdraw_evidence": lambda world, case, key: {"reason": "เอกสารผิดฉบับ", "version": 0},
    "assessments:cite_evidence": lambda world, case, key: {"entry": 2},
    "assessments:begin_upload": lambda world, case, key: {"name": "ใหม่.pdf", "size": 10, "modified": 5},
    "reviews:mark": _mark,
    "reviews:siblings": _sibling,
    "reviews:compose": lambda world, case, key: {"seen": "แผน", "lacking": "result"},
    "reviews:phrases": lambda world, case, key: {"text": "ควรระบุแหล่งข้อมูลที่เปิดตรวจสอบได้"},
    "reviews:decide": lambda world, case, key: {
        "version": 0, "outcome": "pass", "comment": "", "reason": "หลักฐานในข้อ 1.1.1 เพียงพอ",
    },
    "reviews:reopen": lambda world, case, key: {"note": "ทบทวนข้อ 1.1.1 อีกครั้ง"},
    "reviews:save_section": lambda world, case, key: {
        "version": 0, "text": "ข้อความสมมติของหัวหน้าทีม", "included": "on",
    },
    "reviews:assign": _team,
    "reviews:start": lambda world, case, key: {"declared": "none"},
    "reviews:step_aside": lambda world, case, key: {"reason": "ภารกิจเร่งด่วน"},
    "reviews:stand_in": lambda world, case, key: {"successor": world.people["elsewhere"].pk},
    "reviews:replace": lambda world, case, key: {"successor": world.people["elsewhere"].pk},
    "reviews:divide": _divided,
    "reviews:propose_teams": lambda world, case, key: {"cycle": case.cycle_id, "at_least": 1},
    "reviews:preview_teams": _lines,
    "reviews:apply_teams": _lines,
    "reviews:send_back": lambda world, case, key: {"note": "แนบเอกสารให้ครบ"},
    "reviews:decide_appeal": lambda world, case, key: {
        f"a{_appeal(case)}-decision": "changed", f"a{_appeal(case)}-reason": "หลักฐานแสดงผลแล้ว",
    },
    "reviews:name_lead": lambda world, case, key: {"lead": world.people["elsewhere"].pk},
    "reviews:ask_ticket": lambda world, case, key: {"question": "ผลของปีล่าสุดอยู่ในย่อหน้าใด"},
    "reviews:weigh_ticket": lambda world, case, key: {"counted": "no"},
    "reviews:clarify": lambda world, case, key: {"addition": "อยู่ในย่อหน้าที่สองของคำตอบ"},
    "results:ask_again": lambda world, case, key: {"reason": "คำตอบแสดงผลไว้ในย่อหน้าที่สองแล้ว"},
    **dict.fromkeys(
        ("reviews:confirm_vetting", "reviews:sign_texts"),
        lambda world, case, key: {"seen": vetting.fingerprint(vetting.printed(case))},
    ),
    "reviews:propose_wording": lambda world, case, key: {"version": 0, "text": "ถ้อยคำสมมติที่เสนอ"},
    "reviews:settle_wording": lambda world, case, key: {"state": "declined"},
    "results:issue_at": lambda world, case, key: {"at": "2099-01-31T16:30"},
    "results:plan_card": lambda world, case, key: {
        "version": 0, "measure": "จัดทำระบบข้อมูลสมมติ", "state": "under_way", "due_on": "30 ก.ย. 2580",
    },
    "results:add_card": lambda world, case, key: {
        "key": uuid.uuid4(), "category": "1", "title": "พัฒนาหลักสูตรสมมติ",
    },
    "results:approve_plan": lambda world, case, key: {"number": 1},
    "results:save_progress": lambda world, case, key: {"version": 0, "text": "ดำเนินการแล้วครึ่งหนึ่ง"},
    "results:save_reply": lambda world, case, key: {"version": 0, "verdict": "enough"},
    "results:share_highlight": lambda world, case, key: {"version": 1, "title": "ชื่อใหม่สมมติ", "topics": ["1.1"]},
    "results:hide_entry": lambda world, case, key: {"reason": "มีข้อมูลส่วนบุคคล"},
    "results:release": lambda world, case, key: {"left_out": ""},
    "results:exports": lambda world, case, key: {"kind": "tables", "tables": ["scores"], "form": "json"},
    "results:opening": _opening,
    "results:publish": lambda world, case, key: {},
    "results:what_if": lambda world, case, key: {DISPUTED: "not_started", "7.1.1.1.result": "1"},
    "results:targets": lambda world, case, key: {
        "version": 0, "step": "store", "from_2": "350", "from_3": "400", "half_1": "245", "full_1": "350",
        "half_2": "325", "growth_2": "8", "half_3": "370", "growth_3": "2",
    },
    "results:edit_framework": lambda world, case, key: sent(standard()),
    "results:drop_framework": lambda world, case, key: {"version": 0},
    "results:choose_type": lambda world, case, key: {
        "version": 0, "kpi_type": "1", "base": "", "reason": "หน่วยงานตั้งใหม่ในปีนี้",
    },
    "results:stage_two": lambda world, case, key: {
        "score": "345", "scale": "1000", "decided_on": "1 ต.ค. 2568", "decided_by": "คณะกรรมการสมมติ",
    },
    "results:decline_stage_two": lambda world, case, key: {"reason": "คะแนนเต็มไม่ตรงกับมติ"},
    "results:invite_to_stage_two": lambda world, case, key: {
        "cases": [world.cases.get("report_issued", case).pk], "due_on": "31 ธ.ค. 2599", "step": "invite",
    },
    "results:answer_invitation": lambda world, case, key: {"answer": "accept"},
    "results:move_report_due": lambda world, case, key: {"due_on": "31 ธ.ค. 2599"},
    "results:save_report_section": lambda world, case, key: {"version": 1, "text": "คำตอบสมมติที่แก้แล้ว"},
    "results:submit_report": lambda world, case, key: {"seen": _report_digest(case)},
    "results:correct": lambda world, case, key: {"kind": "clerical", "reason": "แก้ผลของข้อ 1.1.1 ตามมติ"},
}  # fmt: skip


# --- what must be so before a post can do anything ----------------------------------------------


def prepare(world: World, key: str, state: str) -> None:
    """Bring the case to where this post has something to do; undone with the visit."""
    case = world.cases[state]
    if key in (
        "results:release", "results:confirm_release", "results:withdraw_release", "results:issue", "results:issue_at"
    ):  # fmt: skip
        _prepare_release(world, key)
        return
    if key == "results:invite_to_stage_two":
        _prepare_plan(world, key)
        return
    if key == "results:show_entry":
        hidden = {"hidden_at": timezone.now(), "hidden_reason": "มีข้อมูลส่วนบุคคล"}
        LibraryEntry.objects.filter(is_shared=True).update(**hidden)
        return
    if key.startswith("reviews:"):
        _prepare_review(world, key, state)
        return
    match key, state:
        case (("assessments:add_indicator" | "assessments:restore_indicator"), _):
            answer = world.answer(case, "7.1.1")
            type(answer).objects.filter(pk=answer.pk).update(removed_at=case.cycle.opens_at)
        case "assessments:propose", "internal_check":
            PartNote.objects.filter(answer__assessment=case).update(closed_at=case.cycle.opens_at)
            PartCheck.objects.bulk_create(
                PartCheck(answer_id=pk, version=version, checked_at=case.cycle.opens_at)
                for pk, version in case.answers.present().values_list("pk", "version")
            )
        case "results:correct", "report_issued":
            Consensus.objects.filter(answer=world.answer(case, DISPUTED)).update(
                outcome="fail", comment="ควรแก้"
            )
        case (
            ("results:confirm_stage_two" | "results:decline_stage_two" | "results:take_back_stage_two"),
            "report_issued",
        ):
            own = key == "results:take_back_stage_two"
            StageTwo.objects.create(
                pk=RECORDED,
                assessment=case,
                score=345,
                scale=1000,
                decided_on="2025-10-01",
                decided_by="คณะกรรมการสมมติ",
                proposed_by=world.people["administrator"] if own else None,
                proposed_at=case.cycle.opens_at,
            )
        case "results:retry_report", "report_issued":
            case.sheets.first().reports.update(file="", job=None)
        case (("results:order_document" | "results:order_document#minister"), "report_issued"):
            case.sheets.first().reports.exclude(kind="feedback").delete()
        case _, "report_issued":
            _prepare_plan(world, key)


def _prepare_plan(world: World, key: str) -> None:
    """Something to approve; a follow-up that is open, written, or submitted; an agency to invite to stage 2."""
    if key == "results:invite_to_stage_two":
        ReportEntry.objects.all().delete()
        ApplicationReport.objects.all().delete()
    if key == "results:answer_invitation":
        ApplicationReport.objects.update(state="invited")
    if key == "results:application_report_pdf":
        sent = {
            "content": {},
            "digest": "0" * 64,
            "number": 1,
            "submitted_at": timezone.now(),
            "file": PRINTED,
        }
        ApplicationReport.objects.update(state="submitted", **sent)
    if key not in (
        "results:approve_plan",
        "results:save_progress",
        "results:submit_follow_up",
        "results:save_reply",
    ):
        return
    case, coordinator = world.cases["report_issued"], world.people["coordinator"]
    Plan.objects.filter(assessment=case).update(published_at=timezone.now() - timedelta(days=190), number=1)
    plan = Plan.objects.get(assessment=case)
    plan.cards.update(measure="จัดทำระบบข้อมูลสมมติ")
    if key in ("results:submit_follow_up", "results:save_reply"):
        for card in plan.cards.all():
            following.save_progress(card, months=6, version=0, text="ครึ่งหนึ่ง", evidence="", by=coordinator)
    if key == "results:save_reply":
        following.submit(plan, months=6, by=coordinator)


def _prepare_review(world: World, key: str, state: str) -> None:
    case = world.cases[state]
    match key, state:
        case "reviews:take_back", "in_review":
            Assignment.objects.filter(assessment=case).update(opened_at=None)
        case "reviews:undo", "in_review":
            mine = Verdict.objects.filter(assignment__reviewer=world.people["reviewer"])
            before = {"outcome": "fail", "comment": "ควรแสดงผล"}
            mine.filter(answer=world.answer(case, DISPUTED)).update(
                other=before, turned_at=case.cycle.opens_at
            )
        case "reviews:siblings", "in_review":
            mine = Verdict.objects.filter(assignment__reviewer=world.people["reviewer"])
            mine.filter(answer=world.answer(case, "2.1.1.1")).update(outcome="fail", comment="ควรแสดงผล")
        case "reviews:start", "in_review":
            Assignment.objects.filter(assessment=case).update(opened_at=None)
        case "reviews:assign", "in_review":
            # Nobody is left in the team who may not be there.
            Assignment.objects.filter(reviewer=world.people["tied"]).update(recused_at=case.cycle.opens_at)
        case "reviews:waive", _:
            leaver = {"reviewer": world.people["handed_in"], "kind": "own", "is_awaited": True}
            Departure.objects.create(assessment=case, **leaver)
        case "reviews:settle_wording", _:
            Wording.objects.filter(assessment=case).update(state="open", settled_at=None)
        case "reviews:finish", "consensus":
            decide_disputed(case, world.people["lead"])


def _prepare_release(world: World, key: str) -> None:
    """A cycle with days for appeals: nothing proposed where one proposes, something final where reports are issued."""
    cycle = Cycle.objects.filter(pk=_ready_cycle(world))
    cycle.update(appeal_days=10)
    if key == "results:release":
        Release.objects.filter(cycle__in=cycle).delete()
    if key == "results:issue_at":
        TimedIssue.objects.filter(cycle__in=cycle).delete()
    if key == "results:issue":
        Assessment.objects.filter(cycle__in=cycle).update(status="finalised")


# --- the administration -----------------------------------------------------------------------


def admin_models() -> dict[str, type[Model]]:
    """The models of the administration by label, as in their addresses: accounts_ministry."""
    registered = [model for model in apps.get_models() if site.is_registered(model)]
    return {f"{model._meta.app_label}_{model._meta.model_name}": model for model in registered}


def admin_address(label: str, page: str, pk: Any = None) -> str:
    return reverse(f"admin:{label}_{page}", args=[] if pk is None else [pk])
