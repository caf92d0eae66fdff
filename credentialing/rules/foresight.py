"""What is foreseen, in plain English: the earliest days, the pace they rest on, and on whom.

As in `words`, the messages are constants, so that a translation can take their place.
"""

from collections.abc import Iterable

from credentialing.rules.calendar import Day
from credentialing.rules.earliest import Dependence, Earliest, Forecast
from credentialing.rules.hypothesis import Pace
from credentialing.rules.words import day, listed, name, number

RHYTHMS = {
    7: "every week",
    14: "every fortnight",
    21: "every three weeks",
    28: "every four weeks",
    42: "every six weeks",
    56: "every eight weeks",
    84: "every twelve weeks",
}

# What is done at a pace, and what is gone on with.
DOING = {
    "meetings": ("meet", "meeting"),
    "debriefings": ("debrief", "debriefing"),
    "supervision": ("see your supervisor", "seeing your supervisor"),
    "other": ("do what else is asked", "doing what else is asked"),
}

SENTENCES = {
    "ready": "The earliest you could be ready is {month}.",
    "ready-now": "You could be ready today.",
    "ready-once": "You could be ready as soon as {conditions}.",
    "never": "At this pace you would not be ready within eleven years.",
    "line": "At the earliest in {month}.",
    "line-now": "As soon as {conditions}.",
    "line-never": "At this pace it would not be complete within eleven years.",
    "line-intensive": "As soon as one is held that you can attend; none is announced yet.",
    "line-intensives": "As soon as {number} are held that you can attend; none is announced yet.",
    "if": "if you {doings}",
    "keep": "keep {doings} {rhythm}",
    "at": "{doings} {rhythm}",
}

DEPENDS = {
    "submission": "you submit your application",
    "acceptance": "the Chair accepts your application",
    "membership": "your membership, on record until {day}, is renewed",
    "no-membership": "your membership is on record",
    "group": "you have a group that goes on",
    "co-leader": "you have a co-leader to debrief with",
    "supervisor": "you have a supervisor whom the Society approves",
    "attestation": "your supervisor confirms {number} session",
    "attestations": "your supervisor confirms {number} sessions",
    "intensive": "an intensive is held that you can attend; it is not announced yet",
    "intensives": "{number} intensives are held that you can attend; they are not announced yet",
    "assessment": "the written assessment of your final intensive is presented",
    "ruling": "the Committee answers its questions about {names}",
}


def month(value: Day) -> str:
    """The month as people write it: `March 2027`."""
    return f"{value:%B} {value.year}"


def pace(of: Pace, paced: Iterable[str]) -> str:
    """The pace of these lists: `if you keep meeting every fortnight`; nothing without any."""
    doings: dict[tuple[bool, int], list[str]] = {}
    for each in paced:
        kept = each in of.kept
        doings.setdefault((kept, of.every[each]), []).append(DOING[each][kept])
    said = [
        SENTENCES["keep" if kept else "at"].format(doings=listed(what), rhythm=RHYTHMS[every])
        for (kept, every), what in doings.items()
    ]
    return SENTENCES["if"].format(doings=listed(said)) if said else ""


def ready(foreseen: Earliest) -> str:
    """When everything could be there, in a sentence."""
    if foreseen.day is None:
        return SENTENCES["never"]
    if foreseen.day == foreseen.as_of:
        conditions = listed(depends(foreseen.depends))
        return SENTENCES["ready-once" if conditions else "ready-now"].format(conditions=conditions)
    return SENTENCES["ready"].format(month=month(foreseen.day))


def line(forecast: Forecast, foreseen: Earliest) -> str:
    """When one requirement could be complete, in a sentence with the pace; nothing if it is."""
    if forecast.complete:
        return ""
    unannounced = [int(each.detail) for each in forecast.depends if each.on == "intensive"]
    if unannounced:
        form = SENTENCES["line-intensive" if unannounced == [1] else "line-intensives"]
        return form.format(number=number(sum(unannounced)))
    if forecast.day is None:
        return SENTENCES["line-never"]
    if forecast.day == foreseen.as_of:
        conditions = depends(forecast.depends) or [DEPENDS["submission"]]
        return SENTENCES["line-now"].format(conditions=listed(conditions))
    said = SENTENCES["line"].format(month=month(forecast.day))
    condition = pace(foreseen.pace, forecast.paced)
    return f"{said[:-1]}, {condition}." if condition else said


def depends(on: Iterable[Dependence]) -> list[str]:
    """On whom and on what it depends, each in a clause without an end: `… if` follows well."""
    said: list[str] = []
    intensives, ruled = 0, []
    for each in on:
        if each.on == "intensive":
            intensives += int(each.detail)
        elif each.on == "ruling":
            ruled.append(name(each.detail))
        elif each.on == "membership" and each.detail:
            said.append(DEPENDS["membership"].format(day=day(each.detail)))
        elif each.on == "membership":
            said.append(DEPENDS["no-membership"])
        elif each.on == "attestation":
            form = DEPENDS["attestation" if each.detail == "1" else "attestations"]
            said.append(form.format(number=number(int(each.detail))))
        else:
            said.append(DEPENDS[each.on])
    if intensives:
        form = DEPENDS["intensive" if intensives == 1 else "intensives"]
        said.append(form.format(number=number(intensives)))
    if ruled:
        said.append(DEPENDS["ruling"].format(names=listed(ruled)))
    return said
