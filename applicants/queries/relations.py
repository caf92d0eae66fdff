"""What the logs and attestations tell of two people, in words, for many applicants at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import AttestationAnswer, GroupLeader
from credentialing.people.queries import Due, Told, between


def co_leaders(applicants: Iterable[int]) -> Told:
    """`Tuesday group, March 2023 to May 2024`, for each pair, in one query."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    rows = GroupLeader.objects.filter(group__applicant__in=list(applicants))
    for row in rows.select_related("group").order_by("group__start", "pk"):
        start, end = row.start or row.group.start, row.end or row.group.end
        when = (
            between(start, end)
            if end
            else _("since %(month)s") % {"month": date_format(start, "F Y")}
        )
        found[row.person_id, row.group.applicant_id].append(f"{row.group.name}, {when}")
    return {pair: "; ".join(groups) for pair, groups in found.items()}


def attestors(applicants: Iterable[int]) -> Told:
    """`3 times, March 2023 to May 2024`, for each pair, in one query."""
    given = AttestationAnswer.objects.filter(
        given=True, attestation__applicant__in=list(applicants)
    )
    rows = given.values_list("attestation__attestor", "attestation__applicant").annotate(
        n=Count("pk"), first=Min("at"), last=Max("at")
    )
    return {
        (person, applicant): "{}, {}".format(
            ngettext("once", "%(n)d times", n) % {"n": n},
            between(timezone.localdate(first), timezone.localdate(last)),
        )
        for person, applicant, n, first, last in rows.order_by()
    }


def due() -> Iterator[Due]:
    """Every co-leader and attestor that the record knows of an applicant, with the first day."""
    today = timezone.localdate()
    for row in GroupLeader.objects.select_related("group").order_by("pk"):
        since = min(row.start or row.group.start, today)
        if row.person_id != row.group.applicant_id:
            yield row.person_id, row.group.applicant_id, "co-leader", since
    given = AttestationAnswer.objects.filter(given=True)
    pairs = given.values_list("attestation__attestor", "attestation__applicant")
    for person, applicant, first in pairs.annotate(first=Min("at")).order_by():
        yield person, applicant, "attested", timezone.localdate(first)
