"""An appeal against a decision not to credential, and the Chair's answer.

The case goes on as the same case: its evidence counts from its first submission, and a case of its
own would begin at nothing.
"""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import council as letters
from reviews.models import Appeal, AppealAnswer
from reviews.operations import review
from reviews.queries import appeals


@transaction.atomic
def appeal(application: Application, *, text: str, by: Person, at: datetime) -> Appeal:
    """Ask the Committee to bring one's own case again; the Chairs are told."""
    application = review.locked(application)
    if not access.may(by, Can.OWN, application, day=timezone.localdate(at)):
        raise Http404
    decision = appeals.against(application)
    if decision is None:
        raise Refused(_("There is no decision against which you could appeal."))
    if hasattr(decision, "appeal"):
        raise Refused(_("You have appealed against this decision already. Nothing was changed."))
    if not text.strip():
        raise Refused(_("Say what the Committee should look at again."), field="text")
    made = Appeal.objects.create(decision=decision, text=text.strip(), by=by, at=at)
    audit.record("appeal.made", application.reference, by=by, record=f"appeal {made.pk}")
    letters.appealed(application, made, day=timezone.localdate(at))
    return made


@transaction.atomic
def answer_appeal(
    application: Application, *, brought_again: bool, reason: str, by: Person, at: datetime
) -> AppealAnswer:
    """Answer an appeal: bring the case again into review, or say why not; the applicant is told."""
    application = review.locked(application)
    if not access.may(by, Can.CHAIR, application, day=timezone.localdate(at)):
        raise Http404
    waiting = appeals.waiting(application)
    if waiting is None:
        raise Refused(_("No appeal waits for an answer on this case."))
    if not reason.strip():
        raise Refused(_("Give a reason; the applicant reads it."), field="reason")
    if brought_again:
        review.bring_again(application, reason=reason, by=by, at=at)
    answer = AppealAnswer.objects.create(
        appeal=waiting, brought_again=brought_again, reason=reason.strip(), by=by, at=at
    )
    audit.record(
        "appeal.answered",
        application.reference,
        by=by,
        record=f"appeal {waiting.pk}",
        after={"brought_again": brought_again},
    )
    letters.appeal_answered(application, answer)
    return answer
