from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F, FilteredRelation

from pmqa.accounts.models import User, current


class EmailBackend(AuthenticationBackend):
    """Signs people in by e-mail. It grants nothing: rights come from `rules` alone, without a query for each."""

    def get_user(self, user_id) -> User | None:
        """Who a session belongs to, with the offices of today in the same query: every page asks for both."""
        rows = list(
            User.objects.annotate(held=FilteredRelation("appointments", condition=current("appointments__")))
            .annotate(office=F("held__role"))
            .filter(pk=user_id)
            .order_by()
        )
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user = rows[0]
        user.current_offices = frozenset(row.office for row in rows if row.office)
        return user

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False
