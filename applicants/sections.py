"""The parts of the application form: a table, read by the pages, the check and the submission."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the form: the keys of its answers; of those needed, what is missing in words."""

    key: str
    title: str | Promise
    answers: tuple[str, ...]
    needed: tuple[tuple[str, str | Promise], ...] = ()


PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        Part(
            key="person",
            title=_("You and your profession"),
            answers=("name", "profession"),
            needed=(("name", _("your name")), ("profession", _("your profession"))),
        ),
        Part(
            key="practice",
            title=_("Where you practise"),
            answers=("institution", "place", "description"),
            needed=(
                ("institution", _("where you work")),
                ("description", _("what your practice is like")),
            ),
        ),
        Part(key="membership", title=_("Membership"), answers=("number",)),
        Part(key="groups", title=_("Groups and co-leaders"), answers=("alone",)),
        Part(
            key="experience",
            title=_("Balint experience"),
            answers=("description",),
            needed=(("description", _("your Balint experience")),),
        ),
        Part(
            key="training",
            title=_("Process group training"),
            answers=("description",),
            needed=(("description", _("your process group training, or that there is none")),),
        ),
        Part(
            key="co-leading",
            title=_("Co-leading experience"),
            answers=("description",),
            needed=(("description", _("your co-leading experience, or that there is none")),),
        ),
        Part(key="documents", title=_("Documents"), answers=()),
        Part(
            key="statement",
            title=_("Statement and consent"),
            answers=("statement", "consent"),
            needed=(("statement", _("your statement")), ("consent", _("your consent"))),
        ),
    )
}
