"""Storing what a file changes: who may, and nothing that its person has not seen as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.incoming.changes import CHANGE, Change
from assessments.models import Assessment
from assessments.reading import tree_of
from assessments.rules import Chapter
from assessments.services.answers import refuse_closed
from assessments.workflow import lock
from criteria.structure import PROFILE
from pmqa.accounts.models import User


@dataclass(frozen=True)
class Choice:
    """What somebody decided on one change, and the version of the stored part that was before them."""

    seen: int
    keep: str = ""


class Unsettled(Exception):
    """Not everything was decided on what is stored now; nothing was written. `keys` are the open changes."""

    def __init__(self, keys: frozenset[str]):
        super().__init__(f"{len(keys)} changes are open")
        self.keys = keys


def check_open(assessment: Assessment, by: User) -> Assessment:
    """The assessment, locked inside a transaction, for somebody who may write some of it."""
    if not by.has_perm("assessments.import_file", assessment):
        raise PermissionDenied(_("ผู้นำเข้าไฟล์คือผู้ประสานงาน เจ้าภาพหมวด และผู้ร่วมเขียนที่ได้รับมอบข้อ"))
    with transaction.atomic():
        return refuse_closed(lock(assessment))


def writable(assessment: Assessment, user: User) -> dict[str, bool]:
    """By code of the part, whether this person may change it."""
    return {
        code: user.has_perm("assessments.edit", Chapter(assessment, category.code, item.code))
        for code, (category, _topic, item) in tree_of(assessment).place_of_part.items()
    }


def names_of(changes: list[Change]) -> list[str]:
    return [change.title if change.category.kind == PROFILE else change.code for change in changes]


def is_settled(change: Change, choices: Mapping[str, Choice]) -> bool:
    choice = choices.get(change.key)
    if choice is None or choice.seen != change.version:
        return False
    return change.state == CHANGE or choice.keep in change.options
