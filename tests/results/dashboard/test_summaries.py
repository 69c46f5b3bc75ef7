"""The rows that dashboards count: written with the sheet, replaced by a correction, filled by the migration."""

from importlib import import_module

import pytest
from django.apps import apps

from assessments.models import Answer
from results import integrity, publishing
from results.dashboard import summaries
from results.dashboard.extracting import extract
from results.models import FailedPart, IndicatorSummary, ResultSheet, ScoreSummary, SheetSummary
from reviews.models import Consensus
from tests.results import factories, payloads

TABLES = (SheetSummary, ScoreSummary, IndicatorSummary, FailedPart)


def everything() -> list[list[tuple]]:
    """All rows without their keys."""
    return [
        sorted(
            tuple(
                getattr(row, field.attname)
                for field in table._meta.fields
                if field.name not in ("id", "summary")
            )
            for row in table.objects.all()
        )
        for table in TABLES
    ]


@pytest.fixture
def published(db, administrator):
    return publishing.publish(factories.make_decided(), by=administrator)


def test_publishing_counts_the_result(published):
    summary = SheetSummary.objects.get()
    assert (summary.sheet, summary.assessment) == (published, published.assessment)
    assert summary.verified == int(published.verified_total * 100)
    assert summary.claimed == int(published.claimed_total * 100)
    assert summary.ministry == published.payload["agency"]["ministry"]
    assert {row.code for row in summary.failed_parts.all()} == set(factories.FAILED)
    assert summary.scores.count() == 7 + 30
    assert summary.indicators.count() == 30
    assert summary.scores.get(code="4.2").has_ofi
    assert summary.scores.get(code="4").has_ofi
    assert not summary.scores.get(code="1.1").has_ofi
    assert list(integrity.summary_rows()) == []


def test_a_correction_is_counted_in_place_of_what_was_before(published, administrator):
    answer = Answer.objects.get(assessment=published.assessment, part__code="1.1.1.1")
    Consensus.objects.filter(answer=answer).update(outcome="fail", comment="ควรแสดงผล")
    corrected = publishing.correct(published.assessment, reason="ตามมติ", by=administrator)
    summary = SheetSummary.objects.get()
    assert summary.sheet == corrected
    assert summary.verified == int(corrected.verified_total * 100)
    assert {row.code for row in summary.failed_parts.all()} == {*factories.FAILED, "1.1.1.1"}
    assert FailedPart.objects.count() == len(factories.FAILED) + 1
    assert list(integrity.summary_rows()) == []


def test_the_migration_counts_the_latest_of_what_was_published_before(published, administrator):
    answer = Answer.objects.get(assessment=published.assessment, part__code="1.1.1.1")
    Consensus.objects.filter(answer=answer).update(outcome="fail", comment="ควรแสดงผล")
    publishing.correct(published.assessment, reason="ตามมติ", by=administrator)
    publishing.publish(factories.make_decided(cycle=published.assessment.cycle), by=administrator)
    before = everything()
    SheetSummary.objects.all().delete()
    assert everything() == [[], [], [], []]
    import_module("results.migrations.0009_summaries").count_published(apps, None)
    assert everything() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: SheetSummary.objects.all().delete(), "has no summary"),
        (lambda: SheetSummary.objects.update(verified=1), "differs in verified"),
        (lambda: SheetSummary.objects.update(ministry="กระทรวงอื่น"), "differs in ministry"),
        (lambda: ScoreSummary.objects.filter(code="1.1").update(verified=1), "differs in scores"),
        (lambda: ScoreSummary.objects.filter(code="1.1").delete(), "differs in scores"),
        (lambda: IndicatorSummary.objects.filter(code="7.1.1").update(points=1), "differs in indicators"),
        (lambda: FailedPart.objects.all().delete(), "differs in failed parts"),
    ],
)
def test_rows_that_say_something_else_than_the_payload_are_a_breach(published, change, said):
    change()
    assert [said in breach for breach in integrity.summary_rows()] == [True]


def test_a_summary_of_an_earlier_revision_is_a_breach(published):
    later = ResultSheet.objects.get()
    later.pk, later.revision = None, 2
    later.save()
    assert list(integrity.summary_rows()) == [f"sheet {later.pk}: has no summary"]


def test_nothing_but_the_payload_is_read():
    found = extract(payloads.payload())
    assert found == extract(payloads.payload())
    assert len(found.scores) == 7 + 30
    assert sum(row.count for row in found.indicators) == len(payloads.payload()["indicators"])


def test_what_has_no_score_is_none_and_not_nought():
    payload = payloads.payload()
    topic = payload["scores"]["verified"]["categories"][0]["topics"][0]
    topic["score"] = None
    (row,) = (row for row in extract(payload).scores if row.code == topic["code"])
    assert row.verified is None


def test_a_failed_replacement_leaves_the_rows_that_were(published):
    before = everything()
    published.payload = {}
    with pytest.raises(KeyError):
        summaries.replace(published)
    assert everything() == before
