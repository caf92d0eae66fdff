"""What standing writes: frozen records of where a case stood, and that the tour is over."""

import hashlib
import json
from datetime import datetime

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.standing.models import Snapshot, Tour
from credentialing.standing.queries import Standing


def end_tour(person: Person, *, at: datetime) -> None:
    """Put the tour of the home page away for good; asked twice, once."""
    Tour.objects.get_or_create(person=person, defaults={"ended_at": at})


def freeze(application: Application, now: Standing, *, by: Person, at: datetime) -> Snapshot:
    """Keep where a locked case stands, and what the rules make of it, as its next snapshot.

    Whether it may be taken is asked by who takes it: the moves of a case are the Committee's.
    """
    frozen = {"portfolio": now.portfolio, "assessment": now.data}
    digest = hashlib.sha256(json.dumps(frozen, sort_keys=True).encode()).hexdigest()
    snapshot = Snapshot.objects.create(
        application=application,
        number=application.snapshots.count() + 1,
        as_of=now.as_of,
        procedure=now.procedure.id,
        digest=digest,
        taken_at=at,
        taken_by=by,
        **frozen,
    )
    audit.record(
        "snapshot.taken",
        application.reference,
        by=by,
        record=f"snapshot {snapshot.number}",
        after={"digest": digest},
    )
    return snapshot
