import shutil
from pathlib import Path

import pytest

from criteria.reader import CriteriaErrors, read_edition

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "criteria" / "pmqa40-2565"


@pytest.fixture(scope="module")
def tree():
    return read_edition(FOLDER)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "edition"))


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_counts_of_edition_2565(tree):
    """A-201: 6 / 24 / 94 / 130, and 6 topics with 30 groups in category 7."""
    process = tree.of_kind("process")
    assert [sum(len(topic.items) for topic in category.topics) for category in process] == [
        19,
        12,
        13,
        17,
        18,
        15,
    ]
    assert [len(list(category.parts)) for category in process] == [21, 23, 19, 21, 22, 24]
    assert sum(len(category.topics) for category in process) == 24
    assert len(tree.groups) == 30


def test_the_levels_of_topics_1_1_and_1_2(tree):
    """A-202"""
    levels = {item.code: item.level[0].upper() for code in ("1.1", "1.2") for item in tree.topics[code].items}
    assert levels == {
        "1.1.1": "A", "1.1.2": "B", "1.1.3": "S", "1.1.4": "A", "1.1.5": "S",
        "1.2.1": "B", "1.2.2": "S", "1.2.3": "A", "1.2.4": "B", "1.2.5": "A", "1.2.6": "S",
    }  # fmt: skip


def test_a_level_may_belong_to_a_part(tree):
    """A-203"""
    assert [tree.parts[code].level for code in ("5.4.2.1", "5.4.2.2")] == ["significance", "advance"]
    assert {tree.parts[f"3.2.2.{number}"].level for number in (1, 2, 3)} == {"advance", "basic"}


def test_the_starred_groups(tree):
    """A-401"""
    starred = [
        code for code, (_, _, item) in tree.place_of_part.items() if code.startswith("7.") and item.required
    ]
    assert starred == [
        "7.1.1", "7.1.4", "7.2.1", "7.2.2", "7.3.1", "7.3.2", "7.4.1", "7.4.2", "7.5.1", "7.6.2", "7.6.3",
    ]  # fmt: skip
    assert {tree.parts[code].min_answers for code in starred} == {1}


def test_an_inferred_level_gives_its_reason(tree):
    inferred = [
        item for topic in tree.topics.values() for item in topic.items if item.level_source == "inferred"
    ]
    assert inferred
    assert all(item.level_reason for item in inferred)


def test_every_introduction_is_its_own(tree):
    """A-1202: the old print gave topic 7.5 the introduction of 7.4."""
    texts = [topic.guide.description_th for topic in tree.of_kind("results")[0].topics]
    assert len(set(texts)) == 6
    assert all(texts)


def test_labels_have_no_broken_words(tree):
    """A-1208: the old print said เชน for เช่น."""
    texts = [
        text for part in tree.process_parts for text in (part.prompt_th, *(b.label_th for b in part.fields))
    ]
    assert [text for text in texts if "เชน" in text] == []


def test_three_faults_are_three_errors_with_their_places(folder):
    replace(folder / "cat1.yaml", "level: advance", "level: expert")
    replace(folder / "cat2.yaml", 'code: "2.1.1"', 'code: "1.1.1"')
    (folder / "cat3.yaml").write_text("category: [", encoding="utf-8")
    with pytest.raises(CriteriaErrors) as caught:
        read_edition(folder)
    places = {error.split(":")[0] for error in caught.value.errors}
    assert {"cat1.yaml", "cat2.yaml", "cat3.yaml"} <= places
    assert any("must be one of basic, advance, significance, not 'expert'" in e for e in caught.value.errors)


def test_the_checksum_follows_the_content(folder, tree):
    assert read_edition(folder).checksum == tree.checksum
    replace(folder / "cat1.yaml", "การนำองค์การ", "การนำองค์กร")
    assert read_edition(folder).checksum != tree.checksum
