"""The moves between the stages of an application: a table, and what reads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import access
from applicants.access import Can
from applicants.models import Application, Stage, StageMove
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused


class Move(StrEnum):
    """What can happen to a case."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    OPEN_REVIEW = "open-review"
    ASK_FURTHER_WORK = "ask-further-work"
    BACK_TO_REVIEW = "back-to-review"
    RECOMMEND = "recommend"
    TAKE_BACK = "take-back"
    OPEN_BALLOT = "open-ballot"
    SEND_BACK = "send-back"
    NO_DECISION = "no-decision"
    DECIDE = "decide"
    BRING_AGAIN = "bring-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row: from where, to where, by whom (empty: the clock alone), with a reason or not."""

    label: str
    done: str
    sources: tuple[Stage, ...]
    target: Stage | None
    who: tuple[Can, ...]
    reason: bool = False


BEFORE_DECISION = tuple(
    stage for stage in Stage if stage not in (Stage.DECIDED, Stage.WITHDRAWN, Stage.CLOSED)
)

STEPS: dict[Move, Step] = {
    Move.SUBMIT: Step(
        label=gettext_lazy("Submit application"),
        done=gettext_lazy("submitted"),
        sources=(Stage.DRAFT, Stage.RETURNED),
        target=Stage.SUBMITTED,
        who=(Can.OWN,),
    ),
    Move.RETURN: Step(
        label=gettext_lazy("Return for correction"),
        done=gettext_lazy("returned"),
        sources=(Stage.SUBMITTED,),
        target=Stage.RETURNED,
        who=(Can.CHAIR,),
        reason=True,
    ),
    Move.ACCEPT: Step(
        label=gettext_lazy("Accept application"),
        done=gettext_lazy("accepted"),
        sources=(Stage.SUBMITTED,),
        target=Stage.ACCEPTED,
        who=(Can.CHAIR,),
    ),
    Move.CLOSE: Step(
        label=gettext_lazy("Close case"),
        done=gettext_lazy("closed"),
        sources=tuple(stage for stage in BEFORE_DECISION if stage is not Stage.DRAFT),
        target=Stage.CLOSED,
        who=(Can.CHAIR,),
        reason=True,
    ),
    Move.WITHDRAW: Step(
        label=gettext_lazy("Withdraw application"),
        done=gettext_lazy("withdrawn"),
        sources=BEFORE_DECISION,
        target=Stage.WITHDRAWN,
        who=(Can.OWN,),
    ),
    Move.REOPEN: Step(
        label=gettext_lazy("Reopen case"),
        done=gettext_lazy("reopened"),
        sources=(Stage.WITHDRAWN, Stage.CLOSED),
        target=None,  # accepted or submitted, whichever the case had reached
        who=(Can.CHAIR,),
        reason=True,
    ),
    Move.OPEN_REVIEW: Step(
        label=gettext_lazy("Open review"),
        done=gettext_lazy("taken into review"),
        sources=(Stage.ACCEPTED,),
        target=Stage.UNDER_REVIEW,
        who=(Can.CHAIR,),
    ),
    Move.ASK_FURTHER_WORK: Step(
        label=gettext_lazy("Ask for further work"),
        done=gettext_lazy("sent into further work"),
        sources=(Stage.UNDER_REVIEW,),
        target=Stage.FURTHER_WORK,
        who=(Can.CHAIR,),
    ),
    Move.BACK_TO_REVIEW: Step(
        label=gettext_lazy("Return to review"),
        done=gettext_lazy("taken back into review"),
        sources=(Stage.FURTHER_WORK,),
        target=Stage.UNDER_REVIEW,
        who=(Can.CHAIR, Can.OWN),  # the applicant, by completing the last activity
    ),
    Move.RECOMMEND: Step(
        label=gettext_lazy("Record recommendation"),
        done=gettext_lazy("recommended"),
        sources=(Stage.UNDER_REVIEW,),
        target=Stage.RECOMMENDED,
        who=(Can.CHAIR,),
        reason=True,
    ),
    Move.TAKE_BACK: Step(
        label=gettext_lazy("Take recommendation back"),
        done=gettext_lazy("taken back"),
        sources=(Stage.RECOMMENDED,),
        target=Stage.UNDER_REVIEW,
        who=(Can.CHAIR,),
        reason=True,
    ),
    Move.OPEN_BALLOT: Step(
        label=gettext_lazy("Open ballot"),
        done=gettext_lazy("put before the Council"),
        sources=(Stage.RECOMMENDED,),
        target=Stage.BEFORE_COUNCIL,
        who=(Can.OPEN_BALLOT,),
    ),
    Move.SEND_BACK: Step(
        label=gettext_lazy("Send back to review"),
        done=gettext_lazy("sent back"),
        sources=(Stage.BEFORE_COUNCIL,),
        target=Stage.UNDER_REVIEW,
        who=(Can.CHAIR,),
        reason=True,
    ),
    Move.NO_DECISION: Step(
        label=gettext_lazy("Close without a decision"),
        done=gettext_lazy("closed without a decision"),
        sources=(Stage.BEFORE_COUNCIL,),
        target=Stage.RECOMMENDED,
        who=(),
    ),
    Move.DECIDE: Step(
        label=gettext_lazy("Decide"),
        done=gettext_lazy("decided"),
        sources=(Stage.BEFORE_COUNCIL, Stage.RECOMMENDED),  # from recommended: a meeting's vote
        target=Stage.DECIDED,
        who=(),
    ),
    Move.BRING_AGAIN: Step(
        label=gettext_lazy("Bring the case again"),
        done=gettext_lazy("brought again"),
        sources=(Stage.DECIDED,),
        target=Stage.UNDER_REVIEW,
        who=(Can.CHAIR,),
        reason=True,
    ),
}


