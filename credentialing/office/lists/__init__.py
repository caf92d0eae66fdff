"""The lists that the office brings in: what their columns mean and what their rows would do."""

from credentialing.office.lists.base import (
    PROBLEMS,
    WORDS,
    Column,
    Kind,
    Line,
    Problem,
    Reader,
    State,
)
from credentialing.office.lists.going_live import Approvals, Cases, Intensives, Leaders, People
from credentialing.office.lists.memberships import Memberships

# In the order in which a society that begins brings them in.
KINDS: dict[str, type[Kind]] = {
    kind.key: kind for kind in (People, Leaders, Approvals, Intensives, Memberships, Cases)
}

__all__ = ["KINDS", "PROBLEMS", "WORDS", "Column", "Kind", "Line", "Problem", "Reader", "State"]
