"""A nation of agencies with published results, made in bulk: for tests and for the bench. All of it is invented.

A few have a whole payload, the others a small one with the same keys: scores, the parts that failed, the groups of
indicators, the topics with an OFI.
"""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from functools import cache
from itertools import islice
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from assessments.models import Assessment, Cycle, Status
from criteria.structure import LEVELS, PROCESS, RESULTS, Edition, Topic
from pmqa.accounts.models import Agency, Ministry
from results.dashboard.extracting import extract
from results.models import FailedPart, IndicatorSummary, ResultSheet, ScoreSummary, SheetSummary
from tests import factories
from tests.results import payloads

FIRST_YEAR = 2568
KINDS = ("department", "department", "department", "province", "province", "other")
PASS_RATE = {"basic": 0.95, "advance": 0.8, "significance": 0.6}
POINTS = {"basic": 300, "advance": 100, "significance": 100}
SCORES = (0, 100, 200, 300, 400, 500)
BATCH = 500


def make_nation(
    *,
    agencies: int,
    years: int = 3,
    whole: int = 3,
    ministries: int = 20,
    seed: int = 2565,
    first_year: int = FIRST_YEAR,
) -> list[Cycle]:
    """`agencies` x `years` published results; of each cycle the first `whole` have whole payloads. Oldest cycle first.

    The last two ministries and one kind are small, as in life.
    """
    rng = Random(seed)
    places = Ministry.objects.bulk_create(
        Ministry(code=f"N{number:02d}", name=f"กระทรวงสมมติลำดับ {number:02d}") for number in range(ministries)
    )
    made = Agency.objects.bulk_create(
        (
            Agency(
                code=f"N-{number:05d}",
                name=f"หน่วยงานสมมติลำดับ {number}",
                kind=KINDS[number % len(KINDS)],
                ministry=_ministry(places, number, agencies),
            )
            for number in range(agencies)
        ),
        batch_size=BATCH,
    )
    now = timezone.now()
    cycles = [
        factories.make_cycle(
            year=first_year + back,
            name=f"รอบสมมติ พ.ศ. {first_year + back}",
            opens_at=now - timedelta(days=365 * (years - back)),
            closes_at=now - timedelta(days=365 * (years - back) - 60),
            review_closes_at=now - timedelta(days=365 * (years - back) - 120),
        )
        for back in range(years)
    ]
    for cycle in cycles:
        rows = iter(enumerate(made))
        while batch := list(islice(rows, BATCH)):
            _publish(cycle, batch, whole, rng, now)
    return cycles


def _ministry(places: list[Ministry], number: int, agencies: int) -> Ministry:
    """Two agencies in the last ministry, six in the one before it."""
    left = agencies - number
    if left <= 8 and len(places) > 2:
        return places[-1] if left <= 2 else places[-2]
    return places[number % max(len(places) - 2, 1)]


def _publish(cycle: Cycle, batch: list[tuple[int, Agency]], whole: int, rng: Random, now: Any) -> None:
    cases = Assessment.objects.bulk_create(
        Assessment(cycle=cycle, agency=agency, status=Status.REPORT_ISSUED) for _number, agency in batch
    )
    sheets = []
    for (number, agency), case in zip(batch, cases, strict=True):
        made = result(agency, cycle, rng, is_whole=number < whole)
        sheets.append(
            ResultSheet(
                assessment=case,
                revision=1,
                policy_name="pmqa40-2565",
                policy_version=1,
                claimed_total=made["scores"]["claimed"]["total"],
                verified_total=made["scores"]["verified"]["total"],
                payload=made,
                digest=f"{case.pk:064d}",
                created_at=now,
            )
        )
    _summarise(ResultSheet.objects.bulk_create(sheets))


def _summarise(sheets: list[ResultSheet]) -> None:
    """What `summaries.write` writes, without a model instance for each of two million rows: a tenth of the time."""
    found = [extract(sheet.payload) for sheet in sheets]
    rows = SheetSummary.objects.bulk_create(
        SheetSummary(
            assessment_id=sheet.assessment_id,
            sheet=sheet,
            cycle_id=sheet.assessment.cycle_id,
            agency_id=sheet.assessment.agency_id,
            ministry=told.ministry,
            claimed=told.claimed,
            verified=told.verified,
            group=told.group,
            level=told.level,
        )
        for sheet, told in zip(sheets, found, strict=True)
    )
    keyed = [(row.pk, told) for row, told in zip(rows, found, strict=True)]
    counts = [f"{level}_{what}" for level in LEVELS for what in ("passed", "total")]
    _insert(
        ScoreSummary,
        ("summary_id", "code", "claimed", "verified", "level", "has_ofi", *counts),
        (
            (
                pk, score.code, score.claimed, score.verified, score.level, score.has_ofi,
                *(score.counts.get(name, 0) for name in counts),
            )
            for pk, told in keyed
            for score in told.scores
        ),
    )  # fmt: skip
    _insert(
        IndicatorSummary,
        ("summary_id", "code", "count", "passed", "points"),
        (
            (pk, entry.code, entry.count, entry.passed, entry.points)
            for pk, told in keyed
            for entry in told.indicators
        ),
    )
    _insert(FailedPart, ("summary_id", "code"), ((pk, code) for pk, told in keyed for code in told.failed))


