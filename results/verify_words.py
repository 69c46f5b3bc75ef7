"""What a `Finding` is called, for the page and the command that tell it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from results.authenticity import (
    APPLICATION_REPORT,
    BY_CODE,
    CURRENT,
    FOLLOW_UP,
    PARTIAL,
    PLAN,
    REPLACED,
    RESULT,
    SUBMISSION,
    Finding,
)


@dataclass(frozen=True, slots=True)
class Told:
    """headline: the answer in one line. number: what the number of a content counts. note: what a code leaves out."""

    headline: str
    number: str = ""
    note: str = ""


def told(finding: Finding) -> Told:
    if not finding.what:
        if finding.state == BY_CODE:
            return Told(_("ยังบอกไม่ได้จากไฟล์ PDF นี้ ใส่รหัสที่พิมพ์บนเอกสาร"))
        return Told(_("ไม่ตรงกับฉบับที่ออก"))
    number = {
        RESULT.what: _("ผลครั้งที่"),
        SUBMISSION.what: _("ส่งครั้งที่"),
        PLAN.what: _("แผนรุ่นที่"),
        FOLLOW_UP.what: _("ติดตามเดือนที่"),
        APPLICATION_REPORT.what: _("ส่งครั้งที่"),
    }[finding.what]
    note = _("รหัสของแผนยืนยันข้อสังเกตและสิ่งที่จะทำตามที่อนุมัติ ไม่ยืนยันสถานะและหลักฐานที่เขียนต่อภายหลัง")
    return Told(_headline(finding), number, note if finding.what == PLAN.what else "")


def _headline(finding: Finding) -> str:
    if finding.state == PARTIAL:
        return _("ไม่ใช่ผลฉบับสมบูรณ์ เป็นผลเบื้องต้นหรือข้อมูลบางส่วน")
    if finding.state == REPLACED and finding.newer is None:
        return _("เป็นฉบับที่ส่งจริง แต่หน่วยงานถอนแล้ว")
    return {
        (CURRENT, RESULT.what): _("เป็นผลฉบับปัจจุบัน"),
        (REPLACED, RESULT.what): _("เป็นฉบับที่ออกจริง แต่มีฉบับใหม่แทนแล้ว"),
        (CURRENT, SUBMISSION.what): _("เป็นแบบประเมินฉบับที่ส่งล่าสุด"),
        (REPLACED, SUBMISSION.what): _("เป็นฉบับที่ส่งจริง แต่มีฉบับใหม่แทนแล้ว"),
        (CURRENT, PLAN.what): _("เป็นแผนพัฒนาองค์การฉบับที่อนุมัติล่าสุด"),
        (REPLACED, PLAN.what): _("เป็นแผนที่อนุมัติจริง แต่มีรุ่นใหม่แทนแล้ว"),
        (CURRENT, FOLLOW_UP.what): _("เป็นความคืบหน้าของแผนฉบับที่ส่ง"),
        (CURRENT, APPLICATION_REPORT.what): _("เป็นรายงานผลการดำเนินการพัฒนาองค์การฉบับที่ส่ง"),
    }[finding.state, finding.what]
