"""The bank of phrases: words that a reviewer chose to keep, for oneself or for a team."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.workflow import lock
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.models import Assignment, Phrase
from reviews.services.texts import stored_text

LONGEST = Phrase._meta.get_field("text").max_length
# Enough for anybody, and a list that can still be read.
MOST = 200


@transaction.atomic
def keep_phrase(assessment: Assessment, text: str, *, for_team: bool, by: User) -> Phrase:
    """Keep `text`, with the team of this case when `for_team`. Keeping it twice is keeping it once.

    Nothing of an agency may travel to the reviewers of another: a text that names one of those whose cases this
    person has is refused. Refused: codes empty, too_long, names_agency, too_many.
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.read", locked):
        raise PermissionDenied(_("ท่านไม่มีงานตรวจของหน่วยงานนี้"))
    text = " ".join(stored_text(text).split())
    if not text:
        raise Refused(_("พิมพ์ข้อความที่จะเก็บก่อน"), code="empty")
    if len(text) > LONGEST:
        raise Refused(_("ข้อความในคลังยาวได้ %(n)d อักษร ตัดให้สั้นลง") % {"n": LONGEST}, code="too_long")
    if name := _agency_in(text, by):
        raise Refused(
            _("ข้อความนี้มีชื่อ “%(name)s” ลบชื่อหน่วยงานออกก่อนเก็บ เพราะข้อความนี้จะใช้กับเรื่องอื่นได้") % {"name": name},
            code="names_agency",
        )
    if by.phrases.count() >= MOST:
        raise Refused(_("คลังเต็มแล้ว ลบข้อความที่ไม่ใช้ก่อน"), code="too_many")
    phrase, _made = Phrase.objects.get_or_create(owner=by, text=text, team=locked if for_team else None)
    return phrase


def _agency_in(text: str, person: User) -> str:
    """The name or code of an agency of this person's cases that `text` holds, "" when it holds none."""
    cases = Assignment.objects.filter(reviewer=person)
    names = cases.values_list("assessment__agency__name", "assessment__agency__code").distinct()
    return next((name for pair in names for name in pair if name in text), "")


@transaction.atomic
def remove_phrase(phrase: Phrase, *, by: User) -> None:
    """Take a phrase of one's own out of the bank; who has used it keeps what was written."""
    if phrase.owner_id != by.pk:
        raise PermissionDenied(_("ลบได้เฉพาะข้อความที่ท่านเก็บเอง"))
    phrase.delete()
