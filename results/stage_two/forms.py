"""What an administrator records of stage 2."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.forms.evidence import DateLine, Line
from assessments.forms.indicators import NumberFigure
from criteria.fields import plain_number
from results.stage_two.models import StageTwo

# Above what any award of the kind is marked on; a slip of the keyboard is more likely.
MOST = 10_000
PLACES = Decimal("0.01")


class StageTwoForm(forms.Form):
    """A score with its scale, or that the one that stands is taken back.

    `current` is the row that stands and would be replaced; without one `scale`, that of the cycle, is offered.
    """

    score = NumberFigure()
    scale = NumberFigure()
    decided_on = DateLine()
    decided_by = Line(300)
    note = Line(2000)
    removes = forms.BooleanField(label=_("ถอนคะแนนขั้นที่ 2 ที่ประกาศไว้"), required=False)
    reason = Line(2000)

    LABELS = {
        "score": _("คะแนนที่ได้"),
        "scale": _("คะแนนเต็ม"),
        "decided_on": _("วันที่มีมติ"),
        "decided_by": _("คณะที่มีมติ"),
        "note": _("หมายเหตุ"),
        "reason": _("เหตุผลที่เปลี่ยนหรือถอน"),
    }
    HELP = {
        "score": _("คะแนนของรายงานผลการดำเนินการพัฒนาองค์การ (Application Report)"),
        "scale": _("คะแนนเต็มที่ใช้ตรวจครั้งนี้ เช่น 1000"),
        "decided_on": _("เช่น 30 ก.ย. 2570"),
        "decided_by": _("ชื่อคณะกรรมการหรือคณะทำงาน ไม่ใช่ชื่อบุคคล"),
        "note": _("หน่วยงานเห็น และพิมพ์ในรายงานป้อนกลับ เว้นว่างได้"),
        "reason": _("แสดงกับผลครั้งใหม่"),
    }

    def __init__(self, *args, current: StageTwo | None, scale: int | None, **kwargs):
        kwargs.setdefault("initial", _begins_with(current, scale))
        super().__init__(*args, label_suffix="", **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label = label
            self.fields[name].help_text = self.HELP[name]
        for name in ("note", "reason"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2, "lang": "th"})
        if current is None:
            del self.fields["removes"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("removes"):
            if not given.get("reason"):
                self.add_error("reason", _("ระบุเหตุผลที่ถอนคะแนน"))
            return given
        needed = {
            "score": _("ใส่คะแนนที่ได้"),
            "scale": _("ใส่คะแนนเต็ม เพราะคะแนนขั้นที่ 2 ไม่มีคะแนนเต็มตายตัว"),
            "decided_on": _("ใส่วันที่มีมติ"),
            "decided_by": _("ระบุคณะที่มีมติ"),
        }
        for name, missing in needed.items():
            if name not in self.errors and given.get(name) in (None, ""):
                self.add_error(name, missing)
        if "reason" in self.fields and "reason" not in self.errors and not given.get("reason"):
            self.add_error("reason", _("ระบุเหตุผลที่เปลี่ยนคะแนนเดิม"))
        self._check_figures(given.get("score"), given.get("scale"))
        day = given.get("decided_on")
        if day and day > timezone.localdate():
            self.add_error("decided_on", _("วันที่มีมติต้องไม่ใช่วันในอนาคต"))
        return given

    def _check_figures(self, score: Decimal | None, scale: Decimal | None) -> None:
        if scale is not None and not (scale == scale.to_integral_value() and 1 <= scale <= MOST):
            self.add_error("scale", _("คะแนนเต็มเป็นจำนวนเต็มตั้งแต่ 1 ถึง 10,000"))
            return
        if score is None:
            return
        if score < 0 or (scale is not None and score > scale):
            self.add_error("score", _("คะแนนต้องไม่ต่ำกว่า 0 และไม่เกินคะแนนเต็ม"))
        elif score != score.quantize(PLACES):
            self.add_error("score", _("คะแนนมีทศนิยมได้ไม่เกิน 2 ตำแหน่ง"))

    @property
    def values(self) -> dict[str, Any]:
        """Of a valid form, as the service takes them."""
        given = self.cleaned_data
        reason = given.get("reason", "")
        if given.get("removes"):
            nothing = {"score": None, "scale": None, "decided_on": None, "decided_by": "", "note": ""}
            return nothing | {"reason": reason}
        kept = {name: given[name] for name in ("score", "decided_on", "decided_by", "note")}
        return kept | {"scale": int(given["scale"]), "reason": reason}


def _begins_with(current: StageTwo | None, scale: int | None) -> dict[str, Any]:
    if current is None:
        return {"scale": scale}
    kept = {name: getattr(current, name) for name in ("scale", "decided_on", "decided_by", "note")}
    return kept | {"score": plain_number(current.score)}
