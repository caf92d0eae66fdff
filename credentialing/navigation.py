"""The frame around every page: the society's name, where one can go, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from credentialing import demonstration
from credentialing.office.queries import trail
from credentialing.people.models import Role
from credentialing.records import society
from credentialing.records.models import Society
from credentialing.sitting import lacks_second_factor
from credentialing.standing.offers import tasks

CHAIRS = {Role.Kind.CHAIR, Role.Kind.DEPUTY}


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`: society, nav (label, url, current), foot, person_name, signed_in, sign_in_as."""
    person = getattr(request, "person", None)
    roles = getattr(request, "roles", frozenset())
    stands = getattr(request, "society", None) or society.at_hand()
    public = _public(stands)
    places = _places(request) if person else public
    here = _current(request.path, [url for _label, url in places])
    nav = [{"label": label, "url": url, "current": url == here} for label, url in places]
    return {
        "shell": {
            "society": stands.name,
            "society_short": stands.short_name,
            "logo": stands.logo,
            "nav": nav,
            "person_name": person.name if person else "",
            "signed_in": person is not None,
            "lacks_second_factor": SimpleLazyObject(lambda: lacks_second_factor(request)),
            "foot": [{"label": label, "url": url} for label, url in public],
            "has_register": stands.has_register,
            "trail_is_broken": SimpleLazyObject(lambda: trail.is_broken_for(roles)),
            "audit_url": reverse("audit") if Role.Kind.ADMINISTRATOR in roles else "",
            "sign_in_as": _sign_in_as if settings.DEVELOPMENT else [],
        }
    }


def _sign_in_as() -> list[tuple[str, str]]:
    """Whom to sign in as where the demonstration stands; called by the sign-in page alone."""
    if not demonstration.made():
        return []
    whom = [
        (_("An applicant"), "applicant04@example.org"),
        (_("The Chair"), "chair@example.org"),
        (_("A supervisor"), "supervisor1@example.org"),
        (_("A Council member"), "council2@example.org"),
        (_("The office"), "office@example.org"),
    ]
    return [(label, f"{address} · {demonstration.PASSWORD}") for label, address in whom]


def _public(stands: Society) -> list[tuple[str, str]]:
    label = _("Register") if stands.has_register else _("Verify")
    return [(label, reverse("register")), (_("How this works"), reverse("how-this-works"))]


def _places(request: HttpRequest) -> list[tuple[str, str]]:
    roles, person = request.roles, request.person  # type: ignore[attr-defined]
    places = [(_("Home"), reverse("home"))]
    theirs = tasks(person, day=request.today)  # type: ignore[attr-defined]
    if theirs.is_applicant:
        places += [
            (_("Application"), reverse("application")),
            (_("Logs"), reverse("logs")),
            (_("Supervision"), reverse("my-supervision")),
            (_("Attestations"), reverse("my-attestations")),
        ]
    if theirs.is_supervisor:
        places.append((_("My applicants"), reverse("supervisor")))
    places.append((_("Intensives"), reverse("intensives")))
    if theirs.is_assessor:
        places.append((_("Candidates"), reverse("candidates")))
    if roles & (CHAIRS | {Role.Kind.COMMITTEE}):
        places += [(_("Queue"), reverse("queue")), (_("Cases"), reverse("cases"))]
    if Role.Kind.COUNCIL in roles:
        places.append((_("Council"), reverse("council")))
    if Role.Kind.ADMINISTRATOR in roles:
        places.append((_("Office"), reverse("office")))
    return places


def _current(path: str, urls: list[str]) -> str:
    """The place that a page belongs to: the longest address that its own begins with."""
    return max(
        (url for url in urls if path.startswith(url) and (url != "/" or path == "/")),
        key=len,
        default="",
    )
