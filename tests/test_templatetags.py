"""The template tags and filters of pmqa_ui, and what the shared templates promise."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from pmqa.templatetags import pmqa_ui as ui
from pmqa.templatetags.print_text import inline, unbroken_name

ROOT = Path(settings.BASE_DIR)
# What a browser shows: the report is WeasyPrint's.
# A file that people keep: it is opened from their disk, where it must carry its own style.
KEPT_FILES = {"receipt_copy.html"}
PAGES = sorted(
    page
    for depth in ("templates", "*/templates", "*/*/templates")
    for folder in ROOT.glob(depth)
    for page in folder.glob("**/*.html")
    if "report" not in page.parts and page.name not in KEPT_FILES
)


def render(source: str, **context) -> str:
    return engines["django"].from_string("{% load pmqa_ui %}" + source).render(context)


# --- icons


def test_an_icon_beside_a_word_is_hidden_from_screen_readers():
    html = render('{% icon "check2" %}')
    assert html.startswith('<svg class="icon i-check2" viewBox="0 0 16 16" aria-hidden="true"><path ')
    assert html.endswith("</svg>")


def test_an_icon_that_stands_alone_says_its_label():
    html = render('{% icon "check2" label %}', label='ครบ "ทุกข้อ"')
    assert 'role="img" aria-label="ครบ &quot;ทุกข้อ&quot;"' in html
    assert "aria-hidden" not in html


@pytest.mark.parametrize("name", ["no-such-icon", "../img/favicon", ""])
def test_an_icon_without_a_file_is_named(name):
    with pytest.raises(TemplateSyntaxError, match=re.escape(f"static/icons/{name}.svg")):
        ui.icon(name)


def test_every_icon_that_a_template_names_exists():
    named = {
        name for page in PAGES for name in re.findall(r'{% icon "([^"]+)"', page.read_text(encoding="utf-8"))
    }
    assert named
    missing = sorted(name for name in named if not (ROOT / "static/icons" / f"{name}.svg").is_file())
    assert missing == []


# --- level, claim, outcome


@pytest.mark.parametrize(
    ("level", "steps", "word"),
    [
        ("", 0, "ยังไม่ถึง Basic"),
        (None, 0, "ยังไม่ถึง Basic"),
        ("basic", 1, "Basic"),
        ("significance", 3, "Significance"),
    ],
)
def test_a_level_is_steps_and_a_word(level, steps, word):
    html = ui.level_chip(level)
    assert html.count('class="on"') == steps
    assert html.count("<rect ") == 3
    assert html.endswith(f"</svg>{word}</span>")
    assert f'class="level-chip lv-{steps}"' in html


def test_a_level_keeps_its_english_name_in_both_languages():
    with translation.override("en"):
        assert "Advance</span>" in ui.level_chip("advance")


def test_an_unknown_mark_is_refused():
    with pytest.raises(ValueError, match="not in tuple"):
        ui.level_chip("expert")
    with pytest.raises(KeyError, match="finished"):
        ui.claim_tag("finished")
    with pytest.raises(KeyError, match="done"):
        ui.outcome_tag("done")


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("done", "ดำเนินการแล้ว"),
        ("started", "อยู่ระหว่างเริ่มดำเนินการ"),
        ("not_started", "ยังไม่ได้ดำเนินการ"),
        (None, "ยังไม่เลือกสถานะ"),
    ],
)
def test_a_claim_is_a_glyph_and_the_official_words(claim, word):
    html = ui.claim_tag(claim)
    assert html.count("<svg ") == 1
    assert word in html


@pytest.mark.parametrize(
    ("verdict", "tone", "word"),
    [
        ("pass", "is-pass", "ผ่าน"),
        ("fail", "is-fail", "ไม่ผ่าน"),
        ("unsure", "is-warn", "ไม่แน่ใจ"),
        (None, "", "ยังไม่ตรวจ"),
    ],
)
def test_an_outcome_is_a_glyph_a_word_and_a_tone(verdict, tone, word):
    html = ui.outcome_tag(verdict)
    assert f'class="tag {tone}"' in html
    assert f"</svg>{word}</span>" in html


def test_a_cell_of_the_map_is_hollow_until_something_is_known():
    assert ui.part_cell("fail") == '<i class="cell fail"></i>'
    assert ui.part_cell("not_started") == ui.part_cell(None) == '<i class="cell "></i>'
    assert ui.part_cell("pass", now=True) == '<i class="cell pass now"></i>'


# --- bars


@pytest.mark.parametrize(
    ("done", "total", "width"),
    [(18, 21, "85.7"), (0, 21, "0.0"), (0, 0, "0.0"), (30, 21, "100.0"), (-1, 21, "0.0")],
)
def test_a_bar_is_as_long_as_its_share(done, total, width):
    assert f'<rect width="{width}" height="8"/>' in ui.bar(done, total)


def test_only_a_complete_bar_looks_full():
    assert "is-full" in ui.bar(21, 21)
    assert "is-full" not in ui.bar(20, 21)
    assert "is-full" not in ui.bar(0, 0)


def test_a_stacked_bar_fills_its_width_in_order_and_skips_nothing_but_zeros():
    html = ui.stacked_bar([("tone-idle", 1), ("tone-gold", 0), ("tone-pass", 3)])
    assert re.findall(r'class="(tone-[a-z]+)" x="([\d.]+)" width="([\d.]+)"', html) == [
        ("tone-idle", "0.0", "250.0"),
        ("tone-pass", "250.0", "750.0"),
    ]
    assert "<rect" not in ui.stacked_bar([("tone-idle", 0)])


# --- dates, numbers, pages

MOMENT = dt.datetime(2026, 12, 18, 9, 30, tzinfo=dt.UTC)


def test_dates_are_of_the_buddhist_era_and_bangkok():
    assert ui.thai_date(dt.date(2026, 12, 18)) == "18 ธันวาคม 2569"
    assert render('{{ day|thai_date:"short" }}', day=dt.date(2026, 12, 18)) == "18 ธ.ค. 2569"
    assert ui.thai_datetime(MOMENT) == "18 ธ.ค. 2569 16.30 น."
    assert ui.thai_time(MOMENT) == "16.30 น."


def test_dates_follow_the_language_of_the_page():
    with translation.override("en"):
        assert ui.thai_date(dt.date(2026, 12, 18)) == "18 December 2026 (B.E. 2569)"


def test_no_date_shows_nothing():
    assert [ui.thai_date(None), ui.thai_datetime(None), ui.thai_time(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("391.235"), "391.24"),
        ("208.33", "208.33"),
        (500, "500.00"),
        (0, "0.00"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_a_score_has_two_decimals_and_its_absence_is_not_zero(value, shown):
    assert ui.score(value) == shown


def test_the_pager_shows_the_neighbours_of_the_current_page():
    page = Paginator(range(300), 20).page(7)
    assert ui.page_numbers(page) == [1, "…", 5, 6, 7, 8, 9, "…", 15]


# --- text that people wrote


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("(http://strategy.mof.go.th)", "http://strategy.mof.go.th"),
        ("ดูที่http://example.go.th/aและหน้า 3", "http://example.go.th/a"),
        ("https://example.go.th/w/PMQA_(4.0) ", "https://example.go.th/w/PMQA_(4.0)"),
        ("[https://example.go.th/a?b=1&c=2].", "https://example.go.th/a?b=1&amp;c=2"),
        ("“https://example.go.th/a”", "https://example.go.th/a"),
        ("HTTPS://EXAMPLE.go.th, ต่อ", "HTTPS://EXAMPLE.go.th"),
        ("https://example.go.th/แผน", "https://example.go.th/"),
    ],
)
def test_a_link_takes_neither_the_thai_nor_the_brackets_around_it(text, target):
    html = ui.linkify(text)
    assert re.findall(r'href="([^"]*)"', html) == [target]
    assert f">{target}</a>" in html


def test_what_is_around_a_link_stays():
    html = ui.linkify("ก่อน(http://a.go.th)หลัง")
    assert re.sub(r"<[^>]+>", "", html) == "ก่อน(http://a.go.th)หลัง"


def test_a_link_opens_a_new_window_and_tells_the_other_side_nothing():
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in ui.linkify("http://a.go.th")


@pytest.mark.parametrize(
    "text",
    ["1.4.1", "www.example.go.th", "javascript:alert(1)", "ftp://a.go.th", "http://", "https://ไทย.ไทย"],
)
def test_codes_and_other_schemes_stay_text(text):
    assert ui.linkify(text) == text


@pytest.mark.parametrize("show", [ui.linkify, ui.user_text])
@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", mark_safe("<b>"), 'http://a.go.th/"onclick="x']
)
def test_markup_of_people_is_shown_not_obeyed(show, text):
    html = show(text)
    assert isinstance(html, SafeString)
    assert not re.search(r"<(?!/?(?:a|span|br)\b)", html)
    assert 'onclick="' not in html


def test_lines_stay_lines():
    assert ui.user_text("ก\r\nข\rค\n\nง") == "ก<br>ข<br>ค<br><br>ง"
    assert ui.linkify("ก\nข") == "ก<br>ข"
    assert ui.user_text(None) == ui.linkify("") == ""


def test_only_long_runs_of_other_letters_may_break_anywhere():
    thai = "ผู้รับบริการและผู้มีส่วนได้ส่วนเสีย" * 3
    assert (
        ui.user_text(thai + " GovernmentDataCatalog")
        == thai + ' <span class="long">GovernmentDataCatalog</span>'
    )
    assert ui.user_text("Significance 2569") == "Significance 2569"


@given(st.text())
def test_no_character_of_a_person_is_lost_or_becomes_markup(text):
    def shown(html: str) -> str:
        bare = re.sub(r"<[^>]*>", "", html.replace("<br>", "\n"))
        for entity, character in (
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", '"'),
            ("&#x27;", "'"),
            ("&amp;", "&"),
        ):
            bare = bare.replace(entity, character)
        return bare

    lines = re.sub(r"\r\n|\r", "\n", text)
    assert shown(ui.user_text(text)) == lines
    assert shown(ui.linkify(text)) == lines


# --- what the shared templates promise


@pytest.mark.parametrize("name", ["400.html", "404.html", "429.html", "500.html"])
def test_error_pages_need_neither_request_nor_database(name):
    html = render_to_string(name)
    assert html.count("<h1") == 1
    assert 'lang="th"' in html
    assert 'href="/"' in html


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_needs_inline_script_or_style(page):
    """The Content-Security-Policy refuses them; the browser would only drop them silently."""
    html = re.sub(r"{% comment %}.*?{% endcomment %}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", html)
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or "application/json" in attributes


def test_a_name_in_a_printed_line_breaks_between_its_words_only():
    line = inline("นางสาวสมมติ <รับผิดชอบ> อนุมัติ")
    assert unbroken_name(line, "นางสาวสมมติ <รับผิดชอบ>") == (
        '<span class="nb">นางสาวสมมติ</span> <span class="nb">&lt;รับผิดชอบ&gt;</span> อนุมัติ'
    )
    assert unbroken_name(line, "") == line
