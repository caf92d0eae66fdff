"""What names a person anywhere, and why two records may not become one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applicants.models import ENDED as OVER
from applicants.models import Application, Attestation, BalintGroup, Claim, GroupLeader
from credentialing.people.models import Person, Relation
from credentialing.records.models import AppendOnly
from intensives.models import CoLed, Enrolment, SmallGroup
from reviews.models import Elector
from supervision.models import Supervision

# What is told of before it moves, by its name in the code; everything else is counted together.
WORDS = {
    "people.User.person": _lazy("Account"),
    "people.Role.person": _lazy("Roles"),
    "people.Relation.person": _lazy("Relations to applicants"),
    "people.Relation.applicant": _lazy("Relations of others, as an applicant"),
    "people.Credential.person": _lazy("Credentials"),
    "applicants.Application.applicant": _lazy("Applications"),
    "applicants.Membership.person": _lazy("Memberships"),
    "applicants.BalintGroup.applicant": _lazy("Balint groups of their own, with the logs"),
    "applicants.GroupLeader.person": _lazy("Groups that they lead"),
    "applicants.Debriefing_partners.person": _lazy("Debriefings with others"),
    "applicants.Attestation.applicant": _lazy("Statements that they asked for"),
    "applicants.Attestation.attestor": _lazy("Statements that they were asked for"),
    "applicants.Claim.leader": _lazy("Claims that name them as a credentialed leader"),
    "supervision.Approval.supervisor": _lazy("Approvals as a supervisor"),
    "supervision.Supervision.applicant": _lazy("Supervision received"),
    "supervision.Supervision.supervisor": _lazy("Supervision given"),
    "intensives.Enrolment.person": _lazy("Intensives attended"),
    "intensives.Enrolment.evaluator": _lazy("Candidates evaluated"),
    "intensives.SmallGroup.first_faculty": _lazy("Small groups led, as the first of two"),
    "intensives.SmallGroup.second_faculty": _lazy("Small groups led, as the second of two"),
    "intensives.CoLed.faculty": _lazy("Sessions co-led with candidates"),
    "reviews.Elector.person": _lazy("Seats on ballots"),
    "records.Letter.to": _lazy("Letters"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A foreign key to Person somewhere in the project."""

    field: Field
    model: type[Model]

    @property
    def label(self) -> str:
        return f"{self.model._meta.app_label}.{self.model.__name__}.{self.field.name}"

    @property
    def stays(self) -> bool:
        """A row that never changes: it goes on naming the record that acted; see `merged_into`."""
        return issubclass(self.model, AppendOnly)

    @property
    def constrained(self) -> bool:
        """Another row may stand in the way: a constraint of the table speaks of this field."""
        speaks = re.compile(rf"\b{self.field.name}\b").search
        named = any(speaks(str(each)) for each in self.model._meta.constraints)
        together = any(self.field.name in each for each in self.model._meta.unique_together)
        return named or together or self.field.unique

    def rows(self, person: Person) -> QuerySet[Model]:
        return self.model._base_manager.filter(**{self.field.name: person})


def pointers() -> list[Pointer]:
    """Every foreign key to Person, found in the models themselves, in a fixed order."""
    found = [
        Pointer(field=relation.field, model=relation.related_model)
        for relation in Person._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    ]
    return sorted(found, key=lambda pointer: pointer.label)


def moving(gone: Person) -> list[tuple[str, int]]:
    """What a record holds, in words, with how much of it; nothing that it does not hold."""
    counts = {
        pointer.label: pointer.rows(gone).count() for pointer in pointers() if not pointer.stays
    }
    told = [(str(words), counts.pop(label, 0)) for label, words in WORDS.items()]
    told.append((_("Entries made or ordered by them"), sum(counts.values())))
    return [(words, number) for words, number in told if number]


def staying(gone: Person) -> int:
    """How many rows that never change name the record; they go on doing so."""
    return sum(pointer.rows(gone).count() for pointer in pointers() if pointer.stays)


def hindrances(kept: Person, gone: Person) -> list[str]:
    """Why these two may not become one record: each reason in a sentence, with the way out."""
    return [said for check in CHECKS for said in check(kept, gone)]


