"""The pages of a plan: filters, two texts, what stands beside the same part next year, and what stays hidden."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Answer, Assessment, Status
from assessments.services import carrying
from pmqa.accounts.models import LogEntry
from results import publishing
from results.improvement import following, printing, services, workbook
from results.improvement.making import plan_of
from results.improvement.models import Card
from results.improvement.reading import plan_page
from results.waiting_reading import waiting_tasks
from reviews.models import Assignment
from tests import factories as base
from tests.pages import text_of
from tests.results import factories
from tests.results.improvement.conftest import card_of, make_lead, values

pytestmark = pytest.mark.django_db

SECRET = "แผนลับของหน่วยงาน"


def address(name, sheet, *more):
    return reverse(f"results:{name}", args=[sheet.assessment_id, *more])


def posted(**given):
    return {"version": 0, "state": "not_started", **given}


def test_the_plan_is_grouped_and_filtered(plan, sheet, card, coordinator, as_user):
    services.save_card(
        card, version=0, values=values(measure="ก", owner_id=coordinator.pk, state="done"), by=coordinator
    )
    browser = as_user(coordinator)
    page = browser.get(address("plan", sheet)).context["page"]
    assert [chapter.category.code for chapter in page.chapters] == ["1", "4", "7"]
    assert (page.total, page.done, page.planned) == (3, 1, 1)
    for query, shown in (
        ("state=done", 1),
        ("owner=mine", 1),
        ("owner=none", 2),
        ("repeat=yes", 0),
        ("horizon=one_year", 0),
        ("state=nonsense", 3),
        ("owner=999999", 0),
    ):
        assert browser.get(f"{address('plan', sheet)}?{query}").context["page"].shown == shown, query


def test_a_card_is_saved_and_a_late_save_gets_both_texts(sheet, card, coordinator, as_user):
    browser, url = as_user(coordinator), address("plan_card", sheet, card.pk)
    saved = browser.post(
        url, posted(measure="ฉบับแรก", due_on="30 ก.ย. 2570"), headers={"Accept": "application/json"}
    )
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    late = browser.post(url, posted(measure="ฉบับที่สอง", state="under_way"))
    assert late.status_code == 409
    text = late.content.decode()
    assert "ฉบับแรก" in text
    assert "ฉบับที่สอง" in text
    assert "30 ก.ย. 2570" in text
    chosen = {"keep": "merged", "merged-measure": "ฉบับรวม", "due_on": "30 ก.ย. 2570"}
    assert browser.post(url, posted(measure="ฉบับที่สอง") | chosen | {"version": 1}).status_code == 302
    card.refresh_from_db()
    assert (card.measure, card.version) == ("ฉบับรวม", 2)


def test_the_script_gets_the_stored_values_as_its_blanks_hold_them(sheet, card, coordinator, as_user):
    browser, url = as_user(coordinator), address("plan_card", sheet, card.pk)
    browser.post(url, posted(measure="ฉบับแรก", due_on="30 ก.ย. 2570", owner=coordinator.pk))
    late = browser.post(url, posted(measure="ฉบับที่สอง"), headers={"Accept": "application/json"})
    theirs = late.json()["theirs"]["values"]
    assert (theirs["due_on"], theirs["owner"], theirs["measure"]) == (
        "30 ก.ย. 2570",
        str(coordinator.pk),
        "ฉบับแรก",
    )


@pytest.mark.parametrize(
    "wrong", [{"due_on": "เมื่อไรก็ได้"}, {"state": "wont_do"}, {"measure": "ย" * 3001}, {"owner": "999999"}]
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(wrong, sheet, card, coordinator, as_user):
    answer = as_user(coordinator).post(
        address("plan_card", sheet, card.pk), posted(success="ข้อความที่พิมพ์ไว้") | wrong
    )
    assert answer.status_code == 422
    assert "ข้อความที่พิมพ์ไว้" in answer.content.decode()
    assert Card.objects.get(pk=card.pk).version == 0


def test_the_title_of_an_own_card_can_be_corrected_and_is_approved_again(
    sheet, plan, card, coordinator, head, as_user
):
    own = services.add_card(plan, key=uuid.uuid4(), category="3", title="ลดเวลารอคย", by=coordinator)
    own.plan = plan
    services.save_card(own, version=0, values=values(measure="ก") | {"title": own.title}, by=coordinator)
    services.approve(plan, number=plan_of(sheet.assessment).number, by=head)
    browser, url = as_user(coordinator), address("plan_card", sheet, own.pk)
    assert browser.post(url, posted(version=1, measure="ก", title="ลดเวลารอคอย")).status_code == 302
    own.refresh_from_db()
    assert own.title == "ลดเวลารอคอย"
    page = browser.get(f"{address('plan', sheet)}?state=changed").context["page"]
    assert (page.shown, page.changed, page.plan.is_changed_since) == (1, 1, True)
    empty = browser.post(url, posted(version=2, measure="ก", title=" "))
    assert (empty.status_code, "พิมพ์ชื่อเรื่องที่จะพัฒนา" in text_of(empty)) == (422, True)
    # Others have the words of the sheet.
    browser.post(address("plan_card", sheet, card.pk), posted(measure="ข", title="เปลี่ยนชื่อ"))
    card.refresh_from_db()
    assert (card.measure, card.title == "เปลี่ยนชื่อ") == ("ข", False)


def test_the_head_sees_what_changed_since_the_approval_and_not_how_far_it_is(
    sheet, plan, card, coordinator, head, as_user
):
    given = values(measure="ก")
    saved = services.save_card(card, version=0, values=given, by=coordinator)
    services.approve(plan, number=plan_of(sheet.assessment).number, by=head)
    saved = services.save_card(
        saved, version=1, values=given | {"state": "done", "evidence": "ข"}, by=coordinator
    )
    browser = as_user(head)
    assert browser.get(address("plan", sheet)).context["page"].changed == 0
    services.save_card(saved, version=2, values=given | {"measure": "ค"}, by=coordinator)
    answer = browser.get(f"{address('plan', sheet)}?state=changed")
    (view,) = [view for chapter in answer.context["page"].chapters for view in chapter.cards]
    assert (view.card, view.is_changed) == (card, True)
    assert "แก้หลังอนุมัติ" in text_of(answer)
    services.approve(plan, number=plan_of(sheet.assessment).number, by=head)
    assert browser.get(address("plan", sheet)).context["page"].changed == 0


def test_a_card_whose_person_has_left_asks_for_another(sheet, plan, card, agency, coordinator, as_user):
    writer = base.make_member(agency, "viewer")
    given, here = values(measure="ก", owner_id=writer.pk), f"{address('plan', sheet)}?owner=left#cards"
    saved = services.save_card(card, version=0, values=given, by=coordinator)
    browser = as_user(coordinator)

    def tasks() -> list[str]:
        return [task.url for task in waiting_tasks([sheet.assessment], coordinator)[sheet.assessment_id]]

    assert browser.get(address("plan", sheet)).context["page"].left == 0
    assert here not in tasks()
    writer.memberships.update(ended_at=timezone.now())
    answer = browser.get(here)
    assert (answer.context["page"].left, answer.context["page"].shown) == (1, 1)
    assert "ผู้รับผิดชอบพ้นจากหน่วยงานแล้ว" in text_of(answer)
    page = text_of(browser.get(address("plan_card", sheet, card.pk)))
    assert f"{saved.owner_name} (พ้นจากหน่วยงานแล้ว)" in page
    assert here in tasks()
    services.save_card(saved, version=1, values=given | {"state": "done"}, by=coordinator)
    assert browser.get(address("plan", sheet)).context["page"].left == 0


def test_whoever_submits_too_early_is_led_to_what_is_missing(sheet, plan, card, coordinator, as_user):
    following.save_progress(card, months=6, version=0, text="ทำแล้ว", evidence="", by=coordinator)
    browser, page = as_user(coordinator), address("follow_up", sheet, 6)
    answer = browser.post(address("submit_follow_up", sheet, 6), follow=True)
    assert answer.redirect_chain == [(f"{page}?asked=1#missing", 302)]
    said = text_of(answer).partition('id="missing"')[2].partition("</details>")[0]
    silent = plan.cards.exclude(pk=card.pk)
    assert [f'href="#c{row.pk}"' in said for row in silent] == [True] * silent.count()
    assert f'href="#c{card.pk}"' not in said


def test_what_was_submitted_stays_whatever_becomes_of_the_card(sheet, plan, card, coordinator, as_user):
    yesterday = timezone.localdate() - timedelta(days=1)
    given = values(measure="แผนเดิม", state="under_way", due_on=yesterday)
    saved = services.save_card(card, version=0, values=given, by=coordinator)
    for row in plan.cards.all():
        row.plan = plan
        following.save_progress(row, months=6, version=0, text="ทำแล้ว", evidence="", by=coordinator)
    following.submit(plan, months=6, by=coordinator)
    services.save_card(
        saved, version=1, values=given | {"measure": "แผนใหม่", "state": "done"}, by=coordinator
    )
    Card.objects.filter(pk=card.pk).update(observation="ข้อสังเกตที่แก้แล้ว")
    page = text_of(as_user(coordinator).get(address("follow_up", sheet, 6)))
    said = page.partition(f'id="c{card.pk}"')[2].partition("</article>")[0]
    for words in ("แผนเดิม", "กำลังทำ", factories.TEXTS["ofi:4.2"]):
        assert words in said
    for words in ("แผนใหม่", "แก้แล้ว", "เกินกำหนด"):
        assert words not in said


def test_a_reply_that_is_not_stored_leads_back_to_its_card(sheet, plan, card, coordinator, officer, as_user):
    for row in plan.cards.all():
        row.plan = plan
        following.save_progress(row, months=6, version=0, text="ทำแล้ว", evidence="", by=coordinator)
    following.submit(plan, months=6, by=coordinator)
    url = address("save_reply", sheet, 6, card.pk)
    answer = as_user(officer).post(url, {"version": 0, "verdict": "not_enough", "comment": " "})
    assert answer.status_code == 422
    # A browser stays at the place that the form names.
    assert f'action="{url}#c{card.pk}"' in text_of(answer)
    assert "บอกว่ายังขาดอะไร" in text_of(answer)


def test_another_agency_finds_nothing_and_nobody_reads_before_publication(sheet, card, agency, as_user):
    stranger = as_user(base.make_member(base.make_agency(), "coordinator"))
    for url in (address("plan", sheet), address("plan_card", sheet, card.pk), address("follow_up", sheet, 6)):
        assert stranger.get(url).status_code == 404
    decided = factories.make_decided(agency=agency, cycle=factories.make_cycle_of(2571))
    for role in ("coordinator", "head"):
        browser = as_user(base.make_member(agency, role))
        assert browser.get(reverse("results:plan", args=[decided.pk])).status_code == 403


def test_a_card_of_another_plan_is_not_there(sheet, agency, coordinator, administrator, as_user):
    other = factories.make_published(agency=agency, cycle=factories.make_cycle_of(2571), by=administrator)
    foreign = card_of(plan_of(other.assessment))
    assert as_user(coordinator).get(address("plan_card", sheet, foreign.pk)).status_code == 404


def test_the_agency_reads_a_reply_without_a_name(sheet, plan, card, coordinator, as_user):
    for row in plan.cards.all():
        row.plan = plan
        following.save_progress(row, months=6, version=0, text="ทำแล้ว", evidence="", by=coordinator)
    following.submit(plan, months=6, by=coordinator)
    lead = make_lead(sheet.assessment)
    url = address("save_reply", sheet, 6, card.pk)
    answer = as_user(lead).post(url, {"version": 0, "verdict": "not_enough", "comment": "ควรแสดงผลเป็นตัวเลข"})
    assert answer.status_code == 302
    for page in (address("follow_up", sheet, 6), address("plan_card", sheet, card.pk)):
        text = as_user(coordinator).get(page).content.decode()
        assert "ควรแสดงผลเป็นตัวเลข" in text
        assert lead.first_name not in text
        assert lead.email not in text
    assert not LogEntry.objects.filter(action="improvement.replied", agency__isnull=False).exists()


def test_any_number_of_cards_costs_no_more_queries(sheet, plan, card, coordinator, head, officer, as_user):
    writer = base.make_member(sheet.assessment.agency, "coordinator")
    given = values(measure="ก", owner_id=writer.pk)
    saved = services.save_card(card, version=0, values=given, by=writer)
    services.approve(plan, number=plan_of(sheet.assessment).number, by=head)
    services.save_card(saved, version=1, values=given | {"measure": "ข"}, by=writer)
    for number in range(12):
        services.add_card(plan, key=uuid.uuid4(), category="5", title=f"เรื่องที่ {number}", by=writer)
    for row in plan.cards.all():
        row.plan = plan
        following.save_progress(row, months=6, version=0, text="ทำแล้ว", evidence="", by=writer)
    pages = [address("plan", sheet), address("plan_card", sheet, card.pk), address("follow_up", sheet, 6)]
    for is_sent in (False, True):
        if is_sent:
            following.submit(plan, months=6, by=writer)
        for person in (coordinator, head, officer, make_lead(sheet.assessment)):
            for page in (*pages, address("plan_xlsx", sheet)):
                browser = as_user(person)
                with CaptureQueriesContext(connection) as queries:
                    assert browser.get(page).status_code == 200
                asked = [
                    entry["sql"] for entry in queries if not entry["sql"].startswith(("SAVEPOINT", "RELEASE"))
                ]
                assert len(asked) <= 12, (page, person, len(asked))


# --- next year --------------------------------------------------------------------------------


@pytest.fixture
def begun(sheet, card, agency, coordinator):
    """The next cycle, with what the agency said it would do."""
    services.save_card(card, version=0, values=values(measure=SECRET, state="under_way"), by=coordinator)
    return carrying.start_from_previous(factories.make_cycle_of(2570), agency, by=coordinator)


def test_the_card_stands_beside_the_same_part_of_the_next_cycle(begun, coordinator, as_user):
    page = as_user(coordinator).get(reverse("results:last_year", args=[begun.pk, "4.2"])).content.decode()
    at_part = page.split('data-before="4.2.2.1"')[1].split("</article>")[0]
    assert SECRET in at_part
    assert "กำลังทำ" in at_part
    elsewhere = as_user(coordinator).get(reverse("results:last_year", args=[begun.pk, "4.1"]))
    assert SECRET not in elsewhere.content.decode()


def test_reviewers_see_the_card_of_the_agency_they_judge_and_of_no_other(card, agency, coordinator, as_user):
    services.save_card(card, version=0, values=values(measure=SECRET, state="under_way"), by=coordinator)
    judged = factories.make_submitted(agency=agency, cycle=factories.make_cycle_of(2570))
    factories.move(judged, Status.IN_REVIEW)
    lead = make_lead(judged)
    url = reverse("results:reviewed_before", args=[judged.pk, "4.2"])
    assert SECRET in as_user(lead).get(url).content.decode()
    other = factories.make_submitted(cycle=judged.cycle)
    factories.move(other, Status.IN_REVIEW)
    Assignment.objects.filter(reviewer=lead).update(assessment=other)
    assert as_user(lead).get(url).status_code == 404
    own = as_user(lead).get(reverse("results:reviewed_before", args=[other.pk, "4.2"]))
    assert own.status_code == 200
    assert SECRET not in own.content.decode()


@pytest.fixture
def failed_indicator(agency, administrator, coordinator):
    """The card of an indicator that failed last year; this year it stands behind a new one."""
    published = factories.make_decided(
        agency=agency, cycle=factories.make_cycle_of(2569), failed=(*factories.FAILED, "7.1.1")
    )
    publishing.publish(published, by=administrator)
    card = card_of(plan_of(published), "indicator:7.1.1.1")
    services.save_card(card, version=0, values=values(measure=SECRET, state="under_way"), by=coordinator)
    return card


def put_a_new_one_before(case):
    moved = base.answer_of(case, "7.1.1")
    Answer.objects.filter(pk=moved.pk).update(ordinal=2)
    base.add_indicator(case, moved.part_id, "7.1.1", 1, name="ตัวชี้วัดใหม่ของปีนี้")


def test_the_card_of_a_failed_indicator_stands_beside_the_indicator_of_that_name(
    failed_indicator, agency, coordinator, as_user
):
    begun = carrying.start_from_previous(factories.make_cycle_of(2570), agency, by=coordinator)
    put_a_new_one_before(begun)
    browser = as_user(coordinator)
    page = browser.get(reverse("results:last_year", args=[begun.pk, "7.1"])).content.decode()
    beside = page.split('data-before="7.1.1.2"')[1].split("</article>")[0]
    assert SECRET in beside
    assert factories.COMMENT in beside
    assert "รอบนี้คือ 7.1.1.2" in page
    assert 'data-before="7.1.1.1"' not in page
    assert factories.TEXTS["advice:1"] in page
    form = browser.get(reverse("assessments:topic", args=[begun.pk, "7.1"])).content.decode()
    assert 'data-before-slot="7.1.1.2"' in form


def test_a_reviewer_sees_it_there_too_with_last_years_recommendations(failed_indicator, agency, as_user):
    judged = factories.make_submitted(agency=agency, cycle=factories.make_cycle_of(2570))
    put_a_new_one_before(judged)
    factories.move(judged, Status.IN_REVIEW)
    page = as_user(make_lead(judged)).get(reverse("results:reviewed_before", args=[judged.pk, "7.1"]))
    text = page.content.decode()
    assert SECRET in text.split('data-before="7.1.1.2"')[1].split("</article>")[0]
    assert factories.TEXTS["advice:1"] in text


def test_a_failed_indicator_has_its_figures_on_page_and_paper_and_a_link_from_its_comment(
    failed_indicator, coordinator, officer, as_user, django_assert_max_num_queries
):
    sheet = failed_indicator.assessment.sheets.get()
    browser, card_url = as_user(coordinator), address("plan_card", sheet, failed_indicator.pk)
    figures = "เป้าหมาย 85 ร้อยละ · ผล 2566–2568: 80.55 / 84.32 / 89.69 · ร้อยละของเป้าหมาย 105.5"
    assert figures in browser.get(card_url).content.decode()
    assert figures in printing.render_html(paper_now(sheet))
    for person in (coordinator, officer, make_lead(sheet.assessment)):
        browser = as_user(person)
        with django_assert_max_num_queries(12):
            topic = browser.get(address("topic", sheet, "7.1")).content.decode()
        assert card_url in topic


def test_the_filter_of_owners_is_in_the_order_of_their_names(sheet, plan, head):
    people = [base.make_user(), base.make_user()]
    cards = list(plan.cards.filter(is_dropped=False)[:2])
    for card, person, name in zip(cards, people, ("ข ชื่อหลัง", "ก ชื่อแรก"), strict=True):
        Card.objects.filter(pk=card.pk).update(owner=person, owner_name=name)
    chosen = dict.fromkeys(("state", "owner", "horizon", "repeat"), "")
    owners = plan_page(sheet.assessment, head, chosen).owners
    assert [name for _key, name in owners] == ["ก ชื่อแรก", "ข ชื่อหลัง"]


# --- on paper ---------------------------------------------------------------------------------


def paper_now(sheet):
    return printing.paper_of(Assessment.objects.with_places().get(pk=sheet.assessment_id))


def test_the_files_say_what_the_plan_says_and_are_the_same_bytes_again(
    sheet, plan, card, coordinator, as_user
):
    services.save_card(
        card, version=0, values=values(measure="=1+1 จัดทำระบบ", success="ครบทุกพื้นที่"), by=coordinator
    )
    paper = paper_now(sheet)
    html = printing.render_html(paper)
    for text in (
        "=1+1 จัดทำระบบ",
        factories.COMMENT,
        factories.TEXTS["ofi:4.2"],
        "ฉบับร่าง ยังไม่อนุมัติ",
        paper.seal.digest,
    ):
        assert text in html
    assert "รุ่นที่" not in html
    first, second = (workbook.write(paper_now(sheet)) for _time in (1, 2))
    assert first == second
    rows = load_workbook(BytesIO(first))["แผน"]
    cell = next(cell for row in rows.iter_rows() for cell in row if cell.value == "=1+1 จัดทำระบบ")
    assert cell.data_type == "s" or cell.quotePrefix
    answer = as_user(coordinator).get(address("plan_xlsx", sheet))
    assert answer.content == first
    assert (
        LogEntry.objects.filter(action="improvement.downloaded", agency=sheet.assessment.agency).count() == 1
    )


def test_a_card_is_called_the_same_on_every_page_and_in_both_files(sheet, plan, card, coordinator, as_user):
    own = services.add_card(plan, key=uuid.uuid4(), category="3", title="ลดเวลารอคอย", by=coordinator)
    cards = {found.source: found for found in plan.cards.all()}
    names = {
        "ofi:4.2": ("โอกาสในการปรับปรุง 4.2", card.title),
        "part:1.2.2.1": ("ส่วนที่ไม่ผ่าน 1.2.2.1", cards["part:1.2.2.1"].title),
        "advice:1": ("ข้อแนะนำหมวด 7 ข้อ 1", factories.TEXTS["advice:1"]),
        "": ("หน่วยงานเพิ่มเอง หมวด 3", own.title),
    }
    assert set(cards) == set(names)
    browser = as_user(coordinator)
    page = text_of(browser.get(address("plan", sheet)))
    paper = printing.render_html(paper_now(sheet))
    book = load_workbook(BytesIO(workbook.write(paper_now(sheet))))
    rows = [tuple(cell.value for cell in row[2:4]) for row in book["แผน"].iter_rows(min_row=2)]
    for source, (origin, subject) in names.items():
        assert f'<span class="origin">{origin}</span> <span lang="th">{subject}</span>' in page
        assert f'<span class="origin">{origin}</span> {subject}' in paper
        assert (origin, subject) in rows
        answer = browser.get(address("plan_card", sheet, cards[source].pk))
        assert f"<title>{origin} {subject} ·" in answer.content.decode()
    assert "7-1" not in paper


def test_the_pdf_is_tagged_and_the_same_bytes_again(sheet, plan, coordinator, as_user):
    answers = [as_user(coordinator).get(address("plan_pdf", sheet)).content for _time in (1, 2)]
    assert answers[0] == answers[1]
    catalog = PdfReader(BytesIO(answers[0])).trailer["/Root"]
    assert catalog["/Lang"] == "th"
    assert catalog["/MarkInfo"]["/Marked"]
