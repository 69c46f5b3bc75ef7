"""What the page of the report's texts shows: every section with its draft, and where the draft came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.advice.indicator_words import advice_text
from assessments.advice.indicators import ADVICE_FINDINGS
from assessments.models import Assessment
from assessments.presentation import language
from assessments.reading import tree_of
from criteria.structure import Edition
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import User
from pmqa.thai import thai_datetime, thai_time
from reviews.comments import is_comment
from reviews.decided import Judged, judged_answers, marking_rows, noted_strengths
from reviews.drafting import CLOSING, PILLARS, TITLES, Strength, left_out, report_order
from reviews.models import FeedbackSection, Outcome
from reviews.services.feedback import advice_of
from reviews.tone_words import tone_advice


@dataclass(frozen=True)
class Source:
    """Where a draft comes from: a failed part with its comment, or an indicator with its findings.

    `is_left_out`: the text no longer says, word for word, what this comment does.
    """

    code: str
    url: str
    comment: str
    is_left_out: bool = False


@dataclass(frozen=True)
class Entry:
    """One section as it is edited; `tone` is what an agency would stumble over in its text, as sentences."""

    section: FeedbackSection
    title: str
    sources: tuple[Source, ...]
    saved: str
    tone: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.section.code

    @property
    def anchor(self) -> str:
        return f"s-{self.code.replace(':', '-').replace('.', '-')}"

    @property
    def differs(self) -> bool:
        return self.section.text != self.section.draft

    @property
    def is_praise(self) -> bool:
        return self.code in PILLARS

    @property
    def is_advice(self) -> bool:
        return self.code.startswith("advice:")

    @property
    def has_no_source(self) -> bool:
        """A topic whose failed parts have all become passes, and in which somebody has written."""
        return self.code.startswith("ofi:") and not self.section.sources


@dataclass(frozen=True)
class Chapter:
    """The sections of one chapter of the report, in its order; `kind` is the first word of their codes."""

    kind: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Praise:
    """What the team noted as outstanding, or said of a part that passed: material for outstanding work.

    `pillar` is the title under which its reviewer put it, "" for none.
    """

    code: str
    url: str
    comment: str
    pillar: str = ""


@dataclass(frozen=True)
class Texts:
    chapters: tuple[Chapter, ...]
    strengths: tuple[Praise, ...]
    places: Mapping[str, str]

    def entry_of(self, code: str) -> Entry | None:
        return next(
            (entry for chapter in self.chapters for entry in chapter.entries if entry.code == code), None
        )


def chapter_titles() -> dict[str, str]:
    """Kind of section -> the title of its chapter, in the order of the report."""
    return {
        "pillar": _("ผลงานที่โดดเด่น"),
        "ofi": _("โอกาสในการปรับปรุง"),
        "advice": _("ข้อแนะนำต่อตัวชี้วัดหมวด 7"),
        CLOSING: _("บทสรุป"),
        "direction": _("ทิศทางการพัฒนา"),
    }


def read_texts(assessment: Assessment, viewer: User) -> Texts:
    """Four queries."""
    tree = tree_of(assessment)
    people = {row.reviewer for row in marking_rows(assessment)}
    names = sorted({name for person in people for name in (person.first_name, person.last_name)})
    judged = judged_answers(assessment)
    noted = noted_strengths(assessment, judged)
    by_code = {row.code: row for row in judged}
    places = {row.code: reverse("reviews:decide", args=[assessment.pk, row.answer.pk]) for row in judged}
    for code, url in list(places.items()):
        places.setdefault(code.rsplit(".", 1)[0], url)
    sections = sorted(
        assessment.feedback.select_related("updated_by"), key=lambda section: report_order(section.code)
    )
    entries: dict[str, list[Entry]] = {kind: [] for kind in chapter_titles()}
    for section in sections:
        entry = Entry(
            section=section,
            title=title_of(tree, section.code),
            sources=tuple(
                _source(section, by_code[code], places[code], noted)
                for code in section.sources
                if code in by_code
            ),
            saved=_saved_sentence(section, viewer),
            tone=tuple(tone_advice(section.text, names)) if section.included else (),
        )
        entries[section.code.partition(":")[0]].append(entry)
    return Texts(
        chapters=tuple(
            Chapter(kind, title, tuple(entries[kind])) for kind, title in chapter_titles().items()
        ),
        strengths=(
            *(Praise(note.part, places[note.part], note.text, _pillar_title(note.pillar)) for note in noted),
            *(
                Praise(row.code, places[row.code], row.consensus.comment)
                for row in judged
                if row.outcome == Outcome.PASS and is_comment(row.consensus.comment)
            ),
        ),
        places=places,
    )


def title_of(tree: Edition, code: str) -> str:
    if code in TITLES:
        return translation.gettext(TITLES[code])
    kind, _colon, place = code.partition(":")
    if kind == "ofi":
        return f"{place} {named(tree.topics[place])}"
    return _("ข้อแนะนำ %(n)s") % {"n": place} if place else _("บทสรุป")


def _pillar_title(pillar: str) -> str:
    return translation.gettext(TITLES[f"pillar:{pillar}"]) if pillar else ""


def _source(section: FeedbackSection, row: Judged, url: str, noted: Sequence[Strength]) -> Source:
    if section.code in PILLARS:
        own = [
            note.text for note in noted if note.part == row.code and f"pillar:{note.pillar}" == section.code
        ]
        text = "\n\n".join(own)
        return Source(row.code, url, text, left_out(text, section.text))
    if row.is_indicator:
        number = int(section.code.partition(":")[2])
        words = [advice_text(advice) for advice in advice_of(row) if advice.code in ADVICE_FINDINGS[number]]
        return Source(row.code, url, " ".join(words))
    comment = row.consensus.comment if row.consensus else ""
    return Source(row.code, url, comment, left_out(comment, section.text))


def _saved_sentence(section: FeedbackSection, viewer: User) -> str:
    """When the text was saved, with the day unless it was today, and by whom unless it was the viewer."""
    if section.updated_at is None:
        return _("ฉบับร่าง ยังไม่มีผู้แก้") if section.draft else _("ยังไม่มีข้อความ")
    at = timezone.localtime(section.updated_at)
    today = at.date() == timezone.localdate()
    when = thai_time(at, language()) if today else thai_datetime(at, "short", language())
    if section.updated_by is None or section.updated_by_id == viewer.pk:
        return _("บันทึกแล้ว %(when)s") % {"when": when}
    return _("บันทึกแล้ว %(when)s โดย%(who)s") % {"when": when, "who": section.updated_by}
