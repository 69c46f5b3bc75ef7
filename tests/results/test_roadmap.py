"""The road map of one agency: what of each cell is there, by the marks that count or by the claims."""

import re

import pytest
from django.urls import reverse

from criteria.pillars import read_pillars
from criteria.roadmap import read_roadmap
from criteria.structure import LEVELS
from results.roadmap import VERIFIED, pillar_states_of, states_of
from tests import factories as base
from tests.criteria import CRITERIA, edition_2565
from tests.results import factories


def sheet_of() -> dict:
    """A payload in which everything is passed, nothing claimed, and no indicator given."""
    edition = edition_2565()
    categories = [
        {
            "topics": [
                {
                    "items": [
                        {
                            "code": item.code,
                            "parts": [
                                {"code": part.code, "level": part.level, "outcome": "pass", "claim": None}
                                for part in item.parts
                            ],
                        }
                        for item in topic.items
                    ]
                }
                for topic in category.topics
            ]
        }
        for category in edition.of_kind("process")
    ]
    return {"categories": categories, "indicators": []}


def part_of(payload: dict, code: str) -> dict:
    return next(
        part
        for category in payload["categories"]
        for topic in category["topics"]
        for item in topic["items"]
        for part in item["parts"]
        if part["code"] == code
    )


def indicator(code: str, score: int, verified: int) -> dict:
    topic, group, _number = code.rsplit(".", 2)
    return {"code": code, "topic": topic, "group": int(group), "score": score, "verified_score": verified}


def roadmap_2565():
    return read_roadmap(CRITERIA / "pmqa40-2565", edition_2565())


def states(payload: dict, basis: str = VERIFIED) -> dict:
    return {state.dimension.key: state for state in states_of(roadmap_2565(), payload, basis)}


def counts(state) -> list[tuple[int, int]]:
    return [(cell.done, cell.total) for cell in state.cells]


def test_a_failed_part_opens_its_item_at_its_own_level_only():
    """3.2.2 has one part at Advance and two at Basic."""
    payload = sheet_of()
    part_of(payload, "3.2.2.2")["outcome"] = "fail"
    customer = states(payload)["customer"]
    assert counts(customer) == [(4, 5), (5, 5), (4, 4)]
    assert [(rest.item.code, rest.place) for rest in customer.first] == [("3.2.2", "3.2.2.2")]


def test_claims_are_counted_for_themselves():
    payload = sheet_of()
    part_of(payload, "3.1.2.1")["claim"] = "done"
    part_of(payload, "3.4.2.1")["claim"] = "started"
    assert counts(states(payload, "claimed")["customer"])[0] == (1, 5)
    assert counts(states(payload)["customer"])[0] == (5, 5)


def test_what_a_partial_sheet_does_not_hold_is_open():
    payload = sheet_of()
    payload["categories"] = payload["categories"][:1]
    assert counts(states(payload)["customer"]) == [(0, 5), (0, 5), (0, 4)]


def test_groups_reach_a_level_by_the_points_of_all_their_indicators():
    payload = sheet_of()
    payload["indicators"] = [
        indicator("7.1.1.1", 500, 500),
        indicator("7.1.1.2", 500, 400),
        indicator("7.1.2.1", 300, 0),
    ]
    results = states(payload)["results"]
    # Twelve mandatory groups, of which eleven have nothing, and the one optional group that was used.
    required = sum(
        item.required
        for topic in edition_2565().topics.values()
        if topic.answers_required
        for item in topic.items
    )
    assert counts(results) == [(1, required + 1), (1, required + 1), (0, required + 1)]
    open_ = {rest.item.code: rest.place for rest in results.cells[2].open}
    assert open_["7.1.1"] == "7.1.1.2"
    assert open_["7.2.1"] == ""
    assert "7.1.3" not in open_
    assert counts(states(payload, "claimed")["results"])[0] == (2, required + 1)


def test_the_next_step_is_of_the_lowest_level_that_is_not_complete():
    payload = sheet_of()
    part_of(payload, "4.4.3.1")["outcome"] = "fail"
    digital = states(payload)["digitalization"]
    assert digital.following.cell.level == "significance"
    assert [rest.item.code for rest in digital.first] == ["4.4.3"]
    assert states(sheet_of())["digitalization"].following is None


