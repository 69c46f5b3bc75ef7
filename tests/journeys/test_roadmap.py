"""The road map by keyboard and as a screen reader meets it: a table at every width, cells with row and column."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1366, "height": 900}, {"width": 390, "height": 844}
LEVELS = ("Basic", "Advance", "Significance")


@pytest.fixture(scope="module")
def reader(server) -> str:
    return server.python("answer(factories.make_user().email)")


def test_digitalization_has_three_cells_that_say_where_they_stand(visit, reader):
    page = visit(reader, "/criteria/pmqa40-2565/roadmap/")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        table = page.get_by_role("table", name="แปดมิติ สามระดับ")
        expect(table.get_by_role("columnheader")).to_have_text(["มิติ", *LEVELS])
        row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="การปรับเป็นดิจิทัล"))
        expect(row.get_by_role("cell")).to_have_count(3)
        row.get_by_role("link", name="การปรับเป็นดิจิทัล", exact=True).focus()
        for level in LEVELS:
            page.keyboard.press("Tab")
            expect(row.get_by_role("link", name=f"การปรับเป็นดิจิทัล {level}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="การปรับเป็นดิจิทัล")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_text(list(LEVELS))
    assert page.url.endswith("/digitalization/#significance")
