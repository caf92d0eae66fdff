"""The Committee's review and the Council's vote."""

from reviews.models.committee import (
    Activity,
    Consent,
    Recommendation,
    Remark,
    TakenBack,
    Timeline,
    TimelineVersion,
)
from reviews.models.council import (
    Ballot,
    CastVote,
    Certificate,
    Choice,
    Decision,
    Dossier,
    Elector,
    MeetingVote,
    Vote,
)

__all__ = [
    "Activity",
    "Ballot",
    "CastVote",
    "Certificate",
    "Choice",
    "Consent",
    "Decision",
    "Dossier",
    "Elector",
    "MeetingVote",
    "Recommendation",
    "Remark",
    "TakenBack",
    "Timeline",
    "TimelineVersion",
    "Vote",
]
