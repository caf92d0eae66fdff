"""Credit for prior experience: what it needs, what it changes, and where a claim for it stands."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

from credentialing.rules.calendar import ONE_DAY, Day, months_after
from credentialing.rules.case import Case
from credentialing.rules.facts import Claim, Debriefing, Item, PriorExperience
from credentialing.rules.measures import Looking
from credentialing.rules.reading import (
    Reader,
    UnreadableError,
    flag,
    number,
    refuse,
    table,
    text,
    whole_number,
)


class Need(NamedTuple):
    """One thing that a credit can need: how it is written, when it is met, what is said if not."""

    read: Reader
    met: Callable[[PriorExperience, Any, Day], bool]
    shortfall: str


def _lasted(facts: PriorExperience, months: int, as_of: Day) -> bool:
    after = months_after(facts.start, months) if facts.start else None
    return after is not None and after - ONE_DAY <= _end(facts, as_of)


def _lasted_longer(facts: PriorExperience, months: int, as_of: Day) -> bool:
    after = months_after(facts.start, months) if facts.start else None
    return after is not None and after <= _end(facts, as_of)


def _end(facts: PriorExperience, as_of: Day) -> Day:
    return min(facts.end or as_of, as_of)


def _often_enough(facts: PriorExperience, per_month: float, _: Day) -> bool:
    return facts.per_month is not None and facts.per_month >= per_month


def _laboratory(facts: PriorExperience, months: float, _: Day) -> bool:
    return facts.laboratory_months is not None and facts.laboratory_months >= months


def _trained(facts: PriorExperience, _: bool, __: Day) -> bool:
    return facts.formal_training is True


def _with_credentialed_leader(facts: PriorExperience, _: bool, __: Day) -> bool:
    return facts.leader_credentialed is True


def _attested(facts: PriorExperience, _: bool, as_of: Day) -> bool:
    return facts.attested is not None and facts.attested <= as_of


def _needed(value: Any) -> bool:
    """True; what is not needed is left out of the file."""
    if not flag(value):
        refuse("not true", value)
    return True


NEEDS: dict[str, Need] = {
    "months_at_least": Need(whole_number, _lasted, "too-short"),
    "months_more_than": Need(whole_number, _lasted_longer, "too-short"),
    "per_month_at_least": Need(number, _often_enough, "too-seldom"),
    "formal_training": Need(_needed, _trained, "no-formal-training"),
    "laboratory_months_at_least": Need(number, _laboratory, "laboratory-too-short"),
    "credentialed_leader": Need(_needed, _with_credentialed_leader, "leader-not-credentialed"),
    "attested": Need(_needed, _attested, "not-attested"),
}


def _needs(value: Any) -> Mapping[str, Any]:
    """The needs of a credit, in the order in which its shortfalls are told."""
    needs = {}
    for key, amount in table(value).items():
        if key not in NEEDS:
            raise UnreadableError("unknown key", key)
        try:
            needs[key] = NEEDS[key].read(amount)
        except UnreadableError as refusal:
            raise refusal.within(key) from None
    return needs


class Sets(NamedTuple):
    """The parameters that a credit replaces, and whose they are."""

    requirement: str
    parameters: Mapping[str, Any]


def _sets(value: Any) -> Sets:
    """The requirement, and one parameter or more."""
    said = dict(table(value))
    if "requirement" not in said:
        raise UnreadableError("missing key", "requirement")
    try:
        requirement = text(said.pop("requirement"))
    except UnreadableError as refusal:
        raise refusal.within("requirement") from None
    if not said:
        raise UnreadableError("sets nothing")
    return Sets(requirement, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class InLieu(Looking):
    """Debriefings that may serve in lieu of the sessions of a requirement."""

    requirement: str
    evidence: Literal["debriefings"]

    def with_leader(self, case: Case, counted: Container[str], leader: str) -> list[Item]:
        """The debriefings with this leader that count, by date."""
        return [
            item
            for item in self.look(case, counted).counted
            if isinstance(item, Debriefing) and leader in item.partners
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Credit for a prior experience: what the text needs, and what a granted claim changes."""

    id: str
    clause: str
    text: str
    needs: Annotated[Mapping[str, Any], _needs] = field(default_factory=dict)
    sets: Annotated[Sets | None, _sets] = None
    in_lieu: InLieu | None = None
    house_rules: tuple[str, ...] = ()

    @property
    def requirements(self) -> set[str]:
        """The ids of the requirements that a granted claim adjusts."""
        return {change.requirement for change in (self.sets, self.in_lieu) if change}

    def shortfalls(self, claim: Claim, as_of: Day, most_in_lieu: int) -> tuple[str, ...]:
        """What the text needs and the claim's facts do not show, in the order of the needs.

        `most_in_lieu` is how many debriefings a year may at most be granted.
        """
        facts = claim.facts or PriorExperience()
        shortfalls = [
            NEEDS[key].shortfall
            for key, amount in self.needs.items()
            if not NEEDS[key].met(facts, amount, as_of)
        ]
        if self.in_lieu:
            if not facts.leader:
                shortfalls.append("no-leader")
            granted = claim.granted is not None and claim.granted <= as_of
            if granted and not 1 <= (claim.in_lieu_per_year or 0) <= most_in_lieu:
                shortfalls.append("no-amount")
        return tuple(shortfalls)
