"""What the accounts library asks of us: whose an account is, how guessing is slowed, passkeys."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from credentialing import relations
from credentialing.people.models import Person, User
from credentialing.people.operations import follow_account, join_account
from credentialing.records import letters
from credentialing.records.society import current as society_now
from credentialing.records.society import sender

# Failed sign-ins. A browser that has signed in to an account before has a count of its own, so
# that strangers who guess, from however many networks, never shut the owner out.
A_NETWORK = "30/10m/ip"
TO_AN_ACCOUNT = "10/10m/key"
BROWSER = "known"
BROWSER_LASTS = 180 * 24 * 60 * 60
SALT = "credentialing.accounts.browser"
# What the library tells of, by the name of its message: the owner gets a letter of it.
CHANGES = {
    "account/email/email_changed": _("Your account goes by another e-mail address now."),
    "account/email/email_deleted": _("An e-mail address was taken off your account."),
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_reset": _("A code was used to choose a new password."),
    "account/email/password_set": _("Your account has a password now."),
    "mfa/email/recovery_codes_generated": _("Your account has new recovery codes."),
    "mfa/email/totp_activated": _("An authenticator app was added to your account."),
    "mfa/email/totp_deactivated": _("The authenticator app was taken off your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was taken off your account."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Joins an account to its person once its address is confirmed; slows guessing down."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many tries with a wrong password. Wait ten minutes, or have a code sent to choose "
            "a new one."
        ),
        "email_of_another": _(
            "This address can't be taken here. If it is yours, ask the office: it may stand in a "
            "second record of yours."
        ),
    }

    def get_from_email(self) -> str:
        return sender()

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            person = join_account(email_address.user)
            follow_account(person, email_address.email)
            relations.sync(person)
        return confirmed

    def clean_email(self, email: str) -> str:
        """Whoever is signed in takes no address that stands with another person on record."""
        email = super().clean_email(email)
        user = self.request.user
        if user.is_authenticated and user.person:
            others = Person.objects.filter(email__iexact=email, merged_into__isnull=True)
            if others.exclude(pk=user.person_id).exists():
                raise self.validation_error("email_of_another")
        return email

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Write to the owner what was changed about an account; to the address that it had."""
        if user.person:
            letters.write(
                "sign-in-changed",
                user.person,
                occasion=f"{template_prefix} {timezone.now().isoformat()}",
                subject=_("How you sign in has changed"),
                text=letters.words(
                    _(
                        "%(change)s If this was not you, tell the office at once and choose a new "
                        "password."
                    )
                )
                % {"change": CHANGES[template_prefix]},
                link=reverse("account_change_password"),
                address=email or "",
            )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._login_failed_rl_usage = ratelimit.consume(
            request, **_guesses(request, str(credentials.get("email", "")))
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Whoever has just chosen a new password by a code is no guesser."""
        ratelimit.clear(request, **_guesses(request, str(credentials.get("email", ""))))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        answer = super().post_login(request, user, **kwargs)
        answer.set_cookie(
            BROWSER,
            _mark(user.email),
            max_age=BROWSER_LASTS,
            path=reverse("account_login"),
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer


def _mark(address: str) -> str:
    """What a browser keeps that has signed in with an address; the address itself it is not."""
    return salted_hmac(SALT, address.strip().casefold()).hexdigest()


def _guesses(request: HttpRequest, address: str) -> dict[str, Any]:
    """What counts the failed sign-ins of this browser at this account."""
    mark = _mark(address)
    known = constant_time_compare(request.COOKIES.get(BROWSER, ""), mark)
    return {
        "app": "credentialing",
        "action": "login_failed",
        "key": f"{'known' if known else 'strange'}:{mark}",
        "config": {"login_failed": TO_AN_ACCOUNT if known else f"{A_NETWORK},{TO_AN_ACCOUNT}"},
    }


class SecondFactorAdapter(DefaultMFAAdapter):
    """A passkey belongs to the site as it is configured, whatever the request calls it."""

    def get_totp_issuer(self) -> str:
        return society_now().short_name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
        return {"id": host, "name": society_now().name}
