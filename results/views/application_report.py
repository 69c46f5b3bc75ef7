"""The Application Report of one agency: its invitation, its chapters, submitting it, and its print."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.middleware import opened
from assessments.models import award_words
from assessments.snapshot import digest_of
from assessments.views.common import refusal_reply, saved_reply, wants_json
from pmqa.accounts import log
from pmqa.errors import Conflict, Refused
from pmqa.jobs.made import made_state
from results.application_report import content, printing, services
from results.application_report.forms import DeclineForm, DueForm, SectionForm
from results.application_report.models import ApplicationReport
from results.application_report.reading import ReportPage
from results.application_report.sections import INDICATOR, Chapter
from results.reading import open_to
from results.views.two_texts import two_texts
from reviews.conflicts import resolved


def _report(request: HttpRequest, pk: int) -> ApplicationReport:
    """The report, for whoever may know of it. 404 without a relation or an invitation, 403 with a reason."""
    rows = open_to(request.user).with_places()
    rows = rows.select_related(
        *("application_report", "application_report__sheet", "application_report__job")
    ).defer("application_report__sheet__payload")
    assessment = get_object_or_404(rows, pk=pk, application_report__isnull=False)
    if not request.user.has_perm("results.see_application_report", assessment):
        raise PermissionDenied(
            _("รายงานขั้นที่ 2 อ่านได้เฉพาะหน่วยงานและ สำนักงาน ก.พ.ร. ผู้ตรวจของเรื่องนี้อ่านได้เมื่อหน่วยงานส่งแล้ว")
        )
    report = assessment.application_report
    report.assessment = assessment
    return report


def _readable(request: HttpRequest, pk: int) -> ApplicationReport:
    """The report, for whoever may read what is in it."""
    report = _report(request, pk)
    if not request.user.has_perm("results.read_application_report", report.assessment):
        raise PermissionDenied(_("รายงานนี้ยังเป็นร่างของหน่วยงาน อ่านได้เมื่อหน่วยงานส่งแล้ว"))
    opened(request, report.assessment, is_result=True)
    return report


def _place(request: HttpRequest, report: ApplicationReport) -> dict[str, Any]:
    """What the head of every page says."""
    assessment = report.assessment
    return {
        "assessment": assessment,
        "report": report,
        "award": award_words({"award": report.award, "categories": report.categories}),
        "is_open": report.is_open(timezone.localdate()),
        "may_read": request.user.has_perm("results.read_application_report", assessment),
    }


@login_required
@require_safe
def application_report(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is: the invitation, the chapters, or what was submitted."""
    return _overview(request, _report(request, pk))


