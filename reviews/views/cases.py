"""OPDC's side of the review: every case of a cycle, and the page of one with its team."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.applications import application_of
from assessments.models import WITH_AGENCY, Assessment, Cycle, Status, Submission
from assessments.models.extensions import waiting_in_cycle
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from reviews.abstaining import lacking_codes, unreplaced
from reviews.duties import ASSIGNABLE
from reviews.forms import AssignForm, CaseFilter, SendBackForm, candidates
from reviews.models import Assignment
from reviews.notices import notices
from reviews.services import assigning, replacing
from reviews.team_models import Departure
from reviews.team_reading import Member, by_number, read_left, read_team

PER_PAGE = 50


def _follow(request: HttpRequest) -> None:
    if not request.user.has_perm("reviews.follow"):
        raise PermissionDenied(_("หน้านี้สำหรับเจ้าหน้าที่ สำนักงาน ก.พ.ร."))


def followed_case(request: HttpRequest, pk: int) -> Assessment:
    """OPDC's door to a case. Whoever belongs to its agency hears nothing of its review, in whatever office."""
    _follow(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    if any(entry.agency_id == assessment.agency_id for entry in request.user.current_memberships):
        raise PermissionDenied(_("ท่านเป็นบุคคลของหน่วยงานนี้ จึงติดตามการตรวจเรื่องนี้ไม่ได้"))
    return assessment


# --- the list --------------------------------------------------------------------------------------


def _closed_for_all(cycle: Cycle) -> Q:
    """Drafts whose time is over: they were not submitted (ไม่ส่ง) and have no score, not 0."""
    now = timezone.now()
    late = Q(status__in=WITH_AGENCY) & (Q(extended_until=None) | Q(extended_until__lt=now))
    return late if max(filter(None, (cycle.closes_at, cycle.grace_until))) < now else Q(pk=None)


def _with_progress(rows: QuerySet[Assessment], user: User) -> QuerySet[Assessment]:
    """How many reviewers, and how many are awaited; `is_short` where somebody is to be found for who left or abstained;
    `is_blind` where the viewer must not learn that: before their own hand-in, and of their own agency for ever.
    """
    homes = [entry.agency_id for entry in user.current_memberships]
    active = Q(assignments__recused_at=None, assignments__marks=True)
    own = Assignment.objects.active().filter(
        assessment=OuterRef("pk"), reviewer=user, marks=True, handed_in_at=None
    )
    late = Submission.objects.filter(assessment=OuterRef("pk"), is_late=True, withdrawn_at=None)
    return rows.annotate(
        is_late=Exists(late),
        reviewers=Count("assignments__reviewer", filter=active, distinct=True),
        waiting=Count(
            "assignments__reviewer", filter=active & Q(assignments__handed_in_at=None), distinct=True
        ),
        is_blind=Q(Exists(own)) | Q(agency__in=homes),
        is_short=Exists(Departure.objects.filter(assessment=OuterRef("pk"), is_awaited=True))
        | Exists(unreplaced().filter(answer__assessment=OuterRef("pk"))),
    )


@dataclass(frozen=True)
class Line:
    """One case in the list. `state` is the status or "missed"; `action` is what is to be done next."""

    assessment: Assessment
    state: str
    state_name: str
    glyph: str
    tone: str
    action: str

    @property
    def handed_in(self) -> int:
        return self.assessment.reviewers - self.assessment.waiting

    @property
    def submitted_at(self):
        """When it was handed over; nothing for what is on the agency's desk again."""
        desk = self.assessment.status in WITH_AGENCY and self.assessment.status != Status.RETURNED
        return None if desk else self.assessment.submitted_at

    @property
    def shows_progress(self) -> bool:
        return bool(self.assessment.reviewers) and not self.assessment.is_blind


_LOOKS = {
    Status.DRAFTING: ("circle", ""),
    Status.INTERNAL_CHECK: ("circle-half", ""),
    Status.AWAITING_HEAD: ("pen", ""),
    CaseFilter.MISSED: ("dash-lg", ""),
    Status.RETURNED: ("arrow-left", "is-warn"),
    Status.SUBMITTED: ("inbox", "is-warn"),
    Status.IN_REVIEW: ("circle-half", "is-started"),
    Status.CONSENSUS: ("people", "is-started"),
    Status.CONSENSUS_DONE: ("check2", "is-done"),
    Status.PRELIM_RELEASED: ("check2", "is-done"),
    Status.APPEAL_OPEN: ("arrow-repeat", "is-warn"),
    Status.FINALISED: ("check2-square", "is-done"),
    Status.REPORT_ISSUED: ("check-circle-fill", "is-done"),
}


def _line(assessment: Assessment, missed: bool) -> Line:
    state = CaseFilter.MISSED if missed else assessment.status
    finds = assessment.is_short and not assessment.is_blind
    actions = {
        Status.SUBMITTED: _("เปิดการตรวจ") if assessment.reviewers else _("มอบหมายผู้ตรวจ"),
        Status.IN_REVIEW: _("หาผู้ตรวจแทน") if finds else _("ติดตามการตรวจ"),
        Status.CONSENSUS: _("รอหัวหน้าทีม"),
        Status.CONSENSUS_DONE: _("แจ้งผลเบื้องต้น") if assessment.cycle.appeal_days else _("ประกาศผล"),
        Status.PRELIM_RELEASED: _("รอพ้นเวลาขอทบทวน"),
        Status.APPEAL_OPEN: _("รอหัวหน้าทีม"),
        Status.FINALISED: _("ประกาศผล"),
        Status.REPORT_ISSUED: _("ดูผล"),
    }
    glyph, tone = _LOOKS[state]
    return Line(
        assessment=assessment,
        state=state,
        state_name=_("ไม่ส่ง") if missed else assessment.get_status_display(),
        glyph=glyph,
        tone=tone,
        action=actions.get(state, _("ดูเรื่องนี้")),
    )


def _is_missed(assessment: Assessment) -> bool:
    return assessment.status in WITH_AGENCY and timezone.now() > assessment.closes_at


@login_required
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """Every assessment of a cycle with its state; agencies that have not begun have no row and no score."""
    _follow(request)
    cycles = list(Cycle.objects.select_related("edition").annotate(extensions_waiting=waiting_in_cycle()))
    form = CaseFilter(request.GET)
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    cycle = next((cycle for cycle in cycles if cycle == chosen.get("cycle")), cycles[0] if cycles else None)
    context = {"form": form, "cycles": cycles, "cycle": cycle, "chosen": chosen}
    if request.user.has_perm("assessments.extend"):
        context["extensions_waiting"] = sum(one.extensions_waiting for one in cycles)
    context["notices"] = notices(request.user)
    context["may_assign"] = request.user.has_perm("reviews.assign")
    if cycle is None:
        return render(request, "reviews/cases.html", context)
    visible = Assessment.objects.visible_to(request.user).filter(cycle=cycle)
    missed = _closed_for_all(cycle)
    context["figures"] = figures = _figures(cycle, visible, missed)
    context["segments"] = [(tone, count) for _value, _name, count, tone in figures]
    if chosen.get("status") == CaseFilter.ABSENT:
        absent = _narrowed(_absent(cycle).select_related("ministry"), chosen, "")
        context["page"] = Paginator(absent, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "reviews/cases.html", context | {"is_absent": True})
    rows = _narrowed(visible, chosen, "agency__")
    if status := chosen.get("status"):
        rows = (
            rows.filter(missed) if status == CaseFilter.MISSED else rows.filter(status=status).exclude(missed)
        )
    rows = _with_progress(rows, request.user).with_places().order_by("agency__code")
    context["page"] = page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context["lines"] = [_line(assessment, _is_missed(assessment)) for assessment in page]
    return render(request, "reviews/cases.html", context)


def _narrowed(rows: QuerySet, chosen: dict, agency: str) -> QuerySet:
    """Filter by ministry and by words of name or code; `agency` is the path to the agency."""
    if ministry := chosen.get("ministry"):
        rows = rows.filter(**{f"{agency}ministry": ministry})
    for word in chosen.get("q", "").split():
        rows = rows.filter(Q(**{f"{agency}name__icontains": word}) | Q(**{f"{agency}code__icontains": word}))
    return rows


def _absent(cycle: Cycle) -> QuerySet[Agency]:
    begun = Assessment.objects.filter(cycle=cycle, agency=OuterRef("pk"))
    return Agency.objects.filter(~Exists(begun), is_active=True)


def _figures(cycle: Cycle, visible: QuerySet[Assessment], missed: Q) -> list[tuple[str, str, int, str]]:
    """(filter value, name, count, tone) for every place on the road, in its order."""
    tones = {
        Status.DRAFTING: "tone-level-1",
        Status.INTERNAL_CHECK: "tone-level-1",
        Status.AWAITING_HEAD: "tone-level-1",
        Status.RETURNED: "tone-gold",
        Status.SUBMITTED: "tone-level-2",
        Status.IN_REVIEW: "tone-level-3",
        Status.CONSENSUS: "tone-level-3",
        Status.CONSENSUS_DONE: "tone-pass",
        Status.PRELIM_RELEASED: "tone-pass",
        Status.APPEAL_OPEN: "tone-gold",
        Status.FINALISED: "tone-pass",
        Status.REPORT_ISSUED: "tone-pass",
    }
    counts = visible.aggregate(
        missed=Count("pk", filter=missed),
        **{status.value: Count("pk", filter=Q(status=status) & ~missed) for status in Status},
    )
    absent = _("ไม่ส่ง (ยังไม่เริ่ม)") if cycle.closes_at < timezone.now() else _("ยังไม่เริ่ม")
    rows = [(CaseFilter.ABSENT, absent, _absent(cycle).count(), "tone-idle")]
    rows += [(status.value, str(status.label), counts[status.value], tones[status]) for status in Status]
    rows.append((CaseFilter.MISSED, _("ไม่ส่ง"), counts["missed"], "tone-fail"))
    return [row for row in rows if row[2] or row[0] in (Status.SUBMITTED, Status.IN_REVIEW)]


# --- one case --------------------------------------------------------------------------------------


@login_required
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, followed_case(request, pk))


