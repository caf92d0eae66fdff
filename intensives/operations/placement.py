"""A candidate's placement: a small group with its two faculty, and an evaluator.

By the text, neither faculty with whom the candidate co-leads will have served as the candidate's
supervisor or home site co-leader. Every function that could make such a pair asks `check_pair`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives import letters, queries
from intensives.models import Enrolment, EvaluatorChange, Intensive, SmallGroup, WrittenAssessment

State = Enrolment.State
KIND = {"faculty": Relation.Kind.FACULTY, "evaluator": Relation.Kind.EVALUATOR}


def check_pair(candidate: Person, faculty: Iterable[Person], *, field: str) -> None:
    """Refuse faculty who are, or ever were, supervisor or home-site co-leader of the candidate."""
    why = queries.conflicts(candidate, faculty, queries.barred([candidate.pk]))
    if why:
        raise Refused(
            _(
                "%(candidate)s can't be in this group, because no faculty member may have been the "
                "candidate's supervisor or home-site co-leader. %(why)s"
            )
            % {"candidate": candidate.name, "why": "; ".join(why)},
            field=field,
        )


def hold_intensive(intensive: Intensive) -> Intensive:
    """The intensive, its row held: nobody else signs up, cancels or changes it meanwhile."""
    return Intensive.objects.select_for_update().get(pk=intensive.pk)


def hold(rows: QuerySet[Any]) -> None:
    """Hold these rows, by key, and nothing beside them.

    What belongs to them is read afterwards: a lock that waited looks again at the row alone, and
    a join that no longer fits would make the row disappear.
    """
    list(rows.select_related(None).order_by("pk").select_for_update().values_list("pk"))


def hold_group(key: int) -> SmallGroup:
    """The small group, its row held: nobody else is placed in it meanwhile."""
    hold(SmallGroup.objects.filter(pk=key))
    rows = SmallGroup.objects.select_related("intensive", "first_faculty", "second_faculty")
    return rows.get(pk=key)


def hold_enrolment(key: int) -> Enrolment:
    """The enrolment, its row held."""
    hold(Enrolment.objects.filter(pk=key))
    return Enrolment.objects.select_related(
        "intensive",
        "person",
        "evaluator",
        "small_group__first_faculty",
        "small_group__second_faculty",
    ).get(pk=key)


def _hold_case(enrolment: Enrolment, *, by: Person, at: datetime) -> Application:
    """The candidate's application, held; 404 for who does not act as Chair on it."""
    case = queries.case_of(enrolment)
    if case is None or not access.may(by, Can.CHAIR, case, day=timezone.localdate(at)):
        raise Http404
    return Application.objects.select_for_update().get(pk=case.pk)


@contextmanager
def settle(enrolment: Enrolment, *, at: datetime) -> Iterator[None]:
    """Around a change of placement: give what now holds, take away what no longer does.

    What somebody was to the candidate once the intensive had begun stays on record as a relation;
    what it showed them ends in any case.
    """
    mine = queries.placed().filter(person=enrolment.person_id)
    before = set(queries.gives(mine))
    yield
    after = set(queries.gives(mine.all()))
    people = Person.objects.select_related("user").in_bulk(
        {person for person, _, _ in before ^ after}
    )
    cases = Application.objects.in_bulk({case for _, _, case in before ^ after})
    day = timezone.localdate(at)
    for person, relation, case in before - after:
        access.take(people[person], relation, cases[case])
        still = any(held[:2] == (person, relation) for held in after)
        if not still and not enrolment.intensive.has_begun(day):
            Relation.objects.filter(
                person=person, applicant=enrolment.person_id, kind=KIND[relation]
            ).delete()
    for person, relation, case in after - before:
        relate(
            person,
            enrolment.person_id,
            KIND[relation],
            since=day,
            source=f"intensive {enrolment.intensive_id}",
        )
        access.give(people[person], relation, cases[case])


def check_evaluator(evaluator: Person, enrolment: Enrolment, faculty: Iterable[int]) -> None:
    """The evaluator is neither the candidate nor one of the two faculty."""
    if evaluator.pk == enrolment.person_id:
        raise Refused(_("Nobody evaluates themselves."), field="evaluator")
    if evaluator.pk in faculty:
        raise Refused(
            _("%(name)s is faculty of this group; the evaluator is a third person.")
            % {"name": evaluator.name},
            field="evaluator",
        )


def _check_candidate(enrolment: Enrolment) -> None:
    if enrolment.role != Enrolment.Role.CANDIDATE:
        raise Refused(_("Only candidates are placed; this person comes as a participant."))
    if enrolment.state != State.SIGNED_UP:
        raise Refused(
            _("%(name)s is %(state)s and can't be placed.")
            % {"name": enrolment.person.name, "state": enrolment.get_state_display()}
        )


