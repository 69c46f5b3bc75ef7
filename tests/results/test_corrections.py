"""A result corrected after its publication: both revisions stay, what differs is shown, who is concerned is told."""

import copy

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from pmqa.jobs.services import run_queued
from results import publishing
from results.corrections import Change, difference
from results.models import ResultSheet
from reviews.models import Assignment, Consensus
from tests import factories as base
from tests.results import factories, payloads

REASON = "พิมพ์ผลของ 4.2.2.1 ผิด"


@pytest.fixture
def frozen(administrator):
    return factories.make_published(by=administrator)


@pytest.fixture
def slip(frozen):
    """One mark is other than what was published, and one comment."""
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")


def address(name: str, frozen, *args) -> str:
    return reverse(f"results:{name}", args=[frozen.assessment_id, *args])


# --- the difference ---------------------------------------------------------------------------


def test_equal_payloads_do_not_differ():
    payload = payloads.payload()
    found = difference(payload, copy.deepcopy(payload))
    assert (found.scores, found.outcomes, found.texts) == ((), (), ())


def test_scores_marks_and_texts_that_changed_are_named_and_no_others():
    before = payloads.payload()
    after = copy.deepcopy(before)
    after["scores"]["verified"]["total"] = "401.00"
    topic = after["scores"]["verified"]["categories"][0]["topics"][0]
    topic["score"] = "1.23"
    part = after["categories"][0]["topics"][0]["items"][0]["parts"][0]
    part["outcome"] = "fail" if part["outcome"] == "pass" else "pass"
    after["indicators"][0]["comment"] = "ความเห็นใหม่"
    after["feedback"]["closing"] = "ปิดท้ายใหม่"
    found = difference(before, after)
    old = before["scores"]["verified"]
    assert found.verified == (
        Change("", "", old["total"], "401.00"),
        Change(topic["code"], topic["name"], old["categories"][0]["topics"][0]["score"], "1.23"),
    )
    assert found.claimed == ()
    assert [(change.code, change.after) for change in found.outcomes] == [(part["code"], part["outcome"])]
    assert found.texts == (after["indicators"][0]["code"], "closing")


# --- publishing it ----------------------------------------------------------------------------


@pytest.mark.usefixtures("slip")
def test_the_kind_is_asked_kept_and_logged(frozen, administrator):
    with pytest.raises(Refused, check=lambda refused: refused.code == "kind"):
        publishing.correct(frozen.assessment, kind="appeal", reason=REASON, by=administrator)
    second = publishing.correct(frozen.assessment, kind="arithmetic", reason=REASON, by=administrator)
    assert (second.correction, second.reason) == ("arithmetic", REASON)
    assert LogEntry.objects.get(action="result.corrected").data["kind"] == "arithmetic"


def test_a_first_publication_is_no_correction(frozen):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultSheet.objects.filter(pk=frozen.pk).update(correction="clerical")


# --- who is told ------------------------------------------------------------------------------


@pytest.mark.usefixtures("slip")
def test_lead_auditors_and_agency_are_told_where_and_not_what(frozen, administrator, as_user):
    case = frozen.assessment
    lead, reviewer = base.make_user(), base.make_user()
    category = case.cycle.edition.categories.first()
    Assignment.objects.create(assessment=case, reviewer=lead, category=category, is_lead=True, marks=False)
    Assignment.objects.create(assessment=case, reviewer=reviewer, category=category)
    auditors = [base.make_official("auditor") for _one in range(2)]
    head = base.make_member(case.agency, "head")
    stranger = base.make_member(base.make_agency(), "head")
    client = as_user(administrator)
    assert client.post(address("correct", frozen), {"kind": "clerical", "reason": " "}).status_code == 422
    assert mail.outbox == [], "what was not published is told to nobody"
    client.post(address("correct", frozen), {"kind": "clerical", "reason": REASON})
    told = [message.to[0] for message in mail.outbox]
    assert {lead.email, head.email, *(auditor.email for auditor in auditors)} <= set(told)
    assert not {reviewer.email, stranger.email, administrator.email} & set(told)
    assert len(told) == len(set(told))
    for message in mail.outbox:
        assert str(case.agency) not in message.subject
        assert REASON not in message.body
        assert address("revisions", frozen) in message.body
    for person in (lead, head, auditors[0]):
        assert address("revisions", frozen) in as_user(person).get(reverse("results:index")).content.decode()
    assert (
        address("revisions", frozen) not in as_user(stranger).get(reverse("results:index")).content.decode()
    )


@pytest.mark.usefixtures("slip")
def test_both_revisions_stay_readable_with_what_differs(frozen, administrator, as_user):
    run_queued()
    publishing.correct(frozen.assessment, kind="clerical", reason=REASON, by=administrator)
    member = base.make_member(frozen.assessment.agency, "viewer")
    client = as_user(member)
    page = client.get(address("revisions", frozen))
    text = page.content.decode()
    assert REASON in text
    assert "บันทึกหรือพิมพ์ผิด" in text
    first, second = (line["figures"].verified for line in reversed(page.context["lines"]))
    assert first != second
    tree = reverse("results:explain", args=[frozen.assessment_id, "verified", "total"])
    earlier = address("explain_edition", frozen, 1, "verified", "total")
    assert f'<a class="explained" href="{earlier}">{first}</a>' in text
    assert f'<b><a class="explained" href="{tree}">{second}</a></b>' in text
    assert [change.code for change in page.context["lines"][0]["difference"].outcomes] == ["4.2.2.1"]
    assert page.context["lines"][1]["difference"] is None
    report = client.get(address("edition_file", frozen, 1, "feedback"))
    assert b"".join(report.streaming_content).startswith(b"%PDF")
    assert client.get(address("edition_file", frozen, 2, "feedback")).status_code == 404, "not printed yet"
    assert client.get(address("edition_file", frozen, 3, "feedback")).status_code == 404
