"""What a supervision report asks: the project's own instrument, not the Society's text.

It unites what the published competencies of the field speak of, in the project's words. A society
changes the list here; a released report keeps the words under which it was written.
"""

from django.utils.translation import gettext_lazy as _

from applicants.competencies import SEEN, Competency

INSTRUMENT = "project-supervision-1"  # a changed list is a new name

COMPETENCIES = (
    Competency(
        key="frame",
        label=_("Holds the frame"),
        means=_("Opens and closes, keeps time, place and confidentiality; a case is presented."),
    ),
    Competency(
        key="safety",
        label=_("Makes the group safe"),
        means=_("Protects the presenter and the members from interrogation, blame and advice."),
    ),
    Competency(
        key="relationship",
        label=_("Keeps to the relationship"),
        means=_("Brings the work back to what happens between clinician and patient."),
    ),
    Competency(
        key="both-sides",
        label=_("Opens both sides"),
        means=_("Lets the group imagine the patient's experience and the clinician's."),
    ),
    Competency(
        key="affect",
        label=_("Works with feelings"),
        means=_("Notices feelings in the case, in the group and in themselves, and uses them."),
    ),
    Competency(
        key="process",
        label=_("Reads the group's process"),
        means=_("Sees what the group does with the case: parallels, silence, avoidance, splits."),
    ),
    Competency(
        key="intervention",
        label=_("Intervenes with measure"),
        means=_("Speaks when it helps, bears silence and uncertainty, does not teach."),
    ),
    Competency(
        key="difference",
        label=_("Attends to difference"),
        means=_("Takes up culture, power and diversity in the case and in the room."),
    ),
    Competency(
        key="development",
        label=_("Cares for the group over time"),
        means=_("Builds the group, welcomes and parts from members, notices its stages."),
    ),
    Competency(
        key="co-leading",
        label=_("Works with the co-leader"),
        means=_("Shares the leading, settles roles, and reviews the session openly afterwards."),
    ),
    Competency(
        key="supervision",
        label=_("Uses supervision"),
        means=_("Brings what is hard, takes up what is said, and tries it in the group."),
    ),
    Competency(
        key="reflection",
        label=_("Reflects on own leading"),
        means=_("Sees their own part in a session, with its blind spots and its strengths."),
    ),
    Competency(
        key="ethics",
        label=_("Acts with integrity"),
        means=_("Keeps boundaries, consent and confidentiality; asks when in doubt."),
    ),
)

RATINGS = (*SEEN, ("not-seen", _("not seen this year")))
