"""The invented ministries, agencies and people of the demonstration, and their password."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from pmqa.accounts.models import Agency, Appointment, Membership, Ministry, User
from results.demo import content
from reviews.team_models import ReviewerProfile

DOMAIN = "demo.example"
# The named accounts, in the order in which they are printed: name and what the person is.
ACCOUNTS = (
    ("coordinator", "ผู้ประสานงาน DEMO-001"),
    ("owner", "เจ้าภาพหมวด 1 DEMO-001"),
    ("head", "หัวหน้าส่วนราชการ DEMO-001"),
    ("reviewer1", "ผู้ตรวจประเมิน"),
    ("reviewer2", "ผู้ตรวจประเมิน"),
    ("lead", "หัวหน้าทีมผู้ตรวจประเมิน"),
    ("officer", "เจ้าหน้าที่ประจำเรื่อง สำนักงาน ก.พ.ร."),
    ("admin", "ผู้ดูแลระบบ สำนักงาน ก.พ.ร."),
    ("auditor", "ผู้ตรวจสอบ"),
    ("executive", "ผู้บริหาร"),
    ("contributor", "ผู้ร่วมเขียน DEMO-001"),
    ("admin2", "ผู้ดูแลระบบคนที่สอง ยืนยันการขยายเวลาและการแจ้งผล"),
)
# The agency that was set up this year: it has no score of last year, and is no department.
NEW = 12
OFFICES = {
    "officer": Appointment.Role.OFFICER,
    "admin": Appointment.Role.ADMINISTRATOR,
    "admin2": Appointment.Role.ADMINISTRATOR,
    "auditor": Appointment.Role.AUDITOR,
    "executive": Appointment.Role.EXECUTIVE,
}
# Whose numbers an executive may read begins at five.
AGENCIES_OF_A_MINISTRY = 6
_FIRST_NAMES = ("สมหญิง", "สมชาย", "สมศรี", "สมศักดิ์", "สมจิต", "สมพร", "สมบัติ", "สมใจ", "สมหมาย", "สมนึก")


def email(name: str) -> str:
    return f"{name}@{DOMAIN}"


def password_file() -> Path:
    return settings.VAR / "demo-password"


def password() -> str:
    """DEMO_PASSWORD, else the one made once and kept in var/demo-password."""
    if settings.DEMO_PASSWORD:
        return settings.DEMO_PASSWORD
    path = password_file()
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def apply_password() -> None:
    """Give every demonstration account the present password; one hash serves all, it is no secret here."""
    people = User.objects.filter(is_demo=True)
    wanted = password()
    first = people.first()
    if first and not check_password(wanted, first.password):
        people.update(password=make_password(wanted))


def make_ministries(agencies: int) -> list[Ministry]:
    """As many as leave each of them enough agencies to be told of in a picture of the whole; all from 24 on."""
    count = max(1, min(len(content.MINISTRIES), agencies // AGENCIES_OF_A_MINISTRY))
    return [
        Ministry.objects.create(code=code, name=name, name_en=name_en)
        for code, name, name_en in content.MINISTRIES[:count]
    ]


def make_agency(number: int, ministries: list[Ministry]) -> Agency:
    theme = content.theme_of(number)
    return Agency.objects.create(
        code=f"DEMO-{number:03d}",
        name=theme.agency,
        name_en=theme.agency_en,
        kind=Agency.Kind.OTHER if number == NEW else Agency.Kind.DEPARTMENT,
        ministry=ministries[(number - 1) % len(ministries)],
        is_demo=True,
    )


def make_person(name: str, number: int) -> User:
    """An account without a usable password: `apply_password` sets it."""
    return User.objects.create(
        email=email(name),
        first_name=_FIRST_NAMES[number % len(_FIRST_NAMES)],
        last_name=f"สมมติ{number}",
        password=make_password(None),
        is_demo=True,
    )


def make_people(agencies: list[Agency]) -> dict[str, User]:
    """The named accounts, and a coordinator and a head for every other agency; by the part before the @."""
    people = {name: make_person(name, number) for number, (name, _role) in enumerate(ACCOUNTS, start=1)}
    for name, office in OFFICES.items():
        Appointment.objects.create(user=people[name], role=office)
    for number, agency in enumerate(agencies, start=1):
        names = ("coordinator", "head") if number == 1 else (f"coordinator{number:03d}", f"head{number:03d}")
        for name, role in zip(names, (Membership.Role.COORDINATOR, Membership.Role.HEAD), strict=True):
            if name not in people:
                people[name] = make_person(name, len(people) + 1)
            Membership.objects.create(user=people[name], agency=agency, role=role)
    _make_reviewers(people)
    Membership.objects.create(
        user=people["owner"], agency=agencies[0], role=Membership.Role.OWNER, categories=["1"]
    )
    Membership.objects.create(
        user=people["contributor"], agency=agencies[0], role=Membership.Role.CONTRIBUTOR
    )
    return people


# Further reviewers, whom only the automatic proposal takes: name, categories they know (none: all).
MORE_REVIEWERS = (("reviewer3", []), ("reviewer4", ["1", "2", "3", "4"]), ("reviewer5", ["5", "6", "7"]))


def _make_reviewers(people: dict[str, User]) -> None:
    for name, _categories in MORE_REVIEWERS:
        people[name] = make_person(name, len(people) + 1)
    known = (("reviewer1", []), ("reviewer2", []), ("lead", []), *MORE_REVIEWERS)
    ReviewerProfile.objects.bulk_create(
        ReviewerProfile(user=people[name], categories=categories, can_lead=name == "lead")
        for name, categories in known
    )
