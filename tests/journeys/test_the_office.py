"""The office: from nothing to the first case, a long member list, a term that ends, a passkey."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.utils import timezone

from applicants.models import Application, Membership
from credentialing.people.models import Person, Role
from credentialing.records import digests, letters
from credentialing.records.models import Letter
from credentialing.records.tables import write_csv
from credentialing.tasks import send_letters
from reviews.models import Vote
from tests.factories import PASSWORD, complete_case, person
from tests.journeys.conftest import Visitor
from tests.journeys.test_walking_case import applies, link_in_letter, signs_up
from tests.reviews.council.cases import recommended

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def joins(visitor: Visitor, link: str, email: str) -> Visitor:
    """Follow an invitation, choose a password, sign in with it."""
    visitor.goes(link).fills(password=PASSWORD).presses("Set up my account")
    return visitor.fills(login=email, password=PASSWORD).presses("Sign in")


def brings(visitor: Visitor, kind: str, content: bytes, **said: str) -> Visitor:
    """Choose a file, say what is asked beside it, and look at what it would do."""
    visitor.goes(f"/office/lists/{kind}/").fills(**said)
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}
    )
    return visitor.presses("Look at it")


def test_from_nothing_to_the_first_accepted_application(
    visitor: Callable[[str], Visitor], worker: Path
) -> None:
    today = timezone.localdate()
    out = StringIO()
    call_command("first_administrator", "Otto Office", "office@example.org", stdout=out)
    otto = visitor("Otto beginning")
    joins(otto, re.search(r"/join/\S+/", out.getvalue()).group(), "office@example.org")
    otto.goes("/office/").reads("Next: A second administrator.").follows("What is done and")

    # The people come from a list; each gets a role, and the Chair an invitation.
    roles = {"Olga": "administrator", "Clara": "chair", "Dora": "deputy", "Mia": "committee"}
    people = [[name, f"{name.lower()}@example.org", "physician"] for name in roles]
    people.append(["Ann Applicant", "ann@example.org", "physician"])
    brings(otto, "people", write_csv(["Name", "E-mail address", "Profession"], people))
    otto.presses("Bring in 5 rows").reads("5 rows were brought in.")
    for name, role in roles.items():
        otto.goes(f"/office/people/{Person.objects.get(name=name).pk}/").fills(kind=role)
        otto.presses("Give role").reads("The role is given")
    otto.goes(f"/office/people/{Person.objects.get(name='Clara').pk}/")
    otto.presses("Invite to set up an account").reads("An invitation leaves for clara@example.org")
    term = [["M-4711", "Ann Applicant", "ann@example.org", today.replace(month=1, day=1), ""]]
    members = write_csv(["Member number", "Name", "E-mail address", "From", "Until"], term)
    brings(otto, "memberships", members, complete_to=today.isoformat())
    otto.presses("Bring in one row").reads("One row was brought in.")
    otto.goes("/office/set-up/").reads("5 of 9 needed steps are done.")

    # Ann signs up with the address that the list gave, applies, and Clara accepts.
    ann = signs_up(visitor("Ann first"), "Ann Applicant", "ann@example.org")
    applies(ann)
    ann.goes("/application/groups/").fills(alone="The group begins in spring.").presses("Save")
    ann.goes("/application/submit/").presses("Submit application").reads("Submitted")
    case = Application.objects.get()
    clara = joins(visitor("Clara first"), link_in_letter(worker, "/join/"), "clara@example.org")
    clara.goes(f"/committee/cases/{case.reference}/moves/accept/").presses("Accept application")
    clara.reads("Accepted")
    assert (case.membership_unconfirmed, Person.objects.filter(name="Ann Applicant").count()) == (
        False,
        1,
    )


def test_a_member_list_of_2000_rows_with_30_problems(
    visitor: Callable[[str], Visitor], worker: Path
) -> None:
    today = timezone.localdate()
    person("administrator", name="Otto Office", email="office@example.org")
    ann = complete_case(applicant=person(name="Ann Applicant", email="ann@example.org")).applicant
    Membership.objects.filter(person=ann).update(end=today - timedelta(days=30))
    rows: list[list[Any]] = [
        [number, f"Member Number{number}", f"m{number}@example.org", "2026-01-01", "2026-12-31"]
        for number in range(1, 2000)
    ]
    renewed = [today - timedelta(days=29), today + timedelta(days=300)]
    rows.insert(0, [7000, "Ann Applicant", "ann@example.org", *renewed])
    for number in range(30):
        rows[60 * number + 60][(3, 4, 2)[number % 3]] = ("soon", "2025-01-01", "no address")[
            number % 3
        ]
    content = write_csv(["Id", "Full name", "Mail", "Joined", "Expires"], rows)

    otto = visitor("Otto bringing members").signs_in("office@example.org")
    brings(otto, "memberships", content, complete_to=today.isoformat())
    otto.reads("30 can’t be read").reads("1970 to be added").reads("“soon” in From is not a day")
    otto.reads("What changes for Ann Applicant")
    otto.page.get_by_label("Leave out the rows").check()
    otto.presses("Bring in 1970 rows")
    otto.page.get_by_text("1970 rows were brought in, 30 with problems left out.").first.wait_for()
    assert Membership.objects.filter(source__isnull=False).count() == 1970

    # The same list again changes nothing.
    brings(otto, "memberships", content, complete_to=today.isoformat())
    otto.reads("1970 on record already").reads("There is nothing to do")


def test_a_term_of_office_ends_in_the_middle_of_a_sitting(
    visitor: Callable[[str], Visitor],
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    person("administrator", name="Otto Office", email="office@example.org")
    clara = person("chair", "committee", name="Clara Chair", email="chair@example.org")
    sitting = visitor("Clara in office").signs_in("chair@example.org")
    sitting.goes("/committee/").reads("Queue")

    otto = visitor("Otto ending a term").signs_in("office@example.org")
    otto.goes(f"/office/people/{clara.pk}/")
    for role in clara.roles.all():
        otto.page.locator(f"summary:has-text('{role.get_kind_display()}')").first.click()
        otto.fills(**{f"role-{role.pk}-end": yesterday.isoformat()})
        otto.presses(f"End as {role.get_kind_display()}")

    sitting.goes("/committee/").reads_not("Queue")
    sitting.goes("/").reads("Clara Chair")
    assert not Role.objects.on(timezone.localdate()).filter(person=clara).exists()


def test_a_passkey_signs_in_and_a_vote_asks_for_it_again(
    visitor: Callable[[str], Visitor], settings: Any
) -> None:
    member = person("council", name="Kim Council", email="kim@example.org")
    society = recommended(2)
    case = society.case
    closes = timezone.localtime() + timedelta(days=4)
    ada = visitor("Ada opening a ballot").signs_in(society.administrator.email)
    ada.goes(f"/committee/cases/{case.reference}/ballot/")
    ada.fills(closes_at=closes.strftime("%Y-%m-%dT%H:%M")).presses("Open ballot")
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SECOND_FACTOR_FRESH_FOR = timedelta(0)
    kim = visitor("Kim with a passkey")
    devices = kim.context.new_cdp_session(kim.page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    verifies = {"hasUserVerification": True, "isUserVerified": True}
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, **verifies, "automaticPresenceSimulation": True}},
    )

    # The password alone leads to the page that asks for a second step; a passkey is added.
    kim.signs_in("kim@example.org").reads("Your role needs it").follows("Add a passkey")
    kim.fills(password=PASSWORD).presses("Continue")
    kim.fills(name="Kim's phone")
    kim.page.get_by_role("button", name="Add passkey").click()
    kim.page.get_by_role("heading", name="Recovery codes").wait_for()
    assert Authenticator.objects.filter(user=member.user, type="webauthn").count() == 1

    # Signed out, the passkey alone signs in.
    kim.context.clear_cookies()
    kim.goes("/account/login/")
    kim.page.get_by_role("button", name="Sign in with a passkey").click()
    kim.page.locator(".masthead-person summary", has_text="Kim Council").wait_for()
    kim.goes("/").reads("Kim Council")

    # A vote asks for it again, and what was chosen is kept.
    kim.goes(f"/council/{case.reference}/").fills(choice="for", remark="Convincing work.")
    kim.presses("Cast my vote").reads("What you have entered is kept")
    assert not Vote.objects.exists()
    settings.SECOND_FACTOR_FRESH_FOR = timedelta(minutes=15)
    kim.page.get_by_role("button", name="Use my passkey").click()
    kim.page.get_by_role("heading", name="Thank you").wait_for()
    kim.looks().presses("Do it now")
    vote = Vote.objects.get(elector__person=member)
    assert (vote.choice, vote.remark) == ("for", "Convincing work.")


def test_the_outbox_from_a_hold_to_a_letter_that_came_back(
    visitor: Callable[..., Visitor],
) -> None:
    person("administrator", name="Otto Office", email="office@example.org")
    person("chair", name="Clara Chair", email="chair@example.org")
    kim = Person.objects.create(name="Kim Birch", email="kim@example.org", letters_daily=True)
    words = {"subject": "A request", "text": "The page says what is asked.", "link": "/supervisor/"}
    for number in range(2):
        letters.write("supervision-asked", kim, occasion=number, **words)
    Letter.objects.update(written_at=timezone.now() - timedelta(days=2))
    digests.gather(at=timezone.now())
    letters.write("invitation", kim, occasion=1, **words | {"link": "/join/x/"}, secret_link=True)
    letters.write("supervision-asked", kim, occasion=3, **words)
    otto = visitor("Otto at the outbox").signs_in("office@example.org")

    otto.goes("/account/letters/").fills(daily="1").presses("Save").reads("Saved.")
    otto.goes("/office/letters/").reads("waiting for the daily letter").follows("Hold all letters")
    otto.fills(reason="The relay answers for somebody else.").presses("Hold all letters")
    otto.reads("By Otto Office, since").reads("The relay answers for somebody else.")
    otto.follows("Let them leave again").fills(reason="The relay is ours again.")
    otto.presses("Let letters leave").reads("Letters leave again. The Chair is told.")
    send_letters()

    otto.goes("/office/letters/kinds/").clicks(
        otto.page.get_by_role("row", name="What one day brought").get_by_role("link").last
    )
    shown = otto.page.frame_locator("iframe").locator("h1")
    assert shown.inner_text().startswith("Your letters of")
    assert shown.evaluate("heading => getComputedStyle(heading).fontSize") == "24px"
    otto.page.get_by_label("There is no such address.").check()
    otto.presses("Note that it came back")
    otto.page.get_by_text("Ask them in another way for an address").wait_for()
    otto.follows("Enter a new address").fills(email="kim.birch@example.org").presses("Save")
    otto.goes("/office/letters/?state=failed").presses("Send again")
    assert otto.page.url.endswith("/office/letters/?state=failed")
    otto.goes("/office/letters/").page.get_by_role("link", name="Your letters of").first.click()
    otto.settles().reads("sent to kim@example.org before")
