"""Two worlds that differ in one secret look the same to everybody who must not know it.

A small society is made once. For each kind of person everything is changed that this person must
not know, all at once, and every page, header, letter and search that reaches the person is held,
byte for byte, against what came before. Where they differ, each secret is tried alone, to name it.

    TWO_WORLDS=each ./test tests/test_two_worlds.py

is the drill: every kind of person, every case, and each secret alone, so that none can hide behind
another. It takes a quarter of an hour; the test takes the kinds whose sight differs most.
"""

import io
import os
import re
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

import applicants.operations as applying
import reviews.operations as reviewing
from applicants import access
from applicants.models import Application, Attestation, Document, Question, RecusalLifted, Section
from credentialing import matrix
from credentialing.people.access import Who
from credentialing.people.models import Person, Relation
from credentialing.records.models import Job, Kept, Letter
from intensives.models import Agreement, Enrolment, WrittenAssessment
from reviews.dossiers import certificates, paper, signing
from reviews.models import Elector, Recommendation, Remark, Vote
from supervision.models import Report, Session, Supervision
from tests.factories import PDF, ApplicationFactory, candidacy, evening, person
from tests.test_matrix import IS, KINDS, World, world

__all__ = ["world"]  # the society of the access matrix is the beginning of this one

CANDIDATE = "candidate with a draft"
EVERYBODY = frozenset({*KINDS, CANDIDATE})
DRILL = os.environ.get("TWO_WORLDS") == "each"
TRIED = (
    EVERYBODY
    if DRILL
    else EVERYBODY - {"faculty", "chair", "chair on own case", CANDIDATE, "recused council"}
)
# Who reads a case by office: of the case of `applicant`, two are kept out by a relation or by its
# being beside their own; of every other case, nobody of these.
COMMITTEE = frozenset({"committee", "chair", "chair on own case"})
COMMITTEES = COMMITTEE | {"recused chair"}
ASSESSORS = frozenset({"faculty", "evaluator"})
OFFICE = frozenset({"administrator"})
COUNCIL = frozenset({"council"})


@dataclass
class Society:
    """The people, the cases, and what is in them that somebody must not know."""

    people: dict[str, Person]
    cases: dict[str, Application]
    addresses: dict[str, list[str]]
    things: dict[str, Any] = field(default_factory=dict)


# --- The secrets ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A change to the world, and the kinds of person who may notice it."""

    change: Callable[[Society], None]
    known_to: frozenset[str]

    @property
    def name(self) -> str:
        return self.change.__name__.strip("_").replace("_", " ")


SECRETS: list[Secret] = []


def known_to(*kinds: frozenset[str] | str) -> Callable[[Callable[[Society], None]], Secret]:
    """Declare a secret, and who may know it; everybody else must not."""
    known = frozenset().union(*({each} if isinstance(each, str) else each for each in kinds))
    assert known <= EVERYBODY

    def declare(change: Callable[[Society], None]) -> Secret:
        secret = Secret(change=change, known_to=known)
        SECRETS.append(secret)
        return secret

    return declare


@contextmanager
def rewriting() -> Iterator[None]:
    """As the owner, with the guards of append-only rows asleep: another past, not another act."""
    with connection.cursor() as cursor, pgtrigger.ignore():
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute(f"SET ROLE {settings.APPLICATION_ROLE}")


@known_to(CANDIDATE, COMMITTEES, OFFICE)
def who_evaluates(society: Society) -> None:
    enrolment = society.things["enrolment"]
    Relation.objects.filter(person=enrolment.evaluator, applicant=enrolment.person).delete()
    Enrolment.objects.filter(pk=enrolment.pk).update(evaluator=society.things["another evaluator"])
    Relation.objects.create(
        person=society.things["another evaluator"],
        applicant=enrolment.person,
        kind="evaluator",
        since=timezone.localdate(),
        source="intensive",
    )


@known_to()
def what_a_council_member_votes(society: Society) -> None:
    Vote.objects.filter(pk=society.things["vote"].pk).update(choice="against", remark="No.")


@known_to(COUNCIL, OFFICE)
def whether_a_council_member_has_voted(society: Society) -> None:
    Vote.objects.filter(pk=society.things["late vote"].pk).delete()


