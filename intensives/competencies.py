"""What the joint assessment asks: the project's own instrument, not the Society's text.

A society changes the list here. What was presented keeps the words under which it was written.
"""

from django.utils.translation import gettext_lazy as _

from applicants.competencies import SEEN, Competency

INSTRUMENT = "project-1"  # a changed list is a new name

COMPETENCIES = (
    Competency(
        key="frame",
        label=_("Holds the frame"),
        means=_("Opens and closes the session, keeps time, place and confidentiality."),
    ),
    Competency(
        key="safety",
        label=_("Makes the group safe"),
        means=_("Protects the presenter and the members from interrogation and from advice."),
    ),
    Competency(
        key="focus",
        label=_("Keeps to the relationship"),
        means=_("Brings the group back to what happens between clinician and patient."),
    ),
    Competency(
        key="empathy",
        label=_("Opens both sides"),
        means=_("Lets the group imagine the patient's experience and the clinician's."),
    ),
    Competency(
        key="process",
        label=_("Reads the process"),
        means=_("Notices what the group does with the case, and uses it."),
    ),
    Competency(
        key="intervention",
        label=_("Intervenes with measure"),
        means=_("Speaks when it helps, tolerates silence and uncertainty, does not teach."),
    ),
    Competency(
        key="co-leading",
        label=_("Works with the co-leader"),
        means=_("Shares the leading, and reviews the session openly afterwards."),
    ),
    Competency(
        key="reflection",
        label=_("Reflects on own leading"),
        means=_("Sees their own part in the session and takes up what others say of it."),
    ),
)

RATINGS = (*SEEN, ("not-seen", _("not seen at this intensive")))

TEXTS = (
    ("narrative", _("Narrative")),
    ("strengths", _("Strengths")),
    ("needs", _("Areas of need")),
)
