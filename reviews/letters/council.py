"""Letters about ballots, decisions, dossiers and credentials: that something is there, and where.

None says how somebody voted, what was recommended or what was decided.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Credential, CredentialStatus, Person, Role
from credentialing.people.queries import holders
from credentialing.records import letters
from credentialing.records.letters import dated
from credentialing.records.letters import words as _
from credentialing.records.models import Job
from reviews.models import Appeal, AppealAnswer, Ballot, Dossier, MeetingVote, StatusChange


def _tell(
    people: Iterable[Person],
    kind: str,
    application: Application,
    *,
    occasion: str,
    subject: letters.Worded,
    text: letters.Worded,
    link: str,
    needs: Can,
) -> None:
    """One letter to each of these people, about a case on which they need this permission."""
    for person in people:
        letters.write(
            kind,
            person,
            occasion=occasion,
            subject=subject,
            text=text,
            link=link,
            case=application.reference,
            needs=needs,
        )


def ballot_opened(application: Application, ballot: Ballot, to: Iterable[Person]) -> None:
    """To each elector: a case waits for your vote."""
    _tell(
        to,
        "ballot-opened",
        application,
        occasion=f"ballot {ballot.pk}",
        subject=_("A case is before the Council"),
        text=_(
            "The case %(reference)s waits for your vote until %(closes)s. You find the dossier "
            "and the ballot on its page. If you can't vote on this case, say so there."
        )
        % {"reference": application.reference, "closes": _moment(ballot)},
        link=reverse("ballot", args=[application.reference]),
        needs=Can.ELECT,
    )


def closes_soon(ballot: Ballot, step: timedelta, at: datetime) -> None:
    """To each elector who has not voted: the ballot closes within two days."""
    application = ballot.recommendation.application
    late = ballot.electors.filter(recused_at__isnull=True, vote__isnull=True)
    _tell(
        [seat.person for seat in late.select_related("person").order_by("pk")],
        "ballot-closes-soon",
        application,
        occasion=f"ballot {ballot.pk}",
        subject=_("A ballot closes soon"),
        text=_(
            "The ballot on the case %(reference)s closes on %(closes)s, and your vote is not "
            "there yet."
        )
        % {"reference": application.reference, "closes": _moment(ballot)},
        link=reverse("ballot", args=[application.reference]),
        needs=Can.ELECT,
    )


def ballot_withdrawn(application: Application, ballot: Ballot, to: Iterable[Person]) -> None:
    """To each elector: there is nothing to vote on any more."""
    _tell(
        to,
        "ballot-withdrawn",
        application,
        occasion=f"ballot {ballot.pk}",
        subject=_("A ballot was withdrawn"),
        text=_("The case %(reference)s is no longer before the Council. No vote was counted.")
        % {"reference": application.reference},
        link=reverse("council"),
        needs=Can.SEE_OUTCOME,
    )


def ballot_closed(application: Application, ballot: Ballot, to: Iterable[Person]) -> None:
    """To those who had a seat, the Chairs and the office: the ballot is closed, read the result."""
    text = _(
        "The Council's vote on the case %(reference)s is closed. Its page says what came of it."
    )
    day = timezone.localdate(ballot.closed_at)
    said = {
        "occasion": f"ballot {ballot.pk}",
        "subject": _("A ballot is closed"),
        "text": text % {"reference": application.reference},
    }
    _tell(
        to,
        "ballot-closed",
        application,
        link=reverse("ballot", args=[application.reference]),
        needs=Can.SEE_OUTCOME,
        **said,
    )
    _tell(
        access.chairs(application, day=day),
        "ballot-closed-chair",
        application,
        link=reverse("case", args=[application.reference]),
        needs=Can.CHAIR,
        **said,
    )
    _tell(
        _office(application, day=day),
        "ballot-closed-office",
        application,
        link=reverse("office-case", args=[application.reference]),
        needs=Can.OPERATE,
        **said,
    )


def decided(application: Application, ballot: Ballot) -> None:
    """To the applicant: the Council has decided."""
    _tell(
        [application.applicant],
        "decision",
        application,
        occasion=f"ballot {ballot.pk}",
        subject=_("The Council has decided on your application"),
        text=_("Sign in to read the Council's decision on your application."),
        link=reverse("decision"),
        needs=Can.OWN,
    )


def appealed(application: Application, appeal: Appeal, *, day: date) -> None:
    """To the Chairs: an appeal waits for an answer; not what it says."""
    _tell(
        access.chairs(application, day=day),
        "appeal",
        application,
        occasion=f"appeal {appeal.pk}",
        subject=_("An appeal waits for an answer"),
        text=_("On the case %(reference)s an appeal waits for the Chair's answer.")
        % {"reference": application.reference},
        link=reverse("answer-appeal", args=[application.reference]),
        needs=Can.CHAIR,
    )


def appeal_answered(application: Application, answer: AppealAnswer) -> None:
    """To the applicant: the answer is there."""
    _tell(
        [application.applicant],
        "appeal-answered",
        application,
        occasion=f"appeal {answer.appeal_id}",
        subject=_("Your appeal is answered"),
        text=_("Sign in to read the answer to your appeal."),
        link=reverse("decision"),
        needs=Can.OWN,
    )


def held(application: Application, ballot: Ballot, *, day: date) -> None:
    """To the Chairs and the office: a decision waits for a ruling on the membership."""
    people = {*access.chairs(application, day=day), *_office(application, day=day)}
    _tell(
        sorted(people, key=lambda person: person.pk),
        "decision-held",
        application,
        occasion=f"ballot {ballot.pk}",
        subject=_("A decision waits for a ruling"),
        text=_(
            "The ballot on the case %(reference)s has ended, and its decision waits: the "
            "applicant's membership raises a question on which the Committee has to rule."
        )
        % {"reference": application.reference},
        link=reverse("open-ballot", args=[application.reference]),
        needs=Can.OPEN_BALLOT,
    )


def meeting_vote_entered(application: Application, vote: MeetingVote, *, day: date) -> None:
    """To the other officers: a meeting's vote waits for a second one to confirm it."""
    people = {*access.chairs(application, day=day), *_office(application, day=day)}
    _tell(
        sorted(people - {vote.entered_by}, key=lambda person: person.pk),
        "meeting-vote-entered",
        application,
        occasion=f"meeting vote {vote.pk}",
        subject=_("A meeting's vote waits to be confirmed"),
        text=_(
            "A vote that the Council took in a meeting was entered for the case %(reference)s. "
            "Compare it with the minutes, then confirm or refuse it."
        )
        % {"reference": application.reference},
        link=reverse("confirm-meeting-vote", args=[application.reference, vote.pk]),
        needs=Can.OPEN_BALLOT,
    )


