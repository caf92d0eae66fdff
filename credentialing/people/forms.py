"""What a new account is asked, and what the office enters about people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MinValueValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credentialing.people import queries
from credentialing.people.models import Person, Profession, Role, User
from credentialing.records.forms import FIRST_DAY, ActForm


class SignupForm(forms.Form):
    """The name, beside the address and password that the accounts library asks for."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As it should stand on a certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


class JoinForm(forms.Form):
    """The password of an account that somebody was invited to."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a sentence is easy to remember."),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = User(email=address, name=person.name)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class LettersForm(forms.Form):
    """How letters come to a person."""

    daily = forms.TypedChoiceField(
        label=_("Letters come to you"),
        choices=[(0, _("at once")), (1, _("once a day, gathered into one"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    language = forms.TypedChoiceField(
        label=_("Letters to you are in"),
        help_text=_("The pages stay in English."),
        choices=settings.LETTER_LANGUAGES,
        # Whoever reads the Society's language follows it.
        coerce=lambda value: "" if value == settings.LANGUAGE_CODE else value,
        widget=forms.RadioSelect,
    )


class PeopleFilter(forms.Form):
    """People by a part of their name or address."""

    q = forms.CharField(label=_("Name or address"), max_length=200, required=False)


class PersonForm(ActForm):
    """Who somebody is. One person is one record, so somebody of the same name is asked about."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Without one, no letter reaches this person."),
    )
    profession = forms.ChoiceField(
        label=_("Profession"),
        choices=[("", _("not known")), *Profession.choices],
        required=False,
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        if person:
            fields = ("name", "email", "profession")
            kwargs.setdefault("initial", {name: getattr(person, name) for name in fields})
        super().__init__(*args, **kwargs)
        self.person = person
        if person and hasattr(person, "user"):
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("They sign in with it, and change it themselves.")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        alike = queries.resembling(cleaned["name"], besides=self.person)
        if alike and not queries.by_address(cleaned["email"]):
            self.fields["sure"] = forms.BooleanField(label=_("This is somebody else"))
            if not self.data.get("sure"):
                names = ", ".join(f"{one.name} ({one.email or _('no address')})" for one in alike)
                asked = _("Somebody of this name is known already: %(people)s.")
                self.add_error("sure", asked % {"people": names})
        return cleaned

    def what(self) -> dict[str, str]:
        """The person as typed."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "profession")}


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day in the time of the Society."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY, _("This is too long ago; check the year."))],
        **more,
    )


class RoleForm(ActForm):
    """An office, and from when to when."""

    kind = forms.ChoiceField(label=_("Role"), choices=Role.Kind.choices)
    start = day_field(_("From"))
    end = day_field(_("Until"), required=False, help_text=_("Empty: without an end."))


class EndRoleForm(ActForm):
    """The last day in office."""

    end = day_field(_("Last day"), help_text=_("To end it at once, choose the day before today."))
