"""The requirements of a case as the applicant's page draws them, with everything that is said."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applicants.models import Ruling
from credentialing.people.models import Person
from credentialing.rules import (
    Earliest,
    Procedure,
    Requirement,
    assess,
    explanation,
    foresight,
    read_portfolio,
    words,
)
from credentialing.rules.measures import FinalIntensive, PerYear
from credentialing.standing.queries import Standing

# Where each list of evidence is kept up, and what the link to it says.
KEPT = {
    "meetings": (gettext_lazy("Record an evening"), "log-evening"),
    "debriefings": (gettext_lazy("Record an evening"), "log-evening"),
    "supervision": (gettext_lazy("Your supervision"), "my-supervision"),
    "intensives": (gettext_lazy("Intensives"), "intensives"),
}
# The page of one item of evidence, by the first letter of its key.
PAGES = {"m": "edit-meeting", "d": "edit-debriefing", "s": "edit-session"}
SETTLED = ("met", "waived", "not-applicable")


def title(key: str) -> str:
    """The name of a requirement or of a credit, as a heading."""
    named = words.name(key)
    return named[:1].upper() + named[1:]


def lines(
    now: Standing, *, acts: bool = True, foreseen: Earliest | None = None
) -> list[dict[str, Any]]:
    """Each requirement for the component of that name, with when it could be complete.

    `acts`: with what to do about it.
    """
    known, ruled = labels(now), rulings(now)
    return [
        {
            **drawn(now, requirement, entry),
            "title": title(entry["id"]),
            "remains": remains(entry),
            "foreseen": foresight.line(foreseen.requirement(entry["id"]), foreseen)
            if foreseen
            else "",
            "issues": [now.issue(issue) for issue in entry["issues"]],
            "advisories": [now.issue(issue) for issue in entry["advisories"]],
            "rulings": [ruled[key] for key in entry["adjusted_by"] if key in ruled],
            "evidence": [_item(known, key) for key in entry["evidence"]],
            "uncounted": [
                {**_item(known, said["id"]), "why": words.uncounted(said)}
                for said in entry["uncounted"]
            ],
            "action": None if not acts or entry["status"] in SETTLED else _action(requirement),
        }
        for requirement, entry in zip(now.procedure.requirements, now.entries.values(), strict=True)
    ]


def drawn(now: Standing, requirement: Requirement, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the component draws of a requirement, whoever reads it."""
    return {
        "entry": entry,
        "text": requirement.text,
        "status_word": words.STATUSES[entry["status"]],
        "house_rules": list(requirement.house_rules),
        "per_year": per_year(requirement),
        "period": period(now),
    }


def blank_parts(procedure: Procedure, day: date) -> list[dict[str, Any]]:
    """Each requirement as it is asked of everybody: its clause, its words, its empty drawing."""
    nobody = read_portfolio({"applicant": "nobody"})
    entries = assess(procedure, nobody, day).as_data()["requirements"]
    return [
        {
            "title": title(each.id),
            "clause": each,
            "said": explanation.requirement(each),
            "entry": entry,
            "per_year": per_year(each),
        }
        for each, entry in zip(procedure.requirements, entries, strict=True)
    ]


def remains(entry: dict[str, Any]) -> str:
    """What remains, and what would if the Committee accepted what it is asked."""
    return " ".join(
        filter(None, [words.remains(entry) if entry["remaining"] else "", words.if_accepted(entry)])
    )


def per_year(requirement: Requirement) -> int | None:
    """How many sessions a year the text asks for, where it asks by the year."""
    measure = requirement.measure
    return measure.per_year if isinstance(measure, PerYear) else None


def period(now: Standing) -> tuple[date, date] | None:
    """From the submission to the day that is looked at."""
    submitted = now.application.submitted_on
    return (submitted, now.as_of) if submitted and submitted <= now.as_of else None


