"""Every text has its English, nothing Thai is left on an English page but what people and criteria say."""

import ast
import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry as DjangoLogEntry
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pmqa.accounts.models import Agency, Ministry
from results.documents.feedback_report import render_html
from results.models import ResultSheet
from results.sheet import build
from tests import cases, messages, routes
from tests.cases import World, visit
from tests.results import payloads

THAI = re.compile("[\u0e01-\u0e5b]")
ENGLISH = {entry.key: entry for entry in messages.entries("en")}
LANGUAGES = ("en", "th")

# English texts that name a Thai word, because that is what people write or look for.
NAMES_THAI = {
    "เลี่ยงคำว่า “ผิด” บอกสิ่งที่มี แล้วบอกสิ่งที่ควรแสดง",
    "บอกเพียงว่า “ไม่มี” บอกสิ่งที่มีก่อน แล้วบอกสิ่งที่ควรแสดง",
    "“ควรปรับปรุง” ยังไม่บอกว่าปรับปรุงอะไร เขียนเป็น “มี… แต่ทั้งนี้ ควรแสดงให้เห็น…”",
    "ค้นในเกณฑ์ เช่น นวัตกรรม หรือ 1.2.5",
}
# Thai of a template that is no text of ours: the other language's name, and what goes into Thai comments.
SAID_IN_THAI = {
    "templates/partials/language.html": {"ภาษาไทย"},
    "templates/reviews/_verdict_form.html": {"มี… แต่ทั้งนี้ ควรแสดงให้เห็น…", "ดูส่วน "},
}
# Modules whose Thai is data, official, or looked for in Thai texts.
THAI_IS_DATA = (
    "assessments/advice/compound.py", "assessments/advice/indicators.py", "assessments/advice/parts.py",
    "assessments/advice/sight.py", "assessments/advice/spelling.py", "assessments/advice/years.py",
    "assessments/forms/indicators.py", "assessments/paper", "assessments/source_systems.py",
    "assessments/workbook/words.py", "criteria/fields.py",
    "criteria/search.py", "pmqa/settings.py", "pmqa/text.py", "pmqa/thai.py", "pmqa/versioning.py", "results/charts.py",
    "results/dashboard/drawing.py",
    "results/application_report/printing.py", "results/application_report/sections.py",
    "results/demo/", "results/documents/content.py", "results/documents/deck.py", "results/documents/minister.py",
    "results/documents/shortening.py",
    "results/exporting/dictionary.py", "results/exporting/open_data.py",
    "results/exporting/writing.py", "results/improvement/observing.py", "results/improvement/printing.py",
    "results/improvement/workbook.py",
    "results/report_rows.py", "reviews/composing.py",
    "reviews/drafting.py", "assessments/importing/", "pmqa/working_days.py", "reviews/lines.py",
    "reviews/services/texts.py", "reviews/size.py", "reviews/tone.py",
)  # fmt: skip


# --- the files --------------------------------------------------------------------------------


def test_every_text_has_its_english():
    used = messages.used()
    missing = [f"{used[key]}: {key}" for key in used.keys() - ENGLISH.keys()]
    assert not missing, "make messages, then translate:\n" + "\n".join(missing)


def test_nothing_is_translated_that_no_page_says():
    assert not ENGLISH.keys() - messages.used().keys(), "make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_a_guess(language):
    bad = [
        entry.key for entry in messages.entries(language) if "fuzzy" in entry.flags or not all(entry.texts)
    ]
    assert not bad


def test_counted_texts_have_both_forms():
    assert not [key for key, entry in ENGLISH.items() if len(entry.texts) != (2 if key[2] else 1)]


_PLACES = re.compile(r"%\(\w+\)[a-z]|%[sd]|(?<!\{)\{\w*\}(?!\})|</?\w+>")


