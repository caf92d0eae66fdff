"""One case from the application to the certificate, by the people who do it, in a real browser.

The applicant begins twenty-eight months ago: the clock of the live server is set back for the
first part, then two years of evenings and sessions are written as rows, and the rest happens today.
"""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core import mail
from django.utils import timezone
from pypdf import PdfReader

from applicants.models import Application, BalintGroup
from credentialing.celery import app
from credentialing.people.models import Credential, Person
from credentialing.records.models import Job, Letter
from intensives.models import Enrolment, Intensive
from reviews.models import Ballot
from supervision.models import Approval, Supervision
from tests.factories import PASSWORD, at, evening, membership, person, session
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STATEMENT = "I would like to lead with less talking and more trust in the group."


@pytest.fixture
def society() -> dict[str, Person]:
    """The people whom an applicant meets, each in office or approved."""
    people = {
        "chair": person("chair", "committee", name="Clara Chair", email="chair@example.org"),
        "office": person("administrator", name="Otto Office", email="office@example.org"),
        "fay": person(name="Fay Faculty", email="fay@example.org"),
        "flo": person(name="Flo Faculty", email="flo@example.org"),
        "gil": person(name="Gil Faculty", email="gil@example.org"),
        "eve": person(name="Eve Evaluator", email="eve@example.org"),
        # The supervisor sits on the Council: the fifth member, recused by relation.
        "sue": person("council", name="Sue Supervisor", email="sue@example.org"),
    }
    for number in range(1, 5):
        people[f"council{number}"] = person(
            "council", name=f"Council {number}", email=f"council{number}@example.org"
        )
    Approval.objects.create(supervisor=people["sue"], start="2015-01-01", places=3)
    return people


def link_in_letter(letters: Path, beginning: str) -> str:
    """The path of the link in the newest letter that the worker sent, once it has come."""
    pattern = re.compile(rf"https?://[^/\s]+({beginning}\S+)")
    for _step in range(200):
        for file in sorted(letters.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True):
            body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
            found = pattern.search(body.get_content()) if body else None
            if found:
                return found[1]
        time.sleep(0.3)
    raise AssertionError(f"no letter with a link to {beginning}")


def signs_up(visitor: Visitor, name: str, email: str) -> Visitor:
    visitor.goes("/account/signup/").fills(name=name, email=email, password1=PASSWORD)
    visitor.presses("Create account")
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    return visitor.fills(code=code[1]).presses("Confirm")


def applies(ann: Visitor) -> None:
    ann.goes("/application/").presses("Start an application")
    ann.goes("/application/person/").fills(profession="physician").presses("Save")
    ann.goes("/application/practice/").fills(
        institution="County clinic", description="Family medicine."
    )
    ann.presses("Save")
    ann.goes("/application/membership/").fills(number="M-4711").presses("Save")
    for part, text in (
        ("experience", "A member of a group during residency."),
        ("training", "None."),
        ("co-leading", "None before."),
    ):
        ann.goes(f"/application/{part}/").fills(description=text).presses("Save")
    ann.goes("/application/statement/").fills(statement=STATEMENT, consent="on").presses("Save")


def leads_a_group(ann: Visitor, start: date) -> None:
    ann.goes("/groups/new/").fills(
        name="Tuesday group", setting="medical", start=start.isoformat(), profession="physician"
    )
    ann.presses("Save and go on")
    ann.fills(name="Bob Partner", email="bob@example.net", profession="psychologist")
    ann.presses("Add").reads("Bob Partner")


