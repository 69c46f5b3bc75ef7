"""The door to one result, shared by all pages."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from assessments.middleware import opened
from assessments.models import PRELIMINARY, Assessment
from assessments.reading import tree_of
from assessments.views.common import door
from pmqa.accounts import log
from results import sheet
from results.models import Report, ResultSheet
from results.naming import in_language
from results.payload import Payload
from results.reading import open_to, report_state, with_report


@dataclass(frozen=True)
class Shown:
    """A result as this person may see it: from a frozen sheet, or as a preview that is not stored.

    `replaced_by` is the edition that came after `sheet`, and `current` the one that counts; both None for the latter.
    """

    assessment: Assessment
    payload: Payload
    sheet: ResultSheet | None
    is_draft: bool = False
    is_before_appeals: bool = False
    replaced_by: ResultSheet | None = None
    current: ResultSheet | None = None

    @cached_property
    def named(self) -> Payload:
        """The payload as a page shows it: with the names of its language."""
        return in_language(self.payload)

    @property
    def is_preview(self) -> bool:
        return self.sheet is None

    @property
    def is_preliminary(self) -> bool:
        """Told to the agency, and not final in all its parts."""
        is_now = not self.is_draft and not self.is_before_appeals
        return self.is_preview and is_now and self.assessment.status in PRELIMINARY


def case_or_404(request: HttpRequest, pk: int) -> Assessment:
    return get_object_or_404(with_report(open_to(request.user).with_places()), pk=pk)


def published_or_refuse(request: HttpRequest, pk: int) -> tuple[Assessment, ResultSheet]:
    """The published result; 404 without a relation to it, PermissionDenied while it is not published."""
    assessment = case_or_404(request, pk)
    opened(request, assessment, is_result=True)
    if not request.user.has_perm("results.read", assessment):
        raise PermissionDenied(_("ยังไม่ประกาศผลการประเมินนี้ เมื่อประกาศแล้วหน่วยงานและผู้ตรวจของเรื่องนี้เปิดอ่านได้"))
    return assessment, assessment.sheets.first()


def draft_or_refuse(request: HttpRequest, pk: int) -> Shown:
    """What is claimed now, for whoever may read the answers; 404 for an edition that gives no scores."""
    assessment = door(request, pk)
    if not tree_of(assessment).has_levels:
        raise Http404
    return Shown(assessment, sheet.self_assessed(assessment), None, is_draft=True)


def shown_or_refuse(request: HttpRequest, pk: int) -> Shown:
    """The published result, the preliminary one, or for those who may preview it what would be published now."""
    assessment = case_or_404(request, pk)
    opened(request, assessment, is_result=True)
    if request.user.has_perm("results.read_preliminary", assessment):
        return Shown(assessment, sheet.preliminary(assessment, at=timezone.now()), None)
    if not request.user.has_perm("results.read", assessment) and request.user.has_perm(
        "results.preview", assessment
    ):
        return Shown(assessment, sheet.build(assessment, at=timezone.now()), None)
    assessment, frozen = published_or_refuse(request, pk)
    return Shown(assessment, frozen.payload, frozen)


def edition_or_refuse(request: HttpRequest, pk: int, revision: int) -> Shown:
    """One edition of a published result, for whoever reads that result; 404 where there is no such edition."""
    assessment, latest = published_or_refuse(request, pk)
    if revision == latest.revision:
        return Shown(assessment, latest.payload, latest)
    frozen = get_object_or_404(assessment.sheets, revision=revision)
    following = assessment.sheets.defer("payload").filter(revision__gt=revision).last()
    return Shown(assessment, frozen.payload, frozen, replaced_by=following, current=latest)


def told_or_refuse(request: HttpRequest, pk: int) -> Assessment:
    """The case, for whoever knows its preliminary result or reads the result that followed from it."""
    assessment = case_or_404(request, pk)
    user = request.user
    if not (
        user.has_perm("results.read_preliminary", assessment) or user.has_perm("results.read", assessment)
    ):
        raise PermissionDenied(_("ยังไม่แจ้งผลเบื้องต้นของการประเมินนี้"))
    opened(request, assessment, is_result=True)
    return assessment


def before_appeals_or_refuse(request: HttpRequest, pk: int) -> Shown:
    """What the agency was told first, before its requests for a second look were decided."""
    assessment = told_or_refuse(request, pk)
    payload = sheet.before_appeals(assessment, at=timezone.now())
    return Shown(assessment, payload, None, is_before_appeals=True)


def place(shown: Shown) -> dict[str, Any]:
    """What the head of every page of one result says."""
    return {
        "assessment": shown.assessment,
        "sheet": shown.sheet,
        "payload": shown.named,
        "is_preview": shown.is_preview,
        "is_preliminary": shown.is_preliminary,
        "is_draft": shown.is_draft,
        "is_before_appeals": shown.is_before_appeals,
        "replaced_by": shown.replaced_by,
    }


def record_download(request: HttpRequest, sheet: ResultSheet, kind: str, **more: str) -> None:
    agency = sheet.assessment.agency
    log.record(
        "result.downloaded",
        sheet,
        by=request.user,
        agency=agency,
        format=kind,
        revision=sheet.revision,
        **more,
    )


def file_name(sheet: ResultSheet, what: str, ending: str) -> str:
    agency, year = sheet.payload["agency"], sheet.payload["cycle"]["year"]
    revision = f" {sheet.revision}" if sheet.revision > 1 else ""
    return f"{what} {agency['code']} {year}{revision}.{ending}"


def csv_file(content: bytes, name: str) -> HttpResponse:
    """A table as a file to keep."""
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )


def printed_file(request: HttpRequest, sheet: ResultSheet, report: Report | None) -> FileResponse:
    """A printed document as a file to keep; 404 while it is not printed. The download is in the log."""
    if report is None or not report_state(report).is_ready:
        raise Http404
    more = {} if report.kind == Report.Kind.FEEDBACK else {"document": report.kind}
    record_download(request, sheet, "pdf", **more)
    return FileResponse(
        report.file.open("rb"),
        as_attachment=True,
        filename=file_name(sheet, report.get_kind_display(), "pdf"),
        content_type="application/pdf",
    )
