"""The product as people meet it: its own process, its own database, a real Chromium.

Playwright's sync interface and the ORM do not share a process: data are made by `server.python(...)`, which runs
Python inside the product in a process of its own (tests/journeys/inside.py).
"""

import fcntl
import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from deploy.processes import Child, free_port, stop
from tests.factories import PASSWORD
from tests.journeys.full_disk import FULL

ROOT = Path(__file__).resolve().parents[2]
# Browsers and servers share a small machine: what is expected, and a page that is asked for, may take their time.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
ATTEMPTS = 600
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Settings of whoever runs the tests that must not reach the product.
LEFT_OUT = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PMQA_ENV")
SESSION = """
from django.test import Client
from pmqa.accounts.models import User
browser = Client()
browser.force_login(User.objects.get(email={email!r}), backend="pmqa.accounts.backends.EmailBackend")
answer(browser.cookies["sessionid"].value)
"""


class Server:
    """The running product. `url` has no slash at its end."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = var
        self._environment = environment(var)
        self._log = var / "server.log"
        self._process: Child | None = None
        self._inside: subprocess.Popen | None = None
        self._calls = 0

    def manage(self, *arguments: str) -> str:
        """Run a management command against this product's data; its output."""
        return run(["manage.py", *arguments], self._environment)

    def python(self, code: str) -> Any:
        """Run Python inside the product; `answer(value)` there becomes the result here. `factories` is imported."""
        if self._inside is None:
            self._inside = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.inside"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        # The factories number what they make; each call is a new process and goes on where none has been.
        self._calls += 1
        prelude = f"import itertools\nfactories._numbers = itertools.count({self._calls * 1000})\n"
        print(json.dumps(prelude + code), file=self._inside.stdin, flush=True)
        said = json.loads(self._inside.stdout.readline())
        assert "error" not in said, said["error"]
        return said["answer"]

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "pmqa.wsgi:application", "--workers", "2"]
        command += ["--config", "python:tests.journeys.full_disk"]
        with self._log.open("wb") as log:
            self._process = Child(
                [*command, "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        for _attempt in range(ATTEMPTS):
            if self._process.exit_code is not None:
                break
            if self._is_ready():
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.process.wait(timeout=0.1)
        raise AssertionError(self._log.read_text(encoding="utf-8", errors="replace"))

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """From now on the database has no room for one page more, and none that lies free."""
        self.python("from django.db import connection\nconnection.cursor().execute('VACUUM')")
        full = self.var / FULL
        full.touch()
        try:
            yield
        finally:
            full.unlink()

    def stop(self) -> None:
        if self._inside is not None:
            self._inside.communicate()
        if self._process is not None:
            stop([self._process], seconds=10)


def environment(var: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    ours = {"DJANGO_SETTINGS_MODULE": "tests.journeys.settings", "MFA_POLICY": "off"}
    return inherited | ours | {"PMQA_VAR": str(var), "PYTHONUTF8": "1"}


def run(arguments: list[str], env: dict[str, str]) -> str:
    """Run Python with these arguments; its output."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """A data folder as `make run` prepares it, with the criteria and no data: made once for all workers."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with (folder / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        var, done = folder / "prepared", folder / "prepared.done"
        if not done.exists():
            run(["-m", "deploy.prepare"], environment(var) | {"DEMO": "0"})
            done.touch()
    return var


@pytest.fixture(scope="session")
def server(tmp_path_factory, prepared) -> Iterator[Server]:
    """The product with its criteria and no data, for the whole session."""
    product = Server(shutil.copytree(prepared, tmp_path_factory.mktemp("product") / "var"))
    try:
        product.start()
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "These journeys need Chromium: deploy/bootstrap.sh test installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, server) -> Iterator[Callable[..., Page]]:
    """`visit(email, path)`: a fresh browser of that person, signed in, at that page.

    Errors of scripts and refusals of the Content-Security-Policy fail the test.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def listen(message) -> None:
        if "Content Security Policy" in message.text:
            troubles.append(message.text)

    def open_page(email: str, path: str = "/", **options) -> Page:
        context = chromium.new_context(base_url=server.url, locale="th-TH", **options)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        context.on("console", listen)
        contexts.append(context)
        session = server.python(SESSION.format(email=email))
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def sign_in(page: Page, email: str) -> None:
    """By the form of the log-in, as people do."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
