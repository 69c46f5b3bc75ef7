"""A published sheet as a table, as a workbook and as a document, from its payload alone: what its agency takes away."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from pmqa.cells import csv_table
from results.exporting import writing
from results.exporting.dictionary import OF_SHEET, SCHEMA
from results.exporting.rows import Frozen
from results.models import ResultSheet
from results.payload import Payload
from results.report_rows import ScoreRow, score_rows, sides


def scores_csv(sheet: ResultSheet) -> bytes:
    """Total, categories, topics and indicators, a line each; every line has agency, year, edition and policy."""
    payload = sheet.payload
    policy = payload["policy"]
    same = (
        payload["agency"]["code"],
        payload["agency"]["name"],
        payload["cycle"]["year"],
        sheet.revision,
        payload["edition"]["code"],
        f"{policy['name']} v{policy['version']}",
    )
    second = payload.get("stage_two") or {}
    beside = (second.get("score", ""), second.get("scale", ""))
    # The score of stage 2 stands beside the total, in columns of its own: it is on another scale.
    rows = ((*same, *row, *(("", "") if place else beside)) for place, row in enumerate(_rows(payload)))
    return csv_table(_header(), rows)


def result_xlsx(sheet: ResultSheet) -> bytes:
    """Everything of the sheet as a workbook: a sheet for each table of the data dictionary, and the dictionary."""
    payload = sheet.payload
    about = {
        "schema": SCHEMA,
        "agency": payload["agency"]["name"],
        "cycle": payload["cycle"]["name"],
        "revision": sheet.revision,
        "sheet_digest": sheet.digest,
    }
    file = io.BytesIO()
    results = [Frozen(payload, sheet.revision, sheet.digest)]
    writing.write(file, writing.XLSX, OF_SHEET, results, about=about)
    return file.getvalue()


def result_json(sheet: ResultSheet) -> dict[str, Any]:
    """The frozen payload with its revision and digest: SHA-256 of the canonical JSON of `sheet`."""
    return {
        "revision": sheet.revision,
        "reason": sheet.reason,
        "digest": sheet.digest,
        "sheet": sheet.payload,
    }


def _header() -> list[str]:
    return [
        _("รหัสหน่วยงาน"),
        _("หน่วยงาน"),
        _("ปีงบประมาณ พ.ศ."),
        _("ครั้งที่"),
        _("ฉบับของเกณฑ์"),
        _("หลักเกณฑ์การให้คะแนน"),
        _("ชนิด"),
        _("รหัส"),
        _("ชื่อ"),
        _("คะแนนประเมินตนเอง"),
        _("คะแนนจากผู้ตรวจ"),
        _("ระดับ"),
        _("หน่วยนับ"),
        _("ค่าเป้าหมาย"),
        _("ผลปีล่าสุด"),
        _("ร้อยละของเป้าหมาย"),
        _("ผลการตรวจ"),
        _("คะแนนขั้นที่ 2"),
        _("คะแนนเต็มขั้นที่ 2"),
    ]


def _rows(payload: Payload) -> Iterator[Sequence[Any]]:
    claimed, verified = sides(payload)
    nothing = ("",) * 5
    outcomes = {"pass": _("ผ่าน"), "fail": _("ไม่ผ่าน")}
    yield (
        _("คะแนนรวม"),
        "total",
        _("คะแนนรวม"),
        claimed["total"],
        verified["total"],
        _level(verified),
        *nothing,
    )
    for category in score_rows(payload):
        yield (*_score(_("หมวด"), category), *nothing)
        for topic in category.rows:
            yield (*_score(_("หัวข้อ"), topic), *nothing)
            for entry in payload["indicators"]:
                if entry["topic"] == topic.code:
                    yield (
                        _("ตัวชี้วัด"),
                        entry["code"],
                        entry["name"],
                        entry["score"],
                        entry["verified_score"],
                        "",
                        entry["unit"],
                        entry["target"],
                        entry["results"][-1],
                        entry["percent"],
                        outcomes.get(entry["outcome"], ""),
                    )


def _score(kind: str, row: ScoreRow) -> tuple[Any, ...]:
    return kind, row.code, row.name, row.claimed, row.verified, _level(row.verified_topic)


def _level(scored: Mapping[str, Any]) -> str:
    return (scored.get("level") or "").capitalize()
