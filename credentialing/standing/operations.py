"""What standing writes: frozen records of where a case stood."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.standing.models import Snapshot
from credentialing.standing.queries import standing


@transaction.atomic
def take_snapshot(application: Application, *, by: Person, at: datetime) -> Snapshot:
    """Freeze the portfolio of a case and what the rules make of it today, under the next number.

    Whether it may be taken is asked by who takes it: the moves of a case are the Committee's.
    """
    application = Application.objects.select_for_update().get(pk=application.pk)
    now = standing(application, timezone.localdate(at))
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
