"""What must be so before an assessment goes on: in time, by the clock of the database, and without gaps."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.applications import forms_asked
from assessments.models import Assessment
from assessments.presentation import exact_time, fault_sentence
from assessments.reading import Answers, measure_answers, read_answers, tree_of
from criteria.fields import Fault, clean
from criteria.structure import Field
from pmqa.errors import Refused

# A note or a reason obeys the limits of any text of the form.
NOTE = Field("note", "note")


def check_in_time(locked: Assessment) -> None:
    """Raises Refused, code "closed", naming the time of the system: a wrong clock on a desk is no excuse."""
    if locked.is_in_time(locked.asked_at):
        return
    times = {"now": exact_time(locked.asked_at), "closes": exact_time(locked.closes_at)}
    if locked.asked_at < locked.cycle.opens_at:
        raise Refused(
            _("ยังไม่ถึงเวลาเปิดรับ %(opens)s เวลาของระบบขณะนี้ %(now)s")
            % {"opens": exact_time(locked.cycle.opens_at), "now": times["now"]},
            code="closed",
        )
    if locked.closes_at > locked.due_at:
        sentence = _(
            "ปิดรับแล้ว เวลาของระบบขณะนี้ %(now)s เวลาผ่อนผันหมดเมื่อ %(closes)s ร่างยังอยู่ครบ "
            "ติดต่อ สำนักงาน ก.พ.ร. หากต้องการขยายเวลา"
        )
    else:
        sentence = _(
            "ปิดรับแล้ว เวลาของระบบขณะนี้ %(now)s ปิดรับเมื่อ %(closes)s รอบนี้ไม่มีเวลาผ่อนผัน ร่างยังอยู่ครบ "
            "ติดต่อ สำนักงาน ก.พ.ร. หากต้องการขยายเวลา"
        )
    raise Refused(sentence % times, code="closed")


def complete_answers(locked: Assessment) -> Answers:
    """Everything that is written. Raises Refused, code "gaps", while something is missing."""
    answers = read_answers(locked)
    count = len(measure_answers(tree_of(locked), answers, forms_asked(locked)).gaps)
    if count:
        raise Refused(
            ngettext("ยังส่งไม่ได้ เหลือ %(n)d รายการ", "ยังส่งไม่ได้ เหลือ %(n)d รายการ", count) % {"n": count},
            code="gaps",
        )
    return answers


def stored_note(text: str) -> str:
    """A note or a reason as it is stored. Raises Refused, code "too_long"."""
    try:
        return clean(NOTE, text).strip()
    except Fault as fault:
        raise Refused(fault_sentence(fault), code=fault.code) from fault
