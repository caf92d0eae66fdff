"""Asking somebody to attest, and what they answer: through a link, signed in, on paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credentialing.people.models import Person
from credentialing.records.forms import OnceForm
from supervision import queries
from supervision.forms.fields import day_field, minutes_field, not_ahead, reason_field
from supervision.models import Session
from supervision.operations import Remembered, Verdict

# Sessions that the applicant has not logged, which one answer can add.
REMEMBERED = 3


class AddressForm(OnceForm):
    """Where the letter goes: known of somebody with an account, else to be looked at."""

    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The letter with the link goes there. It can’t be an address of your own."),
    )

    def __init__(self, *args: Any, attestor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_account = hasattr(attestor, "user")
        if self.has_account:
            del self.fields["address"]
        else:
            self.initial.setdefault("address", attestor.email)

    @property
    def to(self) -> str:
        """The address that was given; empty where the account's is used."""
        return "" if self.has_account else self.cleaned_data["address"]


class AskSessionsForm(AddressForm):
    """Which sessions the supervisor is asked about; all that can be, unless taken off."""

    sessions = forms.MultipleChoiceField(
        label=_("Sessions to be confirmed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one session.")},
    )

    field_order = ("sessions", "address")

    def __init__(self, *args: Any, sessions: Iterable[Session], **kwargs: Any) -> None:
        self.sessions = {str(session.pk): session for session in sessions}
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sessions", list(self.sessions))
        self.fields["sessions"].choices = [
            (key, queries.in_words(session)) for key, session in self.sessions.items()
        ]

    def clean_sessions(self) -> list[Session]:
        return [self.sessions[key] for key in self.cleaned_data["sessions"]]


class AnswerForm(OnceForm):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """A session with its fields, for the page."""

    session: Session
    tick: BoundField
    shown: BoundField
    date: BoundField
    minutes: BoundField
    reason: BoundField

    @property
    def is_open(self) -> bool:
        """Something was said beside the tick, or something is wrong with it."""
        fields = (self.date, self.minutes, self.reason)
        typed = self.reason.value() or any(
            str(field.value() or "") != str(field.initial or "") for field in fields[:2]
        )
        return bool(typed or any(field.errors for field in fields))


