"""What waits for an agency after it has submitted. The apps above register what they know."""

from collections.abc import Callable, Collection, Sequence

from assessments.models import Assessment
from assessments.pages.summary import Task
from pmqa.accounts.models import User

# Key of an assessment -> its tasks for this person, for all of them at once.
Source = Callable[[Sequence[Assessment], User], dict[int, list[Task]]]

_sources: list[tuple[Source, frozenset[str]]] = []


def register(source: Source, *, waiting_in: Collection[str]) -> Source:
    """`waiting_in` are the statuses of an assessment in which the source may know of something."""
    _sources.append((source, frozenset(waiting_in)))
    return source


def waiting_statuses() -> frozenset[str]:
    return frozenset().union(*(statuses for _source, statuses in _sources))


def waiting_tasks(assessments: Sequence[Assessment], user: User) -> dict[int, list[Task]]:
    """A source is asked once, and only where it may know of something."""
    found: dict[int, list[Task]] = {}
    for source, statuses in _sources:
        asked = [assessment for assessment in assessments if assessment.status in statuses]
        if asked:
            for key, tasks in source(asked, user).items():
                found.setdefault(key, []).extend(tasks)
    return found
