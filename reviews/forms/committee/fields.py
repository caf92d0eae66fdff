"""What the Committee's forms share: fields, a form sent once, and when the Committee met."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.people.models import Person
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key
from reviews.queries.meetings import latest

LONGEST = 20_000
EARLIEST = date(1900, 1, 1)


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date, asked with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {
        "required": gettext_lazy("Choose a day."),
        "invalid": gettext_lazy("Write a day that exists, such as 2026-11-23."),
    }
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)


def text_field(label: Any, *, rows: int = 5, **options: Any) -> forms.CharField:
    """A text of some lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    messages = {"required": gettext_lazy("Write something here.")}
    return forms.CharField(
        label=label, max_length=LONGEST, widget=widget, error_messages=messages, **options
    )


CHOOSE_ONE = {"required": gettext_lazy("Choose one.")}
CHOOSE_SOME = {"required": gettext_lazy("Choose at least one.")}


def show(refused: Refused, form: forms.Form) -> None:
    """Put a refusal of the record at the field it is about, or at the head of the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


class Once(forms.Form):
    """A form whose answer has one effect, however often it is sent."""

    submission = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=new_key
    )


class Met(Once):
    """When the Committee met, and who took part."""

    met_on = day_field(gettext_lazy("When the Committee met"))
    took_part = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who took part"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_SOME,
        help_text=gettext_lazy("Members of the Committee without a relation to the applicant."),
    )

    def __init__(self, *args: Any, people: Iterable[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = [(each.pk, each.name) for each in people]
        self.fields["took_part"].choices = choices  # type: ignore[attr-defined]
        held = latest(today)  # most rulings are made in the meeting that was just held
        if held:
            self.fields["met_on"].initial = held.day
            self.fields["took_part"].initial = [
                key for key, _name in choices if key in held.present
            ]

    def clean_met_on(self) -> date:
        met_on: date = self.cleaned_data["met_on"]
        if not EARLIEST <= met_on <= self.today:
            raise ValidationError(_("Say when the Committee met: today or earlier."))
        return met_on

    @property
    def meeting(self) -> dict[str, Any]:
        """When the Committee met and who took part, as the operations take it."""
        return {name: self.cleaned_data[name] for name in ("met_on", "took_part")}


class Ruled(Met):
    """What every ruling has: a reason, and the meeting in which it was made."""

    reason = text_field(
        gettext_lazy("Reason"), help_text=gettext_lazy("The applicant and the Council read it.")
    )
    field_order = ["reason", "met_on", "took_part"]

    def terms(self) -> dict[str, Any]:
        """What is ruled, as the record keeps it."""
        return {}
