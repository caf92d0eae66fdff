"""The earliest days: what is supposed, and on whom it depends."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from credentialing.rules import (
    Dependence,
    Pace,
    assess,
    earliest,
    foresight,
    load_procedure,
    present_pace,
    read_portfolio,
)
from credentialing.rules.calendar import Window
from credentialing.rules.hypothesis import PACED, is_complete
from tests.rules.building import (
    candidacy,
    day,
    days,
    debriefings,
    group,
    intensive,
    leader,
    meetings,
    portfolio,
    procedure,
    requirement,
    sessions,
)
from tests.rules.test_properties import EXAMPLES, LISTS, PROCEDURES, date_of, portfolios
from tests.rules.test_properties import days as any_day

TODAY = "2024-01-01"
# Each example is assessed some fifty times.
FEWER = settings(EXAMPLES, max_examples=max(EXAMPLES.max_examples // 4, 1))
FORTNIGHTLY = Pace(every={**dict.fromkeys(PACED, 14), "supervision": 56})


def foreseen(pace=FORTNIGHTLY, as_of=TODAY, under=None, **said):
    under = under or load_procedure("abs-2007")
    return earliest(under, read_portfolio(portfolio(**said)), day(as_of), pace)


def on(found, id_):
    return [each.on for each in found.requirement(id_).depends]


def test_two_years_of_leading_end_when_the_last_month_is_over():
    found = foreseen(meetings=meetings(days("2023-01-01", every=14, count=27)))

    assert found.requirement("leading").day == date(2024, 12, 31)
    assert found.requirement("leading").paced == ("meetings",)


def test_six_sessions_a_year_wait_for_the_second_year():
    monthly = Pace(every={**FORTNIGHTLY.every, "supervision": 28})
    said = {"supervision_began": "2023-07-01"}

    now = foreseen(monthly, supervision=sessions(days("2023-07-05", every=28, count=6)), **said)

    # Five full steps of four weeks after the first that falls into the second year.
    first = next(
        date(2024, 1, 2) + timedelta(28 * k)
        for k in range(99)
        if date(2024, 1, 2) + timedelta(28 * k) >= date(2024, 7, 1)
    )
    assert now.requirement("supervision").day == first + timedelta(28 * 5)


def test_what_is_complete_is_complete_today_and_asks_nothing():
    found = foreseen(intensives=[intensive("i1", "2023-02-01"), intensive("i2", "2023-05-01")])

    there = found.requirement("intensives-participant")

    assert (there.complete, there.day, there.depends) == (True, day(TODAY), ())
    assert foresight.line(there, found) == ""


def test_announced_intensives_give_their_days_in_turn():
    offered = tuple(Window(date(2024, m, 5), date(2024, m, 8)) for m in (9, 3, 6))
    pace = Pace(every=FORTNIGHTLY.every, offered=offered)

    found = foreseen(pace)

    assert found.requirement("intensives-participant").day == date(2024, 6, 8)
    assert found.requirement("intensive-candidate").day == date(2024, 9, 8)
    assert on(found, "intensive-candidate") == []


def test_intensives_that_nobody_announced_are_said_to_be_supposed():
    found = foreseen()

    assert found.requirement("intensives-participant").depends == (Dependence("intensive", "2"),)
    line = foresight.line(found.requirement("intensive-candidate"), found)
    assert line == "As soon as one is held that you can attend; none is announced yet."
    line = foresight.line(found.requirement("intensives-participant"), found)
    assert line == "As soon as two are held that you can attend; none is announced yet."
    assert "three intensives are held" in " ".join(foresight.depends(found.depends))


def test_an_intensive_that_one_is_signed_up_for_is_supposed_to_go_well():
    ahead = [
        intensive("i1", "2023-02-01"),
        intensive("i2", "2024-02-01", completed=False),
        candidacy(
            "i3", "2024-03-01", completed=False, assessment=None, met_on=None, evaluator=None
        ),
    ]
    pace = Pace(every=FORTNIGHTLY.every, offered=(Window(day("2024-02-01"), day("2024-02-04")),))

    found = foreseen(pace, intensives=ahead)

    assert found.requirement("intensives-participant").day == date(2024, 2, 4)
    assert found.requirement("intensive-candidate").day == date(2024, 3, 4)
    assert on(found, "intensive-candidate") == []


def test_sessions_that_wait_for_their_supervisor_count_from_today():
    said = sessions(days("2023-02-01", every=50, count=6), confirmed=None)
    under = procedure(requirement(measure="per-year", evidence="supervision", per_year=6, years=1))

    found = foreseen(under=under, supervision=said, supervision_began="2023-01-15")

    assert found.requirement("it").day == day(TODAY)
    assert found.depends == (Dependence("attestation", "6"),)
    assert foresight.line(found.requirement("it"), found) == (
        "As soon as your supervisor confirms six sessions."
    )
    assert foresight.ready(found) == (
        "You could be ready as soon as your supervisor confirms six sessions."
    )


def test_before_submission_everything_begins_with_it():
    found = foreseen(application=None, memberships=[])

    assert [each.on for each in found.depends[:3]] == ["submission", "acceptance", "membership"]
    assert "your membership is on record" in foresight.depends(found.depends)
    assert foresight.line(found.requirement("application"), found) == (
        "As soon as you submit your application."
    )
    assert found.requirement("leading").day > day(TODAY)


def test_a_membership_that_ends_before_has_to_be_renewed():
    ends = foreseen(memberships=[{"start": "2020-01-01", "end": "2024-06-30"}])
    lasts = foreseen(memberships=[{"start": "2020-01-01"}])

    assert Dependence("membership", "2024-06-30") in ends.depends
    assert "membership" not in [each.on for each in lasts.depends]
    assert "your membership, on record until 30 June 2024, is renewed" in foresight.depends(
        ends.depends
    )


def test_without_a_group_a_co_leader_and_a_supervisor_it_depends_on_each():
    nobody = foreseen(groups=[], supervisors=[])
    alone = foreseen(groups=[group("g1", leader("ann", "physician"))])

    assert (
        on(nobody, "leading") == on(nobody, "debriefing") == on(nobody, "co-leaders") == ["group"]
    )
    assert on(nobody, "supervision") == ["supervisor"]
    assert on(alone, "debriefing") == ["co-leader"]
    assert on(alone, "leading") == []
    assert on(alone, "co-leaders") == ["ruling"]
    said = foresight.depends((*nobody.depends, *alone.depends))
    assert "you have a co-leader to debrief with" in said
    assert "the Committee answers its questions about co-leaders" in said


def test_an_approval_that_ends_is_no_supervisor_to_go_on_with():
    ends = {"person": "sue", "approved": [{"start": "2019-01-01", "end": "2024-02-01"}]}
    lasts = {"person": "una", "approved": [{"start": "2019-01-01"}]}

    assert on(foreseen(supervisors=[ends]), "supervision") == ["supervisor"]
    assert on(foreseen(supervisors=[ends, lasts]), "supervision") == []


def test_the_last_intensive_can_wait_for_the_assessment_and_for_the_committee():
    been = [intensive("i1", "2023-02-01"), intensive("i2", "2023-05-01")]
    silent = candidacy("i3", "2023-11-01", assessment=None)
    related = candidacy("i3", "2023-11-01", co_led_with=["bob", "fay"])

    waits = foreseen(intensives=[*been, silent])
    asked = foreseen(intensives=[*been, related])

    assert on(waits, "intensive-candidate") == ["assessment"]
    assert on(asked, "intensive-candidate") == ["ruling"]
    assert waits.requirement("intensive-candidate").day == day(TODAY)


def test_what_a_pace_never_reaches_has_no_day():
    seldom = Pace(every={**FORTNIGHTLY.every, "supervision": 84})

    found = foreseen(seldom, supervision_began="2023-01-15")

    line = foresight.line(found.requirement("supervision"), found)
    assert (found.day, found.requirement("supervision").day) == (None, None)
    assert line == "At this pace it would not be complete within eleven years."
    assert foresight.ready(found) == "At this pace you would not be ready within eleven years."


def test_a_decided_case_has_no_days_but_those_of_what_was_complete():
    found = foreseen(
        application={"submitted": "2023-01-01", "accepted": "2023-01-01", "decided": "2023-06-01"}
    )

    assert (found.as_of, found.day) == (date(2023, 6, 1), None)
    assert found.requirement("application").day == date(2023, 6, 1)


def test_an_ideal_is_not_waited_for():
    under = procedure(
        requirement(measure="submitted"),
        requirement("wish", measure="ruling", strength="ideal"),
        requirement("more", measure="count", evidence="other", count=3, strength="ideal"),
    )

    found = foreseen(under=under)

    assert found.day == day(TODAY)
    assert foresight.ready(found) == "You could be ready today."
    assert found.requirement("more").day == day(TODAY) + timedelta(1 + 2 * 14)


def test_a_count_is_supposed_as_it_selects():
    under = procedure(
        requirement(
            measure="any-of",
            options=[
                {
                    "measure": "count",
                    "evidence": "other",
                    "count": 2,
                    "where": {"kind": "observation"},
                    "distinct": "by",
                },
                {"measure": "count", "evidence": "meetings", "count": 50, "of": "cases"},
            ],
        ),
        requirement("cases", measure="count", evidence="meetings", count=2, of="cases"),
        requirement(
            "abroad", measure="count", evidence="intensives", count=1, where={"organiser": "ibf"}
        ),
    )

    found = foreseen(under=under)

    assert found.requirement("it").day == day(TODAY) + timedelta(1 + 14)
    assert found.requirement("it").paced == ("other", "meetings")
    assert found.requirement("abroad").day == day(TODAY) + timedelta(1)


def test_the_present_pace_is_the_last_half_years_and_else_what_is_asked():
    under = load_procedure("abs-2007")
    held = {
        "meetings": meetings(days("2023-08-01", every=20, count=8)),
        "debriefings": debriefings(["2023-12-01", "2022-01-01"]),
        "supervision": sessions(["2023-11-01", "2023-12-01"])
        + sessions(["2023-12-10"], id="planned", state="planned"),
    }

    pace = present_pace(under, read_portfolio(portfolio(**held)), day(TODAY))

    assert pace.every == {"meetings": 21, "debriefings": 14, "supervision": 28, "other": 28}
    assert pace.kept == {"meetings", "supervision"}
    assert foresight.pace(pace, ["meetings", "debriefings", "supervision"]) == (
        "if you keep meeting every three weeks, debrief every fortnight and keep seeing your "
        "supervisor every four weeks"
    )


def test_the_whole_is_said_in_a_sentence():
    found = foreseen(meetings=meetings(days("2023-01-01", every=14, count=27)))

    assert foresight.ready(found) == f"The earliest you could be ready is {found.day:%B %Y}."
    line = foresight.line(found.requirement("leading"), found)
    assert line == "At the earliest in December 2024, if you meet every fortnight."
    assert found.paced == ("meetings", "debriefings", "supervision")
    assert foresight.pace(found.pace, ()) == ""


def test_a_supposed_pairing_needs_no_pace_in_its_line():
    found = foreseen(groups=[], under=procedure(requirement(**PAIRING)))

    line = foresight.line(found.requirement("it"), found)
    assert line == "At the earliest in January 2024."


PAIRING = {
    "measure": "pairing",
    "setting": "medical",
    "physicians": ["physician"],
    "counterparts": ["psychologist"],
}


paces = st.builds(
    lambda every, offered: Pace(every=every, offered=tuple(offered)),
    st.fixed_dictionaries({name: st.sampled_from([7, 14, 28, 56]) for name in PACED}),
    st.lists(any_day.map(lambda start: Window(start, start + timedelta(3))), max_size=3),
)


@FEWER
@given(PROCEDURES, portfolios(), any_day, paces)
def test_a_day_is_the_first_on_which_the_supposed_portfolio_is_complete(name, said, as_of, pace):
    under = load_procedure(name)
    found = earliest(under, read_portfolio(said), as_of, pace)

    for forecast in found.requirements:
        if forecast.day is None:
            continue
        assert forecast.day >= as_of
        then = assess(under, found.portfolio, forecast.day).requirement(forecast.id)
        assert forecast.complete or is_complete(then)
        if forecast.day > as_of:
            before = assess(under, found.portfolio, forecast.day - timedelta(1))
            assert not is_complete(before.requirement(forecast.id))
        assert foresight.line(forecast, found) or forecast.complete
    if found.day:
        assert found.day == max(forecast.day for forecast in found.requirements)
    assert foresight.ready(found)
    assert len(foresight.depends(found.depends)) <= len(found.depends)


@FEWER
@given(PROCEDURES, portfolios(), any_day, paces, st.integers(0, 400))
def test_evidence_that_counts_never_makes_it_later(name, said, as_of, pace, after):
    under = load_procedure(name)
    portfolio_ = read_portfolio(said)
    now, before = assess(under, portfolio_, as_of), earliest(under, portfolio_, as_of, pace)
    for id_, listed in LISTS.items():
        entry = now.requirement(id_)
        counted = [date_of(item) for item in said[listed] if item["id"] in entry.evidence]
        if not counted:
            continue
        on_day = str(min(as_of, min(counted) + timedelta(after)))
        one = next(item for item in said[listed] if item["id"] == entry.evidence[0])
        added = {**one, "id": "added", "date": on_day}
        if listed == "intensives":
            added = {**one, "id": "added"}
        if listed == "supervision":
            added["confirmed"] = on_day
        more = read_portfolio({**said, listed: [*said[listed], added]})
        later = earliest(under, more, as_of, pace).requirement(id_).day
        first = before.requirement(id_).day
        assert first is None or (later is not None and later <= first)
