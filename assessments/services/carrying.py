"""Beginning a cycle from the one before: answers as drafts to be looked at, indicators a year further."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Assessment, Cycle, Indicator
from assessments.reading import Answers, read_answers, tree_of
from assessments.services import answers
from assessments.services.indicators import FIGURES, as_json
from assessments.workflow import lock
from criteria.catalogue import part_ids
from criteria.fields import is_filled
from criteria.structure import Part
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User

# What stays of an indicator; its target is set anew, its results move by the years between the cycles.
KEPT = ("name", "unit", "direction", "peer_name")


@transaction.atomic
def start_from_previous(cycle: Cycle, agency: Agency, *, by: User) -> Assessment:
    """As `answers.start`, filled from the agency's assessment before; pressed twice, it fills once.

    Only parts that ask the same as before are filled, and each is marked as carried over until somebody saves
    it. Nothing is carried into an assessment that anybody has written in.
    """
    assessment = lock(answers.start(cycle, agency, by=by))
    if assessment.previous_id is None or assessment.answers.filter(version__gt=0).exists():
        return assessment
    previous = Assessment.objects.with_places().get(pk=assessment.previous_id)
    old = read_answers(previous)
    codes = _unchanged(tree_of(previous).parts.values(), tree_of(assessment).parts)
    _carry_parts(assessment, old, codes, by=by)
    _carry_indicators(assessment, old, codes, years=assessment.cycle.year - previous.cycle.year, by=by)
    log.record("assessment.carried_over", assessment, by=by, agency=assessment.agency, previous=previous.pk)
    return assessment


def _unchanged(old: Iterable[Part], new: dict[str, Part]) -> set[str]:
    """Codes of the parts with the same blanks in both editions."""
    return {
        part.code
        for part in old
        if part.code in new
        and [(blank.key, blank.kind) for blank in part.fields]
        == [(blank.key, blank.kind) for blank in new[part.code].fields]
    }


def _carry_parts(assessment: Assessment, old: Answers, codes: set[str], *, by: User) -> None:
    now = timezone.now()
    found = []
    for answer in assessment.answers.select_related("part"):
        source = old.parts.get(answer.part.code)
        if source is None or answer.part.code not in codes:
            continue
        if not (source.claim or any(is_filled(value) for value in source.values.values())):
            continue
        answer.claim, answer.values = source.claim, source.values
        answer.version, answer.carried_over = 1, True
        answer.updated_at, answer.updated_by = now, by
        found.append(answer)
    Answer.objects.bulk_update(
        found, ["claim", "values", "version", "carried_over", "updated_at", "updated_by"], batch_size=100
    )
    _remember({answer: {"claim": answer.claim, "values": answer.values} for answer in found}, by=by)


def _carry_indicators(assessment: Assessment, old: Answers, codes: set[str], *, years: int, by: User) -> None:
    now = timezone.now()
    ids = part_ids(assessment.cycle.edition)
    sources = [
        (group, ordinal, answer.indicator)
        for group, rows in old.indicators.items()
        if group in codes
        for ordinal, answer in enumerate(rows, start=1)
    ]
    made = Answer.objects.bulk_create(
        Answer(
            assessment=assessment,
            part_id=ids[group],
            ordinal=ordinal,
            version=1,
            carried_over=True,
            updated_at=now,
            updated_by=by,
        )
        for group, ordinal, _source in sources
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(answer=answer, **{name: getattr(source, name) for name in KEPT}, **shifted(source, years))
        for answer, (_group, _ordinal, source) in zip(made, sources, strict=True)
    )
    _remember(
        {
            entry.answer: {"indicator": as_json({name: getattr(entry, name) for name in FIGURES})}
            for entry in indicators
        },
        by=by,
    )


def _remember(contents: dict[Answer, dict], *, by: User) -> None:
    AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=answer, version=1, content=content, saved_by=by, saved_at=answer.updated_at)
        for answer, content in contents.items()
    )


def shifted(indicator: Indicator, years: int) -> dict:
    """The three results as they stand `years` later: what is not known yet is empty, which is not 0."""
    results = [*indicator.results, *[None] * years][years : years + 3]
    return dict(zip(("result_1", "result_2", "result_3"), results, strict=True))
