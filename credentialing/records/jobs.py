"""Long work: a row that a person asks for, a worker that does it, and what came of it.

Asking commits with the act that asks. The worker claims a row under a lease; one whose worker died
is begun again from the beginning, so the work itself must be able to be done twice.
"""

import logging
import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.records import audit, doorbell, letters
from credentialing.records.models import Job
from credentialing.records.refusals import Refused

DOORBELL = "credentialing.tasks.run_jobs"
LEASE = timedelta(minutes=2)
TRIES = 3  # a worker that dies three times over the same work is stopped by it
KEPT = timedelta(days=7)
WORTH_A_LETTER = timedelta(seconds=60)  # whoever waited as long has left the page
SELDOM = 0.4  # seconds between two notes of the progress

logger = logging.getLogger(__name__)
State = Job.State


class Cancelled(Exception):  # noqa: N818 - no error: somebody asked for it
    """The person who asked for the work has called it off; raised out of `progress`."""


class Lost(Exception):  # noqa: N818 - no error of ours: another worker has the job
    """The lease ran out and another worker took the job over; this one stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of the work: a sentence, and a file where there is one; a path is taken over.

    `cases` are those that the file tells of, by reference: opening it is opening theirs.
    """

    text: str
    name: str = ""
    content: bytes | Path | None = None
    cases: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of work: what the person reads, what does it, and who may still see its outcome.

    `needs` is the permission on every case of its file that whoever opens it must still hold.
    """

    label: Any
    work: Callable[[Job, "Progress"], Outcome | None]
    roles: frozenset[str] = field(default_factory=frozenset)
    needs: str = ""


@dataclass(slots=True)
class Progress:
    """How the work tells where it is. Called outside of a transaction, it is seen at once."""

    job: Job
    noted_at: float = 0.0

    def __call__(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Note it, and go on holding the job. Cancelled or Lost where the work is to stop."""
        if time.monotonic() - self.noted_at < SELDOM:
            return
        mine = _held(self.job)
        if not mine.update(done=done, total=total, doing=doing[:200], lease_until=Now() + LEASE):
            raise Lost
        if mine.filter(cancel_asked=True).exists():
            raise Cancelled
        self.noted_at = time.monotonic()


def ask(kind: str, *, by: Any, page: str = "", **parameters: Any) -> Job:
    """Ask for work, in the transaction of the act that needs it; the worker hears on commit."""
    job = Job.objects.create(kind=kind, by=by, page=page, parameters=audit.plain(parameters))
    transaction.on_commit(ring)
    return job


def ring() -> None:
    """Wake the worker. When the broker does not answer, the sweep finds the jobs."""
    doorbell.ring(DOORBELL)


@transaction.atomic
def cancel(job: Job) -> Job:
    """Call the work off: at once where it waits, at its next step where it runs."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_over:
        raise Refused(
            _("This is %(state)s already. Nothing was changed.")
            % {"state": job.get_state_display()}
        )
    job.cancel_asked = True
    if job.state == State.WAITING:
        job.state, job.ended_at = State.CANCELLED, Now()
    job.save(update_fields=["cancel_asked", "state", "ended_at"])
    return job


@transaction.atomic
def opened_file(job: Job, *, by: Any) -> File:
    """The file of a job, open for reading, noted in the audit trail. 404 once it has expired."""
    if job.state != State.DONE or not job.file:
        raise Http404
    of = {"by": by, "record": f"job {job.pk}", "after": {"kind": job.kind}}
    audit.record_each("job.file-opened", job.cases or [""], **of)
    return job.file.open("rb")


def run_next(kinds: Mapping[str, Kind]) -> bool:
    """Do the oldest work that waits; False where there is none."""
    job = _claim()
    if job is None:
        return False
    try:
        outcome = kinds[job.kind].work(job, Progress(job))
    except Lost:
        return True
    except Cancelled:
        _end(job, State.CANCELLED, text=_("Called off. What was done until then stands."))
    except Refused as refused:
        _end(job, State.FAILED, text=refused.message)
    except Exception as failure:  # noqa: BLE001 - the worker goes on; the person is told
        # The message of an exception may quote what somebody wrote: only where it arose is logged.
        where = "".join(traceback.format_tb(failure.__traceback__))
        logger.error("job %s (%s): %s\n%s", job.pk, job.kind, type(failure).__name__, where)
        _end(job, State.FAILED, text=_("Something went wrong on our side. It can be tried again."))
    else:
        _end(job, State.DONE, outcome=outcome)
    return True


def give_up_what_kills_workers() -> None:
    """End the jobs whose workers died too often."""
    dead = Job.objects.filter(state=State.RUNNING, lease_until__lt=Now(), attempts__gte=TRIES)
    dead.update(
        state=State.FAILED,
        ended_at=Now(),
        outcome=_("This was stopped three times before it was done. The office can say why."),
    )


def remove_expired_files() -> None:
    """Remove the files whose days are over; that there was one stays on record."""
    for job in Job.objects.filter(expires_at__lt=Now()).exclude(file=""):
        job.file.delete(save=False)
        job.save(update_fields=["file"])


@transaction.atomic
def _claim() -> Job | None:
    free = Q(state=State.WAITING) | Q(
        state=State.RUNNING, lease_until__lt=Now(), attempts__lt=TRIES
    )
    waiting = Job.objects.select_for_update(skip_locked=True).filter(free)
    job = waiting.order_by("asked_at", "pk").first()
    if job:
        job.state, job.started_at, job.lease_until = State.RUNNING, Now(), Now() + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "started_at", "lease_until", "attempts"])
    return job


def _held(job: Job) -> QuerySet[Job]:
    """The job, while it is this worker's."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


def _end(job: Job, state: str, *, text: str = "", outcome: Outcome | None = None) -> None:
    """Note how it ended, with its file; whoever waited long is told by letter."""
    if outcome and outcome.content is not None:
        suffix = Path(outcome.name).suffix
        name = f"{secrets.token_hex(16)}{suffix}"
        if isinstance(outcome.content, Path):
            with outcome.content.open("rb") as content:
                job.file.save(name, File(content), save=False)
            outcome.content.unlink()
        else:
            job.file.save(name, ContentFile(outcome.content), save=False)
    with transaction.atomic():
        ended = _held(job).update(
            state=state,
            ended_at=Now(),
            lease_until=None,
            outcome=outcome.text if outcome else text,
            file=job.file.name or "",
            file_name=outcome.name if outcome else "",
            cases=list(outcome.cases) if outcome else [],
            expires_at=Now() + KEPT if job.file else None,
        )
        if not ended:
            job.file.delete(save=False)
            return
        waited = Job.objects.filter(pk=job.pk, ended_at__gt=F("asked_at") + WORTH_A_LETTER)
        if state != State.CANCELLED and waited.exists():
            letters.write(
                "job-ended",
                job.by,
                occasion=f"job {job.pk}",
                subject=gettext_lazy("What you asked for is ready")
                if state == State.DONE
                else gettext_lazy("What you asked for could not be done"),
                text=gettext_lazy("The page says what came of it."),
                link=f"/jobs/{job.pk}/",
            )
