"""The seal on a printed document: from which frozen content it was made, and where that can be verified.

Every kind of frozen content (a submission, a result sheet, an approved plan, a follow-up) names its agency, its cycle,
its edition and its policy under the same keys, so there is one seal for all of them and one template that prints it
(templates/partials/seal.html).

The code is agency, year and the first twelve hex digits of the SHA-256 of the content: whoever holds the paper has all
three, and whoever guesses has to guess 48 bits for one agency and one year. The page named "verify" answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from pmqa.qr import qr_svg

# Digits of a digest that stand on paper.
SHORT = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """What a printed document says of itself.

    document: which document it is, in words. which: which of the contents of its kind it was made from ("ส่งครั้งที่ 2").
    digest: the short one. code: what is typed to verify it; address: where, as a whole or as a path of the product
    where the public address is not set. qr: the address as SVG, empty without a whole address. Where the content cannot
    be verified, `unsealed` says why, and code, address and qr are empty.
    """

    document: str
    which: str
    edition: str
    policy: str
    policy_version: int
    digest: str
    unsealed: str = ""
    code: str = ""
    address: str = ""
    qr: str = ""


def seal_of(
    content: Mapping[str, Any], *, document: str, digest: str, which: str = "", unsealed: str = ""
) -> Seal:
    """The seal of a document made of `content`, whose SHA-256 in hex is `digest`; other arguments as in `Seal`.

    It depends on these and on the setting PUBLIC_URL alone, so the same content gets the same seal on any day.
    Raises KeyError for a content without edition or policy.
    """
    code = "" if unsealed else code_of(content, digest)
    address = scanned = ""
    if code:
        base = settings.PUBLIC_URL.rstrip("/")
        address = base + reverse("verify")
        scanned = address_of(code) if base else ""
    told = _("คิวอาร์โค้ดสำหรับตรวจสอบเอกสารนี้ รหัส %(code)s ที่ %(address)s") % {"code": code, "address": address}
    return Seal(
        document=document,
        which=which,
        edition=content["edition"]["code"],
        policy=content["policy"]["name"],
        policy_version=content["policy"]["version"],
        digest=digest[:SHORT],
        unsealed=unsealed or ("" if code else _("เอกสารนี้ไม่ระบุหน่วยงานและปี")),
        code=code,
        address=address,
        qr=mark_safe(qr_svg(scanned, title=told)) if scanned else "",  # noqa: S308 (our own SVG, escaped there)
    )


def code_of(content: Mapping[str, Any], digest: str) -> str:
    """What is typed to verify a content: "DEMO-004-2570-3f9a1c2b4d5e"; empty for one that names no agency and year."""
    agency, year = content.get("agency", {}).get("code"), content.get("cycle", {}).get("year")
    return f"{agency}-{year}-{digest[:SHORT]}" if agency and year else ""


def address_of(code: str) -> str:
    """Where the answer to a code stands, as its QR code says it; a path where the public address is not set."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('verify')}?{urlencode({'code': code})}"
