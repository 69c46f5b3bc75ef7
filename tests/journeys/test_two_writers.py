"""Two people write the same part, the same row and the same indicator in two browsers, and nothing of it is lost."""

import random
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.journeys.test_filling import SAVED

pytestmark = pytest.mark.journey
EDITS = 30
WORD = re.compile(r"[กข]\d\d")
# How a meeting ends: both texts in one, mostly; or one's own, and the other's stays in the history.
MERGE, MINE = "แก้รวมกันในช่องแล้วบันทึก", "ใช้ฉบับของท่าน"
MAKE = """
agency = factories.make_agency()
assessment = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=3100 + agency.pk))
from criteria.catalogue import part_ids
indicator = factories.add_indicator(assessment, part_ids(assessment.cycle.edition)["7.1.1"], "7.1.1", 1)
writers = [factories.make_member(agency, "coordinator").email for _one in range(2)]
answer({"pk": assessment.pk, "indicator": indicator.pk, "writers": writers})
"""
TEXTS = """
from assessments.models import Answer, AnswerRevision
rows = Answer.objects.filter(assessment={pk}).select_related("indicator")
now = [str(row.values) + getattr(getattr(row, "indicator", None), "name", "") for row in rows]
history = [str(row.content) for row in AnswerRevision.objects.filter(answer__assessment={pk})]
answer({{"now": " ".join(now), "history": " ".join(history)}})
"""


@dataclass
class Desk:
    """One place in one writer's browser."""

    page: Page
    form: Locator
    blank: Locator
    writer: str
    written: list[str] = field(default_factory=list)

    def write(self, words: list[str]) -> Response:
        """Have these words in the blank, and save them by the key."""
        self.blank.fill(" ".join(words))
        with self._saving() as reply:
            self.page.keyboard.press("Control+s")
        return reply.value

    def _saving(self):
        return self.page.expect_response(
            lambda reply: reply.request.method == "POST" and "/presence/" not in reply.url
        )

    def words(self) -> list[str]:
        return WORD.findall(self.blank.input_value())

    def add(self, word: str, ending: str) -> bool:
        """Write one word more; whether somebody else had written in between."""
        self.written.append(word)
        reply = self.write([*self.words(), word])
        if reply.status == 200:
            expect(self.form.locator("[data-save-text]")).to_contain_text(SAVED)
            return False
        assert reply.status == 409, reply.text()[:300]
        panel = self.form.locator("[data-conflict]")
        mine, theirs = (panel.locator(".versus > div").nth(side) for side in (0, 1))
        expect(mine).to_contain_text(word)
        found = WORD.findall(theirs.inner_text())
        if ending == MERGE:
            panel.get_by_role("button", name=MERGE).click()
            both = list(dict.fromkeys([*found, *self.words()]))
            assert self.write(both).status == 200
        else:
            with self._saving() as reply:
                panel.get_by_role("button", name=MINE).click()
            assert reply.value.status == 200
        expect(panel).to_have_count(0)
        expect(self.form.locator("[data-save-text]")).to_contain_text(SAVED)
        return True


def desks(visit, made: dict, writer: str, email: str) -> list[Desk]:
    """The part, the row of a table and the indicator, each in a tab of its own."""
    first = visit(email, f"/assessments/{made['pk']}/1.1/")
    found = []
    for page, topic, place, blank in (
        (first, "1.1", "p1.1.2.1", '[name="detail"]'),
        (first.context.new_page(), "OP2", "pOP2.customers", '[name="customers.0.1"]'),
        (first.context.new_page(), "7.1", f"i{made['indicator']}", '[name="name"]'),
    ):
        page.goto(f"/assessments/{made['pk']}/{topic}/")
        form = page.locator(f'form[id="{place}"]')
        found.append(Desk(page, form, form.locator(blank), writer))
    return found


# Fixed, for the two workers of a run must find the same test.
@pytest.mark.parametrize("seed", [2569])
def test_thirty_edits_in_any_order_lose_not_one_word(server, visit, seed):
    chance = random.Random(seed)
    made = server.python(MAKE)
    tables = [desks(visit, made, name, email) for name, email in zip("กข", made["writers"], strict=True)]
    meetings = 0
    for number in range(EDITS):
        desk = chance.choice(chance.choice(tables))
        meetings += desk.add(f"{desk.writer}{number:02d}", chance.choice([MERGE, MERGE, MINE]))
    texts = server.python(TEXTS.format(pk=made["pk"]))
    written = {word for table in tables for desk in table for word in desk.written}
    assert len(written) == EDITS
    assert {word for word in written if word not in texts["now"] + texts["history"]} == set()
    assert meetings >= 3, "the writers did meet"
