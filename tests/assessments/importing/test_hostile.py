"""Files that no form is: cut anywhere, broken, huge, made to be slow."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.importing import MAX_BYTES, NotAForm, Refused, decode, read_prints
from criteria.reader import read_edition
from criteria.scoring import DEFAULT_POLICY, POLICIES
from tests.prints import make

EDITION = read_edition(make.EDITION)
POLICY = POLICIES[DEFAULT_POLICY]
COMPLETE = make.invent(EDITION)
FORM3 = make.print_form3(EDITION, COMPLETE)
FORM4 = make.print_form4(EDITION, COMPLETE)
BOTH = FORM3 + FORM4
ITEM = "แบบฟอร์มที่ 3\n1.4.4 มีการติดตามผลการดำเนินการตามมาตรการจัดการผลกระทบต่อเศรษฐกิจ สังคม สาธารณสุข สิ่งแวดล้อม\t\t\n"


def _read(text: str):
    return read_prints(EDITION, POLICY, [("print.txt", text)])


def _seconds(text: str) -> float:
    begin = time.process_time()
    with contextlib.suppress(Refused):
        _read(text)
    return time.process_time() - begin


def test_a_full_print_is_read_in_far_less_than_two_seconds():
    assert _seconds(BOTH) < 1.5


@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.77, 0.99])
def test_a_file_cut_anywhere_keeps_every_part_before_the_cut(share):
    text = FORM3[: int(len(FORM3) * share)]
    document = _read(text)
    expected = [(answer.code, dict(answer.fields)) for answer in COMPLETE.answers]
    read = [(part.code, part.fields) for part in document.parts]
    assert read[:-1] == expected[: len(read) - 1]
    assert len(read) > len(expected) * share - 10


def _accounted(text: str, document) -> bool:
    numbers = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    return [line.line for line in document.lines] == numbers


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.tuples(st.integers(0, len(BOTH)), st.integers(0, 400)), min_size=1, max_size=20),
    rubbish=st.text(st.sampled_from("กาผ่านไม่ ...…\t\n[]/☑<p></p>1.2๑)|-%:"), max_size=60),
)
def test_damage_never_breaks_the_reader_and_no_line_is_lost(cuts, rubbish):
    text = BOTH
    for begin, length in cuts:
        text = text[:begin] + rubbish + text[begin + length :]
    try:
        document = _read(text)
    except (Refused, NotAForm):
        return
    assert _accounted(text, document)


@pytest.mark.parametrize(
    "body",
    [
        "\t\t[/]" + "ก" * 400_000,
        "\t\t[/]" + "..." * 100_000,
        "\t\t[/]" + "... ก " * 60_000,
        "\t\t[/]" + "ผลการติดตาม คือ " * 20_000,
        "\t\t[/]" + "...ก... ผลการติดตาม คือ " * 12_000,
        "\t\t[/]เช่น ...\n" + "\t\tผลการติดตาม คือ\n" * 15_000,
        "\t\t[/] ผ่าน\n" * 20_000,
        "\t\t" + "[/]" * 60_000,
        "\t\t" + "[/] ผ่าน " * 20_000,
        "\t\t" + "<p>" * 100_000,
        "\t\t" + "<" * 300_000,
        "\t\t" + "<p class=" * 30_000,
        "\t" * 300_000,
        "|" * 300_000,
        "1.1.1 " * 50_000,
        "ยังไม่ได้ดำเนินการ\tอยู่ระหว่าง\n" * 10_000,
        "ระดับการพัฒนาองค์การสู่การเปนระบบราชกา 4\n" * 10_000,
        "1.4.4 มีการติดตามผลการดำเนินการ\n" * 10_000,
        "\t\t" + "ก\ue003" * 100_000,
        "เ" * 200_000,
        "\u0e48\u0e34" * 100_000,
    ],
    ids=lambda body: repr(body[:14]),
)
def test_time_grows_with_the_size_and_not_with_its_square(body):
    """Twice the text may take twice the time; a reader that is quadratic takes minutes here."""
    assert _seconds(ITEM + body) < 6


@pytest.mark.slow
def test_ten_megabytes_are_read_or_refused_in_time():
    filler = "\t\t[/]...คำตอบสมมติที่ยาวมาก คือ ผลกระทบ ...\n"
    text = ITEM + filler * (10_000_000 // len(filler.encode()))
    assert _seconds(decode(text.encode())) < 60


def test_a_file_larger_than_any_print_is_refused():
    with pytest.raises(NotAForm):
        decode(b"a" * (MAX_BYTES + 1))
