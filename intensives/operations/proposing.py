"""A placement is worked out in the background; nothing is placed before the Chair confirms it."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applicants import access
from applicants.access import Can
from credentialing.people.models import Person
from credentialing.records import audit, jobs
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from intensives import queries
from intensives.models import Enrolment, Intensive, ProposedPlacement
from intensives.operations.placement import check_faculty_once, place_all
from intensives.proposal import Proposal, Step, Task

DOING = {
    Step.EVERYBODY: gettext_lazy("Finding a group for everybody"),
    Step.FULLEST: gettext_lazy("Balancing the candidates"),
    Step.RELATED: gettext_lazy("Looking for evaluators without a relation"),
    Step.LOAD: gettext_lazy("Sharing the evaluators’ load"),
    Step.UNWISHED: gettext_lazy("Following what was asked for"),
    Step.SPREAD: gettext_lazy("Balancing the groups"),
    Step.OFFICERS: gettext_lazy("Keeping officers free for the case"),
    Step.REASONS: gettext_lazy("Finding out why not everybody has a place"),
    Step.WAYS: gettext_lazy("Looking for what would free it"),
}


@transaction.atomic
def ask_for_proposal(intensive: Intensive, *, by: Person, at: datetime) -> Job:
    """Ask the worker for a placement of all who have none and on whose cases one acts as Chair."""
    day = timezone.localdate(at)
    if not queries.unplaced(intensive, access.visible(by, Can.CHAIR, day=day)):
        raise Refused(_("Every candidate of yours is placed."))
    if intensive.has_begun(day):
        raise Refused(_("The intensive has begun. Place who comes now by hand, with a reason."))
    for group in queries.groups_of(intensive):
        check_faculty_once(group)
    audit.record("placement.asked", by=by, record=f"intensive {intensive.pk}")
    page = reverse("propose-placement", args=[intensive.pk])
    return jobs.ask("placement", by=by, page=page, intensive=intensive.pk)


def work_out(job: Job, progress: Progress) -> Outcome:
    """The worker's part: the best placement of today's record, kept for who asked."""
    # Large, and of use to nobody but the worker.
    from intensives.proposal.solving import solve  # noqa: PLC0415

    intensive = Intensive.objects.get(pk=job.parameters["intensive"])
    now = timezone.now()
    day = timezone.localdate(now)
    rows = queries.unplaced(intensive, access.visible(job.by, Can.CHAIR, day=day))
    if not rows:
        raise Refused(_("Every candidate is placed."))
    task = queries.to_solve(intensive, rows, day=day)
    answer = solve(task, lambda done, total, step: progress(done, total, str(DOING[step])))
    keep_proposal(intensive, task, answer, by=job.by, at=now)
    said = ngettext(
        "One candidate has a place.", "%(n)d candidates have a place.", len(answer.places)
    ) % {"n": len(answer.places)}
    if answer.left_out:
        said += " " + ngettext(
            "For one there is none; the page says why, and what would free it.",
            "For %(n)d there is none; the page says why, and what would free it.",
            len(answer.left_out),
        ) % {"n": len(answer.left_out)}
    return Outcome(text=said)


@transaction.atomic
def keep_proposal(
    intensive: Intensive, task: Task, answer: Proposal, *, by: Person, at: datetime
) -> ProposedPlacement:
    """Keep what was found, with the digest of what was asked; the newest is shown."""
    return ProposedPlacement.objects.create(
        intensive=intensive,
        by=by,
        at=at,
        asked_of=queries.digest_of(task),
        content=answer.plain(),
    )


@transaction.atomic
def confirm_proposal(
    intensive: Intensive, *, proposal: int, disclosed: bool, by: Person, at: datetime
) -> list[Enrolment]:
    """Place everybody as proposed; every check of a single placement holds for each."""
    kept = ProposedPlacement.objects.filter(pk=proposal, intensive=intensive, by=by).first()
    if kept is None:
        raise Http404
    day = timezone.localdate(at)
    rows = queries.unplaced(intensive, access.visible(by, Can.CHAIR, day=day))
    shown = queries.shown(kept, rows, day=day)
    if not shown.stands:
        raise Refused(_("The record has changed since this was worked out. Work it out again."))
    return place_all(
        [(place.row, place.group, place.evaluator) for place in shown.places],
        disclosed=disclosed,
        by=by,
        at=at,
    )
