"""The parts of the application form. A draft may be saved with anything left out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import Lenient, TextField
from credentialing.people.models import Profession


class SectionForm(Lenient):
    """A part of the form: what is needed in the end may be empty in a draft."""

    revision = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, part of the form or not."""
        return {name: said for name, said in self.cleaned_data.items() if name != "revision"}


class PersonForm(SectionForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As it should stand on a certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    profession = forms.ChoiceField(
        label=_("Your profession"),
        choices=[("", _("Choose one")), *Profession.choices],
        help_text=_("The procedure asks for leaders of different professions in medical settings."),
    )


class PracticeForm(SectionForm):
    institution = forms.CharField(label=_("Where you work"), max_length=200)
    place = forms.CharField(label=_("Town"), max_length=200, required=False)
    description = TextField(
        rows=5,
        label=_("What your practice is like"),
        help_text=_("Whom you see, with whom you work, and where your Balint group meets."),
    )


class MembershipForm(SectionForm):
    number = forms.CharField(
        label=_("Your member number"),
        max_length=40,
        required=False,
        help_text=_("Needed only where no membership of yours is on record yet."),
    )


class GroupsForm(SectionForm):
    alone = TextField(
        rows=4,
        label=_("If no group or no co-leader is entered above: why"),
        required=False,
        help_text=_("The Committee reads this and decides what it means for your way."),
    )


class ExperienceForm(SectionForm):
    description = TextField(
        label=_("Your Balint experience"),
        help_text=_("Groups of which you were a member, since when, how often they met."),
    )


class TrainingForm(SectionForm):
    description = TextField(
        label=_("Your training in group process"),
        help_text=_(
            "Formal training and group laboratory experience; if there is none, say so. "
            "Credit for it is claimed on a page of its own."
        ),
    )


class CoLeadingForm(SectionForm):
    description = TextField(
        label=_("Your experience in co-leading"),
        help_text=_("With whom, since when, in which groups; if there is none, say so."),
    )


class StatementForm(SectionForm):
    statement = TextField(
        rows=10,
        label=_("Your statement"),
        help_text=_(
            "Why you lead Balint groups and what you want to learn. "
            "No patient's name, no case content."
        ),
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that the Committee, and before its vote the Council, read this application "
            "and what I log, and that my supervisor sees which requirements I have met."
        )
    )


FORMS: dict[str, type[SectionForm]] = {
    "person": PersonForm,
    "practice": PracticeForm,
    "membership": MembershipForm,
    "groups": GroupsForm,
    "experience": ExperienceForm,
    "training": TrainingForm,
    "co-leading": CoLeadingForm,
    "statement": StatementForm,
}
