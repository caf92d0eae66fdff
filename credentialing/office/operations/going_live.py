"""A society begins in the middle: what happened before is entered with the days on which it did.

Whatever is entered here was documented elsewhere; each row of it says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applicants import access
from applicants.models import (
    Application,
    BalintGroup,
    Debriefing,
    GroupLeader,
    Meeting,
    Stage,
    StageMove,
    Version,
)
from applicants.operations import create_group
from applicants.queries import as_it_stands
from applicants.stages import Move
from credentialing.people.models import Credential, CredentialStatus, Person, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives.models import Enrolment, Intensive
from supervision.models import Approval, Confirmation, Session, Supervision
from supervision.queries import digest

ELSEWHERE = _lazy("Documented elsewhere, before the Society used this system.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The group of a running case, with whoever leads it, too."""

    name: str
    setting: str
    start: date
    partner: Person | None = None
    partner_profession: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The days of what was done, as the papers of a running case tell them."""

    meetings: tuple[date, ...] = ()
    debriefings: tuple[date, ...] = ()
    debriefed: int = 30
    sessions: tuple[date, ...] = ()
    supervisor: Person | None = None
    began: date | None = None


@transaction.atomic
def bring_in_credential(
    person: Person, *, number: str, title: str, since: date, by: Person, at: datetime
) -> Credential:
    """Enter a credential that the Society awarded before, under its number."""
    if by.pk == person.pk:
        raise Refused(_("Your own credential is entered by another administrator."))
    credential = Credential.objects.create(
        number=number, person=person, title=title or settings.CREDENTIAL_TITLE, since=since
    )
    CredentialStatus.objects.create(
        credential=credential,
        status=CredentialStatus.Status.ACTIVE,
        since=since,
        reason=str(ELSEWHERE),
        by=by,
    )
    audit.record(
        "credential.brought-in",
        by=by,
        record=f"credential {number}",
        after={"person": person.pk, "since": since},
    )
    return credential


@transaction.atomic
def bring_in_approval(
    supervisor: Person, *, start: date, end: date | None, places: int, by: Person, at: datetime
) -> Approval:
    """Enter that somebody was approved as a supervisor before; no letter tells what they know."""
    if by.pk == supervisor.pk:
        raise Refused(_("You can't approve yourself. Ask another administrator."))
    approval = Approval.objects.create(
        supervisor=supervisor, start=start, end=end, places=places, reason=str(ELSEWHERE)
    )
    audit.record(
        "supervisor.brought-in",
        by=by,
        record=f"person {supervisor.pk}",
        after={"start": start, "end": end, "places": places},
    )
    return approval


@transaction.atomic
def bring_in_attendance(
    person: Person, intensive: Intensive, *, by: Person, at: datetime
) -> Enrolment:
    """Enter that somebody took part in an intensive that is over, from the list of attendance."""
    if by.pk == person.pk:
        raise Refused(_("Your own attendance is entered by another administrator."))
    enrolment = Enrolment.objects.create(
        intensive=intensive,
        person=person,
        role=Enrolment.Role.PARTICIPANT,
        completed=True,
        enrolled_at=at,
    )
    audit.record("enrolment.brought-in", by=by, record=f"enrolment {enrolment.pk}")
    return enrolment


@transaction.atomic
def past_intensive(
    *, title: str, organiser: str, place: str, start: date, end: date, by: Person
) -> Intensive:
    """The intensive of this title and these days; entered now where it is not on record."""
    known = Intensive.objects.filter(title__iexact=title, start=start, end=end).first()
    if known:
        return known
    intensive = Intensive.objects.create(
        title=title, organiser=organiser, place=place, start=start, end=end, elsewhere=True
    )
    audit.record("intensive.brought-in", by=by, record=f"intensive {intensive.pk}")
    return intensive


@transaction.atomic
def bring_in_case(
    person: Person,
    *,
    submitted: date,
    accepted: date | None,
    procedure: str,
    group: Group | None,
    evidence: Evidence,
    by: Person,
    at: datetime,
) -> Application:
    """Enter a running case in the stage that it has reached, with what its papers document.

    A case that is on record with the same day of submission gets what it lacks, and nothing twice.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by.pk == person.pk:
        raise Refused(_("Your own case is brought in by another administrator."))
    case = Application.objects.select_for_update().filter(
        applicant=person, submitted_on=submitted
    ).first() or _opened(person, submitted, accepted, procedure, by=by)
    led = _group(person, group, by=by, at=at) if group else None
    added = {}
    if led:
        added["meetings"] = _meetings(led, evidence.meetings, by=by, at=at)
        added["debriefings"] = _debriefings(led, evidence, by=by, at=at)
    if evidence.supervisor:
        added["sessions"] = _sessions(person, case, led, evidence, by=by, at=at)
    audit.record("case.brought-in", case.reference, by=by, after={"added": added})
    return case


