"""Who does what in a case, category by category: the duties that a team is made of."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.models import Assessment, Status
from criteria.models import Category, Edition
from pmqa.errors import Refused
from reviews.models import Assignment
from reviews.reading import MARKED_KINDS

ASSIGNABLE = (Status.SUBMITTED, Status.IN_REVIEW)


class Duty(NamedTuple):
    """What one person does in one category of a case."""

    marks: bool
    is_lead: bool


# Reviewer and category.
Key = tuple[int, int]
Duties = dict[Key, Duty]


def rows_of(assessment: Assessment) -> dict[Key, Assignment]:
    """Every row of the case, of those who left as well."""
    rows = Assignment.objects.filter(assessment=assessment).select_related("category")
    return {(row.reviewer_id, row.category_id): row for row in rows}


def category_keys(edition: Edition) -> dict[str, int]:
    """Code of a category that is marked -> its key, in the order of the form."""
    rows = Category.objects.filter(edition=edition, kind__in=MARKED_KINDS)
    return dict(rows.order_by("order").values_list("code", "pk"))


def present_categories(rows: Mapping[Key, Assignment]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in rows.values():
        if row.recused_at is None and row.marks:
            found.setdefault(row.reviewer_id, set()).add(row.category.code)
    return found


def wanted_duties(
    keys: Mapping[str, int],
    marking: Collection[int],
    lead: int,
    categories: Mapping[int, Collection[str]],
) -> Duties:
    """The rows of a team: `marking` people and their lead, by the categories named for each (none: all)."""
    named = {code for codes in categories.values() for code in codes}
    if unknown := named - set(keys):
        raise Refused(
            _("ไม่มีหมวด %(codes)s ในเกณฑ์ฉบับนี้") % {"codes": " ".join(sorted(unknown))}, code="category"
        )
    wanted: Duties = {}
    for person in {*marking, lead}:
        chosen = set(categories.get(person) or keys)
        for code, key in keys.items():
            marks = person in marking and code in chosen
            if marks or person == lead:
                wanted[person, key] = Duty(marks, person == lead)
    return wanted


def refuse_loss(rows: Mapping[Key, Assignment], wanted: Duties) -> None:
    """Raises Refused, code "team" or "lead", where duties of a review that is open would be taken away."""
    active = {key: row for key, row in rows.items() if row.recused_at is None}
    if any(key not in wanted or (row.marks and not wanted[key].marks) for key, row in active.items()):
        raise Refused(_("เปิดการตรวจแล้ว เพิ่มผู้ตรวจได้ แต่การถอนต้องกด “ถอนตัว” ที่ชื่อของคนนั้น"), code="team")
    leads = {person for (person, _category), duty in wanted.items() if duty.is_lead}
    if any(row.is_lead and row.reviewer_id not in leads for row in active.values()):
        raise Refused(_("เรื่องนี้มีหัวหน้าทีมแล้ว ถอนหัวหน้าทีมคนเดิมก่อน จึงตั้งคนใหม่ได้"), code="lead")


def duties_of(rows: Mapping[Key, Assignment]) -> Duties:
    """What the active rows of a case say."""
    return {key: Duty(row.marks, row.is_lead) for key, row in rows.items() if row.recused_at is None}


def rows_of_many(cases: Iterable[int]) -> dict[int, dict[Key, Assignment]]:
    """Case -> all its rows by person and category. One query."""
    found: dict[int, dict[Key, Assignment]] = {}
    for row in Assignment.objects.filter(assessment__in=list(cases)).order_by("pk"):
        found.setdefault(row.assessment_id, {})[row.reviewer_id, row.category_id] = row
    return found
