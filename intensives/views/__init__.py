"""The pages of intensives: everybody's, the three's, the office's, the Chair's."""

from intensives.views.assessors import (
    agree,
    ask_to_agree,
    candidate,
    candidates,
    present,
    record_co_led,
)
from intensives.views.committee import (
    confirm_proposal,
    place,
    placement,
    propose_placement,
    replace_evaluator,
)
from intensives.views.declaring import relations, take_back
from intensives.views.offered import (
    attendance,
    cancel_enrolment,
    enrol,
    intensive,
    intensives,
    my_assessment,
    past_intensive,
)
from intensives.views.office import (
    add_small_group,
    assign_groups,
    change_faculty,
    change_intensive,
    confirm_past_intensive,
    new_intensive,
    office_cancel,
    office_intensive,
    office_intensives,
    publish_intensive,
)

__all__ = [
    "add_small_group",
    "agree",
    "ask_to_agree",
    "assign_groups",
    "attendance",
    "cancel_enrolment",
    "candidate",
    "candidates",
    "change_faculty",
    "change_intensive",
    "confirm_past_intensive",
    "confirm_proposal",
    "enrol",
    "intensive",
    "intensives",
    "my_assessment",
    "new_intensive",
    "office_cancel",
    "office_intensive",
    "office_intensives",
    "past_intensive",
    "place",
    "placement",
    "present",
    "propose_placement",
    "publish_intensive",
    "record_co_led",
    "relations",
    "replace_evaluator",
    "take_back",
]
