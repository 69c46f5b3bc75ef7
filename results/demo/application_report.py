"""Stage 2 of the demonstration: one report submitted, one being written, one invitation that waits. Invented."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from assessments.models import Assessment, Cycle, Status
from assessments.snapshot import digest_of
from pmqa.accounts.models import Agency, User
from results.application_report import content, services
from results.application_report.facts import LOWER_IS_BETTER, letci
from results.application_report.models import ApplicationReport, ReportEntry
from results.application_report.reading import ReportPage
from results.application_report.sections import CHECK, FACT, INDICATOR, POINT, Section
from results.demo.road import fresh

ANSWERS = (
    "รับฟังผู้รับบริการสามช่องทาง คือ แบบสำรวจ เวทีในพื้นที่ และข้อมูลการใช้บริการจริง แล้วจัดลำดับความสำคัญร่วมกับเครือข่าย",
    "มอบผู้รับผิดชอบทุกกระบวนการ ทบทวนทุกหกเดือน รายงานผู้บริหารทุกเดือน ปีที่ผ่านมาปรับสี่เรื่อง ลดเวลาลงหนึ่งในสาม",
    "จำแนกกลุ่มตามความต้องการและความถี่ของการใช้บริการ ใช้ข้อมูลย้อนหลังสามปีคาดการณ์ความต้องการของปีถัดไป",
)
ELEMENTS = (
    "กระบวนการรับฟังและปรับบริการ",
    "กองบริการประชาชน (สมมติ)",
    "รับข้อมูล วิเคราะห์ ปรับขั้นตอน วัดผลซ้ำ",
    "ใช้รอบเดิมทุกหกเดือน มีคู่มือ",
    "เริ่มใช้ปีงบประมาณ 2566 ทุกสำนักงานพื้นที่",
)
INTEGRATION = "ตอบความต้องการหลักของผู้รับบริการในลักษณะสำคัญขององค์การ และแผนปฏิบัติราชการปีนี้"
PEER = "ค่าเฉลี่ยของหน่วยงานบริการในกระทรวงเดียวกัน (สมมติ)"
REASON = "เริ่มเก็บข้อมูลเมื่อสองปีก่อน (สมมติ)"
VISION = " และเป็นต้นแบบบริการภาครัฐที่ประชาชนมีส่วนร่วมออกแบบ"


def write(now: Cycle, agencies: Sequence[Agency], persons: Mapping[str, User], *, at: datetime) -> None:
    """Of the cycle before the first agency has submitted and the second is asked; the fourth writes in this one."""
    before = now.year - 1
    asked = ((agencies[0], before, 40), (agencies[1], before, 40), (agencies[3], now.year, 60))
    sent, _waiting, written = (
        _invited(agency, year, days, persons["admin"], at=at) for agency, year, days in asked
    )
    _accept(written, fresh(persons["coordinator004"]))
    _fill(written, share=0.5, at=at)
    _accept(sent, fresh(persons["coordinator"]))
    _fill(sent, share=1, at=at)
    head = fresh(persons["head"])
    page = ReportPage(sent, head)
    services.submit(sent, seen=digest_of(content.build(sent, page.said)), by=head)


def _invited(agency: Agency, year: int, days: int, by: User, *, at: datetime) -> ApplicationReport:
    published = Assessment.objects.with_places().filter(agency=agency, status=Status.REPORT_ISSUED)
    case = published.get(cycle__year=year)
    report = services.invite(case, due_on=(at + timedelta(days=days)).date(), by=fresh(by))
    report.assessment = case
    return report


def _accept(report: ApplicationReport, by: User) -> None:
    services.accept(report, by=by)
    report.refresh_from_db(fields=["state", "answered_by"])


def _fill(report: ApplicationReport, *, share: float, at: datetime) -> None:
    """Write in bulk so much of every chapter, as if by its coordinator."""
    by = report.answered_by
    entries = []
    for chapter in ReportPage(report, by).chapters:
        sections = list(chapter.sections)
        for place, section in enumerate(sections[: round(len(sections) * share)]):
            values = dict(section.initial) | _said(section, place)
            if values != dict(section.initial):
                entries.append(
                    ReportEntry(
                        report=report,
                        code=section.code,
                        values=values,
                        is_answer=section.is_question,
                        version=1,
                        updated_at=at - timedelta(days=2),
                        updated_by=by,
                    )
                )
    ReportEntry.objects.bulk_create(entries)


def _said(section: Section, place: int) -> dict[str, str]:
    if section.kind == POINT:
        return {"text": ANSWERS[place % len(ANSWERS)]}
    if section.kind == CHECK:
        # Now and then an element is left out.
        return {
            key: ELEMENTS[number % len(ELEMENTS)]
            for number, key in enumerate(section.keys)
            if number != place % 4
        }
    if section.kind == INDICATOR:
        return {"integration": INTEGRATION} | _compared(section, has_peer=place % 3 != 2)
    if section.kind == FACT and section.code == "OP1.vision":
        return {"text": section.initial["text"] + VISION}
    return {}


def _compared(section: Section, *, has_peer: bool) -> dict[str, str]:
    """A comparison a little worse than the latest result, so that a good trend makes a role model."""
    latest = section.initial["result_3"]
    said = {"reason": REASON} if letci(section.initial).is_short else {}
    if latest and has_peer:
        step = 2 if section.initial["direction"] == LOWER_IS_BETTER else -2
        said |= {"peer_name": PEER, "peer_result": str(int(float(latest)) + step)}
    return said
