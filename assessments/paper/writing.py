"""The forms as they stand on paper: frozen or live content and its edition -> `paper.Paper`.

The order is the edition's and nothing else's; every code is taken from the tree. No request, no clock,
no database: the same content gives the same document. Texts that people typed go out as they are stored, figures
of the form are written by `Figures` in Arabic or Thai digits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assessments.models import Application, Form
from assessments.pages.topics import prompt_and_lead
from assessments.paper.content import (
    CLAIM_MARKS,
    DIRECTION_TAGS,
    LEVEL_NAMES,
    NO_CLAIM,
    NO_LEVEL,
    NO_VERDICT,
    NOTHING,
    VERDICT_MARKS,
    Answered,
    Figures,
    Judged,
    Paper,
    PrintedCategory,
    PrintedForm,
    PrintedGroup,
    PrintedIndicator,
    PrintedItem,
    PrintedMark,
    PrintedPart,
    PrintedTopic,
    Sent,
    TotalRow,
    Totals,
    Wanted,
)
from criteria import scoring
from criteria.fields import is_filled
from criteria.structure import PROCESS, PROFILE, RESULTS, Category, Edition, Field, Item, Part, Topic
from pmqa.seal import Seal, seal_of
from pmqa.text import normalise
from pmqa.thai import thai_date, thai_datetime

_TITLES = {
    Form.FORM3: ("แบบฟอร์มที่ 3", "แบบประเมินสถานะการเป็นระบบราชการ 4.0 ด้วยตนเอง"),
    Form.FORM4: ("แบบฟอร์มที่ 4", "ตัวชี้วัดหมวด 7"),
    Form.PROFILE: ("ลักษณะสำคัญขององค์การ", "Organizational Profile (OP)"),
}
# An old edition has one form, which its own title names.
_OLD_FORM = "แบบประเมินตนเอง"
# Form 1 has no part in the tree of an edition.
KINDS = {Form.FORM3: PROCESS, Form.FORM4: RESULTS, Form.PROFILE: PROFILE}


def compose(
    content: Mapping[str, Any],
    tree: Edition,
    wanted: Wanted,
    *,
    digest: str,
    years: Iterable[int],
    printed_on: date,
    sent: Sent | None,
    judged: Judged | None = None,
    has_scores: bool = True,
    has_contact: bool = False,
) -> Paper:
    """The document of `content` (assessments.snapshot) under the words of its edition `tree`.

    `judged` sets the verdict and the comment of a published result beside each answer. `has_contact`: for the agency
    and OPDC, who alone read whom to ask.
    """
    figures = Figures(wanted.thai_digits)
    score = _score(content, tree)
    writer = _Writer(content, tree, figures, score, judged)
    forms = _application(content, wanted, figures, has_contact=has_contact)
    forms += tuple(
        PrintedForm(
            form=form,
            number=figures.text(_TITLES[form][0] if tree.has_levels else _OLD_FORM),
            title=figures.text(_TITLES[form][1] if tree.has_levels else tree.title_th),
            has_levels=tree.has_levels,
            categories=tuple(writer.category(category) for category in _printed(tree, form, wanted)),
            years=tuple(figures.text(str(year)) for year in years),
        )
        for form in wanted.forms
        if form in KINDS and tree.of_kind(KINDS[form])
    )
    agency = normalise(content["agency"]["name"])
    first = "แบบฟอร์มที่ 1 " if forms and forms[0].form == Form.FORM1 else ""
    every = figures.text(f"{first}แบบฟอร์มที่ 3 แบบฟอร์มที่ 4 และลักษณะสำคัญขององค์การ")
    name = forms[0].number if len(forms) == 1 else every
    if wanted.category:
        name += figures.text(f" หมวด {wanted.category}")
    return Paper(
        title=f"{name} {agency} " + figures.text(f"พ.ศ. {content['cycle']['year']}"),
        agency=agency,
        cycle=figures.text(normalise(content["cycle"]["name"])),
        printed_on=figures.text(thai_date(printed_on)),
        edition=content["edition"]["code"],
        digest=digest,
        sent=sent,
        sent_at=figures.text(thai_datetime(sent.at, "full")) if sent else "",
        sent_number=figures.text(str(sent.number)) if sent else "",
        forms=forms,
        totals=writer.totals(wanted),
        thai_digits=wanted.thai_digits,
        has_scores=has_scores,
        judged=judged,
        judged_at=figures.text(thai_datetime(judged.at, "full")) if judged else "",
        judged_revision=figures.text(str(judged.revision)) if judged else "",
        seal=_seal(content, digest, f"ฉบับพิมพ์ {name}", figures, sent, judged),
    )


def _seal(
    content: Mapping[str, Any],
    digest: str,
    document: str,
    figures: Figures,
    sent: Sent | None,
    judged: Judged | None,
) -> Seal:
    """Of the result where its marks are on the paper, for that names the submission too; else of the submission.

    What was never submitted is issued by nobody: a draft has no code, and says so.
    """
    if judged:
        which = figures.text(f"ผลครั้งที่ {judged.revision}")
        return seal_of(judged.frozen, document=f"{document} พร้อมผลการตรวจ", which=which, digest=judged.digest)
    if sent:
        return seal_of(content, document=document, which=figures.text(f"ส่งครั้งที่ {sent.number}"), digest=digest)
    return seal_of(content, document=document, digest=digest, unsealed="เอกสารนี้เป็นฉบับร่าง ยังไม่ได้ส่ง")


_AWARDS = {
    Application.Award.WHOLE: "ทั้งรางวัล (ดีเด่น)",
    Application.Award.CATEGORIES: "รายหมวด หมวด {codes}",
}


def _application(
    content: Mapping[str, Any], wanted: Wanted, figures: Figures, *, has_contact: bool
) -> tuple[PrintedForm, ...]:
    """Form 1, where it was asked for by itself or something stands in it. Contents of an older schema have none."""
    stored = content.get("application")
    if Form.FORM1 not in wanted.forms or (stored is None and wanted.form == Form.ALL):
        return ()
    stored = stored or {"award": "", "categories": [], "contact": {}, "remarks": ""}
    award = _AWARDS.get(stored["award"], NOTHING).format(codes=", ".join(stored["categories"]))
    lines = [("สมัครรางวัลระดับ", figures.text(award))]
    if has_contact:
        contact = stored["contact"]
        lines += [
            (label, contact.get(key) or NOTHING)
            for key, label in (
                ("name", "ชื่อผู้ติดต่อ"),
                ("position", "ตำแหน่ง"),
                ("phone", "โทรศัพท์"),
                ("mail", "อีเมลของหน่วยงาน"),
            )
        ]
        lines.append(("หมายเหตุ", stored["remarks"] or NOTHING))
    return (
        PrintedForm(form=Form.FORM1, number=figures.text("แบบฟอร์มที่ 1"), title="ใบสมัคร", lines=tuple(lines)),
    )


def _printed(tree: Edition, form: Form, wanted: Wanted) -> Iterable[Category]:
    return (
        category
        for category in tree.of_kind(KINDS[form])
        if not wanted.category or category.code == wanted.category
    )


def _score(content: Mapping[str, Any], tree: Edition) -> scoring.Score:
    """The provisional score of what is claimed, by the policy that the content names."""
    stored = content["policy"]
    policy = scoring.policy_from(stored["name"], stored["parameters"])
    claims = {code: part["claim"] for code, part in content["parts"].items() if part["claim"]}
    indicators = []
    for row in content["indicators"]:
        topic, group = row["group"].rsplit(".", 1)
        indicators.append(
            scoring.Indicator(
                topic=topic,
                group=int(group),
                direction=row["direction"],
                target=_exact(row["target"]),
                results=tuple(_exact(result) for result in row["results"]),
                name=row["name"],
            )
        )
    return scoring.claimed(tree, policy, claims, indicators)


def _exact(stored: str | None):
    return None if stored is None else scoring.exact(stored)


@dataclass(frozen=True)
class _Writer:
    """Writes categories of any kind; knows the content, its figures and its score."""

    content: Mapping[str, Any]
    tree: Edition
    figures: Figures
    score: scoring.Score
    judged: Judged | None

    def category(self, category: Category) -> PrintedCategory:
        write = {PROCESS: self._process, RESULTS: self._results, PROFILE: self._profile}[category.kind]
        return PrintedCategory(
            code=self.figures.text(category.code),
            name=self.figures.text(category.name_th),
            topics=tuple(write(topic) for topic in category.topics),
        )

    # --- Form 3

    def _process(self, topic: Topic) -> PrintedTopic:
        return PrintedTopic(
            code=self.figures.text(topic.code),
            name=self.figures.text(topic.name_th),
            items=tuple(self._item(item) for item in topic.items),
        )

    def _item(self, item: Item) -> PrintedItem:
        return PrintedItem(
            code=self.figures.text(item.shown),
            title=self.figures.text(item.title_th),
            area=item.area_th,
            level="" if item.has_own_part_levels or not item.level else LEVEL_NAMES[item.level],
            parts=tuple(
                self._part(part, item, place) if part.level else self._question(part)
                for place, part in enumerate(item.parts, start=1)
            ),
        )

    def _part(self, part: Part, item: Item, place: int) -> PrintedPart:
        prompt, lead = prompt_and_lead(part)
        number = f"{place}) " if len(item.parts) > 1 else ""
        if prompt or not part.fields:
            prompt = number + prompt
        else:
            lead = number + (lead or part.fields[0].label_th)
        glyph, words = CLAIM_MARKS.get(self._stored(part).get("claim"), NO_CLAIM)
        return PrintedPart(
            code=self.figures.text(part.code),
            level=LEVEL_NAMES[part.level] if item.has_own_part_levels else "",
            glyph=glyph,
            claim=words,
            prompt=self.figures.text(prompt),
            blanks=self._blanks(part, lead),
            mark=self._mark(part.code),
        )

    def _question(self, part: Part) -> PrintedPart:
        """A question of an old edition: its number and the mark (#), without a status."""
        return PrintedPart(
            code=self.figures.text(part.shown) + (" (#)" if part.compulsory else ""),
            level="",
            glyph="",
            claim="",
            mark=self._mark(part.code),
            prompt=self.figures.text(part.prompt_th),
            blanks=self._blanks(part),
        )

    def _mark(self, code: str) -> PrintedMark | None:
        if self.judged is None:
            return None
        outcome, comment = self.judged.marks.get(code, ("", ""))
        return PrintedMark(*VERDICT_MARKS.get(outcome, NO_VERDICT), comment.strip())

    def _stored(self, part: Part) -> Mapping[str, Any]:
        return self.content["parts"].get(part.code, {})

    def _blanks(self, part: Part, lead: str = "") -> tuple[Answered, ...]:
        """`lead` stands in place of the label of the first blank."""
        values = self._stored(part).get("values", {})
        return tuple(
            self._blank(blank, values.get(blank.key), (not place and lead) or blank.label_th)
            for place, blank in enumerate(part.fields)
        )

    def _blank(self, blank: Field, value: Any, lead: str) -> Answered:
        kind = blank.kind if is_filled(value) else "empty"
        if kind == "percent":
            value = self.figures.text(f"ร้อยละ {value}")
        elif kind == "number":
            value = self.figures.number(value)
        elif kind == "date":
            value = self.figures.day(value)
        elif kind == "table":
            value = [row for row in value if blank.rows or any(cell.strip() for cell in row)]
        elif kind == "list":
            value = [entry for entry in value if entry.strip()]
        heads = tuple(
            tuple(replace(head, words=self.figures.text(head.words)) for head in row)
            for row in blank.head_rows
        )
        return Answered(self.figures.text(lead), kind, value, heads)

    # --- Form 4

    def _results(self, topic: Topic) -> PrintedTopic:
        results = {entry.code: entry.result for entry in self.score.topics[topic.code].indicators}
        return PrintedTopic(
            code=self.figures.text(topic.code),
            name=self.figures.text(topic.name_th),
            description=self.figures.text(topic.guide.description_th),
            groups=tuple(self._group(item, results) for item in topic.items),
        )

    def _group(self, item: Item, results: Mapping[str, scoring.IndicatorResult]) -> PrintedGroup:
        code = item.parts[0].code
        rows = [row for row in self.content["indicators"] if row["group"] == code]
        return PrintedGroup(
            number=self.figures.text(code.rpartition(".")[2]),
            title=self.figures.text(item.title_th) + ("*" if item.required else ""),
            description=self.figures.text(item.description_th),
            indicators=tuple(self._indicator(row, results[row["code"]]) for row in rows),
        )

    def _indicator(self, row: Mapping[str, Any], result: scoring.IndicatorResult) -> PrintedIndicator:
        write = self.figures
        return PrintedIndicator(
            code=write.text(row["code"]),
            number=write.text(".".join(row["code"].split(".")[-2:])),
            tag=DIRECTION_TAGS[row["direction"]],
            name=row["name"],
            target=write.number(row["target"]),
            unit=row["unit"],
            results=tuple(map(write.number, row["results"])),
            percent=write.text(result.percent_display or NOTHING),
            score=write.text(str(result.score)) if result.scorable else NOTHING,
            basis=row["target_basis"],
            peer=row["peer_name"],
            peer_result="" if row["peer_result"] is None else write.number(row["peer_result"]),
            mark=self._mark(row["code"]),
        )

    # --- the profile

    def _profile(self, topic: Topic) -> PrintedTopic:
        return PrintedTopic(
            code=topic.code,
            name=self.figures.text(topic.name_th),
            questions=tuple(blank for part in topic.parts for blank in self._blanks(part)),
        )

    # --- the last page

    def totals(self, wanted: Wanted) -> Totals:
        kinds = [KINDS[form] for form in wanted.forms if form in KINDS]
        categories = [
            category
            for kind in (PROCESS, RESULTS)
            if kind in kinds
            for category in self.tree.of_kind(kind)
            if not wanted.category or category.code == wanted.category
            if kind == RESULTS or category.has_levels
        ]
        profile = [part for category in self.tree.of_kind(PROFILE) for part in category.parts]
        answered = sum(any(map(is_filled, self._stored(part).get("values", {}).values())) for part in profile)
        return Totals(
            rows=tuple(self._total_row(category) for category in categories),
            whole=self._whole(categories, wanted) if len(categories) > 1 else None,
            profile=self.figures.text(f"{answered}/{len(profile)}") if profile and PROFILE in kinds else "",
        )

    def _total_row(self, category: Category) -> TotalRow:
        scored = self.score.by_category[category.code]
        return TotalRow(
            code=self.figures.text(category.code),
            name=self.figures.text(category.name_th),
            counts=self._counts([category]) if category.kind == PROCESS else (),
            indicators="" if category.kind == PROCESS else self._indicator_count(category),
            score=self.figures.text(scoring.display_score(scored.score)),
            level=LEVEL_NAMES.get(scored.level, NO_LEVEL),
            verdicts=self._verdicts([category]),
        )

    def _whole(self, categories: list[Category], wanted: Wanted) -> TotalRow:
        """The sum; points and level are those of all seven categories, so Form 3 alone has none."""
        process = [category for category in categories if category.kind == PROCESS]
        has_all = wanted.form == Form.ALL
        return TotalRow(
            code="",
            name="รวม",
            counts=self._counts(process),
            indicators="",
            score=self.figures.text(scoring.display_score(self.score.total)) if has_all else "",
            level=LEVEL_NAMES.get(self.score.level, NO_LEVEL) if has_all else "",
            verdicts=self._verdicts(categories),
        )

    def _verdicts(self, categories: list[Category]) -> tuple[str, ...]:
        if self.judged is None:
            return ()
        parts = {part.code for category in categories for part in category.parts}
        codes = parts | {row["code"] for row in self.content["indicators"] if row["group"] in parts}
        outcomes = [outcome for code, (outcome, _comment) in self.judged.marks.items() if code in codes]
        return tuple(self.figures.text(str(outcomes.count(outcome))) for outcome in VERDICT_MARKS)

    def _counts(self, categories: list[Category]) -> tuple[str, ...]:
        claims = [self._stored(part).get("claim", "") for category in categories for part in category.parts]
        return tuple(self.figures.text(str(claims.count(claim))) for claim in (*CLAIM_MARKS, ""))

    def _indicator_count(self, category: Category) -> str:
        codes = {part.code for part in category.parts}
        have = sum(row["group"] in codes for row in self.content["indicators"])
        wanted = sum(topic.answers_required or 0 for topic in category.topics)
        return self.figures.text(f"{have}/{wanted} ตัวชี้วัด")
