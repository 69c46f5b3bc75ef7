"""What a card is called, the same on every page, on paper, in a workbook and among somebody's tasks.

Its origin says what it is and where it comes from, its subject what it is about; nobody has to know a running number.
"""

from django.utils.translation import gettext as _

from results.documents.shortening import shortened
from results.improvement.models import Card

# Characters of a general recommendation, which has no title: enough to tell it from the others.
ROOM = 90


def origin_of(card: Card) -> str:
    """ "โอกาสในการปรับปรุง 1.2", "ข้อแนะนำหมวด 7 ข้อ 1", "หน่วยงานเพิ่มเอง หมวด 3"."""
    kind, _colon, code = card.source.partition(":")
    words = {
        "ofi": _("โอกาสในการปรับปรุง %(code)s"),
        "part": _("ส่วนที่ไม่ผ่าน %(code)s"),
        "indicator": _("ตัวชี้วัดที่ไม่ผ่าน %(code)s"),
        "advice": _("ข้อแนะนำหมวด %(category)s ข้อ %(code)s"),
        "": _("หน่วยงานเพิ่มเอง หมวด %(category)s"),
    }[kind]
    return words % {"category": card.category, "code": code}


def subject_of(card: Card) -> str:
    """The title; of a general recommendation its first words."""
    return shortened(card.observation, ROOM) if card.source.startswith("advice:") else card.title


def name_of(card: Card) -> str:
    return f"{origin_of(card)} {subject_of(card)}"
