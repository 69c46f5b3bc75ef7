"""Clocks in working days of Thai offices: weekends, holidays with their substitutes, what the cabinet adds."""

from datetime import date, datetime

import pytest

from pmqa.thai import BANGKOK
from pmqa.working_days import after_working_days, is_working_day, public_holidays, working_days_until


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # Saturday 28 November 2026: one working day later is the Monday.
        ("2026-11-28T10:00", 1, "2026-11-30T16:30"),
        # 5 December 2026 is a Saturday, made up for on Monday 7; the 10th is a holiday.
        ("2026-12-04T23:59", 1, "2026-12-08T16:30"),
        ("2026-12-04T00:00", 5, "2026-12-15T16:30"),
        # Over New Year.
        ("2026-12-30T09:00", 1, "2027-01-04T16:30"),
        # Songkran.
        ("2027-04-12T09:00", 1, "2027-04-16T16:30"),
    ],
)
def test_days_that_count(start, count, end):
    assert after_working_days(at(start), count) == at(end)


def test_the_day_is_that_of_bangkok():
    """23:30 UTC of a Sunday is a Monday in Thailand, which does not count as a day after itself."""
    start = datetime.fromisoformat("2026-11-29T23:30+00:00")
    assert after_working_days(start, 1) == at("2026-12-01T16:30")


def test_the_cabinet_adds_days():
    extra = [date(2026, 11, 30), date(2026, 12, 1)]
    assert after_working_days(at("2026-11-28T10:00"), 1, extra) == at("2026-12-02T16:30")
    assert not is_working_day(date(2026, 11, 30), extra)
    assert is_working_day(date(2026, 11, 30))


def test_offices_work_on_labour_day_and_rest_on_the_royal_ploughing_day():
    names = public_holidays(2026)
    assert date(2026, 5, 1) not in names
    assert names[date(2026, 5, 13)] == "วันพืชมงคล"


@pytest.mark.parametrize(
    ("now", "end", "left"),
    [
        ("2026-11-28T10:00", "2026-11-30T16:30", 1),
        ("2026-12-04T09:00", "2026-12-15T16:30", 5),
        ("2026-12-15T16:00", "2026-12-15T16:30", 0),
        ("2026-12-16T09:00", "2026-12-15T16:30", 0),
        ("2026-12-30T09:00", "2027-01-04T16:30", 1),
    ],
)
def test_days_that_are_left(now, end, left):
    assert working_days_until(at(end), at(now)) == left


def test_days_left_know_what_the_cabinet_added():
    assert working_days_until(at("2026-12-02T16:30"), at("2026-11-28T10:00"), [date(2026, 11, 30)]) == 2
