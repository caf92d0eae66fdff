"""Seven seats, one recused by relation and one by own word, a tie, and a second ballot adopted.

The clock of a ballot is set back instead of waited for; everything else happens in a browser.
"""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from applicants.models import Application
from credentialing.people.models import Credential, Person
from reviews import operations
from reviews.models import Ballot, CastVote, StatusChange
from tests.journeys.conftest import Visitor
from tests.reviews.council.cases import Society, recommend, recommended

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def society(settings, tmp_path) -> Society:
    """A recommended case and a Council of seven, of whom one was the applicant's supervisor."""
    settings.MEDIA_ROOT = tmp_path / "documents"
    made = recommended(7)
    made.council[6].relations.create(
        applicant=made.applicant, kind="supervisor", since="2024-01-01", source="supervision"
    )
    return made


def votes(visitor: Visitor, member: Person, reference: str, choice: str) -> str:
    """A member signs in and votes; the receipt."""
    visitor.signs_in(member.email).goes(f"/council/{reference}/").fills(choice=choice)
    visitor.presses("Cast my vote").reads("Your vote is in.")
    return receipt(visitor)


def receipt(visitor: Visitor) -> str:
    found = re.search(r"Receipt: (\S{14})", visitor.page.locator("main").inner_text())
    assert found
    return found[1]


def others_vote(ballot: Ballot, members: list[Person], *choices: str) -> None:
    for member, choice in zip(members, choices, strict=True):
        operations.cast(ballot, choice=choice, remark="", by=member)


def hands_in(visitor: Visitor, content: bytes) -> Visitor:
    """Somebody looks whether a file is as it was issued."""
    visitor.goes("/verify/")
    file = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": content}
    visitor.page.locator("[name='paper']").set_input_files([file])
    visitor.looked_at.clear()  # the same address, another answer
    return visitor.presses("Verify the file")


def test_a_tie_then_a_second_ballot_adopted_and_a_certificate_that_can_be_verified(
    visitor, society, tmp_path: Path
):
    reference, council = society.case.reference, society.council

    # The office opens the ballot; who is related is recused, with the reason.
    otto = visitor("Otto").signs_in(society.administrator.email)
    otto.goes(f"/committee/cases/{reference}/ballot/").reads("6 members of the Council would vote.")
    otto.reads("Is or was the applicant's supervisor.").presses("Open ballot")
    otto.reads("The ballot is open").reads_not("Votes cast")
    first = Ballot.objects.get()

    # One votes and changes the vote; one votes and then recuses; the related one sees nothing.
    bea = visitor("Bea")
    before = votes(bea, council[1], reference, "for")
    bea.fills(choice="against").presses("Change my vote")
    kept = receipt(bea)
    assert before != kept
    ann = visitor("Ann")
    votes(ann, council[0], reference, "for")
    ann.follows("I can’t vote on this case").reads("Your vote becomes void")
    ann.fills(reason="We share an office.").presses("Recuse me from this case")
    ann.reads("The vote that you had cast is void").reads("No case waits for your vote.")
    gil = visitor("Gil").signs_in(council[6].email).goes("/council/")
    gil.reads("No case waits for your vote.").reads_not(reference)
    others_vote(first, council[2:6], "for", "for", "against", "abstain")

    # Two against two is a tie, and a tie is not adopted.
    society.end(first)
    bea.goes(f"/council/{reference}/ballots/{first.pk}/").reads("A tie is not adopted.")
    bea.reads("We share an office. The vote that had been cast is void.")
    bea.reads(f"Your vote was counted: Against. Receipt: {kept}.")
    listed = tmp_path / "votes.json"
    listed.write_bytes(bea.downloads("Download the list to count it again"))
    said = io.StringIO()
    call_command("recount", str(listed), receipt=kept, stdout=said)
    assert "Outcome: not-adopted." in said.getvalue()
    assert f"Receipt {kept}: counted as “against”." in said.getvalue()
    assert len(json.loads(listed.read_text())["votes"]) == 5
    clara = visitor("Clara").signs_in(society.chair.email)
    clara.goes(f"/committee/cases/{reference}/moves/bring-again/")
    clara.fills(reason="Two members wish to hear the evaluator.").presses("Bring the case again")
    recommend(society.case, by=society.chair)
    Application.objects.update(stage="recommended")

    # The second ballot is a new one; its electors see what became of the first.
    otto.goes(f"/committee/cases/{reference}/ballot/").presses("Open ballot")
    second = Ballot.objects.get(closed_at=None)
    bea.goes(f"/council/{reference}/").reads("Earlier ballots on this case").fills(choice="for")
    bea.presses("Cast my vote").reads("Your vote is in.")
    others_vote(second, council[2:6], "for", "for", "against", "for")
    society.end(second)
    bea.goes(f"/council/{reference}/").reads("Credentialed").reads("4 were for")
    otto.goes(f"/office/cases/{reference}/").reads("Credential")
    assert CastVote.objects.filter(elector__ballot=second).count() == 5

    # The certificate is verified by its number and as a file, and one changed byte is found.
    apple = visitor("Apple").signs_in(society.applicant.email).goes("/decision/")
    apple.reads("decided to credential you. Congratulations.")
    certificate = apple.downloads("Download the certificate (PDF)")
    number = Credential.objects.get().number
    assert number in PdfReader(io.BytesIO(certificate)).pages[0].extract_text()
    vera = visitor("Vera").goes("/register/").fills(number=number).presses("Verify").reads("Active")
    hands_in(vera, certificate).reads("as the Society issued it, byte for byte").reads("Active")
    changed = bytearray(certificate)
    changed[len(changed) // 2] ^= 1
    hands_in(vera, bytes(changed)).reads_not("as the Society issued it, byte for byte")
    vera.reads("This file was changed after the Society signed it.")
    # It is suspended by two officers.
    otto.goes(f"/office/credentials/{number}/").ticks("suspended")
    otto.fills(since=timezone.localdate().isoformat(), reason="As the Council decided.")
    otto.presses("Change the status").reads("Another officer has to confirm it.")
    hands_in(vera, certificate).reads("Active")
    clara = visitor("Clara").signs_in(society.chair.email)
    clara.goes(f"/office/credentials/{number}/changes/{StatusChange.objects.get().pk}/")
    clara.reads("As the Council decided.").presses("Confirm").reads("Confirmed by Carla Chair")
    hands_in(vera, certificate).reads("Suspended,")
