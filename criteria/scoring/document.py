"""The document of `manage.py score`: JSON in, every error at once, JSON out. The shape is a contract.

Numbers are decimal texts, a JSON number is read as if it stood in quotes, null in `results` is "no data".
Keys that nobody knows are errors and not ignored, because a misspelt `verdicts` would silently change what is
printed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from criteria.scoring import engine
from criteria.scoring.indicators import DIRECTIONS, VERDICTS, Indicator
from criteria.scoring.numbers import display_score, exact, fraction_text
from criteria.scoring.policy import DEFAULT_POLICY, POLICIES, Policy, PolicyError, policy_from
from criteria.structure import RESULTS, Edition

_KEYS = ("edition", "policy", "parameters", "parts", "verdicts", "indicators")
_INDICATOR_KEYS = ("topic", "group", "name", "direction", "target", "results", "verdict")
_GROUPS = ("1", "2", "3", "4", "5")
_INDICATOR_NEEDS = ("topic", "group", "direction", "target", "results")


class DocumentError(ValueError):
    """The document cannot be scored; `errors` has one line per fault, in document order."""

    def __init__(self, errors: list[str]):
        super().__init__("\n".join(errors))
        self.errors = errors


class _Literal(str):
    """A JSON number, as it was typed: never a float, never a huge int."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _NotANumber:
    """NaN, Infinity or -Infinity, which Python's reader takes for JSON."""

    typed: str


@dataclass(frozen=True, slots=True)
class Input:
    """A document that passed every check. `verdicts` is None where the document has none."""

    edition: Edition
    policy: Policy
    parts: Mapping[str, str]
    verdicts: Mapping[str, str] | None
    indicators: tuple[Indicator, ...]


def _shown(value: Any) -> str:
    """A value inside an error line: one line, not endless."""
    if isinstance(value, _Literal):
        text = str(value)
    elif isinstance(value, _NotANumber):
        text = value.typed
    elif isinstance(value, dict):
        return "an object"
    elif isinstance(value, list):
        return "a list"
    else:
        text = (
            ascii(value)
            if isinstance(value, str) and not value.isprintable()
            else json.dumps(value, ensure_ascii=False)
        )
    return text if len(text) <= 60 else f"{text[:57]}..."


def _key(key: str) -> str:
    """A key as part of a place: bare where it can stand in one line, else as `_shown`."""
    return key if key.isprintable() and len(key) <= 60 else _shown(key)


class _Pairs(list):
    """The members of a JSON object in order, duplicates included."""


def _load(text: str) -> Any:
    return json.loads(
        text,
        object_pairs_hook=_Pairs,
        parse_int=_Literal,
        parse_float=_Literal,
        parse_constant=_NotANumber,
    )


