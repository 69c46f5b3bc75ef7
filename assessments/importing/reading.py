"""Reads a set of printed files into one document."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from assessments.importing import heads
from assessments.importing.document import (
    HEAD,
    UNPLACED,
    Document,
    Line,
    NotAForm,
    PrintedForm,
    PrintedIndicator,
    PrintedPart,
    Refused,
    StrayLine,
)
from assessments.importing.form3 import Form3Reader
from assessments.importing.form4 import Form4Reader, ResultsWording, with_torn_units
from assessments.importing.likeness import arabic
from assessments.importing.ours import OwnForm3Reader, furniture
from assessments.importing.rows import Row, read_rows
from assessments.importing.wording import FormWording
from criteria.scoring import Policy, exact, indicator_result
from criteria.structure import Edition


@dataclass
class _File:
    """What one file holds; parts and indicators with the line they were met in."""

    name: str
    forms: list[PrintedForm] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    parts: list[tuple[int, PrintedPart]] = field(default_factory=list)
    indicators: list[tuple[int, str, PrintedIndicator]] = field(default_factory=list)


def read_prints(edition: Edition, policy: Policy, files: Sequence[tuple[str, str]]) -> Document:
    """The union of printed forms of one agency, from (name, text) pairs.

    `policy` gives the percentages and scores that printed ones are compared with. Raises NotAForm when a file
    has the head of neither form, Refused when a code is printed twice.
    """
    form_wording, results_wording = FormWording(edition), ResultsWording(edition)
    read = [_read_file(name, text, form_wording, results_wording) for name, text in files]
    parts = _once({part.code: None for part in edition.process_parts}, read)
    indicators = _indicators(read)
    return Document(
        forms=tuple(form for file in read for form in file.forms),
        parts=parts,
        indicators=indicators,
        findings=tuple(_findings(policy, indicators)),
        unplaced=tuple(
            StrayLine(file.name, number, file.rows[number].raw.strip())
            for file in read
            for number, place in sorted(file.places.items())
            if place == UNPLACED
        ),
        lines=tuple(
            Line(file.name, number, place) for file in read for number, place in sorted(file.places.items())
        ),
    )


def _read_file(name: str, text: str, form_wording: FormWording, results_wording: ResultsWording) -> _File:
    file = _File(name)
    rows = list(read_rows(text))
    ours = furniture(rows)
    form3 = (OwnForm3Reader if ours else Form3Reader)(form_wording, file.places)
    form4 = Form4Reader(results_wording, file.places)
    readers = {3: form3, 4: form4}
    current: int | None = None
    segment: list[tuple[Row, bool, bool]] = []

    def flush() -> None:
        if current is None:
            for row, _, _ in segment:
                file.places[row.number] = UNPLACED
        else:
            rows = [row for row, _, _ in segment]
            for index, (_, after_break, after_blank) in enumerate(segment):
                readers[current].read(rows, index, after_break=after_break, after_blank=after_blank)
            readers[current].finish()
        segment.clear()

    after_break = after_blank = False
    for index, row in enumerate(rows):
        if row is None:
            after_blank = True
            continue
        file.rows[row.number] = row
        after_break = after_break or row.page_before
        number = heads.form_number(row)
        if ours and row.number in ours.ends:
            flush()
            current = None
            file.places[row.number] = HEAD
        elif number:
            if number != current:
                flush()
                current = number
                file.forms.append(PrintedForm(name, number, "", None))
            file.places[row.number] = HEAD
            after_break = True
        elif (
            (ours and row.number in ours.lines)
            or (file.forms and _completes_form(file, row))
            or _is_page_head(rows, index, row, form_wording)
        ):
            file.places[row.number] = HEAD
            after_break = True
        else:
            segment.append((row, after_break, after_blank))
            after_break = after_blank = False
    if not file.forms:
        raise NotAForm(f"{name}: neither แบบฟอร์มที่ 3 nor แบบฟอร์มที่ 4 is printed in it")
    flush()
    file.parts = form3.parts
    file.indicators = [
        (entry.lines[0], f"{entry.topic}.{entry.group}.{entry.number}", entry.printed())
        for entry in form4.indicators
    ]
    return file


def _completes_form(file: _File, row: Row) -> bool:
    """Applicant and day of printing; the form may repeat both on each page."""
    form = file.forms[-1]
    applicant = heads.applicant(row)
    if applicant is not None and form.applicant in ("", applicant):
        file.forms[-1] = replace(form, applicant=applicant)
        return True
    printed = heads.printed_line(row)
    if printed is None:
        return False
    day = heads.printed_day(printed)
    if day is None or form.printed not in (None, day):
        return False
    file.forms[-1] = replace(form, printed=day)
    return True


def _is_page_head(rows: list[Row | None], index: int, row: Row, wording: FormWording) -> bool:
    if heads.is_page_head(row, wording.categories):
        return True
    if not (row.flush and not row.tabbed and row.plain.isdigit() and len(row.plain) <= 3):
        return False
    following = next((entry for entry in rows[index + 1 : index + 6] if entry), None)
    return following is not None and (
        following.page_before or heads.is_page_head(following, wording.categories)
    )


def _once(order: dict[str, None], read: list[_File]) -> tuple[PrintedPart, ...]:
    """All parts in form order; raises Refused for a code that is printed twice."""
    met: dict[str, tuple[str, int]] = {}
    parts: dict[str, PrintedPart] = {}
    for file in read:
        for line, part in file.parts:
            _refuse_twice(met, part.code, file.name, line)
            parts[part.code] = part
    return tuple(parts[code] for code in order if code in parts)


def _indicators(read: list[_File]) -> tuple[PrintedIndicator, ...]:
    met: dict[str, tuple[str, int]] = {}
    numbered = []
    for file in read:
        for line, code, indicator in file.indicators:
            _refuse_twice(met, code, file.name, line)
            numbered.append((tuple(int(number) for number in code.split(".")), indicator))
    numbered.sort(key=lambda entry: entry[0])
    indicators = [indicator for _, indicator in numbered]
    for index, (name, unit) in with_torn_units(indicators).items():
        indicators[index] = replace(indicators[index], name=name, unit=unit)
    return tuple(indicators)


def _refuse_twice(met: dict[str, tuple[str, int]], code: str, file: str, line: int) -> None:
    if code in met:
        before, at = met[code]
        raise Refused(
            f"พบรหัส {code} ซ้ำ: {before} บรรทัด {at} และ {file} บรรทัด {line} กรุณานำเข้าครั้งละหนึ่งฉบับ",
            code="printed_twice",
        )
    met[code] = (file, line)


def number(text: str | None) -> Fraction | None:
    """The value of a number as the form prints it (1,250.5 or ๑๐๐); None where it is no number."""
    try:
        return exact(arabic(text or "").replace(",", ""))
    except ValueError:
        return None


def _findings(policy: Policy, indicators: Sequence[PrintedIndicator]) -> list[str]:
    """Where a printed percentage or score is not what the policy gives, one English line each."""
    findings = []
    seen: dict[tuple[str, int], int] = {}
    for entry in indicators:
        key = (entry.topic, entry.group)
        seen[key] = seen.get(key, 0) + 1
        place = f"{entry.topic} group {entry.group}" + (f" indicator {seen[key]}" if seen[key] > 1 else "")
        ours = indicator_result(
            policy, entry.direction, number(entry.target), [number(result) for result in entry.results]
        )
        if entry.percent and not _agrees(entry.percent, ours.percent):
            shown = "none" if ours.percent_display is None else f"{ours.percent_display} %"
            findings.append(f"{place}: printed {entry.percent} %, ours is {shown}")
        if entry.score and number(entry.score) != ours.score:
            findings.append(f"{place}: printed score {entry.score}, ours is {ours.score}")
    return findings


def _agrees(printed: str, percent: Fraction | None) -> bool:
    """Equal when rounded as printed."""
    value = number(printed)
    if value is None or percent is None:
        return False
    places = len(printed.partition(".")[2])
    return abs(value - percent) <= Fraction(1, 2 * 10**places)
