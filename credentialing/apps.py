from django.apps import AppConfig
from django.core import checks


class House(AppConfig):
    """The project itself, and what must hold before it starts."""

    name = "credentialing"

    def ready(self) -> None:
        checks.register(procedures_are_whole)


def procedures_are_whole(**_kwargs: object) -> list[checks.CheckMessage]:
    """Every shipped procedure file loads: a broken one stops the deployment."""
    from credentialing.rules import ProcedureError, procedures  # noqa: PLC0415

    try:
        procedures()
    except ProcedureError as broken:
        return [checks.Error(str(broken), id="credentialing.E001")]
    return []
