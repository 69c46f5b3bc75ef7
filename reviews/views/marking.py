"""The marking pages: where to go on, one topic, saving one mark, the profile, handing in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import Answer, Assessment
from assessments.reading import indicator_code, read_answers, tree_of
from assessments.views.common import conflict_reply, refusal_reply, saved_reply, signed_out, wants_json
from criteria.catalogue import topic_or_404
from criteria.structure import PROFILE, RESULTS, Topic
from criteria.templatetags.criteria_text import named
from pmqa.errors import Conflict, Refused
from reviews import desk
from reviews.comments import as_code
from reviews.composing import LACKING
from reviews.conflicts import differing, resolved
from reviews.evidence_reading import by_code, frozen_evidence
from reviews.forms import VerdictForm
from reviews.models import REVIEWABLE, Assignment, Pillar, Verdict
from reviews.reading import Mark, Marks, last_hand_in, read_marks
from reviews.services import marking
from reviews.ticket_reading import shown_to_reviewer
from reviews.views.doors import is_opened, own_case

TEXTS = {
    "comment": gettext_lazy("ความเห็นถึงส่วนราชการ"),
    "internal_note": gettext_lazy("บันทึกภายในทีม"),
    "strength": gettext_lazy("จุดเด่น"),
    "own_note": gettext_lazy("บันทึกส่วนตัว"),
    "reason": gettext_lazy("เหตุผลที่งดลงผล"),
}
# With some room for spaces; what is longer is no code, and needs no answer that is as long.
LONGEST_CODE = 20
# Everything of a mark that is posted, but for the versions.
CONTENT = ("outcome", "pillar", "ground", *TEXTS)


@login_required
@never_cache
def next_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Straight to the next unmarked part, behind `after`; to the hand-in when nothing is left."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return _start_first(request)
    marks = read_marks(assessment, rows)
    place = None
    if request.user.has_perm("reviews.mark", assessment):
        place = marks.next_gap(request.GET.get("after", ""))
        if place is None:
            return redirect("reviews:hand_in", pk=pk)
    if place is None and marks.rows:
        place = marks.rows[0]
    return redirect(desk.mark_url(assessment, place) if place else reverse("reviews:queue"))


@login_required
@never_cache
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """To the part, item or topic whose code was typed; "141" is 1.4.1."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return _start_first(request)
    marks = read_marks(assessment, rows)
    code = as_code(request.GET.get("code", "")[:LONGEST_CODE])
    place = desk.places(assessment, marks).get(code)
    if place is None and code in {mark.topic for mark in marks.rows}:
        place = desk.topic_url(assessment, code)
    if place is None:
        messages.warning(request, _("ไม่มีส่วน %(code)s ในเรื่องนี้") % {"code": code or "–"})
        place = reverse("reviews:next", args=[pk])
    return redirect(place)


@login_required
@never_cache
def topic_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One topic: the answers on the left, this reviewer's marks on the right."""
    assessment, rows = own_case(request, pk)
    topic = topic_or_404(assessment.cycle.edition, code)
    if tree_of(assessment).category_of_topic[code].kind == PROFILE:
        return redirect("reviews:profile", pk=pk)
    return _show(request, assessment, rows, topic)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    rows: list[Assignment],
    topic: Topic,
    *,
    kept: dict[int, desk.Kept] | None = None,
    open_code: str = "",
    status: int = 200,
) -> HttpResponse:
    """`kept`, by answer, holds marks that were posted and not stored."""
    if not is_opened(rows):
        return _start_first(request)
    marks = read_marks(assessment, rows)
    before, after = desk.neighbours(assessment, topic)
    places = desk.places(assessment, marks)
    category = tree_of(assessment).category_of_topic[topic.code]
    register = frozen_evidence(assessment)
    entries = desk.entries_of(
        assessment,
        topic,
        read_answers(assessment),
        marks,
        rows,
        user=request.user,
        open_code=open_code or request.GET.get("part", ""),
        kept=kept or {},
        evidence=by_code(register),
        tickets=shown_to_reviewer(assessment, rows, category.code, register),
    )
    context = _frame(request, assessment, rows, marks) | {
        "here": "marking",
        "topic": topic,
        "category": category,
        "entries": entries,
        "is_indicators": category.kind == RESULTS,
        "is_editable": any(entry.is_editable for entry in entries),
        "map": desk.part_map(assessment, marks, topic.code),
        "places": places,
        "previous": before,
        "next": after,
        "pillars": Pillar.choices,
        "lacking": LACKING,
        "grounds": Verdict.Ground.choices,
    }
    return render(request, "reviews/marking.html", context, status=status)


