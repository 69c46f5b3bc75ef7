"""The small chart of an indicator."""

from decimal import Decimal

from assessments.pages.spark import spark


def test_the_highest_value_stands_highest():
    chart = spark([Decimal(10), Decimal(12), Decimal(11)], target=Decimal(10), direction="higher_is_better")
    heights = [float(point.y) for point in chart.points]
    assert heights[1] < heights[2] < heights[0]
    assert chart.target == chart.points[0].y
    assert [point.is_latest for point in chart.points] == [False, False, True]


def test_a_year_without_data_is_a_gap_and_not_a_zero():
    chart = spark([Decimal(80), None, Decimal(90)], target=None, direction="higher_is_better")
    assert len(chart.points) == 2
    assert chart.lines == ()
    assert chart.target == chart.tip == ""
    assert (
        len(spark([Decimal(80), Decimal(0), Decimal(90)], target=None, direction="higher_is_better").lines)
        == 2
    )


def test_equal_values_lie_in_the_middle_and_nothing_is_drawn_of_nothing():
    chart = spark([Decimal(5)] * 3, target=Decimal(5), direction="higher_is_better")
    assert {point.y for point in chart.points} == {chart.target} == {"25.0"}
    assert spark([None, None, None], target=None, direction="higher_is_better").points == ()


def test_the_tip_points_to_where_better_is():
    def tip(direction):
        chart = spark([Decimal(1)] * 3, target=Decimal(1), direction=direction)
        return float(chart.tip.split()[-1].split(",")[1]) - float(chart.target)

    assert tip("higher_is_better") < 0 < tip("lower_is_better")
