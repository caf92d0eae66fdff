"""How what a leader of Balint groups does is described, wherever somebody writes about it.

Which competencies are asked about is for each instrument to say.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Competency:
    """One thing that a leader of Balint groups is seen to do, or not yet."""

    key: str
    label: str | Promise
    means: str | Promise


# How it was seen; each instrument adds in its own words that it was not.
SEEN = (
    ("strength", _("a strength")),
    ("sound", _("sound")),
    ("growing", _("still growing")),
    ("concern", _("a concern")),
)
