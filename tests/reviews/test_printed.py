"""import_form, on the invented prints."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment, Status
from assessments.reading import measure_answers, read_answers, tree_of
from reviews.models import Consensus, ImportedMark, Verdict
from tests import factories

PRINTS = Path(__file__).resolve().parent.parent / "prints"
FORM3, FORM4 = PRINTS / "form3-invented.txt", PRINTS / "form4-invented.txt"


def run(*arguments) -> str:
    out = StringIO()
    call_command("import_form", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def place(agency, cycle):
    return ["--agency", agency.code, "--cycle", cycle.year]


def refused(*arguments) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return caught.value


def test_a_dry_run_needs_no_database_and_prints_one_document():
    document = json.loads(run(FORM3, FORM4, "--dry-run"))
    assert list(document) == ["forms", "parts", "indicators", "findings", "unplaced"]
    assert len(document["parts"]) == 130
    assert len(document["indicators"]) == 30
    assert list(document["parts"][0]) == ["code", "status", "fields", "unsplit", "verdict", "comment"]


def test_a_whole_print_becomes_an_assessment_that_can_be_submitted(agency, cycle, head, place):
    assert "130 parts, 30 indicators, 160 imported marks" in run(FORM3, FORM4, *place)
    assessment = Assessment.objects.get(agency=agency, cycle=cycle)
    assert assessment.status == Status.DRAFTING
    assert measure_answers(tree_of(assessment), read_answers(assessment)).gaps == ()
    factories.hand_over(assessment, by=head)


def test_imported_marks_are_nobodys_marks(agency, place):
    run(FORM3, *place)
    marks = ImportedMark.objects.filter(answer__assessment__agency=agency)
    assert {mark.outcome for mark in marks} == {"pass", "fail"}
    assert {(mark.source, str(mark.printed_on)) for mark in marks} == {("form3-invented.txt", "2022-09-16")}
    assert not Verdict.objects.exists()
    assert not Consensus.objects.exists()


def test_importing_the_same_again_changes_nothing(agency, place):
    run(FORM3, FORM4, *place)
    before = list(Assessment.objects.get(agency=agency).answers.values_list("pk", "version", "values"))
    run(FORM3, FORM4, *place)
    assert (
        list(Assessment.objects.get(agency=agency).answers.values_list("pk", "version", "values")) == before
    )


def test_a_filled_answer_is_replaced_only_when_told(agency, cycle, place):
    assessment = factories.make_assessment(agency=agency, cycle=cycle)
    answer = factories.answer_of(assessment, "1.1.2.1")
    type(answer).objects.filter(pk=answer.pk).update(claim="done", values={"detail": "ของเดิม"}, version=1)
    error = refused(FORM3, *place)
    assert error.returncode == 1
    assert "1.1.2.1" in str(error)
    assert factories.answer_of(assessment, "1.1.2.1").values == {"detail": "ของเดิม"}
    assert factories.answer_of(assessment, "1.1.1.1").values == {}
    run(FORM3, *place, "--replace")
    assert factories.answer_of(assessment, "1.1.2.1").values != {"detail": "ของเดิม"}
    assert factories.answer_of(assessment, "1.1.2.1").version == 2


def test_a_submitted_assessment_takes_no_import(agency, cycle, head, place):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    factories.hand_over(assessment, by=head)
    assert refused(FORM3, *place, "--replace").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([FORM3, "--agency", "NOBODY", "--cycle", "2570"], 1),
        ([FORM3], 1),
        ([FORM3, FORM3, "--dry-run"], 1),
        ([Path(__file__), "--dry-run"], 2),
        ([PRINTS / "missing.txt", "--dry-run"], 1),
    ],
)
def test_refusals_and_their_exit_status(db, arguments, status):
    assert refused(*arguments).returncode == status


def test_a_cycle_that_does_not_exist_is_refused(agency):
    assert refused(FORM3, "--agency", agency.code, "--cycle", "2599").returncode == 1
