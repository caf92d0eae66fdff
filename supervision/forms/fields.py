"""What the forms of supervision share. A refusal stands at its field; what was typed stays."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from credentialing.records.forms import FIRST_DAY, OnceForm

LONGEST_REASON = 2_000
LONGEST_SESSION = 600


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day, between the first that makes sense and the end of the calendar."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY, _("This is too long ago; check the year."))],
        **more,
    )


def reason_field(label: str, **more: Any) -> forms.CharField:
    """A reason in a few lines."""
    return forms.CharField(
        label=label, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


class ReasonForm(OnceForm):
    """Why."""

    reason = reason_field(_("Reason"))

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


def minutes_field(**more: Any) -> forms.IntegerField:
    """How long a session took."""
    return forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=LONGEST_SESSION,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **more,
    )


def not_ahead(day: date | None, today: date) -> date | None:
    """The day, where it does not lie ahead."""
    if day and day > today:
        raise forms.ValidationError(_("This day lies ahead."))
    return day
