from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from pmqa.accounts.models import Appointment, User


class EmailBackend(AuthenticationBackend):
    """Signs people in by e-mail. It grants nothing: rights come from `rules` alone, without a query for each."""

    def get_user(self, user_id) -> User | None:
        """Who a session belongs to, with the offices of today in the same query: every page asks for both."""
        today = Appointment.objects.current().filter(user=OuterRef("pk"))
        held = {f"holds_{role}": Exists(today.filter(role=role)) for role in Appointment.Role.values}
        user = User.objects.annotate(**held).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.current_offices = frozenset(
            role for role in Appointment.Role.values if getattr(user, f"holds_{role}")
        )
        return user

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False
