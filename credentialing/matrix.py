"""The access matrix: every route with its methods and who may take it.

The project's own routes carry their row (see `people.access.page`); those of libraries stand here.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from credentialing.people.access import Row, Who, row

ANYONE = row({Who.VISITOR}, "GET POST")
SIGNED_IN = row({Who.ACCOUNT}, "GET POST")
LIBRARIES: dict[str, Row] = {
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_signup": ANYONE,
    "account_inactive": ANYONE,
    "account_confirm_email": ANYONE,
    "account_email_verification_sent": ANYONE,
    "account_reset_password": ANYONE,
    "account_confirm_password_reset_code": ANYONE,
    "account_complete_password_reset": ANYONE,
    "account_password_reset_completed": ANYONE,
    "mfa_authenticate": ANYONE,
    "mfa_login_webauthn": ANYONE,
    "account_change_password": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}


def row_of(view: Any, name: str) -> Row | None:
    """The row of a route, or None: then it does not exist."""
    return getattr(view, "row", None) or LIBRARIES.get(name)


def routes() -> Iterator[tuple[str, str, Row | None]]:
    """Every route of the project: its path, its name and its row."""
    yield from _walk(get_resolver(), "/")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str, Row | None]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            name = entry.name or ""
            yield prefix + str(entry.pattern), name, row_of(entry.callback, name)
