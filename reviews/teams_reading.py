"""Teams of many cases at once: what is there now, what a list of lines would make of it, and everybody's load."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from reviews.duties import (
    ASSIGNABLE,
    Duties,
    category_keys,
    duties_of,
    refuse_loss,
    rows_of_many,
    wanted_duties,
)
from reviews.lines import LEAD, MARKING_LEAD, REVIEWER, Line
from reviews.loads import Sizes, sizes_of
from reviews.models import Assignment
from reviews.rules import tie_words, ties


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a list cannot be applied; `number` is the line."""

    number: int
    sentence: str


@dataclass
class Plan:
    """What the lines say of one case: whom `categories` (person -> codes, none: all), and its `lead`."""

    assessment: Assessment
    first: int
    people: dict[int, User] = field(default_factory=dict)
    categories: dict[int, tuple[str, ...]] = field(default_factory=dict)
    lead: User | None = None
    lead_marks: bool = False
    wanted: Duties = field(default_factory=dict)
    is_same: bool = False

    @property
    def reviewers(self) -> list[User]:
        return [person for pk, person in self.people.items() if self.lead is None or pk != self.lead.pk]

    @property
    def marking(self) -> set[int]:
        marking = {person.pk for person in self.reviewers}
        return marking | {self.lead.pk} if self.lead and self.lead_marks else marking

    @property
    def members(self) -> list[tuple[User, bool, str]]:
        """(person, leads, what they mark) for the preview, the lead first."""
        told = []
        for person in sorted(self.people.values(), key=lambda person: person != self.lead):
            marks = person.pk in self.marking
            codes = ", ".join(self.categories[person.pk])
            what = (
                (_("หมวด %(codes)s") % {"codes": codes} if codes else _("ทุกหมวด")) if marks else _("ไม่ลงผล")
            )
            told.append((person, person == self.lead, what))
        return told


@dataclass(frozen=True, slots=True)
class LoadChange:
    """What one person has to mark before and after."""

    person: User
    cases: int
    parts: int
    words: int
    cases_after: int
    parts_after: int
    words_after: int


@dataclass
class Preview:
    """A list of lines, checked. It can be applied when there are no problems and something changes."""

    cycle: Cycle
    lines: list[Line]
    plans: list[Plan]
    problems: list[Problem]
    seen: str
    sizes: Sizes
    rows: dict[int, dict[tuple[int, int], Assignment]]

    @property
    def changed(self) -> list[Plan]:
        return [plan for plan in self.plans if not plan.is_same]

    @property
    def is_applicable(self) -> bool:
        return not self.problems and bool(self.changed)


def homes_of(viewer: User) -> list[int]:
    """The agencies that the viewer belongs to: of their reviews they hear nothing."""
    return [entry.agency_id for entry in viewer.current_memberships]


def present_lines(cycle: Cycle, viewer: User) -> list[Line]:
    """The teams of the cycle as lines; reading them back changes nothing."""
    rows = (
        Assignment.objects.active()
        .filter(assessment__cycle=cycle)
        .exclude(assessment__agency__in=homes_of(viewer))
        .order_by("assessment__agency__code", "-is_lead", "reviewer__email", "category__order")
        .values_list("assessment__agency__code", "reviewer__email", "marks", "is_lead", "category__code")
    )
    asked = set(category_keys(cycle.edition))
    people: dict[tuple[str, str], tuple[bool, list[str]]] = {}
    for agency, email, marks, is_lead, code in rows:
        leads, codes = people.setdefault((agency, email), (is_lead, []))
        if marks:
            codes.append(code)
    lines = []
    for number, ((agency, email), (leads, codes)) in enumerate(people.items(), start=2):
        role = (MARKING_LEAD if codes else LEAD) if leads else REVIEWER
        lines.append(Line(number, agency, email, role, () if set(codes) == asked else tuple(codes)))
    return lines


