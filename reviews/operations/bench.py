"""The policy bench: what a draft procedure would change for the cases that go on.

Nothing of a case is written. The draft travels with the job and is gone when the work is done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.people.models import Person
from credentialing.records import audit, jobs
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.records.tables import write_csv
from credentialing.rules import Procedure, RulesError, read_procedure
from credentialing.standing.lines import outcome
from credentialing.standing.queries import Standing
from reviews.queries import cases as all_cases
from reviews.queries import listing
from reviews.queries.lines import title
from reviews.queries.readiness import SETTLED

LONGEST = 200_000  # characters of a draft
AT_ONCE = 100
COLUMNS = (
    gettext_lazy("Reference"),
    gettext_lazy("Applicant"),
    gettext_lazy("Requirement"),
    gettext_lazy("Effect"),
    gettext_lazy("Today"),
    gettext_lazy("Under the draft"),
)
GAINS, LOSES, READY, NO_LONGER, BROKEN = (
    gettext_lazy("gains"),
    gettext_lazy("loses"),
    gettext_lazy("becomes ready for review"),
    gettext_lazy("is no longer ready for review"),
    gettext_lazy("can’t be judged"),
)


def read_draft(text: str, name: str) -> Procedure:
    """The draft as a procedure; Refused with the file, the table and the key that is wrong."""
    if len(text) > LONGEST:
        raise Refused(_("This file is too large for a procedure."), field="file")
    try:
        return read_procedure(text, name)
    except RulesError as wrong:
        raise Refused(str(wrong), field="file") from wrong


@transaction.atomic
def ask_bench(text: str, *, name: str, by: Person) -> Job:
    """Ask what a draft would change; it is read whole before anything is begun."""
    draft = read_draft(text, name)
    job = jobs.ask(
        "policy-bench", by=by, page=reverse("policy-bench"), draft=text, name=name, id=draft.id
    )
    audit.record("bench.asked", by=by, record=f"job {job.pk}", after={"id": draft.id})
    return job


def work_bench(job: Job, progress: Progress) -> Outcome:
    """Judge each case that goes on under its procedure and under the draft, and tell them apart."""
    day = timezone.localdate()
    draft = read_draft(job.parameters["draft"], job.parameters["name"])
    found = all_cases.table(job.by, day=day, stage="live", order="name")
    total = found.count()
    rows: list[tuple[str, ...]] = []
    touched: dict[Any, set[str]] = {GAINS: set(), LOSES: set()}
    judged = 0
    for run in listing.chunks(found, AT_ONCE):
        progress(judged, total, _("Judging each case twice"))
        for now in all_cases.stands(run, day):
            for requirement, effect, before, after in effects(now, draft):
                case = now.application
                rows.append(
                    (
                        case.reference,
                        case.applicant.name,
                        requirement,
                        str(effect),
                        before,
                        after,
                    )
                )
                if effect in touched:
                    touched[effect].add(case.reference)
            judged += 1
    kept = {name: value for name, value in job.parameters.items() if name != "draft"}
    Job.objects.filter(pk=job.pk).update(parameters=kept)
    return Outcome(
        text=_("Of %(total)d cases, %(gain)d gain and %(lose)d lose something under %(id)s.")
        % {
            "total": total,
            "gain": len(touched[GAINS]),
            "lose": len(touched[LOSES]),
            "id": draft.id,
        },
        name=f"bench-{draft.id}-{day.isoformat()}.csv",
        content=write_csv([str(column) for column in COLUMNS], rows),
        cases=sorted({row[0] for row in rows}),
    )


def effects(now: Standing, draft: Procedure) -> Iterator[tuple[str, Any, str, str]]:
    """What a draft changes for one case: requirement, effect, how it stands today and then."""
    then = replace(now, procedure=draft)
    try:
        after = then.entries
    except RulesError as wrong:
        yield "", BROKEN, "", str(wrong)
        return
    for key in dict.fromkeys([*now.entries, *after]):
        old, new = now.entries.get(key), after.get(key)
        less = _weight(new) < _weight(old)
        more = _weight(new) > _weight(old)
        if less or more:
            yield (
                str(title(key)),
                GAINS if less else LOSES,
                outcome(now, old) if old else _("Not asked for."),
                outcome(then, new) if new else _("Not asked for."),
            )
    if now.ready_for_review != then.ready_for_review:
        effect = READY if then.ready_for_review else NO_LONGER
        yield _("Ready for review"), effect, "", ""


def _weight(entry: Mapping[str, Any] | None) -> tuple[bool, int, bool]:
    """How much a requirement still asks: settled or not, what remains, a question."""
    if entry is None or entry["status"] in ("waived", "not-applicable"):
        return False, 0, False
    return entry["status"] not in SETTLED, entry["remaining"], entry["decision_due"]
