"""The parts of the application form. A draft may be saved with anything left out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import Lenient, TextField
from credentialing.people.models import Profession

THEIRS = "theirs"


class SectionForm(Lenient):
    """A part of the form: what is needed in the end may be empty in a draft.

    Where another window saved it first, `asks` names the answers between which one must choose,
    and `elsewhere` is what that window saved.
    """

    revision = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *arguments: Any,
        asks: Iterable[str] = (),
        elsewhere: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.asks, self.elsewhere = list(asks), elsewhere or {}
        for name in self.asks:
            self.fields[f"take-{name}"] = forms.ChoiceField(
                label=_("Which one do you want to keep?"),
                choices=[
                    ("mine", _("The one in the field below; you can change it")),
                    (THEIRS, _("The one that was saved in the other window")),
                ],
                widget=forms.RadioSelect,
                initial="mine",
            )

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, part of the form or not; or taken over from the other window."""
        said = self.cleaned_data
        taken = {name for name in self.asks if said.get(f"take-{name}") == THEIRS}
        return {
            name: self.elsewhere.get(name) if name in taken else said[name]
            for name in self.base_fields
            if name != "revision" and name in said
        }


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


def fields(key: str) -> list[tuple[str, forms.Field]]:
    """The fields of a part with their names, without the hidden one."""
    return [(name, field) for name, field in FORMS[key].base_fields.items() if name != "revision"]
