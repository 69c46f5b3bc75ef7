"""The KPI framework of each invented cycle: the announced weights, and other ones for one type of agencies."""

from decimal import Decimal

from assessments.models import Cycle
from pmqa.accounts.models import Agency, User
from results.framework.models import KpiFramework
from results.framework.reading import EVERY_KIND, proposal_of
from results.framework.services import store
from results.framework.weights import PERFORMANCE, POTENTIAL, Component, Framework

# Bodies beside the departments weigh what makes them fit for the future more, and have a KPI of innovation.
OTHERS = Framework(
    Decimal(60),
    Decimal(40),
    (
        Component(
            PERFORMANCE,
            "ตัวชี้วัดตามภารกิจของหน่วยงาน (สมมติ)",
            Decimal("47.5"),
            ("function", "agenda"),
            name_en="KPIs of the agency's own work (invented)",
            least=3,
            most=5,
        ),
        Component(
            PERFORMANCE,
            "นวัตกรรมบริการที่ใช้งานจริง (สมมติ)",
            Decimal("12.5"),
            ("area", "innovation"),
            name_en="Innovative services in use (invented)",
        ),
        Component(
            POTENTIAL,
            "การพัฒนาองค์การสู่ดิจิทัล (สมมติ)",
            Decimal(20),
            ("potential",),
            name_en="Digital government (invented)",
        ),
        Component(POTENTIAL, "PMQA 4.0", Decimal(20), ("potential",), name_en="PMQA 4.0", is_pmqa=True),
    ),
)


def write(cycle: Cycle, *, by: User) -> None:
    """As an administrator does before the cycle opens; the last years' proposal is taken as it is."""
    common = proposal_of(cycle, EVERY_KIND).framework
    for kind, framework in ((EVERY_KIND, common), (Agency.Kind.OTHER, OTHERS)):
        store(cycle, kind, version=0, framework=framework, by=by)
    KpiFramework.objects.filter(cycle=cycle).update(changed_at=cycle.opens_at)
