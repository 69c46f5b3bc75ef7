from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.models import Assessment
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from reviews.lines import ROLE_WORDS, Line, Unreadable, decoded, parse, written
from reviews.loads import pace
from reviews.loads_reading import read_loads
from reviews.models import Assignment
from reviews.services import assigning, marking, replacing, teams
from reviews.services.teams import Faulty
from reviews.size import words_of
from reviews.team_models import Batch, ReviewerProfile
from reviews.teams_reading import check, load_changes, present_lines
from tests import factories
from tests.locking import after_the_first_entry
from tests.reviews import cases

# --- the table as text ---------------------------------------------------------------------------

ANY_LINE = st.builds(
    Line,
    st.just(0),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True),
    st.from_regex(r"[-+=@a-z0-9]{1,9}@x\.example", fullmatch=True),
    st.sampled_from(sorted(ROLE_WORDS)),
    st.lists(st.sampled_from("1234567"), unique=True, max_size=6).map(tuple),
)


@settings(deadline=None)
@given(st.lists(ANY_LINE, max_size=8))
def test_what_is_written_is_read_back(lines):
    told = [(line.agency, line.email, line.role, line.categories) for line in parse(written(lines))]
    assert told == [(line.agency, line.email, line.role, line.categories) for line in lines]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    with suppress(Unreadable):
        assert all(line.number for line in parse(text))


def test_no_cell_runs_in_a_spreadsheet():
    text = written([Line(2, "=1+1", "@sum@x.example", "", (), "-2+3")])
    cells = [cell for row in text.splitlines()[1:] for cell in row.split(",")]
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in cells)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_files_of_thai_spreadsheets_are_read(mark, encoding):
    rows = (
        ["รหัสหน่วยงาน", "อีเมล", "บทบาท", "หมวด"],
        ["A-1", " Person@X.example ", "หัวหน้าทีมที่ลงผล", "๑ 3 7"],
        ["", "", "", ""],
    )
    content = "\r\n".join(mark.join(row) for row in rows).encode(encoding)
    (line,) = parse(decoded(content))
    assert (line.number, line.email, line.role, line.categories) == (
        2, "person@x.example", "marking_lead", ("1", "3", "7"),
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"\x00\x01", b"x" * 1_000_001, b"A-1,a@x\n" * 5001, b"\xff\xfe\xdb\xdc"])
def test_what_is_no_table_is_said(content):
    with pytest.raises(Unreadable):
        parse(decoded(content))


def test_words_are_counted_roughly():
    thai = "ส่วนราชการกำหนดทิศทางการดำเนินงาน"
    assert 5 <= words_of(thai) <= 9
    assert words_of({"a": [thai, "two words"], "b": None}) == pytest.approx(words_of(thai) + 2)


# --- many cases -------------------------------------------------------------------------------------


@pytest.fixture
def submitted(cycle):
    return [cases.submitted_case(cycle=cycle) for _ in range(2)]


def lines_of(case, *people, lead, categories=None) -> list[Line]:
    given = categories or {}
    told = [Line(1, case.agency.code, lead.email, "lead", ())]
    return told + [
        Line(number, case.agency.code, person.email, "reviewer", tuple(given.get(person, ())))
        for number, person in enumerate(people, start=2)
    ]


def apply(cycle, lines, by):
    return teams.apply(cycle, lines, seen=check(cycle, lines, by).seen, by=by)


def active(case) -> set:
    return set(
        Assignment.objects.active().filter(assessment=case).values_list("reviewer", "category__code", "marks")
    )


def sentences(cycle, *lines) -> list[str]:
    return [problem.sentence for problem in check(cycle, list(lines), factories.make_user()).problems]


def test_teams_are_given_all_at_once_and_read_back_unchanged(submitted, cycle, team, lead, administrator):
    one, two = submitted
    lines = [*lines_of(one, *team, lead=lead), *lines_of(two, *team, lead=lead, categories={team[0]: "12"})]
    batch = apply(cycle, lines, administrator)
    assert set(batch.after) == {str(one.pk), str(two.pk)}
    assert (team[0].pk, "3", True) not in active(two)
    assert (team[0].pk, "2", True) in active(two)
    again = parse(written(present_lines(cycle, administrator)))
    assert not check(cycle, again, administrator).problems
    assert apply(cycle, again, administrator) is None
    assert Batch.objects.count() == 1


