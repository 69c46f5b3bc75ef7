"""Which tables stand on which page of the dashboard, and any of them by its key, for a file."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from results.dashboard import contents, people
from results.dashboard.choosing import Choice
from results.dashboard.reading import Reading
from results.dashboard.season import season
from results.dashboard.table import Table

OVERVIEW = "overview"
TITLES = {
    OVERVIEW: _("ภาพรวม"),
    "topics": _("หัวข้อและระดับ"),
    "items": _("ข้อและส่วน"),
    "indicators": _("กลุ่มตัวชี้วัด"),
}
_BUILDERS: dict[str, dict[str, Callable[[Reading], Table]]] = {
    OVERVIEW: {
        "distribution": people.distribution,
        "groups": people.groups,
        "levels": people.levels,
        "trend": people.trend,
        "kinds": people.kinds,
        "categories": contents.categories,
        "weakest": contents.weakest,
        "most_failed": contents.most_failed,
        "opportunities": contents.opportunities,
        "ministries": people.ministries,
    },
    "topics": {"topics": contents.topics, "reached": contents.reached, "passed": contents.passed},
    "items": {"items": contents.items, "parts": contents.parts},
    "indicators": {"indicators": contents.indicators},
}
_EVERY = {key: build for page in _BUILDERS.values() for key, build in page.items()}
SEASON = "season"
# What is divided already is not divided again.
_ONE_OF = {"kinds": "kind", "ministries": "ministry"}


def tables(page: str, reading: Reading) -> list[Table]:
    """The tables of a page, in order; what the filters leave only one of is left out."""
    return [
        build(reading)
        for key, build in _BUILDERS[page].items()
        if _ONE_OF.get(key) not in reading.choice.chosen
    ]


def table(key: str, choice: Choice) -> Table | None:
    """One table; None where there is none of this key for this person."""
    if key == SEASON:
        return season(choice) if choice.knows_all else None
    build = _EVERY.get(key)
    return build(Reading(choice)) if build and choice.cycle else None
