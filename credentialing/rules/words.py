"""The rules in plain English, for pages, letters and the command line.

Every function takes an assessment, or an entry of one, as plain data: what `as_data` returns, and
what a frozen snapshot holds. The messages are constants in dictionaries, keyed by what an
assessment says, so that a translation can take their place.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from credentialing.rules.calendar import Day
from credentialing.rules.procedure import Procedure, Requirement

Plain = Mapping[str, Any]

STATUSES = {
    "met": "Met",
    "waived": "Waived",
    "not-applicable": "Does not apply",
    "needs-decision": "Waits for the Committee",
    "not-started": "Not started",
    "in-progress": "In progress",
}

# One and many; {name} is the requirement's. A unit of its own is fitted into UNIT.
REMAINDERS = {
    "application": ("the application", "the application"),
    "months": ("{number} month of {name}", "{number} months of {name}"),
    "sessions": ("{number} {name} session", "{number} {name} sessions"),
    "items": ("{number} item of {name}", "{number} items of {name}"),
    "intensives": ("{number} intensive", "{number} intensives"),
    "intensive": ("the final intensive", "the final intensive"),
}
UNIT = "{number} of {name} ({unit})"

# What was counted, beside "done of required".
UNITS = {
    "application": "application",
    "months": "months",
    "days": "days",
    "sessions": "sessions",
    "items": "items",
    "intensives": "intensives",
    "intensive": "intensive",
    "ruling": "ruling",
}

UNCOUNTED = {
    "cancelled": "cancelled",
    "no-show": "missed",
    "unconfirmed": "not yet confirmed by the supervisor",
    "supervisor-not-approved": "the supervisor was not approved on that day",
    "not-completed": "not completed",
    "not-with-co-leader": "without another leader of the group",
    "before-application": "before the application was submitted",
    "too-short": "too short",
    "below-minimum": "in a month with too few",
    "before-supervision": "before the supervision began that is counted",
    "short-year": "in a year that fell short",
    "surplus": "more than is needed",
    "superseded": "another intensive as a candidate stands in its place",
}

ISSUES = {
    "membership-gap": "Membership lapsed: {detail}.",
    "below-ideal": "Less often than is ideal: {detail}.",
    "interrupted": "Interrupted: {detail}.",
    "no-co-leader": "There is no co-leader to review the groups with.",
    "single-leader": "Group {detail} has fewer than two leaders.",
    "pairing": "The professions of the leaders of group {detail} are not those asked for.",
    "short-year": "A year fell short: {detail}.",
    "before-participation": "Intensives as a participant before it: {detail}.",
    "co-leading-incomplete": "Faculty members with whom the candidate co-led: {detail}.",
    "faculty-conflict": "Faculty with a relation to the candidate: {detail}.",
    "evaluator-missing": "No evaluator is on record.",
    "evaluator-is-faculty": "The evaluator {detail} is one of the faculty who co-led.",
    "no-meeting": "The two faculty members and the evaluator have not met.",
    "assessment-not-presented": "The written assessment has not been presented to: {detail}.",
    "ruling-needed": "The Committee has to rule.",
}

ADVISORIES = {
    "shorter-than-ideal": "Shorter than is ideal: {detail}.",
    "same-day": "Days with more than one entry: {detail}.",
    "evaluator-relation": "The evaluator has a relation to the candidate: {detail}.",
}

CLAIMS = {
    "not-applicable": "This procedure has no such credit",
    "revoked": "Revoked",
    "refused": "Refused",
    "pending": "Waits for the Committee",
    "unsupported": "Granted, but not supported by its facts",
    "granted": "Granted",
}

SHORTFALLS = {
    "too-short": "it did not last long enough",
    "too-seldom": "it did not meet often enough",
    "no-formal-training": "no formal training is on record",
    "laboratory-too-short": "the group laboratory was not long enough",
    "leader-not-credentialed": "the co-leader is not known to have been credentialed",
    "not-attested": "the co-leader has not attested it",
    "no-leader": "no co-leader is named",
    "no-amount": "how many debriefings a year may serve is not said, or is out of bounds",
}

EXCEPTIONS = {
    "not-applicable": "Does not apply",
    "revoked": "Revoked",
    "not-yet": "Not yet in force",
    "refused": "Has no effect",
    "in-force": "In force",
}

REFUSALS = {
    "no-such-requirement": "this procedure has no such requirement",
    "not-waivable": "the requirement cannot be waived",
    "not-acceptable": "the written assessment has to be presented",
    "not-adjustable": "the procedure does not let this be adjusted",
}

# Requirements whose id does not read as their name.
NAMES = {
    "balint-group-member": "Balint group member",
    "co-leaders": "co-leaders",
    "co-leading": "co-leading",
    "intensives-participant": "intensives as a participant",
    "intensive-candidate": "the final intensive",
}

SENTENCES = {
    "remains": "{what} remains.",
    "remain": "{what} remain.",
    "question": "the Committee has a question to answer about {what}.",
    "questions": "the Committee has questions to answer about {what}.",
    "not-begun": "Still to begin: {what}.",
    "if-accepted": "If that is accepted, {what} would remain.",
    "ready": "Nothing remains: ready for review.",
    "not-accepted": "Nothing remains, but the application has not been accepted yet.",
    "nothing": "Nothing remains to be done.",
    "none": "nothing",
    "and": "and",
}

NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]

INTERVAL = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")


def day(value: str | Day) -> str:
    """The day as people write it: `4 April 2025`."""
    written = Day.fromisoformat(value) if isinstance(value, str) else value
    return f"{written.day} {written:%B %Y}"


def number(value: int) -> str:
    """The number, up to twelve as a word."""
    return NUMBERS[value] if value < len(NUMBERS) else str(value)


def name(requirement: str) -> str:
    """The name of a requirement, from its id."""
    return NAMES.get(requirement, requirement.replace("-", " "))


def listed(parts: Sequence[str]) -> str:
    """The parts as one enumeration: `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {SENTENCES['and']} {parts[-1]}"


def detail(written: str) -> str:
    """The detail of an issue with its days as people write them."""
    spelled = INTERVAL.sub(lambda days: f"{day(days[1])} to {day(days[2])}", written)
    return re.sub(r"\b1 months\b", "1 month", spelled)


def issue(said: Plain) -> str:
    """An issue or an advisory in a sentence."""
    return {**ISSUES, **ADVISORIES}[said["code"]].format(detail=detail(said["detail"]))


def uncounted(said: Plain) -> str:
    """Why an item of evidence does not count."""
    return UNCOUNTED[said["why"]]


def to_do(entry: Plain) -> str:
    """What remains of a requirement: `13 months of leading`, `the final intensive`; or nothing."""
    remaining = entry["remaining"]
    if not remaining:
        return ""
    one, many = REMAINDERS.get(entry["unit"], (UNIT, UNIT))
    form = one if remaining == 1 else many
    return form.format(number=number(remaining), name=name(entry["id"]), unit=entry["unit"])


def remains(entry: Plain) -> str:
    """What remains of a requirement, in a sentence: `13 months of leading remain.`"""
    what = to_do(entry)
    if not what:
        return SENTENCES["nothing"]
    form = SENTENCES["remains" if entry["remaining"] == 1 else "remain"]
    return _sentence(form.format(what=what))


def if_accepted(entry: Plain) -> str:
    """What would remain if the years that fell short were accepted, where there are such."""
    remaining = entry["detail"].get("if_accepted")
    if remaining is None:
        return ""
    what = to_do({**entry, "remaining": remaining}) or SENTENCES["none"]
    return SENTENCES["if-accepted"].format(what=what)


def done(entry: Plain) -> str:
    """What is done of what is required: `11 of 24 months`; nothing where nothing is counted."""
    if entry["required"] is None:
        return ""
    unit = UNITS.get(entry["unit"], entry["unit"])
    return f"{entry['done']} of {entry['required']} {unit}"


def reasons(entry: Plain) -> list[str]:
    """Why a requirement stands as it does: its issues, then its advisories, as sentences."""
    return [issue(said) for said in (*entry["issues"], *entry["advisories"])]


def left_out(entry: Plain) -> list[str]:
    """The evidence that does not count, for each reason in one line."""
    by_reason: dict[str, list[str]] = {}
    for said in entry["uncounted"]:
        by_reason.setdefault(said["why"], []).append(said["id"])
    return [f"{', '.join(ids)}: {UNCOUNTED[why]}" for why, ids in by_reason.items()]


def claim(said: Plain) -> str:
    """Where a claim stands, and what its facts do not show."""
    shortfalls = "; ".join(SHORTFALLS[each] for each in said["shortfalls"])
    return f"{CLAIMS[said['state']]}{f': {shortfalls}' if shortfalls else ''}."


def exception(said: Plain) -> str:
    """Where an exception stands, and why it can have no effect."""
    why = f": {REFUSALS[said['why']]}" if said["why"] else ""
    return f"{EXCEPTIONS[said['state']]}{why}."


def summary(assessment: Plain, procedure: Procedure) -> str:
    """The whole assessment in one sentence: `Two supervision sessions remain.`

    What the procedure only wishes for (`ideal`) is not spoken of.
    """
    ideal = {each.id for each in procedure.requirements if each.strength == "ideal"}
    open_ = [
        entry
        for entry in assessment["requirements"]
        if entry["id"] not in ideal and entry["status"] not in ("met", "waived", "not-applicable")
    ]
    left = [entry for entry in open_ if entry["remaining"]]
    due = [name(entry["id"]) for entry in open_ if entry["decision_due"]]
    idle = [
        name(entry["id"])
        for entry in open_
        if not entry["remaining"] and entry["status"] == "not-started"
    ]
    clauses = []
    if left:
        single = len(left) == 1 and left[0]["remaining"] == 1
        form = SENTENCES["remains" if single else "remain"]
        clauses.append(form.format(what=listed([to_do(entry) for entry in left])))
    elif idle:
        clauses.append(SENTENCES["not-begun"].format(what=listed(idle)))
    elif due:
        clauses.append(SENTENCES["nothing"])
    if due:
        form = SENTENCES["question" if len(due) == 1 else "questions"]
        clauses.append(form.format(what=listed(due)))
    if not clauses:
        return SENTENCES["ready" if assessment["ready_for_review"] else "not-accepted"]
    return _sentence("; ".join([*(each.rstrip(".") for each in clauses[:-1]), clauses[-1]]))


def report(assessment: Plain, procedure: Procedure) -> str:
    """The whole assessment for people: each requirement, what remains and why, with its clause."""
    lines = [
        f"{assessment['applicant']}, as of {day(assessment['as_of'])}",
        f"{procedure.society}: {procedure.title} ({procedure.id})",
    ]
    if not procedure.complete:
        lines.append("The published source of this procedure is partial.")
    lines += ["", summary(assessment, procedure)]
    for entry, requirement in zip(assessment["requirements"], procedure.requirements, strict=True):
        lines += ["", *_entry(entry, requirement)]
    standings = [
        f"Claim {said['id']} ({name(said['credit'])}): {claim(said)}"
        for said in assessment["claims"]
    ]
    standings += [
        f"Exception {said['id']} ({name(said['requirement'])}): {exception(said)}"
        for said in assessment["exceptions"]
    ]
    return "\n".join([*lines, *(["", *standings] if standings else [])])


def _entry(entry: Plain, requirement: Requirement) -> list[str]:
    status = STATUSES[entry["status"]]
    counted = done(entry)
    lines = [f"{_sentence(name(entry['id']))}: {status}{f', {counted}' if counted else ''}"]
    told = [f"{requirement.clause}: {requirement.text}"]
    if entry["remaining"]:
        told.append(remains(entry))
    told += [f"Question for the Committee: {issue(said)}" for said in entry["issues"]]
    if if_accepted(entry):
        told.append(if_accepted(entry))
    told += [f"Note: {issue(said)}" for said in entry["advisories"]]
    told += [f"Not counted: {line}" for line in left_out(entry)]
    if entry["adjusted_by"]:
        told.append(f"Adjusted by {', '.join(entry['adjusted_by'])}")
    told += [f"House rule: {rule}" for rule in requirement.house_rules]
    return lines + [f"  {line}" for line in told]


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]
