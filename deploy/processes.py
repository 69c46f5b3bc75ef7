"""Child processes that do not outlive us: each in a group of its own, ended politely, then by force."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """Have Linux send us a SIGTERM when our parent dies, so that even its `kill -9` leaves no orphans."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A running command, with the whole process group that it leads."""

    def __init__(self, command: Sequence[str], *, stop_signal: int = signal.SIGTERM, **options) -> None:
        """Start `command`; `options` go to Popen, `stop_signal` is what asks it to end."""
        self.stop_signal = stop_signal
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 (deploy starts no threads)
            **options,
        )

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        if self.exit_code is None:
            self.process.send_signal(self.stop_signal)

    def kill_group(self) -> None:
        """End whatever is left of the group, also where its leader is gone already."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop(children: Iterable[Child], *, seconds: float, meanwhile: Callable[[], object] | None = None) -> None:
    """Ask all children to end, give them `seconds` together, then kill what is left of their groups.

    `meanwhile` is called while waiting, about ten times a second (to pass on what the children still print).
    """
    children = list(children)
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(child.exit_code is None for child in children):
        if meanwhile:
            meanwhile()
        time.sleep(0.1)
    for child in children:
        child.kill_group()


def free_port() -> int:
    """A loopback TCP port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
