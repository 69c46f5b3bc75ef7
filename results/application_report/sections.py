"""What a report consists of: criteria, opened categories and copied data -> chapters, blocks and sections. Pure.

A section is what is saved at once: one question, one dimension of ADLI, one question of the profile, one indicator.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from criteria.application_report import OVERALL, AskedCategory, AskedItem, Criteria, Dimension
from results.application_report.facts import YEARS

PROFILE, RESULTS = "profile", "results"
# Kinds of sections.
POINT, CHECK, FACT, INDICATOR = "point", "check", "fact", "indicator"
# Which category writes them, in the words of a member's role.
WRITES = {PROFILE: "OP", RESULTS: "7"}
# The award as a whole, and all its categories.
WHOLE = "whole"
TEXT = "text"
FIGURES = ("target", *YEARS, "peer_result")
INDICATOR_KEYS = (
    "name", "unit", "direction", "target", *YEARS, "peer_name", "peer_result", "integration", "reason",
)  # fmt: skip

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """`initial` is what it says before anybody writes. `lead`: of a point its area, of an indicator its group.

    `keys` are its blanks; `elements` what each of a dimension looks for. `more` holds years, topic and group of an
    indicator.
    """

    code: str
    kind: str
    title: str
    keys: tuple[str, ...]
    initial: Values
    lead: str = ""
    question: str = ""
    elements: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_question(self) -> bool:
        return self.kind == POINT


@dataclass(frozen=True, slots=True)
class Block:
    """An item of a category, a topic of the profile, or a topic of category 7."""

    code: str
    name: str
    question: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.kind != CHECK)

    @property
    def checks(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.kind == CHECK)


@dataclass(frozen=True, slots=True)
class Chapter:
    """`category` is whose writers write it. `is_overall`: its official questions are not known."""

    key: str
    category: str
    name_th: str
    name_en: str
    blocks: tuple[Block, ...]
    is_overall: bool = False
    links: tuple[str, ...] = ()

    @property
    def sections(self) -> Iterator[Section]:
        return (section for block in self.blocks for section in block.sections)

    @property
    def is_process(self) -> bool:
        return self.key not in WRITES


def opened_categories(criteria: Criteria, award: str, categories: Sequence[str]) -> list[str]:
    """Of what Form 1 applies for: all of the whole award, else those named, in the order of the criteria."""
    return [code for code in criteria.by_code if award == WHOLE or code in categories]


def is_led_to(criteria: Criteria, award: str, categories: Sequence[str], topic: str, group: int) -> bool:
    """Whether an indicator of this topic and group belongs to the report: of the whole award every one."""
    if award == WHOLE:
        return True
    links = (link for code in categories for link in criteria.by_code[code].results)
    return any(link.covers(topic, group) for link in links)


def chapters_of(
    criteria: Criteria, categories: Sequence[str], base: Mapping[str, Any]
) -> tuple[Chapter, ...]:
    """The profile, the opened categories, and the results."""
    return (
        Chapter(
            PROFILE,
            WRITES[PROFILE],
            "ลักษณะสำคัญขององค์การ",
            "Organisational profile",
            tuple(_facts(entry) for entry in base["profile"]),
        ),
        *(_process(criteria, criteria.by_code[code]) for code in categories),
        Chapter(RESULTS, WRITES[RESULTS], "ผลลัพธ์การดำเนินการ", "Results", tuple(_results(base["indicators"]))),
    )


def _facts(topic: Mapping[str, Any]) -> Block:
    return Block(
        topic["code"],
        topic["name"],
        "",
        tuple(
            Section(
                entry["code"],
                FACT,
                entry["label"],
                (TEXT,),
                {TEXT: entry["text"]},
                more={"kind": entry["kind"]},
            )
            for entry in topic["questions"]
        ),
    )


def _process(criteria: Criteria, category: AskedCategory) -> Chapter:
    links = tuple(link.link or link.topic for link in category.results)
    return Chapter(
        category.code,
        category.code,
        category.name_th,
        category.name_en,
        tuple(_item(item, criteria.adli) for item in category.items),
        category.is_overall,
        links,
    )


def _item(item: AskedItem, adli: Sequence[Dimension]) -> Block:
    points = (
        Section(
            f"{item.code}-{point.key}",
            POINT,
            point.text_th if point.key == OVERALL else f"({point.key}) {point.text_th}",
            (TEXT,),
            {TEXT: ""},
            lead=f"{area.code}. {area.name_th}" if area.code else "",
        )
        for area in item.areas
        for point in area.points
    )
    checks = (
        Section(
            f"{item.code}-{dimension.key}",
            CHECK,
            f"{dimension.name_en} {dimension.name_th}",
            keys := tuple(f"e{number}" for number in range(1, len(dimension.elements) + 1)),
            dict.fromkeys(keys, ""),
            question=dimension.question_th,
            elements=dimension.elements,
            more={"name": dimension.name_en},
        )
        for dimension in adli
    )
    return Block(item.code, item.name_th, item.question_th, (*points, *checks))


def _results(indicators: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for entry in indicators:
        topics.setdefault(entry["topic"], []).append(entry)
    for code, entries in topics.items():
        yield Block(code, entries[0]["topic_name"], "", tuple(map(_indicator, entries)))


def _indicator(entry: Mapping[str, Any]) -> Section:
    return Section(
        entry["code"],
        INDICATOR,
        entry["name"],
        INDICATOR_KEYS,
        {key: entry.get(key) or "" for key in INDICATOR_KEYS},
        lead=entry["group_name"],
        more={"topic": entry["topic"], "group": entry["group"], "years": entry["years"]},
    )
