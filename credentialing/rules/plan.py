"""What if: a plan on a copy of the portfolio, to be assessed as it would stand on a later day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from credentialing.rules.assessment import assess
from credentialing.rules.calendar import ONE_DAY, Day, Window
from credentialing.rules.facts import Claim, Portfolio, PriorExperience
from credentialing.rules.hypothesis import Hypothesis, Pace, co_led
from credentialing.rules.procedure import Procedure

MUCH = 1000  # of whatever a credit asks: a plan supposes that the claim is supported


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody means to do.

    `every`: the days from one item to the next, for the lists that go on. `planned`: the sessions
    that are planned are held. `intensives`: how many more are attended, as the procedure asks for
    them in turn. `credits`: what is granted, each with how many debriefings a year may serve.
    """

    every: Mapping[str, int] = field(default_factory=dict)
    planned: bool = False
    intensives: int = 0
    offered: tuple[Window, ...] = ()
    credits: Mapping[str, int] = field(default_factory=dict)


def begin(portfolio: Portfolio, as_of: Day, plan: Plan) -> Portfolio:
    """The copy with what the plan settles at once: credits granted, planned sessions to be held."""
    leader = co_led(portfolio, as_of)[1]
    facts = PriorExperience(
        start=as_of.replace(year=as_of.year - 20, day=1),
        per_month=MUCH,
        formal_training=True,
        laboratory_months=MUCH,
        leader=leader or "~co-leader",
        leader_credentialed=True,
        attested=as_of,
    )
    claims = [
        Claim(id=f"~{credit}", credit=credit, granted=as_of, in_lieu_per_year=most, facts=facts)
        for credit, most in plan.credits.items()
    ]
    sessions = [
        replace(session, state="held", confirmed=session.date)
        if plan.planned and session.state == "planned" and session.date > as_of
        else session
        for session in portfolio.supervision
    ]
    return replace(portfolio, claims=(*portfolio.claims, *claims), supervision=tuple(sessions))


def suppose(
    procedure: Procedure, portfolio: Portfolio, as_of: Day, plan: Plan, until: Day
) -> Portfolio:
    """The copy as it would be on the day `until`, if the plan were followed from `as_of` on.

    Whoever is waited for is supposed to confirm today, and the membership to go on.
    """
    begun = begin(portfolio, as_of, plan)
    pace = Pace(every=plan.every, offered=plan.offered, attends=plan.intensives)
    now = assess(procedure, begun, as_of)
    return Hypothesis(procedure, begun, now, pace).until(max(until, as_of + ONE_DAY))
