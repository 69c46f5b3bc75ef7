"""From failed comments to the first draft of the feedback, which the lead then edits. Pure: no Django.

Each draft keeps the part codes that its sentences came from.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.advice.indicators import ADVICE_FINDINGS
from criteria import scoring
from criteria.pillars import NAMES as PILLAR_NAMES
from criteria.structure import LEVELS, PROCESS, RESULTS, Edition

# Marks a text for translation on the pages. Drafts and the report print the Thai itself.
_ = str

# The pillars of ระบบราชการ 4.0 and the directions of development, as published Feedback Reports name them.
TITLES: Mapping[str, str] = {
    **{f"pillar:{key}": name for key, name in PILLAR_NAMES.items()},
    "direction:1": _("การเป็นองค์การดิจิทัล"),
    "direction:2": _("นโยบาย ยุทธศาสตร์ และผู้นำ"),
    "direction:3": _("คุณค่าและความสามารถในการแข่งขัน"),
}
PILLARS = tuple(code for code in TITLES if code.startswith("pillar:"))
DIRECTIONS = tuple(code for code in TITLES if code.startswith("direction:"))
CLOSING = "closing"
# The three directions of a feedback report, each with the topics whose gaps it is drafted from:
# digital; policy, strategy and leadership; value for people and competitiveness.
DIRECTION_TOPICS: Mapping[str, tuple[str, ...]] = {
    "direction:1": ("1.2", "2.3", "3.1", "4.1", "4.2", "4.4", "6.2"),
    "direction:2": ("1.1", "1.3", "1.4", "2.1", "2.2", "2.4"),
    "direction:3": ("3.2", "3.3", "3.4", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1", "6.3", "6.4"),
}
# What the printed form leaves around a comment: bullets and dots before it, a row of dots behind it. One dot
# behind it may be the end of an abbreviation (ก.พ.ร.) and stays.
_BEFORE = re.compile(r"^[\s.…•●○▪■□☐☑✓*–-]+")
_BEHIND = re.compile(r"(?:\s*(?:\.{2,}|…))+\s*$")
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed text; `included` is whether the report prints it unless the lead decides otherwise."""

    code: str
    text: str
    sources: tuple[str, ...] = ()
    included: bool = True


def tidy(comment: str) -> str:
    """A comment without the dots and bullets of the printed form; "" when nothing else was there."""
    lines = (_BEFORE.sub("", _BEHIND.sub("", line)).strip() for line in comment.splitlines())
    return "\n".join(line for line in lines if line)


def paragraphs(comment: str) -> list[str]:
    """What a comment says, tidied, paragraph by paragraph; a merged comment has one from each reviewer."""
    return [text for text in map(tidy, _BLANK_LINES.split(comment)) if text]


def opportunities(edition: Edition, failed: Mapping[str, str]) -> list[Draft]:
    """One draft for every topic of categories 1-6 with a failed part; `failed` is part code -> comment.

    What stands at several parts of a topic is said once.
    """
    drafts = []
    for category in edition.of_kind(PROCESS):
        for topic in category.topics:
            codes = [part.code for part in topic.parts if part.code in failed]
            if codes:
                said = dict.fromkeys(text for code in codes for text in paragraphs(failed[code]))
                drafts.append(Draft(f"ofi:{topic.code}", "\n\n".join(said), tuple(codes)))
    return drafts


def left_out(comment: str, text: str) -> bool:
    """Whether `text` no longer says, word for word, all that `comment` does: the trace of a deletion."""
    return any(paragraph not in text for paragraph in paragraphs(comment))


def recommendations(edition: Edition, findings: Mapping[str, Collection[str]]) -> list[Draft]:
    """The general recommendations of category 7, ticked where a finding calls for them.

    `findings` is indicator code -> codes of `assessments.advice.indicators`; the sources are the indicators
    that called.
    """
    drafts = []
    for category in edition.of_kind(RESULTS):
        for number, text in enumerate(category.guide.advice, start=1):
            called_by = ADVICE_FINDINGS.get(number, frozenset())
            sources = tuple(code for code, found in findings.items() if called_by & set(found))
            drafts.append(Draft(f"advice:{number}", text, sources, included=bool(sources)))
    return drafts


def closing(topics: Collection[Mapping[str, tuple[int, int]]]) -> Draft:
    """The closing statement; for each topic of categories 1-6, level -> (parts passed, of), without levels it lacks.

    "Most results are at" the highest level that more than half of the topics have reached, by the rule of the report's
    own table of levels.
    """
    counts = {level: [topic[level] for topic in topics if level in topic] for level in LEVELS}
    shares = [
        f"{level.capitalize()} ผ่าน {sum(found[0] for found in pairs)} จาก {sum(found[1] for found in pairs)} ส่วน"
        for level, pairs in counts.items()
        if pairs
    ]
    levels = [
        scoring.level_reached({level: Fraction(*count) for level, count in topic.items()}) for topic in topics
    ]
    ranks = [LEVELS.index(level) for level in levels if level]
    reached = [sum(rank >= place for rank in ranks) for place in range(len(LEVELS))]
    most = [place for place, count in enumerate(reached) if count * 2 > len(topics)]
    first = (
        f"ผลส่วนใหญ่อยู่ในระดับ {LEVELS[most[-1]].capitalize()} ({reached[most[-1]]} จาก {len(topics)} หัวข้อถึงระดับนี้)"
        if most
        else f"ผลส่วนใหญ่ยังไม่ถึงระดับ Basic ({reached[0]} จาก {len(topics)} หัวข้อถึงแล้ว)"
    )
    return Draft(
        CLOSING,
        f"{first} โดย {' '.join(shares)}\n\nส่วนราชการควรนำโอกาสในการปรับปรุงไปจัดทำแผนพัฒนาองค์การต่อไป",
    )


def directions(edition: Edition, failed_topics: Collection[str]) -> list[Draft]:
    """For each direction, the topics it should begin with; empty where nothing was found."""
    drafts = []
    for code in DIRECTIONS:
        names = [
            f"{topic} {edition.topics[topic].name_th}"
            for topic in DIRECTION_TOPICS[code]
            if topic in failed_topics
        ]
        text = f"ควรเริ่มจากหัวข้อต่อไปนี้\n{chr(10).join(names)}" if names else ""
        drafts.append(Draft(code, text, included=bool(names)))
    return drafts


@dataclass(frozen=True, slots=True)
class Strength:
    """What a reviewer noted as outstanding while reading; `pillar` is "" where none was chosen."""

    part: str
    text: str
    pillar: str = ""


def pillars(strengths: Iterable[Strength] = ()) -> list[Draft]:
    """Outstanding work, drafted from what reviewers noted under each pillar, said once; the lead writes it."""
    drafts = []
    for code in PILLARS:
        own = [note for note in strengths if f"pillar:{note.pillar}" == code]
        said = dict.fromkeys(text for note in own for text in paragraphs(note.text))
        sources = dict.fromkeys(note.part for note in own)
        drafts.append(Draft(code, "\n\n".join(said), tuple(sources)))
    return drafts


def report_order(code: str) -> tuple[int, list[int]]:
    """Sort key of section codes: pillars, opportunities, advice, closing, directions, as in the report."""
    kind, _colon, place = code.partition(":")
    kinds = ("pillar", "ofi", "advice", CLOSING, "direction")
    return kinds.index(kind), [int(number) for number in place.split(".") if number]
