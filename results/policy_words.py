"""A frozen scoring policy in Thai sentences, each marked when no document proves it. Pure: no Django."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from criteria.scoring.numbers import decimal_text
from criteria.scoring.policy import AS_SHOWN, KEEP, LEFT_OUT, TARGET_OVER_RESULT, Parameters, policy_from


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice of the policy. `estimated`: inferred from published scores, or our own sense (ประมาณการ)."""

    parameter: str
    text: str
    estimated: bool


def rules_of(policy: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The choices of `policy` as the frozen sheet holds it (name, version, parameters).

    Raises criteria.scoring.policy.PolicyError for a policy that this release does not know.
    """
    known = policy_from(policy["name"], policy.get("parameters"))
    return tuple(
        Rule(name, sentence(known.parameters), name in known.estimated)
        for name, sentence in _SENTENCES.items()
    )


def _weights(chosen: Parameters) -> str:
    weights = " : ".join(decimal_text(weight) for weight in chosen.weights)
    levels = "Basic : Advance : Significance"
    return f"คะแนนหัวข้อของหมวด 1–6 มาจากสัดส่วนที่ผ่านในระดับ {levels} ถ่วงน้ำหนัก {weights}"


def _bands(chosen: Parameters) -> str:
    steps = " ".join(f"ถึงร้อยละ {decimal_text(start)} ได้ {score}" for start, score in chosen.bands)
    return f"ตัวชี้วัดที่บรรลุเป้าหมาย{steps} คะแนน"


_SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
    "weights": _weights,
    "gated": lambda chosen: (
        "ระดับที่สูงกว่าได้คะแนนเมื่อระดับก่อนหน้าครบทุกข้อ"
        if chosen.gated
        else "แต่ละระดับได้คะแนนของตนเอง ไม่ต้องรอให้ระดับก่อนหน้าครบ"
    ),
    "started_credit": lambda chosen: (
        f"ส่วนที่อยู่ระหว่างเริ่มดำเนินการนับ {decimal_text(chosen.started_credit)} ของส่วนที่ดำเนินการแล้ว"
    ),
    "bands": _bands,
    "below_target": lambda chosen: f"ตัวชี้วัดที่ต่ำกว่าเป้าหมายได้ {chosen.below_target} คะแนน",
    "percent_compared": lambda chosen: (
        "เทียบเกณฑ์ด้วยร้อยละที่ปัดเป็นทศนิยมหนึ่งตำแหน่ง"
        if chosen.percent_compared == AS_SHOWN
        else "เทียบเกณฑ์ด้วยร้อยละก่อนปัดเศษ"
    ),
    "lower_is_better": lambda chosen: (
        "ตัวชี้วัดที่ยิ่งน้อยยิ่งดีคิดร้อยละจาก เป้าหมาย ÷ ผล × 100"
        if chosen.lower_is_better == TARGET_OVER_RESULT
        else "ตัวชี้วัดที่ยิ่งน้อยยิ่งดีคิดร้อยละจาก (2 − ผล ÷ เป้าหมาย) × 100"
    ),
    "not_challenging": lambda chosen: (
        "เป้าหมายที่ไม่ท้าทายเป็นข้อสังเกต ไม่ตัดคะแนน"
        if chosen.not_challenging == KEEP
        else "ตัวชี้วัดที่เป้าหมายไม่ท้าทายได้ 0 คะแนน"
    ),
    "failed_indicator": lambda chosen: (
        "ตัวชี้วัดที่ไม่ผ่านยังได้คะแนนตามร้อยละ" if chosen.failed_indicator == KEEP else "ตัวชี้วัดที่ไม่ผ่านได้ 0 คะแนนจากผู้ตรวจ"
    ),
    "missing_indicator": lambda chosen: (
        "ตัวชี้วัดที่ขาดไม่นำมาเฉลี่ย" if chosen.missing_indicator == LEFT_OUT else "ตัวชี้วัดที่ขาดจากจำนวนที่กำหนดนับเป็น 0"
    ),
}
