"""What stands beside the items of Form 3: the facts of the profile that they ask about, and the results they lead to.

Proves that category 3 lists the indicators of 7.2 and the agency's groups of customers, that 5.4.2 shows the core
competencies to the writer and to the reviewer, and that the lessons of past assessments stand above category 7.
"""

import pytest
from django.urls import reverse

from assessments.models import Answer
from assessments.pages.companions import FACTS_OF_CATEGORY, FACTS_OF_ITEM, RESULTS_OF
from assessments.reading import tree_of
from tests import factories
from tests.criteria import edition_2565
from tests.reviews import cases

LESSON = "ควรเป็นร้อยละ หรือสัดส่วนผลการดำเนินงาน"


def fill_profile(assessment) -> None:
    rows = Answer.objects.filter(assessment=assessment)
    rows.filter(part__code="OP2.customers").update(values={"customers": [["เกษตรกรรายย่อย", "ข้อมูลน้ำ"]]})
    rows.filter(part__code="OP1.core_competencies").update(values={"core_competencies": ["วิเคราะห์ข้อมูลน้ำ"]})


@pytest.fixture
def full(agency, cycle):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    fill_profile(assessment)
    return assessment


def test_category_3_shows_its_customers_and_the_indicators_of_7_2(
    full, coordinator, as_user, django_assert_max_num_queries
):
    browser, url = as_user(coordinator), reverse("assessments:topic", args=[full.pk, "3.4"])
    browser.get(url)
    with django_assert_max_num_queries(12):
        page = browser.get(url)
    companions = page.context["companions"]
    assert "เกษตรกรรายย่อย | ข้อมูลน้ำ" in companions.facts[0].lines
    (result,) = companions.results
    assert [code for code, _name, _url in result.indicators] == [f"7.2.{group}.1" for group in range(1, 6)]
    html = page.content.decode()
    for _code, name, url in result.indicators:
        assert name in html
        assert f'href="{url}"' in html


def test_what_is_not_written_yet_says_so(agency, cycle, coordinator, as_user):
    empty = factories.make_assessment(agency=agency, cycle=cycle)
    html = as_user(coordinator).get(reverse("assessments:topic", args=[empty.pk, "3.1"])).content.decode()
    assert "ยังไม่ระบุ" in html
    assert "ยังไม่มีตัวชี้วัด" in html


def test_5_4_2_shows_the_core_competencies_to_writer_and_reviewer(as_user, agency, cycle, coordinator):
    reviewer, lead = factories.make_user(), factories.make_user()
    case = cases.open_case(reviewer, lead=lead, agency=agency, cycle=cycle)
    fill_profile(case)
    written = as_user(coordinator).get(reverse("assessments:topic", args=[case.pk, "5.4"]))
    (view,) = (view for view in written.context["items"] if view.item.code == "5.4.2")
    assert [facts.lines for facts in view.facts] == [("วิเคราะห์ข้อมูลน้ำ",)]
    marked = as_user(reviewer).get(reverse("reviews:topic", args=[case.pk, "5.4"]))
    shown = {entry.mark.code: entry.facts for entry in marked.context["entries"]}
    assert [facts.lines for facts in shown["5.4.2.2"]] == [("วิเคราะห์ข้อมูลน้ำ",)]
    assert not shown["5.4.1.1"]
    assert "วิเคราะห์ข้อมูลน้ำ" in marked.content.decode()


def test_every_place_that_is_named_is_one_of_the_edition():
    tree = edition_2565()
    items = {item.code for topic in tree.topics.values() for item in topic.items}
    assert set(FACTS_OF_ITEM) <= items
    for codes in (*FACTS_OF_CATEGORY.values(), *FACTS_OF_ITEM.values()):
        assert set(codes) <= set(tree.parts)
    assert {code for codes in RESULTS_OF.values() for code in codes} == {
        f"7.{number}" for number in range(1, 7)
    }


def test_the_lessons_of_past_assessments_stand_above_the_indicators(full, coordinator, as_user):
    html = as_user(coordinator).get(reverse("assessments:topic", args=[full.pk, "7.3"])).content.decode()
    assert LESSON in html
    assert all(
        line in html for category in tree_of(full).of_kind("results") for line in category.guide.advice
    )
