"""Procedures: the shipped ones are as they were adopted, and a bad file is never used."""

import hashlib
from datetime import date

import pytest

from credentialing.rules import (
    ProcedureError,
    load_procedure,
    procedure_in_force,
    procedures,
    read_procedure,
)
from credentialing.rules.procedure import SHIPPED
from tests.rules.building import COUNT, HEAD, credit, procedure_text, requirement

CADENCE = {"measure": "cadence", "evidence": "meetings", "months": 24}
PER_YEAR = {"measure": "per-year", "evidence": "supervision", "per_year": 6, "years": 2}
PAIRING = {
    "measure": "pairing",
    "setting": "medical",
    "physicians": ["physician"],
    "counterparts": ["psychologist"],
}
COUNCIL = {"quorum": 0.5, "threshold": 0.5, "publish": "names"}
IN_LIEU = {"requirement": "it", "evidence": "debriefings"}


def without(said, key):
    return {name: value for name, value in said.items() if name != key}


def asks(*requirements, **said):
    return procedure_text(*requirements, **said)


def it(**said):
    return procedure_text(requirement(**said))


def credits_(**said):
    return procedure_text(
        requirement(**PER_YEAR), requirement("some", **COUNT), with_credits=(credit(**said),)
    )


EVIDENCE = "not one of meetings, debriefings, supervision, intensives, other"
MEASURES = (
    "not one of submitted, covered, pairing, final-intensive, any-of, ruling, count, cadence, "
    "per-year"
)
BAD = [
    ("id = ", "not TOML: Invalid value (at end of document)"),
    ("id = 'a'\nid = 'b'", "not TOML: Cannot overwrite a value (at end of document)"),
    (asks(), "requirement: missing key"),
    (asks(head={**HEAD, "requirement": []}), "requirement: empty"),
    (asks(requirement(**COUNT), head=without(HEAD, "id")), "id: missing key"),
    (asks(requirement(**COUNT), head=without(HEAD, "title")), "title: missing key"),
    (asks(requirement(**COUNT), head=without(HEAD, "in_force")), "in_force: missing key"),
    (asks(requirement(**COUNT), head={**HEAD, "titel": "x"}), "titel: unknown key"),
    (asks(requirement(**COUNT), head={**HEAD, "society": 5}), "society: not a text: 5"),
    (
        asks(requirement(**COUNT), head={**HEAD, "in_force": "2007-04-09"}),
        'in_force: not a date: "2007-04-09"',
    ),
    (
        asks(requirement(**COUNT), head={**HEAD, "complete": "yes"}),
        'complete: not true or false: "yes"',
    ),
    (asks(head={**HEAD, "requirement": {}}), "requirement: not a list: {}"),
    (it(), "requirement[0].measure: missing key"),
    (it(measure="cadense"), f'requirement[0].measure: {MEASURES}: "cadense"'),
    (it(measure=5), f"requirement[0].measure: {MEASURES}: 5"),
    (asks(without(requirement(**COUNT), "id")), "requirement[0].id: missing key"),
    (asks(without(requirement(**COUNT), "clause")), "requirement[0].clause: missing key"),
    (asks(without(requirement(**COUNT), "text")), "requirement[0].text: missing key"),
    (
        asks(requirement(**COUNT), requirement(**COUNT)),
        'requirement[1].id: duplicate: "it"',
    ),
    (it(**PER_YEAR, per_yeer=6), "requirement[0].per_yeer: unknown key"),
    (it(**without(CADENCE, "months")), "requirement[0].months: missing key"),
    (it(**without(CADENCE, "evidence")), "requirement[0].evidence: missing key"),
    (it(**{**CADENCE, "evidence": "meeting"}), f'requirement[0].evidence: {EVIDENCE}: "meeting"'),
    (it(**{**CADENCE, "months": "24"}), 'requirement[0].months: not a whole number: "24"'),
    (it(**{**CADENCE, "months": 24.0}), "requirement[0].months: not a whole number: 24.0"),
    (it(**{**CADENCE, "months": True}), "requirement[0].months: not a whole number: true"),
    (it(**{**CADENCE, "months": -24}), "requirement[0].months: negative: -24"),
    (
        it(**CADENCE, since="application"),
        'requirement[0].since: not one of any, submitted: "application"',
    ),
    (it(**CADENCE, of="cases"), "requirement[0].of: unknown key"),
    (
        it(**PER_YEAR, spread="even"),
        'requirement[0].spread: not one of per-year, total: "even"',
    ),
    (it(**COUNT, strength="may"), 'requirement[0].strength: not one of must, ideal: "may"'),
    (it(**COUNT, may_waive=0), "requirement[0].may_waive: not true or false: 0"),
    (it(**COUNT, adjustable="count"), 'requirement[0].adjustable: not a list: "count"'),
    (
        it(**COUNT, adjustable=["count", "months"]),
        'requirement[0].adjustable[1]: not a parameter to be set: "months"',
    ),
    (
        it(**COUNT, adjustable=["evidence"]),
        'requirement[0].adjustable[0]: not a parameter to be set: "evidence"',
    ),
    (it(**COUNT, house_rules=[1]), "requirement[0].house_rules[0]: not a text: 1"),
    (it(**COUNT, where={"kynd": "x"}), "requirement[0].where.kynd: unknown field"),
    (it(**COUNT, where={"date": "x"}), 'requirement[0].where.date: not a date: "x"'),
    (it(**COUNT, where={"kind": 5}), "requirement[0].where.kind: not a text: 5"),
    (
        it(**{**COUNT, "evidence": "intensives"}, where={"role": "faculty"}),
        'requirement[0].where.role: not one of participant, candidate: "faculty"',
    ),
    (it(**COUNT, where="x"), 'requirement[0].where: not an object: "x"'),
    (it(**COUNT, of="kind"), 'requirement[0].of: not a field with a number: "kind"'),
    (it(**COUNT, of="cases"), 'requirement[0].of: not a field with a number: "cases"'),
    (it(**COUNT, distinct="cases"), 'requirement[0].distinct: unknown field: "cases"'),
    (it(**COUNT, of="minutes", distinct="kind"), "requirement[0].distinct: not beside of"),
    (
        it(**{**COUNT, "evidence": "debriefings"}, distinct="with"),
        'requirement[0].distinct: unknown field: "with"',
    ),
    (
        it(**{**PAIRING, "setting": "hospital"}),
        'requirement[0].setting: not one of medical, other: "hospital"',
    ),
    (it(**{**PAIRING, "physicians": []}), "requirement[0].physicians: empty"),
    (it(**without(PAIRING, "counterparts")), "requirement[0].counterparts: missing key"),
    (it(measure="any-of"), "requirement[0].options: missing key"),
    (it(measure="any-of", options=[]), "requirement[0].options: empty"),
    (
        it(measure="any-of", options=[COUNT, without(COUNT, "measure")]),
        "requirement[0].options[1].measure: missing key",
    ),
    (
        it(measure="any-of", options=[{"measure": "ruling"}]),
        'requirement[0].options[0].measure: not one of count, cadence, per-year: "ruling"',
    ),
    (
        it(measure="any-of", options=[{**COUNT, "id": "x"}]),
        "requirement[0].options[0].id: unknown key",
    ),
    (it(measure="final-intensive"), "requirement[0].participant: missing key"),
    (
        it(measure="final-intensive", participant="parts"),
        'requirement[0].participant: unknown requirement: "parts"',
    ),
    (
        it(measure="final-intensive", participant="it"),
        'requirement[0].participant: a requirement with another measure: "it"',
    ),
    (credits_(), "credit[0]: neither sets nor in_lieu"),
    (credits_(sets={"count": 1}), "credit[0].sets.requirement: missing key"),
    (credits_(sets={"requirement": 1}), "credit[0].sets.requirement: not a text: 1"),
    (credits_(sets={"requirement": "it"}), "credit[0].sets: sets nothing"),
    (
        credits_(sets={"requirement": "nope", "count": 1}),
        'credit[0].sets.requirement: unknown requirement: "nope"',
    ),
    (credits_(sets={"requirement": "it", "count": 1}), "credit[0].sets.count: unknown key"),
    (
        credits_(sets={"requirement": "some", "count": "1"}),
        'credit[0].sets.count: not a whole number: "1"',
    ),
    (credits_(in_lieu={"requirement": "it"}), "credit[0].in_lieu.evidence: missing key"),
    (
        credits_(in_lieu={**IN_LIEU, "evidence": "meetings"}),
        'credit[0].in_lieu.evidence: not one of debriefings: "meetings"',
    ),
    (
        credits_(in_lieu={**IN_LIEU, "requirement": "some"}),
        'credit[0].in_lieu.requirement: a requirement with another measure: "some"',
    ),
    (credits_(in_lieu=IN_LIEU, needs={"months": 24}), "credit[0].needs.months: unknown key"),
    (
        credits_(in_lieu=IN_LIEU, needs={"attested": False}),
        "credit[0].needs.attested: not true: false",
    ),
    (
        credits_(in_lieu=IN_LIEU, needs={"months_at_least": 1.5}),
        "credit[0].needs.months_at_least: not a whole number: 1.5",
    ),
    (credits_(in_lieu=IN_LIEU, id=5), "credit[0].id: not a text: 5"),
    (
        asks(
            requirement(**PER_YEAR),
            with_credits=(credit(in_lieu=IN_LIEU), credit(in_lieu=IN_LIEU)),
        ),
        'credit[1].id: duplicate: "a-credit"',
    ),
    (
        asks(requirement(**COUNT), council=without(COUNCIL, "quorum")),
        "council.quorum: missing key",
    ),
    (
        asks(requirement(**COUNT), council={**COUNCIL, "quorum": 50}),
        "council.quorum: not a share from 0 to 1: 50",
    ),
    (
        asks(requirement(**COUNT), council={**COUNCIL, "threshold": "half"}),
        'council.threshold: not a share from 0 to 1: "half"',
    ),
    (
        asks(requirement(**COUNT), council={**COUNCIL, "publish": "all"}),
        'council.publish: not one of names, counts: "all"',
    ),
]


