"""Comparing marks: of one case for its lead, of a cycle in totals for OPDC, and with what was decided before."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Assessment, Cycle
from reviews.decided import judged_answers
from reviews.views.settled import frame, room_of, settled_case
from reviews.weighing_reading import read_balance, read_cycle, read_earlier

PER_PAGE = 50


@login_required
@never_cache
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Who differs from the panel and where, and what looks like the same case with two marks."""
    assessment = settled_case(request, pk)
    if not request.user.has_perm("reviews.weigh", assessment):
        raise PermissionDenied(_("หน้านี้สำหรับหัวหน้าทีมผู้ตรวจประเมินและผู้ตรวจสอบ"))
    room = room_of(request, assessment)
    context = frame(request, assessment, here="weighing") | {"room": room, "balance": read_balance(room)}
    return render(request, "reviews/weighing.html", context)


@login_required
@never_cache
@require_safe
def earlier(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """What was decided on the same part, and on indicators of the same kind, in published results of the edition."""
    assessment = settled_case(request, pk)
    judged = next((row for row in judged_answers(assessment) if row.answer.pk == answer_id), None)
    if judged is None:
        raise Http404
    context = frame(request, assessment, here="consensus") | {
        "judged": judged,
        "earlier": read_earlier(judged, assessment, request.user),
    }
    return render(request, "reviews/earlier.html", context)


@login_required
@never_cache
@require_safe
def cycle(request: HttpRequest) -> HttpResponse:
    """All settled cases of a cycle; no marks, and nobody's name."""
    if not request.user.has_perm("reviews.follow"):
        raise PermissionDenied(_("หน้านี้สำหรับเจ้าหน้าที่ สำนักงาน ก.พ.ร."))
    cycles = list(Cycle.objects.select_related("edition"))
    asked = request.GET.get("cycle", "")
    chosen = next((one for one in cycles if str(one.pk) == asked), cycles[0] if cycles else None)
    context = {"cycles": cycles, "cycle": chosen}
    if chosen:
        balance = read_cycle(chosen, Assessment.objects.visible_to(request.user))
        context |= {
            "balance": balance,
            "page": Paginator(balance.cases, PER_PAGE).get_page(request.GET.get("page")),
        }
    return render(request, "reviews/cycle_weighing.html", context)
