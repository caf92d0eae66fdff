"""All cases beside each other: as a table, as rows for a file, and as pictures."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application, Stage, StageMove
from credentialing.people.models import Person
from credentialing.rules import words
from credentialing.rules.measures import Submitted
from credentialing.standing.queries import Standing
from reviews.queries.cases import LIVE, SILENT, readable
from reviews.queries.files import DRAWN, stage
from reviews.queries.lines import title
from reviews.queries.readiness import gaps

# Headings of the table, where there is little room.
SHORT = {
    "intensives-participant": gettext_lazy("Intensives"),
    "intensive-candidate": gettext_lazy("Final intensive"),
}
LATELY = timedelta(days=91)


def table(standings: Iterable[Standing]) -> dict[str, Any]:
    """The columns and rows of the table of cases; what is counted is drawn, each in its column."""
    standings = list(standings)
    drawn = _counted(standings)
    columns = [
        {"label": _("Applicant")},
        {"label": _("Stage")},
        *({"label": SHORT.get(key) or title(key)} for key in drawn),
        {"label": _("Remaining")},
        {"label": _("Pace")},
        {"label": _("Last activity")},
        {"label": _("Flags")},
    ]
    return {"columns": columns, "rows": [_row(now, drawn) for now in standings]}


def _counted(standings: Iterable[Standing]) -> list[str]:
    """The requirements of which something is counted in any of these cases."""
    found: dict[str, None] = {}
    for now in standings:
        found |= dict.fromkeys(
            each.id
            for each in now.procedure.requirements
            if not isinstance(each.measure, Submitted) and now.entries[each.id]["required"]
        )
    return list(found)


def _row(now: Standing, drawn: list[str]) -> list[Any]:
    case = now.application
    at = case.last_activity  # type: ignore[attr-defined]
    return [
        {"text": case.applicant.name, "url": reverse("case", args=[case.reference])},
        stage(case),
        *({"entry": now.entries[key]} if key in now.entries else "" for key in drawn),
        words.summary(now.data, now.procedure),
        pace(now),
        date_format(timezone.localtime(at), "j M Y") if at else "",
        ", ".join(flags(now)),
    ]


def pace(now: Standing) -> str:
    """How often the applicant's groups met in the last three months, a month."""
    since = (now.as_of - LATELY).isoformat()
    met = sum(
        since < meeting["date"] <= now.as_of.isoformat() for meeting in now.portfolio["meetings"]
    )
    return _("%(n)s a month") % {"n": f"{met / 3:.1f}"} if met else _("none lately")


def flags(now: Standing) -> list[str]:
    """What makes a case worth a look: a question, a lapse, a silence."""
    case = now.application
    at = case.last_activity  # type: ignore[attr-defined]
    if case.stage not in LIVE:
        return []
    found = {
        _("question for the Committee"): any(
            entry["decision_due"] for entry in now.entries.values()
        ),
        _("membership lapsed"): bool(gaps(now)),
        _("membership not confirmed"): case.membership_unconfirmed,
        _("silent for six months"): at is None or timezone.localdate(at) < now.as_of - SILENT,
    }
    return [word for word, holds in found.items() if holds]


# --- For a file ----------------------------------------------------------------------------------


def heads(standings: Iterable[Standing]) -> tuple[list[str], list[str]]:
    """The counted requirements, and the headings of a file of cases."""
    drawn = _counted(standings)
    named = [str(title(key)) for key in drawn]
    fixed = [_("Reference"), _("Applicant"), _("Stage"), _("Submitted"), _("Accepted")]
    counts = [
        head
        for name in named
        for head in (_("%(name)s: done") % {"name": name}, _("%(name)s: needed") % {"name": name})
    ]
    return drawn, [*fixed, *counts, _("Remaining"), _("Pace"), _("Last activity"), _("Flags")]


