"""Persons, cases and evidence for tests, made as plainly as the database allows."""

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import factory
from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

import applicants.operations as applying
from applicants.models import (
    Application,
    BalintGroup,
    Debriefing,
    Document,
    GroupLeader,
    Meeting,
    Membership,
    Stage,
)
from credentialing.people.models import Person, Relation, Role, User
from intensives.models import (
    CoLed,
    Enrolment,
    Intensive,
    Presentation,
    SmallGroup,
    WrittenAssessment,
)
from supervision.models import Approval, Confirmation, Session, Supervision
from supervision.queries import digest

PASSWORD = "a long enough pass phrase"
# One empty page.
PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Resources <<>>>> endobj
trailer <</Root 1 0 R /Size 4>>
%%EOF
"""


def at(day: date | str, hour: int = 12) -> datetime:
    """Noon (or another hour) UTC on a day."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    profession = "physician"


@cache
def _hashed() -> str:
    """The password of everybody, hashed once: a good hash takes a fifth of a second."""
    return make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    """An account with a confirmed address, joined to its person."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    email = factory.LazyAttribute(lambda user: user.person.email)
    name = factory.LazyAttribute(lambda user: user.person.name)

    @factory.post_generation
    def confirmed(user: Any, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        user.password = _hashed()
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def person(*roles: str, since: str = "2020-01-01", **fields: Any) -> Person:
    """A person with an account, in these offices."""
    made = UserFactory(**{f"person__{name}": value for name, value in fields.items()}).person
    for kind in roles:
        Role.objects.create(person=made, kind=kind, start=since)
    return made


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A case in any stage; the dates and the procedure follow the stage."""

    class Meta:
        model = Application

    applicant = factory.LazyFunction(person)
    stage = Stage.ACCEPTED
    procedure = factory.LazyAttribute(lambda case: "" if case.stage == "draft" else "abs-2007")
    submitted_on = factory.LazyAttribute(
        lambda case: (
            None if case.stage == "draft" else timezone.localdate() - relativedelta(months=30)
        )
    )
    accepted_on = factory.LazyAttribute(
        lambda case: None if case.stage in ("draft", "submitted", "returned") else case.submitted_on
    )
    decided_on = factory.LazyAttribute(
        lambda case: timezone.localdate() if case.stage == "decided" else None
    )
    credentialed = factory.LazyAttribute(lambda case: True if case.stage == "decided" else None)


def membership(of: Person, start: str | date = "2015-01-01", end: Any = None) -> Membership:
    return Membership.objects.create(person=of, start=start, end=end)


def balint_group(of: Person, partner: Person | None = None, start: Any = None) -> BalintGroup:
    """A group in a medical setting, led by a physician and, where given, a psychologist."""
    start = start or timezone.localdate() - relativedelta(months=30)
    group = BalintGroup.objects.create(
        applicant=of, name="Tuesday group", setting="medical", start=start
    )
    GroupLeader.objects.create(group=group, person=of, profession="physician")
    if partner:
        GroupLeader.objects.create(group=group, person=partner, profession="psychologist")
        Relation.objects.get_or_create(
            person=partner,
            applicant=of,
            kind="co-leader",
            defaults={"since": start, "source": "group"},
        )
    return group


def evening(
    group: BalintGroup, day: date, partner: Person | None = None, minutes: int = 40
) -> None:
    """A meeting and, with a partner, its debriefing."""
    evenings(group, [day], partner, minutes)


def evenings(
    group: BalintGroup, days: Iterable[date], partner: Person | None = None, minutes: int = 40
) -> None:
    """Meetings and, with a partner, their debriefings, however many in a few queries."""
    logged = [
        {"group": group, "date": day, "recorded_at": at(day), "recorded_by": group.applicant}
        for day in days
    ]
    Meeting.objects.bulk_create(Meeting(minutes=90, **each) for each in logged)
    if partner:
        made = Debriefing.objects.bulk_create(
            Debriefing(minutes=minutes, **each) for each in logged
        )
        together = Debriefing.partners.through
        together.objects.bulk_create(
            together(debriefing=debriefing, person=partner) for debriefing in made
        )


def supervision(
    of: Person, by: Person, began: Any, group: BalintGroup | None = None
) -> Supervision:
    """A running supervision by a supervisor who is approved."""
    Approval.objects.get_or_create(supervisor=by, defaults={"start": "2010-01-01"})
    Relation.objects.get_or_create(
        person=by,
        applicant=of,
        kind="supervisor",
        defaults={"since": began, "source": "supervision"},
    )
    return Supervision.objects.create(
        applicant=of, supervisor=by, group=group, state="active", began=began, asked_at=at(began)
    )


