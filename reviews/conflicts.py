"""Two saves of one text of the lead: what is shown side by side, and what was chosen."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.comparing import Piece, compare


def differing(
    labels: Mapping[str, str], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The fields of partials/conflict.html: every text of `labels` that differs, and a proposal of both."""
    fields = []
    for key, label in labels.items():
        if mine[key] == theirs[key]:
            continue
        compared = compare(mine[key], theirs[key])
        fields.append(
            {
                "key": key,
                "label": label,
                "mine": _underlined(compared.mine),
                "theirs": _underlined(compared.theirs),
                "merged": compared.merged,
            }
        )
    return fields


def _underlined(pieces: tuple[Piece, ...]) -> SafeString:
    if not pieces:
        return format_html('<span class="fine">{}</span>', _("ไม่มีข้อความ"))
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<ins>{}</ins>", text) if differs and text.strip() else text,)
            for text, differs in pieces
        ),
    )


def resolved(data: QueryDict) -> QueryDict:
    """The data of a save: as posted, or with the merged texts where the conflict page says so."""
    if data.get("keep") != "merged":
        return data
    chosen = data.copy()
    for name, text in data.items():
        if name.startswith("merged-"):
            chosen[name.removeprefix("merged-")] = text
    return chosen
