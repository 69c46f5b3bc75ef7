"""What the pages of an Application Report show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages.conflicts import ConflictField, side_by_side
from assessments.pages.difference import Change
from assessments.presentation import saved_words
from assessments.reading import tree_of
from assessments.rules import Chapter as Right
from criteria.application_report import Criteria
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import User
from results.application_report.facts import LeTCI, covered, letci, needs_reason
from results.application_report.forms import INDICATOR_LABELS, SectionForm
from results.application_report.models import ApplicationReport, ReportEntry
from results.application_report.sections import (
    FACT,
    INDICATOR,
    PROFILE,
    RESULTS,
    Block,
    Chapter,
    Section,
    Values,
    chapters_of,
)
from results.application_report.services import blocks_submission, saying
from results.application_report.words import band_words, chips_of, comparison_words, trend_words
from results.naming import names_of


@dataclass(frozen=True)
class Coverage:
    """How many elements of one dimension of ADLI are written about."""

    name: str
    done: int
    of: int

    @property
    def is_full(self) -> bool:
        return self.done == self.of


@dataclass(frozen=True)
class IndicatorView:
    """What LeTCI says of an indicator as it is written now."""

    facts: LeTCI
    chips: list[str]
    words: list[str]
    band: str
    needs_reason: bool


@dataclass(frozen=True)
class SectionView:
    section: Section
    values: Values
    saved: str
    is_stored: bool
    form: SectionForm | None
    indicator: IndicatorView | None
    is_changed: bool

    @property
    def elements(self) -> list[tuple[str, str]]:
        """Of a dimension: what it looks for, and what is said of it."""
        return [
            (name, self.values.get(key, ""))
            for key, name in zip(self.section.keys, self.section.elements, strict=True)
        ]

    @property
    def text(self) -> str:
        return self.values.get("text", "")

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.section.more.get("name", ""), *covered(self.section.keys, self.values))

    @property
    def results(self) -> list[tuple[int, str]]:
        years = self.section.more["years"]
        return [(year, self.values.get(f"result_{number}", "")) for number, year in enumerate(years, start=1)]


@dataclass(frozen=True)
class BlockView:
    block: Block
    questions: list[SectionView]
    checks: list[SectionView]

    @property
    def coverage(self) -> list[Coverage]:
        return [check.coverage for check in self.checks]


@dataclass(frozen=True)
class ChapterView:
    """A chapter in the list of chapters. `done` of `of`: questions answered, or indicators without anything missing."""

    chapter: Chapter
    done: int
    of: int
    coverage: list[Coverage]
    note: str
    may_write: bool

    @property
    def key(self) -> str:
        return self.chapter.key

    @property
    def name(self) -> str:
        return named(self.chapter)


@dataclass(frozen=True)
class Missing:
    """Something to look at before submitting; `blocks` where it has to be mended."""

    code: str
    words: str
    chapter: str
    anchor: str
    blocks: bool
    about: str = ""


def _in_language(base: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """What was copied, with the names of this language: what is frozen and printed keeps the Thai ones."""
    if not names:
        return base
    return {
        "profile": [
            topic
            | {
                "name": names.get(topic["code"], topic["name"]),
                "questions": [
                    entry | {"label": names.get(entry["code"], entry["label"])}
                    for entry in topic["questions"]
                ],
            }
            for topic in base["profile"]
        ],
        "indicators": [
            entry
            | {
                "topic_name": names.get(entry["topic"], entry["topic_name"]),
                "group_name": names.get(f"{entry['topic']}.{entry['group']}", entry["group_name"]),
            }
            for entry in base["indicators"]
        ],
    }


class ReportPage:
    """One report as it is written now, or as it was submitted, for one reader. `entries`: one query."""

    def __init__(self, report: ApplicationReport, viewer: User):
        self.report, self.viewer = report, viewer
        self.criteria: Criteria = report.asks
        base = _in_language(report.base, names_of(tree_of(report.assessment)))
        self.chapters = chapters_of(self.criteria, report.categories, base)

    @cached_property
    def entries(self) -> Mapping[str, ReportEntry]:
        rows = self.report.entries.select_related("updated_by")
        return {entry.code: entry for entry in rows}

    @cached_property
    def said(self) -> Callable[[Section], Values]:
        # Once it is submitted no entry changes any more, so these are the words that were frozen.
        return saying(self.report, self.entries)

    def may_write(self, chapter: Chapter) -> bool:
        right = Right(self.report.assessment, chapter.category)
        return self.report.is_writing and self.viewer.has_perm("assessments.edit", right)

    def chapter(self, key: str) -> Chapter | None:
        return next((chapter for chapter in self.chapters if chapter.key == key), None)

    def place_of(self, code: str) -> tuple[Chapter, Block, Section] | None:
        return next(
            (
                (chapter, block, section)
                for chapter in self.chapters
                for block in chapter.blocks
                for section in block.sections
                if section.code == code
            ),
            None,
        )

    # --- views --------------------------------------------------------------------------------

    def chapter_views(self) -> list[ChapterView]:
        return [self.chapter_view(chapter) for chapter in self.chapters]

    def chapter_view(self, chapter: Chapter) -> ChapterView:
        sections = list(chapter.sections)
        coverage: list[Coverage] = []
        note = ""
        if chapter.key == RESULTS:
            facts = [letci(self.said(section)) for section in sections]
            done, of = sum(not fact.missing for fact in facts), len(facts)
            note = _results_note(facts)
        elif chapter.key == PROFILE:
            done = sum(bool(self.said(section)["text"].strip()) for section in sections)
            of = len(sections)
            changed = sum(self.is_changed(section) for section in sections)
            note = _("แก้แล้ว %(n)d ข้อ") % {"n": changed} if changed else _("เหมือนขั้นที่ 1")
        else:
            questions = [section for section in sections if section.is_question]
            done = sum(bool(self.said(section)["text"].strip()) for section in questions)
            of = len(questions)
            coverage = _summed(chapter, self.said)
        return ChapterView(chapter, done, of, coverage, note, self.may_write(chapter))

    def block_views(
        self, chapter: Chapter, *, kept: SectionForm | None = None, only: Block | None = None
    ) -> list[BlockView]:
        """`kept` is a form that was posted and not stored."""
        writes = self.may_write(chapter) and not only
        return [
            BlockView(
                block,
                [self.section_view(section, writes=writes, kept=kept) for section in block.questions],
                [self.section_view(section, writes=writes, kept=kept) for section in block.checks],
            )
            for block in ([only] if only else chapter.blocks)
        ]

    def section_view(
        self, section: Section, *, writes: bool = False, kept: SectionForm | None = None
    ) -> SectionView:
        entry, values = self.entries.get(section.code), self.said(section)
        form = kept if kept and kept.section.code == section.code else None
        if form is None and writes:
            form = SectionForm(section=section, values=values, version=entry.version if entry else 0)
        return SectionView(
            section,
            values,
            saved_words(entry.updated_at, entry.updated_by, self.viewer)
            if entry
            else self._unwritten(section),
            entry is not None,
            form,
            self._indicator(section, values) if section.kind == INDICATOR else None,
            self.is_changed(section),
        )

    def _unwritten(self, section: Section) -> str:
        return _("ตามขั้นที่ 1") if section.kind in (FACT, INDICATOR) else _("ยังไม่เขียน")

    def is_changed(self, section: Section) -> bool:
        """Whether copied data says something else now."""
        return section.kind in (FACT, INDICATOR) and dict(self.said(section)) != dict(section.initial)

    def _indicator(self, section: Section, values: Values) -> IndicatorView:
        facts = letci(values)
        words = [trend_words(facts), comparison_words(facts)]
        band = band_words(self.criteria, section.more["topic"], facts)
        return IndicatorView(facts, chips_of(facts), list(filter(None, words)), band, needs_reason(values))

    # --- before submitting --------------------------------------------------------------------

    def missing(self) -> list[Missing]:
        """What has to be mended first, then what is only worth a look."""
        blocking = [
            Missing(
                code or chapter.key,
                _blocking_words(code),
                chapter.key,
                f"s{code}" if code else "chapter",
                blocks=True,
            )
            for chapter, code in blocks_submission(self.chapters, self.said)
        ]
        return [*blocking, *self._advice()]

    def _advice(self) -> Iterable[Missing]:
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield from self._advice_on(chapter, block)

    def _advice_on(self, chapter: Chapter, block: Block) -> Iterable[Missing]:
        if chapter.is_process:
            for section in block.questions:
                if not self.said(section)["text"].strip():
                    yield self._look(block.code, _("ยังไม่เขียน"), section.title, chapter, f"s{section.code}")
            gaps = [
                f"{cover.name} {cover.done}/{cover.of}"
                for cover in (self.section_view(check).coverage for check in block.checks)
                if not cover.is_full
            ]
            if gaps:
                words = _("ADLI ยังไม่ครบ")
                yield self._look(block.code, words, " · ".join(gaps), chapter, f"cov-{block.code}")
        elif chapter.key == RESULTS:
            for section in block.sections:
                view = self.section_view(section).indicator
                if view.facts.missing or view.band:
                    lacks = view.chips[1:] if view.facts.is_role_model else view.chips
                    words = " · ".join(filter(None, [*lacks, view.band]))
                    yield self._look(
                        section.code, words, self.said(section)["name"], chapter, f"s{section.code}"
                    )

    def _look(self, code: str, words: str, about: str, chapter: Chapter, anchor: str) -> Missing:
        return Missing(code, words, chapter.key, anchor, blocks=False, about=about)

    # --- against stage 1 ----------------------------------------------------------------------

    def changes(self) -> list[Change]:
        """Every copied section that says something else now: what stage 1 says, and what stage 2 says."""
        pk = self.report.assessment_id
        return [
            Change(
                section.code,
                section.title,
                f"{reverse('results:report_chapter', args=[pk, chapter.key])}#s{section.code}",
                self._fields(section),
            )
            for chapter in self.chapters
            for section in chapter.sections
            if self.is_changed(section)
        ]

    def _fields(self, section: Section) -> list[ConflictField]:
        said = self.said(section)
        return [
            side_by_side(key, _key_label(section, key), section.initial[key], said[key], empty=_("ไม่มี"))
            for key in section.keys
            if section.initial[key] != said[key]
        ]


def report_link(user: User, assessment: Assessment) -> ApplicationReport | None:
    """The report of a published result, for whoever may know of it: what a link shows. No query where the assessment
    comes `with_report`."""
    report = getattr(assessment, "application_report", None)
    return report if report and user.has_perm("results.see_application_report", assessment) else None


def _key_label(section: Section, key: str) -> str:
    if section.kind == FACT:
        return ""
    if key.startswith("result_"):
        year = section.more["years"][int(key.removeprefix("result_")) - 1]
        return _("ผลปี %(year)d") % {"year": year}
    return str(INDICATOR_LABELS[key])


def _summed(chapter: Chapter, said: Callable[[Section], Values]) -> list[Coverage]:
    """ADLI of a chapter as a whole, dimension by dimension."""
    sums: dict[str, list[int]] = {}
    for block in chapter.blocks:
        for check in block.checks:
            row = sums.setdefault(check.more["name"], [0, 0])
            done, of = covered(check.keys, said(check))
            row[0] += done
            row[1] += of
    return [Coverage(name, done, of) for name, (done, of) in sums.items()]


def _results_note(facts: Sequence[LeTCI]) -> str:
    without = sum(not fact.comparison for fact in facts)
    short = sum(fact.is_short for fact in facts)
    model = sum(fact.is_role_model for fact in facts)
    said = [
        _("เข้าข่ายต้นแบบ %(n)d") % {"n": model} if model else "",
        _("ขาดคู่เทียบ %(n)d") % {"n": without} if without else "",
        _("แนวโน้มไม่ครบ 3 ปี %(n)d") % {"n": short} if short else "",
    ]
    return " · ".join(filter(None, said))


def _blocking_words(code: str) -> str:
    """Of an indicator, or of a whole category."""
    return _("มีผลไม่ครบ 3 ปี เพิ่มผลหรือระบุเหตุผล") if code else _("ทั้งหมวดยังไม่มีข้อความใดเลย")