def test_many_open_items_are_named_in_part_and_counted_in_full():
    payload = sheet_of()
    for part in ("1.1.2.1", "1.2.1.1", "1.2.4.1", "1.4.1.1", "2.2.2.1", "2.3.1.1"):
        part_of(payload, part)["outcome"] = "fail"
    leadership = states(payload)["leadership"]
    assert [rest.item.code for rest in leadership.first] == ["1.1.2", "1.2.1", "1.2.4", "1.4.1"]
    assert leadership.others == 2


def test_a_pillar_counts_an_item_once_all_its_levels_are_there():
    payload = sheet_of()
    part_of(payload, "3.2.2.2")["outcome"] = "fail"
    pillars = read_pillars(CRITERIA / "pmqa40-2565", edition_2565(), roadmap_2565())
    found = {state.pillar.key: state for state in pillar_states_of(pillars, payload, VERIFIED)}
    assert sum(len(state.rests) for state in found.values()) == 94
    assert found["2"].done == len(found["2"].rests) - 1
    assert [(rest.item.code, rest.place) for rest in found["2"].open] == [("3.2.2", "3.2.2.2")]
    assert found["1"].open == ()


# --- the pages --------------------------------------------------------------------------------


@pytest.fixture
def frozen(administrator):
    """Failed: 1.2.2.1 and 4.2.2.1."""
    return factories.make_published(by=administrator)


@pytest.fixture
def browser(frozen, as_user):
    return as_user(base.make_member(frozen.assessment.agency, "viewer"))


def page(client, pk: int, basis: str, *key: str) -> str:
    name = "results:roadmap_dimension" if key else "results:roadmap"
    response = client.get(reverse(name, args=[pk, basis, *key]))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_result_shows_its_cells_and_links_what_is_open(frozen, browser, django_assert_max_num_queries):
    pk = frozen.assessment.pk
    with django_assert_max_num_queries(12):
        html = page(browser, pk, "verified")
    digital = html[html.index("/digitalization/") : html.index("/customer/")]
    assert "ผ่าน 4 จาก 4" in digital
    assert "ผ่าน 7 จาก 8" in digital
    assert f'/results/{pk}/topics/4.2/#p4.2.2.1"' in digital
    pillars = html[html.index('id="h-pillars"') :]
    assert f'/results/{pk}/topics/4.2/#p4.2.2.1"' in pillars
    assert "ครบทุกข้อ" in pillars
    assert (
        reverse("results:roadmap", args=[pk, "verified"]) in browser.get(f"/results/{pk}/").content.decode()
    )


def test_a_dimension_names_every_item_and_how_its_number_came_about(frozen, browser):
    html = page(browser, frozen.assessment.pk, "verified", "digitalization")
    assert [html.index(f'id="{level}"') for level in LEVELS] == sorted(
        html.index(f'id="{level}"') for level in LEVELS
    )
    assert html.count("ยังไม่ผ่าน") == 1
    assert f"/results/{frozen.assessment.pk}/explain/verified/4.2/" in html
    assert "ดูตามที่ประเมินตนเอง" in html


def test_it_reads_the_frozen_sheet_only(frozen, browser):
    before = page(browser, frozen.assessment.pk, "verified")
    frozen.assessment.answers.update(claim="", values={})
    frozen.assessment.answers.filter(part__code="4.1.1.1").first().consensus.delete()
    assert counts_in(page(browser, frozen.assessment.pk, "verified")) == counts_in(before)


def counts_in(html: str) -> list[str]:
    return re.findall(r"ผ่าน \d+ จาก \d+", html)


def test_a_draft_is_counted_by_its_claims_and_leads_to_its_blanks(assessment, coordinator, as_user):
    answer = base.answer_of(assessment, "4.4.2.1")
    assessment.answers.filter(pk=answer.pk).update(claim="done")
    browser = as_user(coordinator)
    html = page(browser, assessment.pk, "draft")
    assert "ดำเนินการแล้ว" in html
    assert f'/assessments/{assessment.pk}/4.1/#p4.1.1.1"' in html
    dimension = page(browser, assessment.pk, "draft", "results")
    assert f'/assessments/{assessment.pk}/7.1/#p7.1.1"' in dimension
    overview = browser.get(reverse("assessments:overview", args=[assessment.pk])).content.decode()
    assert reverse("results:roadmap", args=[assessment.pk, "draft"]) in overview


def test_other_places_are_404(frozen, browser):
    for path in ("roadmap/other/", "roadmap/verified/nothing/"):
        assert browser.get(f"/results/{frozen.assessment.pk}/{path}").status_code == 404