def session(of: Supervision, day: date, *, confirmed: bool = True) -> Session:
    made = Session.objects.create(
        supervision=of,
        date=day,
        minutes=60,
        state="held",
        recorded_at=at(day),
        recorded_by=of.applicant,
    )
    if confirmed:
        Confirmation.objects.create(
            session=made, by=of.supervisor, digest=digest(made), confirmed_on=day, at=at(day)
        )
    return made


def intensive(end: date, **fields: Any) -> Intensive:
    """A published four-day intensive of the Society."""
    values = {
        "title": "Leader Intensive",
        "organiser": "American Balint Society",
        "place": "Boston",
        "start": end - timedelta(days=3),
        "end": end,
        "published_at": at(end - timedelta(days=120)),
    }
    return Intensive.objects.create(**(values | fields))


def took_part(who: Person, end: date) -> Enrolment:
    """A completed intensive as a participant."""
    return Enrolment.objects.create(
        intensive=intensive(end),
        person=who,
        role="participant",
        completed=True,
        enrolled_at=at(end - timedelta(days=60)),
    )


def candidacy(
    who: Person,
    end: date,
    faculty: tuple[Person, Person],
    evaluator: Person,
    *,
    presented: bool = True,
) -> Enrolment:
    """A completed candidacy with both co-led sessions; the assessment presented or not."""
    offered = intensive(end)
    group = SmallGroup.objects.create(
        intensive=offered, name="A", first_faculty=faculty[0], second_faculty=faculty[1]
    )
    enrolment = Enrolment.objects.create(
        intensive=offered,
        person=who,
        role="candidate",
        small_group=group,
        evaluator=evaluator,
        completed=True,
        enrolled_at=at(end - timedelta(days=60)),
    )
    for number, colleague in enumerate(faculty):
        CoLed.objects.create(
            enrolment=enrolment, faculty=colleague, date=end - timedelta(days=2 - number)
        )
    relations = [(faculty[0], "faculty"), (faculty[1], "faculty"), (evaluator, "evaluator")]
    for colleague, kind in relations:
        Relation.objects.get_or_create(
            person=colleague,
            applicant=who,
            kind=kind,
            defaults={"since": end, "source": "intensive"},
        )
    body = {"competencies": {}, "narrative": "Led well.", "strengths": "Calm.", "needs": "None."}
    assessment = WrittenAssessment.objects.create(
        enrolment=enrolment, met_on=end, body=body, saved_at=at(end)
    )
    if presented:
        for to in ("candidate", "committee"):
            Presentation.objects.create(
                assessment=assessment,
                to=to,
                by=evaluator,
                presented_on=end,
                at=at(end),
                content=body,
                digest="0" * 64,
            )
    return enrolment


def complete_case(stage: str = "accepted", **fields: Any) -> Application:
    """A case that meets every requirement of abs-2007 today, in an accepted or later stage."""
    today = timezone.localdate()
    start = today - relativedelta(months=27)
    case = ApplicationFactory(stage=stage, submitted_on=start, **fields)
    applicant = case.applicant
    membership(applicant)
    bob = person(name="Bob", profession="psychologist")
    group = balint_group(applicant, bob, start)
    evenings(group, (start + timedelta(days=14 * number) for number in range(58)), bob)
    sue = person(name="Sue")
    running = supervision(applicant, sue, start, group)
    for number in range(12):
        session(running, start + relativedelta(months=2 * number, days=5))
    took_part(applicant, start - relativedelta(months=6))
    took_part(applicant, start + relativedelta(months=6))
    candidacy(
        applicant,
        today - timedelta(days=30),
        (person(name="Fay"), person(name="Flo")),
        person(name="Eve"),
    )
    return case


def handed_in(case: Application) -> Document:
    """A letter that the applicant has added to a case."""
    return applying.upload_document(
        case,
        kind="other",
        title="A letter",
        file=ContentFile(PDF, name="letter.pdf"),
        by=case.applicant,
        at=timezone.now(),
    )


def picture(size: tuple[int, int] = (300, 120), kind: str = "PNG", **details: Any) -> io.BytesIO:
    """A picture as somebody hands it in, half of it transparent where its kind knows that."""
    drawn = Image.new("RGBA", size)
    drawn.paste("teal", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    (drawn if kind == "PNG" else drawn.convert("RGB")).save(file, kind, **details)
    file.name = f"picture.{kind.lower()}"
    file.seek(0)
    return file
