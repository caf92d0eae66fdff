"""A proposed placement in words: why each candidate stands where, why not, what would free it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credentialing.people.models import Person
from intensives.models import Enrolment, ProposedPlacement, SmallGroup
from intensives.proposal import How, Proposal, Reason, Way, Why
from intensives.queries.offering import groups_of
from intensives.queries.placement import (
    Confirmed,
    Ties,
    digest_of,
    disclosed,
    doubts,
    in_words,
    to_confirm,
    to_solve,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One candidate as proposed, with the reasons in words."""

    row: Enrolment
    group: SmallGroup
    evaluator: Person
    why: list[str]
    to_confirm: list[Confirmed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A proposal as a page shows it. `stands`: the record is still what it was worked out from."""

    places: list[Place]
    left_out: list[Enrolment]
    reasons: list[str]
    ways: list[str]
    proven: bool
    stands: bool


def shown(kept: ProposedPlacement, rows: list[Enrolment], *, day: date) -> Shown:
    """What was worked out, for these candidates, who are not placed yet."""
    answer = Proposal.read(kept.content)
    words = _Words(kept, rows, answer)
    return Shown(
        places=[words.place(row) for row in rows if row.person_id in answer.places],
        left_out=[row for row in rows if row.person_id in answer.left_out],
        reasons=[words.reason(reason) for reason in answer.reasons],
        ways=[words.way(way) for way in answer.ways],
        proven=answer.proven,
        stands=kept.asked_of == digest_of(to_solve(kept.intensive, rows, day=day)),
    )


class _Words:
    """What the sentences need to know, read once."""

    def __init__(self, kept: ProposedPlacement, rows: list[Enrolment], answer: Proposal) -> None:
        self.intensive, self.answer = kept.intensive, answer
        self.groups = {group.pk: group for group in groups_of(kept.intensive)}
        evaluators = {evaluator for _group, evaluator in answer.places.values()}
        ways = {key for way in answer.ways for key in (way.person, way.other)}
        named = evaluators | ways | {reason.person for reason in answer.reasons}
        self.people = Person.objects.in_bulk(named | {row.person_id for row in rows})
        self.known: Ties = disclosed(row.person_id for row in rows)
        acting = {one for group in self.groups.values() for one in group.faculty}
        acting |= {self.people[key] for key in evaluators}
        self.doubted = doubts([row.person_id for row in rows], acting, self.known)
        self.arriving = Counter(group for group, _evaluator in answer.places.values())
        self.load = Counter(evaluator for _group, evaluator in answer.places.values())

    def place(self, row: Enrolment) -> Place:
        group_key, evaluator_key = self.answer.places[row.person_id]
        group, evaluator = self.groups[group_key], self.people[evaluator_key]
        return Place(
            row=row,
            group=group,
            evaluator=evaluator,
            why=[*self._group(row, group), self._evaluator(row, evaluator)],
            to_confirm=to_confirm(row.person_id, group, evaluator, self.known, self.doubted),
        )

    def _group(self, row: Enrolment, group: SmallGroup) -> list[str]:
        told = self.known.get(row.person_id, {})
        near = [in_words(told[person.pk]) for person in group.faculty if told.get(person.pk)]
        possible = sum(
            not any(tie.bars for person in each.faculty for tie in told.get(person.pk, []))
            for each in self.groups.values()
        )
        said = [
            ngettext(
                "The only group that is possible.",
                "One of %(n)d groups that are possible.",
                possible,
            )
            % {"n": possible}
        ]
        if near:
            said.append(_("%(words)s: this bars nobody.") % {"words": "; ".join(near)})
        if row.wished_group_id == group.pk:
            said.append(_("The group asked for."))
        elif row.wished_group_id:
            said.append(_("Not the group asked for, which would make the whole less good."))
        if row.avoided_group_id == group.pk:
            said.append(_("The group that was to be avoided: no other is free."))
        candidates = group.candidates + self.arriving[group.pk]
        said.append(
            ngettext(
                "%(group)s then has one candidate.",
                "%(group)s then has %(n)d candidates.",
                candidates,
            )
            % {"group": group.name, "n": candidates}
        )
        return said

    def _evaluator(self, row: Enrolment, evaluator: Person) -> str:
        names = {"evaluator": evaluator.name, "n": self.load[evaluator.pk]}
        told = self.known.get(row.person_id, {}).get(evaluator.pk, [])
        if told:
            return _("%(words)s; nobody without a relation is free to evaluate.") % {
                "words": in_words(told)
            }
        return (
            ngettext(
                "%(evaluator)s has no relation, and evaluates one candidate of this proposal.",
                "%(evaluator)s has no relation, and evaluates %(n)d candidates of this proposal.",
                self.load[evaluator.pk],
            )
            % names
        )

    def reason(self, reason: Reason) -> str:
        """One thing that stands in the way."""
        if reason.why == Why.BARRED:
            groups = [g.name for g in self.groups.values() if reason.person in g.faculty_ids]
            told = self.known.get(reason.candidate, {}).get(reason.person, [])
            bars = in_words(tie for tie in told if tie.bars)
            return _("%(words)s. So %(group)s is not possible for %(candidate)s.") % {
                "words": bars or self._name(reason.person),
                "group": _(" and ").join(groups),
                "candidate": self._name(reason.candidate),
            }
        if reason.why == Why.ROOM:
            group, room = self.groups.get(reason.group), self.intensive.room or 0
            text = ngettext(
                "%(group)s takes one candidate: of its %(sessions)s sessions each candidate leads "
                "two, one with each of the two faculty.",
                "%(group)s takes %(n)d candidates: of its %(sessions)s sessions each candidate "
                "leads two, one with each of the two faculty.",
                room,
            )
            return text % {
                "group": group.name if group else "–",
                "n": room,
                "sessions": self.intensive.sessions,
            }
        return _(
            "Nobody is free to evaluate %(candidate)s. Evaluators are credentialed leaders who "
            "neither lead a group nor take part."
        ) % {"candidate": self._name(reason.candidate)}

    def way(self, way: Way) -> str:
        """One change that would free it."""
        name = {
            "person": self._name(way.person),
            "other": self._name(way.other),
            "group": self.groups[way.group].name if way.group in self.groups else "–",
            "into": self.groups[way.into].name if way.into in self.groups else "–",
        }
        return {
            How.SWAP: _("If %(person)s (%(group)s) swapped with %(other)s (%(into)s)."),
            How.ROOM: _("If %(group)s had two sessions more, and so took one candidate more."),
            How.MOVE: _("If %(person)s, who is placed already, were placed anew."),
            How.EVALUATOR: _("If one further credentialed leader came to evaluate."),
        }[way.how] % name

    def _name(self, key: int) -> str:
        return self.people[key].name if key in self.people else "–"
