"""What changed on a case between two days: the requirements, and what came onto the record."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import (
    Application,
    Attestation,
    AttestationAnswer,
    Claim,
    Debriefing,
    Document,
    Meeting,
    Question,
    Revocation,
    Ruling,
)
from credentialing.standing.lines import comparison
from credentialing.standing.queries import Standing
from intensives.models import Enrolment
from reviews.models import CommitteeMeeting
from reviews.queries import history, lines
from reviews.queries.rulings import describe
from supervision.models import Confirmation, Report, Session

Event = dict[str, Any]


def last_meeting(day: date) -> CommitteeMeeting | None:
    """The last meeting of the Committee that was planned for a day before this one."""
    held = CommitteeMeeting.objects.filter(day__lt=day, cancelled_at__isnull=True)
    return held.order_by("-day", "-pk").first()


def changes(before: Standing, after: Standing) -> dict[str, Any]:
    """What a case gained and lost between two standings of it: `rows` and `events`."""
    application = after.application
    span = (before.as_of, after.as_of)
    rows = comparison(before, after)
    return {
        "rows": rows,
        "changed": sum(row["changed"] for row in rows),
        "logged": logged(application, span),
        "events": [
            each
            for each in history.entries(application, audited=False) + acts(application)
            if span[0] < timezone.localdate(each["at"]) <= span[1]
        ],
    }


LOGS: tuple[tuple[Any, type[Any], str, str], ...] = (
    (gettext_lazy("Group meetings"), Meeting, "group__applicant", "recorded_at"),
    (gettext_lazy("Debriefings"), Debriefing, "group__applicant", "recorded_at"),
    (gettext_lazy("Supervision sessions"), Session, "supervision__applicant", "recorded_at"),
    (
        gettext_lazy("Confirmations by the supervisor"),
        Confirmation,
        "session__supervision__applicant",
        "at",
    ),
)


def logged(application: Application, span: tuple[date, date]) -> list[tuple[str, str]]:
    """How much was logged after the first day and up to the second, kind by kind."""
    found = []
    for label, model, person, moment in LOGS:
        rows = _within(model.objects.filter(**{person: application.applicant_id}), moment, span)
        said = rows.aggregate(n=Count("pk"), first=Min(moment), last=Max(moment))
        if said["n"]:
            days = [_day(said["first"]), _day(said["last"])]
            found.append(
                (
                    str(label),
                    _("%(n)d, entered from %(first)s to %(last)s")
                    % {"n": said["n"], "first": days[0], "last": days[1]}
                    if days[0] != days[1]
                    else _("%(n)d, entered on %(day)s") % {"n": said["n"], "day": days[0]},
                )
            )
    return found


def _within(rows: QuerySet[Any], moment: str, span: tuple[date, date]) -> QuerySet[Any]:
    return rows.filter(**{f"{moment}__date__gt": span[0], f"{moment}__date__lte": span[1]})


def _day(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y")


def acts(application: Application) -> list[Event]:
    """What was said, asked, handed in and ruled on a case, as entries of its history."""
    applicant = application.applicant_id
    made: Iterable[tuple[Any, Any, str]] = (
        *(
            (claim.claimed_at, _("Credit claimed: %(what)s"), lines.title(claim.credit))
            for claim in Claim.objects.filter(application=application)
        ),
        *(
            (ruling.at, "%(what)s", describe(ruling))
            for ruling in Ruling.objects.filter(application=application).select_related("claim")
        ),
        *(
            (each.at, _("Revoked: %(what)s"), describe(each.ruling))
            for each in Revocation.objects.filter(ruling__application=application).select_related(
                "ruling__claim"
            )
        ),
        *(
            (each.asked_at, _("Question asked: %(what)s"), each.text[:120])
            for each in Question.objects.filter(application=application)
        ),
        *(
            (each.answered_at, _("Question answered: %(what)s"), each.answer[:120])
            for each in Question.objects.filter(application=application, answered_at__isnull=False)
        ),
        *(
            (each.uploaded_at, _("Document handed in: %(what)s"), each.title)
            for each in Document.objects.filter(application=application)
        ),
        *(
            (each.at, _("Attestation answered: %(what)s"), _attested(each.attestation))
            for each in AttestationAnswer.objects.filter(
                attestation__applicant=applicant
            ).select_related("attestation__attestor")
        ),
        *(
            (each.written_at, _("Supervision report by %(what)s"), each.supervision.supervisor.name)
            for each in Report.objects.filter(supervision__applicant=applicant).select_related(
                "supervision__supervisor"
            )
        ),
        *(
            (each.enrolled_at, _("Signed up: %(what)s"), each.intensive.title)
            for each in Enrolment.objects.filter(person=applicant).select_related("intensive")
        ),
    )
    entries = [{"at": at, "text": form % {"what": what}} for at, form, what in made if at]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _attested(attestation: Attestation) -> str:
    return f"{attestation.get_kind_display()}, {attestation.attestor.name}"