@known_to(COMMITTEE, OFFICE)
def a_declared_relation(society: Society) -> None:
    Relation.objects.create(
        person=society.things["acquaintance"],
        applicant=society.people["applicant"],
        kind="declared",
        since=timezone.localdate(),
        source="declared",
    )


@known_to(COMMITTEE)
def what_the_committee_says_among_itself(society: Society) -> None:
    with rewriting():
        Remark.objects.update(text="I have doubts.")


# A letter tells whom it concerns, and the Committee; why is the Committee's (see test_held).
@known_to(COMMITTEE, "supervisor")
def that_a_recusal_is_lifted(society: Society) -> None:
    RecusalLifted.objects.create(
        application=society.cases["applicant"],
        person=society.people["supervisor"],
        reason="Long ago.",
        by=society.people["chair"],
        at=timezone.now(),
    )


@known_to(COMMITTEE, OFFICE)
def that_the_committee_talks(society: Society) -> None:
    reviewing.remark(
        society.cases["applicant"], text="And?", by=society.people["committee"], at=timezone.now()
    )


@known_to(COMMITTEE, COUNCIL, OFFICE)
def what_is_recommended(society: Society) -> None:
    with rewriting():
        Recommendation.objects.update(outcome="against", reasons="Not convincing.")


@known_to("other applicant", COMMITTEES, OFFICE)
def a_ruling_of_another_case(society: Society) -> None:
    applying.refuse(
        society.things["claim"],
        reason="Too short.",
        met_on=timezone.localdate(),
        took_part=[],
        by=society.people["chair"],
        at=timezone.now(),
    )


@known_to("applicant", COMMITTEE, OFFICE)
def whether_an_attestation_was_declined(society: Society) -> None:
    applying.answer_attestation(
        society.things["attestation"],
        given=False,
        name="Kim",
        role="",
        reason="It was somebody else.",
        by_link=True,
        at=timezone.now(),
    )


@known_to("applicant", COMMITTEE, ASSESSORS)
def the_name_of_a_document(society: Society) -> None:
    Document.objects.filter(application=society.cases["applicant"]).update(title="A certificate")


@known_to("supervisor", COMMITTEE)
def a_report_that_the_applicant_may_not_read_yet(society: Society) -> None:
    Report.objects.filter(released_at__isnull=True).update(text="Not ready to lead.")


@known_to("other applicant", COMMITTEES)
def what_another_applicant_is_asked(society: Society) -> None:
    Question.objects.filter(application=society.cases["other"]).update(text="Why did you stop?")


@known_to("other applicant", COMMITTEES)
def the_facts_of_another_s_claim(society: Society) -> None:
    claim = society.things["claim"]
    claim.facts = claim.facts | {"end": "2012-03-31"}
    claim.save()


@known_to()
def what_a_draft_says(society: Society) -> None:
    Section.objects.filter(application=society.cases["draft"]).update(
        answers={"description": "Twenty years of it."}
    )


@known_to(OFFICE)
def whether_somebody_has_begun_to_apply(society: Society) -> None:
    applying.start_application(society.things["acquaintance"], at=timezone.now())


@known_to()
def what_somebody_typed_when_the_sitting_had_ended(society: Society) -> None:
    Kept.objects.create(
        user=society.things["acquaintance"].user,
        page="/application/statement/",
        fields={"statement": ["Mine alone."]},
        at=timezone.now(),
    )


@known_to()
def what_somebody_s_long_work_came_to(society: Society) -> None:
    Job.objects.filter(by=society.things["acquaintance"]).update(outcome="40 rows.", done=40)


@known_to("applicant", "supervisor", COMMITTEE, ASSESSORS)
def what_the_applicant_logged_since_the_record_was_frozen(society: Society) -> None:
    evening(society.people["applicant"].balint_groups.get(), timezone.localdate())


# The office enters what was attested on paper, and so reads what it says.
@known_to("supervisor", "applicant", COMMITTEE, ASSESSORS, OFFICE)
def how_long_a_supervision_session_took(society: Society) -> None:
    Session.objects.filter(pk=society.things["session"].pk).update(minutes=75)


@known_to(COUNCIL, OFFICE, COMMITTEE, "recused council")
def why_a_council_member_is_recused(society: Society) -> None:
    Elector.objects.filter(person=society.people["recused council"]).update(
        recused_because="We fell out."
    )


