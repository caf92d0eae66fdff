"""Asking a supervisor, the answer, and what the directory says of one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applicants.models import BalintGroup
from credentialing.people.models import Person
from credentialing.records.forms import OnceForm
from supervision import queries
from supervision.forms.fields import reason_field
from supervision.models import Approval, Availability

LONGEST_WORD = 1_000


class AskSupervisorForm(OnceForm):
    """Which approved supervisor with a free place, and for which group."""

    supervisor = forms.ChoiceField(label=_("Supervisor"), widget=forms.RadioSelect)
    group = forms.ModelChoiceField(
        label=_("For which group"),
        queryset=BalintGroup.objects.none(),
        required=False,
        empty_label=_("All my groups"),
    )
    word = forms.CharField(
        label=_("A word to the supervisor"),
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who you are, which group you lead, when you could meet. No case content."),
    )

    def __init__(
        self, *args: Any, applicant: Person, approvals: Iterable[Approval], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {
            str(approval.supervisor_id): approval.supervisor
            for approval in approvals
            if approval.can_be_asked and approval.supervisor_id != applicant.pk
        }
        self.fields["supervisor"].choices = [
            (str(one.supervisor_id), _directory_line(one))
            for one in approvals
            if str(one.supervisor_id) in self.people
        ]
        groups = BalintGroup.objects.filter(applicant=applicant).order_by("name", "pk")
        self.fields["group"].queryset = groups

    def clean_supervisor(self) -> Person:
        return self.people[self.cleaned_data["supervisor"]]


class RequestForm(OnceForm):
    """A supervisor's answer to a request."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[("accept", _("I will supervise")), ("decline", _("I can’t"))],
    )
    reason = reason_field(
        _("Why not"), required=False, help_text=_("Only if you can’t. The applicant reads it.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == "decline" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give a reason; the applicant reads it."))
        return cleaned


def _directory_line(approval: Approval) -> str:
    """A supervisor as the applicant chooses them: name, places, until when, their own word."""
    places = ngettext("%(n)d place free", "%(n)d places free", approval.free) % {"n": approval.free}
    said = [approval.supervisor.name, places]
    if approval.end:
        said.append(_now("approved until %(day)s") % {"day": date_format(approval.end)})
    line = ", ".join(said)
    return f"{line}. {approval.note}" if approval.note else line


class AvailabilityForm(OnceForm):
    """What the directory says of a supervisor, in their own hands."""

    takes_requests = forms.BooleanField(label=_("Applicants can ask me"), required=False)
    places = forms.IntegerField(
        label=_("Places"),
        min_value=0,
        max_value=50,
        help_text=_("Applicants at the same time, within what your approval allows."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=_("A word for applicants"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: online on Thursday evenings, in English or Spanish."),
    )

    def __init__(
        self, *args: Any, approval: Approval, availability: Availability | None, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial",
            {
                "takes_requests": availability.takes_requests if availability else True,
                "places": queries.places_given(approval, availability),
                "note": availability.note if availability else "",
            },
        )
        super().__init__(*args, **kwargs)
