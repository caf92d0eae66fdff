"""Groups, their leaders and what was logged in them; and people to choose from."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from applicants.models import BalintGroup, Debriefing, GroupLeader, Meeting
from credentialing.people.models import Person

MOST_FOUND = 10


def partners(group: BalintGroup) -> QuerySet[Person]:
    """Everybody who leads or led a group beside the applicant, by name."""
    leading = GroupLeader.objects.filter(group=group).values("person")
    return (
        Person.objects.filter(pk__in=leading).exclude(pk=group.applicant_id).order_by("name", "pk")
    )


def log(
    person: Person, group: BalintGroup | None = None, *, withdrawn: bool = False
) -> list[Meeting | Debriefing]:
    """What a person logged, the newest first, in three queries: of one group or of all.

    What stands, or with `withdrawn` what was taken out.
    """
    entries: list[Meeting | Debriefing] = []
    people = Prefetch("partners", Person.objects.order_by("name", "pk"))
    for found in (Meeting.objects.all(), Debriefing.objects.prefetch_related(people)):
        mine = found.filter(group__applicant=person, withdrawn_at__isnull=not withdrawn)
        if group:
            mine = mine.filter(group=group)
        entries += mine.select_related("group")
    # Of one day the meeting comes above its debriefing.
    return sorted(
        entries,
        key=lambda entry: (entry.date, entry.group_id, isinstance(entry, Meeting), entry.pk),
        reverse=True,
    )


def usual_evening(group: BalintGroup, *, day: date) -> dict[str, Any]:
    """How an evening of this group is filled in beforehand: today, and else as the last time."""
    meeting = Meeting.objects.standing().filter(group=group).order_by("-date", "-pk").first()
    debriefing = Debriefing.objects.standing().filter(group=group).order_by("-date", "-pk").first()
    with_whom = [person.pk for person in debriefing.partners.all()] if debriefing else []
    others = list(partners(group).values_list("pk", flat=True))
    return {
        "date": day,
        "met": True,
        "minutes": meeting.minutes if meeting else 90,
        "cases": meeting.cases if meeting else 1,
        "debriefed": debriefing is not None,
        "debriefed_minutes": debriefing.minutes if debriefing else None,
        "partners": [pk for pk in with_whom if pk in others] or others[:1],
    }


def found_people(written: str) -> list[Person]:
    """People whose name holds these words, or whose whole address this is; a few, by name."""
    words = written.split()
    if len("".join(words)) < 2:
        return []
    named = Q()
    for word in words[:5]:
        named &= Q(name__icontains=word)
    people = Person.objects.filter(merged_into__isnull=True)
    return list(
        people.filter(named | Q(email__iexact=written.strip())).order_by("name", "pk")[:MOST_FOUND]
    )
