"""The register through its services: entered once, cited by many, nothing taken away, frozen at submission."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import snapshot
from assessments.models import Assessment, Citation, Cycle, Evidence, EvidenceVersion, Upload
from assessments.reading import read_answers
from assessments.services import evidence as services
from assessments.services import uploads
from assessments.services.evidence import Details, Source
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from results import integrity
from results.demo.evidence import pdf
from tests import factories
from tests.assessments.files import content_of

pytestmark = pytest.mark.django_db
PART = "1.1.1.1"


@pytest.fixture
def owner(agency):
    return factories.make_member(agency, "owner", categories=["1"])


def upload(assessment: Assessment, by, text: str = "one", name: str = "แผน.pdf") -> Source:
    content = pdf(text)
    return Source(upload=uploads.store(assessment, name=name, size=len(content), pieces=[content], by=by))


def add(assessment: Assessment, by, title: str = "แผน", **options) -> Evidence:
    source = options.pop("source", None) or Source(url=f"https://example.org/{uuid4()}")
    return services.add(assessment, Details(title=title), source, key=uuid4(), by=by, **options)


def actions() -> list[str]:
    found = LogEntry.objects.filter(action__startswith="evidence.").order_by("pk")
    return [entry.action.removeprefix("evidence.") for entry in found]


# --- entered once -----------------------------------------------------------------------------


def test_a_file_is_stored_once_and_used_in_three_parts(assessment, coordinator):
    entry = add(assessment, coordinator, source=upload(assessment, coordinator))
    for code in (PART, "1.2.1.1", "2.1.1.1"):
        assert services.cite(factories.answer_of(assessment, code), [entry.number], by=coordinator) == 1
    version = entry.versions.get()
    assert content_of(version.file) == pdf("one")
    assert Citation.objects.filter(evidence=entry).count() == 3
    assert actions() == ["added", "cited", "cited", "cited"]


def test_a_form_posted_twice_makes_one_entry(assessment, coordinator):
    key = uuid4()
    made = [
        services.add(
            assessment, Details(title="แผน"), Source(url="https://example.org/a"), key=key, by=coordinator
        )
        for _time in range(2)
    ]
    assert made[0] == made[1]
    assert actions() == ["added"]


@pytest.mark.parametrize("is_file", [True, False])
def test_the_same_again_is_pointed_out_not_stored(assessment, coordinator, is_file):
    def source() -> Source:
        return upload(assessment, coordinator) if is_file else Source(url="https://example.org/a")

    add(assessment, coordinator, title="แผนเดิม", source=source())
    with pytest.raises(Refused) as caught:
        add(assessment, coordinator, source=source())
    assert caught.value.code == "same"
    assert "แผนเดิม" in str(caught.value)
    files = default_storage.listdir("evidence")[1] if is_file else []
    assert len(files) == int(is_file), "the copy of the second file is gone again"


def test_numbers_go_on_and_are_of_one_register(assessment, coordinator, cycle):
    assert [add(assessment, coordinator).number for _n in range(3)] == [1, 2, 3]
    other = factories.make_assessment(cycle=cycle)
    member = factories.make_member(other.agency, "contributor", categories=["1"])
    assert add(other, member).number == 1


@pytest.mark.parametrize("role", ["viewer", "head"])
def test_who_does_not_write_does_not_add(assessment, agency, role):
    with pytest.raises(PermissionDenied):
        add(assessment, factories.make_member(agency, role))


def test_the_register_closes_with_the_assessment(assessment, coordinator):
    entry = add(assessment, coordinator)
    Assessment.objects.update(status="submitted")
    answer = factories.answer_of(assessment, PART)
    for act in (
        lambda: add(assessment, coordinator),
        lambda: services.edit(entry, Details(title="ใหม่"), version=0, by=coordinator),
        lambda: services.replace(entry, Source(url="https://example.org/b"), version=0, by=coordinator),
        lambda: services.withdraw(entry, reason="ผิด", version=0, by=coordinator),
        lambda: services.cite(answer, [1], by=coordinator),
        lambda: services.uncite(answer, 1, by=coordinator),
        lambda: services.confirm_link(entry, 1, by=coordinator),
        lambda: uploads.begin(assessment, name="a.pdf", size=5, by=coordinator),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "closed"


@pytest.mark.parametrize("clock", [timedelta(0), timedelta(days=-60), timedelta(days=60)])
def test_the_clock_of_the_database_decides_whether_the_register_is_open(assessment, coordinator, clock):
    with time_machine.travel(timezone.now() + clock):
        add(assessment, coordinator)
    Cycle.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    with time_machine.travel(timezone.now() + clock), pytest.raises(Refused) as caught:
        add(assessment, coordinator)
    assert caught.value.code == "closed"
    assert "ปิดรับแล้วเมื่อ" in str(caught.value)


# --- versions ---------------------------------------------------------------------------------


def test_a_new_version_follows_and_the_old_one_stays(assessment, coordinator, owner):
    entry = add(assessment, coordinator, source=upload(assessment, coordinator))
    services.replace(entry, upload(assessment, owner, "two"), version=0, by=owner)
    new, old = entry.versions.all()
    assert (new.number, new.is_latest, old.is_latest) == (2, True, False)
    assert content_of(old.file) == pdf("one")
    assert actions() == ["added", "replaced"]


def test_the_same_file_again_is_no_new_version(assessment, coordinator):
    entry = add(assessment, coordinator, source=upload(assessment, coordinator))
    for _time in range(2):
        services.replace(entry, upload(assessment, coordinator, "two"), version=0, by=coordinator)
    assert entry.versions.count() == 2, "a form posted twice"


def test_who_replaces_second_is_told_and_loses_nothing(assessment, coordinator, owner):
    entry = add(assessment, coordinator, source=upload(assessment, coordinator))
    services.replace(entry, upload(assessment, owner, "theirs"), version=0, by=owner)
    mine = upload(assessment, coordinator, "mine")
    with pytest.raises(Conflict) as caught:
        services.replace(entry, mine, version=0, by=coordinator)
    assert Upload.objects.filter(pk=mine.upload.pk).exists(), "the file need not be sent again"
    again = services.replace(entry, mine, version=caught.value.current.version, by=coordinator)
    assert again.number == 3
    assert len(default_storage.listdir("evidence")[1]) == 3, "the refused copy is gone"


def test_two_people_editing_the_details(assessment, coordinator, owner):
    entry = add(assessment, coordinator)
    services.edit(entry, Details(title="ของคนแรก"), version=0, by=owner)
    with pytest.raises(Conflict) as caught:
        services.edit(entry, Details(title="ของคนที่สอง"), version=0, by=coordinator)
    assert caught.value.current.title == "ของคนแรก"


def test_a_withdrawn_entry_stays_with_its_reason_and_comes_back_with_a_new_version(assessment, coordinator):
    answer = factories.answer_of(assessment, PART)
    entry = add(assessment, coordinator, answer=answer)
    with pytest.raises(Refused) as caught:
        services.withdraw(entry, reason="  ", version=0, by=coordinator)
    assert caught.value.code == "reason"
    services.withdraw(entry, reason="ลิงก์ผิด", version=0, by=coordinator)
    services.withdraw(entry, reason="กดซ้ำ", version=0, by=coordinator)
    assert entry.versions.get().withdrawn_reason == "ลิงก์ผิด"
    assert read_answers(assessment).parts[PART].evidence_count == 0
    entry.refresh_from_db()
    services.replace(entry, Source(url="https://example.org/right"), version=entry.version, by=coordinator)
    assert read_answers(assessment).parts[PART].evidence_count == 1
    assert actions() == ["added", "cited", "withdrawn", "replaced"]


def test_others_withdraw_only_their_own_and_only_while_nobody_else_cites_it(assessment, coordinator, owner):
    theirs = add(assessment, coordinator)
    mine = add(assessment, owner, answer=factories.answer_of(assessment, PART))
    with pytest.raises(PermissionDenied):
        services.withdraw(theirs, reason="ผิด", version=0, by=owner)
    services.cite(factories.answer_of(assessment, "1.2.1.1"), [mine.number], by=coordinator)
    with pytest.raises(PermissionDenied):
        services.withdraw(mine, reason="ผิด", version=0, by=owner)
    services.uncite(factories.answer_of(assessment, "1.2.1.1"), mine.number, by=coordinator)
    services.withdraw(mine, reason="ผิด", version=0, by=owner)


# --- citing, links ----------------------------------------------------------------------------


def test_citing_twice_is_once_and_ends(assessment, coordinator):
    entry, answer = add(assessment, coordinator), factories.answer_of(assessment, PART)
    assert [services.cite(answer, [entry.number], by=coordinator) for _time in range(2)] == [1, 0]
    assert [services.uncite(answer, entry.number, by=coordinator) for _time in range(2)] == [True, False]
    assert actions() == ["added", "cited", "uncited"]


def test_an_owner_cites_in_the_own_category_only(assessment, coordinator, owner):
    entry = add(assessment, coordinator)
    assert services.cite(factories.answer_of(assessment, PART), [entry.number], by=owner) == 1
    with pytest.raises(PermissionDenied):
        services.cite(factories.answer_of(assessment, "2.1.1.1"), [entry.number], by=owner)


def test_what_is_withdrawn_or_of_another_register_is_not_cited(assessment, coordinator, cycle):
    gone = add(assessment, coordinator)
    services.withdraw(gone, reason="ผิด", version=0, by=coordinator)
    other = factories.make_assessment(cycle=cycle)
    add(other, factories.make_member(other.agency, "coordinator"))
    factories.make_evidence(other)
    assert services.cite(factories.answer_of(assessment, PART), [1, 2, 99], by=coordinator) == 0


def test_a_person_confirms_the_link_that_they_opened(assessment, coordinator):
    entry = add(assessment, coordinator, source=Source(url="https://example.org/a"))
    assert services.confirm_link(entry, 1, by=coordinator).checked_by == coordinator
    services.replace(entry, Source(url="https://example.org/b"), version=0, by=coordinator)
    with pytest.raises(Conflict):
        services.confirm_link(entry, 1, by=coordinator)
    assert entry.versions.get(is_latest=True).checked_at is None, "a new address is not checked yet"


# --- the frozen copy --------------------------------------------------------------------------


def test_the_snapshot_freezes_the_versions_that_are_cited(agency, coordinator, head, cycle):
    case = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    indicator = case.answers.filter(part__code="7.1.1").first()
    entry = add(case, coordinator, "แผนสมมติ", source=upload(case, coordinator))
    link = add(case, coordinator, "ลิงก์สมมติ", source=Source(url="https://example.org/a"))
    add(case, coordinator, "ไม่มีใครอ้าง")
    gone = add(case, coordinator, "ถอนแล้ว", answer=factories.answer_of(case, PART))
    services.withdraw(gone, reason="ผิด", version=0, by=coordinator)
    services.replace(entry, upload(case, coordinator, "two"), version=0, by=coordinator)
    for answer in (indicator, factories.answer_of(case, "2.1.1.1"), factories.answer_of(case, PART)):
        services.cite(answer, [entry.number], by=coordinator)
    services.cite(indicator, [link.number], by=coordinator)
    content = factories.hand_over(case, by=head).content
    first, second = content["evidence"]
    assert content["schema"] == 3
    assert first["cited_by"] == [PART, "2.1.1.1", "7.1.1.1"]
    assert (first["number"], first["version"], first["title"]) == (1, 2, "แผนสมมติ")
    assert first["sha256"] == entry.versions.get(number=2).sha256
    assert (second["kind"], second["url"], second["sha256"]) == ("link", "https://example.org/a", "")


def test_the_digest_knows_every_change_of_the_evidence(assessment, coordinator):
    def digest() -> str:
        return snapshot.digest_of(snapshot.build(assessment, read_answers(assessment)))

    answer = factories.answer_of(assessment, PART)
    seen = [digest()]
    entry = add(assessment, coordinator)
    assert digest() == seen[0], "what nobody cites is not handed in"
    services.cite(answer, [entry.number], by=coordinator)
    seen.append(digest())
    services.edit(entry, Details(title="ชื่อใหม่"), version=0, by=coordinator)
    seen.append(digest())
    services.replace(entry, Source(url="https://example.org/b"), version=1, by=coordinator)
    seen.append(digest())
    assert len(set(seen)) == 4
    services.uncite(answer, entry.number, by=coordinator)
    assert digest() == seen[0]


# --- what the database itself refuses ---------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"file": "evidence/x"},
        {"number": 1},
        {"is_latest": True},
        {"withdrawn_at": timezone.now()},
        {"withdrawn_reason": "ไม่มีวันที่"},
        {"scan": "perhaps"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_rows_that_cannot_be(assessment, wrong):
    entry = factories.make_evidence(assessment, url="https://example.org/a")
    fields = {"number": 2, "is_latest": False, "url": "https://example.org/b", "uploaded_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceVersion.objects.create(evidence=entry, **(fields | wrong))


def test_one_citation_and_one_number(assessment):
    answer = factories.answer_of(assessment, PART)
    entry = factories.make_evidence(assessment, answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(evidence=entry, answer=answer, cited_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(
            assessment=assessment, number=1, kind="file", title="ซ้ำ", added_at=timezone.now()
        )


# --- the check of what is stored --------------------------------------------------------------


def test_the_check_of_invariants_knows_every_file(agency, coordinator, head, cycle):
    case = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    entry = add(case, coordinator, source=upload(case, coordinator), answer=factories.answer_of(case, PART))
    factories.hand_over(case, by=head)
    assert list(integrity.evidence()) == []
    version = entry.versions.get()
    with version.file.open("ab") as file:
        file.write(b" ")
    assert "file and digest differ" in next(integrity.evidence())
    default_storage.delete(version.file.name)
    assert "gone" in next(integrity.evidence())
    EvidenceVersion.objects.update(sha256="0" * 64)
    assert "is not as frozen" in list(integrity.evidence())[-1]
