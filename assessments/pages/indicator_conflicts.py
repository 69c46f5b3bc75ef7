"""Two saves of one indicator: both versions, figure by figure, in the shape of `assessments.pages.conflicts`."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assessments.forms.indicators import IndicatorForm, figure_text
from assessments.models import Answer, Indicator
from assessments.pages.conflicts import conflict_context
from assessments.services.indicators import FIGURES
from criteria.structure import Field, Part
from pmqa.accounts.models import User

# Texts long enough to be merged; of a figure one version is right.
_TEXTS = ("name", "target_basis")


def stored_figures(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer.indicator, name) for name in FIGURES}


@dataclass(frozen=True)
class _Written:
    """One version of an indicator, as `conflict_context` reads a form and a stored answer."""

    values: dict[str, str]
    version: int = 0
    updated_by: User | None = None
    updated_at: datetime | None = None
    claim: str = ""
    chosen_claim: str = ""
    part: Part | None = None
    data: Any = None


def indicator_conflict(form: IndicatorForm, current: Answer, *, code: str) -> dict[str, Any]:
    """Context of the conflict templates for a valid `form` that came too late; `code` is shown, 7.1.1.1."""
    blanks = tuple(Field(name, str(form.labels[name])) for name in FIGURES)
    mine = _Written(
        _words(form.figures),
        part=Part(code, "", "", blanks),
        data=form.data,
    )
    theirs = _Written(
        _words(stored_figures(current)),
        version=current.version,
        updated_by=current.updated_by,
        updated_at=current.updated_at,
    )
    context = conflict_context(mine, theirs)
    context["fields"] = [
        field if field.key in _TEXTS else replace(field, merged=figure_text(form.figures[field.key]))
        for field in context["fields"]
    ]
    return context


def theirs_values(current: Answer) -> dict[str, str]:
    """What is stored, as it is typed into the blanks; empty ones are left out."""
    return {name: text for name, value in stored_figures(current).items() if (text := figure_text(value))}


def _words(figures: dict[str, Any]) -> dict[str, str]:
    words = {name: figure_text(value) for name, value in figures.items()}
    return words | {"direction": str(Indicator.Direction(figures["direction"]).label)}
