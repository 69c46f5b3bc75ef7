"""Invented prints of Form 3 and Form 4, in the shape of published ones; nothing in them is a real agency's.

`invent` makes a complete assessment of an edition, `print_form3` and `print_form4` print it as the form's own
PDF comes out as text: columns by tabs, ticks in every style, page heads inside words, slips of typing.
`python -m tests.prints.make` writes the two prints that stand beside this file.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from criteria.reader import read_edition
from criteria.structure import Edition, Item, Part

EDITION = Path(__file__).parents[2] / "fixtures" / "criteria" / "pmqa40-2565"
APPLICANT = "กรมตัวอย่างสมมติ"
PRINTED = "16 กันยายน 2565"
YEARS = ("2562", "2563", "2564")

ONLINE, EARLIER = "2565", "2564"

_TICKED = ("[/]", '<input checked="" type="checkbox"/>', "[✓]", "☑", "( / )", "✓")
_EMPTY = ("☐", '<input type="checkbox"/>', "[ ]", "[]")
_LEADS = ("คือ", "เช่น", "ได้แก่", "โดย", "ระบุ", "ด้าน", "เรื่อง")
_LEAD_END = re.compile(rf"\s*({'|'.join(_LEADS)})$")
# Notes about the earlier form, not wordings of it.
_NOTES = ("มีช่อง", "(แยก", "มีเฉพาะ", "ไม่มีคำว่า")
# Wordings that are the label of one field, by its number.
_LABELS = {"4.2.2": 2, "4.2.4": 2, "4.3.4": 2, "4.4.3.1": 4, "5.1.5": 1, "5.4.2.2": 2}


@dataclass(frozen=True)
class Answer:
    """One part as the agency filled it and a reviewer marked it."""

    code: str
    fields: Mapping[str, str]
    ticked: bool = True
    left: str | None = None
    verdict: str | None = None
    comment: str = ""

    @property
    def status(self) -> str:
        return self.left or ("done" if self.fields or self.ticked else "not_started")


@dataclass(frozen=True)
class Indicator:
    topic: str
    group: int
    name: str
    direction: str
    unit: str
    target: str
    results: tuple[str, str, str]
    verdict: str | None = None
    comment: str = ""

    @property
    def percent(self) -> str:
        """Form 4 as published: latest result of target, one decimal; lower is better mirrored at 100."""
        share = Fraction(self.results[-1]) / Fraction(self.target)
        exact = (share if self.direction == "higher_is_better" else 2 - share) * 100
        tenths = int(exact * 10 + Fraction(1, 2))
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def score(self) -> str:
        share = Fraction(self.results[-1]) / Fraction(self.target)
        exact = (share if self.direction == "higher_is_better" else 2 - share) * 100
        return "200" if exact < 100 else "300" if exact < 105 else "400" if exact < 110 else "500"


@dataclass(frozen=True)
class Assessment:
    answers: tuple[Answer, ...]
    indicators: tuple[Indicator, ...] = ()

    def without_marks(self) -> "Assessment":
        return Assessment(
            tuple(replace(answer, verdict=None, comment="") for answer in self.answers),
            tuple(replace(row, verdict=None, comment="") for row in self.indicators),
        )


@dataclass(frozen=True)
class Style:
    """How a print looks. page: letters on a page, 0 for an endless one. slips: labels lose tone marks."""

    wording: str = ONLINE
    html: bool = True
    page: int = 1_800
    slips: bool = False
    seed: int = 1


# inventing

_SUBJECTS = (
    "หน่วยงานตัวอย่าง",
    "กรมตัวอย่างสมมติ",
    "คณะทำงานสมมติ",
    "ศูนย์ข้อมูลสมมติ",
    "กลุ่มพัฒนาระบบสมมติ",
)
_VERBS = (
    "จัดทำแผนงานร่วมกับ",
    "ปรับปรุงขั้นตอนร่วมกับ",
    "เผยแพร่ข้อมูลแก่",
    "รับฟังความเห็นจาก",
    "ทดลองระบบนำร่องกับ",
    "ติดตามงานทุกไตรมาสร่วมกับ",
)
_OBJECTS = (
    "ผู้รับบริการในพื้นที่สมมติ",
    "เครือข่ายภาคประชาชนสมมติ",
    "หน่วยงานระดับจังหวัดสมมติ",
    "ผู้ประกอบการรายย่อยสมมติ",
    "บุคลากรทุกระดับ",
)
_ENDS = (
    "ลดเวลารอจาก 45 นาทีเหลือ 20 นาที",
    "มีผู้ใช้งานเพิ่มขึ้นร้อยละ 12.5",
    "ดูได้ที่ https://example.go.th/plan/2565",
    "ใช้ระบบ Dashboard (รุ่นทดลอง) ติดตามผล",
    "1) สำรวจ 2) วิเคราะห์ 3) ปรับปรุง",
    "ครอบคลุม 5 อำเภอ ตามแผนปี พ.ศ. 2565",
    "ประกาศใน e-Service และ Line OA",
)


def sentence(source: random.Random) -> str:
    return (
        f"{source.choice(_SUBJECTS)}{source.choice(_VERBS)}{source.choice(_OBJECTS)} {source.choice(_ENDS)}"
    )


def text(source: random.Random, longest: int = 4) -> str:
    """An answer of one to three paragraphs that says it is invented."""
    paragraphs = [
        " ".join(sentence(source) for _ in range(source.randint(1, longest)))
        for _ in range(source.choice((1, 1, 2, 3)))
    ]
    return "\n".join([f"(ข้อความสมมติ) {paragraphs[0]}", *paragraphs[1:]])


def invent(edition: Edition, seed: int = 2565) -> Assessment:
    """A complete assessment, marked: every field filled, five indicators a topic, one part in nine failed."""
    source = random.Random(seed)
    answers = []
    for number, part in enumerate(edition.process_parts):
        fields = (
            {} if is_tick_only(part) else {asked.key: _value(asked.kind, source) for asked in part.fields}
        )
        failed = number % 9 == 4
        comment = f"(ความเห็นสมมติ) ควรแสดงผลของการดำเนินงานให้ชัดเจน {sentence(source)}" if failed else ""
        answers.append(Answer(part.code, fields, verdict="fail" if failed else "pass", comment=comment))
    return Assessment(tuple(answers), tuple(_indicators(edition, source)))


def is_tick_only(part: Part) -> bool:
    return not part.min_fields and not any(asked.required for asked in part.fields)


def _value(kind: str, source: random.Random) -> str:
    if kind == "percent":
        return str(source.randint(40, 95))
    if kind == "url":
        return f"https://example.go.th/open-data/{source.randint(100, 999)}"
    return text(source)


_MEASURES = (
    ("ร้อยละของงานบริการที่แล้วเสร็จตามเวลา", "ร้อยละ", "80", ("71.5", "76.25", "78.64")),
    ("ร้อยละความสำเร็จของโครงการนำร่อง", "ร้อยละ", "100", ("100", "100", "100")),
    ("จำนวนเครือข่ายที่ร่วมดำเนินการ", "หน่วยงาน", "200", ("180", "190", "217")),
    ("จำนวนนวัตกรรมที่นำไปใช้จริง", "เรื่อง", "5", ("0", "3", "9")),
    ("คะแนนความเชื่อมั่นของผู้รับบริการ", "คะแนน", "85", ("81.2", "83.45", "89.69")),
)


def _indicators(edition: Edition, source: random.Random) -> Iterable[Indicator]:
    """One indicator in each group; 7.3 leaves group 4 empty and has two in group 3."""
    topics = dict.fromkeys(edition.place_of_part[group.code][1].code for group in edition.groups)
    for topic in topics:
        for number in range(5):
            group = 3 if (topic, number) == ("7.3", 3) else number + 1
            name, unit, target, results = _MEASURES[(number + source.randint(0, 4)) % len(_MEASURES)]
            direction = "higher_is_better"
            if (topic, number) == ("7.6", 0):
                name, unit, target, results = "ต้นทุนต่อครั้งของการให้บริการ", "บาท", "100", ("130", "118", "92.5")
                direction = "lower_is_better"
            failed = (topic, number) in (("7.1", 2), ("7.5", 3))
            yield Indicator(
                topic,
                group,
                f"{name} ชุดที่ {number + 1} (ข้อมูลสมมติ)",
                direction,
                unit,
                target,
                results,
                "fail" if failed else "pass",
                "(ความเห็นสมมติ) ควรตั้งค่าเป้าหมายให้ท้าทายขึ้น" if failed else "",
            )


# printing


@dataclass
class _Page:
    """Counts letters, and breaks lines in the middle of a word where a page is full."""

    heads: Sequence[str]
    size: int
    html: bool
    lines: list[str] = field(default_factory=list)
    used: int = 0

    def line(self, printed: str) -> None:
        self.lines.append(printed)
        self.used += len(printed)

    def cell(self, paragraphs: Sequence[str], before: str = "\t\t") -> None:
        """A row of the third column; one line in HTML, one line a paragraph otherwise."""
        rest = list(paragraphs)
        while rest:
            fitting, rest = self._fitting(rest)
            if self.html and (len(fitting) > 1 or len(fitting[0]) > 60):
                self.line(before + " ".join(f"<p>{paragraph}</p>" for paragraph in fitting))
            else:
                for paragraph in fitting:
                    self.line(before + paragraph)
                    before = "\t\t"
            before = "\t\t"
            if rest:
                self.head()

    def _fitting(self, paragraphs: list[str]) -> tuple[list[str], list[str]]:
        if not self.size:
            return paragraphs, []
        room = self.size - self.used
        for index, paragraph in enumerate(paragraphs):
            if len(paragraph) > room:
                cut = _cut(paragraph, max(room, 20))
                if cut:
                    return [*paragraphs[:index], paragraph[:cut]], [paragraph[cut:], *paragraphs[index + 1 :]]
                break
            room -= len(paragraph)
        return paragraphs, []

    def head(self) -> None:
        self.lines += ["", *self.heads]
        self.used = 0


def _cut(paragraph: str, near: int) -> int:
    """A place between two Thai consonants, which must be joined without a space; 0 for none."""
    for place in range(near, len(paragraph) - 8):
        before, after = paragraph[place - 1], paragraph[place]
        if "ก" <= before <= "ฮ" and "ก" <= after <= "ฮ" and not paragraph[place:].startswith("ผ่าน"):
            return place
    return 0


class _Wordings:
    """What the form prints for an item: title, openings and labels, of this edition or the year before."""

    def __init__(self, edition: Edition, style: Style):
        self.variants: dict[str, str] = {}
        if style.wording == EARLIER:
            for topic in edition.topics.values():
                self.variants |= dict(topic.guide.variants)
        self.slips = random.Random(style.seed) if style.slips else None

    def slip(self, label: str) -> str:
        """Loses one tone mark of a label of some length, now and then."""
        marks = [index for index, sign in enumerate(label) if sign in "่้์"]
        if self.slips is None or len(label) < 14 or not marks or self.slips.random() < 0.5:
            return label
        lost = self.slips.choice(marks)
        return label[:lost] + label[lost + 1 :]

    def name(self, code: str, name: str) -> str:
        return self.variants.get(code, name)

    def item(self, item: Item) -> tuple[str, dict[str, list[str]], dict[str, str]]:
        """Title; by part the words before each printed blank; by part the words behind the last blank."""
        title = item.title_th
        before = {part.code: _labels(part) for part in item.parts}
        behind: dict[str, str] = {}
        first = item.parts[0]
        for code in (item.code, *(part.code for part in item.parts)):
            wording = self.variants.get(code, "")
            if not wording or any(note in wording for note in _NOTES):
                continue
            segments = [segment.strip() for segment in re.split(r"…|\.{3}", wording)]
            target = first.code if code == item.code else code
            blanks = before[target]
            if code in _LABELS:
                blanks[_LABELS[code] - 1] = segments[0]
                continue
            if code == item.code:
                lead = _LEAD_END.search(segments[0])
                title = segments[0][: lead.start()] if lead else segments[0]
                if lead and len(segments) > len(blanks) > 1:
                    # The earlier form has one blank more than we have fields; it stays empty.
                    segments[1] = f"{lead[1]} ..... {segments[1]}"
                    before[target] = segments[1:]
                    continue
                if (lead and len(segments) > 1) or (lead and len(blanks) == 1):
                    blanks[0] = lead[1]
            else:
                blanks[0] = segments[0]
            for number, segment in enumerate(segments[1:], start=1):
                if number < len(blanks) and not segment.startswith("("):
                    blanks[number] = segment
                elif segment:
                    behind[target] = segment
        return title, before, behind


def _labels(part: Part) -> list[str]:
    labels = [asked.label_th for asked in part.fields]
    if part.prompt_th:
        own = len(labels) > 1 and _LEAD_END.search(labels[0]) and labels[0] != part.prompt_th
        labels[0] = f"{part.prompt_th} {labels[0]}" if own else part.prompt_th
    return labels[:1] if is_tick_only(part) else labels


def print_form3(edition: Edition, assessment: Assessment, style: Style = Style()) -> str:
    """Form 3 of the answers given, in form order."""
    wordings = _Wordings(edition, style)
    answers = {answer.code: answer for answer in assessment.answers}
    printed = [*_form_head("แบบฟอร์มที่ 3", "แบบประเมินสถานะการเป็นระบบราชการ 4.0 ด้วยตนเอง")]
    ticks = random.Random(style.seed)
    for category in edition.of_kind("process"):
        codes = {part.code for part in category.parts}
        if not codes & set(answers):
            continue
        page = _Page(_page_head(category.code, category.name_th), style.page, style.html)
        page.head()
        for topic in category.topics:
            if any(part.code in answers for part in topic.parts):
                page.line(f"{topic.code} {wordings.slip(wordings.name(topic.code, topic.name_th))}\t\t")
            for item in topic.items:
                _print_item(page, item, wordings, answers, ticks)
        printed += page.lines
    return "\n".join(printed) + "\n"


def _form_head(*titles: str) -> list[str]:
    head = []
    for line in (*titles, f"ชื่อผู้สมัครรางวัล : {APPLICANT}", f"พิมพ์เมื่อวันที่ : {PRINTED}"):
        head += [line, ""]
    return head


def _page_head(code: str, name: str) -> list[str]:
    return [
        f"หมวด {code} {name}\t\t",
        "ระดับการพัฒนาองค์การสู่การเป็นระบบราชการ 4.0\t\t",
        "ยังไม่ได้ดำเนินการ\tอยู่ระหว่างเริ่มดำเนินการ\tหัวข้อ",
    ]


def _print_item(
    page: _Page, item: Item, wordings: _Wordings, answers: Mapping[str, Answer], ticks: random.Random
) -> None:
    shown = [part for part in item.parts if part.code in answers]
    if not shown:
        return
    title, before, behind = wordings.item(item)
    page.line(f"{item.code} {wordings.slip(title)}\t\t")
    for number, part in enumerate(shown):
        answer = answers[part.code]
        box = ticks.choice(_TICKED if answer.ticked else _EMPTY)
        numeral = f"{'๑๒๓๔'[number]}) " if len(shown) > 1 and ticks.random() < 0.3 else ""
        paragraphs = _blanks(part, answer, [wordings.slip(label) for label in before[part.code]], page.html)
        if part.code in behind:
            paragraphs[-1] += f" {behind[part.code]}"
        paragraphs[0] = f"{box} {numeral}{paragraphs[0]}"
        left = {"not_started": "[/]\t\t", "started": "\t[/]\t"}.get(answer.left or "", "\t\t")
        page.cell(paragraphs, left)
        _print_mark(page, answer.verdict, answer.comment, ticks)


def _blanks(part: Part, answer: Answer, labels: Sequence[str], html: bool) -> list[str]:
    """The paragraphs of a cell: label, blank, label, blank; an empty blank is dots only."""
    paragraphs: list[str] = []
    for asked, label in zip(part.fields, labels, strict=False):
        if is_tick_only(part):
            return [label]
        words = f"...{answer.fields[asked.key]}..." if answer.fields.get(asked.key) else "....."
        lines = words.split("\n")
        if html and len(lines) > 1:
            paragraphs += [label, *lines]
        elif paragraphs:
            paragraphs[-1] += f" {label} {lines[0]}"
            paragraphs += lines[1:]
        else:
            paragraphs += [f"{label} {lines[0]}".strip(), *lines[1:]]
    return paragraphs


def _print_mark(page: _Page, verdict: str | None, comment: str, ticks: random.Random) -> None:
    if verdict is None:
        return
    box = ticks.choice(_TICKED if verdict == "pass" else _EMPTY)
    word = "ผ่าน" if verdict == "pass" else "ไม่ผ่าน"
    if comment:
        page.cell([f"{box} {word}", *f"...{comment}...".split("\n")])
    else:
        page.cell([f"{box} {word}", "....."] if ticks.random() < 0.3 else [f"{box} {word}"])


def print_form4(edition: Edition, assessment: Assessment, style: Style = Style()) -> str:
    """Form 4 of the indicators given; groups without one keep their heading."""
    ticks = random.Random(style.seed)
    lines = _form_head("แบบฟอร์มที่ 4 ตัวชี้วัดหมวด 7")
    for topic in (topic for category in edition.of_kind("results") for topic in category.topics):
        rows = [row for row in assessment.indicators if row.topic == topic.code]
        if not rows:
            continue
        lines += [f"{topic.code} {topic.name_th}", "", *_wrapped(topic.guide.description_th), ""]
        for item in topic.items:
            group = int(item.code.rpartition(".")[2])
            star = "*" if item.required else ""
            lines += [f"{group}. {item.title_th}{star}", *_wrapped(item.description_th), ""]
            lines += [
                "ตัวชี้วัด\tค่าเป้าหมาย ปีล่าสุด\tผลการดำเนินงาน\t\t\t% ความสำเร็จ\tคะแนน",
                f"\t\t{YEARS[0]}\t{YEARS[1]}\t{YEARS[2]}\t\t",
            ]
            for number, row in enumerate((row for row in rows if row.group == group), start=1):
                lines += _indicator_lines(row, f"{group}.{number}", style, ticks)
            lines.append("")
    return "\n".join(lines) + "\n"


def _wrapped(words: str, width: int = 110) -> list[str]:
    """Lines broken at spaces, as the print does."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _indicator_lines(row: Indicator, code: str, style: Style, ticks: random.Random) -> list[str]:
    tag = "มากที่สุด" if row.direction == "higher_is_better" else "น้อยที่สุด"
    numbers = "\t".join((f"{row.target} {row.unit}", *row.results, row.percent, row.score))
    if ticks.random() < 0.5:
        lines = [f"{code} [{tag}] {row.name}\t{numbers}"]
    else:
        lines = [f"{code} [{tag}]\t{numbers}", row.name]
    if row.verdict:
        box = ticks.choice(_TICKED if row.verdict == "pass" else (*_EMPTY, ""))
        word = "ผ่าน" if row.verdict == "pass" else "ไม่ผ่าน"
        comment = f" ... {row.comment} ..." if row.comment else ""
        lines += [f"{box} {word}{comment}".strip() + "\t" * 6, ""]
    return lines


def write_files() -> None:
    """The pair beside this file: a complete marked assessment, for the browser journey and trying by hand."""
    edition = read_edition(EDITION)
    assessment = invent(edition)
    folder = Path(__file__).parent
    (folder / "form3-invented.txt").write_text(print_form3(edition, assessment), encoding="utf-8")
    (folder / "form4-invented.txt").write_text(print_form4(edition, assessment), encoding="utf-8")


if __name__ == "__main__":
    write_files()
