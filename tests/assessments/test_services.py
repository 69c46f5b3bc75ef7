import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Status
from assessments.services import answers, indicators, submission
from pmqa.accounts import log
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from tests import factories


def test_a_new_assessment_has_one_answer_for_every_part_and_none_for_groups(assessment):
    codes = list(assessment.answers.values_list("part__code", flat=True))
    assert len(codes) == len(set(codes)) == 130 + 25


def test_starting_twice_gives_the_same_assessment(cycle, agency, coordinator):
    first = answers.start(cycle, agency, by=coordinator)
    assert answers.start(cycle, agency, by=coordinator) == first


def test_the_second_of_two_writers_sees_what_the_first_saved(assessment, coordinator):
    answer = factories.answer_of(assessment, "1.1.2.1")
    save = {"claim": "done", "category": "1", "by": coordinator}
    answers.save_answer(answer, version=0, values={"detail": "ของคนแรก"}, **save)
    with pytest.raises(Conflict) as conflict:
        answers.save_answer(answer, version=0, values={"detail": "ของคนที่สอง"}, **save)
    assert conflict.value.current.values == {"detail": "ของคนแรก"}
    assert conflict.value.current.version == 1


def test_ten_saves_by_one_person_are_one_revision_and_another_person_starts_another(assessment, coordinator):
    owner = factories.make_member(assessment.agency, "owner", categories=["1"])
    answer = factories.answer_of(assessment, "1.1.2.1")
    for version in range(10):
        answers.save_answer(
            answer,
            version=version,
            claim="done",
            values={"detail": str(version)},
            category="1",
            by=coordinator,
        )
    answers.save_answer(answer, version=10, claim="done", values={"detail": "เจ้าภาพ"}, category="1", by=owner)
    assert [revision.content["values"]["detail"] for revision in answer.revisions.all()] == ["เจ้าภาพ", "9"]


def test_saving_the_same_again_makes_no_new_version(assessment, coordinator):
    answer = factories.answer_of(assessment, "1.1.2.1")
    save = {"claim": "done", "values": {"detail": "เดิม"}, "category": "1", "by": coordinator}
    saved = answers.save_answer(answer, version=0, **save)
    assert answers.save_answer(saved, version=1, **save).version == 1


def test_an_owner_writes_only_the_categories_of_the_role(assessment):
    owner = factories.make_member(assessment.agency, "owner", categories=["1"])
    answer = factories.answer_of(assessment, "2.1.1.1")
    with pytest.raises(PermissionDenied):
        answers.save_answer(answer, version=0, claim="done", values={}, category="2", by=owner)
    assert factories.answer_of(assessment, "2.1.1.1").version == 0


def test_nothing_is_written_after_the_closing_time(assessment, coordinator):
    assessment.cycle.closes_at = timezone.now() - timezone.timedelta(seconds=1)
    assessment.cycle.save()
    answer = factories.answer_of(assessment, "1.1.2.1")
    with pytest.raises(Refused) as refused:
        answers.save_answer(
            answer, version=0, claim="done", values={"detail": "สาย"}, category="1", by=coordinator
        )
    assert refused.value.code == "closed"
    assert factories.answer_of(assessment, "1.1.2.1").values == {}


def test_a_topic_takes_five_indicators_and_a_group_three(assessment, coordinator):
    for group in ("7.1.1", "7.1.1", "7.1.1"):
        indicators.add_indicator(assessment, group, by=coordinator)
    with pytest.raises(Refused) as refused:
        indicators.add_indicator(assessment, "7.1.1", by=coordinator)
    assert refused.value.code == "group_over"
    for group in ("7.1.2", "7.1.4"):
        indicators.add_indicator(assessment, group, by=coordinator)
    with pytest.raises(Refused) as refused:
        indicators.add_indicator(assessment, "7.1.5", by=coordinator)
    assert refused.value.code == "topic_over"


def test_a_removed_indicator_can_be_brought_back(assessment, coordinator):
    answer = indicators.add_indicator(assessment, "7.1.1", by=coordinator).answer
    removed = indicators.remove_indicator(answer, version=0, category="7", by=coordinator)
    assert not assessment.answers.present().filter(pk=answer.pk).exists()
    indicators.restore_indicator(removed, version=1, category="7", by=coordinator)
    assert assessment.answers.present().filter(pk=answer.pk).exists()


def test_submission_freezes_what_was_written_with_time_edition_policy_and_hash(agency, cycle, head):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    frozen = factories.hand_over(assessment, by=head)
    assert frozen.content["parts"]["1.1.2.1"]["claim"] == "done"
    assert len(frozen.content["indicators"]) == 30
    assert frozen.content["edition"]["code"] == "pmqa40-2565"
    assert frozen.content["policy"]["name"] == "pmqa40-2565"
    assert len(frozen.digest) == 64
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED
    assert assessment.submitted_at == frozen.submitted_at


def test_submitting_twice_is_one_submission(agency, cycle, head):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    assert factories.hand_over(assessment, by=head) == submission.submit(assessment, by=head)
    assert assessment.changes.filter(to_status="submitted").count() == 1


def test_submission_with_gaps_is_refused_and_changes_nothing(assessment, head):
    with pytest.raises(Refused) as refused:
        factories.await_head(assessment)
    assert refused.value.code == "gaps"
    assessment.refresh_from_db()
    assert assessment.status == Status.DRAFTING


def test_what_changed_after_the_head_looked_is_not_submitted(agency, cycle, head):
    assessment = factories.await_head(factories.make_assessment(agency=agency, cycle=cycle, complete=True))
    with pytest.raises(Refused) as refused:
        submission.submit(assessment, by=head, seen_digest="0" * 64)
    assert refused.value.code == "changed"


def test_only_the_head_submits(agency, cycle, coordinator):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    with pytest.raises(PermissionDenied):
        submission.submit(assessment, by=coordinator)


def test_every_move_is_in_the_chained_log(agency, cycle, head):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    frozen = factories.hand_over(assessment, by=head)
    entry, *earlier = LogEntry.objects.filter(action="assessment.status_changed")
    assert entry.data == {
        "from": "awaiting_head", "to": "submitted", "digest": frozen.digest, "capacity": "head",
    }  # fmt: skip
    assert [step.data["to"] for step in earlier] == ["awaiting_head", "internal_check"]
    assert log.broken_links() == []
    LogEntry.objects.filter(pk=entry.pk).update(actor_name="คนอื่น")
    assert entry.pk in log.broken_links()