def test_one_wrong_line_and_nothing_is_stored(submitted, cycle, team, lead, administrator):
    lines = [*lines_of(submitted[0], *team, lead=lead), Line(9, "NONE", team[0].email, "reviewer", ())]
    with pytest.raises(Faulty) as faulty:
        apply(cycle, lines, administrator)
    assert [problem.number for problem in faulty.value.preview.problems] == [9]
    assert not Assignment.objects.exists()


def test_every_line_says_what_is_wrong_with_it(submitted, cycle, team, lead):
    one, two = submitted
    tied = factories.make_member(one.agency, "viewer")
    absent, draft = factories.make_agency(), factories.make_assessment(cycle=cycle)
    code, person = one.agency.code, team[0]
    told = sentences(
        cycle,
        Line(1, "NONE", person.email, "reviewer", ()),
        Line(2, absent.code, person.email, "reviewer", ()),
        Line(3, draft.agency.code, person.email, "reviewer", ()),
        Line(4, code, "nobody@x.example", "reviewer", ()),
        Line(5, code, person.email, "", (), "ประธาน"),
        Line(6, code, person.email, "reviewer", ("9",)),
        Line(7, code, lead.email, "lead", ("1",)),
        Line(8, code, tied.email, "reviewer", ()),
        Line(9, code, person.email, "reviewer", ()),
        Line(10, code, person.email, "reviewer", ()),
        Line(11, two.agency.code, lead.email, "lead", ()),
        Line(12, two.agency.code, team[1].email, "lead", ()),
    )
    for sentence, words in zip(
        told,
        ["ไม่มีหน่วยงานรหัส", "ยังไม่มีแบบประเมิน", "กำลังจัดทำ", "ไม่มีบัญชี", "ประธาน", "ไม่มีหมวด 9", "ไม่ต้องมีหมวด",
         "ข้อ 1", "รวมเป็นบรรทัดเดียว", "มีหัวหน้าทีมแล้ว"],
        strict=True,
    ):  # fmt: skip
        assert words in sentence


def test_a_team_as_a_whole_needs_a_lead_and_every_category(submitted, cycle, team, lead):
    code = submitted[0].agency.code
    assert "ยังไม่มีหัวหน้าทีม" in sentences(cycle, Line(1, code, team[0].email, "reviewer", ()))[0]
    lines = lines_of(submitted[0], team[0], lead=lead, categories={team[0]: "123"})
    assert "หมวด 4, 5, 6, 7" in sentences(cycle, *lines)[0]


def test_in_an_open_review_a_file_takes_nothing_away(cycle, team, lead):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    assert "ถอนตัว" in sentences(cycle, *lines_of(case, team[0], lead=lead))[0]
    assert not sentences(cycle, *lines_of(case, *team, factories.make_user(), lead=lead))


def test_a_team_that_changed_meanwhile_is_shown_again(submitted, cycle, team, lead, administrator):
    lines = lines_of(submitted[0], *team, lead=lead)
    seen = check(cycle, lines, administrator).seen
    assigning.assign(submitted[0], reviewers=team[:1], lead=lead, lead_marks=False, by=administrator)
    with pytest.raises(Faulty) as faulty:
        teams.apply(cycle, lines, seen=seen, by=administrator)
    assert faulty.value.code == "changed"


def test_only_the_administrator_applies_and_undoes(submitted, cycle, team, lead, administrator, officer):
    lines = lines_of(submitted[0], *team, lead=lead)
    with pytest.raises(PermissionDenied):
        apply(cycle, lines, officer)
    batch = apply(cycle, lines, administrator)
    with pytest.raises(PermissionDenied):
        teams.undo(batch, by=officer)


