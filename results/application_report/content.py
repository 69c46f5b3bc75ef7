"""A report as plain data, to be read, printed and frozen: under the keys that every frozen content has.

What a report is judged by are ADLI and LeTCI: that stands where other contents name their scoring policy.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assessments.forms.parts import as_lines
from criteria.application_report import Criteria
from pmqa.templatetags.print_text import NO_BREAK_SPACE, day, number
from results.application_report.facts import YEARS
from results.application_report.models import ApplicationReport
from results.application_report.sections import (
    CHECK,
    INDICATOR,
    TEXT,
    Block,
    Chapter,
    Section,
    Values,
    chapters_of,
    is_led_to,
)
from results.payload import Payload

SCHEMA = 1
JUDGED_BY = {"name": "adli-letci", "version": 1}


def copied(
    payload: Payload,
    submission: Mapping[str, Any],
    criteria: Criteria,
    *,
    award: str,
    categories: Sequence[str],
) -> dict[str, Any]:
    """What a report begins with: the profile of the published result, and the indicators that it leads to.

    Comparisons are no part of a result, so they come from what the agency submitted.
    """
    peers = {entry["code"]: entry for entry in submission.get("indicators", ())}
    return {
        "profile": [
            {
                "code": topic["code"],
                "name": topic["name"],
                "questions": [
                    {
                        **{key: question[key] for key in ("code", "label", "kind")},
                        "text": _readable(question),
                    }
                    for question in topic["questions"]
                ],
            }
            for topic in payload["profile"]
        ],
        "indicators": [
            _indicator(entry, peers.get(entry["code"], {}))
            for entry in payload["indicators"]
            if is_led_to(criteria, award, categories, entry["topic"], entry["group"])
        ],
    }


def _readable(question: Mapping[str, Any]) -> str:
    """As a person would have typed it: here every blank is plain text."""
    text = as_lines(question["value"])
    if question["kind"] in ("number", "percent"):
        return number(text)
    return day(text).replace(NO_BREAK_SPACE, " ") if question["kind"] == "date" else text


def _indicator(entry: Mapping[str, Any], peer: Mapping[str, Any]) -> dict[str, Any]:
    kept = (
        "topic",
        "topic_name",
        "group",
        "group_name",
        "code",
        "name",
        "unit",
        "direction",
        "target",
        "years",
    )
    figures = dict(zip(YEARS, entry["results"], strict=True))
    return (
        {key: entry[key] for key in kept}
        | figures
        | {
            "peer_name": peer.get("peer_name", ""),
            "peer_result": peer.get("peer_result"),
        }
    )


# --- the whole report -------------------------------------------------------------------------


def build(report: ApplicationReport, said: Callable[[Section], Values]) -> dict[str, Any]:
    """Everything that the report says; `said` gives the values of a section. Who submits it, and when, is no part."""
    criteria, assessment = report.asks, report.assessment
    return {
        "schema": SCHEMA,
        "agency": {
            "code": assessment.agency.code,
            "name": assessment.agency.name,
            "ministry": assessment.agency.ministry.name,
        },
        "cycle": {"year": assessment.cycle.year, "name": assessment.cycle.name},
        "edition": {"code": criteria.code, "title": criteria.name_th},
        "policy": JUDGED_BY,
        "award": report.award,
        "categories": list(report.categories),
        "stage_one": {"revision": report.sheet.revision, "digest": report.sheet.digest},
        "chapters": [
            _chapter(chapter, said) for chapter in chapters_of(criteria, report.categories, report.base)
        ],
    }


def _chapter(chapter: Chapter, said: Callable[[Section], Values]) -> dict[str, Any]:
    shown = {"key": chapter.key, "name": chapter.name_th, "is_overall": chapter.is_overall}
    if chapter.links:
        shown["links"] = list(chapter.links)
    return shown | {"blocks": [_block(block, said) for block in chapter.blocks]}


def _block(block: Block, said: Callable[[Section], Values]) -> dict[str, Any]:
    return {
        "code": block.code,
        "name": block.name,
        "question": block.question,
        "sections": [_section(section, said(section)) for section in block.sections],
    }


def _section(section: Section, values: Values) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": section.code,
        "kind": section.kind,
        "title": section.title,
        "lead": section.lead,
    }
    if section.kind == CHECK:
        return shown | {
            "question": section.question,
            "elements": [
                {"name": name, "text": values.get(key, "")}
                for key, name in zip(section.keys, section.elements, strict=True)
            ],
        }
    if section.kind == INDICATOR:
        return shown | dict(section.more) | {"values": {key: values.get(key, "") for key in section.keys}}
    return shown | {"text": values.get(TEXT, "")}
