"""The road map beside the edition: eight dimensions by three levels, each cell with what it rests on."""

import re

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.urls import reverse

from criteria.reader import CriteriaErrors
from criteria.roadmap import read_roadmap
from criteria.structure import LEVELS, PROCESS, RESULTS
from tests import factories
from tests.criteria import CRITERIA, edition_2565

FOLDER = CRITERIA / "pmqa40-2565"
KEYS = [
    "collaboration", "innovation", "digitalization", "customer", "process", "people", "leadership", "results",
]  # fmt: skip


def changed(tmp_path, change):
    """The shipped file with one change."""
    document = yaml.safe_load((FOLDER / "roadmap.yaml").read_text(encoding="utf-8"))
    change(document["roadmap"])
    (tmp_path / "roadmap.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return tmp_path


def faults(tmp_path, change) -> str:
    with pytest.raises(CriteriaErrors) as caught:
        read_roadmap(changed(tmp_path, change), edition_2565())
    return "\n".join(caught.value.errors)


def test_eight_dimensions_have_three_cells_in_the_order_of_the_levels():
    roadmap = read_roadmap(FOLDER, edition_2565())
    assert [dimension.key for dimension in roadmap.dimensions] == KEYS
    assert all(tuple(cell.level for cell in entry.cells) == LEVELS for entry in roadmap.dimensions)


def test_every_item_is_reached_at_each_of_its_levels_and_every_group_from_results():
    edition = edition_2565()
    roadmap = read_roadmap(FOLDER, edition)
    asked = {
        (item.code, part.level)
        for category in edition.of_kind(PROCESS)
        for topic in category.topics
        for item in topic.items
        for part in item.parts
    }
    assert len({code for code, _level in asked}) == 94
    assert asked <= roadmap.covered
    groups = {
        item.code
        for category in edition.of_kind(RESULTS)
        for topic in category.topics
        for item in topic.items
    }
    for cell in roadmap.by_key["results"].cells:
        assert {item.code for topic in cell.topics for item in topic.items} == groups


def test_a_folder_without_the_file_has_no_road_map(tmp_path):
    assert read_roadmap(tmp_path, edition_2565()) is None


def test_faults_name_their_places_all_at_once(tmp_path):
    def break_it(roadmap):
        first, second, *_others = roadmap["dimensions"]
        del first["advance"]
        second["basic"]["items"].append("1.1.1")
        second["basic"]["items"].append("9.9.9")
        second["significance"]["text_en"] = " "
        second["advance"]["text_th"] += "\0"
        second["key"] = "collaboration"

    found = faults(tmp_path, break_it)
    for line in (
        "collaboration/advance: is missing",
        "collaboration/basic: 1.1.1 asks nothing at level basic",
        "collaboration/basic: 9.9.9 is neither an item",
        "collaboration/significance: text_en is missing",
        "collaboration/advance: text_th has a control character",
        "collaboration: key is used 2 times",
        "4.3.2: no cell at level advance rests on it",
    ):
        assert f"roadmap.yaml: {line}" in found


def test_an_item_that_no_cell_rests_on_is_named(tmp_path):
    def drop(roadmap):
        for entry in roadmap["dimensions"]:
            for level in LEVELS:
                entry[level]["items"] = [code for code in entry[level]["items"] if code != "5.4.2"] or ["7.1"]

    found = faults(tmp_path, drop)
    assert "5.4.2: no cell at level advance rests on it" in found
    assert "5.4.2: no cell at level significance rests on it" in found
    assert "5.4.2: no cell at level basic" not in found


@pytest.mark.django_db
def test_loading_the_criteria_checks_the_road_map_too(tmp_path):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    changed(tmp_path, lambda roadmap: roadmap.pop("note_th"))
    with pytest.raises(CommandError, match=r"roadmap\.yaml: roadmap: note_th is missing"):
        call_command("load_criteria", tmp_path, verbosity=0)


# --- the pages --------------------------------------------------------------------------------


@pytest.fixture
def reader(as_user):
    return as_user(factories.make_user())


def page(client, *args):
    response = client.get(reverse("criteria:dimension" if len(args) > 1 else "criteria:roadmap", args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_overview_is_a_table_whose_cells_can_be_reached(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        html = page(reader, "pmqa40-2565")
    assert "เรียบเรียงจากประเด็นของเกณฑ์ ไม่ใช่ข้อความของสไลด์ต้นฉบับ" in html
    assert (html.count('scope="row"'), html.count('scope="col"'), html.count("<td")) == (8, 4, 24)
    # Each cell holds a link that says its row and its column.
    for key in KEYS:
        for level in LEVELS:
            assert f'/criteria/pmqa40-2565/roadmap/{key}/#{level}"' in html


def test_digitalization_has_three_cells_in_order_with_their_items(reader):
    html = page(reader, "pmqa40-2565", "digitalization")
    assert re.findall(r'<tr role="row" id="(\w+)"', html) == list(LEVELS)
    assert html.index("4.4.2") < html.index("4.4.1") < html.index("4.4.3")
    assert "/criteria/pmqa40-2565/4.4/#i4.4.3" in html


def test_results_lead_to_their_topics(reader):
    html = page(reader, "pmqa40-2565", "results")
    assert html.count("/criteria/pmqa40-2565/7.6/") == len(LEVELS)


def test_in_english_the_road_map_is_english(reader):
    reader.post(reverse("set_language"), {"language": "en", "next": "/"})
    html = page(reader, "pmqa40-2565", "customer")
    assert "Needs and expectations are sought" in html
    assert "not the words of the original slide" in html


def test_other_places_are_404(reader):
    assert reader.get("/criteria/pmqa40-2565/roadmap/nothing/").status_code == 404
    assert reader.get("/criteria/pmqa-2550/roadmap/").status_code == 404


def test_the_edition_leads_to_its_road_map(reader):
    address = reverse("criteria:roadmap", args=["pmqa40-2565"])
    assert address in reader.get(reverse("criteria:edition", args=["pmqa40-2565"])).content.decode()
    assert "roadmap" not in reader.get(reverse("criteria:edition", args=["pmqa-2550"])).content.decode()
