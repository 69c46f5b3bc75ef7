"""What a minister is told of a result, on one page: a frozen payload and the one before -> plain sentences.

No word of the criteria that a reader from outside would have to look up, and nobody who judged. Reads the payloads
and nothing else; sentences are in the active language, what people wrote stays as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from criteria.structure import LEVELS
from pmqa.thai import thai_words
from results import charts
from results.documents.shortening import BETWEEN, shortened
from results.explaining import TOTAL, explain
from results.leaning import CATEGORY_MEAN
from results.payload import parts_of
from results.policy_words import all_rules, rules_behind
from results.report_rows import Payload, ScoreRow, has_text, score_rows, sides

# So many of each: what a person remembers.
COUNT = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A strength, or a thing to do; `text` may be empty. `code` is that of the topic whose score the text is."""

    title: str
    text: str = ""
    code: str = ""


@dataclass(frozen=True)
class OnePage:
    """In the order of the page. `total` is None in a sheet without a verified score."""

    total: str | None
    in_words: str
    level: str
    scale: SafeString
    changed: tuple[str, ...]
    strengths: tuple[Point, ...]
    to_do: tuple[Point, ...]
    certainty: tuple[str, ...]


def one_page(
    payload: Payload, before: Payload | None, *, revision: int | None = None, room: int = 200
) -> OnePage:
    """`before` is the frozen payload of the year before, `room` the most characters of a text under a point."""
    claimed, verified = sides(payload)
    total = verified.get("total")
    rows = score_rows(payload)
    return OnePage(
        total=total,
        in_words=thai_words(total) if total is not None and get_language() == "th" else "",
        level=_level(verified),
        scale=_scale(payload, before),
        changed=tuple(_changed(payload, before)),
        strengths=_points(_praise(payload, rows, room)),
        to_do=_points(_tasks(payload, rows, room)),
        certainty=tuple(_certainty(payload, claimed.get("total"), total, revision)),
    )


def _points(found: Iterator[Point]) -> tuple[Point, ...]:
    """The first three, each title once."""
    kept: dict[str, Point] = {}
    for point in found:
        if len(kept) < COUNT:
            kept.setdefault(point.title, point)
    return tuple(kept.values())


def _names() -> dict[str, str]:
    """The levels in plain words."""
    return dict(zip(LEVELS, (_("พื้นฐาน"), _("ก้าวหน้า"), _("พัฒนาจนเกิดผล")), strict=True))


def _level(verified: Mapping[str, Any]) -> str:
    if verified.get("total") is None:
        return ""
    level, names = verified.get("level"), _names()
    above = LEVELS.index(level) + 1 if level else 0
    reached = (
        _("อยู่ในระดับ%(level)s") % {"level": names[level]}
        if level
        else _("ยังไม่ถึงระดับ%(level)s") % {"level": names[LEVELS[0]]}
    )
    if above == len(LEVELS):
        return _("%(reached)s ซึ่งเป็นระดับสูงสุด") % {"reached": reached}
    missing = Decimal(charts.LEVEL_LINES[above][0]) - Decimal(verified["total"])
    return _("%(reached)s อีก %(points)s คะแนนจึงถึงระดับ%(next)s") % {
        "reached": reached, "points": f"{missing:.2f}", "next": names[LEVELS[above]],
    }  # fmt: skip


def _scale(payload: Payload, before: Payload | None) -> SafeString:
    total = sides(payload)[1].get("total")
    if total is None:
        return SafeString("")
    earlier = sides(before)[1].get("total") if before else None
    year = _("ปี %(year)s")
    title = _("คะแนน %(total)s บนมาตรา 0 ถึง 500") % {"total": total}
    if earlier is not None:
        title = _("%(title)s ปีก่อนได้ %(earlier)s") % {"title": title, "earlier": earlier}
    words_ = charts.Words(
        verified=year % {"year": payload["cycle"]["year"]},
        claimed=year % {"year": before["cycle"]["year"]} if before else "",
    )
    drawn = charts.scale(total, earlier, title=title, words=words_, levels=tuple(_names().values()))
    return mark_safe(drawn)  # noqa: S308 (our own SVG, escaped where it is made)


def _changed(payload: Payload, before: Payload | None) -> Iterator[str]:
    now = sides(payload)[1].get("total")
    earlier = sides(before)[1].get("total") if before else None
    if now is None or earlier is None:
        yield _("ยังไม่มีผลของปีก่อนในระบบ จึงเทียบไม่ได้")
        return
    change = Decimal(now) - Decimal(earlier)
    told = {"points": f"{abs(change):.2f}", "year": before["cycle"]["year"], "earlier": earlier}
    if change > 0:
        yield _("เพิ่มขึ้น %(points)s คะแนนจากปี %(year)s ซึ่งได้ %(earlier)s") % told
    elif change < 0:
        yield _("ลดลง %(points)s คะแนนจากปี %(year)s ซึ่งได้ %(earlier)s") % told
    else:
        yield _("เท่ากับปี %(year)s") % told
    yield from _moved(score_rows(payload), score_rows(before))
    if any(payload[key] != before[key] for key in ("policy",)) or (
        payload["edition"]["code"] != before["edition"]["code"]
    ):
        yield _("สองปีนี้ใช้เกณฑ์หรือวิธีคิดคะแนนต่างกัน จึงเทียบได้โดยประมาณ")


