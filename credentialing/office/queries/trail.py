"""The audit trail as the office reads it: filtered, in words, and who opened what of a case."""

from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from credentialing.people.models import Person, Role
from credentialing.records.models import AuditEntry, TrailCheck
from reviews.queries.history import ACTS

SEEN = "seen"
# Who is told that the trail is not what was sealed, and given its seals to keep.
WATCHMEN = frozenset({Role.Kind.CHAIR, Role.Kind.ADMINISTRATOR})
OPENINGS = (
    "document.opened",
    "document.previewed",
    "dossier.downloaded",
    "dossier.exported",
    "job.file-opened",
)


def said(act: str) -> str:
    """An act in words. Its name is made of them: `vote.cast`, `role.given`."""
    words = act.replace(".", " ").replace("-", " ")
    return str(ACTS.get(act, words[:1].upper() + words[1:]))


def acts() -> list[tuple[str, Any]]:
    """What the trail can be filtered by: all, what was opened, and each act that it holds."""
    known = sorted(((act, said(act)) for act in _held()), key=lambda pair: pair[1])
    return [("", _("everything")), (SEEN, _("openings of files")), *known]


def _held() -> list[str]:
    """Each act that the trail holds, by a look into its index for each, however long it is."""
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE held(act) AS (
                SELECT min(act) FROM {table}
                UNION ALL
                SELECT (SELECT min(act) FROM {table} WHERE act > held.act)
                FROM held WHERE held.act IS NOT NULL
            )
            SELECT act FROM held WHERE act IS NOT NULL
            """  # noqa: S608 - the name of our own table
        )
        return [act for (act,) in cursor.fetchall()]


def entries(
    reader: Person,
    *,
    act: str = "",
    case: str = "",
    name: str = "",
    person: Person | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """What fits, newest first. For the own case a role shows nothing."""
    own = Application.objects.filter(applicant=reader).values("reference")
    wanted = Q()
    if act:
        wanted &= Q(act__in=OPENINGS) if act == SEEN else Q(act=act)
    if case:
        wanted &= Q(case=case)
    if name:
        wanted &= Q(actor__name__icontains=name)
    if person:
        wanted &= Q(actor=person) | Q(record=f"person {person.pk}")
    if since:
        wanted &= Q(at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    if until:
        wanted &= Q(at__lte=timezone.make_aware(datetime.combine(until, time.max)))
    found = AuditEntry.objects.select_related("actor").exclude(case__in=own)
    return found.filter(wanted).order_by("-pk")


def readers(found: QuerySet[AuditEntry]) -> list[dict[str, Any]]:
    """Who opened files of a case, how often and when last; the latest first."""
    people = found.filter(actor__isnull=False).order_by().values("actor_id", "actor__name")
    return list(people.annotate(times=Count("pk"), last=Max("at")).order_by("-last", "actor_id"))


def last_check() -> TrailCheck | None:
    """What the newest look at the sealed trail has found; None before the first."""
    return TrailCheck.objects.first()


def is_broken_for(roles: frozenset[str]) -> bool:
    """Whether that look has found a fault and these roles are to know."""
    return bool(WATCHMEN & roles) and TrailCheck.objects.exclude(fault="").exists()
