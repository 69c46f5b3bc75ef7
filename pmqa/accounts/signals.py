"""Sign-ins and failed sign-ins go to the audit log. The only signals we listen to: they are allauth's, not ours."""

from allauth.account.signals import password_changed, user_logged_in
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver

from pmqa.accounts import log
from pmqa.accounts.models import User


@receiver(user_logged_in)
def signed_in(request, user, **kwargs) -> None:
    log.record("account.signed_in", user, by=user)


@receiver(user_login_failed)
def sign_in_failed(credentials, request=None, **kwargs) -> None:
    email = str(credentials.get("email") or credentials.get("username") or "").lower()
    log.record("account.sign_in_failed", User.objects.filter(email=email).first(), by=None)


@receiver(password_changed)
def changed_password(request, user, **kwargs) -> None:
    log.record("account.password_changed", user, by=user)
