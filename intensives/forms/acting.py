"""Somebody chosen from the persons known."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.people.models import Person
from credentialing.people.queries import Tie
from intensives import queries


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
