import copy
import gc

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.test import Client
from django.utils.translation import override
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadFileScheduling

from tests import factories
from tests.clock import at_noon

# As in CI everywhere: the same examples in every run, and none of them too slow for a busy machine.
hypothesis_settings.load_profile("ci")
# They look at the pages of tests/walk.py.
WALKERS = ("test_leaks.py", "test_queries.py", "test_security.py")


def pytest_addoption(parser):
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out tests without a database, and heavy ones: for a second run on another database",
    )


class ByFile(LoadFileScheduling):
    """Workers share the tests file by file; what walks every page as everybody walks once, in one of them."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "walk" if file.endswith(WALKERS) else file


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--database-only"):
        return
    kept, left = [], []
    for item in items:
        wants = {"db", "transactional_db"} & set(item.fixturenames)
        has_database = wants or item.get_closest_marker("django_db")
        is_heavy = item.get_closest_marker("heavy")
        (kept if has_database and not is_heavy else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def pytest_collection_finish(session):
    """What is loaded by now stays: looking through it for rubbish, again and again, took a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_configure(config):
    """Settings that only tests need: no collected static files, quick passwords."""
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """At noon and in Thai, whatever the test before left; around the fixtures too, whatever their scope.

    A journey's product runs by the clock of the machine.
    """
    if item.get_closest_marker("journey"):
        return (yield)
    with at_noon(), override("th"):
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The real criteria, once per session: they are frozen anyway.

    A test with real transactions ends by emptying every table. Django then sends post_migrate, as after a migration,
    and whoever comes next, in whatever order, finds the criteria again.
    """

    def load(**_signal) -> None:
        call_command("load_criteria", write=True, verbosity=0)

    with django_db_blocker.unblock():
        load()
    post_migrate.connect(load, sender=apps.get_app_config("criteria"), weak=False)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """No test writes into the product's own folder. Assigning STORAGES, not changing it, makes Django open it anew."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = tmp_path / "media"
    settings.STORAGES = storages
    settings.MEDIA_ROOT = tmp_path / "media"
    # Nor depends on how full this machine is.
    settings.EVIDENCE_FREE_BYTES = 0


@pytest.fixture
def as_user(db):
    """A browser signed in as the given person."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="pmqa.accounts.backends.EmailBackend")
        return client

    return sign_in


@pytest.fixture
def cycle(db):
    return factories.make_cycle()


@pytest.fixture
def agency(db):
    return factories.make_agency()


@pytest.fixture
def coordinator(agency):
    return factories.make_member(agency, "coordinator")


@pytest.fixture
def head(agency):
    return factories.make_member(agency, "head")


@pytest.fixture
def administrator(db):
    return factories.make_official("administrator")


@pytest.fixture
def officer(db):
    return factories.make_official("officer")


@pytest.fixture
def assessment(agency, cycle):
    """A draft with nothing in it."""
    return factories.make_assessment(agency=agency, cycle=cycle)
