"""What is offered, who comes, and who came."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, NumberField
from credentialing.people.models import Person
from credentialing.records.forms import OnceForm
from credentialing.templatetags.words import listed
from intensives import queries
from intensives.forms.acting import PersonField
from intensives.models import Enrolment, Intensive, SmallGroup


class EnrolForm(OnceForm):
    """As what one comes."""

    role = forms.ChoiceField(
        label=_("You come as"),
        choices=[
            (Enrolment.Role.PARTICIPANT, _("participant")),
            (Enrolment.Role.CANDIDATE, _("credentialing candidate")),
        ],
        initial=Enrolment.Role.PARTICIPANT,
        widget=forms.RadioSelect,
    )

    wished_group = forms.ChoiceField(
        label=_("As a candidate: the group that you would like"), required=False
    )
    avoided_group = forms.ChoiceField(
        label=_("As a candidate: a group where you would rather not be"),
        required=False,
        help_text=_("Only the Chair reads both. A placement follows them where it can."),
    )
    asked = forms.BooleanField(
        label=_("As a candidate: I know that the Committee would have to rule on what is missing"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(
        self,
        *args: Any,
        groups: Iterable[SmallGroup],
        as_candidate: bool,
        questions: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if questions:
            self.fields["asked"].widget = forms.CheckboxInput()
        self.groups = {str(group.pk): group for group in groups}
        names = ("wished_group", "avoided_group")
        if not as_candidate and not self.is_bound:
            # What is possible is offered; the page says why the other is not.
            self.fields["role"].choices = self.fields["role"].choices[:1]
        if not as_candidate or not self.groups:
            for name in names:
                del self.fields[name]
            return
        for name in names:
            self.fields[name].choices = [
                ("", _now("no preference")),
                *(
                    (key, f"{group.name} ({listed(group.faculty)})")
                    for key, group in self.groups.items()
                ),
            ]

    def what(self) -> dict[str, Any]:
        asked = super().what()
        for name in ("wished_group", "avoided_group"):
            asked[name] = self.groups.get(asked.get(name, ""))
        return asked


class IntensiveForm(OnceForm):
    """What is offered."""

    title = forms.CharField(label=_("Title"), max_length=160)
    organiser = forms.CharField(label=_("Organiser"), max_length=120)
    place = forms.CharField(
        label=_("Place"), max_length=160, required=False, help_text=_("A town, or “online”.")
    )
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))
    capacity = NumberField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Participants and candidates together. Empty: as many as come."),
    )
    sessions = NumberField(
        label=_("Sessions of each small group"),
        required=False,
        min_value=2,
        max_value=200,
        help_text=_("A candidate leads two, one with each of the two faculty. Empty: enough."),
    )
    price_note = forms.CharField(label=_("Price"), max_length=200, required=False)

    @classmethod
    def of(cls, intensive: Intensive, data: Any) -> "IntensiveForm":
        """The form filled with an intensive that stands."""
        names = [name for name in cls.base_fields if name != "submission"]
        return cls(data, initial={name: getattr(intensive, name) for name in names})


class PastForm(OnceForm):
    """An intensive attended elsewhere."""

    title = forms.CharField(label=_("What it was called"), max_length=160)
    organiser = forms.CharField(label=_("Who held it"), max_length=120)
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))
    file = forms.FileField(
        label=_("Certificate of attendance"),
        required=False,
        max_length=255,
        help_text=_("PDF, PNG, JPEG or DOCX, at most 20 MB."),
    )
    again = forms.BooleanField(
        label=_("Record it beside the one that I have on these days"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, person: Person, uploads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not uploads:
            del self.fields["file"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        start = asked.get("start")
        mine = Enrolment.objects.filter(person=self.person, intensive__start=start)
        if start and not asked.get("again") and mine.exclude(state="cancelled").exists():
            self.fields["again"].widget = forms.CheckboxInput()
            self.add_error(
                "again", _("You have an intensive that begins on this day. Is this another one?")
            )
        return asked

    def what(self) -> dict[str, Any]:
        asked = super().what()
        return {name: asked[name] for name in ("title", "organiser", "place", "start", "end")}


class FacultyForm(OnceForm):
    """The two faculty of a group."""

    first_faculty = PersonField(label=_("Faculty"))
    second_faculty = PersonField(label=_("Second faculty"))

    def __init__(self, *args: Any, without: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(queries.everybody())
        leaders = set(queries.leaders().values_list("pk", flat=True))
        for name in ("first_faculty", "second_faculty"):
            self.fields[name].offer(people, leaders, without=without)


class ChangeFacultyForm(FacultyForm):
    """Other faculty for a group, also from another group."""

    swap = forms.BooleanField(
        label=_("Let them swap places"),
        required=False,
        help_text=_("Whoever comes from another group is followed there by who leaves this one."),
    )


class GroupForm(FacultyForm):
    """A new small group."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    field_order = ["name", "first_faculty", "second_faculty"]


class GroupsForm(OnceForm):
    """Each participant's small group."""

    def __init__(
        self, *args: Any, rows: Iterable[Enrolment], groups: Iterable[SmallGroup], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        choices = [("", _("no group yet")), *((key, str(g)) for key, g in self.groups.items())]
        for row in rows:
            self.fields[f"of_{row.pk}"] = forms.ChoiceField(
                label=row.person.name,
                choices=choices,
                required=False,
                initial=str(row.small_group_id or ""),
            )

    def groups_chosen(self) -> dict[int, SmallGroup | None]:
        """The enrolment's key, the group."""
        return {
            int(name.removeprefix("of_")): self.groups.get(key) for name, key in self.what().items()
        }


class AttendanceForm(OnceForm):
    """Who of one group was there all the time."""

    present = forms.MultipleChoiceField(
        label=_("Took part all the time"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take off whoever left early or came late: partial attendance does not count."),
        error_messages={"required": _now("Choose at least one person who took part.")},
    )
    group = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["present"].choices = [
            (key, f"{row.person.name} – {row.get_role_display()}") for key, row in self.rows.items()
        ]
        self.fields["present"].initial = [
            key for key, row in self.rows.items() if not row.attended_partly
        ]

    def chosen(self) -> list[Enrolment]:
        """The enrolments ticked."""
        return [self.rows[key] for key in self.cleaned_data["present"]]


class PartForm(OnceForm):
    """What part of an intensive somebody attended."""

    part = forms.CharField(
        label=_("What part was attended"),
        max_length=300,
        help_text=_("Such as “left on Saturday at noon”. Whether it counts is a ruling."),
    )


class ReasonForm(OnceForm):
    """Why the whole is called off."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Everybody who signed up reads it on the page of the intensive."),
    )
