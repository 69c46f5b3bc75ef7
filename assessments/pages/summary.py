"""What the overview shows of a whole assessment: categories, the map of parts, the next steps."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import EDITABLE, Status
from assessments.pages.checks import sent_back_lines
from assessments.pages.duties import READY, Due, asked_line, due_of
from assessments.pages.state import NOT_SCORED, State
from assessments.progress import Count
from assessments.rules import Chapter, asked_items
from criteria.scoring import display_score
from criteria.structure import PROCESS, PROFILE, Category, Topic
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import User

# So much of a note stands in a list of tasks; the whole of it stands at its part.
NOTE_LENGTH = 160


@dataclass(frozen=True)
class CategoryRow:
    """A category in the table. `items` are those of Form 3; the profile has no score."""

    category: Category
    url: str
    count: Count
    items: Count | None = None
    score: str = ""
    level: str | None = None


def _first_open(state: State, category: Category) -> str:
    """Where work on a category goes on: its first topic that is not complete, else its first."""
    topics = state.progress.topics
    goal = next(
        (topic for topic in category.topics if not topics[topic.code].is_complete), category.topics[0]
    )
    return reverse("assessments:topic", args=[state.assessment.pk, goal.code])


def category_rows(state: State) -> list[CategoryRow]:
    rows = []
    for category in state.tree.categories:
        if category.kind == PROFILE:
            continue
        score = state.score.by_category[category.code]
        rows.append(
            CategoryRow(
                category,
                _first_open(state, category),
                state.progress.categories[category.code],
                state.progress.items_by_category.get(category.code),
                display_score(score.score) if state.tree.has_levels else NOT_SCORED,
                score.level,
            )
        )
    return rows


def profile_row(state: State) -> CategoryRow | None:
    profile = next(iter(state.tree.of_kind(PROFILE)), None)
    if profile is None:
        return None
    return CategoryRow(profile, _first_open(state, profile), state.progress.profile)


@dataclass(frozen=True)
class MapTopic:
    """A topic of Form 3 in partials/part_map.html; `summary` says in words what `states` draw."""

    code: str
    url: str
    states: list[str]
    summary: str
    current: bool = False


def part_map(state: State) -> list[list[MapTopic]]:
    return [
        [_map_topic(state, topic) for topic in category.topics] for category in state.tree.of_kind(PROCESS)
    ]


def _map_topic(state: State, topic: Topic) -> MapTopic:
    claims = [state.answers.parts[part.code].claim for part in topic.parts]
    summary = _("%(topic)s ดำเนินการแล้ว %(done)d อยู่ระหว่างเริ่ม %(started)d เหลือ %(left)d จาก %(total)d ส่วน") % {
        "topic": topic.code,
        "done": claims.count("done"),
        "started": claims.count("started"),
        "left": claims.count("not_started") + claims.count(""),
        "total": len(claims),
    }
    url = reverse("assessments:topic", args=[state.assessment.pk, topic.code])
    return MapTopic(topic.code, url, claims, summary)


@dataclass(frozen=True)
class Task:
    """One next step of this person: the link and what it is about."""

    title: str
    url: str
    note: str
    glyph: str = "pencil"
    due: Due | None = None
    # Not what is waited for from somebody else.
    is_mine: bool = True


def tasks_for(state: State, user: User) -> list[Task]:
    """What this person can do next, most pressing first; only categories that they write."""
    assessment = state.assessment
    if assessment.status in (Status.INTERNAL_CHECK, Status.AWAITING_HEAD):
        return [*_mending(state, user), *_before_signing(state, user)]
    if assessment.status not in EDITABLE:
        return _after_submission(state)
    if not assessment.is_open():
        return []
    if state.progress.is_complete:
        return [*_mending(state, user), *_ready(state, user), *_open_profile(state, user)]
    tasks = [*_mending(state, user), *_asked(state, user), *_application(state, user)]
    for category in state.tree.categories:
        if category.kind == PROFILE or not user.has_perm(
            "assessments.edit", Chapter(assessment, category.code)
        ):
            continue
        left = [gap for gap in state.progress.gaps if gap.topic.split(".")[0] == category.code]
        if left:
            names = ", ".join(dict.fromkeys(gap.topic for gap in left))
            tasks.append(
                Task(
                    ngettext("หมวด %(c)s เหลือ %(n)d รายการ", "หมวด %(c)s เหลือ %(n)d รายการ", len(left))
                    % {"c": category.code, "n": len(left)},
                    _first_open(state, category),
                    _("ในหัวข้อ %(topics)s") % {"topics": names},
                    due=due_of(state.dues.get(category.code)),
                )
            )
    return [*tasks, *_open_profile(state, user)]


def _ready(state: State, user: User) -> list[Task]:
    url = reverse("assessments:check", args=[state.assessment.pk])
    if user.has_perm("assessments.check", state.assessment):
        return [
            Task(_("เริ่มตรวจทานภายใน"), url, _("ข้อมูลครบแล้ว ตรวจทานแล้วเสนอหัวหน้าส่วนราชการ"), "check2-square")
        ]
    waits = _("ผู้ประสานงานตรวจทานแล้วเสนอหัวหน้าส่วนราชการ")
    return [Task(_("ครบแล้ว รอตรวจทานภายใน"), url, waits, "check2", is_mine=False)]


def _before_signing(state: State, user: User) -> list[Task]:
    """The internal check is the coordinator's, the signature the head's."""
    assessment = state.assessment
    check = reverse("assessments:internal_check", args=[assessment.pk])
    if assessment.status == Status.INTERNAL_CHECK:
        if user.has_perm("assessments.check", assessment):
            return [Task(_("ตรวจทานภายใน"), check, _("ตรวจแต่ละส่วนแล้วเสนอหัวหน้าส่วนราชการ"), "check2-square")]
        return []
    if user.has_perm("assessments.submit", assessment):
        sign = reverse("assessments:submit", args=[assessment.pk])
        return [Task(_("รอลงนาม"), sign, _("อ่านสรุปหนึ่งหน้า แล้วลงนามหรือส่งกลับ"), "pen")]
    waits = _("ผู้ประสานงานเรียกคืนได้จนกว่าจะลงนาม")
    return [Task(_("เสนอหัวหน้าแล้ว รอลงนาม"), check, waits, "clock-history", is_mine=False)]


def _mending(state: State, user: User) -> list[Task]:
    """Parts that were sent back, to whoever writes them."""
    return [
        Task(
            _("แก้ไข %(code)s ที่ส่งกลับ") % {"code": line.code},
            line.url,
            Truncator(line.notes[-1].text).chars(NOTE_LENGTH),
            "arrow-left",
        )
        for line in sent_back_lines(state, internal=False)
        if state.may_write(user, line.notes[0].answer.part.code)
    ]


def _asked(state: State, user: User) -> list[Task]:
    """Items that somebody asked this person to write, until they are complete; the soonest day first."""
    lines = [asked_line(state, row) for row in asked_items(user, state.assessment).values()]
    return [
        Task(
            _("ข้อ %(item)s ที่ขอให้ท่านเขียน") % {"item": line.name},
            line.url,
            " · ".join(filter(None, (line.words, Truncator(line.asked.note).chars(NOTE_LENGTH)))),
            line.glyph,
            due=line.due,
        )
        for line in lines
        if line.state != READY
    ]


def _application(state: State, user: User) -> list[Task]:
    """Form 1, where the cycle asks for it and something is missing."""
    left = sum(not gap.topic for gap in state.progress.gaps)
    if not left or not user.has_perm("assessments.apply", state.assessment):
        return []
    url = reverse("assessments:application", args=[state.assessment.pk])
    note = ngettext("เหลือ %(n)d รายการ", "เหลือ %(n)d รายการ", left) % {"n": left}
    return [Task(_("แบบฟอร์มที่ 1 ใบสมัคร"), url, note)]


def _open_profile(state: State, user: User) -> list[Task]:
    row = profile_row(state)
    if row is None or row.count.is_complete:
        return []
    if not user.has_perm("assessments.edit", Chapter(state.assessment, row.category.code)):
        return []
    sentence = (
        _("กรอกแล้ว %(ready)d จาก %(total)d เรื่อง รอบนี้ต้องกรอกก่อนส่ง")
        if state.assessment.cycle.requires_profile
        else _("กรอกแล้ว %(ready)d จาก %(total)d เรื่อง ไม่ขวางการส่ง")
    )
    note = sentence % {"ready": row.count.ready, "total": row.count.total}
    return [
        Task(named(row.category), row.url, note, "building", due=due_of(state.dues.get(row.category.code)))
    ]


def _after_submission(state: State) -> list[Task]:
    url = reverse("assessments:receipt", args=[state.assessment.pk])
    return [Task(_("ใบรับและสำเนาแบบประเมิน"), url, _("เก็บสำเนาไว้กับหน่วยงาน"), "download")]
