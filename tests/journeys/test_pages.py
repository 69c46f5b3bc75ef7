"""Every page as its reader meets it: nothing missing, nothing wider than a phone, nothing in anybody's way.

The pages are the rows of tests/test_permissions.py: a new route is looked at as soon as it has its row.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.journey

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
TAB_IN_SIGHT = """() => [...document.querySelectorAll(".subnav [aria-current]")].every((tab) => {
  const { left, right } = tab.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
})"""
# One reader of each page that is the same for all: whose work it is, where there is any.
WORLD = """
from django.db import transaction
from tests import cases, routes
from tests.test_permissions import ROWS

ORDER = ("reviewer", "lead", "coordinator", "head", "administrator", "officer", "auditor", "executive", "nobody")
with transaction.atomic():
    world = cases.build(first_year=7000)
steps = []
STATES_SHOWN = ("drafting", "awaiting_head", "in_review", "consensus", "report_issued")

def reader(row, state):
    return next((role for role in ORDER if row.expected(role, state) == "+"), None)

def is_page(role, path):
    response = world.client(role, SERVER_NAME="127.0.0.1").get(path)
    return response.status_code in (200, 302) and response.headers["Content-Type"].startswith("text/html")

def look_at(role, path):
    if is_page(role, path):
        steps.append((role, path))

for row in ROWS:
    if row.method != "GET":
        continue
    if not routes.is_of_a_case(row.route):
        look_at(reader(row, cases.STATES[0]), routes.address(world, row.route, world.other))
        continue
    states = [state for state in cases.STATES if reader(row, state)]
    for state in dict.fromkeys((states[0], states[-1])):
        look_at(reader(row, state), routes.address(world, row.route, world.cases[state]))
for role in ("administrator", "auditor"):
    look_at(role, "/admin/")
for page in ("password/change", "2fa", "logout"):
    look_at("nobody", f"/accounts/{page}/")
for page in ("login", "password/reset"):
    look_at("anonymous", f"/accounts/{page}/")
steps.append(("nobody", "/no/such/page/"))
draft, awaited, open_case, decided, done = (world.cases[name].pk for name in STATES_SHOWN)
key_pages = [
    ("coordinator", f"/assessments/{draft}/"), ("coordinator", f"/assessments/{draft}/1.1/"),
    ("coordinator", f"/assessments/{draft}/7.1/"), ("head", f"/assessments/{awaited}/submit/"),
    ("reviewer", f"/reviews/{open_case}/1.1/"), ("lead", f"/reviews/{decided}/consensus/"),
    ("coordinator", f"/results/{done}/topics/1.1/"),
]
answer({"steps": steps, "sessions": world.sessions, "key_pages": key_pages})
"""


@pytest.fixture(scope="module")
def world(server) -> dict[str, Any]:
    return server.python(WORLD)


@pytest.fixture
def pages(chromium, server, world) -> Iterator[dict[str, Page]]:
    """A page for every role, signed in; what it fails to load is noted in `page.missing`."""
    contexts = {}
    opened = {}
    for role in {role for role, _path in world["steps"]}:
        contexts[role] = chromium.new_context(base_url=server.url, locale="th-TH", viewport=PHONE)
        if role in world["sessions"]:
            cookie = {"name": "sessionid", "value": world["sessions"][role], "url": server.url}
            contexts[role].add_cookies([cookie])
        opened[role] = contexts[role].new_page()
    yield opened
    for context in contexts.values():
        context.close()


def test_every_page_is_whole_fits_a_phone_and_is_accessible(world, pages):
    axe = Axe()
    troubles = []
    for role, path in world["steps"]:
        page = pages[role]
        missing: list[str] = []

        def note(response, missing=missing):
            if response.status >= 400 and not response.request.is_navigation_request():
                missing.append(f"{response.status} {response.url}")

        page.set_viewport_size(PHONE)
        page.on("response", note)
        response = page.goto(path)
        page.remove_listener("response", note)
        where = f"{path} as {role}"
        wanted = 404 if path == "/no/such/page/" else 200
        troubles += [f"{where}: {one}" for one in missing]
        if response.status != wanted:
            troubles.append(f"{where}: {response.status}")
        if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            troubles.append(f"{where}: {width} pixels wide on a phone of {PHONE['width']}")
        if not page.evaluate(TAB_IN_SIGHT):
            troubles.append(f"{where}: the tab of this page is out of sight on a phone")
        page.set_viewport_size(DESK)
        for violation in axe.run(page, options=WCAG).response["violations"]:
            node = violation["nodes"][0]
            troubles.append(f"{where}: {violation['id']} at {node['target']}: {node['html'][:120]}")
    assert troubles == []
    assert len(world["steps"]) > 50


# The test above looks at the desk in Thai and light.
COMBINATIONS = [
    (language, theme, size)
    for language in ("th", "en")
    for theme in ("light", "dark")
    for size in (DESK, PHONE)
    if (language, theme, size) != ("th", "light", DESK)
]


def test_key_pages_are_accessible_in_every_combination(server, world, chromium):
    """Thai and English, light and dark, desk and phone: what agency, head, reviewer and lead look at most."""
    axe = Axe()
    troubles = []
    for role in dict.fromkeys(role for role, _path in world["key_pages"]):
        context = chromium.new_context(base_url=server.url)
        page = context.new_page()
        for language, theme, size in COMBINATIONS:
            values = {"sessionid": world["sessions"][role], "theme": theme, "django_language": language}
            context.add_cookies(
                [{"name": name, "value": value, "url": server.url} for name, value in values.items()]
            )
            page.set_viewport_size(size)
            for path in [path for reader, path in world["key_pages"] if reader == role]:
                assert page.goto(path).status == 200, path
                assert page.locator("html").get_attribute("data-bs-theme") == theme
                assert page.locator("html").get_attribute("lang") == language
                where = f"{path} {language} {theme} {size['width']}"
                troubles += [
                    f"{where}: {found['id']} at {found['nodes'][0]['target']}"
                    for found in axe.run(page, options=WCAG).response["violations"]
                ]
                if (width := page.evaluate("document.documentElement.scrollWidth")) > size["width"]:
                    troubles.append(f"{where}: {width} pixels wide")
        context.close()
    assert troubles == []
