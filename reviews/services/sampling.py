"""A second reviewer for a sample of what one person marks alone: drawn, applied and taken back as teams are."""

import hashlib
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Cycle
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews import sampling
from reviews.lines import REVIEWER, Line, written
from reviews.sample_reading import Population, read_population
from reviews.services.teams import Faulty, apply, available_people
from reviews.team_models import Batch
from reviews.teams_reading import Preview, check, present_lines


@dataclass(frozen=True)
class Proposed:
    """The draw, the people of whom it speaks, and the teams as they would be."""

    seed: int
    sample: sampling.Sample
    population: Population
    people: dict[int, User]
    preview: Preview

    @property
    def shown(self) -> str:
        """Of exactly these teams: nobody applies another draw than the one on the page."""
        return hashlib.sha256(written(self.preview.lines).encode()).hexdigest()


def propose_sample(cycle: Cycle, *, seed: int, by: User) -> Proposed:
    """Draw; stores nothing, and the same data give the same sample.

    Raises Refused, code "least", where the cycle has no single reviewers, PermissionDenied.
    """
    if not by.has_perm("reviews.assign"):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    if cycle.least_reviewers > 1:
        raise Refused(_("รอบนี้กำหนดผู้ลงผลอย่างน้อยสองคนต่อหมวด จึงไม่มีเรื่องของผู้ตรวจรายเดียว"), code="least")
    population = read_population(cycle, by)
    people, profiles = available_people({case.agency for case in population.cases.values()}, by)
    sample = sampling.draw(population.units, people, already=len(population.standing), seed=seed)
    users = {profile.user_id: profile.user for profile in profiles}
    lines = _lines(cycle, sample, population, users, by) if sample.drawn else []
    return Proposed(seed, sample, population, users, check(cycle, lines, by))


def _lines(
    cycle: Cycle, sample: sampling.Sample, population: Population, users: dict[int, User], by: User
) -> list[Line]:
    """The teams of the drawn cases as they are now, with the second reviewers."""
    agency = {drawn.unit.case: population.cases[drawn.unit.case].agency.code for drawn in sample.drawn}
    lines = {
        (line.agency, line.email): line
        for line in present_lines(cycle, by)
        if line.agency in set(agency.values())
    }
    for drawn in sample.drawn:
        key = agency[drawn.unit.case], users[drawn.person].email
        known = lines.get(key) or Line(0, *key, REVIEWER, ())
        lines[key] = replace(known, categories=tuple(sorted({*known.categories, drawn.unit.category})))
    ordered = sorted(lines.values(), key=lambda line: line.agency)
    return [replace(line, number=number) for number, line in enumerate(ordered, start=2)]


@transaction.atomic
def apply_sample(cycle: Cycle, *, seed: int, shown: str, seen: str, by: User) -> Batch | None:
    """Give the drawn their second reviewer; None where nothing is left to draw. Pressing twice draws once.

    `shown` and `seen` are what the page has shown: the draw, and the teams that it changes. Raises Faulty, Refused,
    PermissionDenied, as `apply` of teams does.
    """
    found = propose_sample(cycle, seed=seed, by=by)
    if not found.sample.drawn:
        return None
    if found.shown != shown:
        raise Faulty(
            _("ยังไม่มอบหมาย เพราะทีมเปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้ ดูผลสุ่มล่าสุดแล้วกดอีกครั้ง"),
            found.preview,
            code="changed",
        )
    drawn = sorted([drawn.unit.case, drawn.unit.category] for drawn in found.sample.drawn)
    return apply(cycle, found.preview.lines, seen=seen, drawn=drawn, seed=seed, by=by)
