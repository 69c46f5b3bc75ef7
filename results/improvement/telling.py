"""Short mails about a follow-up, sent by the clock. None names an agency or says what is in its plan.

Of one round a person hears three times at most: that it has opened, that it is soon due, that it is overdue. Whoever
has written about all of their own cards hears no more of it, nor does anybody who wants no mails about work.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from pmqa.accounts.mail import send
from pmqa.accounts.models import Membership, User
from results.improvement.models import Card, FollowUp, Progress
from results.improvement.months import Word


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
        send("results/email/follow_up", person, due_on=due_on, word=word.name)
