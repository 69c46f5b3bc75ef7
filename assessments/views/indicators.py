"""Form 4: the page of one topic of category 7, and every write to its indicators."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.indicators import IndicatorForm
from assessments.models import Answer, Assessment, Indicator
from assessments.pages.conflicts import resolved
from assessments.pages.indicator_conflicts import indicator_conflict, stored_figures, theirs_values
from assessments.pages.indicators import KeptIndicator, find_view, page_context
from assessments.pages.threads import inside_links
from assessments.pages.topics import frame
from assessments.presentation import saved_sentence
from assessments.reading import tree_of
from assessments.services import attempts
from assessments.services import indicators as services
from assessments.views.common import (
    conflict_page,
    door,
    read_state,
    refusal_reply,
    saved_reply,
    signed_out,
    topic_place,
    typed_texts,
    wants_json,
)
from criteria.structure import RESULTS, Topic
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from pmqa.numbers import posted_version, whole


def topic_page(
    request: HttpRequest,
    assessment: Assessment,
    topic: Topic,
    kept: dict[int, KeptIndicator] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a topic. `kept`, by key of the answer, holds forms that were posted and not stored."""
    state = read_state(assessment)
    context = page_context(state, topic, request.user, kept) | inside_links(state, topic, request.user)
    if (removed := whole(request.GET.get("removed"))) is not None:
        context["just_removed"] = next(
            (view for view in context["removed"] if view.answer.pk == removed), None
        )
    return render(request, "assessments/indicators.html", context, status=status)


