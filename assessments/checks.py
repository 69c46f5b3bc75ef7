"""Reading the internal check: what is checked, what was sent back, and a fingerprint of what somebody saw."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.models import Answer, Assessment, PartCheck, PartNote, Status
from assessments.progress import Count
from assessments.reading import Answers
from criteria.structure import RESULTS, Edition, Topic

# Where notes wait for somebody: before the head nothing is open, and later nothing can be mended.
NOTED = (Status.DRAFTING, Status.RETURNED, Status.INTERNAL_CHECK)


@dataclass(frozen=True)
class Checks:
    """`checks` and the open `notes` of an assessment, both by key of the answer."""

    checks: Mapping[int, PartCheck]
    notes: Mapping[int, list[PartNote]]

    def is_checked(self, answer: Answer) -> bool:
        """Read as it stands now: an answer that changed since, or was sent back, must be read again."""
        found = self.checks.get(answer.pk)
        return found is not None and found.version == answer.version and answer.pk not in self.notes

    def count(self, answers: Iterable[Answer]) -> Count:
        rows = list(answers)
        return Count(sum(self.is_checked(answer) for answer in rows), len(rows))

    def people(self, answers: Iterable[Answer]) -> list[tuple[str, int]]:
        """Who checked how many of these answers, the busiest first."""
        return Counter(
            self.checks[answer.pk].checked_by_name for answer in answers if self.is_checked(answer)
        ).most_common()


def read_checks(assessment: Assessment) -> Checks:
    """Two queries."""
    checks = PartCheck.objects.filter(answer__assessment=assessment)
    return Checks({check.answer_id: check for check in checks}, by_answer(open_notes(assessment)))


def open_notes(assessment: Assessment) -> list[PartNote]:
    """One query: the notes that wait, oldest first, with the part of each; those on removed indicators too."""
    rows = PartNote.objects.open().filter(answer__assessment=assessment)
    return list(rows.select_related("answer__part"))


def by_answer(notes: Iterable[PartNote]) -> dict[int, list[PartNote]]:
    found: dict[int, list[PartNote]] = {}
    for note in notes:
        found.setdefault(note.answer_id, []).append(note)
    return found


def answers_of(answers: Answers, topic: Topic) -> list[Answer]:
    """The answers of one topic of any form, in its order."""
    found = []
    for part in topic.parts:
        if part.code in answers.parts:
            found.append(answers.parts[part.code])
        found += answers.indicators.get(part.code, [])
    return found


def opens_with(edition: Edition, part: str) -> set[str]:
    """The parts that may be mended when this one is sent back.

    Of category 7 all groups of the topic: its rule of five moves indicators from one group to another.
    """
    category, topic, _item = edition.place_of_part[part]
    return {other.code for other in topic.parts} if category.kind == RESULTS else {part}


def opened_parts(edition: Edition, notes: Iterable[PartNote]) -> set[str]:
    """Every part that may be mended while the rest is locked."""
    return {code for note in notes for code in opens_with(edition, note.answer.part.code)}


def locked_answers(edition: Edition, answers: Iterable[Answer], notes: Iterable[PartNote]) -> list[Answer]:
    """The answers that nobody can be changing now: these may be checked many at a time."""
    opened = opened_parts(edition, notes)
    return [answer for answer in answers if answer.part.code not in opened]


def fingerprint(answers: Iterable[Answer]) -> str:
    """Names exactly these answers in these versions: a page that was opened before a change has another one."""
    seen = sorted((answer.pk, answer.version) for answer in answers)
    return hashlib.sha256(repr(seen).encode()).hexdigest()
