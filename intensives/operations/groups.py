"""The small groups of an intensive: their two faculty, and who is in them."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives import letters, queries
from intensives.models import Enrolment, Intensive, SmallGroup, WrittenAssessment
from intensives.operations.offering import hold_enrolments
from intensives.operations.placement import (
    check_pair,
    hold_enrolment,
    hold_group,
    hold_intensive,
    settle,
)

State = Enrolment.State


@transaction.atomic
def add_small_group(
    intensive: Intensive,
    *,
    name: str,
    first_faculty: Person,
    second_faculty: Person,
    by: Person,
    at: datetime,
) -> SmallGroup:
    """Add a small group with its two faculty."""
    intensive = hold_intensive(intensive)
    _check_faculty(intensive, (first_faculty, second_faculty))
    if not name.strip():
        raise Refused(_("Give the group a name."), field="name")
    try:
        with transaction.atomic():
            group = SmallGroup.objects.create(
                intensive=intensive,
                name=name.strip(),
                first_faculty=first_faculty,
                second_faculty=second_faculty,
            )
    except IntegrityError as clash:
        raise Refused(_("There is a group of this name already."), field="name") from clash
    audit.record(
        "small-group.added",
        by=by,
        record=f"intensive {intensive.pk}",
        after={"group": group.pk, "faculty": group.faculty_ids},
    )
    return group


def _check_faculty(
    intensive: Intensive, pair: Sequence[Person], *, but: Iterable[SmallGroup] = ()
) -> None:
    """Faculty are two different people, who neither take part nor lead another group of it."""
    first, second = pair
    if first.pk == second.pk:
        raise Refused(_("Choose two different people as faculty."), field="second_faculty")
    fields = {first.pk: "first_faculty", second.pk: "second_faculty"}
    enrolled = intensive.enrolments.exclude(state=State.CANCELLED).filter(person__in=fields)
    taken = enrolled.select_related("person").order_by("pk").first()
    if taken:
        raise Refused(
            _("%(name)s is signed up for this intensive and can't be its faculty.")
            % {"name": taken.person.name},
            field=fields[taken.person_id],
        )
    others = intensive.small_groups.exclude(pk__in=[each.pk for each in but])
    others = others.order_by("name", "pk")
    for other in others:
        for person in (first, second):
            if person.pk in other.faculty_ids:
                raise Refused(
                    _("%(name)s leads %(group)s, which meets at the same time.")
                    % {"name": person.name, "group": other.name},
                    field=fields[person.pk],
                )


@transaction.atomic
def change_faculty(
    small_group: SmallGroup,
    *,
    first_faculty: Person,
    second_faculty: Person,
    swap: bool = False,
    by: Person,
    at: datetime,
) -> SmallGroup:
    """Change the two faculty of a group, checked against every candidate who is in it.

    With `swap`, whoever comes from another group is replaced there by who leaves this one.
    """
    hold_intensive(small_group.intensive)
    group, new = hold_group(small_group.pk), (first_faculty, second_faculty)
    if {person.pk for person in new} == set(group.faculty_ids):
        return group
    pairs = _pairs(group, new, swap=swap)
    changes = []
    for each, pair in pairs:
        keys = queries.placed().filter(small_group=each).order_by("pk")
        placed = [hold_enrolment(key) for key in keys.values_list("pk", flat=True)]
        _check_faculty(each.intensive, pair, but=[changed for changed, _pair in pairs])
        if each.enrolments.filter(completed=True).exists():
            raise Refused(_("The attendance of this group is recorded; its faculty stand."))
        for enrolment in placed:
            _check_change(enrolment, pair, each.faculty, by=by)
        changes.append((each, pair, placed))
    for change in changes:
        _change(*change, by=by, at=at)
    return group


def _pairs(
    group: SmallGroup, new: Sequence[Person], *, swap: bool
) -> list[tuple[SmallGroup, list[Person]]]:
    """The group with its new faculty; where they are swapped, each other one that changes, too."""
    pairs = {group.pk: (group, list(new))}
    if not swap:
        return list(pairs.values())
    comes = [person for person in new if person not in group.faculty]
    leaves = [person for person in group.faculty if person not in new]
    others = group.intensive.small_groups.exclude(pk=group.pk)
    for comer, leaver in zip(comes, leaves, strict=False):
        found = others.filter(Q(first_faculty=comer) | Q(second_faculty=comer)).first()
        if found is None:
            continue
        if found.pk not in pairs:
            other = hold_group(found.pk)
            pairs[other.pk] = (other, list(other.faculty))
        pair = pairs[found.pk][1]
        pair[pair.index(comer)] = leaver
    return list(pairs.values())


def _change(
    group: SmallGroup,
    new: Sequence[Person],
    placed: Sequence[Enrolment],
    *,
    by: Person,
    at: datetime,
) -> None:
    old, old_ids = group.faculty, group.faculty_ids
    with ExitStack() as changes:
        for enrolment in placed:
            changes.enter_context(settle(enrolment, at=at))
        group.first_faculty, group.second_faculty = new
        group.save(update_fields=["first_faculty", "second_faculty"])
    # What the faculty answered to a draft is asked again, as the three are others now.
    WrittenAssessment.objects.filter(enrolment__in=placed, presentations=None).update(
        revision=F("revision") + 1
    )
    audit.record(
        "small-group.faculty-changed",
        by=by,
        record=f"small group {group.pk}",
        before={"faculty": old_ids},
        after={"faculty": group.faculty_ids},
    )
    _tell(placed, new, old, at=at)


def _check_change(
    enrolment: Enrolment, new: Sequence[Person], old: Sequence[Person], *, by: Person
) -> None:
    field = "first_faculty" if new[0] not in old else "second_faculty"
    if enrolment.person_id == by.pk:
        raise Refused(_("You are a candidate of this group. Ask another administrator."))
    check_pair(enrolment.person, new, field=field)
    if enrolment.evaluator_id in {person.pk for person in new}:
        raise Refused(
            _("%(name)s evaluates a candidate of this group.") % {"name": enrolment.evaluator.name},
            field=field,
        )
    leaving = [person for person in old if person not in new]
    if enrolment.co_led.filter(faculty__in=leaving).exists():
        raise Refused(
            _("%(candidate)s has already led a session with %(faculty)s, whose place stands.")
            % {
                "candidate": enrolment.person.name,
                "faculty": " / ".join(person.name for person in leaving),
            },
            field=field,
        )


def _tell(
    placed: Sequence[Enrolment], new: Sequence[Person], old: Sequence[Person], *, at: datetime
) -> None:
    cases = queries.cases_of(placed)
    for enrolment in placed:
        if enrolment.pk not in cases:
            continue
        case = cases[enrolment.pk]
        letters.placed(enrolment, case, at=at)
        for person in new:
            if person not in old:
                letters.in_your_group(enrolment, person, case, at=at)
        for person in old:
            if person not in new and person.pk != enrolment.evaluator_id:
                letters.released(enrolment, person, at=at)


@transaction.atomic
def assign_groups(
    intensive: Intensive, *, groups: dict[int, SmallGroup | None], by: Person, at: datetime
) -> list[Enrolment]:
    """Put participants into small groups, by the enrolment's key; the Chair places candidates."""
    hold_intensive(intensive)
    rows = hold_enrolments(Enrolment.objects.filter(pk__in=groups, intensive=intensive))
    moved = []
    for row in rows:
        group = groups[row.pk]
        if row.role != Enrolment.Role.PARTICIPANT or row.state != State.SIGNED_UP:
            raise Refused(_("%(name)s can't be put into a group here.") % {"name": row.person.name})
        if group and group.intensive_id != intensive.pk:
            raise Refused(_("This group belongs to another intensive."))
        if row.small_group == group:
            continue
        if row.completed:
            raise Refused(
                _("The attendance of %(name)s is recorded in another group.")
                % {"name": row.person.name}
            )
        row.small_group = group
        row.save(update_fields=["small_group"])
        moved.append(row)
    if moved:
        audit.record(
            "small-groups.assigned",
            by=by,
            record=f"intensive {intensive.pk}",
            after={row.key: row.small_group_id for row in moved},
        )
    return moved


@transaction.atomic
def spread_participants(intensive: Intensive, *, by: Person, at: datetime) -> list[Enrolment]:
    """Put the participants who are in no group where the fewest are, candidates included."""
    hold_intensive(intensive)
    groups = queries.groups_of(intensive)
    waiting = intensive.enrolments.filter(
        role=Enrolment.Role.PARTICIPANT, state=State.SIGNED_UP, small_group=None, completed=False
    ).order_by("enrolled_at", "pk")
    if not groups:
        raise Refused(_("There are no groups yet."))
    if not waiting:
        raise Refused(_("Every participant is in a group already."))
    size = {group: group.candidates + group.participants for group in groups}
    chosen: dict[int, SmallGroup | None] = {}
    for row in waiting:
        smallest = min(groups, key=lambda group: (size[group], groups.index(group)))
        chosen[row.pk] = smallest
        size[smallest] += 1
    return assign_groups(intensive, groups=chosen, by=by, at=at)
