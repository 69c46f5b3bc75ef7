"""What everybody may read of a cycle: nothing until an administrator says so twice, and then only the public part."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from pmqa.jobs.services import run
from results.exporting import open_data
from results.exporting.dictionary import CATEGORIES, PUBLIC_AGENCIES, PUBLIC_SUMMARY
from results.exporting.models import OpenData
from tests import factories
from tests.results import payloads
from tests.results.exporting import builders

pytestmark = pytest.mark.django_db


def issue(cycle, ministry, number: int, *, total: str = "400.00") -> list:
    """So many results of one ministry, their categories a point apart."""
    found = []
    for _agency in range(number):
        payload = payloads.payload()
        payload["scores"]["verified"]["total"] = total
        for place, category in enumerate(payload["scores"]["verified"]["categories"]):
            category["score"] = f"{Decimal(total) + place:.2f}"
        found.append(builders.issue(cycle, agency=factories.make_agency(ministry=ministry), payload=payload))
    return found


@pytest.fixture
def large(cycle):
    ministry = factories.make_ministry(name="กระทรวงใหญ่")
    return issue(cycle, ministry, 5)


def opened(cycle, by, *, with_agencies: bool = False) -> OpenData:
    row = open_data.open_up(cycle, with_agencies=with_agencies, seen=open_data.state_digest(cycle), by=by)
    run(row.job_id)
    return OpenData.objects.get(pk=row.pk)


def read(cycle) -> dict:
    return json.loads(Client().get(reverse("results:open_json", args=[cycle.pk])).content)


def rows_of(cycle, table: str) -> list[dict[str, str]]:
    reply = Client().get(reverse("results:open_csv", args=[cycle.pk, table]))
    return list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))


def public(cycle) -> list[str]:
    return [
        reverse("results:open_data"),
        reverse("results:open_json", args=[cycle.pk]),
        *(
            reverse("results:open_csv", args=[cycle.pk, name])
            for name in ("summary", "agencies", "dictionary")
        ),
    ]


# --- off, on, off ---------------------------------------------------------------------------------


def test_nothing_is_there_until_it_is_opened_and_made_and_after_it_is_closed(cycle, large, administrator):
    assert {Client().get(url).status_code for url in public(cycle)} == {404}
    row = open_data.open_up(cycle, with_agencies=True, seen=open_data.state_digest(cycle), by=administrator)
    assert {Client().get(url).status_code for url in public(cycle)} == {404}
    run(row.job_id)
    assert {Client().get(url).status_code for url in public(cycle)} == {200}
    open_data.close(cycle, by=administrator)
    open_data.close(cycle, by=administrator)
    assert {Client().get(url).status_code for url in public(cycle)} == {404}
    actions = LogEntry.objects.filter(action__startswith="open_data").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["open_data.opened", "open_data.closed"]
    assert actions[0].data["with_agencies"] is True


def test_the_first_press_says_what_it_means_and_the_second_opens(cycle, large, administrator, as_user):
    client, url = as_user(administrator), reverse("results:opening", args=[cycle.pk])
    asked = client.post(url, {"with_agencies": "on"})
    assert "ทุกคนอ่านและเก็บไว้ได้" in asked.content.decode()
    assert not OpenData.objects.exists()
    answer = {"with_agencies": "on", "confirmed": "on", "seen": asked.context["seen"]}
    assert client.post(url, answer).status_code == 302
    assert OpenData.objects.get().with_agencies


def test_results_published_after_one_has_looked_are_looked_at_first(cycle, large, administrator, as_user):
    url, seen = reverse("results:opening", args=[cycle.pk]), open_data.state_digest(cycle)
    builders.issue(cycle)
    reply = as_user(administrator).post(url, {"confirmed": "on", "seen": seen})
    assert (reply.status_code, OpenData.objects.exists()) == (409, False)
    # The question is asked again, of what there is now.
    assert reply.context["is_asked"]
    assert reply.context["seen"] != seen


def test_a_double_click_opens_once(cycle, large, administrator):
    seen = open_data.state_digest(cycle)
    open_data.open_up(cycle, with_agencies=False, seen=seen, by=administrator)
    with pytest.raises(Refused) as refusal:
        open_data.open_up(cycle, with_agencies=False, seen=seen, by=administrator)
    assert refusal.value.code == "changed"
    assert LogEntry.objects.filter(action="open_data.opened").count() == 1


def test_only_an_administrator_opens_and_only_what_is_published(cycle, administrator):
    with pytest.raises(Refused) as refusal:
        opened(cycle, administrator)
    assert refusal.value.code == "none"
    builders.issue(cycle)
    for role in ("auditor", "officer", "executive"):
        with pytest.raises(PermissionDenied):
            opened(cycle, factories.make_official(role))


# --- what is in it --------------------------------------------------------------------------------


def test_the_means_are_those_of_the_frozen_sheets(cycle, large, administrator):
    issue(cycle, factories.make_ministry(name="กระทรวงที่สอง"), 6, total="300.33")
    opened(cycle, administrator)
    all_, first, second = sorted(
        read(cycle)["tables"]["summary"], key=lambda row: (row["group"], row["name"])
    )
    assert (first["agencies"], second["agencies"], all_["agencies"]) == (6, 5, 11)
    assert (first["verified_total"], second["verified_total"]) == ("300.33", "400.00")
    # (6 x 300.33 + 5 x 400) / 11 = 345.6345...
    assert all_["verified_total"] == "345.63"
    assert [second[f"category_{code}"] for code in CATEGORIES] == [f"{400 + place}.00" for place in range(7)]
    assert rows_of(cycle, "summary")[0]["verified_total"] == "345.63"


def test_small_groups_are_hidden_with_another_one(cycle, large, administrator):
    issue(cycle, factories.make_ministry(name="กระทรวงกลาง"), 6)
    issue(cycle, factories.make_ministry(name="กระทรวงเล็ก"), 2)
    opened(cycle, administrator)
    told = {row["name"]: row for row in rows_of(cycle, "summary")}
    # The next smallest goes along, or the small one would be what is left.
    assert {name for name, row in told.items() if row["is_suppressed"] == "true"} == {
        "กระทรวงเล็ก",
        "กระทรวงใหญ่",
    }
    assert set(told["กระทรวงเล็ก"].values()) == {"2570", "ministry", "กระทรวงเล็ก", "true", ""}
    assert (told[""]["agencies"], told["กระทรวงกลาง"]["agencies"]) == ("13", "6")


def test_a_cycle_of_fewer_than_five_tells_nothing_but_that(cycle, administrator):
    issue(cycle, factories.make_ministry(), 4)
    opened(cycle, administrator)
    document = read(cycle)
    assert {row["verified_total"] for row in document["tables"]["summary"]} == {None}
    assert {row["agencies"] for row in document["tables"]["summary"]} == {None}
    assert document["dataset"]["results"] is None


@pytest.mark.parametrize("with_agencies", [False, True])
def test_agencies_are_in_it_only_where_they_are_opened(cycle, large, administrator, with_agencies):
    opened(cycle, administrator, with_agencies=with_agencies)
    document = read(cycle)
    assert set(document["tables"]) == ({"summary", "agencies"} if with_agencies else {"summary"})
    names = [sheet.payload["agency"]["name"] for sheet in large]
    text = json.dumps(document, ensure_ascii=False)
    assert {name in text for name in names} == {with_agencies}
    status = Client().get(reverse("results:open_csv", args=[cycle.pk, "agencies"])).status_code
    assert status == (200 if with_agencies else 404)


def test_never_more_than_the_public_part(cycle, large, administrator):
    opened(cycle, administrator, with_agencies=True)
    document = read(cycle)
    for table in (PUBLIC_SUMMARY, PUBLIC_AGENCIES):
        assert {tuple(row) for row in document["tables"][table.name]} == {table.names}
    words = {(row["table"], row["column"]) for row in document["dictionary"]}
    assert words == {
        (table.name, name) for table in (PUBLIC_SUMMARY, PUBLIC_AGENCIES) for name in table.names
    }
    text = "".join(Client().get(url).content.decode() for url in public(cycle))
    payload = large[0].payload
    said = [part["comment"] for part in payloads.parts_of(payload) if part["comment"]]
    said += [entry["text"] for entry in payload["feedback"]["ofi"]]
    said += [payload["scores"]["claimed"]["total"], *(entry["name"] for entry in payload["indicators"])]
    assert [entry for entry in said if entry in text] == []


def test_what_is_open_stays_until_it_is_opened_again(cycle, large, administrator):
    opened(cycle, administrator, with_agencies=True)
    before = [Client().get(url).content for url in public(cycle)[1:]]
    issue(cycle, factories.make_ministry(), 5)
    large[0].assessment.agency.__class__.objects.update(name="เปลี่ยนแล้ว")
    assert [Client().get(url).content for url in public(cycle)[1:]] == before
    opened(cycle, administrator, with_agencies=True)
    assert len(rows_of(cycle, "agencies")) == 10


def test_the_document_says_what_it_is_and_can_be_checked(cycle, large, administrator, settings):
    settings.OPEN_DATA_LICENCE = "เงื่อนไขสมมติ"
    row = opened(cycle, administrator)
    document = read(cycle)
    assert document["digest"] == row.digest
    assert document["dataset"]["licence"] == "เงื่อนไขสมมติ"
    assert document["dataset"]["as_of"] == timezone.localtime(row.opened_at).isoformat(timespec="seconds")
    assert "เงื่อนไขสมมติ" in Client().get(reverse("results:open_data")).content.decode()


def test_caches_may_keep_it_and_ask_whether_it_has_changed(cycle, large, administrator):
    opened(cycle, administrator)
    url = reverse("results:open_json", args=[cycle.pk])
    first = Client().get(url)
    assert "public" in first["Cache-Control"]
    assert "max-age=300" in first["Cache-Control"]
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    issue(cycle, factories.make_ministry(), 1)
    opened(cycle, administrator)
    assert Client().get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_too_many_readings_from_one_place_are_answered_with_429(cycle, large, administrator, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"open_data": "2/m/ip"}
    opened(cycle, administrator)
    url = reverse("results:open_json", args=[cycle.pk])
    assert [Client().get(url).status_code for _reading in range(3)] == [200, 200, 429]


def test_a_name_is_never_a_formula(cycle, administrator):
    for number in range(5):
        builders.issue(cycle, agency=factories.make_agency(name=f"=1+{number}"))
    opened(cycle, administrator, with_agencies=True)
    assert rows_of(cycle, "agencies")[0]["agency_name"] == "'=1+0"
