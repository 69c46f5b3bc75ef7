"""Mails to one person, in the language of the product."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import override

from pmqa.accounts.models import User

log = logging.getLogger(__name__)


def send(mail: str, person: User, **context: Any) -> bool:
    """The mail of the templates `mail`_subject.txt and _message.txt; False where it could not be sent."""
    with override(settings.LANGUAGE_CODE):
        subject = render_to_string(f"{mail}_subject.txt", context).strip()
        body = render_to_string(f"{mail}_message.txt", context)
    try:
        send_mail(subject, body, None, [person.email])
    except OSError:
        # The work is stored and stands on the page; a mail server that is away takes nothing from anybody.
        log.exception("the mail %s was not sent", mail)
        return False
    return True
