"""Which cards a frozen sheet calls for, how often running it said the same, and when a follow-up is due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pmqa.thai import BANGKOK
from results.improvement.months import after_months, published_until, round_of
from results.improvement.observing import Observation, Observed, observations, observed, repeat_of
from tests.results import payloads


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
        "scores": {
            "verified": {
                "categories": [
                    {"code": code, "topics": [{"code": topic}]}
                    for code, topic in (("1", "1.4"), ("4", "4.2"))
                ]
            }
        },
        "indicators": [],
        "feedback": {
            "ofi": [
                {"code": f"ofi:{code}", "topic": code, "name": code, "text": text, "parts": list(parts)}
                for code, text, parts in ofi
            ],
            "advice": [],
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


def test_everything_that_a_whole_sheet_asks_to_improve_is_one_card_in_form_order():
    """Counted here from the payload, by another way than the product counts."""
    sheet = payloads.payload()
    sheet["feedback"]["advice"][1]["text"] = "  "
    ofi = sheet["feedback"]["ofi"]
    ofi[0]["text"] = ""
    in_texts = {code for entry in ofi[1:] for code in entry["parts"]}
    failed = [part["code"] for part in payloads.parts_of(sheet) if part["outcome"] == "fail"]
    alone = [code for code in failed if code not in in_texts]
    indicators = [entry["code"] for entry in sheet["indicators"] if entry["outcome"] == "fail"]
    found = observations(sheet)
    assert ofi[0]["parts"][0] in alone
    assert len(indicators) > 1
    assert (
        len({card.source for card in found}) == len(found) == len(ofi) - 1 + len(alone) + len(indicators) + 3
    )
    last = [card.source for card in found if card.category == "7"]
    assert last == [*(f"indicator:{code}" for code in indicators), "advice:1", "advice:3", "advice:4"]


def test_a_failed_indicator_brings_its_figures_and_an_opportunity_of_a_result_topic_its_text():
    sheet = payloads.payload()
    failed = next(entry for entry in sheet["indicators"] if entry["outcome"] == "fail")
    topic = failed["topic"]
    (card,) = (card for card in observations(sheet) if card.parts == (failed["code"],))
    assert (card.title, card.text, card.topic) == (failed["name"], failed["comment"], topic)
    assert (card.indicator["target"], card.indicator["results"]) == (failed["target"], failed["results"])
    own = {
        "code": f"ofi:{topic}",
        "topic": topic,
        "name": "ผลลัพธ์",
        "text": "ควรมีคู่เทียบ",
        "parts": [failed["code"]],
    }
    sheet["feedback"]["ofi"].append(own)
    spoken = [card for card in observations(sheet) if failed["code"] in card.parts]
    assert [(card.source, card.text) for card in spoken] == [(f"ofi:{topic}", "ควรมีคู่เทียบ")]


def indicator(code, name, outcome="fail"):
    figures = {"unit": "ร้อยละ", "target": "85", "years": [2567, 2568, 2569], "results": ["80", "82", "84"]}
    judged = {"outcome": outcome, "comment": "", "topic": "7.1", "percent": "98.8"}
    return {"code": code, "name": name, **figures, **judged}


def sheet_with(*indicators, year):
    sheet = payload(year=year)
    sheet["indicators"] = list(indicators)
    topic = {"code": "7.1", "indicators_counted": len(indicators)}
    sheet["scores"]["verified"]["categories"].append({"code": "7", "topics": [topic]})
    return sheet


@pytest.mark.parametrize(
    ("before", "years"),
    [
        # Another number: the indicator before it is no longer reported.
        (indicator("7.1.1.2", "ร้อยละของ เรื่องร้องเรียนที่ปิด "), 2),
        (indicator("7.1.1.1", "ร้อยละของเรื่องร้องเรียนที่ปิด", "pass"), 1),
        (indicator("7.1.1.1", "ร้อยละของข้อร้องเรียน"), 1),
        (indicator("7.1.2.1", "ร้อยละของเรื่องร้องเรียนที่ปิด"), 1),
    ],
)
def test_an_indicator_is_known_again_by_its_name_in_its_group(before, years):
    now = sheet_with(indicator("7.1.1.1", "ร้อยละของเรื่องร้องเรียนที่ปิด"), year=2566)
    (card,) = observations(now)
    found = repeat_of(card, observed(now, 2), [observed(sheet_with(before, year=2565), 1)])
    assert (found.years, dict(found.parts)) == (years, {"7.1.1.1": 2} if years > 1 else {})


def test_a_general_recommendation_is_flagged_when_it_comes_again():
    sheets = [payloads.payload() for _year in (1, 2)]
    sheets[1]["feedback"]["advice"].pop(0)
    now, before = (observed(sheet, place) for place, sheet in enumerate(sheets))
    years = {card.source: repeat_of(card, now, [before]).years for card in observations(sheets[0])}
    assert (years["advice:1"], years["advice:2"]) == (1, 2)


def of(year, *failed, topics=(), edition="pmqa40-2565"):
    return Observed(year, year, edition, frozenset(failed), frozenset(f"ofi:{code}" for code in topics))


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


@pytest.mark.parametrize("months", [6, 12])
def test_the_last_day_of_publication_that_is_late_is_the_last(months):
    """Every day of two years, one of them a leap year, against the round itself."""
    for number in range(730):
        today = date(2027, 3, 1) + timedelta(days=number)
        last = published_until(today, months)
        late = [
            round_of(datetime(day.year, day.month, day.day, 12, tzinfo=BANGKOK), months).is_late(today)
            for day in (last - timedelta(days=1), last, last + timedelta(days=1), last + timedelta(days=4))
        ]
        assert late == [True, True, False, False], today