def _two_live_applications(kept: Person, gone: Person) -> Iterator[str]:
    live = Application.objects.filter(applicant__in=(kept, gone)).exclude(stage__in=OVER)
    if live.values("applicant").distinct().count() == 2:
        references = " and ".join(live.order_by("pk").values_list("reference", flat=True))
        yield _(
            "Both have an application under way (%(references)s). Let one be withdrawn or closed "
            "first."
        ) % {"references": references}


def _related_to_each_other(kept: Person, gone: Person) -> Iterator[str]:
    between = Relation.objects.filter(person=kept, applicant=gone) | Relation.objects.filter(
        person=gone, applicant=kept
    )
    for relation in between.select_related("person", "applicant").order_by("pk"):
        yield _(
            "%(person)s is on record as %(kind)s of %(applicant)s. Nobody is that to themselves: "
            "these are two people."
        ) % {
            "person": relation.person,
            "kind": relation.get_kind_display(),
            "applicant": relation.applicant,
        }


# Pairs of fields that never name one person, for acts that wrote no relation (yet).
APART: tuple[tuple[type[Model], str, str], ...] = (
    (GroupLeader, "person", "group__applicant"),
    (Attestation, "attestor", "applicant"),
    (Claim, "leader", "application__applicant"),
    (Supervision, "supervisor", "applicant"),
    (SmallGroup, "first_faculty", "second_faculty"),
    (Enrolment, "evaluator", "person"),
    (Enrolment, "evaluator", "small_group__first_faculty"),
    (Enrolment, "evaluator", "small_group__second_faculty"),
    (CoLed, "faculty", "enrolment__person"),
    (Elector, "person", "ballot__recommendation__application__applicant"),
)


def _on_two_sides(kept: Person, gone: Person) -> Iterator[str]:
    for model, one, other in APART:
        for first, second in ((kept, gone), (gone, kept)):
            if model.objects.filter(**{one: first, other: second}).exists():
                yield _(
                    "%(first)s and %(second)s stand on two sides of one record (%(record)s). One "
                    "person can't: these are two people."
                ) % {
                    "first": first,
                    "second": second,
                    "record": model._meta.verbose_name,
                }
                break


def _both_lead_one_group(kept: Person, gone: Person) -> Iterator[str]:
    """Two leaders of a group at the same time would become one, and the group a pair no more."""
    groups = BalintGroup.objects.filter(leaders__person=kept).filter(leaders__person=gone)
    for group in groups.distinct().order_by("pk"):
        mine, theirs = (group.leaders.filter(person=each) for each in (kept, gone))
        if any(_together(one, other) for one in mine for other in theirs):
            yield _(
                "Both are on record as leading “%(group)s” of %(applicant)s at the same time. "
                "Correct the leaders of that group first."
            ) % {"group": group.name, "applicant": group.applicant}


def _together(one: GroupLeader, other: GroupLeader) -> bool:
    begins_late = one.end and other.start and other.start > one.end
    ends_early = other.end and one.start and one.start > other.end
    return not (begins_late or ends_early)


def _two_seats(kept: Person, gone: Person) -> Iterator[str]:
    seats = Elector.objects.filter(person=kept, ballot__closed_at__isnull=True)
    if seats.filter(ballot__electors__person=gone).exists():
        yield _("Both have a seat on a ballot that is open. Wait until it has closed.")


def holds_something() -> Q:
    """An enrolment that says more than that somebody signed up."""
    return (
        Q(completed=True)
        | Q(small_group__isnull=False)
        | Q(evaluator__isnull=False)
        | Q(document__isnull=False)
        | Q(co_led__isnull=False)
        | Q(assessment__isnull=False)
    )


def _at_one_intensive(kept: Person, gone: Person) -> Iterator[str]:
    full = Enrolment.objects.exclude(state="cancelled").filter(holds_something())
    twice = full.filter(person=kept, intensive__in=full.filter(person=gone).values("intensive"))
    for title in twice.distinct().values_list("intensive__title", flat=True):
        yield _(
            "Both have a record of “%(title)s”. Settle there which one stands, and cancel "
            "the other."
        ) % {"title": title}


def _already(kept: Person, gone: Person) -> Iterator[str]:
    if kept.pk == gone.pk:
        yield _("This is one record already.")
    for one in (kept, gone):
        if one.merged_into_id:
            yield _("%(name)s was made one with another record meanwhile.") % {"name": one}


CHECKS = (
    _already,
    _two_live_applications,
    _related_to_each_other,
    _on_two_sides,
    _both_lead_one_group,
    _two_seats,
    _at_one_intensive,
)
