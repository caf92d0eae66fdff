"""What the pages of supervision ask. Bad input is an error at its field; what was typed stays."""

from credentialing.records.forms import OnceForm
from supervision.forms.attestations import (
    AddressForm,
    AnswerForm,
    AskSessionsForm,
    PaperForm,
    SessionsAnswerForm,
    VerdictsForm,
)
from supervision.forms.fields import ReasonForm
from supervision.forms.office import ApprovalForm, EndApprovalForm
from supervision.forms.reports import ReportForm
from supervision.forms.sessions import ForgottenForm, SessionForm
from supervision.forms.supervisions import AskSupervisorForm, AvailabilityForm, RequestForm

__all__ = [
    "AddressForm",
    "AnswerForm",
    "ApprovalForm",
    "AskSessionsForm",
    "AskSupervisorForm",
    "AvailabilityForm",
    "EndApprovalForm",
    "ForgottenForm",
    "OnceForm",
    "PaperForm",
    "ReasonForm",
    "ReportForm",
    "RequestForm",
    "SessionForm",
    "SessionsAnswerForm",
    "VerdictsForm",
]