def _moved(rows: tuple[ScoreRow, ...], earlier: tuple[ScoreRow, ...]) -> Iterator[str]:
    """The category that rose most and the one that fell most."""
    known = {row.code: row.verified for row in earlier if row.verified is not None}
    moves = sorted(
        (Decimal(row.verified) - Decimal(known[row.code]), row.name)
        for row in rows
        if row.verified is not None and row.code in known
    )
    if moves and moves[-1][0] > 0:
        yield _("ดีขึ้นมากที่สุดคือ%(name)s (+%(points)s)") % {"name": moves[-1][1], "points": moves[-1][0]}
    if moves and moves[0][0] < 0:
        yield _("ลดลงมากที่สุดคือ%(name)s (−%(points)s)") % {"name": moves[0][1], "points": -moves[0][0]}


def _praise(payload: Payload, rows: tuple[ScoreRow, ...], room: int) -> Iterator[Point]:
    """The outstanding work that was written up, then the topics with the highest scores."""
    yield from _titled(payload, "pillars", room)
    for topic in sorted(_scored(rows), key=lambda topic: -Decimal(topic.verified)):
        yield Point(topic.name, _("ได้ %(score)s จาก 500 คะแนน") % {"score": topic.verified}, topic.code)


def _tasks(payload: Payload, rows: tuple[ScoreRow, ...], room: int) -> Iterator[Point]:
    """The directions that were written, then what was said of the topics with the lowest scores."""
    yield from _titled(payload, "directions", room)
    said = {
        entry["topic"]: entry["text"]
        for entry in (payload.get("feedback") or {}).get("ofi") or ()
        if has_text(entry.get("text"))
    }
    for topic in sorted(_scored(rows), key=lambda topic: (topic.code not in said, Decimal(topic.verified))):
        if topic.code in said:
            yield Point(topic.name, shortened(said[topic.code], room))
        elif Decimal(topic.verified) < charts.FULL_SCORE:
            yield Point(topic.name, _("ได้ %(score)s จาก 500 คะแนน") % {"score": topic.verified}, topic.code)


def _titled(payload: Payload, key: str, room: int) -> Iterator[Point]:
    for entry in (payload.get("feedback") or {}).get(key) or ():
        if has_text(entry.get("text")):
            yield Point(entry.get("title") or "", shortened(entry["text"], room))


def _scored(rows: tuple[ScoreRow, ...]) -> list[ScoreRow]:
    return [topic for row in rows for topic in row.rows if topic.verified is not None]


def _certainty(
    payload: Payload, claimed: str | None, total: str | None, revision: int | None
) -> Iterator[str]:
    if claimed is not None and total is not None:
        gap = Decimal(total) - Decimal(claimed)
        told = {"claimed": claimed, "points": f"{abs(gap):.2f}"}
        if gap < 0:
            yield _("มาจากผู้ตรวจภายนอก ต่ำกว่าที่หน่วยงานประเมินตนเอง (%(claimed)s) อยู่ %(points)s คะแนน") % told
        elif gap > 0:
            yield _("มาจากผู้ตรวจภายนอก สูงกว่าที่หน่วยงานประเมินตนเอง (%(claimed)s) อยู่ %(points)s คะแนน") % told
        else:
            yield _("มาจากผู้ตรวจภายนอก เท่ากับที่หน่วยงานประเมินตนเอง") % told
    judged = [*parts_of({"categories": payload.get("categories") or ()}), *(payload.get("indicators") or ())]
    decided = [entry for entry in judged if entry.get("outcome")]
    if decided:
        passed = sum(entry["outcome"] == "pass" for entry in decided)
        yield _("ผู้ตรวจให้ผ่าน %(passed)d จาก %(total)d รายการ") % {"passed": passed, "total": len(decided)}
    if assumed := _assumed(payload):
        yield _("วิธีคิดคะแนนบางข้อเป็นประมาณการ เพราะเอกสารของเกณฑ์ไม่ได้ระบุไว้: %(what)s") % {
            "what": BETWEEN.join(assumed)
        }
    if payload.get("partial"):
        yield _("ข้อมูลบางส่วน: ผลนี้ทำจากเอกสารที่นำเข้า ส่วนที่เอกสารไม่มีนับเป็น 0 คะแนนจริงอาจสูงกว่านี้")
    if revision and revision > 1:
        yield _("เป็นผลที่ประกาศครั้งที่ %(n)d") % {"n": revision}


def _assumed(payload: Payload) -> list[str]:
    """The choices of the policy that no document proves and on which the total rests, in a few words each."""
    plain = {
        "weights": _("น้ำหนักของแต่ละระดับ"),
        "gated": _("การนับระดับสูงเมื่อระดับต่ำยังไม่ครบ"),
        "started_credit": _("งานที่เพิ่งเริ่ม"),
        "bands": _("ช่วงคะแนนของตัวชี้วัด"),
        "below_target": _("ตัวชี้วัดที่ต่ำกว่าเป้าหมาย"),
        "percent_compared": _("การปัดเศษร้อยละ"),
        "lower_is_better": _("ตัวชี้วัดที่ยิ่งน้อยยิ่งดี"),
        "not_challenging": _("เป้าหมายที่ไม่ท้าทาย"),
        "failed_indicator": _("ตัวชี้วัดที่ไม่ผ่าน"),
        "missing_indicator": _("ตัวชี้วัดที่ขาด"),
        CATEGORY_MEAN: _("การเฉลี่ยหัวข้อเป็นคะแนนหมวด"),
    }
    total = explain(payload, "verified", TOTAL)
    # A sheet without trees does not say on what its total rests.
    rules = rules_behind(payload, total)[0] if total else all_rules(payload["policy"])
    return [plain[rule.parameter] for rule in rules if rule.estimated]
