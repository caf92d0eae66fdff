"""A claim for credit: the facts that its needs ask for, as the procedure's file names them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, KeyField
from credentialing.rules.credits import Credit

YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]
NUMBER = forms.TextInput(attrs={"inputmode": "decimal"})


def _yes_or_no(label: Any, hint: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=YES_OR_NO,
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )


def _time() -> dict[str, forms.Field]:
    return {
        "start": DayField(label=_("From")),
        "end": DayField(label=_("Until"), required=False, help_text=_("Empty: it still goes on.")),
    }


# What each need of a credit asks for. Who the leader was, and the attestation, are asked apart.
ASKS: dict[str, Any] = {
    "months_at_least": _time,
    "months_more_than": _time,
    "per_month_at_least": lambda: {
        "per_month": forms.DecimalField(
            label=_("Meetings a month"),
            min_value=0,
            max_value=60,
            max_digits=4,
            decimal_places=1,
            widget=NUMBER,
        )
    },
    "formal_training": lambda: {
        "formal_training": _yes_or_no(_("Was it formal training in group process theory?"))
    },
    "laboratory_months_at_least": lambda: {
        "laboratory_months": forms.DecimalField(
            label=_("Months of group laboratory experience"),
            min_value=0,
            max_value=600,
            max_digits=4,
            decimal_places=1,
            widget=NUMBER,
        )
    },
    "credentialed_leader": lambda: {
        "leader_credentialed": _yes_or_no(
            _("Was your co-leader a credentialed Balint leader during that time?")
        )
    },
    "attested": dict,
}


class ClaimForm(forms.Form):
    """The facts of a claim; which ones, the credit says."""

    def __init__(self, *arguments: Any, credit: Credit, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["submission"] = KeyField()
        for need in credit.needs:
            for name, field in ASKS[need]().items():
                self.fields.setdefault(name, field)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        start, end = said.get("start"), said.get("end")
        if start and end and end < start:
            self.add_error("end", _now("This is before it began."))
        return said

    @staticmethod
    def initial_of(facts: Mapping[str, Any]) -> dict[str, Any]:
        """What an earlier claim said, as the fields show it."""
        said = {True: "yes", False: "no"}
        return {
            name: said[value] if isinstance(value, bool) else value for name, value in facts.items()
        }

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as the rules read them."""
        return {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
            if value is not None and name in self.fields and name != "submission"
        }


def needs_leader(credit: Credit) -> bool:
    """Whether a claim names the leader with whom it was."""
    return bool(credit.in_lieu or {"credentialed_leader", "attested"} & set(credit.needs))
