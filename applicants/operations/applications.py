"""The way of an application from its start to where the Committee takes it over."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access, letters, stages
from applicants.access import Can
from applicants.models import (
    ENDED,
    Application,
    Document,
    Section,
    Stage,
    Version,
    new_reference,
)
from applicants.operations.files import remove_deleted
from applicants.queries import as_it_stands, is_member, missing, papers
from applicants.sections import PARTS
from applicants.stages import Move
from credentialing.people.models import CredentialStatus, Person, Profession
from credentialing.records import audit
from credentialing.records.refusals import Refused

LONGEST_ANSWER = 200_000


class Clash(Refused):
    """A part of the form was saved elsewhere in the meantime; `stored` is what stands now."""

    def __init__(self, stored: Section) -> None:
        super().__init__(
            _(
                "This part was saved in another window in the meantime. Both are below: choose "
                "the one to keep, or change yours, then save again."
            )
        )
        self.stored = stored


def locked(application: Application) -> Application:
    """The application with its row held until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("applicant")
        .get(pk=application.pk)
    )


def only_the_applicant(application: Application, by: Person, at: datetime) -> None:
    """404 for everybody but the applicant."""
    if not access.may(by, Can.OWN, application, day=timezone.localdate(at)):
        raise Http404


@transaction.atomic
def start_application(person: Person, *, at: datetime, reference: str | None = None) -> Application:
    """A new draft. What an earlier application said, and its documents, come along.

    Logs belong to the person; claims are made anew, and their forms begin with the earlier facts.

    A reference is drawn unless one is given.
    """
    earlier = person.applications.order_by("-started_at", "-pk").first()
    if earlier and earlier.stage not in ENDED:
        raise Refused(_("You have an application already."))
    if earlier and earlier.stage == Stage.DECIDED and not earlier.credentialed:
        raise Refused(
            _("The Council has decided on your application; the Committee can bring it again.")
        )
    held = CredentialStatus.objects.filter(
        credential__person=person, since__lte=timezone.localdate(at)
    )
    last = held.order_by("since", "pk").last()
    if last and last.status == CredentialStatus.Status.ACTIVE:
        raise Refused(_("You are credentialed already."))
    try:
        with transaction.atomic():
            application = Application.objects.create(
                applicant=person, reference=reference or new_reference()
            )
    except IntegrityError as twice:
        raise Refused(_("You have an application already.")) from twice
    if earlier:
        access.pass_on(earlier, application)
        Section.objects.bulk_create(
            Section(application=application, key=part.key, answers=part.answers, saved_at=at)
            for part in earlier.sections.exclude(key="statement")
        )
        Document.objects.bulk_create(
            _carried(paper.document, application) for paper in papers(earlier)
        )
    audit.record("application.started", application.reference, by=person)
    return application


def _carried(document: Document, application: Application) -> Document:
    """A document of an earlier case in a later one: the same file, kept once."""
    same = ("kind", "title", "sha256", "size", "content_type", "uploaded_at", "uploaded_by_id")
    return Document(
        application=application,
        file=document.file.name,
        preview=document.preview.name,
        **{name: getattr(document, name) for name in same},
    )


@transaction.atomic
def save_section(
    application: Application,
    key: str,
    answers: dict[str, Any],
    *,
    revision: int,
    by: Person,
    at: datetime,
) -> Section:
    """Keep what a part of the form says now. Clash where another window saved it first.

    `revision` is the stored one that the writer saw; 0 where nothing was stored.
    """
    application = locked(application)
    only_the_applicant(application, by, at)
    if key not in PARTS:
        raise Http404
    if not application.is_editable:
        raise Refused(stages.already(application))
    said = {
        name: value[:LONGEST_ANSWER] if isinstance(value, str) else value
        for name, value in answers.items()
        if name in PARTS[key].answers
    }
    person = application.applicant
    section = Section.objects.select_for_update().filter(application=application, key=key).first()
    if section:
        same = section.answers == {name: said[name] for name in said if name != "name"}
        if key == "person":
            same = same and said.get("name", person.name) == person.name
        if same:
            return section
        if section.revision != revision:
            if key == "person":
                section.answers = {**section.answers, "name": person.name}
            raise Clash(section)
    if key == "person":
        _name(person, said)
    if section is None:
        section = Section(application=application, key=key, revision=0)
    section.answers, section.revision, section.saved_at = said, section.revision + 1, at
    section.save()
    audit.record(
        "section.saved",
        application.reference,
        by=by,
        record=f"section {key}",
        after={"revision": section.revision},
    )
    return section


