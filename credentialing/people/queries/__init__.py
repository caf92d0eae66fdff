"""Questions about persons, their roles, what they are to each other, and who may be whom."""

from credentialing.people.queries.matches import Match, alike, mailbox, possible_matches
from credentialing.people.queries.persons import (
    BARRING,
    RECUSING,
    by_address,
    directory,
    holders,
    related,
    relations_shown,
    relations_to,
    resembling,
    roles_of,
)

__all__ = [
    "BARRING",
    "RECUSING",
    "Match",
    "alike",
    "by_address",
    "directory",
    "holders",
    "mailbox",
    "possible_matches",
    "related",
    "relations_shown",
    "relations_to",
    "resembling",
    "roles_of",
]
