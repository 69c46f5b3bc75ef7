"""Short mails about a follow-up, sent by the clock. None names an agency or says what is in its plan."""

import logging
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import override

from pmqa.accounts.models import Membership, User
from results.improvement.models import Card, Plan

log = logging.getLogger(__name__)


def who_follows_up(plan: Plan) -> list[User]:
    """The coordinators, and the members who own an open card; everybody once."""
    rows = Membership.objects.current().filter(agency=plan.assessment.agency_id, user__is_active=True)
    owners = {card.owner_id for card in Card.objects.filter(plan=plan, owner__isnull=False) if card.is_open}
    people = {
        row.user
        for row in rows.select_related("user")
        if row.role == Membership.Role.COORDINATOR or row.user_id in owners
    }
    return sorted(people, key=lambda person: person.pk)


def tell_of_round(people: Iterable[User], *, due_on: date, is_second: bool) -> None:
    for person in people:
        with override(settings.LANGUAGE_CODE):
            context = {"due_on": due_on, "is_second": is_second}
            subject = render_to_string("results/email/follow_up_subject.txt", context).strip()
            body = render_to_string("results/email/follow_up_message.txt", context)
        try:
            send_mail(subject, body, None, [person.email])
        except OSError:
            # The round stands on the page; a mail server that is away takes nothing from anybody.
            log.exception("a mail about a follow-up was not sent")
