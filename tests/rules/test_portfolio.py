"""Reading a portfolio: nothing is guessed, and every slip is named with its path."""

import json
from datetime import date

import pytest

from credentialing.rules import PortfolioError, parse_portfolio, read_portfolio
from tests.rules.building import (
    debriefings,
    exception,
    group,
    leader,
    meetings,
    portfolio,
    sessions,
)

MEETING = meetings(["2023-02-01"])[0]
SESSION = sessions(["2023-02-01"])[0]
INTENSIVE = {"id": "i1", "start": "2023-02-01", "end": "2023-02-04", "role": "participant"}
CLAIM = {"id": "c1", "credit": "co-leading"}


def without(said, key):
    return {name: value for name, value in said.items() if name != key}


BAD = [
    (5, "portfolio: not an object: 5"),
    ({}, "applicant: missing key"),
    (portfolio(applicant=None), "applicant: not a text: null"),
    (portfolio(aplicant="ann"), "aplicant: unknown key"),
    (portfolio(**{"a\nb": 1}), '"a\\nb": unknown key'),
    (portfolio(meetings=None), "meetings: not a list: null"),
    (portfolio(meetings={}), "meetings: not a list: {}"),
    (portfolio(meetings=[5]), "meetings[0]: not an object: 5"),
    (portfolio(meetings=[without(MEETING, "id")]), "meetings[0].id: missing key"),
    (portfolio(meetings=[without(MEETING, "date")]), "meetings[0].date: missing key"),
    (portfolio(meetings=[without(MEETING, "group")]), "meetings[0].group: missing key"),
    (portfolio(meetings=[{**MEETING, "group": None}]), "meetings[0].group: not a text: null"),
    (portfolio(meetings=[{**MEETING, "group": "g9"}]), 'meetings[0].group: unknown group: "g9"'),
    (portfolio(meetings=[{**MEETING, "dat": 1}]), "meetings[0].dat: unknown key"),
    (portfolio(meetings=[{**MEETING, "cases": -1}]), "meetings[0].cases: negative: -1"),
    (portfolio(meetings=[{**MEETING, "cases": 1.0}]), "meetings[0].cases: not a whole number: 1.0"),
    (
        portfolio(meetings=[{**MEETING, "cases": None}]),
        "meetings[0].cases: not a whole number: null",
    ),
    (
        portfolio(meetings=[{**MEETING, "minutes": True}]),
        "meetings[0].minutes: not a whole number: true",
    ),
    (
        portfolio(meetings=[{**MEETING, "minutes": float("nan")}]),
        "meetings[0].minutes: not a whole number: NaN",
    ),
    (
        portfolio(meetings=[{**MEETING, "minutes": 10**10}]),
        "meetings[0].minutes: too large: 10000000000",
    ),
    (portfolio(meetings=[MEETING, MEETING]), 'meetings[1].id: duplicate: "m0"'),
    (
        portfolio(debriefings=debriefings(["2023-02-01"], group="g9")),
        'debriefings[0].group: unknown group: "g9"',
    ),
    (
        portfolio(debriefings=debriefings(["2023-02-01"], **{"with": ["bob", 5]})),
        "debriefings[0].with[1]: not a text: 5",
    ),
    (
        portfolio(supervision=[SESSION, {**SESSION, "id": "s1", "date": "2023-02-30"}]),
        'supervision[1].date: not a date: "2023-02-30"',
    ),
    (
        portfolio(supervision=[{**SESSION, "date": "20230201"}]),
        'supervision[0].date: not a date: "20230201"',
    ),
    (
        portfolio(supervision=[{**SESSION, "date": "2023-W05-3"}]),
        'supervision[0].date: not a date: "2023-W05-3"',
    ),
    (
        portfolio(supervision=[{**SESSION, "date": 20230201}]),
        "supervision[0].date: not a date: 20230201",
    ),
    (
        portfolio(supervision=[{**SESSION, "state": "done"}]),
        'supervision[0].state: not one of planned, held, cancelled, no-show: "done"',
    ),
    (portfolio(supervision=[without(SESSION, "state")]), "supervision[0].state: missing key"),
    (
        portfolio(supervision=[without(SESSION, "supervisor")]),
        "supervision[0].supervisor: missing key",
    ),
    (portfolio(supervision_began="soon"), 'supervision_began: not a date: "soon"'),
    (portfolio(application=[]), "application: not an object: []"),
    (portfolio(application={"submited": None}), "application.submited: unknown key"),
    (portfolio(memberships=[{"end": None}]), "memberships[0].start: missing key"),
    (
        portfolio(memberships=[{"start": "2023-02-02", "end": "2023-02-01"}]),
        'memberships[0].end: before its start: "2023-02-01"',
    ),
    (
        portfolio(
            supervisors=[
                {"person": "sue", "approved": [{"start": "2023-02-02", "end": "2023-02-01"}]}
            ]
        ),
        'supervisors[0].approved[0].end: before its start: "2023-02-01"',
    ),
    (portfolio(groups=[without(group(), "setting")]), "groups[0].setting: missing key"),
    (
        portfolio(groups=[group(setting="school")]),
        'groups[0].setting: not one of medical, other: "school"',
    ),
    (
        portfolio(groups=[group("g1", leader("ann", "baker"))]),
        (
            "groups[0].leaders[0].profession: not one of physician, psychiatrist, psychologist, "
            'counselor, clinical-social-worker, nurse, chaplain, teacher, other: "baker"'
        ),
    ),
    (
        portfolio(groups=[group("g1", leader("bob"))]),
        'groups[0].leaders: without the applicant: "ann"',
    ),
    (portfolio(groups=[group(leaders=[])]), 'groups[0].leaders: without the applicant: "ann"'),
    (portfolio(groups=[group(end="2019-12-31")]), 'groups[0].end: before its start: "2019-12-31"'),
    (
        portfolio(groups=[group("g1", leader("ann", start="2024-01-02"), end="2024-01-01")]),
        'groups[0].leaders[0].end: before its start: "2024-01-01"',
    ),
    (portfolio(groups=[group(), group()]), 'groups[1].id: duplicate: "g1"'),
    (portfolio(intensives=[without(INTENSIVE, "end")]), "intensives[0].end: missing key"),
    (portfolio(intensives=[without(INTENSIVE, "role")]), "intensives[0].role: missing key"),
    (
        portfolio(intensives=[{**INTENSIVE, "end": "2023-01-31"}]),
        'intensives[0].end: before its start: "2023-01-31"',
    ),
    (
        portfolio(intensives=[{**INTENSIVE, "completed": "yes"}]),
        'intensives[0].completed: not true or false: "yes"',
    ),
    (
        portfolio(intensives=[{**INTENSIVE, "assessment": {"to_all": "2023-02-04"}}]),
        "intensives[0].assessment.to_all: unknown key",
    ),
    (portfolio(claims=[{"id": "c1"}]), "claims[0].credit: missing key"),
    (
        portfolio(claims=[{**CLAIM, "granted": "2023-01-01", "refused": "2023-01-02"}]),
        "claims[0].refused: both granted and refused",
    ),
    (
        portfolio(claims=[{**CLAIM, "facts": {"since": 1}}]),
        "claims[0].facts.since: unknown key",
    ),
    (
        portfolio(claims=[{**CLAIM, "facts": {"per_month": float("inf")}}]),
        "claims[0].facts.per_month: not a number: Infinity",
    ),
    (
        portfolio(claims=[{**CLAIM, "facts": {"per_month": "2"}}]),
        'claims[0].facts.per_month: not a number: "2"',
    ),
    (
        portfolio(claims=[{**CLAIM, "facts": {"per_month": -0.5}}]),
        "claims[0].facts.per_month: negative: -0.5",
    ),
    (
        portfolio(claims=[{**CLAIM, "facts": {"start": "2023-02-02", "end": "2023-02-01"}}]),
        'claims[0].facts.end: before its start: "2023-02-01"',
    ),
    (
        portfolio(claims=[{**CLAIM, "in_lieu_per_year": 1.5}]),
        "claims[0].in_lieu_per_year: not a whole number: 1.5",
    ),
    (
        portfolio(claims=[{**CLAIM, "id": "x1"}], exceptions=[exception(waive=True)]),
        'exceptions[0].id: duplicate: "x1"',
    ),
    (
        portfolio(exceptions=[without(exception(waive=True), "reason")]),
        "exceptions[0].reason: missing key",
    ),
    (portfolio(exceptions=[exception(waive=True, reason=" ")]), "exceptions[0].reason: empty"),
    (
        portfolio(exceptions=[exception()]),
        "exceptions[0]: not exactly one of accept, set, count, waive",
    ),
    (
        portfolio(exceptions=[exception(waive=True, set={"count": 1})]),
        "exceptions[0]: not exactly one of accept, set, count, waive",
    ),
    (
        portfolio(exceptions=[exception(waive=False)]),
        "exceptions[0]: not exactly one of accept, set, count, waive",
    ),
    (portfolio(exceptions=[exception(accept=[])]), "exceptions[0].accept: empty"),
    (portfolio(exceptions=[exception(count=[])]), "exceptions[0].count: empty"),
    (portfolio(exceptions=[exception(set={})]), "exceptions[0].set: empty"),
    (portfolio(exceptions=[exception(set=[])]), "exceptions[0].set: not an object: []"),
    (
        portfolio(exceptions=[exception(accept=[{"detail": None}])]),
        "exceptions[0].accept[0].code: missing key",
    ),
    (
        portfolio(exceptions=[exception(set={"months": "18"})]),
        'exceptions[0].set.months: not a whole number: "18"',
    ),
    (
        portfolio(exceptions=[exception(set={"months": -1})]),
        "exceptions[0].set.months: negative: -1",
    ),
    (
        portfolio(exceptions=[exception(set={"spread": "even"})]),
        'exceptions[0].set.spread: not one of per-year, total: "even"',
    ),
    (
        portfolio(exceptions=[exception(set={"anything": -1})]),
        "exceptions[0].set.anything: negative: -1",
    ),
    (
        portfolio(exceptions=[exception(set={"anything": None})]),
        "exceptions[0].set.anything: not a number or a text: null",
    ),
    (
        portfolio(exceptions=[exception(count=["m9"])]),
        'exceptions[0].count[0]: unknown evidence: "m9"',
    ),
    (portfolio(other=[{"id": "o1", "date": "2023-01-01"}, []]), "other[1]: not an object: []"),
    (portfolio(applicant=[["x" * 99]]), f'applicant: not a text: [["{"x" * 76}…'),
]


