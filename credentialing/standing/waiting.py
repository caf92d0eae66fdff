"""Who is waiting for whom: what keeps an applicant's case, as tasks with their owner."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import Application, Attestation, ProcedureMove, Question, Stage
from credentialing.people.models import Person
from credentialing.rules import words
from credentialing.standing.queries import Standing
from supervision.models import Supervision

Task = dict[str, Any]


def tasks(now: Standing) -> list[Task]:
    """What waits, for the component of that name: the applicant's own turn first."""
    application = now.application
    person = application.applicant
    return [
        *_procedure(application),
        *_questions(application),
        *_chair(application),
        *_claims(now),
        *_attestations(person),
        *_supervision(person),
        *_sessions(now),
    ]


def _questions(application: Application) -> list[Task]:
    asked = Question.objects.filter(application=application, answered_at__isnull=True)
    return [
        {
            "label": _("Answer a question of the Committee"),
            "url": reverse("answer-question", args=[question.pk]),
            "state": "needs",
            "word": _("Waits for you"),
            "hint": _("until %(day)s") % {"day": date_format(question.due, "j F Y")},
        }
        for question in asked.order_by("due", "pk")
    ]


def _procedure(application: Application) -> list[Task]:
    proposed = ProcedureMove.objects.filter(
        application=application, consented_at__isnull=True, declined_at__isnull=True
    )
    return [
        {
            "label": _("Answer the proposal to change the procedure"),
            "url": reverse("answer-procedure"),
            "state": "needs",
            "word": _("Waits for you"),
            "hint": _asked(move.proposed_at),
        }
        for move in proposed
    ]


def _chair(application: Application) -> list[Task]:
    if application.stage != Stage.SUBMITTED:
        return []
    return [
        {
            "label": _("The Chair accepts your application or returns it with a reason"),
            "state": "needs",
            "word": _("Waits for the Chair"),
        }
    ]


def _claims(now: Standing) -> list[Task]:
    return [
        {
            "label": _("Credit for %(credit)s") % {"credit": words.name(claim["credit"])},
            "url": reverse("claims"),
            "state": "needs",
            "word": _("Waits for the Committee"),
            "hint": words.claim(claim) if claim["shortfalls"] else "",
        }
        for claim in now.data["claims"]
        if claim["state"] == "pending"
    ]


def _attestations(person: Person) -> list[Task]:
    asked = Attestation.objects.filter(applicant=person, void_at__isnull=True)
    return [
        {
            "label": _("Confirmation of %(what)s") % {"what": attestation.get_kind_display()},
            "url": reverse(
                "my-supervision" if attestation.kind == Attestation.Kind.SESSIONS else "claims"
            ),
            "state": "needs",
            "word": _("Waits for %(name)s") % {"name": attestation.attestor.name},
            "hint": _("the link has run out; ask again")
            if attestation.expires_at <= timezone.now()
            else _asked(attestation.asked_at),
        }
        for attestation in asked.select_related("attestor").order_by("asked_at", "pk")
    ]


def _supervision(person: Person) -> list[Task]:
    asked = Supervision.objects.filter(applicant=person, state=Supervision.State.REQUESTED)
    return [
        {
            "label": _("Supervision with %(name)s") % {"name": supervision.supervisor.name},
            "url": reverse("my-supervision"),
            "state": "needs",
            "word": _("Waits for %(name)s") % {"name": supervision.supervisor.name},
            "hint": _asked(supervision.asked_at),
        }
        for supervision in asked.select_related("supervisor").order_by("asked_at", "pk")
    ]


def _sessions(now: Standing) -> list[Task]:
    """Sessions that would count if their supervisor confirmed them."""
    unconfirmed = {
        said["id"]
        for entry in now.entries.values()
        for said in entry["uncounted"]
        if said["why"] == "unconfirmed"
    }
    by_supervisor = Counter(
        session["supervisor"]
        for session in now.portfolio["supervision"]
        if session["id"] in unconfirmed
    )
    return [
        {
            "label": ngettext("%(n)d supervision session", "%(n)d supervision sessions", number)
            % {"n": number},
            "url": reverse("my-supervision"),
            "state": "needs",
            "word": _("Waits for %(name)s") % {"name": now.names.get(supervisor, "")},
            "hint": _("to be confirmed"),
        }
        for supervisor, number in by_supervisor.items()
    ]


def _asked(at: Any) -> str:
    return _("asked on %(day)s") % {"day": date_format(timezone.localtime(at), "j F Y")}