def _overview(
    request: HttpRequest,
    report: ApplicationReport,
    *,
    decline_form: DeclineForm | None = None,
    due_form: DueForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, assessment = request.user, report.assessment
    context = _place(request, report)
    page = ReportPage(report, user)
    if context["may_read"]:
        opened(request, assessment, is_result=True)
        context["chapters"] = page.chapter_views()
    else:
        # How many questions are answered, and no word of any.
        context["answers"] = report.entries.filter(is_answer=True).count()
    is_invited = report.state == ApplicationReport.State.INVITED
    invites = user.has_perm("results.invite_to_stage_two")
    context |= {
        "criteria": page.criteria,
        "may_answer": is_invited and user.has_perm("results.answer_invitation", assessment),
        "decline_form": decline_form or DeclineForm(),
        "may_move_due": invites and not report.is_submitted,
        "due_form": due_form or DueForm(initial={"due_on": report.due_on}),
        "may_invite_again": invites and report.state == ApplicationReport.State.DECLINED,
        "may_follow_stage_two": user.has_perm("results.follow_stage_two", assessment),
        "may_submit": report.is_writing and user.has_perm("results.submit_application_report", assessment),
        "state": made_state(report.file, report.job) if report.is_submitted else None,
        "seal": printing.seal_of_report(report) if report.is_submitted else None,
    }
    return render(request, "results/application_report/overview.html", context, status=status)


@login_required
@require_POST
def answer_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency takes part, or says why not; what was typed comes back where it was not stored."""
    report, form = _report(request, pk), DeclineForm(request.POST)
    accepts = request.POST.get("answer") == "accept"
    if not accepts and not form.is_valid():
        return _overview(request, report, decline_form=form, status=422)
    try:
        if accepts:
            services.accept(report, by=request.user)
        else:
            services.decline(report, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        accepted, declined = (
            _("ตอบรับแล้ว เริ่มเขียนรายงานได้"),
            _("แจ้งแล้วว่าไม่เข้าร่วม สำนักงาน ก.พ.ร. เห็นเหตุผลของท่าน"),
        )
        messages.success(request, accepted if accepts else declined)
    return redirect("results:application_report", pk)


@login_required
@require_POST
def move_due(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator gives another last day."""
    report = _report(request, pk)
    if not request.user.has_perm("results.invite_to_stage_two"):
        raise PermissionDenied(_("ผู้เลื่อนวันส่งรายงานคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    form = DueForm(request.POST)
    if form.is_valid():
        try:
            services.move_due(report, due_on=form.cleaned_data["due_on"], by=request.user)
        except Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            messages.success(request, _("เลื่อนวันส่งรายงานแล้ว"))
            return redirect("results:application_report", pk)
    return _overview(request, report, due_form=form, status=422)


# --- chapters ---------------------------------------------------------------------------------


@login_required
@require_safe
def report_chapter(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One chapter: blanks for whoever writes it, else what stands there."""
    page = ReportPage(_readable(request, pk), request.user)
    chapter = page.chapter(key)
    if chapter is None:
        raise Http404
    return _chapter(request, page, chapter)


def _chapter(
    request: HttpRequest,
    page: ReportPage,
    chapter: Chapter,
    *,
    kept: SectionForm | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    place = page.chapters.index(chapter)
    context = _place(request, page.report)
    context |= {
        "view": page.chapter_view(chapter),
        "chapter": chapter,
        "criteria": page.criteria,
        "blocks": page.block_views(chapter, kept=kept),
        "kept": kept,
        "reason": reason,
        "writes": page.may_write(chapter) and context["is_open"],
        "chapters": page.chapter_views(),
        "previous": page.chapters[place - 1] if place else None,
        "next": page.chapters[place + 1] if place + 1 < len(page.chapters) else None,
    }
    return render(request, "results/application_report/chapter.html", context, status=status)


@login_required
@require_POST
def save_section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Store one section; whatever the refusal, the typed text comes back."""
    report = _readable(request, pk)
    page = ReportPage(report, request.user)
    found = page.place_of(code)
    if found is None:
        raise Http404
    chapter, _block, section = found
    place = f"{reverse('results:report_chapter', args=[pk, chapter.key])}#s{code}"
    if request.POST.get("keep") == "theirs":
        return redirect(place)
    form = SectionForm(resolved(request.POST), section=section, values=section.initial, version=0)
    if not form.is_valid():
        return _not_stored(request, page, chapter, form)
    try:
        saved = services.save_section(
            report,
            chapter=chapter,
            section=section,
            version=form.cleaned_data["version"],
            values=form.typed,
            by=request.user,
        )
    except Conflict as conflict:
        return two_texts(
            request,
            report.assessment,
            form,
            conflict.current,
            title=f"{section.code} {section.title}",
            action=request.path,
            back=place,
            template="results/application_report/conflict.html",
        )
    except (Refused, PermissionDenied) as refused:
        return _not_stored(request, page, chapter, form, str(refused))
    if wants_json(request):
        return saved_reply(saved.version, page.section_view(section).saved, _fragments(request, page, code))
    messages.success(request, _("บันทึกแล้ว"))
    return redirect(place)


def _not_stored(
    request: HttpRequest, page: ReportPage, chapter: Chapter, form: SectionForm, reason: str = ""
) -> HttpResponse:
    if wants_json(request):
        return refusal_reply(form, reason)
    return _chapter(request, page, chapter, kept=form, reason=reason, status=403 if reason else 422)


def _fragments(request: HttpRequest, page: ReportPage, code: str) -> dict[str, str]:
    """What else of the page a save changes: the counts of the chapter, and the facts about this section."""
    chapter, block, section = page.place_of(code)
    views = page.block_views(chapter, only=block)[0]
    context = {"assessment": page.report.assessment, "view": page.chapter_view(chapter), "block": views}
    folder = "results/application_report"
    fragments = {"report-count": render_to_string(f"{folder}/_count.html", context, request)}
    if section.kind == INDICATOR:
        shown = page.section_view(section)
        fragments[f"facts-{code}"] = render_to_string(f"{folder}/_facts.html", {"shown": shown}, request)
    if chapter.is_process:
        fragments[f"cov-{block.code}"] = render_to_string(f"{folder}/_coverage.html", context, request)
    return fragments


@login_required
@require_safe
def report_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What of the copied data says something else than stage 1."""
    report = _readable(request, pk)
    page = ReportPage(report, request.user)
    context = _place(request, report) | {"criteria": page.criteria, "changes": page.changes()}
    return render(request, "results/application_report/changes.html", context)


# --- submitting -------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing; POST submits what was shown, once the password has been entered again."""
    report = _readable(request, pk)
    if request.method != "POST":
        return _summary(request, report)
    if report.is_writing and request.user.has_perm("results.submit_application_report", report.assessment):
        return _sign(request, report)
    return _submit(request, report)


@reauthentication_required
def _sign(request: HttpRequest, report: ApplicationReport) -> HttpResponse:
    """Only behind a password or second factor entered again of late; what was posted waits there meanwhile."""
    return _submit(request, report)


def _submit(request: HttpRequest, report: ApplicationReport) -> HttpResponse:
    try:
        services.submit(report, seen=request.POST.get("seen", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("results:submit_report", report.assessment_id)
    messages.success(request, _("ส่งรายงานแล้ว ใบรับและไฟล์ PDF อยู่ในหน้านี้"))
    return redirect("results:application_report", report.assessment_id)


def _summary(request: HttpRequest, report: ApplicationReport) -> HttpResponse:
    page = ReportPage(report, request.user)
    missing = page.missing()
    context = _place(request, report) | {
        "criteria": page.criteria,
        "blocking": [entry for entry in missing if entry.blocks],
        "advice": [entry for entry in missing if not entry.blocks],
        "chapters": page.chapter_views(),
        "digest": digest_of(content.build(report, page.said)),
        "may_submit": request.user.has_perm("results.submit_application_report", report.assessment),
    }
    return render(request, "results/application_report/submit.html", context)


@login_required
@require_POST
def report_pdf(request: HttpRequest, pk: int) -> FileResponse:
    """The print of what was submitted; 404 while it is not made. A post, for the download is in the log."""
    report = _readable(request, pk)
    if not report.is_submitted or not made_state(report.file, report.job).is_ready:
        raise Http404
    assessment = report.assessment
    log.record("application_report.downloaded", assessment, by=request.user, agency=assessment.agency)
    name = f"{printing.TITLE} {assessment.agency.code} {assessment.cycle.year}.pdf"
    return FileResponse(
        report.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )


@login_required
@require_POST
def print_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the print again where it failed or its file is gone."""
    services.print_again(_readable(request, pk), by=request.user)
    return redirect("results:application_report", pk)
