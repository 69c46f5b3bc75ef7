"""Rows -> the payload of a result sheet (docs/result-sheet.md): read everything once, score twice.

Only what an agency may see goes in: of the review the consensus alone, never a reviewer's own mark, an
internal note, the lead's reason, a name, or anything that tells how many reviewers there were.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assessments.models import Answer, Assessment, Status, Submission
from assessments.reading import Answers, indicator_code, policy_of, read_answers, scored_indicator, tree_of
from criteria import scoring
from criteria.fields import is_filled, plain_number
from criteria.structure import PROCESS, PROFILE, RESULTS, Category, Edition, Part, Topic
from pmqa.text import normalise
from pmqa.thai import BANGKOK
from results.payload import Payload, side
from results.stage_two.models import standing
from reviews.drafting import CLOSING, DIRECTIONS, PILLARS, TITLES
from reviews.models import Consensus, FeedbackSection, ImportedMark

SCHEMA = 1

# Where an outcome comes from, as far as an agency is told: the review, or a printed form that was imported.
CONSENSUS, IMPORTED = "consensus", "imported"


@dataclass(frozen=True, slots=True)
class Mark:
    """What counts for one answer; `outcome` is pass or fail."""

    outcome: str
    comment: str


@dataclass(frozen=True)
class Sources:
    """Everything a sheet is made of. `marks` by the primary key of the answer."""

    assessment: Assessment
    answers: Answers
    marks: Mapping[int, Mark]
    basis: str
    sections: Mapping[str, FeedbackSection] = field(default_factory=dict)
    submission: Submission | None = None
    stage_two: Mapping[str, Any] | None = None

    @property
    def is_partial(self) -> bool:
        return self.basis == IMPORTED


def read(assessment: Assessment) -> Sources:
    """Four queries, of a published result five; the assessment comes with its places (`with_places`)."""
    sections = assessment.feedback.filter(included=True).defer("draft")
    return replace(
        read_marks(assessment),
        sections={row.code: row for row in sections if row.text.strip()},
        stage_two=standing(assessment) if assessment.status == Status.REPORT_ISSUED else None,
    )


def read_marks(assessment: Assessment) -> Sources:
    """Three queries: what is known before the report, answers and marks without texts of the lead."""
    decided = Consensus.objects.filter(answer__assessment=assessment).only("answer_id", "outcome", "comment")
    return Sources(
        assessment=assessment,
        answers=read_answers(assessment),
        marks={row.answer_id: Mark(row.outcome, row.comment) for row in decided},
        basis=CONSENSUS,
        submission=assessment.submissions.first(),
    )


def build(assessment: Assessment, *, at: datetime) -> Payload:
    """The payload of this assessment as it is now; `at` is the moment of publication."""
    return compose(read(assessment), at=at)


def preliminary(assessment: Assessment, *, at: datetime) -> Payload:
    """What an agency is told before the report: marks, comments and scores as they are now, no texts of the lead."""
    return compose(read_marks(assessment), at=at)


def self_assessed(assessment: Assessment) -> Payload:
    """What the agency's own claims come to now, before anybody has judged them."""
    return compose(Sources(assessment, read_answers(assessment), marks={}, basis=CONSENSUS), at=None)


def before_appeals(assessment: Assessment, *, at: datetime) -> Payload:
    """The same with the marks that the agency was told first, where appeals have changed them."""
    sources = read_marks(assessment)
    changed = assessment.appeals.filter(decision="changed").values_list("answer_id", "before")
    first = {answer: Mark(before["outcome"], before["comment"]) for answer, before in changed}
    return compose(replace(sources, marks={**sources.marks, **first}), at=at)


def partial_payload(assessment: Assessment) -> Payload:
    """What an imported print gives: the marks in it count, what is absent scores 0 (`partial` is true)."""
    marks = ImportedMark.objects.filter(answer__assessment=assessment).only("answer_id", "outcome", "comment")
    sources = Sources(
        assessment=assessment,
        answers=read_answers(assessment),
        marks={row.answer_id: Mark(row.outcome, row.comment) for row in marks},
        basis=IMPORTED,
    )
    return compose(sources, at=None)


