"""The day that a page looks at, and the plan that it looks ahead with."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.rules import Pace, Plan, procedures
from credentialing.rules.foresight import RHYTHMS
from credentialing.standing.lines import title
from credentialing.standing.queries import Standing

EARLIEST = date(1990, 1, 1)
FARTHEST = timedelta(days=3652)
HALF_A_YEAR = timedelta(days=182)
NONE = "0"
PACED = ("meetings", "debriefings", "supervision")


class AsOf(forms.Form):
    """A day up to today."""

    as_of = forms.DateField(
        label=gettext_lazy("As it stood on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments: Any, today: date, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.today = today

    def clean_as_of(self) -> date | None:
        day = self.cleaned_data["as_of"]
        if day and not EARLIEST <= day <= self.today:
            raise forms.ValidationError(_("Choose a day up to today."))
        return day

    @property
    def day(self) -> date:
        """The day that was asked for, or today."""
        asked = self.cleaned_data.get("as_of") if self.is_valid() else None
        return asked or self.today


class WhichProcedure(forms.Form):
    """One of the procedures that are shipped."""

    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"))

    def __init__(self, asked: Mapping[str, Any]) -> None:
        super().__init__({"procedure": settings.PROCEDURE, **asked})
        self.fields["procedure"].choices = [
            (each.id, f"{each.title} ({each.in_force.year})") for each in procedures().values()
        ]

    @property
    def id(self) -> str:
        """The one that was asked for, or the one in force here."""
        return self.cleaned_data["procedure"] if self.is_valid() else settings.PROCEDURE


class WhatIf(forms.Form):
    """A plan: how the work goes on, what is attended, which credit is granted, until when."""

    until = forms.DateField(
        label=gettext_lazy("See what would remain on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    meetings = forms.ChoiceField(label=gettext_lazy("Your group meets"))
    debriefings = forms.ChoiceField(label=gettext_lazy("You debrief"))
    supervision = forms.ChoiceField(label=gettext_lazy("You see your supervisor"))
    planned = forms.BooleanField(
        label=gettext_lazy("The sessions that you have planned are held"), required=False
    )
    intensives = forms.TypedChoiceField(
        label=gettext_lazy("Further intensives that you attend"),
        help_text=gettext_lazy("The announced ones in turn; as a candidate at the last."),
        choices=[(0, gettext_lazy("none")), (1, "1"), (2, "2"), (3, "3")],
        coerce=int,
    )
    credit = forms.ChoiceField(label=gettext_lazy("The Committee grants credit for"))
    in_lieu = forms.TypedChoiceField(
        label=gettext_lazy("Debriefings a year in lieu of supervision"),
        help_text=gettext_lazy("Where the credit lets them serve."),
        coerce=int,
    )

    def __init__(self, asked: Mapping[str, Any], *, now: Standing, pace: Pace, today: date) -> None:
        super().__init__({**_as_now(pace, today), **asked})
        self.now, self.pace, self.today = now, pace, today
        rhythms = [(NONE, _("no more")), *((str(n), said) for n, said in RHYTHMS.items())]
        for name in PACED:
            self.fields[name].choices = rhythms
        credits_ = [each for each in now.procedure.credits if not self._is_granted(each.id)]
        self.fields["credit"].choices = [
            (NONE, _("nothing more")),
            *((each.id, title(each.id)) for each in credits_),
        ]
        self.serving = {each.id: now.procedure.most_in_lieu(each) for each in credits_}
        most = max(self.serving.values(), default=0)
        self.fields["in_lieu"].choices = [(n, str(n)) for n in range(most, 0, -1)]
        self.data.setdefault("in_lieu", str(most))
        if not most:
            del self.fields["in_lieu"]
        if not any(each["state"] == "planned" for each in now.portfolio["supervision"]):
            del self.fields["planned"]

    def _is_granted(self, credit: str) -> bool:
        return any(
            each["credit"] == credit and each["state"] == "granted"
            for each in self.now.data["claims"]
        )

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if not self.today < day <= self.today + FARTHEST:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within ten years."))
        return day

    @property
    def plan(self) -> Plan:
        """What a valid form says."""
        said = self.cleaned_data
        credit = said["credit"].removeprefix(NONE)
        serving = min(said.get("in_lieu") or 0, self.serving.get(credit, 0))
        return Plan(
            every={name: int(said[name]) for name in PACED if said[name] != NONE},
            planned=said.get("planned", False),
            intensives=said["intensives"],
            offered=self.pace.offered,
            credits={credit: serving or self.serving[credit]} if credit else {},
        )


def _as_now(pace: Pace, today: date) -> dict[str, str]:
    """The plan of a first look: half a year more of what is done now."""
    half_a_year = today + HALF_A_YEAR
    return {
        "until": half_a_year.isoformat(),
        "intensives": NONE,
        "credit": NONE,
        **{name: str(pace.every[name]) for name in PACED},
    }
