"""Questions about persons, their roles, what they are to each other, and who may be whom."""

from credentialing.people.queries.matches import (
    Match,
    Register,
    alike,
    mailbox,
    possible_matches,
    register,
)
from credentialing.people.queries.persons import (
    BARRING,
    RECUSING,
    absence,
    by_address,
    directory,
    holders,
    relations_shown,
    resembling,
    roles_of,
)
from credentialing.people.queries.ties import (
    TELLERS,
    Due,
    Tie,
    Told,
    between,
    declarations_of,
    declared_of,
    ties,
)

__all__ = [
    "BARRING",
    "RECUSING",
    "TELLERS",
    "Due",
    "Match",
    "Register",
    "Tie",
    "Told",
    "absence",
    "alike",
    "between",
    "by_address",
    "declarations_of",
    "declared_of",
    "directory",
    "holders",
    "mailbox",
    "possible_matches",
    "register",
    "relations_shown",
    "resembling",
    "roles_of",
    "ties",
]
