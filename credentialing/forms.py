"""Filters of the roof's lists. Nothing of a request reaches a query but through these."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.records.models import Letter


class LetterFilter(forms.Form):
    """Letters by their state, by what they are about, and by who reads them."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("all")), *Letter.State.choices], required=False
    )
    kind = forms.ChoiceField(label=_("About"), required=False)
    person = forms.CharField(label=_("Person"), max_length=200, required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(kind, kind.replace("-", " ").capitalize()) for kind in kinds]
        self.fields["kind"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """What was asked for; nothing, where a part of it cannot be."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}
