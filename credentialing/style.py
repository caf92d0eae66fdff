"""The style page: each component in each of its states, in development only."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from credentialing import style_samples


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Your name", help_text="As it should stand on the certificate.")
    email = forms.EmailField(label="E-mail address")
    phone = forms.CharField(label="Telephone", required=False)
    date = forms.DateField(
        label="Day of the meeting",
        help_text="Not in the future.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    profession = forms.ChoiceField(
        label="Profession",
        choices=[("", "Choose one"), ("physician", "Physician"), ("psychologist", "Psychologist")],
    )
    setting = forms.ChoiceField(
        label="Where the group meets",
        widget=forms.RadioSelect,
        choices=[("medical", "In a medical setting"), ("other", "Somewhere else")],
    )
    documents = forms.MultipleChoiceField(
        label="What you enclose",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("cv", "Curriculum vitae"), ("letter", "Letter of the co-leader")],
    )
    file = forms.FileField(label="Document", required=False, help_text="PDF, PNG, JPEG or DOCX.")
    statement = forms.CharField(
        label="Statement", widget=forms.Textarea, help_text="No patient’s name, no case content."
    )
    consent = forms.BooleanField(label="I agree that the Committee reads this application")


class SampleBallot(forms.Form):
    """Three equal choices."""

    choice = forms.ChoiceField(
        label="Shall Ann Example be credentialed?",
        widget=forms.RadioSelect(attrs={"class": "equal"}),
        choices=[("for", "For"), ("against", "Against"), ("abstain", "Abstain")],
    )


WRONG = {"email": "ann at example", "date": "2031-02-30", "setting": "boat", "statement": "Fine."}


def style(request: HttpRequest) -> HttpResponse:
    """Every component with fixed samples."""
    now = datetime(2026, 11, 23, 14, 2, tzinfo=timezone.get_current_timezone())
    messages.success(request, "The meeting of 19 November is recorded.")
    wrong = SampleForm({f"wrong-{name}": value for name, value in WRONG.items()}, prefix="wrong")
    wrong.add_error(None, "Another tab saved this form at 13:58. What you typed is below.")
    context: dict[str, Any] = {
        **style_samples.CONTEXT,
        "today": now.date(),
        "now": now,
        "soon": now.date() + timedelta(days=9),
        "past": now.date() - timedelta(days=100),
        "history": [{**said, "at": now - ago} for ago, said in style_samples.HISTORY],
        "form": SampleForm(prefix="plain"),
        "wrong": wrong,
        "stage": {"state": "progress", "word": "Accepted"},
        "ballot": SampleBallot(prefix="ballot"),
        "page": Paginator(range(190), 10).page(7),
    }
    return render(request, "style.html", context)