def test_the_last_application_is_undone_once_and_no_other(submitted, cycle, team, lead, administrator):
    one, two = submitted
    assigning.assign(one, reviewers=team[:1], lead=lead, lead_marks=False, by=administrator)
    before = active(one)
    first = apply(cycle, [*lines_of(one, *team, lead=lead), *lines_of(two, *team, lead=lead)], administrator)
    second = apply(cycle, lines_of(two, team[0], lead=lead), administrator)
    with pytest.raises(Refused) as refused:
        teams.undo(first, by=administrator)
    assert refused.value.code == "last"
    teams.undo(second, by=administrator)
    teams.undo(second, by=administrator)
    teams.undo(first, by=administrator)
    assert (active(one), active(two)) == (before, set())
    assert LogEntry.objects.filter(action="review.teams_undone").count() == 2


def test_what_somebody_has_begun_is_not_undone(submitted, cycle, team, lead, administrator):
    batch = apply(cycle, lines_of(submitted[0], *team, lead=lead), administrator)
    assigning.open_review(submitted[0], by=administrator)
    with pytest.raises(Refused) as refused:
        teams.undo(batch, by=administrator)
    assert refused.value.code == "begun"
    assert active(submitted[0])


def test_undoing_locks_every_case_before_one_of_them_goes_on(cycle, team, lead, administrator):
    both = [cases.open_case(team[0], lead=lead, cycle=cycle) for _ in range(2)]
    lines = [line for case in both for line in lines_of(case, *team, lead=lead)]
    batch = apply(cycle, lines, administrator)
    Assignment.objects.filter(reviewer=team[0]).update(handed_in_at=timezone.now())
    later = after_the_first_entry(lambda: teams.undo(batch, by=administrator))
    assert {cases.status_of(case) for case in both} == {"consensus"}
    # What `workflow.lock` asks for is known by the clock that it reads.
    assert not [sql for sql in later if "asked_at" in sql]


def test_the_preview_tells_the_load_before_and_after(submitted, cycle, team, lead, administrator):
    one, two = submitted
    assigning.assign(one, reviewers=team, lead=lead, lead_marks=False, by=administrator)
    lines = [*lines_of(one, team[0], lead=lead), *lines_of(two, *team, lead=lead)]
    changes = {
        change.person: change for change in load_changes(check(cycle, lines, administrator), administrator)
    }
    first, second = (changes[person] for person in team)
    assert (first.parts, first.parts_after) == (160, 320)
    assert (second.parts, second.parts_after) == (160, 160)
    assert (second.cases, second.cases_after) == (1, 1)
    assert first.words_after == pytest.approx(2 * first.words, rel=0.1)
    assert (changes[lead].parts, changes[lead].parts_after) == (0, 0)


def test_the_loads_of_a_preview_do_not_tell_a_reviewer_who_has_handed_in(cycle, team, lead):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    lines = lines_of(case, *team, factories.make_user(), lead=lead)

    def told(viewer):
        return [change.parts for change in load_changes(check(cycle, lines, viewer), viewer)]

    before = told(team[0])
    cases.mark_everything(case, by=team[1])
    marking.hand_in(case, by=team[1])
    assert told(team[0]) == before
    assert told(factories.make_user()) != before


def test_who_belongs_to_an_agency_does_not_touch_its_team(submitted, cycle, team, lead, administrator):
    one, _two = submitted
    apply(cycle, lines_of(one, *team, lead=lead), administrator)
    member = factories.make_member(one.agency, "viewer")
    assert present_lines(cycle, member) == []
    problems = check(cycle, lines_of(one, *team, lead=lead), member).problems
    assert {problem.sentence for problem in problems} == {problems[0].sentence}
    assert "บุคคลของหน่วยงานนี้" in problems[0].sentence


# --- proposed ------------------------------------------------------------------------------------


