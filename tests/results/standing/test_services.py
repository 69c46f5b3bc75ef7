"""Rules of a cycle and chosen types: who, when, once, in the log, and never over somebody else's."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.models import Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from results.fixing import is_fixed
from results.models import TargetRules, TypeChoice
from results.standing.reading import kpi_of, last_scores, lines_of, rules_of
from results.standing.services import choose_type, set_rules
from results.standing.targets import Rules
from tests import factories as base
from tests.results import factories
from tests.results.standing.rows import publish_row

pytestmark = pytest.mark.django_db
CHANGED = replace(Rules(), half_1=Decimal("245.00"))
REASON = "หน่วยงานตั้งใหม่ในปีนี้"


@pytest.fixture
def cycle():
    return factories.make_cycle_of(2570)


def entries(action: str) -> list[LogEntry]:
    return list(LogEntry.objects.filter(action=action))


def choose(cycle, agency, by, **values):
    wanted = {"version": 0, "kpi_type": 1, "base": None, "reason": REASON} | values
    return choose_type(cycle, agency, **wanted, by=by)


def test_a_cycle_starts_with_the_announced_rules(cycle):
    assert rules_of(cycle).rules == Rules()
    assert rules_of(cycle).version == 0


def test_rules_are_stored_with_both_sides_in_the_log(cycle, administrator):
    made = set_rules(cycle, version=0, rules=CHANGED, by=administrator)
    assert rules_of(cycle).rules == CHANGED
    assert (made.version, made.changed_by_name) == (1, str(administrator))
    (entry,) = entries("target.rules_changed")
    assert (entry.data["before"]["half_1"], entry.data["after"]["half_1"]) == ("240.00", "245.00")


def test_the_same_rules_twice_are_one_change(cycle, administrator):
    first = set_rules(cycle, version=0, rules=CHANGED, by=administrator)
    again = set_rules(cycle, version=0, rules=CHANGED, by=administrator)
    assert again.version == first.version
    assert len(entries("target.rules_changed")) == 1


def test_other_rules_over_a_newer_version_are_a_conflict(cycle, administrator):
    set_rules(cycle, version=0, rules=CHANGED, by=administrator)
    with pytest.raises(Conflict) as conflict:
        set_rules(cycle, version=0, rules=replace(CHANGED, half_1=Decimal(250)), by=administrator)
    assert conflict.value.current.rules == CHANGED


@pytest.mark.parametrize("status", [Status.PRELIM_RELEASED, Status.FINALISED, Status.REPORT_ISSUED])
def test_rules_are_locked_once_a_result_of_the_cycle_is_known(cycle, administrator, status):
    assert not is_fixed(cycle)
    factories.move(base.make_assessment(cycle=cycle), status)
    assert is_fixed(cycle)
    with pytest.raises(Refused) as refused:
        set_rules(cycle, version=0, rules=CHANGED, by=administrator)
    assert refused.value.code == "locked"
    assert not TargetRules.objects.exists()


def test_rules_that_cannot_be_meant_are_refused_by_service_and_database(cycle, administrator):
    wrong = replace(Rules(), half_3=Decimal(450))
    with pytest.raises(Refused) as refused:
        set_rules(cycle, version=0, rules=wrong, by=administrator)
    assert refused.value.code == "rules"
    with pytest.raises(IntegrityError, match="target_rules_type_3"), transaction.atomic():
        TargetRules.objects.create(cycle=cycle, half_3=450)


@pytest.mark.parametrize("role", ["auditor", "officer", "executive"])
def test_only_the_administrator_decides(cycle, role):
    person = base.make_official(role)
    with pytest.raises(PermissionDenied):
        set_rules(cycle, version=0, rules=CHANGED, by=person)
    with pytest.raises(PermissionDenied):
        choose(cycle, base.make_agency(), person)


def test_an_agency_without_a_score_gets_its_type_with_a_reason(cycle, administrator):
    agency = base.make_agency()
    assert kpi_of(cycle, agency, Decimal(300)).kpi_type is None
    assert kpi_of(cycle, agency, Decimal(300)).attainment is None
    choose(cycle, agency, administrator, kpi_type=2, base=Decimal("360.00"))
    kpi = kpi_of(cycle, agency, Decimal("374.40"))
    assert (kpi.kpi_type, kpi.is_chosen, kpi.words["attainment"]) == (2, True, "87.50")
    (entry,) = entries("target.type_chosen")
    assert (entry.agency, entry.data["type"], entry.data["base"]) == (agency, 2, "360.00")


def test_a_choice_twice_is_once_and_a_stale_one_a_conflict(cycle, administrator):
    agency = base.make_agency()
    choose(cycle, agency, administrator)
    choose(cycle, agency, administrator)
    assert len(entries("target.type_chosen")) == 1
    with pytest.raises(Conflict):
        choose(cycle, agency, administrator, kpi_type=3, base=Decimal(410))
    assert TypeChoice.objects.get().kpi_type == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "......"}, "reason"),
        ({"kpi_type": 2}, "base"),
        ({"kpi_type": 2, "base": Decimal(400)}, "base"),
        ({"kpi_type": 3, "base": Decimal(501)}, "base"),
        ({"kpi_type": 1, "base": Decimal(300)}, "base"),
    ],
)
def test_a_choice_without_what_it_needs_is_refused(cycle, administrator, values, code):
    with pytest.raises(Refused) as refused:
        choose(cycle, base.make_agency(), administrator, **values)
    assert refused.value.code == code
    assert not TypeChoice.objects.exists()


def test_a_score_of_last_year_gives_the_type_and_nobody_picks_another(cycle, administrator):
    agency = base.make_agency()
    publish_row(agency, factories.make_cycle_of(2569), "434.48")
    with pytest.raises(Refused) as refused:
        choose(cycle, agency, administrator)
    assert refused.value.code == "scored"
    assert kpi_of(cycle, agency, None).words["full"] == "443.17"


def test_a_choice_stands_once_its_agency_knows_its_result(cycle, administrator):
    agency = base.make_agency()
    factories.move(base.make_assessment(agency=agency, cycle=cycle), Status.REPORT_ISSUED)
    choose(cycle, agency, administrator)
    with pytest.raises(Refused) as refused:
        choose(cycle, agency, administrator, version=1, kpi_type=3, base=Decimal(410))
    assert refused.value.code == "told"


# --- what is last year's score --------------------------------------------------------------------


def test_last_years_score_is_the_latest_revision_of_the_year_before_in_the_same_track(cycle):
    agency = base.make_agency()
    before = factories.make_cycle_of(2569)
    publish_row(agency, factories.make_cycle_of(2568), "111.00")
    publish_row(agency, factories.make_cycle_of(2569, track="province"), "222.00")
    publish_row(agency, before, "333.00")
    publish_row(agency, before, "344.00", revision=2)
    assert last_scores(cycle, agency) == {agency.pk: Decimal("344.00")}


def test_a_published_zero_is_no_score(cycle):
    agency = base.make_agency()
    publish_row(agency, factories.make_cycle_of(2569), "0.00")
    kpi = kpi_of(cycle, agency, None)
    assert (kpi.kpi_type, kpi.words["last"], kpi.words["half"]) == (None, "–", "–")


def test_the_table_of_a_cycle_has_who_takes_part_and_who_was_scored_and_nobody_twice(cycle):
    new, old, both = (base.make_agency() for _ in range(3))
    base.make_agency()
    before = factories.make_cycle_of(2569)
    base.make_assessment(agency=new, cycle=cycle)
    publish_row(old, before, "399.50")
    publish_row(both, before, "345.00")
    publish_row(both, cycle, "300.00")
    found = {line.agency: line for line in lines_of(cycle, Rules())}
    assert set(found) == {new, old, both}
    assert found[new].words["type"] == "ยังไม่กำหนด"
    assert (found[old].kpi.kpi_type, found[old].kpi.is_overlapping, found[old].kpi.group) == (2, True, 4)
    assert found[both].words == {
        "last": "345.00", "type": "1", "half": "240.00", "standard": "–", "full": "350.00",
        "now": "300.00", "attainment": "77.27",
    }  # fmt: skip