@transaction.atomic
def place(
    enrolment: Enrolment,
    *,
    small_group: SmallGroup,
    evaluator: Person,
    by: Person,
    at: datetime,
) -> Enrolment:
    """Put a candidate into a small group and assign the evaluator, until the intensive begins."""
    case = _hold_case(enrolment, by=by, at=at)
    group = hold_group(small_group.pk)
    enrolment = hold_enrolment(enrolment.pk)
    _check_candidate(enrolment)
    if not case.is_live:
        raise Refused(_("The candidate's application has ended."))
    if enrolment.intensive.has_begun(timezone.localdate(at)):
        raise Refused(
            _("The intensive has begun: the placement stands. An evaluator can be replaced.")
        )
    if group.intensive_id != enrolment.intensive_id:
        raise Refused(_("This group belongs to another intensive."), field="small_group")
    check_pair(enrolment.person, group.faculty, field="small_group")
    check_evaluator(evaluator, enrolment, group.faculty_ids)
    old_group, old_evaluator = enrolment.small_group, enrolment.evaluator
    if (old_group, old_evaluator) == (group, evaluator):
        return enrolment
    with settle(enrolment, at=at):
        enrolment.small_group, enrolment.evaluator = group, evaluator
        enrolment.save(update_fields=["small_group", "evaluator"])
    audit.record(
        "candidate.placed",
        case.reference,
        by=by,
        record=f"enrolment {enrolment.pk}",
        before=_placement(old_group, old_evaluator),
        after=_placement(group, evaluator),
    )
    letters.placed(enrolment, case, at=at)
    tell(enrolment, case, old_group, old_evaluator, at=at)
    return enrolment


@transaction.atomic
def place_all(
    places: Iterable[tuple[Enrolment, SmallGroup, Person]], *, by: Person, at: datetime
) -> list[Enrolment]:
    """Place several candidates as proposed, all of them or, where one is refused, none."""
    placed = [
        place(enrolment, small_group=group, evaluator=evaluator, by=by, at=at)
        for enrolment, group, evaluator in places
    ]
    if not placed:
        raise Refused(_("There is nobody left to place."))
    return placed


def _placement(group: SmallGroup | None, evaluator: Person | None) -> dict[str, int | None]:
    return {
        "small_group": group.pk if group else None,
        "evaluator": evaluator.pk if evaluator else None,
    }


def tell(
    enrolment: Enrolment,
    case: Application,
    old_group: SmallGroup | None,
    old_evaluator: Person | None,
    *,
    at: datetime,
) -> None:
    """Tell who is new to the candidate, and who is released."""
    before = {person.pk: person for person in (old_group.faculty if old_group else ())}
    now = {person.pk: person for person in enrolment.small_group.faculty}
    for key in sorted(now.keys() - before.keys()):
        letters.in_your_group(enrolment, now[key], case, at=at)
    if enrolment.evaluator != old_evaluator:
        letters.assigned(enrolment, enrolment.evaluator, case, at=at)
    if old_evaluator:
        before[old_evaluator.pk] = old_evaluator
    for key in sorted(before.keys() - now.keys() - {enrolment.evaluator_id}):
        letters.released(enrolment, before[key], at=at)


@transaction.atomic
def replace_evaluator(
    enrolment: Enrolment, *, evaluator: Person, reason: str, by: Person, at: datetime
) -> Enrolment:
    """Put somebody else in the evaluator's place, with a reason, until something is presented.

    A draft goes on under the new evaluator; what the faculty answered to it is asked again.
    """
    case = _hold_case(enrolment, by=by, at=at)
    if enrolment.small_group_id:
        hold_group(enrolment.small_group_id)
    enrolment = hold_enrolment(enrolment.pk)
    _check_candidate(enrolment)
    group, old = enrolment.small_group, enrolment.evaluator
    if group is None or old is None:
        raise Refused(_("This candidate is not placed yet."))
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    if old.pk == evaluator.pk:
        raise Refused(
            _("%(name)s is the evaluator already.") % {"name": old.name}, field="evaluator"
        )
    check_pair(enrolment.person, group.faculty, field="evaluator")
    check_evaluator(evaluator, enrolment, group.faculty_ids)
    assessment = WrittenAssessment.objects.filter(enrolment=enrolment).first()
    if assessment and assessment.presentations.exists():
        raise Refused(_("The assessment has been presented; the evaluator stands."))
    with settle(enrolment, at=at):
        enrolment.evaluator = evaluator
        enrolment.save(update_fields=["evaluator"])
    EvaluatorChange.objects.create(
        enrolment=enrolment, before=old, after=evaluator, reason=reason.strip(), by=by, at=at
    )
    if assessment:
        assessment.revision += 1
        assessment.save(update_fields=["revision"])
    audit.record(
        "evaluator.replaced",
        case.reference,
        by=by,
        record=f"enrolment {enrolment.pk}",
        before={"evaluator": old.pk},
        after={"evaluator": evaluator.pk},
    )
    letters.placed(enrolment, case, at=at)
    tell(enrolment, case, group, old, at=at)
    return enrolment
