"""The order of locks: what a transaction waits for comes before its first entry in the audit log."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

HEAD = "accounts_loghead"


def after_the_first_entry(act: Callable[[], object]) -> list[str]:
    """The statements of `act` behind the one that locks the head of the log, which every other write needs."""
    with CaptureQueriesContext(connection) as asked:
        act()
    statements = [query["sql"] for query in asked]
    first = next(place for place, sql in enumerate(statements) if HEAD in sql)
    return statements[first:]
