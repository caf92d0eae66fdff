"""What one officer enters and another confirms."""

from datetime import datetime

from django.utils.translation import gettext as _

from credentialing.people.models import Person
from credentialing.records.refusals import Refused
from reviews.models import TwoOfficers


def confirm(entered: TwoOfficers, *, by: Person, at: datetime) -> None:
    """Note that a second officer confirms a locked row; refused to who entered it."""
    _check_waits(entered)
    if entered.entered_by_id == by.pk:
        raise Refused(_("You entered this yourself. Another officer has to confirm it."))
    entered.confirmed_by, entered.confirmed_at = by, at
    entered.save(update_fields=["confirmed_by", "confirmed_at"])


def refuse(entered: TwoOfficers, *, at: datetime) -> None:
    """Set a locked row aside, so that it can be entered anew; also by who entered it."""
    _check_waits(entered)
    entered.refused_at = at
    entered.save(update_fields=["refused_at"])


def _check_waits(entered: TwoOfficers) -> None:
    if not entered.waits:
        raise Refused(_("This was already answered. Nothing was changed."))
