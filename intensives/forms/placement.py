"""Who is placed where, and who evaluates."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import TextField
from credentialing.records.forms import OnceForm
from intensives import queries
from intensives.forms.acting import PersonField
from intensives.models import Enrolment, SmallGroup

LONGEST_REASON = 5_000


class DisclosedForm(OnceForm):
    """An act that asks for a confirmation where a relation bars nobody and is still to be known."""

    disclosed = forms.BooleanField(
        label=_("I know of this relation and decide so all the same"),
        required=False,
        widget=forms.HiddenInput,
    )

    def does(self, act: Callable[[], Any]) -> bool:
        done = super().does(act)
        if "disclosed" in self.errors:
            self.fields["disclosed"].widget = forms.CheckboxInput()
        return done


class EvaluatorForm(DisclosedForm):
    """Who evaluates; what each person is to the candidate stands beside the name."""

    evaluator = PersonField(label=_("Evaluator"))
    reason = TextField(
        label=_("Reason"),
        rows=3,
        max_length=LONGEST_REASON,
        help_text=_("It becomes part of the record."),
    )
    field_order = ["evaluator", "disclosed", "reason"]

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = queries.disclosed([enrolment.person_id])
        leaders = set(queries.leaders().values_list("pk", flat=True))
        self.fields["evaluator"].offer(
            queries.everybody(),
            leaders,
            self.known.get(enrolment.person_id, {}),
            without=[enrolment.person_id],
        )


class PlaceForm(EvaluatorForm):
    """A candidate's small group and evaluator; a reason for whatever changes or comes late."""

    small_group = forms.ChoiceField(label=_("Small group"), widget=forms.RadioSelect)
    field_order = ["small_group", "evaluator", "disclosed", "reason"]

    def __init__(self, *args: Any, enrolment: Enrolment, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, enrolment=enrolment, **kwargs)
        if not needs_reason:
            del self.fields["reason"]
        groups = queries.groups_of(enrolment.intensive)
        self.groups = {str(group.pk): group for group in groups}
        faculty = {person for group in groups for person in group.faculty}
        doubted = queries.doubts([enrolment.person_id], faculty, self.known)
        self.fields["small_group"].choices = [
            (str(seat.group.pk), _group_in_words(seat))
            for seat in queries.seats(enrolment, groups, self.known, doubted)
        ]

    def clean_small_group(self) -> SmallGroup | None:
        return self.groups.get(self.cleaned_data["small_group"])


def _group_in_words(seat: queries.Seat) -> str:
    if seat.conflicts:
        said = _now("not possible: %(why)s") % {"why": "; ".join(seat.conflicts)}
    elif seat.taken:
        said = _now("placed here")
    elif seat.full:
        said = _now("full")
    elif seat.near:
        said = _now("free; %(why)s") % {"why": "; ".join(seat.near)}
    else:
        said = _now("free")
    return _now("%(group)s (%(faculty)s) – %(said)s") % {
        "group": seat.group.name,
        "faculty": _now(" and ").join(person.name for person in seat.group.faculty),
        "said": said,
    }


class ProposalForm(DisclosedForm):
    """A proposed placement, confirmed as it was shown."""

    proposal = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
