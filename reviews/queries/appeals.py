"""Which decision can be appealed against, and which appeals wait."""

from django.db.models import OuterRef, QuerySet, Subquery

from applicants.models import Application, Stage
from reviews.models import Appeal, Decision


def against(application: Application) -> Decision | None:
    """The decision not to credential that stands on a case now."""
    if application.stage != Stage.DECIDED or application.credentialed:
        return None
    decisions = Decision.objects.filter(ballot__recommendation__application=application)
    return decisions.select_related("appeal__answer").order_by("-at", "-pk").first()


def unanswered(applications: QuerySet[Application]) -> QuerySet[Appeal]:
    """The appeals against the decisions that stand on these cases, not answered yet."""
    of_case = Decision.objects.filter(
        ballot__recommendation__application=OuterRef(
            "decision__ballot__recommendation__application"
        )
    )
    stands = applications.filter(stage=Stage.DECIDED, credentialed=False)
    return Appeal.objects.filter(
        answer__isnull=True,
        decision__ballot__recommendation__application__in=stands.values("pk"),
        decision=Subquery(of_case.order_by("-at", "-pk").values("pk")[:1]),
    )


def waiting(application: Application) -> Appeal | None:
    """The appeal on a case that the Chair has not answered."""
    return unanswered(Application.objects.filter(pk=application.pk)).first()


def of_case(application: Application) -> list[Appeal]:
    """Every appeal on a case, the newest first."""
    found = Appeal.objects.filter(decision__ballot__recommendation__application=application)
    return list(found.select_related("answer").order_by("-at", "-pk"))
