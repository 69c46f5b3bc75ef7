from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F
from django.utils import timezone

from pmqa.accounts.models import User, in_force


class EmailBackend(AuthenticationBackend):
    """Signs people in by e-mail. It grants nothing: rights come from `rules` alone, without a query for each."""

    def get_user(self, user_id) -> User | None:
        """Who a session belongs to, with the offices of today in the same query: every page asks for both."""
        rows = list(
            User.objects.annotate(
                office=F("appointments__role"),
                office_from=F("appointments__starts_on"),
                office_until=F("appointments__ends_on"),
            )
            .filter(pk=user_id)
            .order_by()
        )
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        # Chosen here: a condition in the join takes longer to write than the whole query takes without it.
        user, today = rows[0], timezone.localdate()
        user.current_offices = frozenset(
            row.office for row in rows if row.office and in_force(row.office_from, row.office_until, today)
        )
        return user

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False
