"""Invented Thai answers, indicators and comments. Pure: no Django; the same Random gives the same texts."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from criteria.structure import Field, Part, Topic


@dataclass(frozen=True)
class Theme:
    """What an invented agency does: the nouns that its answers are made of."""

    agency: str
    agency_en: str
    service: str
    system: str
    partner: str
    customer: str
    problem: str


MINISTRIES = (
    ("DM-1", "กระทรวงทรัพยากรสมมติ", "Ministry of Invented Resources"),
    ("DM-2", "กระทรวงบริการประชาชนสมมติ", "Ministry of Invented Public Services"),
    ("DM-3", "กระทรวงเศรษฐกิจชุมชนสมมติ", "Ministry of Invented Community Economy"),
    ("DM-4", "กระทรวงความรู้สมมติ", "Ministry of Invented Knowledge"),
)
THEMES = (
    Theme("กรมน้ำชุมชนตัวอย่าง", "Department of Community Water (example)", "อนุญาตใช้น้ำ", "ระบบอนุญาตใช้น้ำออนไลน์",
          "กลุ่มผู้ใช้น้ำ 412 กลุ่ม", "เกษตรกรและผู้ประกอบการ", "น้ำขาดแคลนในฤดูแล้ง"),
    Theme("กรมทะเบียนสมมติ", "Department of Invented Registration", "จดทะเบียนและออกเอกสาร", "ระบบเอกสารดิจิทัลกลาง",
          "ที่ว่าการอำเภอและธนาคาร", "ประชาชนผู้ขอเอกสาร", "การรอคิวนานในเมืองใหญ่"),
    Theme("กรมตลาดชุมชนตัวอย่าง", "Department of Community Markets (example)", "ส่งเสริมตลาดชุมชน", "แพลตฟอร์มตลาดชุมชน",
          "วิสาหกิจชุมชนและสหกรณ์", "ผู้ค้ารายย่อย", "รายได้ผู้ค้ารายย่อยไม่แน่นอน"),
    Theme("กรมหอจดหมายเหตุสมมติ", "Department of Invented Archives", "ให้บริการเอกสารประวัติศาสตร์", "คลังเอกสารดิจิทัล",
          "มหาวิทยาลัยและพิพิธภัณฑ์ท้องถิ่น", "นักวิจัยและนักเรียน", "เอกสารเก่าเสื่อมสภาพ"),
    Theme("กรมป่าชุมชนตัวอย่าง", "Department of Community Forests (example)", "รับรองป่าชุมชน", "แผนที่ป่าชุมชนออนไลน์",
          "เครือข่ายป่าชุมชน", "ชุมชนรอบป่า", "ไฟป่าและหมอกควัน"),
    Theme("กรมมาตรฐานบริการสมมติ", "Department of Invented Service Standards", "รับรองมาตรฐานบริการ", "ระบบตรวจรับรองทางไกล",
          "สมาคมผู้ประกอบการ", "สถานประกอบการ", "การตรวจรับรองล่าช้า"),
    Theme("กรมแรงงานท้องถิ่นตัวอย่าง", "Department of Local Labour (example)", "จับคู่งานในพื้นที่", "ศูนย์จับคู่งานดิจิทัล",
          "หอการค้าจังหวัด", "ผู้หางานและนายจ้าง", "แรงงานย้ายถิ่น"),
    Theme("กรมสุขภาวะชุมชนสมมติ", "Department of Invented Community Health", "ดูแลผู้สูงอายุในชุมชน", "สมุดสุขภาพดิจิทัล",
          "อาสาสมัครและโรงพยาบาลในพื้นที่", "ผู้สูงอายุและครอบครัว", "ผู้สูงอายุติดบ้านเข้าไม่ถึงบริการ"),
)  # fmt: skip

# The large numbers are all different, so that no two answers share a passage as people's copies do.
_OPENINGS = (
    "ดำเนินการเรื่อง{topic}ต่อเนื่อง รับฟัง{customer} {c1:,} ราย แล้วปรับขั้นตอน {c2:,} จุดให้ตรงกับความต้องการ",
    "กำหนดให้{topic}เป็นเรื่องสำคัญของปี {year} มอบผู้รับผิดชอบ {c1:,} คน และติดตามผลทุกเดือน {c2:,} รายการ",
    "ใช้{system}ในเรื่อง{topic} มีข้อมูล {c1:,} รายการที่ทุกหน่วยเห็นตรงกัน จาก {c2:,} จุดบริการ",
    "ร่วมกับ{partner}ทบทวน{topic} {c1:,} เรื่อง เพื่อแก้ปัญหา{problem} ใน {c2:,} หมู่บ้าน",
)
_MIDDLES = (
    "จัดทำแผนรายไตรมาส มีตัวชี้วัด {n} ตัว รายงานผ่าน{system} {c3:,} รายการ",
    "จัดเวทีร่วมกับ{partner} {n} ครั้ง นำข้อเสนอ {c3:,} ข้อมาปรับขั้นตอน",
    "วิเคราะห์ข้อมูลจาก{system} {c3:,} รายการ เพื่อหาสาเหตุของปัญหา",
    "ถ่ายทอดสู่ทุกสำนักแบบสองทางถึงบุคลากร {c3:,} คน และทบทวนทุก 6 เดือน",
)
_RESULTS = (
    "ผลจาก {c4:,} คำขอ เวลาเฉลี่ยของการ{service}ลดจาก {a} วัน เหลือ {b} วันทำการ",
    "สำรวจ {c4:,} ราย ความพึงพอใจของ{customer}เพิ่มจากร้อยละ {low} เป็นร้อยละ {high}",
    "มีผู้ใช้ {c4:,} ราย เพิ่มขึ้นร้อยละ {n} เมื่อเทียบกับปีก่อน",
    "ลดการเดินทาง {c4:,} ครั้ง คิดเป็น {b}.{n} ล้านบาทในปี {year}",
)
_PLANS = (
    "แผนปฏิบัติราชการด้านการ{service}",
    "แผนพัฒนา{system}",
    "แผนเชื่อมข้อมูลการเงินกับระบบ New GFMS Thai",
)
_LINKS = "https://example.org/{slug}"
_COMMENTS = (
    "มีการดำเนินการเรื่อง{topic}แล้ว แต่ทั้งนี้ ควรแสดงให้เห็นผลที่เกิดกับ{customer}เป็นตัวเลข",
    "มีแนวทางที่ชัดเจน แต่ทั้งนี้ ควรแสดงให้เห็นการถ่ายทอดไปยังทุกหน่วยงานและการติดตามผล",
    "มีการใช้{system} แต่ทั้งนี้ ควรแสดงให้เห็นการนำข้อมูลไปแก้ปัญหาในเชิงนโยบาย",
    "มีเครือข่ายร่วมดำเนินการ แต่ทั้งนี้ ควรแสดงให้เห็นบทบาทและผลลัพธ์ที่เกิดจากเครือข่าย",
)
PHRASES = (
    "แต่ทั้งนี้ ควรแสดงให้เห็นผลลัพธ์เป็นตัวเลขเทียบกับเป้าหมายย้อนหลังอย่างน้อย 3 ปี",
    "แต่ทั้งนี้ ควรแสดงให้เห็นการถ่ายทอดไปยังทุกระดับ และการติดตามว่านำไปใช้จริง",
    "ควรระบุแหล่งข้อมูลหรือลิงก์ที่เปิดตรวจสอบได้",
)
_INDICATOR_COMMENT = "ควรตั้งค่าเป้าหมายให้ท้าทายกว่าผลของปีที่ผ่านมา และแสดงผลลัพธ์ที่เกิดกับผู้รับบริการ"
_PILLARS = (
    "{system} เปิดข้อมูลให้ประชาชนตรวจสอบสถานะได้ และเชื่อมโยงกับ{partner}",
    "ออกแบบการ{service}ร่วมกับ{customer} จนลดขั้นตอนและเอกสารลงครึ่งหนึ่ง",
    "บุคลากรใช้ข้อมูลจาก{system}คาดการณ์{problem} และเตรียมการล่วงหน้าได้",
)


def theme_of(number: int) -> Theme:
    """The theme of the agency with this running number, from 1; names beyond the list carry their number."""
    theme = THEMES[(number - 1) % len(THEMES)]
    round_ = (number - 1) // len(THEMES)
    if not round_:
        return theme
    suffix = f" {round_ + 1}"
    return Theme(**{**theme.__dict__, "agency": theme.agency + suffix, "agency_en": theme.agency_en + suffix})


def _words(theme: Theme, rng: Random, year: int, topic: str) -> dict[str, str | int]:
    low = rng.randint(70, 84)
    return {
        **theme.__dict__,
        "topic": topic,
        "year": year,
        "n": rng.randint(3, 24),
        "a": rng.randint(20, 45),
        "b": rng.randint(3, 15),
        "low": low,
        "high": low + rng.randint(3, 12),
        "slug": f"demo-{rng.randint(100, 999)}",
        **{name: rng.randint(1_000, 9_999) for name in ("c1", "c2", "c3", "c4")},
    }


def _subject(blank: Field) -> str:
    """A blank's label as a noun: without lead words and brackets."""
    label = blank.label_th.split("(")[0].strip()
    for ending in ("เช่น", "คือ", "ได้แก่", "โดย"):
        label = label.removesuffix(ending).strip()
    return label or "งานนี้"


