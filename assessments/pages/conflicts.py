"""Two saves of one part: what the person is shown, and what they chose."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.forms.application import ApplicationForm
from assessments.forms.parts import CELL_MARK, AnswerForm, as_lines, from_lines
from assessments.models import Answer, Application, Claim, award_words
from assessments.texts.comparing import Piece, compare
from criteria.structure import Field, Part

KEEP = ("mine", "theirs", "merged")
# Posted with every form and part of no text.
NOT_TYPED = ("csrfmiddlewaretoken", "version", "keep")


@dataclass(frozen=True)
class ConflictField:
    """One blank in both versions, with the differing words in <ins>, and a proposal that holds both."""

    key: str
    label: str
    mine: SafeString
    theirs: SafeString
    merged: str


def conflict_context(form: AnswerForm, current: Answer) -> dict:
    """Context of partials/conflict.html: a valid `form` that came too late, and `current`, what is stored."""
    mine, theirs = form.values, current.values
    differing = [blank for blank in form.part.fields if mine.get(blank.key) != theirs.get(blank.key)]
    own_claim = form.chosen_claim
    return {
        "form": form,
        "part": form.part,
        "fields": [
            _field(blank, mine.get(blank.key, ""), theirs.get(blank.key, ""))
            for blank in differing or form.part.fields
        ],
        "version": current.version,
        "their_name": current.updated_by or _("ระบบ"),
        "their_time": current.updated_at,
        "typed": [
            (f"mine-{name}", text)
            for name, texts in form.data.lists()
            for text in texts
            if name not in NOT_TYPED
        ],
        "own_claim": own_claim,
        "claims": Claim.choices,
        "claims_differ": own_claim != current.claim,
        "own_claim_label": claim_label(own_claim),
        "their_claim_label": claim_label(current.claim),
    }


def application_fields(form: ApplicationForm, current: Application) -> list[ConflictField]:
    """The blanks of Form 1 that differ: a valid `form` that came too late, and `current`, what is stored."""
    typed = form.cleaned_data
    pairs = [("award", _("รางวัลที่สมัคร"), award_words(typed), current.words)]
    pairs += [(name, label, typed[name], getattr(current, name)) for name, label in form.LABELS]
    return [
        side_by_side(name, label, mine, theirs, empty=_("ยังไม่ระบุ"))
        for name, label, mine, theirs in pairs
        if mine != theirs
    ]


def claim_label(claim: str) -> str:
    return Claim(claim).label if claim else _("ยังไม่เลือกสถานะ")


def _field(blank: Field, mine, theirs) -> ConflictField:
    label = blank.label_th
    if blank.kind == "table":
        label = _("%(label)s (หนึ่งแถวต่อบรรทัด คั่นแต่ละช่องด้วย %(mark)s)") % {
            "label": label,
            "mark": CELL_MARK.strip(),
        }
    return side_by_side(blank.key, label, as_lines(mine), as_lines(theirs), empty=_("ยังไม่มีคำตอบ"))


def side_by_side(key: str, label: str, mine: str, theirs: str, *, empty: str) -> ConflictField:
    """Two texts as the conflict templates show them; `empty` stands where there is none."""
    compared = compare(mine, theirs)
    return ConflictField(
        key, label, _underlined(compared.mine, empty), _underlined(compared.theirs, empty), compared.merged
    )


def _underlined(pieces: tuple[Piece, ...], empty: str) -> SafeString:
    if not pieces:
        return format_html('<span class="fine">{}</span>', empty)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<ins>{}</ins>", text) if differs and text.strip() else text,)
            for text, differs in pieces
        ),
    )


def resolved(data: QueryDict, part: Part) -> QueryDict:
    """The data of a save: as posted, or the version that the conflict page says to keep."""
    keep = data.get("keep")
    if keep not in KEEP:
        return data
    chosen = QueryDict(mutable=True)
    chosen["version"] = data.get("version", "")
    for name, texts in data.lists():
        if name.startswith(f"{keep}-"):
            chosen.setlist(name.removeprefix(f"{keep}-"), texts)
    if keep == "merged":
        for blank in part.fields:
            _spread_lines(chosen, blank)
    return chosen


def _spread_lines(chosen: QueryDict, blank: Field) -> None:
    """The merged text of a list or a table is one text area: back to entries and cells."""
    if blank.kind not in ("list", "table") or blank.key not in chosen:
        return
    value = from_lines(blank, chosen[blank.key])
    if blank.kind == "list":
        chosen.setlist(blank.key, value or [""])
        return
    del chosen[blank.key]
    for row, cells in enumerate(value or [[""]]):
        for column, cell in enumerate(cells):
            chosen[f"{blank.key}.{row}.{column}"] = cell
