"""Kinds of person, and the routes they may take: the access matrix, row by row beside its view.

A route without a row is refused by the middleware and fails the build.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from credentialing.people.models import Role


class Who(StrEnum):
    """The kinds of person that the access matrix tells apart."""

    VISITOR = "visitor"
    LINK_HOLDER = "link holder"
    ACCOUNT = "anyone with an account"
    APPLICANT = "applicant of the case"
    SUPERVISOR = "supervisor of the applicant"
    FACULTY = "faculty of the candidate"
    EVALUATOR = "evaluator of the candidate"
    COMMITTEE = "Committee member"
    CHAIR = "Chair or deputy"
    COUNCIL = "Council member"
    ADMINISTRATOR = "administrator"


# A role opens a route by itself; a relation only lets the view ask for the object.
ROLES: dict[Who, frozenset[str]] = {
    Who.COMMITTEE: frozenset({Role.Kind.COMMITTEE}),
    Who.CHAIR: frozenset({Role.Kind.CHAIR, Role.Kind.DEPUTY}),
    Who.COUNCIL: frozenset({Role.Kind.COUNCIL}),
    Who.ADMINISTRATOR: frozenset({Role.Kind.ADMINISTRATOR}),
}
OPEN = frozenset({Who.VISITOR, Who.LINK_HOLDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who may take a route, by which methods, and whether only soon after a second factor."""

    who: frozenset[Who]
    methods: tuple[str, ...]
    fresh: bool = False

    @property
    def is_open(self) -> bool:
        """No account is needed."""
        return bool(self.who & OPEN)

    def asks_again(self, method: str) -> bool:
        """Whether the second factor is asked again: for the act, not for looking at its form."""
        return self.fresh and method == ("POST" if "POST" in self.methods else "GET")

    def admits(self, roles: frozenset[str]) -> bool:
        """Whether a signed-in person with these roles today may reach the view."""
        return any(kind not in ROLES or ROLES[kind] & roles for kind in self.who)


def row(who: Iterable[Who], methods: str, *, fresh: bool = False) -> Row:
    """A row of the matrix; methods as in "GET POST"."""
    named = tuple(methods.split())
    with_head = (*named, "HEAD") if "GET" in named else named
    return Row(who=frozenset(who), methods=with_head, fresh=fresh)


def page(
    route: str,
    view: Callable[..., HttpResponse],
    *,
    name: str,
    who: Iterable[Who],
    methods: str = "GET",
    fresh: bool = False,
) -> URLPattern:
    """A route together with its row of the access matrix.

    `fresh` is for votes, decisions, changes of roles and exports of many: whoever needs a second
    factor is asked for it again unless it was used a short while ago.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    guarded.row = row(who, methods, fresh=fresh)  # type: ignore[attr-defined]
    return path(route, guarded, name=name)
