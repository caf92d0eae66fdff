"""The audit trail as a file, asked for by the office; and whether it is still what was sealed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credentialing.office.forms import TrailFilter
from credentialing.office.queries import trail
from credentialing.people.models import Person, Role
from credentialing.people.operations import tell_chair
from credentialing.records import audit, jobs, letters
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import AuditEntry, Job, Seal, TrailCheck
from credentialing.records.refusals import Refused
from credentialing.records.tables import write_csv

COLUMNS = ("Entry", "When", "What", "Act", "By", "Person", "Case", "Record")


@transaction.atomic
def ask_trail(chosen: Mapping[str, str], *, by: Person) -> Job:
    """Ask for the entries that fit as a file; the Chair is told that it was asked for."""
    form = TrailFilter(chosen)
    if not form.is_valid():
        raise Refused(_("One of the filters isn’t known. Choose again on the page of the trail."))
    told = form.told()
    job = jobs.ask("audit-export", by=by, page=reverse("audit"), chosen=told)
    audit.record("audit.exported", by=by, record=f"job {job.pk}", after={"filters": sorted(told)})
    tell_chair(
        "audit-exported",
        occasion=f"job {job.pk}",
        subject=gettext_lazy("The audit trail was taken out as a file"),
        text=letters.words(
            gettext_lazy(
                "%(name)s, of the office, has asked for entries of the audit trail as a file."
            )
        )
        % {"name": by.name},
        link="/",
    )
    return job


def work_trail(job: Job, progress: Progress) -> Outcome:
    """The entries that fit, as the page shows them, and no more of them: no content."""
    form = TrailFilter(job.parameters["chosen"])
    form.full_clean()
    found = trail.entries(job.by, **form.cleaned_data)
    total = found.count()

    def rows() -> Iterator[tuple[object, ...]]:
        for done, entry in enumerate(found.iterator(chunk_size=2000)):
            progress(done, total, _("Writing the entries"))
            yield _row(entry)

    content = write_csv(COLUMNS, rows())
    said = ngettext("One entry.", "%(n)d entries.", total) % {"n": total}
    day = timezone.localdate(job.asked_at)
    return Outcome(text=said, name=f"audit-trail-{day.isoformat()}.csv", content=content)


def _row(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.pk,
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        trail.said(entry.act),
        entry.act,
        entry.actor.name if entry.actor else "",
        entry.actor_id or "",
        entry.case,
        entry.record,
    )


def check_trail(
    *, at: datetime, told: Callable[[int, int], None] = lambda done, total: None
) -> TrailCheck:
    """Read all of the sealed trail, and note whether it holds."""
    head = audit.head()
    return _note(head, next(audit.faults(head, told), ""), at=at)


@transaction.atomic
def _note(head: Seal | None, fault: str, *, at: datetime) -> TrailCheck:
    """Note what was found. When the trail breaks, the officers are told, once."""
    TrailCheck.objects.bulk_create([TrailCheck(pk=1, begun_at=at, up_to=0)], ignore_conflicts=True)
    check = TrailCheck.objects.select_for_update().get()
    if check.begun_at > at:
        return check  # somebody who began later was done sooner
    broke, mended = fault and not check.fault, check.fault and not fault
    check.begun_at, check.up_to, check.fault = at, head.last if head else 0, fault[:300]
    check.save()
    if broke or mended:
        act = "trail.broken" if broke else "trail.mended"
        entry = audit.record(act, by=None, after={"up_to": check.up_to, "fault": fault})
    if broke:
        _tell(
            "trail-broken",
            at,
            occasion=f"entry {entry.pk}",
            subject=gettext_lazy("The audit trail is not what was sealed"),
            text=gettext_lazy(
                "An entry of the audit trail was changed, added or removed after it had been "
                "sealed. Let whoever runs the system look at it. Pages say so until it holds again."
            ),
        )
    elif head and not fault:
        year, week, _day = timezone.localdate(at).isocalendar()
        _tell(
            "trail-seal",
            at,
            occasion=f"{year}, week {week}",
            subject=gettext_lazy("The seal of the audit trail"),
            text=letters.words(
                gettext_lazy(
                    "The audit trail holds up to its entry %(entry)d. This is its seal:\n\n"
                    "%(seal)s\n\nKeep this letter. Whoever runs the system can tell by the seal "
                    "whether a later trail still begins as this one does."
                )
            )
            % {"entry": head.last, "seal": head.digest},
        )
    return check


def _tell(
    kind: str, at: datetime, *, occasion: str, subject: letters.Worded, text: letters.Worded
) -> None:
    seats = Role.objects.on(timezone.localdate(at)).filter(kind__in=trail.WATCHMEN)
    for person in Person.objects.filter(pk__in=seats.values("person")).order_by("pk"):
        letters.write(kind, person, occasion=occasion, subject=subject, text=text, link="/")


def work_check(job: Job, progress: Progress) -> Outcome:
    """The same as long work, for who asks now."""
    check = check_trail(at=timezone.now(), told=progress)
    return Outcome(
        text=_("The trail is not what was sealed.") if check.fault else _("The trail holds.")
    )