def test_from_the_application_to_the_certificate(
    visitor: Callable[[str], Visitor], society: dict[str, Person], worker: Path
) -> None:
    today = timezone.localdate()
    begin = today - relativedelta(months=28)
    with time_machine.travel(at(begin, 15)):
        # Ann signs up, applies, and the Chair accepts.
        ann = signs_up(visitor("Ann"), "Ann Applicant", "ann@example.org")
        applies(ann)
        leads_a_group(ann, begin)
        ann.goes("/application/submit/").presses("Submit application").reads("Submitted")
        case = Application.objects.get()
        chair = visitor("Chair").signs_in("chair@example.org")
        chair.goes("/committee/").follows("Read and accept")
        chair.goes(f"/committee/cases/{case.reference}/moves/accept/").presses("Accept application")
        chair.reads("Accepted")

        # She logs an evening, asks a supervisor, who accepts.
        ann.goes("/logs/evening/").fills(minutes="90", debriefed_minutes="40")
        ann.page.get_by_label("Bob Partner").check()
        ann.presses("Record evening").reads("Tuesday group")
        ann.goes("/supervision/ask/").page.get_by_label("Sue Supervisor").check()
        ann.presses("Ask for supervision")
        sue = visitor("Sue").signs_in("sue@example.org")
        running = Supervision.objects.get()
        sue.goes(f"/supervisor/requests/{running.pk}/").fills(answer="accept")
        sue.presses("Send answer")

    with time_machine.travel(at(begin + timedelta(days=10), 15)):
        # A credit is claimed and granted.
        ann.signs_in("ann@example.org")
        ann.goes("/claims/balint-group-member/").fills(
            start="2012-01-01", end="2014-12-31", per_month="2"
        )
        ann.presses("Claim credit")
        chair.signs_in("chair@example.org")
        chair.goes("/committee/").follows("Rule on the claim")
        chair.fills(
            decision="grant",
            met_on=begin.isoformat(),
            reason="Three years, twice a month.",
        )
        chair.page.get_by_label("Clara Chair").check()
        chair.presses("Show before and after")
        chair.presses("Record ruling")

    two_years_pass(case, begin)
    # The last session is logged and attested through the link, by somebody who is not signed in.
    ann.signs_in("ann@example.org")
    ann.goes(f"/supervision/{running.pk}/sessions/").fills(
        date=(begin + relativedelta(months=22)).isoformat(), minutes="60"
    )
    ann.presses("Log session")
    ann.goes(f"/attestations/sessions/{running.pk}/").presses("Send the letter")
    link = link_in_letter(worker, "/attest/")
    holder = visitor("Sue without an account").goes(link).reads("Ann Applicant")
    holder.fills(name="Sue Supervisor", role="Supervisor").presses("Send my answer")
    holder.reads("Thank you")
    visitor("Somebody with a used link").goes(link).reads_not("Ann Applicant")
    otto = visitor("Otto")
    attends_an_intensive(ann, otto, begin + relativedelta(months=9))
    is_assessed(visitor, ann, chair, otto, today - timedelta(days=20))

    # The review, the recommendation, and the ballot.
    chair.signs_in("chair@example.org").goes(
        f"/committee/cases/{case.reference}/moves/open-review/"
    )
    chair.presses("Open review")
    chair.goes(f"/committee/cases/{case.reference}/recommend/").fills(
        outcome="for", reasons="Every requirement is met.", met_on=today.isoformat()
    )
    chair.ticks("Clara Chair").presses("Record recommendation").reads("Recommended")
    closes = timezone.localtime() + timedelta(days=4)
    otto.signs_in("office@example.org").goes(f"/committee/cases/{case.reference}/ballot/")
    otto.reads("Sue Supervisor").fills(closes_at=closes.strftime("%Y-%m-%dT%H:%M"))
    otto.presses("Open ballot")
    sue.signs_in("sue@example.org").goes("/council/").reads_not("Ann Applicant")
    for number, choice in enumerate(("for", "for", "abstain"), 1):
        member = visitor(f"Council {number}").signs_in(f"council{number}@example.org")
        member.goes("/council/").follows("Ann Applicant").fills(choice=choice)
        member.presses("Cast my vote").reads("Receipt")
    otto.goes(f"/office/cases/{case.reference}/").reads_not("abstained")
    the_ballot_ends()

    # The decision, the certificate, the register, the dossier.
    ann.signs_in("ann@example.org").goes("/decision/").reads("decided to credential you")
    certificate = ann.downloads("certificate")
    ann.presses("List me in the public register")
    number = Credential.objects.get().number
    anybody = visitor("Anybody").goes("/register/").reads("Ann Applicant")
    anybody.goes(f"/verify/{number}/").reads("Ann Applicant").reads(number)
    otto.goes(f"/office/cases/{case.reference}/").presses("Issue the Committee’s edition")
    wait_until(lambda: Job.objects.get(kind="dossier").is_over)
    otto.goes(f"/office/cases/{case.reference}/")
    dossier = otto.downloads("Committee's edition, no.")

    assert text_of(certificate).count(number) >= 1
    assert "Ann Applicant" in text_of(dossier)
    assert "Every requirement is met." in text_of(dossier)
    wait_until(lambda: not Letter.objects.filter(state__in=["queued", "sending"]).exists())
    assert set(Letter.objects.values_list("state", flat=True)) <= {"sent", "held"}


def attends_an_intensive(ann: Visitor, otto: Visitor, start: date) -> None:
    """The office offers one, Ann signs up as a participant, the office records who was there."""
    with time_machine.travel(at(start - timedelta(days=60), 15)):
        offered = offers(otto, "Spring Leader Intensive", start)
        ann.signs_in("ann@example.org").goes("/intensives/").follows("Spring Leader Intensive")
        ann.fills(role="participant").presses("Sign up").reads("You are signed up")
    with time_machine.travel(at(start + timedelta(days=4), 15)):
        otto.signs_in("office@example.org").goes(f"/intensives/{offered}/attendance/")
        otto.presses("Record attendance").reads("Completed")


