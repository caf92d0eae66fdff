"""What holds for every portfolio, tried on random ones.

`RULES_EXAMPLES=2000` tries more of them than the ordinary run does.
"""

import copy
import os
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from credentialing.rules import assess, load_procedure, procedures, read_portfolio, words
from tests.rules.building import group, leader, portfolio

PROCEDURES = st.sampled_from(sorted(procedures()))
FIRST = date(2022, 1, 31)
EXAMPLES = settings(max_examples=int(os.environ.get("RULES_EXAMPLES", "50")), deadline=None)

LISTS = {
    "leading": "meetings",
    "debriefing": "debriefings",
    "supervision": "supervision",
    "intensives-participant": "intensives",
    "intensive-candidate": "intensives",
}
LASTING = ("membership", "co-leaders")

days = st.integers(-60, 1100).map(lambda after: FIRST + timedelta(after))
partners = st.sampled_from([["bob"], ["bob", "kim"], ["kim"], []])
minutes = st.sampled_from([None, 20, 30, 45])
supervised = st.sampled_from(["held"] * 6 + ["planned", "cancelled", "no-show"])


@st.composite
def dates(draw, *, most):
    """Dates in a rhythm with breaks, not in order, some of them twice."""
    rhythm = draw(st.integers(7, 60))
    gaps = draw(st.lists(st.sampled_from([0, 1, 1, 1, 1, 1, 2, 7]), max_size=most))
    found, day = [], draw(days)
    for gap in gaps:
        day += timedelta(rhythm * gap)
        found.append(str(day))
    return draw(st.permutations(found)) if draw(st.booleans()) else found


@st.composite
def claims(draw):
    granted = str(draw(days))
    return {
        "id": f"c{granted}",
        "credit": draw(st.sampled_from(["co-leading", "co-leading", "balint-group-member"])),
        "granted": granted,
        "in_lieu_per_year": draw(st.integers(1, 6)),
        "facts": {
            "start": "2010-01-01",
            "end": "2015-01-01",
            "per_month": 2,
            "leader": draw(st.sampled_from(["bob", "kim"])),
            "leader_credentialed": True,
            "attested": "2020-01-01",
        },
    }


@st.composite
def portfolios(draw):
    submitted = draw(days)
    meetings = [
        {"id": f"m{place}", "group": "g1", "date": day}
        for place, day in enumerate(draw(dates(most=60)))
    ]
    debriefings = [
        {
            "id": f"d{place}",
            "group": "g1",
            "date": day,
            "minutes": draw(minutes),
            "with": draw(partners),
        }
        for place, day in enumerate(draw(dates(most=30)))
    ]
    sessions = [
        {
            "id": f"s{place}",
            "date": day,
            "supervisor": draw(st.sampled_from(["sue", "sue", "sue", "una"])),
            "state": draw(supervised),
            "confirmed": day if draw(st.integers(0, 9)) else None,
        }
        for place, day in enumerate(draw(dates(most=20)))
    ]
    ends = draw(st.lists(days, max_size=5, unique=True))
    intensives = [
        {
            "id": f"i{place}",
            "start": str(end - timedelta(3)),
            "end": str(end),
            "role": draw(st.sampled_from(["participant", "candidate"])),
            "completed": draw(st.booleans()),
            "co_led_with": draw(st.sampled_from([["fay", "flo"], ["bob", "fay"], ["fay"]])),
            "evaluator": draw(st.sampled_from(["eve", "sue", None])),
            "met_on": str(end),
            "assessment": {"to_candidate": str(end), "to_committee": str(end)},
        }
        for place, end in enumerate(ends)
    ]
    return portfolio(
        application={
            "submitted": str(submitted) if draw(st.integers(0, 9)) else None,
            "accepted": str(submitted),
        },
        memberships=draw(
            st.sampled_from(
                [[{"start": "2020-01-01"}], [{"start": "2020-01-01", "end": "2023-01-01"}]]
            )
        ),
        groups=[
            group(
                "g1",
                leader("ann", "physician"),
                *draw(st.sampled_from([[], [leader("bob", "psychologist")], [leader("kim")]])),
            )
        ],
        meetings=meetings,
        debriefings=debriefings,
        supervision=sessions,
        supervision_began=draw(st.one_of(st.none(), days.map(str))),
        intensives=intensives,
        claims=draw(st.lists(claims(), max_size=2, unique_by=lambda claim: claim["granted"])),
    )


def assessed(name, said, as_of):
    return assess(load_procedure(name), read_portfolio(said), as_of)


def date_of(item):
    return date.fromisoformat(item.get("end") or item["date"])


def figures(assessment):
    return [
        (entry.id, entry.status, entry.required, entry.done, entry.remaining, entry.issues)
        for entry in assessment.requirements
    ]


