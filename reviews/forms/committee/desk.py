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
    text_field,
)
from reviews.models import AgendaItem
from reviews.queries.queue import KINDS, WHOSE

MOST_BYTES = 1_000_000


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

    q = forms.CharField(
        label=gettext_lazy("Name, site or reference"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[
            ("live", gettext_lazy("all that go on")),
            *((stage.value, stage.label) for stage in Stage if stage != Stage.DRAFT),
            ("all", gettext_lazy("all")),
        ],
    )
    flag = forms.ChoiceField(
        label=gettext_lazy("Flag"),
        choices=[
            ("", gettext_lazy("with or without")),
            ("silent", gettext_lazy("silent for six months")),
            ("lapsed", gettext_lazy("no membership today")),
        ],
        required=False,
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=[
            ("activity", gettext_lazy("last activity")),
            ("quiet", gettext_lazy("longest silent")),
            ("name", gettext_lazy("name")),
            ("submitted", gettext_lazy("submitted first")),
            ("stage", gettext_lazy("stage")),
        ],
    )

    def asked(self) -> dict[str, str]:
        """What is asked for; what is not known is as if not asked."""
        self.full_clean()
        said = self.cleaned_data
        usual = {"stage": "live", "order": "activity", "flag": "", "q": ""}
        return {name: said.get(name, value) for name, value in usual.items()}


class Export(CasesFilter):
    """The cases of the table as a file."""

    file = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")])
    submission = forms.CharField(required=False, max_length=64)


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


class Plan(Once):
    """When and where the Committee meets."""

    day = day_field(gettext_lazy("Day"))
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A room, or “by video”."),
    )


class Minutes(Once):
    """Who was there, and what was decided on each matter on which the reader acts as Chair."""

    present = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who was there"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[Person],
        items: Iterable[AgendaItem],
        present: list[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]
        self.fields["present"].initial = present
        self.keys = [item.pk for item in items]
        for item in items:
            self.fields[f"decision_{item.pk}"] = text_field(
                _("What was decided"), rows=2, required=False, initial=item.decision
            )

    def decisions(self) -> dict[int, str]:
        """What was written on each matter, by its key."""
        return {key: self.cleaned_data[f"decision_{key}"] for key in self.keys}

    def placed(self, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The agenda with each matter's field beside it; None where the reader does not record."""
        return [
            {
                **row,
                "rows": [
                    (item, self[f"decision_{item.pk}"] if item.pk in self.keys else None)
                    for item in row["items"]
                ],
            }
            for row in groups
        ]


class Draft(Once):
    """A draft of a procedure, as a file."""

    file = forms.FileField(
        label=gettext_lazy("Draft procedure"),
        max_length=100,
        help_text=gettext_lazy("A procedure file (.toml), complete in itself."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file:
            try:
                cleaned["text"] = file.read(MOST_BYTES).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This is not a text file in UTF-8."))
        return cleaned
