"""The two ways a write may be refused."""

from typing import Any


class Refused(Exception):
    """A rule forbids this now. `message` is a Thai sentence for the person, saying what to do next."""

    def __init__(self, message: Any, *, code: str = ""):
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Conflict(Exception):
    """Somebody saved in between. `current` is the row as it is stored now."""

    def __init__(self, current: Any):
        super().__init__(f"{current!r} has changed")
        self.current = current