@pytest.mark.parametrize(("text", "line"), BAD, ids=[line for _, line in BAD])
def test_a_bad_file_is_refused_with_file_table_and_key(text, line):
    with pytest.raises(ProcedureError) as refusal:
        read_procedure(text, "trial.toml")
    assert str(refusal.value) == f"trial.toml: {line}"


def test_a_file_is_named_by_its_name(tmp_path):
    path = tmp_path / "mine.toml"
    with pytest.raises(ProcedureError, match=r"^mine.toml: cannot be read: No such file"):
        read_procedure(path)
    path.write_text(it(**COUNT))
    assert read_procedure(path).id == "trial"
    path.write_bytes(b"id = '\xff'")
    with pytest.raises(ProcedureError, match=r"^mine.toml: not TOML: 'utf-8' codec"):
        read_procedure(path)


def test_a_text_without_a_name_is_the_procedure():
    with pytest.raises(ProcedureError, match=r"^procedure: requirement: missing key$"):
        read_procedure(asks())


def test_what_may_be_left_out_has_its_default():
    found = read_procedure(it(**CADENCE))
    (leading,) = found.requirements
    assert (found.complete, found.credits, found.council) == (True, (), None)
    assert (leading.strength, leading.may_waive, leading.adjustable) == ("must", True, ())
    assert (leading.measure.since, leading.measure.ideal_per_month) == ("any", 1)


