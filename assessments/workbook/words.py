"""What stands on the sheets of a workbook besides the criteria and the answers: Thai, whoever downloads it."""

from assessments.workbook.layout import CELL_LIMIT, SPARE_ROWS
from criteria.fields import MAX_LENGTH

FIRST_SHEET, INDICATOR_SHEET, PROFILE_SHEET, CATEGORY_SHEET = "คำแนะนำ", "ตัวชี้วัด", "ลักษณะสำคัญ", "หมวด {code}"
TITLE = "สมุดงานแบบประเมินสถานะการเป็นระบบราชการ 4.0"

HEADING = ("หน่วยงาน", "รอบการประเมิน", "ฉบับของเกณฑ์", "เลขที่แบบประเมิน", "ดาวน์โหลดเมื่อ", "เลขตรวจสอบ (SHA-256)")

CLAIMS = {
    "not_started": "ยังไม่ได้ดำเนินการ",
    "started": "อยู่ระหว่างเริ่มดำเนินการ",
    "done": "ดำเนินการแล้ว",
}
DIRECTIONS = {"higher_is_better": "มากดีกว่า", "lower_is_better": "น้อยดีกว่า"}
LEVELS = {"basic": "Basic", "advance": "Advance", "significance": "Significance"}

COLUMNS = {
    "code": "รหัส",
    "level": "ระดับ",
    "question": "ข้อ / ประเด็น",
    "hint": "คำแนะนำ",
    "label": "ช่องกรอก",
    "answer": "คำตอบ",
    "claim": "สถานะการดำเนินการ",
}
MORE_ANSWER = "คำตอบ (ต่อ)"
AT_LEAST = "กรอกอย่างน้อย {n} ช่อง"
FIRST_ENTRY = "{label}\n{columns}"
CHOOSE = "เลือกจากรายการในช่อง"
TOO_LONG = f"รับได้ {MAX_LENGTH:,} อักษร"
DOES_NOT_FIT = (
    "ข้อความนี้ยาวเกินช่องของ Excel หรือมีรหัสที่ Excel แปลงเป็นอักษรอื่น จึงไม่ได้ใส่ไว้ แก้ไขได้ในหน้าเว็บ ข้อความเดิมยังอยู่ครบ"
)

GROUP = "กลุ่ม {code} {title}"
STARRED = "★ กลุ่มบังคับ มีได้ {least}–{most} ตัว"
NOT_STARRED = "มีได้ไม่เกิน {most} ตัว"
NEW_INDICATOR = "เพิ่มใหม่"


def figure_columns(years: tuple[int, int, int]) -> dict[str, str]:
    """The figures of an indicator, in the order of their columns."""
    return {
        "name": "ชื่อตัวชี้วัด",
        "unit": "หน่วยนับ",
        "direction": "ทิศทาง",
        "target": f"เป้าหมาย {years[-1]}",
        **{f"result_{place}": f"ผล {year}" for place, year in enumerate(years, start=1)},
        "target_basis": "ที่มาของค่าเป้าหมาย",
        "peer_name": "คู่เทียบ",
        "peer_result": "ผลของคู่เทียบ",
    }


INSTRUCTIONS = (
    "กรอกได้เฉพาะช่องพื้นขาว ช่องอื่นล็อกไว้ เพื่อให้ระบบนำคำตอบกลับเข้าถูกที่ อย่าเพิ่มหรือลบคอลัมน์",
    "เลือกสถานะการดำเนินการและทิศทางจากรายการในช่อง ช่องที่ลบข้อความออก ถือว่าลบคำตอบนั้น",
    "พิมพ์เป็นข้อความหรือตัวเลข ช่องที่เป็นสูตรจะไม่นำเข้า ถ้าคำนวณไว้ที่อื่น ให้วางเฉพาะค่า (Paste Values)",
    f"แต่ละช่องรับได้ {MAX_LENGTH:,} อักษร (ช่องของ Excel รับได้ {CELL_LIMIT:,}) กด Alt+Enter เพื่อขึ้นบรรทัดใหม่ในช่อง",
    f"รายการและตารางมีแถวว่างให้ {SPARE_ROWS} แถว ถ้าต้องการมากกว่านั้น กรอกเพิ่มในหน้าเว็บ",
    "ช่องว่างของเป้าหมายและผล หมายถึงไม่มีข้อมูล ไม่ใช่ 0 การลบแถวตัวชี้วัดในไฟล์นี้ ไม่ลบตัวชี้วัดในระบบ",
    "เสร็จแล้วบันทึกเป็น .xlsx แล้วนำเข้าที่หน้า “ทำงานในไฟล์ Excel” ระบบแสดงทุกจุดที่เปลี่ยนให้ตรวจก่อนบันทึก",
    "ถ้ามีผู้แก้ไขส่วนเดียวกันในระบบหลังจากดาวน์โหลด ระบบแสดงทั้งสองฉบับให้เลือก ไม่เขียนทับโดยไม่แจ้ง",
    "หลังนำเข้าแล้ว ดาวน์โหลดไฟล์ใหม่ก่อนแก้ไขต่อ",
)