@known_to()
def what_the_faculty_say_of_a_draft(society: Society) -> None:
    with rewriting():
        Agreement.objects.filter(assessment__enrolment=society.things["enrolment"]).update(
            dissent="I saw it otherwise."
        )


@known_to("other applicant", COMMITTEES, OFFICE)
def whom_another_applicant_asks_to_supervise(society: Society) -> None:
    Supervision.objects.create(
        applicant=society.people["other applicant"],
        supervisor=society.things["acquaintance"],
        state="requested",
        asked_at=timezone.now(),
    )


@known_to("other applicant", COMMITTEES, OFFICE)
def a_gap_in_another_s_membership(society: Society) -> None:
    other = society.people["other applicant"]
    other.memberships.update(end=timezone.localdate() - timedelta(days=3))


@known_to(OFFICE)
def a_letter_to_somebody_else(society: Society) -> None:
    whom = society.things["acquaintance"]
    Letter.objects.create(
        kind="k", occasion="o", to=whom, address=whom.email, subject="S", text="T"
    )


@known_to("other applicant", COMMITTEES)
def with_whom_another_applicant_leads(society: Society) -> None:
    group = society.people["other applicant"].balint_groups.get()
    group.leaders.exclude(person=group.applicant).update(profession="nurse")


@known_to("other applicant", COMMITTEES, OFFICE)
def what_another_applicant_s_group_is_called(society: Society) -> None:
    society.people["other applicant"].balint_groups.update(name="Clinic group")


@known_to("supervisor", COMMITTEE, "applicant")
def that_a_report_was_released(society: Society) -> None:
    Report.objects.filter(released_at__isnull=True).update(released_at=timezone.now())


@known_to(CANDIDATE, COMMITTEES, OFFICE)
def whether_a_candidate_completed_the_intensive(society: Society) -> None:
    Enrolment.objects.filter(pk=society.things["enrolment"].pk).update(completed=False)


@known_to(COMMITTEE, "applicant", OFFICE)
def that_the_applicant_answered(society: Society) -> None:
    question = Question.objects.get(application=society.cases["applicant"])
    applying.answer(question, text="Both.", by=society.people["applicant"], at=timezone.now())


# What would hide others comes last.


@known_to()
def whether_a_draft_of_the_assessment_exists(society: Society) -> None:
    with rewriting():
        Agreement.objects.filter(assessment__enrolment=society.things["enrolment"]).delete()
    WrittenAssessment.objects.filter(enrolment=society.things["enrolment"]).delete()


@known_to("other applicant", COMMITTEES, OFFICE)
def the_stage_of_another_case(society: Society) -> None:
    case = society.cases["other"]
    applying.withdraw(case, by=case.applicant, at=timezone.now())


# --- The society ---------------------------------------------------------------------------------


