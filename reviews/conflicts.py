"""Two saves of one text of a reviewer or lead: what is shown side by side, and what was chosen."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.pages.conflicts import ConflictField, side_by_side


def differing(
    labels: Mapping[str, str], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[ConflictField]:
    """The fields of partials/conflict.html: every text of `labels` that differs, and a proposal of both."""
    return [
        side_by_side(key, label, mine[key], theirs[key], empty=_("ไม่มีข้อความ"))
        for key, label in labels.items()
        if mine[key] != theirs[key]
    ]


def resolved(data: QueryDict) -> QueryDict:
    """The data of a save: as posted, or with the merged texts where the conflict page says so."""
    if data.get("keep") != "merged":
        return data
    chosen = data.copy()
    for name, text in data.items():
        if name.startswith("merged-"):
            chosen[name.removeprefix("merged-")] = text
    return chosen
