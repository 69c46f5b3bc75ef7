"""The pages of the evidence register: the list, one entry, what is typed about it, and citing it from an answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.files.upload_handlers import TOO_LARGE
from assessments.forms.evidence import (
    LABELS,
    CitationForm,
    DetailsForm,
    EntryForm,
    SourceForm,
    WithdrawForm,
)
from assessments.models import Answer, Assessment, Evidence, EvidenceVersion, Upload
from assessments.pages import evidence as pages
from assessments.pages.state import State
from assessments.pages.topics import frame
from assessments.presentation import why_read_only
from assessments.services import evidence as services
from assessments.services import uploads
from assessments.services.evidence import Source
from assessments.services.registering import why_register_closed
from assessments.source_systems import KNOWN_SYSTEMS
from assessments.views.common import door, read_state, signed_out
from pmqa.errors import Conflict, Refused
from pmqa.numbers import whole

STATUS = {"closed": 403, "disk": 507}


def _typed_is_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who is signed out while typing gets the text back; who only looks is sent to the log-in page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        typed = [(label, request.POST[name]) for name, label in LABELS.items() if name in request.POST]
        return signed_out(request, back=request.get_full_path(), typed=typed)

    return never_cache(wrapped)


def _keeper(request: HttpRequest, pk: int) -> Assessment:
    """The assessment, for somebody who keeps its register."""
    assessment = door(request, pk)
    if not request.user.has_perm("assessments.keep_evidence", assessment):
        raise PermissionDenied(_("ผู้จัดการทะเบียนหลักฐานคือผู้ประสานงาน เจ้าภาพหมวด และผู้ร่วมเขียนของหน่วยงาน"))
    return assessment


def _entry(request: HttpRequest, assessment: Assessment, number: int) -> EvidenceVersion:
    """The latest version of an entry, with the entry."""
    rows = pages.visible_versions(request.user, assessment).latest_ones()
    rows = rows.select_related("evidence__added_by", "uploaded_by", "checked_by", "withdrawn_by")
    found = get_object_or_404(rows, evidence__number=number)
    found.evidence.assessment = assessment
    return found


def _context(request: HttpRequest, state: State) -> dict[str, Any]:
    """What every page of the register needs."""
    closed = why_register_closed(state.assessment)
    keeps = request.user.has_perm("assessments.keep_evidence", state.assessment)
    return frame(state, request.user, here="evidence") | {"closed": closed, "may_keep": keeps and not closed}


# --- reading ----------------------------------------------------------------------------------


@login_required
@never_cache
def register_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every entry once, with the answers that cite it; found by words, kind and topic."""
    state = read_state(door(request, pk))
    assessment = state.assessment
    filters = pages.Filters.from_query(request.GET)
    versions = pages.visible_versions(request.user, assessment)
    page = Paginator(pages.register(versions, filters), pages.PER_PAGE).get_page(request.GET.get("page"))
    context = _context(request, state) | {
        "page": page,
        "entries": pages.entries_of(state, page),
        "chosen": filters,
        "topics": pages.topic_choices(assessment),
        "kinds": Evidence.Kind.choices,
        "uncited": pages.UNCITED,
        "used": uploads.used_bytes(assessment),
        "limits": uploads.limits(),
    }
    return render(request, "assessments/evidence.html", context)


