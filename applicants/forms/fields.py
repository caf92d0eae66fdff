"""Fields that the applicants' forms share."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.records.submissions import new_key

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day of the calendar that people live in."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**more)
        self.error_messages["invalid"] = _("Write a day as in 2026-11-23.")

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Choose a day between 1950 and 2100."))
        return day


class NumberField(forms.IntegerField):
    """A whole number, typed with the digits of a phone."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**more)
        self.error_messages["invalid"] = _("Write a number in figures.")


class TextField(forms.CharField):
    """A text of some length."""

    def __init__(self, *, rows: int = 6, **more: Any) -> None:
        more.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        more.setdefault("max_length", 200_000)
        super().__init__(**more)


class KeyField(forms.CharField):
    """The key by which a form that is sent twice is known; see `records.submissions`."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=64, initial=new_key, widget=forms.HiddenInput)


class Lenient(forms.Form):
    """A form in which a field may stay empty without being called optional.

    It is a filter or a draft, or it says in `clean` what is needed when.
    """

    def full_clean(self) -> None:
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True


class ReasonForm(forms.Form):
    """A reason, for what is withdrawn or declined."""

    reason = TextField(rows=3, label=_("Reason"), max_length=5_000)
