"""The lead's texts on their way into the database."""

from assessments.presentation import fault_sentence
from criteria import fields
from criteria.fields import Fault
from criteria.structure import Field
from pmqa.errors import Refused

_TEXT = Field("text", "ข้อความ")


def stored_text(text: str) -> str:
    """`text` as it is stored, without the space around it. Raises Refused, code "too_long"."""
    try:
        return fields.clean(_TEXT, text).strip()
    except Fault as fault:
        raise Refused(fault_sentence(fault), code=fault.code) from fault
