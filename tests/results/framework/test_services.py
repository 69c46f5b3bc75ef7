"""A framework of a cycle: who, when, whole or not at all, in the log, and never over somebody else's."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.models import Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from results.framework.reading import framework_of, proposal_of
from results.framework.services import drop, store
from results.framework.weights import standard
from results.models import KpiComponent, KpiFramework
from results.standing.reading import kpi_of, lines_of, rules_of
from tests import factories as base
from tests.results import factories
from tests.results.framework.frameworks import weighing
from tests.results.standing.rows import publish_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return factories.make_cycle_of(2570)


@pytest.fixture
def stored(cycle, administrator):
    return store(cycle, "", version=0, framework=standard(), by=administrator)


def entries(action: str) -> list[LogEntry]:
    return list(LogEntry.objects.filter(action=action).order_by("pk"))


def test_a_framework_is_stored_as_it_was_meant_with_both_sides_in_the_log(cycle, stored, administrator):
    assert framework_of(cycle, "").framework == standard()
    other = weighing("20", digital="10")
    made = store(cycle, "", version=1, framework=other, by=administrator)
    assert (made.version, framework_of(cycle, "").framework) == (2, other)
    first, second = entries("framework.stored")
    assert first.data["before"] is None
    assert [part["weight"] for part in second.data["before"]["components"]] == ["70", "15", "15"]
    assert [part["weight"] for part in second.data["after"]["components"]] == ["70", "10", "20"]


def test_the_same_framework_twice_is_one_change(cycle, stored, administrator):
    again = store(cycle, "", version=0, framework=standard(), by=administrator)
    assert again.version == stored.version
    assert len(entries("framework.stored")) == 1


def test_weights_that_sum_to_95_are_refused_and_nothing_of_them_is_kept(cycle, stored, administrator):
    with pytest.raises(Refused) as refused:
        store(cycle, "", version=1, framework=weighing("10"), by=administrator)
    assert refused.value.code == "framework"
    assert framework_of(cycle, "").framework == standard()
    assert len(entries("framework.stored")) == 1


def test_a_stale_framework_is_a_conflict_and_the_stored_one_stays_whole(cycle, stored, administrator):
    theirs = weighing("20", digital="10")
    store(cycle, "", version=1, framework=theirs, by=administrator)
    with pytest.raises(Conflict) as conflict:
        store(cycle, "", version=1, framework=weighing("12", digital="18"), by=administrator)
    assert conflict.value.current.framework == theirs
    assert framework_of(cycle, "").framework == theirs


@pytest.mark.parametrize("status", [Status.PRELIM_RELEASED, Status.FINALISED, Status.REPORT_ISSUED])
def test_a_framework_is_locked_once_a_result_of_the_cycle_is_known(cycle, administrator, status):
    own = store(cycle, "other", version=0, framework=standard(), by=administrator)
    factories.move(base.make_assessment(cycle=cycle), status)
    with pytest.raises(Refused) as refused:
        store(cycle, "", version=0, framework=standard(), by=administrator)
    assert refused.value.code == "locked"
    with pytest.raises(Refused) as refused:
        drop(cycle, "other", version=own.version, by=administrator)
    assert refused.value.code == "locked"
    assert list(KpiFramework.objects.values_list("kind", flat=True)) == ["other"]


@pytest.mark.parametrize("role", ["auditor", "officer", "executive"])
def test_only_the_administrator_decides(cycle, stored, role):
    person = base.make_official(role)
    with pytest.raises(PermissionDenied):
        store(cycle, "", version=1, framework=weighing("20", digital="10"), by=person)
    with pytest.raises(PermissionDenied):
        drop(cycle, "other", version=1, by=person)


def test_a_kind_may_have_its_own_weights_and_go_back_to_those_of_all(cycle, stored, administrator):
    department, other = base.make_agency(), base.make_agency(kind="other")
    own = store(cycle, "other", version=0, framework=weighing("20", digital="10"), by=administrator)
    assert [kpi_of(cycle, agency, None).weight for agency in (department, other)] == [15, 20]
    with pytest.raises(Conflict):
        drop(cycle, "other", version=own.version + 1, by=administrator)
    for _twice in range(2):
        drop(cycle, "other", version=own.version, by=administrator)
    assert kpi_of(cycle, other, None).weight == 15
    (entry,) = entries("framework.dropped")
    assert entry.data["before"]["components"][-1]["weight"] == "20"


def test_the_framework_of_all_cannot_be_dropped(cycle, stored, administrator):
    with pytest.raises(Refused) as refused:
        drop(cycle, "", version=stored.version, by=administrator)
    assert refused.value.code == "every_kind"
    assert KpiFramework.objects.get() == stored


def test_a_new_cycle_is_proposed_what_the_one_before_had_for_the_kind(administrator):
    before, cycle = factories.make_cycle_of(2569), factories.make_cycle_of(2570)
    assert proposal_of(before, "").source is None
    assert proposal_of(before, "").framework == standard()
    elsewhere = factories.make_cycle_of(2569, track="province")
    common, own, now = (weighing(str(n), digital=str(30 - n)) for n in (12, 20, 14))
    store(elsewhere, "", version=0, framework=weighing("25", digital="5"), by=administrator)
    store(before, "", version=0, framework=common, by=administrator)
    assert proposal_of(cycle, "").framework == common
    assert proposal_of(cycle, "province").framework == common
    store(before, "other", version=0, framework=own, by=administrator)
    store(cycle, "", version=0, framework=now, by=administrator)
    assert proposal_of(cycle, "other").framework == own
    assert proposal_of(cycle, "province").source.cycle == cycle
    assert not KpiFramework.objects.filter(cycle=cycle, kind="other").exists()


# --- what it does to a target ---------------------------------------------------------------------


def test_the_contribution_of_an_agency_follows_its_kind(cycle, stored, administrator):
    """Type 1: 306 lies three fifths of the way from the target of 50 (240) to that of 100 (350)."""
    store(cycle, "other", version=0, framework=weighing("20", digital="10"), by=administrator)
    before = factories.make_cycle_of(2569)
    department, other = base.make_agency(), base.make_agency(kind="other")
    for agency in (department, other):
        publish_row(agency, before, "345.00")
        publish_row(agency, cycle, "306.00")
    words = {line.agency: line.kpi.share.sum_words for line in lines_of(cycle, rules_of(cycle).rules)}
    assert words == {department: "80.00 × 15 % = 12.00", other: "80.00 × 20 % = 16.00"}
    assert kpi_of(cycle, other, Decimal(306)).share.points == 16


def test_without_a_framework_or_a_type_nothing_is_made_up(cycle, administrator):
    agency = base.make_agency()
    assert kpi_of(cycle, agency, Decimal(306)).share is None
    store(cycle, "", version=0, framework=standard(), by=administrator)
    share = kpi_of(cycle, agency, Decimal(306)).share
    assert (share.weight, share.points) == (15, None)


# --- the database ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"weight": 0}, "kpi_component_weight"),
        ({"weight": 101}, "kpi_component_weight"),
        ({"least": 2, "most": 1}, "kpi_component_counts"),
        ({"name": ""}, "kpi_component_named"),
    ],
)
def test_the_database_keeps_no_senseless_component(stored, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        KpiComponent.objects.filter(framework=stored, is_pmqa=True).update(**changes)


def test_the_database_keeps_one_framework_of_a_kind_with_one_pmqa(stored):
    with pytest.raises(IntegrityError), transaction.atomic():
        KpiComponent.objects.filter(framework=stored).update(is_pmqa=True)
    with pytest.raises(IntegrityError, match="kpi_framework_groups"), transaction.atomic():
        KpiFramework.objects.filter(pk=stored.pk).update(performance=100)
