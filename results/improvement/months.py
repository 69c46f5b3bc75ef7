"""The days of a follow-up: calendar months after publication, in Bangkok. Pure: no Django."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from pmqa.thai import BANGKOK

ROUNDS = (6, 12)
# A round stays open for a month, and whoever has not submitted is reminded two weeks before its end.
OPEN_MONTHS = 1
REMINDED_BEFORE = timedelta(weeks=2)
# Whoever still has not is told once that it is overdue, unless that was longer ago than this.
OVERDUE_MONTHS = 1


class Word(IntEnum):
    """What an agency is told of a round, in the order of time."""

    OPEN = 1
    SOON_DUE = 2
    OVERDUE = 3


def after_months(day: date, months: int) -> date:
    """The same day of a later month; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Round:
    """A follow-up opens so many months after publication and is due a month later; late is still taken."""

    months: int
    opens_on: date
    due_on: date

    @property
    def reminded_on(self) -> date:
        return self.due_on - REMINDED_BEFORE

    def is_open(self, today: date) -> bool:
        return today >= self.opens_on

    def is_late(self, day: date) -> bool:
        return day > self.due_on

    def word(self, today: date) -> Word | None:
        """What is to be said of it today to whoever has not submitted."""
        if not self.is_open(today) or today > after_months(self.due_on, OVERDUE_MONTHS):
            return None
        if self.is_late(today):
            return Word.OVERDUE
        return Word.SOON_DUE if today >= self.reminded_on else Word.OPEN


def round_of(published_at: datetime, months: int) -> Round:
    day = published_at.astimezone(BANGKOK).date()
    return Round(months, after_months(day, months), after_months(day, months + OPEN_MONTHS))


def rounds_of(published_at: datetime) -> tuple[Round, ...]:
    return tuple(round_of(published_at, months) for months in ROUNDS)


def published_until(today: date, months: int) -> date:
    """The last day of publication whose round of so many months is late today."""
    months += OPEN_MONTHS
    # Days that a shorter month does not have are behind this by no more than three.
    day = after_months(today, -months) + timedelta(days=3)
    while after_months(day, months) >= today:
        day -= timedelta(days=1)
    return day
