"""Two writers on the same part, the same indicator and the same table, a thousand times over HTTP in any order."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JSON = {"HTTP_ACCEPT": "application/json"}
EDITS = 1_000
PART, TABLE, GROUP = "1.1.2.1", "OP2.customers", "7.1.1"


@dataclass(frozen=True)
class Place:
    """Where people write: `text` is what stands in the answer, `form` what is posted to say it anew."""

    answer: int
    url: str
    text: Callable[[Answer], str]
    form: Callable[[str], dict[str, str]]

    def read(self) -> tuple[int, str]:
        """(version, text) as a page shows them."""
        answer = Answer.objects.select_related("indicator").get(pk=self.answer)
        return answer.version, self.text(answer)


def places(assessment: Assessment) -> list[Place]:
    part, table = (factories.answer_of(assessment, code) for code in (PART, TABLE))
    indicator = factories.answer_of(assessment, GROUP)
    parts = {code: reverse("assessments:save_part", args=[assessment.pk, code]) for code in (PART, TABLE)}
    return [
        Place(
            part.pk,
            parts[PART],
            lambda answer: answer.values.get("detail", ""),
            lambda text: {"claim": "done", "detail": text},
        ),
        Place(
            table.pk,
            parts[TABLE],
            lambda answer: answer.values["customers"][0][1],
            lambda text: {"customers.0.0": "เกษตรกร", "customers.0.1": text},
        ),
        Place(
            indicator.pk,
            reverse("assessments:save_indicator", args=[assessment.pk, indicator.pk]),
            lambda answer: answer.indicator.name,
            lambda text: {
                "name": text, "unit": "ร้อยละ", "direction": "higher_is_better", "target": "85",
                "result_1": "80.55", "result_2": "84.32", "result_3": "89.69",
            },
        ),
    ]  # fmt: skip


@dataclass
class Writer:
    """A person with a page open: what it shows, and what is typed and not stored yet."""

    client: Client
    name: str
    seen: dict[int, tuple[int, str]] = field(default_factory=dict)
    typed: dict[int, list[str]] = field(default_factory=dict)

    def open(self, place: Place) -> None:
        """A page that is opened anew keeps what was typed: the draft in the browser does."""
        self.seen[place.answer] = place.read()

    def save(self, place: Place) -> int:
        version, text = self.seen[place.answer]
        words = self.typed.get(place.answer, [])
        form = place.form(" ".join([text, *words])) | {"version": str(version)}
        response = self.client.post(place.url, form, **JSON)
        if response.status_code == 200:
            self.seen[place.answer] = response.json()["version"], " ".join([text, *words])
            self.typed[place.answer] = []
        else:
            # Both texts are there: the person takes the other's and adds their own words to it.
            assert response.status_code == 409, response.content.decode()[:500]
            assert response.json()["version"] == place.read()[0]
            for word in words:
                assert word in response.json()["html"]
            self.open(place)
        return response.status_code


@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_edits_lose_not_one_character(seed, as_user, agency, cycle):
    chance = random.Random(seed)
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    where = places(assessment)
    before = {place.answer: place.read()[1] for place in where}
    writers = [Writer(as_user(factories.make_member(agency, "coordinator")), name) for name in "กข"]
    for writer in writers:
        for place in where:
            writer.open(place)
    written: dict[int, list[str]] = {place.answer: [] for place in where}
    replies = []
    for number in range(EDITS):
        writer, place = chance.choice(writers), chance.choice(where)
        word = f"{writer.name}{number:03d}"
        writer.typed.setdefault(place.answer, []).append(word)
        written[place.answer].append(word)
        replies.append(writer.save(place))
        if chance.random() < 0.2:
            writer.open(chance.choice(where))
    for writer in writers:
        for place in where:
            while writer.typed.get(place.answer):
                replies.append(writer.save(place))
    for place in where:
        found = place.read()[1]
        assert found.startswith(before[place.answer])
        assert sorted(found.removeprefix(before[place.answer]).split()) == sorted(written[place.answer])
    assert replies.count(409) > EDITS / 10, "the writers did meet"
