"""What can happen to a case in review: the Committee's acts, further work, ballots, decisions."""

from reviews.operations.review import (
    back_to_review,
    bring_again,
    close,
    open_review,
    recommend,
    remark,
    send_back,
    take_back,
    take_snapshot,
)
from reviews.operations.timeline import (
    ask_further_work,
    complete_activity,
    consent,
    propose_timeline,
)

__all__ = [
    "ask_further_work",
    "back_to_review",
    "bring_again",
    "close",
    "complete_activity",
    "consent",
    "open_review",
    "propose_timeline",
    "recommend",
    "remark",
    "send_back",
    "take_back",
    "take_snapshot",
]
