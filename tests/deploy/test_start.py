"""`make run` itself, on a data folder of its own: slow to start, hence once, with the browser journeys."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from deploy.processes import free_port

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start")
    return {
        **os.environ,
        "PMQA_VAR": str(folder / "var"),
        "PORT": str(free_port()),
        "HOME": "/nonexistent",
        "DEMO": "0",
    }


@pytest.fixture(scope="module")
def product(environ):
    """A running product, its output open for reading."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.run"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.terminate()
    process.communicate()


def read_until(process, pattern: str) -> str:
    """The lines up to the first that matches; fails where the output ends before."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(pattern, line):
            return "".join(lines)
    pytest.fail("".join(lines))


def processes_of(environ) -> set[int]:
    """Every live process that works for this data folder."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            if f"PMQA_VAR={environ['PMQA_VAR']}\0".encode() in (folder / "environ").read_bytes():
                found.add(int(folder.name))
    return found


def start_another(environ, **changes) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "deploy.run"]
    return subprocess.run(command, env={**environ, **changes}, capture_output=True, text=True, check=False)


def test_ready_is_said_when_pages_answer(product, environ):
    said = read_until(product, "^Ready:")
    url = f"http://127.0.0.1:{environ['PORT']}/"
    assert said.endswith(f"Ready: {url}\n")
    assert "Embedded mode" in said
    with urllib.request.urlopen(f"{url}accounts/login/") as response:  # noqa: S310 (our own server)
        assert response.status == 200


def test_a_second_one_is_refused_in_one_sentence(product, environ):
    same_port = start_another(environ)
    assert (same_port.returncode, same_port.stdout) == (1, "")
    assert re.fullmatch(r"Cannot listen on 127\.0\.0\.1:\d+: [^\n]+\.\n", same_port.stderr)

    same_data = start_another(environ, PORT=str(free_port()))
    assert (same_data.returncode, same_data.stdout) == (1, "")
    assert re.fullmatch(r"Another `make run` works in [^\n]+\.\n", same_data.stderr)


def test_a_killed_web_server_is_started_again(product, environ):
    commands = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(rf"^\s*(\d+)\s+{product.pid}\s.* -m gunicorn ", commands, re.MULTILINE)
    assert len(found) == 1

    os.kill(int(found[0]), signal.SIGKILL)

    read_until(product, r"^run +web ended \(-9\); starting again in 1 s\.")
    read_until(product, r"^web .*Listening at")
    with urllib.request.urlopen(f"http://127.0.0.1:{environ['PORT']}/readyz") as response:
        assert response.status == 200


def test_a_signal_ends_everything(product, environ):
    assert len(processes_of(environ)) > 4

    product.send_signal(signal.SIGTERM)

    assert product.wait(timeout=60) == 0
    assert processes_of(environ) == set()


def test_a_waiting_migration_finds_a_backup_made(product, environ):
    product.wait()
    var = Path(environ["PMQA_VAR"])
    assert not (var / "backups").exists()
    manage = [sys.executable, "manage.py", "migrate", "mfa", "zero", "--verbosity", "0"]
    subprocess.run(manage, env=environ, check=True)

    subprocess.run([sys.executable, "-m", "deploy.prepare"], env=environ, check=True)

    (backup,) = (var / "backups").iterdir()
    query = "SELECT count(*) FROM django_migrations WHERE app = 'mfa'"
    with sqlite3.connect(backup) as before, sqlite3.connect(var / "db.sqlite3") as after:
        assert before.execute(query).fetchone() == (0,)
        assert after.execute(query).fetchone()[0] > 0
        assert before.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert backup.stat().st_mode & 0o077 == 0
