"""Who may see and do what with a case. The only module that talks to django-guardian.

A permission is given by the applicant being the applicant, by a *relation* to the case (an object
permission on the application, whose codename is the relation), or by a *role* that is held today.
What a conflict hides is subtracted below the role, in one queryset; what the relation itself shows
stays. Lists, counts, search, exports, letters and files all start from `visible`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404
from guardian.shortcuts import assign_perm, remove_perm

from applicants.models import Application, ApplicationUserPermission, RecusalLifted, Stage
from credentialing.people.models import Absence, Person, Relation, Role
from credentialing.people.queries import RECUSING, holders, roles_of

Row = TypeVar("Row", bound=Model)

COMMITTEE = frozenset({Role.Kind.COMMITTEE, Role.Kind.CHAIR, Role.Kind.DEPUTY})
CHAIR = frozenset({Role.Kind.CHAIR, Role.Kind.DEPUTY})
OFFICE = frozenset({Role.Kind.ADMINISTRATOR})
# The offices whose sight and vote a relation takes away.
DECIDING = COMMITTEE | {Role.Kind.COUNCIL}
ASSESSORS = frozenset({"evaluator", "faculty"})


class Can(StrEnum):
    """Each permission on a case, once. The table below says what gives it."""

    OWN = "own"
    FOLLOW = "follow"
    READ_CASE = "read-case"
    READ_ASSESSMENT = "read-assessment"
    READ_RECOMMENDATION = "read-recommendation"
    DISCUSS = "discuss"
    CHAIR = "chair"
    OPERATE = "operate"
    OPEN_BALLOT = "open-ballot"
    ELECT = "elect"
    SEE_OUTCOME = "see-outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gives:
    """What gives a permission: any one of these."""

    applicant: bool = False
    relations: frozenset[str] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)


TABLE: dict[Can, Gives] = {
    # The applicant's own pages.
    Can.OWN: Gives(applicant=True),
    # The requirements page.
    Can.FOLLOW: Gives(
        applicant=True, relations=ASSESSORS | frozenset({"supervisor"}), roles=COMMITTEE
    ),
    # The applicant's file, logs, claims and documents.
    Can.READ_CASE: Gives(applicant=True, relations=ASSESSORS, roles=COMMITTEE),
    # The joint assessment once presented (the draft is guarded by `intensives` for the three).
    Can.READ_ASSESSMENT: Gives(relations=ASSESSORS, roles=COMMITTEE),
    Can.READ_RECOMMENDATION: Gives(roles=COMMITTEE),
    # The Committee's discussion.
    Can.DISCUSS: Gives(roles=COMMITTEE),
    # To act as Chair: accept, rule, assign, recommend. A deputy only where no Chair can.
    Can.CHAIR: Gives(roles=CHAIR),
    # The office: stage and names, memberships, enrolments, dossiers to issue.
    Can.OPERATE: Gives(roles=OFFICE),
    Can.OPEN_BALLOT: Gives(roles=CHAIR | OFFICE),
    # The frozen dossier and the vote, while the ballot is open.
    Can.ELECT: Gives(relations=frozenset({"elector"})),
    Can.SEE_OUTCOME: Gives(
        applicant=True, relations=ASSESSORS, roles=COMMITTEE | OFFICE | {Role.Kind.COUNCIL}
    ),
}


def visible(person: Person | None, can: Can, *, day: date) -> QuerySet[Application]:
    """The applications on which a person has a permission on a day."""
    if person is None:
        return Application.objects.none()
    gives = TABLE[can]
    roles = roles_of(person, day)
    allowed = Q(pk__in=[])
    if gives.applicant:
        allowed |= Q(applicant=person)
    if gives.roles & roles:
        recused = recusing(OuterRef("applicant"), OuterRef(OuterRef("pk"))).filter(person=person)
        by_role = ~Q(applicant=person)
        if not gives.roles & roles & OFFICE:
            by_role &= ~Exists(recused) & Q(submitted_on__isnull=False) & ~Q(stage=Stage.DRAFT)
            if gives.roles <= CHAIR | OFFICE and Role.Kind.CHAIR not in roles:
                by_role &= ~Exists(_chair_at_hand(day))
        allowed |= by_role
    relations = gives.relations
    if Role.Kind.COUNCIL not in roles:
        relations -= {"elector"}
    if relations:
        held = ApplicationUserPermission.objects.filter(
            user__person=person,
            permission__codename__in=relations,
            content_object=OuterRef("pk"),
        )
        allowed |= Exists(held) & ~Q(applicant=person)
    return Application.objects.filter(allowed)


def _chair_at_hand(day: date) -> QuerySet[Role]:
    """The Chairs who are there and may act on a case of the query around: no deputy stands in."""
    related = recusing(OuterRef(OuterRef("applicant")), OuterRef(OuterRef(OuterRef("pk")))).filter(
        person=OuterRef("person")
    )
    away = Absence.objects.on(day).filter(person=OuterRef("person"))
    chairs = Role.objects.on(day).filter(kind=Role.Kind.CHAIR)
    return chairs.filter(~Q(person=OuterRef("applicant")) & ~Exists(related) & ~Exists(away))


def recusing(applicant: Any, application: Any) -> QuerySet[Relation]:
    """The relations for which somebody does not act or vote on a case.

    Not those of whom the Chair has recorded why they may. Who stepped aside has done so for good.
    The case is named by its keys, or by references to them; `application` is read two levels down.
    """
    lifted = RecusalLifted.objects.standing().filter(
        person=OuterRef("person"), application=application
    )
    return Relation.objects.filter(
        Q(kind=Relation.Kind.RECUSED) | ~Exists(lifted), applicant=applicant, kind__in=RECUSING
    )


def recused(application: Application) -> dict[int, list[Relation]]:
    """Who does not act or vote on a case: person's key to relations, oldest first."""
    found: dict[int, list[Relation]] = defaultdict(list)
    relations = recusing(application.applicant_id, application.pk)
    for relation in relations.order_by("since", "pk"):
        found[relation.person_id].append(relation)
    return found


