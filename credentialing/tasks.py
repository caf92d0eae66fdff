"""What the worker does when a doorbell rings or the sweep comes by. PostgreSQL holds the work."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

import applicants.operations
import reviews.operations
from credentialing import post, reminders
from credentialing.office.operations import trail
from credentialing.office.queries.trail import last_check
from credentialing.records import audit, digests, jobs
from credentialing.records.reminders import sweep
from credentialing.work import KINDS

CHECKED_EACH = timedelta(hours=1)


@shared_task(name="credentialing.tasks.send_letters")
def send_letters() -> None:
    """Send every letter that waits, each once."""
    post.doubt_expired_leases()
    while post.send_next():
        pass


@shared_task(name="credentialing.tasks.close_ballots")
def close_ballots() -> None:
    """Close the ballots whose time has come, by the database's clock."""
    reviews.operations.close_due_ballots()


@shared_task(name="credentialing.tasks.remind")
def remind() -> None:
    """Write the reminders that are due; asked again, they are not written twice."""
    sweep(reminders.TABLE, at=timezone.now())


@shared_task(name="credentialing.tasks.gather_letters")
def gather_letters() -> None:
    """Gather what waits into daily letters; of a day there is one for each reader."""
    digests.gather(at=timezone.now())


@shared_task(name="credentialing.tasks.seal_audit")
def seal_audit() -> None:
    """Seal what was written to the audit trail since the last time."""
    audit.seal()


@shared_task(name="credentialing.tasks.check_trail")
def check_trail() -> None:
    """Look at all of the sealed trail, once an hour however often the worker begins anew."""
    now = timezone.now()
    last = last_check()
    if last is None or last.begun_at < now - CHECKED_EACH:
        trail.check_trail(at=now)


@shared_task(name="credentialing.tasks.run_jobs")
def run_jobs() -> None:
    """Do the long work that waits, one after the other."""
    jobs.give_up_what_kills_workers()
    while jobs.run_next(KINDS):
        pass
    jobs.remove_expired_files()
    applicants.operations.forget_imports(at=timezone.now())
