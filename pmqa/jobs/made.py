"""How far a file is that a job makes; nothing is written."""

from dataclasses import dataclass

from django.db.models.fields.files import FieldFile

from pmqa.jobs.models import Job

# States besides those of the job: the file is ready, or was ready and is gone, or nobody has ordered it.
READY, GONE, UNORDERED = "ready", "gone", "unordered"


@dataclass(frozen=True, slots=True)
class MadeState:
    """state: queued, running, failed (of its job), ready, gone (of its file), or unordered.

    done of total: steps of the running job. size: bytes of a ready file.
    """

    state: str
    done: int = 0
    total: int = 0
    size: int = 0

    @property
    def is_under_way(self) -> bool:
        return self.state in (Job.Status.QUEUED, Job.Status.RUNNING)

    @property
    def is_ready(self) -> bool:
        return self.state == READY


def made_state(file: FieldFile, job: Job | None) -> MadeState:
    """The state of a file that is there once it is whole, and of the job that makes it."""
    if file:
        try:
            return MadeState(READY, size=file.size)
        except FileNotFoundError:
            if job is None or job.is_finished:
                return MadeState(GONE)
    if job is None:
        return MadeState(UNORDERED)
    if job.status == Job.Status.DONE:
        return MadeState(Job.Status.FAILED.value)
    return MadeState(job.status, done=job.progress, total=job.total)
