"""What members of the Committee say on a case under review; or that they step aside."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, Stage
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import committee as letters
from reviews.models import Advice, Assignment
from reviews.operations.review import locked


@transaction.atomic
def advise(
    application: Application, *, leaning: str, text: str, by: Person, at: datetime
) -> Advice:
    """Advise on a case under review, on its newest snapshot; said anew, the newest counts."""
    application = locked(application)
    if not access.may(by, Can.DISCUSS, application, day=timezone.localdate(at)):
        raise Http404
    if application.stage != Stage.UNDER_REVIEW:
        raise Refused(_("Advice is given while a case is under review."))
    if leaning not in Advice.Leaning.values:
        raise Refused(_("Choose what you advise."), field="leaning")
    if not text.strip():
        raise Refused(_("Give your reasons."), field="text")
    snapshot = application.snapshots.order_by("-number").first()
    if snapshot is None:
        raise Refused(_("The record of this case is not frozen yet. Ask the Chair."))
    said = Advice.objects.create(
        application=application,
        snapshot=snapshot,
        by=by,
        leaning=leaning,
        text=text.strip(),
        at=at,
    )
    audit.record("advice.given", application.reference, by=by, record=f"advice {said.pk}")
    return said


@transaction.atomic
def step_aside(application: Application, *, reason: str, by: Person, at: datetime) -> Relation:
    """Give up one's part on a case, for good: one's office shows nothing of it any more."""
    application = locked(application)
    day = timezone.localdate(at)
    if not access.may(by, Can.DISCUSS, application, day=day):
        raise Http404
    if not reason.strip():
        raise Refused(_("Say in a sentence why; the Chair reads it."), field="reason")
    applicant, kind = application.applicant, Relation.Kind.RECUSED
    relate(by, applicant, kind, since=day, source=reason.strip()[:200])
    aside = Relation.objects.get(person=by, applicant=applicant, kind=kind)
    held = Assignment.objects.filter(
        application__applicant=application.applicant_id, to=by, ended_at__isnull=True
    )
    held.update(ended_at=at)
    audit.record("member.stepped-aside", application.reference, by=by)
    letters.stepped_aside(application, aside, day=day)
    return aside
