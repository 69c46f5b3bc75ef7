"""Working days of Thai government offices: clocks of the review (clarifications, appeals) run on them, not on days."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from pmqa.thai import BANGKOK

# Offices close then; what falls due on a day falls due at this hour.
END_OF_DAY = time(16, 30)

# Civil servants work on it, although banks and companies do not.
_NOT_OF_THE_STATE = "วันแรงงานแห่งชาติ"


@cache
def public_holidays(year: int) -> Mapping[date, str]:
    """Days of this year (ค.ศ.) on which government offices are closed, with their Thai names.

    Ordinary ones and their substitutes; what the cabinet adds later is known to the cycle (`Cycle.extra_holidays`).
    """
    calendar = holidays.country_holidays("TH", years=year, categories=("public", "government"), language="th")
    return {day: name for day, name in calendar.items() if _NOT_OF_THE_STATE not in name}


def is_working_day(day: date, extra: Collection[date] = ()) -> bool:
    return day.weekday() < 5 and day not in extra and day not in public_holidays(day.year)


def after_working_days(start: datetime, count: int, extra: Collection[date] = ()) -> datetime:
    """The end of the office day that is `count` (at least 1) working days after the day of `start`.

    The day of `start` itself does not count, whatever the hour. `extra` are holidays that the cabinet added.
    """
    day = start.astimezone(BANGKOK).date()
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, extra)
    return datetime.combine(day, END_OF_DAY, tzinfo=BANGKOK)


def working_days_until(end: datetime, now: datetime, extra: Collection[date] = ()) -> int:
    """How many office days come after today, up to that of `end`; 0 on the day itself, and when it is over."""
    day, last = now.astimezone(BANGKOK).date(), end.astimezone(BANGKOK).date()
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += is_working_day(day, extra)
    return count
