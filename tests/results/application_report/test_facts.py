"""LeTCI and ADLI of what is written, and what of the criteria a report opens."""

import pytest

from criteria.application_report import FILE, read_criteria
from results.application_report.content import copied
from results.application_report.facts import BETTER, MIXED, WORSE, covered, letci, needs_reason
from results.application_report.sections import chapters_of, opened_categories
from results.application_report.words import band_words, chips_of
from tests.criteria import CRITERIA
from tests.results import payloads

UP = {"result_1": "70", "result_2": "75", "result_3": "80"}
PEER = {"peer_result": "78", "peer_name": "หน่วยงานสมมติ"}
CRITERIA_2562 = read_criteria(CRITERIA / FILE)


def chips(**values) -> list[str]:
    return chips_of(letci({"integration": "ตอบแผน"} | values))


def test_a_role_model_has_a_good_trend_and_a_good_comparison():
    assert chips(**UP, **PEER) == ["เข้าข่ายต้นแบบ"]
    assert chips(**UP) == ["ขาด C"]
    assert chips(**UP, peer_result="80") == []


def test_two_years_are_no_trend():
    facts = letci({"result_2": "75", "result_3": "80"} | PEER)
    assert (facts.trend, facts.is_role_model, facts.missing) == ("", False, ("T", "I"))
    assert chips(result_2="75", result_3="80", **PEER) == ["แนวโน้มไม่ครบ 3 ปี"]


@pytest.mark.parametrize(
    ("results", "direction", "trend"),
    [
        (("70", "75", "80"), "", BETTER),
        (("70", "70", "80"), "", BETTER),
        (("70", "85", "80"), "", MIXED),
        (("80", "80", "80"), "", MIXED),
        (("80", "75", "70"), "", WORSE),
        (("12", "9.5", "7"), "lower_is_better", BETTER),
        (("7", "9", "12"), "lower_is_better", WORSE),
        # Zero is a result, nothing is not.
        (("3", "1", "0"), "lower_is_better", BETTER),
        (("3", "", "0"), "lower_is_better", ""),
    ],
)
def test_the_trend_is_that_of_the_direction(results, direction, trend):
    values = dict(zip(UP, results, strict=True)) | {"direction": direction}
    assert letci(values).trend == trend


def test_a_smaller_figure_beats_the_other_where_less_is_better():
    assert letci({"result_3": "7", "peer_result": "9", "direction": "lower_is_better"}).comparison == BETTER
    assert letci({"result_3": "7", "peer_result": "9"}).comparison == WORSE
    assert letci({"result_3": "7"}).comparison == ""


def test_fewer_than_three_years_ask_for_a_reason():
    short = {"result_2": "75", "result_3": "80"}
    assert needs_reason(short)
    assert needs_reason(short | {"reason": "  "})
    assert not needs_reason(short | {"reason": "เริ่มเก็บเมื่อปีก่อน"})
    assert not needs_reason(UP)


def test_only_the_first_two_topics_need_a_comparison_from_band_3_on():
    facts = letci(UP)
    assert band_words(CRITERIA_2562, "7.1", facts) == "7.1 ต้องมีคู่เทียบตั้งแต่ Band 3 (300–450 คะแนน)"
    assert band_words(CRITERIA_2562, "7.6", facts) == ""
    assert band_words(CRITERIA_2562, "7.1", letci(UP | PEER)) == ""


def test_learning_with_one_of_its_two_elements_is_one_of_two():
    assert covered(("e1", "e2"), {"e1": "วงรอบการปรับปรุง", "e2": " "}) == (1, 2)


def opened(award, categories):
    payload = payloads.payload()
    codes = opened_categories(CRITERIA_2562, award, categories)
    base = copied(payload, {}, CRITERIA_2562, award=award, categories=codes)
    return chapters_of(CRITERIA_2562, codes, base)


def test_an_award_for_category_4_opens_it_the_profile_and_its_results_only():
    profile, category, results = opened("categories", ["4"])
    assert (profile.key, category.key, results.key) == ("profile", "4", "results")
    assert {block.code for block in profile.blocks} == {"OP1", "OP2", "OP3"}
    assert [block.code for block in results.blocks] == ["7.6"]
    assert category.is_overall


def test_category_3_has_its_items_with_numbered_questions_and_the_results_of_7_2():
    _profile, category, results = opened("categories", ["3"])
    assert [block.code for block in category.blocks] == ["3.1", "3.2"]
    titles = [section.title for block in category.blocks for section in block.questions]
    assert titles[0].startswith("(1) ")
    assert titles[-1].startswith("(10) ")
    assert category.links == ("7.2 (1)", "7.2 (2)")
    assert [block.code for block in results.blocks] == ["7.2"]


def test_the_whole_award_opens_everything():
    chapters = opened("whole", [])
    assert [chapter.key for chapter in chapters] == ["profile", *"123456", "results"]
    assert [block.code for block in chapters[-1].blocks] == [f"7.{number}" for number in range(1, 7)]
    codes = [section.code for chapter in chapters for section in chapter.sections]
    assert len(codes) == len(set(codes))


def test_the_profile_is_copied_as_a_person_would_have_typed_it():
    profile = opened("categories", ["4"])[0]
    said = {section.code: section.initial["text"] for section in profile.sections}
    by_code = {
        question["code"]: question
        for topic in payloads.payload()["profile"]
        for question in topic["questions"]
    }
    assert said["OP1.mission"] == "\n".join(by_code["OP1.mission"]["value"])
    assert said["OP2.customers"].splitlines()[0] == " | ".join(by_code["OP2.customers"]["value"][0])
    assert (said["OP1.budget"], said["OP1.headcount_date"]) == ("1,284,500", "30 กันยายน 2569")
