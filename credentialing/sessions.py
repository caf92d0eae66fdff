"""Sessions in the database that know when they began and when they were last seen.

The day of expiry is written with every save, so that the time of the last save costs no query and
no field; a session is saved anew only where somebody's idleness matters (see `sitting`).
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db

BEGAN = "began"


class SessionStore(db.SessionStore):
    """A session; it begins with the sign-in."""

    seen: float | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return db.SessionStore.get_model_class()

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()
        if row is not None:
            self.seen = row.expire_date.timestamp() - settings.SESSION_COOKIE_AGE
        return row

    def cycle_key(self) -> None:
        self.pop(BEGAN, None)
        super().cycle_key()

    def save(self, must_create: bool = False) -> None:
        self.setdefault(BEGAN, time.time())
        super().save(must_create=must_create)
