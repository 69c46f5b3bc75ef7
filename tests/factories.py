"""Quiet factories: each makes one thing in a named state, with invented data, through the product's own services."""

import itertools
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from assessments import snapshot
from assessments.checks import fingerprint
from assessments.models import (
    Answer,
    Application,
    Assessment,
    Citation,
    Cycle,
    Evidence,
    EvidenceVersion,
    Extension,
    Form,
    Indicator,
    Print,
    PrintImport,
    Submission,
)
from assessments.models.incoming import KEPT_FOR
from assessments.reading import read_answers, tree_of
from assessments.services import answers as answer_services
from assessments.services import checking, submission, timing
from criteria.catalogue import part_ids
from criteria.models import Edition
from criteria.structure import Part
from pmqa.accounts.models import Agency, Appointment, Membership, Ministry, User

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)

# Two starred groups take two indicators each where the topic has them; five in all.
INDICATORS_PER_TOPIC = 5


def edition() -> Edition:
    """The published edition: of the session, or of the product that a journey has started."""
    return Edition.objects.get(status=Edition.Status.PUBLISHED)


def old_edition() -> Edition:
    """The classic criteria, which are kept to be read."""
    return Edition.objects.get(code="pmqa-2550")


def make_user(email: str = "", **extra) -> User:
    number = next(_numbers)
    names = {"first_name": f"ทดลอง{number}", "last_name": "สมมติ"}
    return User.objects.create_user(email or f"person{number}@test.example", PASSWORD, **(names | extra))


def make_ministry(**extra) -> Ministry:
    number = next(_numbers)
    return Ministry.objects.create(**({"code": f"M{number}", "name": f"กระทรวงสมมติ {number}"} | extra))


def make_agency(**extra) -> Agency:
    number = next(_numbers)
    ministry = extra.pop("ministry", None) or make_ministry()
    names = {"code": f"T-{number:03d}", "name": f"กรมสมมติ {number}"}
    return Agency.objects.create(ministry=ministry, **(names | extra))


def make_member(agency: Agency, role: str, *, categories: list[str] | None = None, **extra) -> User:
    user = make_user(**extra)
    Membership.objects.create(user=user, agency=agency, role=role, categories=categories or [])
    return user


def make_official(role: str, **extra) -> User:
    user = make_user(**extra)
    Appointment.objects.create(user=user, role=role)
    return user


def make_cycle(**extra) -> Cycle:
    now = timezone.now()
    defaults = {
        "edition": edition(),
        "year": 2570,
        "name": "รอบสมมติ พ.ศ. 2570",
        "policy": {"name": "pmqa40-2565", "parameters": {}},
        "opens_at": now - timedelta(days=30),
        "closes_at": now + timedelta(days=28),
        "review_closes_at": now + timedelta(days=90),
    }
    return Cycle.objects.create(**(defaults | extra))


def make_assessment(
    *, agency: Agency | None = None, cycle: Cycle | None = None, complete: bool = False
) -> Assessment:
    """A draft; `complete` fills everything that submission asks for."""
    agency = agency or make_agency()
    assessment = answer_services.create(cycle or make_cycle(), agency, by=None)
    if complete:
        complete_answers(assessment)
    return assessment


def await_head(assessment: Assessment, *, by: User | None = None) -> Assessment:
    """Checked as a whole and put before the head, by a coordinator."""
    by = by or make_member(assessment.agency, "coordinator")
    checking.start_check(assessment, by=by)
    answers = read_answers(assessment).every
    return checking.propose(assessment, seen=fingerprint(answers), by=by)


def hand_over(assessment: Assessment, *, by: User | None = None) -> Submission:
    """The whole way of the agency: checked, proposed, and signed by a head."""
    await_head(assessment)
    return submission.submit(assessment, by=by or make_member(assessment.agency, "head"))


def extend(assessment: Assessment, *, until: datetime | None, reason: str = "ระบบขัดข้อง") -> Extension:
    """More time: proposed by one administrator, confirmed by another."""
    proposal = timing.propose(assessment, until=until, reason=reason, by=make_official("administrator"))
    return timing.confirm(proposal, by=make_official("administrator"))


def answer_of(assessment: Assessment, code: str, ordinal: int = 1) -> Answer:
    return assessment.answers.select_related("part", "assessment").get(part__code=code, ordinal=ordinal)


def filled(part: Part) -> dict[str, str]:
    """Invented values that fill every blank of a part."""
    by_kind = {"percent": "60", "number": "12", "url": "https://example.org/data", "date": "2026-01-15"}
    values = {}
    for blank in part.fields:
        if blank.kind == "list":
            values[blank.key] = ["รายการสมมติที่หนึ่ง", "รายการสมมติที่สอง"]
        elif blank.kind == "table":
            rows = blank.rows or ("กลุ่มสมมติ",)
            values[blank.key] = [[row, *["ความต้องการสมมติ"] * (len(blank.columns) - 1)] for row in rows]
        else:
            values[blank.key] = by_kind.get(blank.kind, f"ข้อความสมมติของ {part.code} {blank.key}")
    return values


