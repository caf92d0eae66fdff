"""A file that belongs to the case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.models import Document


class DocumentForm(forms.Form):
    """What it is, and the file."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Document.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=False,
        max_length=255,
        help_text=_("PDF, PNG, JPEG or DOCX, at most 20 MB."),
    )
