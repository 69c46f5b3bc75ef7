"""The findings of one answer, and the reasons for leaving them as they are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.advice.remarks import of_answer
from assessments.forms.parts import ReasonForm
from assessments.models import Answer
from assessments.pages.topics import frame
from assessments.presentation import why_read_only
from assessments.services import findings as services
from assessments.views.common import door, read_state, topic_place
from criteria.structure import RESULTS
from pmqa.errors import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Each finding with its reason, or a blank for one. POST stores one reason; an empty one takes it back."""
    assessment = door(request, pk)
    state = read_state(assessment)
    found = {row.pk: row for row in state.answers.every}
    if answer_id not in found:
        raise Http404
    answer = found[answer_id]
    category, topic, item = state.tree.place_of_part[answer.part.code]
    remarks = of_answer(assessment, state.answers, answer)
    form, status = None, 200
    if request.method == "POST":
        remark = next((row for row in remarks if row.key == request.POST.get("key")), None)
        if remark is None:
            messages.info(request, _("ข้อสังเกตนี้ไม่มีแล้ว เพราะคำตอบเปลี่ยนไป"))
            return redirect(request.path)
        form = ReasonForm(request.POST)
        status = _store(request, answer, form, key=remark.key, category=category.code)
        if status == 200:
            messages.success(request, _("บันทึกแล้ว ผู้ตรวจจะเห็นเหตุผลนี้คู่กับข้อสังเกต"))
            return redirect(request.path)
    is_indicator = category.kind == RESULTS
    context = frame(state, request.user, here="form4" if is_indicator else "form3") | {
        "answer": answer,
        "item": item,
        "topic": topic,
        "title": answer.indicator.name if is_indicator else item.title_th,
        "remarks": remarks,
        "form": form,
        "refused_key": request.POST.get("key") if form else None,
        "read_only": ""
        if answer.part.code in state.mendable(request.user, category.code)
        else why_read_only(request.user, assessment, category.code, item.code),
        "back": topic_place(assessment, topic, f"i{answer.pk}" if is_indicator else f"p{answer.part.code}"),
    }
    return render(request, "assessments/findings.html", context, status=status)


def _store(request: HttpRequest, answer: Answer, form: ReasonForm, *, key: str, category: str) -> int:
    """Store the reason and say how that went as a status; 200 is stored, else the form says why not."""
    if not form.is_valid():
        return 422
    try:
        services.reply(
            answer, key=key, reason=form.cleaned_data["reason"], category=category, by=request.user
        )
    except (Refused, PermissionDenied) as refused:
        form.add_error("reason", str(refused))
        return 403
    return 200
