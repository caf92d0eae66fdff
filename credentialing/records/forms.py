"""Forms for one act: a refusal stands at its field, and what was typed stays."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key

FIRST_DAY = date(1950, 1, 1)  # before the Society; an earlier day is a slip of the keyboard


class ActForm(forms.Form):
    """A form for one act; a refusal of the act is shown at the form."""

    def does(self, act: Callable[[], Any]) -> bool:
        """Do the act and say whether it happened; why not stands at the form."""
        try:
            self.answer = act()
        except Refused as refused:
            known = refused.field if refused.field in self.fields else None
            self.add_error(known, refused.message)
            return False
        return True


class OnceForm(ActForm):
    """A form whose act is done once, however often it is sent."""

    submission = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=new_key
    )

    def what(self) -> dict[str, Any]:
        """What was filled in, under the names that the operation knows."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}
