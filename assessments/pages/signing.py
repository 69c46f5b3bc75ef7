"""The one page that the head reads before signing: figures, scores, warnings, who checked, what changed."""

from dataclasses import dataclass

from assessments import snapshot
from assessments.advice.remarks import advice_lines
from assessments.models import SIGNERS, Answer, Assessment, Claim, Status, Submission
from assessments.pages.checklist import profile_advice
from assessments.pages.checks import checks_of
from assessments.pages.difference import Change, changes_between
from assessments.pages.state import State
from assessments.pages.summary import category_rows
from pmqa.accounts.models import Membership


@dataclass(frozen=True)
class Since:
    """The last submission, and what is different now."""

    submission: Submission
    changes: list[Change]


def summary_context(state: State, *, signs: bool, seen_digest: str = "") -> dict:
    """Context of assessments/submit.html. `signs`: for somebody who may sign; `seen_digest` is what a refused
    signature was meant for.

    What changed since the last submission is for whoever signs; others are told who does. Twelve queries hold one
    of the two beside the proposal.
    """
    assessment = state.assessment
    content = snapshot.build(assessment, state.answers)
    digest = snapshot.digest_of(content)
    checks, answers = checks_of(state), state.answers.every
    claims = [state.answers.parts[part.code].claim for part in state.tree.process_parts]
    heads = Membership.objects.current().filter(agency=assessment.agency, role__in=SIGNERS)
    is_awaited = assessment.status == Status.AWAITING_HEAD
    compares = assessment.submitted_at and (signs or not is_awaited)
    last = assessment.submissions.first() if compares else None
    return {
        "digest": digest,
        "done": claims.count(Claim.DONE),
        "rows": category_rows(state),
        "advice": advice_lines(assessment, state.answers, with_previous=False),
        "profile_lines": profile_advice(state),
        "checked": checks.count(answers),
        "people": checks.people(answers),
        "proposal": assessment.proposals.defer("content").first() if is_awaited else None,
        "since": Since(last, changes_between(assessment, last.content, content)) if last else None,
        "heads": heads.select_related("user"),
        "is_awaited": is_awaited,
        "is_in_time": assessment.is_in_time(),
        "differences": _since_seen(assessment, seen_digest, content),
    }


def _since_seen(assessment: Assessment, seen_digest: str, content: dict) -> list[Change]:
    """What changed since the head opened the page; what they saw was proposed, so it was kept."""
    seen = assessment.proposals.filter(digest=seen_digest).first() if seen_digest else None
    return changes_between(assessment, seen.content, content) if seen else []


def answers_by_code(state: State) -> dict[str, Answer]:
    """Every answer by the code that people see."""
    codes = state.answers.codes
    return {codes[answer.pk]: answer for answer in state.answers.every}
