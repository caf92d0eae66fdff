"""A procedure in plain English: how each requirement is counted, what a credit needs and changes.

Every number comes from the procedure; as in `words`, the messages are constants.
"""

from collections.abc import Callable, Mapping
from typing import Any

from credentialing.rules.credits import Credit
from credentialing.rules.measures import (
    AnyOf,
    Cadence,
    Count,
    Covered,
    FinalIntensive,
    Measure,
    Pairing,
    PerYear,
    Submitted,
)
from credentialing.rules.procedure import Council, Procedure, Requirement
from credentialing.rules.words import listed, name, number

LISTS = {
    "meetings": ("meeting", "meetings"),
    "debriefings": ("debriefing", "debriefings"),
    "supervision": ("supervision session", "supervision sessions"),
    "intensives": ("intensive", "intensives"),
    "other": ("item", "items"),
}

SENTENCES = {
    "submitted": "It is met by submitting the application.",
    "covered": "Every day from the submission on is to be covered by a membership.",
    "covered-grace": "Gaps of up to {days} days raise no question.",
    "cadence": "{months} months with {many}, from the first one on.",
    "cadence-ideal": "Ideally {number} a month{minutes}; up to {short} months may have fewer.",
    "cadence-minutes": " of {minutes} minutes or more",
    "cadence-least": "A month with fewer than {number} does not count.",
    "cadence-break": "A break of more than {number} months is left out, and is a question.",
    "pairing": "Two leaders in each group; in a {setting} setting one of them {physicians}, the "
    "other {counterparts}.",
    "per-year": "{per_year} {many} in each of {years} years of twelve months.",
    "per-year-total": "{total} {many} in all, in {years} years.",
    "count": "{number} {many}{where}.",
    "count-of": "{many}{where} with {number} {of} in all.",
    "count-distinct": "{many}{where} with {number} different values of {distinct}.",
    "minutes": "Each lasts {minutes} minutes or more.",
    "since-submitted": "What took place before the application was submitted does not count.",
    "since-any": "What took place before the application counts, too.",
    "any-of": "One of these ways: {ways}",
    "final": "One intensive as a candidate, with {number} different faculty members, an evaluator, "
    "a meeting of all of them, and their written assessment presented to both.",
    "ruling": "The Committee rules on it.",
    "ideal": "The text wishes for it: what is missing is never held against you.",
    "not-waived": "The Committee cannot waive it.",
    "adjustable": "In exceptional circumstances the Committee can change {parameters}.",
}

NEEDS: Mapping[str, str] = {
    "months_at_least": "it lasted {amount} months or longer",
    "months_more_than": "it lasted longer than {amount} months",
    "per_month_at_least": "it took place {amount} times a month or more often",
    "formal_training": "it was a formal training",
    "laboratory_months_at_least": "a group laboratory of {amount} months or longer was part of it",
    "credentialed_leader": "the co-leader was credentialed",
    "attested": "the co-leader attests it",
}

CREDITS = {
    "needs": "The text needs that {needs}.",
    "sets": "Once it is granted, {parameters} for {requirement}.",
    "set": "{parameter} is {value}",
    "in-lieu": "Once it is granted, debriefings with that co-leader serve in lieu of "
    "{requirement}, up to {most} a year, as the grant says.",
}

# What a ruling or a credit can set, as people would say it.
PARAMETERS = {
    "months": "the number of months",
    "ideal_per_month": "how often a month is ideal",
    "ideal_minutes": "how long is ideal",
    "short_months_allowed": "how many months may be short",
    "longest_break": "how long a break may be",
    "at_least_per_month": "the least number a month",
    "grace_days": "how long a gap may be",
    "per_year": "the number a year",
    "years": "the number of years",
    "spread": "whether they are counted by the year or in all",
    "count": "the number",
    "faculty": "the number of faculty members",
    "min_minutes": "the least length",
    "unit": "the unit",
}

COUNCIL = {
    "quorum": "More than {share} of the members who have not recused themselves must vote.",
    "threshold": "More than {share} of those who vote yes or no must vote yes.",
    "names": "Afterwards the votes are shown by name.",
    "counts": "Afterwards only the counts are shown.",
}


def requirement(of: Requirement) -> list[str]:
    """How a requirement is counted, and what the Committee can change of it, in sentences."""
    said = _measure(of.measure)
    if of.strength == "ideal":
        said.append(SENTENCES["ideal"])
    if not of.may_waive:
        said.append(SENTENCES["not-waived"])
    if of.adjustable:
        parameters = listed([PARAMETERS[each] for each in of.adjustable])
        said.append(SENTENCES["adjustable"].format(parameters=parameters))
    return said


