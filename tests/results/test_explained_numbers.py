"""Every score that a page prints is a link to the tree that made it, or is in the list of those that have none."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Status
from results import publishing
from results.models import ResultSheet
from reviews.appeal_models import Appeal
from reviews.models import Consensus
from tests import factories as base
from tests.results import factories

pytestmark = pytest.mark.django_db

CORRECTED = "4.2.2.1"
REASON = "ลงผลผิดข้อ"

# Not a time of the day, 09.30 น.
SCORE = re.compile(r"(?<![\d.,])\d{1,3}\.\d\d(?![\d.]|\s*น\.)")
TREE = re.compile(r"/explain/[\w-]+/[\w.]+/$")
VOID = frozenset(
    ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "circle")
)

# Why a figure with two decimals is no link to a tree, by what stands around it: a tag, a class, an id, what the section
# is labelled by (by:) or what the column is called (data-l).
NO_TREE = {
    "svg": "a chart; each of its numbers stands in a table or in the figures beside it, and there it is a link",
    "indicators": "targets and results of an indicator are what the agency wrote, not what was scored",
    "form4-read": "the same",
    "form4": "the same",
}
# The same on one kind of page alone.
NO_TREE_ON = {
    ("explain", "big"): "the number itself",
    ("explain", "sum-text"): "how it is made; each of its terms is a row below",
    ("explain", "ledger"): "what a row gives to it",
    ("explain", "tree"): "the same",
    ("correct", "by:difference"): "what is not published yet; its tree opens once it is",
    ("last_year", "meta"): "targets and results of an indicator",
    ("minister", "ul"): "a sentence of the printed page; the score of this year opens above it",
    ("minister", "b"): "how far the next level is",
    ("standing", "by:targets"): "targets, and what they make of the score beside them, with its curve",
    ("standing", "by:peers"): "figures of a group: many agencies, not one tree",
    ("next_best", "by:targets"): "as on the page of the agency",
    ("next_best", "gains"): "what would be added, and the total after it: nothing that anybody has scored",
    ("what_if", "outcome"): "what the imagined marks would come to: nothing that anybody has scored",
    ("result", "gauge"): "the sentence under the gauge; the score opens above it",
    ("groups", "by:groups"): "figures of a group: many agencies, not one tree",
    ("groups", "by:anchors"): "the same",
    ("groups", "50"): "a target",
    ("groups", "75"): "a target",
    ("groups", "100"): "a target",
    ("groups", "การบรรลุ"): "what the targets make of the score beside it",
}


class Numbers(HTMLParser):
    """What <main> of a page prints: every link to a tree, and the scores in no such link with the names around them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.around: list[tuple[str, set[str], str]] = []
        self.loose: list[tuple[str, set[str]]] = []
        self.trees: list[tuple[str, str]] = []
        self.feed(text[text.index("<main") : text.index("</main>")])

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        known = {name: value or "" for name, value in attrs}
        names = {tag, known.get("id", ""), known.get("data-l", ""), *known.get("class", "").split()}
        names.add(f"by:{known.get('aria-labelledby')}")
        self.around.append((tag, names, known.get("href", "")))

    def handle_startendtag(self, tag, attrs):
        """Of a chart: it holds no text."""

    def handle_endtag(self, tag):
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tree = next((href for _tag, _names, href in self.around if TREE.search(href)), None)
        if tree:
            self.trees.append((tree, data.strip()))
            return
        names = {name for _tag, names, _href in self.around for name in names}
        self.loose += [(number, names) for number in SCORE.findall(data)]


def unexplained(page: str, response) -> list[str]:
    """The scores of a page that lead to no tree and stand in no list of exceptions."""
    assert response.status_code == 200, page
    found = Numbers(response.content.decode())
    assert found.trees, f"{page} leads to no tree at all"
    known = set(NO_TREE) | {name for of_page, name in NO_TREE_ON if of_page == page}
    return [number for number, around in found.loose if not around & known]


def at(name: str, *args) -> str:
    return reverse(name if ":" in name else f"results:{name}", args=args)


@pytest.fixture
def agency():
    return base.make_agency()


@pytest.fixture
def head(agency):
    return base.make_member(agency, "head")


@pytest.fixture
def frozen(agency, administrator):
    """The second edition of a result; the year before is there, too."""
    sheet = factories.make_published(agency=agency, cycle=factories.make_cycle_of(2569), by=administrator)
    payload = sheet.payload
    cycle = factories.make_cycle_of(2568)
    before = factories.move(base.make_assessment(agency=agency, cycle=cycle), Status.REPORT_ISSUED)
    ResultSheet.objects.create(
        assessment=before,
        revision=1,
        policy_name=sheet.policy_name,
        policy_version=sheet.policy_version,
        claimed_total=sheet.claimed_total,
        verified_total=sheet.verified_total,
        payload=payload | {"cycle": {"year": 2568, "name": cycle.name}},
        created_at=sheet.created_at - timedelta(days=300),
    )
    Consensus.objects.filter(answer__part__code=CORRECTED).update(outcome="pass", comment="")
    return publishing.correct(sheet.assessment, kind="clerical", reason=REASON, by=administrator)


@pytest.fixture
def draft(frozen):
    """What the agency writes the year after."""
    cycle = factories.make_cycle_of(2570)
    return base.make_assessment(agency=frozen.assessment.agency, cycle=cycle, complete=True)


