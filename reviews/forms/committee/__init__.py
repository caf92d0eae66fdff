"""What the Committee's pages ask. Errors stand at the field; what was typed stays."""

from reviews.forms.committee.cases import (
    MOST_ACTIVITIES,
    Activities,
    Activity,
    Ask,
    ConfidentialReason,
    Done,
    Note,
    ProposeProcedure,
    Reason,
    Recommend,
    Remark,
)
from reviews.forms.committee.desk import AsOf, Assign, Between, CasesFilter, QueueFilter
from reviews.forms.committee.fields import EARLIEST, Once, day_field, show, text_field
from reviews.forms.committee.rulings import (
    Accept,
    Count,
    Equivalence,
    Revoke,
    RuleOnClaim,
    Set,
    Waive,
)

__all__ = [
    "EARLIEST",
    "MOST_ACTIVITIES",
    "Accept",
    "Activities",
    "Activity",
    "AsOf",
    "Ask",
    "Assign",
    "Between",
    "CasesFilter",
    "ConfidentialReason",
    "Count",
    "Done",
    "Equivalence",
    "Note",
    "Once",
    "ProposeProcedure",
    "QueueFilter",
    "Reason",
    "Recommend",
    "Remark",
    "Revoke",
    "RuleOnClaim",
    "Set",
    "Waive",
    "day_field",
    "show",
    "text_field",
]