def places(text: str) -> list[str]:
    """What is filled in, and the tags."""
    return sorted(_PLACES.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same(language):
    wrong = [
        entry.key
        for entry in messages.entries(language)
        for text in entry.texts
        if set(places(text)) != set(places(entry.key[2] or entry.key[1]))
    ]
    assert not wrong


def test_english_is_english():
    thai = {key[1] for key, entry in ENGLISH.items() if any(THAI.search(text) for text in entry.texts)}
    assert thai == NAMES_THAI


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_made_of_this_one(language):
    written = [(entry.key, entry.texts) for entry in messages.entries(language)]
    assert [(entry.key, entry.texts) for entry in messages.compiled(language)] == written, "make messages"


# --- the sources ------------------------------------------------------------------------------

_COMMENTS = re.compile(r"\{%\s*comment\b.*?endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
_MARKED = re.compile(
    r"""\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}|\{%\s*translate\s+(?:"[^"]*"|'[^']*')"""
    r"""|_\((?:"[^"]*"|'[^']*')\)""",
    re.DOTALL,
)


def test_templates_mark_all_their_thai():
    unmarked = []
    for path in messages.templates():
        name = str(path.relative_to(messages.ROOT))
        text = _MARKED.sub("", _COMMENTS.sub("", path.read_text(encoding="utf-8")))
        for known in SAID_IN_THAI.get(name, ()):
            assert known in text, f"{name} no longer says {known}"
            text = text.replace(known, "")
        unmarked += [f"{name}: {line.strip()}" for line in text.splitlines() if THAI.search(line)]
    assert not unmarked, "\n".join(unmarked)


def test_no_text_is_marked_where_the_collector_does_not_look():
    """xgettext passes over what stands inside an f-string."""
    hidden = [
        f"{path.relative_to(messages.ROOT)}:{node.lineno}"
        for path in messages.sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) and any(messages.keys_of(node))
    ]
    assert not hidden


def unmarked_thai(tree: ast.Module) -> Iterator[ast.Constant]:
    """Thai strings outside gettext calls and docstrings."""
    marked = {id(leaf) for call in ast.walk(tree) if isinstance(call, ast.Call) for leaf in _arguments(call)}
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_thai = isinstance(node, ast.Constant) and isinstance(node.value, str) and THAI.search(node.value)
        if is_thai and id(node) not in marked | said:
            yield node


def _arguments(call: ast.Call) -> list[ast.expr]:
    return call.args if getattr(call.func, "id", "") in messages.CALLS else []


def test_modules_mark_all_their_thai():
    unmarked = []
    for path in messages.sources():
        name = str(path.relative_to(messages.ROOT))
        if not name.startswith(THAI_IS_DATA):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            unmarked += [f"{name}:{node.lineno} {node.value}" for node in unmarked_thai(tree)]
    assert not unmarked, "\n".join(unmarked)


# --- the pages --------------------------------------------------------------------------------

STATES = (
    "drafting", "internal_check", "awaiting_head", "in_review", "consensus", "appeal_open", "report_issued",
)  # fmt: skip
AGENCY_PAGES = (
    "assessments:overview", "assessments:topic", "assessments:topic#7.1", "assessments:topic#OP1",
    "assessments:profile", "assessments:application", "assessments:check", "assessments:sight",
    "assessments:submit", "assessments:print",
)  # fmt: skip
EVIDENCE_PAGES = tuple(
    f"assessments:{name}"
    for name in (
        "evidence", "evidence_entry", "cite_evidence", "add_evidence", "edit_evidence", "replace_evidence",
        "withdraw_evidence",
    )
)  # fmt: skip
RESULT_PAGES = ("results:result", "results:explain", "results:topic")
# Of what was published before, of an appeal, and of everything that leads on from a result.
LAST_YEAR = ("last_year", "last_year#7.1")
AFTER_RESULT = (
    "benchmark", "plan", "plan_card", "add_card", "follow_up", "revisions", "minister", "forms", "standing",
    "next_best", "what_if", "explain_edition",
)  # fmt: skip
OF_CYCLE = (
    "groups",
    "targets",
    "choose_type",
    "framework",
    "edit_framework",
    "release",
    "opening",
    "follow_ups",
)
DASHBOARDS = ("dashboard", "dashboard_page")
EVERYWHERE = ("criteria:index", "criteria:edition", "criteria:topic", "criteria:search", "mfa_index")
# (role, state, pages); a state of "" is for pages of no case
TOURS = (
    ("anonymous", "", ("account_login", "account_reset_password", "account_signup")),
    ("nobody", "", ("assessments:index", *EVERYWHERE, "account_logout", "account_change_password")),
    ("coordinator", "drafting", ("assessments:index", *AGENCY_PAGES)),
    ("coordinator", "drafting", EVIDENCE_PAGES),
    ("coordinator", "drafting", ("assessments:todo", "assessments:grid", "assessments:people", "assessments:add_person",
                                 "assessments:workbook", "assessments:printed", "assessments:readings",
                                 "assessments:category_due")),
    ("head", "drafting", ("assessments:submit",)),
    ("coordinator", "internal_check", ("assessments:internal_check", "assessments:check_topic",
                                       "assessments:check_topic#7.1", "assessments:topic")),
    ("head", "awaiting_head", ("assessments:overview", "assessments:submit", "assessments:extensions")),
    ("coordinator", "report_issued", ("assessments:topic", "assessments:receipt", *RESULT_PAGES)),
    ("coordinator", "report_issued", ("criteria:roadmap", "criteria:dimension", "criteria:pillars", "results:roadmap",
                                      "results:roadmap_dimension", "results:library", "results:library_entry",
                                      "results:sharing", "results:share_highlight",
                                      "results:application_report", "results:report_chapter",
                                      "results:report_chapter#results", "results:report_chapter#profile",
                                      "results:report_changes", "results:submit_report")),
    ("reviewer", "in_review", ("reviews:queue", "reviews:topic", "reviews:topic#7.1", "reviews:profile",
                               "reviews:evidence", "reviews:hand_in")),
    ("lead", "consensus", ("reviews:consensus", "reviews:decide", "reviews:finish", "reviews:feedback")),
    ("officer", "in_review", ("reviews:cases", "reviews:case")),
    ("administrator", "in_review", ("reviews:cases", "reviews:case", "results:index")),
    ("administrator", "report_issued", ("reviews:case", "results:result", "results:correct", "results:stage_two",
                                        "results:application_reports", "results:invite_to_stage_two")),
    ("auditor", "report_issued", ("assessments:topic", "reviews:consensus", "results:explain")),
    ("executive", "report_issued", ("results:index", "results:result")),
    ("coordinator", "drafting", tuple(f"results:{name}" for name in LAST_YEAR)),
    ("reviewer", "in_review", ("results:reviewed_before", "results:reviewed_before#7.1", "reviews:sight",
                               "reviews:print", "reviews:phrases", "reviews:step_aside")),
    ("coordinator", "appeal_open", ("results:appeals", "results:ask_again", "results:result", "results:topic")),
    ("lead", "appeal_open", ("reviews:appeals", "reviews:earlier")),
    ("lead", "consensus", ("reviews:weighing", "results:draft_report", "reviews:vetting")),
    ("coordinator", "in_review", ("reviews:clarifications", "reviews:clarify")),
    ("coordinator", "report_issued", tuple(f"results:{name}" for name in AFTER_RESULT)),
    ("administrator", "report_issued", tuple(f"results:{name}" for name in (*DASHBOARDS, "season", *OF_CYCLE))),
    ("administrator", "in_review", ("reviews:teams", "reviews:loads", "reviews:sample", "reviews:cycle_weighing",
                                    "reviews:case_tickets", "reviews:divide", "reviews:stand_in")),
    ("executive", "report_issued", tuple(f"results:{name}" for name in DASHBOARDS)),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with cases.kept(django_db_blocker, STATES) as built:
        yield built


class Said(HTMLParser):
    """What a page says, in text and in attributes that are read out, outside elements marked as Thai."""

    heard = ("alt", "aria-label", "placeholder", "title", "data-confirm", "data-l")
    void = frozenset(("br", "col", "hr", "img", "input", "link", "meta", "wbr"))

    def __init__(self, page: str):
        super().__init__()
        self.texts: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self._open: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "html":
            self.attributes = named
        is_thai = named.get("lang") == "th" or any(self._open)
        if not is_thai:
            self.texts += [text for name in self.heard if (text := named.get(name))]
        if tag not in self.void:
            self._open.append(is_thai)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An SVG shape says nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.texts.append(data.strip())


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


@pytest.fixture(scope="module")
def data(world) -> set[str]:
    """Everything that the criteria, agencies, reviewers and names say."""
    found = set()
    for model in apps.get_models():
        kept = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField)
        ]
        if kept and model is not DjangoLogEntry:
            for row in model._default_manager.values_list(*kept):
                found.update(text for value in row for text in _strings(value))
    return found