@pytest.fixture
def plainly(settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    """No papers are wanted here, and setting them takes its time."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(paper, "dossier", lambda contents: PDF)
    monkeypatch.setattr(paper, "bound", lambda html, **told: PDF)
    monkeypatch.setattr(certificates, "certificate", lambda credential: PDF)
    monkeypatch.setattr(signing, "signed", lambda content, reason: content)


@pytest.fixture
def society(plainly: None, world: World) -> Society:
    now, today = timezone.now(), timezone.localdate()
    people = dict(world.people)
    case = people["applicant"].applications.get()
    other = people["other applicant"].applications.get()
    chair = people["chair"]

    drafter = ApplicationFactory(applicant=person(name="Dora")).applicant
    three = [person(name=name) for name in ("Gus", "Gil", "Eva")]
    enrolment = candidacy(
        drafter, today - timedelta(days=9), (three[0], three[1]), three[2], presented=False
    )
    Agreement.objects.create(
        assessment=enrolment.assessment, person=three[0], revision=1, at=now, content={}
    )
    acquaintance = person("committee", name="Acquaintance")
    applying.upload_document(
        other,
        kind="other",
        title="Of another",
        file=ContentFile(PDF, name="o.pdf"),
        by=other.applicant,
        at=now,
    )
    claim = applying.claim_credit(
        other,
        credit="balint-group-member",
        facts={"start": "2012-01-01", "end": "2014-12-31", "per_month": 2},
        leader=None,
        by=other.applicant,
        at=now,
    )
    due = today + timedelta(days=9)
    asked = applying.ask(other, text="When did it end?", due=due, by=chair, at=now)
    running = Supervision.objects.get(applicant=case.applicant)
    Report.objects.create(supervision=running, year=1, text="A good year.", written_at=now)
    reviewing.remark(case, text="Well done.", by=people["committee"], at=now)
    draft = applying.start_application(person(name="Novice"), at=now)
    applying.save_section(
        draft, "experience", {"description": "None."}, revision=0, by=draft.applicant, at=now
    )
    Job.objects.create(kind="demonstration", by=acquaintance)
    seats = Elector.objects.filter(ballot__recommendation__application=case)
    votes = [
        Vote.objects.create(elector=seat, choice="for", cast_at=now, receipt=f"{seat.pk}".zfill(64))
        for seat in seats.filter(person__name__in=["Council 1", "Council 2"]).order_by("pk")
    ]
    placed = {
        "enrolment": enrolment.pk,
        "intensive": enrolment.intensive_id,
        "small_group": enrolment.small_group_id,
    }
    theirs = {
        "reference": other.reference,
        "question": asked.pk,
        "claim": claim.pk,
        "document": other.documents.get().pk,
        "group": other.applicant.balint_groups.get().pk,
        "meeting": other.applicant.balint_groups.get().meetings.first().pk,
    }
    values = [world.values, world.values | theirs | placed]
    if DRILL:
        values.append(world.values | {"reference": drafter.applications.get().reference})
    return Society(
        people=people | {CANDIDATE: drafter},
        cases={"applicant": case, "other": other, "draft": draft},
        addresses=_addresses(values, searched=["Eva", "Dora", other.applicant.email]),
        things={
            "enrolment": enrolment,
            "another evaluator": person(name="Ebba"),
            "acquaintance": acquaintance,
            "claim": claim,
            "attestation": Attestation.objects.get(kind=Attestation.Kind.CO_LEADING),
            "session": Session.objects.filter(supervision=running).first(),
            "vote": votes[0],
            "late vote": votes[1],
        },
    )


# What a list may be asked for; each is tried wherever the list is open.
ASKED = {
    "cases": ["stage=all&order=name", "stage=withdrawn&order=activity"],
    "queue": ["what=claim&whose=all", "whose=mine"],
    "office-cases": ["stage=withdrawn", "name={q}"],
    "people": ["q={q}"],
    "person-search": ["q={q}"],
    "memberships": ["q={q}"],
    "audit": ["act=application.withdraw"],
    "letters": ["state=queued"],
    "register": ["q={q}"],
    "home": ["as_of=2026-01-01"],
    "case": ["as_of=2026-01-01"],
    "supervised": ["as_of=2026-01-01"],
}


def _addresses(values: list[dict[str, Any]], searched: list[str]) -> dict[str, list[str]]:
    """Every route that answers a GET, by name, for each case whose row it can name."""
    found: dict[str, list[str]] = {}
    for route, name, row in matrix.routes():
        if row is None or name in matrix.LIBRARIES or "GET" not in row.methods:
            continue
        paths = [_path(route, of, in_intensive=name == "change-faculty") for of in values]
        asked = [query.format(q=q) for query in ASKED.get(name, []) for q in searched]
        found[name] = list(dict.fromkeys([*paths, *(f"{paths[0]}?{query}" for query in asked)]))
    return found


def _path(route: str, values: dict[str, Any], *, in_intensive: bool) -> str:
    """The address of a route with these values in its places."""
    group = {"group": values["small_group"]} if in_intensive else {}

    def value(place: re.Match[str]) -> str:
        return str((values | group)[place[1]])

    return "/" + re.sub(r"<\w+:(\w+)>", value, route).lstrip("/")


# --- What reaches a person -----------------------------------------------------------------------

# Drawn anew with every page: the tokens of its forms, and what a form sent twice is known by.
DRAWN_ANEW = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|submission)" value=")[^"]*|(csrftoken=)\w+|(nonce-)[\w-]+'
)


def unpacked(table: bytes) -> bytes:
    """What is in a workbook, without the hour at which it was packed."""
    with zipfile.ZipFile(io.BytesIO(table)) as archive:
        names = sorted(set(archive.namelist()) - {"docProps/core.xml"})
        return b"\n".join(name.encode() + archive.read(name) for name in names)


def plain(client: Client, path: str) -> bytes:
    """The status, the headers and the bytes of an answer; what looking did is undone."""
    with transaction.atomic():
        answer = client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    headers = dict(answer.items())
    if content.startswith(b"PK"):
        content = unpacked(content)
        del headers["Content-Length"]
    if answer["Content-Type"] == "application/vc+jwt":
        content = content.rpartition(b".")[0]  # its signature is drawn anew each time
    return DRAWN_ANEW.sub(
        rb"\1\2\3", f"{answer.status_code} {sorted(headers.items())}\n".encode() + content
    )


def seen(
    society: Society, kind: str, client: Client, only: Container[str] | None
) -> dict[str, Any]:
    """Everything that reaches a person: each page with its headers, and each letter."""
    rows = {name: row for _route, name, row in matrix.routes()}
    found: dict[str, Any] = {}
    for name, paths in society.addresses.items():
        row = rows[name]
        # Where the matrix turns the kind away it does so before any row is looked at.
        if kind != "visitor" and not ({Who.ACCOUNT, *IS.get(kind, set()), *AT_THE_DOOR} & row.who):
            continue
        if kind == "visitor" and not row.is_open:
            continue
        for path in paths:
            if only is not None and path not in only:
                continue
            found[path] = plain(client, path)
    if kind != "visitor":
        letters = Letter.objects.filter(to=society.people[kind]).order_by("pk")
        found["letters"] = list(letters.values_list("kind", "case", "subject", "text", "link"))
    return found


# Relations open a route to anybody with an account; the view then asks for the object.
AT_THE_DOOR = {Who.APPLICANT, Who.SUPERVISOR, Who.FACULTY, Who.EVALUATOR, Who.VISITOR}


def seen_with(
    society: Society,
    kind: str,
    client: Client,
    secrets: list[Secret],
    only: Container[str] | None = None,
) -> dict[str, Any]:
    """What reaches a person where these secrets are otherwise; then everything is as it was."""
    with transaction.atomic():
        for secret in secrets:
            secret.change(society)
        found = seen(society, kind, client, only)
        transaction.set_rollback(True)
    return found


def differing(
    society: Society, kind: str, client: Client, before: dict[str, Any], secrets: list[Secret]
) -> dict[str, Any]:
    """What looked otherwise before, by address, where these secrets are otherwise."""
    after = seen_with(society, kind, client, secrets, before.keys())
    return {path: was for path, was in before.items() if was != after[path]}


def leaks(society: Society, kinds: Iterable[str], secrets: list[Secret]) -> list[str]:
    """Who notices what, where; a sentence each."""
    found = []
    for kind in sorted(kinds):
        client = Client()
        if kind != "visitor":
            client.force_login(society.people[kind].user)
        before = seen_with(society, kind, client, [])
        kept_from = [secret for secret in secrets if kind not in secret.known_to]
        suspect = before if DRILL else differing(society, kind, client, before, kept_from)
        for secret in kept_from if suspect else ():
            paths = differing(society, kind, client, suspect, [secret])
            found += [f"{kind} notices {secret.name} at {path}" for path in paths]
    return found


def test_nobody_notices_what_they_must_not_know(society: Society, monkeypatch: Any) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        found = leaks(society, TRIED, SECRETS)
        # And the test itself: one rule of access made too wide is noticed, and where it shows.
        reads = access.TABLE[access.Can.READ_CASE]
        wider = access.Gives(roles=reads.roles, relations=reads.relations | {"supervisor"})
        monkeypatch.setitem(access.TABLE, access.Can.READ_CASE, wider)
        document = society.cases["applicant"].documents.get().pk
        seen_through = leaks(society, ["supervisor"], [the_name_of_a_document])

    assert found == []
    assert seen_through == [f"supervisor notices the name of a document at /documents/{document}/"]


def test_each_secret_is_told_once_and_each_search_is_of_a_page_that_there_is() -> None:
    names = [secret.name for secret in SECRETS]

    assert len(names) == len(set(names)) == 32
    assert set(ASKED) <= {name for _route, name, _row in matrix.routes()}
