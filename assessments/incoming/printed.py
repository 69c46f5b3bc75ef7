"""What a printed form of a past year would change of what is stored now.

Nothing is guessed: a part that says something already is a conflict and waits for a choice, a blank that the print
leaves out stays as it is, and a line that belonged nowhere goes where a person put it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.forms.indicators import IndicatorForm
from assessments.forms.parts import AnswerForm
from assessments.incoming.changes import (
    BOTH,
    CHANGE,
    CONFLICT,
    FAULT,
    KEEP,
    TAKE,
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
from assessments.models import Answer, Assessment, Claim, Indicator
from assessments.reading import Answers, indicator_code, tree_of
from assessments.services.indicators import FIGURES
from assessments.workbook.layout import CLAIM, Cells, StoredPart, cells_of, figure_cells, spare_indicators
from criteria import fields
from criteria.fields import Fault, is_filled
from criteria.structure import RESULTS, Category, Item, Part, Topic

# The results that Form 4 prints, the oldest first.
RESULT_NAMES = ("result_1", "result_2", "result_3")
# Between a stored text and that of the print where both are kept.
GAP = "\n\n"


@dataclass(frozen=True)
class PrintedChange(Change):
    """A change with what else the print says: last year's mark, which is shown and never stored.

    both: what is stored where both texts are kept; empty where they do not fit together. unsplit: the print's text
    stood in no blank of ours. placed: the lines that somebody put here.
    """

    verdict: str = ""
    comment: str = ""
    both: Mapping[str, Any] = field(default_factory=dict)
    unsplit: bool = False
    placed: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        return (TAKE, KEEP, BOTH) if self.both else (TAKE, KEEP)


def compare(
    assessment: Assessment,
    answers: Answers,
    document: Mapping[str, Any],
    *,
    placed: Mapping[str, Mapping[str, list[str]]],
    years: int,
    may_write: Mapping[str, bool],
) -> Plan:
    """No query. `document` is `Document.as_json`; `placed` are lines by part and blank.

    years: how many rounds ago the print was made; its results move by as many, and targets are set anew.
    """
    return _Comparison(assessment, answers, document, placed, years, may_write).plan()


class _Comparison:
    def __init__(self, assessment, answers, document, placed, years, may_write):
        self.assessment, self.answers, self.may_write = assessment, answers, may_write
        self.placed, self.years = placed, years
        self.tree = tree_of(assessment)
        self.parts = {part["code"]: part for part in document["parts"]}
        self.indicators: dict[str, list[dict[str, Any]]] = {}
        for row in document["indicators"]:
            self.indicators.setdefault(f"{row['topic']}.{row['group']}", []).append(row)

    def plan(self) -> Plan:
        changes = []
        missing = 0
        for category in self.tree.categories:
            found = self._results(category) if category.kind == RESULTS else self._forms(category)
            changes += [self._allowed(change) for change in found]
            missing += sum(
                part.code not in self.parts for part in category.parts if category.kind == "process"
            )
        return Plan(tuple(changes), missing)

    def _allowed(self, change: PrintedChange) -> PrintedChange:
        return change if self.may_write[change.group or change.key] else left_out(change, str(NOT_YOURS))

    # --- Form 3 ---------------------------------------------------------------------------------

    def _forms(self, category: Category) -> Iterator[PrintedChange]:
        for topic in category.topics:
            for item in topic.items:
                for part in item.parts:
                    printed, answer = self.parts.get(part.code), self.answers.parts.get(part.code)
                    added = self.placed.get(part.code, {})
                    if answer and (printed or added):
                        change = self._part(category, item, part, printed or {}, added, answer)
                        if change:
                            yield change

    def _part(
        self,
        category: Category,
        item: Item,
        part: Part,
        printed: Mapping[str, Any],
        added: Mapping[str, list[str]],
        answer: Answer,
    ) -> PrintedChange | None:
        texts = dict(printed.get("fields", {}))
        for key, lines in added.items():
            texts[key] = "\n".join([*filter(None, [texts.get(key, "")]), *lines])
        claim = printed.get("status", "")
        has_text = bool(answer.claim) or any(is_filled(value) for value in answer.values.values())
        if not texts and (has_text or not claim) and claim in ("", Claim.NOT_STARTED):
            return None
        if not claim or (added and claim == Claim.NOT_STARTED):
            # The print found no text there, and somebody did; what that means is theirs to say.
            claim = answer.claim
        faults = errors_of(AnswerForm(part, answer, {CLAIM: claim, **texts}))
        form = AnswerForm(
            part, answer, {CLAIM: claim, **{key: text for key, text in texts.items() if key not in faults}}
        )
        form.is_valid()
        values = form.values
        if not faults and (claim, values) == (answer.claim, answer.values):
            return None
        before = cells_of(part, StoredPart(answer.version, answer.claim, answer.values))
        after = cells_of(part, StoredPart(0, claim, values)) | {key: texts[key] for key in faults}
        is_same = (claim, values) == (answer.claim, answer.values)
        return PrintedChange(
            key=part.code,
            code=shown_code(category, item, part),
            title=item.title_th,
            category=category,
            state=FAULT if is_same else CONFLICT if has_text else CHANGE,
            lines=lines_between(before, after, faults, part_labels(part)),
            answer=answer,
            write={CLAIM: claim, "values": values},
            both=_both(part, answer, claim, texts.keys() - faults, values) if has_text else {},
            verdict=printed.get("verdict") or "",
            comment=printed.get("comment", ""),
            unsplit=printed.get("unsplit", False),
            placed=tuple(line for lines in added.values() for line in lines),
        )

    # --- Form 4 ---------------------------------------------------------------------------------

    def _results(self, category: Category) -> Iterator[PrintedChange]:
        for topic in category.topics:
            present = {part.code: len(self.answers.indicators.get(part.code, ())) for part in topic.parts}
            for part in topic.parts:
                for place, row in enumerate(self.indicators.get(part.code, ()), start=1):
                    change = self._indicator(category, topic, part, place, row, present)
                    if change:
                        present[part.code] += change.answer is None and change.state == CHANGE
                        yield change

    def _indicator(
        self,
        category: Category,
        topic: Topic,
        part: Part,
        place: int,
        row: Mapping[str, Any],
        present: Mapping[str, int],
    ) -> PrintedChange | None:
        stored = self.answers.indicators.get(part.code, ())
        position, answer = next(
            (
                (position, answer)
                for position, answer in enumerate(stored, start=1)
                if _letters(answer.indicator.name) == _letters(row["name"])
            ),
            (present[part.code] + 1, None),
        )
        cells = self._figures(row)
        held = answer or _new_answer()
        years = self.assessment.cycle.result_years
        faults = errors_of(IndicatorForm(held, cells, years=years))
        form = IndicatorForm(
            held, {name: text for name, text in cells.items() if name not in faults}, years=years
        )
        form.is_valid()
        before = figure_cells({name: getattr(held.indicator, name) for name in FIGURES})
        after = figure_cells(form.figures)
        if answer and before == after and not faults:
            return None
        state = FAULT if "name" in faults or before == after else CONFLICT if answer else CHANGE
        change = PrintedChange(
            key=f"printed-{part.code}-{place}",
            code=indicator_code(part.code, position),
            title=row["name"],
            category=category,
            state=state,
            lines=lines_between(
                before, after | {name: cells[name] for name in faults}, faults, labels_of_figures(form.labels)
            ),
            answer=answer,
            group=part.code,
            write=form.figures,
            both=_filled_up(answer.indicator, form.figures) if answer else {},
            verdict=row["verdict"] or "",
            comment=row["comment"],
        )
        if state == CHANGE and not spare_indicators(topic, part, present):
            return left_out(change, str(GROUP_IS_FULL))
        return change

    def _figures(self, row: Mapping[str, Any]) -> Cells:
        """What the print says of an indicator as it stands `years` later; of what it does not say nothing is said."""
        cells = {"name": row["name"], "unit": row["unit"], "direction": row["direction"]}
        if not self.years:
            cells["target"] = row["target"]
        results = [*row["results"], *[None] * self.years][self.years : self.years + len(RESULT_NAMES)]
        cells |= {name: result or "" for name, result in zip(RESULT_NAMES, results, strict=True)}
        return {name: text for name, text in cells.items() if text}


def _new_answer() -> Answer:
    answer = Answer()
    answer.indicator = Indicator(answer=answer)
    return answer


def _letters(name: str) -> str:
    """A name as it is known again: a print breaks it where a line ends."""
    return "".join(name.split())


def _both(
    part: Part, answer: Answer, claim: str, keys: Iterable[str], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The stored text, and behind it that of the print; nothing where they do not fit into one blank."""
    merged = dict(answer.values)
    for blank in part.fields:
        own, printed = merged.get(blank.key, ""), values.get(blank.key, "")
        if blank.key not in keys or not is_filled(printed):
            continue
        if not is_filled(own):
            merged[blank.key] = printed
        elif blank.kind == "text" and printed not in own:
            try:
                merged[blank.key] = fields.clean(blank, f"{own}{GAP}{printed}")
            except Fault:
                return {}
    return {CLAIM: answer.claim or claim, "values": merged}


def _filled_up(indicator: Indicator, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Stored figures, those of the print where nothing is stored."""
    stored = {name: getattr(indicator, name) for name in FIGURES}
    return {name: figures[name] if value in (None, "") else value for name, value in stored.items()}
