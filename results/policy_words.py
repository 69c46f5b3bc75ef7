"""A frozen scoring policy in sentences, each marked when no document proves it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from criteria.scoring.numbers import decimal_text
from criteria.scoring.policy import (
    AS_SHOWN,
    INFERRED,
    KEEP,
    LEFT_OUT,
    PROVEN,
    TARGET_OVER_RESULT,
    UNCERTAIN,
    Parameters,
    PolicyError,
    policy_from,
)
from results.explaining import CATEGORY, TOTAL, Step, rules_for
from results.leaning import CATEGORY_MEAN, leaning_of
from results.payload import Payload


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice of the policy. `why`: how it is known where no document proves it (ประมาณการ), else empty."""

    parameter: str
    text: str
    why: str

    @property
    def estimated(self) -> bool:
        return bool(self.why)


def rules_of(policy: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The choices of `policy` as the frozen sheet holds it (name, version, parameters).

    Raises criteria.scoring.policy.PolicyError for a policy that this release does not know.
    """
    known = policy_from(policy["name"], policy.get("parameters"))
    return tuple(
        Rule(name, sentence(known.parameters), _why(name, known.certainty[name]))
        for name, sentence in _SENTENCES.items()
    )


def all_rules(policy: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Those of the policy, and the one that no parameter changes; none for a policy that this release does not know.

    A sheet outlives the policies of a release; the name and version of its own still stand on every page.
    """
    try:
        return (*rules_of(policy), category_rule())
    except PolicyError:
        return ()


def rules_behind(payload: Payload, step: Step) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Of the rules that can matter to numbers of this kind: those that made this one, and the estimates that leave it
    as it is whichever way is chosen. None for a policy that this release does not know."""
    can_matter = (*rules_for(step), *([CATEGORY_MEAN] if step.kind in (TOTAL, CATEGORY) else []))
    rules = [rule for rule in all_rules(payload["policy"]) if rule.parameter in can_matter]
    if not rules:
        return (), ()
    rests_on = leaning_of(payload).of(step)
    without = [rule for rule in rules if rule.estimated and rule.parameter not in rests_on]
    return tuple(rule for rule in rules if rule not in without), tuple(without)


def estimates(rules: Iterable[Rule]) -> dict[str, int]:
    """Parameter -> the number by which a document names this estimate."""
    return {
        rule.parameter: number for number, rule in enumerate((rule for rule in rules if rule.estimated), 1)
    }


def category_rule() -> Rule:
    """What no parameter changes and no document says: how topics make a category."""
    return Rule(CATEGORY_MEAN, _("คะแนนหมวดเป็นค่าเฉลี่ยของหัวข้อในหมวด"), _why("weights", INFERRED))


def _why(parameter: str, certainty: str) -> str:
    if certainty == PROVEN:
        return ""
    if certainty == UNCERTAIN:
        return _("เอกสารของเกณฑ์ไม่ได้ระบุ รอบการประเมินเลือกวิธีนี้")
    if parameter in ("weights", "gated"):
        return _("อนุมานจากคะแนนหมวด 1–6 ในรายงานป้อนกลับที่เผยแพร่ ซึ่งวิธีนี้ให้ผลตรงทุกหมวด")
    return _("อนุมานจากแบบฟอร์มที่ 4 และคะแนนที่เผยแพร่ ซึ่งไม่ได้เขียนวิธีคิดไว้")


def _weights(chosen: Parameters) -> str:
    weights = "\u00a0:\u00a0".join(decimal_text(weight) for weight in chosen.weights)
    levels = "Basic : Advance : Significance"
    sentence = _("คะแนนหัวข้อของหมวด 1–6 มาจากสัดส่วนที่ผ่านในระดับ %(levels)s ถ่วงน้ำหนัก %(weights)s")
    return sentence % {"levels": levels, "weights": weights}


def _bands(chosen: Parameters) -> str:
    step = _("ถึงร้อยละ %(start)s ได้ %(score)s")
    steps = " ".join(step % {"start": decimal_text(start), "score": score} for start, score in chosen.bands)
    return _("ตัวชี้วัดที่บรรลุเป้าหมาย%(steps)s คะแนน") % {"steps": steps}


_SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
    "weights": _weights,
    "gated": lambda chosen: (
        _("ระดับที่สูงกว่าได้คะแนนเมื่อระดับก่อนหน้าครบทุกข้อ")
        if chosen.gated
        else _("แต่ละระดับได้คะแนนของตนเอง ไม่ต้องรอให้ระดับก่อนหน้าครบ")
    ),
    "started_credit": lambda chosen: (
        _("ส่วนที่อยู่ระหว่างเริ่มดำเนินการนับ %(credit)s ของส่วนที่ดำเนินการแล้ว")
        % {"credit": decimal_text(chosen.started_credit)}
    ),
    "bands": _bands,
    "below_target": lambda chosen: _("ตัวชี้วัดที่ต่ำกว่าเป้าหมายได้ %(score)s คะแนน") % {"score": chosen.below_target},
    "percent_compared": lambda chosen: (
        _("เทียบเกณฑ์ด้วยร้อยละที่ปัดเป็นทศนิยมหนึ่งตำแหน่ง")
        if chosen.percent_compared == AS_SHOWN
        else _("เทียบเกณฑ์ด้วยร้อยละก่อนปัดเศษ")
    ),
    "lower_is_better": lambda chosen: (
        _("ตัวชี้วัดที่ยิ่งน้อยยิ่งดีคิดร้อยละจาก เป้าหมาย ÷ ผล × 100")
        if chosen.lower_is_better == TARGET_OVER_RESULT
        else _("ตัวชี้วัดที่ยิ่งน้อยยิ่งดีคิดร้อยละจาก (2 − ผล ÷ เป้าหมาย) × 100")
    ),
    "not_challenging": lambda chosen: (
        _("เป้าหมายที่ไม่ท้าทายเป็นข้อสังเกต ไม่ตัดคะแนน")
        if chosen.not_challenging == KEEP
        else _("ตัวชี้วัดที่เป้าหมายไม่ท้าทายได้ 0 คะแนน")
    ),
    "failed_indicator": lambda chosen: (
        _("ตัวชี้วัดที่ไม่ผ่านยังได้คะแนนตามร้อยละ")
        if chosen.failed_indicator == KEEP
        else _("ตัวชี้วัดที่ไม่ผ่านได้ 0 คะแนนจากผู้ตรวจ")
    ),
    "missing_indicator": lambda chosen: (
        _("ตัวชี้วัดที่ขาดไม่นำมาเฉลี่ย")
        if chosen.missing_indicator == LEFT_OUT
        else _("ตัวชี้วัดที่ขาดจากจำนวนที่กำหนดนับเป็น 0")
    ),
}
