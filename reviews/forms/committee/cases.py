"""What a move of a case asks, and what is said on it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.people.models import Person
from reviews.forms.committee.fields import (
    CHOOSE_ONE,
    Met,
    Once,
    day_field,
    text_field,
)
from reviews.models import Advice, Recommendation

MOST_ACTIVITIES = 20


class Reason(Once):
    """Why a case is moved."""

    reason = text_field(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("It becomes part of the record, and the applicant can read it."),
    )


class ConfidentialReason(Once):
    """Why a recommendation is taken or sent back, or a recusal lifted."""

    reason = text_field(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("It becomes part of the record. The applicant does not see it."),
    )


class Remark(Once):
    """A remark of the Committee's discussion."""

    text = text_field(gettext_lazy("Remark"), rows=4)


class Advise(Once):
    """What a member of the Committee advises on a case under review."""

    leaning = forms.ChoiceField(
        label=gettext_lazy("I advise"),
        choices=Advice.Leaning.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    text = text_field(
        gettext_lazy("Reasons"),
        rows=6,
        help_text=gettext_lazy(
            "The other members read it once they have given theirs. It never leaves the Committee."
        ),
    )


class StepAside(Once):
    """Why somebody takes no part in a case."""

    reason = forms.CharField(
        label=gettext_lazy("Why you step aside"),
        max_length=200,
        help_text=gettext_lazy("One sentence for the Chair, such as “a former resident of mine”."),
        error_messages={"required": gettext_lazy("Write something here.")},
    )


class AwayOf(Once):
    """Until when a Chair is away; or that they are back."""

    officer_key = forms.TypedChoiceField(label=gettext_lazy("Who"), coerce=int)
    start = day_field(gettext_lazy("Away from"))
    until = day_field(gettext_lazy("Last day away"))

    def __init__(self, *args: Any, officers: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {each.pk: each for each in officers}
        choices = [(key, each.name) for key, each in self.officers.items()]
        self.fields["officer_key"].choices = choices  # type: ignore[attr-defined]
        if "back" in self.data:
            self.fields["start"].required = self.fields["until"].required = False

    @property
    def officer(self) -> Person:
        return self.officers[self.cleaned_data["officer_key"]]


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
    """What the applicant did, with a document where there is one."""

    note = text_field(gettext_lazy("What you did"), rows=4)
    file = forms.FileField(
        label=gettext_lazy("A document that shows it"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("PDF, PNG, JPEG or DOCX, at most 20 MB."),
    )


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
