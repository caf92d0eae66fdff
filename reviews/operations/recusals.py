"""Why somebody with a relation to an applicant may act on a case; and the end of that."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import DECIDING, Can
from applicants.models import Application, RecusalLifted
from credentialing.people.models import Person, Relation
from credentialing.people.queries import roles_of
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import committee as letters
from reviews.models import Assignment
from reviews.operations.review import locked


def _held(application: Application, *, by: Person, at: datetime) -> Application:
    """The case, locked; 404 for who does not act as Chair on it."""
    application = locked(application)
    if not access.may(by, Can.CHAIR, application, day=timezone.localdate(at)):
        raise Http404
    return application


@transaction.atomic
def lift_recusal(
    application: Application, *, person: Person, reason: str, by: Person, at: datetime
) -> RecusalLifted:
    """Record why somebody with a relation may act and vote on this one case. A house rule.

    Whoever stepped aside has done so for good, and nobody lifts their own recusal.
    """
    application, day = _held(application, by=by, at=at), timezone.localdate(at)
    if person.pk == by.pk:
        raise Refused(_("Nobody lifts their own recusal. Ask another who acts as Chair."))
    relations = access.recused(application).get(person.pk, [])
    if not relations:
        raise Refused(
            _("%(name)s is not recused from this case. Nothing was changed.")
            % {"name": person.name}
        )
    if any(relation.kind == Relation.Kind.RECUSED for relation in relations):
        raise Refused(
            _("%(name)s has stepped aside from this case, which holds for good.")
            % {"name": person.name}
        )
    if not roles_of(person, day) & DECIDING:
        raise Refused(
            _("%(name)s holds no office in which to act on this case.") % {"name": person.name}
        )
    if not reason.strip():
        raise Refused(_("Say why; it becomes part of the record."), field="reason")
    lifted = RecusalLifted.objects.create(
        application=application, person=person, reason=reason.strip(), by=by, at=at
    )
    audit.record(
        "recusal.lifted",
        application.reference,
        by=by,
        record=f"person {person.pk}",
        after={
            "reason": lifted.reason,
            "relations": sorted(relation.kind for relation in relations),
        },
    )
    letters.recusal_changed(application, lifted, day=day)
    return lifted


@transaction.atomic
def restore_recusal(
    application: Application, *, person: Person, reason: str, by: Person, at: datetime
) -> RecusalLifted:
    """End what lifted a recusal: the relation counts again, also on a ballot that is open."""
    application = _held(application, by=by, at=at)
    standing = application.recusals_lifted.standing().filter(person=person).first()
    if standing is None:
        raise Refused(
            _("The recusal of %(name)s is not lifted. Nothing was changed.") % {"name": person.name}
        )
    if not reason.strip():
        raise Refused(_("Say why; it becomes part of the record."), field="reason")
    ended = RecusalLifted.objects.create(
        application=application,
        person=person,
        ends=standing,
        reason=reason.strip(),
        by=by,
        at=at,
    )
    Assignment.objects.filter(application=application, to=person, ended_at__isnull=True).update(
        ended_at=at
    )
    audit.record(
        "recusal.restored",
        application.reference,
        by=by,
        record=f"person {person.pk}",
        before={"reason": standing.reason},
        after={"reason": ended.reason},
    )
    letters.recusal_changed(application, ended, day=timezone.localdate(at))
    return ended