def check(cycle: Cycle, lines: list[Line], viewer: User) -> Preview:
    """Everything that would happen, and everything that is wrong, line by line. Seven queries for any number."""
    problems: list[Problem] = []
    codes = {line.agency for line in lines}
    found = Assessment.objects.filter(cycle=cycle, agency__code__in=codes).with_places()
    cases = {case.agency.code: case for case in found}
    known = set(Agency.objects.filter(code__in=codes - set(cases)).values_list("code", flat=True))
    people = {
        person.email: person for person in User.objects.filter(email__in={line.email for line in lines})
    }
    tied = ties([person.pk for person in people.values()], [case.agency for case in cases.values()])
    keys = category_keys(cycle.edition)
    plans: dict[str, Plan] = {}
    homes = homes_of(viewer)
    own = {code for code, case in cases.items() if case.agency_id in homes}
    for line in lines:
        if line.agency in own:
            problems.append(Problem(line.number, _("ท่านเป็นบุคคลของหน่วยงานนี้ จึงติดตามการตรวจเรื่องนี้ไม่ได้")))
            continue
        sentence = _fault(line, cases, known, people, tied, keys) or _add(plans, line, cases, people)
        if sentence:
            problems.append(Problem(line.number, sentence))
    rows = rows_of_many([case.pk for case in cases.values()])
    if not problems:
        for plan in plans.values():
            problems += _weigh(plan, rows.get(plan.assessment.pk, {}), keys)
    sizes = sizes_of([plan.assessment.pk for plan in plans.values()])
    ordered = sorted(plans.values(), key=lambda plan: plan.assessment.agency.code)
    return Preview(
        cycle,
        lines,
        ordered,
        sorted(problems, key=lambda problem: problem.number),
        fingerprint(rows),
        sizes,
        rows,
    )


def _fault(
    line: Line,
    cases: Mapping[str, Assessment],
    known: Collection[str],
    people: Mapping[str, User],
    tied: Mapping[tuple[int, int], str],
    keys: Collection[str],
) -> str:
    """What is wrong with a line by itself, "" if nothing."""
    case, person = cases.get(line.agency), people.get(line.email)
    if case is None:
        if line.agency in known:
            return _("%(code)s ยังไม่มีแบบประเมินในรอบนี้") % {"code": line.agency}
        return _("ไม่มีหน่วยงานรหัส “%(code)s”") % {"code": line.agency}
    if case.status not in ASSIGNABLE:
        return _("%(code)s อยู่ขั้น “%(status)s” จึงมอบหมายไม่ได้") % {
            "code": line.agency,
            "status": case.get_status_display(),
        }
    if person is None or not person.is_active:
        return _("ไม่มีบัญชีที่ใช้งานอยู่ของ “%(email)s”") % {"email": line.email}
    if not line.role:
        return _("ไม่รู้จักบทบาท “%(word)s” ใช้ ผู้ตรวจ, หัวหน้าทีม หรือ หัวหน้าทีมที่ลงผล") % {"word": line.role_word}
    if unknown := [code for code in line.categories if code not in keys]:
        return _("ไม่มีหมวด %(codes)s เขียนเลขหมวดคั่นด้วยวรรค เช่น 1 3 7") % {"codes": " ".join(unknown)}
    if line.role == LEAD and line.categories:
        return _("หัวหน้าทีมที่ไม่ลงผลไม่ต้องมีหมวด ใช้บทบาท หัวหน้าทีมที่ลงผล ถ้าต้องการให้ลงผล")
    if tie := tied.get((person.pk, case.agency_id)):
        return _("มอบหมาย %(person)s ไม่ได้ %(rule)s") % {"person": person, "rule": tie_words(tie)}
    return ""


def _add(
    plans: dict[str, Plan], line: Line, cases: Mapping[str, Assessment], people: Mapping[str, User]
) -> str:
    """Put a faultless line into the plan of its case; what does not go with the lines before, or ""."""
    plan = plans.setdefault(line.agency, Plan(cases[line.agency], line.number))
    person = people[line.email]
    if person.pk in plan.people:
        return _("%(person)s มีอยู่แล้วใน %(code)s รวมเป็นบรรทัดเดียว") % {"person": person, "code": line.agency}
    if line.role != REVIEWER and plan.lead:
        return _("%(code)s มีหัวหน้าทีมแล้วคือ %(lead)s") % {"code": line.agency, "lead": plan.lead}
    plan.people[person.pk] = person
    plan.categories[person.pk] = line.categories
    if line.role != REVIEWER:
        plan.lead, plan.lead_marks = person, line.role == MARKING_LEAD
    return ""


