"""Fixed samples for the style page: one entry of each shape and state, and what goes with it."""

from datetime import timedelta
from typing import Any


def entry(
    identity: str, unit: str | None, required: int | None, done: int | None, **more: Any
) -> dict[str, Any]:
    """An entry of an assessment; what is not said is empty."""
    remaining = 0 if required is None or done is None else required - done
    return {
        "id": identity,
        "clause": "",
        "status": "in-progress",
        "decision_due": False,
        "unit": unit,
        "required": required,
        "done": done,
        "remaining": remaining,
        "evidence": [],
        "uncounted": [],
        "issues": [],
        "advisories": [],
        "adjusted_by": [],
        "detail": {},
        **more,
    }


def windows(*counts: int, first: int = 2024 * 12 + 5) -> list[dict[str, Any]]:
    """Months from June 2024 on, with so many meetings each."""
    months = [divmod(first + index, 12) for index in range(len(counts))]
    return [
        {"start": f"{year}-{month + 1:02}-01", "end": f"{year}-{month + 1:02}-28", "count": count}
        for (year, month), count in zip(months, counts, strict=True)
    ]


def year(first: int, sessions: int, in_lieu: int = 0) -> dict[str, Any]:
    """A supervision year from 1 June."""
    return {
        "start": f"{first}-06-01",
        "end": f"{first + 1}-05-31",
        "sessions": sessions,
        "in_lieu": in_lieu,
    }


def issue(code: str, detail: str = "") -> dict[str, str]:
    """An issue or an advisory."""
    return {"code": code, "detail": detail}


def unconfirmed(*identities: str) -> list[dict[str, str]]:
    """Items that would count if somebody confirmed them."""
    return [{"id": identity, "why": "unconfirmed"} for identity in identities]


FULL = (3, 2, 2, 2, 2, 3) * 4
GAP = {"start": "2025-01-01", "end": "2025-02-14", "days": 45, "open": False}

ENTRIES: dict[str, dict[str, Any]] = {
    "months-done": entry(
        "leading", "months", 24, 24, status="met", detail={"windows": windows(*FULL)}
    ),
    "months-under-way": entry(
        "leading",
        "months",
        24,
        11,
        detail={"windows": windows(3, 2, 0, 0, 1, 3, 2, 2, 2, 2, 2, 0, 0, 1)},
    ),
    "months-with-a-break": entry(
        "leading",
        "months",
        24,
        24,
        status="needs-decision",
        decision_due=True,
        issues=[
            issue("below-ideal", "8 of 24 months"),
            issue("interrupted", "2025-01-01/2025-04-30 (4 months)"),
        ],
        detail={"windows": windows(3, 0, 1, 2, 2, 3, 1, 0, 0, 0, 0, *([2] * 17))},
    ),
    "months-not-begun": entry(
        "leading", "months", 24, 0, status="not-started", detail={"windows": []}
    ),
    "sessions-done": entry(
        "supervision",
        "sessions",
        12,
        12,
        status="met",
        detail={"years": [year(2024, 6), year(2025, 6)]},
    ),
    "sessions-under-way": entry(
        "supervision",
        "sessions",
        12,
        8,
        uncounted=unconfirmed("s9", "s10"),
        detail={"years": [year(2024, 6), year(2025, 2)]},
    ),
    "sessions-short-year": entry(
        "supervision",
        "sessions",
        12,
        6,
        decision_due=True,
        issues=[issue("short-year", "2023-06-01/2024-05-31: 4 of 6")],
        detail={"years": [year(2023, 4), year(2024, 6)], "if_accepted": 0},
    ),
    "sessions-in-lieu": entry(
        "supervision",
        "sessions",
        12,
        11,
        adjusted_by=["c2"],
        detail={"years": [year(2024, 3, 3), year(2025, 2, 3)]},
    ),
    "sessions-accepted": entry(
        "supervision",
        "sessions",
        12,
        12,
        status="met",
        adjusted_by=["x2"],
        advisories=[issue("short-year", "2023-06-01/2024-05-31: 5 of 6")],
        detail={"years": [year(2023, 5), year(2024, 6)]},
    ),
    "sessions-not-begun": entry(
        "supervision", "sessions", 12, 0, status="not-started", detail={"years": []}
    ),
    "intensives": entry(
        "intensives-participant", "intensives", 3, 1, uncounted=unconfirmed("i2"), evidence=["i1"]
    ),
    "intensive": entry("intensive-candidate", "intensive", 1, 0, status="not-started"),
    "intensive-conflict": entry(
        "intensive-candidate",
        "intensive",
        1,
        1,
        status="needs-decision",
        decision_due=True,
        issues=[issue("faculty-conflict", "bob: co-leader")],
    ),
    "hours": entry("hours", "hours", 120, 75),
    "application": entry("application", "application", 1, 1, status="met"),
    "membership": entry("membership", "days", None, None, status="met", detail={"gaps": []}),
    "membership-gap": entry(
        "membership",
        "days",
        None,
        None,
        status="needs-decision",
        decision_due=True,
        issues=[issue("membership-gap", "2025-01-01/2025-02-14 (45 days)")],
        detail={"gaps": [GAP]},
    ),
    "membership-not-begun": entry(
        "membership", "days", None, None, status="not-started", detail={"gaps": []}
    ),
    "pair": entry("co-leaders", None, None, None, status="met"),
    "pair-alone": entry(
        "co-leaders",
        None,
        None,
        None,
        status="needs-decision",
        decision_due=True,
        issues=[issue("single-leader", "g1")],
    ),
    "pair-that-does-not-fit": entry(
        "co-leaders",
        None,
        None,
        None,
        status="needs-decision",
        decision_due=True,
        issues=[issue("pairing", "g1")],
    ),
    "pair-not-begun": entry("co-leaders", None, None, None, status="not-started"),
    "waived": entry(
        "intensives-participant", "intensives", 2, 1, status="waived", adjusted_by=["x4"]
    ),
    "ruling": entry(
        "standing",
        "ruling",
        1,
        0,
        status="needs-decision",
        decision_due=True,
        remaining=0,
        issues=[issue("ruling-needed")],
    ),
}