def _start_first(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("กด “เริ่มตรวจ” ก่อน จึงอ่านคำตอบได้"))
    return redirect("reviews:queue")


def _frame(
    request: HttpRequest, assessment: Assessment, rows: list[Assignment], marks: Marks
) -> dict[str, object]:
    """Context of reviews/case_base.html: which case, how far, until when."""
    return {
        "assessment": assessment,
        "marks": marks,
        "legend": desk.legend(marks),
        "due": desk.due(assessment),
        "is_marking": any(row.marks for row in rows),
        "handed_in_at": last_hand_in(rows),
        "may_mark": request.user.has_perm("reviews.mark", assessment),
    }


@never_cache
@require_POST
def mark(request: HttpRequest, pk: int, answer: int) -> HttpResponse:
    """Save one mark; whatever the refusal, the typed text comes back."""
    if not request.user.is_authenticated:
        return signed_out(request, back=reverse("reviews:next", args=[pk]), typed=_typed(request.POST))
    found = markable(request, pk, answer)
    if request.POST.get("keep") == "theirs":
        stored = Verdict.objects.filter(answer=found, assignment__reviewer=request.user).first()
        return _saved(request, found, stored or Verdict(judged_version=found.version))
    form = VerdictForm(found, resolved(request.POST))
    if not form.is_valid():
        return _not_stored(request, found, form)
    try:
        saved = marking.save_verdict(found, by=request.user, **form.cleaned_data)
    except Conflict as conflict:
        saved = conflict.current
        # The same mark twice (a lost reply, two windows) is not a conflict.
        if _content(saved) != _content(form):
            return _conflict(request, found, form, saved)
    except (Refused, PermissionDenied) as refused:
        return _not_stored(request, found, form, str(refused))
    return _saved(request, found, saved)


def markable(request: HttpRequest, pk: int, answer: int) -> Answer:
    """The answer, for anybody who is or was a reviewer of the case; the service decides about the mark."""
    own = Assignment.objects.filter(assessment=pk, reviewer=request.user, assessment__status__in=REVIEWABLE)
    return get_object_or_404(
        Answer.objects.select_related(
            "assessment__agency__ministry", "assessment__cycle__edition", "part__item__topic"
        ).filter(assessment__in=own.values("assessment")),
        pk=answer,
    )


def _content(source: Verdict | VerdictForm) -> tuple[str, ...]:
    if isinstance(source, VerdictForm):
        return tuple(source.cleaned_data[name] for name in CONTENT)
    return tuple(getattr(source, name) for name in CONTENT)


def place_of(answer: Answer) -> str:
    """The page of the answer's topic with its part open."""
    topic = answer.part.item.topic.code
    code = code_of(answer)
    return f"{reverse('reviews:topic', args=[answer.assessment_id, topic])}?part={code}#p{code}"


def code_of(answer: Answer) -> str:
    """The code people see; that of an indicator needs its place in the group."""
    if tree_of(answer.assessment).place_of_part[answer.part.code][0].kind != RESULTS:
        return answer.part.code
    group = Answer.objects.present().filter(assessment=answer.assessment_id, part=answer.part_id)
    return indicator_code(answer.part.code, group.filter(ordinal__lte=answer.ordinal).count())


def _saved(request: HttpRequest, answer: Answer, saved: Verdict) -> HttpResponse:
    stored = _as_mark(answer, saved)
    if wants_json(request):
        gap = {"mark": stored, "advice": desk.advice_of(stored, request.user)}
        fragments = {
            f"tag-{answer.pk}": render_to_string("reviews/_tag.html", {"mark": stored}),
            f"gap-{answer.pk}": render_to_string("reviews/_gap.html", gap),
        }
        return saved_reply(saved.version, desk.saved_sentence(stored), fragments)
    if "next" in request.POST:
        return redirect(
            f"{reverse('reviews:next', args=[answer.assessment_id])}?{urlencode({'after': code_of(answer)})}"
        )
    return redirect(place_of(answer))


def _as_mark(answer: Answer, verdict: Verdict) -> Mark:
    return Mark(
        answer_id=answer.pk,
        code=answer.part.code,
        part=answer.part.code,
        topic=answer.part.item.topic.code,
        category="",
        answer_version=answer.version,
        is_mine=True,
        version=verdict.version,
        judged_version=verdict.judged_version,
        updated_at=verdict.updated_at,
        **{name: getattr(verdict, name) for name in CONTENT},
    )


