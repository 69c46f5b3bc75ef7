"""Hostile input and the rules that hold on every page."""

import re
import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment, Evidence, EvidenceVersion, Indicator
from results.models import ResultSheet
from reviews.models import Consensus, Verdict
from tests import cases, factories, routes
from tests.cases import DISPUTED, World, visit
from tests.test_permissions import ROWS
from tests.walk import NOWHERE, Seen, walk

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]

MEGABYTE = 1024 * 1024
UNSAFE = [row for row in ROWS if row.method == "POST"]
# A question about a paper by whoever holds it: nothing is changed and nobody signed in, so nothing can be forged.
HARMLESS = {"verify"}
# Some rows say that nobody gets through: those of what one administrator may not do with a proposal of their own.
PASSABLE = [
    row
    for row in UNSAFE
    if row.route not in HARMLESS and any(set(line.split()[-1]) & set("+=") for line in row.lines)
]
# The audit line of a download is the only thing that a GET may leave behind.
DOWNLOADS = {
    "results:report", "results:edition_file", "results:scores_csv", "results:result_json", "results:result_xlsx",
    "results:export_file", "results:standing_csv", "results:groups_csv", "results:dashboard_csv", "results:document",
    "results:plan_pdf", "results:plan_xlsx", "results:follow_ups_csv",
    "assessments:evidence_file", "assessments:frozen_evidence", "assessments:print_file", "reviews:evidence_file",
    "reviews:teams_csv", "reviews:print_file", "results:form_file",
}  # fmt: skip
# Shown in a window of its own.
PREVIEWS = {
    f"{app}:evidence_{name}" for app in ("assessments", "reviews") for name in ("preview", "look", "page")
}
# Kept of whoever reads from outside (test_leaks), with any page; written once a day, whatever is asked.
READING = {"assessments_reading"}
LOG = {"accounts_logentry", "accounts_loghead"}


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker) -> tuple[Seen, ...]:
    return walk(django_db_blocker)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with cases.kept(django_db_blocker) as built:
        yield built


# --- writing --------------------------------------------------------------------------------------


def test_no_get_writes(seen):
    wrote = {
        str(page): page.wrote
        for page in seen
        if page.method == "GET"
        and set(page.wrote) - READING
        and not (
            page.route in DOWNLOADS | PREVIEWS and page.status == 200 and set(page.wrote) <= LOG | READING
        )
    }
    assert not wrote


def test_every_download_leaves_a_line_in_the_log(seen):
    downloads = [page for page in seen if page.route in DOWNLOADS | PREVIEWS and page.status == 200]
    assert {page.route for page in downloads} == DOWNLOADS | PREVIEWS
    assert not [str(page) for page in downloads if "accounts_logentry" not in page.wrote]


# Somebody who gets through on each unsafe route, and in which state.
def _through(row) -> tuple[str, str]:
    for role in cases.ROLES:
        for state in cases.STATES:
            if row.expected(role, state) in "+=":
                return role, state
    raise AssertionError(f"nobody gets through: {row}")


@pytest.mark.parametrize("row", PASSABLE, ids=lambda row: row.route)
@pytest.mark.parametrize("origin", ["none", "foreign"])
def test_every_unsafe_route_asks_for_the_token(row, origin, world):
    role, state = _through(row)
    case = world.cases[state]
    headers = {}
    client = world.client(role, enforce_csrf_checks=True)
    data = routes.posted(world, row.route, case)
    if origin == "foreign":
        client.get(reverse("account_login"))
        client.get(reverse("criteria:index"))
        token = "t" * 32
        client.cookies[settings.CSRF_COOKIE_NAME] = token
        data, headers = data | {"csrfmiddlewaretoken": token}, {"Origin": "https://evil.example"}
    with cases.undone():
        routes.prepare(world, row.route, state)
        result = visit(client, "POST", routes.address(world, row.route, case), data, **headers)
    assert result.response.status_code == 403
    assert result.wrote == ()


