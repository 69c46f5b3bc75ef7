"""The payload: what goes in, what stays out, and that its numbers follow from its leaves."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from assessments.models import Answer, Assessment
from assessments.reading import tree_of
from criteria.scoring import display_score
from criteria.scoring.policy import POLICIES
from pmqa.text import normalise
from results import sheet
from results.explaining import contributions, explain, path_to, rules_for
from results.payload import content_digest, parts_of, rescore, undecided
from reviews.models import Assignment, Consensus, ImportedMark, Verdict
from tests import factories as base
from tests.results import factories

CANARY = "นกคีรีบูนในเหมือง-canary"


def built(assessment: Assessment) -> sheet.Payload:
    return sheet.build(Assessment.objects.with_places().get(pk=assessment.pk), at=timezone.now())


def leaf_marks(payload) -> dict[str, str]:
    return {part["code"]: part["outcome"] for part in parts_of(payload)}


def texts_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from texts_of(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts_of(entry)


def test_it_holds_every_part_indicator_and_profile_question(db):
    assessment = factories.make_decided()
    payload, tree = built(assessment), tree_of(assessment)
    assert [part["code"] for part in parts_of(payload)] == [part.code for part in tree.process_parts]
    assert [entry["code"] for entry in payload["indicators"]] == [f"{part.code}.1" for part in tree.groups]
    asked = [question["code"] for topic in payload["profile"] for question in topic["questions"]]
    assert asked == [part.code for part in tree.profile_parts for _blank in part.fields]
    assert undecided(payload) == []


def test_claimed_counts_claims_and_verified_counts_the_consensus(db):
    assessment = factories.make_decided()
    payload = built(assessment)
    claimed, verified = payload["scores"]["claimed"], payload["scores"]["verified"]
    assert [row["score"] for row in claimed["categories"][:6]] == ["500.00"] * 6
    # 1.2.2 is one of two Basic items of 1.2, 4.2.2 one of two Advance items of 4.2.
    scores = {topic["code"]: topic["score"] for row in verified["categories"] for topic in row["topics"]}
    levels = {
        topic["code"]: (topic["shares"], topic["level"])
        for row in verified["categories"][:6]
        for topic in row["topics"]
    }
    assert scores["4.2"] == display_score(Fraction(500, 12) * (3 + 2 + 5))
    assert levels["4.2"] == ({"basic": "1", "advance": "1/2", "significance": "1"}, "basic")
    assert scores["1.1"] == "500.00"
    marks = leaf_marks(payload)
    assert {code for code, outcome in marks.items() if outcome == "fail"} == set(factories.FAILED)


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_the_leaves_of_every_number_sum_to_it(db, policy):
    cycle = base.make_cycle(policy={"name": policy, "parameters": {}})
    payload = built(factories.make_decided(cycle=cycle, failed=("1.1.1.1", "4.2.2.1", "7.1.1", "7.4.2")))
    for basis in ("claimed", "verified"):
        tree = payload["trees"][basis]
        assert contributions(tree) == Fraction(tree["value"])
        assert display_score(contributions(tree)) == payload["scores"][basis]["total"]
        for row in payload["scores"][basis]["categories"]:
            for scored in (row, *row["topics"]):
                step = explain(payload, basis, scored["code"])
                assert step.value == scored["score"]
                assert sum(leaf.points for leaf in step.leaves) == Fraction(step.exact) == step.points
                assert sum(inner.points for inner in step.steps) == step.points
                assert step.possible == 500


def test_a_gated_level_is_told_as_not_counted(db):
    cycle = base.make_cycle(policy={"name": "ladder", "parameters": {}})
    payload = built(factories.make_decided(cycle=cycle, failed=("4.2.1.1",)))
    step = explain(payload, "verified", "4.2")
    assert [(level.code, level.counted, level.points) for level in step.steps] == [
        ("basic", True, 0),
        ("advance", False, 0),
        ("significance", False, 0),
    ]
    assert {leaf.possible for level in step.steps[1:] for leaf in level.leaves} == {None}
    assert step.sum_text == "500 × (3/5 × 0)"


def test_explain_names_the_way_down_and_knows_no_other_number(db):
    payload = built(factories.make_decided())
    step = explain(payload, "verified", "4.2")
    failed = [leaf for leaf in step.leaves if leaf.possible is not None and leaf.points < leaf.possible]
    assert [(leaf.code, leaf.outcome, leaf.comment, leaf.topic) for leaf in failed] == [
        ("4.2.2.1", "fail", factories.COMMENT, "4.2")
    ]
    assert step.sum_text == "500 × (1/4 × 1 + 1/3 × 1/2 + 5/12 × 1)"
    assert rules_for(step) == ("weights", "gated", "started_credit")
    indicator = explain(payload, "claimed", "7.1.1.1")
    assert (indicator.value, indicator.topic, indicator.node["percent_display"]) == ("400.00", "7.1", "105.5")
    assert "bands" in rules_for(indicator)
    assert path_to("7.1.1.1") == ("total", "7", "7.1")
    assert path_to("total") == ()
    for code in ("4.2.2", "4.2.2.1", "basic", "8", "", "7.1.1.9"):
        assert explain(payload, "verified", code) is None
    assert explain(payload, "provisional", "total") is None


def test_nothing_of_the_reviewers_goes_in(db):
    assessment = factories.make_decided()
    reviewer = base.make_user(first_name=CANARY, last_name=CANARY)
    answer = base.answer_of(assessment, "4.2.2.1")
    category = answer.part.item.topic.category
    assignment = Assignment.objects.create(
        assessment=assessment, category=category, reviewer=reviewer, is_lead=True
    )
    Verdict.objects.create(
        answer=answer,
        assignment=assignment,
        outcome="fail",
        comment=CANARY,
        internal_note=CANARY,
        judged_version=1,
        updated_at=timezone.now(),
    )
    Consensus.objects.filter(answer=answer).update(
        decided_by=reviewer, basis=Consensus.Basis.LEAD, reason=CANARY
    )
    assessment.feedback.update(updated_by=reviewer, draft=CANARY)
    assessment.feedback.filter(code="closing").update(included=False, text=CANARY)
    payload = built(assessment)
    assert [text for text in texts_of(payload) if CANARY in text or reviewer.email in text] == []
    # How a mark came about would tell how many judged, and whether they agreed.
    assert {part["basis"] for part in parts_of(payload)} == {"consensus"}


def test_texts_are_normalised_even_where_an_administrator_typed_them(db):
    agency = base.make_agency(name="สำ\u200bนักงานนำ\u0e49สมมติ")
    payload = built(factories.make_decided(agency=agency))
    assert payload["agency"]["name"] == normalise(agency.name) != agency.name
    assert all(normalise(text) == text for text in texts_of(payload))


def test_feedback_is_in_form_order_and_only_what_is_printed(db):
    assessment = factories.make_decided()
    feedback = assessment.feedback
    feedback.create(code="ofi:1.2", text="หัวข้อก่อน", sources=["1.2.2.1"])
    feedback.create(code="advice:10", text="ข้อสิบ")
    feedback.create(code="advice:2", text="ข้อสอง")
    feedback.create(code="pillar:2", text="  \n")
    texts = built(assessment)["feedback"]
    assert [(entry["code"], entry["parts"]) for entry in texts["ofi"]] == [
        ("ofi:1.2", ["1.2.2.1"]),
        ("ofi:4.2", ["4.2.2.1"]),
    ]
    assert [entry["code"] for entry in texts["advice"]] == ["advice:1", "advice:2", "advice:10"]
    assert [entry["title"] for entry in texts["pillars"]] == ["เปิดกว้างและเชื่อมโยงกัน"]
    assert texts["closing"] == factories.TEXTS["closing"]


def test_removed_indicators_are_not_in_it(db):
    assessment = factories.make_decided()
    gone = assessment.answers.get(part__code="7.1.1")
    Answer.objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    assert "7.1.1.1" not in [entry["code"] for entry in built(assessment)["indicators"]]


def test_building_takes_four_queries(db, django_assert_num_queries):
    assessment = factories.make_decided()
    built(assessment)
    place = Assessment.objects.with_places().get(pk=assessment.pk)
    with django_assert_num_queries(4):
        sheet.build(place, at=timezone.now())


def test_the_same_rows_give_the_same_digest_at_any_moment(db):
    assessment = factories.make_decided()
    early = sheet.build(assessment, at=timezone.now())
    late = sheet.build(assessment, at=timezone.now() + timedelta(days=3))
    assert early != late
    assert content_digest(early) == content_digest(late)


def test_rescoring_a_stored_payload_gives_the_same_scores_and_trees(db):
    assessment = factories.make_decided()
    payload = built(assessment)
    again = rescore(payload, tree_of(assessment))
    assert again == {"scores": payload["scores"], "trees": payload["trees"]}


def test_a_partial_sheet_holds_what_the_print_held(db, assessment):
    part = base.answer_of(assessment, "1.2.2.1")
    Answer.objects.filter(pk=part.pk).update(claim="done", values={"policy": "นโยบายสมมติ"})
    for answer, outcome in ((part, "pass"), (base.answer_of(assessment, "1.2.1.1"), "fail")):
        ImportedMark.objects.create(
            answer=answer,
            outcome=outcome,
            comment="จากแบบพิมพ์",
            source="invented.pdf",
            printed_on=date(2022, 9, 16),
            imported_at=timezone.now(),
        )
    payload = sheet.partial_payload(Assessment.objects.with_places().get(pk=assessment.pk))
    assert payload["partial"] is True
    assert (payload["submission"], payload["published_at"]) == (None, None)
    marks = {part["code"]: (part["outcome"], part["basis"]) for part in parts_of(payload)}
    assert marks == {"1.2.1.1": ("fail", "imported"), "1.2.2.1": ("pass", "imported")}
    assert payload["indicators"] == []
    verified = {row["code"]: row["score"] for row in payload["scores"]["verified"]["categories"]}
    assert verified["2"] == verified["7"] == "0.00"
    assert Fraction(payload["trees"]["verified"]["value"]) > 0