@EXAMPLES
@given(PROCEDURES, portfolios(), days)
def test_no_evidence_is_lost(name, said, as_of):
    assessment = assessed(name, said, as_of)
    submitted = said["application"]["submitted"]
    begun = submitted is not None and date.fromisoformat(submitted) <= as_of
    for requirement, listed in LISTS.items():
        entry = assessment.requirement(requirement)
        told = [*entry.evidence, *(id_ for id_, _ in entry.uncounted)]
        role = {"intensives-participant": "participant", "intensive-candidate": "candidate"}
        looked_at = [
            item["id"]
            for item in said[listed]
            if date_of(item) <= as_of
            and item.get("state") != "planned"
            and item.get("role") == role.get(requirement)
            and (begun or requirement == "intensives-participant")
        ]
        assert sorted(told) == sorted(looked_at)


@EXAMPLES
@given(PROCEDURES, portfolios(), days)
def test_the_figures_agree_with_each_other_and_have_their_words(name, said, as_of):
    assessment = assessed(name, said, as_of)
    for entry in assessment.requirements:
        if entry.required is not None:
            assert entry.remaining == max(0, entry.required - entry.done)
        if entry.status == "met":
            assert (entry.remaining, entry.issues) == (0, ())
        assert entry.decision_due == bool(entry.issues)
    report = words.report(assessment.as_data(), load_procedure(name))
    assert report.startswith("ann, as of ")


@EXAMPLES
@given(PROCEDURES, portfolios(), days)
def test_what_comes_later_is_ignored(name, said, as_of):
    earlier = copy.deepcopy(said)
    for listed in ("meetings", "debriefings", "supervision", "intensives"):
        earlier[listed] = [item for item in said[listed] if date_of(item) <= as_of]
    earlier["claims"] = [claim for claim in said["claims"] if claim["granted"] <= str(as_of)]
    began = said["supervision_began"]
    earlier["supervision_began"] = began if began and began <= str(as_of) else None
    one, other = assessed(name, said, as_of), assessed(name, earlier, as_of)
    assert one.requirements == other.requirements


@EXAMPLES
@given(PROCEDURES, portfolios(), days, st.randoms(use_true_random=False))
def test_the_order_of_lists_does_not_matter(name, said, as_of, random):
    shuffled = copy.deepcopy(said)
    for listed in ("meetings", "debriefings", "supervision", "intensives", "claims"):
        random.shuffle(shuffled[listed])
    assert figures(assessed(name, said, as_of)) == figures(assessed(name, shuffled, as_of))


@EXAMPLES
@given(PROCEDURES, portfolios(), days, st.integers(0, 400))
def test_a_counted_item_more_never_raises_what_remains(name, said, as_of, after):
    before = assessed(name, said, as_of)
    for requirement, listed in LISTS.items():
        entry = before.requirement(requirement)
        counted = [date_of(item) for item in said[listed] if item["id"] in entry.evidence]
        if not counted:
            continue
        day = min(as_of, min(counted) + timedelta(after))
        one = next(item for item in said[listed] if item["id"] == entry.evidence[0])
        added = {**one, "id": "added", "date": str(day)}
        if listed == "intensives":
            added = {**one, "id": "added", "start": str(day), "end": str(day)}
        if listed == "supervision":
            added["confirmed"] = str(day)
        more = {**said, listed: [*said[listed], added]}
        later = assessed(name, more, as_of).requirement(requirement)
        assert later.remaining <= entry.remaining


@EXAMPLES
@given(PROCEDURES, portfolios(), days)
def test_an_item_after_completion_is_surplus_and_changes_nothing(name, said, as_of):
    before = assessed(name, said, as_of)
    for requirement in ("leading", "debriefing", "supervision"):
        entry = before.requirement(requirement)
        if entry.status != "met":
            continue
        listed = LISTS[requirement]
        windows = entry.detail.get("windows") or entry.detail["years"]
        day = str(max(as_of, date.fromisoformat(windows[-1]["end"])) + timedelta(1))
        one = next(item for item in said[listed] if item["id"] == entry.evidence[0])
        added = {**one, "id": "added", "date": day}
        if listed == "supervision":
            added["confirmed"] = day
        more = {**said, listed: [*said[listed], added]}
        later = assessed(name, more, date.fromisoformat(day)).requirement(requirement)
        assert (later.status, later.evidence) == ("met", entry.evidence)
        assert ("added", "surplus") in later.uncounted


@EXAMPLES
@given(PROCEDURES, portfolios(), days, claims())
def test_a_granted_credit_never_raises_what_remains(name, said, as_of, claim):
    before = assessed(name, said, as_of)
    granted = {**said, "claims": [*said["claims"], {**claim, "id": "added"}]}
    after = assessed(name, granted, as_of)
    for one, other in zip(before.requirements, after.requirements, strict=True):
        assert other.remaining <= one.remaining
        if one.status == "met":
            assert other.status == "met"


@EXAMPLES
@given(PROCEDURES, portfolios(), days, st.integers(1, 900))
def test_time_that_passes_takes_nothing_away(name, said, as_of, more):
    now = assessed(name, said, as_of)
    still = {
        **said,
        **{
            listed: [item for item in said[listed] if date_of(item) <= as_of]
            for listed in ("meetings", "debriefings", "supervision", "intensives")
        },
    }
    then = assessed(name, still, as_of + timedelta(more))
    for one, other in zip(now.requirements, then.requirements, strict=True):
        if one.status == "met" and one.id not in LASTING:
            assert (other.status, other.remaining) == ("met", 0)
