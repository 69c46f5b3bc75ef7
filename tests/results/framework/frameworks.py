"""Frameworks for tests: the announced one with other weights, and as a page sends them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from results.framework.weights import Framework, plain, standard


def weighing(pmqa: str, *, performance: str = "70", potential: str = "30", digital: str = "15") -> Framework:
    """The announced framework with these weights."""
    mission, government, own = standard().components
    return Framework(
        Decimal(performance),
        Decimal(potential),
        (
            replace(mission, weight=Decimal(performance)),
            replace(government, weight=Decimal(digital)),
            replace(own, weight=Decimal(pmqa)),
        ),
    )


def sent(framework: Framework, *, version: int = 0, step: str = "store") -> dict[str, Any]:
    """What a browser sends of the page of this framework."""
    data: dict[str, Any] = {
        "version": version,
        "step": step,
        "performance": plain(framework.performance),
        "potential": plain(framework.potential),
        "form-TOTAL_FORMS": len(framework.components),
        "form-INITIAL_FORMS": 0,
    }
    for place, part in enumerate(framework.components):
        line = {
            "name": part.name,
            "name_en": part.name_en,
            "group": part.group,
            "weight": plain(part.weight),
            "least": part.least,
            "most": part.most,
            "bases": list(part.bases),
        }
        if part.is_pmqa:
            line["is_pmqa"] = "on"
        data |= {f"form-{place}-{name}": value for name, value in line.items()}
    return data
