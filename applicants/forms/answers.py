"""Answers to the Committee."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.documents import PaperField
from applicants.forms.fields import TextField


class AnswerForm(forms.Form):
    """An answer to a question."""

    text = TextField(label=_("Your answer"), help_text=_("No patient's name, no case content."))
    file = PaperField(required=False)


class ProcedureForm(forms.Form):
    """Whether one agrees to be judged by another procedure."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            ("agree", _("I agree: judge my case by the proposed procedure")),
            ("stay", _("I stay with the present procedure")),
        ],
        widget=forms.RadioSelect,
    )
