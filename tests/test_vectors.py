"""The agreed examples of who may do what and when, V1 to V16: those of no single module, and that all of them exist.

The others stand beside what they are about, under names that begin with `test_v` and the number.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from assessments.models import Assessment, Cycle
from pmqa.accounts.models import LogEntry, Membership
from pmqa.errors import Refused
from results.models import ResultSheet
from reviews.models import Assignment
from reviews.services import assigning
from tests import factories
from tests.reviews import cases

TESTS = Path(__file__).parent
# A ticket (V7: five days without an answer, and the mark goes on) is not part of the product yet.
VECTORS = {number for number in range(1, 17) if number != 7}


def test_every_vector_has_a_test_that_says_it_in_words():
    names = [
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_v\d+_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    told = {int(re.match(r"test_v(\d+)_", name)[1]) for name in names}
    assert told >= VECTORS, VECTORS - told


@pytest.mark.django_db
def test_v4_a_reviewer_from_the_same_ministry_is_refused_by_name_of_the_rule(administrator):
    lead, reviewer = factories.make_user(), factories.make_user()
    case = cases.submitted_case()
    sister = factories.make_agency(ministry=case.agency.ministry)
    Membership.objects.create(user=reviewer, agency=sister, role="viewer")
    with pytest.raises(Refused, match="ข้อ 1"):
        assigning.assign(case, reviewers=[reviewer], lead=lead, lead_marks=True, by=administrator)
    assert not Assignment.objects.filter(assessment=case).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("office", ["officer", "auditor"])
@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}])
def test_v11_an_official_who_writes_an_answer_is_refused_and_the_agency_reads_of_it(as_user, office, headers):
    case = factories.make_assessment(complete=True)
    factories.hand_over(case)
    person = factories.make_official(office)
    before = factories.answer_of(case, "1.1.1.1").values
    url = reverse("assessments:save_part", args=[case.pk, "1.1.1.1"])
    reply = as_user(person).post(url, {"version": "1", "claim": "done"}, headers=headers)
    assert reply.status_code == 403
    assert factories.answer_of(case, "1.1.1.1").values == before
    entry = LogEntry.objects.get(action="answer.write_refused")
    assert (entry.agency, entry.actor, entry.data) == (case.agency, person, {"place": "1.1.1.1"})


@pytest.mark.django_db
def test_v11_an_indicator_likewise_and_a_members_own_slip_is_not_noted(as_user, officer):
    case = factories.make_assessment(complete=True)
    factories.hand_over(case)
    url = reverse("assessments:save_indicator", args=[case.pk, factories.answer_of(case, "7.1.1").pk])
    viewer = factories.make_member(case.agency, "viewer")
    for person in (viewer, officer):
        assert as_user(person).post(url, {"version": "1", "name": "ชื่อใหม่"}).status_code == 403
    assert LogEntry.objects.get(action="answer.write_refused").actor == officer


def cycle_form(cycle: Cycle, **changed) -> dict[str, str]:
    times = {
        f"{name}_{part}": value
        for name in ("opens_at", "closes_at", "review_closes_at")
        for part, value in zip((0, 1), f"{getattr(cycle, name):%Y-%m-%d %H:%M:%S}".split(), strict=True)
    }
    fields = {"name": cycle.name, "year": cycle.year, "edition": cycle.edition_id, "track": cycle.track}
    fixed = {
        "least_reviewers": 1,
        "ticket_days": 5,
        "ticket_limit": 5,
        "appeal_days": 0,
        "extra_holidays": "[]",
        "policy_name": "pmqa40-2565",
        "policy_parameters": "{}",
    }
    return {name: str(value) for name, value in (fields | times | fixed | changed).items()}


@pytest.mark.django_db
def test_v14_a_changed_policy_is_for_later_cycles_only(as_user, administrator, cycle):
    factories.make_assessment(cycle=cycle)
    client = as_user(administrator)
    changed = {"policy_parameters": '{"started_credit": "0.5"}'}
    edit = reverse("admin:assessments_cycle_change", args=[cycle.pk])
    client.get(edit)
    client.post(edit, cycle_form(cycle, name="ชื่อใหม่", **changed))
    running = Cycle.objects.get(pk=cycle.pk)
    assert (running.policy, running.name) == (cycle.policy, "ชื่อใหม่")
    reply = client.post(
        reverse("admin:assessments_cycle_add"), cycle_form(cycle, year=cycle.year + 1, **changed)
    )
    assert reply.status_code == 302, re.findall(r"errorlist[^>]*>.*?</ul>", reply.content.decode(), re.DOTALL)
    later = Cycle.objects.get(year=cycle.year + 1)
    assert later.policy == {"name": "pmqa40-2565", "parameters": {"started_credit": "0.5"}}


@pytest.mark.django_db
def test_v16_who_did_not_submit_is_listed_as_that_and_is_no_zero_anywhere(as_user, administrator):
    late = factories.make_assessment(complete=True)
    past = late.cycle.opens_at + timedelta(days=1)
    Cycle.objects.filter(pk=late.cycle_id).update(closes_at=past)
    client = as_user(administrator)
    missed = client.get(reverse("reviews:cases"), {"status": "missed"})
    assert [line.state_name for line in missed.context["lines"]] == ["ไม่ส่ง"]
    assert not ResultSheet.objects.filter(assessment=late).exists()
    compared = client.get(reverse("reviews:cycle_weighing"), {"cycle": late.cycle_id})
    assert not compared.context["balance"].cases
    for person in (administrator, factories.make_official("executive")):
        assert str(late.agency) not in as_user(person).get(reverse("results:index")).content.decode()
    assert Assessment.objects.get(pk=late.pk).status == "drafting"
