"""Which time zones there are, and what another one would change."""

from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.templatetags.words import clock, moment

SEVENTEEN = time(17)


@cache
def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones by region, as a choice shows them; and UTC, and that of the installation."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones() | {settings.TIME_ZONE}):
        region, has_place, place = name.partition("/")
        if has_place and region != "Etc":
            said = place.replace("_", " ").replace("/", ", ")
            regions.setdefault(region, []).append((name, said))
        elif name in ("UTC", settings.TIME_ZONE):
            regions.setdefault(gettext_lazy("Elsewhere"), []).append((name, name))
    return list(regions.items())


def effect(old: ZoneInfo, new: ZoneInfo, *, at: datetime) -> list[str]:
    """What changes with the zone, one sentence each."""
    evening = datetime.combine(timezone.localdate(at, old) + timedelta(days=1), SEVENTEEN, old)
    shown = []
    for zone in (old, new):
        with timezone.override(zone):
            shown.append({"now": moment(at), "evening": clock(evening), "day": moment(evening)})
    before, after = shown
    return [
        _("It is %(before)s now by the old zone, and %(after)s by the new one.")
        % {"before": before["now"], "after": after["now"]},
        _(
            "A ballot that closes on %(before)s closes at the same moment, which then is called "
            "%(after)s."
        )
        % {"before": before["day"], "after": after["day"]},
        _(
            "Days begin and end at midnight of the new zone: deadlines, the dates of letters, who "
            "is in office."
        ),
        _(
            "What is on record keeps its moment. Where that was near midnight, it can be shown "
            "under the day before or after. Papers that were issued stay as they are."
        ),
    ]
