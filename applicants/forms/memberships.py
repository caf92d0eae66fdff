"""Memberships, as the office enters them."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, KeyField, Lenient


class MembershipDaysForm(forms.Form):
    """From when until when a person is a member."""

    number = forms.CharField(label=_("Member number"), max_length=40, required=False)
    start = DayField(label=_("From"))
    end = DayField(
        label=_("Until"),
        required=False,
        help_text=_("The last day of membership. Empty: without an end."),
    )
    submission = KeyField()

    @property
    def facts(self) -> dict[str, Any]:
        """The days and the number, under the names that the operations know."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class MembershipFilter(Lenient):
    """Part of a name, and how the membership stands."""

    class State(models.TextChoices):
        CURRENT = "current", _("members today")
        ENDING = "ending", _("ending within 60 days")
        LAPSED = "lapsed", _("lapsed")
        UNKNOWN = "unknown", _("over by the last list, perhaps renewed since")

    name = forms.CharField(label=_("Name"), max_length=200)
    state = forms.ChoiceField(label=_("Show"), choices=[("", _("everybody")), *State.choices])
