"""What is to be done after a review, above the lists of cases. The apps above register what they know."""

from collections.abc import Callable
from dataclasses import dataclass

from pmqa.accounts.models import User


@dataclass(frozen=True)
class Notice:
    """A sentence, and the page where it is done."""

    words: str
    url: str


# What a person is told; nothing where nothing waits.
Source = Callable[[User], Notice | None]

_sources: list[Source] = []


def register(source: Source) -> Source:
    _sources.append(source)
    return source


def notices(user: User) -> list[Notice]:
    return [found for source in _sources if (found := source(user))]
