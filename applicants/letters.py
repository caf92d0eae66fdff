"""The letters of the case: they say that something is there, and lead to it. Nothing confidential.

Each is written in the transaction of the act that it tells of.
"""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from applicants import access
from applicants.access import Can
from applicants.models import (
    Application,
    Attestation,
    AttestationAnswer,
    ProcedureMove,
    Question,
    Revocation,
    Ruling,
)
from applicants.queries.reminders import Ending
from credentialing.records import letters
from credentialing.records.letters import dated
from credentialing.records.letters import words as _


def submitted(application: Application, *, at: datetime) -> None:
    """A receipt to the applicant, and a word to the Chair."""
    occasion = _occasion(application)
    _to_applicant(
        application,
        "receipt",
        occasion=occasion,
        subject=_("Your application has been received"),
        text=_(
            "Your application was submitted on %(when)s. The Chair of the Credentialing "
            "Coordinating Committee looks at it next. You will hear from us either way."
        )
        % {"when": _moment(at)},
        link=reverse("home"),
    )
    _to_chairs(
        application,
        "submitted",
        at=at,
        occasion=occasion,
        subject=_("An application has been submitted"),
        text=_("Application %(reference)s was submitted. Accept it, or return it with a reason.")
        % {"reference": application.reference},
    )


def accepted(application: Application) -> None:
    """The process runs."""
    _to_applicant(
        application,
        "accepted",
        occasion=_occasion(application),
        subject=_("Your application has been accepted"),
        text=_("The credentialing process has begun. Your home page shows what remains."),
        link=reverse("home"),
    )


def returned(application: Application) -> None:
    """Something is to be corrected; what, stands on the page."""
    _to_applicant(
        application,
        "returned",
        occasion=_occasion(application),
        subject=_("Your application needs a correction"),
        text=_(
            "The Chair has returned your application and says why on its page. Correct it and "
            "submit it again; the date of your first submission stands."
        ),
        link=reverse("application"),
    )


def closed(application: Application) -> None:
    """The Chair closed the case; why, stands on the page."""
    _to_applicant(
        application,
        "closed",
        occasion=_occasion(application),
        subject=_("Your case has been closed"),
        text=_("The Chair has closed your case and says why on its page."),
        link=reverse("home"),
    )


def reopened(application: Application) -> None:
    """The Chair opened the case again."""
    _to_applicant(
        application,
        "reopened",
        occasion=_occasion(application),
        subject=_("Your case is open again"),
        text=_("The Chair has reopened your case. Your home page shows where it stands."),
        link=reverse("home"),
    )


def withdrawn(application: Application, *, at: datetime) -> None:
    """A receipt to the applicant; where the case was submitted, a word to the Chair."""
    occasion = _occasion(application)
    _to_applicant(
        application,
        "withdrawn-receipt",
        occasion=occasion,
        subject=_("Your application has been withdrawn"),
        text=_(
            "You withdrew your application on %(when)s. Your logs stay; you can apply again "
            "at any time."
        )
        % {"when": _moment(at)},
        link=reverse("home"),
    )
    if application.submitted_on:
        _to_chairs(
            application,
            "withdrawn",
            at=at,
            occasion=occasion,
            subject=_("An application has been withdrawn"),
            text=_("Application %(reference)s was withdrawn by the applicant.")
            % {"reference": application.reference},
        )


def asked(question: Question) -> None:
    """The Committee asks; the question itself stands on the page."""
    _to_applicant(
        question.application,
        "question",
        occasion=f"question {question.pk}",
        subject=_("The Committee has a question for you"),
        text=_("Please answer it on its page by %(due)s.") % {"due": _day(question.due)},
        link=reverse("answer-question", args=[question.pk]),
    )


def answered(question: Question, *, at: datetime) -> None:
    """To whoever asked, as long as they may read the case, and to the Chair."""
    application, day = question.application, timezone.localdate(at)
    readers = {person.pk: person for person in access.chairs(application, day=day)}
    readers[question.asked_by_id] = question.asked_by
    for person in readers.values():
        letters.write(
            "answer",
            person,
            occasion=f"question {question.pk}",
            subject=_("A question has been answered"),
            text=_("The applicant of case %(reference)s has answered the Committee's question.")
            % {"reference": application.reference},
            link=_case(application),
            case=application.reference,
            needs=Can.DISCUSS,
        )


