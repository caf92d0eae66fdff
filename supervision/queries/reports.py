"""The supervisors' reports, those written and those that may be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from supervision.models import Report, Supervision

LAST_YEAR = 9  # more supervision years than anybody takes


def reports(supervisions: Iterable[Supervision], *, released: bool) -> dict[int, list[Report]]:
    """Each supervision's reports, the final one last; `released`: what the applicant reads."""
    rows = Report.objects.filter(supervision__in=list(supervisions))
    if released:
        rows = rows.filter(released_at__isnull=False)
    found: dict[int, list[Report]] = defaultdict(list)
    for report in rows.order_by("year", "pk"):
        found[report.supervision_id].append(report)
    return found


@dataclass(frozen=True, kw_only=True)
class ReportPlace:
    """A report that is there or may be written: of a supervision year, or the final one."""

    slug: str
    year: int | None
    title: str
    period: tuple[date, date] | None
    report: Report | None


def report_places(supervision: Supervision) -> list[ReportPlace]:
    """The reports of a supervision, each year up to the next one, and the final one."""
    written = {report.year: report for report in Report.objects.filter(supervision=supervision)}
    last = max((year for year in written if year), default=0)
    years = [*range(1, min(last + 1, LAST_YEAR) + 1), None]
    return [
        ReportPlace(
            slug=str(year or "final"),
            year=year,
            title=report_title(year),
            period=period(supervision, year),
            report=written.get(year),
        )
        for year in years
    ]


def report_title(year: int | None) -> str:
    """`Year 2`, or `Final report`."""
    return _("Year %(year)d") % {"year": year} if year else _("Final report")


def period(supervision: Supervision, year: int | None) -> tuple[date, date] | None:
    """The days of a year of this supervision, both included; of the final report None."""
    if year is None or supervision.began is None:
        return None
    first = supervision.began + relativedelta(years=year - 1)
    return first, supervision.began + relativedelta(years=year) - timedelta(days=1)
