"""Groups, who leads them, and finding a person."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, Lenient, NumberField
from applicants.models import BalintGroup, GroupLeader
from credentialing.people.models import Person, Profession
from credentialing.people.queries import Match, alike

PROFESSIONS = [("", _("Choose one")), *Profession.choices]
WEEKDAY_CHOICES = [("", _("No fixed day")), *WEEKDAYS.items()]
WEEKS = [
    ("", _("No fixed rhythm")),
    (1, _("every week")),
    (2, _("every second week")),
    (3, _("every third week")),
    (4, _("every fourth week")),
]
MOST_MINUTES = 600


def _number(text: str) -> int:
    return int(text)


class ScheduleForm(forms.Form):
    """How a group usually meets."""

    weekday = forms.TypedChoiceField(
        label=_("Day"), choices=WEEKDAY_CHOICES, coerce=_number, empty_value=None, required=False
    )
    every_weeks = forms.TypedChoiceField(
        label=_("How often"), choices=WEEKS, coerce=_number, empty_value=None, required=False
    )
    meets_at = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("For your calendar."),
        error_messages={"invalid": _("Write a time as in 18:30.")},
    )
    usual_minutes = NumberField(
        label=_("Minutes of a meeting"), min_value=1, max_value=MOST_MINUTES, required=False
    )
    usual_debriefing = NumberField(
        label=_("Minutes of a debriefing"), min_value=1, max_value=MOST_MINUTES, required=False
    )

    @property
    def schedule_fields(self) -> list[forms.BoundField]:
        """The fields that a page sets apart."""
        return [self[name] for name in ScheduleForm.base_fields]

    @property
    def facts(self) -> dict[str, Any]:
        """What was said, as the operations take it: the schedule apart."""
        said = dict(self.cleaned_data)
        schedule = {name: said.pop(name) for name in ScheduleForm.base_fields}
        return {**said, "schedule": schedule}


class GroupForm(ScheduleForm):
    """A group that one leads."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=120,
        help_text=_("So that you know it again, such as “Tuesday group”."),
    )
    setting = forms.ChoiceField(
        label=_("Where it meets"),
        choices=BalintGroup.Setting.choices,
        widget=forms.RadioSelect,
    )
    start = DayField(
        label=_("First meeting"),
        help_text=_("Also where it was before your application."),
    )
    end = DayField(
        label=_("Last meeting"), required=False, help_text=_("Empty while the group goes on.")
    )

    @property
    def group_fields(self) -> list[forms.BoundField]:
        """The fields of the group itself."""
        return [field for field in self if field.name not in ScheduleForm.base_fields]


class NewGroupForm(GroupForm):
    """A group with one's own profession in it."""

    profession = forms.ChoiceField(label=_("Your profession"), choices=PROFESSIONS)


class LeaderForm(forms.Form):
    """One leader of a group: the profession that counts there, and since and until when."""

    person = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    profession = forms.ChoiceField(label=_("Profession"), choices=PROFESSIONS)
    start = DayField(label=_("From"), required=False, help_text=_("Empty: from the first meeting."))
    end = DayField(label=_("Until"), required=False, help_text=_("Empty: as long as it goes on."))


class Leaders(BaseFormSet):
    """The leaders who stand in the record; nobody is added here."""

    def __init__(self, *arguments: Any, group: BalintGroup, **more: Any) -> None:
        self.people = {
            leader.person_id: leader.person
            for leader in group.leaders.select_related("person").order_by("pk")
        }
        self.applicant_id = group.applicant_id
        super().__init__(*arguments, **more)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take off the list")
        form.fields["DELETE"].help_text = _(
            "Only where this was entered by mistake; else say until when."
        )
        form.subject = self._subject(form)  # type: ignore[attr-defined]
        if form.subject and form.subject.pk == self.applicant_id:  # type: ignore[attr-defined]
            del form.fields["DELETE"]

    def _subject(self, form: forms.Form) -> Person | None:
        said = form["person"].value()
        try:
            return self.people.get(int(said))
        except (TypeError, ValueError):
            return None

    def clean(self) -> None:
        if any(form.subject is None for form in self.forms):
            raise forms.ValidationError(_now("Open this page again: its leaders have changed."))

    @property
    def leaders(self) -> list[dict[str, Any]]:
        """Who leads, as the operations take it."""
        return [
            {
                "person": form.subject,
                "profession": form.cleaned_data["profession"],
                "start": form.cleaned_data["start"],
                "end": form.cleaned_data["end"],
            }
            for form in self.forms
            if not form.cleaned_data.get("DELETE")
        ]


LeaderForms = formset_factory(
    LeaderForm, formset=Leaders, extra=0, can_delete=True, max_num=40, absolute_max=40
)


def leader_rows(leaders: list[GroupLeader]) -> list[dict[str, Any]]:
    """The rows of the record as the forms start with them, and as the operations take them."""
    return [
        {
            "person": leader.person_id,
            "profession": leader.profession,
            "start": leader.start,
            "end": leader.end,
        }
        for leader in leaders
    ]


class SearchForm(Lenient):
    """Part of a name, or a whole e-mail address."""

    q = forms.CharField(
        label=_("Name or e-mail address"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class AdviceForm(Lenient):
    """Who is about to be added, while it is being filled in."""

    profession = forms.ChoiceField(choices=PROFESSIONS)
    start = DayField()
    end = DayField()


class NewPersonForm(forms.Form):
    """Somebody who is not on record yet."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("To ask this person to confirm something. Nobody else sees it."),
    )


class NewLeaderForm(forms.Form):
    """The leader who is added: profession and time."""

    profession = forms.ChoiceField(label=_("Profession"), choices=PROFESSIONS)
    start = DayField(
        label=_("Leads the group from"),
        required=False,
        help_text=_("Empty: from the first meeting."),
    )
    end = DayField(label=_("Until"), required=False, help_text=_("Empty: as long as it goes on."))


class NewLeaderAndPersonForm(NewPersonForm, NewLeaderForm):
    """A leader who is not on record yet."""

    field_order = ("name", "email", "profession", "start", "end")
    another = forms.BooleanField(label=_("It is somebody else: enter a new person"), required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.matches: list[Match] = []
        self._another = self.fields.pop("another")
        if self.data.get("another"):
            self.fields["another"] = self._another

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        name, email = said.get("name", ""), said.get("email", "")
        self.matches = alike(name=name, email=email)[:5] if name else []
        known = any(email and each.person.email.lower() == email.lower() for each in self.matches)
        if known and said.get("another"):
            self.add_error("email", _now("Somebody on record has this address. Choose them above."))
        elif self.matches and not said.get("another"):
            self.fields["another"] = self._another
            self.add_error("another", _now("Somebody like this is on record. Is it the same?"))
        return said
