"""Thirty invented indicators with the figures of one published Form 4: the same groups, targets, results and scores.

Names say nothing of anybody; where a published name is of a kind (a level of success, a count), so is the invented one.
"""

from decimal import Decimal

from assessments.advice.indicators import Row
from criteria.scoring import HIGHER_IS_BETTER, Indicator

# Code, name, unit, target, results oldest first, score by the official rule.
_TABLE = """
7.1.1.1 | ร้อยละของภารกิจที่แล้วเสร็จ | ร้อยละ | 100 | 100 100 100 | 300
7.1.2.1 | ร้อยละของนโยบายที่รายงานผล | ร้อยละ | 100 | 100 100 100 | 300
7.1.3.1 | ร้อยละของคดีที่ประสานงานแล้ว | ร้อยละ | 80 | 100 100 100 | 500
7.1.4.1 | ระดับความสำเร็จของยุทธศาสตร์ | ระดับความสำเร็จ | 5 | 0 5 5 | 300
7.1.5.1 | คะแนนความโปร่งใส | คะแนน | 85 | 88.32 80.55 89.69 | 400
7.2.1.1 | ร้อยละความพึงพอใจ | ร้อยละ | 80 | 71.5 76.25 78.64 | 200
7.2.2.1 | ร้อยละความผูกพัน | ร้อยละ | 85 | 80 84 85 | 300
7.2.3.1 | ร้อยละของโครงการที่ร่วมกับประชาชน | ร้อยละ | 100 | 100 100 100 | 300
7.2.4.1 | ระดับความสำเร็จของการปรับบริการ | ระดับความสำเร็จ | 5 | 5 5 5 | 300
7.2.5.1 | เรื่องร้องเรียนที่แก้ไขข้ามหน่วยงาน | เรื่อง | 5 | 0 0 9 | 500
7.3.1.1 | นวัตกรรมต่อบุคลากร | ชิ้นงาน | 5 | 0 5 0 | 200
7.3.2.1 | ร้อยละของแผนพัฒนาที่ทำได้ | ร้อยละ | 90 | 90 90 90 | 300
7.3.3.1 | ผู้ผ่านเกณฑ์ขึ้นสู่ตำแหน่ง | คน | 200 | 0 238 217 | 400
7.3.3.2 | ร้อยละของผู้สืบทอดตำแหน่งที่ได้รับการพัฒนา | ร้อยละ | 100 | 100 100 100 | 300
7.3.5.1 | กิจกรรมจิตอาสา | ครั้ง | 10 | 10 12 11 | 500
7.4.1.1 | รางวัลจากภายนอก | รางวัล | 1 | 0 1 1 | 300
7.4.2.1 | ร้อยละของแนวปฏิบัติที่ดีที่เผยแพร่ | ร้อยละ | 100 | 100 100 100 | 300
7.4.3.1 | รางวัลระดับกรม | รางวัล | 3 | 0 3 0 | 200
7.4.3.2 | รางวัลระดับกระทรวง | รางวัล | 2 | 0 2 0 | 200
7.4.5.1 | บุคลากรที่ได้รับการยกย่อง | คน | 2 | 0 2 2 | 300
7.5.1.1 | ร้อยละของตัววัดร่วมที่บรรลุ | ร้อยละ | 100 | 100 100 100 | 300
7.5.2.1 | ร้อยละของมาตรการเศรษฐกิจที่ทำได้ | ร้อยละ | 100 | 100 100 100 | 300
7.5.3.1 | ร้อยละของมาตรการสังคมที่ทำได้ | ร้อยละ | 100 | 100 100 100 | 300
7.5.4.1 | หน่วยงานที่เข้าร่วมมาตรการสาธารณสุข | หน่วยงาน | 15 | 0 20 18 | 500
7.5.5.1 | ร้อยละของมาตรการสิ่งแวดล้อมที่ทำได้ | ร้อยละ | 100 | 100 100 100 | 300
7.6.1.1 | ร้อยละของกระบวนการที่ลดต้นทุน | ร้อยละ | 80 | 80 80 80 | 300
7.6.2.1 | นวัตกรรมของกระบวนการ | กระบวนการ | 3 | 0 3 3 | 300
7.6.3.1 | ระดับความสำเร็จของการใช้ดิจิทัล | ระดับความสำเร็จ | 5 | 5 5 5 | 300
7.6.4.1 | ร้อยละของแผนรับภัยที่ซ้อมแล้ว | ร้อยละ | 100 | 100 100 100 | 300
7.6.5.1 | ระดับความสำเร็จของการปรับปรุงกฎ | ระดับความสำเร็จ | 5 | 5 5 5 | 300
"""
# The reviewers did not pass these.
FAILED = ("7.1.3.1", "7.2.4.1", "7.6.5.1")

ROWS: dict[str, Row] = {}
SCORES: dict[str, int] = {}
for _line in _TABLE.strip().splitlines():
    _code, _name, _unit, _target, _results, _score = (cell.strip() for cell in _line.split("|"))
    ROWS[_code] = Row(
        _name,
        _unit,
        HIGHER_IS_BETTER,
        Decimal(_target),
        tuple(Decimal(result) for result in _results.split()),
    )
    SCORES[_code] = int(_score)


def indicators() -> list[Indicator]:
    """The rows as the scoring engine reads them, in the order of the form."""
    return [
        Indicator(
            topic=code[:3],
            group=int(code[4]),
            direction=row.direction,
            target=row.target,
            results=row.results,
            verdict="fail" if code in FAILED else "pass",
            name=row.name,
        )
        for code, row in ROWS.items()
    ]
