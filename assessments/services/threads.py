"""Saying something about an answer inside the agency, taking it back, settling the matter."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Comment, Mention, Thread
from pmqa.accounts import log
from pmqa.accounts.models import Agency, Membership, User
from pmqa.errors import Refused
from pmqa.versioning import swap


def members_of(agency: Agency) -> dict[User, list[str]]:
    """Everybody of the agency today with their roles in words, by the name that the agency knows; one query."""
    rows = Membership.objects.current().filter(agency=agency, user__is_active=True).select_related("user")
    members: dict[User, list[str]] = {}
    for row in rows.order_by("user__first_name", "user__last_name", "user_id", "pk"):
        members.setdefault(row.user, []).append(row.get_role_display())
        row.user.first_name, row.user.last_name = row.known_as, ""
    return members


def _may_speak(assessment: Assessment, by: User) -> None:
    if not by.has_perm("assessments.comment", assessment):
        raise PermissionDenied(_("บทบาทของท่านอ่านความเห็นได้อย่างเดียว ผู้แสดงความเห็นคือผู้จัดทำและหัวหน้าของหน่วยงาน"))


@transaction.atomic
def add_comment(answer: Answer, *, key: UUID, text: str, mentions: Iterable[User], by: User) -> Comment:
    """Say `text`, asking for the attention of `mentions`, members of the agency.

    `key` came with the empty form: the same form posted twice says it once. A settled thread is reopened, and
    what asked for the attention of `by` in it counts as read. Raises PermissionDenied; Refused for a key of others.
    """
    _may_speak(answer.assessment, by)
    thread, _is_first = Thread.objects.get_or_create(answer=answer)
    said = {"thread": thread, "author": by, "author_name": str(by), "text": text, "at": timezone.now()}
    comment, is_new = Comment.objects.get_or_create(key=key, defaults=said)
    if not is_new:
        if (comment.author_id, comment.thread_id) != (by.pk, thread.pk):
            raise Refused(_("แบบฟอร์มนี้ใช้ไปแล้ว เปิดหน้านี้ใหม่แล้วส่งอีกครั้ง"), code="key")
        return comment
    Mention.objects.bulk_create(Mention(comment=comment, user=person) for person in mentions)
    _read(Mention.objects.filter(comment__thread=thread), by)
    _record("comment.added", comment, answer.assessment, by)
    if thread.is_settled:
        _turn(thread, answer.assessment, is_settled=False, by=by)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, version: int, text: str, by: User) -> Comment:
    """Only one's own. Raises PermissionDenied, Conflict, or Refused when it was taken back."""
    _is_own(comment, by)
    if comment.removed_at:
        raise Refused(_("ความเห็นนี้ลบไปแล้ว แก้ไขไม่ได้"), code="removed")
    if comment.version == version and comment.text == text:
        return comment
    saved = swap(comment, version, text=text, edited_at=timezone.now())
    _record("comment.edited", saved, comment.thread.answer.assessment, by)
    return saved


@transaction.atomic
def remove_comment(comment: Comment, *, by: User) -> None:
    """Take back one's own; its place stays, its text goes. Twice is once."""
    _is_own(comment, by)
    rows = Comment.objects.filter(pk=comment.pk, removed_at=None)
    if rows.update(text="", removed_at=timezone.now()):
        _record("comment.removed", comment, comment.thread.answer.assessment, by)


def _is_own(comment: Comment, by: User) -> None:
    _may_speak(comment.thread.answer.assessment, by)
    if comment.author_id != by.pk:
        raise PermissionDenied(_("แก้หรือลบได้เฉพาะความเห็นของท่าน"))


@transaction.atomic
def turn_thread(answer: Answer, *, is_settled: bool, by: User) -> None:
    """Settle the matter, or reopen it. As it is already, or without a comment, nothing changes."""
    _may_speak(answer.assessment, by)
    thread = Thread.objects.select_for_update().filter(answer=answer).first()
    if thread and thread.is_settled != is_settled:
        _turn(thread, answer.assessment, is_settled=is_settled, by=by)


def _turn(thread: Thread, assessment: Assessment, *, is_settled: bool, by: User) -> None:
    Thread.objects.filter(pk=thread.pk).update(
        is_settled=is_settled, turned_at=timezone.now(), turned_by=by, turned_by_name=str(by)
    )
    _record("thread.settled" if is_settled else "thread.reopened", thread, assessment, by)


def read_mention(mention: Mention, *, by: User) -> None:
    _read(Mention.objects.filter(pk=mention.pk), by)


def read_mentions(*, by: User) -> None:
    _read(Mention.objects.all(), by)


def _read(rows, by: User) -> None:
    rows.filter(user=by, read_at=None).update(read_at=timezone.now())


def _record(action: str, obj: Comment | Thread, assessment: Assessment, by: User) -> None:
    log.record(action, obj, by=by, agency=assessment.agency)
