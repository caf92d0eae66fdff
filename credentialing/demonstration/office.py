"""The office in the demonstration: what it decided, who opened files, and the trail sealed."""

from django.utils import timezone

import applicants.operations as applying
from applicants import access
from applicants.models import Document
from credentialing.demonstration.stories import Stage
from credentialing.office.operations.trail import check_trail
from credentialing.records import audit
from credentialing.records.operations import decide_society


def office(stage: Stage) -> None:
    """Two decisions about the Society, and a trail that was looked at."""
    first, second = stage.cast.office
    decide_society({"ballot_days": 14}, seen=0, by=first)
    decide_society({"ballot_days": 10, "sender": "Credentialing office"}, seen=1, by=second)
    for document in Document.objects.select_related("application").order_by("pk"):
        for reader in (stage.cast.chair, *stage.cast.committee):
            if access.may(reader, access.Can.READ_CASE, document.application, day=stage.today):
                applying.open_document(document, by=reader)
    audit.seal()
    check_trail(at=timezone.now())
