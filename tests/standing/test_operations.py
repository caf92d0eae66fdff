import hashlib
import json

import pytest
from django.utils import timezone

from credentialing.records.models import AuditEntry
from credentialing.standing.operations import freeze
from credentialing.standing.queries import standing
from tests.factories import complete_case, person

pytestmark = pytest.mark.django_db


def test_a_snapshot_freezes_the_portfolio_and_what_the_rules_say_under_the_next_number():
    case, chair = complete_case(), person("chair")

    now = standing(case, timezone.localdate())
    first = freeze(case, now, by=chair, at=timezone.now())
    second = freeze(case, now, by=chair, at=timezone.now())

    frozen = {"portfolio": first.portfolio, "assessment": first.assessment}
    content = json.dumps(frozen, sort_keys=True).encode()
    assert first.digest == hashlib.sha256(content).hexdigest()
    assert first.assessment["ready_for_review"] is True
    assert [first.number, second.number] == [1, 2]
    assert AuditEntry.objects.filter(act="snapshot.taken", case=case.reference).count() == 2