def test_a_lost_token_gives_the_typed_text_back(world):
    url = routes.address(world, "assessments:save_part", world.cases["drafting"])
    client = world.client("coordinator", enforce_csrf_checks=True)
    response = visit(client, "POST", url, {"economy": "ข้อความที่พิมพ์ไว้ <b>", "password": "9f3-secret"}).response
    assert "ข้อความที่พิมพ์ไว้ &lt;b&gt;" in response.content.decode()
    assert "9f3-secret" not in response.content.decode()


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in ROWS
        if row.method == "GET" and ("POST", row.route) not in {(r.method, r.route) for r in UNSAFE}
    ],
    ids=lambda row: row.route,
)
def test_a_page_that_is_only_read_writes_nothing_when_posted_to(row, world):
    for role, state in (
        ("coordinator", "drafting"),
        ("lead", "consensus"),
        ("administrator", "report_issued"),
    ):
        url = routes.address(world, row.route, world.cases[state])
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            result = visit(world.client(role), method, url)
            assert result.wrote == (), f"{method} as {role}"
            assert result.response.status_code < 500


# --- headers and markup ----------------------------------------------------------------------


POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def policy_of(headers) -> dict[str, str]:
    found = headers.get("Content-Security-Policy", "")
    return dict(part.strip().partition(" ")[::2] for part in found.split(";") if part.strip())


def test_every_answer_has_the_headers(seen):
    wrong = []
    for page in seen:
        policy = policy_of(page.headers)
        good = (
            all(policy.get(name) == value for name, value in POLICY.items())
            and "unsafe" not in str(policy)
            and page.headers.get("X-Content-Type-Options") == "nosniff"
            and page.headers.get("Referrer-Policy") == "same-origin"
            and page.headers.get("X-Frame-Options") == "DENY"
        )
        if not good:
            wrong.append(str(page))
    assert not wrong, "\n".join(wrong)


def test_no_page_is_an_error_of_the_server(seen):
    assert [str(page) for page in seen if page.status >= 500] == []


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|<[^>]+\son[a-z]+\s*=\s*[\"']|[\"']\s*javascript:",
    re.IGNORECASE,
)
# Data for scripts, not scripts.
DATA = re.compile(r"<script[^>]*type=\"application/(?:ld\+)?json\"[^>]*>", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE
)


def test_no_page_has_script_or_style_in_it(seen):
    found = {}
    for page in seen:
        if page.is_html and page.route != "assessments:receipt_copy":
            hits = INLINE.findall(DATA.sub("", page.text))
            if hits:
                found[str(page)] = hits[:3]
    assert not found


def test_no_page_loads_or_sends_anything_elsewhere(seen):
    found = {str(page): hits for page in seen if page.is_html and (hits := ELSEWHERE.findall(page.text))}
    assert not found


def test_downloads_are_kept_not_shown(seen):
    files = [
        page for page in seen if page.status == 200 and (page.route in DOWNLOADS or page.method == "POST")
    ]
    assert files
    for page in files:
        assert page.headers["Content-Disposition"].startswith("attachment"), str(page)


def test_pages_of_a_person_are_kept_in_no_cache(seen):
    """A shared computer's next user must not find them behind "back"."""
    kept = {
        page.route
        for page in seen
        if page.state and page.is_html and page.status == 200 and page.method == "GET"
        and not {"no-store", "private"} & set(re.split(r",\s*", page.headers.get("Cache-Control", "")))
    }  # fmt: skip
    assert kept == set()


def test_a_page_that_is_not_there_tells_nothing(seen):
    pages = [page for page in seen if page.route == NOWHERE]
    assert {page.status for page in pages} == {404}
    assert not [page for page in pages if "urlpatterns" in page.text or "Traceback" in page.text]


# --- too much, and too many -------------------------------------------------------------------------