def ruled(ruling: Ruling) -> None:
    """A ruling was made; what it says stands on the page."""
    _to_applicant(
        ruling.application,
        "ruling",
        occasion=f"ruling {ruling.pk}",
        subject=_("The Committee has made a ruling"),
        text=_("The Committee has ruled on something in your case. Its page gives the reason."),
        link=reverse("claims") if ruling.claim_id else reverse("home"),
    )


def revoked(revocation: Revocation) -> None:
    """A ruling was taken back; why, stands on the page."""
    ruling = revocation.ruling
    _to_applicant(
        ruling.application,
        "revocation",
        occasion=f"ruling {ruling.pk}",
        subject=_("The Committee has taken a ruling back"),
        text=_("A ruling in your case no longer holds. Its page gives the reason."),
        link=reverse("claims") if ruling.claim_id else reverse("home"),
    )


def attestation_asked(attestation: Attestation, token: str) -> None:
    """The link, to the one who is asked; it leads to a page that shows what is attested."""
    letters.write(
        "attestation-asked",
        attestation.attestor,
        occasion=f"attestation {attestation.pk}",
        subject=_("%(name)s asks for your confirmation") % {"name": attestation.applicant.name},
        text=_(
            "%(name)s asks you to confirm something in an application to the Society. The link "
            "shows what it is; nothing happens before you press a button there. It works once, "
            "until %(until)s, and only for you: please do not pass it on."
        )
        % {"name": attestation.applicant.name, "until": _day(attestation.expires_at)},
        link=reverse("attest-link", args=[token]),
        secret_link=True,
        address=attestation.address,
    )


def attestation_answered(answer: AttestationAnswer) -> None:
    """To the applicant: given, or declined."""
    attestation = answer.attestation
    kind = "attestation-given" if answer.given else "attestation-declined"
    words = {
        "attestation-given": (
            _("What you asked for has been confirmed"),
            _("%(name)s has confirmed what you asked for. Your pages show it."),
        ),
        "attestation-declined": (
            _("What you asked for has been declined"),
            _("%(name)s has declined to confirm what you asked for. Your pages give the reason."),
        ),
    }
    subject, text = words[kind]
    letters.write(
        kind,
        attestation.applicant,
        occasion=f"attestation {attestation.pk}",
        subject=subject,
        text=text % {"name": attestation.attestor.name},
        link=reverse("my-attestations"),
    )


def attestation_out_of_date(
    stale: tuple[Attestation, str], _step: timedelta, _at: datetime
) -> None:
    """To both sides, once for each change: what was attested is no longer what the record says."""
    attestation, digest = stale
    occasion = f"attestation {attestation.pk} {digest[:16]}"
    subject = _("What was attested has changed")
    letters.write(
        "attestation-out-of-date",
        attestation.applicant,
        occasion=occasion,
        subject=subject,
        text=_(
            "You changed something that %(name)s had confirmed. Until it is confirmed again it "
            "does not count as attested. The page shows what was confirmed and what it says "
            "now; one button asks again."
        )
        % {"name": attestation.attestor.name},
        link=reverse("my-attestations"),
    )
    letters.write(
        "attestation-out-of-date",
        attestation.attestor,
        occasion=occasion,
        subject=subject,
        text=_(
            "%(name)s has changed something that you confirmed, so that your confirmation no "
            "longer stands. There is nothing to do now: if you are asked again, the page behind "
            "the new link shows what has changed."
        )
        % {"name": attestation.applicant.name},
        address=attestation.address,
    )


