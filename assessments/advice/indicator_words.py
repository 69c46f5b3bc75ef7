"""Each finding of `advice` as a Thai sentence: what is seen, and what would make it better."""

from django.utils.translation import gettext as _

from assessments.advice.indicators import Advice
from criteria.fields import plain_number


def advice_text(advice: Advice) -> str:
    """The sentence for one finding; it never says that the form cannot be submitted."""
    numbers = {
        name: plain_number(round(value, 2))
        for name in ("last", "mean", "value")
        if (value := getattr(advice, name)) is not None
    }
    return _sentence(advice) % (numbers | {"word": advice.word, "offered": advice.offered})


def _sentence(advice: Advice) -> str:
    if advice.code == "not_challenging":
        if advice.last is None:
            return _("เป้าหมายอาจไม่ท้าทาย เมื่อเทียบกับค่าเฉลี่ยปีก่อน ๆ (%(mean)s) ระบุที่มาของเป้าหมาย เพราะผู้ตรวจเป็นผู้ตัดสิน")
        return _(
            "เป้าหมายอาจไม่ท้าทาย เมื่อเทียบกับผลปีก่อน (%(last)s) และค่าเฉลี่ยสองปีก่อน (%(mean)s) "
            "ระบุที่มาของเป้าหมาย เพราะผู้ตรวจเป็นผู้ตัดสิน"
        )
    return {
        "full_every_year": _("ผลเป็น 100 ทุกปี แสดงถึงการรักษามาตรฐาน ควรเปลี่ยนตัวชี้วัดใหม่เพื่อสร้างความท้าทาย"),
        "constant": _("ผลเท่ากันทุกปี (%(value)s) ควรใช้ตัวชี้วัดที่เห็นแนวโน้มการพัฒนา"),
        "level_of_success": _("ระดับความสำเร็จวัดเพียงขั้นตอนการทำงาน ควรวัดประสิทธิผลเป็นร้อยละหรือสัดส่วน"),
        "step_only": _("ตัวชี้วัดนี้วัดกระบวนการ ควรแสดงผลลัพธ์ที่เกิดจากการทำงานด้วย"),
        "count": _("ควรใช้ร้อยละหรือสัดส่วนที่เพิ่มขึ้นหรือลดลง แทนการนับจำนวน"),
        "zero_or_no_data": _("มีผลเป็น 0 ถ้าปีนั้นยังไม่มีข้อมูลหรือไม่ได้จัดให้เว้นว่าง เพราะเลข 0 นับเป็นผลจริง"),
        "short_history": _("มีผล %(value)s ปี ควรมีข้อมูลย้อนหลังครบ 3 ปีเพื่อแสดงแนวโน้ม"),
        "percent_over": _("หน่วยเป็นร้อยละแต่มีค่า %(value)s ตรวจหน่วยนับและตัวเลขอีกครั้ง"),
        "not_whole": _("หน่วยนี้นับเป็นจำนวนเต็ม แต่มีค่า %(value)s ตรวจหน่วยนับและตัวเลขอีกครั้ง"),
        "level_range": _("ค่า %(value)s เกินระดับสูงสุดของหน่วยนับ ตรวจตัวเลขอีกครั้ง"),
        "spelling": _("พบคำว่า “%(word)s” คำที่ใช้คือ “%(offered)s” ตรวจตัวสะกด"),
    }[advice.code]
