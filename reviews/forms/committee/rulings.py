"""What a ruling asks, kind by kind."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.rules import Requirement
from reviews.forms.committee.fields import CHOOSE_ONE, CHOOSE_SOME, Once, Ruled, text_field


class Accept(Ruled):
    """Accept issues, as they stand or of their kind."""

    issues = forms.TypedMultipleChoiceField(
        label=gettext_lazy("What is accepted"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_SOME,
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("How far"),
        choices=[
            ("this", gettext_lazy("As it stands now; if it grows, it is asked again")),
            ("kind", gettext_lazy("All of its kind, also what is still to come")),
        ],
        widget=forms.RadioSelect,
        initial="this",
    )
    field_order = ["issues", "scope", "reason", "met_on", "took_part"]

    def __init__(
        self, *args: Any, offered: list[tuple[Mapping[str, str], str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [issue for issue, _said in offered]
        field = self.fields["issues"]
        field.choices = [(place, said) for place, (_issue, said) in enumerate(offered)]  # type: ignore[attr-defined]
        if len(offered) == 1:
            field.initial = [0]

    def terms(self) -> dict[str, Any]:
        chosen = [self.offered[place] for place in self.cleaned_data["issues"]]
        as_it_stands = self.cleaned_data["scope"] == "this"
        accepted = [
            {"code": issue["code"], "detail": issue["detail"] if as_it_stands else None}
            for issue in chosen
        ]
        return {"accept": [each for n, each in enumerate(accepted) if each not in accepted[:n]]}


class Set(Ruled):
    """Set the parameters of a requirement that the procedure lets the Committee adjust."""

    def __init__(
        self,
        *args: Any,
        requirement: Requirement,
        in_force: Mapping[str, Any],
        names: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.in_force = in_force
        for name, value in in_force.items():
            self.fields[f"set_{name}"] = self._field(names.get(name, name), value)
        self.order_fields([*(f"set_{name}" for name in in_force), *Ruled.field_order])

    @staticmethod
    def _field(label: Any, value: Any) -> forms.Field:
        shown = str(label)[:1].upper() + str(label)[1:]
        if isinstance(value, str):
            choices = [
                ("per-year", _("so many in each year")),
                ("total", _("so many over all years")),
            ]
            return forms.ChoiceField(label=shown, choices=choices, initial=value)
        return forms.IntegerField(
            label=shown, min_value=0, max_value=1000, initial=value, required=value is not None
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.terms()["set"]:
            raise ValidationError(_("Change at least one of the numbers."))
        return cleaned

    def terms(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[f"set_{name}"] for name in self.in_force}
        return {
            "set": {
                name: value
                for name, value in said.items()
                if value is not None and value != self.in_force[name]
            }
        }


class Count(Ruled):
    """Count evidence that does not count by itself."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("What is counted"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_SOME,
    )
    field_order = ["items", "reason", "met_on", "took_part"]

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = offered  # type: ignore[attr-defined]

    def terms(self) -> dict[str, Any]:
        return {"count": list(self.cleaned_data["items"])}


class Waive(Ruled):
    """Waive a requirement."""

    def terms(self) -> dict[str, Any]:
        return {"waive": True}


class RuleOnClaim(Ruled):
    """Grant or refuse a claim to credit."""

    decision = forms.ChoiceField(
        label=gettext_lazy("The Committee"),
        choices=[
            ("grant", gettext_lazy("grants the credit")),
            ("refuse", gettext_lazy("refuses the credit")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    in_lieu_per_year = forms.IntegerField(
        label=gettext_lazy("Debriefings that may serve in lieu of supervision, in each year"),
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ["decision", "in_lieu_per_year", "reason", "met_on", "took_part"]

    def __init__(self, *args: Any, most_in_lieu: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if most_in_lieu:
            amount = forms.IntegerField(
                label=self.fields["in_lieu_per_year"].label,
                min_value=1,
                max_value=most_in_lieu,
                required=False,
                help_text=_("From 1 to %(most)d; asked only when you grant the credit.")
                % {"most": most_in_lieu},
            )
            self.fields["in_lieu_per_year"] = amount
            self.order_fields(self.field_order)
        else:
            del self.fields["in_lieu_per_year"]

    @property
    def granted(self) -> bool:
        return bool(self.cleaned_data["decision"] == "grant")

    @property
    def amount(self) -> int | None:
        """How many debriefings a year are granted, where the credit is of that kind."""
        return self.cleaned_data.get("in_lieu_per_year") if self.granted else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("decision") == "grant"
            and "in_lieu_per_year" in self.fields
            and "in_lieu_per_year" not in self.errors
            and not cleaned.get("in_lieu_per_year")
        ):
            self.add_error("in_lieu_per_year", _("Say how many debriefings a year may serve."))
        return cleaned


class Revoke(Once):
    """Why a ruling no longer holds."""

    reason = text_field(
        gettext_lazy("Reason"), help_text=gettext_lazy("The applicant and the Council read it.")
    )


class Equivalence(Ruled):
    """Equivalent training under Exceptional Circumstances, in place of what is unmet."""

    requirements = forms.MultipleChoiceField(
        label=gettext_lazy("Equivalent training and competency stand in place of"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_SOME,
        help_text=gettext_lazy("The ruling has to name every requirement that is not met."),
    )
    field_order = ["requirements", "reason", "met_on", "took_part"]

    def __init__(self, *args: Any, unmet: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirements"].choices = unmet  # type: ignore[attr-defined]
