"""What stands on a printed form: plain data, as the templates of print/ show it (written by `writing`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import InvalidOperation
from typing import Any

from assessments.models import Claim, Form, Indicator
from criteria.structure import Head
from pmqa.seal import Seal
from pmqa.thai import thai_date, thai_digits, thai_number

# One glyph for each status, in the printed face and distinct in black and white.
CLAIM_MARKS = {
    Claim.DONE.value: ("●", "ดำเนินการแล้ว"),
    Claim.STARTED.value: ("○", "อยู่ระหว่างเริ่มดำเนินการ"),
    Claim.NOT_STARTED.value: ("□", "ยังไม่ได้ดำเนินการ"),
}
NO_CLAIM = ("–", "ยังไม่เลือกสถานะ")
# Besides these: one glyph for each verdict.
VERDICT_MARKS = {"pass": ("✓", "ผ่าน"), "fail": ("✗", "ไม่ผ่าน")}
NO_VERDICT = ("–", "ไม่มีผลการตรวจ")
LEVEL_NAMES = {"basic": "Basic", "advance": "Advance", "significance": "Significance"}
NO_LEVEL = "ยังไม่ถึง Basic"
NOTHING = "–"
# As the printed form says it.
DIRECTION_TAGS = {
    Indicator.Direction.HIGHER.value: "[มากที่สุด]",
    Indicator.Direction.LOWER.value: "[น้อยที่สุด]",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """That the content was submitted: which time, when and by whom. None of it for a draft."""

    number: int
    receipt: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What a published result says of each answer: (outcome, comment) by code, when, and the result's digest.

    frozen: agency, cycle, edition and policy as that result has them, for the seal.
    """

    at: datetime
    revision: int
    digest: str
    marks: Mapping[str, tuple[str, str]]
    frozen: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is printed: a form or all of them, one category of Form 3 or all, and the digits."""

    form: str
    category: str = ""
    thai_digits: bool = False

    @property
    def forms(self) -> tuple[Form, ...]:
        every = (Form.FORM1, Form.FORM3, Form.FORM4, Form.PROFILE)
        return every if self.form == Form.ALL else (Form(self.form),)


@dataclass(frozen=True, slots=True)
class Figures:
    """How figures are written: Thai readers ask for either kind of digits."""

    thai: bool = False

    def text(self, text: str) -> str:
        return thai_digits(text) if self.thai else text

    def number(self, stored: str | None) -> str:
        """A stored decimal with separators; what is no number stays as it was typed."""
        if stored is None:
            return NOTHING
        try:
            return self.text(thai_number(stored))
        except InvalidOperation:
            return stored

    def day(self, stored: str) -> str:
        """A stored ISO date in Thai words; what is no date stays as it was typed."""
        try:
            return self.text(thai_date(date.fromisoformat(stored)))
        except ValueError:
            return stored


# --- what stands on paper ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """A blank: its lead words, once and before the text. `kind` chooses how the value is set."""

    lead: str
    kind: str
    value: Any
    heads: tuple[tuple[Head, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedMark:
    """The verdict on one answer; without a comment nothing stands there."""

    glyph: str
    words: str
    comment: str


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """Where an item has several parts, each begins with its number: ๑) then ๒). `level` is its own."""

    code: str
    level: str
    glyph: str
    claim: str
    prompt: str
    blanks: tuple[Answered, ...]
    mark: PrintedMark | None


@dataclass(frozen=True, slots=True)
class PrintedItem:
    code: str
    title: str
    level: str
    parts: tuple[PrintedPart, ...]
    area: str = ""


@dataclass(frozen=True, slots=True)
class PrintedIndicator:
    """One row of Form 4. `code` is whole, `number` as it stands inside its group."""

    code: str
    number: str
    tag: str
    name: str
    target: str
    unit: str
    results: tuple[str, ...]
    percent: str
    score: str
    basis: str
    peer: str
    peer_result: str
    mark: PrintedMark | None


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    number: str
    title: str
    description: str
    indicators: tuple[PrintedIndicator, ...]


@dataclass(frozen=True, slots=True)
class PrintedTopic:
    """A topic with what its form has: items, groups, or the questions of the profile."""

    code: str
    name: str
    description: str = ""
    items: tuple[PrintedItem, ...] = ()
    groups: tuple[PrintedGroup, ...] = ()
    questions: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedCategory:
    code: str
    name: str
    topics: tuple[PrintedTopic, ...]


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form with its categories; Form 1 has `lines` instead, (label, text)."""

    form: str
    number: str
    title: str
    categories: tuple[PrintedCategory, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    years: tuple[str, ...] = ()
    has_levels: bool = True

    @property
    def template(self) -> str:
        return f"print/{self.form}.html"


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A category on the last page. `counts` follow CLAIM_MARKS and NO_CLAIM; Form 4 counts its indicators.

    `verdicts`: how many pass and fail, of a document with marks.
    """

    code: str
    name: str
    counts: tuple[str, ...]
    indicators: str
    score: str
    level: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The last page: what was counted, and what it would come to. `whole` only where all is printed."""

    rows: tuple[TotalRow, ...]
    whole: TotalRow | None
    profile: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. Without `has_scores` nothing on it is an agency's score or level of its own."""

    title: str
    agency: str
    cycle: str
    printed_on: str
    edition: str
    digest: str
    sent: Sent | None
    sent_at: str
    sent_number: str
    forms: tuple[PrintedForm, ...]
    totals: Totals
    thai_digits: bool
    has_scores: bool
    judged: Judged | None
    judged_at: str
    judged_revision: str
    seal: Seal
