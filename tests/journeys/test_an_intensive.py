"""An intensive of twelve candidates and sixty participants, from its creation to what is presented.

People and cases are made by factories, the bulk by the operations; every act is done once in the
browser by whom it belongs to. One candidate can't be placed at first, and the proposal says why.
"""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from credentialing.people.models import Credential, Person
from credentialing.records import jobs
from credentialing.records.models import Job
from credentialing.work import KINDS
from intensives import operations
from intensives.models import Enrolment, GroupChange, Intensive, Presentation, SmallGroup
from tests.factories import ApplicationFactory, at, balint_group, person, session, supervision
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CANDIDATES, PARTICIPANTS = 12, 60
BODY = {"competencies": {"frame": "sound"}, "narrative": "Led well.", "strengths": "", "needs": ""}


@pytest.fixture
def society() -> dict[str, Person]:
    """Offices, the faculty of three groups, and two who evaluate."""
    people = {
        "chair": person("chair", name="Clara Chair", email="chair@example.org"),
        "office": person("administrator", name="Otto Office", email="office@example.org"),
    }
    for name in ("Fay", "Flo", "Gus", "Gil", "Hal", "Ida"):
        people[name] = person(name=f"{name} Faculty", email=f"{name.lower()}@example.org")
    for name in ("Eve", "Eli"):
        people[name] = person(name=f"{name} Evaluator", email=f"{name.lower()}@example.org")
        Credential.objects.create(
            number=f"ABS-{name}", person=people[name], title="Leader", since="2015-01-01"
        )
    return people


def ann_of(society: dict[str, Person]) -> Person:
    """A candidate who knows one of the faculty of every group too well."""
    ann = person(name="Ann Applicant", email="ann@example.org")
    ApplicationFactory(applicant=ann)
    running = supervision(ann, society["Fay"], date(2023, 3, 1))
    for number in range(14):
        session(running, date(2023, 3, 10) + timedelta(days=30 * number))
    balint_group(ann, society["Gus"], date(2024, 2, 1))
    session(supervision(ann, society["Hal"], date(2022, 1, 1)), date(2022, 2, 1))
    return ann


def the_worker_works() -> None:
    while jobs.run_next(KINDS):
        pass
    assert not Job.objects.exclude(state="done").exists()


def everybody_signs_up(offered: Intensive) -> None:
    """Eleven more candidates, and fifty-nine more participants."""
    for number in range(CANDIDATES - 1):
        who = Person.objects.create(name=f"Candidate {number + 1:02}")
        ApplicationFactory(applicant=who)
        operations.enrol(offered, who, role="candidate", by=who, at=timezone.now())
    for number in range(PARTICIPANTS - 1):
        who = Person.objects.create(name=f"Participant {number + 1:02}")
        operations.enrol(offered, who, role="participant", by=who, at=timezone.now())


def test_an_intensive_from_its_creation_to_what_is_presented(visitor, society) -> None:
    start = timezone.localdate() + timedelta(days=30)
    ann = ann_of(society)
    otto, chair = visitor("Otto"), visitor("Chair")

    # The office offers it, with three groups.
    otto.signs_in("office@example.org").goes("/office/intensives/new/").fills(
        title="Final Leader Intensive",
        organiser="American Balint Society",
        place="Boston",
        start=start.isoformat(),
        end=(start + timedelta(days=3)).isoformat(),
        sessions="8",
    )
    otto.presses("Save")
    offered = Intensive.objects.get()
    page = f"/office/intensives/{offered.pk}/"
    otto.goes(page).presses("Publish")
    otto.goes(f"{page}groups/new/").fills(name="Group A")
    otto.chooses("first_faculty", "Fay").chooses("second_faculty", "Flo").presses("Save")
    for name, first, second in (("Group B", "Gus", "Gil"), ("Group C", "Hal", "Ida")):
        operations.add_small_group(
            offered,
            name=name,
            first_faculty=society[first],
            second_faculty=society[second],
            by=society["office"],
            at=timezone.now(),
        )

    # A candidate signs up, a participant, and everybody else.
    candidate = visitor("Ann").signs_in(ann.email).goes(f"/intensives/{offered.pk}/")
    candidate.reads("What would be missing for a candidate").fills(role="candidate")
    candidate.chooses("wished_group", "Group C").presses("Sign up")
    candidate.reads("Intensives as a participant before it: 0 of 2.")
    candidate.ticks("As a candidate: I know that the Committee")
    candidate.presses("Sign up").reads("You are signed up as a credentialing candidate")
    candidate.goes("/relations/").reads("Fay Faculty supervised Ann Applicant, 14 sessions")
    candidate.chooses("other", "Ida").fills(words="We share a practice.").presses("Declare")
    candidate.reads("“We share a practice.”")
    pat = person(name="Pat Participant", email="pat@example.org")
    visitor("Pat").signs_in(pat.email).goes(f"/intensives/{offered.pk}/").presses("Sign up")
    everybody_signs_up(offered)
    otto.goes(page).presses("Spread those without a group evenly").reads("72 taken")

    # Not everybody can be placed: the proposal says why, and what would free it.
    chair.signs_in("chair@example.org").goes(f"/committee/intensives/{offered.pk}/")
    chair.reads("Fay Faculty supervised Ann Applicant, 14 sessions, March 2023 to April 2024")
    chair.presses("Propose placement").reads("Waits for its turn")
    the_worker_works()
    chair.goes(chair.page.url.removeprefix(chair.address) + "?").follows("Go on")
    chair.reads("One candidate has no place").reads("So Group B is not possible for Ann Applicant.")
    chair.reads("If Fay Faculty (Group A) swapped with Gil Faculty (Group B).")
    swaps(otto, offered)
    chair.presses("Work it out again")
    the_worker_works()
    chair.goes(f"/committee/intensives/{offered.pk}/proposal/").reads("Places for 12 candidates")
    chair.presses("Place these 12 candidates").reads("The candidates are placed.")
    row = Enrolment.objects.get(person=ann)
    assert row.small_group.name == "Group A"
    assert [group.enrolments.filter(role="candidate").count() for group in groups()] == [4, 4, 4]

    # One placement is changed by hand, with a reason that is kept.
    other = "Eli" if row.evaluator == society["Eve"] else "Eve"
    chair.goes(f"/committee/enrolments/{row.pk}/place/").chooses("evaluator", other)
    chair.fills(reason="Asked for by both.").presses("Change placement")
    chair.reads("What was changed, and why").reads("Asked for by both.")
    assert not GroupChange.objects.exists()

    with time_machine.travel(at(start + timedelta(days=3), 22)):
        is_held_and_assessed(visitor, offered, Enrolment.objects.get(pk=row.pk), otto)
    assert Presentation.objects.filter(to="committee").count() == CANDIDATES
    assert Presentation.objects.filter(to="candidate").count() == CANDIDATES


