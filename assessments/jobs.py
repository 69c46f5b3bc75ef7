"""The background work of this app. Ids in, services called, nothing else."""

from typing import Any

from assessments.services.printing import PRINT_JOB, make
from pmqa.jobs.services import Progress, register


@register(PRINT_JOB)
def print_form(args: dict[str, Any], progress: Progress) -> None:
    make(args["print"], progress=progress)
