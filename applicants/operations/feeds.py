"""The private address under which a calendar fetches what is planned."""

import secrets
from datetime import datetime

from django.db import transaction

from applicants.models import CalendarFeed
from applicants.queries import reference_of
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.links import token_digest


@transaction.atomic
def renew_feed(person: Person, *, by: Person, at: datetime) -> str:
    """A new address for a person's calendar: its token, given out once. The old one is void."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"token_digest": token_digest(token), "made_at": at}
    )
    audit.record("feed.renewed", reference_of(person), by=by, record=f"person {person.pk}")
    return token


@transaction.atomic
def end_feed(person: Person, *, by: Person, at: datetime) -> None:
    """No address any more: calendars that fetch it find nothing."""
    ended, _each = CalendarFeed.objects.filter(person=person).delete()
    if ended:
        audit.record("feed.ended", reference_of(person), by=by, record=f"person {person.pk}")


def feed_by_token(token: str) -> CalendarFeed | None:
    """The feed behind an address that still works: of somebody whose account is not closed."""
    open_ = CalendarFeed.objects.filter(person__user__is_active=True)
    return open_.filter(token_digest=token_digest(token)).select_related("person").first()
