"""What the Committee's pages ask. Errors stand at the field; what was typed stays."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Stage
from credentialing.people.models import Person
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key
from credentialing.rules import Requirement
from reviews.models import Recommendation

LONGEST = 20_000
EARLIEST = date(1900, 1, 1)
MOST_ACTIVITIES = 20


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date, asked with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {
        "required": gettext_lazy("Choose a day."),
        "invalid": gettext_lazy("Write a day that exists, such as 2026-11-23."),
    }
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)


def text_field(label: Any, *, rows: int = 5, **options: Any) -> forms.CharField:
    """A text of some lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    messages = {"required": gettext_lazy("Write something here.")}
    return forms.CharField(
        label=label, max_length=LONGEST, widget=widget, error_messages=messages, **options
    )


CHOOSE_ONE = {"required": gettext_lazy("Choose one.")}
CHOOSE_SOME = {"required": gettext_lazy("Choose at least one.")}


def show(refused: Refused, form: forms.Form) -> None:
    """Put a refusal of the record at the field it is about, or at the head of the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


class Once(forms.Form):
    """A form whose answer has one effect, however often it is sent."""

    submission = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=new_key
    )


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


class Reason(Once):
    """Why a case is moved."""

    reason = text_field(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("It becomes part of the record, and the applicant can read it."),
    )


class ConfidentialReason(Once):
    """Why a recommendation is taken or sent back."""

    reason = text_field(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("It becomes part of the record. The applicant does not see it."),
    )


class Remark(Once):
    """A remark of the Committee's discussion."""

    text = text_field(gettext_lazy("Remark"), rows=4)


class Ask(Once):
    """A question to the applicant."""

    text = text_field(gettext_lazy("Question"))
    due = day_field(gettext_lazy("Answer wanted by"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due < self.today:
            raise ValidationError(_("Choose today or a later day."))
        return due


class Met(Once):
    """When the Committee met, and who took part."""

    met_on = day_field(gettext_lazy("When the Committee met"))
    took_part = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who took part"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_SOME,
        help_text=gettext_lazy("Members of the Committee without a relation to the applicant."),
    )

    def __init__(self, *args: Any, people: Iterable[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["took_part"].choices = [(each.pk, each.name) for each in people]  # type: ignore[attr-defined]

    def clean_met_on(self) -> date:
        met_on: date = self.cleaned_data["met_on"]
        if not EARLIEST <= met_on <= self.today:
            raise ValidationError(_("Say when the Committee met: today or earlier."))
        return met_on

    @property
    def meeting(self) -> dict[str, Any]:
        """When the Committee met and who took part, as the operations take it."""
        return {name: self.cleaned_data[name] for name in ("met_on", "took_part")}


class Recommend(Met):
    """What the Committee recommends."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("The Committee recommends"),
        choices=Recommendation.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    reasons = text_field(
        gettext_lazy("Reasons"),
        rows=8,
        help_text=gettext_lazy("The Council reads them. The applicant does not."),
    )
    acknowledges_gap = forms.BooleanField(
        label=gettext_lazy("The Committee has seen that the membership lapsed"), required=False
    )
    field_order = ["outcome", "reasons", "acknowledges_gap", "met_on", "took_part"]

    def __init__(self, *args: Any, gap: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not gap:
            del self.fields["acknowledges_gap"]


class Ruled(Met):
    """What every ruling has: a reason, and the meeting in which it was made."""

    reason = text_field(
        gettext_lazy("Reason"), help_text=gettext_lazy("The applicant and the Council read it.")
    )
    field_order = ["reason", "met_on", "took_part"]

    def terms(self) -> dict[str, Any]:
        """What is ruled, as the record keeps it."""
        return {}


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


class ProposeProcedure(Once):
    """Which other procedure, and why."""

    to = forms.ChoiceField(label=gettext_lazy("To be judged by"))
    reason = text_field(
        gettext_lazy("Reason"), help_text=gettext_lazy("The applicant reads it before answering.")
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = others  # type: ignore[attr-defined]


class Activity(forms.Form):
    """One activity of a timeline."""

    area = forms.CharField(
        label=gettext_lazy("Area of need"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write something here.")},
    )
    activity = text_field(gettext_lazy("What is to be done"), rows=3)
    measure = text_field(gettext_lazy("How success will be seen"), rows=2, required=False)
    due = day_field(gettext_lazy("Deadline"))


class Note(Once):
    """What is said with a proposal for a timeline."""

    note = text_field(gettext_lazy("Note to the other side"), rows=3, required=False)


class Done(Once):
    """What the applicant did."""

    note = text_field(gettext_lazy("What you did"), rows=4)


Activities = forms.formset_factory(
    Activity,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=MOST_ACTIVITIES,
    validate_max=True,
    absolute_max=MOST_ACTIVITIES + 1,
    can_delete=False,
)
