import pytest

from pmqa.numbers import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("๑๒", 12), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_read(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", [None, "", "-1", "1.5", "1e3", "²", "1_000", " 1", "9" * 19, "9" * 5000])
def test_what_is_none_or_too_long_is_no_number(text):
    assert whole(text) is None
