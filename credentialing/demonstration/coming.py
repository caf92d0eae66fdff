"""The coming intensive in the demonstration: candidates, of whom one can't be placed at first."""

from dateutil.relativedelta import relativedelta

import applicants.operations as applying
import intensives.operations as intensive_acts
from applicants.models import Application, BalintGroup
from applicants.models import Stage as At
from credentialing.demonstration.evidence import moment
from credentialing.demonstration.stories import Stage
from credentialing.people.models import Profession
from credentialing.people.operations import declare
from intensives.models import Enrolment, Intensive, SmallGroup

CANDIDATES, PARTICIPANTS = 6, 12


def coming(stage: Stage) -> None:
    """Three groups of eight sessions; who has been under way longest comes as a candidate."""
    offered, yesterday = stage.coming, moment(stage.cast.ago(days=1))
    Intensive.objects.filter(pk=offered.pk).update(sessions=8)
    intensive_acts.add_small_group(
        offered,
        name="Group C",
        first_faculty=stage.cast.faculty[0],
        second_faculty=stage.cast.faculty[1],
        by=stage.cast.office[0],
        at=yesterday,
    )
    enrolled = Enrolment.objects.filter(intensive=offered)
    cases = Application.objects.filter(stage=At.ACCEPTED).exclude(
        applicant__in=enrolled.values("person")
    )
    waiting = list(cases.select_related("applicant").order_by("submitted_on", "pk"))
    for case in waiting[:CANDIDATES]:
        _signs_up(stage, case, Enrolment.Role.CANDIDATE)
    for case in waiting[CANDIDATES : CANDIDATES + PARTICIPANTS]:
        _signs_up(stage, case, Enrolment.Role.PARTICIPANT)
    _knows_too_many(stage)


def _signs_up(stage: Stage, case: Application, role: str) -> None:
    intensive_acts.enrol(
        stage.coming,
        case.applicant,
        role=role,
        by=case.applicant,
        at=moment(stage.cast.ago(days=1)),
    )


def _knows_too_many(stage: Stage) -> None:
    """The first candidate has led with one faculty member of every group: none is possible."""
    first = stage.coming.enrolments.filter(role=Enrolment.Role.CANDIDATE).order_by("pk").first()
    if first is None:
        return
    groups = SmallGroup.objects.filter(intensive=stage.coming).order_by("name")
    known = [group.first_faculty for group in groups.select_related("first_faculty")]
    start = stage.cast.ago(years=5)
    applying.create_group(
        first.person,
        name="Saturday staff group",
        setting=BalintGroup.Setting.OTHER,
        start=start,
        end=start + relativedelta(years=1),
        leaders=[
            {"person": each, "profession": Profession.PSYCHOLOGIST, "start": None, "end": None}
            for each in known
        ],
        by=first.person,
        at=moment(stage.cast.ago(days=2)),
    )
    declare(
        stage.cast.evaluators[0],
        first.person,
        words="We share a practice.",
        by=first.person,
        at=moment(stage.cast.ago(days=2)),
    )
