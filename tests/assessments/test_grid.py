"""Who owns which topic, and how far it is."""

from django.urls import reverse

from assessments.services import answers, threads
from tests import factories
from tests.assessments.test_threads import say


def test_empty_draft_and_ready_topics_with_owner_change_and_comments(
    assessment, agency, coordinator, as_user
):
    owner = factories.make_member(agency, "owner", categories=["1", "7"])
    former = factories.make_member(agency, "owner", categories=["1"])
    former.memberships.update(ends_on="2020-01-01")
    answer = factories.answer_of(assessment, "1.1.2.1")
    answers.save_answer(answer, version=0, claim="started", values={}, category="1", by=owner)
    say(answer, coordinator)
    taken = say(answer, coordinator)
    threads.remove_comment(taken, by=coordinator)
    client = as_user(coordinator)
    groups = client.get(reverse("assessments:grid", args=[assessment.pk])).context["groups"]
    rows = {row.topic.code: row for group in groups for row in group.rows}
    assert len(rows) == 33
    assert (rows["1.1"].state, rows["1.1"].who, rows["1.1"].comments) == ("draft", str(owner), 1)
    assert (rows["1.2"].state, rows["1.2"].at) == ("empty", None)
    assert [group.owners for group in groups] == [[str(owner)], [], [], [], [], [], [str(owner)], []]


def test_a_complete_assessment_is_ready_everywhere(agency, cycle, coordinator, as_user):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    page = as_user(coordinator).get(reverse("assessments:grid", args=[assessment.pk]))
    assert [number for _words, number in page.context["tally"]] == [0, 0, 30]
