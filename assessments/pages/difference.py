"""Two frozen contents of one assessment beside each other: which parts differ, and in what words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.forms.indicators import figure_labels
from assessments.forms.parts import as_lines
from assessments.models import Assessment, Claim, Indicator, award_words
from assessments.pages.conflicts import ConflictField, side_by_side
from assessments.reading import tree_of

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One part or indicator that differs; in `fields` "mine" is what was, "theirs" what is. `url`: where it stands."""

    code: str
    title: str
    url: str
    fields: list[ConflictField]


def changes_between(assessment: Assessment, before: Content, after: Content) -> list[Change]:
    """Everything that differs, in the order of the form. Words of the agency and the round come first."""
    return [
        *_head(before, after),
        *_application(assessment, before, after),
        *_parts(assessment, before["parts"], after["parts"]),
        *_indicators(assessment, before["indicators"], after["indicators"]),
    ]


def _compared(rows: list[tuple[str, str, str, str]]) -> list[ConflictField]:
    """`rows` are (key, label, before, after); those that are alike are left out."""
    return [side_by_side(key, label, old, new, empty=_("ไม่มี")) for key, label, old, new in rows if old != new]


def _head(before: Content, after: Content) -> Iterator[Change]:
    def words(content: Content, name: str) -> str:
        # A database may give the keys of JSON back in another order.
        return ", ".join(str(value) for _key, value in sorted(content[name].items()))

    labels = {
        "agency": _("หน่วยงาน"),
        "cycle": _("รอบการประเมิน"),
        "edition": _("ฉบับของเกณฑ์"),
        "policy": _("หลักเกณฑ์การให้คะแนน"),
    }
    rows = [
        (name, label, words(before, name), words(after, name))
        for name, label in labels.items()
        if before[name] != after[name]
    ]
    if fields := _compared(rows):
        yield Change("", _("หน่วยงานและรอบ"), "", fields)


def _application(assessment: Assessment, before: Content, after: Content) -> Iterator[Change]:
    """Form 1; contents of an older schema have none."""
    labels = {
        "award": _("รางวัลที่สมัคร"),
        "name": _("ชื่อผู้ติดต่อ"),
        "position": _("ตำแหน่ง"),
        "phone": _("โทรศัพท์"),
        "mail": _("อีเมลของหน่วยงาน"),
        "remarks": _("หมายเหตุ"),
    }
    was, now = (_application_words(content.get("application")) for content in (before, after))
    rows = [(key, label, was.get(key, ""), now.get(key, "")) for key, label in labels.items()]
    if fields := _compared(rows):
        place = reverse("assessments:application", args=[assessment.pk])
        yield Change(_("แบบฟอร์มที่ 1"), _("ใบสมัคร"), place, fields)


def _application_words(stored: Content | None) -> dict[str, str]:
    if stored is None:
        return {}
    return {"award": award_words(stored), "remarks": stored["remarks"]} | stored["contact"]


def _parts(assessment: Assessment, before: Content, after: Content) -> Iterator[Change]:
    tree = tree_of(assessment)
    nothing = {"claim": "", "values": {}}
    for code in tree.parts:
        old, new = before.get(code, nothing), after.get(code, nothing)
        if old == new:
            continue
        _category, topic, item = tree.place_of_part[code]
        rows = [("claim", _("สถานะการดำเนินการ"), _claim(old["claim"]), _claim(new["claim"]))]
        rows += [
            (
                blank.key,
                blank.label_th,
                as_lines(old["values"].get(blank.key, "")),
                as_lines(new["values"].get(blank.key, "")),
            )
            for blank in tree.parts[code].fields
        ]
        place = reverse("assessments:topic", args=[assessment.pk, topic.code])
        yield Change(code, item.title_th, f"{place}#p{code}", _compared(rows))


def _claim(claim: str) -> str:
    return str(Claim(claim).label) if claim else ""


def _indicators(assessment: Assessment, before: list[Content], after: list[Content]) -> Iterator[Change]:
    labels = figure_labels(assessment.cycle.result_years)
    old = {row["code"]: row for row in before}
    new = {row["code"]: row for row in after}
    for code in sorted(old.keys() | new.keys()):
        if old.get(code) == new.get(code):
            continue
        row = new.get(code) or old[code]
        was, now = _figures(old.get(code)), _figures(new.get(code))
        fields = _compared(
            [(key, label, was.get(key, ""), now.get(key, "")) for key, label in labels.items()]
        )
        topic = row["group"].rpartition(".")[0]
        place = reverse("assessments:topic", args=[assessment.pk, topic])
        yield Change(code, row["name"], f"{place}#p{row['group']}", fields)


def _figures(row: Content | None) -> dict[str, str]:
    """The figures of a frozen indicator as text, by the keys of `figure_labels`."""
    if row is None:
        return {}
    found = {key: value or "" for key, value in row.items() if isinstance(value, str | None)}
    found["direction"] = str(Indicator.Direction(row["direction"]).label)
    return found | {f"result_{place}": result or "" for place, result in enumerate(row["results"], start=1)}
