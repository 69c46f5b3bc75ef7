"""Names follow the language of the page; what is frozen does not."""

import copy

import pytest
from django.utils import translation

from pmqa.names import name_of
from results.naming import in_language
from results.presentation import result_page
from tests import factories
from tests.results import payloads

pytestmark = pytest.mark.django_db


def test_in_thai_the_payload_is_shown_as_it_was_frozen():
    payload = payloads.payload()
    assert in_language(payload) is payload


def test_in_english_every_category_topic_and_item_has_its_english_name():
    factories.edition()
    payload, tree = payloads.payload(), payloads.edition()
    before = copy.deepcopy(payload)
    with translation.override("en"):
        page = result_page(in_language(payload))
    assert payload == before
    names = {category.code: category.name_en for category in tree.categories}
    topics = {code: topic.name_en for code, topic in tree.topics.items()}
    assert [row.name for row in page.rows] == [names[code] for code in "1234567"]
    for row in page.rows:
        assert [topic.name for topic in row.rows] == [topics[topic.code] for topic in row.rows]
    for name, entries in page.opportunities:
        assert name == f"{name[0]} {names[name[0]]}"
        assert all(entry["name"] == topics[entry["topic"]] for entry in entries)


def test_without_the_edition_what_is_frozen_names_what_it_can():
    payload = payloads.payload()
    payload = payload | {"edition": payload["edition"] | {"checksum": "another"}}
    with translation.override("en"):
        rows = {row.code: row.name for row in result_page(in_language(payload)).rows}
    assert rows["1"] == "Leadership"
    assert rows["7"] == next(one.name_th for one in payloads.edition().categories if one.code == "7")


def test_a_place_without_an_english_name_keeps_its_own():
    ministry = factories.make_ministry(name="กระทรวงสมมติ", name_en="")
    agency = factories.make_agency(ministry=ministry, name="กรมสมมติ", name_en="Department of Invention")
    with translation.override("en"):
        assert name_of(ministry) == "กระทรวงสมมติ"
        assert name_of(agency) == "Department of Invention"
    with translation.override("th"):
        assert name_of(agency) == "กรมสมมติ"
