"""The improvement plan of a published result: its cards, its approval, and the plan on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.middleware import opened
from assessments.models import Assessment
from assessments.views.common import refusal_reply, saved_reply, wants_json
from pmqa.accounts import log
from pmqa.errors import Conflict, Refused
from pmqa.numbers import posted_version
from results.improvement import printing, services, workbook
from results.improvement.forms import CardForm, OwnCardForm, PlanFilter
from results.improvement.making import plan_with
from results.improvement.models import Card, Plan
from results.improvement.names import name_of
from results.improvement.reading import CardView, card_history, left, may_add, plan_page, saved_words
from results.reading import open_to
from results.views.two_texts import two_texts
from reviews.conflicts import resolved


def plan_case(request: HttpRequest, pk: int) -> Assessment:
    """A published result whose plan this person reads. 404 without a relation to it, 403 with a reason."""
    assessment = get_object_or_404(open_to(request.user).with_places().select_related("plan"), pk=pk)
    if not request.user.has_perm("results.read_plan", assessment):
        raise PermissionDenied(
            _("แผนพัฒนาเปิดเมื่อประกาศผลแล้ว อ่านได้เฉพาะหน่วยงาน ผู้ตรวจของเรื่องนี้ และเจ้าหน้าที่ สำนักงาน ก.พ.ร.")
        )
    opened(request, assessment, is_result=True)
    return assessment


def card_or_404(plan: Plan, pk: int) -> Card:
    found = get_object_or_404(plan.cards.select_related("updated_by"), pk=pk)
    found.plan = plan
    return found


@login_required
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole plan by category, with its filters, its approval and its follow-ups."""
    assessment = plan_case(request, pk)
    chosen = PlanFilter.chosen(request.GET)
    page = plan_page(assessment, request.user, chosen)
    form = PlanFilter(initial=chosen, label_suffix="", auto_id="filter-%s")
    form.offer_owners(page.owners)
    context = {
        "assessment": assessment,
        "page": page,
        "form": form,
        "is_filtered": any(chosen.values()),
        "may_add": bool(may_add(assessment, request.user)),
        "may_approve": request.user.has_perm("results.approve_plan", assessment),
    }
    return render(request, "results/improvement/plan.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A card of the agency's own."""
    assessment = plan_case(request, pk)
    categories = may_add(assessment, request.user)
    if not categories:
        raise PermissionDenied(_("ผู้เพิ่มรายการคือผู้ประสานงาน และเจ้าภาพของหมวดนั้น"))
    form = OwnCardForm(request.POST or None, categories=categories)
    if form.is_valid():
        try:
            made = services.add_card(plan_with(assessment), **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("เพิ่มรายการแล้ว เขียนสิ่งที่จะทำต่อได้"))
            return redirect("results:plan_card", pk, made.pk)
    context = {"assessment": assessment, "form": form}
    return render(request, "results/improvement/add.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The head approves the plan as the page showed it."""
    assessment = plan_case(request, pk)
    try:
        services.approve(
            plan_with(assessment), number=posted_version(request.POST.get("number")), by=request.user
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("อนุมัติแผนแล้ว หน่วยงานเริ่มดำเนินการได้"))
    return redirect("results:plan", pk)


# --- one card ---------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, pk: int, card: int) -> HttpResponse:
    """One card; POST saves what was written on it, and whatever the refusal, the typed text comes back."""
    assessment = plan_case(request, pk)
    found = card_or_404(plan_with(assessment), card)
    if request.method != "POST":
        return _card_page(request, found)
    if request.POST.get("keep") == "theirs":
        return redirect("results:plan_card", pk, card)
    form = CardForm.of(found, resolved(request.POST))
    if not form.is_valid():
        return _not_stored(request, found, form)
    version = form.cleaned_data["version"]
    try:
        saved = services.save_card(found, version=version, values=form.values, by=request.user)
    except Conflict as conflict:
        return two_texts(
            request, assessment, form, conflict.current, title=name_of(found), action=request.path, back=request.path,
        )  # fmt: skip
    except (Refused, PermissionDenied) as refused:
        return _not_stored(request, found, form, str(refused))
    if wants_json(request):
        return saved_reply(saved.version, saved_words(saved.updated_at, saved.updated_by, request.user), {})
    messages.success(request, _("บันทึกรายการแล้ว"))
    return redirect("results:plan_card", pk, card)


def _card_page(
    request: HttpRequest, found: Card, kept: CardForm | None = None, *, reason: str = "", status: int = 200
) -> HttpResponse:
    """`kept` is a form that was posted and not stored. Who only reads needs no form."""
    may_edit = request.user.has_perm("results.edit_card", found) and not found.is_dropped
    form = kept or (CardForm.of(found) if may_edit else None)
    context = {
        "assessment": found.assessment,
        "view": CardView(found, may_edit, has_left=bool(left(found.assessment, [found]))),
        "form": form,
        "reason": reason,
        "saved": saved_words(found.updated_at, found.updated_by, request.user),
        "history": card_history(found),
    }
    return render(request, "results/improvement/card.html", context, status=status)


def _not_stored(request: HttpRequest, found: Card, form: CardForm, reason: str = "") -> HttpResponse:
    if wants_json(request):
        return refusal_reply(form, reason)
    return _card_page(request, found, form, reason=reason, status=403 if reason else 422)


# --- on paper ---------------------------------------------------------------------------------


@login_required
@require_safe
def plan_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan with its follow-ups as a PDF, as it is now."""
    assessment = plan_case(request, pk)
    content = printing.render_pdf(printing.paper_of(assessment))
    return _file(request, assessment, content, "pdf", "application/pdf")


@login_required
@require_safe
def plan_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a workbook."""
    assessment = plan_case(request, pk)
    content = workbook.write(printing.paper_of(assessment))
    return _file(
        request,
        assessment,
        content,
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _file(
    request: HttpRequest, assessment: Assessment, content: bytes, kind: str, content_type: str
) -> HttpResponse:
    log.record("improvement.downloaded", assessment, by=request.user, agency=assessment.agency, format=kind)
    what = _("แผนพัฒนาองค์การ")
    name = f"{what} {assessment.agency.code} {assessment.cycle.year}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
