"""The texts of the report as they will be printed, beside the ones that are written."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from results.documents.content import chapters
from results.documents.preview import previews
from results.sheet import build
from tests.results import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.make_decided()


def words(html: str) -> str:
    return "".join(re.sub("<[^>]*>", " ", html).split())


def test_a_preview_says_what_the_report_will_say(case):
    payload = build(case, at=timezone.now())
    by_anchor = {chapter.anchor: chapter for chapter in chapters(payload)}
    printed = "".join(
        words(render_to_string(by_anchor[anchor].template, {"chapter": by_anchor[anchor]}))
        for anchor in ("outstanding", "opportunities", "advice", "closing", "directions")
    )
    found = previews(case)
    assert [preview.code for preview in found] == [
        "pillar:1",
        "ofi:4.2",
        "advice:1",
        "closing",
        "direction:1",
    ]
    # The parts of an opportunity are links in the report, where they are printed.
    assert [preview.code for preview in found if words(preview.html) not in printed] == []


def test_what_is_not_printed_has_no_preview(case):
    case.feedback.filter(code="closing").update(included=False)
    case.feedback.filter(code="pillar:1").update(text=" .... ")
    assert [preview.code for preview in previews(case)] == ["ofi:4.2", "advice:1", "direction:1"]
    assert [preview.code for preview in previews(case, only="ofi:4.2")] == ["ofi:4.2"]


def test_an_id_stands_once_on_the_page(case):
    case.feedback.create(code="ofi:4.1", text="ควรแสดงให้เห็นผล")
    ids = re.findall(r'id="([^"]+)"', "".join(preview.html for preview in previews(case)))
    assert len(ids) == len(set(ids))


def test_typed_markup_is_printed_as_typed(case):
    case.feedback.filter(code="closing").update(text="<script>alert(1)</script>")
    (preview,) = previews(case, only="closing")
    assert "<script>" not in preview.html
    assert "&lt;script&gt;" in preview.html
