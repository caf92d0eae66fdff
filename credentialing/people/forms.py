"""What a new account is asked."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credentialing.people.models import User


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
