"""A supervisor's report: the project's own instrument, and words."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from applicants.competencies import Competency
from credentialing.records.forms import OnceForm
from supervision.instrument import COMPETENCIES, RATINGS
from supervision.models import Report

LONGEST_REPORT = 100_000


class ReportForm(OnceForm):
    """The draft of a report; whether it is saved or released says the button."""

    text = forms.CharField(
        label=_("Report"),
        max_length=LONGEST_REPORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "How the supervision went, what has grown, what to work on. No patient’s name, no case"
            " content."
        ),
    )

    def __init__(self, *args: Any, report: Report | None, **kwargs: Any) -> None:
        rated = {each["key"]: each for each in report.rated} if report else {}
        initial: dict[str, Any] = {"text": report.text if report else ""}
        for each in COMPETENCIES:
            said = rated.get(each.key, {})
            initial[f"rating-{each.key}"] = said.get("rating", "")
            initial[f"remark-{each.key}"] = said.get("remark", "")
        super().__init__(*args, initial=initial, **kwargs)
        for each in COMPETENCIES:
            self.fields[f"rating-{each.key}"] = forms.ChoiceField(
                label=each.label,
                help_text=each.means,
                required=False,
                choices=[("", _("not said")), *RATINGS],
            )
            self.fields[f"remark-{each.key}"] = forms.CharField(
                label=_("A remark"), required=False, max_length=500
            )

    def competencies(self) -> Iterator[tuple[Competency, BoundField, BoundField]]:
        """Each competency with its rating and remark, for the page."""
        for each in COMPETENCIES:
            yield each, self[f"rating-{each.key}"], self[f"remark-{each.key}"]

    def ratings(self) -> dict[str, tuple[str, str]]:
        """By the competency's key, its rating and a remark."""
        return {
            each.key: (
                self.cleaned_data[f"rating-{each.key}"],
                self.cleaned_data[f"remark-{each.key}"],
            )
            for each in COMPETENCIES
        }
