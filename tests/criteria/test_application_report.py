"""What the Application Report is asked: the shipped file, and what is refused in another."""

import pytest
import yaml
from django.core.management import CommandError, call_command

from assessments.pages.companions import RESULTS_OF
from criteria.application_report import FILE, read_criteria, read_document
from criteria.reader import CriteriaErrors
from tests.criteria import CRITERIA, edition_2565


def faults(tmp_path, change) -> str:
    document = yaml.safe_load((CRITERIA / FILE).read_text(encoding="utf-8"))
    change(document["application_report"])
    path = tmp_path / FILE
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CriteriaErrors) as caught:
        read_criteria(path)
    return "\n".join(caught.value.errors)


def test_the_shipped_file_asks_what_the_guide_prints():
    criteria = read_criteria(CRITERIA / FILE)
    assert [(entry.name_en, len(entry.elements)) for entry in criteria.adli] == [
        ("Approach", 6), ("Deployment", 4), ("Learning", 2), ("Integration", 3),
    ]  # fmt: skip
    points = {item.code: len(item.points) for entry in criteria.categories for item in entry.items}
    assert points == {"1.1": 5, "1.2": 6, "2.1": 6, "2.2": 7, "3.1": 4, "3.2": 6, "4": 1, "5": 1, "6": 1}
    assert [entry.code for entry in criteria.categories if entry.is_overall] == ["4", "5", "6"]
    assert [(band.number, band.least, band.most) for band in criteria.bands] == [(3, 300, 450), (4, 500, 650)]
    assert read_document(dict(criteria.document)) == criteria


def test_its_results_are_groups_of_form_4_and_those_beside_the_answers_of_stage_1():
    edition = edition_2565()
    for category in read_criteria(CRITERIA / FILE).categories:
        assert tuple(dict.fromkeys(link.topic for link in category.results)) == RESULTS_OF[category.code]
        for link in category.results:
            numbers = range(1, len(edition.topics[link.topic].items) + 1)
            assert set(link.groups) <= set(numbers)


def test_every_fault_is_told_at_once(tmp_path):
    def spoil(node):
        first, second, third, fourth, *_rest = node["categories"]
        first["items"][0]["areas"][0]["points"][1]["number"] = 1
        first["items"][1]["question_th"] = "คำถาม\0ลับ"
        second["items"][0]["code"] = 2.1
        third["results"][0]["topic"] = 7.2
        third["results"][1]["groups"] = [True]
        fourth["items"] = []
        node["bands"][1]["min"] = 400
        node["scale"] = "1000"
        node["adli"][2]["elements"] = ["ก", 5]

    found = faults(tmp_path, spoil)
    for line in (
        "1: point of 1.1 stands 2 times",
        "1.2: question_th has a control character",
        "code must be text, not 2.1",
        "topic must be text, not 7.2",
        "groups must be a whole number from 1 to 10000, not True",
        "4: has either items or overall_th",
        "band 4 must begin above the one before",
        "scale must be a whole number from 1 to 10000, not '1000'",
        "learning: element must be text, not 5",
    ):
        assert line in found


@pytest.mark.parametrize("text", ["- a list\n", "application_report: 5\n", "\tno yaml"])
def test_what_is_no_such_file_is_refused(tmp_path, text):
    path = tmp_path / FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CriteriaErrors, match="has no application_report"):
        read_criteria(path)


@pytest.mark.django_db
def test_loading_all_criteria_checks_it_too(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "fixtures" / "criteria"
    folder.mkdir(parents=True)
    (folder / FILE).write_text("application_report: {code: A}", encoding="utf-8")
    with pytest.raises(CommandError, match="code must be small Latin letters"):
        call_command("load_criteria", verbosity=0)
