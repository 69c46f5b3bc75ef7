"""Runs a command with a throw-away PostgreSQL and a throw-away Redis, and ends both whatever happens.

    python -m deploy.with_servers COMMAND ...

The command finds them in DATABASE_URL and REDIS_URL. Both listen on loopback only, on free ports, leave
nothing on disk and give up durability for speed. The exit code is the command's.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.processes import Child, end_with_parent, free_port, stop

START_SECONDS = 30.0


def _postgresql(program: str) -> str:
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[4])
    )
    found = str(newest[-1]) if newest else shutil.which(program)
    return found or sys.exit(f"PostgreSQL's {program} is missing: deploy/bootstrap.sh test installs it.")


def _postgresql_account() -> dict[str, str]:
    """Popen's user and group: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        account = pwd.getpwnam("nobody")
    return {"user": account.pw_name, "group": account.pw_gid, "extra_groups": []}


def _wait_until(answers: Callable[[], bool], server: Child, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if server.exit_code is not None or time.monotonic() > deadline:
            sys.exit(
                f"A throw-away server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}"
            )
        time.sleep(0.1)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server in `folder`, in UTF-8, until the block ends; gives its DATABASE_URL."""
    account = _postgresql_account()
    data, log, port = folder / "data", folder / "postgresql.log", free_port()
    folder.mkdir()
    if account:
        shutil.chown(folder, account["user"], account["group"])
    initdb = [
        _postgresql("initdb"),
        "-D",
        str(data),
        "-U",
        "pmqa",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    ]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **account)
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
    options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    # What tests roll back stays as dead rows in tables that are planned as empty: read by index, they cost nothing.
    options |= {"enable_seqscan": "off", "jit": "off", "autovacuum": "off"}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as sink:
        # SIGINT is its fast shutdown; SIGTERM would wait for clients.
        server = Child(
            [_postgresql("postgres"), "-D", str(data), *arguments],
            stop_signal=signal.SIGINT, stdout=sink, stderr=sink, cwd="/", **account,
        )  # fmt: skip
    try:
        ready = [_postgresql("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        _wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, server, log)
        yield f"postgres://pmqa@127.0.0.1:{port}/postgres"
    finally:
        stop([server], seconds=10)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis server that keeps nothing, until the block ends; gives its REDIS_URL."""
    log, port = folder / "redis.log", free_port()
    folder.mkdir()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with log.open("wb") as sink:
        server = Child([*command, "--dir", str(folder)], stdout=sink, stderr=sink)
    try:
        ping = ["redis-cli", "-p", str(port), "ping"]
        _wait_until(
            lambda: b"PONG" in subprocess.run(ping, capture_output=True, check=False).stdout, server, log
        )
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop([server], seconds=10)


def main(command: list[str]) -> int:
    # A SIGTERM, and the end of whoever called us, must unwind the blocks below as Ctrl-C does.
    end_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="pmqa-servers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgresql(folder / "postgresql") as database_url, redis(folder / "redis") as redis_url:
            environ = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return subprocess.run(command, env=environ, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
