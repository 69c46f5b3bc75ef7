"""Drafts, tone and stakes: pure functions over the real criteria."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria import scoring
from criteria.catalogue import edition_tree
from criteria.scoring import POLICIES, policy_from
from criteria.structure import LEVELS, PROCESS, RESULTS
from reviews import drafting, stakes
from reviews.decided import agreement
from reviews.tone import tone_faults
from tests import factories


@pytest.fixture
def tree(db):
    return edition_tree(factories.edition())


# --- drafts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "tidied"),
    [
        ("....", ""),
        ("☐ ☐\n.....", ""),
        ("• มีแนวทาง\n• ควรแสดงผล ....", "มีแนวทาง\nควรแสดงผล"),
        ("ตามแนวทางของสำนักงาน ก.พ.ร.", "ตามแนวทางของสำนักงาน ก.พ.ร."),
        ("ควรแสดงผล…", "ควรแสดงผล"),
        ("- เพิ่มขึ้น 1.5 เท่า", "เพิ่มขึ้น 1.5 เท่า"),
    ],
)
def test_bullets_and_dots_of_the_printed_form_go(comment, tidied):
    assert drafting.tidy(comment) == tidied


def test_opportunities_stand_in_the_order_of_the_form_and_keep_their_parts(tree):
    failed = {"6.4.4.1": "สี่", "1.4.4.1": "สอง\n\nหนึ่ง", "1.4.3.1": "หนึ่ง"}
    drafts = drafting.opportunities(tree, failed)
    assert [(draft.code, draft.text, draft.sources) for draft in drafts] == [
        ("ofi:1.4", "หนึ่ง\n\nสอง", ("1.4.3.1", "1.4.4.1")),
        ("ofi:6.4", "สี่", ("6.4.4.1",)),
    ]


COMMENTS = st.text(alphabet="กขคงมีควร ….•\n-", max_size=40)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_failed_part_is_in_the_draft_of_its_topic(django_db_blocker, data):
    with django_db_blocker.unblock():
        tree = edition_tree(factories.edition())
    codes = [part.code for part in tree.process_parts]
    failed = data.draw(st.dictionaries(st.sampled_from(codes), COMMENTS, max_size=12))
    drafts = {draft.code: draft for draft in drafting.opportunities(tree, failed)}
    assert {code for draft in drafts.values() for code in draft.sources} == set(failed)
    for code, comment in failed.items():
        draft = drafts[f"ofi:{tree.place_of_part[code][1].code}"]
        assert not drafting.left_out(comment, draft.text)


def test_what_was_taken_out_leaves_a_trace():
    assert drafting.left_out("มีแนวทาง\n\nควรแสดงผล", "มีแนวทาง แต่ควรแสดงผลลัพธ์") is False
    assert drafting.left_out("มีแนวทาง\n\nควรแสดงผล", "มีแนวทาง") is True
    assert drafting.left_out("....", "") is False


def test_recommendations_are_ticked_where_an_indicator_calls_for_them(tree):
    drafts = drafting.recommendations(
        tree,
        {"7.1.1.1": ["not_challenging"], "7.2.1.1": ["constant", "zero_or_no_data"], "7.3.1.1": ["count"]},
    )
    assert {draft.code: draft.sources for draft in drafts if draft.included} == {
        "advice:1": ("7.3.1.1",),
        "advice:2": ("7.1.1.1",),
        "advice:4": ("7.2.1.1",),
    }
    (results,) = tree.of_kind(RESULTS)
    assert [draft.text for draft in drafts] == list(results.guide.advice)


def topics_that_reached(*reached: str) -> list[dict[str, tuple[int, int]]]:
    """A topic for each: two parts a level, all of them passed up to that level and one of two above it."""
    ranks = [LEVELS.index(level) if level else -1 for level in reached]
    return [
        {level: (2, 2) if place <= rank else (1, 2) for place, level in enumerate(LEVELS)} for rank in ranks
    ]


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        # Half of the parts above a level do not make a topic reach it.
        (
            ["basic", "basic", "basic", "advance"],
            "ผลส่วนใหญ่อยู่ในระดับ Basic (4 จาก 4 หัวข้อถึงระดับนี้) โดย Basic ผ่าน 8 จาก 8 ส่วน",
        ),
        (["", "basic", "advance", "significance"], "ผลส่วนใหญ่อยู่ในระดับ Basic (3 จาก 4 หัวข้อถึงระดับนี้)"),
        (["", "advance", "advance", "significance"], "ผลส่วนใหญ่อยู่ในระดับ Advance (3 จาก 4 หัวข้อถึงระดับนี้)"),
        (["significance", "significance", ""], "ผลส่วนใหญ่อยู่ในระดับ Significance (2 จาก 3 หัวข้อถึงระดับนี้)"),
        (["", "", "basic", "significance"], "ผลส่วนใหญ่ยังไม่ถึงระดับ Basic (2 จาก 4 หัวข้อถึงแล้ว)"),
    ],
)
def test_the_closing_names_the_highest_level_that_most_topics_reached(reached, said):
    assert drafting.closing(topics_that_reached(*reached)).text.startswith(said)


def test_a_level_without_parts_is_left_out_of_the_closing():
    text = drafting.closing([{"basic": (3, 3), "significance": (1, 1)}]).text
    assert text.startswith("ผลส่วนใหญ่อยู่ในระดับ Significance (1 จาก 1 หัวข้อถึงระดับนี้)")
    assert "Advance" not in text


def test_directions_name_each_topic_of_categories_1_to_6_once(tree):
    named = [topic for topics in drafting.DIRECTION_TOPICS.values() for topic in topics]
    expected = [topic.code for category in tree.of_kind(PROCESS) for topic in category.topics]
    assert sorted(named) == sorted(expected)
    drafts = drafting.directions(tree, ["4.1"])
    assert [draft.included for draft in drafts] == [True, False, False]
    assert drafts[0].text.endswith(f"4.1 {tree.topics['4.1'].name_th}")


def test_sections_sort_by_the_report():
    codes = ["direction:1", "closing", "advice:10", "advice:2", "ofi:6.4", "ofi:1.2", "pillar:2", "pillar:1"]
    assert sorted(codes, key=drafting.report_order) == [
        "pillar:1", "pillar:2", "ofi:1.2", "ofi:6.4", "advice:2", "advice:10", "closing", "direction:1",
    ]  # fmt: skip


# --- agreement ---------------------------------------------------------------------------------

MARKS = st.sampled_from(["pass", "fail", "unsure", "", None])


@given(marks=st.lists(MARKS, max_size=4))
def test_reviewers_agree_exactly_on_equal_passes_or_fails(marks):
    agreed = agreement(marks)
    if agreed is None:
        assert not marks or len(set(marks)) > 1 or marks[0] not in ("pass", "fail")
    else:
        assert set(marks) == {agreed}


# --- tone --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "faults"),
    [
        ("มีแนวทางการดำเนินงาน แต่ทั้งนี้ ควรแสดงให้เห็นผลลัพธ์", []),
        ("มีแนวทางแต่ยังไม่เป็นต้นแบบ", []),
        ("มีแผนแล้ว แต่ทั้งนี้ ควรปรับปรุง", []),
        ("ไม่มีข้อมูล", ["nothing"]),
        ("ยังไม่มีผลลัพธ์", ["nothing"]),
        ("ไม่มีการเทียบกับคู่เทียบ ควรแสดงผลของคู่เทียบ", []),
        ("ควรปรับปรุง", ["bare"]),
        ("ควรปรับปรุงให้ดีขึ้น.", ["bare"]),
        ("ควรปรับปรุงระบบเตือนภัยให้ครอบคลุมทุกจังหวัด", []),
        ("ส่วนราชการทำผิด", ["wrong"]),
        ("ตอบผิดข้อ", ["wrong"]),
        ("ควรกำหนดผู้รับผิดชอบ", []),
        ("ควรรายงานความผิดปกติของข้อมูล", []),
        ("ผู้กระทำผิดวินัย ควรแสดงจำนวน", []),
        ("", []),
    ],
)
def test_tone(comment, faults):
    assert tone_faults(comment) == faults


def test_a_reviewer_must_not_be_named():
    assert tone_faults("วิภา เห็นว่ามีแผน แต่ควรแสดงผล", ["วิภา", "สมมติ"]) == ["named"]
    assert tone_faults("มีแผน แต่ควรแสดงผล", ["แผ", ""]) == []


# --- points at stake ---------------------------------------------------------------------------

PROPERTY = settings(max_examples=25, deadline=None)


@PROPERTY
@given(data=st.data(), policy_name=st.sampled_from(sorted(POLICIES)))
def test_a_stake_is_the_difference_of_the_whole_verified_score(django_db_blocker, data, policy_name):
    with django_db_blocker.unblock():
        tree = edition_tree(factories.edition())
    policy = policy_from(policy_name, None)
    codes = [part.code for part in tree.process_parts]
    failed = data.draw(st.sets(st.sampled_from(codes), max_size=60))
    verdicts = {code: "fail" if code in failed else "pass" for code in codes}
    indicators = [
        scoring.Indicator(
            topic=group.code.rsplit(".", 1)[0],
            group=int(group.code[-1]),
            direction="higher_is_better",
            target=Decimal(85),
            results=(Decimal(80), Decimal(84), Decimal(str(result))),
            verdict="pass",
        )
        for group, result in zip(tree.groups, [80, 85, 95, 110, 120] * 6, strict=True)
    ]

    def total(verdicts, indicators) -> Fraction:
        return scoring.verified(tree, policy, verdicts, indicators).total

    code = data.draw(st.sampled_from(codes))
    stake = stakes.part_stake(tree, policy, verdicts, code)
    assert stake.total == total({**verdicts, code: "pass"}, indicators) - total(
        {**verdicts, code: "fail"}, indicators
    )
    place = data.draw(st.integers(0, len(indicators) - 1))
    stake = stakes.indicator_stake(tree, policy, indicators, place)
    failing = [
        scoring.Indicator(**{name: getattr(one, name) for name in one.__slots__} | {"verdict": "fail"})
        if number == place
        else one
        for number, one in enumerate(indicators)
    ]
    assert stake.total == total(verdicts, indicators) - total(verdicts, failing)


def test_v9_one_part_of_a_two_part_item_is_worth_its_share(tree):
    """1.2.2 passed on appeal is + 625/168 of the total."""
    code = next(part.code for part in tree.process_parts if part.code.startswith("1.2.2."))
    stake = stakes.part_stake(tree, policy_from("pmqa40-2565", None), {}, code)
    assert stake.total == Fraction(625, 168)


def test_outstanding_work_is_drafted_from_noted_strengths_under_their_pillar():
    notes = [
        drafting.Strength("1.1.1.1", "เปิดข้อมูลให้ตรวจสอบ", "1"),
        drafting.Strength("4.2.1.1", "ใช้ข้อมูลคาดการณ์", "3"),
        drafting.Strength("4.2.2.1", "• ใช้ข้อมูลคาดการณ์…", "3"),
        drafting.Strength("5.1.1.1", "ยังไม่เลือกด้าน"),
    ]
    first, second, third = drafting.pillars(notes)
    assert (first.code, first.text, first.sources) == ("pillar:1", "เปิดข้อมูลให้ตรวจสอบ", ("1.1.1.1",))
    assert (second.text, second.sources) == ("", ())
    assert (third.text, third.sources) == ("ใช้ข้อมูลคาดการณ์", ("4.2.1.1", "4.2.2.1"))
