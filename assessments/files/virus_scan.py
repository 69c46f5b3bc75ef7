"""Asking a ClamAV daemon about a file: the INSTREAM command of its protocol, and nothing else of it."""

import socket
from contextlib import closing
from typing import BinaryIO

CHUNK = 64 * 1024
# Seconds for each step; a large archive takes the daemon a while.
PATIENCE = 60
REPLY_LIMIT = 4096


class Unavailable(Exception):
    """The daemon gave no verdict: it is down, busy, or refuses the size. Try again later."""


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(PATIENCE)
        link.connect(address.removeprefix("unix:"))
        return link
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def find_in(file: BinaryIO, address: str) -> str:
    """The name of what the daemon at `address` found in an open file; "" when it is clean.

    `address` is "host:port" or "unix:/path". Raises Unavailable.
    """
    try:
        with closing(_connect(address)) as link:
            link.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                link.sendall(len(chunk).to_bytes(4) + chunk)
            link.sendall((0).to_bytes(4))
            reply = _reply(link)
    except (OSError, ValueError) as error:
        raise Unavailable(f"{address}: {error}") from error
    if reply == "stream: OK":
        return ""
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise Unavailable(f"{address} answered {reply[:200]!r}")


def _reply(link: socket.socket) -> str:
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < REPLY_LIMIT:
        more = link.recv(CHUNK)
        if not more:
            break
        reply += more
    return reply.rstrip(b"\0\n").decode("utf-8", errors="replace")
