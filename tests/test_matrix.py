"""The access matrix: every route, taken as every kind of person, by every method."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

import applicants.operations as applying
import reviews.operations as reviewing
from applicants import access
from applicants.models import Attestation, Debriefing, LogAct, LogImport, Meeting
from credentialing import matrix
from credentialing.office.operations import change_logo
from credentialing.people.access import ROLES, Row, Who
from credentialing.people.models import Credential, CredentialStatus, Person, Relation, TableFile
from credentialing.people.operations import declare
from credentialing.records import jobs
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.society import current
from intensives.models import Enrolment, SmallGroup
from reviews.models import AgendaItem, Ballot
from supervision.models import Approval, Forgotten, Session, Supervision
from tests.factories import PDF, UserFactory, complete_case, membership, person, picture

KINDS = (
    "visitor",
    "stranger",
    "other applicant",
    "applicant",
    "supervisor",
    "faculty",
    "evaluator",
    "committee",
    "chair",
    "recused chair",
    "chair on own case",
    "council",
    "recused council",
    "administrator",
)
# What each kind is, in the words of the matrix, beside anyone with an account.
IS: dict[str, set[Who]] = {
    "applicant": {Who.APPLICANT},
    "supervisor": {Who.SUPERVISOR},
    "faculty": {Who.FACULTY},
    "evaluator": {Who.EVALUATOR},
    "committee": {Who.COMMITTEE},
    "chair": {Who.CHAIR},
    "recused chair": {Who.CHAIR, Who.SUPERVISOR},
    "chair on own case": {Who.CHAIR, Who.APPLICANT},
    "council": {Who.COUNCIL},
    "recused council": {Who.COUNCIL},
    "administrator": {Who.ADMINISTRATOR},
}


@dataclass
class World:
    """One case before the Council with everything on it, and a person of each kind."""

    people: dict[str, Person]
    values: dict[str, Any]


@pytest.fixture
def world(db: None, plain_paper: None) -> World:
    today = timezone.localdate()
    chair = person("chair", "committee", name="Chair")
    case = complete_case()
    applicant = case.applicant
    office = person("administrator", name="Office")
    change_logo(picture(), seen=0, by=office)
    council = [person("council", name=f"Council {n}") for n in range(4)]
    Relation.objects.create(
        person=council[3], applicant=applicant, kind="supervisor", since=today, source="before"
    )
    running = Supervision.objects.get(applicant=applicant)
    enrolment = Enrolment.objects.get(person=applicant, role="candidate")
    evaluator, first = enrolment.evaluator, enrolment.small_group.first_faculty
    for related, relation in ((running.supervisor, "supervisor"), (evaluator, "evaluator")):
        access.give(related, relation, case)
    access.give(first, "faculty", case)
    claim = applying.claim_credit(
        case,
        credit="balint-group-member",
        facts={"start": "2012-01-01", "end": "2014-12-31", "per_month": 2},
        leader=None,
        by=applicant,
        at=timezone.now(),
    )
    question = applying.ask(
        case, text="Which?", due=today + timedelta(days=9), by=chair, at=timezone.now()
    )
    ruling = applying.rule(
        case,
        kind="accept",
        requirement="leading",
        terms={"accept": [{"code": "below-ideal", "detail": None}]},
        reason="A rural site.",
        met_on=today,
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )
    document = applying.upload_document(
        case,
        kind="other",
        title="A letter",
        file=ContentFile(PDF, name="letter.pdf"),
        by=applicant,
        at=timezone.now(),
    )
    reviewing.open_review(case, by=chair, at=timezone.now())
    version = reviewing.ask_further_work(
        case,
        activities=[
            {"area": "A", "activity": "B", "measure": "C", "due": today + timedelta(days=30)}
        ],
        note="",
        by=chair,
        at=timezone.now(),
    )
    reviewing.back_to_review(case, by=chair, at=timezone.now())
    reviewing.recommend(
        case,
        outcome="for",
        reasons="Convincing.",
        met_on=today,
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )
    ballot = reviewing.open_ballot(
        case, closes_at=timezone.now() + timedelta(days=5), by=chair, at=timezone.now()
    )
    reviewing.set_manuscript(ballot.manuscript)
    case.refresh_from_db()
    credential = Credential.objects.create(
        number="ABS-TEST-1", person=applicant, title="Leader", since=today
    )
    CredentialStatus.objects.create(credential=credential, status="active", since=today)
    attestation, _token = applying.new_attestation(
        kind=Attestation.Kind.CO_LEADING,
        applicant=applicant,
        attestor=Person.objects.create(name="Kim", email="kim@example.net"),
        text="Kim co-led.",
        digest="0" * 64,
        by=applicant,
        at=timezone.now(),
    )
    own = complete_case(applicant=person("chair", "committee", name="Own"))
    other = complete_case().applicant
    recused = person("chair", "committee", name="Recused")
    Relation.objects.create(
        person=recused, applicant=applicant, kind="supervisor", since=today, source="before"
    )
    people = {
        "stranger": person(name="Stranger"),
        "other applicant": other,
        "applicant": applicant,
        "supervisor": running.supervisor,
        "faculty": first,
        "evaluator": evaluator,
        "committee": person("committee", name="Committee"),
        "chair": chair,
        "recused chair": recused,
        "chair on own case": own.applicant,
        "council": council[0],
        "recused council": council[3],
        "administrator": office,
    }
    values = {
        "reference": case.reference,
        "key": "practice",
        "question": question.pk,
        "attestation": attestation.pk,
        "claim": claim.pk,
        "credit": "process-group-training",
        "document": document.pk,
        "group": applicant.balint_groups.get().pk,
        "meeting": Meeting.objects.filter(group__applicant=applicant).first().pk,
        "debriefing": Debriefing.objects.filter(group__applicant=applicant).first().pk,
        "log_act": LogAct.objects.create(
            applicant=applicant, kind="removed", entries=[], by=applicant, at=timezone.now()
        ).pk,
        "load": LogImport.objects.create(
            applicant=applicant,
            name="log.csv",
            heading=["Date"],
            rows=[[2, ["2024-02-30"]]],
            columns={"date": "Date"},
            uploaded_at=timezone.now(),
        ).pk,
        "membership": membership(person(name="Member")).pk,
        "token": "unknown",
        "session": Session.objects.filter(supervision=running).first().pk,
        "supervision": running.pk,
        "approval": Approval.objects.get(supervisor=running.supervisor).pk,
        "forgotten": Forgotten.objects.create(
            supervision=running, date=today - timedelta(days=3), added_at=timezone.now()
        ).pk,
        "subject": running.pk,
        "what": "co-leading",
        "which": "final",
        "enrolment": enrolment.pk,
        "intensive": enrolment.intensive_id,
        "to": "candidate",
        "requirement": "leading",
        "ruling": ruling.pk,
        "move": "close",
        "version": version.pk,
        "activity": version.activities.get().pk,
        "vote": 0,
        "change": 0,
        "ballot": Ballot.objects.get().pk,
        "number": credential.number,
        "digest": current().logo.digest,
        "dossier": case.dossiers.first().pk,
        "person": people["stranger"].pk,
        "other": other.pk,
        "active": "open",
        "kind": "memberships",
        "file": TableFile.objects.create(
            kind="memberships",
            name="m.csv",
            content=b"Name,From\nX,2026-01-01\n",
            by=office,
            choices={"complete_to": today.isoformat()},
            at=timezone.now(),
        ).pk,
        "role": people["committee"].roles.first().pk,
        "letter": Letter.objects.first().pk,
        "act": "hold",
    }
    values["declaration"] = declare(
        people["stranger"], applicant, words="friends", by=applicant, at=timezone.now()
    ).pk
    values["job"] = jobs.ask("unknown", by=applicant).pk
    meeting = reviewing.plan_meeting(day=today, place="", by=chair, at=timezone.now())
    item = AgendaItem.objects.create(
        meeting=meeting, application=case, matter="recommend", title="To recommend", text="…"
    )
    values |= {"sitting": meeting.pk, "item": item.pk, "paper": "packet"}
    values["small_group"] = SmallGroup.objects.first().pk
    return World(people=people, values=values)


def addresses(world: World) -> list[tuple[str, str, Row]]:
    """Every route of our own, with the world's values in its place holders."""
    found = []
    for route, name, row in matrix.routes():
        if name in matrix.LIBRARIES or row is None:
            continue
        values = dict(world.values)
        if name == "change-faculty":
            values["group"] = values["small_group"]
        path = route
        for place, value in values.items():
            for kind in ("int", "str", "slug"):
                path = path.replace(f"<{kind}:{place}>", str(value))
        assert "<" not in path, f"the world has no value for {route}"
        found.append((name, path, row))
    return found


