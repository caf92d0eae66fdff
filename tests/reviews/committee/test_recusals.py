"""A recusal lifted for one case, with its reason; and the end of that."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import access
from applicants.access import Can
from applicants.models import RecusalLifted
from credentialing.people.models import Relation
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from reviews import operations
from tests import factories
from tests.reviews.committee import made
from tests.reviews.council.cases import recommended

pytestmark = pytest.mark.django_db


def relate(person, case, kind="supervisor"):
    Relation.objects.create(
        person=person, applicant=case.applicant, kind=kind, since="2020-01-01", source="test"
    )


def lift(case, person, by, reason="They met once, ten years ago."):
    return operations.lift_recusal(case, person=person, reason=reason, by=by, at=timezone.now())


def restore(case, person, by, reason="They work together again."):
    return operations.restore_recusal(case, person=person, reason=reason, by=by, at=timezone.now())


def sees(person, case):
    """What an office shows a person of a case."""
    cans = (Can.READ_CASE, Can.DISCUSS, Can.READ_RECOMMENDATION, Can.CHAIR)
    return [access.may(person, can, case, day=made.today()) for can in cans]


@pytest.fixture
def chair():
    return factories.person("chair", name="Clara Chair")


def test_a_lifted_recusal_opens_one_case_and_its_end_closes_it(chair):
    related, other = factories.person("chair"), factories.person("chair")
    earlier = factories.ApplicationFactory(stage="closed")
    case = factories.ApplicationFactory(applicant=earlier.applicant)
    for person in (related, other):
        relate(person, case)

    before = sees(related, case)
    lift(case, related, chair)
    lifted = [sees(related, case), sees(related, earlier), sees(other, case)]
    acting = set(access.chairs(case, day=made.today()))
    restore(case, related, chair)

    nothing, everything = [False] * 4, [True] * 4
    assert before == nothing
    assert lifted == [everything, nothing, nothing]
    assert acting == {chair, related}
    assert sees(related, case) == nothing


@pytest.mark.parametrize("kind", ["supervisor", "co-leader", "evaluator", "faculty"])
def test_each_relation_of_the_house_rule_can_be_lifted(kind, chair):
    case = factories.ApplicationFactory()
    member = factories.person("committee")
    relate(member, case, kind)

    lift(case, member, chair)

    assert access.may(member, Can.DISCUSS, case, day=made.today())
    assert member in access.committee(case, day=made.today())


def test_a_deputy_lifts_the_chairs_recusal_and_stands_back(chair):
    case = factories.ApplicationFactory()
    deputy = factories.person("deputy", "committee")
    relate(chair, case)

    stood_in = access.may(deputy, Can.CHAIR, case, day=made.today())
    lift(case, chair, deputy)

    acts = [access.may(each, Can.CHAIR, case, day=made.today()) for each in (chair, deputy)]
    assert (stood_in, acts) == (True, [True, False])
    with pytest.raises(Http404):
        restore(case, chair, deputy)
    restore(case, chair, chair)  # Nobody lifts their own, but each may give theirs back.
    assert access.may(deputy, Can.CHAIR, case, day=made.today())


@pytest.mark.usefixtures("plain_paper")
def test_a_lifted_member_of_the_council_votes_until_it_is_restored():
    society = recommended(4)
    first, second, third, _fourth = society.council
    for member in (first, second, third):
        relate(member, society.case)
    for member in (first, second):
        lift(society.case, member, society.chair)

    ballot = society.open()
    seats = {seat.person: bool(seat.recused_at) for seat in ballot.electors.all()}
    for member in (first, second):
        operations.cast(ballot, choice="for", remark="", by=member)
    restore(society.case, second, society.chair)
    with pytest.raises(Refused, match="You have a relation"):
        operations.cast(ballot, choice="against", remark="", by=second)
    lift(society.case, third, society.chair)
    with pytest.raises(Refused, match="recused"):  # Seats are frozen when the ballot opens.
        operations.cast(ballot, choice="for", remark="", by=third)
    closed = society.end(ballot)

    assert [seats[member] for member in society.council] == [False, False, True, False]
    assert {name: closed.arithmetic[name] for name in ("recused", "cast", "for")} == {
        "recused": 2,
        "cast": 1,
        "for": 1,
    }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("oneself", "Nobody lifts their own"),
        ("the applicant", "is not recused"),
        ("no relation", "is not recused"),
        ("twice", "is not recused"),
        ("stepped aside", "stepped aside"),
        ("no office", "holds no office"),
        ("no reason", "Say why"),
    ],
)
def test_what_can_not_be_lifted_is_refused_in_words(wrong, words, chair):
    case = factories.ApplicationFactory(applicant=factories.person("chair"))
    related = factories.person(*([] if wrong == "no office" else ["committee"]))
    relate(related, case)
    if wrong == "stepped aside":
        relate(related, case, "recused")
    if wrong == "twice":
        lift(case, related, chair)
    who = {"oneself": chair, "the applicant": case.applicant, "no relation": factories.person()}
    before = RecusalLifted.objects.count()

    with pytest.raises(Refused, match=words):
        lift(case, who.get(wrong, related), chair, reason=" " if wrong == "no reason" else "Why.")

    assert RecusalLifted.objects.count() == before


def test_who_does_not_act_as_chair_lifts_and_restores_nothing(chair):
    case = factories.ApplicationFactory()
    related, member = factories.person("chair"), factories.person("committee")
    relate(related, case)
    for by in (related, member, case.applicant, factories.person("administrator")):
        with pytest.raises(Http404):
            lift(case, related, by)
    lift(case, related, chair)

    with pytest.raises(Http404):
        restore(case, related, member)

    assert RecusalLifted.objects.count() == 1


def test_the_chair_lifts_on_the_page_and_everybody_who_sees_the_relation_reads_why(chair):
    case = factories.ApplicationFactory()
    member, reader = factories.person("committee", name="Mia"), factories.person("committee")
    relate(member, case)
    page = reverse("case", args=[case.reference])
    act = reverse("lift-recusal", args=[case.reference, member.pk])
    back = reverse("restore-recusal", args=[case.reference, member.pk])
    clients = {}
    for person in (chair, member, reader):
        clients[person] = Client()
        clients[person].force_login(person.user)

    offered = [act in clients[each].get(page).content.decode() for each in (chair, reader)]
    hidden = [clients[each].get(act).status_code for each in (member, reader)]
    form = clients[chair].get(act).content.decode()
    answers = [clients[chair].post(act, {"reason": "One evening in 2020."}) for _each in range(2)]
    read = [clients[each].get(page).content.decode() for each in (chair, member, reader)]

    assert (offered, hidden) == ([True, False], [404, 404])
    assert "supervised" in form
    assert [answer.status_code for answer in answers] == [302, 200]
    assert "is not recused" in answers[1].content.decode()
    assert ["May act on this case: One evening in 2020." in each for each in read] == [True] * 3
    assert [back in each for each in read] == [True, False, False]
    told = Letter.objects.filter(kind="recusal-changed")
    assert set(told.values_list("to", flat=True)) == {chair.pk, member.pk, reader.pk}
    entry = AuditEntry.objects.get(act="recusal.lifted")
    assert (entry.actor, entry.case) == (chair, case.reference)
    assert entry.after == {"reason": "One evening in 2020.", "relations": ["supervisor"]}

    clients[chair].post(back, {"reason": "They met again."})

    assert clients[member].get(page).status_code == 404
    assert AuditEntry.objects.get(act="recusal.restored").after == {"reason": "They met again."}


def test_the_database_keeps_what_was_said_and_that_nobody_said_it_of_themselves(chair):
    case = factories.ApplicationFactory()
    member = factories.person("committee")
    relate(member, case)
    said = lift(case, member, chair)

    with pytest.raises(DatabaseError), transaction.atomic():
        RecusalLifted.objects.filter(pk=said.pk).update(reason="Another.")
    with pytest.raises(IntegrityError), transaction.atomic():
        RecusalLifted.objects.create(
            application=case, person=chair, reason="Me.", by=chair, at=timezone.now()
        )

    assert RecusalLifted.objects.get().reason == said.reason


def test_who_stepped_aside_is_named_as_such_and_not_offered(chair):
    case = factories.ApplicationFactory(applicant=factories.person(name="Ann"))
    member = factories.person("committee", name="Mia")
    relate(member, case, "recused")
    client = Client()
    client.force_login(chair.user)

    page = client.get(reverse("case", args=[case.reference])).content.decode()
    asked = client.get(reverse("lift-recusal", args=[case.reference, member.pk]))

    assert reverse("lift-recusal", args=[case.reference, member.pk]) not in page
    assert "Mia stepped aside from cases of Ann" in asked.content.decode()
