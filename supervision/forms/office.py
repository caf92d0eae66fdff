"""The office approves supervisors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credentialing.records.forms import OnceForm
from supervision.forms.fields import day_field, reason_field


class ApprovalForm(OnceForm):
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
    reason = reason_field(_("Ground for the approval"))


class EndApprovalForm(OnceForm):
    """The last day of an approval, and why."""

    on = day_field(_("Last day"))
    reason = reason_field(_("Reason"))
