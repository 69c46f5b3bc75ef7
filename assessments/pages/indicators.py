"""What the pages of Form 4 show of a topic: its groups, its indicators, the rules that are broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from assessments.advice.indicators import PERCENT_UNITS
from assessments.advice.remarks import Remark, of_indicator
from assessments.forms.indicators import USUAL_UNITS, Figure, IndicatorForm, figure_labels, figure_text
from assessments.models import Answer, Assessment, Indicator, PartNote
from assessments.pages.spark import Spark, spark
from assessments.pages.state import State
from assessments.pages.topics import frame
from assessments.presentation import gap_sentence, saved_sentence
from assessments.progress import Gap, indicator_gaps
from assessments.reading import indicator_code, indicator_state, policy_of
from criteria.scoring import LOWER_IS_BETTER, IndicatorResult, Policy
from criteria.scoring.policy import AS_SHOWN, TARGET_OVER_RESULT
from criteria.structure import Item, Part, Topic
from pmqa.accounts.models import User

NO_VALUE = "–"


@dataclass(frozen=True)
class KeptIndicator:
    """An indicator posted and not stored: the form holds the text, `reason` says why (or a blank does)."""

    form: IndicatorForm
    reason: str = ""


@dataclass(frozen=True)
class IndicatorView:
    """One indicator as it is edited or read. `gaps` block the submission, `advice` never does."""

    code: str
    answer: Answer
    form: IndicatorForm
    result: IndicatorResult
    policy: Policy
    saved: str
    gaps: list[str]
    advice: list[Remark]
    kept: KeptIndicator | None = None

    @property
    def indicator(self) -> Indicator:
        return self.answer.indicator

    @cached_property
    def blanks(self) -> dict[str, Figure]:
        return self.form.blanks

    @property
    def has_details(self) -> bool:
        return bool(
            self.indicator.target_basis or self.indicator.peer_name or self.indicator.peer_result is not None
        )

    @property
    def details_are_open(self) -> bool:
        """A fold must not hide a blank that has to be corrected."""
        return any(self.blanks[name].errors for name in ("target_basis", "peer_name", "peer_result"))

    @property
    def percent(self) -> str:
        return NO_VALUE if self.result.percent is None else self.result.percent_display

    @property
    def score(self) -> str:
        return str(self.result.score) if self.result.scorable else NO_VALUE

    @property
    def true_percent(self) -> str:
        """The unrounded percentage, where rounding hides the band (109.96 is no 110.0)."""
        percent, parameters = self.result.percent, self.policy.parameters
        if percent is None or parameters.percent_compared == AS_SHOWN:
            return ""
        shown = Fraction(self.result.percent_display)
        if not any(percent < edge <= shown for edge, _score in parameters.bands):
            return ""
        # Cut, not rounded: 109.996 must not become 110.00.
        whole, part = divmod(int(percent * 100), 100)
        return f"{whole}.{part:02d}"

    @property
    def why(self) -> str:
        """Why there is no percentage, and what else the score rests on: for readers."""
        return " ".join(self._sentences())

    @property
    def remarks(self) -> str:
        """`why` without what `gaps` say already: for writers."""
        return " ".join(self._sentences(without=("no_target", "target_zero", "no_result")))

    def _sentences(self, without: tuple[str, ...] = ()) -> list[str]:
        year = self.answer.assessment.cycle.result_years[-1]
        sentences = {
            "no_target": _("ยังไม่มีเป้าหมาย จึงคิดร้อยละไม่ได้"),
            "target_zero": _("เป้าหมายเป็น 0 คิดร้อยละไม่ได้ แก้เป้าหมายก่อนส่ง"),
            "no_result": _("ไม่มีข้อมูลปี %(year)d จึงคิดร้อยละไม่ได้") % {"year": year},
            "target_negative": _("เป้าหมายติดลบ ร้อยละอาจไม่สื่อความหมาย ตรวจเป้าหมายอีกครั้ง"),
            "result_zero": _("ผลเป็น 0 ไม่มีร้อยละ ได้คะแนนสูงสุด เพราะน้อยกว่านี้ไม่ได้แล้ว"),
        }
        found = [
            sentences[finding.code]
            for finding in self.result.findings
            if finding.code in sentences and finding.code not in without
        ]
        if self.result.how == "not_challenging":
            found.append(_("คะแนนเป็น 0 ตามหลักเกณฑ์ของรอบนี้ เพราะเป้าหมายไม่ท้าทาย"))
        return found

    @property
    def formula(self) -> str:
        """How the percentage is made where less is better; the other way round explains itself."""
        if self.indicator.direction != LOWER_IS_BETTER:
            return ""
        if self.policy.parameters.lower_is_better == TARGET_OVER_RESULT:
            return _("ร้อยละ = เป้าหมาย ÷ ผล × 100")
        return _("ร้อยละ = (2 − ผล ÷ เป้าหมาย) × 100")

    @property
    def change(self) -> str:
        """The latest result against the year before, in words."""
        _first, before, latest = self.indicator.results
        if before is None or latest is None:
            return ""
        if latest == before:
            return _("เท่ากับปีก่อน")
        is_better = (latest < before) == (self.indicator.direction == LOWER_IS_BETTER)
        words = _("ต่ำกว่าปีก่อน %(by)s (%(sense)s)") if latest < before else _("สูงกว่าปีก่อน %(by)s (%(sense)s)")
        unit = self.indicator.unit.strip()
        # Between two percentages lie points, not per cent.
        unit = _("จุดร้อยละ") if unit.startswith(PERCENT_UNITS) else unit
        by = " ".join(filter(None, (figure_text(abs(latest - before)), unit)))
        return words % {"by": by, "sense": _("ดีขึ้น") if is_better else _("ด้อยลง")}

    @cached_property
    def spark(self) -> Spark:
        indicator = self.indicator
        return spark(indicator.results, target=indicator.target, direction=indicator.direction)

    @property
    def years(self) -> list[tuple[int, str]]:
        """(fiscal year, result in words), oldest first."""
        years = self.answer.assessment.cycle.result_years
        return [
            (year, figure_text(result) or _("ไม่มีข้อมูล"))
            for year, result in zip(years, self.indicator.results, strict=True)
        ]

    @property
    def is_begun(self) -> bool:
        """Whether there is a figure to read."""
        return any(value is not None for value in (self.indicator.target, *self.indicator.results))

    @property
    def spark_label(self) -> str:
        """The chart in words."""
        results = " ".join(
            _("ปี %(year)d: %(result)s") % {"year": year, "result": text} for year, text in self.years
        )
        target = figure_text(self.indicator.target) or _("ยังไม่ระบุ")
        return _("ผล %(results)s เป้าหมาย %(target)s %(direction)s") % {
            "results": results,
            "target": target,
            "direction": self.indicator.get_direction_display(),
        }


@dataclass(frozen=True)
class GroupView:
    """One group of a topic. `faults` are its own broken rules; `full` says why no indicator can be added.
    `is_topic_full`: that is so for all its groups, and said once for all of them.

    `notes` say why an indicator was sent back, each with its code; `is_mendable` that the group may be written
    although the page is locked.
    """

    number: str
    item: Item
    part: Part
    indicators: list[IndicatorView]
    faults: list[str]
    full: str
    is_topic_full: bool
    notes: list[tuple[str, PartNote]]
    is_mendable: bool

    @property
    def count(self) -> str:
        limits = {"n": len(self.indicators), "least": self.part.min_answers, "most": self.part.max_answers}
        return _("%(n)d ตัวชี้วัด (มีได้ %(least)d–%(most)d)") % limits


def indicator_view(
    state: State, item: Item, answer: Answer, *, code: str, viewer: User, kept: KeptIndicator | None = None
) -> IndicatorView:
    """`answer` must be one of those that `state` was made of: its score is taken from there."""
    topic = answer.part.code.rpartition(".")[0]
    years = state.assessment.cycle.result_years
    scored = {entry.code: entry.result for entry in state.score.topics[topic].indicators}
    return IndicatorView(
        code=code,
        answer=answer,
        form=kept.form if kept else IndicatorForm(answer, years=years),
        result=scored[code],
        policy=policy_of(state.assessment),
        saved=saved_sentence(answer, viewer),
        gaps=[
            gap_sentence(gap, item.parts[0], years[-1])
            for gap in indicator_gaps(indicator_state(answer), topic)
        ],
        advice=of_indicator(answer, item.title_th, state.replies),
        kept=kept,
    )


def find_view(state: State, answer_id: int, *, viewer: User) -> IndicatorView:
    """The view of one indicator among the answers of `state`, which must have it."""
    group, position, answer = next(
        (group, position, answer)
        for group, answers in state.answers.indicators.items()
        for position, answer in enumerate(answers, start=1)
        if answer.pk == answer_id
    )
    item = state.tree.place_of_part[group][2]
    return indicator_view(state, item, answer, code=indicator_code(group, position), viewer=viewer)


def group_views(
    state: State, topic: Topic, viewer: User, kept: Mapping[int, KeptIndicator]
) -> list[GroupView]:
    """The groups in the order of the edition. `kept` is by the key of the answer."""
    faults = _faults(state, topic)
    mendable = state.mendable(viewer, state.tree.category_of_topic[topic.code].code)
    total = sum(len(state.answers.indicators.get(part.code, ())) for part in topic.parts)
    is_topic_full = topic.answers_required is not None and total >= topic.answers_required
    views = []
    for item in topic.items:
        part = item.parts[0]
        answers = state.answers.indicators.get(part.code, [])
        views.append(
            GroupView(
                number=part.code.rpartition(".")[2],
                item=item,
                part=part,
                indicators=[
                    indicator_view(
                        state,
                        item,
                        answer,
                        code=indicator_code(part.code, position),
                        viewer=viewer,
                        kept=kept.get(answer.pk),
                    )
                    for position, answer in enumerate(answers, start=1)
                ],
                faults=[
                    gap_sentence(gap, part, 0)
                    for gap in faults
                    if gap.code.startswith("group_") and gap.part == part.code
                ],
                full=_why_full(topic, part, len(answers), is_topic_full=is_topic_full),
                is_topic_full=is_topic_full,
                notes=_coded_notes(state, part.code, answers),
                is_mendable=part.code in mendable,
            )
        )
    return views


def _coded_notes(state: State, group: str, answers: list[Answer]) -> list[tuple[str, PartNote]]:
    codes = {answer.pk: indicator_code(group, position) for position, answer in enumerate(answers, start=1)}
    return [(codes.get(note.answer_id, _("ตัวที่ลบแล้ว")), note) for note in state.notes_on(group)]


def _why_full(topic: Topic, part: Part, in_group: int, *, is_topic_full: bool) -> str:
    if is_topic_full:
        return _("หัวข้อนี้มีตัวชี้วัดครบ %(n)d ตัวแล้ว ลบตัวอื่นก่อนจึงเพิ่มได้") % {"n": topic.answers_required}
    if in_group >= part.max_answers:
        return _("กลุ่มนี้มีตัวชี้วัดครบ %(n)d ตัวแล้ว") % {"n": part.max_answers}
    return ""


def _faults(state: State, topic: Topic) -> list[Gap]:
    """The rules of counts that this topic breaks, the topic's own first."""
    return [
        gap
        for gap in state.progress.gaps
        if gap.topic == topic.code and gap.code.startswith(("topic_", "group_"))
    ]


