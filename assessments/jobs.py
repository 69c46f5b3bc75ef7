"""The background work of this app. Ids in, services called, nothing else."""

from typing import Any

from django.conf import settings

from assessments.files import virus_scan
from assessments.models import EvidenceVersion
from assessments.services import evidence
from assessments.services.printing import PRINT_JOB, make
from pmqa.jobs.services import Progress, register


@register(PRINT_JOB)
def print_form(args: dict[str, Any], progress: Progress) -> None:
    make(args["print"], progress=progress)


@register(evidence.SCAN_JOB)
def scan_evidence(args: dict[str, Any], progress: Progress) -> None:
    """Ask the scanner about one file. While it gives no verdict the job fails, and `tidy_evidence` asks again."""
    version = EvidenceVersion.objects.select_related("evidence__assessment__agency").get(pk=args["version"])
    if not settings.CLAMAV_ADDRESS:
        return
    with version.file.open("rb") as file:
        finding = virus_scan.find_in(file, settings.CLAMAV_ADDRESS)
    evidence.settle_scan(version, finding)
    progress(1, 1)
