"""A reviewer's list of cases, few of them and many, in a database that is made for it and thrown away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import (
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)
from django.urls import reverse


@contextmanager
def _database() -> Iterator[None]:
    setup_test_environment()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_criteria", write=True, verbosity=0)
        yield
    finally:
        teardown_databases(made, verbosity=0)
        teardown_test_environment()


@contextmanager
def queues(few: int, many: int) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """The page of a reviewer with `many` cases, and that of one with `few`."""
    with _database():
        from assessments.models import Status
        from tests import factories
        from tests.reviews import crowds

        first = factories.make_assessment()
        categories = list(first.cycle.edition.categories.values_list("pk", flat=True))
        yield tuple(
            _page(crowds, factories.make_user(), first, number, categories, Status.IN_REVIEW)
            for number in (many, few)
        )


def _page(crowds, reviewer, first, number: int, categories: list[int], status: str) -> Callable[[], None]:
    crowds.assigned(crowds.more_cases(first, number, status=status), reviewer, categories=categories)
    client = Client()
    client.force_login(reviewer, backend="pmqa.accounts.backends.EmailBackend")

    def open_queue() -> None:
        page = client.get(reverse("reviews:queue"))
        if len(page.context["waiting"]) != number:
            raise AssertionError(f"{number} cases should wait")

    return open_queue