def credit(of: Credit, procedure: Procedure) -> list[str]:
    """What a credit needs and what it changes, in sentences."""
    said = []
    if of.needs:
        needs = [NEEDS[key].format(amount=f"{amount:g}") for key, amount in of.needs.items()]
        said.append(CREDITS["needs"].format(needs=listed(needs)))
    if of.sets:
        changes = [
            CREDITS["set"].format(parameter=PARAMETERS[key], value=value)
            for key, value in of.sets.parameters.items()
        ]
        said.append(
            CREDITS["sets"].format(
                parameters=listed(changes), requirement=name(of.sets.requirement)
            )
        )
    if of.in_lieu:
        most = number(procedure.most_in_lieu(of))
        said.append(CREDITS["in-lieu"].format(requirement=name(of.in_lieu.requirement), most=most))
    return said


def council(of: Council) -> list[str]:
    """How the Council votes, in sentences."""
    return [
        COUNCIL["quorum"].format(share=_share(of.quorum)),
        COUNCIL["threshold"].format(share=_share(of.threshold)),
        COUNCIL[of.publish],
    ]


def _share(value: float) -> str:
    return "half" if value == 0.5 else f"{value:.0%}"


def _measure(measure: Measure) -> list[str]:
    said = EXPLAINED.get(type(measure), _ruling)(measure)
    if isinstance(measure, Cadence | PerYear | Count):
        if measure.min_minutes:
            said.append(SENTENCES["minutes"].format(minutes=measure.min_minutes))
        said.append(SENTENCES[f"since-{measure.since}"])
    return said


def _submitted(measure: Any) -> list[str]:
    return [SENTENCES["submitted"]]


def _covered(measure: Any) -> list[str]:
    said = [SENTENCES["covered"]]
    if measure.grace_days:
        said.append(SENTENCES["covered-grace"].format(days=measure.grace_days))
    return said


def _cadence(measure: Any) -> list[str]:
    many = LISTS[measure.evidence][1]
    said = [SENTENCES["cadence"].format(months=measure.months, many=many)]
    minutes = measure.ideal_minutes
    said.append(
        SENTENCES["cadence-ideal"].format(
            number=number(measure.ideal_per_month),
            minutes=SENTENCES["cadence-minutes"].format(minutes=minutes) if minutes else "",
            short=number(measure.short_months_allowed),
        )
    )
    if measure.at_least_per_month:
        least = number(measure.at_least_per_month)
        said.append(SENTENCES["cadence-least"].format(number=least))
    if measure.longest_break is not None:
        said.append(SENTENCES["cadence-break"].format(number=number(measure.longest_break)))
    return said


def _pairing(measure: Any) -> list[str]:
    def people(professions: tuple[str, ...]) -> str:
        said = [f"a {each.replace('-', ' ')}" for each in professions]
        return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"

    return [
        SENTENCES["pairing"].format(
            setting=measure.setting,
            physicians=people(measure.physicians),
            counterparts=people(measure.counterparts),
        )
    ]


def _per_year(measure: Any) -> list[str]:
    form = "per-year-total" if measure.spread == "total" else "per-year"
    said = SENTENCES[form].format(
        per_year=number(measure.per_year),
        total=number(measure.required),
        years=number(measure.years),
        many=LISTS[measure.evidence][1],
    )
    return [_sentence(said)]


def _count(measure: Any) -> list[str]:
    form = "count-distinct" if measure.distinct else "count-of" if measure.of else "count"
    plural = form != "count" or measure.count != 1
    where = listed([str(value) for value in measure.where.values()])
    said = SENTENCES[form].format(
        number=number(measure.count),
        many=LISTS[measure.evidence][plural],
        where=f" ({where})" if where else "",
        of=measure.of,
        distinct=measure.distinct,
    )
    return [_sentence(said)]


def _any_of(measure: Any) -> list[str]:
    ways = [" ".join(_measure(option)) for option in measure.options]
    return [SENTENCES["any-of"].format(ways=" Or: ".join(ways))]


def _final(measure: Any) -> list[str]:
    return [
        SENTENCES["final"].format(number=number(measure.faculty)),
        SENTENCES[f"since-{measure.since}"],
    ]


def _ruling(measure: Any) -> list[str]:
    return [SENTENCES["ruling"]]


EXPLAINED: Mapping[type[Measure], Callable[[Any], list[str]]] = {
    Submitted: _submitted,
    Covered: _covered,
    Cadence: _cadence,
    Pairing: _pairing,
    PerYear: _per_year,
    Count: _count,
    AnyOf: _any_of,
    FinalIntensive: _final,
}


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]