HOUSE = [
    "Months run from the day of your first meeting.",
    "Two holiday months a year may be short or empty.",
]


def line(name: str, title: str, clause: str, remains: str, **more: Any) -> dict[str, Any]:
    """What a page passes to the requirement component."""
    return {
        "entry": {**ENTRIES[name], "id": name, "clause": clause},
        "title": title,
        "remains": remains,
        **more,
    }


LINES = [
    line("membership", "Membership", "Basic requirements, 1", "Covered since you applied."),
    line(
        "months-under-way",
        "Leading a Balint group",
        "Basic requirements, 2",
        "Thirteen months remain.",
        text="Two years of leading a group, ideally twice a month",
        house_rules=HOUSE,
        evidence=[
            {"label": "3 June 2024, Tuesday group"},
            {"label": "17 June 2024, Tuesday group"},
        ],
        advisories=["Two months without a meeting count, as holidays."],
        action={"label": "Add a meeting", "url": "#"},
    ),
    line(
        "months-with-a-break",
        "Leading a Balint group",
        "Basic requirements, 2",
        "All months are there; the Committee has to rule.",
        house_rules=HOUSE,
        issues=[
            "In 8 of 24 months the group met less than twice.",
            "No meetings from January to April 2025.",
        ],
    ),
    line(
        "pair", "Two leaders", "Basic requirements, 3", "You lead with Bob Example, psychologist."
    ),
    line(
        "pair-alone",
        "Two leaders",
        "Basic requirements, 3",
        "You lead alone; the Committee has to rule.",
    ),
    line(
        "sessions-under-way",
        "Supervision",
        "Credentialing process requirements, 1",
        "Four sessions remain, two of them wait for Sue Example.",
        text="Six supervision sessions a year for two years with an approved Balint supervisor",
        per_year=6,
        evidence=[
            {"label": "20 July 2024 with Sue Example", "url": "#"},
            {"label": "18 August 2024 with Sue Example", "url": "#"},
        ],
        uncounted=[
            {"label": "4 October 2025 with Sue Example", "why": "waits for her confirmation"},
            {
                "label": "2 May 2024 with Tom Example",
                "why": "he was not an approved supervisor that day",
            },
        ],
    ),
    line(
        "sessions-short-year",
        "Supervision",
        "Credentialing process requirements, 1",
        "Six sessions remain; none, if the Committee accepts the first year.",
        per_year=6,
        issues=["The year from 1 June 2023 has four of six sessions."],
    ),
    line(
        "sessions-in-lieu",
        "Supervision",
        "Credentialing process requirements, 1",
        "One session remains.",
        per_year=6,
        rulings=[{"label": "Six debriefings count in lieu (ruling of 2 March 2026)", "url": "#"}],
    ),
    line(
        "intensives",
        "Intensives as participant",
        "Credentialing process requirements, 2",
        "Two intensives remain.",
    ),
    line(
        "intensive-conflict",
        "Final intensive",
        "Credentialing process requirements, 2 and 3",
        "The intensive is there; the Committee has to rule.",
        issues=["Bob Example co-led with you there and leads your group."],
    ),
    line(
        "waived",
        "Intensives as participant",
        "Credentialing process requirements, 2",
        "Nothing remains.",
        rulings=[{"label": "Waived on 4 May 2026"}],
    ),
    line(
        "sessions-not-begun",
        "Supervision",
        "Credentialing process requirements, 1",
        "Twelve sessions remain.",
        per_year=6,
    ),
]

