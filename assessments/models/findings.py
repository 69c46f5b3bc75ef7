"""What writers answer to findings. The findings themselves are found again from what is written, never stored."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Answer


class FindingReply(models.Model):
    """Why a writer leaves something as it is that `assessments.advice` asks to look at again.

    `key` is that of the finding. The reviewer reads finding and reason side by side.
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="finding_replies")
    key = models.CharField(max_length=200)
    reason = models.TextField(_("เหตุผล"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "key"], name="finding_reply_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="finding_reply_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.key}"
