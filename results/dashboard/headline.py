"""The figures at the head of a dashboard: of what was chosen, be it the total, a category, an item or a level."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from criteria.structure import PROCESS
from results.dashboard.contents import group_is_untold, item_is_untold
from results.dashboard.reading import Reading
from results.dashboard.table import UNTOLD, points, share, signed


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit` stands small behind the value; the first figure after the count is the one that matters."""

    label: str
    value: str
    unit: str = ""
    is_main: bool = False


@dataclass(frozen=True)
class Headline:
    """`about` is what the figures are of: never the total where something else was chosen."""

    about: str
    figures: tuple[Figure, ...]


def headline(reading: Reading) -> Headline:
    subject, choice = reading.subject, reading.choice
    count = Figure(_("หน่วยงานที่ประกาศผลแล้ว"), str(reading.count), is_main=True)
    if subject.item is not None and subject.is_of_results:
        return Headline(choice.asked, (count, *_group(reading)))
    if subject.item is not None or subject.level:
        return Headline(choice.asked, (count, *_parts(reading)))
    return Headline(choice.asked or _("คะแนนรวมทุกหมวด"), (count, *_scores(reading)))


def _scores(reading: Reading) -> list[Figure]:
    means = reading.means
    return [
        Figure(_("คะแนนจากผู้ตรวจ เฉลี่ย"), points(means.verified), _("จาก 500"), is_main=True),
        Figure(_("คะแนนประเมินตนเอง เฉลี่ย"), points(means.claimed)),
        Figure(_("ผู้ตรวจต่างจากประเมินตนเอง"), signed(means.gap)),
    ]


def _parts(reading: Reading) -> list[Figure]:
    """Parts of Form 3 that passed: of an item, or of one level of what is chosen."""
    subject = reading.subject
    if subject.item is not None:
        parts = list(subject.parts)
        good, whole = reading.passed_of(parts)
        is_untold = item_is_untold(reading, parts)
    else:
        nodes = (
            [subject.topic]
            if subject.topic
            else [category for category in subject.categories if category.kind == PROCESS]
        )
        own = [
            reading.levels[node.code].passed[subject.level] for node in nodes if node.code in reading.levels
        ]
        good, whole = sum(pair[0] for pair in own), sum(pair[1] for pair in own)
        is_untold = reading.is_level_untold(subject.topic or subject.category, subject.level)
    if is_untold:
        return [Figure(_("ส่วนที่ผ่าน"), str(UNTOLD), is_main=True)]
    return [
        Figure(_("ส่วนที่ผ่าน"), share(good, whole), "%", is_main=True),
        Figure(_("ผ่าน / ทั้งหมด"), f"{good}/{whole}"),
    ]


def _group(reading: Reading) -> list[Figure]:
    """One group of category 7."""
    (group,) = reading.subject.item.parts
    own = reading.indicators.get(group.code)
    if own is None:
        return [Figure(_("ตัวชี้วัด"), "0", is_main=True)]
    if group_is_untold(reading, own):
        return [Figure(_("คะแนนเฉลี่ย"), str(UNTOLD), is_main=True)]
    return [
        Figure(_("คะแนนเฉลี่ย"), points(own.mean), _("จาก 500"), is_main=True),
        Figure(_("ตัวชี้วัด"), str(own.count)),
        Figure(_("ตัวชี้วัดที่ผ่าน"), share(own.passed, own.count), "%"),
    ]
