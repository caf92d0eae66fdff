"""A form for one act, and somebody chosen from the persons known."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.people.models import Person
from credentialing.people.queries import Tie
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key
from intensives import queries


class ActForm(forms.Form):
    """A form for one act; a refusal of the act is shown at the form."""

    submission = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=new_key
    )

    def does(self, act: Callable[[], Any]) -> bool:
        """Do the act and say whether it happened; why not stands at the form."""
        try:
            self.answer = act()
        except Refused as refused:
            known = refused.field if refused.field in self.fields else None
            self.add_error(known, refused.message)
            return False
        return True

    def what(self) -> dict[str, Any]:
        """What was filled in, under the names that the operation knows."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class PersonField(forms.ChoiceField):
    """Somebody chosen from the persons known, credentialed leaders first."""

    def offer(
        self,
        people: Iterable[Person],
        leaders: set[int],
        relations: Mapping[int, list[Tie]] | None = None,
        without: Iterable[int] = (),
    ) -> None:
        """The persons to choose from; what each is to the candidate stands beside the name."""
        left_out = set(without)
        offered = [person for person in people if person.pk not in left_out]
        names = [person.name for person in offered]
        self.known = {str(person.pk): person for person in offered}
        groups: dict[str, list[tuple[str, str]]] = {
            str(_("Credentialed leaders")): [],
            str(_("Other people")): [],
        }
        first, second = groups.values()
        for person in offered:
            label = person.name
            if names.count(person.name) > 1 and person.email:
                label = f"{label} · {person.email}"
            if told := (relations or {}).get(person.pk):
                label = queries.in_words(told)
            (first if person.pk in leaders else second).append((str(person.pk), label))
        self.choices = [("", _("Choose a person")), *((k, v) for k, v in groups.items() if v)]

    def clean(self, value: Any) -> Person | None:
        return self.known.get(super().clean(value))