def complete_answers(assessment: Assessment) -> None:
    """Every part done and filled, five valid indicators in every topic of category 7."""
    tree = tree_of(assessment)
    rows = list(assessment.answers.select_related("part"))
    process = {part.code for part in tree.process_parts}
    for row in rows:
        row.values = filled(tree.parts[row.part.code])
        row.claim = "done" if row.part.code in process else ""
        row.version = 1
    # Stored over what is there: an update of so many rows with texts takes many times as long.
    Answer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=["values", "claim", "version"]
    )
    ids = part_ids(assessment.cycle.edition)
    topics = [topic for category in tree.of_kind("results") for topic in category.topics]
    places = [place for topic in topics for place in indicator_places(topic)]
    answers = Answer.objects.bulk_create(
        Answer(assessment=assessment, part_id=ids[code], ordinal=ordinal, version=1)
        for code, ordinal in places
    )
    Indicator.objects.bulk_create(
        Indicator(answer=answer, **figures_of(code, ordinal))
        for answer, (code, ordinal) in zip(answers, places, strict=True)
    )


def indicator_places(topic) -> list[tuple[str, int]]:
    """Where the five indicators of a topic go: one in every group."""
    return [(part.code, 1) for part in topic.parts][:INDICATORS_PER_TOPIC]


def add_indicator(assessment: Assessment, part_id: int, code: str, ordinal: int, **figures) -> Answer:
    answer = Answer.objects.create(assessment=assessment, part_id=part_id, ordinal=ordinal, version=1)
    Indicator.objects.create(answer=answer, **(figures_of(code, ordinal) | figures))
    return answer


def figures_of(code: str, ordinal: int) -> dict[str, str | Decimal]:
    return {
        "name": f"ร้อยละความสำเร็จสมมติ {code}.{ordinal}",
        "unit": "ร้อยละ",
        "target": Decimal(85),
        "result_1": Decimal("80.55"),
        "result_2": Decimal("84.32"),
        "result_3": Decimal("89.69"),
    }


def make_application(assessment: Assessment, **written) -> Application:
    """Form 1, for category 4, with an invented contact."""
    defaults = {
        "award": "categories",
        "categories": ["4"],
        "contact_name": "ผู้ติดต่อสมมติ",
        "contact_position": "นักวิเคราะห์สมมติ",
        "contact_phone": "0 2000 0000",
        "contact_mail": "contact@agency.example",
    }
    made = Application.objects.create(assessment=assessment, version=1, **(defaults | written))
    # As it is read with its places.
    assessment.application = made
    return made


def make_print(assessment: Assessment, **extra) -> Print:
    """The profile on paper: of the latest submission, else of the draft."""
    submission = assessment.submissions.first()
    content = None if submission else snapshot.build(assessment, read_answers(assessment))
    defaults = {
        "submission": submission,
        "content": content,
        "digest": submission.digest if submission else snapshot.digest_of(content),
        "form": Form.PROFILE,
        "ordered_at": timezone.now(),
    }
    return Print.objects.create(assessment=assessment, **(defaults | extra))


def make_print_import(assessment: Assessment, **extra) -> PrintImport:
    """A printed form of the year before that waits for its person."""
    now = timezone.now()
    defaults = {
        "file_name": "old.txt",
        "contents": {"forms": [], "parts": [], "indicators": [], "findings": [], "unplaced": []},
        "print_year": assessment.cycle.year - 1,
        "created_at": now,
        "expires_at": now + KEPT_FOR,
    }
    return PrintImport.objects.create(assessment=assessment, **(defaults | extra))


def make_evidence(
    assessment: Assessment,
    *answers: Answer,
    url: str = "",
    file: str = "evidence/invented",
    by=None,
    **details,
) -> Evidence:
    """An entry that `answers` cite: a small PDF called `file` in the storage, which this does not write, or a link."""
    number = assessment.evidence.count() + 1
    now = timezone.now()
    entry = Evidence.objects.create(
        assessment=assessment,
        number=number,
        kind="link" if url else "file",
        added_at=now,
        added_by=by,
        **({"title": f"หลักฐานสมมติ {number}"} | details),
    )
    content = (
        {"url": url}
        if url
        else {
            "file": file, "name": f"หลักฐาน {number}.pdf", "content_type": "application/pdf", "size": 9,
            "sha256": f"{number:064d}",
        }
    )  # fmt: skip
    EvidenceVersion.objects.create(evidence=entry, number=1, uploaded_at=now, uploaded_by=by, **content)
    Citation.objects.bulk_create(
        Citation(evidence=entry, answer=answer, cited_at=now, cited_by=by) for answer in answers
    )
    return entry
