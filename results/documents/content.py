"""What stands in the Feedback Report, in which order: a frozen payload -> chapters. No request, no database.

A chapter or section without content does not exist: it has no heading, no line in the table of contents, and
it is never "0". The payload of an imported print (`partial`) may lack anything, so every key has a default.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from results import charts
from results.gauge import between
from results.policy_words import all_rules, estimates
from results.report_rows import (
    CLAIMS,
    OUTCOMES,
    Payload,
    ScoreRow,
    code_order,
    filled,
    has_text,
    level_name,
    passed_of,
    printed_codes,
    score_rows,
    shown_indicator,
    shown_topic,
    sides,
    widest_gaps,
)
from results.stage_two.showing import shown_stage_two
from results.tree_rows import category_trees

THAI_LETTERS = "กขค"
# Chapters of three short texts, each under its own title.
TITLED = ("outstanding", "directions")

# The published Feedback Reports print the organisational profile as five blocks (1) to (5). Which question
# stands in which is our reading of them; a question of a later edition joins the last block of its section.
PROFILE_BLOCKS = (
    ("ทิศทางขององค์การ", "OP1", ("mission", "vision", "values", "culture", "goals", "core_competencies")),
    (
        "ภารกิจ ทรัพยากร และกฎหมาย",
        "OP1",
        (
            "main_services",
            "service_features",
            "budget",
            "revenue",
            "headcount",
            "headcount_date",
            "laws",
            "structure",
        ),
    ),
    (
        "ความสัมพันธ์ระดับองค์การ",
        "OP2",
        ("customers", "stakeholders", "suppliers", "partners", "collaborators"),
    ),
    (
        "สภาพแวดล้อมด้านการแข่งขัน",
        "OP3",
        ("competitive_environment", "competitive_changes", "comparative_data"),
    ),
    ("ความได้เปรียบ ความท้าทาย และระบบการปรับปรุง", "OP3", ("advantages", "challenges", "improvement_system")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the second level that the table of contents lists."""

    anchor: str
    title: str
    data: Any = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """`number` is "1", "2" …, or a Thai letter for an appendix; `data` is what its template shows."""

    number: str
    anchor: str
    title: str
    sections: tuple[Section, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"report/{'titled' if self.anchor in TITLED else self.anchor}.html"

    @property
    def lists_sections(self) -> bool:
        """Whether its sections stand in the table of contents; those of a chapter of one page do not."""
        return bool(self.sections) and self.anchor not in (*TITLED, "total")

    @property
    def is_appendix(self) -> bool:
        return not self.number.isdecimal()


def chapters(payload: Payload) -> tuple[Chapter, ...]:
    """The chapters that have content, numbered in their order."""
    built: list[Chapter] = []
    appendices = 0
    for anchor, title, build in _CHAPTERS:
        content = build(payload)
        if content is None:
            continue
        sections, data = content
        is_appendix = anchor in _APPENDICES
        number = THAI_LETTERS[appendices] if is_appendix else str(len(built) + 1)
        appendices += is_appendix
        built.append(Chapter(number=number, anchor=anchor, title=title, sections=tuple(sections), data=data))
    return tuple(built)


def text_chapters(payload: Payload) -> tuple[Chapter, ...]:
    """Only the chapters of texts that the lead writes, without numbers; the payload may hold nothing but `feedback`
    and the names of the categories in `scores`."""
    built = []
    for anchor, title, build in _CHAPTERS:
        if anchor in _WRITTEN and (content := build(payload)):
            sections, data = content
            built.append(Chapter("", anchor, title, tuple(sections), data))
    return tuple(built)


_Content = tuple[Iterable[Section], Mapping[str, Any]] | None


def _how_to_read(payload: Payload) -> _Content:
    rules = all_rules(payload["policy"])
    # Reasons stand beside the scores that rest on them.
    has_reasons = bool(score_rows(payload))
    return (), {
        "rules": rules,
        "has_reasons": has_reasons,
        "claims": CLAIMS.values(),
        "outcomes": OUTCOMES.values(),
    }


def _profile(payload: Payload) -> _Content:
    answered = {
        question["key"]: (section["code"], filled(question))
        for section in payload.get("profile") or ()
        for question in section.get("questions") or ()
        if has_text(question.get("value"))
    }
    known = {key for _, _, keys in PROFILE_BLOCKS for key in keys}
    last_of_section = {section: title for title, section, _ in PROFILE_BLOCKS}
    sections = []
    for title, section, keys in PROFILE_BLOCKS:
        questions = [answered[key][1] for key in keys if key in answered]
        if last_of_section[section] == title:
            questions += [
                asked for key, (code, asked) in answered.items() if code == section and key not in known
            ]
        if questions:
            number = len(sections) + 1
            sections.append(Section(f"profile-{number}", f"({number}) {title}", questions))
    return (sections, {}) if sections else None


def _scores(payload: Payload) -> _Content:
    rows = score_rows(payload)
    if not rows:
        return None
    claimed, verified = sides(payload)
    total = ScoreRow(
        code="",
        name="รวม",
        claimed=claimed.get("total"),
        verified=verified.get("total"),
        level=level_name(verified),
    )
    drawn = [charts.Score(row.code, row.name, row.claimed, row.verified, row.gap) for row in rows]
    told = " ".join(f"หมวด {row.code} ตนเอง {row.claimed or '–'} ผู้ตรวจ {row.verified or '–'}" for row in rows)
    where = _where(total.verified) if total.verified is not None else ""
    return (), {
        "where": where,
        "gauge": where and charts.scale(total.verified, total.claimed, title=where),
        "rows": rows,
        "total": total,
        "radar": charts.radar(drawn, title=f"รูปของเจ็ดหมวด {told}"),
        "bars": charts.bars(drawn, title=f"คะแนนรายหมวด {told}"),
        "widest": widest_gaps(rows),
    }


def _where(total: str) -> str:
    """Between which points of the levels the total lies, in words."""
    lines = between(total)
    if lines.below is None:
        return f"คะแนนรวม {total} ยังไม่ถึง {lines.above}"
    if lines.above is None:
        return f"คะแนนรวม {total} ถึง {lines.below} ซึ่งเป็นระดับสูงสุด"
    return f"คะแนนรวม {total} อยู่ระหว่าง {lines.below} กับ {lines.above}"


def _stage_two(payload: Payload) -> _Content:
    """Beside the score of stage 1, never in one figure with it."""
    found = shown_stage_two(payload)
    return ((), {"stage_two": found}) if found else None


def _levels(payload: Payload) -> _Content:
    categories = [
        row for row in score_rows(payload) if any(topic.verified_topic.get("shares") for topic in row.rows)
    ]
    topics = [topic for row in categories for topic in row.rows if topic.verified_topic.get("shares")]
    if not topics:
        return None
    told = " ".join(f"{topic.code} {topic.level}" for topic in topics)
    passed = [
        charts.Passed(topic.code, topic.verified_topic["shares"], topic.verified_topic["counts"])
        for topic in topics
    ]
    heat_map = charts.heat_map(passed, title=f"ส่วนที่ผ่านในแต่ละระดับ ระดับที่ถึงของแต่ละหัวข้อ {told}")
    return (), {
        "categories": categories,
        "heat_map": heat_map,
        "passed": [
            *((f"{row.code} {row.name}", passed_of(row.rows)) for row in categories),
            ("รวม", passed_of(topics)),
        ],
    }


def _outstanding(payload: Payload) -> _Content:
    return _titled(payload, "pillars", "outstanding")


def _opportunities(payload: Payload) -> _Content:
    names = {row.code: row.name for row in score_rows(payload)}
    printed = set(printed_codes(payload))
    by_category: dict[str, list[Mapping[str, Any]]] = {}
    for entry in sorted(_feedback(payload, "ofi"), key=lambda entry: code_order(entry["topic"])):
        if has_text(entry.get("text")):
            sources = [{"code": code, "is_printed": code in printed} for code in entry.get("parts") or ()]
            category = by_category.setdefault(entry["topic"].split(".")[0], [])
            category.append({**entry, "sources": sources})
    sections = [
        Section(f"ofi-{code}", f"หมวด {code} {names.get(code, '')}".strip(), entries)
        for code, entries in by_category.items()
    ]
    return (sections, {}) if sections else None


def _results(payload: Payload) -> _Content:
    topics: dict[str, list[Mapping[str, Any]]] = {}
    names: dict[str, str] = {}
    for indicator in payload.get("indicators") or ():
        names[indicator["topic"]] = indicator.get("topic_name") or ""
        topics.setdefault(indicator["topic"], []).append(shown_indicator(indicator))
    scored = {topic.code: topic for row in score_rows(payload) for topic in row.rows}
    sections = [
        Section(
            f"results-{code}",
            f"{code} {names[code]}",
            {
                "indicators": shown,
                "score": scored.get(code),
                "years": next((entry["years"] for entry in shown if entry.get("years")), ()),
            },
        )
        for code, shown in sorted(topics.items(), key=lambda topic: code_order(topic[0]))
    ]
    return (sections, {}) if sections else None


def _advice(payload: Payload) -> _Content:
    texts = [entry["text"] for entry in _feedback(payload, "advice") if has_text(entry.get("text"))]
    return ((), {"texts": texts}) if texts else None


def _closing(payload: Payload) -> _Content:
    text = (payload.get("feedback") or {}).get("closing")
    return ((), {"text": text}) if has_text(text or "") else None


def _directions(payload: Payload) -> _Content:
    return _titled(payload, "directions", "directions")


def _parts(payload: Payload) -> _Content:
    sections = []
    for category in payload.get("categories") or ():
        topics = [shown_topic(topic) for topic in category.get("topics") or ()]
        topics = [topic for topic in topics if topic["items"]]
        if topics:
            title = f"หมวด {category['code']} {category['name']}"
            sections.append(Section(f"parts-{category['code']}", title, topics))
    return (sections, {}) if sections else None


def _total(payload: Payload) -> _Content:
    rows = score_rows(payload)
    claimed, verified = sides(payload)
    rules = all_rules(payload["policy"])
    numbers = estimates(rules)
    sums = [
        {"side": side, "scores": [score for score in scores if score is not None], "total": total}
        for side, scores, total in (
            ("ประเมินตนเอง", [row.claimed for row in rows], claimed.get("total")),
            ("ผู้ตรวจ", [row.verified for row in rows], verified.get("total")),
        )
        if total is not None
    ]
    sections = [
        Section(f"tree-{tree.row.code}", f"หมวด {tree.row.code} {tree.row.name}", tree)
        for tree in category_trees(payload, numbers)
    ]
    named = [(rule, numbers.get(rule.parameter)) for rule in rules]
    return (sections, {"rows": rows, "sums": sums, "rules": named}) if rows else None


_CHAPTERS = (
    ("how_to_read", "วิธีอ่านรายงาน", _how_to_read),
    ("profile", "ลักษณะสำคัญขององค์การ", _profile),
    ("scores", "คะแนนรายหมวด", _scores),
    ("stage_two", "คะแนนขั้นที่ 2 (Application Report)", _stage_two),
    ("levels", "ระดับที่ถึงรายหัวข้อ", _levels),
    ("outstanding", "ผลงานที่โดดเด่น", _outstanding),
    ("opportunities", "โอกาสในการปรับปรุง", _opportunities),
    ("results", "ผลลัพธ์การดำเนินการ (หมวด 7)", _results),
    ("advice", "ข้อแนะนำต่อตัวชี้วัดหมวด 7", _advice),
    ("closing", "บทสรุป", _closing),
    ("directions", "ทิศทางการพัฒนา", _directions),
    ("parts", "ผลการตรวจรายส่วน", _parts),
    ("total", "ที่มาของคะแนน", _total),
)
_APPENDICES = ("parts", "total")
# What somebody writes for the report; all else comes from answers and marks.
_WRITTEN = ("outstanding", "opportunities", "advice", "closing", "directions")


def _titled(payload: Payload, key: str, anchor: str) -> _Content:
    sections = [
        Section(f"{anchor}-{index}", entry.get("title") or "", entry["text"])
        for index, entry in enumerate(_feedback(payload, key), start=1)
        if has_text(entry.get("text"))
    ]
    return (sections, {}) if sections else None


def _feedback(payload: Payload, key: str) -> Sequence[Mapping[str, Any]]:
    return (payload.get("feedback") or {}).get(key) or ()
