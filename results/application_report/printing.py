"""A submitted report on paper: its frozen content -> HTML -> tagged PDF, always in Thai, kept as a private file."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from assessments.models import award_words
from pmqa import pdf
from pmqa.accounts import log
from pmqa.accounts.models import Membership
from pmqa.files import is_there, keep
from pmqa.jobs.services import Progress
from pmqa.seal import Seal, seal_of
from pmqa.thai import thai_datetime
from results.application_report.facts import YEARS, LeTCI, letci
from results.application_report.models import ApplicationReport
from results.application_report.sections import CHECK, INDICATOR
from results.application_report.words import chips_of

TITLE = "รายงานผลการดำเนินการพัฒนาองค์การ"


@dataclass(frozen=True)
class PaperIndicator:
    """An indicator of the content with what LeTCI says of it."""

    shown: dict[str, Any]
    facts: LeTCI
    chips: list[str]

    @property
    def results(self) -> list[tuple[int, str]]:
        return [
            (year, self.shown["values"][key]) for year, key in zip(self.shown["years"], YEARS, strict=True)
        ]


@dataclass(frozen=True)
class PaperBlock:
    code: str
    name: str
    question: str
    texts: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    indicators: list[PaperIndicator]


def render_html(report: ApplicationReport) -> str:
    content = report.content
    with translation.override("th"):
        context = {
            "content": content,
            "title": TITLE,
            "award": award_words(content),
            "chapters": [
                chapter | {"blocks": [_block(block) for block in chapter["blocks"]]}
                for chapter in content["chapters"]
            ],
            "submitted": _submitted(report),
            "seal": seal_of_report(report),
        }
        return render_to_string("print/application_report.html", context)


def seal_of_report(report: ApplicationReport) -> Seal:
    return seal_of(report.content, document=TITLE, digest=report.digest, which=f"ส่งครั้งที่ {report.number}")


def _submitted(report: ApplicationReport) -> str:
    order = f" ({report.order_reference})" if report.order_reference else ""
    role = Membership.Role(report.capacity).label
    return f"{thai_datetime(report.submitted_at, 'full')} โดย {report.submitted_by_name} {role}{order}"


def _block(block: dict[str, Any]) -> PaperBlock:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for section in block["sections"]:
        kind = section["kind"] if section["kind"] in (CHECK, INDICATOR) else ""
        by_kind.setdefault(kind, []).append(section)
    return PaperBlock(
        block["code"],
        block["name"],
        block["question"],
        texts=by_kind.get("", []),
        checks=by_kind.get(CHECK, []),
        indicators=[
            PaperIndicator(section, facts, chips_of(facts))
            for section in by_kind.get(INDICATOR, [])
            for facts in [letci(section["values"])]
        ],
    )


def render_pdf(report: ApplicationReport, *, progress: Progress | None = None) -> bytes:
    return pdf.render(render_html(report), progress=progress)


def keep_print(report: ApplicationReport, *, progress: Progress | None = None) -> None:
    """Print a submitted report and keep the file; twice does no harm, for the same content gives the same bytes."""
    if is_there(report.file):
        return
    agency, year = report.content["agency"]["code"], report.content["cycle"]["year"]
    name = f"reports/{year}/{agency}-application-report-{report.digest[:12]}.pdf"
    sha256 = keep(name, render_pdf(report, progress=progress))
    with transaction.atomic():
        rows = ApplicationReport.objects.filter(pk=report.pk)
        rows.update(file=name, sha256=sha256, rendered_at=timezone.now())
        assessment = report.assessment
        log.record(
            "application_report.rendered", assessment, by=None, agency=assessment.agency, sha256=sha256
        )
