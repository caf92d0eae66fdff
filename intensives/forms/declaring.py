"""What one is to somebody else, in one's own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credentialing.people.models import Person
from credentialing.records.forms import OnceForm
from intensives.queries import Declarable


class DeclareForm(OnceForm):
    """A relation that the record does not know of itself."""

    other = forms.ChoiceField(label=_("To whom"))
    words = forms.CharField(
        label=_("What you are to each other"),
        max_length=200,
        help_text=_("A few words: “we share a practice”, “married”, “former teacher”."),
    )

    def __init__(self, *args: Any, person: Person, offered: Declarable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = {
            **{f"p{each.pk}": (each, person) for each in offered.acting},
            **{f"a{each.pk}": (person, each) for each in offered.applicants},
        }
        groups = (
            (_now("People who may act on your application"), "p", offered.acting),
            (_now("Applicants"), "a", offered.applicants),
        )
        self.fields["other"].choices = [
            ("", _now("Choose a person")),
            *(
                (title, [(f"{side}{each.pk}", each.name) for each in people])
                for title, side, people in groups
                if people
            ),
        ]

    def what(self) -> dict[str, Any]:
        asked = super().what()
        person, applicant = self.pairs[asked["other"]]
        return {"person": person, "applicant": applicant, "words": asked["words"]}