class VerdictsForm(OnceForm):
    """All sessions ticked; each can be corrected, or taken off with a reason.

    `everything`: each has to be answered. Otherwise what has no tick and no reason stays open.
    """

    def __init__(
        self,
        *args: Any,
        sessions: Iterable[Session],
        today: date,
        everything: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = list(sessions)
        self.today, self.everything = today, everything
        for session in self.sessions:
            day = {"day": date_format(session.date)}
            self.fields |= {
                f"tick-{session.pk}": forms.BooleanField(
                    label=queries.in_words(session), required=False, initial=True
                ),
                f"shown-{session.pk}": forms.CharField(
                    required=False,
                    max_length=64,
                    widget=forms.HiddenInput,
                    initial=queries.digest(session),
                ),
                f"date-{session.pk}": day_field(
                    _("It was on"), required=False, initial=session.date
                ),
                f"minutes-{session.pk}": minutes_field(initial=session.minutes),
                f"reason-{session.pk}": forms.CharField(
                    label=_("What is not right with %(day)s") % day,
                    max_length=500,
                    required=False,
                    help_text=_("Take the tick off; the applicant reads it."),
                ),
            }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for session in self.sessions:
            if not any(
                f"{name}-{session.pk}" in self.errors for name in ("date", "minutes", "reason")
            ):
                self._check(session)
        if not self.errors and not self.verdicts():
            self.add_error(None, _("Tick at least one session."))
        return cleaned

    def _check(self, session: Session) -> None:
        ticked = self._said("tick", session)
        reason = (self._said("reason", session) or "").strip()
        if not ticked and not reason:
            if self.everything:
                self.add_error(
                    f"reason-{session.pk}",
                    _("Say what is not right, or what would be right; or tick it again."),
                )
            return
        if self._said("shown", session) != queries.digest(session):
            self.add_error(
                None,
                _(
                    "The session of %(day)s was changed since you opened this page. It now shows"
                    " the session as it is; look at it again."
                )
                % {"day": date_format(session.date)},
            )
            return
        if not ticked:
            return
        day = self._said("date", session)
        if day and day > self.today:
            self.add_error(f"date-{session.pk}", _("This day lies ahead."))
        if day is None:
            self.add_error(f"date-{session.pk}", _("Enter the day, or take the tick off."))
        if reason and not self._is_corrected(session):
            self.add_error(
                f"reason-{session.pk}",
                _("You ticked this session and said what is not right. Leave one of the two."),
            )

    def _said(self, name: str, session: Session) -> Any:
        return self.cleaned_data.get(f"{name}-{session.pk}")

    def _is_corrected(self, session: Session) -> bool:
        return (self._said("date", session), self._said("minutes", session)) != (
            session.date,
            session.minutes,
        )

    def rows(self) -> Iterator[VerdictRow]:
        """Each session with its fields, for the page."""
        for session in self.sessions:
            yield VerdictRow(
                session=session,
                **{
                    name: self[f"{name}-{session.pk}"]
                    for name in ("tick", "shown", "date", "minutes", "reason")
                },
            )

    def verdicts(self) -> list[Verdict]:
        """What was said of each session; what has no tick and no reason is left out."""
        return [
            Verdict(
                session=session.pk,
                digest=self._said("shown", session) or "",
                given=ticked,
                reason=reason,
                day=self._said("date", session) if ticked and self._is_corrected(session) else None,
                minutes=self._said("minutes", session),
            )
            for session in self.sessions
            for ticked in [bool(self._said("tick", session))]
            for reason in [(self._said("reason", session) or "").strip()]
            if ticked or reason
        ]


class SessionsAnswerForm(VerdictsForm):
    """The answer through a link: every session, those forgotten, name and role."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    role = forms.CharField(label=_("In which role"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, everything=True, **kwargs)
        for place in range(REMEMBERED):
            self.fields[f"forgotten-{place}"] = day_field(_("We also met on"), required=False)
            self.fields[f"forgotten-minutes-{place}"] = minutes_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        days = set()
        for place in range(REMEMBERED):
            day = cleaned.get(f"forgotten-{place}")
            if day is None:
                if cleaned.get(f"forgotten-minutes-{place}") and not self.errors:
                    self.add_error(f"forgotten-{place}", _("Enter the day."))
            elif day > self.today:
                self.add_error(f"forgotten-{place}", _("This day lies ahead."))
            elif day in days or day in {session.date for session in self.sessions}:
                self.add_error(f"forgotten-{place}", _("This day stands here already."))
            else:
                days.add(day)
        return cleaned

    def blanks(self) -> list[tuple[BoundField, BoundField]]:
        """The fields of sessions that were forgotten."""
        return [
            (self[f"forgotten-{place}"], self[f"forgotten-minutes-{place}"])
            for place in range(REMEMBERED)
        ]

    @property
    def remembers(self) -> bool:
        """Something was typed there."""
        return any(day.value() or day.errors for day, _minutes in self.blanks())

    def remembered(self) -> list[Remembered]:
        """The sessions that the applicant has not logged."""
        return [
            Remembered(date=day, minutes=self.cleaned_data.get(f"forgotten-minutes-{place}"))
            for place in range(REMEMBERED)
            if (day := self.cleaned_data.get(f"forgotten-{place}"))
        ]


class PaperForm(OnceForm):
    """What was attested on paper: by whom, when, and the scan."""

    name = forms.CharField(label=_("Name as it is signed"), max_length=200)
    role = forms.CharField(label=_("In which role"), max_length=200)
    signed_on = day_field(_("Signed on"))
    file = forms.FileField(
        label=_("Scan"),
        help_text=_("PDF, PNG, JPEG or DOCX, up to 20 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,application/pdf,image/png,image/jpeg"}
        ),
    )

    def __init__(
        self, *args: Any, today: date, sessions: Iterable[Session] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.sessions = {str(session.pk): session for session in sessions}
        if self.sessions:
            self.fields["sessions"] = forms.MultipleChoiceField(
                label=_("Sessions that the paper names"),
                widget=forms.CheckboxSelectMultiple,
                choices=[(key, queries.in_words(one)) for key, one in self.sessions.items()],
                error_messages={"required": _("Choose at least one session.")},
            )
            self.order_fields(["sessions"])

    def clean_signed_on(self) -> date | None:
        return not_ahead(self.cleaned_data["signed_on"], self.today)

    def what(self) -> dict[str, Any]:
        """The signature and the scan as entered."""
        return {name: self.cleaned_data[name] for name in ("name", "role", "signed_on", "file")}

    def chosen(self) -> list[Session]:
        """The sessions that the paper names."""
        return [self.sessions[key] for key in self.cleaned_data["sessions"]]
