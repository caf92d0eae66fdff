"""Reports: drafts, and their release."""

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from credentialing.records.refusals import Refused
from supervision import operations, queries
from supervision.models import Report
from tests.factories import person
from tests.supervision.made import NOW, letters, running

pytestmark = pytest.mark.django_db


def written(of, text, year=1, by=None, **ratings):
    return operations.save_report(
        of, year=year, text=text, ratings=ratings, by=by or of.supervisor, at=NOW
    )


def test_a_report_is_a_draft_until_it_is_released_and_then_stands():
    of = running()

    written(of, "First.")
    report = written(of, "Second.", frame=("sound", "On time."))
    draft = queries.reports([of], released=True)[of.pk]
    operations.release_report(report, by=of.supervisor, at=NOW)
    with pytest.raises(Refused, match="stands as it is"):
        written(of, "Third.")
    with pytest.raises(Refused, match="stands as it is"):
        operations.release_report(report, by=of.supervisor, at=NOW)

    [released] = queries.reports([of], released=True)[of.pk]
    [rated] = released.rated
    assert draft == []
    assert released.text == "Second."
    assert (rated["label"], rated["rated"], rated["remark"]) == (
        "Holds the frame",
        "sound",
        "On time.",
    )
    assert letters("supervision-report", of.applicant) == 1


def test_the_database_itself_keeps_a_released_report():
    of = running()
    report = operations.release_report(written(of, "Well led."), by=of.supervisor, at=NOW)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(text="Badly led.")

    assert Report.objects.get().text == "Well led."


def test_an_empty_report_is_saved_but_never_released():
    of = running()
    empty = written(of, " ")

    with pytest.raises(Refused, match="Write the report first"):
        operations.release_report(empty, by=of.supervisor, at=NOW)

    assert Report.objects.get().released_at is None


@pytest.mark.parametrize("ratings", [{"charm": ("sound", "")}, {"frame": ("superb", "")}])
def test_what_is_not_in_the_instrument_is_not_rated(ratings):
    of = running()

    with pytest.raises(Refused, match="not part of the instrument"):
        written(of, "Text.", **ratings)

    assert not Report.objects.exists()


def test_there_is_one_final_report_and_only_the_supervisor_writes():
    of = running()

    written(of, "All.", year=None)
    report = written(of, "All.", year=None)
    for by in (of.applicant, person()):
        with pytest.raises(Http404):
            written(of, "All.", year=None, by=by)
        with pytest.raises(Http404):
            operations.release_report(report, by=by, at=NOW)

    assert of.reports.count() == 1
