"""What the office says beside a list that it brings in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from credentialing.office.lists import Kind
from credentialing.office.queries import trail
from credentialing.people.forms import day_field
from credentialing.people.models import Person
from credentialing.records.tables import MOST_BYTES, Table, TableError, match_columns, read_table


class TrailFilter(forms.Form):
    """Entries of the audit trail: what, in which case, by whom and when."""

    act = forms.ChoiceField(label=_("What"), choices=trail.acts, required=False)
    case = forms.CharField(label=_("Case"), max_length=20, required=False)
    name = forms.CharField(label=_("By whom: a part of the name"), max_length=100, required=False)
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
