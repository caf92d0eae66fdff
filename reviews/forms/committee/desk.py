"""Which matters and which cases are shown, and who takes what."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Stage
from credentialing.people.models import Person
from reviews.forms.committee.fields import (
    EARLIEST,
    Once,
    day_field,
)
from reviews.queries.queue import KINDS, WHOSE


class QueueFilter(forms.Form):
    """Which matters the queue shows: of a kind, and whose."""

    what = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    whose = forms.ChoiceField(
        choices=[(whose, label) for whose, (label, _test) in WHOSE.items()],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = list(kinds) or [(kind, kind) for kind in KINDS]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """The kind and the owner asked for; what is not known is as if not asked."""
        self.full_clean()
        said = self.cleaned_data
        return {"what": said.get("what", ""), "whose": said.get("whose") or "all"}


class Assign(Once):
    """Who takes a matter until when, and the filters to come back to."""

    matter = forms.CharField(max_length=80)
    to = forms.ModelChoiceField(queryset=Person.objects.all(), required=False)
    due = day_field(gettext_lazy("Until"), required=False)
    what = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], required=False)
    whose = forms.ChoiceField(choices=[(whose, whose) for whose in WHOSE], required=False)


class CasesFilter(forms.Form):
    """Which cases the table shows, and in which order."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[
            ("live", gettext_lazy("all that go on")),
            *((stage.value, stage.label) for stage in Stage if stage != Stage.DRAFT),
            ("all", gettext_lazy("all")),
        ],
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=[
            ("activity", gettext_lazy("last activity")),
            ("name", gettext_lazy("name")),
            ("submitted", gettext_lazy("submitted first")),
        ],
    )

    def asked(self) -> dict[str, str]:
        """The stage and the order asked for; what is not known is as if not asked."""
        self.full_clean()
        said = self.cleaned_data
        return {"stage": said.get("stage", "live"), "order": said.get("order", "activity")}


class AsOf(forms.Form):
    """The day on which a case is looked at."""

    as_of = day_field(gettext_lazy("As it stood on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if not EARLIEST <= day <= self.today:
            raise ValidationError(_("Choose a day up to today."))
        return day

    def day(self) -> date:
        """The day asked for, or today."""
        return (self.cleaned_data.get("as_of") if self.is_valid() else None) or self.today


class Between(forms.Form):
    """Two days of a case that are held against each other."""

    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("To"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until") or self.today
        if since and not EARLIEST <= since <= until <= self.today:
            raise ValidationError(_("Choose two days up to today, the earlier one first."))
        return cleaned
