"""What the accounts library asks of us: which person an account belongs to."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from credentialing import relations
from credentialing.people.operations import join_account


class AccountAdapter(DefaultAccountAdapter):
    """Joins an account to its person once the address is confirmed, and never before."""

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            person = join_account(email_address.user)
            relations.sync(person)
        return confirmed
