"""A table brought into the log: the file, and what its columns hold."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.models import BalintGroup, LogImport
from applicants.queries import MOST_ROWS, is_ambiguous
from credentialing.records.tables import Table, TableError, read_table

MOST_BYTES = 5_000_000


class TableForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Your file"),
        max_length=255,
        help_text=_("CSV or Excel (.xlsx), at most 5,000 rows and 5 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Table:
        file = self.cleaned_data["file"]
        self.name = file.name
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_now("%(name)s is larger than 5 MB.") % {"name": file.name})
        try:
            return read_table(file.read(), file.name, most_rows=MOST_ROWS)
        except TableError as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable


LABELS = {
    "date": _("Day"),
    "group": _("Group"),
    "kind": _("Kind: meeting or debriefing"),
    "minutes": _("Minutes"),
    "cases": _("Cases presented"),
    "debriefed": _("Minutes of debriefing"),
    "partners": _("Debriefed with"),
}
ORDERS = [
    ("month", _("the month comes first: 4 March is 3/4")),
    ("day", _("the day comes first: 4 March is 4/3")),
]


class ColumnsForm(forms.Form):
    """Which column of the file holds what."""

    def __init__(
        self, *arguments: Any, load: LogImport, groups: Iterable[BalintGroup], **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.load = load
        columns = [(column, column) for column in load.heading]
        for name, label in LABELS.items():
            needed = name == "date"
            none = _("Choose one") if needed else _("not in this file")
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("", none), *columns],
                required=needed,
                initial=load.columns.get(name, ""),
            )
        self.fields["default"] = forms.ModelChoiceField(
            groups,
            label=_("Rows without a group are of"),
            required=False,
            initial=load.group_id,
            empty_label=_("no group: say so where one is missing"),
        )
        if load.day_first is not None or is_ambiguous(load):
            first = {True: "day", False: "month"}.get(load.day_first)  # type: ignore[arg-type]
            self.fields["order"] = forms.ChoiceField(
                label=_("In this column, which comes first?"),
                help_text=_("Its days can be read both ways."),
                choices=ORDERS,
                widget=forms.RadioSelect,
                initial=first,
                error_messages={"required": _("Say which; nothing in the file tells.")},
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        chosen = [said[name] for name in LABELS if said.get(name)]
        for name in LABELS:
            if said.get(name) and chosen.count(said[name]) > 1:
                self.add_error(name, _now("This column is chosen twice."))
        return said

    @property
    def matched(self) -> dict[str, Any]:
        """What was said, as the operations take it."""
        said = self.cleaned_data
        order = said.get("order")
        return {
            "columns": {name: said[name] for name in LABELS if said[name]},
            "group": said["default"],
            "day_first": None if not order else order == "day",
        }
