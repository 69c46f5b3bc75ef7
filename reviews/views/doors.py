"""The reviewer's door: what every page of a case under review does first."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from assessments.models import Assessment
from reviews.models import Assignment
from reviews.rules import remember_assignments


def own_case(request: HttpRequest, pk: int) -> tuple[Assessment, list[Assignment]]:
    """The case with this person's active assignments in it, in one query. 404 behind the door, else 403."""
    rows = list(
        Assignment.objects.active_for(request.user)
        .filter(assessment=pk)
        .select_related(
            "category",
            "assessment__agency__ministry",
            "assessment__cycle__edition",
            "assessment__application",
        )
        .order_by("category__order")
    )
    if not rows:
        raise Http404
    assessment = rows[0].assessment
    remember_assignments(request.user, assessment, rows)
    if not request.user.has_perm("reviews.read", assessment):
        raise PermissionDenied(
            _(
                "ท่านมีบทบาทในกระทรวงเดียวกับหน่วยงานนี้ ขณะนี้หรือภายใน 3 ปี จึงอ่านเรื่องนี้ไม่ได้ "
                "(กฎการแบ่งแยกหน้าที่ข้อ 1) แจ้งผู้ดูแลระบบให้ถอนการมอบหมาย"
            )
        )
    return assessment, rows


def is_opened(assignments: list[Assignment]) -> bool:
    """Whether the reviewer has pressed "เริ่มตรวจ": before that the contents stay closed, so that the agency
    can still get its case back."""
    return any(row.opened_at for row in assignments)
