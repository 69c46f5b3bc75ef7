"""Who else has a topic open: a hint, never a lock."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Presence
from pmqa.accounts.models import User

# Two beats of the script and a little: one lost beat makes nobody vanish.
PRESENT = timedelta(seconds=75)


def beat(assessment: Assessment, topic: str, *, by: User) -> list[str]:
    """Note that `by` has the topic open now; the names of the other members who have, in alphabetical order.

    Rows that have gone cold are thrown away: who read what and when is nobody's business later.
    """
    if not by.has_perm("assessments.appear", assessment):
        raise PermissionDenied(_("เฉพาะบุคลากรของหน่วยงาน"))
    now = timezone.now()
    Presence.objects.bulk_create(
        [Presence(assessment=assessment, topic=topic, user=by, seen_at=now)],
        update_conflicts=True,
        unique_fields=["assessment", "topic", "user"],
        update_fields=["seen_at"],
    )
    rows = list(Presence.objects.filter(assessment=assessment, topic=topic).select_related("user"))
    cold = [row.pk for row in rows if row.seen_at < now - PRESENT]
    if cold:
        Presence.objects.filter(pk__in=cold).delete()
    return sorted(str(row.user) for row in rows if row.pk not in cold and row.user_id != by.pk)
