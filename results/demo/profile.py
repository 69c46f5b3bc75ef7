"""What the invented agencies wrote in the organisational profile. Pure: no Django."""

from random import Random

from criteria.structure import Field
from results.demo.content import Theme

TEXTS = {
    "vision": "ประชาชนทุกกลุ่มเข้าถึง{system}ได้อย่างเท่าเทียม และเชื่อมั่นในข้อมูลของ{agency}",
    "values": "โปร่งใส ใส่ใจ{customer} และตัดสินใจด้วยข้อมูล",
    "culture": "ทำงานเป็นทีมข้ามกอง แลกเปลี่ยนบทเรียนเรื่อง{problem}ทุกเดือน และกล้าทดลองวิธีใหม่",
    "goals": "ลดเวลาในการ{service}ลงครึ่งหนึ่ง และเพิ่มความพึงพอใจของ{customer}เป็นร้อยละ 90 ภายใน 3 ปี",
    "service_features": "{customer}ยื่นคำขอและติดตามสถานะผ่าน{system}ได้ทุกที่ โดยไม่ต้องยื่นเอกสารที่ราชการมีอยู่แล้ว",
    "structure": "{agency}มีส่วนกลาง 8 กอง สำนักงานในภูมิภาค 18 แห่ง และคณะทำงานข้ามกองด้าน{system}",
    "competitive_environment": "ไม่มีคู่แข่งโดยตรงด้านการ{service} เทียบผลกับหน่วยงานที่มีภารกิจใกล้เคียง 3 แห่ง ทั้งในและต่างประเทศ",
    "competitive_changes": "{customer}คาดหวังบริการทันทีผ่านโทรศัพท์ เอกชนเปิดบริการคล้ายกัน และกำลังคนลดลงปีละร้อยละ 3",
    "improvement_system": "ทบทวนผลการ{service}ทุกไตรมาส ตามวงจรวางแผน ปฏิบัติ ตรวจสอบ และปรับปรุง แล้วเก็บบทเรียนไว้ในคลังความรู้",
}
LISTS = {
    "mission": (
        "{service}อย่างทั่วถึงและเป็นธรรม",
        "แก้ปัญหา{problem}ร่วมกับ{partner}",
        "พัฒนา{system}ให้หน่วยงานอื่นใช้ข้อมูลร่วมกันได้",
    ),
    "core_competencies": (
        "ความเชี่ยวชาญด้านการ{service}",
        "การทำงานร่วมกับ{partner}",
        "การวิเคราะห์ข้อมูลจาก{system}",
    ),
    "main_services": ("การ{service}", "การให้คำปรึกษาแก่{customer}", "ข้อมูลเปิดจาก{system}"),
    "laws": (
        "กฎหมายจัดตั้ง{agency}",
        "ระเบียบว่าด้วยการ{service}",
        "กฎหมายว่าด้วยการให้บริการภาครัฐผ่านระบบดิจิทัล",
    ),
    "comparative_data": (
        "รายงานประจำปีของหน่วยงานที่มีภารกิจใกล้เคียง",
        "ข้อมูลเปิดภาครัฐเรื่อง{problem}",
        "ผลสำรวจความพึงพอใจของ{customer}",
    ),
}
# By aspect, in the order of the form: mission, operations, people, society.
ASPECTS = {
    "advantages": (
        "มีอำนาจตามกฎหมายและความเชี่ยวชาญด้านการ{service}",
        "{system}ใช้งานจริงแล้วทั่วประเทศ",
        "บุคลากรมีประสบการณ์เฉลี่ยมากกว่า 10 ปี",
        "{partner}ร่วมดูแลพื้นที่",
    ),
    "challenges": (
        "แก้ปัญหา{problem}",
        "วิเคราะห์ข้อมูลจาก{system}ให้ทันเหตุการณ์",
        "บุคลากรรุ่นใหม่โอนย้ายบ่อย ความรู้งานขาดช่วง",
        "ร่วมกับ{partner}ดูแลพื้นที่ห่างไกล",
    ),
}
NEEDS = "การ{service}ที่รวดเร็ว โปร่งใส และติดตามได้"


def profile_value(blank: Field, theme: Theme, rng: Random, year: int) -> str | list:
    """What the agency wrote for one question: a text, a figure, a date, a list or a table."""
    words = theme.__dict__
    if blank.kind == "number":
        return str(rng.randint(2, 60) * (10_000_000 if "บาท" in blank.label_th else 97))
    if blank.kind == "date":
        return f"{year - 544}-09-30"
    if blank.kind == "list":
        return [line.format(**words) for line in LISTS[blank.key]]
    if blank.key in ASPECTS:
        told = (line.format(**words) for line in ASPECTS[blank.key])
        return [list(pair) for pair in zip(blank.rows, told, strict=True)]
    if blank.kind == "table":
        return [[row, NEEDS.format(**words)] for row in (theme.customer, theme.partner)]
    return TEXTS[blank.key].format(**words)
