"""Reads an edition's YAML folder into the tree of `structure`, with every error at once. Pure: no Django."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from criteria.structure import (
    FIELD_KINDS,
    INFERRED,
    LEVEL_SOURCES,
    LEVELS,
    PROCESS,
    PROFILE,
    RESULTS,
    TAGGED,
    Category,
    Edition,
    Field,
    Guide,
    Item,
    Part,
    Topic,
)

# What edition 2565 asks of one topic of Form 4 (แบบฟอร์มที่ 4); the file states it again, and must agree.
GROUP_MAX = 3
OF_OLD_EDITIONS = ("number", "area_th", "compulsory", "heads", "is_old")
# Characters that no database stores in a text, or that nobody sees.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CriteriaErrors(ValueError):
    """The folder cannot be read; `errors` lists every fault as "file: place: what is wrong"."""

    def __init__(self, errors: list[str]):
        super().__init__("\n".join(errors))
        self.errors = errors


class Reader:
    """Collects errors instead of stopping at the first."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.where = ""

    def fault(self, place: str, what: str) -> None:
        self.errors.append(f"{self.where}: {place}: {what}")

    def text(self, node: dict, key: str, place: str, *, required: bool = True) -> str:
        value = node.get(key, "")
        if not isinstance(value, str):
            self.fault(place, f"{key} must be text, not {value!r}")
            return ""
        value = value.strip()
        if _CONTROL.search(value):
            self.fault(place, f"{key} has a control character")
        if required and not value:
            self.fault(place, f"{key} is missing")
        return value

    def nodes(self, node: dict, key: str, place: str) -> list[dict]:
        value = node.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            self.fault(place, f"{key} must be a list that is not empty")
            return []
        return value

    def by_level(self, node: dict, key: str, place: str) -> dict[str, tuple[str, ...]]:
        value = node.get(key) or {}
        unknown = set(value) - set(LEVELS)
        if unknown:
            self.fault(place, f"{key} has unknown levels {sorted(unknown)}")
        return {level: tuple(value.get(level) or ()) for level in LEVELS}

    def choice(self, value: Any, allowed: Iterable[str], place: str, key: str) -> str:
        if value not in allowed:
            self.fault(place, f"{key} must be one of {', '.join(allowed)}, not {value!r}")
            return ""
        return value

    def columns(self, node: dict, place: str) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
        """The columns of a table, and its upper header row where some stand under a common heading.

        A column is its words; columns under a heading are one mapping: the heading to the list of them.
        """
        columns: list[str] = []
        heads: list[tuple[str, int]] = []
        for entry in node.get("columns_th") or ():
            words, below = next(iter(entry.items())) if isinstance(entry, dict) and entry else ("", [entry])
            if not isinstance(below, list) or not below or not all(isinstance(name, str) for name in below):
                self.fault(place, f"columns_th: {entry!r} is neither a column nor a heading over columns")
                continue
            columns += below
            heads.append((words, len(below)))
        return tuple(columns), tuple(heads) if any(words for words, _ in heads) else ()

    def field(self, node: dict, place: str) -> Field:
        columns, heads = self.columns(node, place)
        kind = self.choice(node.get("kind", "text"), FIELD_KINDS, place, "kind")
        if kind == "table" and not columns:
            self.fault(place, "a table needs columns_th")
        return Field(
            key=self.text(node, "key", place),
            label_th=self.text(node, "label_th", place),
            label_en=self.text(node, "label_en", place, required=False),
            kind=kind,
            required=bool(node.get("required", False)),
            columns=columns,
            rows=tuple(node.get("rows_th") or ()),
            heads=heads,
        )

    def fields(self, node: dict, code: str) -> tuple[Field, ...]:
        fields = tuple(self.field(entry, code) for entry in self.nodes(node, "fields", code))
        keys = [entry.key for entry in fields]
        if len(set(keys)) != len(keys):
            self.fault(code, f"field keys are not unique: {keys}")
        return fields

    def part(self, node: dict, item_level: str) -> Part:
        code = self.text(node, "code", "part")
        fields = self.fields(node, code)
        min_fields = node.get("min_fields", 0)
        if not isinstance(min_fields, int) or not 0 <= min_fields <= len(fields):
            self.fault(code, f"min_fields must be from 0 to {len(fields)}, not {min_fields!r}")
            min_fields = 0
        return Part(
            code=code,
            prompt_th=self.text(node, "prompt_th", code, required=False),
            level=self.choice(node.get("level", item_level), LEVELS, code, "level"),
            fields=fields,
            min_fields=min_fields,
            level_reason=self.text(node, "level_reason", code, required=False),
        )

    def item(self, node: dict, topic_code: str) -> Item:
        code = self.text(node, "code", f"item of {topic_code}")
        if not code.startswith(f"{topic_code}."):
            self.fault(code, f"code must begin with {topic_code}.")
        level = self.choice(node.get("level"), LEVELS, code, "level")
        source = self.choice(node.get("level_source", TAGGED), LEVEL_SOURCES, code, "level_source")
        reason = self.text(node, "level_reason", code, required=source == INFERRED)
        return Item(
            code=code,
            title_th=self.text(node, "title_th", code),
            title_en=self.text(node, "title_en", code),
            parts=tuple(self.part(entry, level) for entry in self.nodes(node, "parts", code)),
            level=level,
            level_source=source,
            level_reason=reason,
            hint_th=self.text(node, "hint_th", code, required=False),
        )

    def guide(self, node: dict, code: str) -> Guide:
        levels = node.get("levels") or {}
        return Guide(
            levels={level: str(levels.get(level, "")) for level in LEVELS},
            guidance=self.by_level(node, "guidance", code),
            definitions=tuple((entry["term"], entry["meaning"]) for entry in node.get("definitions") or ()),
            revision=self.by_level(node, "revision_2565", code),
            examples=tuple(node.get("examples") or ()),
            variants=tuple((entry["code"], entry["wording"]) for entry in node.get("differences_2564") or ()),
            description_th=self.text(node, "description_th", code, required=False),
        )

    def process_topic(self, node: dict) -> Topic:
        code = self.text(node, "code", "topic")
        items = tuple(self.item(entry, code) for entry in self.nodes(node, "items", code))
        missing = set(LEVELS) - {part.level for item in items for part in item.parts}
        if missing:
            self.fault(code, f"no part at level {', '.join(sorted(missing))}")
        return Topic(
            code=code,
            name_th=self.text(node, "name_th", code),
            name_en=self.text(node, "name_en", code),
            items=items,
            guide=self.guide(node, code),
        )

    def old_topic(self, node: dict) -> Topic:
        """A topic of an old edition: questions under areas, with running numbers and without levels.

        Codes are made like all others, so that addresses and keys need no second pattern: "(7)" of topic 4.2 is 4.2.7.
        """
        code = self.text(node, "code", "topic")
        items = tuple(
            self.old_item(question, code, self.text(area, "name_th", code))
            for area in self.nodes(node, "areas", code)
            for question in self.nodes(area, "questions", code)
        )
        return Topic(
            code=code,
            name_th=self.text(node, "name_th", code),
            name_en=self.text(node, "name_en", code),
            items=items,
            guide=self.guide(node, code),
        )

    def old_item(self, node: dict, topic_code: str, area: str) -> Item:
        number = self.text(node, "number", f"question of {topic_code}")
        match = re.fullmatch(r"\((\d{1,3})\)", number)
        if number and not match:
            self.fault(f"question of {topic_code}", f"number must be like (7), not {number!r}")
        code = f"{topic_code}.{match[1] if match else number}"
        parts = []
        for place, entry in enumerate(self.nodes(node, "parts", code), start=1):
            if not isinstance(entry.get("compulsory"), bool):
                self.fault(code, "compulsory must be true or false")
            parts.append(
                Part(
                    code=f"{code}.{place}",
                    number=self.text(entry, "number", code),
                    prompt_th=self.text(entry, "prompt_th", code, required=False),
                    level="",
                    fields=self.fields(entry, code),
                    compulsory=bool(entry.get("compulsory")),
                )
            )
        return Item(
            code=code,
            number=number,
            area_th=area,
            title_th=self.text(node, "title_th", code),
            title_en=self.text(node, "title_en", code, required=False),
            parts=tuple(parts),
        )

    def results_topic(self, node: dict, rules: dict) -> Topic:
        code = self.text(node, "code", "topic")
        groups = []
        for entry in self.nodes(node, "groups", code):
            group_code = f"{code}.{entry.get('number')}"
            mandatory = bool(entry.get("mandatory"))
            bounds = rules.get("mandatory_group" if mandatory else "optional_group") or {}
            groups.append(
                Item(
                    code=group_code,
                    title_th=self.text(entry, "name_th", group_code),
                    title_en=self.text(entry, "name_en", group_code),
                    description_th=self.text(entry, "description_th", group_code, required=False),
                    required=mandatory,
                    parts=(
                        Part(
                            code=group_code,
                            prompt_th="",
                            level="",
                            fields=(),
                            min_answers=bounds.get("min", 0),
                            max_answers=bounds.get("max", GROUP_MAX),
                        ),
                    ),
                )
            )
        return Topic(
            code=code,
            name_th=self.text(node, "name_th", code),
            name_en=self.text(node, "name_en", code),
            short_th=self.text(node, "short_th", code, required=False),
            items=tuple(groups),
            guide=self.guide(node, code),
            answers_required=rules.get("indicators_per_topic"),
        )

    def category(self, node: dict) -> Category:
        code = self.text(node, "code", "category")
        topics = self.nodes(node, "topics", code)
        rules = node.get("rules")
        if rules is None:
            kind = PROCESS
            read = tuple(
                self.old_topic(entry) if "areas" in entry else self.process_topic(entry) for entry in topics
            )
            guide = Guide()
        else:
            kind, read = RESULTS, tuple(self.results_topic(entry, rules) for entry in topics)
            guide = Guide(
                levels={level: str((node.get("levels") or {}).get(level, "")) for level in LEVELS},
                advice=tuple(node.get("advice_th") or ()),
            )
        return Category(
            code=code,
            kind=kind,
            name_th=self.text(node, "name_th", code),
            name_en=self.text(node, "name_en", code),
            intent_th=self.text(node, "intent_th", code, required=False),
            topics=read,
            guide=guide,
        )

    def profile(self, node: dict) -> Category:
        """Each question of the organisational profile is an item with one part of one field."""
        topics = []
        for section in self.nodes(node, "sections", PROFILE):
            code = self.text(section, "code", PROFILE)
            items = []
            for question in self.nodes(section, "questions", code):
                asked = self.field(question, code)
                part_code = f"{code}.{asked.key}"
                part = Part(code=part_code, prompt_th="", level="", fields=(asked,))
                items.append(
                    Item(
                        code=part_code,
                        title_th=asked.label_th,
                        title_en=asked.label_en,
                        parts=(part,),
                        required=asked.required,
                    )
                )
            name = self.text(section, "name_th", code)
            name_en = self.text(section, "name_en", code, required=False)
            topics.append(Topic(code=code, name_th=name, name_en=name_en, items=tuple(items)))
        return Category(
            code="OP",
            kind=PROFILE,
            name_th=self.text(node, "name_th", PROFILE),
            name_en=self.text(node, "name_en", PROFILE),
            topics=tuple(topics),
        )


