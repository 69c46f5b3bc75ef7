"""A published result with two pieces of outstanding work under pillar 1 and one under pillar 2."""

import pytest
from django.utils import timezone

from assessments.models import Assessment, Status
from results.library import services
from results.library.highlights import highlights_of
from results.library.models import LibraryEntry
from results.models import ResultSheet
from reviews.models import FeedbackSection
from tests import factories as base
from tests.results import factories

FIRST, SECOND, THIRD = "เปิดข้อมูลน้ำสมมติ", "เชื่อมระบบสมมติกับท้องถิ่น", "ลดขั้นตอนสมมติลงครึ่งหนึ่ง"


def payload_of(texts: dict[str, str]) -> dict:
    """All of a frozen sheet that the library reads."""
    pillars = [{"code": f"pillar:{pillar}", "title": "", "text": text} for pillar, text in texts.items()]
    return {"feedback": {"pillars": pillars}}


def freeze(case: Assessment, texts: dict[str, str], *, revision: int = 1) -> ResultSheet:
    return ResultSheet.objects.create(
        assessment=case, revision=revision, policy_name="", policy_version=1, claimed_total=0, verified_total=0,
        payload=payload_of(texts), digest="0" * 64, created_at=timezone.now(),
    )  # fmt: skip


def published(agency, cycle=None) -> ResultSheet:
    """A result that has its texts and nothing else: quick, for what does not read marks."""
    case = Assessment.objects.create(
        agency=agency, cycle=cycle or factories.make_cycle_of(2569), status=Status.REPORT_ISSUED
    )
    return freeze(case, {"1": f"{FIRST}\n\n{SECOND}", "2": THIRD})


@pytest.fixture
def sheet(agency):
    return published(agency)


@pytest.fixture
def whole(agency, administrator):
    """The same texts in a result with answers and marks, published by the service."""
    case = factories.make_decided(agency=agency, cycle=factories.make_cycle_of(2569))
    case.feedback.filter(code="pillar:1").update(text=f"{FIRST}\n\n{SECOND}")
    FeedbackSection.objects.create(assessment=case, code="pillar:2", text=THIRD)
    return factories.publish(case, by=administrator)


def key_of(sheet, text=FIRST) -> str:
    return next(found.key for found in highlights_of(sheet.payload) if found.text == text)


def values(**given) -> dict:
    return dict.fromkeys(services.WRITTEN, "") | {"title": "ข้อมูลน้ำเปิด"} | given


def share(sheet, by, text=FIRST, *, version=0, topics=("1.1",), **given) -> LibraryEntry:
    return services.share(
        sheet.assessment,
        key=key_of(sheet, text),
        version=version,
        values=values(**given),
        topics=topics,
        by=by,
    )


def make_entries(sheet, number: int) -> None:
    """So many shared entries of one result, past the services: lists need many."""
    now = timezone.now()
    LibraryEntry.objects.bulk_create(
        LibraryEntry(
            assessment=sheet.assessment, sheet=sheet, key=f"key{place}", pillar="3", text="ข้อความ",
            title=f"รายการที่ {place}", words="รายการ", is_shared=True, shared_at=now, saved_at=now,
        )
        for place in range(number)
    )  # fmt: skip


@pytest.fixture
def entry(sheet, coordinator):
    return share(sheet, coordinator)


@pytest.fixture
def neighbour(db):
    """Coordinator of another agency."""
    return base.make_member(base.make_agency(), "coordinator")
