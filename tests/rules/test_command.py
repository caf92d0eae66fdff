"""`manage.py assess`: the same answer for a file, for lines, and for an application."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from credentialing.management.commands.assess import Command
from credentialing.standing import queries
from tests.rules.building import COUNT, portfolio, procedure_text, requirement, sessions

MANAGE = Path(__file__).parents[2] / "manage.py"
PORTFOLIO = portfolio(procedure="abs-2007")
BAD = portfolio(procedure="abs-2007", supervision=sessions(["2023-02-30"]))
BAD_LINE = 'supervision[0].date: not a date: "2023-02-30"'


@pytest.fixture
def file(tmp_path):
    """Write a file of this name, and answer its path."""

    def write(name, *lines):
        path = tmp_path / name
        written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        path.write_text("\n".join(written), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def stdin(monkeypatch):
    def give(data):
        buffer = io.BytesIO(json.dumps(data).encode())
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=buffer))

    return give


def run(*arguments):
    """What the command writes when all goes well."""
    out = io.StringIO()
    call_command("assess", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments):
    """The one line with which the command refuses, as the command line shows it."""
    err, out = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as leaving:
        Command(stdout=out, stderr=err).run_from_argv(["manage.py", "assess", *arguments])
    assert (leaving.value.code, out.getvalue()) == (2, "")
    (line,) = err.getvalue().splitlines()
    return line


def shell(*arguments, given=""):
    return subprocess.run(
        [sys.executable, MANAGE, "assess", *arguments],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )


def test_a_file_is_assessed_as_json(file):
    written = run(file("ann.json", PORTFOLIO), "--as-of", "2023-06-30")
    assessment = json.loads(written)
    assert (assessment["applicant"], assessment["as_of"]) == ("ann", "2023-06-30")
    assert len(written.splitlines()) > 1


def test_without_a_day_it_is_today(file):
    assert json.loads(run(file("ann.json", PORTFOLIO)))["as_of"] > "2026-01-01"


def test_as_text_it_is_for_people(file):
    written = run(file("ann.json", PORTFOLIO), "--as-of", "2023-06-30", "--format", "text")
    assert written.startswith("ann, as of 30 June 2023\n")
    assert "  House rule: " in written


def test_a_dash_is_standard_input(stdin):
    stdin(PORTFOLIO)
    assert json.loads(run("-", "--as-of", "2023-06-30"))["applicant"] == "ann"


def test_the_option_wins_over_the_portfolio(file):
    ann = file("ann.json", portfolio(procedure="unheard-of"))
    assert json.loads(run(ann, "--procedure", "abs-2014"))["procedure"] == "abs-2014"
    trial = file("trial.toml", procedure_text(requirement(**COUNT)))
    assert json.loads(run(ann, "--procedure-file", trial))["procedure"] == "trial"


def test_a_batch_is_answered_line_by_line(file):
    path = file("all.jsonl", PORTFOLIO, "", "  ", {**PORTFOLIO, "applicant": "ann"})
    lines = run("--batch", path, "--as-of", "2023-06-30").splitlines()
    assert [json.loads(line)["applicant"] for line in lines] == ["ann", "ann"]


def test_a_bad_line_is_named_and_the_rest_goes_on(file):
    unnamed = portfolio()
    path = file("all.jsonl", "", BAD, PORTFOLIO, "{", unnamed)
    out = io.StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("assess", "--batch", path, stdout=out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert leaving.value.code == 1
    assert answers[0] == {"line": 2, "error": BAD_LINE}
    assert answers[1]["applicant"] == "ann"
    assert answers[2]["line"] == 4
    assert answers[3] == {
        "line": 5,
        "error": "procedure: neither the portfolio nor an option names one",
    }


def test_a_batch_as_text_is_a_sentence_a_line(file):
    path = file("all.jsonl", PORTFOLIO, BAD)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "assess", "--batch", path, "--as-of", "2022-12-31", "--format=text", stdout=out
        )
    first, second = out.getvalue().splitlines()
    assert first.startswith("ann: The application, 24 months of leading, ")
    assert second == f"line 2: {BAD_LINE}"


def test_an_applicant_comes_from_the_database(monkeypatch):
    monkeypatch.setattr(
        queries,
        "portfolio_by_reference",
        lambda reference: ({**PORTFOLIO, "applicant": "ann"}, "abs-2007"),
        raising=False,
    )
    written = run("--applicant", "ABS-1", "--as-of", "2023-06-30")
    assert json.loads(written)["procedure"] == "abs-2007"
    other = run("--applicant", "ABS-1", "--procedure", "abs-2014")
    assert json.loads(other)["procedure"] == "abs-2014"


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (LookupError("ABS-9"), '--applicant: no such application: "ABS-9"'),
        (
            OperationalError("connection\n  refused"),
            "--applicant: the database cannot be asked: connection refused",
        ),
    ],
)
def test_an_applicant_who_cannot_be_found_is_refused(monkeypatch, failure, line):
    def portfolio_by_reference(reference):
        raise failure

    monkeypatch.setattr(queries, "portfolio_by_reference", portfolio_by_reference, raising=False)
    assert refused("--applicant", "ABS-9") == line


def test_bad_input_is_one_line(file):
    assert refused(file("bad.json", BAD)) == BAD_LINE
    assert refused(file("none.json", portfolio())) == (
        "procedure: neither the portfolio nor an option names one"
    )
    assert refused(file("old.json", portfolio(procedure="abs-1998"))) == (
        'procedure: unknown: "abs-1998"'
    )
    assert refused("absent.json") == "absent.json: cannot be read: No such file or directory"
    assert refused("--batch", "absent") == "absent: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ([], "one of the arguments PORTFOLIO.json --batch --applicant is required"),
        (["-", "--as-of", "2023-2-3"], 'argument --as-of: not a date: "2023-2-3"'),
        (["-", "--frmat", "a\nb"], "unrecognized arguments: --frmat a b"),
        (["-", "--procedure", "abs-1998"], 'procedure: unknown: "abs-1998"'),
        (
            ["-", "--procedure", "a", "--procedure-file", "b"],
            "argument --procedure-file: not allowed with argument --procedure",
        ),
        (
            ["-", "--procedure-file", "absent.toml"],
            "absent.toml: cannot be read: No such file or directory",
        ),
    ],
)
def test_bad_options_are_one_line_too(options, line):
    assert refused(*options) == line


def test_called_from_code_it_raises(file):
    with pytest.raises(CommandError, match=r"^supervision"):
        run(file("bad.json", BAD))


def test_from_the_shell_on_whatever_terminal(file):
    good = shell(file("ann.json", {**PORTFOLIO, "applicant": "ann"}), "--format", "text")
    assert (good.returncode, good.stderr) == (0, "")
    assert "\\u2026" in good.stdout
    bad = shell("-", given=json.dumps(BAD))
    assert (bad.returncode, bad.stdout, bad.stderr) == (2, "", BAD_LINE + "\n")
    wrong = shell("--batch")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "argument --batch: expected one argument\n"


def test_a_reader_who_has_enough_ends_it_quietly(file):
    path = file("all.jsonl", *[PORTFOLIO] * 200)
    with subprocess.Popen(
        [sys.executable, MANAGE, "assess", "--batch", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout.readline().startswith(b"{")
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 1)
