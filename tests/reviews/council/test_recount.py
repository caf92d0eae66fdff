"""The recount: from the list alone, by code that shares nothing with the first count."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from reviews.management.commands import recount
from reviews.queries import ballots, results
from tests.reviews.council.cases import recommended


def listed(*choices, **changes):
    """The list of a ballot of five seats, one recused, on which these votes were counted."""
    votes = [{"receipt": f"AAAA-BBBB-{n:04}", "choice": choice} for n, choice in enumerate(choices)]
    counts = {choice: choices.count(choice) for choice in recount.CHOICES}
    announced = ballots.tally(seated=5, recused=1, left=0, votes=counts, quorum=0.5, threshold=0.5)
    seats = {"seated": 5, "recused": 1, "left": 0, "quorum": "0.5", "threshold": "0.5"}
    return seats | {"votes": votes, "announced": announced} | changes


def counted(tmp_path, data, **options):
    """What the command prints, or the status and words with which it refuses."""
    file, out = tmp_path / "list.json", io.StringIO()
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    try:
        call_command("recount", str(file), stdout=out, **options)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        (("for", "for", "against"), "adopted"),
        (("for", "against", "abstain"), "not-adopted"),
        (("abstain", "abstain", "abstain"), "not-adopted"),
        (("for", "for"), "no-quorum"),
    ],
)
def test_the_list_comes_to_what_was_announced(tmp_path, choices, outcome):
    status, said = counted(tmp_path, listed(*choices))

    assert status == 0
    assert said.endswith(f"Outcome: {outcome}.\nThis is what was announced.\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["votes"][0].update(choice="against"),
        lambda data: data["votes"].pop(),
        lambda data: data["votes"][1].update(receipt=data["votes"][0]["receipt"]),
        lambda data: data["announced"].update(outcome="not-adopted"),
        lambda data: data.update(recused=3),
        lambda data: data.update(threshold="0.8"),
    ],
)
def test_a_list_that_was_changed_does_not_fit(tmp_path, change):
    data = listed("for", "for", "against")
    change(data)

    status, said = counted(tmp_path, data)

    assert status == 1
    assert said


def test_a_receipt_says_how_it_was_counted(tmp_path):
    data = listed("for", "against", "for")

    known = counted(tmp_path, data, receipt="aaaa-bbbb-0001")
    unknown = counted(tmp_path, data, receipt="AAAA-BBBB-9999")

    assert "Receipt AAAA-BBBB-0001: counted as “against”." in known[1]
    assert (known[0], unknown[0]) == (0, 1)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"votes": 3}',
        json.dumps(listed("for", "maybe")),
        json.dumps(listed("for", seated=-1)),
        json.dumps(listed("for", quorum="1/0")),
        json.dumps(listed("for", announced=None)),
    ],
)
def test_what_is_no_list_is_called_so(tmp_path, data):
    status, _said = counted(tmp_path, data)

    assert status == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_paper")
def test_the_list_of_a_real_ballot_is_recounted(tmp_path):
    society = recommended(5)
    ballot = society.open()
    votes = society.vote(ballot, "for", "against", "for", "abstain")
    closed = society.end(ballot)

    status, said = counted(tmp_path, results.counted_list(closed), receipt=votes[1].receipt)

    assert (status, f"Receipt {votes[1].receipt}: counted as “against”." in said) == (0, True)
