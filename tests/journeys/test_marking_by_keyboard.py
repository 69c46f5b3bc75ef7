"""A whole case marked with the keyboard alone: 130 parts and 30 indicators, the key list, undo, hand-in."""

import re
import statistics
import sys
import time

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

CASE = """
from reviews.models import Assignment
from tests.reviews import cases
reviewer, lead = factories.make_user("keys@test.example"), factories.make_user()
cycle = factories.make_cycle(year=2580, name="รอบสมมติ พ.ศ. 2580")
case = cases.open_case(reviewer, lead=lead, cycle=cycle)
marked = case.answers.filter(part__item__topic__category__kind__in=("process", "results"))
answer({"pk": case.pk, "total": marked.count()})
"""
STORED = """
from reviews.models import Verdict
rows = Verdict.objects.filter(assignment__assessment={pk})
answer({{
    "outcomes": {{word: rows.filter(outcome=word).count() for word in ("pass", "fail", "unsure", "abstain", "")}},
    "handed_in": rows.exclude(assignment__handed_in_at=None).count(),
    "strength": rows.exclude(strength="").values_list("answer__part__code", "strength").first(),
    "reasons": [list(row) for row in rows.exclude(reason="").values_list("ground", "reason")],
    "note": rows.exclude(own_note="").values_list("own_note", flat=True).first(),
}})
"""
# Stepped over at first: the product has to come back to them.
SKIPPED = ("6.1.3.1", "6.1.4.1")
COMMENT = "มีแนวทางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นผลลัพธ์"
OPEN = "document.querySelector('details.mark-row[open]')"


def wait_saved(page: Page, code: str) -> None:
    """What a screen reader hears once the mark is stored."""
    page.wait_for_function(
        "code => document.querySelector('[data-said]').textContent.startsWith(code)", arg=code
    )


def press_on(page: Page, key: str, code: str) -> None:
    """A key that leaves the part `code`, for another one or for the page of the hand-in."""
    page.keyboard.press(key)
    page.wait_for_function(
        f"code => document.readyState === 'complete' && {OPEN}?.id !== 'p' + code",
        arg=code,
    )


def mark(page: Page, code: str, place: int) -> float:
    """One mark, from the first key to the moment it is stored; the seconds it took."""
    begun = time.perf_counter()
    if place % 9 == 4:
        page.keyboard.press("f")
        page.keyboard.insert_text(COMMENT)
        wait_saved(page, code)
        page.keyboard.press("Escape")
    elif place == 12:
        page.keyboard.press("a")
        # The cursor is on the ground already.
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.insert_text("ไม่ใช่สาขาของข้าพเจ้า")
        wait_saved(page, code)
        page.keyboard.press("Escape")
    else:
        page.keyboard.press("u" if place % 40 == 7 else "p")
        wait_saved(page, code)
    return time.perf_counter() - begun


def test_a_whole_case_with_the_keyboard_alone(server, visit, record_property):
    made = server.python(CASE)
    assert made["total"] == 160
    page = visit("keys@test.example", f"/reviews/{made['pk']}/")
    _learn_the_keys(page)
    _undo(page)
    times = _mark_everything(page, made["total"])
    record_property("seconds_per_mark", round(statistics.mean(times), 3))
    sys.stdout.write(
        f"\n{len(times)} marks by keyboard: {statistics.mean(times):.3f} s each, longest {max(times):.3f} s\n"
    )
    _hand_in(page)
    stored = server.python(STORED.format(pk=made["pk"]))
    assert stored["outcomes"]["unsure"] == stored["outcomes"][""] == 0
    assert sum(stored["outcomes"].values()) == stored["handed_in"] == 160
    assert stored["strength"] == ["1.1.1.1", "จุดเด่น jkpfz"]
    assert stored["reasons"] == [["conflict", "ไม่ใช่สาขาของข้าพเจ้า"]]
    assert stored["note"] == "เตือนตัวเอง"


def _learn_the_keys(page: Page) -> None:
    """Every key is in the list; letters rest while somebody types, and can be switched off."""
    page.keyboard.press("?")
    keys = page.locator("dialog#keys")
    expect(keys).to_be_visible()
    keys.locator("[data-single-keys]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)
    page.locator("button[data-act=keys]").press("Enter")
    keys.locator("[data-single-keys]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.locator("details[open] > summary").focus()
    page.keyboard.press("s")
    page.keyboard.type("จุดเด่น jkpfz")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.insert_text("เตือนตัวเอง")
    page.keyboard.press("Escape")
    assert page.evaluate(f"{OPEN}.id") == "p1.1.1.1"
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)


def _undo(page: Page) -> None:
    """Mark and comment go and come back; the composer and the code of a part by key."""
    page.keyboard.press("g")
    page.keyboard.type("1.4.2.1")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#p1\.4\.2\.1"))
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.keyboard.insert_text("แนวทางที่ชัดเจน")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("[data-composer] [name=besides]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    comment = page.locator("details[open] [name=comment]")
    expect(comment).to_have_value(re.compile("มีแนวทางที่ชัดเจน แต่ทั้งนี้ ควรแสดงให้เห็น"))
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.locator("details[open] .messages")).to_contain_text("เลิกทำ 1.4.2.1")
    expect(comment).to_have_value("")
    expect(page.locator("details[open] [name=outcome]:checked")).to_have_count(0)
    page.keyboard.press("Shift+Z")
    expect(page.locator("details[open] .messages")).to_contain_text("ทำซ้ำ 1.4.2.1")
    expect(comment).to_have_value(re.compile("แต่ทั้งนี้"))
    page.keyboard.press("z")
    expect(page.locator("details[open] .messages")).to_contain_text("เลิกทำ 1.4.2.1")
    page.keyboard.press("g")
    page.keyboard.type("1111")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#p1\.1\.1\.1"))


def _mark_everything(page: Page, total: int) -> list[float]:
    times: list[float] = []
    skipped: set[str] = set()
    while "/hand-in/" not in page.url:
        code, was_unsure = page.evaluate(
            f"[{OPEN}.id.slice(1), {OPEN}.querySelector('[value=unsure]').checked]"
        )
        if code in SKIPPED and code not in skipped:
            skipped.add(code)
            press_on(page, "j", code)
            continue
        if was_unsure:
            page.keyboard.press("p")
            wait_saved(page, code)
        else:
            times.append(mark(page, code, len(times)))
        press_on(page, "n", code)
    assert (len(times), skipped) == (total, set(SKIPPED))
    return times


def _hand_in(page: Page) -> None:
    expect(page.locator("main")).to_contain_text("ลงผลครบทุกส่วนแล้ว")
    button = page.get_by_role("button", name="ส่งผลการตรวจ")
    for _step in range(40):
        if button.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("[data-confirm-yes]").press("Enter")
    page.wait_for_url(re.compile("/reviews/$"))