def test_a_proposal_can_be_applied_as_it_is(submitted, cycle, administrator):
    people = [factories.make_user() for _ in range(4)]
    for place, person in enumerate(people):
        ReviewerProfile.objects.create(user=person, can_lead=place == 0)
    away = factories.make_user()
    ReviewerProfile.objects.create(user=away, is_available=False)
    kin = factories.make_member(submitted[0].agency, "viewer")
    ReviewerProfile.objects.create(user=kin, categories=["1", "7"])
    options = {"at_least": 2, "lead_marks": False, "seed": 5, "by": administrator}
    found = teams.propose(cycle, **options)
    assert found.impossible == []
    assert teams.propose(cycle, **options) == found
    assert away.email not in {line.email for line in found.lines}
    assert kin.email not in {line.email for line in found.lines if line.agency == submitted[0].agency.code}
    apply(cycle, found.lines, administrator)
    for case in submitted:
        for code in "1234567":
            assert Assignment.objects.filter(assessment=case, category__code=code, marks=True).count() == 2
    assert teams.propose(cycle, **options).lines == []


def test_what_cannot_have_a_team_is_told_with_the_reason(submitted, cycle):
    ReviewerProfile.objects.create(user=factories.make_user(), can_lead=True, categories=["1"])
    found = teams.propose(cycle, at_least=1, lead_marks=True, seed=1, by=factories.make_user())
    assert found.lines == []
    assert ["หมวด 2" in why for _case, why in found.impossible] == [True, True]


# --- the load -----------------------------------------------------------------------------------------


def test_the_load_counts_what_is_left_until_the_nearest_date(team, lead, officer, cycle):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    cases.mark(factories.answer_of(case, "1.1.1.1"), by=team[0])
    cases.mark_everything(case, by=team[1])
    marking.hand_in(case, by=team[1])
    loads, is_partial = read_loads(officer)
    assert not is_partial
    (load,) = loads
    assert (load.person, load.cases, load.closed, load.work.parts) == (team[0], 1, 1, 159)
    assert load.work.due == cycle.review_closes_at
    assert load.work.pace == 2
    assert load.is_behind


def test_nobody_follows_the_load_of_a_case_they_judge(team, lead, cycle):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    loads, is_partial = read_loads(team[0])
    assert (loads, is_partial) == ([], True)
    replacing.recuse(case, reviewer=team[0], reason="ลาป่วย", by=team[0])
    assert len(read_loads(team[0])[0]) == 1


def test_the_pace_keeps_every_date():
    now = timezone.now()
    assert pace([]) == 0
    assert pace([(now + timedelta(days=9), 100)]) == 10
    assert pace([(now + timedelta(days=9), 100), (now + timedelta(days=1), 60)]) == 30
    assert pace([(now - timedelta(days=3), 7), (now + timedelta(days=99), 1)]) == 7


# --- the pages ------------------------------------------------------------------------------------------


@pytest.fixture
def browser(as_user, administrator):
    return as_user(administrator)


def test_the_administrator_proposes_edits_and_applies(submitted, cycle, browser):
    for place in range(3):
        ReviewerProfile.objects.create(user=factories.make_user(), can_lead=place == 0)
    shown = browser.post("/reviews/teams/propose/", {"cycle": cycle.pk, "at_least": 2, "seed": 3})
    assert not shown.context["preview"].problems
    posted = {"cycle": cycle.pk, **{name: shown.context[name] for name in ("text", "shown")}}
    posted["seen"] = shown.context["preview"].seen
    # What was edited is shown before it is applied.
    edited = "\r\n".join(
        line for line in posted["text"].splitlines() if not line.startswith(submitted[1].agency.code)
    )
    again = browser.post("/reviews/teams/apply/", posted | {"text": edited})
    assert (again.status_code, len(again.context["preview"].changed)) == (200, 1)
    assert not Assignment.objects.exists()
    posted |= {"text": again.context["text"], "shown": again.context["shown"]}
    posted["seen"] = again.context["preview"].seen
    page = browser.post("/reviews/teams/apply/", posted, follow=True).content.decode()
    assert "มอบหมายทีม 1 เรื่องแล้ว" in page
    assert (bool(active(submitted[0])), bool(active(submitted[1]))) == (True, False)
    assert "ไม่มีอะไรเปลี่ยน" in browser.post("/reviews/teams/apply/", posted, follow=True).content.decode()
    browser.post(f"/reviews/teams/undo/{Batch.objects.get().pk}/")
    assert not active(submitted[0])


