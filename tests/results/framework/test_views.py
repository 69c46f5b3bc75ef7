"""The pages of a KPI framework: who reads, what the filter leaves, how it is kept, and what targets say by it."""

import csv
import io

import pytest
from django.urls import reverse

from results.framework.reading import framework_of
from results.framework.services import store
from results.framework.weights import standard
from results.models import KpiFramework
from tests import factories as base
from tests.pages import main_of
from tests.results import factories
from tests.results.framework.frameworks import sent, weighing
from tests.results.standing.rows import publish_row

pytestmark = pytest.mark.django_db
QUERIES = 12


def at(name: str, *args) -> str:
    return reverse(f"results:{name}", args=args)


@pytest.fixture
def cycle():
    return factories.make_cycle_of(2570)


@pytest.fixture
def stored(cycle, administrator):
    return store(cycle, "", version=0, framework=standard(), by=administrator)


@pytest.fixture
def edit(cycle) -> str:
    return at("edit_framework", cycle.pk, "all")


# --- reading ----------------------------------------------------------------------------------


def test_the_tag_potential_lists_pmqa_and_the_tag_area_does_not(as_user, cycle, stored):
    client = as_user(base.make_member(base.make_agency(), "viewer"))
    table = '<th scope="row" class="full fw-normal">PMQA 4.0'
    listed = {
        tag: table in main_of(client.get(at("framework", cycle.pk), {"base": tag}))
        for tag in ("", "potential", "area", "planet")
    }
    assert listed == {"": True, "potential": True, "area": False, "planet": True}
    assert "ไม่มีองค์ประกอบของฐานนี้" in main_of(client.get(at("framework", cycle.pk), {"base": "innovation"}))


def test_each_base_has_its_meaning_in_both_languages(as_user, cycle, settings):
    client = as_user(base.make_official("officer"))
    said = main_of(client.get(at("framework", cycle.pk)))
    assert "ยังไม่ประกาศกรอบตัวชี้วัด" in said
    assert "งานที่ตอบความต้องการของพื้นที่" in said
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = main_of(client.get(at("framework", cycle.pk)))
    assert "needs of an area" in english
    for name in ("Function base", "Agenda base", "Area base", "Innovation base", "Potential base"):
        assert name in said
        assert name in english


def test_an_agency_sees_which_framework_is_its_own(as_user, cycle, stored, administrator):
    store(cycle, "other", version=0, framework=weighing("20", digital="10"), by=administrator)
    for kind, heading in (("department", "หน่วยงานทุกประเภทที่ไม่มีกรอบของตนเอง"), ("other", "หน่วยงานอื่น")):
        client = as_user(base.make_member(base.make_agency(kind=kind), "head"))
        said = main_of(client.get(at("framework", cycle.pk)))
        assert said.count("ใช้กับหน่วยงานของท่าน") == 1
        assert said.rindex(f">{heading}", 0, said.index("ใช้กับหน่วยงานของท่าน")) > said.rindex(
            "<h2", 0, said.index("ใช้กับหน่วยงานของท่าน")
        )
        assert at("edit_framework", cycle.pk, "all") not in said


# --- keeping ----------------------------------------------------------------------------------


def test_the_page_starts_from_a_proposal_that_counts_for_nothing_before_it_is_stored(
    as_user, administrator, cycle, edit
):
    client = as_user(administrator)
    assert "ข้อเสนอมาจากกรอบที่ประกาศ" in main_of(client.get(edit))
    assert not KpiFramework.objects.exists()
    assert client.post(edit, sent(standard()))["Location"] == at("framework", cycle.pk)
    assert framework_of(cycle, "").framework == standard()


def test_weights_that_sum_to_95_are_refused_with_the_missing_5_and_everything_typed_stays(
    as_user, administrator, edit
):
    answer = as_user(administrator).post(edit, sent(standard()) | {"form-2-weight": "10"})
    assert answer.status_code == 422
    said = main_of(answer)
    assert "น้ำหนักรวม 95 ขาดอีก 5" in said
    assert 'value="10"' in said
    assert not KpiFramework.objects.exists()


