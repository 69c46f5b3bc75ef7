"""The result before, beside one topic of an assessment that is being written."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.reading import read_answers, tree_of
from results.last_year import sheet_before, topic_before


@login_required
@require_safe
def last_year(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Verdicts, comments and the opportunity for improvement of this topic in the agency's last published result."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    if not request.user.has_perm("assessments.read", assessment):
        raise PermissionDenied(_("ผู้เปิดอ่านคำตอบของรอบนี้คือหน่วยงานเจ้าของแบบประเมิน"))
    topic = tree_of(assessment).topics.get(code)
    if topic is None or "." not in code:
        raise Http404
    sheet = sheet_before(assessment)
    if sheet is not None and not request.user.has_perm("results.read", sheet.assessment):
        sheet = None
    context = {
        "assessment": assessment,
        "topic": topic,
        "sheet": sheet,
        "before": topic_before(sheet, read_answers(assessment, topic=code), code) if sheet else None,
    }
    return render(request, "results/last_year.html", context)
