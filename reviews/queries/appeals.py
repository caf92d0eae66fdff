"""Which decision can be appealed against, and which appeal waits."""

from applicants.models import Application, Stage
from reviews.models import Appeal, Decision


def against(application: Application) -> Decision | None:
    """The decision not to credential that stands on a case now."""
    if application.stage != Stage.DECIDED or application.credentialed:
        return None
    decisions = Decision.objects.filter(ballot__recommendation__application=application)
    return decisions.select_related("appeal__answer").order_by("-at", "-pk").first()


def waiting(application: Application) -> Appeal | None:
    """The appeal on a case that the Chair has not answered."""
    decision = against(application)
    appeal = getattr(decision, "appeal", None)
    return None if appeal is None or hasattr(appeal, "answer") else appeal


def of_case(application: Application) -> list[Appeal]:
    """Every appeal on a case, the newest first."""
    found = Appeal.objects.filter(decision__ballot__recommendation__application=application)
    return list(found.select_related("answer").order_by("-at", "-pk"))
