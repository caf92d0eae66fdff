"""The table of letters knows every kind that the code writes, and no other."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from credentialing.records import letters
from credentialing.records.kinds import KINDS, Comes
from tests.factories import PersonFactory
from tests.records.test_letters_page import office, text  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("credentialing", "applicants", "supervision", "intensives", "reviews")


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def name_of(call):
    """The last name of what is called: `write` of `letters.write`."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def said(argument, within, tree):
    """The texts that an argument can be; None stands for one that cannot be told."""
    match argument:
        case ast.Constant(value=str(value)):
            return {value}
        case ast.IfExp(body=one, orelse=other):
            return said(one, within, tree) | said(other, within, tree)
        case ast.Name(id=name) if name in [each.arg for each in within.args.args]:
            return set()  # whoever calls this function says it
        case ast.Name(id=name):
            given = [
                node.value
                for node in (*ast.walk(within), *tree.body)
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
            ]
            return set().union(*(said(each, within, tree) for each in given)) or {None}
    return {None}


def written_in(source):
    """The kinds that a module writes, itself or through functions that are told a kind."""
    tree = ast.parse(source)
    writers = {"write": 0, "tell_chair": 0}
    for function in functions(tree):
        names = [each.arg for each in function.args.args]
        if "kind" in names and any(name_of(call) in writers for call in calls(function)):
            writers[function.name] = names.index("kind")
    found = set()
    for function in functions(tree):
        for call in calls(function):
            place = writers.get(name_of(call))
            if place is None or (name_of(call) == "write" and "letters.write" not in where(call)):
                continue
            found |= said(call.args[place], function, tree)
    return found


def where(call):
    return ast.unparse(call.func)


def written():
    found = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            source = path.read_text()
            if "letters.write(" in source or "tell_chair(" in source:
                found[str(path.relative_to(ROOT))] = written_in(source)
    return found


def test_the_table_of_letters_holds_every_kind_that_is_written_and_no_other():
    found = written()

    kinds = set().union(*found.values())
    assert {place for place, said_there in found.items() if None in said_there} == set()
    assert kinds == set(KINDS)


def test_a_kind_is_found_behind_a_condition_a_name_and_a_function_that_is_told_it():
    source = """
def _to(kind, whom):
    letters.write(kind, whom)

def one(x):
    _to("told" if x else "not-told", x)
    name = "named"
    letters.write(name, x)

def two(x):
    letters.write(x.kind, x)
"""
    assert written_in(source) == {"told", "not-told", "named", None}


@pytest.mark.django_db
def test_a_kind_that_the_table_does_not_know_is_refused():
    with pytest.raises(ValueError, match="table of letters"):
        letters.write("rumour", PersonFactory(), occasion=1, subject="S", text="T")


def test_what_has_a_day_or_decides_never_waits():
    always = {
        *("decision", "ruling", "appeal-answered", "credential-status", "returned", "closed"),
        *("question", "question-due", "activity-due", "activity-missed", "membership-ends"),
        *("ballot-opened", "ballot-closes-soon", "timeline-agreed", "supervision-year-short"),
        *("invitation", "attestation-asked", *letters.UNLISTED),
    }
    security = {"role-changed", "account-changed", "audit-exported", "dossiers-exported"}

    assert {KINDS[kind].comes for kind in always} == {Comes.AT_ONCE}
    assert {KINDS[kind].comes for kind in security} == {Comes.ALWAYS}


@pytest.mark.django_db
def test_the_office_reads_the_table_without_what_it_must_not_know(office):  # noqa: F811
    page = text(office.get(reverse("letter-kinds")))

    assert "The Council’s decision at once" in page
    assert "A session corrected at once or once a day, as its reader chose" in page
    assert str(KINDS["candidate-waits"].label) not in page
