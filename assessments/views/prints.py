"""What every page shares on which printed forms are ordered: of the agency, of a reviewer, of a published result."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.forms.prints import FormChoice
from assessments.models import Assessment, Print
from pmqa.errors import Refused

# As many earlier prints as a page lists.
LISTED = 12


@dataclass(frozen=True)
class PrintPlace:
    """One such page, by the names of its routes: the page itself, how far a print is, and its file.

    Each view asks its own door first, and hands in the prints (`listed()`) that may be opened behind it.
    """

    page_route: str
    status_route: str
    file_route: str

    @property
    def routes(self) -> dict[str, str]:
        return {
            "page_route": self.page_route,
            "status_route": self.status_route,
            "file_route": self.file_route,
        }

    def asked_for(self, request: HttpRequest, found: QuerySet[Print]) -> Print | None:
        """The print that the address names: the one just ordered, or an earlier one that was found again."""
        asked = request.GET.get("made", "")
        return found.filter(pk=asked).first() if re.fullmatch(r"[0-9]{1,12}", asked) else None

    def page(
        self,
        request: HttpRequest,
        assessment: Assessment,
        form: FormChoice,
        found: QuerySet[Print],
        order: Callable[[], Print],
        template: str,
        context: dict[str, Any],
    ) -> HttpResponse:
        """GET shows the form, what was asked for and what is there; POST calls `order` for a valid form."""
        status = 200
        if request.method == "POST":
            if form.is_valid():
                try:
                    ordered = order()
                except Refused as refused:
                    form.add_error(None, str(refused))
                    status = 409
                else:
                    return redirect(f"{reverse(self.page_route, args=[assessment.pk])}?made={ordered.pk}")
            else:
                status = 422
        made = self.asked_for(request, found)
        shown = {
            "assessment": assessment,
            "form": form,
            "made": made,
            "others": [row for row in found[:LISTED] if row != made],
        }
        return render(request, template, context | shown | self.routes, status=status)

    def status(
        self, request: HttpRequest, assessment: Assessment, found: QuerySet[Print], pk: int
    ) -> JsonResponse:
        made = get_object_or_404(found, pk=pk)
        context = {"assessment": assessment, "made": made} | self.routes
        html = render_to_string("assessments/_print.html", context, request)
        return JsonResponse({"state": made.state.state, "html": html})

    def ready_or_404(self, found: QuerySet[Print], pk: int) -> Print:
        made = get_object_or_404(found, pk=pk)
        if not made.state.is_ready:
            raise Http404
        return made

    def file(self, assessment: Assessment, made: Print) -> FileResponse:
        """The file of a print that is ready; the view has recorded who takes it."""
        return FileResponse(
            made.file.open("rb"),
            as_attachment=True,
            filename=_file_name(assessment, made),
            content_type="application/pdf",
        )


def _file_name(assessment: Assessment, made: Print) -> str:
    what = "" if made.submission else " " + _("ฉบับร่าง")
    if made.marks_digest:
        what = " " + _("พร้อมผลการตรวจ")
    return f"{made.name} {assessment.agency.code} {assessment.cycle.year}{what}.pdf"
