"""The internal check: its two pages, and every step of it up to the head and back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import Answer, Assessment, Status
from assessments.pages.checks import Typed, check_context, check_topic_context
from assessments.pages.topics import frame
from assessments.presentation import deadline
from assessments.reading import tree_of
from assessments.services import checking as services
from assessments.views.common import door, read_state
from criteria.catalogue import topic_or_404
from pmqa.errors import Conflict, Refused
from pmqa.numbers import posted_version

CHECKING = (Status.INTERNAL_CHECK, Status.AWAITING_HEAD)


@login_required
@never_cache
def internal_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Every topic with how much of it is checked, and what was sent back. Elsewhere on the way there is none."""
    assessment = door(request, pk)
    if assessment.status not in CHECKING:
        return redirect("assessments:check", pk)
    state = read_state(assessment)
    context = frame(state, request.user, here="check") | check_context(state)
    context["deadline"] = deadline(assessment)
    context["may_check"] = request.user.has_perm("assessments.check", assessment)
    return render(request, "assessments/internal_check.html", context)


@login_required
@never_cache
def check_topic(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One topic to read, with each part to be checked or sent back."""
    assessment = door(request, pk)
    topic = topic_or_404(assessment.cycle.edition, code)
    if assessment.status not in CHECKING:
        return redirect("assessments:topic", pk, topic.code)
    return _topic_page(request, assessment, code)


def _topic_page(
    request: HttpRequest, assessment: Assessment, code: str, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    state = read_state(assessment)
    topic = state.tree.topics[code]
    context = frame(state, request.user, here="check") | check_topic_context(
        state, topic, request.user, typed
    )
    context |= {
        "topic": topic,
        "category": state.tree.category_of_topic[code],
        "may_check": context["is_checking"] and request.user.has_perm("assessments.check", assessment),
    }
    return render(request, "assessments/internal_topic.html", context, status=status)


# --- single answers ---------------------------------------------------------------------------


def _answer(request: HttpRequest, pk: int, answer_id: int) -> tuple[Answer, str, str]:
    """An answer of this assessment, its topic, and the address of its place in the check."""
    assessment = door(request, pk)
    _refuse_others(request, assessment)
    answer = get_object_or_404(assessment.answers.select_related("part"), pk=answer_id)
    answer.assessment = assessment
    topic = tree_of(assessment).place_of_part[answer.part.code][1].code
    return answer, topic, f"{reverse('assessments:check_topic', args=[pk, topic])}#c{answer_id}"


def _refuse_others(request: HttpRequest, assessment: Assessment) -> None:
    if not request.user.has_perm("assessments.check", assessment):
        raise PermissionDenied(_("ผู้ตรวจทานและเสนอหัวหน้าคือผู้ประสานงานของหน่วยงาน"))


@login_required
@require_POST
def check_answer(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Mark one answer as checked, as it was read."""
    answer, topic, place = _answer(request, pk, answer_id)
    try:
        services.check_answer(answer, version=posted_version(request.POST.get("version")), by=request.user)
    except Conflict:
        messages.error(request, _("ส่วนนี้เปลี่ยนหลังจากที่ท่านเปิดหน้านี้ อ่านฉบับล่าสุดแล้วจึงยืนยันว่าตรวจแล้ว"))
        return _topic_page(request, answer.assessment, topic, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(place)


@login_required
@never_cache
@require_POST
def send_part_back(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Open one part for its writers again; a note that is not stored comes back."""
    answer, topic, place = _answer(request, pk, answer_id)
    note = request.POST.get("note", "")
    try:
        services.send_part_back(answer, note=note, by=request.user)
    except Refused as refused:
        if refused.code in ("move", "gone"):
            messages.error(request, str(refused))
            return redirect(place)
        return _topic_page(
            request, answer.assessment, topic, Typed(answer_id, note, str(refused)), status=422
        )
    messages.success(request, _("ส่งกลับแล้ว ผู้เขียนแก้ไขส่วนนี้ได้ และเห็นข้อความของท่าน"))
    return redirect(place)


# --- the whole --------------------------------------------------------------------------------


def _step(request: HttpRequest, act: Callable[[], Any], done: str, *place: Any) -> HttpResponse:
    """Do one step and go on to `place`, with what was done or why not; missing answers lead to their list."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        if refused.code == "gaps":
            return redirect("assessments:check", place[-1])
    else:
        messages.success(request, done)
    return redirect(*place)


@login_required
@require_POST
def start_check(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = door(request, pk)
    done = _("เริ่มตรวจทานแล้ว คำตอบถูกล็อกไว้ ส่วนที่ส่งกลับเท่านั้นที่แก้ไขได้")
    return _step(
        request,
        lambda: services.start_check(assessment, by=request.user),
        done,
        "assessments:internal_check",
        pk,
    )


@login_required
@require_POST
def check_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a topic, or everything, as checked. Parts that were sent back are left to be read one by one."""
    assessment = door(request, pk)
    _refuse_others(request, assessment)
    code, seen = request.POST.get("topic", ""), request.POST.get("seen", "")
    if code:
        topic_or_404(assessment.cycle.edition, code)
    try:
        count = services.check_many(assessment, topic=code, seen=seen, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        told = ngettext("บันทึกว่าตรวจแล้ว %(n)d ส่วน", "บันทึกว่าตรวจแล้ว %(n)d ส่วน", count) % {"n": count}
        messages.success(request, told)
    if code and request.POST.get("back") == "topic":
        return redirect("assessments:check_topic", pk, code)
    return redirect("assessments:internal_check", pk)


@login_required
@require_POST
def stop_check(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = door(request, pk)
    done = _("เปิดให้แก้ไขทุกส่วนแล้ว ส่วนที่ตรวจแล้วและไม่ถูกแก้ไขไม่ต้องตรวจซ้ำ")
    return _step(
        request, lambda: services.stop_check(assessment, by=request.user), done, "assessments:overview", pk
    )


@login_required
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the assessment before the head; with `seen`, everything that is left is marked as checked first."""
    assessment = door(request, pk)
    seen = request.POST.get("seen", "")
    return _step(
        request,
        lambda: services.propose(assessment, seen=seen, by=request.user),
        _("เสนอหัวหน้าส่วนราชการแล้ว เรียกคืนได้จนกว่าจะลงนาม"),
        "assessments:internal_check",
        pk,
    )


@login_required
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = door(request, pk)
    return _step(
        request,
        lambda: services.recall(assessment, by=request.user),
        _("เรียกคืนแล้ว กลับมาอยู่ขั้นตรวจทานภายใน"),
        "assessments:internal_check",
        pk,
    )
