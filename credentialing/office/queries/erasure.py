"""Why somebody's identity can't be erased yet."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import ENDED, Application
from credentialing.people.models import CredentialStatus, Person, Role
from intensives.models import Enrolment
from supervision.models import Approval, Supervision


def hindrances(person: Person, *, at: datetime) -> list[str]:
    """Each reason in a sentence, with the way out."""
    today = timezone.localdate(at)
    reasons = []
    live = Application.objects.filter(applicant=person).exclude(stage__in=ENDED)
    if live.exists():
        reasons.append(_("An application is under way. They withdraw it first."))
    if Role.objects.on(today).filter(person=person).exists():
        reasons.append(_("They hold a role. End it first."))
    running = Supervision.objects.filter(
        state__in=(Supervision.State.REQUESTED, Supervision.State.ACTIVE), supervisor=person
    )
    if running.exists() or any(
        approval.end is None or approval.end >= today
        for approval in Approval.objects.filter(supervisor=person)
    ):
        reasons.append(_("They are a supervisor. End the approval and the supervisions first."))
    coming = Enrolment.objects.filter(intensive__end__gte=today).exclude(
        state=Enrolment.State.CANCELLED
    )
    if coming.filter(person=person).exists() or coming.filter(evaluator=person).exists():
        reasons.append(_("They have a part in an intensive to come. Take them off it first."))
    for credential in person.credentials.all():
        last = credential.statuses.filter(since__lte=today).order_by("since", "pk").last()
        if last is None or last.status == CredentialStatus.Status.ACTIVE:
            reasons.append(
                _("Their credential %(number)s is active. It is retired first.")
                % {"number": credential.number}
            )
    return reasons
