"""Questions to the agency: a reviewer asks and weighs, the agency reads and adds to its answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.middleware import opened
from assessments.models import Assessment
from assessments.reading import tree_of
from assessments.views.common import door, topic_place
from assessments.views.telling import tell_of_work, tell_once
from pmqa.errors import Refused
from reviews import desk
from reviews.evidence_reading import frozen_evidence
from reviews.services import tickets
from reviews.ticket_forms import AdditionForm, QuestionForm, WeighForm
from reviews.ticket_models import Ticket
from reviews.ticket_reading import Asked, of_agency, of_officer, who_answers, who_weighs
from reviews.views.cases import followed_case
from reviews.views.doors import own_case
from reviews.views.marking import code_of, markable, place_of

# --- a reviewer -------------------------------------------------------------------------------


@login_required
@never_cache
@require_POST
def ask(request: HttpRequest, pk: int, answer: int) -> HttpResponse:
    """Ask the agency about one answer; whatever the refusal, the question comes back on a page of its own."""
    assessment, _rows = own_case(request, pk)
    found = markable(request, pk, answer)
    code = code_of(found)
    form = QuestionForm(request.POST)
    if form.is_valid():
        try:
            ticket = tickets.ask(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error("question", refused.message)
        else:
            tell_of_work(request, who_answers(ticket))
            sentence = _("ส่งคำถาม %(code)s ถึงหน่วยงานแล้ว ลงผลส่วนอื่นต่อได้")
            messages.success(request, sentence % {"code": ticket.code})
            return redirect(place_of(found))
    context = {"assessment": assessment, "code": code, "form": form, "back": place_of(found)}
    return render(request, "reviews/ticket_ask.html", context, status=422)


@login_required
@never_cache
@require_POST
def weigh(request: HttpRequest, pk: int, ticket: int) -> HttpResponse:
    """Whether the agency's addition counted in the own mark."""
    _assessment, rows = own_case(request, pk)
    seen = Ticket.objects.shown_to(rows).filter(assessment=pk)
    found = get_object_or_404(seen.select_related("assessment"), pk=ticket)
    answer = markable(request, pk, found.answer_id)
    form = WeighForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("เลือกว่าใช้คำชี้แจงหรือไม่"))
        return redirect(place_of(answer))
    try:
        tickets.weigh(found, counted=form.cleaned_data["counted"], by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("บันทึกว่าใช้คำชี้แจง %(code)s หรือไม่แล้ว") % {"code": found.code})
    return redirect(place_of(answer))


# --- the agency -------------------------------------------------------------------------------


def _inside(request: HttpRequest, pk: int) -> Assessment:
    """The assessment, for members of the agency and an auditor who does not judge it."""
    assessment = door(request, pk)
    if not request.user.has_perm("assessments.look_inside", assessment):
        raise PermissionDenied(_("คำถามของผู้ตรวจและคำชี้แจงอ่านได้เฉพาะบุคลากรของหน่วยงานนั้น"))
    return assessment


@login_required
@never_cache
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question of the case with its clock; never who asked, when, or how many judge."""
    assessment = _inside(request, pk)
    context = {"assessment": assessment, "rows": of_agency(assessment, request.user)}
    return render(request, "reviews/tickets.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clarify(request: HttpRequest, pk: int, ticket: int) -> HttpResponse:
    """One question with the answer as it was submitted; POST adds to it, once."""
    assessment = _inside(request, pk)
    asked = next((row for row in of_agency(assessment, request.user) if row.ticket.pk == ticket), None)
    if asked is None:
        raise Http404
    if request.method != "POST":
        return _clarify_page(request, assessment, asked)
    if not asked.may_answer:
        raise PermissionDenied(_("ผู้ชี้แจงคือผู้ประสานงาน หรือเจ้าภาพของหมวดนี้"))
    form = AdditionForm(request.POST, entries=frozen_evidence(assessment), code=asked.ticket.code)
    if form.is_valid():
        try:
            saved = tickets.add(asked.ticket, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, refused.message)
        else:
            if saved.is_late:
                messages.warning(
                    request,
                    _("พ้นเวลาแล้ว ระบบเก็บคำชี้แจง %(code)s ไว้เป็นล่าช้า และไม่ใช้ในการตรวจ") % {"code": saved.code},
                )
            else:
                # Of an addition that came too late reviewers hear nothing.
                queue = request.build_absolute_uri(reverse("reviews:queue"))
                tell_once(who_weighs(saved), "reviews/email/answered", url=queue)
                messages.success(request, _("ส่งคำชี้แจง %(code)s แล้ว คำตอบเดิมไม่เปลี่ยน") % {"code": saved.code})
            return redirect("reviews:clarifications", pk)
    return _clarify_page(request, assessment, asked, form=form, status=422)


def _clarify_page(
    request: HttpRequest,
    assessment: Assessment,
    asked: Asked,
    *,
    form: AdditionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form stands there while it is open to this person, and with what was typed whatever the refusal."""
    answer = asked.ticket.answer
    _category, topic, item = tree_of(assessment).place_of_part[answer.part.code]
    part = next(part for part in item.parts if part.code == answer.part.code)
    if form is None and asked.may_answer and asked.ticket.is_open:
        form = AdditionForm(entries=frozen_evidence(assessment), code=asked.ticket.code)
    context = {
        "assessment": assessment,
        "asked": asked,
        "form": form,
        "blanks": () if hasattr(answer, "indicator") else desk.blanks_of(part, answer),
        "places": {},
        "answer_url": topic_place(assessment, topic, f"p{part.code}"),
    }
    return render(request, "reviews/ticket.html", context, status=status)


# --- OPDC -------------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def followed(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question of a case, for those who follow its marking. They pass nothing on."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.follow_marking", assessment):
        raise PermissionDenied(_("ท่านเป็นผู้ตรวจของเรื่องนี้ จึงไม่เห็นคำถามของผู้อื่นจนกว่าท่านจะส่งผล"))
    opened(request, assessment)
    return render(
        request, "reviews/case_tickets.html", {"assessment": assessment, "rows": of_officer(assessment)}
    )
