"""Advice on the tone of a comment to an agency: what there is, then what to show. Pure: no Django.

It never keeps a comment from being saved. The model of published Feedback Reports is
"มี… แต่ทั้งนี้ ควรแสดงให้เห็น…".
"""

import re
from collections.abc import Iterable

from reviews.comments import is_comment

NOTHING, WRONG, BARE, NAMED = "nothing", "wrong", "bare", "named"
HARSH, ONLY_LACKS, LACKS_NOTHING = "harsh", "only_lacks", "lacks_nothing"

_MODEL = re.compile(r"(?<!ไม่)มี.+?(?:แต่|ทั้งนี้).*?(?:ควร|ยัง)", re.DOTALL)
_STARTS_WITH_NOTHING = re.compile(r"^\s*(?:ยัง)?ไม่มี")
# A verdict on people, not the syllable in รับผิดชอบ, ผิดปกติ, ความผิดทางวินัย or ผิดกฎหมาย.
_WRONG = re.compile(r"(?<!รับ)(?<!ความ)(?<!กระทำ)(?<!เอา)ผิด(?!ชอบ|ปกติ|กฎหมาย|วินัย|ระเบียบ|นัด|สัญญา)")
# "should improve", and nothing that says what.
_BARE = re.compile(r"ควร(?:มีการ|ได้รับการ)?ปรับปรุง(?:แก้ไข|ให้ดีขึ้น|เพิ่มเติม|ต่อไป|\s)*(?:[.…\n]|$)")
# Words that hurt and help nobody; not แย่งชิง, not an analysis of ความล้มเหลว.
_HARSH = re.compile(r"แย่(?!ง)|(?<!ความ)ล้มเหลว|ไม่เอาไหน|ไร้ประสิทธิภาพ|ไม่ใส่ใจ|ละเลย|มั่ว|น่าผิดหวัง|ไม่มีความรู้|ลอกมา")
_SAYS_WHAT_IS_THERE = re.compile(r"(?<!ไม่)(?<!ควร)(?:มี|ได้)|ครบ|ชัดเจน|ดี")
_SAYS_WHAT_LACKS = re.compile(r"ควร|ยัง|ไม่|ขาด|เพิ่ม|ระบุ|แสดง")
# Shorter than this a name is found inside other words.
SHORTEST_NAME = 3


def tone_faults(comment: str, names: Iterable[str] = (), outcome: str = "") -> list[str]:
    """What an agency would stumble over; `names` are those of the reviewers, whom agencies never see.

    Codes: nothing (only what is missing, no advice), wrong (blames), harsh, bare (does not say what to improve),
    named (names a reviewer); with the `outcome` also where the comment contradicts it: only_lacks (a pass of which
    it says only what is missing), lacks_nothing (a fail without a word on what is missing).
    """
    found = []
    if any(len(name) >= SHORTEST_NAME and name in comment for name in names):
        found.append(NAMED)
    if _WRONG.search(comment):
        found.append(WRONG)
    if _HARSH.search(comment):
        found.append(HARSH)
    if outcome == "pass" and "ควร" in comment and not _SAYS_WHAT_IS_THERE.search(comment):
        found.append(ONLY_LACKS)
    if outcome == "fail" and is_comment(comment) and not _SAYS_WHAT_LACKS.search(comment):
        found.append(LACKS_NOTHING)
    if _MODEL.search(comment):
        return found
    if _STARTS_WITH_NOTHING.search(comment) and "ควร" not in comment:
        found.append(NOTHING)
    if _BARE.search(comment):
        found.append(BARE)
    return found
