"""Assessments on the far end of the road: submitted, judged, ready to publish. Invented data.

Consensus rows are written directly, so that these tests need no review.
"""

from datetime import timedelta

from django.utils import timezone

from assessments.models import Answer, Assessment, Status, StatusChange
from pmqa.accounts.models import User
from results.models import ResultSheet
from results.publishing import publish
from reviews.models import Consensus, FeedbackSection
from tests import factories

FAILED = ("1.2.2.1", "4.2.2.1")
COMMENT = "มีแนวทางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นผลของการแก้ปัญหา"

TEXTS = {
    "pillar:1": "เปิดข้อมูลสถานีวัดน้ำสมมติ\nและให้ชุมชนใช้ได้",
    "ofi:4.2": "ควรแสดงให้เห็นการใช้ข้อมูลเพื่อแก้ปัญหาเชิงนโยบาย",
    "advice:1": "ควรตั้งเป้าหมายที่ท้าทายกว่าผลปีก่อน",
    "closing": "ผลส่วนใหญ่อยู่ในระดับ Advance",
    "direction:1": "ควรเชื่อมข้อมูลทุกหน่วยย่อย",
}


def decide(answer: Answer, outcome: str = "pass", comment: str = "", **extra) -> Consensus:
    defaults = {
        "outcome": outcome,
        "comment": comment,
        "basis": Consensus.Basis.AGREED,
        "judged_version": answer.version,
        "decided_at": timezone.now(),
    }
    return Consensus.objects.create(answer=answer, **(defaults | extra))


def make_submitted(*, agency=None, cycle=None) -> Assessment:
    """Complete and submitted by its head."""
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    factories.hand_over(assessment)
    assessment.refresh_from_db()
    return assessment


def make_decided(*, agency=None, cycle=None, failed: tuple[str, ...] = FAILED) -> Assessment:
    """Submitted, with a consensus for every answer of categories 1-7; waits for publication."""
    assessment = make_submitted(agency=agency, cycle=cycle)
    rows = assessment.answers.select_related("part").exclude(part__code__startswith="OP")
    now = timezone.now()
    Consensus.objects.bulk_create(
        Consensus(
            answer=row,
            outcome="fail" if row.part.code in failed else "pass",
            comment=COMMENT if row.part.code in failed else "",
            basis=Consensus.Basis.AGREED,
            judged_version=row.version,
            decided_at=now,
        )
        for row in rows
    )
    FeedbackSection.objects.bulk_create(
        FeedbackSection(
            assessment=assessment, code=code, text=text, sources=["4.2.2.1"] if "ofi" in code else []
        )
        for code, text in TEXTS.items()
    )
    return move(assessment, Status.CONSENSUS_DONE)


def move(assessment: Assessment, status: str) -> Assessment:
    """Straight to a status, past the services that lead there."""
    StatusChange.objects.create(
        assessment=assessment, from_status=assessment.status, to_status=status, at=timezone.now()
    )
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    return Assessment.objects.with_places().get(pk=assessment.pk)


def make_published(*, by: User | None = None, **places) -> ResultSheet:
    assessment = make_decided(**places)
    return publish(assessment, by=by or factories.make_official("administrator"))


def make_cycle_of(year: int, **extra):
    now = timezone.now()
    return factories.make_cycle(
        year=year, name=f"รอบสมมติ พ.ศ. {year}", opens_at=now - timedelta(days=40), **extra
    )
