"""What is worth a second look in the answers of Form 3, and the reasons for leaving it."""

import pytest
from django.urls import reverse

from assessments.advice import remarks
from assessments.advice.parts import Finding, find
from assessments.models import Answer, FindingReply
from assessments.progress import PartState
from assessments.reading import read_answers, tree_of
from assessments.services import carrying
from pmqa.accounts.models import LogEntry
from tests import factories

YEAR = 2570
PARAGRAPH = (
    "กรมตัวอย่างรวบรวมข้อมูลน้ำจากสถานีวัดทุกแห่งมาไว้ในฐานเดียวกัน เปิดให้ชุมชนตรวจสอบได้ทุกวัน "
    "และใช้ข้อมูลนี้จัดรอบเวรส่งน้ำร่วมกับองค์การบริหารส่วนตำบลทุกแห่งในลุ่มน้ำ"
)


@pytest.fixture(scope="module")
def tree(django_db_setup, django_db_blocker):
    from criteria.catalogue import edition_tree

    with django_db_blocker.unblock():
        return edition_tree(factories.edition())


def codes(tree, **texts: str) -> list[str]:
    """Findings of one part: `texts` by field key, the part first."""
    code = texts.pop("part")
    states = {code: PartState("done", texts)}
    return [finding.code for finding in find(tree, states, year=YEAR)]


@pytest.mark.parametrize(
    ("part", "texts", "expected"),
    [
        # 1.1.1.1 asks "มีผลเป็นอย่างไร".
        ("1.1.1.1", {"economy": "แผนพัฒนาการเกษตร", "society": "โครงการน้ำชุมชน"}, ["name_only"]),
        ("1.1.1.1", {"economy": "แผนพัฒนาการเกษตรที่ใช้ข้อมูลน้ำ"}, ["no_result"]),
        ("1.1.1.1", {"economy": "ใช้ข้อมูลน้ำวางแผนการเพาะปลูก รายได้เพิ่มขึ้น"}, []),
        ("1.1.1.1", {"economy": "ใช้ข้อมูลน้ำวางแผนการเพาะปลูก ทุกตำบลในลุ่มน้ำ"}, ["no_result"]),
        ("1.1.1.1", {"economy": "ใช้ข้อมูลน้ำวางแผนการเพาะปลูกใน ๑๒ ตำบลของลุ่มน้ำ"}, []),
        # 1.2.5.1 asks for a link.
        ("1.2.5.1", {"detail": "ระบบเปิดเผยข้อมูล ใช้มาแล้ว 3 ปี"}, ["no_link"]),
        ("1.2.5.1", {"detail": "ระบบเปิดเผยข้อมูล ใช้ที่ https://example.org/data"}, []),
    ],
)
def test_thin_answers(tree, part, texts, expected):
    keys = [blank.key for blank in tree.parts[part].fields]
    assert set(texts) <= set(keys), keys
    assert codes(tree, part=part, **texts) == expected


def test_only_what_is_claimed_as_done_is_looked_at(tree):
    states = {"1.1.1.1": PartState("started", {"economy": "แผนพัฒนาการเกษตร"})}
    assert find(tree, states, year=YEAR) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [("เริ่มใช้ในปี 2567", ["old_year"]), ("เริ่มใช้ในปี ๒๕๖๙", []), ("เริ่มใช้แล้ว", ["no_year"])],
)
def test_items_about_the_past_year_need_the_year(tree, told, expected):
    """A-315: a year two years before the cycle is worth a second look."""
    part = next(
        part for part in tree.process_parts if "ในรอบปีที่ผ่านมา" in tree.place_of_part[part.code][2].title_th
    )
    text = f"{told} ลดเวลาลงจาก 30 วัน เหลือ 12 วัน"
    found = find(tree, {part.code: PartState("done", {part.fields[0].key: text})}, year=YEAR)
    assert [finding.code for finding in found if finding.code.endswith("_year")] == expected


def test_a_paragraph_in_two_parts_is_said_at_both_with_the_other_place(tree):
    states = {
        code: PartState("done", {"detail": f"{PARAGRAPH} {number} แห่ง"})
        for number, code in enumerate(("1.1.2.1", "1.1.3.1"))
    }
    found = [row for row in find(tree, states, year=YEAR) if row.code == "shared"]
    assert [(row.part, row.other) for row in found] == [("1.1.2.1", "1.1.3.1"), ("1.1.3.1", "1.1.2.1")]
    assert find(tree, states, year=YEAR, only=("1.1.2.1",)) == [found[0]]


