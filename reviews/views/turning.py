"""Marks that are changed beyond the part in hand: taken back, brought again, or given to sibling parts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pmqa.errors import Refused
from reviews.models import Verdict
from reviews.services import siblings as sibling_services
from reviews.services import undoing
from reviews.views.doors import own_case
from reviews.views.marking import code_of, markable, place_of


@login_required
@never_cache
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last mark back, or bring back what was taken back; the page opens at that part."""
    assessment, _rows = own_case(request, pk)
    again = request.POST.get("way") == "again"
    try:
        turned = undoing.undo(assessment, by=request.user, again=again)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("reviews:next", pk=pk)
    for verdict in turned:
        verdict.answer.assessment = assessment
    told = {
        "codes": " ".join(code_of(verdict.answer) for verdict in turned),
        "outcome": Verdict.Outcome(turned[0].outcome).label,
    }
    sentence = (
        _("ทำซ้ำ %(codes)s แล้ว เป็น “%(outcome)s”") if again else _("เลิกทำ %(codes)s แล้ว กลับเป็น “%(outcome)s”")
    )
    messages.success(request, sentence % told)
    return redirect(place_of(turned[0].answer))


@login_required
@never_cache
@require_POST
def siblings(request: HttpRequest, pk: int, answer: int) -> HttpResponse:
    """Give the stored mark of one part to those chosen of its item."""
    assessment, _rows = own_case(request, pk)
    found = markable(request, pk, answer)
    chosen = _chosen(request)
    if not chosen:
        messages.info(request, _("เลือกส่วนที่จะใช้ผลและความเห็นนี้ก่อน"))
        return redirect(place_of(found))
    try:
        applied = sibling_services.use_for_siblings(found, chosen=chosen, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(place_of(found))
    if applied.changed:
        sentence = _("ใช้ผลและความเห็นนี้กับอีก %(n)d ส่วนแล้ว กด “เลิกทำ” ถ้าต้องการย้อน")
        messages.success(request, sentence % {"n": len(applied.changed)})
    for stale in applied.stale:
        stale.assessment = assessment
        sentence = _("%(code)s เปลี่ยนจากที่เห็นในหน้านี้ จึงยังไม่ใช้ ดูแล้วเลือกอีกครั้ง")
        messages.warning(request, sentence % {"code": code_of(stale)})
    return redirect(place_of(found))


def _chosen(request: HttpRequest) -> dict[int, int]:
    """Key of an answer -> version of its mark on the screen."""
    try:
        pairs = [value.split(":") for value in request.POST.getlist("sibling")]
        return {int(answer): int(version) for answer, version in pairs}
    except ValueError:
        raise PermissionDenied(_("เลือกได้เฉพาะส่วนของข้อเดียวกัน")) from None
