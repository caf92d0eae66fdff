"""What can happen with intensives: one atomic function for each."""

from intensives.operations.assessing import (
    Clash,
    add_addendum,
    agree,
    ask_to_agree,
    present,
    record_co_led,
    save_assessment,
)
from intensives.operations.attendance import (
    complete,
    confirm_past_intensive,
    record_partly,
    record_past_intensive,
)
from intensives.operations.groups import (
    add_small_group,
    assign_groups,
    change_faculty,
    spread_participants,
)
from intensives.operations.offering import (
    cancel_enrolment,
    cancel_intensive,
    change_intensive,
    create_intensive,
    enrol,
    publish_intensive,
)
from intensives.operations.placement import (
    flag_conflicts,
    place,
    place_all,
    replace_evaluator,
)
from intensives.operations.proposing import (
    ask_for_proposal,
    confirm_proposal,
    keep_proposal,
    work_out,
)

__all__ = [
    "Clash",
    "add_addendum",
    "add_small_group",
    "agree",
    "ask_for_proposal",
    "ask_to_agree",
    "assign_groups",
    "cancel_enrolment",
    "cancel_intensive",
    "change_faculty",
    "change_intensive",
    "complete",
    "confirm_past_intensive",
    "confirm_proposal",
    "create_intensive",
    "enrol",
    "flag_conflicts",
    "keep_proposal",
    "place",
    "place_all",
    "present",
    "publish_intensive",
    "record_co_led",
    "record_partly",
    "record_past_intensive",
    "replace_evaluator",
    "save_assessment",
    "spread_participants",
    "work_out",
]
