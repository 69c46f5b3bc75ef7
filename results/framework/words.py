"""Groups, bases and faults of a KPI framework in words."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmqa.accounts.models import Agency
from results.framework.models import KpiComponent
from results.framework.weights import BASES, Component, Fault, plain


@dataclass(frozen=True)
class Base:
    """One of the five tags: its name and what it means."""

    code: str
    name: str
    meaning: str


def bases() -> tuple[Base, ...]:
    """The five bases. Their names are the announced ones; the definitions are in our own words, and no quotation."""
    words = {
        "function": (_("Function base ภารกิจหลัก"), _("งานตามหน้าที่ปกติของหน่วยงาน ตามกฎหมายหรือภารกิจที่ได้รับมอบ")),
        "agenda": (
            _("Agenda base งานตามวาระ"),
            _("งานตามยุทธศาสตร์ แผนปฏิรูป นโยบายรัฐบาล หรือวาระที่หลายหน่วยงานทำร่วมกัน"),
        ),
        "area": (_("Area base งานในพื้นที่"), _("งานที่ตอบความต้องการของพื้นที่ เช่น จังหวัด กลุ่มจังหวัด หรือภาค")),
        "innovation": (
            _("Innovation base นวัตกรรม"),
            _("วิธีทำงาน ระบบ หรือบริการแบบใหม่ ที่ทำให้ผลงานดีขึ้นหรือใช้ทรัพยากรน้อยลง"),
        ),
        "potential": (
            _("Potential base ศักยภาพ"),
            _("การเตรียมหน่วยงานให้พร้อมสำหรับอนาคต ทั้งคน ระบบ และดิจิทัล เช่น PMQA 4.0"),
        ),
    }
    return tuple(Base(code, *words[code]) for code in BASES)


def base_names() -> dict[str, str]:
    """Code -> the short name of a tag, the same in both languages."""
    return {code: code.capitalize() for code in BASES}


def kind_words(kind: str) -> str:
    """Whom a framework is for."""
    if not kind:
        return _("หน่วยงานทุกประเภทที่ไม่มีกรอบของตนเอง")
    return str(Agency.Kind(kind).label)


def name_of(component: Component) -> str:
    """In the language of the page; Thai where English is missing."""
    is_english = (get_language() or "th").startswith("en")
    return component.name_en if is_english and component.name_en else component.name


def count_words(component: Component) -> str:
    """How many KPIs a component has: "1", "3–5"."""
    if component.least == component.most:
        return str(component.least)
    return f"{component.least}–{component.most}"


def group_words(group: str) -> str:
    return str(KpiComponent.Group(group).label)


def fault_words(fault: Fault) -> str:
    """What is wrong and what to do; a sum says by how much it is short or over."""
    if fault.short:
        return _sum_words(fault)
    return {
        "range": _("น้ำหนักแต่ละค่าต้องมากกว่า 0 และไม่เกิน 100 กลุ่มหนึ่งเป็นทั้งหมดไม่ได้"),
        "kinds": _("เลือกกลุ่มขององค์ประกอบทุกรายการ"),
        "counts": _("จำนวนตัวชี้วัดอย่างน้อยต้องเป็น 1 และไม่เกินจำนวนสูงสุด"),
        "bases": _("เลือกฐานอย่างน้อยหนึ่งฐานขององค์ประกอบทุกรายการ"),
        "names": _("ระบุชื่อขององค์ประกอบทุกรายการ"),
        "pmqa": _("ระบุหนึ่งองค์ประกอบว่าคือ PMQA 4.0 ระบบใช้น้ำหนักขององค์ประกอบนั้น"),
        "pmqa_counts": _("PMQA 4.0 เป็นตัวชี้วัดเดียว ระบุจำนวนตัวชี้วัดเป็น 1"),
        "too_many": _("มีองค์ประกอบมากเกินไป รวมบางรายการเข้าด้วยกัน"),
        "same_name": _("มีองค์ประกอบชื่อ “%(name)s” มากกว่าหนึ่งรายการ") % {"name": fault.name},
    }[fault.code]


def _sum_words(fault: Fault) -> str:
    figures = {"sum": plain(fault.has), "off": plain(abs(fault.short)), "wants": plain(fault.wants)}
    is_short = fault.short > 0
    if fault.code == "total":
        return (
            _("น้ำหนักรวม %(sum)s ขาดอีก %(off)s") if is_short else _("น้ำหนักรวม %(sum)s เกิน %(off)s")
        ) % figures
    if fault.code == "groups":
        words = _("น้ำหนักของสองกลุ่มรวม %(sum)s ขาดอีก %(off)s")
        over = _("น้ำหนักของสองกลุ่มรวม %(sum)s เกิน %(off)s")
        return (words if is_short else over) % figures
    figures["group"] = group_words(fault.group)
    words = _("%(group)s: องค์ประกอบรวม %(sum)s ขาดอีก %(off)s จึงครบ %(wants)s")
    over = _("%(group)s: องค์ประกอบรวม %(sum)s เกิน %(wants)s อยู่ %(off)s")
    return (words if is_short else over) % figures
