"""Supervisions and what is said of their sessions, made for tests."""

from datetime import timedelta

from django.utils import timezone

from credentialing.records.models import Letter
from supervision import operations, queries
from supervision.models import Approval
from tests.factories import ApplicationFactory, person, supervision

TODAY = timezone.localdate()
NOW = timezone.now()


def approved(places=3, **fields):
    """Somebody who is an approved supervisor."""
    made = person(**fields)
    Approval.objects.create(supervisor=made, start="2010-01-01", places=places)
    return made


def asked(case, sue):
    return operations.ask_supervisor(case, sue, group=None, by=case.applicant, at=NOW)


def running(case=None, sue=None, began=None):
    case = case or ApplicationFactory()
    return supervision(case.applicant, sue or person(), began or TODAY - timedelta(days=100))


def held(of, days_ago=1, minutes=60, by=None):
    return operations.log_session(
        of,
        date=TODAY - timedelta(days=days_ago),
        minutes=minutes,
        state="held",
        by=by or of.applicant,
        at=NOW,
    )


def so(*rows, **otherwise):
    """What a supervisor says of sessions as they stand: that they are so, or otherwise."""
    return [
        operations.Verdict(
            session=row.pk, digest=queries.digest(row), **({"given": True} | otherwise)
        )
        for row in rows
    ]


def letters(kind, to):
    return Letter.objects.filter(kind=kind, to=to).count()
