"""The sessions, the draft and the answers of the three."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, TextField
from credentialing.people.models import Person
from credentialing.records.forms import OnceForm
from intensives.competencies import COMPETENCIES, RATINGS, TEXTS
from intensives.models import SmallGroup, WrittenAssessment

LONGEST = 100_000


class CoLedForm(OnceForm):
    """On which day the candidate led with one of the two."""

    faculty = forms.ChoiceField(label=_("Led together with"), widget=forms.HiddenInput)
    date = DayField(label=_("Day of the session"))

    def __init__(self, *args: Any, group: SmallGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(person.pk): person for person in group.faculty}
        self.fields["faculty"].choices = [(key, p.name) for key, p in self.members.items()]

    def clean_faculty(self) -> Person | None:
        return self.members.get(self.cleaned_data["faculty"])


class DraftDay(DayField):
    """A day that may still be missing: no option, only not written yet."""

    def validate(self, value: Any) -> None:
        pass


class DraftText(TextField):
    """A text that may still be empty: no option, only not written yet."""

    def validate(self, value: Any) -> None:
        pass


class DraftChoice(forms.ChoiceField):
    """A choice that may still be open: no option, only not made yet."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class AssessmentForm(forms.Form):
    """The joint assessment as the evaluator drafts it, with the revision it was opened at."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    met_on = DraftDay(
        label=_("The day on which the three of you met"),
        help_text=_("The two faculty members and you, at the end of the intensive."),
    )

    def __init__(self, *args: Any, assessment: WrittenAssessment | None, **kwargs: Any) -> None:
        body = assessment.body if assessment else {}
        rated = body.get("competencies", {})
        initial = {
            "revision": assessment.revision if assessment else 0,
            "met_on": assessment.met_on if assessment else None,
            **{name: body.get(name, "") for name, _label in TEXTS},
            **{f"competency_{key}": rating for key, rating in rated.items()},
        }
        super().__init__(*args, initial=initial, **kwargs)
        for each in COMPETENCIES:
            self.fields[f"competency_{each.key}"] = DraftChoice(
                label=each.label,
                help_text=each.means,
                choices=[("", _("not said yet")), *RATINGS],
            )
        for name, label in TEXTS:
            self.fields[name] = DraftText(label=label, rows=6, max_length=LONGEST)

    def what(self) -> dict[str, Any]:
        """Body, day and revision, as the operation takes them."""
        asked = self.cleaned_data
        rated = {each.key: asked[f"competency_{each.key}"] for each in COMPETENCIES}
        return {
            "body": {
                "competencies": {key: rating for key, rating in rated.items() if rating},
                **{name: asked[name].replace("\r\n", "\n") for name, _label in TEXTS},
            },
            "met_on": asked["met_on"],
            "revision": asked["revision"],
        }

    @property
    def competencies(self) -> list[forms.BoundField]:
        return [self[f"competency_{each.key}"] for each in COMPETENCIES]

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name, _label in TEXTS]

    def at_revision(self, revision: int) -> "AssessmentForm":
        """The same words, to be saved over another revision."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)
        return self


class AddendumForm(OnceForm):
    """A correction of what was presented."""

    text = TextField(
        label=_("What is to be corrected"),
        rows=4,
        max_length=LONGEST,
        help_text=_("Candidate and Committee read it beside the assessment, with your name."),
    )


class RevisionForm(OnceForm):
    """To which revision something is said."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class AgreeForm(RevisionForm):
    """The answer of one of the two faculty."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("agree", _("I agree")), ("dissent", _("I dissent, in these words"))],
        widget=forms.RadioSelect,
    )
    dissent = TextField(
        label=_("Where you see it differently"),
        rows=4,
        max_length=LONGEST,
        required=False,
        help_text=_("Only with a dissent. It is presented with the assessment."),
    )

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        if asked.get("answer") == "dissent" and not asked.get("dissent", "").strip():
            self.add_error("dissent", _("Say in words where you see it differently."))
        if asked.get("answer") == "agree" and asked.get("dissent", "").strip():
            self.add_error("answer", _("You wrote a dissent. Choose “I dissent”, or empty it."))
        return asked

    def what(self) -> dict[str, Any]:
        asked = super().what()
        return {"revision": asked["revision"], "dissent": asked.get("dissent", "")}
