"""Consensus: what is agreed and disputed, the lead's decisions, closing it, and opening it again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import Answer, Assessment, Status
from assessments.reading import tree_of
from assessments.views.common import conflict_reply, signed_out, wants_json
from criteria.structure import PROCESS, RESULTS
from pmqa.errors import Conflict, Refused
from reviews.conflicts import differing, resolved
from reviews.consensus_reading import Place, Room, Row, part_remarks
from reviews.evidence_reading import FrozenEntry, by_code, frozen_evidence
from reviews.lead_forms import DecisionForm, ReopenForm
from reviews.models import Consensus, Outcome
from reviews.services import consensus as services
from reviews.tone_words import tone_advice
from reviews.views.cases import followed_case
from reviews.views.settled import frame, room_of, settled_case

# Forms of one page: each has two answers' worth of text and two text areas.
PER_PAGE = 10
DISPUTED, FAILS = "disputed", "fails"
# What the address keeps from one page to the next.
FILTERS = ("show", "topic", "page")
TEXTS = {"comment": gettext_lazy("ความเห็นถึงส่วนราชการ"), "reason": gettext_lazy("เหตุผลของหัวหน้าทีม")}


def _may_decide(request: HttpRequest, assessment: Assessment) -> bool:
    return assessment.status == Status.CONSENSUS and request.user.has_perm("reviews.lead", assessment)


def _frame(request: HttpRequest, room: Room) -> dict:
    return frame(request, room.assessment, here="consensus") | {
        "room": room,
        "counts": room.counts,
        "places": room.places,
        "may_decide": _may_decide(request, room.assessment),
        "query": _query(request),
    }


def _query(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


@login_required
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Disputed answers by the points at stake, then what is decided and agreed, one line each."""
    assessment = settled_case(request, pk)
    room = room_of(request, assessment)
    topic, show = request.GET.get("topic", ""), request.GET.get("show", "")
    disputed, settled = _chosen(room, topic, show)
    forms = Paginator(disputed, PER_PAGE).get_page(request.GET.get("page"))
    context = _frame(request, room) | {
        "items": forms,
        "forms": [(row, DecisionForm.of(None)) for row in forms],
        "decided": [row for row in settled if row.is_decided],
        "agreed": room.by_topic(tuple(row for row in settled if not row.is_decided)),
        "topics": _topics(room),
        "topic": topic,
        "show": show,
        "is_filtered": bool(topic or show),
        "reopened": _reopened(assessment),
    }
    return render(request, "reviews/consensus.html", context)


def _chosen(room: Room, topic: str, show: str) -> tuple[list[Row], list[Row]]:
    """The disputed rows and the settled ones that the filters leave."""

    def wanted(row: Row) -> bool:
        return not topic or row.judged.topic.code == topic

    disputed = [row for row in room.disputed if wanted(row)] if show != FAILS else []
    settled = [row for row in room.rows if not row.is_disputed and wanted(row)] if show != DISPUTED else []
    if show == FAILS:
        settled = [row for row in settled if row.judged.outcome == Outcome.FAIL]
    return disputed, settled


def _topics(room: Room) -> list[Place]:
    tree = tree_of(room.assessment)
    return [
        Place(topic, category)
        for kind in (PROCESS, RESULTS)
        for category in tree.of_kind(kind)
        for topic in category.topics
    ]


def _reopened(assessment: Assessment):
    """The last reopening with its note, while the lead works on it."""
    if assessment.status != Status.CONSENSUS:
        return None
    return assessment.changes.filter(from_status=Status.CONSENSUS_DONE, to_status=Status.CONSENSUS).first()


# --- one answer -------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """One answer with its opinions; POST saves the decision, and whatever the refusal the text comes back."""
    if not request.user.is_authenticated:
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        typed = [(label, request.POST.get(name, "")) for name, label in TEXTS.items()]
        return signed_out(request, back=request.get_full_path(), typed=typed)
    assessment = settled_case(request, pk)
    if request.method != "POST":
        return _answer_page(request, assessment, answer_id)
    if "use" in request.POST:
        return _with_opinions(request, assessment, answer_id)
    answer = get_object_or_404(
        Answer.objects.present().select_related("part"), assessment=assessment, pk=answer_id
    )
    answer.assessment = assessment
    if request.POST.get("keep") == "theirs":
        return redirect(_back(request, assessment))
    form = DecisionForm(resolved(request.POST))
    if not form.is_valid():
        return _refused(request, assessment, answer_id, form)
    try:
        services.decide(answer, by=request.user, **form.cleaned_data)
    except Conflict as conflict:
        return _conflict(request, assessment, answer_id, form, conflict.current)
    except PermissionDenied as refused:
        form.add_error(None, str(refused))
        return _refused(request, assessment, answer_id, form, status=403)
    except Refused as refused:
        form.add_error(refused.code if refused.code in form.fields else None, str(refused))
        return _refused(request, assessment, answer_id, form)
    sentence = _("บันทึกผลฉันทามติ %(code)s แล้ว") % {"code": request.POST.get("code", "")[:12]}
    if wants_json(request):
        return JsonResponse({"state": "saved", "message": sentence, "url": _back(request, assessment)})
    messages.success(request, sentence)
    return redirect(_back(request, assessment))