def _weigh(plan: Plan, rows: Mapping[tuple[int, int], Assignment], keys: Mapping[str, int]) -> list[Problem]:
    """What is wrong with a team as a whole; fills in what it is to do."""
    code = plan.assessment.agency.code
    if plan.lead is None:
        return [Problem(plan.first, _("%(code)s ยังไม่มีหัวหน้าทีม") % {"code": code})]
    plan.wanted = wanted_duties(keys, plan.marking, plan.lead.pk, plan.categories)
    marked = {category for (_person, category), duty in plan.wanted.items() if duty.marks}
    if missing := [name for name, key in keys.items() if key not in marked]:
        names = ", ".join(missing)
        return [
            Problem(plan.first, _("%(code)s ยังไม่มีผู้ลงผลในหมวด %(names)s") % {"code": code, "names": names})
        ]
    if plan.assessment.status != ASSIGNABLE[0]:
        try:
            refuse_loss(rows, plan.wanted)
        except Refused as refused:
            return [Problem(plan.first, f"{code}: {refused}")]
    plan.is_same = plan.wanted == duties_of(rows)
    return []


def fingerprint(rows: Mapping[int, Mapping[tuple[int, int], Assignment]]) -> str:
    """Of the teams that a page has shown, so that nobody applies a list to others than those."""
    shown = sorted((case, *key, *duty) for case, own in rows.items() for key, duty in duties_of(own).items())
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def load_changes(preview: Preview, viewer: User) -> list[LoadChange]:
    """Everybody in the list or in the teams that it changes: before and after, most to do first. Two queries."""
    people = {pk: person for plan in preview.plans for pk, person in plan.people.items()}
    affected = {plan.assessment.pk: plan for plan in preview.changed}
    touched = set(people) | {key[0] for case in affected for key in duties_of(preview.rows.get(case, {}))}
    before: dict[int, dict[int, tuple[int, int]]] = {pk: {} for pk in touched}
    for case, person, parts, words in open_loads(touched, viewer):
        old = before[person].get(case, (0, 0))
        before[person][case] = (old[0] + parts, old[1] + words)
    after = {
        pk: {case: load for case, load in own.items() if case not in affected} for pk, own in before.items()
    }
    for case, plan in affected.items():
        for (person, category), duty in plan.wanted.items():
            if duty.marks:
                old, size = after[person].get(case, (0, 0)), preview.sizes.get((case, category), (0, 0))
                after[person][case] = (old[0] + size[0], old[1] + size[1])
    missing = User.objects.filter(pk__in=touched - set(people))
    people |= {person.pk: person for person in missing}
    changes = [LoadChange(people[pk], *_totals(before[pk]), *_totals(after[pk])) for pk in touched]
    return sorted(changes, key=lambda change: (-change.words_after, change.person.email))


def _totals(cases: Mapping[int, tuple[int, int]]) -> tuple[int, int, int]:
    return (
        len(cases),
        sum(parts for parts, _words in cases.values()),
        sum(words for _parts, words in cases.values()),
    )


def open_loads(people: Collection[int], viewer: User) -> list[tuple[int, int, int, int]]:
    """(case, person, answers, words) of everything that is to be marked and is not handed in. One query.

    In the cases that the viewer judges everything counts, or it would tell who has handed in.
    """
    rows = Assignment.objects.active().filter(
        marks=True, reviewer__in=people, assessment__status__in=ASSIGNABLE
    )
    judged = Assignment.objects.active().filter(reviewer=viewer).values("assessment")
    rows = rows.filter(Q(handed_in_at=None) | Q(assessment__in=judged))
    return list(rows.values_list("assessment_id", "reviewer_id", "parts", "words"))


def without_team(cycle: Cycle, viewer: User) -> list[Assessment]:
    """The cases that were handed over and that nobody judges yet."""
    taken = Assignment.objects.active().filter(assessment__cycle=cycle).values("assessment")
    cases = Assessment.objects.filter(cycle=cycle, status=ASSIGNABLE[0]).exclude(pk__in=taken)
    cases = cases.exclude(agency__in=homes_of(viewer))
    return list(cases.with_places().order_by("agency__code"))
