"""The pillars beside the edition: what each rests on, the factors that carry them, and the tags of items."""

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.urls import reverse

from criteria.pillars import NAMES, read_pillars
from criteria.reader import CriteriaErrors
from criteria.roadmap import read_roadmap
from criteria.structure import PROFILE
from reviews.models import Pillar as OfAVerdict
from tests import factories
from tests.criteria import CRITERIA, edition_2565

FOLDER = CRITERIA / "pmqa40-2565"


def read(folder=FOLDER):
    return read_pillars(folder, edition_2565(), read_roadmap(FOLDER, edition_2565()))


def changed(folder, change):
    document = yaml.safe_load((FOLDER / "pillars.yaml").read_text(encoding="utf-8"))
    change(document["pillars"])
    (folder / "pillars.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return folder


def test_every_item_and_group_has_one_pillar():
    edition, pillars = edition_2565(), read()
    asked = {
        item.code for category, _topic, item in edition.place_of_item.values() if category.kind != PROFILE
    }
    assert pillars.of_item.keys() == asked
    assert len(asked) == 94 + 30


def test_a_part_and_an_indicator_have_the_pillar_of_their_item():
    pillars = read()
    assert pillars.over("3.2.2.1").name == "ยึดประชาชนเป็นศูนย์กลาง"
    assert pillars.over("7.2.1.3").key == "2"
    assert pillars.over("OP1.mission") is None


def test_outstanding_work_is_tagged_with_the_same_pillars():
    assert dict(OfAVerdict.choices) == dict(NAMES)


def test_factors_lead_to_dimensions_of_the_road_map():
    assert [factor.dimension.key for factor in read().factors] == [
        "collaboration",
        "innovation",
        "digitalization",
    ]


def test_faults_name_their_places_all_at_once(tmp_path):
    def break_it(pillars):
        first, second, _third = pillars["pillars"]
        first["key"] = "4"
        first["points"][0]["items"].append("9.9.9")
        first["points"][1]["items"].append("OP1")
        second["points"][0]["text_en"] = " "
        second["points"][0]["items"].append("1.2.1")
        pillars["factors"][0]["dimension"] = "nothing"

    with pytest.raises(CriteriaErrors) as caught:
        read(changed(tmp_path, break_it))
    assert caught.value.errors == [
        "pillars.yaml: pillar 4, point 1: 9.9.9 is neither an item nor an indicator group",
        "pillars.yaml: pillar 4, point 2: OP1 is neither an item nor an indicator group",
        "pillars.yaml: pillar 2, point 1: text_en is missing",
        "pillars.yaml: factor nothing: dimension is none of the road map",
        "pillars.yaml: pillars: keys must be 1, 2, 3 in this order, not 4, 2, 3",
        "pillars.yaml: 1.2.1: stands under 2 points; an item has one pillar",
    ]


def test_an_item_may_have_no_pillar(tmp_path):
    found = read(changed(tmp_path, lambda pillars: pillars["pillars"][0]["points"].pop(0)))
    assert found.over("1.2.1.1") is None


def test_a_folder_without_the_file_has_none(tmp_path):
    assert read(tmp_path) is None


@pytest.mark.django_db
def test_loading_the_criteria_checks_the_pillars_too(tmp_path):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    changed(tmp_path, lambda pillars: pillars.pop("note_th"))
    with pytest.raises(CommandError, match=r"pillars\.yaml: pillars: note_th is missing"):
        call_command("load_criteria", tmp_path, verbosity=0)


# --- the pages --------------------------------------------------------------------------------


@pytest.fixture
def reader(as_user):
    return as_user(factories.make_user())


def page(client, name, *args) -> str:
    response = client.get(reverse(name, args=["pmqa40-2565", *args]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_whose_words_these_are_and_leads_to_the_items(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        html = page(reader, "criteria:pillars")
    assert "ไม่ใช่ข้อความของสไลด์ต้นฉบับ" in html
    assert html.index(NAMES["1"]) < html.index(NAMES["2"]) < html.index(NAMES["3"])
    assert "/criteria/pmqa40-2565/3.2/#i3.2.2" in html
    assert "/criteria/pmqa40-2565/roadmap/innovation/" in html


def test_an_item_is_tagged_in_the_catalogue(reader):
    html = page(reader, "criteria:topic", "3.2")
    assert html.count("/criteria/pmqa40-2565/pillars/#p2") == 2
    assert "/criteria/pmqa40-2565/pillars/#p1" in page(reader, "criteria:topic", "7.5")


def test_the_edition_and_its_road_map_lead_there_and_an_old_edition_has_none(reader):
    address = reverse("criteria:pillars", args=["pmqa40-2565"])
    assert address in page(reader, "criteria:edition")
    assert address in page(reader, "criteria:roadmap")
    assert reader.get("/criteria/pmqa-2550/pillars/").status_code == 404


def test_in_english_the_pillars_are_english(reader):
    reader.post(reverse("set_language"), {"language": "en", "next": "/"})
    html = page(reader, "criteria:pillars")
    assert "Complaints are resolved fast" in html
    assert "Open and connected" in html