BIG = "ก" * (10 * MEGABYTE // 3)
# The limit of a text of the form.
LIMIT = 20_000


@pytest.mark.parametrize(
    ("role", "state", "route", "name"),
    [
        ("coordinator", "drafting", "assessments:save_part", "economy"),
        ("coordinator", "drafting", "assessments:save_indicator", "name"),
        ("coordinator", "drafting", "assessments:add_evidence", "note"),
        ("coordinator", "drafting", "assessments:withdraw_evidence", "reason"),
        ("reviewer", "in_review", "reviews:mark", "comment"),
        ("lead", "consensus", "reviews:decide", "reason"),
        ("lead", "consensus", "reviews:save_section", "text"),
        ("administrator", "submitted", "reviews:send_back", "note"),
        ("administrator", "report_issued", "results:correct", "reason"),
    ],
)
def test_ten_megabytes_of_text_are_refused_at_once(role, state, route, name, world):
    case = world.cases[state]
    url, data = routes.address(world, route, case), routes.posted(world, route, case)
    client = world.client(role, raise_request_exception=False)
    began = time.perf_counter()
    result = visit(client, "POST", url, data | {name: BIG})
    assert 400 <= result.response.status_code < 500
    assert result.wrote == ()
    assert time.perf_counter() - began < 5, "most of it is the test's own encoding"


@pytest.mark.parametrize(
    ("role", "state", "route", "name"),
    [
        ("coordinator", "drafting", "assessments:save_part", "economy"),
        ("coordinator", "drafting", "assessments:save_indicator", "target_basis"),
        ("reviewer", "in_review", "reviews:mark", "comment"),
        ("reviewer", "in_review", "reviews:mark", "internal_note"),
        ("reviewer", "in_review", "reviews:mark", "strength"),
        ("reviewer", "in_review", "reviews:mark", "own_note"),
        ("reviewer", "in_review", "reviews:phrases", "text"),
        ("lead", "consensus", "reviews:decide", "comment"),
        ("lead", "consensus", "reviews:save_section", "text"),
    ],
)
def test_one_character_too_many_is_refused_and_comes_back(role, state, route, name, world):
    case = world.cases[state]
    url, data = routes.address(world, route, case), routes.posted(world, route, case)
    result = visit(world.client(role), "POST", url, data | {name: "ข" * (LIMIT + 1)})
    assert result.response.status_code == 422
    assert result.wrote == ()
    assert "ข" * (LIMIT + 1) in result.response.content.decode(), "nothing that was typed is lost"


@pytest.mark.parametrize("row", PASSABLE, ids=lambda row: row.route)
def test_five_thousand_fields_are_refused(row, world):
    role, state = _through(row)
    url = routes.address(world, row.route, world.cases[state])
    # Where a view reads no field, the check of the token does.
    client = world.client(role, enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = "t" * 32
    result = visit(client, "POST", url, {f"field{number}": "" for number in range(5000)})
    assert result.response.status_code == 400
    assert result.wrote == ()


# --- forged fields ------------------------------------------------------------------------------------


FORGED = {
    "status": "report_issued", "agency": 1, "assessment": 1, "cycle": 1, "score": "500", "verified_total": "500",
    "is_superuser": "on", "is_staff": "on", "role": "administrator", "updated_by": 1, "submitted_at": "2020-01-01",
    "id": 1, "pk": 1, "answer": 1, "assignment": 1, "basis": "agreed", "handed_in_at": "2020-01-01",
    "removed_at": "2020-01-01", "ordinal": 9, "part": 1, "decided_by": 1, "draft": "ร่างปลอม", "revision": 9,
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "state", "route"),
    [
        ("coordinator", "drafting", "assessments:save_part"),
        ("coordinator", "drafting", "assessments:save_indicator"),
        ("coordinator", "drafting", "assessments:application"),
        ("coordinator", "drafting", "assessments:edit_evidence"),
        ("coordinator", "drafting", "assessments:withdraw_evidence"),
        ("reviewer", "in_review", "reviews:mark"),
        ("lead", "consensus", "reviews:decide"),
        ("lead", "consensus", "reviews:save_section"),
    ],
)
def test_fields_that_nobody_asked_for_change_nothing(role, state, route, world):
    case = world.cases[state]
    url, data = routes.address(world, route, case), routes.posted(world, route, case)

    def after(extra: dict) -> tuple:
        with cases.undone():
            response = world.client(role).post(url, extra | data)
            assert response.status_code == 302
            return tuple(_rows(case))

    assert after(FORGED) == after({})


def _rows(case: Assessment):
    """Everything that is said about a case, but for when, and the numbers that a server gives to new rows."""
    clocks = {"updated_at", "decided_at", "withdrawn_at", "turned_at", "id"}
    for model, of_case in (
        (Assessment, {"pk": case.pk}),
        (Answer, {"assessment": case}),
        (Indicator, {"answer__assessment": case}),
        (Verdict, {"answer__assessment": case}),
        (Consensus, {"answer__assessment": case}),
        (ResultSheet, {"assessment": case}),
        (Evidence, {"assessment": case}),
        (EvidenceVersion, {"evidence__assessment": case}),
        (type(case.agency), {"pk": case.agency_id}),
    ):
        for row in model.objects.filter(**of_case).order_by("pk").values():
            yield model.__name__, {name: value for name, value in row.items() if name not in clocks}
    for section in case.feedback.order_by("code").values("code", "draft", "text", "included", "version"):
        yield "section", section
    for person in factories.User.objects.order_by("pk").values("pk", "is_staff", "is_superuser"):
        yield "person", person


@pytest.mark.parametrize("version", ["", "-1", "99", "1e3", "๑", "abc", "9" * 30, "1; DROP TABLE"])
def test_a_version_that_was_never_shown_stores_nothing(version, world):
    case = world.cases["drafting"]
    url = routes.address(world, "assessments:save_part", case)
    data = {"version": version, "claim": "not_started"}
    if version == "๑":
        # Thai digits are digits: this is version 1, which was shown.
        assert visit(world.client("coordinator"), "POST", url, data).response.status_code == 302
        return
    result = visit(world.client("coordinator"), "POST", url, data)
    assert result.response.status_code in (409, 422)
    assert result.wrote == ()


def test_the_answer_of_another_case_is_not_reached_through_ones_own(world):
    """One's own assessment in the address, another's answer behind it."""
    mine, other = world.cases["drafting"], world.other
    for route, role, code in (
        ("assessments:save_indicator", "coordinator", "7.1.1"),
        ("assessments:remove_indicator", "coordinator", "7.1.1"),
        ("assessments:restore_indicator", "coordinator", "7.1.1"),
    ):
        url = reverse(route, args=[mine.pk, factories.answer_of(other, code).pk])
        assert visit(world.client(role), "POST", url, {"version": 1}).response.status_code == 404
    case = world.cases["in_review"]
    url = reverse("reviews:mark", args=[case.pk, factories.answer_of(other, DISPUTED).pk])
    data = routes.posted(world, "reviews:mark", case)
    assert visit(world.client("reviewer"), "POST", url, data).response.status_code == 404
    case = world.cases["consensus"]
    url = reverse("reviews:decide", args=[case.pk, factories.answer_of(other, DISPUTED).pk])
    data = routes.posted(world, "reviews:decide", case)
    assert visit(world.client("lead"), "POST", url, data).response.status_code == 404


# --- text that wants to be something else -----------------------------------------------------------------


MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(1)",
    "'; DROP TABLE answers; --",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text_on_every_page_that_shows_it(text, world):
    case = world.cases["drafting"]
    with cases.undone():
        client = world.client("coordinator")
        data = {"version": world.answer(case, DISPUTED).version, "claim": "started", "economy": text}
        assert client.post(routes.address(world, "assessments:save_part", case), data).status_code == 302
        assert factories.answer_of(case, DISPUTED).values["economy"] == text, "stored as typed"
        for route in ("assessments:topic", "assessments:overview", "assessments:check", "assessments:submit"):
            page = client.get(routes.address(world, route, case)).content.decode()
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "</textarea><script" not in page


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(host, db):
    client = Client(raise_request_exception=False)
    assert client.get(reverse("account_login"), headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../manage.py", "/static/..%2fmanage.py", "/static/%2e%2e/var/secret-key", "/media/reports/printed.pdf",
        "/var/secret-key", "/.git/config", "/criteria/../admin/", "/results/1/report.pdf/../../../etc/passwd",
        "/assessments/99999999999999999999999/", "/reviews/1/marks/99999999999999999999999/", "/results/%00/",
    ],
)  # fmt: skip
def test_no_path_leads_out(path, world):
    result = visit(world.client("administrator"), "GET", path)
    assert result.response.status_code in (400, 403, 404, 405), result.response.status_code