@dataclass(frozen=True)
class Rule:
    """A broken rule as a line of the topic's notice; `group` is "" for the topic itself, else a number."""

    sentence: str
    group: str
    anchor: str


def broken_rules(state: State, topic: Topic) -> list[Rule]:
    rules = []
    for gap in _faults(state, topic):
        part = state.tree.parts[gap.part]
        group = gap.part.rpartition(".")[2] if gap.code.startswith("group_") else ""
        rules.append(Rule(gap_sentence(gap, part, 0), group, f"p{gap.part}"))
    return rules


@dataclass(frozen=True)
class RemovedView:
    """An indicator that was taken out and can be brought back."""

    answer: Answer
    group: str
    name: str


def removed_views(assessment: Assessment, topic: Topic) -> list[RemovedView]:
    """One query."""
    rows = (
        assessment.answers.exclude(removed_at=None)
        .filter(part__code__in=[part.code for part in topic.parts], indicator__isnull=False)
        .select_related("part", "indicator", "updated_by")
        .order_by("-removed_at")
    )
    return [
        RemovedView(
            answer=row,
            group=row.part.code.rpartition(".")[2],
            name=row.indicator.name or _("ยังไม่ระบุชื่อตัวชี้วัด"),
        )
        for row in rows
    ]


def page_context(
    state: State, topic: Topic, viewer: User, kept: Mapping[int, KeptIndicator] | None = None
) -> dict:
    """Context of assessments/indicators.html."""
    kept = kept or {}
    context = frame(state, viewer, here="form4", topic=topic)
    mendable = state.mendable(viewer, context["category"].code)
    is_locked = bool(context["read_only"]) and not any(part.code in mendable for part in topic.parts)
    removed = [] if is_locked else removed_views(state.assessment, topic)
    if context["read_only"]:
        removed = [view for view in removed if view.answer.part.code in mendable]
    shown = {} if is_locked else kept
    present = {answer.pk for part in topic.parts for answer in state.answers.indicators.get(part.code, ())}
    return context | {
        "groups": group_views(state, topic, viewer, shown),
        # What was typed and has no form on this page: it is closed, or the indicator is gone.
        "homeless": [entry for key, entry in kept.items() if key not in shown or key not in present],
        "rules": broken_rules(state, topic),
        "is_locked": is_locked,
        "removed": removed,
        "units": USUAL_UNITS,
        "labels": figure_labels(state.assessment.cycle.result_years),
        "directions": Indicator.Direction.choices,
    }
