"""The texts of the Feedback Report as they will be printed, while they are written: the report's own templates."""

from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from assessments.models import Assessment
from assessments.reading import tree_of
from criteria.structure import Edition
from results.documents.content import Chapter, Section, text_chapters
from results.sheet import feedback_texts, normalised
from reviews.drafting import report_order
from reviews.models import FeedbackSection


@dataclass(frozen=True, slots=True)
class Preview:
    """One text by the code of its section; `chapter` is the title of the chapter that it stands in."""

    code: str
    chapter: str
    html: SafeString


def previews(assessment: Assessment, only: str = "") -> list[Preview]:
    """Every text that will be printed, in the order of the report, or that of one section; one query."""
    sections = assessment.feedback.filter(included=True).defer("draft")
    if only:
        sections = sections.filter(code=only)
    tree = tree_of(assessment)
    found = [_preview(tree, section) for section in sections if section.text.strip()]
    return sorted(filter(None, found), key=lambda preview: report_order(preview.code))


def _preview(tree: Edition, section: FeedbackSection) -> Preview | None:
    names = [{"code": category.code, "name": category.name_th} for category in tree.categories]
    payload = normalised(
        {
            "feedback": feedback_texts({section.code: section}, tree),
            "scores": {"verified": {"categories": names}},
        }
    )
    # A text without a letter in it is not printed.
    for chapter in text_chapters(payload):
        anchor = f"preview-{section.code.replace(':', '-').replace('.', '-')}"
        named = tuple(_renamed(entry, anchor) for entry in chapter.sections)
        with translation.override("th"):
            html = render_to_string(chapter.template, {"chapter": replace(chapter, sections=named)})
        return Preview(section.code, _title(chapter), SafeString(html))
    return None


def _renamed(section: Section, anchor: str) -> Section:
    """Headings of one category stand at each of its topics here, and an id only once."""
    return replace(section, anchor=anchor)


def _title(chapter: Chapter) -> str:
    return translation.gettext(chapter.title)
