"""Why a file is not taken, and what to do instead: one sentence for each reason."""

from django.utils.translation import gettext as _

from assessments.files.types import Unacceptable

# As people know them; the same in both languages.
NAMES = {
    "pdf": "PDF", "png": "PNG", "jpeg": "JPEG", "docx": "Word", "xlsx": "Excel", "pptx": "PowerPoint",
    "txt": "TXT", "csv": "CSV",
}  # fmt: skip


def unacceptable_sentence(reason: Unacceptable) -> str:
    """A sentence for the person who chose the file."""
    if reason.code == "extension" and reason.found:
        return _("เนื้อในของไฟล์เป็น %(found)s แต่ชื่อลงท้ายด้วย .%(ending)s แก้ชื่อไฟล์ให้ตรงแล้วอัปโหลดอีกครั้ง") % {
            "found": NAMES[reason.found],
            "ending": reason.ending,
        }
    sentences = {
        "empty": _("ไฟล์นี้ว่างเปล่า เปิดตรวจดูแล้วเลือกไฟล์ใหม่"),
        "kind": _(
            "รับเฉพาะ PDF รูปภาพ (PNG JPEG) Word Excel PowerPoint (.docx .xlsx .pptx) และข้อความ (.txt .csv)"
        ),
        "extension": _(
            "เนื้อในของไฟล์ไม่ใช่ .%(ending)s เปิดไฟล์ด้วยโปรแกรมของไฟล์นั้น บันทึกใหม่เป็นชนิดที่รับ แล้วอัปโหลดอีกครั้ง"
        ),
        "active": _("ไฟล์นี้มีมาโครหรือส่วนที่ทำงานได้เอง บันทึกเป็นไฟล์ที่ไม่มีมาโครหรือเป็น PDF แล้วอัปโหลดอีกครั้ง"),
        "bomb": _("ไฟล์นี้ขยายออกใหญ่ผิดปกติ บันทึกเป็น PDF แล้วอัปโหลดอีกครั้ง"),
        "pixels": _("รูปภาพนี้มีจำนวนจุดมากเกินไป ลดขนาดรูปแล้วอัปโหลดอีกครั้ง"),
        "protected": _("ไฟล์นี้มีรหัสผ่าน หรือเป็น Word Excel รุ่นเก่า บันทึกเป็น .docx .xlsx .pptx หรือ PDF ที่ไม่มีรหัสผ่าน"),
        "broken": _("ไฟล์นี้ไม่สมบูรณ์หรือมีไฟล์อื่นซ่อนอยู่ เปิดแล้วบันทึกใหม่ แล้วอัปโหลดอีกครั้ง"),
    }
    return sentences[reason.code] % {"ending": reason.ending}
