"""Publishing a result, and correcting one that is published."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import snapshot
from assessments.models import Assessment, Status
from assessments.workflow import change_status, lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from results import sheet
from results.dashboard import summaries
from results.documents import making
from results.improvement.making import plan_of
from results.library import services as library
from results.models import Report, ResultSheet
from results.payload import Payload, content_digest, undecided
from reviews.services import vetting

# What somebody corrects by hand: all but the score of stage 2, which has a way of its own.
CORRECTIONS = tuple(kind for kind in ResultSheet.Correction if kind != ResultSheet.Correction.STAGE_TWO)


def obstacles(sources: sheet.Sources, payload: Payload) -> list[str]:
    """Why this result may not be published yet, in Thai sentences; nothing when it may."""
    found = []
    if open_codes := undecided(payload):
        count = len(open_codes)
        named = " ".join(open_codes[:5]) + (" …" if count > 5 else "")
        sentence = ngettext(
            "ยังไม่มีผลฉันทามติ %(n)d รายการ: %(codes)s",
            "ยังไม่มีผลฉันทามติ %(n)d รายการ: %(codes)s",
            count,
        )
        found.append(sentence % {"n": count, "codes": named})
    if sources.submission is None:
        found.append(_("ไม่มีฉบับที่ส่ง จึงไม่มีคะแนน"))
    elif not _is_as_submitted(sources):
        found.append(_("คำตอบไม่ตรงกับฉบับที่ส่ง ตรวจประวัติของคำตอบก่อนประกาศ"))
    if sources.assessment.cycle.vetting:
        found += vetting.missing(sources.assessment, sources.sections.values())
    return found


def _is_as_submitted(sources: sheet.Sources) -> bool:
    now = snapshot.build(sources.assessment, sources.answers)
    frozen = sources.submission.content
    return all(now[key] == frozen[key] for key in ("parts", "indicators"))


@transaction.atomic
def publish(assessment: Assessment, *, by: User, seen_digest: str = "") -> ResultSheet:
    """Freeze the result as revision 1, move on to "report issued", and order the report.

    `seen_digest` is the `content_digest` of what the person was shown; where given it must be that of what is
    frozen. Publishing twice returns the first sheet: a double click is not an error. Raises PermissionDenied;
    Refused with code "move", "preliminary" (the cycle has days for appeals), "obstacles" or "changed".
    """
    locked = lock(assessment)
    if not by.has_perm("results.publish", locked):
        raise PermissionDenied(_("ผู้ประกาศผลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if locked.status == Status.REPORT_ISSUED and (published := locked.sheets.first()):
        return published
    now = timezone.now()
    if locked.status == Status.CONSENSUS_DONE and locked.cycle.appeal_days:
        raise Refused(_("รอบนี้ต้องแจ้งผลเบื้องต้นและรอให้พ้นเวลาขอทบทวนก่อน จึงประกาศผลได้"), code="preliminary")
    change_status(locked, Status.REPORT_ISSUED, by=by)
    sources = sheet.read(locked)
    payload = sheet.compose(sources, at=now)
    if found := obstacles(sources, payload):
        raise Refused(" · ".join([_("ยังประกาศไม่ได้"), *found]), code="obstacles")
    if seen_digest and seen_digest != content_digest(payload):
        raise Refused(_("ผลเปลี่ยนหลังจากที่ท่านเปิดดู ตรวจอีกครั้งก่อนประกาศ"), code="changed")
    frozen = freeze(locked, payload, revision=1, reason="", at=now, by=by)
    log.record("result.published", frozen, by=by, agency=locked.agency, digest=frozen.digest)
    return frozen


@transaction.atomic
def correct(
    assessment: Assessment,
    *,
    reason: str,
    by: User,
    kind: str = ResultSheet.Correction.CLERICAL,
) -> ResultSheet:
    """A new revision of a published result as its rows are now; the earlier ones stay. `kind`: what was wrong.

    Raises PermissionDenied; Refused with code "kind", "reason", "obstacles", or "unchanged" (nothing differs).
    """
    locked = lock(assessment)
    if not by.has_perm("results.correct", locked):
        raise PermissionDenied(_("ผู้แก้ไขผลที่ประกาศแล้วคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if kind not in CORRECTIONS:
        raise Refused(_("เลือกว่าแก้เพราะคำนวณผิด หรือบันทึกหรือพิมพ์ผิด"), code="kind")
    if not reason.strip():
        raise Refused(_("ระบุเหตุผลก่อน เหตุผลนี้แสดงกับผลทุกครั้งที่แก้ไข"), code="reason")
    latest = locked.sheets.first()
    now = timezone.now()
    sources = sheet.read(locked)
    payload = sheet.compose(sources, at=now)
    if found := obstacles(sources, payload):
        raise Refused(" · ".join([_("ยังแก้ไขไม่ได้"), *found]), code="obstacles")
    if content_digest(payload) == content_digest(latest.payload):
        raise Refused(_("ผลยังเหมือนเดิม จึงไม่มีอะไรต้องแก้ไข"), code="unchanged")
    revision = latest.revision + 1
    frozen = freeze(locked, payload, revision=revision, correction=kind, reason=reason.strip(), at=now, by=by)
    log.record(
        "result.corrected",
        frozen,
        by=by,
        agency=locked.agency,
        digest=frozen.digest,
        previous=latest.digest,
        kind=kind,
        verified=[str(latest.verified_total), str(frozen.verified_total)],
    )
    return frozen


def add_stage_two(
    locked: Assessment, stage_two: dict[str, Any] | None, *, reason: str, at: datetime, by: User
) -> ResultSheet:
    """A new revision that says what the latest says, and this score of stage 2 beside it, or none any more.

    For `results.stage_two.services`, which has asked the rule and holds the lock. Nothing else is read anew, so the
    score of stage 1 stays as it was published.
    """
    latest, kind = locked.sheets.first(), ResultSheet.Correction.STAGE_TWO
    payload = sheet.with_stage_two(latest.payload, stage_two, at=at)
    number = latest.revision + 1
    return freeze(locked, payload, revision=number, correction=kind, reason=reason, at=at, by=by)


@transaction.atomic
def freeze(
    assessment: Assessment,
    payload: Payload,
    *,
    revision: int,
    reason: str,
    at: datetime,
    by: User,
    correction: str = "",
    with_report: bool = True,
) -> ResultSheet:
    """Store a sheet whose guards have been checked, with the cards of its improvement plan, and order its report unless
    `with_report` is false.

    From now on dashboards count it, in place of the revision before.
    """
    frozen = ResultSheet.objects.create(
        assessment=assessment,
        revision=revision,
        policy_name=payload["policy"]["name"],
        policy_version=payload["policy"]["version"],
        claimed_total=Decimal(payload["scores"]["claimed"]["total"]),
        verified_total=Decimal(payload["scores"]["verified"]["total"]),
        payload=payload,
        digest=snapshot.digest_of(payload),
        correction=correction,
        reason=reason,
        created_by=by,
        created_at=at,
    )
    summaries.replace(frozen)
    report = Report.objects.create(sheet=frozen, kind=Report.Kind.FEEDBACK)
    if with_report:
        making.order(report, by=by)
    plan_of(assessment)
    library.follow(frozen)
    return frozen