def test_every_route_has_a_row() -> None:
    libraries = {name for _route, name, row in matrix.routes() if row is None}

    unguarded = {name for name in libraries if not name.startswith(("account_", "mfa_"))}

    assert unguarded == set()


def admitted(kind: str, row: Row) -> bool:
    """Whether the matrix lets this kind of person as far as the view."""
    return bool(({Who.ACCOUNT} | IS.get(kind, set())) & row.who)


def one_s_own(name: str, row: Row) -> bool:
    """A page of one's own relations, which names nobody: whoever has none finds it empty."""
    named = {each: route for route, each, _row in matrix.routes()}
    names_a_row = "<int:" in named[name] or "<str:" in named[name]
    return not names_a_row and not row.who & set(ROLES)


def expected(kind: str, name: str, row: Row, answer: Any) -> bool:
    """Whether the matrix foresees this answer."""
    if kind == "visitor":
        return answer.status_code == 302 and "/account/login/" in answer.url
    if admitted(kind, row) or one_s_own(name, row):
        return answer.status_code < 500
    return answer.status_code == 404


def test_each_kind_reaches_what_the_matrix_says_and_nothing_else(world: World) -> None:
    wrong = []
    routes = addresses(world)

    for kind in KINDS:
        client = Client()
        if kind != "visitor":
            client.force_login(world.people[kind].user)
        # Who is turned away does nothing: one count of the trail for all of that is enough.
        turned_away, let_in = [], []
        for name, path, row in routes:
            if not row.is_open:
                mine = admitted(kind, row) or one_s_own(name, row)
                (let_in if mine and kind != "visitor" else turned_away).append((name, path, row))
        before = AuditEntry.objects.count()
        for name, path, row in turned_away:
            for method in sorted({"GET", "POST"} & set(row.methods)):
                answer = client.generic(method, path)
                if not expected(kind, name, row, answer):
                    wrong.append(f"{kind}: {method} {path} ({name}): {answer.status_code}")
        if AuditEntry.objects.count() != before:
            wrong.append(f"{kind}: acted where the matrix lets nobody of this kind")
        for name, path, row in let_in:
            for method in sorted({"GET", "POST"} & set(row.methods)):
                with transaction.atomic():
                    answer = client.generic(method, path)
                    transaction.set_rollback(True)
                if not expected(kind, name, row, answer):
                    wrong.append(f"{kind}: {method} {path} ({name}): {answer.status_code}")

    assert wrong == []


