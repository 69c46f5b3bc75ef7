"""What the preview of a printed form shows, and what it posts back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from assessments.incoming.changes import CHANGE, CONFLICT, FAULT, KEEP, LEFT_OUT, Plan
from assessments.models import PrintImport
from assessments.pages.incoming import posted_choices, view_of
from assessments.pages.state import State
from assessments.services.incoming import Choice, writable
from assessments.services.printed import choices_of, open_lines
from criteria.structure import PROCESS, Item, Part
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import User
from pmqa.numbers import whole

PLACE, ASIDE, REOPEN, ASIDE_REST = "place", "aside", "reopen", "aside_rest"
KEEP_REST, APPLY = "keep_rest", "apply"


@dataclass(frozen=True)
class StrayLine:
    """A line that belongs nowhere, and where somebody put it: `target` is the code of a part, and its blank."""

    index: int
    number: int
    text: str
    is_aside: bool
    target: str
    blank: str

    @property
    def is_open(self) -> bool:
        return not (self.is_aside or self.target)


@dataclass(frozen=True)
class Target:
    """A blank of Form 3 to which a line can go."""

    value: str
    label: str


def preview_context(
    state: State, pending: PrintImport, plan: Plan, open_keys: frozenset[str], user: User
) -> dict[str, Any]:
    """Context of assessments/printed_preview.html."""
    choices = choices_of(pending)
    document = pending.contents
    lines = _stray_lines(state, pending)
    years = state.assessment.cycle.year - pending.print_year
    applicant = next((form["applicant"] for form in document["forms"] if form["applicant"]), "")
    return {
        "pending": pending,
        "groups": [
            (category, [view_of(change, choices, open_keys) for change in changes])
            for category, changes in plan.by_category
        ],
        "written": len(plan.of(CHANGE)),
        "conflicts": len(plan.of(CONFLICT)),
        "not_written": len(plan.of(FAULT, LEFT_OUT)),
        "missing": plan.missing,
        "counts": _counts(document),
        "findings": len(document["findings"]),
        "lines": lines,
        "set_aside": sum(line.is_aside for line in lines),
        "undecided": len(open_lines(pending)),
        "targets": _targets(state, user) if lines else [],
        "years": years,
        "applicant": applicant,
        "is_other_agency": bool(applicant) and _letters(applicant) != _letters(state.assessment.agency.name),
        "is_open": state.assessment.is_open(),
        "came_back": len(open_keys),
    }


def _letters(name: str) -> str:
    return "".join(name.split())


def _counts(document: Mapping[str, Any]) -> dict[str, Any]:
    """How much the print says."""
    parts, indicators = document["parts"], document["indicators"]
    marks = Counter(entry["verdict"] for entry in (*parts, *indicators))
    return {
        "parts": len(parts),
        "claims": Counter(part["status"] for part in parts),
        "indicators": len(indicators),
        "passed": marks["pass"],
        "failed": marks["fail"],
        "unsplit": sum(part["unsplit"] for part in parts),
    }


def _stray_lines(state: State, pending: PrintImport) -> list[StrayLine]:
    found = []
    for index, line in enumerate(pending.contents["unplaced"]):
        place = pending.placements.get(str(index), "")
        part, _bar, blank = place.partition("|")
        label = ""
        if blank:
            label = next(asked.label_th for asked in state.tree.parts[part].fields if asked.key == blank)
        found.append(
            StrayLine(
                index, line["line"], line["text"], place == PrintImport.ASIDE, part if blank else "", label
            )
        )
    return found


def _targets(state: State, user: User) -> list[tuple[str, list[Target]]]:
    """By topic, every blank of Form 3 that this person may write."""
    may_write = writable(state.assessment, user)
    found = []
    for category in state.tree.of_kind(PROCESS):
        for topic in category.topics:
            targets = [
                Target(f"{part.code}|{asked.key}", _target_label(item, part, asked.label_th))
                for item in topic.items
                for part in item.parts
                if may_write[part.code]
                for asked in part.fields
            ]
            if targets:
                found.append((f"{topic.code} {named(topic)}", targets))
    return found


def _target_label(item: Item, part: Part, label: str) -> str:
    code = item.code if len(item.parts) == 1 else part.code
    words = label if len(part.fields) > 1 or len(item.parts) > 1 else item.title_th
    return f"{code} {words or item.title_th}"


def posted_lines(data: QueryDict, pending: PrintImport) -> dict[int, str]:
    """The lines that were ticked, and where they go by the button that was pressed."""
    verb = data.get("do")
    if verb == ASIDE_REST:
        return dict.fromkeys(open_lines(pending), PrintImport.ASIDE)
    place = {PLACE: data.get("target", ""), ASIDE: PrintImport.ASIDE, REOPEN: ""}.get(verb)
    if place is None or (verb == PLACE and not place):
        return {}
    ticked = map(whole, data.getlist("line"))
    return {index: place for index in ticked if index is not None}


def decided(data: QueryDict, plan: Plan) -> dict[str, Choice]:
    """Of what was posted, the choices on changes that there are; by their own button, open conflicts are kept."""
    choices = posted_choices(data)
    known = {change.key: choices[change.key] for change in plan.changes if change.key in choices}
    if data.get("do") == KEEP_REST:
        for change in plan.of(CONFLICT):
            if change.key in known and not known[change.key].keep:
                known[change.key] = Choice(known[change.key].seen, KEEP)
    return known
