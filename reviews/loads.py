"""How much there is to review: of a case, and of everybody who reviews."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Answer
from reviews.reading import MARKED_KINDS, Case
from reviews.size import words_of

# (case, category) -> answers to mark, words to read
Sizes = dict[tuple[int, int], tuple[int, int]]


def sizes_of(assessments: Iterable[int]) -> Sizes:
    """One query, whatever the number of cases; the texts are read through and not kept."""
    rows = (
        Answer.objects.present()
        .filter(assessment__in=list(assessments), part__item__topic__category__kind__in=MARKED_KINDS)
        .order_by()
        .values_list("assessment_id", "part__item__topic__category_id", "values", "indicator__name")
    )
    parts: dict[tuple[int, int], int] = {}
    words: dict[tuple[int, int], float] = {}
    for assessment, category, values, name in rows.iterator(chunk_size=2000):
        key = (assessment, category)
        parts[key] = parts.get(key, 0) + 1
        words[key] = words.get(key, 0.0) + words_of(values) + words_of(name)
    return {key: (count, round(words[key])) for key, count in parts.items()}


@dataclass(frozen=True)
class Work:
    """What somebody still has to mark. `pace` answers a day keep every date; 0 where nothing is due any more."""

    parts: int
    words: int
    due: datetime | None
    pace: int

    @property
    def left(self) -> str:
        """How long until the nearest date, in words."""
        return days_left(self.due) if self.due else ""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < timezone.now()


def days_left(due: datetime) -> str:
    days = days_until(due)
    if due < timezone.now():
        return _("เลยกำหนดแล้ว")
    if days == 0:
        return _("ครบกำหนดวันนี้")
    return ngettext("เหลือ %(n)d วัน", "เหลือ %(n)d วัน", days) % {"n": days}


def days_until(due: datetime, today: date | None = None) -> int:
    return (timezone.localdate(due) - (today or timezone.localdate())).days


def pace(dates: Iterable[tuple[datetime, int]]) -> int:
    """Answers a day so that what is due by each date is done by then; today counts as a day.

    What is late already is to be done today.
    """
    needed, parts = 0, 0
    for due, left in sorted(dates):
        parts += left
        days = max(days_until(due), 0) + 1
        needed = max(needed, -(-parts // days))
    return needed


def work_left(cases: Sequence[Case]) -> Work:
    """Of one reviewer: `cases` are those that wait for marks."""
    open_ = [case for case in cases if case.marks and not case.handed_in_at]
    dates = [(case.assessment.cycle.review_closes_at, case.left) for case in open_ if case.left]
    return Work(
        parts=sum(case.left for case in open_),
        words=sum(case.words_left for case in open_),
        due=min((due for due, _left in dates), default=None),
        pace=pace(dates),
    )
