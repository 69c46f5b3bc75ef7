"""What people do in more than one journey, by what the screens say."""

import re

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD


def agree(page: Page) -> None:
    """Answer the question that a button asks before it acts."""
    page.locator("dialog[open] [data-confirm-yes]").click()


def propose(page: Page) -> None:
    """From the overview of a complete assessment to the head's desk: two clicks, one answer to "are you sure"."""
    page.get_by_role("link", name="ตรวจก่อนส่ง", exact=True).click()
    page.get_by_role("button", name="เริ่มตรวจทานภายใน").click()
    page.get_by_role("button", name="ตรวจครบแล้ว เสนอหัวหน้า").click()
    agree(page)
    expect(page.get_by_text("เสนอแล้ว รอหัวหน้าส่วนราชการหรือผู้รักษาการลงนาม")).to_be_visible()


def sign(page: Page) -> str:
    """From the head's start page to the receipt, with the password on the way; the digest that was signed.

    The tick is still there after the detour to the password: it is signed at once.
    """
    # On the list of assessments or, where there is one, on its overview.
    page.get_by_role("link", name=re.compile("รอลงนาม|อ่านสรุปและลงนาม")).first.click()
    expect(page.get_by_role("heading", name="สรุปก่อนลงนาม")).to_be_visible()
    digest = page.locator(".digest").first.inner_text()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="ลงนามและส่ง").click()
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("heading", name="ใบรับแบบประเมิน")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(digest)
    expect(page.get_by_role("main")).to_contain_text("ในฐานะหัวหน้าส่วนราชการ")
    return digest


def marks_of(server, pk: int, email: str, fails: list[str]) -> None:
    """The rest of one reviewer's marks, through the product's own service."""
    server.python(
        f"""
from assessments.models import Assessment
from pmqa.accounts.models import User
from reviews.decided import judged_answers
from reviews.models import Verdict
from reviews.services import marking
case, by = Assessment.objects.with_places().get(pk={pk}), User.objects.get(email="{email}")
own = Verdict.objects.filter(assignment__reviewer=by, assignment__assessment=case)
done = set(own.values_list("answer", flat=True))
for entry in judged_answers(case):
    if entry.answer.pk not in done:
        fail = entry.code in {fails!r}
        marking.save_verdict(entry.answer, version=0, judged_version=entry.answer.version,
            outcome="fail" if fail else "pass", internal_note="", by=by,
            comment="มีแนวทางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นผลเป็นตัวเลข (สมมติ)" if fail else "")
"""
    )