def membership_ends(ending: Ending, step: timedelta, at: datetime) -> None:
    """To the applicant: the membership on record ends, or has ended. Nothing is un-counted."""
    over = step > timedelta(0)
    _to_applicant(
        ending.application,
        "membership-lapsed" if over else "membership-ends",
        occasion=f"{ending.application.reference} {ending.day} {step.days}",
        subject=_("Your membership has ended") if over else _("Your membership ends soon"),
        text=_(
            "By our record your membership of the Society has ended. Nothing that was counted is "
            "lost; the Committee will be asked about the gap. Please renew it."
        )
        if over
        else _(
            "By our record your membership of the Society ends on %(day)s. It has to last "
            "throughout the process; please renew it in time."
        )
        % {"day": _day(ending.day)},
        link=reverse("home"),
    )


def question_due(question: Question, step: timedelta, at: datetime) -> None:
    """To the applicant: a question of the Committee is to be answered soon, or was."""
    over = step > timedelta(0)
    _to_applicant(
        question.application,
        "question-overdue" if over else "question-due",
        occasion=f"question {question.pk} {question.due} {step.days}",
        subject=_("The Committee waits for your answer"),
        text=(
            _("A question of the Committee was to be answered by %(day)s.")
            if over
            else _("A question of the Committee is to be answered by %(day)s.")
        )
        % {"day": _day(question.due)},
        link=reverse("answer-question", args=[question.pk]),
    )


def attestation_unanswered(attestation: Attestation, step: timedelta, at: datetime) -> None:
    """To the applicant: somebody has not answered; they can be asked again.

    The one who is asked has one link, which is secret and is not kept; only asking makes another.
    """
    letters.write(
        "attestation-unanswered",
        attestation.applicant,
        occasion=f"attestation {attestation.pk} {step.days}",
        subject=_("A confirmation has not been given yet"),
        text=_(
            "%(name)s has not answered yet what you asked on %(day)s. You can send a new link from "
            "your page."
        )
        % {"name": attestation.attestor.name, "day": _day(attestation.asked_at)},
        link=reverse("my-attestations"),
    )


def procedure_proposed(move: ProcedureMove) -> None:
    """The Chair proposes another procedure; both assessments stand on the page."""
    _to_applicant(
        move.application,
        "procedure-proposed",
        occasion=f"procedure {move.pk}",
        subject=_("Your case could move to another procedure"),
        text=_(
            "The Chair proposes that your case be judged by another procedure. The page shows "
            "where you stand under both. Nothing changes unless you agree."
        ),
        link=reverse("answer-procedure"),
    )


def procedure_answered(move: ProcedureMove, *, at: datetime) -> None:
    """To the Chair: whether the applicant agrees."""
    _to_chairs(
        move.application,
        "procedure-answered",
        at=at,
        occasion=f"procedure {move.pk}",
        subject=_("A proposal to change the procedure has been answered"),
        text=_("The applicant of case %(reference)s has answered the proposal.")
        % {"reference": move.application.reference},
    )


def _to_applicant(
    application: Application,
    kind: str,
    *,
    occasion: str,
    subject: letters.Worded,
    text: letters.Worded,
    link: str,
) -> None:
    letters.write(
        kind,
        application.applicant,
        occasion=occasion,
        subject=subject,
        text=text,
        link=link,
        case=application.reference,
        needs=Can.OWN,
    )


def _to_chairs(
    application: Application,
    kind: str,
    *,
    at: datetime,
    occasion: str,
    subject: letters.Worded,
    text: letters.Worded,
) -> None:
    for chair in access.chairs(application, day=timezone.localdate(at)):
        letters.write(
            kind,
            chair,
            occasion=occasion,
            subject=subject,
            text=text,
            link=_case(application),
            case=application.reference,
            needs=Can.CHAIR,
        )


def _occasion(application: Application) -> str:
    """The move that has just been made: of each, one letter."""
    return f"{application.reference} {application.moves.count()}"


def _case(application: Application) -> str:
    return reverse("case", args=[application.reference])


def _day(value: date | datetime) -> Promise:
    shown = timezone.localtime(value) if isinstance(value, datetime) else value
    return dated(shown)


def _moment(value: datetime) -> Promise:
    return dated(timezone.localtime(value), "DATETIME_FORMAT")
