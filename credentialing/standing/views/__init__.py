"""Pages that show where somebody stands: the front door, and those who supervise."""

from credentialing.standing.views.home import (
    calendar,
    calendar_feed,
    calendar_file,
    capacity,
    end_feed,
    end_tour,
    home,
    how_this_works,
    renew_feed,
    what_if,
)
from credentialing.standing.views.supervisor import (
    applicants,
    confirm_sessions,
    follow,
    supervised,
)

__all__ = [
    "applicants",
    "calendar",
    "calendar_feed",
    "calendar_file",
    "capacity",
    "confirm_sessions",
    "end_feed",
    "end_tour",
    "follow",
    "home",
    "how_this_works",
    "renew_feed",
    "supervised",
    "what_if",
]
