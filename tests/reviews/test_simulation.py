"""Three reviewers and a lead bring cases to consensus and through the appeals, by the pages they use.

The seed says what is marked, who steps aside or abstains, what is asked of the agency and whether it answers in time,
what the lead chooses and what is asked again. After every step the
invariants of `invariants` hold; who judges learns nothing of the others before handing in, and the agency learns
nothing of who judged.
"""

import random
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Assessment, Cycle, Status
from pmqa.accounts.models import LogEntry, User
from results.models import Release
from reviews.abstaining import lacking_codes
from reviews.decided import judged_answers, marking_rows
from reviews.models import Appeal, Assignment, Consensus, Ticket, Verdict, Weighing
from reviews.services import appeals, assigning, tickets
from tests import factories
from tests.reviews import cases, questions
from tests.reviews.invariants import broken, edition_in_use

pytestmark = pytest.mark.django_db

REASON = "หารือกับทีมแล้ว คำตอบแสดงผลของสองปี"
KEPT_INSIDE = "ญาติร่วมจัดทำแผนที่อ้างในข้อนี้"


class Simulation:
    """One cycle with its people; `marked` parts of each case are marked one by one through the page."""

    def __init__(self, *, seed: int, marked: int) -> None:
        self.random = random.Random(seed)
        self.marked = marked
        self.cycle: Cycle = factories.make_cycle(appeal_days=5, least_reviewers=2)
        self.in_use = edition_in_use(self.cycle)
        self.administrators = [factories.make_official("administrator") for _ in range(2)]
        self.officer = factories.make_official("officer")
        self.cases: list[Assessment] = []
        self.coordinators: dict[int, User] = {}
        self.replaced = self.refused = self.added = 0
        self.tickets: Counter[str] = Counter()
        self._clients: dict[int, Client] = {}

    # --- people and pages

    def client(self, person: User) -> Client:
        if person.pk not in self._clients:
            client = Client()
            client.force_login(person, backend="pmqa.accounts.backends.EmailBackend")
            self._clients[person.pk] = client
        return self._clients[person.pk]

    def get(self, person: User, route: str, *args):
        return self.client(person).get(reverse(route, args=args))

    def post(self, person: User, route: str, *args, data=None, expected=302):
        """One press of a button; afterwards everything must hold in the case."""
        response = self.client(person).post(reverse(route, args=args), data or {})
        assert response.status_code == expected, (route, args, response.status_code, response.content[:500])
        return response

    def holds(self, case: Assessment, *, deep: bool = False) -> None:
        assert broken(case, deep=deep) == []

    # --- the road of one case

    def hand_over(self) -> Assessment:
        agency = factories.make_agency()
        coordinator = factories.make_member(agency, "coordinator")
        case = factories.make_assessment(agency=agency, cycle=self.cycle, complete=True)
        factories.hand_over(case)
        self.cases.append(case)
        self.coordinators[case.pk] = coordinator
        self.holds(case, deep=True)
        return case

    def assign(self, case: Assessment, team: list[User], lead: User) -> None:
        assigning.assign(
            cases.reloaded(case), reviewers=team, lead=lead, lead_marks=False, by=self.administrators[0]
        )

    def review(self, case: Assessment) -> User:
        """Until the last reviewer has handed in; the lead."""
        team, lead = [self.judge() for _ in range(3)], self.judge()
        self.assign(case, team, lead)
        self.post(self.administrators[0], "reviews:open_review", case.pk)
        self.holds(case)
        for person in (*team, lead):
            self.post(person, "reviews:start", case.pk, data={"declared": "none"})
        codes = self.chosen_parts(case)
        waiting = list(team)
        seen = set()
        while waiting:
            person = waiting.pop(self.random.randrange(len(waiting)))
            # Whoever comes again judges by what the agency has added.
            comes_again = person in seen
            if not comes_again:
                seen.add(person)
                self.is_blind(case, person, lead)
                # Whoever stands in marks some categories only.
                own = [code for code in codes if code[0] in self.categories(case, person)]
                self.mark(case, person, own)
                self.ask(case, person, own)
            if not comes_again and self.random.random() < 0.3 and self.replaced < len(self.cases):
                # Found a tie in the middle of it: what was marked is kept and does not count.
                self.post(person, "reviews:step_aside", case.pk, data={"reason": "เพิ่งทราบว่ามีญาติทำงานที่นั่น"})
                self.replaced += 1
                # The case waits for the successor, even where everybody else is in.
                assert cases.status_of(case) == Status.IN_REVIEW
                team[team.index(person)] = successor = self.judge()
                chosen = {"successor": successor.pk}
                self.post(self.administrators[0], "reviews:replace", case.pk, person.pk, data=chosen)
                self.post(successor, "reviews:start", case.pk, data={"declared": "none"})
                waiting.append(successor)
            else:
                self.hand_in(case, person, codes)
            self.holds(case)
            waiting += self.agency_replies(case, team, waiting)
            if not waiting:
                waiting += self.reinforce(case, team, lead)
        assert cases.status_of(case) == Status.CONSENSUS
        self.holds(case, deep=True)
        return lead

    def judge(self) -> User:
        number = User.objects.count()
        return factories.make_user(first_name=f"ผู้พิจารณา{number}", last_name="ไม่เปิดเผย")

    def chosen_parts(self, case: Assessment) -> list[str]:
        parts = Answer.objects.present().filter(assessment=case, part__item__topic__category__kind="process")
        return self.random.sample(sorted(parts.values_list("part__code", flat=True)), self.marked)

    def mark(self, case: Assessment, person: User, codes: list[str]) -> None:
        """One part after the other through the page, all others at once as rows."""
        cases.mark_everything(case, by=person, besides=codes)
        for code in codes:
            outcome = self.random.choice(("pass", "pass", "fail", "unsure", "abstain"))
            self.save(case, person, code, outcome, comment=self.comment(person, code, outcome))
            self.holds(case)

    def ask(self, case: Assessment, person: User, codes: list[str]) -> None:
        """Now and then a question to the agency; what was asked already is refused as a full case is."""
        if self.random.random() < 0.5:
            return
        answer = factories.answer_of(case, self.random.choice(codes))
        known = Ticket.objects.filter(answer=answer).exists()
        data = {"question": f"ผลของปีล่าสุดของ {answer.part.code} อยู่ที่ใด"}
        expected = 422 if known else 302
        self.post(person, "reviews:ask_ticket", case.pk, answer.pk, data=data, expected=expected)
        self.tickets["asked" if not known else "refused"] += 1
        self.holds(case)

    def agency_replies(self, case: Assessment, team: list[User], waiting: list[User]) -> list[User]:
        """The agency adds something in time, too late, or never; whose hand-in has come back by that.

        While others mark it may take its time.
        """
        for ticket in Ticket.objects.open().filter(assessment=case):
            way = self.random.choice(("answered", "late", "silent", *["wait"] * (2 if waiting else 0)))
            if way == "wait":
                continue
            if way != "answered":
                questions.end_time(case)
            if way == "silent":
                tickets.expire_due()
            else:
                data = {"addition": f"ดูย่อหน้าที่สองของ {ticket.code}"}
                self.post(self.coordinators[case.pk], "reviews:clarify", case.pk, ticket.pk, data=data)
            self.tickets[way] += 1
            self.holds(case)
            if way != "answered":
                # The time of the others was over as well.
                tickets.expire_due()
                break
        if cases.status_of(case) != Status.IN_REVIEW:
            return []
        rows = Assignment.objects.active().filter(assessment=case, marks=True, handed_in_at=None)
        open_again = set(rows.values_list("reviewer", flat=True))
        return [person for person in team if person.pk in open_again and person not in waiting]

    def reinforce(self, case: Assessment, team: list[User], lead: User) -> list[User]:
        """Where too many abstained on a part, lead and administrator are told, and one more reviewer is found."""
        lacking = lacking_codes([case.pk]).get(case.pk, [])
        if not lacking:
            return []
        for reader, route, args in (
            (lead, "reviews:queue", ()),
            (self.administrators[0], "reviews:case", (case.pk,)),
        ):
            page = self.get(reader, route, *args).content.decode()
            assert f"ต้องหาผู้ตรวจแทนในข้อ {' '.join(lacking)}" in page
        assert cases.status_of(case) == Status.IN_REVIEW
        team.append(self.judge())
        self.post(self.administrators[0], "reviews:stand_in", case.pk, data={"successor": team[-1].pk})
        self.post(team[-1], "reviews:start", case.pk, data={"declared": "none"})
        self.added += 1
        self.holds(case)
        return [team[-1]]

    def comment(self, person: User, code: str, outcome: str) -> str:
        if outcome != "fail":
            return ""
        said = self.random.choice(("ควรแสดงผลลัพธ์", "ควรระบุแหล่งข้อมูล", "...."))
        return said if said == "...." else f"{said} {code} (ถ้อยคำที่ {person.pk})"

    def save(self, case, person, code, outcome, *, comment, reason=None) -> None:
        if outcome == "abstain" and reason is None:
            reason = self.random.choice((KEPT_INSIDE, "...."))
        answer = factories.answer_of(case, code)
        stored = Verdict.objects.filter(answer=answer, assignment__reviewer=person).first()
        data = {
            "version": stored.version if stored else 0,
            "judged_version": answer.version,
            "outcome": outcome,
            "comment": comment,
            "ground": self.random.choice(("conflict", "knowledge")),
            "reason": reason or "",
        }
        self.post(person, "reviews:mark", case.pk, answer.pk, data=data)

    def hand_in(self, case: Assessment, person: User, codes: list[str]) -> None:
        """Refused as long as one part is unsure, a fail or an abstention says nothing, or an addition is not weighed;
        then that is put right."""
        rows = Verdict.objects.filter(
            assignment__reviewer=person, answer__assessment=case, answer__part__code__in=codes
        )
        gaps = [
            row
            for row in rows.select_related("answer__part")
            if row.outcome == "unsure" or row.comment == "...." or row.reason == "...."
        ]
        handed_in = Assignment.objects.filter(assessment=case, reviewer=person, handed_in_at__isnull=False)
        done = set(handed_in.values_list("category", flat=True))
        unweighed = self.unweighed(case, person)
        if gaps or unweighed:
            self.client(person).post(reverse("reviews:hand_in", args=[case.pk]))
            assert set(handed_in.values_list("category", flat=True)) == done
            self.refused += 1
            for row in gaps:
                code = row.answer.part.code
                if row.outcome == "abstain":
                    self.save(case, person, code, "abstain", comment="", reason=KEPT_INSIDE)
                    continue
                self.save(case, person, code, "fail", comment=f"ควรแสดงผลลัพธ์ {code} (ถ้อยคำที่ {person.pk})")
            # A mark that has become a fail weighs the addition as well.
            for ticket in self.unweighed(case, person):
                data = {"counted": self.random.choice(("yes", "no"))}
                self.post(person, "reviews:weigh_ticket", case.pk, ticket.pk, data=data)
                self.holds(case)
        self.post(person, "reviews:hand_in", case.pk)
        assert all(row.handed_in_at for row in Assignment.objects.filter(assessment=case, reviewer=person))

    def unweighed(self, case: Assessment, person: User) -> list[Ticket]:
        rows = [
            ticket.pk
            for ticket in Ticket.objects.filter(assessment=case, state=Ticket.State.ANSWERED)
            if ticket.category_code in self.categories(case, person)
        ]
        abstained = Verdict.objects.filter(assignment__reviewer=person, outcome="abstain").values("answer")
        said = Weighing.objects.filter(assignment__reviewer=person).values("ticket")
        return list(Ticket.objects.filter(pk__in=rows).exclude(pk__in=said).exclude(answer__in=abstained))

    def categories(self, case: Assessment, person: User) -> set[str]:
        own = Assignment.objects.active().filter(assessment=case, reviewer=person, marks=True)
        return set(own.values_list("category__code", flat=True))

    def is_blind(self, case: Assessment, person: User, lead: User) -> None:
        """Before one's own hand-in no page says what others marked, and those of the consensus are closed."""
        for route in ("consensus", "weighing", "feedback"):
            for reader in (person, lead):
                assert self.get(reader, f"reviews:{route}", case.pk).status_code == 403
        page = self.get(person, "reviews:topic", case.pk, "1.2").content.decode()
        assert not re.findall(r"ถ้อยคำที่ \d+", page)

    def decide(self, case: Assessment, lead: User) -> None:
        """The lead decides what is disputed: the comments of one or several, or words of one's own; then closes."""
        disputed = [row for row in judged_answers(case) if not row.outcome]
        if disputed:
            self.post(lead, "reviews:finish", case.pk, expected=409)
            self.refused += 1
        for row in disputed:
            marks = Verdict.objects.filter(answer=row.answer, assignment__in=marking_rows(case))
            said = marks.exclude(comment="").exclude(outcome="abstain")
            chosen = self.random.sample(list(said), self.random.randint(1, len(said)))
            data = {
                "version": 0,
                "outcome": self.random.choice(("pass", "fail")),
                "comment": self.random.choice(("", "ควรแสดงผลของสองปีให้เห็น")),
                "reason": self.random.choice(("", REASON)),
                "sources": [verdict.pk for verdict in chosen],
            }
            place = (case.pk, row.answer.pk)
            if not data["reason"]:
                self.post(lead, "reviews:decide", *place, data=data, expected=422)
                self.refused += 1
                data["reason"] = REASON
            self.post(lead, "reviews:decide", *place, data=data)
            kept = Consensus.objects.get(answer=row.answer)
            assert sorted(kept.sources) == sorted(data["sources"])
            self.holds(case)
        self.post(lead, "reviews:finish", case.pk)
        self.holds(case, deep=True)

    # --- the cycle

    def tell(self) -> None:
        first, second = self.administrators
        self.post(first, "results:release", self.cycle.pk, data={"left_out": ""})
        release = Release.objects.get(cycle=self.cycle)
        self.post(first, "results:confirm_release", self.cycle.pk, release.pk)
        assert all(cases.status_of(case) == Status.CONSENSUS_DONE for case in self.cases), (
            "one person told them all"
        )
        self.post(second, "results:confirm_release", self.cycle.pk, release.pk)
        for case in self.cases:
            assert cases.status_of(case) == Status.PRELIM_RELEASED
            self.holds(case)

    def ask_again(self, case: Assessment, lead: User) -> None:
        coordinator = self.coordinators[case.pk]
        failed = [row.code for row in judged_answers(case) if row.outcome == "fail"]
        for code in self.random.sample(failed, min(len(failed), 2)):
            self.post(
                coordinator, "results:ask_again", case.pk, code, data={"reason": "คำตอบในย่อหน้าที่สองแสดงผลแล้ว"}
            )
            self.holds(case)
        for appeal in Appeal.objects.filter(assessment=case):
            if self.random.random() < 0.2:
                self.post(coordinator, "results:withdraw_appeal", case.pk, appeal.pk)
            else:
                said = {"decision": self.random.choice(("kept", "changed")), "reason": REASON, "comment": ""}
                data = {f"a{appeal.pk}-{name}": value for name, value in said.items()}
                self.post(lead, "reviews:decide_appeal", case.pk, appeal.pk, data=data)
            self.holds(case)

    def finalise(self) -> None:
        Assessment.objects.filter(cycle=self.cycle, status=Status.PRELIM_RELEASED).update(
            appeals_until=timezone.now() - timedelta(minutes=1)
        )
        assert appeals.finalise_due() == len(self.cases)
        for case in self.cases:
            self.holds(case)
            self.post(self.administrators[0], "results:publish", case.pk)
            assert cases.status_of(case) == Status.REPORT_ISSUED
            self.holds(case, deep=True)

    def agency_learns_nobody(self, case: Assessment) -> None:
        """No page of the result names or counts who judged; of their words only those that count are there."""
        coordinator = self.coordinators[case.pk]
        counted = [
            *Consensus.objects.filter(answer__assessment=case).values_list("comment", flat=True),
            # A mark that was changed stands beside the new one.
            *(appeal.before["comment"] for appeal in Appeal.objects.filter(assessment=case)),
        ]
        told = set(re.findall(r"ถ้อยคำที่ \d+", "\n".join(counted)))
        for route, args in (
            ("results:result", ()), ("results:topic", ("1.2",)), ("results:appeals", ()), ("results:result_json", ()),
            ("assessments:overview", ()),
        ):  # fmt: skip
            page = self.get(coordinator, route, case.pk, *args).content.decode()
            assert "ไม่เปิดเผย" not in page, route
            assert "ผู้ตรวจ 1" not in page, route
            assert KEPT_INSIDE not in page, route
            assert "งดลงผล" not in page, route
            assert set(re.findall(r"ถ้อยคำที่ \d+", page)) <= told, route
        names = LogEntry.objects.filter(agency=case.agency).values_list("actor_name", flat=True)
        assert not any("ไม่เปิดเผย" in name for name in names)
        for route in ("reviews:consensus", "reviews:weighing"):
            assert self.get(coordinator, route, case.pk).status_code == 404

    def run(self, count: int) -> None:
        leads = {}
        for _ in range(count):
            case = self.hand_over()
            leads[case.pk] = self.review(case)
            self.decide(case, leads[case.pk])
        missed = factories.make_assessment(cycle=self.cycle)
        self.tell()
        for case in self.cases:
            self.ask_again(case, leads[case.pk])
        self.finalise()
        for case in self.cases:
            self.agency_learns_nobody(case)
        self.holds(missed, deep=True)
        assert edition_in_use(self.cycle) == self.in_use


def test_two_cases_from_the_first_mark_to_the_report():
    simulation = Simulation(seed=2569, marked=4)
    simulation.run(2)
    assert simulation.replaced
    assert simulation.refused


@pytest.mark.slow
def test_twenty_cases_from_the_first_mark_to_the_report():
    simulation = Simulation(seed=2570, marked=8)
    simulation.run(20)
    assert simulation.replaced > 3
    assert simulation.refused > 20
    assert simulation.added > 3
    ways = {way: simulation.tickets[way] for way in ("asked", "refused", "answered", "late", "silent")}
    assert min(ways.values()) > 1, ways
    assert Weighing.objects.filter(counted=True).exists()
    assert Consensus.objects.exclude(sources=[]).count() > 20
    assert Appeal.objects.filter(decision="changed").exists()
