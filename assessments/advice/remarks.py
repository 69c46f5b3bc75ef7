"""Findings as the pages show them, with the reasons that writers gave: one shape for Form 3 and Form 4."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import reverse

from assessments.advice.compound import ASKED_CUT
from assessments.advice.indicator_words import advice_text
from assessments.advice.indicators import ADVICE_FINDINGS, Advice
from assessments.advice.part_words import finding_text
from assessments.advice.parts import Finding, find
from assessments.advice.spelling import source_of
from assessments.models import Answer, Assessment, FindingReply
from assessments.presentation import GapLine
from assessments.progress import PartState
from assessments.reading import Answers, indicator_advice, indicator_code, read_answers, tree_of
from criteria.structure import Edition

# By primary key of the answer and key of the finding.
Replies = Mapping[tuple[int, str], FindingReply]


@dataclass(frozen=True)
class Remark:
    """One finding in words; `reason` is why the writer leaves it as it is, "" where none was given; `source` quotes
    what it rests on where that is not the item itself."""

    key: str
    text: str
    reason: str = ""
    source: str = ""


def read_replies(assessment: Assessment) -> Replies:
    """One query."""
    rows = FindingReply.objects.filter(answer__assessment=assessment)
    return {(row.answer_id, row.key): row for row in rows}


def of_parts(
    assessment: Assessment,
    answers: Answers,
    replies: Replies,
    *,
    only: Collection[str] = (),
    with_previous: bool = False,
) -> dict[str, list[Remark]]:
    """Remarks by part code. `answers` must be all of them; `with_previous` costs the queries of one more reading."""
    states = part_states(answers)
    before = None
    if with_previous and assessment.previous_id:
        before = {code: answer.values for code, answer in read_answers(assessment.previous).parts.items()}
    remarks: dict[str, list[Remark]] = {}
    tree = tree_of(assessment)
    found = find(
        tree,
        states,
        year=assessment.cycle.year,
        before=before,
        indicators=indicator_texts(answers),
        only=only,
    )
    for finding in found:
        answer = answers.parts[finding.part]
        remarks.setdefault(finding.part, []).append(
            _remark(answer, finding.key, finding_text(finding), replies, _part_source(tree, finding))
        )
    return remarks


def part_states(answers: Answers) -> dict[str, PartState]:
    return {code: PartState(answer.claim, answer.values) for code, answer in answers.parts.items()}


def indicator_texts(answers: Answers) -> dict[str, str]:
    """What is written in words about each indicator, by the code that people see."""
    codes = answers.codes
    return {
        codes[answer.pk]: f"{answer.indicator.name}\n{answer.indicator.target_basis}"
        for answer in answers.all_indicators
    }


def of_indicator(answer: Answer, group_title: str, replies: Replies) -> list[Remark]:
    """Remarks on one indicator; one that is still empty has none."""
    indicator = answer.indicator
    figures = (indicator.name, indicator.unit, indicator.target, *indicator.results)
    if not any(figure not in ("", None) for figure in figures):
        return []
    return [
        _remark(answer, advice.key, advice_text(advice), replies, _indicator_source(answer, advice))
        for advice in indicator_advice(indicator, group_title)
    ]


def of_answer(assessment: Assessment, answers: Answers, answer: Answer) -> list[Remark]:
    """Remarks on one answer of Form 3 or Form 4."""
    replies = read_replies(assessment)
    if hasattr(answer, "indicator"):
        _category, _topic, item = tree_of(assessment).place_of_part[answer.part.code]
        return of_indicator(answer, item.title_th, replies)
    found = of_parts(assessment, answers, replies, only=(answer.part.code,), with_previous=True)
    return found.get(answer.part.code, [])


def _remark(answer: Answer, key: str, text: str, replies: Replies, source: str) -> Remark:
    reply = replies.get((answer.pk, key))
    return Remark(key, text, reply.reason if reply else "", source)


def _part_source(tree: Edition, finding: Finding) -> str:
    if finding.code == "spelling":
        return source_of(finding.other)
    if finding.code == "short_cut":
        guide = tree.place_of_part[finding.part][1].guide
        said = (
            line for told in (guide.guidance, guide.revision) for lines in told.values() for line in lines
        )
        return next((line for line in said if ASKED_CUT in line), "")
    return ""


def _indicator_source(answer: Answer, advice: Advice) -> str:
    """The recommendation of the criteria that a finding on an indicator rests on."""
    if advice.code == "spelling":
        return source_of(advice.offered)
    category = tree_of(answer.assessment).place_of_part[answer.part.code][0]
    lines = enumerate(category.guide.advice, start=1)
    return next((line for number, line in lines if advice.code in ADVICE_FINDINGS.get(number, ())), "")


def advice_lines(assessment: Assessment, answers: Answers, *, with_previous: bool = True) -> list[GapLine]:
    """Every finding without a reason as a line, in form order; none of it blocks. One query, and two more to
    compare with the texts of the cycle before."""
    tree = tree_of(assessment)
    replies = read_replies(assessment)
    parts = of_parts(assessment, answers, replies, with_previous=with_previous)
    lines = []
    for code in tree.parts:
        category, topic, item = tree.place_of_part[code]
        place = reverse("assessments:topic", args=[assessment.pk, topic.code])
        lines += [
            GapLine(code, remark.text, item.title_th, f"{place}#p{code}", category.code)
            for remark in parts.get(code, ())
            if not remark.reason
        ]
        for position, answer in enumerate(answers.indicators.get(code, ()), start=1):
            lines += [
                GapLine(
                    code=indicator_code(code, position),
                    what=remark.text,
                    where=answer.indicator.name,
                    url=f"{place}#i{answer.pk}-name",
                    category=category.code,
                )
                for remark in of_indicator(answer, item.title_th, replies)
                if not remark.reason
            ]
    return lines