class _Checker:
    """Walks the document and collects faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def fault(self, place: str, what: str) -> None:
        self.errors.append(f"{place}: {what}")

    def plain(self, node: Any, place: str = "") -> Any:
        """The same tree with dicts in place of pairs; a key met twice is a fault."""
        if isinstance(node, _Pairs):
            mapping: dict[str, Any] = {}
            for key, value in node:
                here = f"{place}.{_key(key)}" if place else _key(key)
                if key in mapping:
                    self.fault(place or "document", f"key {_shown(key)} stands twice")
                mapping[key] = self.plain(value, here)
            return mapping
        if isinstance(node, list):
            return [self.plain(value, f"{place}[{index}]") for index, value in enumerate(node)]
        return node

    def unknown_keys(self, node: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
        for key in node:
            if key not in known:
                self.fault(place, f"unknown key {_shown(key)}, known are {', '.join(known)}")

    def text(self, value: Any, place: str) -> str | None:
        if isinstance(value, str):
            return str(value)
        self.fault(place, f"must be text, not {_shown(value)}")
        return None

    def mapping(self, value: Any, place: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.fault(place, f"must be an object, not {_shown(value)}")
        return {}

    def list(self, value: Any, place: str) -> list[Any]:
        if isinstance(value, list):
            return value
        self.fault(place, f"must be a list, not {_shown(value)}")
        return []

    def word(self, value: Any, allowed: tuple[str, ...], place: str) -> str | None:
        if isinstance(value, str) and value in allowed:
            return str(value)
        self.fault(place, f"must be one of {', '.join(allowed)}, not {_shown(value)}")
        return None

    def number(self, value: Any, place: str) -> Fraction | None:
        if not isinstance(value, str):
            self.fault(place, f'must be a decimal number such as "89.69", not {_shown(value)}')
            return None
        try:
            return exact(value)
        except ValueError:
            self.fault(place, f'not a decimal number such as "89.69": {_shown(value)}')
            return None

    def words_by_part(
        self, value: Any, place: str, allowed: tuple[str, ...], known: frozenset[str] | None
    ) -> dict[str, str]:
        """Part code -> word; codes are checked when the edition is known."""
        words = {}
        for code, typed in self.mapping(value, place).items():
            if known is not None and code not in known:
                self.fault(place, f"unknown part {_shown(code)}")
            word = self.word(typed, allowed, f"{place}.{_key(code)}")
            if word is not None:
                words[code] = word
        return words

    def edition(self, value: Any, edition_of: Callable[[str], Edition | None]) -> Edition | None:
        code = self.text(value, "edition")
        if code is None:
            return None
        edition = edition_of(code)
        if edition is None:
            self.fault("edition", f"unknown {_shown(code)}")
        return edition

    def policy(self, document: Mapping[str, Any], asked: str | None) -> Policy | None:
        name = self.text(document.get("policy", DEFAULT_POLICY), "policy")
        parameters = self.mapping(document.get("parameters", {}), "parameters")
        name = asked if asked is not None else name
        if name is None:
            return None
        if name not in POLICIES:
            self.fault("policy", f"unknown {_shown(name)}, known are {', '.join(POLICIES)}")
            return None
        try:
            return policy_from(name, parameters)
        except PolicyError as error:
            self.errors += error.errors
            return None

    def group_of(self, node: Mapping[str, Any], place: str, groups: frozenset[str] | None) -> int:
        """The group number, after topic and group are checked; `groups` are the known codes, None for any."""
        topic = self.text(node["topic"], f"{place}.topic")
        typed = node["group"]
        if not isinstance(typed, _Literal) or typed not in _GROUPS:
            self.fault(f"{place}.group", f"must be an integer from 1 to 5, not {_shown(typed)}")
            typed = None
        if topic is None or groups is None:
            return 0
        if topic not in {code.rpartition(".")[0] for code in groups}:
            self.fault(f"{place}.topic", f"unknown {_shown(topic)}")
        elif typed is not None and f"{topic}.{typed}" not in groups:
            self.fault(f"{place}.group", f"unknown {typed} in topic {topic}")
        return int(typed or 0)

    def indicator(self, value: Any, place: str, groups: frozenset[str] | None) -> Indicator | None:
        """One row of Form 4; None when it has a fault."""
        if not isinstance(value, dict):
            self.fault(place, f"must be an object, not {_shown(value)}")
            return None
        faults_before = len(self.errors)
        self.unknown_keys(value, _INDICATOR_KEYS, place)
        missing = [key for key in _INDICATOR_NEEDS if key not in value]
        if missing:
            self.fault(place, f"{', '.join(missing)} missing")
            return None
        group = self.group_of(value, place, groups)
        name = self.text(value.get("name", ""), f"{place}.name")
        direction = self.word(value["direction"], DIRECTIONS, f"{place}.direction")
        target = self.number(value["target"], f"{place}.target")
        results = [
            None if entry is None else self.number(entry, f"{place}.results[{index}]")
            for index, entry in enumerate(self.list(value["results"], f"{place}.results"))
        ]
        verdict = value.get("verdict")
        if verdict is not None:
            verdict = self.word(verdict, VERDICTS, f"{place}.verdict")
        if len(self.errors) > faults_before:
            return None
        return Indicator(str(value["topic"]), group, direction, target, tuple(results), verdict, name)


def read(text: str, *, edition_of: Callable[[str], Edition | None], policy: str | None = None) -> Input:
    """Check a document and give what the engine needs. `policy` beats the policy named in the document.

    `edition_of` gives the edition of a code, or None when there is no such edition. An indicator's
    `"verdict": null` means the same as none. Raises DocumentError with one line for every fault.
    """
    check = _Checker()
    try:
        tree = check.plain(_load(text.removeprefix("\ufeff")))
    except json.JSONDecodeError as error:
        raise DocumentError([f"line {error.lineno} column {error.colno}: not JSON: {error.msg}"]) from error
    except RecursionError as error:
        raise DocumentError(["document: nested too deeply"]) from error
    if not isinstance(tree, dict):
        raise DocumentError([f"document: must be an object, not {_shown(tree)}"])

    check.unknown_keys(tree, _KEYS, "document")
    edition = None
    if "edition" in tree:
        edition = check.edition(tree["edition"], edition_of)
    else:
        check.fault("document", "edition is missing")
    chosen = check.policy(tree, policy)
    parts = frozenset(part.code for part in edition.process_parts) if edition else None
    groups = frozenset(group.code for group in edition.groups) if edition else None
    claims = check.words_by_part(tree.get("parts", {}), "parts", engine.CLAIMS, parts)
    verdicts = None
    if "verdicts" in tree:
        verdicts = check.words_by_part(tree["verdicts"], "verdicts", VERDICTS, parts)
    indicators = [
        check.indicator(entry, f"indicators[{index}]", groups)
        for index, entry in enumerate(check.list(tree.get("indicators", []), "indicators"))
    ]
    if check.errors or edition is None or chosen is None:
        raise DocumentError(check.errors)
    return Input(edition, chosen, claims, verdicts, tuple(entry for entry in indicators if entry is not None))


def _topic_out(topic: engine.TopicScore) -> dict[str, Any]:
    out: dict[str, Any] = {"score": display_score(topic.score), "level": topic.level}
    if topic.kind == RESULTS:
        out["indicators_counted"] = topic.indicators_counted
    else:
        out["shares"] = {
            level: None if share is None else fraction_text(share) for level, share in topic.shares.items()
        }
    return out


def score_out(score: engine.Score) -> dict[str, Any]:
    """One of `claimed` and `verified`, as it is printed."""
    return {
        "total": display_score(score.total),
        "level": score.level,
        "categories": {
            category.code: {
                "score": display_score(category.score),
                "level": category.level,
                "topics": {topic.code: _topic_out(topic) for topic in category.topics},
            }
            for category in score.categories
        },
        "indicators": [
            {
                "topic": entry.indicator.topic,
                "group": entry.indicator.group,
                "percent": entry.result.percent_display,
                "score": entry.result.score,
                "challenging": entry.result.challenging,
                "findings": [finding.text for finding in entry.result.findings],
            }
            for entry in score.indicators
        ],
    }


def compute(document: Input) -> dict[str, Any]:
    """The document that answers `document`, with its keys in the order of the contract."""
    claimed = engine.claimed(document.edition, document.policy, document.parts, document.indicators)
    out: dict[str, Any] = {
        "policy": document.policy.name,
        "policy_version": document.policy.version,
        "claimed": score_out(claimed),
    }
    if document.verdicts is not None:
        out["verified"] = score_out(
            engine.verified(document.edition, document.policy, document.verdicts, document.indicators)
        )
    out["findings"] = [finding.text for finding in claimed.findings]
    return out
