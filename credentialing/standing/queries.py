"""Where applicants stand: portfolios gathered from every app below, and the rules asked.

Everything that shows a requirement, a remainder or a reason comes from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings

import applicants.queries
import intensives.queries
import supervision.queries
from applicants.models import Application
from credentialing.records.audit import plain
from credentialing.rules import Assessment, Procedure, assess, load_procedure, read_portfolio


@dataclass(frozen=True)
class Standing:
    """One application with its portfolio, its procedure and what the rules make of them."""

    application: Application
    procedure: Procedure
    portfolio: dict[str, Any]
    as_of: date

    @cached_property
    def assessment(self) -> Assessment:
        return assess(self.procedure, read_portfolio(self.portfolio), self.as_of)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The assessment as plain data, in the shape that `manage.py assess` prints."""
        return self.assessment.as_data()

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Each requirement's entry, by its id, in the procedure's order."""
        return {entry["id"]: entry for entry in self.data["requirements"]}

    @property
    def ready_for_review(self) -> bool:
        return bool(self.data["ready_for_review"])


def portfolios(applications: Iterable[Application]) -> dict[int, dict[str, Any]]:
    """The portfolio of each application as plain data, by the application's key.

    The number of queries is the same for one application and for a thousand.
    """
    cases = list(applications)
    parts = [
        app.queries.facts(cases) for app in (applicants, supervision, intensives)
    ]
    return {
        case.pk: plain({name: value for part in parts for name, value in part[case.applicant_id].items()})
        for case in cases
    }


def procedure_of(application: Application) -> Procedure:
    """The procedure that a case is pinned to; before submission, the one in force here."""
    return load_procedure(application.procedure or settings.PROCEDURE)


def standings(applications: Iterable[Application], as_of: date) -> list[Standing]:
    """Where each of these applications stands on a day, in their order."""
    cases = list(applications)
    gathered = portfolios(cases)
    return [
        Standing(
            application=case,
            procedure=procedure_of(case),
            portfolio=gathered[case.pk],
            as_of=as_of,
        )
        for case in cases
    ]


def standing(application: Application, as_of: date) -> Standing:
    """Where one application stands on a day."""
    return standings([application], as_of)[0]


def portfolio_by_reference(reference: str) -> tuple[dict[str, Any], str]:
    """The portfolio of the case with this reference, and the id of its procedure. LookupError if none."""
    try:
        application = Application.objects.get(reference=reference)
    except Application.DoesNotExist as unknown:
        raise LookupError(reference) from unknown
    return portfolios([application])[application.pk], application.procedure or settings.PROCEDURE
