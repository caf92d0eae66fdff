"""The letters of supervision: they say that something is there, and the page says what."""

from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.people.models import Person
from credentialing.records import letters
from supervision.models import Approval, Report, Session, Supervision


def asked(supervision: Supervision, *, case: str) -> None:
    """To the supervisor: somebody would like to be supervised."""
    letters.write(
        "supervision-asked",
        supervision.supervisor,
        occasion=f"supervision {supervision.pk}",
        subject=_("An applicant asks you for supervision"),
        text=_("An applicant asks whether you will supervise them. The page says who."),
        link=reverse("answer-supervision", args=[supervision.pk]),
        case=case,
    )


def answered(supervision: Supervision, *, case: str) -> None:
    """To the applicant: the supervisor accepted or declined."""
    letters.write(
        "supervision-answered",
        supervision.applicant,
        occasion=f"supervision {supervision.pk} {supervision.state}",
        subject=_("Your request for supervision was answered"),
        text=_("The supervisor whom you asked has answered. The page shows the answer."),
        link=reverse("my-supervision"),
        case=case,
    )


def ended(supervision: Supervision, *, tell: Person, case: str) -> None:
    """To the other side: the supervision has ended, or the request was taken back."""
    mine = tell.pk == supervision.applicant_id
    letters.write(
        "supervision-ended",
        tell,
        occasion=f"supervision {supervision.pk}",
        subject=_("A supervision has ended"),
        text=_("A supervision of yours has ended. The page shows since when, and why."),
        link=reverse("my-supervision" if mine else "supervisor"),
        case=case,
    )


def sessions_confirmed(supervision: Supervision, *, occasion: str, case: str) -> None:
    """To the applicant: the supervisor has confirmed or declined sessions."""
    letters.write(
        "sessions-answered",
        supervision.applicant,
        occasion=occasion,
        subject=_("Your supervisor has looked at your sessions"),
        text=_("Your supervisor has answered for supervision sessions. The page shows which."),
        link=reverse("my-supervision"),
        case=case,
    )


def session_changed(session: Session, *, occasion: str, case: str) -> None:
    """To both sides: a session that was confirmed is no longer what was confirmed."""
    supervision = session.supervision
    text = _(
        "A supervision session that had been confirmed was changed or withdrawn afterwards. Until"
        " it is confirmed again it does not count. The page shows what changed."
    )
    subject = _("A confirmed session was changed")
    letters.write(
        "session-out-of-date",
        supervision.applicant,
        occasion=occasion,
        subject=subject,
        text=text,
        link=reverse("my-supervision"),
        case=case,
    )
    letters.write(
        "session-out-of-date",
        supervision.supervisor,
        occasion=occasion,
        subject=subject,
        text=text,
        link=reverse("supervised", args=[case]) if case else reverse("supervisor"),
        case=case,
    )


def report_released(report: Report, *, case: str) -> None:
    """To the applicant: the supervisor has released a report."""
    letters.write(
        "supervision-report",
        report.supervision.applicant,
        occasion=f"report {report.pk}",
        subject=_("Your supervisor has released a report"),
        text=_("A supervision report is there for you to read."),
        link=reverse("my-supervision"),
        case=case,
    )


def approved(approval: Approval) -> None:
    """To the supervisor: the Society approves them."""
    letters.write(
        "supervisor-approved",
        approval.supervisor,
        occasion=f"approval {approval.pk}",
        subject=_("You are an approved Balint supervisor"),
        text=_("The Society has approved you as a Balint supervisor. Applicants can ask you now."),
        link=reverse("supervisor"),
    )


def approval_ended(approval: Approval) -> None:
    """To the supervisor and those whom they supervise: the approval ends on a day."""
    letters.write(
        "supervisor-approval-ended",
        approval.supervisor,
        occasion=f"approval {approval.pk} {approval.end}",
        subject=_("The end of your approval as a supervisor is set"),
        text=_(
            "The Society has set the day on which your approval ends. Sessions until then count."
        ),
        link=reverse("supervisor"),
    )
    running = Supervision.objects.filter(
        supervisor=approval.supervisor_id, state=Supervision.State.ACTIVE
    )
    for supervision in running.select_related("applicant").order_by("pk"):
        letters.write(
            "supervisor-approval-ended",
            supervision.applicant,
            occasion=f"approval {approval.pk} {approval.end}",
            subject=_("Your supervisor’s approval ends"),
            text=_(
                "The Society’s approval of your supervisor ends. Sessions until that day count; for"
                " later ones, ask another approved supervisor."
            ),
            link=reverse("my-supervision"),
        )
