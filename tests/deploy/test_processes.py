import os
import select
import socket
import subprocess
import sys

import pytest

from deploy.processes import Child, stop
from deploy.run import Address, Output, Refused

STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
child.wait()
"""


def ends(pid: int, *, within: float = 60.0) -> bool:
    """Whether the process is gone within so many seconds: it lets go of its pipes a moment before its end."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within)[0])
    finally:
        os.close(handle)


def test_stop_ends_a_child_that_refuses_and_its_own_children():
    child = Child([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    with child.process:
        grandchild = int(child.process.stdout.readline())
        assert not ends(grandchild, within=0)

        stop([child], seconds=0.3)

        assert child.process.stdout.read() == b""  # its end: nobody holds the pipe any more
    assert child.exit_code == -9
    assert ends(grandchild)


def test_stop_leaves_a_polite_child_its_own_exit_code():
    code = (
        "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7));"
        "print(1, flush=True); signal.pause()"
    )
    child = Child([sys.executable, "-c", code], stdout=subprocess.PIPE)
    with child.process:
        child.process.stdout.readline()
        stop([child], seconds=10)
    assert child.exit_code == 7


def test_a_child_ends_when_its_parent_is_killed():
    code = (
        "import os, sys; from deploy.processes import Child;"
        "child = Child([sys.executable, '-c', 'import signal; print(1, flush=True); signal.pause()']);"
        "print(child.process.pid, flush=True); child.process.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        lines = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        pid = int((lines - {b"1"}).pop())

        parent.kill()

        assert parent.stdout.read() == b""  # the child held the pipe too: its end is the end of both
    assert ends(pid)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000x", "๘๐๐๐"])
def test_a_port_must_be_a_port(port):
    with pytest.raises(Refused, match="PORT must be a number"):
        Address.from_environment({"PORT": port})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "pmqa.example.org"])  # noqa: S104
def test_the_embedded_mode_stays_on_this_machine(host):
    with pytest.raises(Refused, match="open to others"):
        Address.from_environment({"HOST": host})
    assert Address.from_environment({"HOST": host, "PMQA_ENV": "production"}).host == host


@pytest.mark.parametrize(
    ("environ", "shown", "name"),
    [
        ({}, "127.0.0.1:8000", "127.0.0.1"),
        ({"HOST": "", "PORT": ""}, "127.0.0.1:8000", "127.0.0.1"),
        ({"HOST": "::1", "PORT": "8001"}, "[::1]:8001", "::1"),
        ({"HOST": "localhost", "ALLOWED_HOSTS": "*"}, "localhost:8000", "localhost"),
        ({"ALLOWED_HOSTS": ".example.org, b.example"}, "127.0.0.1:8000", "example.org"),
    ],
)
def test_the_address_and_the_name_it_is_asked_by(environ, shown, name):
    address = Address.from_environment(environ)
    assert (str(address), address.name) == (shown, name)


def test_a_taken_port_is_refused_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = Address("127.0.0.1", server.getsockname()[1], "127.0.0.1")
        with pytest.raises(Refused) as refusal:
            address.check_free()
    message = str(refusal.value)
    assert message.startswith(f"Cannot listen on {address}: Address already in use;")
    assert "\n" not in message
    address.check_free()


def test_lines_of_children_reach_console_and_log_whole(tmp_path, capfd):
    output = Output(tmp_path)
    code = "import sys; sys.stdout.buffer.write('หนึ่ง\\nสอง'.encode()); sys.stdout.flush()"
    receive, send = os.pipe()
    child = Child([sys.executable, "-c", code], stdout=send)
    os.close(send)
    output.follow(receive, lambda text: output.line("web", text))
    child.process.wait()
    output.drain()

    output.say("password")

    assert capfd.readouterr().out == "web     หนึ่ง\nweb     สอง\npassword\n"
    assert (tmp_path / "pmqa.log").read_text(encoding="utf-8") == "web     หนึ่ง\nweb     สอง\n"