def offers(otto: Visitor, title: str, start: date) -> int:
    """The office enters and publishes an intensive of four days; its key."""
    otto.signs_in("office@example.org").goes("/office/intensives/new/").fills(
        title=title,
        organiser="American Balint Society",
        place="Boston",
        start=start.isoformat(),
        end=(start + timedelta(days=3)).isoformat(),
    )
    otto.presses("Save")
    offered = Intensive.objects.get(title=title)
    otto.goes(f"/office/intensives/{offered.pk}/").presses("Publish")
    return offered.pk


def is_assessed(
    visitor: Callable[[str], Visitor], ann: Visitor, chair: Visitor, otto: Visitor, start: date
) -> None:
    """The final intensive: placed without a conflict, co-led, assessed, presented twice."""
    with time_machine.travel(at(start - timedelta(days=40), 15)):
        offered = offers(otto, "Final Leader Intensive", start)
        for name, first, second in (
            ("Group A", "Sue Supervisor", "Gil Faculty"),
            ("Group B", "Fay Faculty", "Flo Faculty"),
        ):
            otto.goes(f"/office/intensives/{offered}/groups/new/").fills(name=name)
            otto.chooses("first_faculty", first).chooses("second_faculty", second).presses("Save")
            otto.reads(name)
        ann.signs_in("ann@example.org").goes("/intensives/").follows("Final Leader Intensive")
        ann.fills(role="candidate").presses("Sign up").reads("credentialing candidate")
        enrolment = Enrolment.objects.get(role="candidate")
        chair.signs_in("chair@example.org").goes(f"/committee/intensives/{offered}/")
        chair.goes(f"/committee/enrolments/{enrolment.pk}/place/").reads("not possible")
        chair.ticks("Group A").chooses("evaluator", "Eve Evaluator").presses("Place candidate")
        chair.reads("Sue Supervisor")
        assert Enrolment.objects.get(pk=enrolment.pk).small_group is None
        chair.ticks("Group B").chooses("evaluator", "Eve Evaluator").presses("Place candidate")
        assert str(Enrolment.objects.get(pk=enrolment.pk).small_group) == "Group B"
    page = f"/candidates/{enrolment.pk}/"
    with time_machine.travel(at(start + timedelta(days=3), 22)):
        fay, flo = visitor("Fay"), visitor("Flo")
        for number, (faculty, name) in enumerate(((fay, "Fay Faculty"), (flo, "Flo Faculty")), 1):
            faculty.signs_in(f"{name.split()[0].lower()}@example.org").goes(page)
            form = faculty.page.locator("form", has_text=f"Record session with {name}")
            form.locator("[name=date]").fill((start + timedelta(days=number)).isoformat())
            faculty.presses(f"Record session with {name}")
        fay.goes(f"/intensives/{offered}/attendance/").presses("Record attendance")
        eve = (
            visitor("Eve")
            .signs_in("eve@example.org")
            .goes(page)
            .fills(
                met_on=(start + timedelta(days=3)).isoformat(),
                competency_frame="sound",
                competency_safety="strength",
                narrative="Led two sessions with a quiet presence.",
                strengths="Protects the presenter.",
                needs="Could speak a little earlier.",
            )
        )
        for each in eve.page.locator("select[name^=competency_]").all():
            each.select_option("sound")
        eve.presses("Save draft")
        ann.signs_in("ann@example.org").goes("/assessment/").reads_not("quiet presence")
        for faculty in (fay, flo):
            faculty.goes(page).fills(answer="agree").presses("Give answer").reads("agrees")
        eve.goes(page).confirms("Present to the candidate")
        eve.goes(page).confirms("Present to the Committee").reads("Presented to")
        ann.goes("/assessment/").reads("quiet presence")


def the_ballot_ends() -> None:
    """The closing time passes; the worker closes the ballot by the database's clock."""
    hour = timedelta(hours=1)
    now = timezone.now()
    Ballot.objects.update(opened_at=now - 2 * hour, closes_at=now - hour)
    app.send_task("credentialing.tasks.close_ballots")
    wait_until(lambda: Ballot.objects.filter(closed_at__isnull=False).exists())


def wait_until(holds: Callable[[], bool]) -> None:
    for _step in range(200):
        if holds():
            return
        time.sleep(0.3)
    raise AssertionError("it did not happen in a minute")


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def two_years_pass(case: Application, begin: date) -> None:
    """Evenings every other week and all sessions but the last, as Ann would have logged them."""
    ann = case.applicant
    membership(ann, begin - relativedelta(years=1))
    group, bob = BalintGroup.objects.get(), Person.objects.get(name="Bob Partner")
    for number in range(1, 58):
        evening(group, begin + timedelta(days=14 * number), bob)
    running = Supervision.objects.get()
    for number in range(11):
        session(running, begin + relativedelta(months=2 * number, days=5))
