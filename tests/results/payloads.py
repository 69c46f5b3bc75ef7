"""Complete invented payloads in the shape of docs/result-sheet.md, the same at every call.

Agency, answers, figures and comments are invented; only the wording of the criteria is that of the edition.
"""

import copy
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from criteria.reader import read_edition
from criteria.structure import LEVELS, PROCESS, PROFILE, RESULTS, Category, Edition, Field, Topic

EDITION_FOLDER = Path(__file__).parents[2] / "fixtures" / "criteria" / "pmqa40-2565"
AGENCY = "กรมฟื้นฟูลุ่มน้ำชุมชน (หน่วยงานสมมติ)"
WEIGHTS = {"basic": 3, "advance": 4, "significance": 5}

SENTENCES = """ผู้นำระดับสูงลงพื้นที่ริมฝั่งน้ำทุกเดือน และนำเสียงของชุมชนกลับมาปรับแผนภายในสิบห้าวัน
ระบบติดตามงานเชื่อมข้อมูลจากสถานีวัดน้ำทั้งหมด 114 สถานี ผู้ปฏิบัติจึงรู้ปัญหาก่อนที่ตลิ่งจะพัง
กองพื้นที่ต้นน้ำทบทวนขั้นตอนอนุญาตจนลดเวลาจากสามสิบวันเหลือสิบสองวัน โดยไม่เพิ่มกำลังคน
วิธีปฏิบัติที่ดีจากหน่วยย่อยถูกถ่ายทอดผ่านเวทีพี่สอนน้องปีละสี่ครั้ง
ข้อมูลคู่เทียบมีสองปี จึงยังสรุปแนวโน้มเทียบกับผู้นำในภารกิจเดียวกันไม่ได้
เจ้าหน้าที่หน้างานเสนอความคิดใหม่ ๑๒๖ เรื่อง และได้ทดลองจริง ๔๑ เรื่อง
คำร้องที่ซ้ำกันสามครั้งขึ้นไปจะถูกส่งให้คณะทำงานข้ามกองวิเคราะห์หาสาเหตุราก
ตัวชี้วัดนำและตัวชี้วัดตามกำหนดคู่กันทุกยุทธศาสตร์ จึงมองเห็นความเสี่ยงล่วงหน้าหนึ่งไตรมาส
ฐานข้อมูลผู้ใช้น้ำแยกกลุ่มเกษตรกร ผู้ประกอบการ และครัวเรือน ทำให้ออกแบบบริการได้ตรงความต้องการ
การซ้อมแผนรับมือน้ำป่าทำครบทุกศูนย์ ใช้เวลาอพยพเฉลี่ย 47 นาที ต่ำกว่าเป้าหมายหนึ่งชั่วโมง""".splitlines()
COMMENTS = """มีแนวทางและเริ่มใช้ในส่วนกลางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นผลการนำไปใช้ในศูนย์พื้นที่
มีการรายงานผลทุกไตรมาส แต่ทั้งนี้ ควรแสดงให้เห็นว่าผลนั้นนำไปสู่การปรับปรุงอย่างไร
มีข้อมูลหลายแหล่ง แต่ทั้งนี้ ควรแสดงให้เห็นการเชื่อมโยงและการใช้ร่วมกันข้ามหน่วยงาน""".splitlines()
INDICATORS = """ร้อยละจุดวัดคุณภาพน้ำที่ผ่านเกณฑ์
ร้อยละความพึงพอใจของผู้ใช้น้ำ
อัตราคงอยู่ของบุคลากร
ร้อยละโครงการที่เสร็จตามแผน
จำนวนวันเฉลี่ยในการอนุญาต
ร้อยละเรื่องร้องเรียนที่ปิดได้ในเจ็ดวัน""".splitlines()


@cache
def edition() -> Edition:
    return read_edition(EDITION_FOLDER)


def payload() -> dict[str, Any]:
    """A published sheet with every section filled: about 130 parts, 30 indicators, feedback of each kind."""
    return copy.deepcopy(_complete())


def partial_payload() -> dict[str, Any]:
    """What an imported print gives: no profile, no submission, no feedback, one category, one indicator."""
    whole = payload()
    first = whole["categories"][0]
    for part in _parts_of(first):
        part.update(basis="imported", claim=None)
    return {
        "schema": 1,
        "partial": True,
        "agency": {**whole["agency"], "ministry": None},
        "cycle": whole["cycle"],
        "edition": whole["edition"],
        "policy": whole["policy"],
        "submission": None,
        "published_at": None,
        "scores": whole["scores"],
        "categories": [first],
        "indicators": [
            {**whole["indicators"][0], "results": [None, "89.69"], "percent": None, "years": None}
        ],
        "feedback": {"pillars": [], "ofi": [], "advice": [], "closing": "", "directions": []},
    }


