"""How long the solver takes for an intensive of a given size; nothing is read or written."""

import time
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intensives.proposal import Task, merits


class Command(BaseCommand):
    """`manage.py measure_placement [--candidates 60] [--groups 30] [--runs 3] [--limit 10]`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--candidates", type=int, default=60)
        parser.add_argument("--groups", type=int, default=30)
        parser.add_argument("--evaluators", type=int, default=40)
        parser.add_argument("--runs", type=int, default=3)
        parser.add_argument(
            "--limit", type=float, default=10.0, help="seconds of the processor; fails beyond"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from intensives.proposal.solving import solve  # noqa: PLC0415 - large, seldom needed

        slowest = 0.0
        for number in range(options["runs"] * 2):
            impossible = number % 2 == 1
            task = drawn(Random(number), impossible=impossible, **options)  # noqa: S311
            began, started = time.monotonic(), time.process_time()
            answer = solve(task)
            waited, took = time.monotonic() - began, time.process_time() - started
            slowest = max(slowest, took)
            kind = "impossible" if answer.left_out else "possible"
            self.stdout.write(
                f"{options['candidates']} candidates × {options['groups']} groups, {kind}: "
                f"{took:.2f} s ({waited:.2f} s by the clock), "
                f"{'best' if answer.proven else 'not proven best'}, "
                f"{len(answer.reasons)} reasons, {len(answer.ways)} ways, "
                f"{merits(task, answer.places)}"
            )
        self.stdout.write(f"Slowest: {slowest:.2f} s of the processor")
        if slowest > options["limit"]:
            raise CommandError(f"More than {options['limit']} s.")


def drawn(draw: Random, *, impossible: bool, **size: Any) -> Task:
    """An intensive with conflicts, relations and preferences; impossible for one candidate."""
    faculty = list(range(1_000, 1_000 + 2 * size["groups"]))
    draw.shuffle(faculty)
    groups = {n: frozenset(faculty[2 * n : 2 * n + 2]) for n in range(size["groups"])}
    evaluators = list(range(2_000, 2_000 + size["evaluators"]))
    candidates = list(range(1, size["candidates"] + 1))
    barred = {each: frozenset(draw.sample(faculty, min(4, len(faculty)))) for each in candidates}
    if impossible:
        barred[1] = frozenset(min(two) for two in groups.values())
    return Task(
        candidates=candidates,
        groups=groups,
        barred=barred,
        room=dict.fromkeys(groups, -(-len(candidates) // max(len(groups), 1)) + 1),
        participants={group: draw.randint(4, 8) for group in groups},
        evaluators=evaluators,
        related={each: frozenset(draw.sample(evaluators, 5)) for each in candidates},
        officers=frozenset(draw.sample(evaluators, 4)),
        wishes={each: draw.choice(list(groups)) for each in candidates[::3]},
        avoids={each: draw.choice(list(groups)) for each in candidates[1::3]},
    )
