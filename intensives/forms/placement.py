"""Who is placed where, and who evaluates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import TextField
from credentialing.people.models import Person, Relation
from credentialing.people.queries import BARRING
from intensives import queries
from intensives.forms.acting import ActForm, PersonField
from intensives.models import Enrolment, SmallGroup

LONGEST_REASON = 5_000


class EvaluatorForm(ActForm):
    """Who evaluates; whoever has a relation to the candidate is confirmed."""

    evaluator = PersonField(label=_("Evaluator"))
    disclosed = forms.BooleanField(
        label=_("I know of this relation and choose this person all the same"),
        required=False,
        widget=forms.HiddenInput,
    )
    reason = TextField(
        label=_("Reason"),
        rows=3,
        max_length=LONGEST_REASON,
        help_text=_("It becomes part of the record."),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relations = queries.disclosed([enrolment.person_id])[enrolment.person_id]
        leaders = set(queries.leaders().values_list("pk", flat=True))
        self.fields["evaluator"].offer(
            queries.everybody(), leaders, self.relations, without=[enrolment.person_id]
        )

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        chosen = asked.get("evaluator")
        told = [each for each in self.relations.get(chosen and chosen.pk, ()) if _counts(each)]
        if told:
            self.fields["disclosed"].widget = forms.CheckboxInput()
            if not asked.get("disclosed"):
                self.add_error(
                    "disclosed",
                    _now("%(relation)s. Confirm that this person is to evaluate.")
                    % {"relation": queries.in_words(chosen, told)},
                )
        return asked

    def what(self) -> dict[str, Any]:
        return {name: value for name, value in super().what().items() if name != "disclosed"}


def _counts(relation: Relation) -> bool:
    return relation.kind in BARRING


class PlaceForm(EvaluatorForm):
    """A candidate's small group and evaluator."""

    small_group = forms.ChoiceField(label=_("Small group"), widget=forms.RadioSelect)
    reason = None
    field_order = ["small_group", "evaluator", "disclosed"]

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, enrolment=enrolment, **kwargs)
        self.groups = {str(g.pk): g for g in queries.groups_of(enrolment.intensive)}
        known = queries.barred([enrolment.person_id])
        self.fields["small_group"].choices = [
            (key, _group_in_words(group, queries.conflicts(enrolment.person, group.faculty, known)))
            for key, group in self.groups.items()
        ]

    def clean_small_group(self) -> SmallGroup | None:
        return self.groups.get(self.cleaned_data["small_group"])


def _group_in_words(group: SmallGroup, conflicts: list[str]) -> str:
    names = _now(" and ").join(person.name for person in group.faculty)
    if conflicts:
        return _now("%(group)s (%(faculty)s) – not possible: %(why)s") % {
            "group": group.name,
            "faculty": names,
            "why": "; ".join(conflicts),
        }
    return _now("%(group)s (%(faculty)s) – free") % {"group": group.name, "faculty": names}


class ProposalForm(ActForm):
    """A proposed placement as it was shown: one choice for each candidate."""

    def __init__(
        self,
        *args: Any,
        rows: Iterable[Enrolment],
        groups: Iterable[SmallGroup],
        people: Mapping[int, Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.pk: row for row in rows}
        self.groups = {group.pk: group for group in groups}
        self.people = people
        for key in self.rows:
            self.fields[f"of_{key}"] = forms.RegexField(
                r"^[0-9]{1,18} [0-9]{1,18}$", required=False, widget=forms.HiddenInput
            )

    @classmethod
    def of(cls, shown: Iterable[Mapping[str, Any]]) -> "ProposalForm":
        """The form that confirms what is shown: rows with group and evaluator."""
        pairs = {each["row"]: f"{each['group'].pk} {each['evaluator'].pk}" for each in shown}
        initial = {f"of_{row.pk}": pair for row, pair in pairs.items()}
        return cls(rows=pairs, groups=[], people={}, initial=initial)

    def chosen(self) -> list[tuple[Enrolment, SmallGroup, Person]]:
        """The enrolment, the group, the evaluator; what is not known any more is left out."""
        found = []
        for key, row in self.rows.items():
            pair = self.cleaned_data.get(f"of_{key}", "").split()
            if len(pair) == len(("group", "evaluator")):
                group = self.groups.get(int(pair[0]))
                evaluator = self.people.get(int(pair[1]))
                if group and evaluator:
                    found.append((row, group, evaluator))
        return found
