"""One session: logged or corrected by the applicant, remembered by the supervisor."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.records.forms import OnceForm
from supervision import queries
from supervision.forms.fields import day_field, minutes_field, not_ahead
from supervision.models import Session, Supervision
from supervision.operations import Remembered


class SessionForm(OnceForm):
    """One session. What is unusual about it is asked; a tick says that it is right."""

    date = day_field(_("Day"))
    minutes = minutes_field()
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


class ForgottenForm(OnceForm):
    """A session that the supervisor remembers and the applicant has not logged."""

    date = day_field(_("Day on which you met"))
    minutes = minutes_field(initial=60)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_date(self) -> Any:
        return not_ahead(self.cleaned_data["date"], self.today)

    def what(self) -> Remembered:
        """The session as typed."""
        return Remembered(date=self.cleaned_data["date"], minutes=self.cleaned_data["minutes"])
