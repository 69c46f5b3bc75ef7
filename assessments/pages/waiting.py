"""What waits for an agency after it has submitted. The apps above register what they know."""

from collections.abc import Callable, Sequence

from assessments.models import Assessment, Status
from assessments.pages.summary import Task
from pmqa.accounts.models import User

# Key of an assessment -> its tasks for this person, for all of them in one query.
Source = Callable[[Sequence[Assessment], User], dict[int, list[Task]]]
# Where something may wait.
WAITING_IN = (Status.IN_REVIEW,)

_sources: list[Source] = []


def register(source: Source) -> Source:
    _sources.append(source)
    return source


def waiting_tasks(assessments: Sequence[Assessment], user: User) -> dict[int, list[Task]]:
    """One query for each source, none while no assessment is where something may wait."""
    asked = [assessment for assessment in assessments if assessment.status in WAITING_IN]
    found: dict[int, list[Task]] = {}
    for source in _sources if asked else ():
        for key, tasks in source(asked, user).items():
            found.setdefault(key, []).extend(tasks)
    return found
