"""Asking somebody to write items, and the days by which they or a category are to be done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.people import AskedForm, AskForm, DueForm
from assessments.models import AskedItem, Assessment, CategoryDue
from assessments.pages.duties import writers_of
from assessments.reading import tree_of
from assessments.rules import Chapter
from assessments.services import asking as services
from assessments.views.inside import inside_door
from assessments.views.telling import tell_of_work
from criteria.structure import Category
from pmqa.attempts import attempt
from pmqa.errors import Refused


def _categories(request: HttpRequest, assessment: Assessment) -> list[Category]:
    """Those for which this person asks; 403 with a reason where there is none."""
    found = [
        category
        for category in tree_of(assessment).categories
        if request.user.has_perm("assessments.ask", Chapter(assessment, category.code))
    ]
    if not found:
        raise PermissionDenied(_("ผู้มอบข้อและกำหนดวันคือผู้ประสานงาน หัวหน้าส่วนราชการ และเจ้าภาพของหมวดนั้น"))
    return found


@login_required
@never_cache
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a person and the items, with a note and a day."""
    assessment = inside_door(request, pk)
    categories = _categories(request, assessment)
    items = {item.code: item for category in categories for topic in category.topics for item in topic.items}
    form = AskForm(
        request.POST or None,
        writers=writers_of(assessment.agency),
        items=items,
        initial={"items": request.GET.getlist("item")},
    )
    attempted = attempt(
        request,
        form,
        lambda typed: services.ask(
            assessment,
            person=form.writers[typed["person"]],
            items=typed["items"],
            note=typed["note"],
            due_on=typed["due_on"],
            by=request.user,
        ),
    )
    if attempted.saved:
        made = attempted.made
        if made:
            tell_of_work(request, [form.writers[form.cleaned_data["person"]]])
        count = len(made)
        messages.success(request, ngettext("มอบแล้ว %(n)d ข้อ", "มอบแล้ว %(n)d ข้อ", count) % {"n": count})
        return redirect("assessments:grid", assessment.pk)
    context = {
        "assessment": assessment, "form": form, "categories": categories,
        "reason": attempted.reason, "shown": request.GET.get("category", ""),
    }  # fmt: skip
    return render(request, "assessments/ask.html", context, status=attempted.status)


def _asked(request: HttpRequest, pk: int, asked_id: int) -> AskedItem:
    assessment = inside_door(request, pk)
    row = get_object_or_404(AskedItem.objects.filter(assessment=assessment), pk=asked_id)
    row.assessment = assessment
    return row


@login_required
@never_cache
def asked(request: HttpRequest, pk: int, asked_id: int) -> HttpResponse:
    """What is asked of one person in one item, to all of the agency; its note and day, to whoever asks."""
    row = _asked(request, pk, asked_id)
    category, topic, item = tree_of(row.assessment).place_of_item[row.item]
    may_change = request.user.has_perm("assessments.ask", Chapter(row.assessment, category.code))
    if request.method == "POST" and not may_change:
        raise PermissionDenied(_("ผู้มอบข้อและกำหนดวันคือผู้ประสานงาน หัวหน้าส่วนราชการ และเจ้าภาพของหมวดนั้น"))
    stored = {"note": row.note, "due_on": row.due_on, "version": row.version}
    form = AskedForm(request.POST or None, initial=stored)
    attempted = attempt(request, form, lambda typed: services.change(row, **typed, by=request.user))
    if attempted.saved:
        messages.success(request, _("บันทึกแล้ว"))
        return redirect("assessments:grid", row.assessment.pk)
    context = {
        "assessment": row.assessment, "asked": row, "item": item, "topic": topic, "category": category,
        "form": form, "may_change": may_change, "reason": attempted.reason, "current": attempted.current,
    }  # fmt: skip
    return render(request, "assessments/asked.html", context, status=attempted.status)


@login_required
@never_cache
@require_POST
def take_back(request: HttpRequest, pk: int, asked_id: int) -> HttpResponse:
    """The person writes the item no more; what they wrote stays. Twice is once."""
    row = _asked(request, pk, asked_id)
    try:
        services.take_back(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("เรียกคืนข้อแล้ว ข้อความที่เขียนไว้ยังอยู่ครบ"))
    return redirect("assessments:grid", row.assessment.pk)


@login_required
@never_cache
def category_due(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The day of one category inside the agency."""
    assessment = inside_door(request, pk)
    category = next((found for found in tree_of(assessment).categories if found.code == code), None)
    if category is None:
        raise Http404
    if not request.user.has_perm("assessments.ask", Chapter(assessment, code)):
        raise PermissionDenied(_("ผู้มอบข้อและกำหนดวันคือผู้ประสานงาน หัวหน้าส่วนราชการ และเจ้าภาพของหมวดนั้น"))
    known = CategoryDue.objects.filter(assessment=assessment, category=code).first()
    stored = {"due_on": known.due_on if known else None, "version": known.version if known else 0}
    form = DueForm(request.POST or None, initial=stored)
    attempted = attempt(
        request, form, lambda typed: services.set_category_due(assessment, code, **typed, by=request.user)
    )
    if attempted.saved:
        messages.success(request, _("บันทึกแล้ว"))
        return redirect("assessments:grid", assessment.pk)
    context = {
        "assessment": assessment, "category": category, "form": form,
        "reason": attempted.reason, "current": attempted.current,
    }  # fmt: skip
    return render(request, "assessments/category_due.html", context, status=attempted.status)
