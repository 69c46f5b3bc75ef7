"""Short mails to those for whom something waits. None holds what was written, and no subject names an agency."""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from pmqa.accounts.mail import send
from pmqa.accounts.models import User

# However much is asked of a person, one mail within this time says that something waits.
QUIET_SECONDS = 60 * 60


def tell_of_work(request: HttpRequest, people: Iterable[User]) -> None:
    """Say that work or a comment waits on the page of one's own work: at most one mail per person and hour."""
    tell_once(people, "assessments/email/work", url=request.build_absolute_uri(reverse("assessments:todo")))


def tell_once(people: Iterable[User], mail: str, *, url: str) -> None:
    """Send the mail of these templates to each of them, unless they had the same within the hour.

    Whoever has turned mails about work off gets none.
    """
    for person in people:
        if person.wants_work_mail and cache.add(f"told:{mail}:{person.pk}", 1, QUIET_SECONDS):
            send(mail, person, url=url)


def tell_of_role(request: HttpRequest, person: User, *, agency: Any, role: str, is_new: bool) -> bool:
    """Say that somebody has a role now, whether or not they had an account; a new one sets its password from here.

    False where the mail could not be sent.
    """
    link = ""
    if is_new:
        token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
        link = get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(person)}-{token}")
    url = request.build_absolute_uri(reverse("assessments:todo"))
    return send("assessments/email/role", person, url=url, agency=agency, role=role, password_url=link)
