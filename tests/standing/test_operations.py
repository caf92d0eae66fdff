import hashlib
import json

import pytest
from django.utils import timezone

from credentialing.records.models import AuditEntry
from credentialing.standing.operations import take_snapshot
from tests.factories import complete_case, person

pytestmark = pytest.mark.django_db


def test_a_snapshot_freezes_the_portfolio_and_what_the_rules_say_under_the_next_number():
    case, chair = complete_case(), person("chair")

    first = take_snapshot(case, by=chair, at=timezone.now())
    second = take_snapshot(case, by=chair, at=timezone.now())

    frozen = {"portfolio": first.portfolio, "assessment": first.assessment}
    content = json.dumps(frozen, sort_keys=True).encode()
    assert first.digest == hashlib.sha256(content).hexdigest()
    assert first.assessment["ready_for_review"] is True
    assert [first.number, second.number] == [1, 2]
    assert AuditEntry.objects.filter(act="snapshot.taken", case=case.reference).count() == 2
