"""A printed form of a past year: looked at, lines put in their places, stored as drafts, taken back."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.files.packages import Unfit
from assessments.incoming.changes import BOTH, CHANGE, CONFLICT, FAULT, KEEP, LEFT_OUT, TAKE
from assessments.models import Answer, AnswerRevision, PrintImport
from assessments.reading import read_answers
from assessments.services import printed as services
from assessments.services.answers import save_answer
from assessments.services.incoming import Choice, Unsettled
from assessments.services.restoring import restore_version
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from reviews.models import ImportedMark, Verdict
from tests import factories
from tests.assessments.importing import files
from tests.prints import make

pytestmark = pytest.mark.django_db

FOLDER = Path(make.__file__).parent
FORM3 = (FOLDER / "form3-invented.txt").read_text(encoding="utf-8")
FORM4 = (FOLDER / "form4-invented.txt").read_text(encoding="utf-8")
SMALL = """บันทึกของผู้พิมพ์
เรื่องที่เขียนไว้นอกตาราง
แบบฟอร์มที่ 3
ชื่อผู้สมัครรางวัล : กรมตัวอย่างสมมติ
1.1.2 ผู้บริหารกำหนดทิศทางองค์กรที่รองรับพันธกิจปัจจุบัน\t\t
\t\t[/] โดยทิศทางขององค์กร คือ ...คำตอบในแบบพิมพ์...
\t\t[] ไม่ผ่าน ...ควรแสดงผลรายปี...
แบบฟอร์มที่ 4
7.1 การบรรลุผลลัพธ์ของตัวชี้วัดตามพันธกิจ
1. ตัวชี้วัดตามภารกิจหลัก*
1.1 [มากที่สุด] ร้อยละความสำเร็จสมมติ\t80 ร้อยละ\t70\t75\t90\t112.5\t500
[/] ผ่าน
"""


@pytest.fixture
def receive(assessment, coordinator):
    def receive(text: str = SMALL, *, by=coordinator, back: int = 1) -> PrintImport:
        return services.receive(assessment, text=text, year=assessment.cycle.year - back, by=by)

    return receive


def plan_of(pending, by):
    return services.plan(pending, read_answers(pending.assessment), by=by)


def settled(pending, by, *, lines: str = PrintImport.ASIDE, **keep: str) -> PrintImport:
    """Every change seen, every line decided; `keep` by code with its dots as underscores."""
    chosen = {code.replace("_", "."): word for code, word in keep.items()}
    changes = plan_of(pending, by).changes
    choices = {change.key: Choice(change.version, chosen.get(change.key, "")) for change in changes}
    return services.decide(
        pending, lines=dict.fromkeys(services.open_lines(pending), lines), choices=choices, by=by
    )


def write(assessment, code, text, by, claim="started"):
    answer = factories.answer_of(assessment, code)
    return save_answer(
        answer, version=answer.version, claim=claim, values={"detail": text}, category=code[0], by=by
    )


def test_a_whole_print_becomes_drafts_that_say_so(assessment, coordinator, receive):
    pending = receive(f"{FORM3}\n{FORM4}")
    assert (len(pending.contents["parts"]), len(pending.contents["indicators"])) == (130, 30)
    found = plan_of(pending, coordinator)
    assert len(found.of(CHANGE)) == 160
    assert (found.of(CONFLICT, FAULT, LEFT_OUT), found.missing) == ([], 0)
    done = services.apply(settled(pending, coordinator), by=coordinator)
    assert len(done.summary["written"]) == 160
    answers = read_answers(assessment)
    printed = {part["code"]: part for part in pending.contents["parts"]}
    for code, part in printed.items():
        stored = answers.parts[code]
        assert (stored.claim, stored.carried_over) == (part["status"], True)
        assert stored.values.keys() == part["fields"].keys()
    assert sum(1 for answer in answers.all_indicators if answer.carried_over) == 30
    # Last year's marks are shown on the way; they are nobody's marks of this round.
    assert not Verdict.objects.exists()
    assert not ImportedMark.objects.exists()
    entry = LogEntry.objects.get(action="assessment.print_imported")
    assert (entry.data["written"], entry.actor) == (160, coordinator)


def test_results_move_by_the_years_between_and_targets_are_set_anew(assessment, coordinator, receive):
    services.apply(settled(receive(), coordinator), by=coordinator)
    indicator = factories.answer_of(assessment, "7.1.1").indicator
    assert indicator.results == (Decimal(75), Decimal(90), None)
    assert (indicator.target, indicator.unit) == (None, "ร้อยละ")


def test_a_print_of_this_round_keeps_its_years_and_target(assessment, coordinator, receive):
    services.apply(settled(receive(back=0), coordinator), by=coordinator)
    indicator = factories.answer_of(assessment, "7.1.1").indicator
    assert (indicator.results, indicator.target) == ((Decimal(70), Decimal(75), Decimal(90)), Decimal(80))


def test_marks_and_comments_are_shown_with_their_part(coordinator, receive):
    found = {change.key: change for change in plan_of(receive(), coordinator).changes}
    assert (found["1.1.2.1"].verdict, found["1.1.2.1"].comment) == ("fail", "ควรแสดงผลรายปี")
    assert found["printed-7.1.1-1"].verdict == "pass"


@pytest.mark.parametrize(
    ("keep", "text", "carried"),
    [
        (KEEP, "ของเดิม", False),
        (TAKE, "คำตอบในแบบพิมพ์", True),
        (BOTH, "ของเดิม\n\nคำตอบในแบบพิมพ์", True),
    ],
)
def test_a_part_that_has_text_is_chosen(assessment, coordinator, receive, keep, text, carried):
    write(assessment, "1.1.2.1", "ของเดิม", coordinator)
    pending = receive()
    assert [change.key for change in plan_of(pending, coordinator).of(CONFLICT)] == ["1.1.2.1"]
    with pytest.raises(Unsettled) as caught:
        services.apply(settled(pending, coordinator), by=coordinator)
    assert caught.value.keys == {"1.1.2.1"}
    assert not Answer.objects.filter(indicator__isnull=False).exists()
    services.apply(settled(pending, coordinator, **{"1_1_2_1": keep}), by=coordinator)
    answer = factories.answer_of(assessment, "1.1.2.1")
    assert (answer.values, answer.carried_over) == ({"detail": text}, carried)


def test_what_somebody_wrote_meanwhile_has_to_be_seen_first(assessment, coordinator, receive):
    pending = settled(receive(), coordinator)
    write(assessment, "1.1.2.1", "เขียนระหว่างนั้น", coordinator)
    with pytest.raises(Unsettled):
        services.apply(pending, by=coordinator)
    assert factories.answer_of(assessment, "1.1.2.1").values == {"detail": "เขียนระหว่างนั้น"}


def test_texts_that_do_not_fit_together_cannot_both_be_kept(assessment, coordinator, receive):
    write(assessment, "1.1.2.1", "ก" * 19_995, coordinator)
    (change,) = plan_of(receive(), coordinator).of(CONFLICT)
    assert change.options == (TAKE, KEEP)


def test_no_line_goes_without_a_decision(assessment, coordinator, receive):
    pending = receive()
    assert [line["text"] for line in pending.contents["unplaced"]] == [
        "บันทึกของผู้พิมพ์",
        "เรื่องที่เขียนไว้นอกตาราง",
    ]
    choices = {change.key: Choice(change.version) for change in plan_of(pending, coordinator).changes}
    services.decide(pending, lines={0: PrintImport.ASIDE}, choices=choices, by=coordinator)
    with pytest.raises(Refused) as caught:
        services.apply(pending, by=coordinator)
    assert caught.value.code == "lines"
    services.decide(pending, lines={1: "1.1.2.1|detail"}, choices=choices, by=coordinator)
    done = services.apply(pending, by=coordinator)
    assert factories.answer_of(assessment, "1.1.2.1").values["detail"].endswith("\nเรื่องที่เขียนไว้นอกตาราง")
    assert [line["text"] for line in done.summary["set_aside"]] == ["บันทึกของผู้พิมพ์"]
    assert done.summary["placed"] == 1


def test_a_line_may_go_where_the_print_has_nothing_and_is_seen_there_first(assessment, coordinator, receive):
    pending = settled(receive(), coordinator, lines="1.1.3.1|detail")
    with pytest.raises(Unsettled) as caught:
        services.apply(pending, by=coordinator)
    assert caught.value.keys == {"1.1.3.1"}
    services.apply(settled(pending, coordinator), by=coordinator)
    answer = factories.answer_of(assessment, "1.1.3.1")
    assert answer.values == {"detail": "บันทึกของผู้พิมพ์\nเรื่องที่เขียนไว้นอกตาราง"}
    # What that means for the part is not guessed.
    assert answer.claim == ""


@pytest.mark.parametrize("place", ["9.9.9.9|detail", "1.1.2.1|nothing", "7.1.1|name", "nonsense"])
def test_a_line_goes_to_a_blank_that_there_is(coordinator, receive, place):
    with pytest.raises(Refused):
        services.decide(receive(), lines={0: place}, choices={}, by=coordinator)


def test_owners_store_their_own_category_only(assessment, coordinator, receive):
    owner = factories.make_member(assessment.agency, "owner", categories=["1"])
    pending = receive(by=owner)
    assert [change.key for change in plan_of(pending, owner).of(LEFT_OUT)] == ["printed-7.1.1-1"]
    with pytest.raises(Refused):
        services.decide(pending, lines={0: "2.1.1.1|challenges"}, choices={}, by=owner)
    done = services.apply(settled(pending, owner), by=owner)
    assert done.summary["written"] == ["1.1.2"]
    assert any("ร้อยละความสำเร็จสมมติ" in text for text in done.summary["left_out"][0]["texts"])
    viewer = factories.make_member(assessment.agency, "viewer")
    with pytest.raises(PermissionDenied):
        receive(by=viewer)
    with pytest.raises(PrintImport.DoesNotExist):
        services.undo(done, by=coordinator)


def test_a_blank_that_cannot_be_stored_is_told_and_its_text_is_kept(assessment, coordinator, receive):
    pending = receive()
    pending.contents["parts"].append(
        {"code": "6.1.3.1", "status": "done", "fields": {"percent": "120", "process_1": "กระบวนการสมมติ"},
         "unsplit": False, "verdict": None, "comment": ""}
    )  # fmt: skip
    pending.save()
    done = services.apply(settled(pending, coordinator), by=coordinator)
    assert factories.answer_of(assessment, "6.1.3.1").values == {"process_1": "กระบวนการสมมติ"}
    assert [(entry["code"], entry["text"]) for entry in done.summary["faults"]] == [("6.1.3", "120")]


def test_the_same_print_again_has_nothing_to_say(coordinator, receive):
    services.apply(settled(receive(back=0), coordinator), by=coordinator)
    assert plan_of(receive(back=0), coordinator).changes == ()


def test_applied_twice_is_applied_once_and_an_expired_one_never(coordinator, receive):
    pending = settled(receive(), coordinator)
    first = services.apply(pending, by=coordinator)
    assert services.apply(pending, by=coordinator).applied_at == first.applied_at
    other = settled(receive(back=0), coordinator)
    PrintImport.objects.filter(pk=other.pk).update(
        created_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now() - timedelta(hours=1)
    )
    with pytest.raises(Refused) as caught:
        services.apply(other, by=coordinator)
    assert caught.value.code == "expired"


def test_the_history_says_where_it_came_from_and_brings_the_old_text_back(assessment, coordinator, receive):
    old = write(assessment, "1.1.2.1", "ของเดิม", coordinator)
    done = services.apply(settled(receive(), coordinator, **{"1_1_2_1": TAKE}), by=coordinator)
    written = write(assessment, "1.1.2.1", "คำตอบในแบบพิมพ์ ปรับปรุงแล้ว", coordinator)
    latest, imported, before = AnswerRevision.objects.filter(answer=old)
    assert (imported.print_import, latest.print_import, before.print_import) == (done, None, None)
    assert not written.carried_over
    restored = restore_version(
        written, before, version=written.version, claim="started", values={"detail": "ของเดิม"}, category="1",
        by=coordinator,
    )  # fmt: skip
    assert restored.values == {"detail": "ของเดิม"}


def test_an_import_is_taken_back_but_for_what_was_changed_since(assessment, coordinator, receive):
    write(assessment, "1.1.2.1", "ของเดิม", coordinator)
    pending = receive(f"{FORM3}\n{FORM4}")
    done = services.apply(settled(pending, coordinator, **{"1_1_2_1": TAKE}), by=coordinator)
    write(assessment, "1.1.3.1", "เขียนต่อแล้ว", coordinator)
    undone = services.undo(done, by=coordinator)
    assert undone.summary["not_undone"] == ["1.1.3.1"]
    answers = read_answers(assessment)
    assert (answers.parts["1.1.2.1"].values, answers.parts["1.1.2.1"].claim) == (
        {"detail": "ของเดิม"},
        "started",
    )
    assert answers.parts["1.1.3.1"].values == {"detail": "เขียนต่อแล้ว"}
    assert not any(answer.carried_over or answer.values for answer in answers.parts.values()
                   if answer.part.code not in ("1.1.2.1", "1.1.3.1"))  # fmt: skip
    assert not answers.indicators
    assert services.undo(undone, by=coordinator).undone_at == undone.undone_at
    assert LogEntry.objects.filter(action="assessment.print_import_undone").count() == 1


def test_figures_of_a_known_indicator_are_chosen_and_taken_back(assessment, coordinator, receive):
    services.apply(settled(receive(), coordinator), by=coordinator)
    pending = receive(back=0)
    (change,) = plan_of(pending, coordinator).of(CONFLICT)
    assert (change.key, change.code) == ("printed-7.1.1-1", "7.1.1.1")
    filled_up = {"target": Decimal(80), "result_1": Decimal(75), "result_3": Decimal(90)}
    assert filled_up.items() <= change.both.items()
    done = services.apply(settled(pending, coordinator, **{change.key: BOTH}), by=coordinator)
    assert factories.answer_of(assessment, "7.1.1").indicator.target == Decimal(80)
    services.undo(done, by=coordinator)
    answer = factories.answer_of(assessment, "7.1.1")
    assert (answer.indicator.target, answer.carried_over) == (None, True)


def test_what_is_no_print_is_refused(receive):
    for text, code in (("ไม่มีหัวแบบ", "not_a_form"), ("  ", "empty"), ("x\n" * 600 + SMALL, "mostly_unplaced")):
        with pytest.raises(Unfit) as caught:
            receive(text)
        assert caught.value.code == code
    assert not PrintImport.objects.exists()


# --- the pages ------------------------------------------------------------------------------------


def upload(client, page, content: bytes = b"", **data):
    file = {"file": SimpleUploadedFile("แบบพิมพ์.txt", content)} if content else {}
    return client.post(f"{page}upload/", {"print_year": 2569} | file | data)


def test_the_way_through_the_pages(as_user, coordinator, assessment):
    client, page = as_user(coordinator), f"/assessments/{assessment.pk}/printed/"
    assert 'type="file"' in client.get(page).content.decode()
    place = upload(client, page, files.as_document(SMALL)).headers["Location"]
    html = client.get(place).content.decode()
    assert "ชื่อหน่วยงานไม่ตรงกัน" in html
    assert "ผลของตัวชี้วัดเลื่อนไป 1 ปี" in html
    seen = dict(re.findall(r'name="(seen-[^"]*)" value="(\d+)"', html))
    client.post(place, seen | {"do": "place", "line": ["1"], "target": "1.1.2.1|detail"})
    # Chosen once, kept while lines are put in their places.
    client.post(place, seen | {"choice-printed-7.1.1-1": "keep", "do": "aside_rest"})
    html = client.get(place).content.decode()
    assert "(แยกไว้ 1 บรรทัด)" in html
    assert re.search(r'name="choice-printed-7.1.1-1" value="keep" checked', html)
    assert client.post(place, {"do": "apply"}).status_code == 302
    html = client.get(place).content.decode()
    assert "นำเข้าแบบพิมพ์แล้ว" in html
    assert "บันทึกของผู้พิมพ์" in html
    history = client.get(f"/assessments/{assessment.pk}/parts/1.1.2.1/history/").content.decode()
    assert "นำเข้าจากแบบพิมพ์ของปีก่อน" in history
    assert client.post(f"{place}undo/").status_code == 302
    assert "ยกเลิกการนำเข้าแล้ว" in client.get(place).content.decode()


def test_an_unseen_change_comes_back_with_a_sentence(as_user, coordinator, assessment):
    client, page = as_user(coordinator), f"/assessments/{assessment.pk}/printed/"
    place = upload(client, page, text=SMALL).headers["Location"]
    response = client.post(place, {"do": "apply"})
    assert response.status_code == 409
    assert "ตรวจอีกครั้ง" in response.content.decode()


def test_what_is_not_chosen_is_kept_with_one_button(as_user, coordinator, assessment):
    write(assessment, "1.1.2.1", "ของเดิม", coordinator)
    client, page = as_user(coordinator), f"/assessments/{assessment.pk}/printed/"
    place = upload(client, page, text=SMALL).headers["Location"]
    seen = dict(re.findall(r'name="(seen-[^"]*)" value="(\d+)"', client.get(place).content.decode()))
    client.post(place, seen | {"do": "keep_rest"})
    html = client.get(place).content.decode()
    assert re.search(r'name="choice-1.1.2.1" value="keep" checked', html)
    assert not re.search(r'name="choice-printed-7.1.1-1" value="keep" checked', html)


def test_refusals_stand_on_the_page_and_the_pasted_text_stays(as_user, coordinator, assessment):
    client, page = as_user(coordinator), f"/assessments/{assessment.pk}/printed/"
    response = upload(client, page, text="ข้อความที่ไม่มีหัวแบบ")
    assert response.status_code == 422
    assert "ไม่พบหัวแบบฟอร์มที่ 3 หรือ 4" in response.content.decode()
    assert "ข้อความที่ไม่มีหัวแบบ</textarea>" in response.content.decode()
    assert "อย่างใดอย่างหนึ่ง" in upload(client, page, SMALL.encode(), text=SMALL).content.decode()
    assert "เลือกรอบปี" in upload(client, page, text=SMALL, print_year=1).content.decode()
    twice = SMALL + SMALL[SMALL.index("แบบฟอร์มที่ 3") :]
    assert "ซ้ำ" in upload(client, page, text=twice).content.decode()
