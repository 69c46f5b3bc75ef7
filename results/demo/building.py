"""Builds the whole demonstration in one transaction."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from assessments.models import WITH_AGENCY, Assessment, Cycle
from assessments.services import timing
from criteria.models import Edition
from pmqa.accounts.models import Agency, User
from pmqa.thai import BANGKOK, BUDDHIST_ERA_OFFSET
from results.demo import (
    application_report,
    applications,
    framework,
    improvement,
    library,
    people,
    sample,
    stage_two,
)
from results.demo.road import Case, Team
from results.exporting import open_data

PAST_CYCLES = 2
# Working days for appeals in the present cycle; the past ones were published at once.
APPEAL_DAYS = 10
# The fiscal year begins on 1 October.
FIRST_MONTH = 10


class ForeignData(Exception):
    """The database holds agencies that the demonstration did not make."""


def fiscal_year(day: date) -> int:
    """The Thai fiscal year (พ.ศ.) of a day."""
    return day.year + BUDDHIST_ERA_OFFSET + (day.month >= FIRST_MONTH)


def is_built() -> bool:
    return Agency.objects.filter(is_demo=True).exists()


@transaction.atomic
def build(*, agencies: int, seed: int, today: date, say: Callable[[str], None]) -> bool:
    """Make everything; False when it is there already.

    Raises ForeignData for a database with agencies of its own: a demonstration never mixes with real ones.
    """
    if Agency.objects.filter(is_demo=False).exists():
        raise ForeignData("this database holds agencies that the demonstration did not make")
    if is_built():
        return False
    ministries = people.make_ministries(agencies)
    made = [people.make_agency(number, ministries) for number in range(1, agencies + 1)]
    persons = people.make_people(made)
    for back in range(PAST_CYCLES, 0, -1):
        start = _at(today, -365 * back)
        cycle = _cycle(fiscal_year(today) - back, start, closed=True)
        framework.write(cycle, by=persons["admin"])
        old = [(number, agency) for number, agency in enumerate(made, start=1) if number != people.NEW]
        say(f"{cycle.name}: {len(old)} published results")
        for number, agency in old:
            team = _team(persons, number)
            case = Case(cycle, agency, number, seed, team)
            if back == 1:
                applications.write_before(case.assessment, number, at=start, by=team.coordinator)
            _published(case, start)
    cycle = _cycle(fiscal_year(today), _at(today, 0), closed=False)
    framework.write(cycle, by=persons["admin"])
    say(f"{cycle.name}: every state of the road")
    for number, agency in enumerate(made, start=1):
        team = _team(persons, number)
        case = Case(cycle, agency, number, seed, team)
        applications.write(case.assessment, number, at=_at(today, -9), by=team.coordinator)
        STATES[(number - 1) % len(STATES)](case, _at(today, 0))
    _extend(cycle, persons)
    _open_data(Cycle.objects.earliest("year"), by=persons["admin"])
    improvement.write(made[3], _team(persons, 4), at=_at(today, 0))
    improvement.write(made[0], _team(persons, 1), at=_at(today, 0))
    library.write([(made[number - 1], _team(persons, number)) for number in (4, 2, 1)])
    last = Assessment.objects.with_places().filter(agency=made[0], cycle__year=cycle.year - 1).get()
    stage_two.write(last, at=_at(today, -180), first=persons["admin"], second=persons["admin2"])
    application_report.write(cycle, made, persons, at=_at(today, 0))
    for number, agency in enumerate(made, start=1):
        # Of the second the last follow-up waits for its reply, of the third it is overdue.
        rounds = {"is_last_sent": number != 3, "is_last_replied": number != 2}
        improvement.write_past(agency, _team(persons, number), at=_at(today, 0), **rounds)
    return True


def _extend(cycle: Cycle, persons: dict[str, User]) -> None:
    """One extension in the ledger, and one that waits for the second administrator."""
    late = list(Assessment.objects.filter(cycle=cycle, status__in=WITH_AGENCY).order_by("agency__code")[1:3])
    reasons = ("น้ำท่วมอาคารที่ทำการ เข้าใช้เครื่องไม่ได้สามวัน (สมมติ)", "ระบบไฟฟ้าของอาคารขัดข้องสองวัน (สมมติ)")
    until = cycle.closes_at + timedelta(days=3)
    made = [
        timing.propose(case, until=until, reason=reason, by=persons["admin"])
        for case, reason in zip(late, reasons, strict=False)
    ]
    if made:
        timing.confirm(made[0], by=persons["admin2"])


def _open_data(cycle: Cycle, *, by: User) -> None:
    """Of a cycle long over everybody may read the public part, once the worker has made it."""
    open_data.open_up(cycle, with_agencies=True, seen=open_data.state_digest(cycle), by=by)


def _at(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(10, 24), tzinfo=BANGKOK)


def _cycle(year: int, middle: datetime, *, closed: bool) -> Cycle:
    """A cycle around the day `middle`; an open one closes four weeks later, a closed one is long over."""
    closes = middle.replace(hour=16, minute=30) + timedelta(days=28)
    return Cycle.objects.create(
        edition=Edition.objects.filter(status=Edition.Status.PUBLISHED).first(),
        year=year,
        name=f"รอบปีงบประมาณ พ.ศ. {year}",
        policy={"name": "pmqa40-2565", "parameters": {}},
        opens_at=middle - timedelta(days=45),
        closes_at=closes,
        review_closes_at=closes + timedelta(days=60),
        appeal_days=0 if closed else APPEAL_DAYS,
        vetting=not closed,
        stage_two_scale=1000,
    )


def _team(persons: dict[str, User], number: int) -> Team:
    return Team(
        coordinator=persons["coordinator" if number == 1 else f"coordinator{number:03d}"],
        head=persons["head" if number == 1 else f"head{number:03d}"],
        administrator=persons["admin"],
        officer=persons["officer"],
        lead=persons["lead"],
        reviewers=[persons["reviewer1"], persons["reviewer2"]],
    )


def _days(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _draft_but_one_topic(case: Case, at: datetime) -> None:
    case.fill(_days(at, 3), leave_out=("1.1",))
    case.add_evidence(_days(at, 3))
    case.ask(at)


def _in_internal_check(case: Case, at: datetime) -> None:
    case.fill(_days(at, 4))
    case.check(_days(at, 2), share=0.6)
    case.send_part_back(_days(at, 1))


def _awaiting_head(case: Case, at: datetime) -> None:
    case.fill(_days(at, 4))
    case.check(_days(at, 2))
    case.propose(_days(at, 1))


def _submitted(case: Case, at: datetime) -> None:
    case.fill(_days(at, 9))
    case.check(_days(at, 8))
    case.propose(_days(at, 8))
    case.submit(_days(at, 7))


def _returned(case: Case, at: datetime) -> None:
    _submitted(case, at)
    case.send_back(_days(at, 5))


def _assigned(case: Case, at: datetime) -> None:
    _submitted(case, at)
    case.assign(_days(at, 5))


def _assigned_with_evidence(case: Case, at: datetime) -> None:
    case.fill(_days(at, 9))
    case.add_evidence(_days(at, 8))
    case.check(_days(at, 8))
    case.propose(_days(at, 8))
    case.submit(_days(at, 7))
    case.assign(_days(at, 5))
    case.keep_phrases()


def _short_of_a_reviewer(case: Case, at: datetime) -> None:
    _assigned(case, at)
    case.declare_conflict(_days(at, 4))
    case.mark(_days(at, 3), share=0.4, hand_in=False)
    case.ask_the_agency()
    case.abstain()


def _in_consensus(case: Case, at: datetime) -> None:
    _assigned(case, at)
    case.mark(_days(at, 3))


def _consensus_done(case: Case, at: datetime) -> None:
    _in_consensus(case, at)
    case.decide(_days(at, 2))


def _published(case: Case, at: datetime) -> None:
    """Of a past cycle: the report is made when somebody asks for it."""
    _consensus_done(case, at)
    case.publish(_days(at, 1), with_report=False)


def _being_vetted(case: Case, at: datetime) -> None:
    """The second reader has proposed other words, which wait for the lead."""
    _consensus_done(case, at)
    case.propose_wording()


def _told(case: Case, at: datetime) -> None:
    """Marked by one reviewer, and a sample by a second one."""
    _submitted(case, at)
    sample.assign_with_sample(case, _days(at, 5))
    case.mark(_days(at, 3))
    case.decide(_days(at, 2))
    case.vet()
    case.tell(_days(at, 1))


def _asked_again(case: Case, at: datetime) -> None:
    _told(case, at)
    case.ask_again()


def _told_and_published(case: Case, at: datetime) -> None:
    """Through the preliminary result, to which nobody objected."""
    _consensus_done(case, _days(at, 20))
    case.tell(_days(at, 20))
    case.finalise()
    case.publish(_days(at, 1), with_report=True)


# By running number: the first four are what guides and journeys name, the others show the rest of the road.
STATES = (
    _draft_but_one_topic,
    _assigned_with_evidence,
    _in_consensus,
    _told_and_published,
    _returned,
    _submitted,
    _told,
    _short_of_a_reviewer,
    _being_vetted,
    _awaiting_head,
    _asked_again,
    _in_internal_check,
)