def all_passed(results: list[str]) -> dict[str, Any]:
    """Every part claimed and passed, every indicator passed with these results for a target of 100; scores are old."""
    sheet = payload()
    for part in parts_of(sheet):
        part["claim"], part["outcome"] = "done", "pass"
    for entry in sheet["indicators"]:
        entry |= {"outcome": "pass", "target": "100", "results": results, "direction": "higher_is_better"}
    return sheet


def parts_of(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for category in sheet["categories"] for part in _parts_of(category)]


def _parts_of(category: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for topic in category["topics"] for item in topic["items"] for part in item["parts"]]


@cache
def _complete() -> dict[str, Any]:
    tree, dice = edition(), Random(2565)
    categories = [_category(category, dice) for category in tree.of_kind(PROCESS)]
    indicators = [
        entry
        for category in tree.of_kind(RESULTS)
        for topic in category.topics
        for entry in _indicators(topic, dice)
    ]
    failed = [
        (topic, part)
        for category in categories
        for topic in category["topics"]
        for item in topic["items"]
        for part in item["parts"]
        if part["outcome"] == "fail"
    ]
    return {
        "schema": 1,
        "partial": False,
        "agency": {
            "code": "DEMO-004",
            "name": AGENCY,
            "name_en": "Department of Community Watershed Restoration (invented)",
            "ministry": "กระทรวงสายน้ำและป่าชายฝั่ง (สมมติ)",
        },
        "cycle": {"year": 2570, "name": "รอบการประเมิน ปีงบประมาณ พ.ศ. 2570"},
        "edition": {
            "code": tree.code,
            "title": tree.title_th,
            "title_en": tree.title_en,
            "checksum": tree.checksum,
        },
        "policy": {"name": "pmqa40-2565", "version": 1, "parameters": {}},
        "submission": {"number": 1, "submitted_at": "2026-11-12T10:24:00+07:00", "digest": "5e" * 32},
        "published_at": "2027-04-09T09:00:00+07:00",
        "profile": [_profile(topic, dice) for category in tree.of_kind(PROFILE) for topic in category.topics],
        "scores": {side: _scores(tree, categories, indicators, side) for side in ("claimed", "verified")},
        "trees": {},
        "categories": categories,
        "indicators": indicators,
        "feedback": {
            "pillars": [
                {
                    "code": f"pillar:{number}",
                    "title": title,
                    "text": "\n".join(_sentences(dice, 2) for _ in range(3)),
                }
                for number, title in enumerate(
                    ("เปิดกว้างและเชื่อมโยงกัน", "ยึดประชาชนเป็นศูนย์กลาง", "มีขีดสมรรถนะสูงและทันสมัย"), start=1
                )
            ],
            "ofi": [
                {
                    "code": f"ofi:{topic['code']}",
                    "topic": topic["code"],
                    "name": topic["name"],
                    "text": part["comment"] + "\n" + _sentences(dice, 1),
                    "parts": [part["code"]],
                }
                for topic, part in {topic["code"]: (topic, part) for topic, part in failed}.values()
            ],
            "advice": [
                {"code": f"advice:{number}", "text": text}
                for number, text in enumerate(tree.of_kind(RESULTS)[0].guide.advice[:4], start=1)
            ],
            "closing": _sentences(dice, 4),
            "directions": [
                {"code": f"direction:{number}", "title": title, "text": _sentences(dice, 4)}
                for number, title in enumerate(
                    ("การเป็นองค์การดิจิทัล", "นโยบาย ยุทธศาสตร์ และผู้นำ", "คุณค่าและความสามารถในการแข่งขัน"), start=1
                )
            ],
        },
    }


def _sentences(dice: Random, count: int) -> str:
    return " ".join(dice.choice(SENTENCES) for _ in range(count))


def _value(field: Field, dice: Random) -> Any:
    if field.kind == "table":
        names = field.rows or ("กลุ่มเกษตรกรต้นน้ำ", "กลุ่มผู้ประกอบการริมคลอง", "กลุ่มครัวเรือนในเมือง")
        return [[name, *(_sentences(dice, 1) for _ in field.columns[1:])] for name in names]
    if field.kind == "list":
        return [_sentences(dice, 1) for _ in range(3)]
    known = {
        "number": "1284500",
        "percent": "92.5",
        "date": "2026-09-30",
        "url": "https://lumnam.example/report/2570",
    }
    return known.get(field.kind) or _sentences(dice, dice.choice((1, 2, 2, 3, 5)))


def _profile(topic: Topic, dice: Random) -> dict[str, Any]:
    questions = []
    for part in topic.parts:
        field = part.fields[0]
        question = {"code": part.code, "key": field.key, "label": field.label_th, "kind": field.kind}
        if field.columns:
            question["columns"] = list(field.columns)
        questions.append({**question, "value": _value(field, dice)})
    return {"code": topic.code, "name": topic.name_th, "questions": questions}


