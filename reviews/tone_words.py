"""Each finding of `tone` as a Thai sentence: what is seen, and what would be better."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reviews.tone import BARE, HARSH, LACKS_NOTHING, NAMED, NOTHING, ONLY_LACKS, WRONG, tone_faults


def tone_advice(comment: str, names: Iterable[str] = (), outcome: str = "") -> list[str]:
    """The sentences for a comment; none of them keeps it from being saved."""
    words = {
        NAMED: _("มีชื่อผู้ตรวจอยู่ในความเห็น ลบออก เพราะส่วนราชการต้องไม่เห็นชื่อผู้ตรวจ"),
        WRONG: _("เลี่ยงคำว่า “ผิด” บอกสิ่งที่มี แล้วบอกสิ่งที่ควรแสดง"),
        HARSH: _("มีคำที่แรงเกินไป บอกสิ่งที่เห็นในคำตอบ แล้วบอกสิ่งที่ควรแสดง"),
        ONLY_LACKS: _("ลงผลผ่าน แต่ความเห็นบอกเพียงสิ่งที่ควรทำ บอกสิ่งที่มีด้วย หรือทบทวนผล"),
        LACKS_NOTHING: _("ลงผลไม่ผ่าน แต่ความเห็นยังไม่บอกสิ่งที่ควรแสดง เติม หรือทบทวนผล"),
        NOTHING: _("บอกเพียงว่า “ไม่มี” บอกสิ่งที่มีก่อน แล้วบอกสิ่งที่ควรแสดง"),
        BARE: _("“ควรปรับปรุง” ยังไม่บอกว่าปรับปรุงอะไร เขียนเป็น “มี… แต่ทั้งนี้ ควรแสดงให้เห็น…”"),
    }
    return [words[code] for code in tone_faults(comment, names, outcome)]
