"""`make run`: the web server and the worker under one supervisor, in the foreground, until Ctrl-C or SIGTERM.

Prepares the data folder (deploy/prepare.py), starts both, starts again what dies, writes one log, and says
`Ready: http://HOST:PORT/` once the web server answers. It imports nothing of the product.
"""

import fcntl
import http.client
import ipaddress
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

from deploy.processes import Child, end_with_parent, stop

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 8.0
READY_SECONDS = 180.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
LOG_DAYS = 90
# The path without its query: a query may hold what somebody searched for.
ACCESS_FORMAT = "%(t)s %(h)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"


class Refused(Exception):
    """We cannot start; the message is the one sentence that says why and what to do."""


@dataclass(frozen=True)
class Address:
    """Where the web server listens, and the host name that it accepts in requests."""

    host: str
    port: int
    name: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Address":
        """Read HOST, PORT and ALLOWED_HOSTS. Raises Refused for no port, or an embedded server in public."""
        host = environ.get("HOST") or "127.0.0.1"
        port = environ.get("PORT") or "8000"
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise Refused(f"PORT must be a number from 1 to 65535, not {port!r}.")
        if environ.get("PMQA_ENV", "embedded") == "embedded" and not _is_loopback(host):
            raise Refused(
                f"HOST {host} is open to others, and the embedded mode has no https and no second factor: "
                "use 127.0.0.1, or set PMQA_ENV=production (docs/operations.md)."
            )
        allowed = environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
        return cls(host, int(port), host if allowed in ("", "*") else allowed)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def check_free(self) -> None:
        """Raise Refused where somebody listens already, or where the host is not of this machine."""
        try:
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            socket.create_server((self.host, self.port), family=family).close()
        except OSError as error:
            # create_server repeats the address at the end of the reason.
            reason = error.strerror.partition(" (while")[0]
            raise Refused(f"Cannot listen on {self}: {reason}; choose another with PORT=8001, say.") from None

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/readyz", headers={"Host": self.name})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Output:
    """What the children print: passed on to the console and to one log file, a line at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        handler = TimedRotatingFileHandler(
            folder / "pmqa.log", when="midnight", backupCount=LOG_DAYS, encoding="utf-8"
        )
        self._log = logging.getLogger("pmqa.run")
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        self._log.addHandler(handler)
        self._selector = selectors.DefaultSelector()

    def say(self, text: str) -> None:
        """To the console only: passwords of the demonstration never reach the log."""
        # A closed console (`make run | head`) is no reason to end the service.
        with suppress(OSError):
            print(text, flush=True)

    def line(self, source: str, text: str) -> None:
        text = f"{source:<7} {text}"
        self._log.info(text)
        self.say(text)

    def follow(self, pipe: int, receive: Callable[[str], None]) -> None:
        """Call `receive` with every line that comes out of `pipe`, until its end."""
        self._selector.register(pipe, selectors.EVENT_READ, _LineReader(receive))

    def pass_on(self, seconds: float = 0) -> bool:
        """Wait up to `seconds` for output and hand it to its receivers; False where there was none."""
        waiting = self._selector.select(seconds)
        for key, _ in waiting:
            data = os.read(key.fd, 65536)
            key.data.feed(data)
            if not data:
                self._selector.unregister(key.fd)
                os.close(key.fd)
        return bool(waiting)

    def drain(self) -> None:
        """Pass on everything that is waiting; call it when its writers have ended."""
        while self.pass_on():
            pass


class _LineReader:
    """Cuts a stream of bytes into lines."""

    def __init__(self, receive: Callable[[str], None]) -> None:
        self._receive = receive
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes; no bytes mean the end."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data and self._rest:
            lines.append(self._rest)
        for line in lines:
            self._receive(line.decode("utf-8", "replace").rstrip())


@dataclass
class Service:
    """A command that must always run; started again, after a growing pause, when it ends."""

    name: str
    command: list[str]
    child: Child | None = None
    pause: float = 1.0
    started: float = field(default=0.0)
    next_start: float = field(default=0.0)


class Supervisor:
    """Starts, watches and ends the children, in one thread, between two looks at what they print."""

    def __init__(self, address: Address, var: Path, environ: Mapping[str, str]) -> None:
        self.address = address
        self.output = Output(var / "log")
        self.stopping = False
        self._environ = {
            **environ,
            "DJANGO_SETTINGS_MODULE": "pmqa.settings",
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            # Font caches and the like: HOME may be missing or read-only, and everything kept belongs in var/.
            "XDG_CACHE_HOME": str(var / "cache"),
        }
        self._children: list[Child] = []

    def ask_to_stop(self, *_signal) -> None:
        self.stopping = True

    def run(self) -> int:
        """Prepare, serve until asked to stop, end everything. The exit code of the whole."""
        try:
            accounts = self._prepare()
            return self._serve(accounts)
        except Refused as error:
            self._say(str(error))
            return 1
        finally:
            stop(self._children, seconds=STOP_SECONDS, meanwhile=self.output.pass_on)
            self.output.drain()

    def _say(self, text: str) -> None:
        self.output.line("run", text)

    def _start(self, name: str, command: list[str], **pipes) -> Child:
        receive, send = os.pipe()
        child = Child(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self._environ,
            **{"stdout": send, "stderr": send, **pipes},
        )
        os.close(send)
        self.output.follow(receive, lambda text: self.output.line(name, text))
        self._children.append(child)
        return child

    def _prepare(self) -> list[str]:
        """Bring the data folder up to the code; returns the lines about the demonstration accounts."""
        accounts: list[str] = []
        receive, send = os.pipe()
        child = self._start("prepare", ["deploy.prepare"], stdout=send)
        os.close(send)
        self.output.follow(receive, accounts.append)
        while child.exit_code is None and not self.stopping:
            self.output.pass_on(0.1)
        self.output.drain()
        if not self.stopping and child.exit_code:
            raise Refused("The data folder could not be prepared; the reason is above and in the log.")
        return accounts

    def _serve(self, accounts: list[str]) -> int:
        services = [Service("web", _web(self.address)), Service("worker", _worker())]
        ready = False
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping:
            for service in services:
                self._keep_running(service)
            self.output.pass_on(0.2)
            if not ready and self.address.is_ready():
                ready = True
                self.output.say("\n".join([f"Ready: http://{self.address}/", *accounts]))
            elif not ready and time.monotonic() > deadline:
                raise Refused(
                    f"The web server was not ready within {READY_SECONDS:.0f} seconds; the log says why."
                )
        self._say("Stopping.")
        return 0

    def _keep_running(self, service: Service) -> None:
        now = time.monotonic()
        if service.child and service.child.exit_code is not None:
            # Its own children still hold the port or a job.
            service.child.kill_group()
            self._children.remove(service.child)
            if now - service.started > STEADY_SECONDS:
                service.pause = 1.0
            self._say(
                f"{service.name} ended ({service.child.exit_code}); starting again in {service.pause:.0f} s."
            )
            service.child = None
            service.next_start = now + service.pause
            service.pause = min(2 * service.pause, LONGEST_PAUSE)
        if service.child is None and now >= service.next_start:
            service.child = self._start(service.name, service.command)
            service.started = now


def _web(address: Address) -> list[str]:
    command = ["gunicorn", "pmqa.wsgi:application", "--bind", str(address)]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    command += ["--max-requests", "5000", "--max-requests-jitter", "500", "--graceful-timeout", "6"]
    command += ["--access-logfile", "-", "--access-logformat", ACCESS_FORMAT]
    command += ["--logger-class", "deploy.access.AccessLogger"]
    # Its control socket would be written into HOME.
    command += ["--no-control-socket"]
    # The heartbeat file belongs in memory: on a slow disk a busy worker looks dead.
    if os.access("/dev/shm", os.W_OK):  # noqa: S108 (gunicorn makes and unlinks its own file there)
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return command


def _worker() -> list[str]:
    return [
        "celery",
        "--app",
        "pmqa",
        "--quiet",
        "worker",
        "--beat",
        "--concurrency",
        "2",
        "--loglevel",
        "INFO",
    ]


def _lock(var: Path) -> int:
    """Take the data folder for ourselves as long as we live. Raises Refused where somebody else has it."""
    var.mkdir(parents=True, exist_ok=True)
    lock = os.open(var / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(
            f"Another `make run` works in {var}; stop it, or set PMQA_VAR to another folder."
        ) from None
    return lock


def _remember(address: Address, var: Path) -> None:
    """Keep where we listen for pmqa.settings: what is printed by a command beside us names the same place."""
    (var / "public-url").write_text(f"http://{address}\n", encoding="utf-8")


def main() -> int:
    os.umask(0o027)
    os.chdir(ROOT)
    if "MAKELEVEL" in os.environ:
        end_with_parent()
    var = Path(os.environ.get("PMQA_VAR") or "var").resolve()
    try:
        address = Address.from_environment(os.environ)
        address.check_free()
        _lock(var)
        _remember(address, var)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    supervisor = Supervisor(address, var, os.environ)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)
    if os.environ.get("PMQA_ENV", "embedded") == "embedded":
        supervisor.output.line(
            "run",
            "Embedded mode: this machine only, plain http, no second factor; PMQA_ENV=production has both.",
        )
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
