"""Two records of one person become one: nothing is lost, nothing that forbids it is passed over."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import Debriefing, GroupLeader, Membership
from credentialing.office.operations import call_different, merge_people
from credentialing.office.operations.merging import RECONCILED
from credentialing.office.queries.merging import hindrances, moving, pointers
from credentialing.people.models import Distinct, Person, Relation, Role
from credentialing.people.operations import give_role
from credentialing.records import letters
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.standing.queries import standings
from intensives.models import Agreement, Enrolment, SmallGroup
from intensives.queries.assessing import answers
from supervision.models import Approval, Supervision
from tests.factories import (
    PASSWORD,
    ApplicationFactory,
    at,
    balint_group,
    complete_case,
    intensive,
    membership,
    person,
    session,
    supervision,
    took_part,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def merged(kept, gone, by=None):
    return merge_people(kept, gone, by=by or person("administrator"), at=timezone.now())


def unknown(name="Ann Lee", email=""):
    return Person.objects.create(name=name, email=email)


def test_every_foreign_key_to_a_person_is_treated():
    found = pointers()

    untreated = [
        pointer.label
        for pointer in found
        if pointer.constrained and not pointer.stays and pointer.label not in RECONCILED
    ]
    assert untreated == [], "say in RECONCILED what merging two people does with these"
    assert set(RECONCILED) - {pointer.label for pointer in found} == set()
    assert {"applicants.Debriefing_partners.person", "people.User.person"} <= set(RECONCILED)


def test_a_whole_case_moves_and_stands_as_before():
    case = complete_case()
    gone, kept = case.applicant, unknown()
    before = standings([case], TODAY)[0].data

    merged(kept, gone)

    case.refresh_from_db()
    after = standings([case], TODAY)[0].data
    assert (case.applicant, kept.user.email) == (kept, gone.email)
    assert after["requirements"] == before["requirements"]
    assert moving(gone) == []


def test_everybody_around_a_case_can_be_merged_and_the_assessment_stands():
    case = complete_case()
    before = standings([case], TODAY)[0]
    others = Person.objects.filter(relations__applicant=case.applicant).distinct()

    for gone in list(others):
        merged(unknown(gone.name), gone)

    after = standings([case], TODAY)[0]
    assert after.data["requirements"] == before.data["requirements"]
    assert after.ready_for_review
    assert {*after.names} & {*before.names} == {
        case.applicant.key,
        *(group.key for group in case.applicant.balint_groups.all()),
    }


def test_what_overlaps_is_one_over_the_days_of_both():
    kept, gone = person(), unknown()
    for one, start, end in ((kept, 2010, 2014), (gone, 2013, 2020), (gone, 2022, 2022)):
        days = {"start": date(start, 1, 1), "end": date(end, 12, 31)}
        Membership.objects.create(person=one, number="7" if one == gone else "", **days)
        Role.objects.create(person=one, kind="council", **days)
        Approval.objects.create(supervisor=one, places=3 if one == kept else 5, **days)

    merged(kept, gone)

    days = [(date(2010, 1, 1), date(2020, 12, 31)), (date(2022, 1, 1), date(2022, 12, 31))]
    for rows in (kept.memberships, kept.roles, kept.approvals):
        assert list(rows.order_by("start").values_list("start", "end")) == days
    assert kept.memberships.earliest("start").number == "7"
    assert kept.approvals.earliest("start").places == 5
    kept_aside = AuditEntry.objects.get(act="person.merged").before["removed"]
    assert [row["start"] for row in kept_aside if row["row"] == "applicants.Membership"] == [
        "2013-01-01",
        "2010-01-01",
    ]


def test_relations_keep_the_earliest_day():
    kept, gone, ann = person(), unknown(), person()
    for one, since in ((kept, "2022-01-01"), (gone, "2020-05-05")):
        Relation.objects.create(
            person=one, applicant=ann, kind="supervisor", since=since, source=since
        )

    merged(kept, gone)

    relation = Relation.objects.get(applicant=ann)
    assert (relation.person, relation.since, relation.source) == (
        kept,
        date(2020, 5, 5),
        "2020-05-05",
    )


def test_two_supervisions_of_one_pair_become_one_that_runs_and_the_sessions_count():
    ann, kept, gone = person(), person(), person()
    of_kept = supervision(ann, kept, TODAY - timedelta(days=300))
    of_gone = supervision(ann, gone, TODAY - timedelta(days=200))
    held = session(of_gone, TODAY - timedelta(days=20))

    merged(kept, gone)

    states = Supervision.objects.order_by("pk").values_list("pk", "supervisor", "state")
    assert list(states) == [(of_kept.pk, kept.pk, "active"), (of_gone.pk, kept.pk, "ended")]
    assert held.confirmations.get().by.current_id == kept.pk


def test_who_led_and_debriefed_twice_did_so_once():
    ann, kept, gone = person(), person(), unknown()
    group = balint_group(ann)
    for one in (kept, gone):
        GroupLeader.objects.create(
            group=group, person=one, profession="other", start="2020-01-01", end="2020-02-01"
        )
    kept_days = GroupLeader.objects.filter(person=kept)
    kept_days.update(start=date(2021, 1, 1), end=None)
    common = {"recorded_at": at(TODAY), "recorded_by": ann}
    debriefing = Debriefing.objects.create(group=group, date=TODAY, minutes=40, **common)
    debriefing.partners.set([kept, gone])

    merged(kept, gone)

    assert list(debriefing.partners.all()) == [kept]
    assert group.leaders.filter(person=kept).count() == 2


def test_signed_up_twice_the_empty_one_is_cancelled():
    kept, gone = person(), unknown()
    full = took_part(gone, TODAY)
    empty = Enrolment.objects.create(
        intensive=full.intensive, person=kept, role="participant", enrolled_at=at(TODAY)
    )

    merged(kept, gone)

    empty.refresh_from_db()
    full.refresh_from_db()
    assert (empty.state, full.state, full.person) == ("cancelled", "signed-up", kept)


def test_of_two_accounts_one_stays_and_both_addresses_lead_to_it():
    kept, gone = person(), person()
    address = gone.email

    merged(kept, gone)

    signed_in = Client().post(reverse("account_login"), {"login": address, "password": PASSWORD})
    assert (signed_in.status_code, signed_in.url) == (302, "/")
    assert [each.primary for each in kept.user.emailaddress_set.order_by("pk")] == [True, False]


def test_what_never_changes_still_tells_who_acted():
    kept, gone = person(), unknown()
    case = complete_case()
    held = Enrolment.objects.get(person=case.applicant, role="candidate")
    faculty = held.small_group.first_faculty
    Agreement.objects.create(
        assessment=held.assessment, person=faculty, revision=1, at=timezone.now()
    )
    merged(kept, gone)

    merged(gone_into := person(), faculty)

    held = Enrolment.objects.get(pk=held.pk)
    assert set(answers(held.assessment, held.small_group.faculty_ids)) == {gone_into.pk}


def test_a_letter_that_was_written_is_not_written_again():
    kept, gone = person(), unknown(email="old@example.org")
    said = {"occasion": "year 1", "subject": "Soon", "text": "Soon."}
    letters.write("closed", gone, **said)

    merged(kept, gone)
    kept.email = "old@example.org"
    letters.write("closed", kept, **said)

    assert Letter.objects.filter(kind="closed").count() == 1


def test_the_chair_is_told_and_the_record_says_what_happened():
    chair, office, kept, gone = person("chair"), person("administrator"), person(), unknown()

    merged(kept, gone, by=office)

    gone.refresh_from_db()
    entry = AuditEntry.objects.get(act="person.merged")
    assert (gone.merged_into, entry.actor, entry.before["person"]) == (kept, office, gone.pk)
    assert list(Letter.objects.values_list("kind", "to")) == [("people-merged", chair.pk)]


def two_live():
    return ApplicationFactory().applicant, ApplicationFactory(stage="draft").applicant


def supervisor_and_applicant():
    ann, sue = person(), person()
    supervision(ann, sue, TODAY)
    return ann, sue


def asked_before_any_relation():
    ann, sue = person(), person()
    supervision(ann, sue, TODAY)
    Relation.objects.all().delete()
    return sue, ann


def two_faculty():
    fay, flo = person(), person()
    SmallGroup.objects.create(
        intensive=intensive(TODAY), name="A", first_faculty=fay, second_faculty=flo
    )
    return flo, fay


def two_leaders_of_one_group():
    bob, kim = person(), person()
    group = balint_group(person(), bob)
    GroupLeader.objects.create(group=group, person=kim, profession="other", start=TODAY)
    return kim, bob


def two_who_completed_one_intensive():
    ann, other = person(), person()
    first = took_part(ann, TODAY)
    second = took_part(other, TODAY)
    Enrolment.objects.filter(pk=second.pk).update(intensive=first.intensive)
    return ann, other


@pytest.mark.parametrize(
    ("two", "said"),
    [
        (two_live, "Both have an application under way"),
        (supervisor_and_applicant, "is on record as supervisor of"),
        (asked_before_any_relation, "stand on two sides of one record"),
        (two_faculty, "stand on two sides of one record"),
        (two_leaders_of_one_group, "at the same time"),
        (two_who_completed_one_intensive, "Both have a record of “Leader Intensive”"),
        (lambda: (person(), person()), None),
    ],
)
def test_what_a_rule_forbids_is_refused_in_words(two, said):
    kept, gone = two()

    if said is None:
        assert hindrances(kept, gone) == []
        merged(kept, gone)
        with pytest.raises(Refused, match="was made one with another record"):
            merged(kept, gone)
        return
    with pytest.raises(Refused, match=said):
        merged(kept, gone)
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_nobody_merges_their_own_record():
    office, other = person("administrator"), unknown()

    for pair in ((office, other), (other, office)):
        with pytest.raises(Refused, match="your own record"):
            merged(*pair, by=office)


def test_who_was_called_different_stays_different():
    kept, gone, third, office = unknown(), unknown(), unknown(), person("administrator")
    call_different(third, gone, by=office, at=timezone.now())
    call_different(gone, third, by=office, at=timezone.now())
    call_different(kept, gone, by=office, at=timezone.now())

    merged(kept, gone, by=office)

    assert list(Distinct.objects.values_list("one", "other")) == [(kept.pk, third.pk)]
    assert AuditEntry.objects.filter(act="people.different").count() == 2


def test_a_merged_record_leads_to_the_one_that_stands():
    first, second, third = unknown("One"), unknown("Two"), unknown("Three")

    merged(second, first)
    merged(third, second)

    first.refresh_from_db()
    assert first.current_id == third.pk


@pytest.fixture
def office():
    client = Client()
    client.person = person("administrator", name="Olive Office")
    client.force_login(client.person.user)
    return client


def test_the_page_says_what_moves_before_it_is_confirmed(office):
    kept, gone = person(name="Ann Lee"), unknown("Lee, Ann")
    membership(gone)
    give_role(gone, "council", start=TODAY, end=None, by=office.person)
    url = reverse("merge", args=[kept.pk, gone.pk])

    before = office.get(url)
    unmerged = Person.objects.filter(merged_into__isnull=True).count()
    after = office.post(url)

    assert before.context["moving"] == [("Roles", 1), ("Memberships", 1)]
    assert "The same name" in before.content.decode()
    assert (after.url, unmerged) == (reverse("person", args=[kept.pk]), 3)
    assert office.get(url).status_code == 200
    assert office.get(reverse("person", args=[gone.pk])).url == after.url


def test_the_page_of_matches_names_each_two_once_and_is_answered(office):
    ann, other = unknown("Ann Lee"), unknown("Ann Lee")

    listed = office.get(reverse("matches")).context["page"].object_list
    office.post(reverse("different", args=[other.pk, ann.pk]))

    assert [(one, match.person) for one, match in listed] == [(ann, other)]
    assert list(office.get(reverse("matches")).context["page"].object_list) == []
    assert office.get(reverse("merge-with", args=[ann.pk]), {"q": "Ann"}).status_code == 200