def _name(person: Person, said: dict[str, Any]) -> None:
    """Name and profession are the person's; of the two, only the profession stays in the form."""
    name = str(said.pop("name", "")).strip()
    person.name = name[:200] or person.name
    if said.get("profession") in Profession.values:
        person.profession = said["profession"]
    person.save(update_fields=["name", "profession"])


@transaction.atomic
def submit(application: Application, *, by: Person, at: datetime) -> Application:
    """Hand the complete form in. The first time, the procedure in force here is pinned."""
    application = locked(application)
    stages.check(application, Move.SUBMIT, by=by, at=at)
    day = timezone.localdate(at)
    lacking = missing(application, day=day)
    if lacking:
        raise Refused(
            _("The form still lacks %(what)s.") % {"what": ", ".join(each.what for each in lacking)}
        )
    if application.submitted_on is None:
        remove_deleted(application)
    application.submitted_on = application.submitted_on or day
    application.procedure = application.procedure or settings.PROCEDURE
    application.membership_unconfirmed = not is_member(application.applicant, day=day)
    stages.take(application, Move.SUBMIT, by=by, at=at)
    Version.objects.create(
        application=application,
        number=application.versions.count() + 1,
        sections=as_it_stands(application),
        at=at,
    )
    letters.submitted(application, at=at)
    return application


@transaction.atomic
def accept(application: Application, *, by: Person, at: datetime, reason: str = "") -> Application:
    """Let the process run."""
    application = locked(application)
    stages.check(application, Move.ACCEPT, by=by, at=at)
    application.accepted_on = application.accepted_on or timezone.localdate(at)
    stages.take(application, Move.ACCEPT, by=by, at=at, reason=reason)
    letters.accepted(application)
    return application


@transaction.atomic
def return_application(
    application: Application, *, by: Person, at: datetime, reason: str = ""
) -> Application:
    """Give the form back to be corrected; the first submission's date stands."""
    application = stages.take(locked(application), Move.RETURN, by=by, at=at, reason=reason)
    letters.returned(application)
    return application


@transaction.atomic
def close(application: Application, *, by: Person, at: datetime, reason: str = "") -> Application:
    """End a case that was declined or abandoned."""
    application = stages.take(locked(application), Move.CLOSE, by=by, at=at, reason=reason)
    letters.closed(application)
    return application


@transaction.atomic
def reopen(application: Application, *, by: Person, at: datetime, reason: str = "") -> Application:
    """Take an ended case up again, where it was accepted or else where it was submitted."""
    application = locked(application)
    reached = Stage.ACCEPTED if application.accepted_on else Stage.SUBMITTED
    try:
        with transaction.atomic():
            stages.take(application, Move.REOPEN, by=by, at=at, reason=reason, to=reached)
    except IntegrityError as twice:
        raise Refused(_("The applicant has started another application since.")) from twice
    letters.reopened(application)
    return application


@transaction.atomic
def withdraw(
    application: Application, *, by: Person, at: datetime, reason: str = ""
) -> Application:
    """End one's own application, at any time before the decision."""
    application = stages.take(locked(application), Move.WITHDRAW, by=by, at=at, reason=reason)
    letters.withdrawn(application, at=at)
    return application
