"""The clock of the tests: each begins at noon of the same day, and no minute, day, month or year turns within it.

What happens when one does turn is for tests that travel there. They move the clock of the web server alone, as it may
differ from that of the database, which decides what is in time.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import time_machine
from django.db.models.functions import Now

NOON = datetime(2026, 12, 14, 5, tzinfo=UTC).timestamp()  # in Bangkok, on a Monday


@contextmanager
def at_noon() -> Iterator[None]:
    """From noon on the clock ticks."""
    with time_machine.travel(NOON), pytest.MonkeyPatch.context() as patch:
        # The traveller's time begins when somebody asks for it.
        ahead = time.time() - time_machine.escape_hatch.time.time()
        # SQLite counts in thousandths: rounded so that what was asked first is never the later.
        shift = f"'{math.floor(ahead * 1000) / 1000:+.3f} seconds'"
        for name, template in (
            ("as_sqlite", f"STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW', {shift})"),
            ("as_postgresql", f"(STATEMENT_TIMESTAMP() + INTERVAL {shift})"),
        ):
            patch.setattr(Now, name, _reading(template))
        yield


def _reading(template: str) -> Callable[..., tuple[str, list]]:
    def as_vendor(self: Now, compiler, connection, **extra_context) -> tuple[str, list]:
        return self.as_sql(compiler, connection, template=template, **extra_context)

    return as_vendor
