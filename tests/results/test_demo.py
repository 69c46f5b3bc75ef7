"""manage.py demo: what it promises."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from assessments.files.types import kind_of
from assessments.models import Answer, Assessment, Cycle, Evidence, EvidenceVersion, PartNote, Submission
from assessments.reading import measure_answers, read_answers, tree_of
from pmqa.accounts.models import Agency, User
from pmqa.jobs.models import Job
from results.demo import building, people
from results.demo.road import Case, Team
from results.framework.models import KpiComponent
from results.models import ResultSheet
from reviews.models import Assignment, Verdict
from reviews.sample_reading import read_agreement
from tests import factories

DAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR = tmp_path
    settings.DEMO_PASSWORD = ""


def build() -> None:
    """Only the rows: `demo` prints a report besides."""
    building.build(agencies=4, seed=2565, today=DAY, say=lambda line: None)


def demo(**options) -> str:
    out = StringIO()
    call_command("demo", stdout=out, stderr=StringIO(), **{"agencies": 4, "today": DAY, **options})
    return out.getvalue()


def fingerprint() -> list:
    """Everything of the demonstration that a person could see, without primary keys."""
    return [
        list(Answer.objects.order_by("pk").values_list("claim", "values", "version", "updated_at")),
        list(Submission.objects.order_by("pk").values_list("digest", "submitted_at")),
        list(Evidence.objects.order_by("pk").values_list("number", "key", "title", "added_at")),
        list(EvidenceVersion.objects.order_by("pk").values_list("name", "size", "sha256", "url")),
        list(Verdict.objects.order_by("pk").values_list("outcome", "comment", "updated_at")),
        list(ResultSheet.objects.order_by("pk").values_list("digest", "created_at")),
        list(Cycle.objects.order_by("pk").values_list("year", "opens_at", "closes_at")),
        list(User.objects.order_by("pk").values_list("email", "first_name", "last_name")),
    ]


def current(code: str) -> Assessment:
    return Assessment.objects.with_places().get(agency__code=code, cycle__year=2570)


@pytest.mark.django_db
def test_the_first_four_agencies_are_where_the_contract_says():
    told = demo()
    first, second, third, fourth = (current(f"DEMO-{number:03d}") for number in range(1, 5))

    assert first.status == "drafting"
    gaps = measure_answers(tree_of(first), read_answers(first)).gaps
    assert gaps
    assert {gap.topic for gap in gaps} == {"1.1"}
    assert set(first.asked_items.values_list("item", "user__email")) == {
        (item, "contributor@demo.example") for item in ("1.1.1", "1.1.3", "1.1.5")
    }

    assert second.status == "in_review"
    team = Assignment.objects.filter(assessment=second)
    assert set(team.filter(marks=True).values_list("reviewer__email", flat=True)) == {
        "reviewer1@demo.example",
        "reviewer2@demo.example",
    }
    assert set(team.filter(is_lead=True).values_list("reviewer__email", flat=True)) == {"lead@demo.example"}
    assert not Verdict.objects.filter(assignment__assessment=second).exists()

    assert len(second.submissions.get().content["evidence"]) == 3
    for case in (first, second):
        assert case.evidence.count() == 4
        for version in EvidenceVersion.objects.filter(evidence__assessment=case).exclude(file=""):
            with version.file.open() as file:
                assert kind_of(file, version.name) == version.file_kind

    assert third.status == "consensus"

    assert fourth.status == "report_issued"
    report = fourth.sheets.get().reports.get()
    with report.file.open() as printed:
        assert printed.read(5) == b"%PDF-"
    assert report.job.status == Job.Status.DONE

    for name, _role in people.ACCOUNTS:
        assert people.email(name) in told
    assert Cycle.objects.count() == 3
    # One of them a second time, with the score of stage 2.
    sheets = ResultSheet.objects.filter(assessment__cycle__year__in=[2568, 2569])
    assert sheets.filter(revision=1).count() == 8
    assert sheets.get(revision=2).payload["stage_two"]["score"] == "512.5"
    for cycle in Cycle.objects.all():
        weights = KpiComponent.objects.filter(framework__cycle=cycle, is_pmqa=True)
        assert dict(weights.values_list("framework__kind", "weight")) == {"": 15, "other": 20}


@pytest.mark.django_db
def test_two_more_show_the_internal_check_and_what_waits_for_the_head():
    agency = people.make_agency(1, people.make_ministries(1))
    persons = people.make_people([agency])
    named = {name: persons[name] for name in ("coordinator", "head", "officer", "lead")}
    team = Team(**named, administrator=persons["admin"], reviewers=[])
    found = {}
    for number in (10, 12):
        case = Case(factories.make_cycle(year=2570 + number), agency, 1, 2565, team)
        building.STATES[number - 1](case, timezone.now())
        found[number] = case.assessment
    assert found[10].status == "awaiting_head"
    assert found[10].proposals.count() == 1
    assert found[12].status == "internal_check"
    assert PartNote.objects.open().filter(answer__assessment=found[12]).count() == 1


@pytest.mark.django_db
def test_the_seventh_tells_how_far_two_reviewers_agree():
    ministries = people.make_ministries(1)
    first, agency = (people.make_agency(number, ministries) for number in (1, 7))
    persons = people.make_people([first, agency])
    named = {name: persons[name] for name in ("officer", "lead")}
    named |= {"coordinator": persons["coordinator002"], "head": persons["head002"]}
    reviewers = [persons["reviewer1"], persons["reviewer2"]]
    team = Team(**named, administrator=persons["admin"], reviewers=reviewers)
    case = Case(factories.make_cycle(vetting=True), agency, 7, 2565, team)
    building.STATES[6](case, timezone.now())
    found = read_agreement(case.assessment.cycle, [case.assessment.pk])
    assert found.units == 2
    assert found.told
    assert found.rate > 80


@pytest.mark.heavy
@pytest.mark.django_db
def test_the_same_number_seed_and_day_give_the_same_data_and_once_is_enough():
    """Built, taken back, built again later on the clock, and run once more."""
    with transaction.atomic():
        build()
        before = fingerprint()
        transaction.set_rollback(True)
    assert not Agency.objects.exists()
    build()
    assert fingerprint() == before
    build()
    assert fingerprint() == before


@pytest.mark.django_db
def test_a_database_with_agencies_of_its_own_is_refused():
    factories.make_agency()
    with pytest.raises(CommandError):
        demo()
    assert not User.objects.filter(is_demo=True).exists()


@pytest.mark.heavy
@pytest.mark.django_db
def test_the_password_is_made_once_and_kept_for_the_owner_only(settings):
    build()
    told = demo(accounts=True)
    path = people.password_file()
    assert path.stat().st_mode & 0o777 == 0o600
    kept = path.read_text(encoding="utf-8")
    assert kept in told
    assert User.objects.get(email="head@demo.example").check_password(kept)
    assert kept in demo(accounts=True)
    settings.DEMO_PASSWORD = "chosen-by-the-operator"
    demo(accounts=True)
    assert User.objects.get(email="head@demo.example").check_password("chosen-by-the-operator")


@pytest.mark.django_db
def test_without_a_demonstration_no_accounts_are_named():
    assert demo(accounts=True) == ""