def compose(sources: Sources, *, at: datetime | None) -> Payload:
    """The payload of `sources`, normalised: names that an administrator typed were never cleaned before."""
    assessment = sources.assessment
    tree, policy = tree_of(assessment), policy_of(assessment)
    rows = _indicator_rows(tree, sources.answers)
    claimed, verified = _scores(tree, policy, sources, rows)
    agency, cycle, submission = assessment.agency, assessment.cycle, sources.submission
    payload = normalised(
        {
            "schema": SCHEMA,
            "partial": sources.is_partial,
            "agency": {
                "code": agency.code,
                "name": agency.name,
                "name_en": agency.name_en,
                "ministry": agency.ministry.name,
            },
            "cycle": {"year": cycle.year, "name": cycle.name},
            "edition": {
                "code": tree.code,
                "title": tree.title_th,
                "title_en": tree.title_en,
                "checksum": tree.checksum,
            },
            "policy": policy.as_dict(),
            "submission": submission
            and {
                "number": submission.number,
                "submitted_at": _moment(submission.submitted_at),
                "digest": submission.digest,
            },
            "published_at": _moment(at),
            "profile": [_profile(topic, sources.answers) for topic in _topics(tree, PROFILE)],
            "scores": {"claimed": side(claimed, tree), "verified": side(verified, tree)},
            "trees": {"claimed": scoring.explain(claimed), "verified": scoring.explain(verified)},
            "categories": _kept(
                [_category(category, sources) for category in tree.of_kind(PROCESS)], "topics"
            ),
            "indicators": [
                _indicator(row, tree, sources, own, checked)
                for row, own, checked in zip(rows, claimed.indicators, verified.indicators, strict=True)
            ],
            "feedback": feedback_texts(sources.sections, tree),
        }
    )
    if submission and (applied := submission.content.get("application")) and applied["award"]:
        # Whom to ask about it is nobody's but the agency's and OPDC's.
        payload["application"] = {"award": applied["award"], "categories": applied["categories"]}
    return with_stage_two(payload, sources.stage_two, at=at)


def with_stage_two(payload: Payload, stage_two: Mapping[str, Any] | None, *, at: datetime | None) -> Payload:
    """The payload with the score of stage 2, as of `at`. The key is there only where the score is: a result
    without one, whenever it was frozen, says nothing of stage 2."""
    kept = {key: value for key, value in payload.items() if key != "stage_two"}
    kept["published_at"] = _moment(at)
    return kept | ({"stage_two": normalised(dict(stage_two))} if stage_two else {})


# --- scores -----------------------------------------------------------------------------------


def _indicator_rows(tree: Edition, answers: Answers) -> list[tuple[str, Answer]]:
    """(code, answer) of every indicator, in form order."""
    return [
        (indicator_code(group.code, position), answer)
        for group in tree.groups
        for position, answer in enumerate(answers.indicators.get(group.code, ()), start=1)
    ]


def _scores(
    tree: Edition, policy: scoring.Policy, sources: Sources, rows: list[tuple[str, Answer]]
) -> tuple[scoring.Score, scoring.Score]:
    verdicts = {
        code: sources.marks[answer.pk].outcome
        for code, answer in sources.answers.parts.items()
        if answer.pk in sources.marks
    }
    indicators = []
    for _code, answer in rows:
        mark = sources.marks.get(answer.pk)
        indicators.append(scored_indicator(answer, verdict=mark and mark.outcome))
    return (
        scoring.claimed(tree, policy, sources.answers.claims, indicators),
        scoring.verified(tree, policy, verdicts, indicators),
    )


# --- what was answered and judged -------------------------------------------------------------


def _topics(tree: Edition, kind: str) -> Iterable[Topic]:
    return (topic for category in tree.of_kind(kind) for topic in category.topics)


def _kept(rows: list[dict[str, Any]], inside: str) -> list[dict[str, Any]]:
    """The rows that hold something: in a partial sheet what the print did not have is absent."""
    return [row for row in rows if row[inside]]


def _profile(topic: Topic, answers: Answers) -> dict[str, Any]:
    return {
        "code": topic.code,
        "name": topic.name_th,
        "questions": [
            {"code": part.code, **blank}
            for part in topic.parts
            for blank in _blanks(part, answers.parts.get(part.code))
        ],
    }


