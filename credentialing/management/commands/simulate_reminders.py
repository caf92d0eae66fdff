"""Two years of sweeps that come on time, late, early and twice: what each reminder would write."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from credentialing.records.reminders import Reminder, step_due
from credentialing.reminders import TABLE

When = date | datetime
CLOSES = time(17, 0)  # of things that have a moment rather than a day
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Figures:
    """What came of the sweeps: letters written, those kept from being written again, and faults."""

    letters: int = 0
    again: int = 0
    faults: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--first", type=date.fromisoformat, default=date(2027, 3, 1))
        parser.add_argument("--days", type=int, default=731)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, first: date, days: int, seed: int, **options: Any) -> None:
        """Print the figures; fail where a letter would be early, missing or written twice."""
        moments = sweeps(first, days, seed=seed)
        self.stdout.write(f"{days} days from {first}, {len(moments)} sweeps")
        faults = []
        for reminder in TABLE:
            figures = simulate(reminder, first, days, moments)
            faults += figures.faults
            self.stdout.write(
                f"{reminder.name}: {figures.letters} letters, {figures.again} not written again, "
                f"{len(figures.faults)} faults"
            )
        for fault in faults[:20]:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(1)


def sweeps(first: date, days: int, *, seed: int) -> list[datetime]:
    """The moments of the sweeps: on some days none, on many twice, and often around midnight."""
    rng = Random(seed)  # noqa: S311 - it draws times, not a secret
    found = []
    zone = timezone.get_default_timezone()
    for after in range(-90, days + 60):
        midnight = datetime.combine(first + after * ONE_DAY, time(), zone).astimezone(UTC)
        chance = rng.random()
        if chance < 0.2:
            continue  # the worker stood still
        around = (-1, 0, 1) if chance < 0.35 else ()
        times = [*around, rng.randrange(86_400)]
        again = times[-1:] if chance > 0.7 else []  # rung twice
        found += [midnight + timedelta(seconds=seconds) for seconds in (*times, *again)]
    return sorted(found)


def simulate(reminder: Reminder, first: date, days: int, moments: list[datetime]) -> Figures:
    """One thing for each day, swept at these moments; the letters held against plain counting."""
    figures = Figures()
    today_at = [at.astimezone(timezone.get_default_timezone()).date() for at in moments]
    for day in (first + after * ONE_DAY for after in range(days)):
        # By the clock where the steps are shorter than a day or counted in hours.
        timed = any(step.seconds or step == timedelta(hours=-48) for step in reminder.steps)
        when: When = (
            datetime.combine(day, CLOSES, timezone.get_default_timezone()) if timed else day
        )
        start = bisect_left(today_at, day + reminder.steps[0] - 3 * ONE_DAY)
        end = bisect_right(today_at, day + reminder.steps[-1] + 40 * ONE_DAY)
        near = list(zip(moments[start:end], today_at[start:end], strict=True))
        written: dict[timedelta, datetime] = {}
        for at, _today in near:
            step = step_due(when, reminder.steps, at)
            if step is None:
                continue
            if step in written:
                figures.again += 1
            else:
                written[step] = at
        figures.letters += len(written)
        figures.faults += _faults(reminder, when, near, written)
    return figures


def _faults(
    reminder: Reminder,
    when: When,
    near: list[tuple[datetime, date]],
    written: dict[timedelta, datetime],
) -> Iterator[str]:
    """Letters that came before their time, and steps in whose span a sweep wrote none."""
    ends = [*reminder.steps[1:], None]
    for step, end in zip(reminder.steps, ends, strict=True):
        swept = [
            at
            for at, today in near
            if _reached(when, step, at, today)
            and not (end is not None and _reached(when, end, at, today))
            and not _reached(when, reminder.steps[-1] + timedelta(days=31), at, today)
        ]
        if bool(swept) != (step in written):
            yield f"{reminder.name}, {when}: the letter {step.days} days after is missing"
        elif swept and written[step] != swept[0]:
            yield f"{reminder.name}, {when}: the letter {step.days} days after is not in time"


def _reached(when: When, step: timedelta, at: datetime, today: date) -> bool:
    if isinstance(when, datetime):
        return at.timestamp() >= when.timestamp() + step.total_seconds()
    return today.toordinal() >= when.toordinal() + step.days
