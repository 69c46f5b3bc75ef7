"""What the edition says beside its items: hints, terms, what is new, examples, other wordings, the order of groups.

Proves on the real edition that each stands where its topic is, that examples are closed and called no criteria, that
the order and the stars of the groups come from the edition, and that correcting the wording of one changes no code.
"""

import pytest
from django.urls import reverse

from criteria.search import search
from criteria.structure import LEVELS, PROCESS
from tests import factories
from tests.criteria import edition_2565

TREE = edition_2565()


@pytest.fixture
def reader(as_user):
    factories.edition()
    return as_user(factories.make_user())


def page(client, code: str) -> str:
    return client.get(reverse("criteria:topic", args=["pmqa40-2565", code])).content.decode()


def test_a_hint_belongs_to_its_item(reader):
    hints = {
        item.code: item.hint_th for topic in TREE.topics.values() for item in topic.items if item.hint_th
    }
    assert hints["1.1.2"] == "อธิบายให้ครอบคลุมพันธกิจ"
    html = page(reader, "1.1")
    assert all(text in html for code, text in hints.items() if code.startswith("1.1."))


def test_a_topic_says_what_is_new_or_that_it_is_as_it_was(reader):
    """1.4 has additions, 3.3 has none; category 6 is called unchanged, and still its topics have theirs."""
    assert "สิ่งที่เพิ่มใหม่ในฉบับนี้" in page(reader, "1.4")
    assert "ฉบับนี้คงแนวทางเดิม" in page(reader, "3.3")
    assert "ฉบับนี้คงแนวทางเดิม" not in page(reader, "1.4")
    for topic in (topic for topic in TREE.topics.values() if topic.code.startswith("6.")):
        assert any(topic.guide.revision.get(level) for level in LEVELS)


def test_the_editor_says_it_too(agency, cycle, as_user):
    assessment = factories.make_assessment(agency=agency, cycle=cycle)
    browser = as_user(factories.make_member(agency, "coordinator"))

    def topic(code: str) -> str:
        return browser.get(reverse("assessments:topic", args=[assessment.pk, code])).content.decode()

    assert "ฉบับนี้คงแนวทางเดิม" in topic("3.3")
    assert "ฉบับนี้คงแนวทางเดิม" not in topic("1.4")


def test_examples_are_closed_and_called_no_criteria(reader):
    html = page(reader, "1.3")
    before, _words, _behind = html.partition("ตัวอย่าง ไม่ใช่เกณฑ์")
    assert before.rpartition("<details")[2].startswith(' class="fold"><summary>')
    assert all(example in html for example in TREE.topics["1.3"].guide.examples)


@pytest.mark.parametrize("code", ["1.2.5", "2.1.2.1", "5.2.3"])
def test_another_wording_of_an_item_finds_it(code):
    topic = TREE.topics[code[:3]]
    wording = dict(topic.guide.variants)[code]
    assert ("variant", code) in {(hit.kind, hit.place) for hit in search(TREE, wording.split("…")[0])}


def test_groups_stand_in_the_order_and_with_the_stars_of_the_edition():
    groups = [(item.code, item.required) for item in TREE.topics["7.1"].items]
    assert groups == [("7.1.1", True), ("7.1.2", False), ("7.1.3", False), ("7.1.4", True), ("7.1.5", False)]
    assert "แผนยุทธศาสตร์" in TREE.topics["7.1"].items[3].title_th


def test_a_term_is_defined_in_the_topic_that_uses_it():
    for category in TREE.of_kind(PROCESS):
        for topic in category.topics:
            assert all(term.strip() and meaning.strip() for term, meaning in topic.guide.definitions)
    assert "นวัตกรรม" in dict(TREE.topics["1.3"].guide.definitions)
