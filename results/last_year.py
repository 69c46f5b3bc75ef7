"""The result before beside the answers of now: what was judged, what it led to, and whether it was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment
from assessments.reading import Answers, indicator_code
from criteria.fields import is_filled
from results.improvement.observing import known_by
from results.models import ResultSheet
from results.naming import in_language
from results.presentation import answers_of
from results.sheet import normalised

# What has become of an answer since it was judged.
CHANGED, SAME, EMPTY = "changed", "same", "empty"


def sheet_before(assessment: Assessment) -> ResultSheet | None:
    """The latest result that was published to the same agency in an earlier year, with its payload. One query."""
    return _earlier(assessment).first()


def _earlier(assessment: Assessment) -> QuerySet[ResultSheet]:
    cycle = assessment.cycle
    earlier = ResultSheet.objects.filter(
        assessment__agency=assessment.agency,
        assessment__cycle__track=cycle.track,
        assessment__cycle__year__lt=cycle.year,
    )
    return earlier.select_related("assessment__cycle", "assessment__agency").order_by(
        "-assessment__cycle__year", "-revision"
    )


def frozen_before(sheet: ResultSheet) -> ResultSheet | None:
    """What `sheet_before` found when `sheet` was frozen: a later correction of that year changes nothing. One query."""
    return _earlier(sheet.assessment).filter(created_at__lte=sheet.created_at).first()


@dataclass(frozen=True)
class PartBefore:
    """A part as it was judged, from the frozen sheet; `since` is CHANGED, SAME or EMPTY."""

    part: Mapping[str, Any]
    item: str
    since: str

    @property
    def since_words(self) -> str:
        return {
            CHANGED: _("รอบนี้เขียนใหม่แล้ว"),
            SAME: _("รอบนี้ยังเหมือนเดิม"),
            EMPTY: _("รอบนี้ยังไม่ได้ตอบ"),
        }[self.since]

    @property
    def failed(self) -> bool:
        return self.part["outcome"] == "fail"


@dataclass(frozen=True)
class Opportunity:
    """An opportunity for improvement of the topic; `answered` of `total` parts it came from were rewritten."""

    text: str
    parts: tuple[str, ...]
    answered: int

    @property
    def total(self) -> int:
        return len(self.parts)


@dataclass(frozen=True)
class TopicBefore:
    """One topic of the result before. `parts` for Form 3, `indicators` for category 7."""

    year: int
    parts: tuple[PartBefore, ...]
    indicators: tuple[Mapping[str, Any], ...]
    opportunity: Opportunity | None

    @property
    def failed(self) -> int:
        return self._count("fail")

    @property
    def passed(self) -> int:
        return self._count("pass")

    def _count(self, outcome: str) -> int:
        judged = (*(entry.part for entry in self.parts), *self.indicators)
        return sum(entry["outcome"] == outcome for entry in judged)


def topic_before(sheet: ResultSheet, answers: Answers, code: str) -> TopicBefore:
    """The topic `code` of a sheet; `answers` are those of now."""
    payload = in_language(sheet.payload)
    found = answers_of(payload, code)
    parts = tuple(
        PartBefore(part, item["title"], _since(part, answers.parts.get(part["code"])))
        for item in (found["items"] if found else ())
        for part in item["parts"]
    )
    return TopicBefore(
        year=payload["cycle"]["year"],
        parts=parts,
        indicators=tuple(entry for entry in payload["indicators"] if entry["topic"] == code),
        opportunity=_opportunity(payload, code, parts),
    )


def _opportunity(payload: Mapping[str, Any], code: str, parts: tuple[PartBefore, ...]) -> Opportunity | None:
    found = next((entry for entry in payload["feedback"]["ofi"] if entry["topic"] == code), None)
    if found is None or not found["text"].strip():
        return None
    since = {entry.part["code"]: entry.since for entry in parts}
    sources = tuple(part for part in found["parts"] if part in since)
    return Opportunity(found["text"], sources, sum(since[part] == CHANGED for part in sources))


def _since(part: Mapping[str, Any], answer: Answer | None) -> str:
    if answer is None or not (answer.claim or any(is_filled(value) for value in answer.values.values())):
        return EMPTY
    if answer.claim != (part["claim"] or ""):
        return CHANGED
    before = {field["key"]: normalised(field["value"]) for field in part["fields"] if field["value"]}
    now = {key: normalised(value) for key, value in answer.values.items() if is_filled(value)}
    return SAME if before == now else CHANGED


def same_indicators(judged: Iterable[Mapping[str, Any]], answers: Answers) -> dict[str, Mapping[str, Any]]:
    """The indicators of now by their codes, in form order -> those judged before, whatever their number was then."""
    before = {known_by(entry): entry for entry in judged}
    found = {}
    for group, rows in answers.indicators.items():
        for place, answer in enumerate(rows, start=1):
            code = indicator_code(group, place)
            if entry := before.get(known_by({"code": code, "name": answer.indicator.name})):
                found[code] = entry
    return found
