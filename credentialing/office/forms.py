"""What the office says beside a list that it brings in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from credentialing.office.lists import Kind
from credentialing.office.queries import trail
from credentialing.office.queries.society import effect, zones
from credentialing.people.forms import ActForm, day_field
from credentialing.people.models import Person
from credentialing.records.kinds import label
from credentialing.records.models import Letter, Society
from credentialing.records.tables import MOST_BYTES, Table, TableError, match_columns, read_table

ONE_LINE = RegexValidator(
    r"\A[^\x00-\x1f\x7f]*\Z", _("Leave out line breaks and other signs that can’t be seen.")
)


class TrailFilter(forms.Form):
    """Entries of the audit trail: what, in which case, by whom and when."""

    act = forms.ChoiceField(label=_("What"), choices=trail.acts, required=False)
    case = forms.CharField(label=_("Case"), max_length=20, required=False)
    name = forms.CharField(label=_("By whom"), max_length=100, required=False)
    since = day_field(_("From"), required=False)
    until = day_field(_("Until"), required=False)
    person = forms.ModelChoiceField(
        queryset=Person.objects.all(), required=False, widget=forms.HiddenInput
    )

    def clean_case(self) -> str:
        return str(self.cleaned_data["case"]).strip().upper()

    def told(self) -> dict[str, str]:
        """What was asked for and understood, as it stands in an address."""
        known = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: str(getattr(value, "pk", value)) for name, value in known.items()}


class LetterFilter(forms.Form):
    """Letters by their state, by what they are about, and by who reads them."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("all")), *Letter.State.choices], required=False
    )
    kind = forms.ChoiceField(label=_("About"), required=False)
    person = forms.CharField(label=_("Person"), max_length=200, required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((kind, label(kind)) for kind in kinds), key=lambda kind: kind[1])
        self.fields["kind"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """What was asked for; nothing, where a part of it cannot be."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}


def _shown(value: str | int | bool) -> str | int:
    """A setting in words."""
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else value


class SeenForm(ActForm):
    """Under which number the decisions were seen that are to change."""

    seen = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


# What stands in the form of the Society and is no decision.
ASIDE = ("seen", "looked_at")


class BounceForm(ActForm):
    """Why a letter came back."""

    bounce = forms.ChoiceField(
        label=_("Why"), choices=Letter.Bounce.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In words"), max_length=300, required=False, validators=[ONE_LINE]
    )


class StandstillForm(ActForm):
    """Why all letters are held, or leave again."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        validators=[ONE_LINE],
        help_text=_("It stands above the list of letters, and the Chair is told of it."),
    )
    holds = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1", widget=forms.HiddenInput
    )


class SocietyForm(SeenForm):
    """What the Society decides about itself."""

    name = forms.CharField(label=_("Name of the Society"), max_length=120, validators=[ONE_LINE])
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=20,
        validators=[ONE_LINE],
        help_text=_("On name badges, and at the head of the numbers of credentials to come."),
    )
    sender = forms.CharField(
        label=_("Sender of letters"),
        max_length=80,
        validators=[ONE_LINE],
        help_text=_("The name that stands before the address in a mailbox."),
    )
    has_register = forms.BooleanField(
        label=_("There is a public register of credentialed leaders"),
        required=False,
        help_text=_(
            "Without it nobody is listed, and who agreed to be listed stays noted. A credential "
            "can be verified by its number in any case."
        ),
    )
    ballot_days = forms.IntegerField(
        label=_("Days that a ballot is open, as suggested"),
        min_value=1,
        max_value=60,
        help_text=_("Whoever opens a ballot can choose another end."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        help_text=_(
            "By it days begin and end, and hours are told. You read what another one changes "
            "before it is saved."
        ),
    )
    looked_at = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, stands: Society) -> dict[str, Any]:
        """What stands, as the form shows it."""
        shown = {name: getattr(stands, name) for name in cls.base_fields if name not in ASIDE}
        return shown | {"seen": stands.number}

    @classmethod
    def told(cls, stands: Society, before: Society) -> list[str]:
        """What a decision changed, one line each."""
        said = [
            _("%(what)s: %(now)s (before: %(before)s)")
            % {
                "what": cls.base_fields[name].label,
                "now": _shown(getattr(stands, name)),
                "before": _shown(getattr(before, name)),
            }
            for name in cls.base_fields
            if name not in ASIDE and getattr(stands, name) != getattr(before, name)
        ]
        if stands.logo_id != before.logo_id:
            said.append(str(_("Logo: another one") if stands.logo_id else _("Logo: none any more")))
        return said

    def decided(self) -> dict[str, Any]:
        """What the form says of the Society."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ASIDE}

    def effect(self, stands: Society, *, at: datetime) -> list[str]:
        """What another time zone would change, where nobody has looked at that yet.

        Sent again, the form says that somebody has.
        """
        zone = self.cleaned_data["time_zone"]
        if zone in (stands.time_zone, self.cleaned_data["looked_at"]):
            return []
        self.data = self.data.copy()
        self.data["looked_at"] = zone
        return effect(stands.zone, ZoneInfo(zone), at=at)


class LogoForm(SeenForm):
    """A picture as the Society's logo."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "A PNG or JPEG file of 2 MB at most, best 800 pixels wide, on white or on nothing."
        ),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )


class FileForm(forms.Form):
    """A list as a file, and up to which day it is complete where that matters."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("A CSV or Excel file (.xlsx). Its first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    complete_to = day_field(
        _("Complete up to"),
        help_text=_(
            "The day on which the list was taken from the member system. Beyond it nobody lapses, "
            "because the list can’t know."
        ),
    )

    def __init__(self, *args: Any, kind: type[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not kind.has_complete_to:
            del self.fields["complete_to"]

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        try:
            self.table = read_table(file.read(), file.name)
        except TableError as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file


class CarryOutForm(forms.Form):
    """What was looked at, and that rows with problems are left out."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    without_problems = forms.BooleanField(label=_("Leave out the rows with problems"))

    def __init__(self, *args: Any, problems: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not problems:
            del self.fields["without_problems"]


class MatchingForm(forms.Form):
    """Which column of a file says what."""

    def __init__(self, *args: Any, kind: type[Kind], table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", _("– not in the file –")), *((name, name) for name in table.columns)]
        for column in kind.columns:
            self.fields[column.key] = forms.ChoiceField(
                label=column.label, choices=columns, required=column.needed
            )


def guessed(kind: type[Kind], table: Table, remembered: Mapping[str, str]) -> dict[str, str]:
    """Which column says what: as it was said of the last list with these columns, else by name."""
    known = {key: name for key, name in remembered.items() if name in table.columns}
    if remembered and len(known) == len(remembered):
        return known
    names = {column.key: (str(column.label), *column.names) for column in kind.columns}
    return match_columns(table.columns, names)
