"""What a workbook would change: every difference, and whether somebody else changed the same part meanwhile.

Three texts meet: what was exported (known by its fingerprint), what the workbook says, and what is stored now.
Where the workbook says what was exported, nobody touched it there. Where the stored text is still what was
exported, the workbook changes it. Where both have moved apart it is a conflict, and a person decides.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from assessments.forms.indicators import IndicatorForm, figure_labels
from assessments.forms.parts import AnswerForm
from assessments.incoming.changes import (
    CHANGE,
    CONFLICT,
    FAULT,
    LEFT_OUT,
    Change,
    Plan,
    errors_of,
    labels_of_figures,
    left_out,
    lines_between,
    part_labels,
    shown_code,
)
from assessments.incoming.words import GROUP_IS_FULL, NOT_YOURS
from assessments.models import Answer, Assessment, Indicator
from assessments.reading import Answers, indicator_code, tree_of
from assessments.services.indicators import FIGURES
from assessments.workbook.gathering import cells_in, figures_in, form_data, is_empty
from assessments.workbook.layout import (
    CLAIM,
    INDICATOR,
    NEW,
    Cells,
    StoredPart,
    cells_of,
    figure_cells,
    fingerprint,
    spare_indicators,
)
from assessments.workbook.reading import Contents, Row
from criteria.structure import PROFILE, RESULTS, Category, Edition, Item, Part

# Of a row in the database; what is longer is none of ours.
_ID = re.compile(r"[0-9]{1,18}")


def compare(
    assessment: Assessment, answers: Answers, contents: Contents, *, may_write: Mapping[str, bool]
) -> Plan:
    """No query. `may_write` says by code of the part what the person may change."""
    return _Comparison(assessment, answers, contents, may_write).plan()


class _Comparison:
    def __init__(
        self, assessment: Assessment, answers: Answers, contents: Contents, may_write: Mapping[str, bool]
    ):
        self.assessment, self.answers, self.may_write = assessment, answers, may_write
        self.tree: Edition = tree_of(assessment)
        self.years = assessment.cycle.result_years
        self.parts: dict[str, list[tuple[list[str], Row]]] = {}
        self.indicators: dict[int, Row] = {}
        self.new: dict[str, list[Row]] = {}
        for row in contents.rows:
            head, *rest = row.key.split("|")
            if head == INDICATOR and rest and _ID.fullmatch(rest[0]):
                self.indicators[int(rest[0])] = row
            elif head == NEW and rest:
                self.new.setdefault(rest[0], []).append(row)
            else:
                self.parts.setdefault(head, []).append((rest, row))

    def plan(self) -> Plan:
        changes: list[Change] = []
        for category in self.tree.categories:
            found = self._results(category) if category.kind == RESULTS else self._forms(category)
            changes += [self._allowed(change) for change in found]
        asked = sum(
            1 for category in self.tree.categories if category.kind != RESULTS for _part in category.parts
        )
        known = {answer.pk for answer in self.answers.all_indicators}
        missing = (
            asked - len(self.parts.keys() & self.answers.parts.keys()) + len(known - self.indicators.keys())
        )
        return Plan(tuple(changes), missing)

    def _allowed(self, change: Change) -> Change:
        if change.state == LEFT_OUT or self.may_write[change.group or change.key]:
            return change
        return left_out(change, str(NOT_YOURS))

    # --- Form 3 and the profile -----------------------------------------------------------------

    def _forms(self, category: Category) -> Iterator[Change]:
        for topic in category.topics:
            for item in topic.items:
                for part in item.parts:
                    rows, answer = self.parts.get(part.code), self.answers.parts.get(part.code)
                    if rows and answer and (change := self._part(category, item, part, rows, answer)):
                        yield change

    def _part(
        self, category: Category, item: Item, part: Part, rows: list[tuple[list[str], Row]], answer: Answer
    ) -> Change | None:
        has_claim = category.kind != PROFILE
        cells, faults = cells_in(part, rows, has_claim=has_claim)
        if not faults and fingerprint(cells) == rows[0][1].fingerprint:
            return None
        stored = StoredPart(answer.version, answer.claim, answer.values)
        form = AnswerForm(part, answer, form_data(part, cells))
        is_valid = form.is_valid()
        claim = cells.get(CLAIM, answer.claim) if has_claim else answer.claim
        if is_valid and not faults and (claim, form.values) == (answer.claim, answer.values):
            return None
        before = cells_of(part, stored)
        after = before | cells
        if is_valid:
            # A figure or a date as it will be stored, which is not always as it was typed.
            cleaned = cells_of(part, StoredPart(0, claim, form.values))
            after |= {blank.key: cleaned.get(blank.key, "") for blank in part.fields if blank.key in cells}
        lines = lines_between(before, after, faults | errors_of(form), part_labels(part))
        state = FAULT if faults or not is_valid else CHANGE
        if state == CHANGE and _has_moved(answer, before, rows[0][1]):
            state = CONFLICT
        return Change(
            key=part.code,
            code=shown_code(category, item, part),
            title=item.title_th,
            category=category,
            state=state,
            lines=lines,
            answer=answer,
            write={CLAIM: claim, "values": form.values} if is_valid else {},
        )

    # --- Form 4 ---------------------------------------------------------------------------------

    def _results(self, category: Category) -> Iterator[Change]:
        for topic in category.topics:
            present = {part.code: len(self.answers.indicators.get(part.code, ())) for part in topic.parts}
            for item in topic.items:
                part = item.parts[0]
                for position, answer in enumerate(self.answers.indicators.get(part.code, ()), start=1):
                    row = self.indicators.get(answer.pk)
                    code = indicator_code(part.code, position)
                    if row and (change := self._indicator(category, code, answer, row)):
                        yield change
                for row in self.new.get(part.code, ()):
                    change = self._new_indicator(category, part, row, present[part.code] + 1)
                    if change is None:
                        continue
                    if change.state == CHANGE and not spare_indicators(topic, part, present):
                        change = left_out(change, str(GROUP_IS_FULL))
                    present[part.code] += change.state == CHANGE
                    yield change
        yield from self._gone(category)

    def _indicator(self, category: Category, code: str, answer: Answer, row: Row) -> Change | None:
        cells, faults = figures_in(row)
        if not faults and fingerprint(cells) == row.fingerprint:
            return None
        before = figure_cells({name: getattr(answer.indicator, name) for name in FIGURES})
        form = IndicatorForm(answer, cells, years=self.years)
        is_valid = form.is_valid()
        after = figure_cells(form.figures) if is_valid else before | cells
        if is_valid and not faults and after == before:
            return None
        lines = lines_between(before, after, faults | errors_of(form), labels_of_figures(form.labels))
        change = Change(
            key=f"{INDICATOR}-{answer.pk}",
            code=code,
            title=answer.indicator.name,
            category=category,
            state=FAULT if faults or not is_valid else CHANGE,
            lines=lines,
            answer=answer,
            group=answer.part.code,
            write=form.figures if is_valid else {},
        )
        if not faults and is_empty(cells):
            # Which figures were emptied is no news.
            return left_out(
                replace(change, lines=()), _("ลบตัวชี้วัดด้วยไฟล์ไม่ได้ ตัวชี้วัดนี้ยังอยู่ครบ ถ้าต้องการลบ ให้ลบในหน้าแบบฟอร์มที่ 4")
            )
        if change.state == CHANGE and _has_moved(answer, before, row):
            return replace(change, state=CONFLICT)
        return change

    def _new_indicator(self, category: Category, group: Part, row: Row, position: int) -> Change | None:
        cells, faults = figures_in(row)
        if not faults and is_empty(cells):
            return None
        answer = Answer()
        blank = Indicator(answer=answer)
        form = IndicatorForm(answer, cells, years=self.years)
        is_valid = form.is_valid()
        if is_valid and not faults:
            others = self.answers.indicators.get(group.code, ())
            if any(
                {name: getattr(other.indicator, name) for name in FIGURES} == form.figures for other in others
            ):
                # The same workbook again: its new indicators are there already.
                return None
        before = figure_cells({name: getattr(blank, name) for name in FIGURES})
        after = figure_cells(form.figures) if is_valid else before | cells
        return Change(
            key=row.key.replace("|", "-"),
            code=indicator_code(group.code, position),
            title=cells.get("name", ""),
            category=category,
            state=FAULT if faults or not is_valid else CHANGE,
            lines=lines_between(before, after, faults | errors_of(form), labels_of_figures(form.labels)),
            group=group.code,
            write=form.figures if is_valid else {},
        )

    def _gone(self, category: Category) -> Iterator[Change]:
        """Indicators that were changed in the workbook and are no longer in the assessment."""
        known = {answer.pk for answer in self.answers.all_indicators}
        for number, row in self.indicators.items():
            cells, faults = figures_in(row)
            if number in known or (not faults and fingerprint(cells) == row.fingerprint):
                continue
            yield Change(
                key=f"{INDICATOR}-{number}",
                code=row.key.rpartition("|")[2],
                title=cells.get("name", ""),
                category=category,
                state=LEFT_OUT,
                lines=lines_between({}, cells, faults, labels_of_figures(figure_labels(self.years))),
                reason=_("ตัวชี้วัดนี้ถูกลบจากระบบแล้ว เรียกคืนในหน้าแบบฟอร์มที่ 4 ก่อน แล้วนำเข้าอีกครั้ง"),
            )


def _has_moved(answer: Answer, stored: Cells, row: Row) -> bool:
    """Whether somebody else changed what is stored since the export. Changed and changed back is not changed."""
    return answer.version != row.version and fingerprint(stored) != row.fingerprint
