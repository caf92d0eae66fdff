"""Reminders: letters that no act writes but the days that pass.

A sweep may come late, early or twice. Which step is due is worked out from the day and the hour
alone, and a letter is the only one of its kind, occasion and address: nothing is remembered.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

# Whoever was not reminded for so long (a sweep that stood still, a record brought in late) is not
# surprised with the last step any more.
STALE = timedelta(days=30)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One row of the table of reminders.

    `steps`: how long after the time of a thing (before it, where negative) each letter is due, in
    order. `things`: what there is to be reminded of, each with its day or moment. `write`: the
    letter of a thing at a step, whose occasion names both.
    """

    name: str
    steps: Sequence[timedelta]
    things: Callable[[datetime], Iterable[tuple[date | datetime, Any]]]
    write: Callable[[Any, timedelta, datetime], None]


def days(*after: int) -> tuple[timedelta, ...]:
    """Steps in days."""
    return tuple(timedelta(days=each) for each in after)


def step_due(when: date | datetime, steps: Sequence[timedelta], at: datetime) -> timedelta | None:
    """The last of the steps that has been reached; None before the first, and long after the last.

    A day is compared with the day that it is in the Society's zone; a moment with the moment.
    """
    now = at if isinstance(when, datetime) else timezone.localdate(at)
    reached = [step for step in steps if when + step <= now]  # type: ignore[operator]
    if not reached or when + steps[-1] + STALE < now:  # type: ignore[operator]
        return None
    return reached[-1]


def sweep(table: Iterable[Reminder], *, at: datetime) -> dict[str, int]:
    """Write what is due, each letter in a transaction of its own; how many were due, by name.

    What cannot be written is logged and does not keep the others.
    """
    due = {}
    for reminder in table:
        due[reminder.name] = 0
        for when, thing in reminder.things(at):
            step = step_due(when, reminder.steps, at)
            if step is None:
                continue
            due[reminder.name] += 1
            try:
                with transaction.atomic():
                    reminder.write(thing, step, at)
            except Exception as failure:  # noqa: BLE001 - the others are owed their letters
                where = "".join(traceback.format_tb(failure.__traceback__))
                logger.error("reminder %s: %s\n%s", reminder.name, type(failure).__name__, where)
    return due
