"""The seal of what is printed of a result sheet (pmqa.seal)."""

from django.utils.translation import gettext as _

from assessments.snapshot import digest_of
from pmqa.seal import Seal, seal_of
from results.payload import Payload


def seal_of_sheet(payload: Payload, *, document: str, revision: int | None, digest: str = "") -> Seal:
    """`revision` is None where nothing was published; `digest` is the sheet's, computed when not given."""
    is_issued = revision is not None and not payload.get("partial")
    return seal_of(
        payload,
        document=document,
        digest=digest or digest_of(payload),
        which=_("ผลครั้งที่ %(n)d") % {"n": revision} if revision is not None else "",
        unsealed="" if is_issued else _("เอกสารนี้ไม่ใช่ผลที่ประกาศ"),
    )