@pytest.mark.parametrize(("data", "line"), BAD, ids=[line for _, line in BAD])
def test_a_slip_is_named_with_its_path(data, line):
    with pytest.raises(PortfolioError) as refusal:
        read_portfolio(data)
    assert str(refusal.value) == line


def test_an_unknown_issue_code_is_refused():
    data = portfolio(exceptions=[exception(accept=[{"code": "below-idael"}])])
    with pytest.raises(PortfolioError, match=r"^exceptions\[0\].accept\[0\].code: not one of "):
        read_portfolio(data)


def test_what_cannot_even_be_shown_is_refused_in_one_line():
    nested: list[object] = []
    for _ in range(10**5):
        nested = [nested]
    with pytest.raises(PortfolioError, match=r"^applicant: not a text: …$"):
        read_portfolio({"applicant": nested})


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("", "portfolio: not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 10**5, "portfolio: not JSON: nested too deeply"),
        ('{"applicant": "ann", "applicant": "bob"}', "applicant: duplicate key"),
        ('{"application": {"accepted": 1, "accepted": 1}}', "application.accepted: duplicate key"),
        ('{"applicant": NaN}', "applicant: not a text: NaN"),
    ],
)
def test_what_is_not_proper_json_is_refused(written, line):
    with pytest.raises(PortfolioError) as refusal:
        parse_portfolio(written)
    assert str(refusal.value) == line


def test_bytes_are_read_as_utf_8_with_or_without_a_mark():
    written = json.dumps({"applicant": "änn"}, ensure_ascii=False)
    assert parse_portfolio(written.encode("utf-8")).applicant == "änn"
    assert parse_portfolio(written.encode("utf-8-sig")).applicant == "änn"
    with pytest.raises(PortfolioError, match=r"^portfolio: not JSON: 'utf-8' codec"):
        parse_portfolio(written.encode("latin-1"))


def test_all_that_may_be_absent_may_be_absent():
    assert read_portfolio({"applicant": "ann"}).meetings == ()


def test_dates_may_be_dates():
    data = portfolio(supervision_began=date(2023, 2, 1))
    assert read_portfolio(data).supervision_began == date(2023, 2, 1)


def test_null_is_as_good_as_absent_where_nothing_need_be_known():
    data = portfolio(
        application=None,
        claims=[{**CLAIM, "facts": None}],
        exceptions=[exception(waive=True, accept=None, set=None, count=None)],
    )
    assert read_portfolio(data).application is None