def _category(category: Category, sources: Sources) -> dict[str, Any]:
    topics = [
        {
            "code": topic.code,
            "name": topic.name_th,
            "name_en": topic.name_en,
            "levels": dict(topic.guide.levels),
            "items": _kept(
                [
                    {
                        "code": item.code,
                        "title": item.title_th,
                        "level": item.level,
                        "parts": [_part(part, sources) for part in item.parts if _is_held(part, sources)],
                    }
                    for item in topic.items
                ],
                "parts",
            ),
        }
        for topic in category.topics
    ]
    return {
        "code": category.code,
        "name": category.name_th,
        "name_en": category.name_en,
        "topics": _kept(topics, "items"),
    }


def _is_held(part: Part, sources: Sources) -> bool:
    if not sources.is_partial:
        return True
    answer = sources.answers.parts.get(part.code)
    return answer is not None and bool(
        answer.pk in sources.marks or answer.claim or any(map(is_filled, answer.values.values()))
    )


def _part(part: Part, sources: Sources) -> dict[str, Any]:
    answer = sources.answers.parts.get(part.code)
    return {
        "code": part.code,
        "prompt": part.prompt_th,
        "level": part.level,
        "claim": (answer.claim if answer else "") or None,
        "fields": _blanks(part, answer),
        **_judged(answer, sources),
    }


def _blanks(part: Part, answer: Answer | None) -> list[dict[str, Any]]:
    values = answer.values if answer else {}
    blanks = []
    for blank in part.fields:
        empty = [] if blank.kind in ("list", "table") else ""
        shown = {"key": blank.key, "label": blank.label_th, "kind": blank.kind}
        if blank.kind == "table":
            shown["columns"] = list(blank.columns)
        blanks.append(shown | {"value": values.get(blank.key, empty)})
    return blanks


def _judged(answer: Answer | None, sources: Sources) -> dict[str, Any]:
    mark = sources.marks.get(answer.pk) if answer else None
    if mark is None:
        return {"outcome": None, "comment": "", "basis": None}
    return {"outcome": mark.outcome, "comment": mark.comment, "basis": sources.basis}


def _indicator(
    row: tuple[str, Answer],
    tree: Edition,
    sources: Sources,
    own: scoring.IndicatorScore,
    checked: scoring.IndicatorScore,
) -> dict[str, Any]:
    code, answer = row
    _place, topic, item = tree.place_of_part[answer.part.code]
    indicator, result = answer.indicator, own.result
    return {
        "topic": topic.code,
        "topic_name": topic.name_th,
        "group": own.indicator.group,
        "group_name": item.title_th,
        "code": code,
        "name": indicator.name,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "target": _number(indicator.target),
        "years": list(sources.assessment.cycle.result_years),
        "results": [_number(figure) for figure in indicator.results],
        "percent": result.percent_display,
        "score": result.score,
        "verified_score": checked.result.score,
        "challenging": result.challenging,
        "findings": [finding.code for finding in result.findings],
        **_judged(answer, sources),
    }


# --- the texts of the report ------------------------------------------------------------------


def feedback_texts(sections: Mapping[str, FeedbackSection], tree: Edition) -> dict[str, Any]:
    """`feedback` of the payload; `sections` by their codes are those that are printed."""
    closing = sections.get(CLOSING)
    return {
        "pillars": _titled(sections, PILLARS),
        "ofi": [
            {
                "code": f"ofi:{topic.code}",
                "topic": topic.code,
                "name": topic.name_th,
                "text": sections[f"ofi:{topic.code}"].text,
                "parts": list(sections[f"ofi:{topic.code}"].sources),
            }
            for kind in (PROCESS, RESULTS)
            for topic in _topics(tree, kind)
            if f"ofi:{topic.code}" in sections
        ],
        "advice": [
            {"code": row.code, "text": row.text}
            for row in sorted(
                (row for row in sections.values() if row.code.startswith("advice:")),
                key=lambda row: int(row.code.partition(":")[2]),
            )
        ],
        "closing": closing.text if closing else "",
        "directions": _titled(sections, DIRECTIONS),
    }


def _titled(sections: Mapping[str, FeedbackSection], codes: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {"code": code, "title": TITLES[code], "text": sections[code].text}
        for code in codes
        if code in sections
    ]


# --- plain values -----------------------------------------------------------------------------


def _moment(at: datetime | None) -> str | None:
    return at and at.astimezone(BANGKOK).isoformat(timespec="seconds")


def _number(value) -> str | None:
    return None if value is None else plain_number(value)


def normalised(value: Any) -> Any:
    """A value as it is frozen: its texts normalised, also inside lists, rows and objects."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, dict):
        return {key: normalised(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [normalised(entry) for entry in value]
    return value
