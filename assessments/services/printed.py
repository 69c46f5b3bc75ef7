"""A printed form of a past year into the drafts of an assessment: looked at, stored, and taken back again."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.files.packages import Unfit
from assessments.importing import Document, NotAForm, read_prints, sources
from assessments.incoming import printed
from assessments.incoming.changes import BOTH, CHANGE, CONFLICT, FAULT, KEEP, LEFT_OUT, Plan
from assessments.incoming.printed import PrintedChange
from assessments.models import Answer, Assessment, Indicator, PrintImport
from assessments.models.incoming import KEPT_FOR
from assessments.reading import Answers, policy_of, read_answers, tree_of
from assessments.services.answers import open_for_writing, save_answer
from assessments.services.history import remember
from assessments.services.incoming import Choice, Unsettled, check_open, is_settled, names_of, writable
from assessments.services.indicators import (
    FIGURES,
    add_indicator,
    as_json,
    content_of,
    remove_indicator,
    save_indicator,
)
from assessments.workbook.layout import CLAIM
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.versioning import swap

# How old a print may be, in rounds.
OLDEST = 10
# A file of which so much belongs nowhere was read wrongly, and nobody could put it all in its place.
MAX_UNPLACED = 500


# --- look first -----------------------------------------------------------------------------------


def receive(
    assessment: Assessment,
    *,
    file: IO[bytes] | None = None,
    text: str = "",
    name: str = "",
    year: int,
    by: User,
) -> PrintImport:
    """Read a file, or a text that was pasted, and keep what it says until its person has decided on it.

    Raises Unfit for what is no readable print, PermissionDenied, or Refused when the assessment is not open or the
    print says something twice. An upload takes the place of the same person's last one.
    """
    check_open(assessment, by)
    if file is not None and text.strip():
        raise Unfit("both")
    text = sources.checked(text) if file is None else sources.text_of(file, file.size)
    name = name or _("ข้อความที่วาง")
    document = read(assessment, name, text)
    if len(document.unplaced) > MAX_UNPLACED:
        raise Unfit("mostly_unplaced", n=len(document.unplaced))
    now = timezone.now()
    with transaction.atomic():
        check_open(assessment, by)
        PrintImport.objects.filter(expires_at__lte=now, applied_at=None).delete()
        PrintImport.objects.filter(assessment=assessment, by=by, applied_at=None).delete()
        return PrintImport.objects.create(
            assessment=assessment,
            by=by,
            file_name=name[-200:],
            contents=document.as_json(),
            print_year=year,
            created_at=now,
            expires_at=now + KEPT_FOR,
        )


def read(assessment: Assessment, name: str, text: str) -> Document:
    try:
        return read_prints(tree_of(assessment), policy_of(assessment), [(name, text)])
    except NotAForm as error:
        raise Unfit("not_a_form") from error


def plan(pending: PrintImport, answers: Answers, *, by: User) -> Plan:
    """What the print, and the lines that were placed by hand, would change of what is stored now. No query."""
    return printed.compare(
        pending.assessment,
        answers,
        pending.contents,
        placed=placed_lines(pending),
        years=pending.assessment.cycle.year - pending.print_year,
        may_write=writable(pending.assessment, by),
    )


def placed_lines(pending: PrintImport) -> dict[str, dict[str, list[str]]]:
    """By part and blank, in the order of the print."""
    found: dict[str, dict[str, list[str]]] = {}
    for index, line in enumerate(pending.contents["unplaced"]):
        part, _bar, blank = pending.placements.get(str(index), "").partition("|")
        if blank:
            found.setdefault(part, {}).setdefault(blank, []).append(line["text"])
    return found


# --- decide ---------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    pending: PrintImport, *, lines: Mapping[int, str], choices: Mapping[str, Choice], by: User
) -> PrintImport:
    """Keep what was decided so far: where lines go ("1.1.1.1|economy", "aside", or "" for open again), and choices.

    Raises Refused for a print that is no longer waiting, or for a part that this person may not write.
    """
    pending = _waiting(pending, by)
    may_write, tree = writable(pending.assessment, by), tree_of(pending.assessment)
    for index, place in lines.items():
        part, _bar, blank = place.partition("|")
        if index >= len(pending.contents["unplaced"]):
            continue
        if place not in ("", PrintImport.ASIDE) and not (
            part in tree.parts
            and may_write[part]
            and any(asked.key == blank for asked in tree.parts[part].fields)
        ):
            raise Refused(_("เลือกส่วนของแบบฟอร์มที่ 3 ที่ท่านแก้ไขได้ แล้ววางอีกครั้ง"), code="place")
        if place:
            pending.placements[str(index)] = place
        else:
            pending.placements.pop(str(index), None)
    pending.choices |= {key: [choice.seen, choice.keep] for key, choice in choices.items()}
    pending.save(update_fields=["placements", "choices"])
    return pending


def choices_of(pending: PrintImport) -> dict[str, Choice]:
    return {key: Choice(seen, keep) for key, (seen, keep) in pending.choices.items()}


def open_lines(pending: PrintImport) -> list[int]:
    """The unplaced lines on which nobody has decided."""
    return [
        index for index in range(len(pending.contents["unplaced"])) if str(index) not in pending.placements
    ]


def _waiting(pending: PrintImport, by: User) -> PrintImport:
    """The import, locked with its assessment, before it is stored."""
    locked = check_open(pending.assessment, by)
    current = PrintImport.objects.select_for_update().filter(pk=pending.pk, by=by).first()
    if current is None or (current.is_expired and not current.applied_at):
        raise Refused(_("ตัวอย่างนี้หมดอายุหรือมีไฟล์ใหม่มาแทนแล้ว นำเข้าแบบพิมพ์อีกครั้ง"), code="expired")
    if current.applied_at:
        raise Refused(_("แบบพิมพ์นี้นำเข้าแล้ว"), code="applied")
    current.assessment = locked
    return current


# --- then store -----------------------------------------------------------------------------------


@transaction.atomic
def apply(pending: PrintImport, *, by: User) -> PrintImport:
    """Store what the print says as drafts to be looked at again, all or nothing, through the services of the pages.

    Every change must have been seen as it is now and every conflict chosen: Unsettled tells of those that were not.
    Raises Refused, code "lines", while lines are undecided, and as `receive`. Applying twice returns the first result.
    """
    try:
        pending = _waiting(pending, by)
    except Refused as refused:
        if refused.code != "applied":
            raise
        return PrintImport.objects.get(pk=pending.pk)
    found = plan(pending, read_answers(pending.assessment), by=by)
    choices = choices_of(pending)
    changes = found.of(CHANGE, CONFLICT)
    open_keys = frozenset(change.key for change in changes if not is_settled(change, choices))
    if open_keys:
        raise Unsettled(open_keys)
    if open_lines(pending):
        raise Refused(_("ยังมีบรรทัดที่ไม่ได้ตัดสินใจ วางไว้ในส่วนใดส่วนหนึ่ง หรือแยกไว้ไม่นำเข้า"), code="lines")
    kept = [change for change in changes if choices[change.key].keep == KEEP]
    written = [change for change in changes if choices[change.key].keep != KEEP]
    pending.undo = [
        _write(pending, change, both=choices[change.key].keep == BOTH, by=by) for change in written
    ]
    pending.summary = _summary(pending, found, written, kept)
    pending.contents, pending.choices = {}, {}
    pending.applied_at = timezone.now()
    pending.save(update_fields=["summary", "contents", "choices", "undo", "applied_at"])
    log.record(
        "assessment.print_imported",
        pending.assessment,
        by=by,
        agency=pending.assessment.agency,
        print_year=pending.print_year,
        **{name: len(pending.summary[name]) for name in ("written", "kept", "left_out", "set_aside")},
    )
    return pending


def _summary(
    pending: PrintImport, found: Plan, written: list[PrintedChange], kept: list[PrintedChange]
) -> dict[str, Any]:
    """What became of everything in the print. Texts that were not stored stand here, so that none is lost."""
    unplaced = pending.contents["unplaced"]
    return {
        "forms": pending.contents["forms"],
        "written": names_of(written),
        "kept": names_of(kept),
        "placed": sum(place != PrintImport.ASIDE for place in pending.placements.values()),
        "faults": [
            {"code": change.code, "label": line.label, "text": line.new, "fault": line.fault}
            for change in found.of(CHANGE, CONFLICT, FAULT)
            for line in change.lines
            if line.fault
        ],
        "left_out": [
            {
                "code": change.code,
                "reason": change.reason,
                "texts": [f"{line.label}: {line.new}" for line in change.lines if line.new],
            }
            for change in found.of(LEFT_OUT)
        ],
        "set_aside": [
            line for index, line in enumerate(unplaced) if pending.placements[str(index)] == PrintImport.ASIDE
        ],
    }


def _write(pending: PrintImport, change: PrintedChange, *, both: bool, by: User) -> dict[str, Any]:
    """Store one change; returns by what it can be undone."""
    write = change.both if both else change.write
    category = change.category.code
    if not change.group:
        before = {"claim": change.answer.claim, "values": change.answer.values}
        saved = save_answer(
            change.answer,
            version=change.version,
            claim=write[CLAIM],
            values=write["values"],
            category=category,
            by=by,
            imported=pending,
        )
    else:
        answer = change.answer or add_indicator(pending.assessment, change.group, by=by).answer
        before = content_of(answer) if change.answer else None
        saved = save_indicator(
            answer, version=answer.version, category=category, by=by, imported=pending, **write
        )
    carried = change.answer.carried_over if change.answer else False
    return {"answer": saved.pk, "version": saved.version, "before": before, "carried_over": carried}


# --- and take it back -----------------------------------------------------------------------------


@transaction.atomic
def undo(pending: PrintImport, *, by: User) -> PrintImport:
    """Bring every answer back to what it was before, but for those that somebody has changed since.

    The history keeps what was imported. Raises Refused or PermissionDenied as `receive`; twice is once.
    """
    locked = check_open(pending.assessment, by)
    pending = PrintImport.objects.select_for_update().get(pk=pending.pk, by=by)
    if pending.applied_at is None or pending.undone_at:
        return pending
    answers = {
        answer.pk: answer
        for answer in locked.answers.present()
        .filter(pk__in=[step["answer"] for step in pending.undo])
        .select_related("part", "indicator")
    }
    now, changed = timezone.now(), []
    tree, codes = tree_of(locked), read_answers(locked).codes
    for step in pending.undo:
        answer = answers.get(step["answer"])
        if answer is None:
            continue
        if answer.version != step["version"]:
            changed.append(codes[answer.pk])
            continue
        answer.assessment = locked
        category = tree.place_of_part[answer.part.code][0].code
        if step["before"] is None:
            remove_indicator(answer, version=answer.version, category=category, by=by)
        else:
            open_for_writing(locked, category, by=by, part=answer.part.code)
            _put_back(answer, step, now, by)
    pending.summary |= {"not_undone": changed}
    pending.undone_at = now
    pending.save(update_fields=["summary", "undone_at"])
    log.record(
        "assessment.print_import_undone",
        locked,
        by=by,
        agency=locked.agency,
        undone=len(pending.undo) - len(changed),
        changed_since=len(changed),
    )
    return pending


def _put_back(answer: Answer, step: Mapping[str, Any], now: datetime, by: User) -> None:
    content = step["before"]
    texts = {name: content[name] for name in (CLAIM, "values") if name in content}
    saved = swap(
        answer,
        step["version"],
        **texts,
        carried_over=step["carried_over"],
        updated_at=now,
        updated_by=by,
    )
    if "indicator" in content:
        figures = {name: content["indicator"][name] for name in FIGURES}
        decimals = ("target", "result_1", "result_2", "result_3", "peer_result")
        figures |= {name: Decimal(figures[name]) for name in decimals if figures[name] is not None}
        Indicator.objects.filter(pk=answer.pk).update(**figures)
        content = {"indicator": as_json(figures)}
    remember(saved, content, by=by)
