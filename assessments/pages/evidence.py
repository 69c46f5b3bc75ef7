"""What the pages of the evidence register show, worked out before the templates, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Citation, Evidence, EvidenceVersion
from assessments.pages.state import State
from assessments.reading import tree_of
from criteria.structure import RESULTS
from criteria.templatetags.criteria_text import briefly, named
from pmqa.accounts.models import User

PER_PAGE = 50
UNCITED = "none"


def visible_versions(user: User, assessment: Assessment) -> QuerySet[EvidenceVersion]:
    """What this reader of the assessment may see: the whole register, or what was handed in of it."""
    rows = EvidenceVersion.objects.filter(evidence__assessment=assessment)
    return rows if user.has_perm("assessments.read_drafts", assessment) else rows.handed_in()


@dataclass(frozen=True)
class Use:
    """An answer that cites an entry: the code people see, and where it is."""

    code: str
    url: str


@dataclass(frozen=True)
class Entry:
    """A version as a line of a list. `uses` are the answers that cite its entry."""

    version: EvidenceVersion
    uses: tuple[Use, ...] = ()

    @property
    def evidence(self) -> Evidence:
        return self.version.evidence


def uses_of(state: State, versions: Iterable[EvidenceVersion]) -> dict[int, tuple[Use, ...]]:
    """Entry -> the present answers that cite it, in the order of the form. One query."""
    codes = state.answers.codes
    order = {pk: place for place, pk in enumerate(codes)}
    entries = [version.evidence_id for version in versions]
    cited: dict[int, list[int]] = {entry: [] for entry in entries}
    rows = Citation.objects.filter(evidence__in=entries, answer__in=list(codes))
    for entry, answer in rows.values_list("evidence", "answer"):
        cited[entry].append(answer)
    parts = {answer.pk: answer.part.code for answer in state.answers.every}
    return {
        entry: tuple(
            Use(codes[pk], answer_url(state.assessment, parts[pk], pk))
            for pk in sorted(answers, key=order.__getitem__)
        )
        for entry, answers in cited.items()
    }


def answer_url(assessment: Assessment, part: str, answer: int) -> str:
    """Where an answer is written: its part, or among the indicators its own row."""
    category, topic, _item = tree_of(assessment).place_of_part[part]
    anchor = f"i{answer}" if category.kind == RESULTS else f"p{part}"
    return f"{reverse('assessments:topic', args=[assessment.pk, topic.code])}#{anchor}"


def entries_of(state: State, versions: Iterable[EvidenceVersion]) -> list[Entry]:
    found = list(versions)
    uses = uses_of(state, found)
    return [Entry(version, uses[version.evidence_id]) for version in found]


# --- the register -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What is looked for. `state` is "" for entries in use, "withdrawn" or "all"; `part` is a topic or UNCITED."""

    q: str = ""
    kind: str = ""
    part: str = ""
    state: str = ""

    @classmethod
    def from_query(cls, query) -> "Filters":
        return cls(
            q=query.get("q", "").strip()[:100],
            **{name: query.get(name, "") for name in ("kind", "part", "state")},
        )

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.part or self.state)


def register(versions: QuerySet[EvidenceVersion], filters: Filters) -> QuerySet[EvidenceVersion]:
    """The latest version of every entry that is looked for, the newest entry first."""
    rows = versions.latest_ones().select_related("evidence", "uploaded_by")
    if filters.state != "all":
        rows = rows.filter(withdrawn_at__isnull=filters.state != "withdrawn")
    if filters.kind in Evidence.Kind.values:
        rows = rows.filter(evidence__kind=filters.kind)
    cited = Citation.objects.filter(evidence=OuterRef("evidence"), answer__removed_at=None)
    if filters.part == UNCITED:
        rows = rows.exclude(Exists(cited))
    elif filters.part:
        rows = rows.filter(Exists(cited.filter(answer__part__item__topic__code=filters.part)))
    return _found(rows, filters.q).order_by("-evidence__number")


def _found(rows: QuerySet[EvidenceVersion], search: str) -> QuerySet[EvidenceVersion]:
    fields = ("evidence__title", "evidence__reference", "evidence__source_system", "name", "url")
    for word in search.split():
        wanted = Q()
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": word})
        if word.isdecimal() and len(word) < 6:
            wanted |= Q(evidence__number=int(word))
        rows = rows.filter(wanted)
    return rows


def topic_choices(assessment: Assessment) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every topic under its category, for the filter by part."""
    return [
        (
            f"{category.code} {named(category)}",
            [(topic.code, f"{topic.code} {briefly(topic)}") for topic in category.topics],
        )
        for category in tree_of(assessment).categories
    ]


# --- one answer -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The answer that a page of citing is about."""

    answer: Answer
    code: str
    title: str
    category: str
    item: str
    url: str


def place_of(state: State, answer: int) -> Place | None:
    """The place of a present answer; None where there is no such one."""
    found = next((row for row in state.answers.every if row.pk == answer), None)
    if found is None:
        return None
    category, _topic, item = state.tree.place_of_part[found.part.code]
    is_indicator = category.kind == RESULTS
    return Place(
        answer=found,
        code=state.answers.codes[answer],
        title=(found.indicator.name or _("ไม่มีชื่อตัวชี้วัด")) if is_indicator else item.title_th,
        category=category.code,
        item=item.code,
        url=answer_url(state.assessment, found.part.code, answer),
    )
