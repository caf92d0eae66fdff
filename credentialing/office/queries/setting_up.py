"""What a society needs before its first case, and how much of it there is."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import Application, Membership
from credentialing.people.models import Credential, Person, Role
from supervision.models import Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, where it is done, whether it is, and whether a society can do without."""

    label: str
    hint: str
    url: str
    done: bool
    optional: bool = False

    @property
    def task(self) -> dict[str, Any]:
        """The step as the list of tasks shows it."""
        if self.done:
            state, word = "done", _("Done")
        elif self.optional:
            state, word = "idle", _("If you have it")
        else:
            state, word = "needs", _("To do")
        return {
            "label": self.label,
            "hint": self.hint,
            "url": self.url,
            "state": state,
            "word": word,
        }


def steps(day: date) -> list[Step]:
    """What is to do until the first application is accepted, in order."""
    seats: dict[str, int] = {}
    for kind in Role.objects.on(day).values_list("kind", flat=True):
        seats[kind] = seats.get(kind, 0) + 1
    people = reverse("people")
    administrators = seats.get(Role.Kind.ADMINISTRATOR, 0)
    council, committee = seats.get(Role.Kind.COUNCIL, 0), seats.get(Role.Kind.COMMITTEE, 0)
    submitted = Application.objects.filter(submitted_on__isnull=False)
    return [
        Step(
            label=_("A second administrator"),
            hint=_("Nobody changes their own roles, so two see to each other’s."),
            url=people,
            done=administrators > 1,
        ),
        Step(
            label=_("People"),
            hint=_("One by one, or from a list. Each is one record, with or without an account."),
            url=reverse("bring-list", args=["people"]),
            done=Person.objects.filter(merged_into__isnull=True).count() > administrators,
        ),
        Step(
            label=_("A Chair"),
            hint=_("Accepts applications and rules on them."),
            url=people,
            done=bool(seats.get(Role.Kind.CHAIR)),
        ),
        Step(
            label=_("A deputy"),
            hint=_("Stands in where the Chair is related to a case."),
            url=people,
            done=bool(seats.get(Role.Kind.DEPUTY)),
        ),
        Step(
            label=_("The Committee"),
            hint=ngettext("One member so far.", "%(n)s members so far.", committee)
            % {"n": committee},
            url=people,
            done=committee > 1,
        ),
        Step(
            label=_("The Council"),
            hint=ngettext("One member so far.", "%(n)s members so far.", council) % {"n": council},
            url=people,
            done=council > 2,
        ),
        Step(
            label=_("Credentialed leaders"),
            hint=_("Whoever was credentialed before, with their numbers."),
            url=reverse("bring-list", args=["leaders"]),
            done=Credential.objects.exists(),
            optional=True,
        ),
        Step(
            label=_("Supervisors"),
            hint=_("Applicants choose among those who are approved."),
            url=reverse("bring-list", args=["approvals"]),
            done=Approval.objects.exists(),
        ),
        Step(
            label=_("Memberships"),
            hint=_("From the member system; an application needs one."),
            url=reverse("bring-list", args=["memberships"]),
            done=Membership.objects.exists(),
        ),
        Step(
            label=_("Running cases"),
            hint=_("With the stage that they have reached and what their papers document."),
            url=reverse("bring-list", args=["cases"]),
            done=Application.objects.exists(),
            optional=True,
        ),
        Step(
            label=_("The first application"),
            hint=_("Applicants sign up, fill the form in and submit it; the Chair accepts it."),
            url=reverse("office-cases"),
            done=submitted.filter(accepted_on__isnull=False).exists(),
        ),
    ]


def next_step(day: date) -> Step | None:
    """What is to be done next; None once the society is at work."""
    return next((step for step in steps(day) if not step.done and not step.optional), None)