def _back(request: HttpRequest, assessment: Assessment) -> str:
    return f"{reverse('reviews:consensus', args=[assessment.pk])}{_query(request)}"


def _row(request: HttpRequest, assessment: Assessment, answer_id: int) -> tuple[Room, Row]:
    room = room_of(request, assessment)
    row = room.row_of(answer_id)
    if row is None:
        raise Http404
    return room, row


def _answer_page(
    request: HttpRequest,
    assessment: Assessment,
    answer_id: int,
    *,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    room, row = _row(request, assessment, answer_id)
    form = form or DecisionForm.of(row.consensus)
    typed = {name: form[name].value() or "" for name in ("comment", "outcome")}
    context = _frame(request, room) | {
        "row": row,
        "remarks": part_remarks(assessment, row),
        "evidence": _evidence(request, row),
        "form": form,
        "after": room.after(row),
        "advice": tone_advice(**typed) if form.is_bound else row.advice,
        "closed": services.why_closed(assessment),
    }
    return render(request, "reviews/consensus_answer.html", context, status=status)


def _evidence(request: HttpRequest, row: Row) -> tuple[FrozenEntry, ...]:
    """What the answer cites, for the team; the auditor, who is no reviewer, reads the register of the agency."""
    if not request.user.has_perm("reviews.read", row.judged.answer.assessment):
        return ()
    return by_code(frozen_evidence(row.judged.answer.assessment)).get(row.code, ())


def _with_opinions(request: HttpRequest, assessment: Assessment, answer_id: int) -> HttpResponse:
    """Without script: the ticked comments go into the form, behind what is typed. Saves nothing."""
    _room, row = _row(request, assessment, answer_id)
    data = request.POST.copy()
    typed = data.get("comment", "").strip()
    for opinion in row.opinions:
        if opinion.comment and opinion.key in data.getlist("sources"):
            if opinion.comment not in typed:
                typed = f"{typed}\n\n{opinion.comment}" if typed else opinion.comment
            data.setdefault("outcome", opinion.outcome)
    data["comment"] = typed
    form = DecisionForm(data)
    form.is_valid()
    return _answer_page(request, assessment, answer_id, form=form)


def _refused(
    request: HttpRequest, assessment: Assessment, answer_id: int, form: DecisionForm, *, status: int = 422
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(
            {"state": "invalid", "errors": form.errors, "message": " ".join(form.non_field_errors())},
            status=status,
        )
    return _answer_page(request, assessment, answer_id, form=form, status=status)


def _conflict(
    request: HttpRequest, assessment: Assessment, answer_id: int, form: DecisionForm, current: Consensus
) -> HttpResponse:
    """Two windows, or two leads: both decisions, and a proposal that holds both texts."""
    room, row = _row(request, assessment, answer_id)
    mine = form.cleaned_data
    context = _frame(request, room) | {
        "row": row,
        "mine": mine,
        "theirs": current,
        "fields": differing(TEXTS, mine, {name: getattr(current, name) for name in TEXTS}),
        "version": current.version,
        "their_name": current.decided_by or _("ระบบ"),
        "their_time": current.decided_at,
        "back": f"{reverse('reviews:decide', args=[assessment.pk, answer_id])}{_query(request)}",
    }
    if wants_json(request):
        html = render_to_string("reviews/consensus_conflict_form.html", context, request)
        return conflict_reply(current.version, _("ยังไม่บันทึก: มีสองฉบับ"), html)
    return render(request, "reviews/consensus_conflict.html", context, status=409)


# --- closing and opening again ----------------------------------------------------------------


@login_required
@never_cache
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what is still missing and what happens next; POST closes the consensus."""
    assessment = settled_case(request, pk)
    status = 200
    if request.method == "POST":
        try:
            services.finish(assessment, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            status = 409
        else:
            messages.success(request, _("ปิดฉันทามติแล้ว ตรวจข้อความในรายงานป้อนกลับก่อนประกาศผล"))
            return redirect("reviews:feedback", pk=pk)
    if not request.user.has_perm("reviews.finish", assessment):
        raise PermissionDenied(_("ผู้ปิดฉันทามติคือหัวหน้าทีมผู้ตรวจประเมิน"))
    room = room_of(request, assessment)
    context = _frame(request, room) | {
        "closed": services.why_closed(assessment),
    }
    return render(request, "reviews/consensus_finish.html", context, status=status)


@login_required
@never_cache
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The administrator gives the case back to its lead, with the reason."""
    if not request.user.has_perm("reviews.follow"):
        raise Http404
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.reopen", assessment):
        raise PermissionDenied(_("ผู้เปิดขั้นหาฉันทามติอีกครั้งคือผู้ดูแลระบบ"))
    form = ReopenForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.reopen(assessment, note=form.cleaned_data["note"], by=request.user)
            except Refused as refused:
                form.add_error("note", str(refused))
                status = 422 if refused.code == "note" else 409
            else:
                messages.success(request, _("เปิดขั้นหาฉันทามติอีกครั้งแล้ว หัวหน้าทีมแก้ไขได้"))
                return redirect("reviews:case", pk=pk)
    context = {
        "assessment": assessment,
        "form": form,
        "may_reopen": assessment.status == Status.CONSENSUS_DONE,
    }
    return render(request, "reviews/consensus_reopen.html", context, status=status)
