"""The stages of a case as the applicant sees them: a line of steps, and what comes next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application, Stage, StageMove
from applicants.stages import Move
from credentialing.standing.queries import Standing

TRACK = (
    Stage.DRAFT,
    Stage.SUBMITTED,
    Stage.ACCEPTED,
    Stage.UNDER_REVIEW,
    Stage.RECOMMENDED,
    Stage.BEFORE_COUNCIL,
    Stage.DECIDED,
)
# Stages beside the track stand in the place of one of it.
BESIDE = {Stage.RETURNED: Stage.SUBMITTED, Stage.FURTHER_WORK: Stage.UNDER_REVIEW}
# Where it is somebody else's turn.
WAITING = (Stage.SUBMITTED, Stage.UNDER_REVIEW, Stage.RECOMMENDED, Stage.BEFORE_COUNCIL)
# While there is something to go on with, so that a day ahead can be told.
UNDER_WAY = (
    Stage.DRAFT,
    Stage.SUBMITTED,
    Stage.RETURNED,
    Stage.ACCEPTED,
    Stage.FURTHER_WORK,
)
# Moves whose reason is written for the applicant.
EXPLAINED = (Move.RETURN, Move.CLOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What comes next, in a sentence; and where the applicant can do something, the way there."""

    text: str | Promise
    label: str | Promise = ""
    name: str = ""

    @property
    def url(self) -> str:
        return reverse(self.name) if self.name else ""


NEXT: dict[Stage, Next] = {
    Stage.DRAFT: Next(
        text=gettext_lazy("Complete your application and submit it."),
        label=gettext_lazy("Continue the application"),
        name="application",
    ),
    Stage.SUBMITTED: Next(
        text=gettext_lazy(
            "The Chair looks at your application. You can log your group's evenings meanwhile: "
            "they count from the day on which you submitted."
        ),
        label=gettext_lazy("Record an evening"),
        name="log-evening",
    ),
    Stage.RETURNED: Next(
        text=gettext_lazy("Correct your application and submit it again."),
        label=gettext_lazy("Correct the application"),
        name="application",
    ),
    Stage.ACCEPTED: Next(
        text=gettext_lazy("Go on with your group, its debriefings, and your supervision."),
        label=gettext_lazy("Record an evening"),
        name="log-evening",
    ),
    Stage.UNDER_REVIEW: Next(text=gettext_lazy("The Committee reviews your case.")),
    Stage.FURTHER_WORK: Next(
        text=gettext_lazy("You and the Committee agree on further work, with dates."),
        label=gettext_lazy("See the timeline"),
        name="timeline",
    ),
    Stage.RECOMMENDED: Next(
        text=gettext_lazy("The Committee has made its recommendation to the Council.")
    ),
    Stage.BEFORE_COUNCIL: Next(text=gettext_lazy("Your case is before the Council.")),
    Stage.DECIDED: Next(
        text=gettext_lazy("The Council has decided."),
        label=gettext_lazy("Read the decision"),
        name="decision",
    ),
    Stage.WITHDRAWN: Next(
        text=gettext_lazy("You withdrew this application. Your logs stay; you can apply again.")
    ),
    Stage.CLOSED: Next(
        text=gettext_lazy("The Chair closed this case. Your logs stay; you can apply again.")
    ),
}
READY = Next(text=gettext_lazy("Everything is there. The Committee opens the review next."))
FIRST_GROUP = Next(
    text=gettext_lazy("Enter the group that you lead; then you can log its evenings."),
    label=gettext_lazy("Enter a group"),
    name="new-group",
)
CAN_APPLY_AGAIN = (Stage.WITHDRAWN, Stage.CLOSED)


def track(application: Application, last: StageMove | None) -> list[tuple[str, str]]:
    """The stages with their state, for the component of that name."""
    stage = Stage(application.stage)
    ended = stage in CAN_APPLY_AGAIN
    reached = _reached(application, last) if ended else stage
    place = TRACK.index(BESIDE.get(reached, reached))
    done = [(capital(Stage(each)), "done") for each in TRACK[:place]]
    if ended:
        return [*done, (capital(reached), "done"), (capital(stage), "stopped")]
    state = "waiting" if stage in WAITING else "current"
    if stage is Stage.DECIDED:
        state = "done"
    to_do = [(capital(Stage(each)), "to-do") for each in TRACK[place + 1 :]]
    return [*done, (capital(stage), state), *to_do]


def _reached(application: Application, last: StageMove | None) -> Stage:
    """The stage in which an application ended; of one brought in from elsewhere, by its dates."""
    if last:
        return Stage(last.from_stage)
    if application.accepted_on:
        return Stage.ACCEPTED
    return Stage.SUBMITTED if application.submitted_on else Stage.DRAFT


def next_step(now: Standing) -> Next:
    """What comes next in this case."""
    stage = Stage(now.application.stage)
    if stage is Stage.ACCEPTED and now.ready_for_review:
        return READY
    step = NEXT[stage]
    return FIRST_GROUP if step.name == "log-evening" and not now.portfolio["groups"] else step


def reason(last: StageMove | None) -> str:
    """Why the case was returned or closed, if that is the last that happened to it."""
    return last.reason if last and last.move in EXPLAINED else ""


def capital(stage: Stage) -> str:
    """The name of a stage as a line of its own."""
    said = str(stage.label)
    return _("Before the Council") if stage is Stage.BEFORE_COUNCIL else said[:1].upper() + said[1:]