def leftovers(page: str, data: set[str], everything: str) -> list[str]:
    """Thai that nobody but us can have said: a run that is in no data, or one of our own texts as it stands."""
    own = {key[1] for key in ENGLISH}
    found = []
    for text in Said(page).texts:
        runs = re.findall("[\u0e01-\u0e5b]+", text)
        if any(run not in everything for run in runs) or (
            text in own - data and text not in NAMES_THAI and runs
        ):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def questions() -> frozenset[str]:
    """The items of the criteria, as they are printed."""
    topics = (topic for category in payloads.edition().categories for topic in category.topics)
    return frozenset(item.title_th for topic in topics for item in topic.items)


@pytest.fixture(scope="module")
def names(world) -> dict[str, str]:
    """Thai name -> English name of whatever has both: of the criteria, of agencies and ministries."""
    tree = payloads.edition()
    found = {tree.title_th: tree.title_en}
    for category in tree.categories:
        found[category.name_th] = category.name_en
        for topic in category.topics:
            found[topic.name_th] = topic.name_en
            found |= {item.title_th: item.title_en for item in topic.items}
    for place in (Agency, Ministry):
        found |= dict(place.objects.values_list("name", "name_en"))
    return {thai: english for thai, english in found.items() if english}


# Pages that show texts as they are printed, and the agency's own plan with the names of its day.
SHOW_TEXTS = frozenset(f"results:{name}" for name in ("draft_report", "plan", "plan_card", "follow_up"))
# Pages about answers: beside an answer stands the question as Form 3 and the profile print it, like the prompts, the
# hints and the guidance around it, which have no English. Every other name is English there too.
SHOW_QUESTIONS = frozenset(
    f"assessments:{name}"
    for name in (
        "topic", "topic#OP1", "check", "submit", "internal_check", "check_topic", "cite_evidence",
    )
)  # fmt: skip
# What may stand before a name and after it.
_AROUND = re.compile(r"^[\dOP.]+ |^· | ·.*$", re.DOTALL)


