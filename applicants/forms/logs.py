"""One evening, made for a phone; and what was logged, to be put right."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, Lenient, NumberField
from applicants.models import BalintGroup, Debriefing, Meeting
from credentialing.people.models import Person

MOST_MINUTES, MOST_CASES = 600, 20


class PartnersField(forms.ModelMultipleChoiceField):
    """The other leaders of a group."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            Person.objects.none(),
            label=_("With"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("Choose among the leaders of this group."),
                "invalid_pk_value": _("Choose among the leaders of this group."),
            },
            **more,
        )


class MeetingForm(forms.Form):
    """A meeting of a group."""

    date = DayField(label=_("Date"))
    minutes = NumberField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES, required=False)
    cases = NumberField(label=_("Cases presented"), min_value=0, max_value=MOST_CASES, initial=1)


class DebriefingForm(forms.Form):
    """A review of the group with a co-leader."""

    date = DayField(label=_("Date"))
    minutes = NumberField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES)
    partners = PartnersField()

    def __init__(self, *arguments: Any, partners: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["partners"].queryset = partners


class EveningForm(Lenient):
    """One evening: the group met, and was debriefed. What is there already is asked about."""

    date = DayField(label=_("Date"))
    met = forms.BooleanField(label=_("The group met"), required=False)
    minutes = NumberField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES)
    cases = NumberField(
        label=_("Cases presented"),
        min_value=0,
        max_value=MOST_CASES,
        help_text=_("How many, nothing about them."),
    )
    debriefed = forms.BooleanField(label=_("We debriefed"), required=False)
    debriefed_minutes = NumberField(
        label=_("Minutes of debriefing"), min_value=1, max_value=MOST_MINUTES
    )
    partners = PartnersField()
    again = forms.BooleanField(label=_("It is another one: record it too"), required=False)

    def __init__(self, *arguments: Any, group: BalintGroup, partners: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.group = group
        self.fields["partners"].queryset = partners
        if not partners:
            for name in ("debriefed", "debriefed_minutes", "partners"):
                del self.fields[name]
        self._again = self.fields.pop("again")
        if self.data.get("again"):
            self.fields["again"] = self._again

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("date") and "date" not in self.errors:
            self.add_error("date", _now("Say on which day."))
        if not said.get("met") and not said.get("debriefed"):
            self.add_error(None, _now("Tick what took place."))
        if said.get("debriefed"):
            if "debriefed_minutes" not in self.errors and not said.get("debriefed_minutes"):
                self.add_error("debriefed_minutes", _now("Say for how long."))
            if "partners" not in self.errors and not said.get("partners"):
                self.add_error("partners", _now("Say with whom."))
        twice = list(self._twice(said))
        if twice and not said.get("again"):
            self.fields["again"] = self._again
            self.add_error("again", " ".join(twice))
        return said

    def _twice(self, said: dict[str, Any]) -> Iterable[str]:
        """What is on record already for this group on this day."""
        kinds = [
            (said.get("met"), Meeting, _now("A meeting of this group is on record for that day.")),
            (
                said.get("debriefed"),
                Debriefing,
                _now("A debriefing of this group is on record for that day."),
            ),
        ]
        for ticked, model, words in kinds:
            logged = model.objects.standing().filter(group=self.group, date=said.get("date"))
            if ticked and said.get("date") and logged.exists():
                yield words

    @property
    def evening(self) -> dict[str, Any]:
        """What took place, as the operations take it."""
        said = self.cleaned_data
        cases = said.get("cases")
        return {
            "date": said["date"],
            "met": said["met"],
            "minutes": said.get("minutes"),
            "cases": 1 if cases is None else cases,
            "debriefed": said.get("debriefed_minutes") if said.get("debriefed") else None,
            "partners": list(said.get("partners") or ()),
        }


class LogFilter(Lenient):
    """One of the person's own groups, or all."""

    group = forms.ModelChoiceField(
        BalintGroup.objects.none(), label=_("Group"), empty_label=_("all groups")
    )

    def __init__(self, *arguments: Any, groups: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["group"].queryset = groups
