"""What the pages of supervision ask. Bad input is an error at its field; what was typed stays."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applicants.models import BalintGroup
from credentialing.people.models import Person
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key
from supervision import queries
from supervision.models import Approval, Report, Session, Supervision

LONGEST_REASON = 2_000
LONGEST_REPORT = 100_000
LONGEST_SESSION = 600
FIRST_DAY = date(1950, 1, 1)  # before the Society; an earlier day is a slip of the keyboard


class ActForm(forms.Form):
    """A form for one act; a refusal of the act is shown at the form."""

    submission = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=new_key
    )

    def does(self, act: Callable[[], Any]) -> bool:
        """Do the act and say whether it happened; why not stands at the form."""
        try:
            self.answer = act()
        except Refused as refused:
            known = refused.field if refused.field in self.fields else None
            self.add_error(known, refused.message)
            return False
        return True


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day, between the first that makes sense and the end of the calendar."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY, _("This is too long ago; check the year."))],
        **more,
    )


def reason_field(label: str, **more: Any) -> forms.CharField:
    """A reason in a few lines."""
    return forms.CharField(
        label=label, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


class ReasonForm(ActForm):
    """Why."""

    reason = reason_field(_("Reason"))

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class AskSupervisorForm(ActForm):
    """Which approved supervisor with a free place, and for which group."""

    supervisor = forms.ChoiceField(label=_("Supervisor"), widget=forms.RadioSelect)
    group = forms.ModelChoiceField(
        label=_("For which group"),
        queryset=BalintGroup.objects.none(),
        required=False,
        empty_label=_("All my groups"),
    )

    def __init__(
        self, *args: Any, applicant: Person, approvals: Iterable[Approval], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {
            str(approval.supervisor_id): approval.supervisor
            for approval in approvals
            if approval.free and approval.supervisor_id != applicant.pk
        }
        self.fields["supervisor"].choices = [(key, one.name) for key, one in self.people.items()]
        groups = BalintGroup.objects.filter(applicant=applicant).order_by("name", "pk")
        self.fields["group"].queryset = groups

    def clean_supervisor(self) -> Person:
        return self.people[self.cleaned_data["supervisor"]]


class SessionForm(ActForm):
    """One session. What is unusual about it is asked; a tick says that it is right."""

    date = day_field(_("Day"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=LONGEST_SESSION,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    state = forms.ChoiceField(
        label=_("What became of it"), choices=Session.State.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        supervision: Supervision,
        today: date,
        session: Session | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "initial",
            {"date": session.date, "minutes": session.minutes, "state": session.state}
            if session
            else {"date": today, "minutes": 60, "state": Session.State.HELD},
        )
        super().__init__(*args, **kwargs)
        self.supervision, self.session = supervision, session
        self.latest = today + timedelta(days=3 * 366)

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if day > self.latest:
            raise forms.ValidationError(_("This is too far ahead; check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        doubts = queries.doubts(self.supervision, day=cleaned["date"], besides=self.session)
        if doubts:
            self.fields["sure"] = forms.BooleanField(label=_("It is right as it stands"))
            if not self.data.get(self.add_prefix("sure")):
                self.add_error("sure", " ".join(doubts))
        return cleaned

    def what(self) -> dict[str, Any]:
        """The session as typed."""
        return {name: self.cleaned_data[name] for name in ("date", "minutes", "state")}


class AskSessionsForm(ActForm):
    """Which sessions the supervisor is asked about; all that can be, unless taken off."""

    sessions = forms.MultipleChoiceField(
        label=_("Sessions to be confirmed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one session.")},
    )

    def __init__(self, *args: Any, sessions: Iterable[Session], **kwargs: Any) -> None:
        self.sessions = {str(session.pk): session for session in sessions}
        kwargs.setdefault("initial", {"sessions": list(self.sessions)})
        super().__init__(*args, **kwargs)
        self.fields["sessions"].choices = [
            (key, queries.in_words(session)) for key, session in self.sessions.items()
        ]

    def clean_sessions(self) -> list[Session]:
        return [self.sessions[key] for key in self.cleaned_data["sessions"]]


class ConfirmForm(ActForm):
    """The sessions that a supervisor confirms, each named with what it was when it was shown."""

    sessions = forms.MultipleChoiceField(
        label=_("Sessions to confirm"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one session."),
            "invalid_choice": _(
                "A session was changed or confirmed since you opened this page. The page now shows"
                " them as they are."
            ),
        },
    )

    def __init__(self, *args: Any, sessions: Iterable[Session], **kwargs: Any) -> None:
        self.sessions = {
            f"{session.pk}-{queries.digest(session)[:16]}": session for session in sessions
        }
        kwargs.setdefault("initial", {"sessions": list(self.sessions)})
        super().__init__(*args, **kwargs)
        self.fields["sessions"].choices = [
            (key, queries.in_words(session)) for key, session in self.sessions.items()
        ]

    def clean_sessions(self) -> list[Session]:
        return [self.sessions[key] for key in self.cleaned_data["sessions"]]


class RequestForm(ActForm):
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


class ReportForm(ActForm):
    """The text of a report, kept as a draft or released to the applicant."""

    text = forms.CharField(
        label=_("Report"),
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("No patient’s name, no case content."),
    )
    release = forms.BooleanField(
        label=_("Release it: the applicant and the Committee read it, and it stands"),
        required=False,
    )

    def __init__(self, *args: Any, report: Report | None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"text": report.text if report else ""})
        super().__init__(*args, **kwargs)


class AnswerForm(ActForm):
    """An attestor's answer: yes, or no with a reason, under the name and role as given."""

    given = forms.ChoiceField(
        label=_("Is this so?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, I confirm it")), ("no", _("No, or not as it stands"))],
    )
    reason = reason_field(_("What is not right"), required=False)
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    role = forms.CharField(
        label=_("In which role"),
        max_length=200,
        help_text=_("For example: co-leader of the group."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("given") == "no" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say what is not right; the applicant reads it."))
        return cleaned


class SessionsAnswerForm(ActForm):
    """All sessions ticked; each can be taken off with a reason or a correction."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    role = forms.CharField(label=_("In which role"), max_length=200)

    def __init__(self, *args: Any, sessions: Iterable[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = list(sessions)
        for session in self.sessions:
            self.fields[f"tick-{session.pk}"] = forms.BooleanField(
                label=queries.in_words(session), required=False, initial=True
            )
            self.fields[f"reason-{session.pk}"] = forms.CharField(
                label=_("What is not right with %(day)s") % {"day": date_format(session.date)},
                max_length=500,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for session in self.sessions:
            ticked = cleaned.get(f"tick-{session.pk}")
            reason = (cleaned.get(f"reason-{session.pk}") or "").strip()
            if f"reason-{session.pk}" in self.errors:
                continue
            if not ticked and not reason:
                self.add_error(
                    f"reason-{session.pk}",
                    _("Say what is not right, or what would be right; or tick it again."),
                )
            if ticked and reason:
                self.add_error(
                    f"reason-{session.pk}",
                    _("You ticked this session and said what is not right. Leave one of the two."),
                )
        return cleaned

    def rows(self) -> Iterator[tuple[Session, BoundField, BoundField]]:
        """Each session with its tick and its reason, for the page."""
        for session in self.sessions:
            yield session, self[f"tick-{session.pk}"], self[f"reason-{session.pk}"]

    def ticked(self) -> set[int]:
        """The keys of the sessions that are confirmed."""
        return {one.pk for one in self.sessions if self.cleaned_data[f"tick-{one.pk}"]}

    def reasons(self) -> dict[int, str]:
        """Why the others are not, by key."""
        return {one.pk: self.cleaned_data[f"reason-{one.pk}"] for one in self.sessions}


class ApprovalForm(ActForm):
    """From when to when somebody is approved, and for how many applicants at the same time."""

    start = day_field(_("Approved from"))
    end = day_field(_("Until"), required=False, help_text=_("Empty: without an end."))
    places = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=50,
        initial=3,
        help_text=_("Applicants at the same time."),
    )
    reason = reason_field(_("Ground for the approval"), required=False)


class EndApprovalForm(ActForm):
    """The last day of an approval, and why."""

    on = day_field(_("Last day"))
    reason = reason_field(_("Reason"))