HISTORY: list[tuple[timedelta, dict[str, str]]] = [
    (
        timedelta(hours=2),
        {
            "text": "Supervision session of 4 October sent to Sue Example for confirmation",
            "who": "you",
        },
    ),
    (
        timedelta(days=3),
        {"text": "Application accepted", "who": "Carla Chair", "state": "done", "url": "#"},
    ),
    (
        timedelta(days=40),
        {
            "text": "Returned for correction",
            "who": "Carla Chair",
            "state": "needs",
            "detail": "The second co-leader’s profession is missing.",
        },
    ),
]

CONTEXT: dict[str, Any] = {
    "lines": LINES,
    "entries": ENTRIES,
    "stages": [
        ("Draft", "done"),
        ("Submitted", "done"),
        ("Accepted", "current"),
        ("Under review", "to-do"),
        ("Recommended", "to-do"),
        ("Before the Council", "to-do"),
        ("Decided", "to-do"),
    ],
    "stages_waiting": [
        ("Draft", "done"),
        ("Submitted", "done"),
        ("Accepted", "done"),
        ("Under review", "done"),
        ("Recommended", "done"),
        ("Before the Council", "waiting"),
        ("Decided", "to-do"),
    ],
    "stages_stopped": [("Draft", "done"), ("Submitted", "done"), ("Withdrawn", "stopped")],
    "tasks": [
        {"label": "Person and profession", "url": "#", "state": "done"},
        {
            "label": "Groups and co-leaders",
            "url": "#",
            "state": "progress",
            "hint": "One co-leader’s profession is missing",
        },
        {"label": "Balint experience", "url": "#", "state": "idle"},
        {"label": "Statement and consent", "url": "#", "state": "needs", "word": "Waits for you"},
    ],
    "columns": [
        {"label": "Applicant", "url": "#", "sorted": "ascending"},
        {"label": "Stage"},
        {"label": "Leading"},
        {"label": "Supervision"},
        {"label": "Waiting, days", "number": True},
    ],
    "rows": [
        [
            {"text": "Ann Example", "url": "#"},
            {"state": "progress", "word": "Accepted"},
            {"entry": ENTRIES["months-under-way"]},
            {"entry": ENTRIES["sessions-under-way"]},
            12,
        ],
        [
            {"text": "Łukasz Żółć", "url": "#"},
            {"state": "needs", "word": "Ready to recommend"},
            {"entry": ENTRIES["months-done"]},
            {"entry": ENTRIES["sessions-done"]},
            41,
        ],
        [
            {"text": "Ελένη Παπαδοπούλου", "url": "#"},
            {"state": "idle", "word": "Draft"},
            {"entry": ENTRIES["months-not-begun"]},
            {"entry": ENTRIES["sessions-not-begun"]},
            3,
        ],
        [
            {"text": "Нина Чехова", "url": "#"},
            {"state": "done", "word": "Credentialed"},
            {"entry": ENTRIES["months-done"]},
            {"entry": ENTRIES["sessions-accepted"]},
            0,
        ],
    ],
    "definitions": [
        ("Reference", "ABS-2026-014"),
        ("Procedure", "Credentialing Procedures for Balint Group Leaders, 9 April 2007"),
        ("Supervisor", "Sue Example"),
        ("Member since", "1 January 2020"),
    ],
    "figures": [
        {"label": "Seats", "value": 9},
        {"label": "Recused", "value": 1},
        {"label": "Cast", "value": 6},
        {"label": "For", "value": 5, "state": "done"},
    ],
    "comparison": [
        {"label": "Leading", "before": "24 of 24 months", "after": "24 of 24 months"},
        {
            "label": "Supervision",
            "before": "6 of 12 sessions; six remain",
            "after": "12 of 12 sessions; nothing remains",
            "changed": True,
        },
        {"label": "Ready for review", "before": "No", "after": "Yes", "changed": True},
    ],
    "tabs": [
        {"label": "Requirements", "url": "#", "current": True},
        {"label": "Evidence", "url": "#"},
        {"label": "Claims and questions", "url": "#", "count": 2},
        {"label": "Documents", "url": "#"},
        {"label": "Discussion", "url": "#", "count": 4},
        {"label": "History", "url": "#"},
    ],
    "groups": [
        {
            "title": "Rule on a question",
            "items": [
                {
                    "text": "Supervision year of Łukasz Żółć has four of six sessions.",
                    "age": "41 days",
                    "owner": "Committee",
                    "action": "Rule",
                    "url": "#",
                },
                {
                    "text": "Ann Example leads alone in a medical setting.",
                    "age": "12 days",
                    "owner": "nobody yet",
                    "action": "Rule",
                    "url": "#",
                },
            ],
        },
        {
            "title": "Accept an application",
            "items": [
                {
                    "text": "Ελένη Παπαδοπούλου submitted her application.",
                    "age": "3 days",
                    "owner": "Chair",
                    "action": "Look at it",
                    "url": "#",
                },
            ],
        },
    ],
}
