"""Differences are of whole Thai words, are true to both texts, and cost the same whatever the texts say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.texts.differing import MAX_PAIRS, common, difference, replaced
from assessments.texts.words import words
from bench.texts import LIMITS, full

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "ส่วนราชการมีการบริหารจัดการข้อมูลด้วยระบบดิจิทัลทั้งองค์กร"
ALPHABET = st.sampled_from([*"กขคงาิ่้เแ ๆ\n\t.,!1๒aZ é😀_(", "การ", "ระบบ", "ข้อมูล", "น้ำ"])
TEXTS = st.lists(ALPHABET, max_size=40).map("".join)


def of_kind(pieces, *kinds: str) -> list[str]:
    return [piece.text for piece in pieces if piece.kind in kinds]


def test_a_changed_word_is_marked_and_not_its_letters():
    pieces = difference(SENTENCE, SENTENCE.replace("การบริหารจัดการ", "การพัฒนาคุณภาพ"))
    assert of_kind(pieces, "gone") == ["การบริหารจัดการ"]
    assert of_kind(pieces, "new") == ["การพัฒนาคุณภาพ"]


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("มีน้ำใจต่อประชาชน", "มีน้ำใจต่อผู้รับบริการ", ["ประชาชน"], ["ผู้รับบริการ"]),
        ("ร้อยละ 89.69 ของทั้งหมด", "ร้อยละ 91.5 ของทั้งหมด", ["89.69"], ["91.5"]),
        ("ระบบ ICT เดิม", "ระบบ Digital เดิม", ["ICT"], ["Digital"]),
        ("ปี ๒๕๖๘", "ปี ๒๕๖๙", ["๒๕๖๘"], ["๒๕๖๙"]),
        ("", "ข้อความแรก", [], ["ข้อความแรก"]),
        ("ข้อความเดิม", "", ["ข้อความเดิม"], []),
    ],
)
def test_words_figures_and_foreign_words_are_whole(before, after, gone, new):
    pieces = difference(before, after)
    assert (of_kind(pieces, "gone"), of_kind(pieces, "new")) == (gone, new)


def test_what_was_added_at_the_end_leaves_the_rest_unmarked():
    pieces = difference(SENTENCE, f"{SENTENCE} และเปิดเผยต่อสาธารณะ")
    assert of_kind(pieces, "gone") == []
    assert "".join(of_kind(pieces, "new")).strip() == "และเปิดเผยต่อสาธารณะ"


def test_a_rewritten_sentence_is_one_change_and_not_a_mosaic():
    pieces = difference("แผนงาน ด้าน น้ำ ชุมชน", "โครงการ ป่า เมือง สวน")
    assert len(of_kind(pieces, "gone")) == len(of_kind(pieces, "new")) == 1


def test_long_unchanged_passages_are_folded_between_changes():
    before = "เริ่มต้น " + "ข้อความที่ไม่เปลี่ยน " * 60 + "จบ"
    pieces = difference(before, before.replace("เริ่มต้น", "ตั้งต้น").replace("จบ", "สิ้นสุด"))
    assert [piece.kind for piece in pieces] == ["gone", "new", "same", "fold", "same", "gone", "new"]
    assert len(of_kind(pieces, "fold")[0]) > 900


@given(TEXTS)
def test_words_are_the_text_again(text):
    assert "".join(words(text)) == text


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts_again(before, after):
    pieces = difference(before, after)
    assert "".join(of_kind(pieces, "same", "fold", "gone")) == before
    assert "".join(of_kind(pieces, "same", "fold", "new")) == after


def length_by_table(left: str, right: str) -> int:
    row = [0] * (len(right) + 1)
    for own in left:
        above = row[:]
        for place, other in enumerate(right, start=1):
            row[place] = above[place - 1] + 1 if own == other else max(above[place], row[place - 1])
    return row[-1]


@given(st.text("abc ", max_size=30), st.text("abc ", max_size=30))
def test_what_stays_is_a_longest_common_subsequence(left, right):
    pairs = common(left, right)
    assert all(left[i] == right[j] for i, j in pairs)
    assert pairs == sorted(set(pairs))
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert len(pairs) == length_by_table(left, right)


def test_a_figure_changes_as_a_whole():
    assert replaced("85", "85.5") == (("gone", "85"), ("new", "85.5"))
    assert replaced("85", "85") == (("same", "85"),)
    assert replaced("", "85") == (("new", "85"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [(full(before), full(after)) for _, before, after in LIMITS],
    ids=[name for name, *_ in LIMITS],
)
def test_texts_at_the_limit_are_both_whole_in_their_difference(before, after):
    """How long each takes is measured by `make bench`; that it is bounded is the next test."""
    pieces = difference(before, after)
    assert "".join(of_kind(pieces, "same", "fold", "gone")) == before
    assert "".join(of_kind(pieces, "same", "fold", "new")) == after


def test_more_pairs_of_words_than_the_limit_are_never_compared():
    """A blank full of single signs has as many words as letters: its middle is replaced as one piece."""
    before, after = full("!?"), full("?!")
    assert len(words(before)) * len(words(after)) > MAX_PAIRS
    assert [piece.kind for piece in difference(before, after)] == ["gone", "new"]


WATCHED = """
import os, sys
def watch(event, args):
    if event.startswith("socket."):
        raise AssertionError(f"{event} {args}")
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+") or event == "os.mkdir":
        raise AssertionError(f"{event} {args}")
sys.dont_write_bytecode = True
sys.addaudithook(watch)
from assessments.texts.words import words
assert "pythainlp" not in sys.modules
assert words("ระบบราชการ") == ["ระบบ", "ราชการ"], words("ระบบราชการ")
assert "pythainlp" in sys.modules
"""


def test_the_dictionary_comes_late_and_touches_neither_network_nor_files(tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
