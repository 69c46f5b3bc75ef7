"""Texts of reviewers and leads on their way into the database."""

from assessments.presentation import fault_sentence
from criteria import fields
from criteria.fields import Fault
from criteria.structure import Field
from pmqa.errors import Refused

# A comment obeys the limits of any text of the form.
COMMENT = Field("comment", "ความเห็น")


def comment_as_typed(text: str) -> str:
    """A mark's comment, normalised and otherwise as typed. Raises Refused, code "too_long"."""
    try:
        return fields.clean(COMMENT, text)
    except Fault as fault:
        raise Refused(fault_sentence(fault), code=fault.code) from fault


def stored_text(text: str) -> str:
    """A text of the lead as it is stored, without the space around it. Raises Refused, code "too_long"."""
    return comment_as_typed(text).strip()
