"""What the preview of a workbook shows of each change, and what it posts back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from assessments.incoming.changes import CHANGE, CONFLICT, FAULT, LEFT_OUT, Plan
from assessments.models import WorkbookImport
from assessments.pages.incoming import view_of
from assessments.services.incoming import Choice


def preview_context(
    pending: WorkbookImport, plan: Plan, choices: Mapping[str, Choice], open_keys: frozenset[str]
) -> dict[str, Any]:
    """Context of assessments/workbook_preview.html."""
    chosen = plan.of(CHANGE, CONFLICT)
    return {
        "pending": pending,
        "exported_at": _moment(pending.contents["identity"].get("exported_at", "")),
        "groups": [
            (category, [view_of(change, choices, open_keys) for change in changes])
            for category, changes in plan.by_category
        ],
        "cells": sum(len(change.lines) for change in plan.of(CHANGE)),
        "parts": len(plan.of(CHANGE)),
        "conflicts": len(plan.of(CONFLICT)),
        "not_written": len(plan.of(FAULT, LEFT_OUT)),
        "missing": plan.missing,
        "may_apply": bool(chosen),
        "is_open": pending.assessment.is_open(),
        "came_back": len(open_keys),
    }


def _moment(text: str) -> datetime | None:
    """When the file says it was exported; nothing where somebody wrote there."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
