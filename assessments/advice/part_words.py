"""Each finding of `findings` as a Thai sentence: what is seen, and what would make it better."""

from django.utils.translation import gettext as _

from assessments.advice.parts import Finding

# So much of a shared passage is shown; the other part is one click away.
QUOTED = 60


def finding_text(finding: Finding) -> str:
    """The sentence for one finding; it never says that the form cannot be submitted."""
    quote = finding.quote if len(finding.quote) <= QUOTED else f"{finding.quote[:QUOTED]}…"
    return _sentences()[finding.code] % {"other": finding.other, "quote": quote, "n": len(finding.quote)}


def _sentences() -> dict[str, str]:
    return {
        "name_only": _("ระบุเพียงชื่อแผนหรือโครงการ อธิบายว่าดำเนินการอย่างไร และเกิดผลอะไร"),
        "no_result": _("ยังไม่เห็นผลของการดำเนินการ ระบุผลเป็นตัวเลขหรือการเปลี่ยนแปลงที่เกิดขึ้น"),
        "no_link": _("ข้อนี้ขอลิงก์ที่เปิดอ่านได้ ระบุลิงก์ที่เผยแพร่"),
        "no_year": _("ข้อนี้ถามถึงรอบปีที่ผ่านมา ระบุปีของเรื่องที่เล่า"),
        "old_year": _("ข้อนี้ถามถึงรอบปีที่ผ่านมา แต่ปีล่าสุดที่เล่าคือ %(quote)s"),
        "half_pair": _("ยังไม่มี%(quote)s ระบุให้ครบคู่"),
        "alone_in_rank": _("“%(quote)s” เห็นเพียงลำดับเดียว ระบุลำดับที่สองด้วย"),
        "short_cut": _("เป้าหมายลดต้นทุนร้อยละ %(quote)s ยังไม่ถึงร้อยละ 50"),
        "spelling": _("พบคำว่า “%(quote)s” คำที่ใช้คือ “%(other)s” ตรวจตัวสะกด"),
        "shared": _("มีข้อความเดียวกับส่วน %(other)s ยาว %(n)d อักษร: “%(quote)s” เขียนให้ตรงกับคำถามของแต่ละส่วน"),
        "unchanged": _("มีข้อความเดียวกับรอบก่อน ยาว %(n)d อักษร: “%(quote)s” ตรวจว่ายังเป็นปัจจุบัน"),
        "customer_unnamed": _("ลักษณะสำคัญขององค์การมีกลุ่มผู้รับบริการ “%(quote)s” แต่หัวข้อ 3.1 ยังไม่กล่าวถึง"),
        "competency_unnamed": _("ลักษณะสำคัญขององค์การมีสมรรถนะหลัก “%(quote)s” แต่ข้อ 5.4.2 ยังไม่กล่าวถึง"),
        "challenge_unnamed": _("ลักษณะสำคัญขององค์การมีความท้าทาย “%(quote)s” แต่ยุทธศาสตร์ในข้อ 2.1.1 ยังไม่กล่าวถึง"),
        "measure_unnamed": _("ตัวชี้วัดของข้อนี้ยังไม่เชื่อมกับมาตรการในข้อ 1.4.1: “%(quote)s”"),
        "plan_unnamed": _("มีแผน “%(quote)s” แต่ยังไม่มีตัวชี้วัดในหมวด 7 ที่กล่าวถึงแผนนี้"),
    }
