"""A file that belongs to the case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import KeyField
from applicants.models import Document

HINT = _("PDF, PNG, JPEG or DOCX, at most 20 MB. No patient's name, no case content.")
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx"


class PaperField(forms.FileField):
    """A file, whose content is looked at when it is taken in."""

    def __init__(self, **more: object) -> None:
        more.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPTED}))
        super().__init__(
            label=_("File"), allow_empty_file=False, max_length=255, help_text=HINT, **more
        )


class DocumentForm(forms.Form):
    """What it is, and the file."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Document.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    file = PaperField()
    submission = KeyField()