def _insert(model: type[Model], columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({quoted}) VALUES {', '.join([one] * len(batch))}",  # noqa: S608
                [value for row in batch for value in row],
            )


def result(agency: Agency, cycle: Cycle, rng: Random, *, is_whole: bool = False) -> dict[str, Any]:
    """A payload of this agency. `rng` decides what passed; a whole one has every answer in it."""
    tree = payloads.edition()
    skill = rng.uniform(0.75, 1.15)
    failed = {part.code for part in tree.process_parts if rng.random() > PASS_RATE[part.level] * skill}
    earned = {group.code: rng.choice(SCORES) for group in tree.groups}
    verified = _side(tree, failed, earned)
    claimed = _side(tree, {code for code in failed if rng.random() < 0.4}, earned)
    told = {
        "agency": {"code": agency.code, "name": agency.name, "name_en": "", "ministry": agency.ministry.name},
        "cycle": {"year": cycle.year, "name": cycle.name},
        "scores": {"claimed": claimed, "verified": verified},
        "feedback": _feedback(tree, failed),
    }
    if not is_whole:
        return told | {"categories": _failed_only(tree, failed), "indicators": _small_indicators(earned)}
    full = payloads.payload() | told
    full["feedback"] = payloads.payload()["feedback"] | told["feedback"]
    for part in payloads.parts_of(full):
        part["outcome"] = "fail" if part["code"] in failed else "pass"
    for entry in full["indicators"]:
        points = earned[f"{entry['topic']}.{entry['group']}"]
        entry.update(verified_score=points, outcome="pass" if points else "fail")
    return full


def _side(tree: Edition, failed: set[str], earned: dict[str, int]) -> dict[str, Any]:
    categories, totals = [], []
    for category in (*tree.of_kind(PROCESS), *tree.of_kind(RESULTS)):
        topics = []
        for topic in category.topics:
            made = _process(topic, failed) if category.kind == PROCESS else _results(topic, earned)
            topics.append(made)
        mean = round(sum(int(topic["score"].replace(".", "")) for topic in topics) / len(topics))
        totals.append(mean)
        categories.append(
            {
                "code": category.code,
                "name": category.name_th,
                "score": _points(mean),
                "level": _level(mean),
                "topics": topics,
            }
        )
    total = round(sum(totals) / len(totals))
    return {"total": _points(total), "level": _level(total), "categories": categories}


def _process(topic: Topic, failed: set[str]) -> dict[str, Any]:
    counts, shares, points, reached, holds = {}, {}, 0, None, True
    for level in LEVELS:
        parts = _parts_at(topic.code, level)
        if not parts:
            continue
        passed = sum(code not in failed for code in parts)
        counts[level] = [passed, len(parts)]
        shares[level] = str(Fraction(passed, len(parts)))
        points += POINTS[level] * 100 * passed // len(parts)
        holds = holds and passed == len(parts)
        reached = level if holds else reached
    return {
        "code": topic.code,
        "name": topic.name_th,
        "score": _points(points),
        "level": reached,
        "shares": shares,
        "counts": counts,
    }


@cache
def _parts_at(topic: str, level: str) -> tuple[str, ...]:
    return tuple(part.code for part in payloads.edition().topics[topic].parts if part.level == level)


def _results(topic: Topic, earned: dict[str, int]) -> dict[str, Any]:
    own = [earned[part.code] for part in topic.parts]
    score = _points(round(100 * sum(own) / len(own)))
    return {
        "code": topic.code,
        "name": topic.name_th,
        "score": score,
        "level": None,
        "shares": None,
        "indicators_counted": len(own),
    }


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _level(hundredths: int) -> str | None:
    reached = [level for level, edge in zip(LEVELS, (30000, 40000, 50000), strict=True) if hundredths >= edge]
    return reached[-1] if reached else None


def _feedback(tree: Edition, failed: set[str]) -> dict[str, Any]:
    topics = sorted({tree.place_of_part[code][1].code for code in failed})
    return {
        "ofi": [
            {"topic": code, "text": "ควรปรับปรุง (สมมติ)", "code": f"ofi:{code}", "name": "", "parts": []}
            for code in topics
        ]
    }


def _failed_only(tree: Edition, failed: set[str]) -> list[dict[str, Any]]:
    parts = [{"code": code, "outcome": "fail"} for code in sorted(failed)]
    return [{"topics": [{"items": [{"parts": parts}]}]}]


def _small_indicators(earned: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "topic": code.rpartition(".")[0],
            "group": int(code.rpartition(".")[2]),
            "verified_score": points,
            "outcome": "pass" if points else "fail",
        }
        for code, points in earned.items()
    ]
