"""What each watched finding is called where marks are compared."""

from django.utils.translation import gettext as _


def finding_name(code: str) -> str:
    return {
        "level_of_success": _("ตัวชี้วัดเป็นระดับความสำเร็จ"),
        "not_challenging": _("เป้าหมายไม่ท้าทายเมื่อเทียบกับปีก่อน"),
        "step_only": _("ตัวชี้วัดวัดเพียงขั้นตอน"),
        "count": _("ตัวชี้วัดนับจำนวน"),
        "full_every_year": _("ผลเป็น 100 ทุกปี"),
        "constant": _("ผลเท่ากันทุกปี"),
        "short_history": _("ข้อมูลย้อนหลังไม่ครบ 3 ปี"),
        "zero_or_no_data": _("มีผลเป็น 0"),
        "name_only": _("ระบุเพียงชื่อแผนหรือโครงการ"),
        "no_result": _("ไม่เห็นผลของการดำเนินการ"),
        "no_link": _("ไม่มีลิงก์ที่ข้อนี้ขอ"),
        "no_year": _("ไม่ระบุปีของเรื่องที่เล่า"),
        "old_year": _("เล่าเรื่องของปีเก่า"),
        "short_cut": _("ลดต้นทุนไม่ถึงร้อยละ 50"),
        "unchanged": _("ข้อความเดิมของรอบก่อน"),
    }[code]
