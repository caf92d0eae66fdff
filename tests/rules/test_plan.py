"""What if: what would remain, were a plan followed."""

from datetime import date

from credentialing.rules import Plan, assess, load_procedure, read_portfolio, suppose
from credentialing.rules.calendar import Window
from tests.rules.building import day, debriefings, intensive, portfolio, sessions

TODAY = "2024-01-01"
UNDER = load_procedure("abs-2007")


def after(plan, until, **said):
    record = read_portfolio(portfolio(**said))
    supposed = suppose(UNDER, record, day(TODAY), plan, day(until))
    return assess(UNDER, supposed, day(until))


def test_a_plan_of_nothing_leaves_what_remains():
    said = {"groups": []}
    now = assess(UNDER, read_portfolio(portfolio(**said)), day(TODAY))

    then = after(Plan(), "2024-06-01", **said)

    assert [each.remaining for each in then.requirements] == [
        each.remaining for each in now.requirements
    ]
    assert then.requirement("co-leaders").status == "not-started"


def test_only_what_goes_on_goes_on():
    then = after(Plan(every={"meetings": 14}), "2025-01-01")

    assert then.requirement("leading").done == 12
    assert then.requirement("debriefing").done == 0
    assert then.requirement("supervision").done == 0


def test_planned_sessions_are_held_on_their_days_if_the_plan_says_so():
    planned = sessions(["2024-02-01", "2024-03-01", "2024-09-01"], state="planned", confirmed=None)
    said = {"supervision": planned, "supervision_began": "2024-01-01"}

    held = after(Plan(planned=True), "2024-06-01", **said).requirement("supervision")
    not_held = after(Plan(), "2024-06-01", **said).requirement("supervision")

    assert (held.done, not_held.done) == (2, 0)


def test_intensives_are_attended_in_the_order_that_the_procedure_asks():
    offered = (
        Window(date(2024, 3, 1), date(2024, 3, 4)),
        Window(date(2024, 5, 1), date(2024, 5, 4)),
    )
    been = [intensive("i1", "2023-02-01")]

    one = after(Plan(intensives=1, offered=offered), "2024-06-01", intensives=been)
    two = after(Plan(intensives=2, offered=offered), "2024-06-01", intensives=been)
    soon = after(Plan(intensives=2, offered=offered), "2024-04-01", intensives=been)

    def remaining(of):
        return [
            of.requirement(f"intensive{each}").remaining for each in ("s-participant", "-candidate")
        ]

    assert [remaining(each) for each in (one, two, soon)] == [[0, 1], [0, 0], [0, 1]]


def test_a_credit_that_is_granted_changes_what_is_asked():
    plan = Plan(credits={"balint-group-member": 0, "co-leading": 6}, every={"debriefings": 14})

    then = after(plan, "2025-01-01", supervision_began="2024-01-01")

    assert then.requirement("intensives-participant").required == 1
    assert then.requirement("supervision").done == 6
    assert [claim.state for claim in then.claims] == ["granted", "granted"]


def test_debriefings_with_an_earlier_partner_serve_too():
    said = {"debriefings": debriefings(["2023-12-20"])}

    then = after(Plan(credits={"co-leading": 2}), TODAY, **said).requirement("supervision")

    assert then.detail["in_lieu"] == ["d0"]
