"""The wordings by which the headings, prompts and labels of an edition are recognised in print.

Built from the tree: the wording of the edition and, from `guide.variants`, that of the year before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assessments.importing.likeness import MIN_FUZZY, beginning_likeness, likeness, skeleton
from criteria.structure import Edition, Item, Part, Topic

# The words that stand before a blank of Form 3, alone or at the end of a label.
_LEADS = ("คือ", "เช่น", "ได้แก่", "โดย", "ระบุ", "โดยวิธี", "โดยวิธีการ", "ดังนี้", "มีรายละเอียดดังนี้")
LEADS = tuple(dict.fromkeys(skeleton(lead) for lead in _LEADS))
_ENDINGS = tuple(skeleton(lead) for lead in ("คือ", "เช่น", "ได้แก่", "โดย"))
# A label or the text before a blank ends with one of these where no dots follow.
LABEL_ENDINGS = (*_ENDINGS, skeleton("เรื่อง"), skeleton("ด้าน"), skeleton("ระบุ"))

_BRACKET = re.compile(r"\([^()]*\)")
_BLANK = re.compile(r"\.{3,}|…")
# Wordings of a variant are given to the element they resemble most; below this they resemble none.
_SAME_ELEMENT = 0.6


def _with_leads(label: str) -> Iterator[str]:
    """`label` as it is, without the word before the blank, and with each of those words."""
    whole = skeleton(label)
    stem = whole
    for ending in _ENDINGS:
        if whole.endswith(ending) and len(whole) > len(ending) + 3:
            stem = whole.removesuffix(ending)
    yield whole
    yield stem
    for ending in _ENDINGS:
        yield stem + ending


def _forms(label: str, before: str = "") -> Iterator[str]:
    """`label` whole, without its brackets, and behind the brackets of the label `before`.

    The form prints a bracket at the end of a label before its blank, behind it, or not at all.
    """
    yield label
    if _BRACKET.search(label):
        yield _BRACKET.sub(" ", label)
    brackets = _BRACKET.findall(before)
    if brackets:
        yield f"{brackets[-1]} {label}"


def _suffixes(*texts: str) -> Iterator[str]:
    """Every end of the joined texts from a space on: what is left to print after a heading cut anywhere."""
    words = " ".join(texts).split()
    for index in range(len(words)):
        yield skeleton(" ".join(words[index:]))


@dataclass(frozen=True, slots=True)
class Element:
    """Something printed in a part that is no answer.

    place: 0 the words before the first blank, 1..n the label of field n, more: texts behind the last blank.
    Exact wordings may be short; alike ones are compared with typing slips allowed.
    """

    place: int
    exact: frozenset[str]
    alike: tuple[str, ...]

    @staticmethod
    def of(place: int, wordings: Sequence[str], *, stems: bool) -> "Element":
        found = [skeleton(wording) for wording in wordings]
        exact = set(found)
        if stems:
            exact = {form for wording in wordings for form in _with_leads(wording)}
        exact.discard("")
        return Element(place, frozenset(exact), tuple(dict.fromkeys(w for w in found if len(w) >= MIN_FUZZY)))


@dataclass(frozen=True)
class PartWording:
    """The wording of one part in print: its prompt and the labels of its fields, and with what its line may begin."""

    part: Part
    elements: tuple[Element, ...]
    openings: tuple[str, ...]

    @property
    def is_tick_only(self) -> bool:
        """The form has nothing but a box (3.4.2, 4.1.2): no field must be filled."""
        return self.part.min_fields == 0 and not any(entry.required for entry in self.part.fields)

    @cached_property
    def longest(self) -> int:
        return max((len(wording) for element in self.elements for wording in element.exact), default=0)


@dataclass(frozen=True)
class ItemWording:
    item: Item
    headings: tuple[str, ...]
    parts: tuple[PartWording, ...]

    def heading_likeness(self, printed: str) -> float:
        """0..1 for the skeleton of a heading, which may be cut anywhere or go on into the prompt."""
        return max(_heading_likeness(printed, wording) for wording in self.headings)

    def title_likeness(self, printed: str) -> float:
        """0..1 for the skeleton of a whole heading."""
        return max(likeness(printed, wording) for wording in self.headings)


@dataclass(frozen=True)
class TopicWording:
    topic: Topic
    headings: tuple[str, ...]

    def heading_likeness(self, printed: str) -> float:
        """0..1 for the skeleton of a topic's name, which may be cut."""
        return max(_heading_likeness(printed, wording) for wording in self.headings)


def _heading_likeness(printed: str, wording: str) -> float:
    if len(printed) < 4:
        return 0.0
    return max(likeness(printed, wording), beginning_likeness(printed, wording))


