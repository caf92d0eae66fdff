"""All letters are held, or leave again."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.people.models import Person
from credentialing.people.operations import tell_chair
from credentialing.records import audit
from credentialing.records.letters import ring
from credentialing.records.models import Standstill
from credentialing.records.refusals import Refused


@transaction.atomic
def hold_or_release(*, holds: bool, reason: str, by: Person) -> Standstill:
    """Hold all letters, or let them leave, with a reason. The Chair is told, by letters that leave.

    Refused where somebody has done the same before.
    """
    newest = Standstill.objects.order_by("-number").first()
    try:
        with transaction.atomic():
            if holds == bool(newest and newest.holds):
                raise IntegrityError
            number = newest.number + 1 if newest else 1
            stands = Standstill.objects.create(number=number, holds=holds, reason=reason, by=by)
    except IntegrityError:
        raise Refused(
            _("All letters are held already.") if holds else _("Letters leave already.")
        ) from None
    audit.record("letters.held" if holds else "letters.released", by=by, record=f"hold {number}")
    tell_chair(
        "letters-held" if holds else "letters-released",
        occasion=f"hold {number}",
        subject=gettext_lazy("All letters are held")
        if holds
        else gettext_lazy("Letters leave again"),
        text=gettext_lazy("The office has held all letters. None leaves until somebody lets them.")
        if holds
        else gettext_lazy("The office lets all letters leave again."),
        link=reverse("home"),
    )
    transaction.on_commit(ring)
    return stands
