"""Further work: the versions of a timeline, what each changed, and how far its activities are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from applicants.models import Application, Stage
from credentialing.rules import words
from reviews.models import Activity, Consent, Progress, Timeline, TimelineVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiated:
    """The newest timeline of a case: its versions, and who has agreed to which."""

    timeline: Timeline | None = None
    is_open: bool = False
    versions: list[dict[str, Any]] = field(default_factory=list)
    today: date

    @property
    def newest(self) -> dict[str, Any] | None:
        return self.versions[0] if self.versions else None

    @property
    def agreed(self) -> dict[str, Any] | None:
        """The version that holds."""
        return next((each for each in self.versions if each["agreed"]), None)

    @property
    def pending(self) -> dict[str, Any] | None:
        """The newest version, where one side has still to answer."""
        return self.newest if self.is_open and self.newest != self.agreed else None

    @property
    def earlier(self) -> list[dict[str, Any]]:
        """The versions that neither hold nor wait, newest first."""
        shown = (self.agreed, self.pending)
        return [each for each in self.versions if each not in shown]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The activities of the newest version, as its form takes them."""
        names = ("area", "activity", "measure", "due")
        activities = self.newest["activities"] if self.newest else []
        return [{name: getattr(each["asked"], name) for name in names} for each in activities]


def timeline(application: Application, *, today: date) -> Negotiated:
    """The newest timeline of a case."""
    versions = Prefetch(
        "versions",
        TimelineVersion.objects.select_related("by")
        .prefetch_related(
            Prefetch("activities", Activity.objects.order_by("due", "pk")),
            Prefetch("consents", Consent.objects.select_related("by").order_by("at", "pk")),
        )
        .order_by("-number"),
    )
    found = (
        Timeline.objects.filter(application=application)
        .prefetch_related(versions)
        .order_by("-opened_at", "-pk")
        .first()
    )
    if found is None:
        return Negotiated(today=today)
    told = progress(found)
    newest_first = list(found.versions.all())
    earlier = [*newest_first[1:], None]
    return Negotiated(
        timeline=found,
        is_open=found.closed_at is None and application.stage == Stage.FURTHER_WORK,
        versions=[
            _version(each, before, found, application, told)
            for each, before in zip(newest_first, earlier, strict=True)
        ],
        today=today,
    )


def progress(timeline: Timeline) -> dict[tuple[str, str], list[Progress]]:
    """What the applicant noted on each activity, also under an earlier version, oldest first."""
    found: dict[tuple[str, str], list[Progress]] = {}
    noted = Progress.objects.filter(activity__version__timeline=timeline)
    for each in noted.select_related("activity", "document").order_by("at", "pk"):
        found.setdefault(each.activity.same, []).append(each)
    return found


def _version(
    version: TimelineVersion,
    before: TimelineVersion | None,
    of: Timeline,
    application: Application,
    told: dict[tuple[str, str], list[Progress]],
) -> dict[str, Any]:
    sides = {consent.side for consent in version.consents.all()}
    return {
        "version": version,
        "number": version.number,
        "by_applicant": version.by.current_id == application.applicant_id,
        "note": version.note,
        "at": version.at,
        "activities": [
            {"asked": each, "progress": told.get(each.same, [])}
            for each in version.activities.all()
        ],
        "changes": changed(before.activities.all(), version.activities.all()) if before else [],
        "consents": list(version.consents.all()),
        "waits_for_applicant": Consent.Side.APPLICANT not in sides,
        "waits_for_committee": Consent.Side.COMMITTEE not in sides,
        "agreed": of.agreed_id == version.pk,
    }


def changed(before: Iterable[Activity], after: Iterable[Activity]) -> list[str]:
    """What a version asks that the one before did not, activity by activity, in words."""
    old = {each.same: each for each in before}
    new = {each.same: each for each in after}
    said = [
        _("“%(area)s” is new.") % {"area": each.area} for key, each in new.items() if key not in old
    ]
    said += [
        _("“%(area)s” is dropped.") % {"area": each.area}
        for key, each in old.items()
        if key not in new
    ]
    for key, each in new.items():
        earlier = old.get(key)
        if earlier and earlier.due != each.due:
            said.append(
                _("“%(area)s” is due on %(day)s, before on %(earlier)s.")
                % {"area": each.area, "day": words.day(each.due), "earlier": words.day(earlier.due)}
            )
        if earlier and earlier.measure != each.measure:
            said.append(_("How “%(area)s” is measured is changed.") % {"area": each.area})
    return said
