from dataclasses import replace
from decimal import Decimal

import pytest

from assessments.advice.indicator_words import advice_text
from assessments.advice.indicators import Row, advise

PLAIN = Row(
    name="ร้อยละความพึงพอใจของผู้รับบริการ",
    unit="ร้อยละ",
    direction="higher_is_better",
    target=Decimal(85),
    results=(Decimal("80.55"), Decimal("84.32"), Decimal("89.69")),
)


def numbers(*values):
    return tuple(None if value is None else Decimal(value) for value in values)


def codes(**changes) -> list[str]:
    return [advice.code for advice in advise(replace(PLAIN, **changes))]


def test_a_sound_indicator_has_no_advice():
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"target": Decimal(80), "results": numbers(100, 100, 90)}, "not_challenging"),
        ({"target": Decimal(100), "results": numbers(100, 100, 100)}, "full_every_year"),
        ({"target": Decimal(90), "results": numbers(90, 90, 90)}, "constant"),
        ({"name": "ระดับความสำเร็จของการจัดทำแผน", "unit": "ระดับ", "target": Decimal(5), "results": numbers(3, 4, 5)},
         "level_of_success"),
        ({"name": "จำนวนครั้งการประชุมคณะทำงาน", "unit": "ครั้ง", "target": Decimal(9), "results": numbers(6, 7, 9)},
         "step_only"),
        ({"name": "จำนวนผู้ใช้ระบบ", "unit": "คน", "target": Decimal(9), "results": numbers(6, 7, 9)}, "count"),
        ({"target": Decimal(5), "results": numbers(0, 0, 9)}, "zero_or_no_data"),
        ({"results": numbers(None, 80, 90)}, "short_history"),
        ({"target": Decimal(238), "results": numbers(1, 2, 3)}, "percent_over"),
        ({"unit": "คน", "target": Decimal("217.5"), "results": numbers(1, 2, 3)}, "not_whole"),
        ({"unit": "ระดับ", "target": Decimal(6), "results": numbers(1, 2, 3)}, "level_range"),
    ],
)  # fmt: skip
def test_each_finding(changes, code):
    assert code in codes(**changes)


def test_a_group_that_asks_for_a_number_gets_a_number():
    row = {"name": "จำนวนรางวัล", "unit": "รางวัล", "target": Decimal(3), "results": numbers(1, 2, 3)}
    assert "count" in codes(**row)
    assert "count" not in codes(**row, group_title="จำนวนรางวัลที่ได้รับจากภายนอก")


def test_no_data_is_not_zero():
    """A-414: a target that is fine against typed zeros is not against a year without data."""
    assert "not_challenging" not in codes(target=Decimal(200), results=numbers(0, 238, 217))
    assert "not_challenging" in codes(target=Decimal(200), results=numbers(None, 238, 217))


def test_the_sentence_names_the_figures_and_never_blocks():
    (advice,) = advise(replace(PLAIN, target=Decimal(80), results=numbers("90.40", "82.10", "89")))
    assert advice.code == "not_challenging"
    assert "82.1" in advice_text(advice)
    assert "86.25" in advice_text(advice)
