"""What the people of an agency say to each other about an answer, and who has a topic open.

Nothing of it leaves the agency: no submission, print or export reads these tables, and neither reviewers nor the
officer of a case have a door to them (`assessments.rules`: look_inside).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pmqa.accounts.models import NAME_LENGTH, User
from pmqa.versioning import Versioned

MAX_COMMENT = 5_000


class Thread(models.Model):
    """The comments on one answer. Settled until somebody reopens it or says something new."""

    answer = models.OneToOneField("assessments.Answer", on_delete=models.CASCADE, related_name="thread")
    is_settled = models.BooleanField(default=False)
    # Who settled it last, or reopened it.
    turned_at = models.DateTimeField(null=True)
    turned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    turned_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    def __str__(self) -> str:
        return f"{self.answer_id}"


class CommentQuerySet(models.QuerySet):
    def open(self):
        """Said and not taken back, in threads that wait for something."""
        return self.filter(removed_at=None, thread__is_settled=False)


class Comment(Versioned):
    """Something said. Taken back, it keeps its place without its text."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=NAME_LENGTH)
    text = models.TextField(max_length=MAX_COMMENT, blank=True)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    # Made with the empty form: the same form posted twice says it once.
    key = models.UUIDField(default=uuid.uuid4, unique=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(text=""), name="comment_removed_without_text"
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(removed_at__isnull=False), name="comment_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}/{self.pk}"


class MentionQuerySet(models.QuerySet):
    def unread_of(self, user: User):
        """Of the agencies where the person is a member today, in comments that were not taken back."""
        agencies = {membership.agency_id for membership in user.current_memberships}
        return self.filter(
            user=user,
            read_at=None,
            comment__removed_at=None,
            comment__thread__answer__assessment__agency__in=agencies,
        )


class Mention(models.Model):
    """A person whose attention a comment asks for."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    read_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user"], condition=Q(read_at=None), name="mention_unread")]

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.user_id}"


class Presence(models.Model):
    """That a person has a topic open. A hint of the last minute, never a lock; old rows are thrown away."""

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=16)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "topic", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.topic} {self.user_id}"
