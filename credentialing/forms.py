"""Filters of the roof's lists. Nothing of a request reaches a query but through these."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.records.models import Letter


class LetterFilter(forms.Form):
    """Letters by their state."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("all")), *Letter.State.choices], required=False
    )
