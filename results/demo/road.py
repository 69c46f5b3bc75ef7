"""Brings invented assessments to every state of the road.

The moves go through the product's own services, which date them now; `date_back` then gives each row the day it
has in the story. Answers and marks are written in bulk, as hundreds of saves would take minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from assessments import snapshot
from assessments.models import (
    Answer,
    Assessment,
    Cycle,
    Indicator,
    PartCheck,
    PartNote,
    Proposal,
    Status,
    StatusChange,
    Submission,
)
from assessments.reading import read_answers, tree_of
from assessments.services import asking, checking
from assessments.services.answers import create
from assessments.workflow import change_status, lock
from criteria.catalogue import part_ids
from criteria.structure import ADVANCE, BASIC, PROCESS, PROFILE, RESULTS, SIGNIFICANCE
from pmqa.accounts.models import Agency, Membership, User
from results import publishing, sheet
from results.demo import content, evidence
from results.demo.profile import profile_value
from reviews.decided import Judged, judged_answers
from reviews.models import Assignment, Consensus, FeedbackSection, Outcome, Verdict
from reviews.services import (
    appeals,
    assigning,
    consensus,
    feedback,
    marking,
    phrases,
    replacing,
    tickets,
    vetting,
)
from reviews.team_models import Declaration, Departure

# How often an invented part passes, by level: the higher the level, the rarer.
PASS_RATE = {BASIC: 0.95, ADVANCE: 0.82, SIGNIFICANCE: 0.62, "": 0.88}
DISPUTED = 0.015
# Where the first reviewer notes something outstanding, and under which pillar.
STRENGTHS = {"1.1.1.1": 1, "3.2.1.1": 2, "4.2.1.1": 3}


@dataclass
class Team:
    """The people of one case, fetched anew for each so that nothing of another case is remembered."""

    coordinator: User
    head: User
    administrator: User
    officer: User
    lead: User
    reviewers: list[User]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


class Case:
    """One assessment on its way. Each method is one step; `at` is its day in the story."""

    def __init__(self, cycle: Cycle, agency: Agency, number: int, seed: int, team: Team):
        self.team = team
        self.theme = content.theme_of(number)
        self.year = cycle.year
        self.key = f"{seed}:{cycle.year}:{number}"
        self.assessment = create(cycle, agency, by=None)
        self.tree = tree_of(self.assessment)

    def rng(self, code: str) -> Random:
        return Random(f"{self.key}:{code}")

    def fill(self, at: datetime, *, leave_out: tuple[str, ...] = ()) -> None:
        """Answer everything but the topics in `leave_out`."""
        process = [topic for category in self.tree.of_kind(PROCESS) for topic in category.topics]
        claimed = {part.code for topic in process if topic.code not in leave_out for part in topic.parts}
        rows = list(self.assessment.answers.select_related("part"))
        for row in rows:
            part = self.tree.parts[row.part.code]
            kind = self.tree.place_of_part[part.code][0].kind
            if kind == PROFILE:
                row.values = {part.fields[0].key: self._profile(part.fields[0])}
            elif part.code in claimed:
                row.claim = self._claim(part.code)
                row.values = content.part_values(part, self.theme, self.rng(part.code), self.year)
            else:
                continue
            row.version, row.updated_at = 1, at
        # Put back rather than updated: an update of 155 rows with texts takes ten times as long.
        self.assessment.answers.all().delete()
        Answer.objects.bulk_create(rows)
        self._fill_indicators(at)

    def _claim(self, code: str) -> str:
        luck = self.rng(f"{code}/claim").random()
        return "done" if luck < 0.94 else "started" if luck < 0.98 else "not_started"

    def _profile(self, blank):
        return profile_value(blank, self.theme, self.rng(blank.key), self.year)

    def _fill_indicators(self, at: datetime) -> None:
        ids = part_ids(self.assessment.cycle.edition)
        topics = [topic for category in self.tree.of_kind(RESULTS) for topic in category.topics]
        for topic in topics:
            for code in content.indicator_groups(topic):
                figures = content.indicator_figures(code, self.theme, self.rng(code))
                first, second, third = figures.pop("results")
                answer = Answer.objects.create(
                    assessment=self.assessment, part_id=ids[code], version=1, updated_at=at
                )
                Indicator.objects.create(
                    answer=answer, result_1=first, result_2=second, result_3=third, **figures
                )

    def check(self, at: datetime, *, share: float = 1.0) -> None:
        """The internal check, with a `share` of the answers read so far. Past rounds are closed, hence no service."""
        coordinator = fresh(self.team.coordinator)
        change_status(lock(self.assessment), Status.INTERNAL_CHECK, by=coordinator)
        answers = list(self.assessment.answers.order_by("part_id", "ordinal"))
        PartCheck.objects.bulk_create(
            PartCheck(
                answer=answer,
                version=answer.version,
                checked_by=coordinator,
                checked_by_name=str(coordinator),
                checked_at=at,
            )
            for answer in answers[: round(len(answers) * share)]
        )
        self.date_back(at)

    def send_part_back(self, at: datetime) -> None:
        answer = self.assessment.answers.select_related("part").get(part__code="4.1.1.1")
        answer.assessment = self.assessment
        note = "เพิ่มแหล่งข้อมูลและผลในปีล่าสุด แล้วแจ้งผู้ประสานงาน"
        checking.send_part_back(answer, note=note, by=fresh(self.team.coordinator))
        self.date_back(at)

    def propose(self, at: datetime) -> None:
        """As `checking.propose` does, dated in the story."""
        locked = lock(self.assessment)
        content_ = snapshot.build(locked, read_answers(locked))
        coordinator = fresh(self.team.coordinator)
        Proposal.objects.create(
            assessment=change_status(locked, Status.AWAITING_HEAD, by=coordinator),
            content=content_,
            digest=snapshot.digest_of(content_),
            proposed_by=coordinator,
            proposed_by_name=str(coordinator),
            proposed_at=at,
        )
        self.date_back(at)

    def ask(self, at: datetime) -> None:
        """The contributor of the agency is asked for three items, one of them by yesterday; category 1 has its day."""
        role = Membership.Role.CONTRIBUTOR
        writer = Membership.objects.get(agency=self.assessment.agency, role=role).user
        coordinator, today = fresh(self.team.coordinator), at.date()
        for items, days, note in (
            (["1.1.1"], -1, "ใช้ตัวเลขจากรายงานประจำปี"),
            (["1.1.3", "1.1.5"], 7, "ขอร่างแรกก่อน แก้ต่อได้"),
        ):
            due_on = today + timedelta(days=days)
            asking.ask(self.assessment, person=writer, items=items, note=note, due_on=due_on, by=coordinator)
        due_on = today + timedelta(days=14)
        asking.set_category_due(self.assessment, "1", version=0, due_on=due_on, by=coordinator)

    def add_evidence(self, at: datetime) -> None:
        evidence.write(self.assessment, at=at, by=self.team.coordinator)

    def submit(self, at: datetime) -> None:
        """As `submission.submit` does, dated in the story: the snapshot is the product's own."""
        locked = lock(self.assessment)
        content_ = snapshot.build(locked, read_answers(locked))
        head = fresh(self.team.head)
        moved = change_status(locked, Status.SUBMITTED, by=head)
        Submission.objects.create(
            assessment=moved,
            number=locked.submissions.count() + 1,
            submitted_at=at,
            submitted_by=head,
            submitted_by_name=str(head),
            capacity=Membership.Role.HEAD,
            content=content_,
            digest=snapshot.digest_of(content_),
        )
        Assessment.objects.filter(pk=moved.pk).update(submitted_at=at)
        self.date_back(at)

    def send_back(self, at: datetime) -> None:
        note = "แนบคำอธิบายผลปีล่าสุดของตัวชี้วัด 7.1.2.1 และตรวจลิงก์ของข้อ 1.2.5"
        assigning.send_back(self.assessment, note, by=fresh(self.team.officer))
        self.date_back(at)

    def assign(self, at: datetime) -> None:
        assigning.assign(
            self.assessment,
            reviewers=[fresh(person) for person in self.team.reviewers],
            lead=fresh(self.team.lead),
            lead_marks=False,
            by=fresh(self.team.administrator),
        )
        assigning.open_review(self.assessment, by=fresh(self.team.administrator))
        self.date_back(at)

    def declare_conflict(self, at: datetime) -> None:
        """The second reviewer is tied to the agency and is to be replaced."""
        leaving = self.team.reviewers.pop()
        said = {"kind": "worked", "words": "เคยเป็นที่ปรึกษาโครงการระบบบริการของหน่วยงานนี้ (สมมติ)"}
        replacing.declare_conflict(self.assessment, **said, by=fresh(leaving))
        Declaration.objects.filter(assessment=self.assessment).update(declared_at=at)
        Departure.objects.filter(assessment=self.assessment).update(at=at)

    def mark(self, at: datetime, *, share: float = 1.0, hand_in: bool = True) -> None:
        """The marks of whoever has a part in it; they differ on a few. The lead has opened the case as well."""
        marking.open_case(self.assessment, by=fresh(self.team.lead))
        team = Assignment.objects.active().filter(assessment=self.assessment, marks=True)
        for place, reviewer in enumerate(User.objects.filter(pk__in=team.values("reviewer")).order_by("pk")):
            rows = team.filter(reviewer=reviewer)
            by_category = {row.category.code: row for row in rows.select_related("category")}
            judged = judged_answers(self.assessment)
            Verdict.objects.bulk_create(
                self._verdict(entry, by_category[entry.category.code], place, at)
                for entry in judged[: round(len(judged) * share)]
                if entry.category.code in by_category
            )
            rows.update(opened_at=at)
            if hand_in:
                marking.hand_in(self.assessment, by=reviewer)
                rows.update(handed_in_at=at)
        self.date_back(at)

    def _verdict(self, entry: Judged, assignment: Assignment, place: int, at: datetime) -> Verdict:
        luck = self.rng(f"{entry.code}/verdict")
        passed = luck.random() < PASS_RATE[entry.part.level]
        if luck.random() < DISPUTED and place:
            passed = not passed
        return Verdict(
            answer=entry.answer,
            assignment=assignment,
            outcome=Outcome.PASS if passed else Outcome.FAIL,
            comment="" if passed else self._comment(entry),
            **self._strength(entry, place),
            judged_version=entry.answer.version,
            updated_at=at,
            version=1,
        )

    def _strength(self, entry: Judged, place: int) -> dict[str, str]:
        pillar = STRENGTHS.get(entry.code)
        if not pillar or place:
            return {}
        return {"strength": content.pillar(pillar, self.theme), "pillar": str(pillar)}

    def keep_phrases(self) -> None:
        """Two phrases of the lead for the team, one of a reviewer's own."""
        first = fresh(self.team.reviewers[0])
        for text, for_team, person in (
            (content.PHRASES[0], True, fresh(self.team.lead)),
            (content.PHRASES[1], True, fresh(self.team.lead)),
            (content.PHRASES[2], False, first),
        ):
            phrases.keep_phrase(self.assessment, text, for_team=for_team, by=person)

    def ask_the_agency(self) -> None:
        """One question waits for the agency, another has been answered."""
        first = fresh(self.team.reviewers[0])
        process = [entry for entry in judged_answers(self.assessment) if not entry.is_indicator]
        asked = [
            tickets.ask(entry.answer, question=question, by=first)
            for entry, question in zip((process[1], process[4]), content.QUESTIONS, strict=True)
        ]
        tickets.add(asked[1], addition=content.ADDITION, evidence=(), by=fresh(self.team.coordinator))

    def abstain(self) -> None:
        """The only reviewer left abstains on the first part that is not marked: another one is to be found."""
        first = fresh(self.team.reviewers[0])
        gap = next(mark for mark in marking.marking_gaps(self.assessment, first) if not mark.outcome)
        marking.save_verdict(
            Answer.objects.select_related("assessment__agency", "part").get(pk=gap.answer_id),
            version=0,
            judged_version=gap.answer_version,
            outcome=Verdict.Outcome.ABSTAIN,
            comment="",
            internal_note="",
            ground=Verdict.Ground.KNOWLEDGE,
            reason="ส่วนนี้ถามเรื่องวิศวกรรมความปลอดภัยไซเบอร์ ซึ่งไม่ใช่สาขาของข้าพเจ้า (สมมติ)",
            by=first,
        )

    def _comment(self, entry: Judged) -> str:
        if entry.is_indicator:
            return content.indicator_comment()
        return content.comment(entry.part, self.theme, self.rng(f"{entry.code}/comment"), self.year)

    def decide(self, at: datetime) -> None:
        """The lead settles the disputed, writes the outstanding work and closes the consensus."""
        lead = fresh(self.team.lead)
        for entry in judged_answers(self.assessment):
            if entry.outcome:
                continue
            consensus.decide(
                entry.answer,
                version=0,
                outcome=Outcome.PASS,
                comment="",
                reason="พิจารณาหลักฐานร่วมกันแล้ว คำตอบแสดงผลตามที่เกณฑ์ถาม",
                by=lead,
            )
        self.assessment.refresh_from_db()
        for number in (1, 2, 3):
            section = self.assessment.feedback.get(code=f"pillar:{number}")
            feedback.save_section(
                self.assessment,
                section.code,
                version=section.version,
                text=content.pillar(number, self.theme),
                included=True,
                by=lead,
            )
        consensus.finish(self.assessment, by=lead)
        self.date_back(at)

    def propose_wording(self) -> None:
        """The officer proposes a clearer closing statement."""
        section = self.assessment.feedback.get(code="closing")
        text = f"{section.text} โดยเริ่มจากหัวข้อที่มีส่วนไม่ผ่านมากที่สุด"
        by = fresh(self.team.officer)
        vetting.propose(self.assessment, section.code, version=section.version, text=text, by=by)

    def vet(self) -> None:
        """The officer has read every text, and the lead stands for them."""
        seen = vetting.fingerprint(vetting.printed(self.assessment))
        vetting.confirm(self.assessment, seen=seen, by=fresh(self.team.officer))
        vetting.sign(self.assessment, seen=seen, by=fresh(self.team.lead))

    def tell(self, at: datetime) -> None:
        """The preliminary result, as `releasing.confirm` does for a whole cycle at once."""
        cycle = self.assessment.cycle
        change_status(lock(self.assessment), Status.PRELIM_RELEASED, by=fresh(self.team.administrator))
        Assessment.objects.filter(pk=self.assessment.pk).update(
            appeals_until=cycle.after_working_days(at, cycle.appeal_days)
        )
        self.date_back(at)

    def ask_again(self) -> None:
        """The agency asks for a second look at the first part that failed."""
        failed = next(entry for entry in judged_answers(self.assessment) if entry.outcome == Outcome.FAIL)
        appeals.file(failed.answer, reason=content.APPEAL, evidence=(), by=fresh(self.team.coordinator))

    def finalise(self) -> None:
        """The clock's own step, long after the window."""
        appeals.finalise_due()
        self.assessment = Assessment.objects.with_places().get(pk=self.assessment.pk)

    def publish(self, at: datetime, *, with_report: bool) -> None:
        """`with_report` orders the Feedback Report; of past cycles it is made when somebody asks for it."""
        locked = lock(self.assessment)
        by = fresh(self.team.administrator)
        moved = change_status(locked, Status.REPORT_ISSUED, by=by)
        payload = sheet.build(moved, at=at)
        publishing.freeze(moved, payload, revision=1, reason="", at=at, by=by, with_report=with_report)
        self.date_back(at)

    def date_back(self, at: datetime) -> None:
        """Whatever was dated after the day of the story gets that day."""
        today = timezone.now() - timedelta(minutes=10)
        case = self.assessment
        StatusChange.objects.filter(assessment=case, at__gte=today).update(at=at)
        PartNote.objects.filter(answer__assessment=case, written_at__gte=today).update(written_at=at)
        Assignment.objects.filter(assessment=case, assigned_at__gte=today).update(assigned_at=at)
        Consensus.objects.filter(answer__assessment=case, decided_at__gte=today).update(decided_at=at)
        FeedbackSection.objects.filter(assessment=case, updated_at__gte=today).update(updated_at=at)
        self.assessment = Assessment.objects.with_places().get(pk=case.pk)
