"""What the record says of two people, and that it keeps a forbidden pair out by every door."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import supervision.operations as supervising
from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.office.operations import merge_people
from credentialing.people.models import Declaration, Relation
from credentialing.people.operations import declare, take_back_declaration
from credentialing.people.queries import ties
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.relations import sync_relations
from intensives import operations, queries
from intensives.models import Enrolment
from intensives.proposal import Proposal
from reviews.queries.queue import matters
from tests.factories import ApplicationFactory, at, balint_group, person, session, supervision
from tests.intensives.conftest import BEFORE, DURING, END, START

DAY = BEFORE.date()


def said(scene, who):
    """What the record says of a person and the candidate."""
    return [tie.words for tie in ties([scene.candidate.pk])[scene.candidate.pk][who.pk]]


def in_conflict():
    return [row.person.name for row in queries.in_conflict()]


# --- In words --------------------------------------------------------------------------------


def test_the_evidence_of_a_relation_is_told(scene):
    running = supervision(scene.candidate, scene.fay, date(2023, 3, 1))
    for number in range(14):
        session(running, date(2023, 3, 10) + timedelta(days=30 * number))
    balint_group(scene.candidate, scene.gus, date(2024, 2, 1))
    scene.place(small_group=scene.add_group("C", person(name="Hal"), person(name="Ida")))
    name = scene.candidate.name

    assert said(scene, scene.fay) == [
        f"Fay supervised {name}, 14 sessions, March 2023 to April 2024"
    ]
    assert said(scene, scene.gus) == [
        f"Gus co-led with {name} at the home site, Tuesday group, since February 2024"
    ]
    assert said(scene, scene.eve) == [f"Eve evaluated {name}, Summer Intensive, June 2026"]


def test_relations_are_told_in_the_same_number_of_queries(scene):
    def counted():
        people = list(Application.objects.values_list("applicant", flat=True))
        with CaptureQueriesContext(connection) as seen:
            ties(people)
        return len(seen)

    counts = []
    for number in (2, 12):
        while Application.objects.count() < number:
            who = ApplicationFactory().applicant
            running = supervision(who, person(), date(2024, 1, 1))
            session(running, date(2024, 2, 1))
            balint_group(who, person(), date(2024, 1, 1))
        counts.append(counted())

    assert counts[0] == counts[1]


def test_what_the_record_gives_and_lacks_is_written_and_nothing_is_taken(placed):
    running = supervision(placed.candidate, placed.gus, date(2024, 1, 1))
    session(running, date(2023, 12, 1))
    balint_group(placed.candidate, placed.fay, date(2024, 2, 1))
    placed.bar(placed.gil)
    before = set(Relation.objects.values_list("person__name", "kind"))
    Relation.objects.exclude(person=placed.gil).delete()

    written = sync_relations()
    again = sync_relations()

    after = set(Relation.objects.values_list("person__name", "kind"))
    assert (after, len(written), again) == (before, 5, [])
    assert Relation.objects.get(person=placed.gus).since == date(2023, 12, 1)
    assert in_conflict() == [placed.candidate.name]
    assert Letter.objects.filter(kind="placement-in-conflict").count() == 1


# --- By every door ---------------------------------------------------------------------------


def client(who) -> Client:
    made = Client()
    made.force_login(who.user)
    return made


def _place(scene):
    scene.place()


def _place_all(scene):
    operations.place_all([(scene.enrolment, scene.group, scene.eve)], by=scene.chair, at=BEFORE)


def _place_late(scene):
    scene.place(at=DURING, reason="Came late.")


def _move(scene):
    scene.place(small_group=scene.other)
    scene.place(reason="Wishes it.")


def _proposal(scene):
    task = queries.to_solve(scene.offered, [scene.enrolment], day=DAY)
    crafted = Proposal(places={scene.candidate.pk: (scene.group.pk, scene.eve.pk)})
    kept = operations.keep_proposal(scene.offered, task, crafted, by=scene.chair, at=BEFORE)
    operations.confirm_proposal(
        scene.offered, proposal=kept.pk, disclosed=True, by=scene.chair, at=BEFORE
    )


def _change_faculty(scene):
    scene.place(small_group=scene.other)
    operations.change_faculty(
        scene.other, first_faculty=scene.fay, second_faculty=scene.gil, by=scene.office, at=BEFORE
    )


def _group_of_participants(scene):
    operations.assign_groups(
        scene.offered, groups={scene.enrolment.pk: scene.group}, by=scene.office, at=BEFORE
    )


def _co_lead_with_somebody_else(scene):
    scene.place(small_group=scene.other)
    operations.record_co_led(
        scene.enrolment, faculty=scene.fay, date=START, by=scene.gus, at=DURING
    )


def _form(scene):
    data = {"small_group": scene.group.pk, "evaluator": scene.eve.pk, "disclosed": "on"}
    answer = client(scene.chair).post(reverse("place", args=[scene.enrolment.pk]), data)
    assert answer.status_code == 200
    raise Refused("The form says why.")


def _form_of_the_office(scene):
    scene.place(small_group=scene.other)
    data = {"first_faculty": scene.fay.pk, "second_faculty": scene.gil.pk}
    answer = client(scene.office).post(reverse("change-faculty", args=[scene.other.pk]), data)
    assert answer.status_code == 200
    raise Refused("The form says why.")


DOORS = (
    _place,
    _place_all,
    _place_late,
    _move,
    _proposal,
    _change_faculty,
    _group_of_participants,
    _co_lead_with_somebody_else,
    _form,
    _form_of_the_office,
)


@pytest.mark.parametrize("kind", ["supervisor", "co-leader"])
@pytest.mark.parametrize("door", DOORS)
def test_no_door_leads_to_a_forbidden_pair(scene, door, kind):
    scene.bar(scene.fay, kind)

    with pytest.raises(Refused):
        door(scene)

    row = Enrolment.objects.get(pk=scene.enrolment.pk)
    assert row.small_group != scene.group
    assert list(row.co_led.all()) == []
    assert in_conflict() == []


# --- What the record says later --------------------------------------------------------------


def _supervises(scene):
    """Fay, who is faculty, turns out to have supervised before the intensive."""
    running = supervision(scene.candidate, person(), date(2024, 1, 1))
    running.supervisor = scene.fay
    running.save()
    supervising.log_session(
        running, date=date(2025, 3, 3), minutes=60, state="held", by=scene.candidate, at=DURING
    )


def _leads(scene):
    import applicants.operations as applying

    applying.create_group(
        scene.candidate,
        name="Monday group",
        setting="medical",
        start=date(2025, 2, 1),
        end=None,
        leaders=[{"person": scene.fay, "profession": "psychologist"}],
        by=scene.candidate,
        at=DURING,
    )


def _is_somebody_else(scene):
    double = person(name="Fay Again")
    scene.bar(double)
    double.user.delete()
    double.refresh_from_db()
    merge_people(scene.fay, double, by=scene.office, at=DURING)


CHANGED = "the record has changed, and a faculty member can't be any more."


@pytest.mark.parametrize("later", [_supervises, _leads, _is_somebody_else])
def test_what_makes_a_placement_conflicted_is_told_to_the_chair_at_once(placed, later):
    related = person("deputy")
    placed.bar(related)

    later(placed)

    told = Letter.objects.filter(kind="placement-in-conflict")
    waits = matters(placed.chair, day=DAY)
    assert [letter.to for letter in told] == [placed.chair]
    assert in_conflict() == [placed.candidate.name]
    assert AuditEntry.objects.filter(act="placement.in-conflict").count() == 1
    assert [each.item.text for each in waits if each.question.kind == "conflicts"] == [
        f"{placed.candidate.name}, A of “Summer Intensive”: {CHANGED}"
    ]


def test_who_supervises_only_after_the_intensive_makes_no_conflict(placed):
    running = supervision(placed.candidate, person(), END + timedelta(days=5))
    running.supervisor = placed.fay
    running.save()

    supervising.log_session(
        running,
        date=END + timedelta(days=9),
        minutes=60,
        state="held",
        by=placed.candidate,
        at=at(END + timedelta(days=10)),
    )

    assert in_conflict() == []
    assert not Letter.objects.filter(kind="placement-in-conflict").exists()


# --- A possible match ------------------------------------------------------------------------


def test_who_may_be_on_record_twice_is_shown_and_to_be_confirmed(scene):
    double = person(name="Fay", email="other@example.net")
    scene.bar(double)
    applications = access.visible(scene.chair, Can.CHAIR, day=DAY)

    [placing] = queries.placings(scene.offered, applications)
    with pytest.raises(Refused) as asked:
        scene.place()

    assert placing.told[0].near == [
        "Fay may be on record twice (the same name): "
        + queries.in_words(queries.barred([scene.candidate.pk])[scene.candidate.pk][double.pk])
    ]
    assert asked.value.field == "disclosed"
    assert scene.place(disclosed=True).small_group == scene.group


# --- Declared --------------------------------------------------------------------------------


def test_each_of_two_declares_and_takes_back_their_own(scene):
    mine = declare(scene.fay, scene.candidate, words="Friends.", by=scene.fay, at=BEFORE)
    declare(scene.fay, scene.candidate, words="Cousins.", by=scene.candidate, at=BEFORE)
    both = said(scene, scene.fay)

    take_back_declaration(mine, by=scene.fay, at=BEFORE)
    with pytest.raises(Refused):
        take_back_declaration(mine, by=scene.fay, at=BEFORE)

    name = scene.candidate.name
    assert both[0].endswith(f"“Friends.” (Fay); “Cousins.” ({name})")
    assert said(scene, scene.fay)[0].endswith(f"declared relation, “Cousins.” ({name})")
    assert Relation.objects.filter(kind="declared").count() == 1
    with pytest.raises(Refused):
        declare(scene.gus, scene.candidate, words="Friends.", by=scene.fay, at=BEFORE)


def test_a_relation_is_declared_on_a_page_that_names_no_applicant_to_strangers(placed):
    page = client(placed.fay).get(reverse("relations"))
    stranger = client(placed.gus).get(reverse("relations")).content.decode()
    crafted = client(placed.gus).post(
        reverse("relations"), {"other": f"a{placed.candidate.pk}", "words": "Friends."}
    )
    client(placed.fay).post(
        reverse("relations"), {"other": f"a{placed.candidate.pk}", "words": "Friends."}
    )

    made = Declaration.objects.get()
    assert placed.candidate.name in page.content.decode()
    assert placed.candidate.name not in stranger
    assert crafted.status_code == 200
    assert (made.person, made.applicant, made.by) == (placed.fay, placed.candidate, placed.fay)
    hidden = client(placed.gus).post(reverse("take-back-relation", args=[made.pk]))
    assert hidden.status_code == 404


def test_an_applicant_does_not_read_what_others_declared(scene):
    declare(scene.chair, scene.candidate, words="Neighbours.", by=scene.chair, at=BEFORE)
    scene.bar(scene.fay)

    page = client(scene.candidate).get(reverse("relations")).content.decode()

    assert "Neighbours" not in page
    assert f"Fay supervised {scene.candidate.name}" in page
