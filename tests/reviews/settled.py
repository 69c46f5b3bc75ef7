"""Cases whose marks are in, quickly: rows for what does not matter, services for what does."""

from collections.abc import Mapping

from assessments.models import Assessment
from pmqa.accounts.models import User
from reviews.services import marking
from tests import factories
from tests.reviews import cases

# Part code -> (outcome, comment) of the first, the second … reviewer.
Opinions = Mapping[str, list[tuple[str, str]]]

SHOWN = "มีแนวทางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นผลลัพธ์"


def settled_case(
    *reviewers: User, lead: User, opinions: Opinions | None = None, lead_marks: bool = False, **extra
) -> Assessment:
    """In consensus: everything passed but for `opinions`."""
    assessment = cases.open_case(*reviewers, lead=lead, lead_marks=lead_marks, **extra)
    opinions = opinions or {}
    marking_people = (*reviewers, lead) if lead_marks else reviewers
    for place, person in enumerate(marking_people):
        cases.mark_everything(assessment, by=person, besides=opinions)
        for code, said in opinions.items():
            outcome, comment = said[place]
            cases.mark(factories.answer_of(assessment, code), by=person, outcome=outcome, comment=comment)
        marking.hand_in(assessment, by=person)
    return cases.reloaded(assessment)


def disputed(code: str = "1.2.2.1") -> Opinions:
    """The first reviewer passed it, the second failed it."""
    return {code: [("pass", "ครบถ้วนแล้ว"), ("fail", SHOWN)]}


def failed(*codes: str, comment: str = SHOWN) -> Opinions:
    return {code: [("fail", comment), ("fail", comment)] for code in codes}