def _show(
    request: HttpRequest,
    assessment: Assessment,
    *,
    assign: AssignForm | None = None,
    send_back: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One case: where it stands, its receipt, its team, and what this person may do next."""
    user = request.user
    team = read_team(assessment, request.user)
    may_assign = user.has_perm("reviews.assign", assessment) and assessment.status in ASSIGNABLE
    context = {
        "assessment": assessment,
        "state": _line(_counted(assessment, team), _is_missed(assessment)),
        "changes": assessment.changes.order_by("pk"),
        "submission": assessment.submissions.defer("content").first(),
        # In a draft it is the agency's own.
        "application": None if assessment.status in WITH_AGENCY else application_of(assessment),
        "team": team,
        "sees_progress": user.has_perm("reviews.follow_marking", assessment),
        "left": read_left(assessment) if user.has_perm("reviews.follow_marking", assessment) else [],
        "lacking": _lacking(assessment, user),
        "alone": by_number(assessment, team, 1) if team else [],
        "may_replace": user.has_perm("reviews.assign", assessment)
        and assessment.status in replacing.REPLACEABLE,
        "may_name_lead": user.has_perm("reviews.assign", assessment)
        and assessment.status in (Status.PRELIM_RELEASED, Status.APPEAL_OPEN),
        "may_read_set_aside": user.has_perm("reviews.read_set_aside", assessment),
        "may_assign": may_assign,
        "may_open": user.has_perm("reviews.open_review", assessment)
        and assessment.status == Status.SUBMITTED,
        "may_publish": user.has_perm("results.publish", assessment)
        and assessment.status
        == (Status.FINALISED if assessment.cycle.appeal_days else Status.CONSENSUS_DONE),
        "may_release": user.has_perm("results.release")
        and assessment.status == Status.CONSENSUS_DONE
        and bool(assessment.cycle.appeal_days),
        "may_reopen": user.has_perm("reviews.reopen", assessment)
        and assessment.status == Status.CONSENSUS_DONE,
        "is_closed": timezone.now() > assessment.closes_at,
        "may_print": user.has_perm("assessments.read", assessment),
        "may_extend": user.has_perm("assessments.extend") and assessment.status != Status.REPORT_ISSUED,
    }
    if may_assign:
        context["search"] = request.GET.get("who", "").strip()
        context["assign_form"] = assign or _assign_form(assessment, team, context["search"])
    if _may_send_back(user, assessment, team):
        context["send_back_form"] = send_back or SendBackForm()
    return render(request, "reviews/case.html", context, status=status)


def _lacking(assessment: Assessment, user: User) -> list[str]:
    """The answers that need another reviewer, for whoever may know that somebody abstained."""
    if assessment.status != Status.IN_REVIEW or not user.has_perm("reviews.follow_marking", assessment):
        return []
    return lacking_codes([assessment.pk]).get(assessment.pk, [])


def _counted(assessment: Assessment, team: list[Member]) -> Assessment:
    assessment.reviewers = sum(member.marks for member in team)
    assessment.waiting = sum(member.marks and not member.handed_in_at for member in team)
    assessment.is_blind = assessment.is_short = False
    return assessment


def _may_send_back(user: User, assessment: Assessment, team: list[Member]) -> bool:
    if not user.has_perm("reviews.send_back", assessment):
        return False
    if assessment.status == Status.SUBMITTED:
        return True
    return assessment.status == Status.IN_REVIEW and not any(member.opened for member in team)


def _assign_form(assessment: Assessment, team: list[Member], search: str = "", data=None) -> AssignForm:
    initial = {
        "reviewers": [member.person.pk for member in team if member.marks and not member.is_lead],
        "lead": next((member.person.pk for member in team if member.is_lead), None),
        "lead_marks": any(member.marks and member.is_lead for member in team),
    }
    return AssignForm(data, initial=initial, people=candidates(assessment, search))


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the team of a case."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.assign", assessment):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    form = _assign_form(assessment, [], data=request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            assigning.assign(
                assessment,
                reviewers=list(chosen["reviewers"]),
                lead=chosen["lead"],
                lead_marks=chosen["lead_marks"],
                by=request.user,
            )
        except Refused as refused:
            form.add_error("lead" if refused.code == "lead" else "reviewers", str(refused))
        else:
            messages.success(request, _("บันทึกทีมผู้ตรวจแล้ว"))
            return redirect("reviews:case", pk=pk)
    return _show(request, assessment, assign=form, status=422)


@login_required
@require_POST
def open_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the reviewers in."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.open_review", assessment):
        raise PermissionDenied(_("ผู้เปิดการตรวจคือผู้ดูแลระบบ"))
    return done(
        request,
        pk,
        lambda: assigning.open_review(assessment, by=request.user),
        _("เปิดการตรวจแล้ว ผู้ตรวจเห็นเรื่องนี้ในงานตรวจของตน"),
    )


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a case to its agency with the reason."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.send_back", assessment):
        raise PermissionDenied(_("ผู้ส่งกลับคือเจ้าหน้าที่ประจำเรื่องหรือผู้ดูแลระบบ"))
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _show(request, assessment, send_back=form, status=422)
    try:
        assigning.send_back(assessment, form.cleaned_data["note"], by=request.user)
    except Refused as refused:
        form.add_error("note", str(refused))
        return _show(request, assessment, send_back=form, status=409)
    messages.success(request, _("ส่งกลับให้หน่วยงานแก้ไขแล้ว"))
    return redirect("reviews:case", pk=pk)


def done(
    request: HttpRequest, pk: int, act: Callable[[], object], sentence: str, *, where: str = "reviews:case"
) -> HttpResponse:
    """Do one thing to a case and come back to its page, or to another of OPDC, with what was done or why not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
    return redirect(where, pk=pk)
