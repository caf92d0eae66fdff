"""The Committee's desk: who takes which matter, until when."""

from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import committee as letters
from reviews.models import Assignment
from reviews.operations.review import locked
from reviews.queries import queue


@transaction.atomic
def assign(
    application: Application,
    *,
    matter: str,
    to: Person | None,
    due: date | None,
    by: Person,
    at: datetime,
) -> Assignment | None:
    """Give a matter that waits to a member of the Committee, or to nobody (`to` None).

    Who acts as Chair gives it to anyone without a relation; a member takes or returns it.
    """
    application = locked(application)
    day = timezone.localdate(at)
    if not access.may(by, Can.DISCUSS, application, day=day):
        raise Http404
    held = Assignment.objects.filter(application=application, matter=matter, ended_at__isnull=True)
    before = held.select_related("to").first()
    _check(application, matter, before, to, due, by=by, day=day)
    if before and to and (before.to_id, before.due) == (to.pk, due):
        return before
    held.update(ended_at=at)
    given = None
    if to:
        given = Assignment.objects.create(
            application=application, matter=matter, to=to, due=due, by=by, at=at
        )
        if to.pk != by.pk:
            letters.assigned(application, given)
    audit.record(
        "matter.assigned",
        application.reference,
        by=by,
        record=matter,
        before=before and {"to": before.to_id, "due": before.due},
        after=given and {"to": given.to_id, "due": given.due},
    )
    return given


def _check(
    application: Application,
    matter: str,
    before: Assignment | None,
    to: Person | None,
    due: date | None,
    *,
    by: Person,
    day: date,
) -> None:
    if not access.may(by, Can.CHAIR, application, day=day):
        if to and to.pk != by.pk:
            raise Refused(_("The Chair gives matters to others; you can take one yourself."))
        if before and before.to_id != by.pk:
            raise Refused(
                _("%(name)s has this already. The Chair can give it to you.")
                % {"name": before.to.name}
            )
    if to and not access.committee(application, day=day).filter(pk=to.pk).exists():
        raise Refused(_("This person does not act on this case."), field="to")
    if due and due < day:
        raise Refused(_("Choose today or a later day."), field="due")
    waiting = queue.matters(by, day=day, reference=application.reference)
    if matter not in {each.item.matter for each in waiting}:
        raise Refused(_("This no longer waits: it was dealt with in the meantime."))
