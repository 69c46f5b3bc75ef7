"""The days of a follow-up: calendar months after publication, in Bangkok. Pure: no Django."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pmqa.thai import BANGKOK

ROUNDS = (6, 12)
# A round stays open for a month, and whoever has not submitted is reminded two weeks before its end.
OPEN_MONTHS = 1
REMINDED_BEFORE = timedelta(weeks=2)


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


def round_of(published_at: datetime, months: int) -> Round:
    day = published_at.astimezone(BANGKOK).date()
    return Round(months, after_months(day, months), after_months(day, months + OPEN_MONTHS))


def rounds_of(published_at: datetime) -> tuple[Round, ...]:
    return tuple(round_of(published_at, months) for months in ROUNDS)
