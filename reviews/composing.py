"""A comment as published Feedback Reports write it: "มี… แต่ทั้งนี้ ควรแสดงให้เห็น…". Pure: no Django."""

from collections.abc import Iterable, Mapping

# What an answer may still lack, as it is said to an agency.
LACKING: Mapping[str, str] = {
    "levels": "การถ่ายทอดและดำเนินการในทุกระดับของหน่วยงาน",
    "link": "ความเชื่อมโยงกับยุทธศาสตร์และส่วนที่เกี่ยวข้อง",
    "result": "ผลลัพธ์ของการดำเนินการเป็นตัวเลขและแนวโน้ม",
    "evidence": "หลักฐานหรือแหล่งข้อมูลที่อ้างอิงได้",
    "areas": "การดำเนินการให้ครบทุกด้านที่เกณฑ์ถาม",
}
_HAVING, _SHOWING = "มี", "ควรแสดงให้เห็น"
_BETWEEN = " แต่ทั้งนี้ "


def compose(*, seen: str, lacking: Iterable[str], besides: str = "", references: Iterable[str] = ()) -> str:
    """What there is, then what to show: `lacking` are keys of LACKING, `besides` is said in one's own words.

    `references` are codes of parts to be read along. Without anything to show the result is "".
    """
    wanted = [LACKING[key] for key in LACKING if key in set(lacking)]
    if own := _without(besides, f"{_SHOWING}ถึง", _SHOWING, "ควรมี", "ควร"):
        wanted.insert(0, own)
    if not wanted:
        return ""
    shown = f"{_SHOWING}{_listed(wanted)}"
    if codes := [code for code in dict.fromkeys(references) if code]:
        shown = f"{shown} โดยพิจารณาร่วมกับส่วน {_listed(codes)}"
    praised = _without(seen, _HAVING)
    return f"{_HAVING}{praised}{_BETWEEN}{shown}" if praised else shown


def _without(text: str, *beginnings: str) -> str:
    """`text` on one line, without a beginning that the sentence brings along, and without dots around it."""
    text = " ".join(text.split()).strip(" .…")
    for beginning in beginnings:
        if text.startswith(beginning):
            return text.removeprefix(beginning).lstrip()
    return text


def _listed(things: list[str]) -> str:
    """ก / ก และข / ก ข และค"""
    *others, last = things
    return f"{' '.join(others)} และ{_spaced(last)}" if others else last


def _spaced(text: str) -> str:
    """A space before a figure that follows a Thai word."""
    return f" {text}" if text[:1].isdigit() else text
