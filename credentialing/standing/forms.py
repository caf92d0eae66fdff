"""The day that a page looks at."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EARLIEST = date(1990, 1, 1)


class AsOf(forms.Form):
    """A day up to today."""

    as_of = forms.DateField(
        label=gettext_lazy("As it stood on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments: Any, today: date, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.today = today

    def clean_as_of(self) -> date | None:
        day = self.cleaned_data["as_of"]
        if day and not EARLIEST <= day <= self.today:
            raise forms.ValidationError(_("Choose a day up to today."))
        return day

    @property
    def day(self) -> date:
        """The day that was asked for, or today."""
        asked = self.cleaned_data.get("as_of") if self.is_valid() else None
        return asked or self.today
