"""The Committee's review and the Council's vote."""

from reviews.models.committee import (
    Activity,
    AgendaItem,
    Assignment,
    CommitteeMeeting,
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
    "AgendaItem",
    "Assignment",
    "Ballot",
    "CastVote",
    "Certificate",
    "Choice",
    "CommitteeMeeting",
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
