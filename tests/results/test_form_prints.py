"""The forms on paper with the marks of a published result: from the frozen sheet alone, and only once it is out."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from assessments.models import Print
from assessments.paper.content import Wanted
from assessments.paper.printing import paper_of, render_html
from pmqa.accounts.models import LogEntry
from results import publishing
from results.documents import form_prints
from reviews.models import Consensus
from tests import factories
from tests.results.factories import COMMENT, make_decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = make_decided(failed=("1.2.1.1",))
    indicator = factories.answer_of(case, "7.1.1")
    Consensus.objects.filter(answer=indicator).update(outcome="fail", comment="ควรมีคู่เทียบ")
    return case


@pytest.fixture
def sheet(case, administrator):
    return publishing.publish(case, by=administrator)


@pytest.fixture
def member(case):
    return factories.make_member(case.agency, "viewer")


def html_of(row: Print) -> str:
    return render_html(paper_of(row))


def test_every_answer_has_its_verdict_and_its_comment(sheet, member):
    html = html_of(form_prints.order(sheet, Wanted("all"), by=member))
    judged = json.loads(json.dumps(form_prints.marks_of(sheet)))["answers"]
    assert html.count("ผลการตรวจ : <span") == len(judged)
    outcomes = [outcome for outcome, _comment in judged.values()]
    assert html.count("</span>ไม่ผ่าน</p>") == outcomes.count("fail") == 2
    assert html.count("</span>ผ่าน</p>") == outcomes.count("pass")
    part = html[html.index(">1.2.1.1<") :]
    assert part.index("✗") < part.index(COMMENT) < part.index(">1.2.2.1<")
    assert "ควรมีคู่เทียบ" in html
    assert sheet.digest in html


def test_a_pass_without_a_comment_has_nothing_under_it(sheet, member):
    form3 = paper_of(form_prints.order(sheet, Wanted("form3", "1"), by=member)).forms[0]
    marks = [part.mark for topic in form3.categories[0].topics for item in topic.items for part in item.parts]
    assert {(mark.glyph, mark.words) for mark in marks} == {("✓", "ผ่าน"), ("✗", "ไม่ผ่าน")}
    assert [mark.comment for mark in marks if mark.comment] == [COMMENT]


def test_the_last_page_counts_them(sheet, member):
    totals = paper_of(form_prints.order(sheet, Wanted("form3", "1"), by=member)).totals
    passed, failed = map(int, totals.rows[0].verdicts)
    parts = [code for code in form_prints.marks_of(sheet)["answers"] if code.startswith("1.")]
    assert (passed + failed, failed) == (len(parts), 1)


def test_before_publication_there_is_none(as_user, case, administrator, member):
    assert as_user(member).get(f"/results/{case.pk}/forms/").status_code == 403
    assert as_user(administrator).post(f"/results/{case.pk}/forms/", {"what": "form3"}).status_code == 403
    assert not Print.objects.exists()


def test_whoever_cannot_read_the_result_cannot_print_it(sheet):
    with pytest.raises(PermissionDenied):
        form_prints.order(sheet, Wanted("form3"), by=factories.make_user())


def test_ordered_once_on_a_page_of_its_own(as_user, case, sheet, member):
    client = as_user(member)
    for _click in range(2):
        response = client.post(f"/results/{case.pk}/forms/", {"what": "form3:1", "digits": "thai"})
        assert response.status_code == 302
    row = Print.objects.get()
    assert row.marks_digest == sheet.digest
    assert f"?made={row.pk}" in response["Location"]
    assert client.get(f"/assessments/{case.pk}/print/{row.pk}/status/").status_code == 404
    assert client.get(f"/results/{case.pk}/forms/{row.pk}/status/").json()["state"] == "queued"
    page = client.get(f"/results/{case.pk}/forms/").content.decode()
    assert 'value="profile"' not in page
    assert not LogEntry.objects.filter(action="result.downloaded").exists()


def test_a_corrected_result_is_a_print_of_its_own(as_user, case, sheet, member, administrator):
    before = form_prints.order(sheet, Wanted("form3", "1"), by=member)
    answer = factories.answer_of(case, "1.2.1.1")
    Consensus.objects.filter(answer=answer).update(outcome="pass", comment="")
    corrected = publishing.correct(case, reason="แก้ผลของข้อ 1.2.1 ตามมติ", by=administrator)
    after = form_prints.order(corrected, Wanted("form3", "1"), by=member)
    assert after != before
    assert COMMENT in html_of(before)
    assert COMMENT not in html_of(after)
    client = as_user(member)
    assert client.get(f"/results/{case.pk}/forms/{before.pk}/status/").status_code == 404
    assert client.get(f"/results/{case.pk}/forms/{after.pk}/status/").status_code == 200
