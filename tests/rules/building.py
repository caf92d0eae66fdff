"""What the tests of the rules are made of: portfolios and procedures, said in few words."""

import json
from datetime import date, timedelta
from typing import Any

from credentialing.rules import Entry, Procedure, assess, read_portfolio, read_procedure


def day(written: str) -> date:
    return date.fromisoformat(written)


def days(first: str, *, every: int, count: int) -> list[str]:
    """So many days, so many days apart."""
    return [str(day(first) + timedelta(every * place)) for place in range(count)]


def portfolio(**said: Any) -> dict[str, Any]:
    """A portfolio in plain data: submitted on New Year's Day 2023, led with bob."""
    return {
        "applicant": "ann",
        "application": {"submitted": "2023-01-01", "accepted": "2023-01-01"},
        "memberships": [{"start": "2020-01-01"}],
        "groups": [group()],
        "supervisors": [{"person": "sue", "approved": [{"start": "2019-01-01"}]}],
        **said,
    }


def group(name: str = "g1", *leaders: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "id": name,
        "setting": "medical",
        "start": "2020-01-01",
        "leaders": list(leaders) or [leader("ann", "physician"), leader("bob", "psychologist")],
        **said,
    }


def leader(person: str, profession: str = "other", **said: Any) -> dict[str, Any]:
    return {"person": person, "profession": profession, **said}


def meetings(dates: list[str], **said: Any) -> list[dict[str, Any]]:
    return [
        {"id": f"m{place}", "group": "g1", "date": date, **said} for place, date in enumerate(dates)
    ]


def debriefings(dates: list[str], **said: Any) -> list[dict[str, Any]]:
    return [
        {"id": f"d{place}", "group": "g1", "date": date, "with": ["bob"], **said}
        for place, date in enumerate(dates)
    ]


def sessions(dates: list[str], **said: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": f"s{place}",
            "date": date,
            "supervisor": "sue",
            "state": "held",
            "confirmed": date,
            **said,
        }
        for place, date in enumerate(dates)
    ]


def intensive(name: str, start: str, role: str = "participant", **said: Any) -> dict[str, Any]:
    """An intensive of four days, completed."""
    end = str(day(start) + timedelta(3))
    return {"id": name, "start": start, "end": end, "role": role, "completed": True, **said}


def candidacy(name: str, start: str, **said: Any) -> dict[str, Any]:
    """An intensive as a candidate at which all was as it should be."""
    end = str(day(start) + timedelta(3))
    return intensive(
        name,
        start,
        "candidate",
        **{
            "co_led_with": ["fay", "flo"],
            "evaluator": "eve",
            "met_on": end,
            "assessment": {"to_candidate": end, "to_committee": end},
            **said,
        },
    )


def exception(requirement: str = "it", **said: Any) -> dict[str, Any]:
    return {
        "id": "x1",
        "requirement": requirement,
        "granted": "2023-01-01",
        "reason": "the Committee knows why",
        **said,
    }


def toml(value: Any) -> str:
    """The value as TOML writes it inline."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {toml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return str(value) if isinstance(value, date) else json.dumps(value)


def table(name: str, said: dict[str, Any]) -> str:
    lines = [f"{key} = {toml(value)}" for key, value in said.items() if value is not None]
    return "\n".join([name, *lines, ""])


HEAD = {"id": "trial", "society": "A Society", "title": "A Trial", "in_force": date(2000, 1, 1)}
COUNT = {"measure": "count", "evidence": "other", "count": 1}


def requirement(name: str = "it", **said: Any) -> dict[str, Any]:
    return {"id": name, "clause": "Clause 1", "text": "What is asked.", **said}


def credit(name: str = "a-credit", **said: Any) -> dict[str, Any]:
    return {"id": name, "clause": "Clause 2", "text": "What is credited.", **said}


def procedure_text(
    *requirements: dict[str, Any],
    with_credits: tuple[dict[str, Any], ...] = (),
    head: dict[str, Any] | None = None,
    council: dict[str, Any] | None = None,
) -> str:
    return "\n".join(
        [
            table("", HEAD if head is None else head),
            *(table("[[requirement]]", each) for each in requirements),
            *(table("[[credit]]", each) for each in with_credits),
            *([table("[council]", council)] if council is not None else []),
        ]
    )


def procedure(*requirements: dict[str, Any], **said: Any) -> Procedure:
    return read_procedure(procedure_text(*requirements, **said), "trial.toml")


def measured(
    measure: dict[str, Any], as_of: str, *, others: tuple[dict[str, Any], ...] = (), **said: Any
) -> Entry:
    """The entry of a requirement with this measure, for the portfolio that says so."""
    under = procedure(requirement(**measure), *others)
    return assess(under, read_portfolio(portfolio(**said)), day(as_of)).requirement("it")
