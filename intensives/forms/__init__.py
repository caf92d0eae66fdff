"""What the pages of intensives ask. Bad input is an error at its field; what was typed stays."""

from credentialing.records.forms import OnceForm
from intensives.forms.acting import PersonField
from intensives.forms.assessing import (
    AddendumForm,
    AgreeForm,
    AssessmentForm,
    CoLedForm,
    DraftChoice,
    DraftDay,
    DraftText,
    RevisionForm,
)
from intensives.forms.declaring import DeclareForm
from intensives.forms.offering import (
    AttendanceForm,
    ChangeFacultyForm,
    EnrolForm,
    GroupForm,
    GroupsForm,
    IntensiveForm,
    PartForm,
    PastForm,
    ReasonForm,
)
from intensives.forms.placement import (
    EvaluatorForm,
    PlaceForm,
    ProposalForm,
)

__all__ = [
    "AddendumForm",
    "AgreeForm",
    "AssessmentForm",
    "AttendanceForm",
    "ChangeFacultyForm",
    "CoLedForm",
    "DeclareForm",
    "DraftChoice",
    "DraftDay",
    "DraftText",
    "EnrolForm",
    "EvaluatorForm",
    "GroupForm",
    "GroupsForm",
    "IntensiveForm",
    "OnceForm",
    "PartForm",
    "PastForm",
    "PersonField",
    "PlaceForm",
    "ProposalForm",
    "ReasonForm",
    "RevisionForm",
]
