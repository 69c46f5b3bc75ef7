"""The pages of the library: who finds what, and that nobody finds what is not shared."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmqa.accounts.models import Agency
from results.library import services
from results.library.models import LibraryEntry
from tests import factories as base
from tests.pages import main_of
from tests.results import factories
from tests.results.library.conftest import (
    FIRST,
    SECOND,
    THIRD,
    freeze,
    key_of,
    make_entries,
    published,
    share,
)

LIBRARY = "/results/library/"


def words_of(response) -> str:
    return " ".join(main_of(response).split())


def listed(client, **query) -> list[str]:
    response = client.get(LIBRARY, query)
    assert response.status_code == 200
    return [entry.title for entry in response.context["page"]]


def address(name: str, sheet, *more: str) -> str:
    return reverse(f"results:{name}", args=[sheet.assessment.pk, *more])


def posted(**given) -> dict:
    blank = {"version": 0, "title": "ข้อมูลน้ำเปิด", "topics": ["1.1"], "agreed": "on"}
    return {name: value for name, value in (blank | given).items() if value is not None}


# --- finding ----------------------------------------------------------------------------------


def test_every_filter_and_words_of_title_text_agency_and_more(sheet, coordinator, neighbour, as_user):
    share(sheet, coordinator, topics=["1.1", "7.2"], title="ข้อมูลน้ำเปิด Open Data")
    other = base.make_agency(kind=Agency.Kind.PROVINCE, name="จังหวัดสมมติชายฝั่ง")
    later = published(other, factories.make_cycle_of(2570))
    share(later, base.make_member(other, "head"), THIRD, topics=["6.1"], title="ลดขั้นตอน", factors="ทีมข้ามกอง")
    client = as_user(neighbour)
    first, second = "ข้อมูลน้ำเปิด Open Data", "ลดขั้นตอน"
    assert listed(client) == [second, first]
    for query, found in (
        ({"pillar": "2"}, [second]),
        ({"category": "7"}, [first]),
        ({"topic": "6.1"}, [second]),
        ({"topic": "1.1", "category": "6"}, []),
        ({"kind": "province"}, [second]),
        ({"year": "2569"}, [first]),
        ({"q": "open data"}, [first]),
        ({"q": "ข้าม กอง"}, [second]),
        ({"q": "ชายฝั่ง"}, [second]),
        ({"q": "เปิดข้อมูล น้ำสมมติ"}, [first]),
        ({"q": "100%"}, []),
        ({"q": "_"}, []),
        ({"year": "1", "topic": "x", "q": " "}, [second, first]),
    ):
        assert listed(client, **query) == found, query


def test_empty_libraries_say_what_to_do(as_user, neighbour):
    client = as_user(neighbour)
    assert "ยังไม่มีแนวปฏิบัติในคลัง" in words_of(client.get(LIBRARY))
    assert "ไม่พบแนวปฏิบัติตามที่ค้น" in words_of(client.get(LIBRARY, {"q": "ไม่มีคำนี้"}))


def test_many_entries_stand_on_pages_that_keep_the_filters(sheet, as_user, neighbour):
    make_entries(sheet, 45)
    client = as_user(neighbour)
    assert len(listed(client)) == 20
    assert len(listed(client, page=3)) == 5
    assert "pillar=3&amp;page=2" in words_of(client.get(LIBRARY, {"pillar": "3"}))


def test_queries_stay_few_with_many_entries(sheet, as_user, neighbour):
    make_entries(sheet, 45)
    client = as_user(neighbour)
    client.get(LIBRARY)
    with CaptureQueriesContext(connection) as seen:
        client.get(LIBRARY, {"q": "รายการ", "topic": "", "pillar": "3"})
    assert len(seen) <= 12


def test_the_library_is_for_agencies_and_opdc(entry, as_user):
    page = reverse("results:library_entry", args=[entry.pk])
    for office in ("officer", "executive", "auditor"):
        assert as_user(base.make_official(office)).get(page).status_code == 200
    stranger = as_user(base.make_user())
    assert stranger.get(LIBRARY).status_code == 403
    assert stranger.get(page).status_code == 403


# --- one entry --------------------------------------------------------------------------------


def test_an_entry_says_whose_it_is_where_it_comes_from_and_what_was_added(
    sheet, coordinator, neighbour, as_user
):
    entry = share(
        sheet, coordinator, approach="ทำทีละพื้นที่", contact="กองแผนงาน", link="https://example.org/water",
    )  # fmt: skip
    html = words_of(as_user(neighbour).get(reverse("results:library_entry", args=[entry.pk])))
    for words in (
        FIRST,
        sheet.assessment.agency.name,
        "ครั้งที่ 1",
        "ทำทีละพื้นที่",
        "กองแผนงาน",
        "https://example.org/water",
    ):
        assert words in html
    assert "ปัจจัยแห่งความสำเร็จ" not in html
    assert str(coordinator) not in html
    assert "สำหรับผู้ดูแลระบบ" not in html


def test_what_is_not_shared_is_nowhere(sheet, entry, coordinator, neighbour, as_user):
    """Another highlight of the same report, and the entry itself once it is taken back."""
    client = as_user(neighbour)
    place = reverse("results:library_entry", args=[entry.pk])
    for page in (LIBRARY, place):
        assert SECOND not in client.get(page).content.decode()
    assert client.get(address("sharing", sheet)).status_code == 404
    assert client.get(address("share_highlight", sheet, key_of(sheet))).status_code == 404
    services.take_back(entry, by=coordinator)
    assert listed(client) == listed(client, q="ข้อมูลน้ำ") == []
    assert client.get(place).status_code == 404
    assert as_user(base.make_official("officer")).get(place).status_code == 404
    assert "หน่วยงานอื่นไม่เห็นหน้านี้" in words_of(as_user(coordinator).get(place))


def test_hiding_needs_a_reason_and_tells_the_owner(entry, administrator, coordinator, neighbour, as_user):
    admin, place = as_user(administrator), reverse("results:library_entry", args=[entry.pk])
    refused = admin.post(reverse("results:hide_entry", args=[entry.pk]), {"reason": " "})
    assert refused.status_code == 422
    admin.post(reverse("results:hide_entry", args=[entry.pk]), {"reason": "มีข้อมูลส่วนบุคคล"})
    assert as_user(neighbour).get(place).status_code == 404
    for client in (as_user(coordinator), admin):
        assert "มีข้อมูลส่วนบุคคล" in words_of(client.get(place))
    assert admin.post(reverse("results:show_entry", args=[entry.pk])).status_code == 302
    assert as_user(neighbour).get(place).status_code == 200


# --- one's own --------------------------------------------------------------------------------


def test_agreeing_needs_a_title_a_topic_and_the_word_and_loses_nothing(sheet, coordinator, as_user):
    client, place = as_user(coordinator), address("share_highlight", sheet, key_of(sheet))
    response = client.post(
        place, posted(title=" ", topics=None, agreed=None, approach="พิมพ์ไว้นาน", link="ftp:/x")
    )
    assert response.status_code == 422
    assert {"title", "topics", "agreed", "link"} == set(response.context["form"].errors)
    assert "พิมพ์ไว้นาน" in words_of(response)
    assert not LibraryEntry.objects.exists()
    assert client.post(place, posted()).status_code == 302
    html = words_of(client.get(address("sharing", sheet)))
    assert "แบ่งปันแล้วเมื่อ" in html
    assert html.count("ยังไม่แบ่งปัน") == 2


def test_a_stale_page_shows_both_and_stores_what_is_chosen(entry, sheet, coordinator, as_user):
    client, place = as_user(coordinator), address("share_highlight", sheet, entry.key)
    share(sheet, coordinator, version=1, title="ชื่อจากอีกหน้าต่าง")
    response = client.post(place, posted(version=1, title="ชื่อของฉัน", approach="ทำทีละพื้นที่"))
    assert response.status_code == 409
    for words in ("ชื่อจากอีกหน้าต่าง", "ชื่อของฉัน", "ทำทีละพื้นที่"):
        assert words in words_of(response)
    kept = dict(response.context["kept"]) | {"version": response.context["version"], "keep": "mine"}
    assert client.post(place, kept).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.approach, entry.version) == ("ชื่อของฉัน", "ทำทีละพื้นที่", 3)


def test_what_was_taken_back_meanwhile_needs_a_consent_of_its_own(entry, sheet, coordinator, head, as_user):
    client, place = as_user(coordinator), address("share_highlight", sheet, entry.key)
    services.take_back(entry, by=head)
    typed = posted(version=1, approach="ทำทีละพื้นที่")
    assert client.post(place, typed | {"agreed": ""}).status_code == 422
    response = client.post(place, typed)
    assert response.status_code == 409
    assert "มีผู้ถอนรายการนี้หลังจากท่านเปิดหน้านี้" in words_of(response)
    assert "ทำทีละพื้นที่" in words_of(response)
    assert not LibraryEntry.objects.shown().exists()
    assert (
        client.post(place, typed | {"version": response.context["form"]["version"].value()}).status_code
        == 302
    )
    assert LibraryEntry.objects.shown().get().approach == "ทำทีละพื้นที่"


def test_taking_back_twice_is_no_error(entry, sheet, coordinator, as_user):
    client, place = as_user(coordinator), address("take_back", sheet, entry.key)
    assert [client.post(place).status_code for _ in range(2)] == [302, 302]
    assert client.post(address("take_back", sheet, key_of(sheet, SECOND))).status_code == 404


def test_others_of_the_agency_read_and_are_told_who_decides(sheet, agency, as_user):
    client = as_user(base.make_member(agency, "viewer"))
    assert "แบ่งปันแนวปฏิบัติ" in words_of(client.get(address("sharing", sheet)))
    place = address("share_highlight", sheet, key_of(sheet))
    assert "ผู้ประสานงานและหัวหน้าส่วนราชการ" in words_of(client.get(place))
    assert client.post(place, posted()).status_code == 403


def test_a_correction_is_told_on_the_page(entry, sheet, coordinator, as_user):
    services.follow(freeze(sheet.assessment, {"1": SECOND}, revision=2))
    assert "ผลครั้งที่ 2 ไม่มีข้อความนี้แล้ว" in words_of(as_user(coordinator).get(address("sharing", sheet)))


# --- the ways to it ---------------------------------------------------------------------------


def test_results_topics_next_steps_and_cards_lead_to_the_library(whole, assessment, coordinator, as_user):
    client, sheet = as_user(coordinator), whole
    assert address("sharing", sheet) in client.get(address("result", sheet)).content.decode()
    card = sheet.assessment.plan.cards.get(source="ofi:4.2")
    for page, topic in (
        (reverse("assessments:topic", args=[assessment.pk, "4.2"]), "4.2"),
        (address("plan_card", sheet, str(card.pk)), "4.2"),
        (address("next_best", sheet), "1.2"),
    ):
        assert f"{LIBRARY}?topic={topic}" in client.get(page).content.decode(), page
    assert LIBRARY in client.get(LIBRARY).content.decode()
