"""One walk through every page as everybody who gets in somewhere; what was answered, for several tests to look at."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from assessments.models import Status
from tests import cases, routes
from tests.cases import STATES, World, visit
from tests.test_permissions import ADMIN_MODELS, ROWS

# Everybody whose pages differ. Other members of the agency see what the coordinator sees, with fewer buttons.
WALKERS = (
    "anonymous", "nobody", "coordinator", "head", "two_hats", "neighbour", "reviewer", "handed_in", "lead",
    "recused", "tied", "elsewhere", "officer", "administrator", "auditor", "executive",
)  # fmt: skip
# Where these look in; the others in every state.
ONLY_IN = {"head": ("drafting", "report_issued"), "two_hats": ("in_review", "report_issued")}
# Who is refused is told nothing about a case; these are looked at all the same.
REFUSED = ("coordinator", "neighbour", "reviewer", "recused", "executive")
# Exits that are posts because they leave a line in the log.
COPIES = ("assessments:receipt_copy", "assessments:receipt_json")
NOWHERE = "/no/such/page/"


@dataclass(frozen=True)
class Seen:
    role: str
    # "" where the page is not of one case.
    state: str
    method: str
    route: str
    status: int
    headers: Mapping[str, str]
    packed: bytes
    queries: int
    wrote: tuple[str, ...]

    @property
    def text(self) -> str:
        return zlib.decompress(self.packed).decode(errors="replace")

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.state} as {self.role}: {self.status}"


def _steps(world: World) -> Iterator[tuple[str, str, str, str, str]]:
    """(role, state, method, route, url). Where a role gets nowhere, one state is enough."""
    for row in ROWS:
        if row.method != "GET" and row.route not in COPIES:
            continue
        is_of_a_case = routes.is_of_a_case(row.route)
        for state in STATES if is_of_a_case else STATES[:1]:
            url = routes.address(world, row.route, world.cases[state])
            for role in WALKERS:
                if state not in ONLY_IN.get(role, STATES) and is_of_a_case:
                    continue
                is_told_why = role in REFUSED and state == Status.IN_REVIEW
                if row.expected(role, state) == "+" or is_told_why or not is_of_a_case:
                    yield role, state if is_of_a_case else "", row.method, row.route, url
    for role in ("administrator", "auditor"):
        yield role, "", "GET", "admin:index", reverse("admin:index")
        for label in ADMIN_MODELS:
            url = routes.admin_address(label, "changelist")
            yield role, "", "GET", f"admin:{label}_changelist", url
    for name in ("account_login", "account_reset_password", "account_signup"):
        yield "anonymous", "", "GET", name, reverse(name)
    for name in ("account_logout", "account_change_password", "mfa_index", "mfa_activate_totp"):
        yield "nobody", "", "GET", name, reverse(name)
    for role in ("anonymous", "nobody"):
        yield role, "", "GET", NOWHERE, NOWHERE


def _look(world: World, role: str, state: str, method: str, route: str, url: str) -> Seen:
    result = visit(world.client(role), method, url)
    body = b"" if result.response.streaming else result.response.content
    return Seen(
        role, state, method, route, result.response.status_code, dict(result.response.headers),
        zlib.compress(body, 1), result.queries, result.wrote,
    )  # fmt: skip


@contextmanager
def _walked(blocker: Any) -> Iterator[tuple[Seen, ...]]:
    with cases.kept(blocker) as world:
        cases.print_report()
        # Words, policies and trees that a process keeps are read before anything is counted.
        for step in list(_steps(world))[:5]:
            _look(world, *step)
        yield tuple(_look(world, *step) for step in _steps(world))


@cache
def walk(blocker: Any) -> tuple[Seen, ...]:
    """Everything that was seen; walked once in a process. `blocker` is pytest-django's."""
    with _walked(blocker) as seen:
        return seen
