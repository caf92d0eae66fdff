"""Letters of the Committee's review: that something is there, and where; never what it says."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy

from applicants import access
from applicants.access import Can
from applicants.models import Application, RecusalLifted
from credentialing.people.models import Person, Relation
from credentialing.records import letters
from credentialing.records.letters import dated
from credentialing.records.letters import words as _
from credentialing.standing.models import Snapshot
from reviews.models import Activity, Assignment, Consent, Recommendation, TakenBack, TimelineVersion


def review_opened(application: Application, snapshot: Snapshot) -> None:
    """To the applicant: the review has begun."""
    _to_applicant(
        application,
        "review-opened",
        snapshot.number,
        subject=_("Your review has begun"),
        text=_(
            "The Credentialing Coordinating Committee has taken your application into review. "
            "Your record was frozen for it; what you log from now on is shown beside it."
        ),
    )


def back_in_review(application: Application, snapshot: Snapshot, *, by: Person) -> None:
    """To both sides but who did it: further work is over, the review goes on."""
    text = _("Further work on the application %(reference)s has ended. The review goes on.") % {
        "reference": application.reference
    }
    subject = _("Further work has ended")
    if by.pk == application.applicant_id:
        _to_chairs(
            application,
            "back-in-review",
            snapshot.number,
            subject=subject,
            text=text,
            day=snapshot.as_of,
        )
    else:
        _to_applicant(application, "back-in-review", snapshot.number, subject=subject, text=text)


def recommendation_recorded(application: Application, recommendation: Recommendation) -> None:
    """To the applicant and the other Chairs: there is one; not what it says."""
    text = _(
        "The Committee has made its recommendation on the application %(reference)s. "
        "The Council will vote on it."
    ) % {"reference": application.reference}
    subject = _("A recommendation has been made")
    _to_applicant(application, "recommendation", recommendation.pk, subject=subject, text=text)
    _to_chairs(
        application,
        "recommendation",
        recommendation.pk,
        subject=subject,
        text=text,
        day=timezone.localdate(recommendation.at),
        but=recommendation.by,
    )


def recommendation_undone(application: Application, undone: TakenBack) -> None:
    """To the applicant and the Chairs: the case is in review again."""
    text = _("The application %(reference)s is under review again.") % {
        "reference": application.reference
    }
    subject = _("Under review again")
    _to_applicant(application, "review-again", undone.pk, subject=subject, text=text)
    _to_chairs(
        application,
        "review-again",
        undone.pk,
        subject=subject,
        text=text,
        day=timezone.localdate(undone.at),
        but=undone.by,
    )


def brought_again(application: Application, snapshot: Snapshot) -> None:
    """To the applicant: the case is taken up once more."""
    _to_applicant(
        application,
        "brought-again",
        snapshot.number,
        subject=_("Your case is taken up again"),
        text=_("The Committee has taken your application into review again."),
    )


def timeline_proposed(
    application: Application, version: TimelineVersion, side: Consent.Side
) -> None:
    """To the other side: a version of the timeline waits for its answer."""
    occasion = f"timeline {version.pk}"
    if side == Consent.Side.COMMITTEE:
        _to_applicant(
            application,
            "timeline-proposed",
            occasion,
            subject=_("A timeline for further work is proposed"),
            text=_(
                "The Committee asks for further work and proposes a timeline. Read it, then "
                "agree to it or propose changes."
            ),
            link=reverse("timeline"),
        )
        return
    _to_chairs(
        application,
        "timeline-proposed",
        occasion,
        subject=_("Changes to a timeline are proposed"),
        text=_("The applicant of %(reference)s proposes changes to the timeline.")
        % {"reference": application.reference},
        link=reverse("further-work", args=[application.reference]),
        day=timezone.localdate(version.at),
    )


def timeline_agreed(application: Application, given: Consent) -> None:
    """To both sides: the timeline stands."""
    subject = _("The timeline is agreed")
    text = _(
        "Both sides have agreed to the timeline for the application %(reference)s. "
        "Its deadlines hold from now on."
    ) % {"reference": application.reference}
    occasion = f"timeline {given.version_id}"
    _to_applicant(
        application,
        "timeline-agreed",
        occasion,
        subject=subject,
        text=text,
        link=reverse("timeline"),
    )
    _to_chairs(
        application,
        "timeline-agreed",
        occasion,
        subject=subject,
        text=text,
        day=timezone.localdate(given.at),
    )


def activity_done(application: Application, activity: Activity) -> None:
    """To the Chairs: one activity of a timeline is done."""
    _to_chairs(
        application,
        "activity-done",
        activity.pk,
        subject=_("An activity of a timeline is done"),
        text=_("The applicant of %(reference)s has completed an activity of the timeline.")
        % {"reference": application.reference},
        day=activity.done_on,
    )


def activity_due(activity: Activity, step: timedelta, at: datetime) -> None:
    """To the applicant: a deadline comes near. To both sides: it has passed, the Chair decides."""
    application = activity.version.timeline.application
    occasion, due = f"{activity.pk} {activity.due}", dated(activity.due)
    if step < timedelta(0):
        _to_applicant(
            application,
            "activity-due",
            f"{occasion} {-step.days}",
            subject=_("A deadline of your timeline comes near"),
            text=_("An activity of your timeline is due on %(day)s.") % {"day": due},
            link=reverse("timeline"),
        )
        return
    _to_applicant(
        application,
        "activity-missed",
        occasion,
        subject=_("A deadline of your timeline has passed"),
        text=_(
            "An activity of your timeline was due on %(day)s. Complete it, or propose another date."
        )
        % {"day": due},
        link=reverse("timeline"),
    )
    _to_chairs(
        application,
        "activity-missed",
        occasion,
        subject=_("A deadline of a timeline has passed"),
        text=_(
            "A deadline of the timeline for the application %(reference)s has passed. You can "
            "renegotiate the timeline, close the case, or go on with the review."
        )
        % {"reference": application.reference},
        link=reverse("further-work", args=[application.reference]),
        day=timezone.localdate(at),
    )


def assigned(application: Application, given: Assignment) -> None:
    """To the member of the Committee who is given a matter: something waits, not what."""
    given_to = _("A matter of the application %(reference)s was given to you.") % {
        "reference": application.reference
    }
    until = _("It is wanted by %(day)s.") % {"day": dated(given.due)}
    letters.write(
        "matter-assigned",
        given.to,
        occasion=f"assignment {given.pk}",
        subject=_("Something of the Committee’s is yours"),
        text=format_lazy("{} {}", given_to, until) if given.due else given_to,
        link=f"{reverse('queue')}?whose=mine",
        case=application.reference,
        needs=Can.DISCUSS,
    )


def matter_due(given: Assignment, step: timedelta, at: datetime) -> None:
    """To the member who has taken a matter: its day comes near, or has passed."""
    application = given.application
    letters.write(
        "matter-due",
        given.to,
        occasion=f"assignment {given.pk} {step.days}",
        subject=_("Something of the Committee’s is due"),
        text=_(
            "A matter of the application %(reference)s, which you have taken, is due on %(day)s."
        )
        % {"reference": application.reference, "day": dated(given.due)}
        if step < timedelta(0)
        else _("A matter of the application %(reference)s, that you have taken is past its day.")
        % {"reference": application.reference},
        link=f"{reverse('queue')}?whose=mine",
        case=application.reference,
        needs=Can.DISCUSS,
    )


def stepped_aside(application: Application, aside: Relation, *, day: date) -> None:
    """To the Chairs: one member less decides on a case."""
    _to_chairs(
        application,
        "stepped-aside",
        aside.pk,
        subject=_("A member has stepped aside"),
        text=_("%(name)s no longer takes part in the case %(reference)s.")
        % {"name": aside.person.name, "reference": application.reference},
        day=day,
    )


def recusal_changed(application: Application, said: RecusalLifted, *, day: date) -> None:
    """To the person and the Committee: somebody with a relation may act on a case, or no longer."""
    person, occasion = said.person, f"recusal {said.pk}"
    more = {"name": person.name, "reference": application.reference}
    if said.ends_id:
        subject = _("A recusal holds again")
        text = _("%(name)s no longer acts or votes on the case %(reference)s.") % more
    else:
        subject = _("A recusal is lifted")
        text = (
            _(
                "%(name)s may act and vote on the case %(reference)s although there is a relation "
                "to the applicant. The reason is on record."
            )
            % more
        )
    letters.write(
        "recusal-changed",
        person,
        occasion=occasion,
        subject=subject,
        text=text,
        case=application.reference,
    )
    for member in access.committee(application, day=day).exclude(pk=person.pk):
        letters.write(
            "recusal-changed",
            member,
            occasion=occasion,
            subject=subject,
            text=text,
            link=reverse("case", args=[application.reference]) + "#relations",
            case=application.reference,
            needs=Can.DISCUSS,
        )


def _to_applicant(
    application: Application,
    kind: str,
    occasion: object,
    *,
    subject: letters.Worded,
    text: letters.Worded,
    link: str = "",
) -> None:
    letters.write(
        kind,
        application.applicant,
        occasion=f"{application.reference} {occasion}",
        subject=subject,
        text=text,
        link=link or reverse("home"),
        case=application.reference,
        needs=Can.OWN,
    )


def _to_chairs(
    application: Application,
    kind: str,
    occasion: object,
    *,
    subject: letters.Worded,
    text: letters.Worded,
    day: date,
    link: str = "",
    but: Person | None = None,
) -> None:
    for chair in access.chairs(application, day=day):
        if but is None or chair.pk != but.pk:
            letters.write(
                kind,
                chair,
                occasion=f"{application.reference} {occasion}",
                subject=subject,
                text=text,
                link=link or reverse("case", args=[application.reference]),
                case=application.reference,
                needs=Can.CHAIR,
            )
