"""The kinds of long work, each with what does it: the roof knows them all."""

from django.utils.translation import gettext_lazy as _

import applicants.operations
import intensives.operations
import reviews.dossiers.meetings
import reviews.operations
from applicants.access import CHAIR, COMMITTEE, OFFICE, Can
from credentialing import badges, held
from credentialing.office.operations.lists import bring_in_list
from credentialing.office.operations.trail import work_check, work_trail
from credentialing.records.jobs import Kind

KINDS: dict[str, Kind] = {
    "meeting-packet": Kind(
        label=_("The packet for a meeting of the Committee"),
        work=reviews.dossiers.meetings.packet,
        roles=COMMITTEE,
        needs=Can.READ_RECOMMENDATION,
    ),
    "meeting-minutes": Kind(
        label=_("The minutes of a meeting of the Committee"),
        work=reviews.dossiers.meetings.minutes,
        roles=COMMITTEE,
        needs=Can.READ_RECOMMENDATION,
    ),
    "cases-export": Kind(
        label=_("The table of cases as a file"),
        work=reviews.operations.work_listing,
        roles=COMMITTEE,
        needs=Can.READ_RECOMMENDATION,
    ),
    "policy-bench": Kind(
        label=_("What a draft procedure would change"),
        work=reviews.operations.work_bench,
        roles=COMMITTEE,
        needs=Can.READ_RECOMMENDATION,
    ),
    "import-log": Kind(
        label=_("Importing a table into your log"), work=applicants.operations.work_import
    ),
    "list": Kind(
        label=_("A list that the office brings in"),
        work=bring_in_list,
        roles=OFFICE,
    ),
    "my-data": Kind(label=_("Everything that is held about you"), work=held.my_data),
    "placement": Kind(
        label=_("A placement for all candidates of an intensive"),
        work=intensives.operations.work_out,
        roles=CHAIR,
    ),
    "dossier": Kind(
        label=_("The dossier of a case"), work=reviews.operations.work_dossier, roles=OFFICE
    ),
    "ballot-dossier": Kind(
        label=_("The Council’s dossier of a ballot"),
        work=reviews.operations.work_manuscript,
        roles=CHAIR | OFFICE,
    ),
    "dossiers": Kind(
        label=_("The dossiers of many cases"),
        work=reviews.operations.work_export,
        roles=OFFICE,
        needs=Can.OPERATE,
    ),
    "audit-export": Kind(label=_("The audit trail as a file"), work=work_trail, roles=OFFICE),
    "audit-check": Kind(
        label=_("Whether the audit trail is what was sealed"), work=work_check, roles=OFFICE
    ),
    "badges": Kind(label=_("Name badges of an intensive"), work=badges.made, roles=OFFICE),
}
