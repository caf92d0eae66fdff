"""The supervisor's reports: a draft that only they read, and its release as an act of its own."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from supervision import letters, queries
from supervision.instrument import COMPETENCIES, INSTRUMENT, RATINGS
from supervision.models import Report, Supervision
from supervision.operations.supervisions import already, locked, newest


@transaction.atomic
def save_report(
    supervision: Supervision,
    *,
    year: int | None,
    text: str,
    ratings: dict[str, tuple[str, str]],
    by: Person,
    at: datetime,
) -> Report:
    """Keep the draft of a year's report, or of the final one (`year` None).

    `ratings` are of the instrument: by a competency's key, its rating and a remark.
    """
    supervision, cases = locked(supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    if supervision.state not in queries.COUNTED_ONCE:
        raise Refused(already(supervision))
    report = Report.objects.filter(supervision=supervision, year=year).first() or Report(
        supervision=supervision, year=year
    )
    _check_draft(report)
    report.text, report.rated, report.written_at = text.strip(), _rated(ratings), at
    report.save()
    audit.record(
        "supervision.report-saved",
        newest(cases),
        by=by,
        record=f"report {report.pk}",
        after={"year": year},
    )
    return report


@transaction.atomic
def release_report(report: Report, *, by: Person, at: datetime) -> Report:
    """Release a report to the applicant and the Committee: from then on it stands as it is."""
    supervision, cases = locked(report.supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    report.supervision = supervision
    _check_draft(report)
    if not report.text:
        raise Refused(_("Write the report first."), field="text")
    report.released_at = at
    report.save(update_fields=["released_at"])
    audit.record(
        "supervision.report-released",
        newest(cases),
        by=by,
        record=f"report {report.pk}",
        after={"year": report.year},
    )
    letters.report_released(report, case=newest(cases))
    return report


def _check_draft(report: Report) -> None:
    if report.released_at:
        raise Refused(
            _("This report was released on %(day)s and stands as it is.")
            % {"day": date_format(timezone.localdate(report.released_at))}
        )


def _rated(ratings: dict[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """The rated competencies with the words of today; the others are not spoken of."""
    words = dict(RATINGS)
    if not set(ratings) <= {each.key for each in COMPETENCIES}:
        raise Refused(_("This competency is not part of the instrument."))
    if not {rating for rating, _remark in ratings.values()} <= {"", *words}:
        raise Refused(_("This rating is not part of the instrument."))
    return [
        {
            "instrument": INSTRUMENT,
            "key": each.key,
            "label": str(each.label),
            "rating": rating,
            "rated": str(words.get(rating, "")),
            "remark": remark.strip(),
        }
        for each in COMPETENCIES
        for rating, remark in [ratings.get(each.key, ("", ""))]
        if rating or remark.strip()
    ]