@login_required
@never_cache
def entry(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One entry: what is known of it, its versions, the answers that cite it."""
    state = read_state(door(request, pk))
    latest = _entry(request, state.assessment, number)
    return _entry_page(request, state, latest)


def _entry_page(
    request: HttpRequest, state: State, latest: EvidenceVersion, status: int = 200
) -> HttpResponse:
    versions = pages.visible_versions(request.user, state.assessment).filter(evidence=latest.evidence)
    context = _context(request, state) | {
        "latest": latest,
        "entry": latest.evidence,
        "versions": versions.select_related("uploaded_by", "withdrawn_by"),
        "uses": pages.uses_of(state, [latest])[latest.evidence_id],
        "may_withdraw": request.user.has_perm("assessments.withdraw_evidence", latest.evidence),
    }
    return render(request, "assessments/evidence_entry.html", context, status=status)


# --- adding and changing ----------------------------------------------------------------------


def _take_source(request: HttpRequest, assessment: Assessment, form: SourceForm) -> Source | None:
    """What the form brings: the file that came with it, one that was sent before, or the address of a link.

    None where the form is in error. A file is kept even when something else is wrong, so that nobody sends it twice.
    """
    is_valid = form.is_valid()
    if form.source_kind == Evidence.Kind.LINK:
        return Source(url=form.cleaned_data["url"]) if is_valid else None
    try:
        upload = _take_upload(request, assessment, form)
    except Refused as refused:
        if refused.code in STATUS:
            raise
        form.add_error("upload", str(refused))
        return None
    form.sent = upload
    return Source(upload=upload) if is_valid else None


def _take_upload(request: HttpRequest, assessment: Assessment, form: SourceForm) -> Upload:
    if getattr(request, TOO_LARGE, False):
        raise uploads.too_large()
    if file := request.FILES.get("file"):
        return uploads.store(
            assessment, name=file.name, size=file.size, pieces=file.chunks(), by=request.user
        )
    if token := form.cleaned_data.get("upload"):
        found = Upload.objects.filter(pk=token, assessment=assessment, owner=request.user).first()
        if found is None or not found.is_complete:
            raise uploads.lost()
        return found
    raise Refused(_("เลือกไฟล์ที่จะเพิ่ม"), code="no_file")


def _form_page(
    request: HttpRequest, assessment: Assessment, template: str, form: Form, status: int = 200, **more: Any
) -> HttpResponse:
    state = read_state(assessment)
    context = _context(request, state) | {
        "form": form,
        "sent": getattr(form, "sent", None),
        "systems": KNOWN_SYSTEMS,
        "limits": uploads.limits(),
        "reason": "",
    }
    return render(request, template, context | more, status=status)


def _answer(assessment: Assessment, pk: str | None) -> Answer | None:
    """The answer that a new entry is for; None without one."""
    key = whole(pk)
    if key is None:
        return None
    answers = assessment.answers.present().select_related("part")
    found = get_object_or_404(answers, pk=key)
    found.assessment = assessment
    return found


@_typed_is_kept
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new entry; with ?answer= it is cited by that answer at once."""
    assessment = _keeper(request, pk)
    answer = _answer(assessment, request.GET.get("answer"))

    def show(form: EntryForm, status: int = 200, reason: str = "") -> HttpResponse:
        template = "assessments/evidence_add.html"
        place = {"answer": answer, "back_code": answer and answer.part.code, "reason": reason}
        return _form_page(request, assessment, template, form, status, **place)

    if request.method != "POST":
        kind = Evidence.Kind.LINK if request.GET.get("kind") == "link" else Evidence.Kind.FILE
        return show(EntryForm(kind=kind))
    form = EntryForm(request.POST)
    try:
        made = form.is_valid() and services.added(assessment, form.cleaned_data["key"])
        if not made:
            source = _take_source(request, assessment, form)
            if source is None:
                return show(form, 422)
            key = form.cleaned_data["key"]
            made = services.add(assessment, form.details, source, key=key, by=request.user, answer=answer)
    except (Refused, PermissionDenied) as refused:
        code = getattr(refused, "code", "closed")
        return show(form, STATUS.get(code, 422), str(refused))
    messages.success(request, _("เพิ่มหลักฐานเลขที่ %(number)d แล้ว") % {"number": made.number})
    if answer is not None:
        return redirect("assessments:cite_evidence", pk, answer.pk)
    return redirect("assessments:evidence_entry", pk, made.number)


@_typed_is_kept
def edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What is typed about an entry. Two people at once see both texts."""
    assessment = _keeper(request, pk)
    stored = _entry(request, assessment, number).evidence

    def show(form: DetailsForm, status: int = 200, **more: Any) -> HttpResponse:
        template = "assessments/evidence_edit.html"
        return _form_page(request, assessment, template, form, status, entry=stored, **more)

    if request.method != "POST":
        names = ("title", "source_system", "reference", "effective_on", "note", "version")
        return show(DetailsForm(initial={name: getattr(stored, name) for name in names}))
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return show(form, 422)
    try:
        services.edit(stored, form.details, version=form.seen_version, by=request.user)
    except Conflict as conflict:
        return show(form, 409, current=conflict.current)
    except (Refused, PermissionDenied) as refused:
        return show(form, 403, reason=str(refused))
    messages.success(request, _("บันทึกแล้ว"))
    return redirect("assessments:evidence_entry", pk, number)


@_typed_is_kept
def replace(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A new version of a file or a link. Who was slower is told whose version is there, and keeps the file."""
    assessment = _keeper(request, pk)
    latest = _entry(request, assessment, number)
    stored = latest.evidence

    def show(form: SourceForm, status: int = 200, **more: Any) -> HttpResponse:
        template = "assessments/evidence_replace.html"
        shown = {"entry": stored, "latest": latest} | more
        return _form_page(request, assessment, template, form, status, **shown)

    if request.method != "POST":
        return show(SourceForm(kind=stored.kind, initial={"version": stored.version, "url": latest.url}))
    form = SourceForm(request.POST, kind=stored.kind)
    if form.is_valid() and form.cleaned_data["upload"] and latest.came_as == form.cleaned_data["upload"]:
        # A second click: the first has done it.
        return redirect("assessments:evidence_entry", pk, number)
    try:
        source = _take_source(request, assessment, form)
        if source is None:
            return show(form, 422)
        made = services.replace(stored, source, version=form.seen_version, by=request.user)
    except Conflict as conflict:
        return show(form, 409, current=conflict.current, latest=_entry(request, assessment, number))
    except (Refused, PermissionDenied) as refused:
        code = getattr(refused, "code", "closed")
        return show(form, STATUS.get(code, 422), reason=str(refused))
    messages.success(request, _("ฉบับที่ %(number)d ใช้แทนฉบับก่อนแล้ว") % {"number": made.number})
    return redirect("assessments:evidence_entry", pk, number)


@_typed_is_kept
def withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Out of use, for a reason. Nothing is deleted."""
    assessment = _keeper(request, pk)
    latest = _entry(request, assessment, number)
    stored = latest.evidence

    def show(form: WithdrawForm, status: int = 200, **more: Any) -> HttpResponse:
        state = read_state(assessment)
        shown = {"entry": stored, "latest": latest, "uses": pages.uses_of(state, [latest])[stored.pk]}
        may = request.user.has_perm("assessments.withdraw_evidence", stored)
        template = "assessments/evidence_withdraw.html"
        return _form_page(request, assessment, template, form, status, may_withdraw=may, **shown | more)

    if request.method != "POST":
        return show(WithdrawForm(initial={"version": stored.version}))
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(form, 422)
    try:
        services.withdraw(
            stored, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"], by=request.user
        )
    except Conflict as conflict:
        return show(form, 409, current=conflict.current)
    except (Refused, PermissionDenied) as refused:
        return show(form, 403, reason=str(refused))
    messages.success(request, _("ถอนหลักฐานเลขที่ %(number)d แล้ว ฉบับเดิมยังเปิดอ่านได้") % {"number": number})
    return redirect("assessments:evidence_entry", pk, number)


@login_required
@require_POST
def confirm_link(request: HttpRequest, pk: int, number: int, version: int) -> HttpResponse:
    """Somebody has opened the link and says that it leads where it should."""
    assessment = _keeper(request, pk)
    stored = _entry(request, assessment, number).evidence
    try:
        services.confirm_link(stored, version, by=request.user)
    except Conflict:
        messages.error(request, _("ลิงก์เปลี่ยนไปแล้ว เปิดลิงก์ใหม่ดูก่อนยืนยัน"))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("บันทึกการตรวจลิงก์แล้ว"))
    return redirect("assessments:evidence_entry", pk, number)


# --- citing -----------------------------------------------------------------------------------


@login_required
@never_cache
def cite(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """What one answer rests on: what it cites, and the rest of the register to choose from."""
    assessment = door(request, pk)
    if request.method == "POST":
        return _cite(request, _answer(assessment, str(answer_id)))
    state = read_state(assessment)
    place = pages.place_of(state, answer_id)
    if place is None:
        raise Http404
    versions = pages.visible_versions(request.user, assessment)
    filters = pages.Filters(q=request.GET.get("q", "").strip()[:100])
    cited = list(pages.register(versions, pages.Filters()).filter(evidence__citations__answer=place.answer))
    others = pages.register(versions, filters).exclude(evidence__in=[row.evidence_id for row in cited])
    page = Paginator(others, pages.PER_PAGE).get_page(request.GET.get("page"))
    entries = pages.entries_of(state, [*cited, *page])
    context = _context(request, state) | {
        "place": place,
        "read_only": why_read_only(request.user, assessment, place.category, place.item),
        "cited": entries[: len(cited)],
        "others": entries[len(cited) :],
        "page": page,
        "chosen": filters,
    }
    return render(request, "assessments/evidence_cite.html", context)


def _cite(request: HttpRequest, answer: Answer) -> HttpResponse:
    form = CitationForm(request.POST)
    try:
        if form.is_valid() and form.cleaned_data["uncite"]:
            if services.uncite(answer, form.cleaned_data["uncite"], by=request.user):
                messages.success(request, _("เลิกอ้างแล้ว หลักฐานยังอยู่ในทะเบียน"))
        elif form.is_valid() and form.cleaned_data["entry"]:
            count = services.cite(answer, form.cleaned_data["entry"], by=request.user)
            told = ngettext("อ้างแล้ว %(n)d รายการ", "อ้างแล้ว %(n)d รายการ", count) % {"n": count}
            messages.success(request, told)
        else:
            messages.error(request, _("เลือกหลักฐานอย่างน้อยหนึ่งรายการ"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("assessments:cite_evidence", answer.assessment_id, answer.pk)
