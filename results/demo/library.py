"""The library of the demonstration: three pieces of outstanding work that their agencies share. Invented."""

from collections.abc import Sequence

from assessments.models import Assessment, Status
from pmqa.accounts.models import Agency
from results.demo.road import Team, fresh
from results.library import services
from results.library.highlights import highlights_of
from results.library.models import LibraryEntry

# Pillar, topics, and what the agency says of it.
SHARED = (
    ("1", ("1.3", "3.1", "4.1"), {
        "title": "เปิดข้อมูลให้ประชาชนตรวจสอบสถานะได้ด้วยตนเอง (สมมติ)",
        "approach": "เริ่มจากข้อมูลที่ประชาชนถามบ่อยที่สุดสามชุด เปิดเผยเป็นรายวัน แล้วจึงเชื่อมกับระบบของเครือข่ายทีละแห่ง",
        "factors": "ผู้บริหารกำหนดให้เปิดเป็นหลัก ปิดเป็นข้อยกเว้น และมีผู้รับผิดชอบคุณภาพข้อมูลทุกชุด",
        "future": "เปิดข้อมูลเพิ่มอีกสองชุด และให้เครือข่ายรายงานข้อมูลกลับเข้าระบบได้",
        "contact": "กลุ่มพัฒนาระบบบริหาร (สมมติ)",
        "link": "https://example.org/open-data",
    }),
    ("2", ("3.3", "6.2"), {
        "title": "ออกแบบบริการร่วมกับผู้รับบริการ ลดขั้นตอนลงครึ่งหนึ่ง (สมมติ)",
        "approach": "เชิญผู้รับบริการสี่กลุ่มร่วมวาดเส้นทางการรับบริการ แล้วทดลองแบบใหม่ในสองพื้นที่ก่อนขยายผล",
        "factors": "เจ้าหน้าที่ด่านหน้าร่วมตัดสินใจ และวัดเวลาจริงก่อนและหลังทุกครั้ง",
        "contact": "กองบริการประชาชน (สมมติ)",
    }),
    ("3", ("4.2", "5.4"), {
        "title": "ใช้ข้อมูลคาดการณ์ปัญหาและเตรียมการล่วงหน้า (สมมติ)",
        "factors": "อบรมบุคลากรให้อ่านข้อมูลเป็นก่อนลงทุนในระบบ",
    }),
)  # fmt: skip


def write(agencies: Sequence[tuple[Agency, Team]]) -> None:
    """One entry of the latest published result of each."""
    for (agency, team), (pillar, topics, said) in zip(agencies, SHARED, strict=True):
        published = Assessment.objects.filter(agency=agency, status=Status.REPORT_ISSUED)
        case = published.order_by("-cycle__year").first()
        sheet = case.sheets.first()
        found = next(row for row in highlights_of(sheet.payload) if row.pillar == pillar)
        entry = services.share(
            case,
            key=found.key,
            version=0,
            values=dict.fromkeys(services.WRITTEN, "") | said,
            topics=topics,
            by=fresh(team.coordinator),
        )
        # In the story the agencies agreed soon after they read the report.
        LibraryEntry.objects.filter(pk=entry.pk).update(shared_at=sheet.created_at, saved_at=sheet.created_at)