def test_the_text_of_the_cycle_before_is_recognised(tree):
    state = {"1.1.2.1": PartState("done", {"detail": f"เริ่มด้วย {PARAGRAPH}"})}
    before = {"1.1.2.1": {"detail": PARAGRAPH}}
    assert [row.code for row in find(tree, state, year=YEAR, before=before)] == ["unchanged"]
    assert find(tree, state, year=YEAR, before={"1.1.2.1": {"detail": PARAGRAPH[:60]}}) == []


def test_customers_and_competencies_of_the_profile_that_nobody_takes_up(tree):
    """C15: of five groups the answer names four; the fifth is listed."""
    groups = ["เกษตรกร", "ผู้ประกอบการ", "ชุมชน", "นักเรียน", "นักวิจัย"]
    states = {
        "OP2.customers": PartState("", {"customers": [[group, "ต้องการข้อมูล"] for group in groups]}),
        "3.1.1.1": PartState(
            "done", {tree.parts["3.1.1.1"].fields[0].key: "เกษตรกร ผู้ประกอบการ 12 ราย ชุมชน นักเรียน"}
        ),
        "OP1.core_competencies": PartState("", {"core_competencies": ["วิเคราะห์ข้อมูลน้ำ"]}),
        "5.4.2.1": PartState("done", {tree.parts["5.4.2.1"].fields[0].key: "พัฒนาทักษะดิจิทัล 30 คน"}),
    }
    found = find(tree, states, year=YEAR)
    assert Finding("customer_unnamed", "3.1.1.1", quote="นักวิจัย") in found
    assert Finding("competency_unnamed", "5.4.2.1", quote="วิเคราะห์ข้อมูลน้ำ") in found
    assert len([row for row in found if row.code.endswith("_unnamed")]) == 2


def test_the_key_of_a_reply_outlives_a_change_of_the_text():
    assert Finding("shared", "1.1.1.1", "1.1.2.1", "ข้อความหนึ่ง").key == "shared:1.1.2.1"
    assert Finding("customer_unnamed", "3.1.1.1", quote="เกษตรกร").key == "customer_unnamed:เกษตรกร"
    assert len(Finding("customer_unnamed", "3.1.1.1", quote="ก" * 900).key) <= 200


def test_no_finding_keeps_an_assessment_from_being_submitted(agency, cycle):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    answers = read_answers(assessment)
    assert remarks.advice_lines(assessment, answers)
    from assessments.reading import measure_answers

    assert measure_answers(tree_of(assessment), answers).gaps == ()


# --- on the pages ------------------------------------------------------------------------------


@pytest.fixture
def full(agency, cycle):
    return factories.make_assessment(agency=agency, cycle=cycle, complete=True)


@pytest.fixture
def place(full):
    answer = factories.answer_of(full, "1.1.2.1")
    Answer.objects.filter(pk=answer.pk).update(values={"detail": "แผนพัฒนาการเกษตร"})
    return answer, reverse("assessments:findings", args=[full.pk, answer.pk])


def test_a_reason_is_stored_shown_and_taken_back(full, place, coordinator, as_user):
    answer, url = place
    browser = as_user(coordinator)
    topic = reverse("assessments:topic", args=[full.pk, "1.1"])
    assert "ระบุเพียงชื่อแผนหรือโครงการ" in browser.get(topic).content.decode()
    reason = {"key": "name_only", "reason": "แผนนี้เผยแพร่แล้วทั้งฉบับ"}
    for _press in range(2):
        assert browser.post(url, reason).url == url
    assert [row.reason for row in answer.finding_replies.all()] == [reason["reason"]]
    assert reason["reason"] in browser.get(topic).content.decode()
    check = reverse("assessments:check", args=[full.pk])
    assert "1.1.2.1" not in [line.code for line in browser.get(check).context["advice"]]
    browser.post(url, reason | {"reason": " "})
    assert not answer.finding_replies.exists()
    assert "1.1.2.1" in [line.code for line in browser.get(check).context["advice"]]
    assert LogEntry.objects.filter(action="assessment.finding_replied").count() == 3


