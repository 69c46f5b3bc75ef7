"""The seal on a printed document: from which frozen content it was made, and where that can be verified.

Its code is agency, year and the first twelve hex digits of the SHA-256 of the content: whoever holds the paper has
all three, and whoever guesses has to guess 48 bits for one agency and one year. `results/authenticity.py` answers.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from assessments.snapshot import digest_of
from results.payload import Payload
from results.qr import qr_svg

SHORT = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """What a printed document says of itself.

    document: which document it is, in words. revision: of the result, None where nothing was published. digest: the
    short one. code: what is typed to verify it; address: where, as a whole or as a path of the product where the
    public address is not set; both are empty for a sheet that was never published. qr: the address as SVG, empty
    without a whole address.
    """

    document: str
    edition: str
    policy: str
    policy_version: int
    revision: int | None
    digest: str
    code: str = ""
    address: str = ""
    qr: str = ""


def seal_of(payload: Payload, *, document: str, revision: int | None, digest: str = "") -> Seal:
    """The seal of one document of a frozen sheet; `digest` is the sheet's, computed when not given.

    It depends on these and on the setting PUBLIC_URL alone, so the same sheet gets the same seal on any day.
    """
    policy, digest = payload["policy"], digest or digest_of(payload)
    code = "" if revision is None or payload.get("partial") else code_of(payload, digest)
    address = scanned = ""
    if code:
        base = settings.PUBLIC_URL.rstrip("/")
        address = base + reverse("verify")
        scanned = f"{address}?{urlencode({'code': code})}" if base else ""
    told = _("คิวอาร์โค้ดสำหรับตรวจสอบเอกสารนี้ รหัส %(code)s ที่ %(address)s") % {"code": code, "address": address}
    return Seal(
        document=document,
        edition=payload["edition"]["code"],
        policy=policy["name"],
        policy_version=policy["version"],
        revision=revision,
        digest=digest[:SHORT],
        code=code,
        address=address,
        qr=mark_safe(qr_svg(scanned, title=told)) if scanned else "",  # noqa: S308 (our own SVG, escaped there)
    )


def code_of(payload: Payload, digest: str) -> str:
    """What is typed to verify a sheet: "DEMO-004-2570-3f9a1c2b4d5e"; empty for a payload without a place."""
    agency, year = payload["agency"].get("code"), payload["cycle"].get("year")
    return f"{agency}-{year}-{digest[:SHORT]}" if agency and year else ""