def _opened(
    person: Person, submitted: date, accepted: date | None, procedure: str, *, by: Person
) -> Application:
    """The application with its history, each step on its own day."""
    stage = Stage.ACCEPTED if accepted else Stage.SUBMITTED
    case = Application.objects.create(
        applicant=person,
        procedure=procedure or settings.PROCEDURE,
        stage=stage,
        submitted_on=submitted,
        accepted_on=accepted,
    )
    steps = [(Move.SUBMIT, Stage.DRAFT, Stage.SUBMITTED, submitted)]
    if accepted:
        steps.append((Move.ACCEPT, Stage.SUBMITTED, Stage.ACCEPTED, accepted))
    for number, (move, before, after, day) in enumerate(steps, 1):
        StageMove.objects.create(
            application=case,
            number=number,
            move=move,
            from_stage=before,
            to_stage=after,
            at=_noon(day),
            by=by,
            reason=str(ELSEWHERE),
        )
    Version.objects.create(
        application=case, number=1, sections=as_it_stands(case), at=_noon(submitted)
    )
    return case


def _group(person: Person, group: Group, *, by: Person, at: datetime) -> BalintGroup:
    known = BalintGroup.objects.filter(
        applicant=person, name__iexact=group.name, start=group.start
    ).first()
    if known:
        return known
    leaders = [{"person": person, "profession": person.profession or "other"}]
    if group.partner:
        leaders.append(
            {
                "person": group.partner,
                "profession": group.partner_profession or group.partner.profession or "other",
            }
        )
    return create_group(
        person,
        name=group.name,
        setting=group.setting,
        start=group.start,
        end=None,
        leaders=leaders,
        by=by,
        at=at,
    )


def _meetings(group: BalintGroup, days: Iterable[date], *, by: Person, at: datetime) -> int:
    there = set(Meeting.objects.standing().filter(group=group).values_list("date", flat=True))
    new = [
        Meeting(group=group, date=day, recorded_at=at, recorded_by=by)
        for day in days
        if day not in there
    ]
    return len(Meeting.objects.bulk_create(new))


def _debriefings(group: BalintGroup, evidence: Evidence, *, by: Person, at: datetime) -> int:
    there = set(Debriefing.objects.standing().filter(group=group).values_list("date", flat=True))
    leaders = GroupLeader.objects.filter(group=group).exclude(person=group.applicant_id)
    partners = list(leaders.values_list("person", flat=True))
    new = [day for day in evidence.debriefings if day not in there]
    for day in new:
        debriefing = Debriefing.objects.create(
            group=group, date=day, minutes=evidence.debriefed, recorded_at=at, recorded_by=by
        )
        debriefing.partners.set(partners)
    return len(new)


def _sessions(
    person: Person,
    case: Application,
    group: BalintGroup | None,
    evidence: Evidence,
    *,
    by: Person,
    at: datetime,
) -> int:
    """Sessions that the papers document count as confirmed on the day on which they were held."""
    supervisor = evidence.supervisor
    began = evidence.began or min(evidence.sessions, default=case.submitted_on)
    running = Supervision.objects.filter(applicant=person, supervisor=supervisor)
    supervision = running.exclude(state=Supervision.State.DECLINED).first()
    if supervision is None:
        supervision = Supervision.objects.create(
            applicant=person,
            supervisor=supervisor,
            group=group,
            state=Supervision.State.ACTIVE,
            asked_at=at,
            began=began,
        )
    relate(
        supervisor,
        person,
        Relation.Kind.SUPERVISOR,
        since=began,
        source=f"supervision {supervision.pk}",
    )
    access.give(supervisor, "supervisor", case)
    there = set(
        Session.objects.standing().filter(supervision=supervision).values_list("date", flat=True)
    )
    new = [day for day in evidence.sessions if day not in there]
    for day in new:
        session = Session.objects.create(
            supervision=supervision,
            date=day,
            state=Session.State.HELD,
            recorded_at=at,
            recorded_by=by,
        )
        Confirmation.objects.create(
            session=session,
            by=by,
            reason=str(ELSEWHERE),
            digest=digest(session),
            confirmed_on=day,
            at=at,
        )
    return len(new)


def _noon(day: date) -> datetime:
    """A moment of a day of which the hour is not known."""
    return timezone.make_aware(datetime.combine(day, time(12)))