def may(person: Person | None, can: Can, application: Application, *, day: date) -> bool:
    """Whether a person has a permission on one application."""
    return visible(person, can, day=day).filter(pk=application.pk).exists()


def may_all(person: Person | None, can: Can, references: Iterable[str], *, day: date) -> bool:
    """Whether a person has a permission on every application with one of these references."""
    wanted = set(references)
    return visible(person, can, day=day).filter(reference__in=wanted).count() == len(wanted)


def fetch(
    person: Person | None,
    can: Can,
    rows: QuerySet[Row],
    *,
    day: date,
    through: str = "pk",
    **lookup: object,
) -> Row:
    """The one row that matches and that the person may see; otherwise it does not exist (404).

    `through` names the field that leads from the row to its application ("pk" for applications).
    """
    allowed = visible(person, can, day=day).values("pk")
    try:
        return rows.filter(**{f"{through}__in": allowed}).get(**lookup)
    except (rows.model.DoesNotExist, ValueError) as unknown:
        raise Http404 from unknown


def chairs(application: Application, *, day: date) -> QuerySet[Person]:
    """Who may act as Chair on a case: in office, without a relation, not the applicant.

    The deputies only where no such Chair is there: none is in office, all are related, or away.
    """
    away = Absence.objects.on(day).filter(person=OuterRef("pk"))
    chairs = _without_relation(holders(Role.Kind.CHAIR, day=day), application)
    if chairs.exclude(Exists(away)).exists():
        return chairs
    return _without_relation(holders(*CHAIR, day=day), application)


def committee(application: Application, *, day: date) -> QuerySet[Person]:
    """The Committee on a case: in office, without a relation, not the applicant."""
    return _without_relation(holders(*COMMITTEE, day=day), application)


def _without_relation(people: QuerySet[Person], application: Application) -> QuerySet[Person]:
    recused = recusing(application.applicant_id, application.pk).filter(person=OuterRef("pk"))
    return people.exclude(pk=application.applicant_id).exclude(Exists(recused))


def give(person: Person, relation: str, application: Application) -> None:
    """Let a relation to a case show what it shows. Without an account, to nobody."""
    user = getattr(person, "user", None)
    if user:
        assign_perm(relation, user, application)


def take(person: Person, relation: str, application: Application) -> None:
    """End what a relation shows."""
    user = getattr(person, "user", None)
    if user:
        remove_perm(relation, user, application)


def pass_on(earlier: Application, later: Application) -> None:
    """Who supervises goes on supervising when the applicant applies again."""
    held = ApplicationUserPermission.objects.filter(
        content_object=earlier, permission__codename="supervisor"
    ).select_related("user")
    for permission in held:
        assign_perm("supervisor", permission.user, later)
