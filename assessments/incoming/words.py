"""Why something of a file is not stored, whatever the file."""

from django.utils.translation import gettext_lazy as _

NOT_YOURS = _("ท่านไม่มีสิทธิแก้ไขส่วนนี้ ผู้แก้ไขคือผู้ประสานงาน เจ้าภาพหมวด และผู้ร่วมเขียนที่ได้รับมอบข้อนี้")
GROUP_IS_FULL = _("เกินจำนวนตัวชี้วัดที่แบบฟอร์มที่ 4 กำหนด (กลุ่มละไม่เกิน 3 หัวข้อละ 5 ตัว)")
