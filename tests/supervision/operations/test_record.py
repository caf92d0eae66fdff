"""What every act leaves behind."""

import pytest

from credentialing.records.models import AuditEntry, Letter
from supervision import operations
from tests.factories import ApplicationFactory, at, person
from tests.supervision.made import NOW, TODAY, asked, held, running, so

pytestmark = pytest.mark.django_db


def test_every_act_leaves_an_entry_that_names_the_case():
    case, sue, office = ApplicationFactory(), person(), person("administrator")
    operations.approve_supervisor(
        sue, start=TODAY, end=None, places=1, reason="Trained.", by=office, at=NOW
    )
    of = operations.accept_supervision(asked(case, sue), by=sue, at=NOW)
    row = held(of, days_ago=0)
    operations.confirm_sessions(so(row), by=sue, at=NOW)
    operations.withdraw_session(row, reason="x", by=sue, at=NOW)
    operations.restore_session(row, by=sue, at=NOW)
    operations.end_supervision(of, reason="x", by=sue, at=NOW)

    entries = AuditEntry.objects.order_by("pk").values_list("act", "case")
    assert list(entries) == [
        ("supervisor.approved", ""),
        ("supervision.asked", case.reference),
        ("supervision.accepted", case.reference),
        ("session.logged", case.reference),
        ("session.confirmed", case.reference),
        ("session.withdrawn", case.reference),
        ("session.restored", case.reference),
        ("supervision.ended", case.reference),
    ]


def test_letters_of_supervision_carry_no_name_and_no_date():
    of = running(sue=person(name="Sue Secret"))
    row = held(of)
    operations.confirm_sessions(so(row), by=of.supervisor, at=at(TODAY))
    operations.correct_session(row, date=row.date, minutes=5, state="held", by=of.applicant, at=NOW)

    for letter in Letter.objects.exclude(kind="attestation-asked"):
        assert "Sue Secret" not in letter.subject + letter.text
        assert of.applicant.name not in letter.subject + letter.text
