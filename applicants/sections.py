"""The parts of the application form: a table, read by the pages, the check and the submission."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the form: its answers with their names; of those needed, what is missing."""

    key: str
    title: str | Promise
    answers: dict[str, str | Promise]
    needed: tuple[tuple[str, str | Promise], ...] = ()


PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        Part(
            key="person",
            title=_("You and your profession"),
            answers={"name": _("Name"), "profession": _("Profession")},
            needed=(("name", _("your name")), ("profession", _("your profession"))),
        ),
        Part(
            key="practice",
            title=_("Where you practise"),
            answers={
                "institution": _("Place of work"),
                "place": _("Town"),
                "description": _("Practice"),
            },
            needed=(
                ("institution", _("where you work")),
                ("description", _("what your practice is like")),
            ),
        ),
        Part(
            key="membership",
            title=_("Membership"),
            answers={"number": _("Member number")},
        ),
        Part(
            key="groups",
            title=_("Groups and co-leaders"),
            answers={"alone": _("Why there is no group or no co-leader")},
        ),
        Part(
            key="experience",
            title=_("Balint experience"),
            answers={"description": _("Balint experience")},
            needed=(("description", _("your Balint experience")),),
        ),
        Part(
            key="training",
            title=_("Process group training"),
            answers={"description": _("Training in group process")},
            needed=(("description", _("your process group training, or that there is none")),),
        ),
        Part(
            key="co-leading",
            title=_("Co-leading experience"),
            answers={"description": _("Experience in co-leading")},
            needed=(("description", _("your co-leading experience, or that there is none")),),
        ),
        Part(key="documents", title=_("Documents"), answers={}),
        Part(
            key="statement",
            title=_("Statement and consent"),
            answers={"statement": _("Statement"), "consent": _("Consent")},
            needed=(("statement", _("your statement")), ("consent", _("your consent"))),
        ),
    )
}