def record(now: Standing, drawn: list[str]) -> list[object]:
    """One case as a row of a file."""
    case = now.application
    at = case.last_activity  # type: ignore[attr-defined]
    counts: list[object] = []
    for key in drawn:
        entry = now.entries.get(key)
        counts += [entry["done"], entry["required"]] if entry else ["", ""]
    return [
        case.reference,
        case.applicant.name,
        str(case.get_stage_display()),
        case.submitted_on,
        case.accepted_on,
        *counts,
        words.summary(now.data, now.procedure),
        pace(now),
        timezone.localdate(at) if at else None,
        ", ".join(flags(now)),
    ]


# --- Pictures ------------------------------------------------------------------------------------

KINDS = (
    ("progress", gettext_lazy("going on")),
    ("done", gettext_lazy("credentialed")),
    ("wrong", gettext_lazy("not credentialed")),
    ("idle", gettext_lazy("withdrawn or closed")),
)


def pictures(person: Person, *, day: date) -> dict[str, Any]:
    """The cases that a person reads by stage, by waiting, and by year, each drawn and told."""
    moved = StageMove.objects.filter(application=OuterRef("pk")).order_by("-number")
    cases = list(
        readable(person, day=day).annotate(moved_at=Subquery(moved.values("at")[:1])).order_by("pk")
    )
    return {
        "pipeline": _pipeline(cases),
        "waiting": _waiting(cases, day),
        "cohorts": _cohorts(cases),
        "kinds": KINDS,
    }


def _bars(parts: Iterable[tuple[str, int]], most: int) -> list[dict[str, Any]]:
    """The parts of one bar beside each other, on a scale on which the longest has 100."""
    found, left = [], 0.0
    for kind, number in parts:
        width = 100 * number / (most or 1)
        if number:
            found.append({"kind": kind, "x": f"{left:.2f}", "width": f"{width:.2f}"})
        left += width
    return found


def _pipeline(cases: list[Application]) -> list[dict[str, Any]]:
    counts = Counter(case.stage for case in cases)
    most = max(counts.values(), default=0)
    return [
        {
            "label": Stage(name).label,
            "number": counts[name],
            "bars": _bars([(DRAWN[Stage(name)], counts[name])], most),
        }
        for name in Stage
        if name != Stage.DRAFT
    ]


def _waiting(cases: list[Application], day: date) -> list[dict[str, Any]]:
    """How many days the cases of each stage have been in it: the middle one, and the longest."""
    spans: dict[str, list[int]] = {}
    for case in cases:
        since = case.moved_at  # type: ignore[attr-defined]
        began = timezone.localdate(since) if since else case.submitted_on
        if case.stage in LIVE and began:
            spans.setdefault(case.stage, []).append((day - began).days)
    middles = {name: round(median(days)) for name, days in spans.items()}
    most = max(middles.values(), default=0)
    return [
        {
            "label": Stage(name).label,
            "number": len(spans[name]),
            "middle": middles[name],
            "longest": max(spans[name]),
            "bars": _bars([("needs", middles[name])], most),
        }
        for name in LIVE
        if name in spans
    ]


def _cohorts(cases: list[Application]) -> list[dict[str, Any]]:
    """The cases by the year of their submission, and what has become of each."""
    found: dict[int, Counter[str]] = {}
    for case in cases:
        if case.submitted_on:
            found.setdefault(case.submitted_on.year, Counter())[_became(case)] += 1
    most = max((sum(counts.values()) for counts in found.values()), default=0)
    return [
        {
            "label": str(year),
            "counts": [counts[kind] for kind, _label in KINDS],
            "number": sum(counts.values()),
            "bars": _bars([(kind, counts[kind]) for kind, _label in KINDS], most),
        }
        for year, counts in sorted(found.items())
    ]


def _became(case: Application) -> str:
    if case.stage == Stage.DECIDED:
        return "done" if case.credentialed else "wrong"
    return "progress" if case.stage in LIVE else "idle"


def chunks(cases: QuerySet[Application], size: int) -> Iterator[list[Application]]:
    """The cases in runs of at most so many, in their order."""
    keys = list(cases.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        yield list(cases.filter(pk__in=keys[start : start + size]))
