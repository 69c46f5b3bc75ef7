"""An old version as the form would post it, so that it is cleaned like anything that is typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from assessments.forms.indicators import NUMBERS, IndicatorForm, figure_text
from assessments.forms.parts import AnswerForm
from assessments.models import Answer
from assessments.services.indicators import FIGURES
from criteria.structure import Part


def restored_answer(part: Part, answer: Answer, content: Mapping[str, Any], *, version: str) -> AnswerForm:
    """What the version does not say is posted as empty: a blank that is left out would stay as it is stored."""
    data = QueryDict(mutable=True)
    data["version"] = version
    data["claim"] = content.get("claim", "")
    values = content.get("values", {})
    for blank in part.fields:
        value = values.get(blank.key) or ""
        if blank.kind == "list":
            data.setlist(blank.key, value or [""])
        elif blank.kind == "table":
            for row, cells in enumerate(value or [[""]]):
                for column, cell in enumerate(cells):
                    data[f"{blank.key}.{row}.{column}"] = cell
        else:
            data[blank.key] = value
    return AnswerForm(part, answer, data)


def restored_indicator(
    answer: Answer, content: Mapping[str, Any], *, version: str, years: tuple[int, int, int]
) -> IndicatorForm:
    data = QueryDict(mutable=True)
    data["version"] = version
    figures = content.get("indicator", {})
    for name in FIGURES:
        value = figures.get(name) or ""
        data[name] = figure_text(Decimal(value)) if value and name in NUMBERS else value
    return IndicatorForm(answer, data, years=years)
