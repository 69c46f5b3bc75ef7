"""Where an assessment stands: what every page of it shows comes from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from assessments.advice.remarks import Remark, Replies, of_parts, read_replies
from assessments.applications import application_of, forms_asked
from assessments.checks import NOTED, open_notes, opened_parts
from assessments.models import Application, Assessment, PartNote, Status
from assessments.progress import Progress
from assessments.reading import Answers, claimed_score, measure_answers, tree_of
from assessments.rules import Chapter, asked_items
from criteria.scoring import Score, display_score
from criteria.structure import Edition
from pmqa.accounts.models import User

# In place of points and level: an edition without levels is not scored.
NOT_SCORED = "–"


@dataclass(frozen=True)
class State:
    """Where an assessment stands: read once, shown on every page of it."""

    assessment: Assessment
    answers: Answers
    tree: Edition
    progress: Progress
    score: Score
    # Read at once by a page of many assessments.
    read_notes: list[PartNote] | None = None
    read_dues: Mapping[str, date | None] | None = None

    @property
    def total(self) -> str:
        return display_score(self.score.total) if self.tree.has_levels else NOT_SCORED

    @property
    def application(self) -> Application | None:
        return application_of(self.assessment)

    @cached_property
    def replies(self) -> Replies:
        """Reasons given for findings. One query, for the pages that ask."""
        return read_replies(self.assessment)

    def remarks(self, *codes: str) -> dict[str, list[Remark]]:
        """What is worth a second look in these parts of Form 3, by code."""
        return of_parts(self.assessment, self.answers, self.replies, only=codes)

    @cached_property
    def notes(self) -> list[PartNote]:
        """What was sent back and still waits: one query, where notes can wait at all."""
        if self.read_notes is not None:
            return self.read_notes
        return open_notes(self.assessment) if self.assessment.status in NOTED else []

    @cached_property
    def dues(self) -> Mapping[str, date | None]:
        """Category -> the day by which it is to be done inside the agency; one query, for the pages that ask."""
        if self.read_dues is not None:
            return self.read_dues
        return dict(self.assessment.category_dues.values_list("category", "due_on"))

    def notes_on(self, part: str) -> list[PartNote]:
        return [note for note in self.notes if note.answer.part.code == part]

    def mendable(self, user: User, category: str) -> set[str]:
        """The parts that this person may write although the page is not theirs to write as a whole: sent back while
        the rest is locked for the internal check, or in the items asked of them."""
        opened: Iterable[str] = ()
        if self.assessment.is_open() and asked_items(user, self.assessment):
            opened = self.tree.parts
        elif self.assessment.status == Status.INTERNAL_CHECK and self.assessment.is_in_time():
            opened = opened_parts(self.tree, self.notes)
        places = self.tree.place_of_part
        return {code for code in opened if places[code][0].code == category and self.may_write(user, code)}

    def may_write(self, user: User, part: str) -> bool:
        """Whether the part is this person's to write, whatever the state of the assessment."""
        category, _topic, item = self.tree.place_of_part[part]
        return user.has_perm("assessments.edit", Chapter(self.assessment, category.code, item.code))


def state_of(assessment: Assessment, answers: Answers, **read: Any) -> State:
    """`answers` must be all of them: counts and score are those of the whole assessment."""
    tree = tree_of(assessment)
    progress = measure_answers(tree, answers, forms_asked(assessment))
    score = claimed_score(assessment, answers)
    return State(assessment, answers, tree, progress, score, **read)
