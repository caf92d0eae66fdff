"""Waking the worker. The broker carries no data: PostgreSQL is the queue, a sweep rings anyway."""

from contextlib import suppress

from celery import current_app
from kombu.exceptions import OperationalError

# Whoever acts does not wait for a broker that is down: one try, at once, for a second at most.
AT_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


def ring(task: str) -> None:
    """Wake a task of the worker. When the broker does not answer, the sweep comes by."""
    with (
        suppress(OperationalError, OSError),
        current_app.connection_for_write(
            connect_timeout=1, transport_options=AT_ONCE
        ) as connection,
    ):
        current_app.send_task(task, connection=connection, ignore_result=True, retry=False)
