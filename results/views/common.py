"""The door to one result, shared by all pages."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.middleware import opened
from assessments.models import PRELIMINARY, Assessment
from results import sheet
from results.models import ResultSheet
from results.payload import Payload
from results.reading import open_to


@dataclass(frozen=True)
class Shown:
    """A result as this person may see it: from its frozen sheet, or as a preview that is not stored."""

    assessment: Assessment
    payload: Payload
    sheet: ResultSheet | None

    @property
    def is_preview(self) -> bool:
        return self.sheet is None

    @property
    def is_preliminary(self) -> bool:
        """Told to the agency, and not final in all its parts."""
        return self.is_preview and self.assessment.status in PRELIMINARY


def case_or_404(request: HttpRequest, pk: int) -> Assessment:
    return get_object_or_404(open_to(request.user).with_places(), pk=pk)


def published_or_refuse(request: HttpRequest, pk: int) -> tuple[Assessment, ResultSheet]:
    """The published result; 404 without a relation to it, PermissionDenied while it is not published."""
    assessment = case_or_404(request, pk)
    opened(request, assessment, is_result=True)
    if not request.user.has_perm("results.read", assessment):
        raise PermissionDenied(_("ยังไม่ประกาศผลการประเมินนี้ เมื่อประกาศแล้วหน่วยงานและผู้ตรวจของเรื่องนี้เปิดอ่านได้"))
    return assessment, assessment.sheets.first()


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
