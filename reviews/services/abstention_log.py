"""The lines of the log about an abstention. The reason stays out of them: it may be about a person."""

from pmqa.accounts import log
from pmqa.accounts.models import User
from reviews.models import Verdict


def log_abstention(saved: Verdict, *, was: tuple[str, str], by: User) -> None:
    """Note that a save has made or ended an abstention, or changed its ground; `was` is outcome and ground before."""
    before, ground = was
    answer = saved.answer
    if saved.is_abstention and (before, ground) != (saved.outcome, saved.ground):
        log.record("review.abstained", answer.assessment, by=by, answer=answer.pk, ground=saved.ground)
    elif before == Verdict.Outcome.ABSTAIN and not saved.is_abstention:
        log.record("review.abstention_withdrawn", answer.assessment, by=by, answer=answer.pk)