@dataclass
class _Variants:
    """The wordings of the year before, sorted to what they resemble."""

    headings: list[str] = field(default_factory=list)
    # By part and number of the field, 0 for the prompt.
    labels: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    extras: dict[str, list[str]] = field(default_factory=dict)

    def prompts(self, code: str) -> list[str]:
        """What may open the part: the label of its first blank stands where the prompt does."""
        return self.labels.get((code, 0), []) + self.labels.get((code, 1), [])


def _sort_variants(item: Item, wordings: Sequence[tuple[str, str]]) -> _Variants:
    found = _Variants()
    for code, wording in wordings:
        parts = [part for part in item.parts if part.code == code] or list(item.parts)
        for index, segment in enumerate(segment.strip() for segment in _BLANK.split(wording)):
            if not skeleton(segment):
                continue
            alike, part, number = _most_alike(parts, skeleton(segment))
            title = likeness(skeleton(segment), skeleton(item.title_th))
            if index == 0 and code == item.code and (alike < _SAME_ELEMENT or title >= alike):
                found.headings.append(segment)
            elif alike >= _SAME_ELEMENT:
                found.labels.setdefault((part.code, number), []).append(segment)
            elif index == 0:
                found.labels.setdefault((part.code, 0), []).append(segment)
            else:
                found.extras.setdefault(parts[0].code, []).append(segment)
    return found


def _most_alike(parts: Sequence[Part], printed: str) -> tuple[float, Part, int]:
    """What a wording of the year before stands for: how alike, the part, and the field (0 is the prompt)."""
    rated = [(likeness(printed, skeleton(part.prompt_th)), part, 0) for part in parts if part.prompt_th]
    for part in parts:
        for number, asked in enumerate(part.fields, start=1):
            rated.append((max(likeness(printed, form) for form in _with_leads(asked.label_th)), part, number))
    return max(rated, key=lambda entry: entry[0])


def _item_wording(item: Item, wordings: Sequence[tuple[str, str]]) -> ItemWording:
    variants = _sort_variants(item, wordings)
    titles = [item.title_th, *variants.headings]
    prompt = item.parts[0].prompt_th
    parts = []
    for index, part in enumerate(item.parts):
        printed = [text for text in (part.prompt_th, *variants.prompts(part.code)) if text]
        prompts = [form for text in printed for form in _forms(text)]
        leads = [skeleton(text) for text in prompts]
        endings = [ending for text in prompts for ending in _suffixes(text)]
        if index == 0:
            endings += [ending for title in titles for ending in _suffixes(title, part.prompt_th)]
        opening = Element(
            0, frozenset({*leads, *endings, *LEADS} - {""}), tuple(w for w in leads if len(w) >= MIN_FUZZY)
        )
        elements = [opening]
        for number, asked in enumerate(part.fields, start=1):
            labels = [asked.label_th, *variants.labels.get((part.code, number), ())]
            before = part.fields[number - 2].label_th if number > 1 else ""
            forms = [form for label in labels for form in _forms(label, before)]
            elements.append(Element.of(number, forms, stems=True))
        behind = [*variants.extras.get(part.code, ()), item.hint_th]
        for number, text in enumerate((text for text in behind if text), start=len(elements)):
            elements.append(Element.of(number, [text], stems=False))
        firsts = [] if part.prompt_th else [part.fields[0].label_th, *variants.labels.get((part.code, 1), ())]
        parts.append(
            PartWording(
                part=part,
                elements=tuple(elements),
                openings=tuple(dict.fromkeys(skeleton(text) for text in (*prompts, *firsts))),
            )
        )
    headings = [
        skeleton(words)
        for title in titles
        for words in (title, f"{title} {prompt}", f"{title} {item.hint_th} {prompt}")
    ]
    return ItemWording(item, tuple(dict.fromkeys(headings)), tuple(parts))


class FormWording:
    """Everything printed in Form 3 of an edition, by code."""

    def __init__(self, edition: Edition):
        self.categories = {category.code: category.name_th for category in edition.categories}
        self.topics: dict[str, TopicWording] = {}
        self.items: dict[str, ItemWording] = {}
        for topic in {edition.place_of_part[part.code][1].code: None for part in edition.process_parts}:
            self._add(edition.topics[topic])

    def _add(self, topic: Topic) -> None:
        names = [topic.name_th, *(wording for code, wording in topic.guide.variants if code == topic.code)]
        self.topics[topic.code] = TopicWording(topic, tuple(skeleton(name) for name in names))
        for item in topic.items:
            codes = {item.code, *(part.code for part in item.parts)}
            variants = [entry for entry in topic.guide.variants if entry[0] in codes]
            self.items[item.code] = _item_wording(item, variants)

    @cached_property
    def order(self) -> dict[str, int]:
        return {code: index for index, code in enumerate(self.items)}
