"""Days inside the agency and items that people are asked to write, as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Answer, AskedItem
from assessments.pages.state import State
from assessments.presentation import item_name, language
from assessments.rules import WRITERS
from criteria.fields import is_filled
from criteria.structure import PROFILE, RESULTS, Item
from pmqa.accounts.models import Agency, Membership, User
from pmqa.thai import thai_date

EMPTY, DRAFT, READY = "empty", "draft", "ready"
GLYPHS = {EMPTY: "circle", DRAFT: "circle-half", READY: "check-circle-fill"}


def state_words() -> dict[str, str]:
    return {EMPTY: _("ยังไม่เริ่ม"), DRAFT: _("กำลังเขียน"), READY: _("พร้อมส่ง")}


@dataclass(frozen=True)
class Due:
    """A day inside the agency, in words. It asks; it never closes anything."""

    on: date
    words: str
    late: str = ""

    @property
    def is_past(self) -> bool:
        return bool(self.late)


def due_of(day: date | None) -> Due | None:
    if day is None:
        return None
    words = _("ส่งภายใน %(day)s") % {"day": thai_date(day, "short", language())}
    days = (timezone.localdate() - day).days
    late = ngettext("เกินกำหนด %(n)d วัน", "เกินกำหนด %(n)d วัน", days) % {"n": days} if days > 0 else ""
    return Due(day, words, late)


def how_far(answers: Iterable[Answer], *, is_complete: bool) -> str:
    if is_complete:
        return READY
    # An indicator was added by somebody, so it is something, even before it has a name.
    begun = any(answer.claim or answer.values or hasattr(answer, "indicator") for answer in answers)
    return DRAFT if begun else EMPTY


def item_state(state: State, item: Item) -> str:
    """How far one item is. An indicator group is ready when what is in it is, an empty one is not begun."""
    codes = {part.code for part in item.parts}
    answers = [state.answers.parts[code] for code in codes if code in state.answers.parts]
    for code in codes:
        answers += state.answers.indicators.get(code, [])
    kind = state.tree.place_of_item[item.code][0].kind
    gaps = any(gap.part in codes for gap in (*state.progress.gaps, *state.progress.profile_gaps))
    is_complete = bool(answers) and not gaps
    if kind == PROFILE:
        is_complete = is_complete and any(
            is_filled(value) for answer in answers for value in answer.values.values()
        )
    return how_far(answers, is_complete=is_complete)


@dataclass(frozen=True)
class AskedLine:
    """An item that somebody is asked to write: where it is, how far, by when."""

    asked: AskedItem
    name: str
    title: str
    url: str
    state: str
    due: Due | None

    @property
    def words(self) -> str:
        return state_words()[self.state]

    @property
    def glyph(self) -> str:
        return GLYPHS[self.state]

    @property
    def is_late(self) -> bool:
        """What is done is never late."""
        return bool(self.due and self.due.is_past and self.state != READY)


def asked_line(state: State, asked: AskedItem) -> AskedLine:
    place = state.tree.place_of_item[asked.item]
    category, topic, item = place
    anchor = f"p{item.parts[0].code}" if category.kind in (PROFILE, RESULTS) else f"i{item.code}"
    page = reverse("assessments:topic", args=[state.assessment.pk, topic.code])
    return AskedLine(
        asked=asked,
        name=item_name(place),
        title=item.title_th,
        url=f"{page}#{anchor}",
        state=item_state(state, item),
        due=due_of(asked.due_on),
    )


def asked_by_category(state: State) -> dict[str, list[AskedLine]]:
    """What is asked of whom today, in form order; one query."""
    order = {code: place for place, code in enumerate(state.tree.place_of_item)}
    writers = Membership.objects.coming_or_current().filter(
        agency=state.assessment.agency, user=OuterRef("user"), role__in=WRITERS
    )
    rows = AskedItem.objects.coming_or_current().filter(Exists(writers), assessment=state.assessment)
    found: dict[str, list[AskedLine]] = {}
    for row in sorted(rows, key=lambda row: (order[row.item], row.pk)):
        category = state.tree.place_of_item[row.item][0].code
        found.setdefault(category, []).append(asked_line(state, row))
    return found


def writers_of(agency: Agency) -> dict[User, str]:
    """Whoever may be asked to write, by the name that the agency knows, with their roles; one query."""
    rows = Membership.objects.current().filter(agency=agency, role__in=WRITERS, user__is_active=True)
    names: dict[User, str] = {}
    roles: dict[User, list[str]] = {}
    for row in rows.select_related("user").order_by("user__first_name", "user_id", "pk"):
        names.setdefault(row.user, row.known_as)
        roles.setdefault(row.user, []).append(row.get_role_display())
    return {person: f"{name} · {', '.join(roles[person])}" for person, name in names.items()}