def untranslated(page: str, names: dict[str, str]) -> set[str]:
    """Thai names that stand alone in an element, though there is an English one; whatever the element is marked as."""
    body = re.sub(r"<(textarea|script)\b.*?</\1>", "", page, flags=re.DOTALL).replace("<br>", "\n")
    texts = (html.unescape(text).strip() for text in re.findall(r">([^<>]+)<", body))
    return {name for text in texts if (name := _AROUND.sub("", text)) in names}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "state", "pages"), TOURS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_english_page_is_english(role, state, pages, world, data, names, questions):
    everything = (
        "\n".join(data)
        + "ภาษาไทย"
        + "".join(ENGLISH[key].texts[0] for key in ENGLISH if key[1] in NAMES_THAI)
    )
    left = []
    for key in pages:
        client = world.client(role)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        response = visit(client, "GET", routes.address(world, key, world.cases[state or STATES[0]])).response
        assert response.status_code == 200, f"{key} as {role}"
        page = response.content.decode()
        assert Said(page).attributes["lang"] == "en", key
        left += [f"{key}: {text}" for text in leftovers(page, data, everything)]
        if key.startswith(("results:", "reviews:", "assessments:")) and key not in SHOW_TEXTS:
            stored = questions if key in SHOW_QUESTIONS else frozenset()
            left += [f"{key}: {name}" for name in untranslated(page, names) - stored]
    assert not left, "\n".join(left)


def test_the_search_for_names_finds_them():
    page = '<p>x</p><h2 lang="th"> 1.1 ชื่อสมมติ </h2><p>ชื่อสมมติ · 2570</p><p>คำในชื่อสมมติ</p><textarea>ชื่อสมมติ</textarea>'
    assert untranslated(page, {"ชื่อสมมติ": "Invented name"}) == {"ชื่อสมมติ"}
    assert untranslated(page, {"คำใน": "Words"}) == set()


def test_the_search_for_leftovers_finds_them():
    page = (
        '<html lang="en"><p>ข้อความของระบบ</p><p lang="th">ข้อความที่บอกว่าไทย</p><p>กรมสมมติ</p><p>บันทึก</p></html>'
    )
    assert leftovers(page, {"กรมสมมติกลาง", "บันทึกการประชุม"}, "กรมสมมติกลาง\nบันทึกการประชุม") == [
        "ข้อความของระบบ",
        "บันทึก",
    ]


@pytest.mark.django_db
def test_dates_are_english_on_english_pages(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("account_login")).content.decode()
    assert re.search(r"System time \d{1,2} [A-Z][a-z]{2} 20\d\d \(B\.E\. 25\d\d\) \d\d:\d\d", page)


# --- the switch -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_switch_keeps_the_page_and_is_remembered(world):
    client: Client = world.client("coordinator")
    place = routes.address(world, "assessments:topic", world.cases["drafting"]) + "?from=check"
    switch = re.search(r'name="next" value="([^"]+)"', client.get(place).content.decode())
    assert switch[1] == place
    answer = client.post(reverse("set_language"), {"language": "en", "next": switch[1]})
    assert answer["Location"] == place
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] >= 30 * 24 * 60 * 60
    for path in (place, reverse("criteria:index")):
        assert client.get(path)["Content-Language"] == "en"


@pytest.mark.django_db
def test_the_switch_leads_nowhere_else(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


# --- what is kept is Thai, whoever looks ------------------------------------------------------


@pytest.mark.django_db
def test_a_result_does_not_depend_on_the_language(world):
    case = world.cases["report_issued"]
    sheet = ResultSheet.objects.filter(assessment=case).latest("revision")
    at = case.cycle.opens_at
    thai = build(case, at=at), render_html(sheet.payload, revision=1, digest=sheet.digest)
    with translation.override("en"):
        english = build(case, at=at), render_html(sheet.payload, revision=1, digest=sheet.digest)
    assert json.dumps(thai[0], default=str) == json.dumps(english[0], default=str)
    assert thai[1] == english[1]