def check(application: Application, move: Move, *, by: Person | None, at: datetime) -> Step:
    """The row of a move that may happen now; 404 for who may not know, Refused in words otherwise.

    The application is locked by the caller. A move without `who` is made by the clock (`by` None).
    """
    step = STEPS[move]
    day = timezone.localdate(at)
    if by is None:
        if step.who:
            raise Refused(_("This step is taken by a person."))
    elif not any(access.may(by, can, application, day=day) for can in step.who):
        raise Http404
    if application.stage not in step.sources:
        raise Refused(already(application))
    if move is Move.BRING_AGAIN and application.credentialed:
        raise Refused(_("This case ended with a credential; there is nothing to bring again."))
    return step


def already(application: Application) -> str:
    """Where the case stands now and who took it there, in words."""
    last = application.moves.select_related("by").order_by("-number").first()
    if last is None:
        return _("This application is still a draft.")
    return _("This case was already %(done)s by %(who)s on %(when)s. Nothing was changed.") % {
        "done": STEPS[Move(last.move)].done,
        "who": last.by.name if last.by else _("the clock"),
        "when": date_format(timezone.localtime(last.at), "j F Y, H:i"),
    }


def take(
    application: Application,
    move: Move,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    to: Stage | None = None,
) -> Application:
    """Move a locked application along one row of the table, with its entry in the history.

    Dates that the move makes (submitted, accepted, decided) are set by the caller beforehand,
    on the same instance; everything is saved here.
    """
    step = check(application, move, by=by, at=at)
    if step.reason and not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    source, target = Stage(application.stage), to or step.target
    if target is None:
        raise ValueError("a move without a fixed target is told one")
    number = application.moves.count() + 1
    application.stage = target
    application.save()
    StageMove.objects.create(
        application=application,
        number=number,
        move=move,
        from_stage=source,
        to_stage=target,
        at=at,
        by=by,
        reason=reason.strip(),
    )
    audit.record(
        f"application.{move}",
        application.reference,
        by=by,
        before={"stage": source},
        after={"stage": target},
    )
    return application


def open_moves(application: Application, person: Person, *, at: datetime) -> list[Move]:
    """The moves that a person may make on a case now, in the order of the table."""
    day = timezone.localdate(at)
    held = {
        can
        for can in (Can.OWN, Can.CHAIR, Can.OPEN_BALLOT)
        if access.may(person, can, application, day=day)
    }
    return [
        move
        for move, step in STEPS.items()
        if application.stage in step.sources
        and held & set(step.who)
        and not (move is Move.BRING_AGAIN and application.credentialed)
    ]