CASES = "committee/cases/"


@pytest.mark.parametrize("kind", ["recused chair", "chair on own case"])
def test_a_role_shows_nothing_of_a_case_with_a_relation(kind: str, world: World) -> None:
    client = Client()
    client.force_login(world.people[kind].user)
    if kind == "chair on own case":
        own = world.people[kind].applications.get()
        world.values["reference"] = own.reference

    reached = [
        path
        for _name, path, row in addresses(world)
        if f"{CASES}{world.values['reference']}/" in path and "GET" in row.methods
        if client.get(path).status_code != 404
    ]
    listed = client.get("/committee/cases/").content.decode()

    assert reached == []
    assert world.values["reference"] not in listed


def test_an_unknown_and_a_hidden_case_get_the_same_answer(world: World) -> None:
    client = Client()
    client.force_login(world.people["recused chair"].user)

    hidden = client.get(f"/committee/cases/{world.values['reference']}/")
    unknown = client.get("/committee/cases/XXXXXX/")

    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content)


HOSTILE = (
    "\x00",
    "0000-00-00",
    "9" * 30,
    "-1",
    "zz",
    "’; DROP TABLE",
    "x" * 10_000,
    "2026-02-30",
)


PLACES = ("q", "page", "as_of", "state", "stage", "order", "date", "start")


def test_no_hostile_value_in_any_place_gets_a_broken_page(world: World) -> None:
    client = Client(raise_request_exception=False)
    office = world.people["administrator"]
    for kind in ("chair", "committee", "council"):
        office.roles.create(kind=kind, start="2020-01-01")
    client.force_login(office.user)
    broken = []

    for name, path, row in addresses(world):
        for turn in range(0, len(HOSTILE), 3):
            values = HOSTILE[turn:] + HOSTILE[:turn]
            for method in {"get", "post"} & {each.lower() for each in row.methods}:
                with transaction.atomic():
                    answer = getattr(client, method)(path, dict(zip(PLACES, values, strict=True)))
                    transaction.set_rollback(True)
                if answer.status_code >= 500:
                    broken.append(f"{method} {name}, turn {turn}")

    assert broken == []


def test_signing_in_again_is_asked_where_no_second_factor_is_set(
    world: World, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    client.force_login(world.people["chair"].user)

    answer = client.get("/committee/")

    assert (answer.status_code, answer.url) == (302, "/account/second-factor/")


def test_a_person_without_a_role_needs_no_second_factor(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    client.force_login(UserFactory())

    assert client.get("/").status_code == 200