def labels(now: Standing) -> dict[str, str]:
    """What to call each item of evidence, by its key: its day, and with whom or where."""
    portfolio, names = now.portfolio, dict(now.names)
    partners = {each for item in portfolio["debriefings"] for each in item["with"]} - set(names)
    if partners:  # of a co-leader who no longer stands among the group's leaders
        people = Person.objects.filter(pk__in=[int(key[1:]) for key in partners])
        names |= {person.key: person.name for person in people}
    found = {}
    for item in portfolio["meetings"]:
        found[item["id"]] = _("%(day)s, %(group)s") % {
            "day": words.day(item["date"]),
            "group": names.get(item["group"], ""),
        }
    for item in portfolio["debriefings"]:
        minutes = item["minutes"]
        lasted = ngettext("%(n)d minute", "%(n)d minutes", minutes or 0) % {"n": minutes or 0}
        met = with_whom(item["date"], sorted(names.get(each, "") for each in item["with"]))
        found[item["id"]] = f"{met}, {lasted}" if minutes else met
    for item in portfolio["supervision"]:
        found[item["id"]] = with_whom(item["date"], [names.get(item["supervisor"], "")])
    return found | with_nobody(portfolio)


def with_nobody(portfolio: Mapping[str, Any]) -> dict[str, str]:
    """What to call the intensives and the other evidence of a portfolio, by their keys."""
    found = {
        item["id"]: _("%(start)s to %(end)s, %(organiser)s")
        % {
            "start": words.day(item["start"]),
            "end": words.day(item["end"]),
            "organiser": item["organiser"],
        }
        for item in portfolio["intensives"]
    }
    others = portfolio["other"]
    return found | {item["id"]: f"{words.day(item['date'])}, {item['kind']}" for item in others}


def rulings(now: Standing) -> dict[str, dict[str, str]]:
    """What each claim granted and each exception in force says, by its key in the portfolio."""
    said: dict[str, dict[str, str]] = {}
    made = Ruling.objects.filter(application=now.application).select_related("claim")
    for ruling in made.order_by("ruled_on", "pk"):
        what = {
            "what": ruling.get_kind_display(),
            "day": words.day(ruling.ruled_on),
            "reason": ruling.reason,
        }
        if ruling.claim:
            what["what"] = _("Credit granted for %(credit)s") % {
                "credit": words.name(ruling.claim.credit)
            }
        said[ruling.claim.key if ruling.claim else ruling.key] = {
            "label": _("%(what)s on %(day)s: %(reason)s") % what,
            "url": reverse("claims") if ruling.claim else "",
        }
    return said


def with_whom(day: str, people: Iterable[str]) -> str:
    """What to call a session or debriefing: its day, and these people."""
    return _("%(day)s with %(people)s") % {"day": words.day(day), "people": words.listed(people)}


def _item(known: dict[str, str], key: str) -> dict[str, str]:
    page = PAGES.get(key[0])
    return {
        "label": known.get(key, key),
        "url": reverse(page, args=[int(key[1:])]) if page else "",
    }


def _action(requirement: Requirement) -> dict[str, str] | None:
    if isinstance(requirement.measure, FinalIntensive):
        label, name = KEPT["intensives"]
    else:
        label, name = KEPT.get(getattr(requirement.measure, "evidence", ""), ("", ""))
    return {"label": str(label), "url": reverse(name)} if name else None


def outcome(now: Standing, entry: Mapping[str, Any]) -> str:
    """One requirement in a line of words: its status, what is done, what remains, what is asked."""
    said = [f"{words.STATUSES[entry['status']]}."]
    if words.done(entry):
        said.append(f"{words.done(entry)}.")
    if entry["status"] == "waived":
        return " ".join(said)
    if entry["remaining"]:
        said.append(words.remains(entry))
    return " ".join([*said, *(now.issue(issue) for issue in entry["issues"])])


def comparison(before: Standing, after: Standing) -> list[dict[str, Any]]:
    """Two standings requirement by requirement, for the component that sets them side by side."""
    ids = [*before.entries, *(key for key in after.entries if key not in before.entries)]
    rows = [
        _row(
            title(key),
            *(
                outcome(each, each.entries[key]) if key in each.entries else _("Not asked for.")
                for each in (before, after)
            ),
            same=_facts(before.entries.get(key)) == _facts(after.entries.get(key)),
        )
        for key in ids
    ]
    ready = [_("Yes") if each.ready_for_review else _("No") for each in (before, after)]
    return [*rows, _row(_("Ready for review"), *ready, same=ready[0] == ready[1])]


def _facts(entry: Mapping[str, Any] | None) -> Any:
    """What a ruling can change of a requirement, without which ruling did."""
    return entry and {key: value for key, value in entry.items() if key != "adjusted_by"}


def _row(label: str, before: str, after: str, *, same: bool) -> dict[str, Any]:
    return {"label": label, "before": before, "after": after, "changed": not same}
