"""What an agency may rest its words on after the hand-in: the register as it was submitted, and nothing new."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from assessments.models import Assessment
from pmqa.errors import Refused
from reviews.evidence_reading import frozen_content


def check_submitted(assessment: Assessment, numbers: Collection[int]) -> None:
    """Raises Refused, code "evidence", for a number that the submitted register does not have. One query."""
    if unknown := set(numbers) - {entry["number"] for entry in frozen_content(assessment)}:
        raise Refused(
            _("อ้างได้เฉพาะหลักฐานที่ส่งแล้ว ไม่พบหลักฐานลำดับ %(numbers)s ในฉบับที่ส่ง")
            % {"numbers": ", ".join(map(str, sorted(unknown)))},
            code="evidence",
        )
