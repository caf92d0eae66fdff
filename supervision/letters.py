"""The letters of supervision: they say that something is there, and the page says what."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from credentialing.people.models import Person
from credentialing.records import letters
from credentialing.records.letters import dated
from credentialing.records.letters import words as _
from supervision import queries
from supervision.models import Approval, Forgotten, Report, Session, Supervision

# How long before it the end of an approval is told once more.
AHEAD = timedelta(days=30)


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


def session_corrected(session: Session, *, case: str, at: datetime) -> None:
    """To the applicant: the supervisor has corrected a session."""
    letters.write(
        "session-corrected",
        session.supervision.applicant,
        occasion=f"session {session.pk} {at.isoformat()}",
        subject=_("Your supervisor has corrected a session"),
        text=_("Your supervisor has corrected a supervision session. The page shows it as it is."),
        link=reverse("my-supervision"),
        case=case,
    )


def session_remembered(forgotten: Forgotten, *, case: str) -> None:
    """To the applicant: the supervisor added a session, which waits for them."""
    letters.write(
        "session-remembered",
        forgotten.supervision.applicant,
        occasion=f"forgotten {forgotten.pk}",
        subject=_("Your supervisor remembers a session that you have not logged"),
        text=_(
            "Your supervisor has added a supervision session. It counts once you have accepted it "
            "on the page."
        ),
        link=reverse("my-supervision"),
        case=case,
    )


def session_not_accepted(forgotten: Forgotten, *, case: str) -> None:
    """To the supervisor: the applicant did not accept a session that they added."""
    letters.write(
        "session-not-accepted",
        forgotten.supervision.supervisor,
        occasion=f"forgotten {forgotten.pk}",
        subject=_("A session that you added was not accepted"),
        text=_("The applicant did not accept a session that you added. The page says why."),
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


def end_is_set(approval: Approval, *, at: datetime) -> None:
    """The office has set the end: told at once, and as it stands to the day."""
    today = timezone.localdate(at)
    if approval.end < today:
        _approval_ended(approval)
    else:
        _approval_ends(approval, "near" if approval.end <= today + AHEAD else "set")


def approval_ends(approval: Approval, step: timedelta, at: datetime) -> None:
    """A reminder to everybody concerned: that the end is near, and that it has come."""
    if step < timedelta():
        _approval_ends(approval, "near")
    else:
        _approval_ended(approval)


def _approval_ends(approval: Approval, when: str) -> None:
    end = approval.end
    words = {
        "subject": _("Your approval as a supervisor ends on %(day)s"),
        "text": _(
            "The Society’s approval ends on %(day)s. Sessions until then count; later ones do not. "
            "Write to the office if you would like to go on."
        ),
    }
    _to_supervisor(approval, "supervisor-approval-ends", f"{when} {end}", words)
    for supervision in queries.concerned(approval):
        letters.write(
            "supervisor-approval-ends",
            supervision.applicant,
            occasion=f"approval {approval.pk} {when} {end}",
            subject=_("Your supervisor’s approval ends on %(day)s") % {"day": dated(end)},
            text=_(
                "The Society’s approval of your supervisor ends on %(day)s. Sessions until then "
                "count. Look for another approved supervisor for what comes later; who is free "
                "stands on the page."
            )
            % {"day": dated(end)},
            link=reverse("ask-supervisor"),
        )


def _approval_ended(approval: Approval) -> None:
    words = {
        "subject": _("Your approval as a supervisor has ended"),
        "text": _(
            "The Society’s approval ended on %(day)s. You can still confirm sessions that took "
            "place until then."
        ),
    }
    _to_supervisor(approval, "supervisor-approval-ended", str(approval.end), words)
    for supervision in queries.concerned(approval):
        letters.write(
            "supervisor-approval-ended",
            supervision.applicant,
            occasion=f"approval {approval.pk} {approval.end}",
            subject=_("Your supervisor’s approval has ended"),
            text=_(
                "The Society’s approval of your supervisor ended on %(day)s. Every session until "
                "then stands; later ones do not count. Ask another approved supervisor to go on."
            )
            % {"day": dated(approval.end)},
            link=reverse("ask-supervisor"),
        )


def _to_supervisor(
    approval: Approval, kind: str, occasion: str, words: dict[str, letters.Worded]
) -> None:
    day = {"day": dated(approval.end)}
    letters.write(
        kind,
        approval.supervisor,
        occasion=f"approval {approval.pk} {occasion}",
        subject=words["subject"] % day,
        text=words["text"] % day,
        link=reverse("supervisor"),
    )
