import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmqa.text import length, normalise

CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F)]
THAI = st.text(st.characters(min_codepoint=0x0E00, max_codepoint=0x0E5B), max_size=30)
MARKS = st.text(
    st.sampled_from("กน" + "\u0e31\u0e32\u0e33\u0e34\u0e38\u0e3a\u0e40\u0e47\u0e48\u0e49\u0e4c\u0e4d\u200b")
)


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("น\u0e4dา", "นำ"),
        ("น\u0e4d\u0e49า", "น้ำ"),
        ("น\u0e49\u0e4dา", "น้ำ"),
        ("น\u0e33\u0e49", "น้ำ"),
        ("เเผน", "แผน"),
        ("ท\u0e48\u0e35", "ที่"),
        ("พันธ\u0e4c\u0e38", "พันธุ์"),
        ("ส\u0e34ทธ\u0e4c\u0e34", "สิทธิ์"),
        ("น\u200b\u0e49\u0e4d\u200bา", "น้ำ"),
        ("เ\u200bเผน", "แผน"),
    ],
)
def test_one_code_order_for_one_look(pasted, stored):
    assert normalise(pasted) == stored


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n"])
def test_every_line_end_becomes_a_newline(ending):
    assert normalise(f"บรรทัดแรก{ending}บรรทัดสอง") == "บรรทัดแรก\nบรรทัดสอง"


@pytest.mark.parametrize(
    "hidden",
    [
        *"\x00\x07\x1b\x1c\x7f\x9f",
        *"\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f\u034f\u3164\u2800",
        *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        *"\ud800\ufffe\ufdd0\U0001ffff\U000e0041\U000e0100",
    ],
)
def test_what_nobody_can_see_is_not_stored(hidden):
    assert normalise(f"ก่อน{hidden}หลัง") == "ก่อนหลัง"


def test_letters_of_old_fonts_become_thai_letters():
    shifted = "".join(chr(code) for code in range(0xF700, 0xF71B))
    assert "".join(normalise("ก" + glyph)[1:] for glyph in shifted) == (
        "ฐ\u0e34\u0e35\u0e36\u0e37" + 2 * "\u0e48\u0e49\u0e4a\u0e4b\u0e4c" + "ญ\u0e31\u0e4d\u0e47"
        "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a"
    )
    assert normalise("ป\uf710\uf70eญหา") == "ปั์ญหา"


@pytest.mark.parametrize(
    "good",
    [
        "",
        "  เว้นวรรค   ข้างใน\tและแท็บ \n\n\nบรรทัดว่าง  ",
        "ร้อยละ ๙๒.๕ จาก 1,284 ราย ฯลฯ ๆ ฿ ๏ ๚ ๛",
        "ก็ เก๋ไก๋ จ๋าจ๊ะ โต๊ะ น้ำ ก้ำกึ่ง ค่ำ ถ้ำ ฉ่ำ ชี้ซ้ำ พันธุ์ สิทธิ์ ฎีกา ญาณ ฐาน ฤๅษี พฺรหฺม พุทฺธํ",
        "e-Service “คำพูด” – — … • ☐ ☑ ✓ ≥ ≤ → ×\u00a0% Ω 中文 عربي 😀",
    ],
)
def test_good_text_is_stored_as_it_is(good):
    assert normalise(good) == good


def test_every_syllable_stays_and_every_scrambled_syllable_comes_back():
    for consonant in CONSONANTS:
        for tone in ["", *"\u0e48\u0e49\u0e4a\u0e4b"]:
            for vowel in "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39":
                assert normalise(consonant + vowel + tone) == consonant + vowel + tone
                assert normalise(consonant + tone + vowel) == consonant + vowel + tone
            for scrambled in (
                f"\u0e33{tone}",
                f"\u0e4d{tone}\u0e32",
                f"{tone}\u0e4d\u0e32",
                f"{tone}\u0e33",
            ):
                assert normalise(consonant + scrambled) == consonant + tone + "\u0e33"


def test_latin_is_composed():
    assert normalise("cafe\u0301") == "café"


def test_length_counts_what_is_stored():
    assert length("น\u0e4d\u0e49า\r\n\u200b") == len("น้ำ\n") == 4


@given(st.text(max_size=60) | THAI | MARKS)
def test_normalising_twice_changes_nothing(text):
    stored = normalise(text)
    assert normalise(stored) == stored
    assert length(text) == len(stored)


@given(st.text(max_size=60) | MARKS)
def test_stored_text_is_canonical_and_free_of_controls(text):
    stored = normalise(text)
    assert unicodedata.is_normalized("NFC", stored)
    assert all(
        unicodedata.category(character) not in ("Cc", "Cs") for character in stored if character not in "\n\t"
    )
    stored.encode()


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("\n\tกขคงๆฯ๑๒")))
def test_plain_text_is_never_changed(text):
    assert normalise(text) == text


@pytest.mark.parametrize("heap", ["่ิ", "ำ่", "ํา่", "\u0323\u0301", "ํ่า", "เ", "ุ๋", "่\x01"])
def test_a_heap_of_marks_takes_no_time_and_ends(heap):
    """A pasted heap must not keep a server busy: the work grows with the length, not with its square."""
    text = normalise("ก" + heap * 100_000)
    assert normalise(text) == text
    assert text.startswith("ก")
