"""What the rules say of a case, as the Committee's pages show it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.rules import words
from credentialing.standing import lines as standing
from credentialing.standing.queries import Standing

# The lists of a portfolio whose changes after a snapshot are told.
LISTS = {
    "groups": gettext_lazy("Group"),
    "meetings": gettext_lazy("Meeting"),
    "debriefings": gettext_lazy("Debriefing"),
    "supervision": gettext_lazy("Supervision session"),
    "intensives": gettext_lazy("Intensive"),
    "other": gettext_lazy("Other evidence"),
    "claims": gettext_lazy("Claim"),
}


ASKED = ("issues", "advisories")
# Credits whose id does not read as their name.
CREDITS = {
    "balint-group-member": gettext_lazy("Balint group member"),
    "co-leading": gettext_lazy("Co-leading with a credentialed leader"),
}


def title(key: str) -> str:
    """The name of a requirement or a credit, as a heading."""
    return str(CREDITS[key]) if key in CREDITS else standing.title(key)


def lines(
    now: Standing, *, rulings: Mapping[str, str] | None = None, may_rule: bool = False
) -> list[dict[str, Any]]:
    """Each requirement as a page draws it, with a way to rule where a question waits.

    `rulings` says in words what each claim or ruling did, by its key.
    """
    known = labels(now)
    reference = now.application.reference
    listed = reverse("case-rulings", args=[reference])
    return [
        {
            **standing.drawn(now, requirement, entry),
            "title": title(entry["id"]),
            "remains": remains(entry),
            **_told(now, entry),
            "rulings": [
                {"label": (rulings or {}).get(key, key), "url": listed}
                for key in entry["adjusted_by"]
            ],
            "evidence": [{"label": known.get(key, key)} for key in entry["evidence"]],
            "uncounted": [
                {"label": known.get(said["id"], said["id"]), "why": words.uncounted(said)}
                for said in entry["uncounted"]
            ],
            "action": {
                "label": _("Rule on this"),
                "url": reverse("rule", args=[reference, entry["id"]]),
            }
            if may_rule and entry["decision_due"]
            else None,
        }
        for requirement, entry in zip(now.procedure.requirements, now.entries.values(), strict=True)
    ]


def remains(entry: Mapping[str, Any]) -> str:
    """What remains, in words, and what would if it is accepted; empty where nothing does."""
    if entry["status"] == "waived" or not entry["remaining"]:
        return ""
    return " ".join(filter(None, [words.remains(entry), words.if_accepted(entry)]))


def _told(now: Standing, entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """The questions that stand; where the requirement is waived, they are only remarked."""
    issues, advisories = ([now.issue(said) for said in entry[name]] for name in ASKED)
    if entry["status"] == "waived":
        return {"issues": [], "advisories": [*issues, *advisories]}
    return {"issues": issues, "advisories": advisories}


def labels(now: Standing) -> dict[str, str]:
    """What to call each item of evidence, each group and each claim, by its key."""
    portfolio = now.portfolio
    found = {group["id"]: now.names.get(group["id"], "") for group in portfolio["groups"]}
    found |= {claim["id"]: title(claim["credit"]) for claim in portfolio["claims"]}
    for meeting in portfolio["meetings"]:
        found[meeting["id"]] = f"{words.day(meeting['date'])}, {found.get(meeting['group'], '')}"
    for debriefing in portfolio["debriefings"]:
        found[debriefing["id"]] = _with(now, debriefing["date"], debriefing["with"])
    for session in portfolio["supervision"]:
        found[session["id"]] = _with(now, session["date"], [session["supervisor"]])
    return found | standing.with_nobody(portfolio)


def _with(now: Standing, day: str, people: Iterable[str]) -> str:
    return standing.with_whom(day, [now.names.get(person, person) for person in people])


def addenda(frozen: Mapping[str, Any], now: Standing) -> list[str]:
    """What has changed in the record since a snapshot was taken, one sentence each."""
    known = labels(now)
    said = []
    for name, kind in LISTS.items():
        before = {item["id"]: item for item in frozen.get(name, [])}
        after = {item["id"]: item for item in now.portfolio.get(name, [])}
        for key in [*after, *(key for key in before if key not in after)]:
            form = _change(before.get(key), after.get(key))
            if form:
                what = known.get(key) or _dated(before[key])
                said.append(form % {"kind": kind, "what": what})
    return said


def _dated(item: Mapping[str, Any]) -> str:
    day = item.get("date") or item.get("start")
    return words.day(day) if day else item["id"]


def _change(before: Any, after: Any) -> str:
    if before is None:
        return _("%(kind)s added: %(what)s.")
    if after is None:
        return _("%(kind)s withdrawn: %(what)s.")
    return "" if before == after else _("%(kind)s changed: %(what)s.")
