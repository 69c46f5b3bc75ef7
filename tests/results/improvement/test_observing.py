"""Which cards a frozen sheet calls for, how often running it said the same, and when a follow-up is due."""

from datetime import UTC, date, datetime

import pytest

from results.improvement.months import after_months, round_of
from results.improvement.observing import Observation, Observed, observations, repeat_of


def payload(*, failed=(), ofi=(), year=2569, edition="pmqa40-2565"):
    """Topic 1.4 with two parts and topic 4.2 with one; `ofi` are (topic, text, parts)."""

    def topic(code, *parts):
        return {
            "code": code,
            "name": f"หัวข้อ {code}",
            "items": [
                {
                    "title": f"ข้อของ {part}",
                    "parts": [
                        {
                            "code": part,
                            "outcome": "fail" if part in failed else "pass",
                            "comment": f"ควรแสดงผลของ {part}" if part in failed else "",
                        }
                    ],
                }
                for part in parts
            ],
        }

    return {
        "cycle": {"year": year},
        "edition": {"code": edition},
        "categories": [
            {"code": "1", "topics": [topic("1.4", "1.4.3.1", "1.4.4.1")]},
            {"code": "4", "topics": [topic("4.2", "4.2.2.1")]},
        ],
        "feedback": {
            "ofi": [
                {"code": f"ofi:{code}", "topic": code, "name": code, "text": text, "parts": list(parts)}
                for code, text, parts in ofi
            ]
        },
    }


def test_an_opportunity_is_a_card_and_so_is_a_failed_part_that_none_speaks_of():
    found = observations(
        payload(
            failed=("1.4.3.1", "1.4.4.1", "4.2.2.1"),
            ofi=[("1.4", "ควรแสดงผลการแก้ปัญหา", ["1.4.3.1"]), ("4.2", "  ", ["4.2.2.1"])],
        )
    )
    assert [(card.source, card.text) for card in found] == [
        ("ofi:1.4", "ควรแสดงผลการแก้ปัญหา"),
        ("part:1.4.4.1", "ควรแสดงผลของ 1.4.4.1"),
        ("part:4.2.2.1", "ควรแสดงผลของ 4.2.2.1"),
    ]


def of(year, *failed, topics=(), edition="pmqa40-2565"):
    return Observed(year, year, edition, frozenset(failed), frozenset(topics))


PART = Observation("part:1.4.3.1", "1", "1.4", "", "", ("1.4.3.1",))
TOPIC = Observation("ofi:1.4", "1", "1.4", "", "", ("1.4.3.1", "1.4.4.1"))


@pytest.mark.parametrize(
    ("card", "before", "years"),
    [
        (PART, [], 1),
        (PART, [of(2565, "1.4.3.1")], 2),
        (PART, [of(2565, "1.4.3.1"), of(2564, "1.4.3.1")], 3),
        # The chain is broken by a year that passed.
        (PART, [of(2565, "4.2.2.1"), of(2564, "1.4.3.1")], 1),
        (PART, [of(2565, "1.4.3.1", edition="pmqa-2550")], 1),
        # A single part does not repeat what was said of another part of its topic; the topic does.
        (PART, [of(2565, "1.4.4.1", topics=["1.4"])], 1),
        (TOPIC, [of(2565, "1.4.2.1", topics=["1.4"])], 2),
        (TOPIC, [of(2565, "1.4.3.1"), of(2564, topics=["1.4"])], 2),
    ],
)
def test_how_often_running(card, before, years):
    now = of(2566, "1.4.3.1", "1.4.4.1", topics=["1.4"])
    assert repeat_of(card, now, before).years == years


def test_a_repeat_names_the_parts_and_the_years_before():
    now = of(2566, "1.4.3.1", "1.4.4.1", topics=["1.4"])
    found = repeat_of(TOPIC, now, [of(2565, "1.4.3.1", topics=["1.4"]), of(2564, topics=["1.4"])])
    assert (found.years, dict(found.parts)) == (3, {"1.4.3.1": 2})
    assert found.earlier == ((2565, 2565), (2564, 2564))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 4, 9), 6, date(2026, 10, 9)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_calendar_months(day, months, later):
    assert after_months(day, months) == later


def test_a_round_is_reckoned_from_the_day_in_bangkok():
    """Half past six in the evening of London is the next day already."""
    found = round_of(datetime(2026, 4, 8, 18, 30, tzinfo=UTC), 6)
    assert (found.opens_on, found.due_on, found.reminded_on) == (
        date(2026, 10, 9),
        date(2026, 11, 9),
        date(2026, 10, 26),
    )
    assert [found.is_open(day) for day in (date(2026, 10, 8), date(2026, 10, 9))] == [False, True]
    assert [found.is_late(day) for day in (date(2026, 11, 9), date(2026, 11, 10))] == [False, True]
