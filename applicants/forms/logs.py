"""One evening, made for a phone; and what was logged, to be put right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, Lenient, NumberField, TextField
from applicants.forms.groups import MOST_MINUTES, WEEKS
from applicants.models import BalintGroup, Debriefing, Meeting
from applicants.queries import LogChoice, every, logged_days, public_holidays
from credentialing.people.models import Person

A_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
MOST_CASES, MOST_WEEKS = 20, 157
EVERY = WEEKS[1:]
COUNTRIES = [
    ("US", _("the United States")),
    ("CA", _("Canada")),
    ("GB", _("the United Kingdom")),
    ("IE", _("Ireland")),
    ("AU", _("Australia")),
    ("NZ", _("New Zealand")),
    ("AT", _("Austria")),
    ("BE", _("Belgium")),
    ("BR", _("Brazil")),
    ("CH", _("Switzerland")),
    ("CN", _("China")),
    ("DE", _("Germany")),
    ("DK", _("Denmark")),
    ("ES", _("Spain")),
    ("FI", _("Finland")),
    ("FR", _("France")),
    ("HU", _("Hungary")),
    ("IL", _("Israel")),
    ("IT", _("Italy")),
    ("JP", _("Japan")),
    ("MX", _("Mexico")),
    ("NL", _("the Netherlands")),
    ("NO", _("Norway")),
    ("PL", _("Poland")),
    ("PT", _("Portugal")),
    ("RO", _("Romania")),
    ("RS", _("Serbia")),
    ("SE", _("Sweden")),
    ("none", _("no country: leave out none")),
]


class PartnersField(forms.ModelMultipleChoiceField):
    """The other leaders of a group."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            Person.objects.none(),
            label=_("With"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("Choose among the leaders of this group."),
                "invalid_pk_value": _("Choose among the leaders of this group."),
            },
            **more,
        )


class MeetingForm(forms.Form):
    """A meeting of a group."""

    date = DayField(label=_("Date"))
    minutes = NumberField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES, required=False)
    cases = NumberField(label=_("Cases presented"), min_value=0, max_value=MOST_CASES, initial=1)