def test_a_line_is_added_and_one_taken_out_without_a_script(as_user, administrator, cycle, edit):
    client = as_user(administrator)
    typed = sent(standard(), step="add") | {
        "performance": "61", "form-2-weight": "มาก", "form-1-DELETE": "on",
    }  # fmt: skip
    said = main_of(client.post(edit, typed))
    assert said.count('<fieldset class="kpi-row">') == 3
    assert 'value="มาก"' in said
    assert 'value="61"' in said
    assert "การพัฒนาองค์การสู่ดิจิทัล" not in said
    assert not KpiFramework.objects.exists()
    line = {"name": "ตัวชี้วัดร่วม", "weight": "5", "group": "potential", "least": "1", "most": "1"}
    typed = sent(standard()) | {"form-2-weight": "10", "form-TOTAL_FORMS": "5"}
    typed |= {f"form-3-{name}": value for name, value in line.items()} | {
        "form-3-bases": ["area", "function"]
    }
    # The fifth line stays as it came, and counts for nothing.
    typed |= {"form-4-group": "potential", "form-4-least": "1", "form-4-most": "1"}
    assert client.post(edit, typed).status_code == 302
    last = framework_of(cycle, "").framework.components[-1]
    assert (last.name, last.weight, last.bases) == ("ตัวชี้วัดร่วม", 5, ("function", "area"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"form-2-weight": "สิบห้า"}, "กรอกหมายเลข"),
        ({"form-0-name": " "}, "ระบุชื่อ"),
        ({"form-0-bases": []}, "เลือกอย่างน้อยหนึ่งฐาน"),
        ({"form-0-least": "6"}, "ต้องไม่น้อยกว่าจำนวนอย่างน้อย"),
        ({"form-2-is_pmqa": ""}, "ระบุหนึ่งองค์ประกอบว่าคือ PMQA 4.0"),
        ({"performance": ""}, "ระบุน้ำหนัก"),
        ({"form-TOTAL_FORMS": "x"}, "form-TOTAL_FORMS"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_place(as_user, administrator, edit, typed, words):
    answer = as_user(administrator).post(edit, sent(standard()) | typed)
    assert answer.status_code == 422
    assert words in main_of(answer)
    assert not KpiFramework.objects.exists()


def test_two_administrators_see_both_and_the_second_may_store_over_it(as_user, administrator, cycle, edit):
    client = as_user(administrator)
    client.post(edit, sent(weighing("20", digital="10")))
    mine = sent(weighing("12", digital="18"))
    answer = client.post(edit, mine)
    assert answer.status_code == 409
    said = main_of(answer)
    assert 'value="18"' in said
    assert '<td class="r" data-l="น้ำหนัก">20</td>' in said
    assert framework_of(cycle, "").framework == weighing("20", digital="10")
    assert client.post(edit, mine | {"over": "1"}).status_code == 302
    assert framework_of(cycle, "").framework == weighing("12", digital="18")


def test_who_stores_after_the_framework_was_taken_out_keeps_what_was_typed(as_user, administrator, cycle):
    own = store(cycle, "other", version=0, framework=standard(), by=administrator)
    client, address = as_user(administrator), at("edit_framework", cycle.pk, "other")
    gone = client.post(at("drop_framework", cycle.pk, "other"), {"version": own.version})
    assert gone["Location"] == at("framework", cycle.pk)
    answer = client.post(address, sent(weighing("12", digital="18"), version=own.version))
    assert answer.status_code == 409
    assert "มีผู้นำกรอบของประเภทนี้ออก" in main_of(answer)
    assert 'value="18"' in main_of(answer)


def test_after_a_result_is_known_the_pages_only_read(as_user, administrator, cycle, stored, edit):
    publish_row(base.make_agency(), cycle, "306.00")
    client = as_user(administrator)
    assert 'name="step"' not in main_of(client.get(edit))
    assert edit not in main_of(client.get(at("framework", cycle.pk)))
    changed = sent(weighing("20", digital="10"), version=1)
    assert client.post(edit, changed).status_code == 422
    assert framework_of(cycle, "").framework == standard()


def test_a_kind_that_does_not_exist_has_no_page(as_user, administrator, cycle):
    assert as_user(administrator).get(at("edit_framework", cycle.pk, "planet")).status_code == 404


# --- what targets say by it -------------------------------------------------------------------


def test_an_agency_sees_attainment_times_weight_of_its_published_result(as_user, cycle, stored):
    agency = base.make_agency()
    publish_row(agency, factories.make_cycle_of(2569), "345.00")
    publish_row(agency, cycle, "306.00")
    said = main_of(as_user(base.make_member(agency, "head")).get(at("standing", agency.pk)))
    assert "80.00 × 15 % = 12.00 คะแนน" in said
    assert at("framework", cycle.pk) in said


def test_the_forecast_of_a_draft_is_marked_as_one(as_user, administrator, cycle, stored):
    agency = base.make_agency(kind="other")
    store(cycle, "other", version=0, framework=weighing("20", digital="10"), by=administrator)
    publish_row(agency, factories.make_cycle_of(2569), "345.00")
    draft = base.make_assessment(agency=agency, cycle=cycle, complete=True)
    client = as_user(base.make_member(agency, "coordinator"))
    for address in (at("standing", agency.pk), at("next_best", draft.pk), at("what_if", draft.pk)):
        said = main_of(client.get(address))
        place = said.index("คะแนนในกรอบตัวชี้วัด")
        assert "100.00 × 20 % = 20.00" in said[place : place + 600], address
        assert "ประมาณการ" in said[place : place + 600], address


def test_without_a_framework_the_agency_is_told_so(as_user, cycle):
    agency = base.make_agency()
    publish_row(agency, factories.make_cycle_of(2569), "345.00")
    publish_row(agency, cycle, "306.00")
    said = main_of(as_user(base.make_member(agency, "head")).get(at("standing", agency.pk)))
    assert "ยังไม่ประกาศกรอบตัวชี้วัด" in said
    assert "80.00 ×" not in said


def test_the_cycle_and_its_file_have_weight_and_contribution(as_user, administrator, cycle, stored):
    scored, new = base.make_agency(), base.make_agency()
    publish_row(scored, factories.make_cycle_of(2569), "345.00")
    publish_row(scored, cycle, "306.00")
    base.make_assessment(agency=new, cycle=cycle)
    client = as_user(administrator)
    assert "<b>12.00</b>" in main_of(client.get(at("groups", cycle.pk)))
    content = client.get(at("groups_csv", cycle.pk)).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content))
    assert head[-2:] == ["น้ำหนักในกรอบตัวชี้วัด", "คะแนนในกรอบตัวชี้วัด"]
    assert {row[1]: row[-2:] for row in rows} == {scored.code: ["15", "12.00"], new.code: ["15", "–"]}


def test_the_pages_need_few_queries_however_many_frameworks(
    as_user, administrator, cycle, stored, django_assert_max_num_queries
):
    for kind in ("department", "province", "other"):
        store(cycle, kind, version=0, framework=standard(), by=administrator)
    member = base.make_member(base.make_agency(), "head")
    for person, address in (
        (administrator, at("framework", cycle.pk)),
        (administrator, at("edit_framework", cycle.pk, "other")),
        (administrator, at("edit_framework", factories.make_cycle_of(2571).pk, "other")),
        (member, at("framework", cycle.pk)),
    ):
        client = as_user(person)
        with django_assert_max_num_queries(QUERIES):
            assert client.get(address).status_code == 200, address