def groups() -> list[SmallGroup]:
    return list(SmallGroup.objects.order_by("name"))


def swaps(otto: Visitor, offered: Intensive) -> None:
    """The office swaps two faculty members, as the proposal said."""
    key = SmallGroup.objects.get(name="Group A").pk
    otto.goes(f"/office/intensives/groups/{key}/").chooses("first_faculty", "Gil").presses("Save")
    otto.reads("leads Group B, which meets at the same time").ticks("Let them swap places")
    otto.presses("Save").reads("The faculty are changed.")


def is_held_and_assessed(visitor, offered: Intensive, row: Enrolment, otto: Visitor) -> None:
    """The last evening: sessions, attendance, the draft, the answers, the presentations."""
    page, last = f"/candidates/{row.pk}/", offered.end.isoformat()
    first, second = row.small_group.faculty
    faculty = {each: visitor(each.name.split()[0]).signs_in(each.email) for each in (first, second)}
    for each, sits in faculty.items():
        sits.goes(page)
        form = sits.page.locator("form", has_text=f"Record session with {each.name}")
        form.locator("[name=date]").fill(last)
        sits.presses(f"Record session with {each.name}")
    faculty[first].goes(f"/intensives/{offered.pk}/attendance/")
    faculty[first].presses("Record attendance").reads("Completed")

    eve = visitor("Evaluator").signs_in(row.evaluator.email).goes(page)
    eve.fills(met_on=last, narrative="Led with a quiet presence.", competency_frame="sound")
    eve.presses("Save draft")
    for sits in faculty.values():
        sits.goes(page).fills(answer="agree").presses("Give answer").reads("agrees")
    # A change takes the answers back; they are given again with one tap.
    eve.goes(page).fills(needs="Could speak a little earlier.").presses("Save draft")
    for sits in faculty.values():
        sits.goes(page).reads("What has changed since you answered")
        sits.presses("Agree to the changed words").reads("agrees")
    eve.goes(page).confirms("Present to the candidate")
    eve.goes(page).confirms("Present to the Committee").reads("Presented to")
    visitor("Ann reads").signs_in(row.person.email).goes("/assessment/").reads("quiet presence")
    the_others_are_assessed(offered, besides=row)

    otto.signs_in("office@example.org").goes(f"/office/intensives/{offered.pk}/")
    otto.presses("Name badges (PDF)")
    the_worker_works()
    otto.goes(otto.page.url.removeprefix(otto.address) + "?").reads("78 badges")
    assert otto.downloads("Download").startswith(b"%PDF")


def the_others_are_assessed(offered: Intensive, *, besides: Enrolment) -> None:
    """What was shown once in the browser, for the eleven others by the operations."""
    now = timezone.now()
    rows = Enrolment.objects.filter(intensive=offered, role="candidate").exclude(pk=besides.pk)
    for row in rows.select_related(
        "person", "evaluator", "small_group__first_faculty", "small_group__second_faculty"
    ):
        for member in row.small_group.faculty:
            operations.record_co_led(row, faculty=member, date=offered.end, by=member, at=now)
        draft = operations.save_assessment(
            row, body=BODY, met_on=offered.end, revision=0, by=row.evaluator, at=now
        )
        for member in row.small_group.faculty:
            operations.agree(draft, revision=1, by=member, at=now)
        for to in ("candidate", "committee"):
            operations.present(draft, to=to, by=row.evaluator, at=now)