def dossier_issued(application: Application, dossier: Dossier, *, day: date) -> None:
    """To the Chairs: the office issued a dossier."""
    _tell(
        access.chairs(application, day=day),
        "dossier-issued",
        application,
        occasion=f"dossier {dossier.pk}",
        subject=_("A dossier was issued"),
        text=_(
            "The office issued a dossier of the case %(reference)s (%(edition)s, no. %(number)d)."
        )
        % {
            "reference": application.reference,
            "edition": Dossier.Edition(dossier.edition).label,
            "number": dossier.number,
        },
        link=reverse("case", args=[application.reference]),
        needs=Can.CHAIR,
    )


def dossier_of_yours(application: Application, dossier: Dossier) -> None:
    """To the applicant: a dossier of yours is there."""
    _tell(
        [application.applicant],
        "dossier-of-yours",
        application,
        occasion=f"dossier {dossier.pk}",
        subject=_("Your dossier was issued"),
        text=_("A dossier of your application is ready to download."),
        link=reverse("decision"),
        needs=Can.OWN,
    )


def many_dossiers_asked(job: Job, cases: int, *, day: date) -> None:
    """To the Chairs: the office asked for the dossiers of many cases at once."""
    for person in holders(Role.Kind.CHAIR, Role.Kind.DEPUTY, day=day):
        letters.write(
            "dossiers-exported",
            person,
            occasion=f"job {job.pk}",
            subject=_("The office exports dossiers"),
            text=letters.words(
                ngettext_lazy(
                    "The office has asked for the dossier of one case as a file.",
                    "The office has asked for the dossiers of %(n)d cases as one file.",
                    cases,
                )
            )
            % {"n": cases},
            link=reverse("cases"),
        )


def dossier_opened(application: Application, dossier: Dossier, entry: int, *, day: date) -> None:
    """To the Chairs: the office opened a dossier; `entry` is its line of the audit trail."""
    _tell(
        access.chairs(application, day=day),
        "dossier-opened",
        application,
        occasion=f"entry {entry}",
        subject=_("A dossier was opened by the office"),
        text=_(
            "The office opened a dossier of the case %(reference)s (%(edition)s, no. %(number)d)."
        )
        % {
            "reference": application.reference,
            "edition": Dossier.Edition(dossier.edition).label,
            "number": dossier.number,
        },
        link=reverse("case", args=[application.reference]),
        needs=Can.CHAIR,
    )


def status_change_entered(change: StatusChange, officers: Iterable[Person]) -> None:
    """To the other officers: a change of a credential waits for a second one to confirm it."""
    credential = change.credential
    for person in officers:
        if person.pk != change.entered_by_id:
            letters.write(
                "status-change-entered",
                person,
                occasion=f"status change {change.pk}",
                subject=_("A change of a credential waits to be confirmed"),
                text=_(
                    "What the Council decided on a credential was entered. Compare it with the "
                    "decision, then confirm or refuse it."
                ),
                link=reverse("confirm-status-change", args=[credential.number, change.pk]),
                case=credential.case,
                needs=Can.OPEN_BALLOT if credential.case else "",
            )


def credential_status(credential: Credential, status: CredentialStatus) -> None:
    """To the holder: the status of your credential has changed."""
    letters.write(
        "credential-status",
        credential.person,
        occasion=f"status {status.pk}",
        subject=_("The status of your credential has changed"),
        text=_("Its public page shows the status from the day on from which it holds."),
        link=reverse("verify", args=[credential.number]),
    )


def _office(application: Application, *, day: date) -> Iterable[Person]:
    return holders(Role.Kind.ADMINISTRATOR, day=day).exclude(pk=application.applicant_id)


def _moment(ballot: Ballot) -> Promise:
    return dated(timezone.localtime(ballot.closes_at), "DATETIME_FORMAT")
