"""What goes from one person to another: the preview before it does, and the pack of open work on paper."""

import hashlib
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import (
    WITH_AGENCY,
    Answer,
    AskedItem,
    Assessment,
    CategoryDue,
    Citation,
    Mention,
    PartNote,
)
from assessments.pages.duties import Due, due_of, item_state, state_words
from assessments.pages.state import State, state_of
from assessments.presentation import item_name
from assessments.reading import read_many, tree_of
from assessments.rules import Role
from assessments.services.handing_over import Load
from assessments.services.threads import members_of
from criteria.structure import Category, Item
from pmqa.accounts.models import Agency, Membership, User


def successors_in(agency: Agency, *, without: set[int]) -> dict[User, str]:
    """Whoever may take over: the people of today; one query."""
    return {
        person: f"{person} · {', '.join(roles)}"
        for person, roles in members_of(agency).items()
        if person.pk not in without
    }


def fingerprint_of(load: Load) -> str:
    """Names exactly what a preview showed."""
    seen = [
        sorted((row.pk, row.version) for row in (*load.roles, *load.staying)),
        sorted((row.pk, row.version) for row in load.asked),
        sorted(row.pk for row in load.mentions),
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


@dataclass(frozen=True)
class MovingItem:
    asked: AskedItem
    name: str
    title: str
    due: Due | None


def moving_items(load: Load) -> list[tuple[Assessment, list[MovingItem]]]:
    found: dict[int, tuple[Assessment, list[MovingItem]]] = {}
    for row in load.asked:
        place = tree_of(row.assessment).place_of_item[row.item]
        line = MovingItem(row, item_name(place), place[2].title_th, due_of(row.due_on))
        found.setdefault(row.assessment_id, (row.assessment, []))[1].append(line)
    return list(found.values())


# --- the pack of open work --------------------------------------------------------------------


@dataclass(frozen=True)
class PackLine:
    """One item: how far, who changed it last, what it was sent back for, on which evidence it rests."""

    name: str
    title: str
    words: str
    due: Due | None
    asked_note: str
    last: Answer | None
    notes: list[PartNote]
    evidence: list[str]


@dataclass(frozen=True)
class PackCategory:
    category: Category
    due: Due | None
    lines: list[PackLine]


@dataclass(frozen=True)
class PackAssessment:
    assessment: Assessment
    url: str
    categories: list[PackCategory]


@dataclass(frozen=True)
class Pack:
    roles: list[Membership]
    assessments: list[PackAssessment]
    mentions: int


def pack_of(agency: Agency, person: User, roles: list[Membership]) -> Pack:
    """Everything that the person has open in the agency; seven queries. `roles` are those that have not ended."""
    assessments = list(Assessment.objects.filter(agency=agency, status__in=WITH_AGENCY).with_places())
    answers = read_many(assessments)
    notes: dict[int, list[PartNote]] = {}
    for note in (
        PartNote.objects.open().filter(answer__assessment__in=assessments).select_related("answer__part")
    ):
        notes.setdefault(note.answer.assessment_id, []).append(note)
    dues: dict[int, dict] = {}
    for due in CategoryDue.objects.filter(assessment__in=assessments):
        dues.setdefault(due.assessment_id, {})[due.category] = due.due_on
    asked: dict[int, dict[str, AskedItem]] = {}
    for row in AskedItem.objects.coming_or_current().filter(assessment__in=assessments, user=person):
        asked.setdefault(row.assessment_id, {})[row.item] = row
    evidence = _evidence(assessments)
    unread = Mention.objects.filter(
        user=person, read_at=None, comment__removed_at=None,
        comment__thread__answer__assessment__agency=agency,
    )  # fmt: skip
    packs = []
    for assessment in assessments:
        read = {"read_notes": notes.get(assessment.pk, []), "read_dues": dues.get(assessment.pk, {})}
        state = state_of(assessment, answers[assessment.pk], **read)
        categories = _categories(state, asked.get(assessment.pk, {}), roles, evidence)
        if categories:
            url = reverse("assessments:overview", args=[assessment.pk])
            packs.append(PackAssessment(assessment, url, categories))
    return Pack(roles, packs, unread.count())


def _evidence(assessments: list[Assessment]) -> dict[int, list[str]]:
    """Answer -> its evidence, with where it comes from and who keeps it."""
    rows = Citation.objects.filter(answer__assessment__in=assessments)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("evidence__added_by").order_by("evidence__number"):
        entry = row.evidence
        keeper = str(entry.added_by) if entry.added_by else ""
        told = " · ".join(filter(None, (entry.title, entry.source_system, entry.reference, keeper)))
        found.setdefault(row.answer_id, []).append(f"{entry.number} {told}")
    return found


def _categories(
    state: State, asked: dict[str, AskedItem], roles: list[Membership], evidence: dict[int, list[str]]
) -> list[PackCategory]:
    owned = {code for row in roles if row.role == Role.OWNER for code in row.categories}
    all_of_it = any(row.role == Role.COORDINATOR for row in roles)
    found = []
    for category in state.tree.categories:
        lines = [
            _line(state, item, asked.get(item.code), evidence)
            for topic in category.topics
            for item in topic.items
            if all_of_it or category.code in owned or item.code in asked
        ]
        if lines:
            found.append(PackCategory(category, due_of(state.dues.get(category.code)), lines))
    return found


def _line(state: State, item: Item, asked: AskedItem | None, evidence: dict[int, list[str]]) -> PackLine:
    answers = []
    for part in item.parts:
        if part.code in state.answers.parts:
            answers.append(state.answers.parts[part.code])
        answers += state.answers.indicators.get(part.code, [])
    changed = [answer for answer in answers if answer.updated_at]
    return PackLine(
        name=item_name(state.tree.place_of_item[item.code]),
        title=item.title_th,
        words=state_words()[item_state(state, item)],
        due=due_of(asked.due_on) if asked else None,
        asked_note=asked.note if asked else "",
        last=max(changed, key=lambda answer: answer.updated_at, default=None),
        notes=[note for part in item.parts for note in state.notes_on(part.code)],
        evidence=list(dict.fromkeys(line for answer in answers for line in evidence.get(answer.pk, []))),
    )
