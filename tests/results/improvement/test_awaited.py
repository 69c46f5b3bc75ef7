"""The list of what waits in the plans of all agencies: who sees which of them, in which order, and what leaves it."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import count

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, Status
from pmqa.accounts.models import LogEntry, Membership
from pmqa.thai import BANGKOK
from results.improvement import following
from results.improvement.models import Card, FollowUp, Plan, Progress
from results.improvement.months import round_of
from reviews.models import Assignment
from tests import factories as base
from tests.results.factories import make_cycle_of
from tests.results.improvement.conftest import make_lead

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 10)
LIST = reverse("results:follow_ups")
years = count(2900)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(_noon(TODAY), tick=False):
        yield


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BANGKOK)


@pytest.fixture
def cycle(db):
    return make_cycle_of(next(years))


def make_plan(cycle, *, published: date, cards: int = 1, agency=None) -> Plan:
    """Of a published result, without its sheet: the list never reads one."""
    agency = agency or base.make_agency()
    case = Assessment.objects.create(cycle=cycle, agency=agency, status=Status.REPORT_ISSUED)
    plan = Plan.objects.create(assessment=case, published_at=_noon(published))
    Card.objects.bulk_create(
        Card(plan=plan, source=f"part:1.1.1.{number}", category="1", topic="1.1", title="ผลลัพธ์")
        for number in range(cards)
    )
    return plan


def send(plan: Plan, months: int, *, on: date) -> FollowUp:
    found = FollowUp(plan=plan, months=months, submitted_at=_noon(on), submitted_by_name="ผู้ประสานงานสมมติ")
    cards = list(plan.cards.all())
    said = [(card, Progress(text="ทำแล้ว")) for card in cards]
    following.freeze(found, plan, round_of(plan.published_at, months), said)
    found.save()
    return found


def listed(browser, **chosen) -> list:
    return browser.get(LIST, chosen).context["lines"]


# Half a year and more ago: its first follow-up was due on 2 March.
PUBLISHED = date(2026, 8, 2)


def test_what_waits_longest_stands_first_and_leaves_with_its_last_reply(cycle, officer, as_user):
    later, first = (make_plan(cycle, published=PUBLISHED, cards=2) for _plan in range(2))
    send(later, 6, on=TODAY - timedelta(days=1))
    sent = send(first, 6, on=TODAY - timedelta(days=9))
    lead = make_lead(first.assessment)
    browser = as_user(officer)
    lines = listed(browser)
    assert [line.assessment.agency for line in lines] == [first.assessment.agency, later.assessment.agency]
    assert [(line.days, line.months, line.replied, line.who) for line in lines] == [
        (9, "6 เดือน", 0, str(lead)),
        (1, "6 เดือน", 0, "เจ้าหน้าที่ประจำเรื่อง"),
    ]
    assert [line.is_late for line in lines] == [False, True]
    left = []
    for card in first.cards.all():
        following.reply(card, months=6, version=0, verdict="enough", comment="", by=lead)
        left.append([line.replied for line in listed(browser)])
    assert left == [[1, 0], [0]]
    assert sent.replies.count() == 2


def test_what_is_overdue_is_in_the_order_of_its_days(cycle, officer, as_user):
    year_ago = make_plan(cycle, published=date(2025, 12, 1))
    due_yesterday = make_plan(cycle, published=date(2026, 8, 9))
    make_plan(cycle, published=date(2026, 8, 10))
    sent = make_plan(cycle, published=PUBLISHED)
    send(sent, 6, on=TODAY)
    FollowUp.objects.create(plan=year_ago, months=12, told_at=_noon(date(2026, 12, 1)))
    browser = as_user(officer)
    assert [
        (line.assessment, line.around.months, line.days, bool(line.told_at))
        for line in listed(browser, state="overdue")
    ] == [
        (year_ago.assessment, 6, 252, False),
        (year_ago.assessment, 12, 68, True),
        (due_yesterday.assessment, 6, 1, False),
    ]
    states = browser.get(LIST, {"state": "nonsense", "cycle": "x"}).context["states"]
    assert [(value, number) for value, _label, number in states] == [("reply", 1), ("overdue", 3)]


def test_the_filter_leaves_one_cycle(cycle, officer, as_user):
    other = make_plan(make_cycle_of(next(years)), published=PUBLISHED)
    own = make_plan(cycle, published=PUBLISHED)
    for plan in (own, other):
        send(plan, 6, on=TODAY)
    browser = as_user(officer)
    assert len(listed(browser)) == 2
    assert [line.assessment for line in listed(browser, cycle=cycle.pk)] == [own.assessment]


def test_a_lead_sees_the_cases_that_are_open_to_them_and_nobody_else_but_opdc_any(cycle, as_user):
    plan, other = (make_plan(cycle, published=PUBLISHED) for _plan in range(2))
    for each in (plan, other):
        send(each, 6, on=TODAY)
    lead = make_lead(plan.assessment)
    assert [line.assessment for line in listed(as_user(lead))] == [plan.assessment]
    rows = Assignment.objects.filter(reviewer=lead)
    for change in ({"opened_at": None}, {"is_lead": False, "marks": True}, {"recused_at": _noon(TODAY)}):
        kept = rows.values(*change).get()
        rows.update(**change)
        assert as_user(lead).get(LIST).status_code == 403, change
        rows.update(**kept)
    assert as_user(lead).get(LIST).status_code == 200
    sister = base.make_agency(ministry=plan.assessment.agency.ministry)
    Membership.objects.create(user=lead, agency=sister, role="viewer")
    assert as_user(lead).get(LIST).status_code == 403
    for person in (base.make_official("executive"), base.make_member(plan.assessment.agency, "head")):
        assert as_user(person).get(LIST).status_code == 403


def test_nobody_of_opdc_finds_the_own_agency_there(cycle, officer, as_user):
    plan = make_plan(cycle, published=PUBLISHED)
    send(plan, 6, on=TODAY)
    assert len(listed(as_user(officer))) == 1
    Membership.objects.create(user=officer, agency=plan.assessment.agency, role="viewer")
    assert listed(as_user(officer)) == []


def test_the_file_says_what_the_list_says_and_is_in_the_log(cycle, officer, as_user):
    agency = base.make_agency(name="=1+1 กรมสมมติ")
    send(make_plan(cycle, published=PUBLISHED, agency=agency), 6, on=TODAY - timedelta(days=3))
    make_plan(cycle, published=date(2026, 8, 1))
    found = {}
    for state in ("reply", "overdue"):
        answer = as_user(officer).get(reverse("results:follow_ups_csv"), {"state": state, "cycle": cycle.pk})
        found[state] = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    (reply,), (overdue,) = found.values()
    assert (reply["หน่วยงาน"], reply["รอมาแล้ว (วัน)"], reply["รายการทั้งหมด"]) == ("'=1+1 กรมสมมติ", "3", "1")
    assert (overdue["กำหนดส่ง"], overdue["เลยกำหนด (วัน)"]) == ("2027-03-01", "9")
    assert LogEntry.objects.filter(action="improvement.list_downloaded", actor=officer).count() == 2


def test_the_lists_of_cases_lead_there_while_a_reply_is_awaited(cycle, officer, as_user):
    plan = make_plan(cycle, published=PUBLISHED)
    lead = make_lead(plan.assessment)
    places = ((lead, "reviews:queue"), (officer, "reviews:cases"))
    words = "ความคืบหน้าของแผนพัฒนา 1 เรื่องรอความเห็น"
    for is_sent in (False, True):
        if is_sent:
            send(plan, 6, on=TODAY)
        for person, name in places:
            page = as_user(person).get(reverse(name)).content.decode()
            assert (words in page) == is_sent, name


def test_any_number_of_plans_costs_no_more_queries(cycle, officer, as_user):
    lead = base.make_user()
    category = cycle.edition.categories.get(code="1")
    cases = []
    for number in range(60):
        plan = make_plan(cycle, published=PUBLISHED)
        cases.append(plan.assessment)
        if number % 2:
            send(plan, 6, on=TODAY)
    Assignment.objects.bulk_create(
        Assignment(assessment=case, category=category, reviewer=lead, is_lead=True, opened_at=_noon(TODAY))
        for case in cases
    )
    lists = [f"{url}?state={state}" for url in (LIST, f"{LIST[:-1]}.csv") for state in ("reply", "overdue")]
    for person, home in ((officer, "reviews:cases"), (lead, "reviews:queue")):
        browser = as_user(person)
        for url in (*lists, reverse(home)):
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(url)
            assert answer.status_code == 200
            asked = [
                entry["sql"] for entry in queries if not entry["sql"].startswith(("SAVEPOINT", "RELEASE"))
            ]
            assert len(asked) <= 12, (person, url, asked)
    assert len(listed(browser, state="overdue")) == 30
