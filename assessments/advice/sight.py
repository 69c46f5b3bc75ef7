"""The line of sight: what the profile and the plans name, and which answers take it up. Pure: no Django.

Sources: the links that the form's items make ("ตอบสนองความท้าทาย", "สมรรถนะหลักขององค์กร", "ผลกระทบเชิงลบ"), and the
reviewers' comments on what does not go together. A gap is a fact to look at, never a block and never a mark.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.advice.mentions import Told
from assessments.progress import DONE, PartState
from criteria.fields import NONE_WORDS
from criteria.structure import PROCESS, Edition

CUSTOMER, COMPETENCY, CHALLENGE, MEASURE, PLAN = KINDS = (
    "customer", "competency", "challenge", "measure", "plan",
)  # fmt: skip
# The first words of a line that names a plan; what follows in the line is its name.
_PLAN = re.compile(r"^[\s\d๐-๙.)(•*–-]*((?:แผน|โครงการ)[^,;:()]{4,})")
LONGEST_NAME = 120
MOST_PLANS = 40
RESULTS_PLACE = "7"


@dataclass(frozen=True, slots=True)
class Link:
    """Where facts of one kind stand (`source`, its blank `key`) and where they are expected (`place`).

    `whole`: the whole name must stand there; else a phrase of it is enough, for it is told in other words. A gap is
    said at `at`, the part that asks for it by name, else at the first part there that is answered.
    """

    kind: str
    source: str
    key: str
    place: str
    whole: bool = False
    at: str = ""


LINKS = (
    Link(CUSTOMER, "OP2.customers", "customers", "3.1", whole=True),
    Link(COMPETENCY, "OP1.core_competencies", "core_competencies", "5.4.2", whole=True, at="5.4.2.2"),
    Link(CHALLENGE, "OP3.challenges", "challenges", "2.1.1"),
    Link(MEASURE, "1.4.1.1", "detail", "1.4.3"),
    Link(PLAN, "2.3.1.1", "detail", RESULTS_PLACE),
)


@dataclass(frozen=True, slots=True)
class Thread:
    """One fact and the parts or indicators that take it up (`told`).

    `anchor` is the part at which a gap is said; "" while nothing is written where the fact is expected.
    """

    link: Link
    name: str
    told: tuple[str, ...]
    anchor: str

    @property
    def is_gap(self) -> bool:
        return bool(self.anchor) and not self.told


def threads(
    tree: Edition, states: Mapping[str, PartState], texts: Mapping[str, str], indicators: Mapping[str, str]
) -> list[Thread]:
    """Every fact in the order of `LINKS`. `texts` by part code, `indicators` name and basis by indicator code."""
    found = []
    for link in LINKS:
        source = states.get(link.source)
        names = list(_names(link, source)) if source else []
        if not names:
            continue
        places = _places(tree, link, states, texts, indicators)
        anchor = _anchor(link, places)
        told = {code: Told(text) for code, text in places.items()}
        found += [
            Thread(
                link,
                name,
                tuple(
                    code for code, text in told.items() if (text.names if link.whole else text.touches)(name)
                ),
                anchor,
            )
            for name in names
        ]
    return found


def _anchor(link: Link, places: Mapping[str, str]) -> str:
    if not places:
        return ""
    if link.place == RESULTS_PLACE:
        return link.source
    return link.at if link.at in places else next(iter(places))


def _places(
    tree: Edition,
    link: Link,
    states: Mapping[str, PartState],
    texts: Mapping[str, str],
    indicators: Mapping[str, str],
) -> dict[str, str]:
    """The texts in which the facts are expected, by code, in the order of the form."""
    if link.place == RESULTS_PLACE:
        return {code: text for code, text in indicators.items() if text.strip()}
    return {
        part.code: texts[part.code]
        for category in tree.of_kind(PROCESS)
        for part in category.parts
        if part.code.startswith(f"{link.place}.")
        and texts.get(part.code, "").strip()
        and states[part.code].claim == DONE
    }


def _names(link: Link, source: PartState) -> Iterator[str]:
    value = source.values.get(link.key) or ()
    if isinstance(value, str):
        yield from _told_names(link, source, value)
        return
    for row in value:
        # A table with rows of the form's own has the fact in its second column.
        cells = [row] if isinstance(row, str) else row
        name = cells[1] if link.kind == CHALLENGE else cells[0]
        if name.strip() and name.strip() not in NONE_WORDS:
            yield name.strip()


def _told_names(link: Link, source: PartState, text: str) -> Iterator[str]:
    if source.claim != DONE or not text.strip():
        return
    if link.kind == MEASURE:
        yield text.strip()
        return
    found = [match[1].strip()[:LONGEST_NAME] for line in text.splitlines() if (match := _PLAN.match(line))]
    yield from found[:MOST_PLANS]