def test_what_is_not_there_is_none():
    found = read_procedure(it(**COUNT))
    assert (found.requirement("nope"), found.credit("nope")) == (None, None)


def test_the_shipped_files_are_as_they_were_adopted():
    recorded = dict(
        reversed(line.split()) for line in (SHIPPED / "DIGESTS").read_text().splitlines()
    )
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SHIPPED.glob("*.toml")
    }
    assert digests == recorded, "An adopted procedure is never edited: write a new file."


def test_the_shipped_procedures_are_named_by_their_files_oldest_first():
    assert list(procedures()) == ["abs-2007", "abs-2014"]
    assert all((SHIPPED / f"{name}.toml").exists() for name in procedures())


def test_each_shipped_procedure_says_how_the_council_votes():
    assert all(each.council for each in procedures().values())


def test_the_numbers_of_2007_are_those_of_the_text():
    text = load_procedure("abs-2007")
    measures = {each.id: each.measure for each in text.requirements}
    assert (measures["leading"].months, measures["leading"].ideal_per_month) == (24, 2)
    assert (measures["debriefing"].months, measures["debriefing"].ideal_minutes) == (24, 30)
    assert (measures["supervision"].per_year, measures["supervision"].years) == (6, 2)
    assert measures["intensives-participant"].count == 2
    assert measures["intensive-candidate"].faculty == 2


def test_the_roadmap_of_2014_differs_in_two_requirements():
    old, new = load_procedure("abs-2007"), load_procedure("abs-2014")
    changed = [
        before.id
        for before, after in zip(old.requirements, new.requirements, strict=True)
        if before.measure != after.measure
    ]
    assert changed == ["leading", "supervision"]
    assert new.requirement("leading").measure.at_least_per_month == 1
    assert new.requirement("supervision").measure.spread == "total"
    assert not new.complete


def test_the_procedure_in_force_is_the_newest_that_is_complete():
    assert procedure_in_force(date(2007, 4, 9)).id == "abs-2007"
    assert procedure_in_force(date(2026, 1, 1), "American Balint Society").id == "abs-2007"


@pytest.mark.parametrize("society", [None, "Another Society"])
def test_before_the_first_and_elsewhere_none_is_in_force(society):
    on = date(2007, 4, 8) if society is None else date(2026, 1, 1)
    with pytest.raises(ProcedureError, match="no complete procedure was in force on"):
        procedure_in_force(on, society)


def test_an_unheard_of_procedure_is_refused():
    with pytest.raises(ProcedureError, match=r'^procedure: unknown: "abs-1998"$'):
        load_procedure("abs-1998")
