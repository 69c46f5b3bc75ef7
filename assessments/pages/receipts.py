"""The frozen submission as a document: its number, and everything in it under the words of its edition."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from assessments.forms.parts import as_lines
from assessments.models import Claim, Indicator, Submission, award_words
from assessments.reading import tree_of
from criteria.structure import PROFILE, RESULTS, Item, Part, Topic
from pmqa.seal import Seal, seal_of


def receipt_number(submission: Submission) -> str:
    """Fiscal year and running number: 2570-0412."""
    return f"{submission.assessment.cycle.year}-{submission.pk:04d}"


def seal_of_submission(submission: Submission) -> Seal:
    return seal_of(
        submission.content,
        document=_("สำเนาแบบประเมิน"),
        which=_("ส่งครั้งที่ %(n)d") % {"n": submission.number},
        digest=submission.digest,
    )


@dataclass(frozen=True)
class FrozenPart:
    part: Part
    claim: str
    blanks: list[tuple[str, str]]


@dataclass(frozen=True)
class FrozenTopic:
    """A topic of the copy: items with their parts, or the indicators of a topic of Form 4."""

    topic: Topic
    items: list[tuple[Item, list[FrozenPart]]]
    indicators: list[dict]


def _part(part: Part, stored: dict) -> FrozenPart:
    claim = stored["claim"]
    return FrozenPart(
        part,
        Claim(claim).label if claim else "",
        [
            (blank.label_th, as_lines(stored["values"][blank.key]))
            for blank in part.fields
            if stored["values"].get(blank.key)
        ],
    )


def _indicator(stored: dict, years: tuple[int, int, int]) -> dict:
    return stored | {
        "direction": Indicator.Direction(stored["direction"]).label,
        "years": list(zip(years, stored["results"], strict=True)),
    }


def frozen_topics(submission: Submission) -> Iterator[tuple[object, list[FrozenTopic]]]:
    """Category by category, read from the frozen content alone."""
    content, years = submission.content, submission.assessment.cycle.result_years
    for category in tree_of(submission.assessment).categories:
        topics = []
        for topic in category.topics:
            codes = {part.code for part in topic.parts}
            if category.kind == RESULTS:
                found = [_indicator(row, years) for row in content["indicators"] if row["group"] in codes]
                topics.append(FrozenTopic(topic, [], found))
                continue
            items = [
                (item, [_part(part, content["parts"][part.code]) for part in item.parts])
                for item in topic.items
            ]
            topics.append(FrozenTopic(topic, items, []))
        yield category, topics


def copy_context(submission: Submission) -> dict:
    """Context of the copy: a file that needs nothing else, hence its style sheet inside it."""
    return {
        "submission": submission,
        "assessment": submission.assessment,
        "number": receipt_number(submission),
        "seal": seal_of_submission(submission),
        "application": submission.content.get("application"),
        "award": award_words(submission.content.get("application")),
        "categories": list(frozen_topics(submission)),
        "profile_kind": PROFILE,
        "css": Path(finders.find("css/receipt-copy.css")).read_text(encoding="utf-8"),
    }