def blank_text(blank: Field, theme: Theme, rng: Random, year: int) -> str:
    """What the agency wrote in one blank of Form 3."""
    words = _words(theme, rng, year, _subject(blank))
    if blank.kind == "percent":
        return str(rng.randint(40, 95))
    if blank.kind == "url":
        return _LINKS.format(**words)
    sentences = [rng.choice(_OPENINGS), rng.choice(_MIDDLES), rng.choice(_RESULTS)]
    return "\n".join([" ".join(sentences[:2]), sentences[2]]).format(**words)


def part_values(part: Part, theme: Theme, rng: Random, year: int) -> dict[str, str]:
    values = {blank.key: blank_text(blank, theme, rng, year) for blank in part.fields}
    if part.code == "2.3.1.1":
        # Plans by name, so that the line of sight has some to follow; one name is misspelt, as people do.
        values["detail"] = "\n".join(_PLANS).format(**theme.__dict__) + f"\n{values['detail']}"
    return values


def indicator_groups(topic: Topic) -> list[str]:
    """Where the five indicators of a topic go: one in every group, which satisfies the star rule."""
    return [group.code for group in topic.parts]


# Here a level of success is measured, which the criteria advise against: reviewers judge it one way and the other.
_LEVELS_OF_SUCCESS = ("7.1.4", "7.2.4", "7.6.3", "7.6.5")


