"""Two years of evenings, sessions and intensives, written as rows: acts are for the stories."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from applicants.models import BalintGroup, Debriefing, Meeting
from credentialing.people.models import Person
from supervision.models import Confirmation, Session, Supervision
from supervision.queries import digest


def moment(day: date, hour: int = 15) -> datetime:
    """An hour of a day, by default the middle of the Society's day, in UTC."""
    return datetime.combine(day, time(hour), UTC)


def evenings(
    group: BalintGroup,
    partner: Person | None,
    *,
    start: date,
    until: date,
    every: int = 14,
    without: Collection[tuple[date, date]] = (),
    rng: Random,
) -> None:
    """A meeting every so many days, and with a partner its debriefing, but for some intervals."""
    days = [start + timedelta(days=n) for n in range(0, (until - start).days + 1, every)]
    days = [day for day in days if not any(first <= day <= last for first, last in without)]
    common = [
        {"date": day, "recorded_at": moment(day), "recorded_by": group.applicant} for day in days
    ]
    Meeting.objects.bulk_create(
        Meeting(group=group, minutes=90, cases=rng.choice((1, 1, 2)), **values) for values in common
    )
    if partner is None:
        return
    reviews = Debriefing.objects.bulk_create(
        Debriefing(group=group, minutes=rng.choice((30, 30, 35, 40, 45)), **values)
        for values in common
    )
    through = Debriefing.partners.through
    through.objects.bulk_create(
        through(debriefing_id=review.pk, person_id=partner.pk) for review in reviews
    )


def sessions(
    supervision: Supervision, days: Collection[date], *, unconfirmed: Collection[date] = ()
) -> list[Session]:
    """Supervision sessions on these days, confirmed a week later but for some."""
    made = Session.objects.bulk_create(
        Session(
            supervision=supervision,
            date=day,
            minutes=60,
            state=Session.State.HELD,
            recorded_at=moment(day),
            recorded_by=supervision.applicant,
        )
        for day in days
    )
    Confirmation.objects.bulk_create(
        Confirmation(
            session=session,
            by=supervision.supervisor,
            digest=digest(session),
            confirmed_on=session.date + timedelta(days=1),
            at=moment(session.date + timedelta(days=1)),
        )
        for session in made
        if session.date not in unconfirmed
    )
    return made


def every_other_month(start: date, until: date, *, day: int = 5) -> list[date]:
    """Six days a year, from the first month on."""
    found, number = [], 0
    while (session := start + relativedelta(months=2 * number, days=day)) <= until:
        found.append(session)
        number += 1
    return found
