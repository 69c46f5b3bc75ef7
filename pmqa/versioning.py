"""Saving without losing anybody's text: compare and swap on a version number."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

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


def insert_or_swap(model: type[Row], version: int, *, key: Mapping[str, Any], **changes: Any) -> Row:
    """`swap` for a row that may not exist yet: no row is version 0, and the first save makes version 1.

    `key` names the row by fields that are unique together; for two first saves that unique key is the
    comparison. Raises Conflict with the row as it is now, or an unsaved one at version 0 when it is gone.
    """
    rows = model._default_manager.filter(**key)
    if rows.filter(version=version).update(version=version + 1, **changes):
        return rows.get()
    if version == 0:
        try:
            with transaction.atomic():
                return model._default_manager.create(**key, version=1, **changes)
        except IntegrityError:
            if not rows.exists():
                raise
    raise Conflict(rows.first() or model(**key, version=0))
