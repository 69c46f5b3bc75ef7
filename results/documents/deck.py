"""The result as slides (สไลด์นำเสนอผล): the same frozen payload as the Feedback Report, set for a 16:9 screen.

A slide has one heading. What does not fit goes on to another page, which repeats the heading by itself
(static/report/deck.css), so that no text is cut whatever its length.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from assessments.models import award_words
from criteria.scoring.numbers import display_percent
from criteria.structure import LEVELS
from pmqa import pdf
from results import charts
from results.documents.content import TITLED, Chapter, chapters
from results.report_rows import LEVEL_NAMES, Payload, ScoreRow, level_name, sides
from results.verifying import seal_of_sheet

# Texts that stand on a slide by the very template of the report.
_AS_IN_REPORT = ("advice", "closing")


@dataclass(frozen=True, slots=True)
class Slide:
    """One heading with what stands under it, as a `Chapter` has it; `over` is the small line above the heading."""

    kind: str
    anchor: str
    title: str
    data: Any = None
    over: str = ""

    @property
    def template(self) -> str:
        if self.kind in _AS_IN_REPORT:
            return f"report/{self.kind}.html"
        return f"deck/{'titled' if self.kind in TITLED else self.kind}.html"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the parts of one level passed; `percent` as the report prints it: "87.5"."""

    level: str
    passed: int
    total: int

    @property
    def percent(self) -> str:
        return display_percent(Fraction(100 * self.passed, self.total)) if self.total else "–"


def slides(payload: Payload) -> tuple[Slide, ...]:
    """The slides that have content, in their order."""
    built = {chapter.anchor: chapter for chapter in chapters(payload)}
    return tuple(slide for build in _BUILDERS for slide in build(payload, built))


_Built = Mapping[str, Chapter]


def _headline(payload: Payload, built: _Built) -> Iterator[Slide]:
    claimed, verified = sides(payload)
    if verified.get("total") is None:
        return
    total = ScoreRow("", "", claimed.get("total"), verified["total"], level_name(verified))
    told = f"คะแนนจากผู้ตรวจ {total.verified} คะแนนประเมินตนเอง {total.claimed or '–'} จาก 500 ระดับที่ถึง {total.level}"
    scale = charts.scale(total.verified, total.claimed, title=told)
    yield Slide("headline", "headline", "ผลโดยสรุป", {"total": total, "scale": scale})


def _profile(payload: Payload, built: _Built) -> Iterator[Slide]:
    if chapter := built.get("profile"):
        for section in chapter.sections:
            yield Slide("profile", section.anchor, section.title, section.data, over="เราคือใคร")


def _scores(payload: Payload, built: _Built) -> Iterator[Slide]:
    if chapter := built.get("scores"):
        yield Slide("bars", "bars", "คะแนนรายหมวด", chapter.data)
        yield Slide("radar", "radar", "รูปของเจ็ดหมวด", chapter.data)


def _stage_two(payload: Payload, built: _Built) -> Iterator[Slide]:
    if chapter := built.get("stage_two"):
        yield Slide("stage_two", "stage_two", chapter.title, chapter.data["stage_two"])


def _levels(payload: Payload, built: _Built) -> Iterator[Slide]:
    chapter = built.get("levels")
    if chapter is None:
        return
    yield Slide("levels", "levels", "ระดับที่ถึงรายหัวข้อ", chapter.data)
    rows = [(f"หมวด {row.code} {row.name}", _shares(row.rows)) for row in chapter.data["categories"]]
    every = _shares([topic for row in chapter.data["categories"] for topic in row.rows])
    yield Slide("shares", "shares", "ส่วนที่ผ่านในแต่ละระดับ", {"rows": rows, "every": every})


def _shares(topics: list[ScoreRow] | tuple[ScoreRow, ...]) -> list[Share]:
    counts = [topic.verified_topic.get("counts") or {} for topic in topics]
    return [
        Share(
            LEVEL_NAMES[level],
            sum(count[level][0] for count in counts if level in count),
            sum(count[level][1] for count in counts if level in count),
        )
        for level in LEVELS
    ]


def _texts(anchor: str, over: str):
    def build(payload: Payload, built: _Built) -> Iterator[Slide]:
        if chapter := built.get(anchor):
            for section in chapter.sections:
                yield Slide(anchor, section.anchor, section.title or over, section.data, over=over)

    return build


def _one(anchor: str, title: str):
    def build(payload: Payload, built: _Built) -> Iterator[Slide]:
        if chapter := built.get(anchor):
            yield Slide(anchor, anchor, title, chapter.data)

    return build


def _together(anchor: str, title: str):
    """Three short texts under one heading."""

    def build(payload: Payload, built: _Built) -> Iterator[Slide]:
        if chapter := built.get(anchor):
            yield Slide(anchor, anchor, title, chapter.sections)

    return build


def _source(payload: Payload, built: _Built) -> Iterator[Slide]:
    """The last slide: by which rules, and how to see whether this copy is the current one."""
    by_reason: dict[str, list[str]] = {}
    for rule in built["how_to_read"].data["rules"]:
        if rule.estimated:
            by_reason.setdefault(rule.why, []).append(rule.text)
    yield Slide("source", "source", "ที่มาของผล", tuple(by_reason.items()))


_BUILDERS = (
    _headline,
    _profile,
    _scores,
    _stage_two,
    _levels,
    _together("outstanding", "ผลงานที่โดดเด่น"),
    _texts("opportunities", "โอกาสในการปรับปรุง"),
    _texts("results", "ผลลัพธ์การดำเนินการ"),
    _one("advice", "ข้อแนะนำต่อตัวชี้วัดหมวด 7"),
    _one("closing", "บทสรุป"),
    _together("directions", "ทิศทางการพัฒนา"),
    _source,
)


def render_html(payload: Payload, *, revision: int | None = None, digest: str = "") -> str:
    """The slides as one HTML document; arguments and errors as in `feedback_report.render_html`."""
    with translation.override("th"):
        context = {
            "payload": payload,
            "slides": slides(payload),
            "award": award_words(payload.get("application")),
            "seal": seal_of_sheet(payload, document="สไลด์นำเสนอผล", revision=revision, digest=digest),
        }
        return render_to_string("deck/deck.html", context)


def render_pdf(
    payload: Payload,
    *,
    revision: int | None = None,
    digest: str = "",
    progress: pdf.Progress | None = None,
) -> bytes:
    """The slides as PDF bytes; arguments as in `render_html` and `pmqa.pdf.render`."""
    return pdf.render(render_html(payload, revision=revision, digest=digest), progress=progress)
