"""The page of the line of sight: what profile and plans name, where it is taken up, and what two parts share.

For writers and reviewers alike; only the addresses differ, so the caller says where a code is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.advice.parts import text_of
from assessments.advice.passages import Passages
from assessments.advice.remarks import indicator_texts, part_states
from assessments.advice.sight import CHALLENGE, COMPETENCY, CUSTOMER, KINDS, MEASURE, PLAN, Thread, threads
from assessments.models import Assessment
from assessments.reading import Answers, tree_of
from criteria.structure import PROFILE, Edition

# Where a code of a part or an indicator stands, as an address.
Place = Callable[[str], str]
# So many of the longest shared passages are listed.
MOST_PAIRS = 20
# A plan may be in every indicator: so many are named, the others counted.
MOST_PLACES = 8


@dataclass(frozen=True)
class Stop:
    """A part or an indicator as a link."""

    code: str
    url: str


@dataclass(frozen=True)
class Line:
    """One fact, where it is taken up (`more` counts the places beyond those named), and, where it is not, at which
    part that is said."""

    name: str
    told: tuple[Stop, ...]
    gap: Stop | None
    more: int = 0


@dataclass(frozen=True)
class Strand:
    """All facts of one kind. `ask` says what is expected of them."""

    kind: str
    title: str
    ask: str
    source: Stop
    lines: tuple[Line, ...]

    @property
    def gaps(self) -> int:
        return sum(line.gap is not None for line in self.lines)


@dataclass(frozen=True)
class Pair:
    """Two parts and the longest passage that both hold."""

    one: Stop
    other: Stop
    quote: str


@dataclass(frozen=True)
class Sight:
    strands: tuple[Strand, ...]
    # Kinds of which nothing is written yet, in words.
    missing: tuple[str, ...]
    pairs: tuple[Pair, ...]


def sight_of(assessment: Assessment, answers: Answers, place: Place) -> Sight:
    """Everything on the page; `answers` must be all of them, and nothing more is asked of the database."""
    tree = tree_of(assessment)
    states = part_states(answers)
    texts = {code: text_of(tree.parts[code], state.values) for code, state in states.items()}
    by_kind: dict[str, list[Thread]] = {kind: [] for kind in KINDS}
    for thread in threads(tree, states, texts, indicator_texts(answers)):
        by_kind[thread.link.kind].append(thread)
    words = _words()
    process = [part.code for part in tree.process_parts]
    shared = Passages({code: texts.get(code, "") for code in process}).pairs()[:MOST_PAIRS]
    return Sight(
        strands=tuple(_strand(tree, found, words, place) for found in by_kind.values() if found),
        missing=tuple(words[kind][0] for kind, found in by_kind.items() if not found),
        pairs=tuple(
            Pair(Stop(one, place(one)), Stop(other, place(other)), quote) for one, other, quote in shared
        ),
    )


def _strand(tree: Edition, found: list[Thread], words: Mapping[str, tuple[str, str]], place: Place) -> Strand:
    link = found[0].link
    category, topic, _item = tree.place_of_part[link.source]
    title, ask = words[link.kind]
    return Strand(
        kind=link.kind,
        title=title,
        ask=ask,
        source=Stop(topic.code if category.kind == PROFILE else link.source, place(link.source)),
        lines=tuple(
            Line(
                thread.name,
                tuple(Stop(code, place(code)) for code in thread.told[:MOST_PLACES]),
                Stop(thread.anchor, place(thread.anchor)) if thread.is_gap else None,
                more=max(0, len(thread.told) - MOST_PLACES),
            )
            for thread in found
        ),
    )


def _words() -> dict[str, tuple[str, str]]:
    """What the facts of a kind are called, and where they are expected."""
    return {
        CUSTOMER: (_("กลุ่มผู้รับบริการ"), _("ทุกกลุ่มควรอยู่ในคำตอบของหัวข้อ 3.1")),
        COMPETENCY: (_("สมรรถนะหลักขององค์การ"), _("ทุกข้อควรมีแผนพัฒนาบุคลากรรองรับในข้อ 5.4.2")),
        CHALLENGE: (_("ความท้าทายเชิงยุทธศาสตร์"), _("ทุกข้อควรมียุทธศาสตร์ที่ตอบสนองในข้อ 2.1.1")),
        MEASURE: (_("มาตรการป้องกันผลกระทบเชิงลบ"), _("ควรมีตัวชี้วัดติดตามในข้อ 1.4.3")),
        PLAN: (_("แผนปฏิบัติการ"), _("ทุกแผนควรมีตัวชี้วัดในหมวด 7")),
    }
