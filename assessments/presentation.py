"""What codes and states are called on the screen: gaps, faults, save states, deadlines, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.models import EDITABLE, Answer, Assessment, Status
from assessments.progress import Gap
from assessments.reading import Answers, indicator_code, tree_of
from assessments.rules import Chapter, asked_items
from criteria.fields import Fault
from criteria.structure import PROFILE, Category, Item, Part, Topic
from pmqa.accounts.models import User
from pmqa.thai import Language, thai_date, thai_datetime, thai_moment, thai_number, thai_time

# The figure of an indicator that a gap is about; its input has the id "i<answer>-<figure>".
GAP_FIGURES = {
    "indicator_name": "name",
    "indicator_unit": "unit",
    "indicator_target": "target",
    "target_zero": "target",
    "indicator_result": "result_3",
}
# The form speaks of areas (ด้าน) where a part has one blank for each of four; elsewhere blanks are counted.
AREAS = 4


def language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "th"


def fault_sentence(fault: Fault) -> str:
    """Why a blank was not stored and what to do; the text itself stays in the blank."""
    sentences = {
        "number": _("กรอกเป็นตัวเลข เช่น 89.69 (กรอกไว้ %(found)s)"),
        "number_too_large": _("ตัวเลขมีหลักมากเกินไป ตรวจหน่วยนับ เช่น ล้านบาท แล้วกรอกใหม่"),
        "percent": _("ร้อยละต้องอยู่ระหว่าง 0 ถึง 100 (กรอกไว้ %(found)s)"),
        "date": _("กรอกวันที่ เช่น 15 ม.ค. 2569 (กรอกไว้ %(found)s)"),
        "url": _("ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http://"),
        "too_long": _(
            "ข้อความยาว %(found)s อักษร รับได้ %(limit)s อักษร ตัดให้สั้นลงแล้วบันทึกอีกครั้ง ข้อความยังอยู่ครบในช่องนี้"
        ),
        "too_many_rows": _("มี %(found)s รายการ รับได้ %(limit)s รายการ รวมหรือลบบางรายการ"),
    }
    filled = {
        name: thai_number(value) if isinstance(value, int) else value
        for name, value in (("found", fault.found), ("limit", fault.limit))
    }
    return sentences[fault.code] % filled


def count_sentence(part: Part, filled: int) -> str:
    """How many blanks of a part are given, against its minimum."""
    enough = filled >= part.min_fields
    if len(part.fields) <= AREAS:
        sentence = (
            _("ระบุแล้ว %(n)d ด้าน ครบตามเกณฑ์อย่างน้อย %(need)d ด้าน")
            if enough
            else _("ระบุแล้ว %(n)d ด้าน ต้องระบุอย่างน้อย %(need)d ด้าน")
        )
    else:
        sentence = (
            _("ระบุแล้ว %(n)d ช่อง ครบตามเกณฑ์อย่างน้อย %(need)d ช่อง")
            if enough
            else _("ระบุแล้ว %(n)d ช่อง ต้องระบุอย่างน้อย %(need)d ช่อง")
        )
    return sentence % {"n": filled, "need": part.min_fields}


def saved_sentence(answer: Answer, viewer: User) -> str:
    """When an answer was saved, with the day unless it was today, and by whom unless it was the viewer."""
    if answer.carried_over:
        return _("ยกมาจากรอบก่อน ยังไม่ได้ปรับปรุง")
    if answer.updated_at is None:
        return _("บันทึกแล้ว") if answer.claim or answer.values else _("ยังไม่มีคำตอบ")
    return saved_words(answer.updated_at, answer.updated_by, viewer)


def saved_words(at: datetime, by: User | None, viewer: User) -> str:
    """The same of anything that people save."""
    moment = timezone.localtime(at)
    when = thai_time(moment, language())
    if moment.date() != timezone.localdate():
        when = thai_datetime(moment, "short", language())
    if by is None or by == viewer:
        return _("บันทึกแล้ว %(when)s") % {"when": when}
    return _("บันทึกแล้ว %(when)s โดย%(who)s") % {"when": when, "who": by}


# --- gaps -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GapLine:
    """One missing thing as a line: its code on the form, what is missing, where, the link to its blank."""

    code: str
    what: str
    where: str
    url: str
    category: str


def gap_lines(assessment: Assessment, answers: Answers, gaps: tuple[Gap, ...]) -> list[GapLine]:
    """Every gap as a line, in form order."""
    tree = tree_of(assessment)
    shown = answers.codes
    lines = []
    for gap in gaps:
        if not gap.topic:
            lines.append(_application_line(assessment, gap))
            continue
        category, _topic, item = tree.place_of_part[gap.part]
        part = tree.parts[gap.part]
        place = reverse("assessments:topic", args=[assessment.pk, gap.topic])
        lines.append(
            GapLine(
                code=_gap_code(gap, shown, item),
                what=gap_sentence(gap, part, assessment.cycle.result_years[-1]),
                where=_gap_place(gap, tree, item),
                url=f"{place}#{gap_anchor(gap)}",
                category=category.code,
            )
        )
    return lines


def _application_line(assessment: Assessment, gap: Gap) -> GapLine:
    sentences = {
        "award": _("ยังไม่เลือกระดับรางวัลที่สมัคร"),
        "contact_name": _("ยังไม่ระบุชื่อผู้ติดต่อ"),
        "contact_way": _("ยังไม่ระบุโทรศัพท์หรืออีเมลของหน่วยงาน"),
    }
    place = reverse("assessments:application", args=[assessment.pk])
    anchor = {"award": "div_f-award", "contact_way": "f-contact_phone"}.get(gap.field, f"f-{gap.field}")
    return GapLine("1", sentences[gap.code], _("ใบสมัคร"), f"{place}#{anchor}", category="")


def _gap_code(gap: Gap, shown: Mapping[int, str], item) -> str:
    if gap.answer_id is not None:
        return shown[gap.answer_id]
    if gap.code.startswith("topic_"):
        return gap.topic
    if len(item.parts) == 1:
        return item.shown
    return next(part.shown for part in item.parts if part.code == gap.part)


def _gap_place(gap: Gap, tree, item) -> str:
    part = tree.parts[gap.part]
    if part.number and part.prompt_th:
        return part.prompt_th
    return tree.topics[gap.topic].name_th if gap.code.startswith("topic_") else item.title_th


def gap_anchor(gap: Gap) -> str:
    """The id of the element that closes the gap."""
    if gap.answer_id is not None:
        return f"i{gap.answer_id}-{GAP_FIGURES[gap.code]}"
    if gap.field:
        return f"f-{gap.part}-{gap.field}"
    return f"p{gap.part}"


def gap_sentence(gap: Gap, part: Part, result_year: int) -> str:
    """What is missing, in one sentence. `result_year` is the latest of Form 4, พ.ศ."""
    if gap.code == "field":
        label = next(blank.label_th for blank in part.fields if blank.key == gap.field)
        return _("ยังไม่ระบุ “%(label)s”") % {"label": label}
    if gap.code == "rows":
        blank = next(blank for blank in part.fields if blank.key == gap.field)
        return _("ขาด %(n)d %(what)s") % {"n": gap.need - gap.have, "what": blank.columns[0]}
    if gap.code == "min_fields":
        return count_sentence(part, gap.have)
    sentences = {
        "claim": _("ยังไม่เลือกสถานะการดำเนินการ"),
        "compulsory": _("ข้อบังคับ (#) ยังไม่มีคำตอบ"),
        "unanswered": _("ยังไม่มีคำตอบ"),
        "indicator_name": _("ยังไม่ระบุชื่อตัวชี้วัด"),
        "indicator_unit": _("ยังไม่ระบุหน่วยนับ"),
        "indicator_target": _("ยังไม่ระบุค่าเป้าหมาย"),
        "target_zero": _("เป้าหมายเป็น 0 คิดร้อยละไม่ได้ แก้เป้าหมายก่อนส่ง"),
        "indicator_result": _("ยังไม่ระบุผลปี %(year)d"),
        "topic_too_few": _("ต้องมีตัวชี้วัดครบ %(need)d ตัว ขณะนี้มี %(have)d ตัว"),
        "topic_too_many": _("มีตัวชี้วัด %(have)d ตัว ต้องมี %(need)d ตัว ลบตัวที่เกิน"),
        "group_too_few": _("กลุ่มบังคับ ★ ต้องมีอย่างน้อย %(need)d ตัว ขณะนี้มี %(have)d ตัว"),
        "group_too_many": _("กลุ่มนี้มี %(have)d ตัว มีได้ไม่เกิน %(need)d ตัว ลบตัวที่เกิน"),
    }
    return sentences[gap.code] % {"have": gap.have, "need": gap.need, "year": result_year}


def carried_lines(assessment: Assessment, answers: Answers) -> list[GapLine]:
    """What was carried over from the cycle before and nobody has saved since, in form order; none of it blocks."""
    tree = tree_of(assessment)
    lines = []
    for code, part in tree.parts.items():
        category, topic, item = tree.place_of_part[code]
        place = reverse("assessments:topic", args=[assessment.pk, topic.code])
        answer = answers.parts.get(code)
        rows = [answer] if answer else answers.indicators.get(code, [])
        lines += [
            GapLine(
                code=code if answer else indicator_code(code, position),
                what=item.title_th if answer else row.indicator.name,
                where=part.prompt_th if answer else item.title_th,
                url=f"{place}#p{code}" if answer else f"{place}#i{row.pk}-name",
                category=category.code,
            )
            for position, row in enumerate(rows, start=1)
            if row.carried_over
        ]
    return lines


# --- time and reasons -------------------------------------------------------------------------


def exact_time(moment: datetime) -> str:
    """A moment to the second, in the language of the reader."""
    return thai_moment(moment, language())


@dataclass(frozen=True)
class Deadline:
    """`short` is what remains, `long` the moment itself."""

    short: str
    long: str


def deadline(assessment: Assessment) -> Deadline:
    """How long answers may still be written, by Bangkok days."""
    now, due, closes = timezone.now(), assessment.due_at, assessment.closes_at
    if now < assessment.cycle.opens_at:
        opens = thai_datetime(assessment.cycle.opens_at, "full", language())
        return Deadline(_("ยังไม่เปิดรับ"), _("เปิดรับ %(when)s") % {"when": opens})
    if now > closes:
        return Deadline(_("ปิดรับแล้ว"), _("เมื่อ %(when)s") % {"when": thai_datetime(closes, "full", language())})
    if now > due:
        when = thai_datetime(closes, "full", language())
        return Deadline(_("เลยกำหนดส่ง"), _("ยังส่งได้ถึง %(when)s นับเป็นล่าช้า") % {"when": when})
    when = _("ส่งภายใน %(day)s เวลา %(time)s") % {
        "day": thai_date(due, "full", language()),
        "time": thai_time(due, language()),
    }
    days = (timezone.localdate(due) - timezone.localdate(now)).days
    if days == 0:
        return Deadline(_("วันนี้วันสุดท้าย"), when)
    return Deadline(ngettext("เหลือ %(n)d วัน", "เหลือ %(n)d วัน", days) % {"n": days}, when)


def why_out_of_time(assessment: Assessment, at: datetime | None = None) -> str:
    """Why nothing may be written before it opens or once it has closed; empty in between.

    `at` is the clock of the page where it is not given; decisions pass that of the database.
    """
    at = at or timezone.now()
    if at < assessment.cycle.opens_at:
        when = thai_datetime(assessment.cycle.opens_at, "short", language())
        return _("รอบนี้เปิดรับ %(when)s ก่อนถึงเวลานั้นอ่านได้อย่างเดียว") % {"when": when}
    if at > assessment.closes_at:
        when = thai_datetime(assessment.closes_at, "short", language())
        return _("ปิดรับแล้วเมื่อ %(when)s อ่านได้อย่างเดียว ติดต่อ สำนักงาน ก.พ.ร. หากต้องการขยายเวลา") % {"when": when}
    return ""


def why_closed(assessment: Assessment, at: datetime | None = None) -> str:
    """Why nobody may write everything in it now; empty while it is open. `at` as in `why_out_of_time`."""
    if assessment.status == Status.INTERNAL_CHECK:
        return _("อยู่ระหว่างตรวจทานภายใน แก้ไขได้เฉพาะส่วนที่ผู้ประสานงานส่งกลับ")
    if assessment.status == Status.AWAITING_HEAD:
        return _("เสนอหัวหน้าส่วนราชการแล้ว อ่านได้อย่างเดียว ผู้ประสานงานเรียกคืนได้จนกว่าจะลงนาม")
    if assessment.status not in EDITABLE:
        return _("สถานะคือ “%(status)s” คำตอบถูกตรึงไว้ตามที่ส่ง อ่านได้อย่างเดียว") % {
            "status": assessment.get_status_display()
        }
    return why_out_of_time(assessment, at)


def why_read_only(user: User, assessment: Assessment, category: str, item: str = "") -> str:
    """Why this person cannot write the whole category now, or the `item` of it; empty when they can.

    Each save is decided anew.
    """
    if reason := why_closed(assessment):
        return reason
    if user.has_perm("assessments.edit", Chapter(assessment, category, item)):
        return ""
    places = tree_of(assessment).place_of_item
    mine = [code for code in asked_items(user, assessment) if places[code][0].code == category]
    if mine and not item:
        return _("ท่านเขียนได้เฉพาะข้อที่ได้รับมอบ: %(items)s ข้ออื่นอ่านได้อย่างเดียว") % {
            "items": ", ".join(item_name(places[code]) for code in sorted(mine, key=list(places).index))
        }
    return _("ท่านอ่านได้อย่างเดียว ผู้แก้ไขคือผู้ประสานงาน เจ้าภาพของหมวดนี้ และผู้ร่วมเขียนที่ได้รับมอบข้อนั้น")


def item_name(place: tuple[Category, Topic, Item]) -> str:
    """What people call an item: its code; a question of the profile, which has none of its own, by its title."""
    category, _topic, item = place
    return item.title_th if category.kind == PROFILE else item.code
