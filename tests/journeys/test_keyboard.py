"""A topic page with the keyboard alone: everything is reached and seen, nothing holds the focus, a part is written."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_filling import SAVED, Draft, Part, make_draft

pytestmark = pytest.mark.journey

# Every control that can be seen, a group of radios as one, numbered in the page.
NUMBER_CONTROLS = """() => {
  const seen = (node) =>
    node.checkVisibility({ visibilityProperty: true }) && !node.disabled && node.tabIndex >= 0;
  const groups = new Set();
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
  const controls = all.filter((node) => {
    if (node.type === "hidden" || !seen(node)) return false;
    if (node.type !== "radio") return true;
    const group = `${node.form?.id} ${node.name}`;
    return !groups.has(group) && groups.add(group);
  });
  controls.forEach((node, number) => { node.dataset.control = number; });
  return controls.map((node) => node.getAttribute("aria-label") || node.textContent.trim().slice(0, 40) || node.name);
}"""
# Which one has the focus, whether that can be seen on it or on what it stands in, and whether it is in sight.
FOCUSED = """async () => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const group = node.type === "radio" && node.form
    ? [...node.form.querySelectorAll(`[name="${node.name}"]`)].find((other) => other.dataset.control) : node;
  const drawn = (place) => {
    const style = getComputedStyle(place);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  // The page may still be scrolling to it.
  const isInSight = () => {
    const { top, bottom } = node.getBoundingClientRect();
    const bar = document.querySelector(".work-bar");
    const floor = bar && !bar.contains(node) ? bar.getBoundingClientRect().top : innerHeight;
    return bottom > 0 && top < floor;
  };
  for (let frame = 0; frame < 60 && !isInSight(); frame += 1) await new Promise(requestAnimationFrame);
  return {
    number: group?.dataset.control ?? null,
    name: node.outerHTML.slice(0, 120),
    isSeen: drawn(node) || drawn(node.parentElement),
    isInSight: isInSight(),
  };
}"""


@pytest.fixture(scope="module")
def draft(server) -> Draft:
    return make_draft(server)


def tab_through(page: Page, most: int) -> list[dict]:
    """What the Tab key reaches, from the top of the page until it leaves it."""
    reached = []
    for _press in range(most):
        page.keyboard.press("Tab")
        place = page.evaluate(FOCUSED)
        if place is None or (
            reached and place["number"] is not None and place["number"] == reached[0]["number"]
        ):
            return reached
        reached.append(place)
    raise AssertionError(f"the focus never leaves the page: {reached[-3:]}")


@pytest.mark.parametrize("width", [1366, 390])
def test_every_control_of_a_topic_page_is_reached_and_seen(visit, draft, width):
    page = visit(draft.coordinator, draft.topic("1.1"), viewport={"width": width, "height": 900})
    names = page.evaluate(NUMBER_CONTROLS)
    assert len(names) > 40
    reached = tab_through(page, most=len(names) + 20)
    missed = set(range(len(names))) - {int(place["number"]) for place in reached if place["number"]}
    assert [names[number] for number in sorted(missed)] == []
    assert [place["name"] for place in reached if not place["isSeen"]] == []
    assert [place["name"] for place in reached if not place["isInSight"]] == []


def test_a_part_is_filled_in_and_saved_with_the_keyboard_alone(visit, draft):
    page = visit(draft.coordinator, draft.topic("1.1"))
    part = Part(page, "1.1.2.1")
    for _press in range(120):
        if part.blank.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(part.blank).to_be_focused()
    page.keyboard.insert_text("เขียนด้วยแป้นพิมพ์เท่านั้น")
    page.keyboard.press("Tab")
    expect(part.form.get_by_role("radio").first).to_be_focused()
    # Nothing is chosen yet: the space bar takes the first, the arrows go on.
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(part.form.get_by_role("radio", name="ดำเนินการแล้ว")).to_be_checked()
    page.keyboard.press("Control+s")
    part.expect_state(SAVED)
    expect(page.locator("#topic-state")).to_contain_text("พร้อมส่ง 1 จาก 5")
