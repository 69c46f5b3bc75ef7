"""A result that was corrected after its publication: every revision, why, and what changed; who is told."""

from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmqa.accounts.mail import send
from results.corrections import difference
from results.models import Report, ResultSheet
from results.naming import in_language
from results.presentation import figures
from results.reading import concerned_by
from results.report_rows import score_rows
from results.stage_two.showing import shown_stage_two
from results.views.common import published_or_refuse


def tell_of_correction(request: HttpRequest, sheet: ResultSheet) -> None:
    """The lead, every auditor, and those who answer for the agency. The mail says where, not what."""
    url = request.build_absolute_uri(reverse("results:revisions", args=[sheet.assessment_id]))
    mail = "results/email/stage_two" if sheet.adds_stage_two else "results/email/corrected"
    for person in concerned_by(sheet.assessment):
        send(mail, person, url=url, kind=sheet.get_correction_display())


@login_required
@require_safe
def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every revision in full, the latest first, each with what differs from the one before."""
    assessment, latest = published_or_refuse(request, pk)
    sheets = list(assessment.sheets.order_by("-revision"))
    told = {sheet.pk: in_language(sheet.payload) for sheet in sheets}
    pairs = list(pairwise(sheets))
    changed = {later.pk: difference(told[earlier.pk], told[later.pk]) for later, earlier in pairs}
    before = {later.pk: earlier.revision for later, earlier in pairs}
    printed = Report.objects.filter(sheet__assessment=assessment, kind=Report.Kind.FEEDBACK).exclude(file="")
    ready = set(printed.values_list("sheet", flat=True))
    context = {
        "assessment": assessment,
        "sheet": latest,
        "payload": told[latest.pk],
        "lines": [
            {
                "sheet": sheet,
                "figures": figures(told[sheet.pk]),
                "stage_two": shown_stage_two(sheet.payload),
                # The edition in which its numbers open; None for the one that counts, and of what it is compared with.
                "edition": None if sheet.pk == latest.pk else sheet.revision,
                "before": before.get(sheet.pk),
                "difference": changed.get(sheet.pk),
                "rows": score_rows(told[sheet.pk]),
                "has_report": sheet.pk in ready,
            }
            for sheet in sheets
        ],
    }
    return render(request, "results/revisions.html", context)
