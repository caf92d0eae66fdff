"""What a move of a case asks, and what is said on it."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.forms.committee.fields import (
    CHOOSE_ONE,
    Met,
    Once,
    day_field,
    text_field,
)
from reviews.models import Recommendation

MOST_ACTIVITIES = 20


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
