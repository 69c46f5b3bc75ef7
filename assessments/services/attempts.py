"""A write that was refused to somebody from outside the agency: nothing is stored, and the agency can read of it."""

from assessments.models import Assessment
from assessments.rules import is_member
from pmqa.accounts import log
from pmqa.accounts.models import User


def note(assessment: Assessment, *, place: str, by: User) -> None:
    """Keep in the agency's log that `by` tried to write at `place`; a member's own slip is nobody's news.

    To be called after the refusal, outside its transaction.
    """
    if not is_member(by, assessment):
        log.record("answer.write_refused", assessment, by=by, agency=assessment.agency, place=place)
