"""Teams for many cases at once: proposed, applied as a whole, and taken back while nobody has begun."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle, Status
from assessments.workflow import lock_all
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from reviews import proposing
from reviews.duties import ASSIGNABLE, Duties, Duty, category_keys, duties_of, rows_of
from reviews.lines import LEAD, MARKING_LEAD, REVIEWER, Line
from reviews.loads import sizes_of
from reviews.models import Verdict
from reviews.rules import ties
from reviews.services.assigning import assign, place
from reviews.services.marking import settle_when_all_in
from reviews.team_models import Batch, ReviewerProfile
from reviews.teams_reading import Preview, check, open_loads, without_team


@dataclass(frozen=True)
class Proposed:
    """The lines for every case that can have a team, and why the others cannot."""

    lines: list[Line]
    impossible: list[tuple[Assessment, str]]


def propose(cycle: Cycle, *, at_least: int, lead_marks: bool, seed: int, by: User) -> Proposed:
    """Lines for all cases of the cycle without a team; stores nothing, and the same data give the same lines."""
    cases = {case.pk: case for case in without_team(cycle, by)}
    names = {key: code for code, key in category_keys(cycle.edition).items()}
    sizes = sizes_of(cases)
    people, profiles = available_people({case.agency for case in cases.values()}, by)
    proposal = proposing.propose(
        [
            proposing.Case(
                pk,
                case.agency_id,
                {code: sizes.get((pk, key), (0, 0))[0] for key, code in names.items()},
                {code: sizes.get((pk, key), (0, 0))[1] for key, code in names.items()},
            )
            for pk, case in cases.items()
        ],
        people,
        at_least=at_least,
        lead_marks=lead_marks,
        seed=seed,
    )
    return Proposed(
        _as_lines(cases, {profile.user_id: profile for profile in profiles}, proposal, set(names.values())),
        [(case, _lack(proposal.impossible[pk])) for pk, case in cases.items() if pk in proposal.impossible],
    )


def available_people(
    agencies: Collection[Agency], by: User
) -> tuple[list[proposing.Person], list[ReviewerProfile]]:
    """Everybody who takes cases, for a proposal and as they are stored: which of `agencies` they may not judge, and
    what is on their desks as far as `by` may know. Four queries."""
    profiles = list(
        ReviewerProfile.objects.filter(is_available=True, user__is_active=True).select_related("user")
    )
    keys = [profile.user_id for profile in profiles]
    barred: dict[int, set[int]] = {}
    for person, agency in ties(keys, agencies):
        barred.setdefault(person, set()).add(agency)
    desk: dict[int, list[int]] = {pk: [0, 0] for pk in keys}
    for _case, person, parts, words in open_loads(keys, by):
        desk[person][0] += parts
        desk[person][1] += words
    people = [
        proposing.Person(
            profile.user_id,
            frozenset(profile.categories),
            profile.can_lead,
            frozenset(barred.get(profile.user_id, ())),
            *desk[profile.user_id],
        )
        for profile in profiles
    ]
    return people, profiles


def _as_lines(
    cases: Mapping[int, Assessment],
    people: Mapping[int, ReviewerProfile],
    proposal: proposing.Proposal,
    asked: set[str],
) -> list[Line]:
    lines: list[Line] = []
    for pk, case in cases.items():
        for seat in sorted(proposal.teams.get(pk, ()), key=lambda seat: not seat.is_lead):
            role = (MARKING_LEAD if seat.categories else LEAD) if seat.is_lead else REVIEWER
            codes = () if set(seat.categories) == asked else seat.categories
            email = people[seat.person].user.email
            lines.append(Line(len(lines) + 2, case.agency.code, email, role, codes))
    return lines


def _lack(lack: proposing.Lack) -> str:
    if lack.kind == proposing.LEAD:
        return _("ไม่มีผู้เป็นหัวหน้าทีมได้ที่ไม่มีส่วนได้ส่วนเสีย (พบ %(n)d คน และต้องเหลือผู้ตรวจครบทุกหมวด)") % {"n": lack.found}
    return _("หมวด %(code)s มีผู้ถนัดที่ไม่มีส่วนได้ส่วนเสียเพียง %(n)d คน") % {
        "code": lack.category,
        "n": lack.found,
    }


class Faulty(Refused):
    """The list has problems, or the teams have changed since it was shown; `preview` is how things stand now."""

    def __init__(self, message: str, preview: Preview, *, code: str):
        super().__init__(message, code=code)
        self.preview = preview


@transaction.atomic
def apply(
    cycle: Cycle,
    lines: list[Line],
    *,
    seen: str,
    drawn: Collection[list] = (),
    seed: int | None = None,
    by: User,
) -> Batch | None:
    """Give all the teams of `lines`, or none of them; None where nothing changes.

    `seen` is the fingerprint of the teams that the page has shown; `drawn` and `seed` are kept with a sample. Raises
    Faulty with code "lines" or "changed", Refused as `assign`, PermissionDenied.
    """
    if not by.has_perm("reviews.assign"):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    lock_all(Assessment.objects.filter(cycle=cycle, agency__code__in={line.agency for line in lines}))
    preview = check(cycle, lines, by)
    if preview.problems:
        raise Faulty(_("ยังไม่มอบหมาย แก้บรรทัดที่ผิดก่อน"), preview, code="lines")
    if not preview.changed:
        return None
    if preview.seen != seen:
        raise Faulty(
            _("ยังไม่มอบหมาย เพราะทีมเปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้ ดูรายการล่าสุดแล้วกดอีกครั้ง"), preview, code="changed"
        )
    for plan in preview.changed:
        assign(
            plan.assessment,
            reviewers=plan.reviewers,
            lead=plan.lead,
            lead_marks=plan.lead_marks,
            categories=plan.categories,
            sizes=preview.sizes,
            by=by,
        )
    pks = [plan.assessment.pk for plan in preview.changed]
    batch = Batch.objects.create(
        cycle=cycle,
        before={str(pk): _stored(duties_of(preview.rows.get(pk, {}))) for pk in pks},
        after={str(plan.assessment.pk): _stored(plan.wanted) for plan in preview.changed},
        applied_by=by,
        drawn=list(drawn),
        seed=seed,
    )
    log.record("review.teams_applied", cycle, by=by, batch=batch.pk, cases=len(pks))
    return batch


def _stored(duties: Duties) -> list[list]:
    return sorted([*key, *duty] for key, duty in duties.items())


def _duties(stored: Iterable[list]) -> Duties:
    return {(person, category): Duty(marks, is_lead) for person, category, marks, is_lead in stored}


def last_batch(cycle: Cycle) -> Batch | None:
    """What can be undone: only the last application."""
    return Batch.objects.filter(cycle=cycle, undone_at=None).select_related("applied_by").first()


@transaction.atomic
def undo(batch: Batch, *, by: User) -> None:
    """Bring back the teams from before the last application, while nobody whom it added has begun. Twice is once.

    Raises Refused with code "last", "begun" (somebody has opened a case, or a team is another by now) or
    PermissionDenied.
    """
    if not by.has_perm("reviews.assign"):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    batch = Batch.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=batch.pk)
    if batch.undone_at:
        return
    if batch != last_batch(batch.cycle):
        raise Refused(_("เรียกคืนได้เฉพาะการมอบหมายครั้งล่าสุด"), code="last")
    for locked in lock_all(Assessment.objects.filter(pk__in=list(batch.after))):
        rows = rows_of(locked)
        before, after = (_duties(teams[str(locked.pk)]) for teams in (batch.before, batch.after))
        # A review that is open is not left without anybody.
        may_change = locked.status == ASSIGNABLE[0] or (locked.status in ASSIGNABLE and before)
        added = [row for key, row in rows.items() if row.recused_at is None and key not in before]
        # Whoever read the case before goes on from there; of them a mark tells that they have begun.
        has_begun = (
            any(row.opened_at and row.opened_at >= batch.applied_at for row in added)
            or Verdict.objects.filter(assignment__in=[row.pk for row in added]).exists()
        )
        if not may_change or has_begun or duties_of(rows) != after:
            raise Refused(
                _("เรียกคืนไม่ได้ เพราะ %(agency)s มีผู้เริ่มตรวจหรือทีมเปลี่ยนไปแล้ว แก้ทีมของเรื่องนั้นที่หน้าเรื่อง")
                % {"agency": locked.agency},
                code="begun",
            )
        place(locked, rows, before)
        if locked.status == Status.IN_REVIEW:
            settle_when_all_in(locked)
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    log.record("review.teams_undone", batch.cycle, by=by, batch=batch.pk, cases=len(batch.after))
