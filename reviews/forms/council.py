"""What the Council's pages, the office's and the public's ask."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Stage
from credentialing.people.models import CredentialStatus, Person
from reviews.forms.committee import EARLIEST, Once, day_field, text_field
from reviews.models import Choice, Dossier

MOST_VOTES = 500
LARGEST_PAPER = 80_000_000
MINUTE = "%Y-%m-%dT%H:%M"


class OpenBallot(Once):
    """When the ballot closes."""

    closes_at = forms.DateTimeField(
        label=gettext_lazy("Voting ends"),
        input_formats=[MINUTE, f"{MINUTE}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        error_messages={"invalid": gettext_lazy("Give a day and a time of the day.")},
    )

    def __init__(self, *args: Any, days: int, zone: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_at"].help_text = _(
            "At least %(days)d days from now, in the Society's time (%(zone)s)."
        ) % {"days": days, "zone": zone.tzname()}


class Vote(Once):
    """For, against or abstain, and a remark for those who have something to say."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Your vote"),
        choices=Choice.choices,
        widget=forms.RadioSelect(attrs={"class": "equal"}),
        error_messages={"required": gettext_lazy("Choose for, against or abstain.")},
    )
    remark = text_field(gettext_lazy("Remark"), rows=3, required=False)

    def __init__(self, *args: Any, publish: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].help_text = (
            _("Once the ballot is closed the Council reads it beside your vote.")
            if publish == "names"
            else _("It is kept with your vote, and nobody is shown it.")
        )


class Recuse(Once):
    """Why a member leaves a case to the others."""

    reason = text_field(
        gettext_lazy("Reason"),
        rows=3,
        help_text=gettext_lazy("The Council and the office read it."),
    )


class MeetingVote(Once):
    """What came of a vote in a meeting."""

    held_on = day_field(gettext_lazy("Day of the meeting"))
    present = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Members present"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without those who are recused."),
        error_messages={"required": gettext_lazy("Name who was present.")},
    )
    votes_for = forms.IntegerField(label=gettext_lazy("For"), min_value=0, max_value=MOST_VOTES)
    votes_against = forms.IntegerField(
        label=gettext_lazy("Against"), min_value=0, max_value=MOST_VOTES
    )
    abstained = forms.IntegerField(
        label=gettext_lazy("Abstained"), min_value=0, max_value=MOST_VOTES, initial=0
    )
    minutes = text_field(
        gettext_lazy("What the minutes say"),
        help_text=gettext_lazy("The passage on this case, word for word."),
    )

    def __init__(self, *args: Any, members: Iterable[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["present"].choices = [(person.pk, person.name) for person in members]

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if not EARLIEST <= day <= self.today:
            raise forms.ValidationError(_("Give a day that has come: today or earlier."))
        return day


class SecondOfficer(Once):
    """A second officer's answer."""

    answer = forms.ChoiceField(
        choices=[("confirm", gettext_lazy("Confirm")), ("refuse", gettext_lazy("Refuse"))]
    )


class IssueDossier(Once):
    """Whose edition is issued."""

    edition = forms.ChoiceField(choices=Dossier.Edition.choices)


class ExportDossiers(Once):
    """Whose edition, and which cases; the filter comes along."""

    edition = forms.ChoiceField(
        label=gettext_lazy("Edition"),
        choices=[
            (Dossier.Edition.APPLICANT, gettext_lazy("The applicant's")),
            (Dossier.Edition.COMMITTEE, gettext_lazy("The Committee's")),
            (Dossier.Edition.COUNCIL, gettext_lazy("The Council's")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whose edition you want to export.")},
    )
    stage = forms.ChoiceField(
        required=False, choices=[("", ""), *Stage.choices], widget=forms.HiddenInput
    )
    name = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)


class OfficeFilter(forms.Form):
    """Cases by stage and by name or reference."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        required=False,
        choices=[("", gettext_lazy("all")), *Stage.choices],
    )
    name = forms.CharField(label=gettext_lazy("Name or reference"), required=False, max_length=100)


class Lookup(forms.Form):
    """A credentialed leader by name."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)


class Number(forms.Form):
    """A credential by its number."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=40,
        help_text=gettext_lazy("As it stands on the certificate."),
    )


class MakeAppeal(Once):
    """What the Committee should look at again."""

    text = text_field(
        gettext_lazy("What should the Committee look at again?"),
        help_text=gettext_lazy("The Chair reads it and answers. You can appeal once."),
    )


class AnswerAppeal(Once):
    """The Chair's answer."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[
            ("again", gettext_lazy("Bring the case again: it returns to review")),
            ("no", gettext_lazy("The decision stands")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )
    reason = text_field(gettext_lazy("Reason"), help_text=gettext_lazy("The applicant reads it."))


class PaperToVerify(forms.Form):
    """A certificate or a dossier, as a file."""

    paper = forms.FileField(
        label=gettext_lazy("Certificate or dossier"),
        help_text=gettext_lazy("The PDF as it was downloaded, at most 80 MB. It is not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose the PDF."),
        },
    )

    def clean_paper(self) -> bytes:
        paper = self.cleaned_data["paper"]
        if paper.size > LARGEST_PAPER:
            raise forms.ValidationError(
                _("This file is too large to be a paper of the Society. Choose another.")
            )
        content: bytes = paper.read()
        if not content.startswith(b"%PDF-"):
            raise forms.ValidationError(_("This is no PDF. Choose the file that was downloaded."))
        return content


class Listing(forms.Form):
    """Whether one's name stands in the public register."""

    listed = forms.BooleanField(
        label=gettext_lazy("List me in the public register"), required=False
    )


class CredentialStatusForm(Once):
    """What the Council decided on a credential."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=CredentialStatus.Status.choices,
        widget=forms.RadioSelect,
    )
    since = day_field(
        gettext_lazy("From"),
        help_text=gettext_lazy("The day from which it holds; also one that is to come."),
    )
    reason = text_field(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the record. The public page shows the status and its day."),
    )
