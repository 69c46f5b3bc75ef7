"""The cards of a plan, made from frozen sheets. `plan_of` is the only way: called with a new sheet, by whoever opens a
plan, and by the clock for results that were published before there were plans. Twice, or twice at once, is once."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import Assessment, Status
from assessments.workflow import lock
from pmqa.accounts import log
from results.improvement.models import Card, Plan
from results.improvement.observing import Observation, Repeat, observations, observed, repeat_of
from results.models import ResultSheet

# What the agency answers to. Where it changes, so does the plan.
WORDS = ("title", "observation", "parts", "indicator")


def published_sheets(assessment: Assessment) -> QuerySet[ResultSheet]:
    """The latest sheet of this assessment, then those of the agency's earlier published results, last year first."""
    later = ResultSheet.objects.filter(assessment=OuterRef("assessment"), revision__gt=OuterRef("revision"))
    return ResultSheet.objects.filter(
        ~Exists(later),
        assessment__agency=assessment.agency_id,
        assessment__status=Status.REPORT_ISSUED,
        assessment__cycle__track=assessment.cycle.track,
        assessment__cycle__year__lte=assessment.cycle.year,
    ).order_by("-assessment__cycle__year", "-assessment")


def plan_of(assessment: Assessment) -> Plan:
    """The plan of a published result, with its cards. Two queries unless something was published or corrected since."""
    keys = list(published_sheets(assessment).values_list("pk", flat=True))
    plan = Plan.objects.filter(assessment=assessment).first()
    if plan is None or plan.follows != keys:
        plan = _make(assessment)
    plan.assessment = assessment
    return plan


def plan_with(assessment: Assessment) -> Plan:
    """The plan that was read along with its assessment, for pages inside it; made where there is none."""
    try:
        plan = assessment.plan
    except Plan.DoesNotExist:
        return plan_of(assessment)
    plan.assessment = assessment
    return plan


@transaction.atomic
def _make(assessment: Assessment) -> Plan:
    lock(assessment)
    sheets = list(published_sheets(assessment))
    keys = [sheet.pk for sheet in sheets]
    first = assessment.sheets.order_by("revision").values_list("created_at", flat=True).first()
    plan, is_new = Plan.objects.get_or_create(assessment=assessment, defaults={"published_at": first})
    if plan.follows == keys:
        return plan
    now, *before = (observed(sheet.payload, sheet.assessment_id) for sheet in sheets)
    called_for = [(found, repeat_of(found, now, before)) for found in observations(sheets[0].payload)]
    changed = _write(plan, called_for)
    plan.follows = keys
    if changed and not is_new:
        plan.number += 1
    plan.save(update_fields=["follows", "number"])
    log.record(
        "improvement.cards_made",
        plan,
        by=None,
        agency=assessment.agency,
        cards=len(called_for),
        changed=changed,
    )
    return plan


def _write(plan: Plan, called_for: Sequence[tuple[Observation, Repeat]]) -> int:
    """New cards, and those whose observation reads differently now; how many of what the agency answers to."""
    known = {card.source: card for card in plan.cards.exclude(source="")}
    fresh, changed = [], 0
    for found, repeat in called_for:
        said = {
            "title": found.title[:300],
            "observation": found.text,
            "parts": list(found.parts),
            "indicator": found.indicator,
            "repeat": repeat.years,
            "earlier": [list(entry) for entry in repeat.earlier],
            "part_years": dict(repeat.parts),
            "is_dropped": False,
        }
        card = known.pop(found.source, None)
        if card is None:
            fresh.append(
                Card(plan=plan, source=found.source, category=found.category, topic=found.topic, **said)
            )
        elif any(getattr(card, name) != value for name, value in said.items()):
            changed += card.is_dropped or any(getattr(card, name) != said[name] for name in WORDS)
            Card.objects.filter(pk=card.pk).update(**said)
    Card.objects.bulk_create(fresh)
    gone = [card.pk for card in known.values() if not card.is_dropped]
    Card.objects.filter(pk__in=gone).update(is_dropped=True)
    return changed + len(fresh) + len(gone)