def _not_stored(request: HttpRequest, answer: Answer, form: VerdictForm, reason: str = "") -> HttpResponse:
    """The topic again with what was typed; who has stepped aside gets the text on a page of its own."""
    if wants_json(request):
        return refusal_reply(form, reason)
    status = 403 if reason else 422
    reason = reason or " ".join(str(error) for errors in form.errors.values() for error in errors)
    try:
        assessment, rows = own_case(request, answer.assessment_id)
    except (Http404, PermissionDenied):
        context = {"reason": reason, "typed": _typed(form.data)}
        return render(request, "reviews/kept.html", context, status=status)
    topic = topic_or_404(assessment.cycle.edition, answer.part.item.topic.code)
    kept = desk.Kept(**{name: form.data.get(name, "") for name in CONTENT}, why=reason)
    return _show(
        request, assessment, rows, topic, kept={answer.pk: kept}, open_code=code_of(answer), status=status
    )


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    """The texts of a mark that was posted, each with its label."""
    return [(label, text) for name, label in TEXTS.items() if (text := data.get(name, "")).strip()]


def _conflict(request: HttpRequest, answer: Answer, form: VerdictForm, current: Verdict) -> HttpResponse:
    """Two windows of the same reviewer: both texts, and a proposal that holds both."""
    stored = {name: getattr(current, name) for name in TEXTS}
    context = {
        "answer": answer,
        "code": code_of(answer),
        "form": form,
        "fields": differing(TEXTS, form.cleaned_data, stored),
        "own_outcome": form.cleaned_data["outcome"],
        "their_outcome": current.outcome,
        "version": current.version,
        "their_name": _("หน้าต่างอื่นของท่าน"),
        "their_time": current.updated_at,
        "back": place_of(answer),
    }
    if wants_json(request):
        html = render_to_string("reviews/_conflict.html", context)
        return conflict_reply(current.version, _("ยังไม่บันทึก: มีสองฉบับ"), html, theirs=_as_posted(current))
    return render(request, "reviews/conflict.html", context, status=409)


def _as_posted(verdict: Verdict) -> dict[str, object]:
    """The stored mark as autosave.js compares it with what it sent; `claim` is the radio that is ticked."""
    posted = {name: getattr(verdict, name) for name in CONTENT}
    posted["judged_version"] = str(verdict.judged_version)
    return {"claim": verdict.outcome, "values": {name: text for name, text in posted.items() if text}}


@login_required
@never_cache
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisational profile as it was handed over; every reviewer of the case reads it."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return _start_first(request)
    marks = read_marks(assessment, rows)
    answers = read_answers(assessment).parts
    evidence = by_code(frozen_evidence(assessment))
    sections = [
        (
            topic,
            [
                (
                    item,
                    [blank for part in item.parts for blank in desk.blanks_of(part, answers[part.code])],
                    [entry for part in item.parts for entry in evidence.get(part.code, ())],
                )
                for item in topic.items
            ],
        )
        for category in tree_of(assessment).of_kind(PROFILE)
        for topic in category.topics
    ]
    context = _frame(request, assessment, rows, marks) | {
        "here": "profile",
        "sections": sections,
        "places": desk.places(assessment, marks),
    }
    return render(request, "reviews/profile.html", context)


@login_required
@never_cache
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing, each a link; with nothing missing, the button that closes one's marks."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return _start_first(request)
    if request.method == "POST":
        return _hand_in(request, assessment)
    marks = read_marks(assessment, rows)
    tree = tree_of(assessment)
    gaps = [
        (gap, named(tree.place_of_part[gap.part][2]), desk.mark_url(assessment, gap)) for gap in marks.gaps
    ]
    context = _frame(request, assessment, rows, marks) | {"here": "hand_in", "gaps": gaps}
    return render(request, "reviews/hand_in.html", context)


def _hand_in(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    try:
        marking.hand_in(assessment, by=request.user)
    except marking.Unfinished as unfinished:
        messages.error(request, str(unfinished))
        return redirect(desk.mark_url(assessment, unfinished.gaps[0]))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reviews:hand_in", pk=assessment.pk)
    messages.success(request, _("ส่งผลการตรวจ %(agency)s แล้ว") % {"agency": assessment.agency})
    return redirect("reviews:queue")
