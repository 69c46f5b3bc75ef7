"""Facts about a report in words."""

from django.utils.translation import gettext as _

from criteria.application_report import Criteria
from results.application_report.facts import BETTER, MIXED, WORSE, LeTCI


def chips_of(facts: LeTCI) -> list[str]:
    """What LeTCI says of an indicator in a few words each, the best first."""
    said = [_("เข้าข่ายต้นแบบ")] if facts.is_role_model else []
    said += [_("ขาด %(letter)s") % {"letter": letter} for letter in facts.missing if letter != "T"]
    if facts.is_short:
        said.append(_("แนวโน้มไม่ครบ 3 ปี"))
    return said


def trend_words(facts: LeTCI) -> str:
    return {BETTER: _("แนวโน้มดีขึ้น"), WORSE: _("แนวโน้มแย่ลง"), MIXED: _("แนวโน้มไม่ต่อเนื่อง")}.get(facts.trend, "")


def comparison_words(facts: LeTCI) -> str:
    return {BETTER: _("ดีกว่าคู่เทียบ"), WORSE: _("ด้อยกว่าคู่เทียบ"), MIXED: _("เท่ากับคู่เทียบ")}.get(facts.comparison, "")


def band_words(criteria: Criteria, topic: str, facts: LeTCI) -> str:
    """Where a topic needs a comparison from some band on and this indicator has none; else ""."""
    if topic not in criteria.comparison or facts.comparison:
        return ""
    first = criteria.bands[0]
    return _("%(topic)s ต้องมีคู่เทียบตั้งแต่ Band %(number)d (%(least)d–%(most)d คะแนน)") % {
        "topic": topic,
        "number": first.number,
        "least": first.least,
        "most": first.most,
    }