def _category(category: Category, dice: Random) -> dict[str, Any]:
    return {
        "code": category.code,
        "name": category.name_th,
        "name_en": category.name_en,
        "topics": [
            {
                "code": topic.code,
                "name": topic.name_th,
                "name_en": topic.name_en,
                "levels": dict(topic.guide.levels),
                "items": [
                    {
                        "code": item.code,
                        "title": item.title_th,
                        "level": item.level,
                        "parts": [_part(part, dice) for part in item.parts],
                    }
                    for item in topic.items
                ],
            }
            for topic in category.topics
        ],
    }


def _part(part, dice: Random) -> dict[str, Any]:
    failed = dice.random() < 0.17
    return {
        "code": part.code,
        "prompt": part.prompt_th,
        "level": part.level,
        "claim": dice.choice(("done", "done", "done", "done", "started", "not_started"))
        if failed
        else "done",
        "fields": [
            {"key": field.key, "label": field.label_th, "kind": field.kind, "value": _value(field, dice)}
            for field in part.fields
        ],
        "outcome": "fail" if failed else "pass",
        "comment": dice.choice(COMMENTS) if failed else "",
        "basis": "agreed",
    }


def _indicators(topic: Topic, dice: Random) -> list[dict[str, Any]]:
    shown = []
    for group, item in enumerate(topic.items, start=1):
        lower = group == 5
        target = dice.randint(70, 95)
        results = [f"{dice.uniform(60, 99):.2f}" for _ in range(3)]
        ratio = Fraction(results[2]) / target
        percent = 100 * (2 - ratio if lower else ratio)
        score = 200 if percent < 100 else 300 if percent < 105 else 400 if percent < 110 else 500
        failed = dice.random() < 0.15
        shown.append(
            {
                "topic": topic.code,
                "topic_name": topic.name_th,
                "group": group,
                "group_name": item.title_th,
                "code": f"{item.code}.1",
                "name": dice.choice(INDICATORS),
                "unit": "ร้อยละ",
                "direction": "lower_is_better" if lower else "higher_is_better",
                "target": str(target),
                "years": [2567, 2568, 2569],
                "results": results,
                "percent": _decimals(percent, 1),
                "score": score,
                "verified_score": 0 if failed else score,
                "challenging": not failed,
                "findings": ["not_challenging"] if failed else [],
                "outcome": "fail" if failed else "pass",
                "comment": dice.choice(COMMENTS) if failed else "",
                "basis": "agreed",
            }
        )
    return shown


def _scores(tree: Edition, categories: list, indicators: list, side: str) -> dict[str, Any]:
    rows, exact = [], []
    for category in categories:
        topics = [_scored_topic(topic, side) for topic in category["topics"]]
        mean = sum(score for score, _ in topics) / len(topics)
        exact.append(mean)
        rows.append(_scored(category["code"], category["name"], mean, [row for _, row in topics]))
    for category in tree.of_kind(RESULTS):
        key = "score" if side == "claimed" else "verified_score"
        topics = []
        for topic in category.topics:
            scores = [entry[key] for entry in indicators if entry["topic"] == topic.code]
            mean = Fraction(sum(scores), len(scores))
            row = {"code": topic.code, "name": topic.name_th, "score": _decimals(mean, 2)}
            topics.append((mean, {**row, "level": None, "shares": None, "indicators_counted": len(scores)}))
        mean = sum(score for score, _ in topics) / len(topics)
        exact.append(mean)
        rows.append(_scored(category.code, category.name_th, mean, [row for _, row in topics]))
    total = sum(exact) / len(exact)
    return {"total": _decimals(total, 2), "level": _named(total), "categories": rows}


def _scored(code: str, name: str, mean: Fraction, topics: list) -> dict[str, Any]:
    return {"code": code, "name": name, "score": _decimals(mean, 2), "level": _named(mean), "topics": topics}


def _scored_topic(topic: dict[str, Any], side: str) -> tuple[Fraction, dict[str, Any]]:
    counts = {level: [0, 0] for level in LEVELS}
    for item in topic["items"]:
        for part in item["parts"]:
            counted = part["claim"] == "done" if side == "claimed" else part["outcome"] == "pass"
            counts[part["level"]][0] += counted
            counts[part["level"]][1] += 1
    counts = {level: count for level, count in counts.items() if count[1]}
    shares = {level: Fraction(*count) for level, count in counts.items()}
    weight = sum(WEIGHTS[level] for level in shares)
    score = sum((500 * WEIGHTS[level] * share for level, share in shares.items()), Fraction()) / weight
    reached = None
    for level, share in shares.items():
        if share < 1:
            break
        reached = level
    return score, {
        "code": topic["code"],
        "name": topic["name"],
        "score": _decimals(score, 2),
        "level": reached,
        "shares": {level: str(share) for level, share in shares.items()},
        "counts": counts,
    }


def _named(score: Fraction) -> str | None:
    return next(
        (level for level, from_ in zip(LEVELS[::-1], (500, 400, 300), strict=True) if score >= from_), None
    )


def _decimals(value: Fraction, places: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
