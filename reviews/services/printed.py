"""Carrying a printed form into an assessment: all of it or nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.importing import Document, PrintedForm, PrintedIndicator, PrintedPart, number
from assessments.models import EDITABLE, Answer, Assessment, Cycle, Indicator
from assessments.reading import read_answers, tree_of
from assessments.services.answers import create
from assessments.services.history import Before, remember
from assessments.workflow import lock
from criteria.catalogue import part_ids
from criteria.fields import Fault, clean, is_filled, plain_number
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from pmqa.versioning import swap
from reviews.models import ImportedMark


@dataclass(frozen=True)
class Imported:
    """What an import wrote. `assessment` is in drafting, or returned."""

    assessment: Assessment
    parts: int
    indicators: int
    marks: int


@transaction.atomic
def import_document(
    document: Document, agency: Agency, cycle: Cycle, *, replace: bool = False, by: User | None = None
) -> Imported:
    """Write what a print says into the agency's assessment of `cycle`, which is made when it is missing.

    Without `replace`, an answer that is filled and differs refuses the whole import (Refused, code "filled"),
    and so does an assessment that was submitted (code "closed"). Verdicts are kept as imported marks and
    never become a reviewer's.
    """
    assessment = Assessment.objects.filter(agency=agency, cycle=cycle).first() or create(cycle, agency, by=by)
    assessment = lock(assessment)
    if assessment.status not in EDITABLE:
        raise Refused(_("นำเข้าไม่ได้ เพราะแบบประเมินถูกส่งแล้ว"), code="closed")
    writer = _Writer(assessment, document, by)
    if not replace and (filled := writer.filled_differently()):
        raise Refused(
            _("มีคำตอบอยู่แล้วและต่างจากแบบพิมพ์ ใช้ --replace เพื่อแทนที่: %(codes)s") % {"codes": " ".join(filled)},
            code="filled",
        )
    marks = writer.write()
    log.record(
        "assessment.imported",
        assessment,
        by=by,
        agency=agency,
        files=[form.file for form in document.forms],
        parts=len(document.parts),
        indicators=len(document.indicators),
        marks=marks,
    )
    return Imported(assessment, len(document.parts), len(document.indicators), marks)


class _Writer:
    """The answers of one assessment beside what a print says of them."""

    def __init__(self, assessment: Assessment, document: Document, by: User | None):
        self.assessment = assessment
        self.document = document
        self.by = by
        self.edition = tree_of(assessment)
        self.answers = read_answers(assessment)
        self.ids = part_ids(assessment.cycle.edition)
        self.now = timezone.now()
        self.form3 = next((form for form in document.forms if form.form == 3), None)
        self.form4 = next((form for form in document.forms if form.form == 4), None)

    def filled_differently(self) -> list[str]:
        codes = [
            part.code
            for part in self.document.parts
            if (stored := self.answers.parts[part.code])
            and (stored.claim or any(is_filled(value) for value in stored.values.values()))
            and (stored.claim, _filled(stored.values)) != (part.status, _filled(self._values(part)))
        ]
        printed: dict[str, list[dict]] = {}
        for indicator in self.document.indicators:
            printed.setdefault(f"{indicator.topic}.{indicator.group}", []).append(_figures(indicator))
        for code, figures in printed.items():
            stored = [_stored_figures(answer.indicator) for answer in self.answers.indicators.get(code, [])]
            if stored and stored != figures:
                codes.append(code)
        return codes

    def write(self) -> int:
        """Write everything; return how many marks were kept."""
        marks = sum(self._part(part) for part in self.document.parts)
        by_group: dict[str, list[PrintedIndicator]] = {}
        for indicator in self.document.indicators:
            by_group.setdefault(f"{indicator.topic}.{indicator.group}", []).append(indicator)
        return marks + sum(self._group(code, rows) for code, rows in by_group.items())

    def _values(self, part: PrintedPart) -> dict:
        """The printed blanks as the form would store them; what a blank does not accept stays as printed,
        for the agency to mend: a print is not turned away for a slip in one of 130 parts."""
        values = {}
        for blank in self.edition.parts[part.code].fields:
            if blank.key in part.fields:
                try:
                    values[blank.key] = clean(blank, part.fields[blank.key])
                except Fault:
                    values[blank.key] = part.fields[blank.key]
        return values

    def _part(self, part: PrintedPart) -> bool:
        stored = self.answers.parts[part.code]
        values = self._values(part)
        if (stored.claim, stored.values) != (part.status, values):
            before = Before(stored, {"claim": stored.claim, "values": stored.values})
            stored = self._save(stored, claim=part.status, values=values)
            remember(stored, {"claim": part.status, "values": values}, by=self.by, before=before)
        return self._mark(stored, part.verdict, part.comment, self.form3)

    def _group(self, code: str, rows: list[PrintedIndicator]) -> int:
        """The printed rows take the places of the stored ones; stored rows beyond them are removed."""
        stored = self.answers.indicators.get(code, [])
        for surplus in stored[len(rows) :]:
            self._save(surplus, removed_at=self.now)
        ordinal = max((answer.ordinal for answer in self._all_of(code)), default=0)
        marks = 0
        for position, row in enumerate(rows):
            figures = _figures(row)
            if position < len(stored):
                answer = stored[position]
                if _stored_figures(answer.indicator) != figures:
                    answer = self._save(answer)
                    Indicator.objects.filter(pk=answer.pk).update(**figures)
            else:
                ordinal += 1
                answer = Answer.objects.create(
                    assessment=self.assessment,
                    part_id=self.ids[code],
                    ordinal=ordinal,
                    updated_at=self.now,
                    updated_by=self.by,
                )
                Indicator.objects.create(answer=answer, **figures)
            marks += self._mark(answer, row.verdict, row.comment, self.form4)
        return marks

    def _all_of(self, code: str):
        return self.assessment.answers.filter(part=self.ids[code])

    def _save(self, answer: Answer, **changes) -> Answer:
        return swap(
            answer, answer.version, carried_over=False, updated_at=self.now, updated_by=self.by, **changes
        )

    def _mark(self, answer: Answer, verdict: str | None, comment: str, form: PrintedForm) -> bool:
        if verdict is None:
            ImportedMark.objects.filter(answer=answer).delete()
            return False
        ImportedMark.objects.update_or_create(
            answer=answer,
            defaults={
                "outcome": verdict,
                "comment": comment,
                "source": form.file[-200:],
                "printed_on": date.fromisoformat(form.printed) if form.printed else None,
                "imported_at": self.now,
            },
        )
        return True


def _filled(values: dict) -> dict:
    return {key: value for key, value in values.items() if is_filled(value)}


def _figures(row: PrintedIndicator) -> dict:
    results = [_decimal(result) for result in row.results]
    return {
        "name": row.name,
        "unit": row.unit,
        "direction": row.direction,
        "target": _decimal(row.target),
        **{f"result_{place}": result for place, result in enumerate(results, start=1)},
    }


def _stored_figures(indicator: Indicator) -> dict:
    names = ("name", "unit", "direction", "target", "result_1", "result_2", "result_3")
    return {name: getattr(indicator, name) for name in names}


def _decimal(text: str | None) -> Decimal | None:
    """A printed figure as it is stored: six places at most; None where the print has none."""
    if text is None or not text.strip():
        return None
    value = number(text)
    return None if value is None else Decimal(plain_number(Decimal(value.numerator) / value.denominator))
