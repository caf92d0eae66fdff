"""Two records of one person become one, without losing anything.

Every foreign key to Person is found in the models. A row of an append-only table stays as it is
and is read through `merged_into`; every other row moves. Where a constraint may stand in the way,
`RECONCILED` says what happens; a test fails when a new one is not treated here.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application
from credentialing import relations
from credentialing.office.queries import merging as asked
from credentialing.office.queries.merging import Pointer
from credentialing.people.models import Distinct, Person, Relation, User
from credentialing.people.operations import tell_chair
from credentialing.records import audit
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from intensives.models import Enrolment
from intensives.operations import flag_conflicts
from supervision.models import Supervision

Removed = list[dict[str, Any]]
RUNNING = (Supervision.State.REQUESTED, Supervision.State.ACTIVE)


@transaction.atomic
def merge_people(kept: Person, gone: Person, *, by: Person, at: datetime) -> Person:
    """Make two records of one person one. The other one stays as the name that old acts bear.

    Refused in words where the two can't be one person now. The Chair is told.
    """
    keys = (kept.pk, gone.pk)
    list(Application.objects.select_for_update().filter(applicant__in=keys).order_by("pk"))
    locked = Person.objects.select_for_update().filter(pk__in=keys).order_by("pk").in_bulk()
    kept, gone = locked[kept.pk], locked[gone.pk]
    if by.pk in keys:
        raise Refused(_("You can't merge your own record. Ask another administrator."))
    if hindrances := asked.hindrances(kept, gone):
        raise Refused(" ".join(hindrances))
    moved = dict(asked.moving(gone))
    removed: Removed = []
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    for pointer in asked.pointers():
        treat = RECONCILED.get(pointer.label) or (_stays if pointer.stays else _moves)
        try:
            with transaction.atomic():
                treat(pointer, kept, gone, removed)
        except IntegrityError as clash:
            raise Refused(
                _(
                    "Both have the same in “%(where)s”, and only one can stand. Settle it there "
                    "first."
                )
                % {"where": pointer.model._meta.verbose_name_plural}
            ) from clash
    _fill(kept, gone)
    relations.sync(kept)
    # What was two people's may be a conflict now that it is one person's.
    for relation in Relation.objects.filter(Q(person=kept) | Q(applicant=kept)).order_by("pk"):
        flag_conflicts(relation)
    audit.record(
        "person.merged",
        by=by,
        record=f"person {kept.pk}",
        before={"person": gone.pk, "removed": removed},
        after={"moved": moved},
    )
    tell_chair(
        "people-merged",
        occasion=f"person {gone.pk}",
        subject=gettext_lazy("Two records of one person have become one"),
        text=gettext_lazy(
            "The office has found that two records were of one person, and has made them one."
        ),
        link=f"/office/people/{kept.pk}/",
    )
    return kept


@transaction.atomic
def call_different(one: Person, other: Person, *, by: Person, at: datetime) -> None:
    """Note that two who resemble each other are two people; nobody is asked again."""
    first, second = sorted((one.pk, other.pk))
    _known, new = Distinct.objects.get_or_create(
        one_id=first, other_id=second, defaults={"by": by, "at": at}
    )
    if new:
        audit.record("people.different", by=by, record=f"person {first}", after={"person": second})


def _fill(kept: Person, gone: Person) -> None:
    """What the kept record lacks comes from the other; who has an account is written to there."""
    account = User.objects.filter(person=kept).first()
    kept.email = account.email if account else kept.email or gone.email
    kept.profession = kept.profession or gone.profession
    kept.listed = kept.listed or gone.listed
    kept.letter_language = kept.letter_language or gone.letter_language
    kept.save(update_fields=["email", "profession", "listed", "letter_language"])
    if kept.email:
        Letter.objects.filter(to=kept, address="").update(address=kept.email)


def _stays(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """An append-only row goes on naming who acted; `merged_into` leads on."""


def _moves(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    pointer.rows(gone).update(**{pointer.field.name: kept})


def _moves_where_free(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """Each row by itself; what stands in the way is history of both, and stays as it is."""
    for row in pointer.rows(gone).order_by("pk"):
        try:
            with transaction.atomic():
                pointer.model._base_manager.filter(pk=row.pk).update(**{pointer.field.name: kept})
        except IntegrityError:
            continue


def _facts(row: Model) -> dict[str, Any]:
    named = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {"row": row._meta.label, **named}


def _united(
    *, within: str = "", until: str = "end", joined: Callable[[Any, Any], None] | None = None
) -> Any:
    """Rows with days: where they overlap, one row holds the days of both."""

    def treat(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
        name = pointer.field.name
        rows = pointer.model._base_manager.select_for_update().filter(
            **{f"{name}__in": (kept, gone)}
        )
        by_kind: dict[Any, list[Any]] = {}
        for row in rows.order_by("start", "pk"):
            by_kind.setdefault(getattr(row, within) if within else None, []).append(row)
        for alike in by_kind.values():
            for standing, others in _clusters(alike, until):
                ends = [getattr(row, until) for row in (standing, *others)]
                for other in others:
                    if joined:
                        joined(standing, other)
                    removed.append(_facts(other))
                    other.delete()
                if others:
                    removed.append(_facts(type(standing).objects.get(pk=standing.pk)))
                    setattr(standing, until, None if None in ends else max(ends))
                setattr(standing, name, kept)
                standing.save()

    return treat


def _clusters(rows: Iterable[Any], last: str) -> list[tuple[Any, list[Any]]]:
    """Rows by start, parted where no day is shared: the first of each part with the others."""
    parts: list[list[Any]] = []
    until: date | None = date.min
    for row in rows:
        if parts and (until is None or row.start <= until):
            parts[-1].append(row)
        else:
            parts.append([row])
            until = getattr(row, last)
            continue
        end = getattr(row, last)
        until = None if None in (until, end) else max(until, end)
    return [(part[0], part[1:]) for part in parts]


def _more_places(standing: Any, other: Any) -> None:
    standing.places = max(standing.places, other.places)


def _a_number(standing: Any, other: Any) -> None:
    standing.number = standing.number or other.number


def _relations(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """One relation of a kind to the same person: the earliest day stands."""
    name = pointer.field.name
    other = "applicant" if name == "person" else "person"
    for relation in pointer.rows(gone).order_by("pk"):
        same = Relation.objects.filter(
            **{name: kept, f"{other}_id": getattr(relation, f"{other}_id"), "kind": relation.kind}
        ).first()
        if same is None:
            Relation.objects.filter(pk=relation.pk).update(**{name: kept})
            continue
        removed.append(_facts(relation))
        relation.delete()
        if relation.since < same.since:
            same.since, same.source = relation.since, relation.source
            same.save(update_fields=["since", "source"])


def _twice_is_once(*others: str) -> Any:
    """Where the kept record has the same already, the other row goes."""

    def treat(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
        for row in pointer.rows(gone).order_by("pk"):
            same = pointer.rows(kept).filter(**{name: getattr(row, name) for name in others})
            if same.exists():
                removed.append(_facts(row))
                row.delete()
            else:
                pointer.model._base_manager.filter(pk=row.pk).update(**{pointer.field.name: kept})

    return treat


def _account(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """One account stays; the other one ends, and its addresses lead to the one that stays."""
    theirs = User.objects.filter(person=gone).first()
    mine = User.objects.filter(person=kept).first()
    if theirs is None:
        return
    if mine is None:
        theirs.person = kept
        theirs.save(update_fields=["person"])
        return
    known = {address.lower() for address in mine.emailaddress_set.values_list("email", flat=True)}
    for address in EmailAddress.objects.filter(user=theirs):
        if address.email.lower() not in known:
            address.user, address.primary = mine, False
            address.save(update_fields=["user", "primary"])
    removed.append({"row": "people.User", "id": theirs.pk})
    theirs.delete()


def _supervisions(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """Two that run between the same two people: the later one ends, and its sessions stand."""
    name = pointer.field.name
    other = "supervisor" if name == "applicant" else "applicant"
    for supervision in pointer.rows(gone).filter(state__in=RUNNING).order_by("pk"):
        same = pointer.rows(kept).filter(state__in=RUNNING, **{other: getattr(supervision, other)})
        twin = same.first()
        if twin is None:
            continue
        order = [Supervision.State.REQUESTED, Supervision.State.ACTIVE]
        ending = min((supervision, twin), key=lambda each: (order.index(each.state), -each.pk))
        asked_only = ending.state == Supervision.State.REQUESTED
        ending.state = Supervision.State.DECLINED if asked_only else Supervision.State.ENDED
        ending.ended = None if asked_only else max(ending.began, timezone.localdate())
        ending.reason = _("Two records of one person became one.")
        ending.save(update_fields=["state", "ended", "reason"])
    _moves(pointer, kept, gone, removed)


def _enrolments(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """Signed up twice for one intensive: the one that holds nothing is cancelled."""
    standing = Enrolment.objects.exclude(state=Enrolment.State.CANCELLED)
    for enrolment in standing.filter(person=gone):
        twin = standing.filter(person=kept, intensive=enrolment.intensive_id).first()
        if twin is None:
            continue
        full = standing.filter(asked.holds_something(), pk=enrolment.pk).exists()
        Enrolment.objects.filter(pk=twin.pk if full else enrolment.pk).update(
            state=Enrolment.State.CANCELLED
        )
    _moves(pointer, kept, gone, removed)


def _letters(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """The occasion names the reader, so that what was written once is not written again."""
    for letter in Letter.objects.filter(to=gone).order_by("pk"):
        occasion = letter.occasion.removesuffix(f":{gone.pk}") + f":{kept.pk}"
        taken = Letter.objects.filter(
            kind=letter.kind, occasion=occasion, address=letter.address
        ).exists()
        changes = {"to": kept} if taken else {"to": kept, "occasion": occasion}
        Letter.objects.filter(pk=letter.pk).update(**changes)


def _different(pointer: Pointer, kept: Person, gone: Person, removed: Removed) -> None:
    """Who was called different from the one is different from both; the two from each other not."""
    for pair in pointer.rows(gone).order_by("pk"):
        others = {pair.one_id, pair.other_id} - {gone.pk, kept.pk}
        pair.delete()
        for other in others:
            first, second = sorted((kept.pk, other))
            Distinct.objects.get_or_create(
                one_id=first, other_id=second, defaults={"by_id": pair.by_id, "at": Now()}
            )


RECONCILED: dict[str, Any] = {
    "people.Distinct.one": _different,
    "people.Distinct.other": _different,
    "people.Person.merged_into": _moves,
    "people.User.person": _account,
    "people.Role.person": _united(within="kind"),
    "people.Absence.person": _united(until="until"),
    "people.Relation.person": _relations,
    "people.Relation.applicant": _relations,
    "records.Letter.to": _letters,
    "applicants.Application.applicant": _moves,  # two live ones are refused
    "applicants.Membership.person": _united(joined=_a_number),
    "applicants.GroupLeader.person": _twice_is_once("group", "start"),
    "applicants.CalendarFeed.person": _twice_is_once(),
    "supervision.Availability.supervisor": _twice_is_once(),
    "standing.Tour.person": _twice_is_once(),
    "applicants.Debriefing_partners.person": _twice_is_once("debriefing"),
    "supervision.Approval.supervisor": _united(joined=_more_places),
    "supervision.Supervision.applicant": _supervisions,
    "supervision.Supervision.supervisor": _supervisions,
    "intensives.SmallGroup.first_faculty": _moves,  # faculty of one group are refused
    "intensives.SmallGroup.second_faculty": _moves,
    "intensives.Enrolment.person": _enrolments,
    "intensives.Enrolment.evaluator": _moves,  # evaluator and candidate are refused
    "intensives.CoLed.faculty": _moves_where_free,
    "reviews.Elector.person": _moves_where_free,
    "reviews.MeetingVote.entered_by": _moves_where_free,
    "reviews.MeetingVote.confirmed_by": _moves_where_free,
    "reviews.StatusChange.entered_by": _moves_where_free,
    "reviews.StatusChange.confirmed_by": _moves_where_free,
}
