"""A candidate's placement: a small group with its two faculty, and an evaluator.

By the text, neither faculty with whom the candidate co-leads will have served as the candidate's
supervisor or home site co-leader. Every function that could make such a pair asks `check_pair`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.people.queries import BARRING
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives import letters, queries
from intensives.models import (
    Disclosure,
    Enrolment,
    EvaluatorChange,
    GroupChange,
    Intensive,
    SmallGroup,
    WrittenAssessment,
)

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


def check_faculty_once(group: SmallGroup) -> None:
    """Refuse a group whose faculty lead another group of the intensive, too: all meet at once.

    A house rule. A group comes to be so where two records turn out to be one person.
    """
    why = queries.leads_two(queries.groups_of(group.intensive)).get(group.pk)
    if why:
        raise Refused(
            _("%(why)s. The office changes the faculty first.") % {"why": "; ".join(why)},
            field="small_group",
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


def flag_conflicts(relation: Relation) -> None:
    """Tell the Chair at once where a relation bars somebody who is, or was, a candidate's faculty.

    Called with every relation that appears or turns out to be older, in its transaction. The
    matter stands in the queue for as long as the placement does.
    """
    rows = queries.in_conflict().filter(
        Q(small_group__first_faculty=relation.person_id)
        | Q(small_group__second_faculty=relation.person_id),
        person=relation.applicant_id,
    )
    if relation.kind not in BARRING:
        return
    found = list(rows)
    cases = queries.cases_of(found)
    for row in found:
        case = cases.get(row.pk)
        audit.record(
            "placement.in-conflict",
            case.reference if case else "",
            by=None,
            record=f"enrolment {row.pk}",
            after={"faculty": relation.person_id, "relation": relation.kind},
        )
        if case:
            letters.in_conflict(row, relation, case)


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
    reason: str = "",
    disclosed: bool = False,
    by: Person,
    at: datetime,
) -> Enrolment:
    """Put a candidate into a small group and assign the evaluator, or change either.

    A first placement before the intensive begins needs no reason; everything later does, and the
    reason is kept. A relation that bars nobody is confirmed with `disclosed`.
    """
    case = _hold_case(enrolment, by=by, at=at)
    group = hold_group(small_group.pk)
    enrolment = hold_enrolment(enrolment.pk)
    _check_candidate(enrolment)
    if not case.is_live:
        raise Refused(_("The candidate's application has ended."))
    if group.intensive_id != enrolment.intensive_id:
        raise Refused(_("This group belongs to another intensive."), field="small_group")
    check_pair(enrolment.person, group.faculty, field="small_group")
    check_faculty_once(group)
    check_evaluator(evaluator, enrolment, group.faculty_ids)
    old_group, old_evaluator = enrolment.small_group, enrolment.evaluator
    if (old_group, old_evaluator) == (group, evaluator):
        return enrolment
    begun = enrolment.intensive.has_begun(timezone.localdate(at))
    if (begun or old_group) and not reason.strip():
        raise Refused(
            _("The intensive has begun. Give a reason; it becomes part of the record.")
            if begun
            else _("Give a reason for the change; it becomes part of the record."),
            field="reason",
        )
    _check_room(enrolment, group)
    assessment = _check_not_final(enrolment, group)
    confirmed = _check_disclosed(enrolment, group, evaluator, disclosed)
    with settle(enrolment, at=at):
        enrolment.small_group, enrolment.evaluator = group, evaluator
        enrolment.save(update_fields=["small_group", "evaluator"])
    why = {"reason": reason.strip(), "by": by, "at": at, "enrolment": enrolment}
    if reason.strip() and old_group != group:
        GroupChange.objects.create(before=old_group, after=group, **why)
    if old_evaluator and old_evaluator != evaluator:
        EvaluatorChange.objects.create(before=old_evaluator, after=evaluator, **why)
    Disclosure.objects.bulk_create(
        Disclosure(enrolment=enrolment, person=each.person, words=each.words, by=by, at=at)
        for each in confirmed
    )
    if assessment:
        # What the faculty answered is asked again: the three are others now.
        assessment.revision += 1
        assessment.save(update_fields=["revision"])
    audit.record(
        "candidate.placed" if old_group is None else "placement.changed",
        case.reference,
        by=by,
        record=f"enrolment {enrolment.pk}",
        before=_placement(old_group, old_evaluator),
        after={
            **_placement(group, evaluator),
            "disclosed": [each.person.pk for each in confirmed],
        },
    )
    letters.placed(enrolment, case, at=at)
    tell(enrolment, case, old_group, old_evaluator, at=at)
    return enrolment


def _check_room(enrolment: Enrolment, group: SmallGroup) -> None:
    """Each candidate leads two sessions of the group, one with each of its faculty."""
    room = group.intensive.room
    there = queries.placed().filter(small_group=group).exclude(pk=enrolment.pk).count()
    if room is not None and enrolment.small_group_id != group.pk and there >= room:
        raise Refused(
            _(
                "%(group)s is full: it has %(sessions)d sessions, and each candidate leads two of "
                "them, one with each of the two faculty."
            )
            % {"group": group.name, "sessions": group.intensive.sessions},
            field="small_group",
        )


def _check_not_final(enrolment: Enrolment, group: SmallGroup) -> WrittenAssessment | None:
    """The draft, if any; nothing changes once it is presented, nor who has led with whom."""
    assessment = WrittenAssessment.objects.filter(enrolment=enrolment).first()
    if assessment and assessment.presentations.exists():
        raise Refused(_("The assessment has been presented; the placement stands."))
    led = enrolment.co_led.exclude(faculty__in=group.faculty_ids).select_related("faculty").first()
    if led:
        raise Refused(
            _("%(candidate)s has already led a session with %(faculty)s, whose place stands.")
            % {"candidate": enrolment.person.name, "faculty": led.faculty.name},
            field="small_group",
        )
    return assessment


def _check_disclosed(
    enrolment: Enrolment, group: SmallGroup, evaluator: Person, disclosed: bool
) -> list[queries.Confirmed]:
    """The relations that a house rule asks to be confirmed, where they are."""
    applicant = enrolment.person_id
    known = queries.disclosed([applicant])
    doubted = queries.doubts([applicant], [evaluator, *group.faculty], known)
    told = queries.to_confirm(applicant, group, evaluator, known, doubted)
    if told and not disclosed:
        raise Refused(
            _("%(relations)s. Nothing forbids it: confirm that you know of it.")
            % {"relations": "; ".join(each.words for each in told)},
            field="disclosed",
        )
    return told


@transaction.atomic
def place_all(
    places: Iterable[tuple[Enrolment, SmallGroup, Person]],
    *,
    disclosed: bool = False,
    by: Person,
    at: datetime,
) -> list[Enrolment]:
    """Place several candidates as proposed, all of them or, where one is refused, none."""
    placed = [
        place(enrolment, small_group=group, evaluator=evaluator, disclosed=disclosed, by=by, at=at)
        for enrolment, group, evaluator in places
    ]
    if not placed:
        raise Refused(_("There is nobody left to place."))
    return placed


@transaction.atomic
def replace_evaluator(
    enrolment: Enrolment,
    *,
    evaluator: Person,
    reason: str,
    disclosed: bool = False,
    by: Person,
    at: datetime,
) -> Enrolment:
    """Put somebody else in the evaluator's place, with a reason, until something is presented.

    A draft goes on under the new evaluator; what the faculty answered to it is asked again.
    """
    _hold_case(enrolment, by=by, at=at)
    enrolment = hold_enrolment(enrolment.pk)
    if enrolment.small_group is None or enrolment.evaluator is None:
        raise Refused(_("This candidate is not placed yet."))
    if enrolment.evaluator_id == evaluator.pk:
        raise Refused(
            _("%(name)s is the evaluator already.") % {"name": evaluator.name}, field="evaluator"
        )
    return place(
        enrolment,
        small_group=enrolment.small_group,
        evaluator=evaluator,
        reason=reason,
        disclosed=disclosed,
        by=by,
        at=at,
    )


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
