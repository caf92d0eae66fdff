"""The pages of intensives, from both sides of each fence, over HTTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from applicants.models import Application
from credentialing.people.models import Credential, Person, Relation
from credentialing.records import jobs
from credentialing.records.models import Job
from credentialing.records.submissions import new_key
from credentialing.work import KINDS
from intensives import operations, queries
from intensives.competencies import COMPETENCIES
from intensives.models import (
    Agreement,
    CoLed,
    Disclosure,
    Enrolment,
    EvaluatorChange,
    Intensive,
    Presentation,
    ProposedPlacement,
    SmallGroup,
    WrittenAssessment,
)
from intensives.proposal import Proposal
from tests.factories import ApplicationFactory, candidacy, intensive, person, took_part

TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=40)
PAGE_OF_CANDIDATE = {
    "revision": 0,
    "met_on": TODAY.isoformat(),
    "narrative": "Held the group well.",
    "strengths": "",
    "needs": "",
    f"competency_{COMPETENCIES[0].key}": "sound",
}


def as_(who: Person, **more) -> Client:
    client = Client(**more)
    client.force_login(who.user)
    return client


def get(who, name, /, *args, status=200, **query):
    response = as_(who).get(reverse(name, args=args), query)
    assert response.status_code == status, (name, response.status_code)
    return response


def post(who, name, /, *args, status=302, htmx=False, **data):
    headers = {"HX-Request": "true"} if htmx else {}
    response = as_(who).post(reverse(name, args=args), data, headers=headers)
    assert response.status_code == status, (name, response.status_code)
    return response


class Coming:
    """A published intensive to come, with two groups, a candidate, and the offices."""

    def __init__(self):
        self.offered = intensive(LATER)
        self.chair, self.office = person("chair"), person("administrator")
        self.fay, self.flo, self.eve = (person(name=name) for name in ("Fay", "Flo", "Eve"))
        self.gus, self.gil = person(name="Gus"), person(name="Gil")
        self.group, self.other = (
            SmallGroup.objects.create(
                intensive=self.offered, name=name, first_faculty=first, second_faculty=second
            )
            for name, first, second in (("A", self.fay, self.flo), ("B", self.gus, self.gil))
        )
        self.case = ApplicationFactory()
        self.candidate = self.case.applicant
        self.enrolment = operations.enrol(
            self.offered, self.candidate, role="candidate", by=self.candidate, at=timezone.now()
        )

    def bar(self, who, kind="supervisor"):
        return Relation.objects.create(
            person=who, applicant=self.candidate, kind=kind, since=TODAY, source="test"
        )


class Held:
    """A candidacy of last month, being assessed by Fay, Flo and Eve."""

    def __init__(self):
        self.case = ApplicationFactory()
        self.candidate = self.case.applicant
        self.fay, self.flo, self.eve = (person(name=name) for name in ("Fay", "Flo", "Eve"))
        self.end = TODAY - timedelta(days=30)
        self.enrolment = candidacy(
            self.candidate, self.end, (self.fay, self.flo), self.eve, presented=False
        )
        self.draft = self.enrolment.assessment
        self.others = [
            self.candidate,
            person("chair"),
            person("administrator"),
            person("committee"),
            person("council"),
            person(),
            ApplicationFactory().applicant,
        ]

    def agree(self):
        for member in (self.fay, self.flo):
            operations.agree(self.draft, revision=self.draft.revision, by=member, at=timezone.now())


@pytest.fixture
def coming(db) -> Coming:
    return Coming()


@pytest.fixture
def held(db) -> Held:
    return Held()


# --- Everybody -------------------------------------------------------------------------------


def test_everybody_sees_what_is_published_and_nothing_else(coming):
    hidden = intensive(LATER, title="Hidden", published_at=None)
    elsewhere = intensive(LATER, title="Elsewhere", elsewhere=True)

    page = get(person(), "intensives").content.decode()

    assert coming.offered.title in page
    assert "Hidden" not in page
    assert "Elsewhere" not in page
    for unseen in (hidden, elsewhere):
        get(person(), "intensive", unseen.pk, status=404)
        post(person(), "enrol", unseen.pk, status=404, role="participant")


def test_one_signs_up_once_however_often_the_form_is_sent(coming):
    who = person()
    form = {"role": "participant", "submission": new_key()}

    first = post(who, "enrol", coming.offered.pk, **form)
    second = post(who, "enrol", coming.offered.pk, **form)

    assert first["Location"] == second["Location"]
    assert Enrolment.objects.filter(person=who).count() == 1


def test_a_refused_sign_up_says_why_at_the_form(coming):
    page = post(person(), "enrol", coming.offered.pk, status=200, role="candidate")
    wrong = post(person(), "enrol", coming.offered.pk, status=200, role="guest")

    assert "an application that the Chair has accepted" in page.content.decode()
    assert "Select a valid choice" in wrong.content.decode()


def test_the_page_says_why_one_can_not_come_as_a_candidate_yet(coming):
    submitted = ApplicationFactory(stage="submitted").applicant

    page = get(submitted, "intensive", coming.offered.pk).content.decode()

    assert "once the Chair has accepted your application" in page


def test_an_applicant_sees_which_groups_are_not_possible(coming):
    coming.bar(coming.gus)

    own = get(coming.candidate, "intensive", coming.offered.pk).content.decode()
    others = get(person(), "intensive", coming.offered.pk).content.decode()

    assert ("Not possible" in own, "Not possible" in others) == (True, False)


def test_one_cancels_ones_own_place_and_nobody_elses(coming):
    post(person(), "cancel-enrolment", coming.enrolment.pk, status=404)
    post(coming.candidate, "cancel-enrolment", coming.enrolment.pk)

    coming.enrolment.refresh_from_db()
    assert coming.enrolment.state == "cancelled"


PAST = {"title": "Oxford", "organiser": "BS", "place": "", "start": "2020-05-01"}


def test_an_applicant_records_an_intensive_elsewhere(db):
    applicant = ApplicationFactory().applicant
    get(applicant, "past-intensive")

    post(applicant, "past-intensive", **PAST, end="2020-05-04")
    again = post(applicant, "past-intensive", status=200, **PAST, end="2020-05-04")
    post(applicant, "past-intensive", **PAST, end="2020-05-04", again="on")

    assert "Is this another one?" in again.content.decode()
    assert Enrolment.objects.filter(person=applicant, completed=False).count() == 2
    get(person(), "past-intensive", status=404)


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": "0000-00-00"},
        {"end": "2020-04-01"},
        {"end": "9999-12-31"},
        {"end": ""},
        {"title": "x" * 200},
        {"start": "٢٠٢٠-٠١-٠١"},
        {"file": "no file"},
    ],
)
def test_bad_input_is_an_error_at_its_field(db, wrong):
    applicant = ApplicationFactory().applicant

    response = post(
        applicant, "past-intensive", status=200, **(PAST | {"end": "2020-02-30"} | wrong)
    )

    assert response.context["form"].errors
    assert Enrolment.objects.count() == 0


# --- The Chair -------------------------------------------------------------------------------


def test_the_chair_sees_candidates_times_groups_and_the_office_reads(coming):
    coming.bar(coming.fay)

    chair = get(coming.chair, "placement", coming.offered.pk).content.decode()
    office = get(coming.office, "placement", coming.offered.pk).content.decode()

    place = reverse("place", args=[coming.enrolment.pk])
    assert f"Fay supervised {coming.candidate.name}, since" in chair
    assert (place in chair, place in office) == (True, False)
    for nobody in (coming.candidate, coming.fay, person("committee"), person("council")):
        get(nobody, "placement", coming.offered.pk, status=404)


@pytest.mark.parametrize("kind", ["supervisor", "co-leader"])
def test_a_crafted_post_does_not_place_with_barred_faculty(coming, kind):
    coming.bar(coming.flo, kind)
    data = {"small_group": coming.group.pk, "evaluator": coming.eve.pk}

    page = post(coming.chair, "place", coming.enrolment.pk, status=200, **data)
    post(coming.chair, "place", coming.enrolment.pk, **(data | {"small_group": coming.other.pk}))

    assert "no faculty member may have been" in page.content.decode()
    coming.enrolment.refresh_from_db()
    assert coming.enrolment.small_group == coming.other


def test_an_evaluator_with_a_relation_is_disclosed_and_confirmed(coming):
    coming.bar(coming.eve)
    data = {"small_group": coming.group.pk, "evaluator": coming.eve.pk}

    asked = post(coming.chair, "place", coming.enrolment.pk, status=200, **data)
    post(coming.chair, "place", coming.enrolment.pk, **data, disclosed="on")

    coming.enrolment.refresh_from_db()
    said = f"Eve supervised {coming.candidate.name}, since"
    assert said in asked.content.decode()
    assert Disclosure.objects.get().words.startswith(said)
    assert coming.enrolment.evaluator == coming.eve


@pytest.mark.parametrize(
    "wrong",
    [
        {"evaluator": "99999999999999999999"},
        {"evaluator": "x"},
        {"evaluator": ""},
        {"small_group": "0"},
        {"small_group": ""},
    ],
)
def test_unknown_keys_are_errors_of_the_form(coming, wrong):
    data = {"small_group": coming.group.pk, "evaluator": coming.eve.pk}

    page = post(coming.chair, "place", coming.enrolment.pk, status=200, **(data | wrong))

    assert page.context["form"].errors


def test_only_who_chairs_the_case_reaches_its_placement(coming):
    data = {"small_group": coming.group.pk, "evaluator": coming.eve.pk}
    related = person("deputy")
    coming.bar(related)
    own = ApplicationFactory(applicant=person("chair"))
    mine = operations.enrol(
        coming.offered, own.applicant, role="candidate", by=own.applicant, at=timezone.now()
    )

    for nobody in (related, coming.office, coming.candidate, coming.fay, person("committee")):
        post(nobody, "place", coming.enrolment.pk, status=404, **data)
        get(nobody, "replace-evaluator", coming.enrolment.pk, status=404)
    get(own.applicant, "place", mine.pk, status=404)
    assert (
        own.applicant.name
        not in get(own.applicant, "placement", coming.offered.pk)
        .content.decode()
        .split("<main", 1)[1]
    )


def worked_out(coming) -> Job:
    """The Chair asks for a proposal, and the worker does it."""
    answer = post(coming.chair, "propose-placement", coming.offered.pk)
    assert answer["Location"].startswith("/jobs/")
    while jobs.run_next(KINDS):
        pass
    return Job.objects.latest("pk")


def credential(*people):
    for leader in people:
        Credential.objects.create(
            number=f"ABS-{leader.pk}", person=leader, title="Leader", since=TODAY
        )


def test_a_proposal_is_worked_out_in_the_background_shown_and_placed_as_shown(coming):
    coming.bar(coming.fay)
    credential(coming.eve, coming.fay)

    job = worked_out(coming)
    page = get(coming.chair, "propose-placement", coming.offered.pk)
    proposal = page.context["form"]["proposal"].value()
    post(coming.chair, "confirm-proposal", coming.offered.pk, proposal=proposal)

    coming.enrolment.refresh_from_db()
    assert (job.state, job.outcome) == ("done", "One candidate has a place.")
    assert "The only group that is possible." in page.content.decode()
    assert "Eve has no relation, and evaluates one candidate" in page.content.decode()
    assert (coming.enrolment.small_group, coming.enrolment.evaluator) == (coming.other, coming.eve)


def test_what_the_worker_did_twice_is_shown_once(coming):
    credential(coming.eve)
    job = worked_out(coming)
    Job.objects.filter(pk=job.pk).update(state="waiting", lease_until=None)
    while jobs.run_next(KINDS):
        pass

    page = get(coming.chair, "propose-placement", coming.offered.pk)

    assert len(page.context["shown"].places) == 1


def test_a_proposal_of_a_record_that_has_changed_is_not_placed(coming):
    credential(coming.eve)
    worked_out(coming)
    kept = ProposedPlacement.objects.get()
    coming.bar(coming.gus)

    page = get(coming.chair, "propose-placement", coming.offered.pk).content.decode()
    refused = post(
        coming.chair, "confirm-proposal", coming.offered.pk, status=200, proposal=kept.pk
    )

    coming.enrolment.refresh_from_db()
    assert "The record has changed since this was worked out." in page
    assert "Work it out again." in refused.content.decode()
    assert coming.enrolment.small_group is None


def test_a_crafted_proposal_does_not_place_with_barred_faculty(coming):
    coming.bar(coming.flo)
    task = queries.to_solve(coming.offered, [coming.enrolment], day=TODAY)
    crafted = Proposal(places={coming.candidate.pk: (coming.group.pk, coming.eve.pk)})
    kept = operations.keep_proposal(
        coming.offered, task, crafted, by=coming.chair, at=timezone.now()
    )

    page = post(coming.chair, "confirm-proposal", coming.offered.pk, status=200, proposal=kept.pk)

    coming.enrolment.refresh_from_db()
    assert "no faculty member may have been" in page.content.decode()
    assert coming.enrolment.small_group is None


def test_a_proposal_is_only_for_who_asked(coming):
    credential(coming.eve)
    worked_out(coming)
    deputy = person("deputy")

    page = get(deputy, "propose-placement", coming.offered.pk)
    post(
        deputy,
        "confirm-proposal",
        coming.offered.pk,
        status=404,
        proposal=ProposedPlacement.objects.get().pk,
    )

    assert page.context["shown"] is None


def test_a_proposal_says_what_makes_it_impossible_and_what_would_free_it(coming):
    for member in (coming.fay, coming.gus):
        coming.bar(member)
    credential(coming.eve)
    name = coming.candidate.name

    job = worked_out(coming)
    page = get(coming.chair, "propose-placement", coming.offered.pk).content.decode()

    assert job.outcome.endswith("For one there is none; the page says why, and what would free it.")
    assert "One candidate has no place" in page
    for member, group in (("Fay", "A"), ("Gus", "B")):
        assert f"{member} supervised {name}, since" in page
        assert f"So {group} is not possible for {name}." in page
    assert "If Fay (A) swapped with Gil (B)." in page


def test_an_evaluator_is_replaced_with_a_reason(coming):
    operations.place(
        coming.enrolment,
        small_group=coming.group,
        evaluator=coming.eve,
        by=coming.chair,
        at=timezone.now(),
    )
    data = {"evaluator": coming.gus.pk}

    post(coming.chair, "replace-evaluator", coming.enrolment.pk, status=200, **data)
    post(coming.chair, "replace-evaluator", coming.enrolment.pk, **data, reason="Fell ill.")

    assert EvaluatorChange.objects.get().after == coming.gus


def test_an_intensive_is_a_file_for_a_calendar(coming):
    coming.offered.title = "Spring, in Boston"
    coming.offered.save()

    file = get(person(), "intensive-calendar", coming.offered.pk)
    [event] = Calendar.from_ical(file.content).walk("VEVENT")

    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(event["summary"]) == "Spring, in Boston"
    assert event["dtstart"].dt == coming.offered.start
    assert event["dtend"].dt == coming.offered.end + timedelta(days=1)
    assert file.content == get(person(), "intensive-calendar", coming.offered.pk).content


def test_badges_of_everybody_are_set_in_the_background(coming):
    job = post(coming.office, "badges", coming.offered.pk)
    while jobs.run_next(KINDS):
        pass

    made = Job.objects.latest("pk")
    with made.file.open("rb") as file:
        [page] = PdfReader(file).pages
        text = " ".join(page.extract_text().split())
    assert job["Location"] == reverse("job", args=[made.pk])
    assert (made.state, made.outcome) == ("done", "5 badges for “Leader Intensive”.")
    for name in ("Fay", "Flo", "Gus", "Gil", coming.candidate.name):
        assert name in text


# --- The office ------------------------------------------------------------------------------

OFFERED = {"title": "Winter", "organiser": "ABS", "place": "Boston", "price_note": ""}
DATES = {"start": LATER.isoformat(), "end": LATER.isoformat(), "capacity": "12"}


def test_the_office_enters_publishes_and_changes_an_intensive(db):
    office = person("administrator")

    post(office, "new-intensive", **OFFERED, **DATES)
    made = Intensive.objects.get()
    post(office, "publish-intensive", made.pk)
    post(office, "publish-intensive", made.pk, status=409)
    get(office, "change-intensive", made.pk)
    post(office, "change-intensive", made.pk, **OFFERED, **(DATES | {"capacity": ""}))

    made.refresh_from_db()
    assert (made.published_at is not None, made.capacity) == (True, None)


@pytest.mark.parametrize("capacity", ["0", "-1", "99999999999999999999", "many"])
def test_a_capacity_is_a_reasonable_number(db, capacity):
    office = person("administrator")

    page = post(office, "new-intensive", status=200, **OFFERED, **(DATES | {"capacity": capacity}))

    assert page.context["form"].errors["capacity"]


def test_the_office_adds_groups_and_changes_their_faculty_but_makes_no_barred_pair(coming):
    operations.place(
        coming.enrolment,
        small_group=coming.group,
        evaluator=coming.eve,
        by=coming.chair,
        at=timezone.now(),
    )
    new = person(name="Nan")
    coming.bar(new, "co-leader")
    pair = {"first_faculty": coming.fay.pk, "second_faculty": new.pk}

    refused = post(coming.office, "change-faculty", coming.group.pk, status=200, **pair)
    free = person(name="Free")
    post(coming.office, "change-faculty", coming.group.pk, **(pair | {"second_faculty": free.pk}))
    post(
        coming.office,
        "add-small-group",
        coming.offered.pk,
        name="C",
        first_faculty=new.pk,
        second_faculty=person().pk,
    )

    coming.group.refresh_from_db()
    assert "no faculty member may have been" in refused.content.decode()
    assert coming.group.second_faculty == free
    assert SmallGroup.objects.count() == 3


def test_the_office_puts_participants_into_groups(coming):
    row = took_part(person(), LATER)
    Enrolment.objects.filter(pk=row.pk).update(intensive=coming.offered, completed=False)
    get(coming.office, "assign-groups", coming.offered.pk)

    post(coming.office, "assign-groups", coming.offered.pk, **{f"of_{row.pk}": coming.group.pk})

    row.refresh_from_db()
    assert row.small_group == coming.group


def test_the_office_confirms_what_was_attended_elsewhere_but_not_its_own(db):
    office = person("administrator")
    own, other = took_part(office, TODAY), took_part(person(name="Otto"), TODAY)
    for row in (own, other):
        Intensive.objects.filter(pk=row.intensive_id).update(elsewhere=True)
    Enrolment.objects.update(completed=False)

    page = get(office, "office-intensives").content.decode()
    post(office, "confirm-past-intensive", own.pk, status=404)
    post(office, "confirm-past-intensive", other.pk)

    assert ("Otto" in page, reverse("confirm-past-intensive", args=[own.pk]) in page) == (
        True,
        False,
    )
    assert [Enrolment.objects.get(pk=row.pk).completed for row in (own, other)] == [False, True]


@pytest.mark.parametrize("nobody", [(), ("chair",), ("committee",), ("council",)])
def test_the_offices_pages_are_the_offices(coming, nobody):
    who = person(*nobody)

    for name, args in (
        ("office-intensives", ()),
        ("new-intensive", ()),
        ("office-intensive", (coming.offered.pk,)),
        ("change-intensive", (coming.offered.pk,)),
        ("add-small-group", (coming.offered.pk,)),
        ("change-faculty", (coming.group.pk,)),
        ("assign-groups", (coming.offered.pk,)),
    ):
        get(who, name, *args, status=404)
    for name, key in (
        ("publish-intensive", coming.offered.pk),
        ("office-cancel-enrolment", coming.enrolment.pk),
        ("confirm-past-intensive", coming.enrolment.pk),
    ):
        post(who, name, key, status=404)


def test_the_office_shows_no_case_of_its_own(coming):
    office = person("administrator", name="Olga Own")
    operations.enrol(coming.offered, office, role="participant", by=office, at=timezone.now())

    page = get(office, "office-intensive", coming.offered.pk).content.decode()

    assert "Olga Own" not in page.split("<main", 1)[1]


# --- Attendance ------------------------------------------------------------------------------


def test_faculty_record_their_group_and_see_no_other(held):
    other = SmallGroup.objects.create(
        intensive=held.enrolment.intensive,
        name="B",
        first_faculty=person(),
        second_faculty=person(),
    )
    row = took_part(person(name="Pat"), held.end)
    Enrolment.objects.filter(pk=row.pk).update(
        intensive=held.enrolment.intensive, small_group=other, completed=False
    )
    Enrolment.objects.filter(pk=held.enrolment.pk).update(completed=False)
    where = held.enrolment.intensive_id

    page = get(held.fay, "attendance", where).content.decode()
    post(held.fay, "attendance", where, status=404, group=other.pk, present=[row.pk])
    post(held.fay, "attendance", where, status=200, group=held.enrolment.small_group_id)
    post(
        held.fay,
        "attendance",
        where,
        group=held.enrolment.small_group_id,
        present=[held.enrolment.pk],
    )

    assert "Pat" not in page
    assert [Enrolment.objects.get(pk=key).completed for key in (held.enrolment.pk, row.pk)] == [
        True,
        False,
    ]
    for nobody in (held.eve, held.candidate, person("chair"), person()):
        get(nobody, "attendance", where, status=404)


def test_the_office_records_everybodys_attendance_but_its_own(held):
    office = person("administrator", name="Olga")
    row = took_part(office, held.end)
    Enrolment.objects.filter(pk=row.pk).update(intensive=held.enrolment.intensive, completed=False)

    page = get(office, "attendance", held.enrolment.intensive_id)

    rows = [each.person for group in page.context["groups"] for each in group["rows"]]
    assert rows == [held.candidate]


# --- The three -------------------------------------------------------------------------------


def test_a_candidate_and_the_draft_exist_for_the_three_alone(held):
    for member in (held.fay, held.flo, held.eve):
        assert "Led well." in get(member, "candidate", held.enrolment.pk).content.decode()
        assert held.candidate.name in get(member, "candidates").content.decode()
    for nobody in held.others:
        get(nobody, "candidate", held.enrolment.pk, status=404)
        assert (
            held.candidate.name
            not in get(nobody, "candidates").content.decode().split("<main", 1)[1]
        )
        for name, args in (
            ("candidate", ()),
            ("record-co-led", ()),
            ("ask-to-agree", ()),
            ("agree", ()),
            ("present-assessment", ("committee",)),
        ):
            post(nobody, name, held.enrolment.pk, *args, status=404, revision=1, answer="agree")


def test_the_applicants_page_does_not_tell_whether_there_is_a_draft(held):
    with_draft = get(held.candidate, "my-assessment").content.decode()
    without = get(held.others[-1], "my-assessment").content.decode()

    mains = [page.split("<main", 1)[1].split("</main", 1)[0] for page in (with_draft, without)]
    assert mains[0] == mains[1]
    assert "Nothing has been presented to you yet." in mains[0]
    get(person(), "my-assessment", status=404)


def test_the_evaluator_saves_while_typing_and_by_the_button(held):
    held.draft.delete()

    typed = post(
        held.eve, "candidate", held.enrolment.pk, htmx=True, status=200, **PAGE_OF_CANDIDATE
    ).content.decode()
    same = post(held.eve, "candidate", held.enrolment.pk, **PAGE_OF_CANDIDATE)

    assert 'name="revision" value="1"' in typed
    assert "Saved" in typed
    assert same.status_code == 302
    assert WrittenAssessment.objects.get().revision == 1


def test_a_second_window_is_shown_both_texts_and_may_save_then(held):
    mine = PAGE_OF_CANDIDATE | {"revision": 1, "narrative": "From the other window."}
    post(held.eve, "candidate", held.enrolment.pk, **mine)
    late = mine | {"narrative": "From this window."}

    typed = post(held.eve, "candidate", held.enrolment.pk, htmx=True, status=200, **late)
    page = post(held.eve, "candidate", held.enrolment.pk, status=200, **late)
    text = page.content.decode()
    revision = page.context["draft_form"]["revision"].value()
    post(held.eve, "candidate", held.enrolment.pk, **(late | {"revision": revision}))

    assert "Not saved" in typed.content.decode()
    assert "From the other window." in text
    assert "From this window." in text
    assert WrittenAssessment.objects.get().body["narrative"] == "From this window."


@pytest.mark.parametrize(
    "wrong",
    [
        {"met_on": "0000-00-00"},
        {"met_on": (TODAY + timedelta(days=1)).isoformat()},
        {"narrative": "x" * 100_001},
        {"revision": "99999999999999999999"},
        {"revision": ""},
        {f"competency_{COMPETENCIES[0].key}": "excellent"},
    ],
)
def test_bad_words_are_errors_of_the_draft(held, wrong):
    data = PAGE_OF_CANDIDATE | {"revision": 1} | wrong

    page = post(held.eve, "candidate", held.enrolment.pk, status=200, **data)
    typed = post(held.eve, "candidate", held.enrolment.pk, htmx=True, status=200, **data)

    assert page.context["draft_form"].errors
    assert "Not saved" in typed.content.decode()
    assert WrittenAssessment.objects.get().revision == 1


def test_faculty_do_not_write_the_draft(held):
    page = post(held.fay, "candidate", held.enrolment.pk, status=200, **PAGE_OF_CANDIDATE)

    assert "The evaluator writes the draft" in str(page.context["draft_form"].errors)
    assert WrittenAssessment.objects.get().revision == 1


def test_faculty_agree_or_dissent_in_words_once(held):
    wordless = {"revision": 1, "answer": "dissent", "dissent": " "}
    form = {"revision": 1, "answer": "dissent", "dissent": "Too kind.", "submission": new_key()}

    post(held.fay, "agree", held.enrolment.pk, status=200, **wordless)
    post(held.fay, "agree", held.enrolment.pk, **form)
    post(held.fay, "agree", held.enrolment.pk, **form)
    post(held.flo, "agree", held.enrolment.pk, revision=1, answer="agree")
    post(held.eve, "agree", held.enrolment.pk, status=200, revision=1, answer="agree")

    answers = Agreement.objects.order_by("pk").values_list("person__name", "dissent")
    assert list(answers) == [("Fay", "Too kind."), ("Flo", "")]


def test_a_change_shows_the_difference_and_asks_again(held):
    held.agree()
    data = PAGE_OF_CANDIDATE | {"revision": 1, "narrative": "Led very well."}
    post(held.eve, "candidate", held.enrolment.pk, **data)

    page = get(held.fay, "candidate", held.enrolment.pk).content.decode()
    stale = post(held.fay, "agree", held.enrolment.pk, status=200, revision=1, answer="agree")
    post(held.fay, "agree", held.enrolment.pk, revision=2, answer="agree")

    assert "Agree to the changed words" in page
    assert "<del>Led well.</del>" in page
    assert "<ins>Led very well.</ins>" in page
    assert "has changed since you opened it" in stale.content.decode()
    assert Agreement.objects.filter(person=held.fay).count() == 2


def test_the_evaluator_asks_and_presents_in_two_acts(held):
    post(held.eve, "ask-to-agree", held.enrolment.pk, revision=1)
    post(held.eve, "present-assessment", held.enrolment.pk, "candidate", status=409)
    held.agree()
    key = new_key()

    post(held.eve, "present-assessment", held.enrolment.pk, "candidate", submission=key)
    post(held.eve, "present-assessment", held.enrolment.pk, "candidate", submission=key)
    post(held.eve, "present-assessment", held.enrolment.pk, "candidate", status=409)
    post(held.eve, "present-assessment", held.enrolment.pk, "everybody", status=404)
    post(held.eve, "present-assessment", held.enrolment.pk, "committee")

    assert Presentation.objects.count() == 2
    page = get(held.candidate, "my-assessment").content.decode()
    assert "Led well." in page
    assert Presentation.objects.first().digest in page
    for member in (held.eve, held.fay):
        assert "Led well." in get(member, "candidate", held.enrolment.pk).content.decode()


def test_sessions_are_recorded_on_the_candidates_page(held):
    CoLed.objects.all().delete()
    day = held.end.isoformat()

    post(held.eve, "record-co-led", held.enrolment.pk, faculty=held.fay.pk, date=day)
    wrong = (
        {"faculty": held.eve.pk, "date": day},
        {"faculty": held.flo.pk, "date": TODAY.isoformat()},
        {"faculty": held.flo.pk, "date": ""},
        {"faculty": "", "date": day},
    )
    for data in wrong:
        post(held.fay, "record-co-led", held.enrolment.pk, status=200, **data)

    assert [led.faculty for led in CoLed.objects.all()] == [held.fay]


# --- Constant numbers of queries ---------------------------------------------------------------


def test_a_proposal_asks_as_often_for_twelve_as_for_two(coming):
    def counted(number):
        while len(rows) < number:
            who = ApplicationFactory().applicant
            rows.append(
                operations.enrol(coming.offered, who, role="candidate", by=who, at=timezone.now())
            )
            Relation.objects.create(
                person=coming.gus, applicant=who, kind="supervisor", since=TODAY, source="test"
            )
        task = queries.to_solve(coming.offered, rows, day=TODAY)
        places = {row.person_id: (coming.group.pk, coming.eve.pk) for row in rows}
        operations.keep_proposal(
            coming.offered, task, Proposal(places=places), by=coming.chair, at=timezone.now()
        )
        client = as_(coming.chair)
        client.get(reverse("propose-placement", args=[coming.offered.pk]))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("propose-placement", args=[coming.offered.pk]))
        assert len(page.context["shown"].places) == number
        return len(captured)

    rows = [coming.enrolment]

    assert counted(2) == counted(12)


def test_lists_ask_as_often_for_thirty_as_for_three(coming):
    eve, office, chair, fay = coming.eve, coming.office, coming.chair, coming.fay
    who = person()

    def more(number):
        for _ in range(number):
            case = ApplicationFactory()
            row = operations.enrol(
                coming.offered,
                case.applicant,
                role="candidate",
                by=case.applicant,
                at=timezone.now(),
            )
            Relation.objects.create(
                person=coming.gus,
                applicant=case.applicant,
                kind="supervisor",
                since=TODAY,
                source="test",
            )
            operations.place(
                row, small_group=coming.group, evaluator=eve, by=chair, at=timezone.now()
            )
            WrittenAssessment.objects.create(
                enrolment=row, met_on=TODAY, body={}, saved_at=timezone.now()
            )
            intensive(LATER)
            took_part(who, TODAY - timedelta(days=30))
            elsewhere = took_part(case.applicant, TODAY)
            Intensive.objects.filter(pk=elsewhere.intensive_id).update(elsewhere=True)
            Enrolment.objects.filter(pk=elsewhere.pk).update(completed=False)

    pages = [
        (who, "intensives", ()),
        (who, "intensive", (coming.offered.pk,)),
        (eve, "candidates", ()),
        (fay, "candidates", ()),
        (office, "office-intensives", ()),
        (office, "office-intensive", (coming.offered.pk,)),
        (office, "attendance", (coming.offered.pk,)),
        (chair, "placement", (coming.offered.pk,)),
        (chair, "propose-placement", (coming.offered.pk,)),
    ]

    def counts():
        found = []
        for person_, name, args in pages:
            client = as_(person_)
            client.get(reverse(name, args=args))
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(name, args=args))
            found.append((name, len(captured)))
        return found

    more(3)
    few = counts()
    more(27)

    assert counts() == few


def test_the_chairs_queue_asks_once(coming, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.candidates_without_evaluator(Application.objects.all())

    assert found == [coming.enrolment]
