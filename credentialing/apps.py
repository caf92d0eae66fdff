import gc

from django.apps import AppConfig
from django.core import checks

# Judging thousands of cases makes much and lets go of little. At Python's own thresholds (700, 10,
# 10) a third of the queue's time went into looking for garbage that was not there.
COLLECTED_AFTER = (50_000, 20, 100)


class House(AppConfig):
    """The project itself, and what must hold before it starts."""

    name = "credentialing"

    def ready(self) -> None:
        checks.register(procedures_are_whole)
        gc.set_threshold(*COLLECTED_AFTER)


def procedures_are_whole(**_kwargs: object) -> list[checks.CheckMessage]:
    """Every shipped procedure file loads: a broken one stops the deployment."""
    from credentialing.rules import ProcedureError, procedures  # noqa: PLC0415

    try:
        procedures()
    except ProcedureError as broken:
        return [checks.Error(str(broken), id="credentialing.E001")]
    return []
