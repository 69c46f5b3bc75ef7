"""Saving without losing anybody's text: compare and swap on a version number."""

from typing import Any, TypeVar

from django.db import models

from pmqa.errors import Conflict


class Versioned(models.Model):
    """A row that several people edit. It is changed by `swap` only."""

    version = models.PositiveIntegerField("รุ่นของข้อมูล", default=0, editable=False)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Versioned)


def swap(row: Row, version: int, **changes: Any) -> Row:
    """Write `changes` if the row still has `version`; return the row as stored.

    Compare and write are one UPDATE statement. Raises Conflict, with the row as it is now, when
    somebody was faster.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    if not rows.filter(version=version).update(version=version + 1, **changes):
        raise Conflict(rows.get())
    return rows.get()