def test_a_save_brings_the_findings_of_its_part(full, place, coordinator, as_user):
    answer, _url = place
    save = reverse("assessments:save_part", args=[full.pk, "1.1.2.1"])
    typed = {"version": answer.version, "claim": "done", "detail": "โครงการน้ำชุมชน"}
    reply = as_user(coordinator).post(save, typed, headers={"Accept": "application/json"}).json()
    assert "ระบุเพียงชื่อแผนหรือโครงการ" in reply["fragments"]["findings-1.1.2.1"]


def test_a_finding_that_is_gone_takes_no_reason(full, place, coordinator, as_user):
    answer, url = place
    response = as_user(coordinator).post(url, {"key": "no_link", "reason": "ไม่เกี่ยว"}, follow=True)
    assert "ข้อสังเกตนี้ไม่มีแล้ว" in response.content.decode()
    assert not answer.finding_replies.exists()


def test_too_long_a_reason_is_refused_at_its_blank_and_stays(full, place, coordinator, as_user):
    answer, url = place
    response = as_user(coordinator).post(url, {"key": "name_only", "reason": "ก" * 1001})
    assert response.status_code == 422
    assert "ก" * 1001 in response.content.decode()
    assert not answer.finding_replies.exists()


def test_a_reason_for_an_indicator(full, coordinator, as_user):
    answer = factories.answer_of(full, "7.1.1")
    answer.indicator.name = "ระดับความสำเร็จของการจัดสรรน้ำ"
    answer.indicator.save()
    url = reverse("assessments:findings", args=[full.pk, answer.pk])
    as_user(coordinator).post(url, {"key": "level_of_success", "reason": "ใช้ตามแผนแม่บท"})
    assert FindingReply.objects.get().key == "level_of_success"
    page = as_user(coordinator).get(reverse("assessments:topic", args=[full.pk, "7.1"])).content.decode()
    assert "ใช้ตามแผนแม่บท" in page


def test_the_text_of_last_year_is_found_on_the_page_of_the_answer(full, agency, coordinator, as_user):
    answer = factories.answer_of(full, "1.1.2.1")
    Answer.objects.filter(pk=answer.pk).update(values={"detail": PARAGRAPH})
    begun = carrying.start_from_previous(factories.make_cycle(year=2571), agency, by=coordinator)
    mine = factories.answer_of(begun, "1.1.2.1")
    page = as_user(coordinator).get(reverse("assessments:findings", args=[begun.pk, mine.pk]))
    assert [remark.key for remark in page.context["remarks"]] == ["unchanged"]


def test_the_pages_with_findings_keep_their_ceiling(
    full, place, coordinator, as_user, django_assert_max_num_queries
):
    _answer, url = place
    browser = as_user(coordinator)
    for address in (
        url,
        reverse("assessments:check", args=[full.pk]),
        reverse("assessments:topic", args=[full.pk, "7.1"]),
    ):
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_a_finding_quotes_what_it_rests_on(full, coordinator, as_user, tree):
    """A spelling where it is written, a cost cut the guidance of its topic, a low target the advice of category 7."""
    cost = factories.answer_of(full, "6.3.1.1")
    values = cost.values | {"cost_1": "100", "long_term_target_1": "60", "process_1": "ระบบ New GFMS Thai"}
    Answer.objects.filter(pk=cost.pk).update(values=values)
    indicator = factories.answer_of(full, "7.1.1")
    indicator.indicator.target = 1
    indicator.indicator.save()
    browser = as_user(coordinator)

    def sources(answer) -> dict[str, str]:
        page = browser.get(reverse("assessments:findings", args=[full.pk, answer.pk]))
        found = {remark.key: remark.source for remark in page.context["remarks"]}
        assert all(source in page.content.decode() for source in found.values())
        return found

    found = sources(cost)
    assert found["spelling:New GFMIS Thai"] == "ชื่อที่หน่วยงานเจ้าของระบบใช้"
    assert "ไม่น้อยกว่าร้อยละ 50" in found["short_cut"]
    assert "ท้าทาย" in sources(indicator)["not_challenging"]