def test_no_page_prints_a_score_without_its_tree(frozen, draft, head, administrator, as_user):
    pk, agency, cycle = frozen.assessment_id, frozen.assessment.agency_id, frozen.assessment.cycle_id
    of_agency = [
        ("index", at("index")),
        ("result", at("result", pk)),
        ("topic", at("topic", pk, "4.2")),
        ("topic", at("topic", pk, "7.1")),
        ("explain", at("explain", pk, "verified", "total")),
        ("explain", at("explain_edition", pk, 1, "verified", "4.2")),
        ("revisions", at("revisions", pk)),
        ("minister", at("minister", pk)),
        ("standing", at("standing", agency)),
        ("next_best", at("next_best", pk)),
        ("what_if", at("what_if", pk)),
        ("last_year", at("last_year", draft.pk, "7.1")),
        ("next_best", at("next_best", draft.pk)),
        ("overview", at("assessments:overview", draft.pk)),
        ("written", at("assessments:topic", draft.pk, "1.1")),
        ("written", at("assessments:topic", draft.pk, "7.1")),
        ("check", at("assessments:check", draft.pk)),
    ]
    of_opdc = [("correct", at("correct", pk)), ("groups", at("groups", cycle))]
    found = {}
    for user, pages in ((head, of_agency), (administrator, of_opdc)):
        client = as_user(user)
        found |= {url: unexplained(page, client.get(url)) for page, url in pages}
    assert {url: numbers for url, numbers in found.items() if numbers} == {}


def test_a_preliminary_result_and_what_appeals_made_of_it_open_their_trees(
    agency, head, administrator, as_user
):
    case = factories.make_decided(agency=agency, cycle=base.make_cycle(appeal_days=10))
    assert unexplained("result", as_user(administrator).get(at("result", case.pk))) == []
    Assessment.objects.filter(pk=case.pk).update(appeals_until=timezone.now() + timedelta(days=10))
    case = factories.move(case, Status.PRELIM_RELEASED)
    answer = base.answer_of(case, CORRECTED)
    told = Consensus.objects.get(answer=answer)
    Appeal.objects.create(
        assessment=case,
        answer=answer,
        reason="คำตอบแสดงผลไว้แล้ว",
        filed_by=head,
        filed_at=timezone.now(),
        before={"outcome": told.outcome, "comment": told.comment},
        decision=Appeal.Decision.CHANGED,
        decision_reason="แสดงผลแล้ว",
        decided_by=administrator,
        decided_at=timezone.now(),
    )
    Consensus.objects.filter(pk=told.pk).update(outcome="pass", comment="")
    client = as_user(head)
    response = client.get(at("appeals", case.pk))
    assert unexplained("appeals", response) == []
    trees = dict(Numbers(response.content.decode()).trees)
    for basis, number in (("before-appeals", "479.02"), ("verified", "481.99")):
        url = at("explain", case.pk, basis, "total")
        assert trees[url] == number
        assert f'<span class="big">{number}</span>' in client.get(url).content.decode()
    tree = client.get(at("explain", case.pk, "before-appeals", "4.2")).content.decode()
    assert told.comment in tree, "the mark as it was told, with its comment"
    assert "คะแนนเมื่อแจ้งผลเบื้องต้น" in tree
    assert at("topic", case.pk, "4.2") not in tree, "the page of the topic shows the mark of now"
    factories.move(case, Status.FINALISED)
    assert unexplained("publish", as_user(administrator).get(at("publish", case.pk))) == []


def test_an_earlier_edition_says_that_it_is_one_and_what_replaced_it(frozen, head, as_user):
    client, pk = as_user(head), frozen.assessment_id
    page = client.get(at("explain_edition", pk, 1, "verified", "total"))
    text = page.content.decode()
    assert page.context["step"].value == "479.02"
    assert "ฉบับเดิม ครั้งที่ 1" in text
    assert "ถูกแทนด้วยครั้งที่ 2" in text
    assert REASON in text
    numbers = dict(Numbers(text).trees)
    assert numbers[at("explain", pk, "verified", "total")] == "481.99", "the same number as it is now"
    # Every other number of the page leads on inside the same edition.
    assert {url for url in numbers if "/editions/" not in url} == {at("explain", pk, "verified", "total")}
    topic = client.get(at("explain_edition", pk, 1, "verified", "4.2")).content.decode()
    assert factories.COMMENT in topic
    assert factories.COMMENT not in client.get(at("explain", pk, "verified", "4.2")).content.decode()
    assert at("topic", pk, "4.2") not in topic, "the page of the topic shows the marks that count now"


def test_the_current_edition_opens_at_its_number_too_and_no_other(frozen, head, as_user):
    client, pk = as_user(head), frozen.assessment_id
    page = client.get(at("explain_edition", pk, 2, "verified", "total"))
    assert page.context["step"].value == "481.99"
    assert "ฉบับเดิม" not in page.content.decode()
    for revision, basis, code in ((3, "verified", "total"), (1, "draft", "total"), (1, "verified", "9.9")):
        assert client.get(at("explain_edition", pk, revision, basis, code)).status_code == 404


def test_who_may_not_read_the_result_finds_no_edition_of_it(frozen, as_user):
    stranger = base.make_member(base.make_agency(), "head")
    url = at("explain_edition", frozen.assessment_id, 1, "verified", "total")
    assert as_user(stranger).get(url).status_code == 404
    assert as_user(base.make_official("executive")).get(url).status_code == 200