def test_the_file_goes_down_and_up_again(submitted, cycle, browser, team, lead, administrator, tmp_path):
    assigning.assign(submitted[0], reviewers=team, lead=lead, lead_marks=False, by=administrator)
    file = browser.get(f"/reviews/teams/{cycle.pk}.csv")
    assert file.content.startswith(b"\xef\xbb\xbf")
    path = tmp_path / "teams.csv"
    path.write_bytes(file.content)
    with path.open("rb") as stream:
        shown = browser.post("/reviews/teams/preview/", {"cycle": cycle.pk, "file": stream})
    assert (shown.context["preview"].problems, shown.context["preview"].changed) == ([], [])
    path.write_bytes(b"\x00")
    with path.open("rb") as stream:
        refused = browser.post("/reviews/teams/preview/", {"cycle": cycle.pk, "file": stream})
    assert refused.status_code == 422
    assert "อ่านไฟล์ไม่ได้" in refused.content.decode()


def test_who_belongs_to_the_agency_hears_nothing_of_its_review(as_user, team, lead, cycle):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    member = factories.make_member(case.agency, "viewer")
    factories.Appointment.objects.create(user=member, role="officer")
    client = as_user(member)
    assert client.get(f"/reviews/cases/{case.pk}/").status_code == 403
    assert "0 จาก 2 คน" not in client.get("/reviews/cases/").content.decode()
    assert "0 จาก 2 คน" in as_user(factories.make_official("officer")).get("/reviews/cases/").content.decode()
    assert str(team[0]) not in client.get("/reviews/loads/").content.decode()


def test_an_administrator_of_the_agency_does_not_open_its_consensus_again(as_user, cycle):
    case = factories.make_assessment(cycle=cycle)
    Assessment.objects.update(status="consensus_done")
    member = factories.make_member(case.agency, "viewer")
    factories.Appointment.objects.create(user=member, role="administrator")
    answer = as_user(member).post(f"/reviews/{case.pk}/reopen/", {"note": "ดูอีกครั้ง"})
    assert answer.status_code == 403
    assert cases.status_of(case) == "consensus_done"


def test_a_conflict_is_declared_on_the_page_before_anything_of_the_agency_is_read(
    as_user, team, lead, cycle, administrator
):
    case = cases.submitted_case(cycle=cycle)
    assigning.assign(case, reviewers=team, lead=lead, lead_marks=False, by=administrator)
    assigning.open_review(case, by=administrator)
    client = as_user(team[0])
    place = f"/reviews/{case.pk}/open/"
    page = client.get(place).content.decode()
    assert (str(case.agency) in page, "ข้อความสมมติของ" in page) == (True, False)
    refused = client.post(place, {"declared": "conflict", "kind": "kin", "words": " "})
    assert refused.status_code == 422
    assert "ญาติสมมติ" in client.post(place, {"declared": "conflict", "words": "ญาติสมมติ"}).content.decode()
    client.post(place, {"declared": "conflict", "kind": "kin", "words": "ญาติสมมติ"})
    for name in ("open/", "", "1.1/", "profile/", "evidence/", "step-aside/"):
        assert client.get(f"/reviews/{case.pk}/{name}").status_code == 404
    told = as_user(administrator).get(f"/reviews/cases/{case.pk}/").content.decode()
    assert "ญาติสมมติ" in told
    assert "หาคนแทน" in told


def test_the_queue_takes_few_queries_for_many_cases(
    as_user, team, lead, cycle, django_assert_max_num_queries
):
    case = cases.open_case(*team, lead=lead, cycle=cycle)
    rows = list(Assignment.objects.filter(assessment=case, reviewer=team[0]))
    agencies = [factories.make_agency(ministry=case.agency.ministry) for _ in range(30)]
    others = Assessment.objects.bulk_create(
        Assessment(cycle=cycle, agency=agency, status="in_review") for agency in agencies
    )
    Assignment.objects.bulk_create(
        Assignment(assessment=other, category_id=row.category_id, reviewer=team[0], parts=3, words=90)
        for other in others
        for row in rows
    )
    client = as_user(team[0])
    with django_assert_max_num_queries(10):
        assert client.get("/reviews/").status_code == 200
