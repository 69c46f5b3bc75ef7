"""Stage 2: its score stands beside that of stage 1, on a scale of its own, and is recorded by two administrators."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments import snapshot
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from results import publishing, sheet
from results.corrections import difference
from results.documents import deck, feedback_report, minister
from results.exporting import own
from results.exporting.dictionary import AGENCIES
from results.exporting.rows import Frozen, rows_of
from results.models import ResultSheet, StageTwo
from results.payload import content_digest
from results.stage_two import services
from results.stage_two.forms import StageTwoForm
from tests import factories as base
from tests.results import factories, payloads

DAY = date(2026, 5, 14)
VALUES = {
    "score": Decimal(345),
    "scale": 1000,
    "decided_on": DAY,
    "decided_by": "คณะกรรมการพิจารณารางวัลสมมติ",
    "note": "",
    "reason": "",
}
STORED = {
    "score": "345",
    "scale": 1000,
    "decided_on": "2026-05-14",
    "decided_by": VALUES["decided_by"],
    "note": "",
}
HEADING = "คะแนนขั้นที่ 2"
TYPED = {"score": "345", "scale": "1000", "decided_on": "14 พ.ค. 2569", "decided_by": VALUES["decided_by"]}
# The sum and the mean of 434.48 and 345, however they would be written.
MIXED = ("779.48", "389.74")
DOCUMENTS = (feedback_report.render_html, deck.render_html, minister.render_html)


@pytest.fixture
def frozen(administrator) -> ResultSheet:
    return factories.make_published(by=administrator)


@pytest.fixture
def second(db):
    return base.make_official("administrator")


def recorded(frozen, by, **changes) -> StageTwo:
    return services.propose(frozen.assessment, values=VALUES | changes, by=by)


def address(name: str, frozen, *args) -> str:
    return reverse(f"results:{name}", args=[frozen.assessment_id, *args])


def of_both_stages() -> dict:
    payload = payloads.payload()
    payload["scores"]["verified"]["total"] = "434.48"
    return payload | {"stage_two": STORED}


# --- what is printed --------------------------------------------------------------------------


@pytest.mark.parametrize("render", DOCUMENTS)
def test_both_scores_are_printed_and_never_added_or_averaged(render):
    html = render(of_both_stages())
    assert "434.48" in html
    assert "345" in html
    assert "1,000" in html
    assert HEADING in html
    assert not [figure for figure in MIXED if figure in html]


@pytest.mark.parametrize("render", DOCUMENTS)
def test_without_stage_two_there_is_no_word_of_it(render):
    assert "ขั้นที่ 2" not in render(payloads.payload())


def test_the_report_lists_its_section_in_the_contents():
    html = feedback_report.render_html(of_both_stages())
    assert 'href="#stage_two"' in html
    assert "คณะกรรมการพิจารณารางวัลสมมติ" in html
    assert "14 พฤษภาคม 2569" in html


def test_a_score_of_nothing_is_printed_as_it_was_decided():
    html = feedback_report.render_html(payloads.payload() | {"stage_two": STORED | {"score": "0"}})
    assert "<b>0</b> จากคะแนนเต็ม 1,000" in html


def test_the_cover_says_what_was_applied_for():
    applied = {"application": {"award": "categories", "categories": ["4"]}}
    assert "สมัครรางวัลรายหมวด หมวด 4" in feedback_report.render_html(payloads.payload() | applied)
    assert "สมัครรางวัล" not in feedback_report.render_html(payloads.payload())


# --- exports and differences ------------------------------------------------------------------


def test_exports_have_it_in_columns_of_its_own():
    payload = of_both_stages() | {"application": {"award": "categories", "categories": ["3", "6"]}}
    (row,) = rows_of(AGENCIES, Frozen(payload, 2, "0" * 64))
    assert (row["stage_two_score"], row["stage_two_scale"]) == ("345", 1000)
    assert (row["verified_total"], row["applied_for"], row["applied_categories"]) == (
        "434.48", "categories", "3 6",
    )  # fmt: skip
    (bare,) = rows_of(AGENCIES, Frozen(payloads.payload(), 1, "0" * 64))
    assert {name: bare[name] for name in AGENCIES.names if name.startswith(("stage_two", "applied"))} == (
        dict.fromkeys(
            ("applied_for", "applied_categories", "stage_two_score", "stage_two_scale",
             "stage_two_decided_on", "stage_two_decided_by")
        )
    )  # fmt: skip


def test_the_table_of_one_result_has_it_beside_the_total():
    kept = ResultSheet(revision=2, payload=of_both_stages())
    rows = list(csv.reader(io.StringIO(own.scores_csv(kept).decode("utf-8-sig"))))
    assert rows[0][-2:] == ["คะแนนขั้นที่ 2", "คะแนนเต็มขั้นที่ 2"]
    assert rows[1][-2:] == ["345", "1000"]
    assert {tuple(row[-2:]) for row in rows[2:]} == {("", "")}
    assert len({len(row) for row in rows}) == 1


def test_a_difference_names_the_score_and_nothing_else():
    found = difference(payloads.payload(), payloads.payload() | {"stage_two": STORED})
    assert found.stage_two[0] is None
    assert (found.stage_two[1].score, found.stage_two[1].scale) == ("345", "1,000")
    assert (found.scores, found.outcomes, found.texts) == ((), (), ())


# --- two administrators -----------------------------------------------------------------------


def test_recording_changes_no_result_until_another_administrator_confirms(frozen, administrator, second):
    row = recorded(frozen, administrator)
    assert recorded(frozen, administrator) == row
    assert frozen.assessment.sheets.count() == 1
    with pytest.raises(PermissionDenied):
        services.confirm(row, by=administrator)
    latest = services.confirm(row, by=second)
    assert services.confirm(row, by=second) == latest
    assert (latest.revision, latest.correction, latest.payload["stage_two"]) == (2, "stage_two", STORED)
    # Nothing else is said than before: stage 1 is as it was published.
    assert content_digest({key: latest.payload[key] for key in latest.payload if key != "stage_two"}) == (
        content_digest(frozen.payload)
    )
    assert (latest.verified_total, latest.claimed_total) == (frozen.verified_total, frozen.claimed_total)
    assert latest.digest == snapshot.digest_of(latest.payload)
    assert latest.reports.get().kind == "feedback"
    told = LogEntry.objects.get(action="result.stage_two_confirmed")
    assert (told.data["score"], told.data["revision"], told.agency_id) == (
        "345.00", 2, frozen.assessment.agency_id,
    )  # fmt: skip
    assert LogEntry.objects.get(action="result.stage_two_proposed").agency_id is None

    # A correction of the rows keeps it, and has nothing to correct without another change.
    assert sheet.build(frozen.assessment, at=latest.created_at)["stage_two"] == STORED
    with pytest.raises(Refused, check=lambda refused: refused.code == "unchanged"):
        publishing.correct(frozen.assessment, reason="ไม่มีอะไรเปลี่ยน", by=administrator)
    with pytest.raises(Refused, check=lambda refused: refused.code == "kind"):
        publishing.correct(frozen.assessment, kind="stage_two", reason="ทางอื่น", by=administrator)

    # Another score needs a reason, and so does none.
    with pytest.raises(Refused, check=lambda refused: refused.code == "same"):
        recorded(frozen, second)
    with pytest.raises(Refused, check=lambda refused: refused.code == "reason"):
        recorded(frozen, second, score=Decimal(354))
    nothing = {"score": None, "scale": None, "decided_on": None, "decided_by": "", "reason": "ลงผิดหน่วยงาน"}
    last = services.confirm(recorded(frozen, second, **nothing), by=administrator)
    assert (last.revision, last.reason) == (3, "ลงผิดหน่วยงาน")
    assert "stage_two" not in last.payload


def test_one_that_waits_is_settled_first_and_closed_without_a_trace_in_the_result(
    frozen, administrator, second
):
    row = recorded(frozen, administrator)
    with pytest.raises(Refused, check=lambda refused: refused.code == "waiting"):
        recorded(frozen, second, score=Decimal(1))
    with pytest.raises(PermissionDenied):
        services.take_back(row, by=second)
    with pytest.raises(Refused, check=lambda refused: refused.code == "reason"):
        services.decline(row, reason=" ", by=second)
    assert services.decline(row, reason="คะแนนเต็มไม่ตรงมติ", by=second).state == "declined"
    with pytest.raises(Refused, check=lambda refused: refused.code == "settled"):
        services.confirm(row, by=base.make_official("administrator"))
    again = recorded(frozen, administrator)
    assert services.take_back(again, by=administrator).state == "taken_back"
    assert frozen.assessment.sheets.count() == 1


def test_nobody_records_before_the_result_is_published(administrator):
    assessment = base.make_assessment()
    with pytest.raises(PermissionDenied):
        services.propose(assessment, values=VALUES, by=administrator)


def test_the_database_keeps_no_score_beyond_its_scale(frozen, administrator):
    row = recorded(frozen, administrator)
    for wrong in ({"scale": 344}, {"scale": None}, {"decided_on": None}, {"score": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StageTwo.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultSheet.objects.filter(pk=frozen.pk).update(correction="stage_two")


# --- what is typed ----------------------------------------------------------------------------


def typed(**changes) -> StageTwoForm:
    return StageTwoForm(TYPED | changes, current=None, scale=None)


def test_the_scale_is_stated_each_time():
    assert list(typed(scale="").errors) == ["scale"]
    form = typed()
    assert form.is_valid()
    assert form.values == VALUES
    assert StageTwoForm(current=None, scale=500).initial == {"scale": 500}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"score": "1000.01"}, "score"),
        ({"score": "-1"}, "score"),
        ({"score": "345.123"}, "score"),
        ({"score": "มาก"}, "score"),
        ({"scale": "0"}, "scale"),
        ({"scale": "99.5"}, "scale"),
        ({"decided_on": "1 ม.ค. 2700"}, "decided_on"),
        ({"decided_by": " "}, "decided_by"),
    ],
)
def test_what_can_be_no_score_is_refused_at_its_blank(changes, field):
    assert list(typed(**changes).errors) == [field]


# --- the pages --------------------------------------------------------------------------------


def test_from_the_form_to_the_page_of_the_result(
    as_user, frozen, administrator, second, django_assert_max_num_queries
):
    member = base.make_member(frozen.assessment.agency, "coordinator")
    before = as_user(member).get(address("result", frozen)).content.decode()
    assert HEADING not in before
    assert as_user(administrator).post(address("stage_two", frozen), TYPED).status_code == 302
    assert frozen.assessment.agency.name in as_user(second).get(reverse("results:index")).content.decode()
    row = StageTwo.objects.get()
    client = as_user(administrator)
    with django_assert_max_num_queries(12):
        own_page = client.get(address("stage_two", frozen)).content.decode()
    assert re.search(rf"คะแนนขั้นที่ 1 จากผู้ตรวจ[^·]*{frozen.verified_total:.2f}[^·]*จาก 500", own_page)
    assert address("confirm_stage_two", frozen, row.pk) not in own_page
    assert address("take_back_stage_two", frozen, row.pk) in own_page
    mail.outbox.clear()
    client = as_user(second)
    assert client.post(address("confirm_stage_two", frozen, row.pk)).status_code == 302
    assert client.post(address("confirm_stage_two", frozen, row.pk)).status_code == 302
    (sent,) = [one for one in mail.outbox if one.to == [member.email]]
    assert "345" not in sent.body + sent.subject
    assert address("revisions", frozen) in sent.body

    page = as_user(member).get(address("result", frozen)).content.decode()
    assert "คะแนนขั้นที่ 2 (Application Report)" in page
    one_page = as_user(member).get(f"/results/{frozen.assessment_id}/one-page/").content.decode()
    assert "จากรายงานผลการดำเนินการพัฒนาองค์การ <b" in one_page
    assert "จาก 1,000" in page
    assert f"{frozen.verified_total:.2f}" in page
    told = as_user(member).get(address("revisions", frozen)).content.decode()
    assert "บันทึกคะแนนขั้นที่ 2" in told
    assert "คะแนนขั้นที่ 2 ครั้งนี้" in told


def test_what_is_typed_comes_back_with_the_reason(as_user, frozen, administrator, second):
    response = as_user(administrator).post(address("stage_two", frozen), TYPED | {"score": "1001"})
    assert response.status_code == 422
    assert "ไม่เกินคะแนนเต็ม" in response.content.decode()
    row = recorded(frozen, administrator)
    response = as_user(second).post(address("decline_stage_two", frozen, row.pk), {"reason": ""})
    assert response.status_code == 422
    assert "ระบุเหตุผลที่ไม่ยืนยัน" in response.content.decode()


def test_agencies_do_not_read_what_waits(as_user, frozen, administrator):
    recorded(frozen, administrator)
    member = as_user(base.make_member(frozen.assessment.agency, "head"))
    assert member.get(address("stage_two", frozen)).status_code == 403
    assert HEADING not in member.get(address("result", frozen)).content.decode()
