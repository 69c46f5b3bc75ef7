"""Which tables stand on which page of the dashboard, what each follows, and any of them by its key, for a file.

Every table follows whose results are chosen. Of the criteria, tables of scores follow category and topic, those of
parts and indicators also item and level; `Table.about` says which, on the page and in the file. A table that cannot
follow what is chosen is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from results.dashboard import contents, people
from results.dashboard.choosing import Choice
from results.dashboard.reading import Reading
from results.dashboard.subject import Subject
from results.dashboard.table import Table

OVERVIEW = "overview"
TITLES = {
    OVERVIEW: _("ภาพรวม"),
    "topics": _("หัวข้อและระดับ"),
    "items": _("ข้อและส่วน"),
    "indicators": _("กลุ่มตัวชี้วัด"),
}


def _always(subject: Subject) -> bool:
    return True


def _of_total(subject: Subject) -> bool:
    """Score groups are of totals, and all categories are compared only where none is chosen."""
    return subject.scored is None


def _has_level(subject: Subject) -> bool:
    """Topics of category 7 have no level."""
    return subject.topic is None or not subject.is_of_results


def _of_process(subject: Subject) -> bool:
    return not subject.is_of_results


def _of_results(subject: Subject) -> bool:
    return subject.category is None or subject.is_of_results


def _of_several(subject: Subject) -> bool:
    return subject.topic is None


@dataclass(frozen=True)
class Entry:
    """`measure`: what the chart shows; `fits`: whether it can follow what is chosen of the criteria; `is_fine`: it
    follows item and level too; `has_own`: the chart has claimed points beside the verified ones."""

    build: Callable[[Reading], Table]
    measure: Promise
    fits: Callable[[Subject], bool] = _always
    is_fine: bool = False
    has_own: bool = False


POINTS, AGENCIES, PARTS = _("คะแนนเฉลี่ย เต็ม 500"), _("จำนวนหน่วยงาน"), _("ร้อยละของส่วนที่ผ่าน")

_PAGES: dict[str, dict[str, Entry]] = {
    OVERVIEW: {
        "distribution": Entry(people.distribution, _("จำนวนหน่วยงานในแต่ละช่วง 25 คะแนน")),
        "groups": Entry(people.groups, AGENCIES, _of_total),
        "levels": Entry(people.levels, AGENCIES, _has_level),
        "trend": Entry(people.trend, POINTS),
        "kinds": Entry(people.kinds, POINTS, has_own=True),
        "categories": Entry(contents.categories, POINTS, _of_total, has_own=True),
        "weakest": Entry(contents.weakest, POINTS, _of_several, has_own=True),
        "most_failed": Entry(contents.most_failed, AGENCIES, _of_process, is_fine=True),
        "opportunities": Entry(contents.opportunities, AGENCIES),
        "ministries": Entry(people.ministries, POINTS),
    },
    "topics": {
        "topics": Entry(contents.topics, POINTS, has_own=True),
        "reached": Entry(contents.reached, _("ร้อยละของหน่วยงาน"), _of_process),
        "passed": Entry(contents.passed, PARTS, _of_process, is_fine=True),
    },
    "items": {
        "items": Entry(contents.items, PARTS, _of_process, is_fine=True),
        "parts": Entry(contents.parts, AGENCIES, _of_process, is_fine=True),
    },
    "indicators": {"indicators": Entry(contents.indicators, POINTS, _of_results, is_fine=True)},
}
_EVERY = {key: entry for page in _PAGES.values() for key, entry in page.items()}
# What is divided already is not divided again.
_ONE_OF = {"kinds": "kind", "ministries": "ministry"}


def tables(page: str, reading: Reading) -> list[Table]:
    """The tables of a page, in order; what the filters leave only one of is left out."""
    choice = reading.choice
    return [
        _built(entry, reading)
        for key, entry in _PAGES[page].items()
        if _ONE_OF.get(key) not in choice.chosen and entry.fits(choice.subject)
    ]


def table(key: str, choice: Choice) -> Table | None:
    """One table; None where there is none of this key, or none that follows these filters."""
    entry = _EVERY.get(key)
    if entry is None or choice.cycle is None or not entry.fits(choice.subject):
        return None
    return _built(entry, Reading(choice))


def _built(entry: Entry, reading: Reading) -> Table:
    choice = reading.choice
    return replace(
        entry.build(reading),
        about=choice.asked if entry.is_fine else choice.asked_score,
        unit=gettext("%(measure)s · %(n)d หน่วยงาน") % {"measure": entry.measure, "n": reading.count},
        has_own=entry.has_own,
    )