def indicator_figures(code: str, theme: Theme, rng: Random) -> dict:
    """One invented indicator: mostly improving, some with a soft target, no data, or less is better."""
    if code in _LEVELS_OF_SUCCESS:
        return {
            "name": f"ระดับความสำเร็จของการ{theme.service} ตามกลุ่ม {code}",
            "unit": "ระดับ",
            "direction": "higher_is_better",
            "target": Decimal(5),
            "results": [Decimal(3), Decimal(4), Decimal(5)],
        }
    kind = rng.random()
    if kind < 0.15:
        first = Decimal(rng.randint(30, 45))
        results = [first, first - rng.randint(1, 5), first - rng.randint(6, 12)]
        return {
            "name": f"ระยะเวลาเฉลี่ยของการ{theme.service} ตามกลุ่ม {code}",
            "unit": "วัน",
            "direction": "lower_is_better",
            "target": results[1] - rng.randint(0, 4),
            "results": results,
        }
    first = Decimal(rng.randint(6500, 8200)) / 100
    results = [
        first,
        first + Decimal(rng.randint(50, 400)) / 100,
        first + Decimal(rng.randint(450, 1500)) / 100,
    ]
    target = results[1] + rng.randint(-1, 4)
    if kind > 0.9:
        results[0] = None
    if kind > 0.95:
        target = results[1] - 8
    return {
        "name": f"ร้อยละของ{theme.customer}ที่ได้รับประโยชน์จากการ{theme.service} ตามกลุ่ม {code}",
        "unit": "ร้อยละ",
        "direction": "higher_is_better",
        "target": min(target, Decimal(98)).quantize(Decimal("0.1")),
        "results": [None if result is None else min(result, Decimal(100)) for result in results],
    }


def comment(part: Part, theme: Theme, rng: Random, year: int) -> str:
    """A reviewer's comment on a failed part: what there is, then what to show."""
    return rng.choice(_COMMENTS).format(**_words(theme, rng, year, _subject(part.fields[0])))


def indicator_comment() -> str:
    return _INDICATOR_COMMENT


def pillar(number: int, theme: Theme) -> str:
    """Outstanding work under pillar 1, 2 or 3."""
    return _PILLARS[number - 1].format(**theme.__dict__)


APPEAL = (
    "คำตอบที่ส่งไว้แสดงผลลัพธ์ของปีล่าสุดในย่อหน้าที่สองแล้ว พร้อมชื่อระบบข้อมูลที่เป็นแหล่งที่มา "
    "จึงขอให้พิจารณาอีกครั้งว่าตอบสิ่งที่ความเห็นถามถึงครบหรือไม่ (ข้อความสมมติ)"
)
QUESTIONS = (
    "คำตอบกล่าวถึงการทบทวนทิศทางทุกปี ขอทราบว่าการทบทวนครั้งล่าสุดอยู่ในย่อหน้าใด (ข้อความสมมติ)",
    "ขอทราบว่าผลที่อ้างในคำตอบเป็นของปีงบประมาณใด (ข้อความสมมติ)",
)
ADDITION = "เป็นผลของปีงบประมาณล่าสุด อยู่ในย่อหน้าที่สองของคำตอบ และในรายงานประจำปี หน้า 12 (ข้อความสมมติ)"