def load_yaml(path: Path, reader: Reader) -> dict:
    reader.where = path.name
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reader.fault("file", " ".join(str(error).split()))
        return {}
    if not isinstance(document, dict):
        reader.fault("file", "is not a mapping")
        return {}
    return document


def checksum(edition: Edition) -> str:
    """SHA-256 of the whole tree; two editions with equal content have the same.

    What only old editions use does not count where it is empty: editions that were stored before keep theirs.
    """
    content = asdict(
        replace(edition, checksum=""),
        dict_factory=lambda pairs: {
            key: value for key, value in pairs if value or key not in OF_OLD_EDITIONS
        },
    )
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _fault_doubles(reader: Reader, categories: list[Category]) -> None:
    """Codes are unique in an edition, each kind for itself: an indicator group is an item and a part of one code."""
    topics = [topic for category in categories for topic in category.topics]
    items = [item for topic in topics for item in topic.items]
    parts = [part for item in items for part in item.parts]
    for kind, nodes in (("category", categories), ("topic", topics), ("item", items), ("part", parts)):
        counts = Counter(node.code for node in nodes)
        for code, count in counts.items():
            if count > 1:
                reader.fault(code, f"{kind} code is used {count} times")


def _categories(folder: Path, reader: Reader) -> list[Category]:
    categories = []
    paths = sorted(folder.glob("cat*.yaml"))
    if not paths:
        reader.fault("folder", "has no cat*.yaml")
    for path in paths:
        node = load_yaml(path, reader).get("category")
        if isinstance(node, dict):
            categories.append(reader.category(node))
        else:
            reader.fault("file", "has no category")
    profile_path = folder / "profile.yaml"
    if profile_path.exists():
        node = load_yaml(profile_path, reader).get("profile")
        if isinstance(node, dict):
            categories.append(reader.profile(node))
        else:
            reader.fault("file", "has no profile")
    return categories


def read_edition(folder: Path) -> Edition:
    """Read `folder` (edition.yaml, cat*.yaml, profile.yaml).

    Raises CriteriaErrors with every fault found, in file order.
    """
    reader = Reader()
    head = load_yaml(folder / "edition.yaml", reader).get("edition") or {}
    code = reader.text(head, "code", "edition")
    year = head.get("year")
    if not isinstance(year, int) or not 2500 <= year <= date.max.year:
        reader.fault("edition", f"year must be a Buddhist year, not {year!r}")
    titles = {key: reader.text(head, key, "edition") for key in ("title_th", "title_en")}
    series = reader.text(head, "series", "edition", required=False) or "forms"
    is_old = head.get("is_old", False)
    if not isinstance(is_old, bool):
        reader.fault("edition", f"is_old must be true or false, not {is_old!r}")
    categories = _categories(folder, reader)
    reader.where = folder.name
    _fault_doubles(reader, categories)
    if reader.errors:
        raise CriteriaErrors(reader.errors)
    edition = Edition(
        code=code,
        year=year,
        categories=tuple(categories),
        series=series,
        revision=head.get("revision", 1),
        is_old=is_old,
        **titles,
    )
    return replace(edition, checksum=checksum(edition))
