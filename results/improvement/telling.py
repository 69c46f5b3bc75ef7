"""Short mails about a follow-up, sent by the clock. None names an agency or says what is in its plan.

Of one round a person hears three times at most: that it has opened, that it is soon due, that it is overdue. Whoever
has written about all of their own cards hears no more of it, nor does anybody who wants no mails about work.
"""

import logging
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils.translation import override

from pmqa.accounts.models import Membership, User
from results.improvement.models import Card, FollowUp, Progress
from results.improvement.months import Word

log = logging.getLogger(__name__)


def who_follows_up(follow_up: FollowUp) -> list[User]:
    """The coordinators, and members with an open card of their own that nothing is written about; everybody once."""
    plan = follow_up.plan
    rows = Membership.objects.current().filter(
        agency=plan.assessment.agency_id, user__is_active=True, user__wants_work_mail=True
    )
    written = Progress.objects.filter(follow_up=follow_up, card=OuterRef("pk")).exclude(text="")
    cards = Card.objects.filter(~Exists(written), plan=plan, owner__isnull=False)
    owners = {card.owner_id for card in cards if card.is_open}
    people = {
        row.user
        for row in rows.select_related("user")
        if row.role == Membership.Role.COORDINATOR or row.user_id in owners
    }
    return sorted(people, key=lambda person: person.pk)


def tell_of_round(people: Iterable[User], *, due_on: date, word: Word) -> None:
    for person in people:
        with override(settings.LANGUAGE_CODE):
            context = {"due_on": due_on, "word": word.name}
            subject = render_to_string("results/email/follow_up_subject.txt", context).strip()
            body = render_to_string("results/email/follow_up_message.txt", context)
        try:
            send_mail(subject, body, None, [person.email])
        except OSError:
            # The round stands on the page; a mail server that is away takes nothing from anybody.
            log.exception("a mail about a follow-up was not sent")