@login_required
@require_POST
def add_indicator(request: HttpRequest, pk: int, group: str) -> HttpResponse:
    """An empty indicator at the end of a group; the writer comes back to its name."""
    assessment = door(request, pk)
    topic = _topic_of(assessment, group)
    try:
        indicator = services.add_indicator(assessment, group, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(topic_place(assessment, topic, f"p{group}"))
    return redirect(topic_place(assessment, topic, f"i{indicator.pk}-name"))


@never_cache
@require_POST
def save_indicator(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Store one indicator; whatever the refusal, the typed figures come back."""
    if not request.user.is_authenticated:
        return _signed_out(request, pk)
    assessment = door(request, pk)
    answer = _answer(assessment, answer_id)
    group = answer.part.code
    topic = _topic_of(assessment, group)
    data = resolved(request.POST, tree_of(assessment).parts[group])
    form = IndicatorForm(answer, data, years=assessment.cycle.result_years)
    if not form.is_valid():
        return _not_stored(request, assessment, topic, form)
    if answer.removed_at:
        reason = _("ตัวชี้วัดนี้ถูกลบแล้ว ข้อความนี้ยังไม่บันทึก เรียกคืนตัวชี้วัดจากท้ายหน้าแล้วบันทึกอีกครั้ง")
        return _not_stored(request, assessment, topic, form, reason)
    try:
        saved = services.save_indicator(
            answer,
            version=form.seen_version,
            category=_category_of(assessment, topic),
            by=request.user,
            **form.figures,
        )
    except Conflict as conflict:
        saved = conflict.current
        if stored_figures(saved) != form.figures:
            return _conflict(request, assessment, topic, form, saved)
        # The same figures twice (a lost reply, two windows) are not a conflict.
    except (Refused, PermissionDenied) as refused:
        attempts.note(assessment, place=topic.code, by=request.user)
        return _not_stored(request, assessment, topic, form, str(refused))
    return _saved(request, assessment, topic, saved)


@login_required
@never_cache
@require_POST
def remove_indicator(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Take an indicator out; the page that follows offers to bring it back."""
    assessment = door(request, pk)
    answer = _answer(assessment, answer_id)
    topic = _topic_of(assessment, answer.part.code)
    try:
        _remove(
            answer,
            posted_version(request.POST.get("version")),
            category=_category_of(assessment, topic),
            by=request.user,
        )
    except Conflict as conflict:
        who = conflict.current.updated_by or _("ระบบ")
        reason = _("ยังไม่ลบ เพราะ%(who)s แก้ไขตัวชี้วัดนี้หลังจากท่านเปิดหน้านี้ ดูฉบับล่าสุดแล้วลบอีกครั้ง")
        messages.error(request, reason % {"who": who})
        return topic_page(request, assessment, topic, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return topic_page(request, assessment, topic, status=403)
    place = reverse("assessments:topic", args=[assessment.pk, topic.code])
    return redirect(f"{place}?{urlencode({'removed': answer.pk})}")


def _remove(answer: Answer, version: int, *, category: str, by: User) -> None:
    """Removing twice is removing once. Raises Conflict when another person was faster."""
    if answer.removed_at:
        return
    try:
        services.remove_indicator(answer, version=version, category=category, by=by)
    except Conflict as conflict:
        current = conflict.current
        # One's own last keystrokes, which the script saves while the button is pressed, are no conflict.
        if current.updated_by_id != by.pk:
            raise
        if current.removed_at is None:
            services.remove_indicator(current, version=current.version, category=category, by=by)


@login_required
@never_cache
@require_POST
def restore_indicator(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Bring a removed indicator back with everything that was in it."""
    assessment = door(request, pk)
    answer = _answer(assessment, answer_id)
    topic = _topic_of(assessment, answer.part.code)
    if answer.removed_at:
        try:
            services.restore_indicator(
                answer,
                version=posted_version(request.POST.get("version")),
                category=_category_of(assessment, topic),
                by=request.user,
            )
        except Conflict:
            messages.error(request, _("ตัวชี้วัดนี้เพิ่งเปลี่ยนไป ดูฉบับล่าสุดในหน้านี้"))
            return topic_page(request, assessment, topic, status=409)
        except Refused as refused:
            messages.error(request, str(refused))
            return topic_page(request, assessment, topic, status=403)
        messages.success(request, _("เรียกคืนแล้ว ข้อความและตัวเลขเดิมอยู่ครบ"))
    return redirect(topic_place(assessment, topic, f"i{answer.pk}"))


# --- what the views share ---------------------------------------------------------------------


def _answer(assessment: Assessment, answer_id: int) -> Answer:
    """The answer of an indicator of this assessment, removed or not."""
    rows = assessment.answers.select_related("part", "indicator", "updated_by")
    answer = get_object_or_404(rows.filter(indicator__isnull=False), pk=answer_id)
    answer.assessment = assessment
    return answer


def _topic_of(assessment: Assessment, group: str) -> Topic:
    place = tree_of(assessment).place_of_part.get(group)
    if place is None or place[0].kind != RESULTS:
        raise Http404
    return place[1]


def _category_of(assessment: Assessment, topic: Topic) -> str:
    return tree_of(assessment).category_of_topic[topic.code].code


# --- how a save answers -----------------------------------------------------------------------


def _saved(request: HttpRequest, assessment: Assessment, topic: Topic, saved: Answer) -> HttpResponse:
    sentence = saved_sentence(saved, request.user)
    state = read_state(assessment)
    view = find_view(state, saved.pk, viewer=request.user)
    if not wants_json(request):
        messages.success(request, f"{view.code} {sentence}")
        return redirect(topic_place(assessment, topic, f"i{saved.pk}"))
    context = frame(state, request.user, here="form4", topic=topic) | {"view": view}
    fragments = {
        name: render_to_string(template, context, request)
        for name, template in (
            (f"i{saved.pk}-live", "assessments/_indicator_live.html"),
            ("topic-state", "assessments/_indicators_figures.html"),
            ("topic-tabs", "assessments/_indicators_tabs.html"),
            ("work-progress", "assessments/_work_progress.html"),
        )
    }
    return saved_reply(saved.version, sentence, fragments)


def _not_stored(
    request: HttpRequest, assessment: Assessment, topic: Topic, form: IndicatorForm, reason: str = ""
) -> HttpResponse:
    """The typed figures again, with the errors in them or the `reason` of the refusal."""
    if wants_json(request):
        return refusal_reply(form, reason)
    kept = {form.answer.pk: KeptIndicator(form, reason)}
    return topic_page(request, assessment, topic, kept, status=403 if reason else 422)


def _conflict(
    request: HttpRequest, assessment: Assessment, topic: Topic, form: IndicatorForm, current: Answer
) -> HttpResponse:
    if current.removed_at:
        reason = _("ตัวชี้วัดนี้เพิ่งถูกลบโดย%(who)s ข้อความนี้ยังไม่บันทึก เรียกคืนตัวชี้วัดจากท้ายหน้าแล้วบันทึกอีกครั้ง")
        return _not_stored(
            request, assessment, topic, form, reason % {"who": current.updated_by or _("ระบบ")}
        )
    state = read_state(assessment)
    code = find_view(state, current.pk, viewer=request.user).code
    return conflict_page(
        request,
        assessment,
        form.answer.part.code,
        template="assessments/indicators_conflict.html",
        context=indicator_conflict(form, current, code=code)
        | {"state": state, "answer": form.answer, "directions": Indicator.Direction.choices},
        current=current,
        theirs={"claim": "", "values": theirs_values(current)},
        back=topic_place(assessment, topic, f"i{current.pk}"),
    )


def _signed_out(request: HttpRequest, pk: int) -> HttpResponse:
    group = request.GET.get("group", "")
    topic, _dot, number = group.rpartition(".")
    back = reverse("assessments:overview", args=[pk])
    if number.isdecimal() and topic.replace(".", "").isdecimal():
        back = reverse("assessments:topic", args=[pk, topic])
    labels = {field.name: field.verbose_name for field in Indicator._meta.fields}
    typed = typed_texts(request.POST, labels, without="direction")
    return signed_out(request, back=back, typed=typed, code=group)