class DebriefingForm(forms.Form):
    """A review of the group with a co-leader."""

    date = DayField(label=_("Date"))
    minutes = NumberField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES)
    partners = PartnersField()

    def __init__(self, *arguments: Any, partners: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["partners"].queryset = partners


class TookPlaceForm(Lenient):
    """What took place in a group: it met, it was debriefed, or both."""

    met = forms.BooleanField(label=_("The group met"), required=False)
    minutes = NumberField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES)
    cases = NumberField(
        label=_("Cases presented"),
        min_value=0,
        max_value=MOST_CASES,
        help_text=_("How many, nothing about them."),
    )
    debriefed = forms.BooleanField(label=_("We debriefed"), required=False)
    debriefed_minutes = NumberField(
        label=_("Minutes of debriefing"), min_value=1, max_value=MOST_MINUTES
    )
    partners = PartnersField()

    def __init__(self, *arguments: Any, group: BalintGroup, partners: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.group = group
        self.fields["partners"].queryset = partners
        if not partners:
            for name in ("debriefed", "debriefed_minutes", "partners"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("met") and not said.get("debriefed"):
            self.add_error(None, _now("Tick what took place."))
        if said.get("debriefed"):
            if "debriefed_minutes" not in self.errors and not said.get("debriefed_minutes"):
                self.add_error("debriefed_minutes", _now("Say for how long."))
            if "partners" not in self.errors and not said.get("partners"):
                self.add_error("partners", _now("Say with whom."))
        return said

    @property
    def took_place(self) -> dict[str, Any]:
        """What took place, as the operations take it."""
        said = self.cleaned_data
        cases = said.get("cases")
        return {
            "met": said["met"],
            "minutes": said.get("minutes"),
            "cases": 1 if cases is None else cases,
            "debriefed": said.get("debriefed_minutes") if said.get("debriefed") else None,
            "partners": tuple(said.get("partners") or ()),
        }


class EveningForm(TookPlaceForm):
    """One evening. What is there already is asked about."""

    date = DayField(label=_("Date"))
    again = forms.BooleanField(label=_("It is another one: record it too"), required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._again = self.fields.pop("again")
        if self.data.get("again"):
            self.fields["again"] = self._again

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("date") and "date" not in self.errors:
            self.add_error("date", _now("Say on which day."))
        twice = list(self._twice(said))
        if twice and not said.get("again"):
            self.fields["again"] = self._again
            self.add_error("again", " ".join(twice))
        return said

    def _twice(self, said: dict[str, Any]) -> Iterable[str]:
        """What is on record already for this group on this day."""
        kinds = [
            (said.get("met"), Meeting, _now("A meeting of this group is on record for that day.")),
            (
                said.get("debriefed"),
                Debriefing,
                _now("A debriefing of this group is on record for that day."),
            ),
        ]
        for ticked, model, words in kinds:
            logged = model.objects.standing().filter(group=self.group, date=said.get("date"))
            if ticked and said.get("date") and logged.exists():
                yield words


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of a repetition, and why it is not ticked from the outset."""

    day: date
    why: str
    ticked: bool


class RepeatForm(TookPlaceForm):
    """The same evening every so many weeks; its days are shown and ticked before any is kept."""

    first = DayField(label=_("First evening"))
    every_weeks = forms.TypedChoiceField(label=_("How often"), choices=EVERY, coerce=int)
    until = DayField(label=_("Until"))
    country = forms.ChoiceField(
        label=_("Leave out the holidays of"),
        choices=COUNTRIES,
        help_text=_("Each can be ticked again."),
    )
    keep = forms.BooleanField(
        label=_("This is how the group meets from now on"),
        required=False,
        help_text=_("Evenings are then filled in beforehand, and your calendar shows them."),
    )
    pattern = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    field_order = ("first", "every_weeks", "until", "country")

    def __init__(self, *arguments: Any, today: date, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.today = today
        self.days: list[Day] = []
        self.to_come: list[date] = []

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for name, words in (
            ("first", _now("Say on which day it begins.")),
            ("until", _now("Say until when.")),
            ("every_weeks", _now("Say how often.")),
        ):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, words)
        if not {"first", "until", "every_weeks"} & set(self.errors):
            self._check_days(said)
        if not self.errors:
            self._find_days(said)
        return said

    def _check_days(self, said: dict[str, Any]) -> None:
        first, until, group = said["first"], said["until"], self.group
        if until < first:
            self.add_error("until", _now("This is before the first evening."))
        elif (until - first).days > MOST_WEEKS * 7:
            self.add_error("until", _now("Record at most three years at once."))
        if first < group.start:
            self.add_error(
                "first",
                _now("This is before the group started, on %(day)s.")
                % {"day": date_format(group.start)},
            )
        if group.end and until > group.end:
            self.add_error(
                "until",
                _now("This is after the group ended, on %(day)s.")
                % {"day": date_format(group.end)},
            )

    def _find_days(self, said: dict[str, Any]) -> None:
        days = every(said["every_weeks"], said["first"], said["until"])
        past = [day for day in days if day <= self.today]
        self.to_come = [day for day in days if day > self.today]
        free, logged = public_holidays(said["country"], past), logged_days(self.group, past)
        ticked = set(self.data.getlist("day")) if self.is_seen else None
        for day in past:
            why = _now("on record") if day in logged else free.get(day, "")
            wanted = not why if ticked is None else day.isoformat() in ticked
            self.days.append(Day(day=day, why=why, ticked=wanted))

    @property
    def signature(self) -> str:
        """What the days depend on; a tick means something as long as this is the same."""
        return "|".join(str(self.cleaned_data.get(name)) for name in self.field_order)

    @property
    def is_seen(self) -> bool:
        """The days were looked at as they are now."""
        return self.cleaned_data.get("pattern") == self.signature

    @property
    def evenings(self) -> list[dict[str, Any]]:
        """The ticked days with what took place, as the operations take them."""
        return [{"date": each.day, **self.took_place} for each in self.days if each.ticked]

    @property
    def schedule(self) -> dict[str, Any]:
        """How the group meets, where this says so."""
        said = self.cleaned_data
        return {
            "weekday": said["first"].weekday(),
            "every_weeks": said["every_weeks"],
            "usual_minutes": said.get("minutes") or self.group.usual_minutes,
            "usual_debriefing": self.took_place["debriefed"] or self.group.usual_debriefing,
        }


KINDS = [("", _("everything")), ("meeting", _("meetings")), ("debriefing", _("debriefings"))]


class LogFilter(Lenient):
    """A part of one's log: a group of one's own, a kind, a month in which something is logged."""

    group = forms.ModelChoiceField(
        BalintGroup.objects.none(), label=_("Group"), empty_label=_("all groups")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    month = forms.ChoiceField(label=_("Month"))

    def __init__(
        self, *arguments: Any, groups: Any, months: Iterable[date] = (), **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.fields["group"].queryset = groups
        known = {f"{month:%Y-%m}": month for month in months}
        asked = str(self.data.get("month", ""))
        if A_MONTH.fullmatch(asked):  # perhaps one in which nothing is logged
            known.setdefault(asked, date.fromisoformat(f"{asked}-01"))
        self.fields["month"].choices = [
            ("", _now("all months")),
            *((key, date_format(month, "F Y")) for key, month in known.items()),
        ]

    def full_clean(self) -> None:
        super().full_clean()
        self.errors.clear()  # an address is old, or typed

    @property
    def choice(self) -> LogChoice:
        """What was chosen; what makes no sense chooses nothing."""
        self.full_clean()
        said = self.cleaned_data
        month = said.get("month")
        return LogChoice(
            group=said.get("group"),
            kind=said.get("kind") or "",
            month=date.fromisoformat(f"{month}-01") if month else None,
        )

    @property
    def query(self) -> str:
        """The choice as it stands in an address."""
        said = {name: self[name].value() for name in self.fields if self.cleaned_data.get(name)}
        return urlencode(said)


class SeveralForm(Lenient):
    """What is to be different in several entries; what stays empty stays as it is."""

    minutes = NumberField(label=_("Minutes of each meeting"), min_value=1, max_value=MOST_MINUTES)
    debriefed = NumberField(
        label=_("Minutes of each debriefing"), min_value=1, max_value=MOST_MINUTES
    )
    partners = PartnersField()

    def __init__(self, *arguments: Any, entries: Iterable[Any], partners: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        kinds = {entry.key[0] for entry in entries}
        if "m" not in kinds:
            del self.fields["minutes"]
        if "d" not in kinds:
            del self.fields["debriefed"]
        if partners is None:
            del self.fields["partners"]
        else:
            self.fields["partners"].queryset = partners


class WithdrawForm(forms.Form):
    """Why something is taken out; needed where somebody has relied on it."""

    reason = TextField(rows=3, label=_("Reason"), max_length=5_000, required=False)

    def __init__(self, *arguments: Any, relied: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["reason"].required = relied
