"""Answers that abstentions have left with too few marks: another reviewer is to be found for their category."""

from collections.abc import Iterable

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Answer, Status
from assessments.reading import indicator_code
from criteria.structure import RESULTS
from reviews.models import Assignment, Verdict


def unreplaced() -> QuerySet[Verdict]:
    """Abstentions on answers that keep fewer independent marks than their cycle asks for, of cases in review.

    Everybody of the category counts who has not abstained on the answer: they mark it before they hand in. Two
    abstentions on one answer are two rows.
    """
    standing = Verdict.objects.filter(
        outcome=Verdict.Outcome.ABSTAIN,
        assignment__recused_at=None,
        assignment__marks=True,
        answer__removed_at=None,
        assignment__assessment__status=Status.IN_REVIEW,
    )
    markers = Assignment.objects.active().filter(
        assessment=OuterRef("assignment__assessment"), category=OuterRef("assignment__category"), marks=True
    )
    same = standing.filter(answer=OuterRef("answer"))
    return standing.alias(
        markers=_count(markers, "category"),
        abstained=_count(same, "answer"),
    ).filter(markers__lt=F("abstained") + F("answer__assessment__cycle__least_reviewers"))


def _count(rows: QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def lacking_codes(assessments: Iterable[int]) -> dict[int, list[str]]:
    """Case -> the codes of such answers as people see them, in the order of the form. One query."""
    before = Answer.objects.present().filter(
        assessment=OuterRef("answer__assessment"),
        part=OuterRef("answer__part"),
        ordinal__lte=OuterRef("answer__ordinal"),
    )
    rows = (
        unreplaced()
        .filter(answer__assessment__in=list(assessments))
        .annotate(position=_count(before, "part"))
        .order_by("answer__part_id", "answer__ordinal")
        .values_list(
            "answer__assessment_id",
            "answer__part__code",
            "answer__part__item__topic__category__kind",
            "position",
        )
    )
    found: dict[int, list[str]] = {}
    for case, part, kind, position in rows:
        code = indicator_code(part, position) if kind == RESULTS else part
        codes = found.setdefault(case, [])
        if code not in codes:
            codes.append(code)
    return found
