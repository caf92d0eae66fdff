"""Who is waiting for whom: what keeps an applicant's case, as tasks with their owner."""

from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import intensives.queries
from applicants.models import Application, Attestation, ProcedureMove, Question, Stage
from credentialing.people.models import Person
from credentialing.rules import words
from credentialing.rules.earliest import OF_THE_ASSESSMENT
from credentialing.standing.lines import title
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
        *_issues(now),
        *_intensives(person),
        *_attestations(person),
        *_supervision(person),
        *_sessions(now),
    ]


def _questions(application: Application) -> list[Task]:
    asked = Question.objects.filter(application=application, answered_at__isnull=True)
    today = timezone.localdate()
    return [
        {
            "label": _("Answer a question of the Committee"),
            "url": reverse("answer-question", args=[question.pk]),
            "state": "wrong" if question.due < today else "needs",
            "word": _("Overdue") if question.due < today else _("Waits for you"),
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
            "hint": _since(application.moves.aggregate(last=Max("at"))["last"]),
        }
    ]


def _claims(now: Standing) -> list[Task]:
    claimed = dict(now.application.claims.values_list("pk", "claimed_at"))
    return [
        {
            "label": _("Credit for %(credit)s") % {"credit": words.name(claim["credit"])},
            "url": reverse("claims"),
            "state": "needs",
            "word": _("Waits for the Committee"),
            "hint": words.claim(claim)
            if claim["shortfalls"]
            else _since(claimed.get(int(claim["id"][1:]))),
        }
        for claim in now.data["claims"]
        if claim["state"] == "pending"
    ]


def _issues(now: Standing) -> list[Task]:
    """Questions that the rules put before the Committee, one line for each requirement."""
    if not now.application.accepted_on:
        return []
    return [
        {
            "label": _("%(requirement)s: %(questions)s")
            % {
                "requirement": title(entry["id"]),
                "questions": " ".join(now.issue(issue) for issue in entry["issues"]),
            },
            "url": f"#requirement-{entry['id']}",
            "state": "needs",
            "word": _("Waits for the assessment")
            if {issue["code"] for issue in entry["issues"]} <= OF_THE_ASSESSMENT
            else _("Waits for the Committee"),
        }
        for entry in now.entries.values()
        if entry["decision_due"]
    ]


def _intensives(person: Person) -> list[Task]:
    """Intensives attended elsewhere, which the office confirms by the document."""
    recorded = intensives.queries.recorded_elsewhere().filter(person=person)
    return [
        {
            "label": _("%(intensive)s, attended elsewhere") % {"intensive": enrolment.intensive},
            "url": reverse("intensives"),
            "state": "needs",
            "word": _("Waits for the office"),
            "hint": _since(enrolment.enrolled_at),
        }
        for enrolment in recorded
    ]


def _attestations(person: Person) -> list[Task]:
    asked = Attestation.objects.filter(applicant=person, void_at__isnull=True)
    return [
        {
            "label": _("Confirmation of %(what)s") % {"what": attestation.get_kind_display()},
            "url": reverse("my-attestations"),
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
    by_supervisor: dict[str, list[str]] = {}
    for session in now.portfolio["supervision"]:
        if session["id"] in unconfirmed:
            by_supervisor.setdefault(session["supervisor"], []).append(session["date"])
    return [
        {
            "label": ngettext("%(n)d supervision session", "%(n)d supervision sessions", len(days))
            % {"n": len(days)},
            "url": reverse("my-supervision"),
            "state": "needs",
            "word": _("Waits for %(name)s") % {"name": now.names.get(supervisor, "")},
            "hint": _("to be confirmed, the oldest of %(day)s") % {"day": words.day(min(days))},
        }
        for supervisor, days in by_supervisor.items()
    ]


def _since(at: Any) -> str:
    return _("since %(day)s") % {"day": date_format(timezone.localtime(at), "j F Y")} if at else ""


def _asked(at: Any) -> str:
    return _("asked on %(day)s") % {"day": date_format(timezone.localtime(at), "j F Y")}
