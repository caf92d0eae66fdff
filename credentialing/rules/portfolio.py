"""Reading a portfolio from plain data, and checking what its shape alone does not say."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from credentialing.rules.errors import PortfolioError
from credentialing.rules.facts import (
    EVIDENCE,
    Claim,
    Debriefing,
    ExceptionRuling,
    Group,
    Intensive,
    Interval,
    Meeting,
    Portfolio,
    PriorExperience,
)
from credentialing.rules.measures import PARAMETERS
from credentialing.rules.reading import (
    UnreadableError,
    number,
    object_of,
    refuse,
    shown,
    unrepeated,
)

IDENTIFIED = ("groups", *EVIDENCE, "claims", "exceptions")


def parse_portfolio(written: str | bytes) -> Portfolio:
    """The portfolio written as JSON."""
    try:
        text = written.decode("utf-8-sig") if isinstance(written, bytes) else written
        data = json.loads(text, object_pairs_hook=unrepeated)
    except RecursionError:
        raise PortfolioError("portfolio: not JSON: nested too deeply") from None
    except ValueError as error:
        raise PortfolioError(f"portfolio: not JSON: {error}") from None
    return read_portfolio(data)


def read_portfolio(data: Any) -> Portfolio:
    """The portfolio in plain data: as JSON gives it, or with dates in place of their text."""
    try:
        portfolio: Portfolio = object_of(Portfolio)(data)
        _check(portfolio)
    except UnreadableError as refusal:
        raise PortfolioError(refusal.line("portfolio")) from None
    return portfolio


def _check(portfolio: Portfolio) -> None:
    for name in IDENTIFIED:
        _check_ids(name, getattr(portfolio, name))
    claims = {claim.id for claim in portfolio.claims}
    for place, ruling in enumerate(portfolio.exceptions):
        if ruling.id in claims:
            raise _duplicate(ruling.id, "exceptions", place)
    _check_intervals("memberships", portfolio.memberships)
    for place, supervisor in enumerate(portfolio.supervisors):
        try:
            _check_intervals("approved", supervisor.approved)
        except UnreadableError as refusal:
            raise refusal.within(place).within("supervisors") from None
    _check_intervals("intensives", portfolio.intensives)
    _check_groups(portfolio)
    for place, claim in enumerate(portfolio.claims):
        _check_claim(claim, place)
    known = {item.id for name in EVIDENCE for item in getattr(portfolio, name)}
    for place, ruling in enumerate(portfolio.exceptions):
        try:
            _check_exception(ruling, known)
        except UnreadableError as refusal:
            raise refusal.within(place).within("exceptions") from None


def _duplicate(id_: str, name: str, place: int) -> UnreadableError:
    return UnreadableError(f"duplicate: {shown(id_)}", "id", place, name)


def _check_ids(name: str, entries: Sequence[Any]) -> None:
    seen = set()
    for place, entry in enumerate(entries):
        if entry.id in seen:
            raise _duplicate(entry.id, name, place)
        seen.add(entry.id)


def _check_interval(interval: Interval | Group | Intensive | PriorExperience) -> None:
    if interval.start and interval.end and interval.end < interval.start:
        raise UnreadableError(f"before its start: {shown(interval.end)}", "end")


def _check_intervals(name: str, intervals: Iterable[Interval | Group | Intensive]) -> None:
    for place, interval in enumerate(intervals):
        try:
            _check_interval(interval)
        except UnreadableError as refusal:
            raise refusal.within(place).within(name) from None


def _check_groups(portfolio: Portfolio) -> None:
    _check_intervals("groups", portfolio.groups)
    for place, group in enumerate(portfolio.groups):
        try:
            _check_intervals("leaders", map(group.term, group.leaders))
            if portfolio.applicant not in {leader.person for leader in group.leaders}:
                raise UnreadableError(
                    f"without the applicant: {shown(portfolio.applicant)}", "leaders"
                )
        except UnreadableError as refusal:
            raise refusal.within(place).within("groups") from None
    groups = {group.id for group in portfolio.groups}
    led: tuple[tuple[str, Sequence[Meeting | Debriefing]], ...] = (
        ("meetings", portfolio.meetings),
        ("debriefings", portfolio.debriefings),
    )
    for name, items in led:
        for place, item in enumerate(items):
            if item.group not in groups:
                raise UnreadableError(f"unknown group: {shown(item.group)}", "group", place, name)


def _check_claim(claim: Claim, place: int) -> None:
    if claim.granted and claim.refused:
        raise UnreadableError("both granted and refused", "refused", place, "claims")
    if claim.facts:
        try:
            _check_interval(claim.facts)
        except UnreadableError as refusal:
            raise refusal.within("facts").within(place).within("claims") from None


def _check_exception(ruling: ExceptionRuling, known: set[str]) -> None:
    kinds = [ruling.accept, ruling.set, ruling.count, ruling.waive or None]
    if sum(kind is not None for kind in kinds) != 1:
        raise UnreadableError("not exactly one of accept, set, count, waive")
    for name, kind in (("accept", ruling.accept), ("set", ruling.set), ("count", ruling.count)):
        if kind is not None and not kind:
            raise UnreadableError("empty", name)
    for name, value in (ruling.set or {}).items():
        try:
            _check_setting(name, value)
        except UnreadableError as refusal:
            raise refusal.within(name).within("set") from None
    for place, id_ in enumerate(ruling.count or ()):
        if id_ not in known:
            raise UnreadableError(f"unknown evidence: {shown(id_)}", place, "count")


def _check_setting(name: str, value: Any) -> None:
    """Parameters that no measure has are left to the procedure, which has none to adjust."""
    if name in PARAMETERS:
        PARAMETERS[name](value)
    elif type(value) in (int, float):
        number(value)
    elif type(value) is not str:
        refuse("not a number or a text", value)
