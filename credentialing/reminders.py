"""The table of reminders: what each is about, when its letters are due, and who writes them."""

from datetime import timedelta

import applicants.letters
import applicants.queries.reminders
import credentialing.standing.letters
import credentialing.standing.queries
import reviews.letters.committee
import reviews.letters.council
import reviews.queries.reminders
import supervision.letters
import supervision.queries
from credentialing.records.reminders import Reminder, days

TABLE = (
    Reminder(
        name="a membership ends",
        steps=days(-60, -30, -7, 1),
        things=applicants.queries.reminders.memberships,
        write=applicants.letters.membership_ends,
    ),
    Reminder(
        name="a question is due",
        steps=days(-7, -2, 1),
        things=applicants.queries.reminders.questions,
        write=applicants.letters.question_due,
    ),
    Reminder(
        name="a confirmation was not given",
        steps=days(7, 21),
        things=applicants.queries.reminders.attestations,
        write=applicants.letters.attestation_unanswered,
    ),
    Reminder(
        name="a supervision year is short",
        steps=days(-60),
        things=credentialing.standing.queries.short_years,
        write=credentialing.standing.letters.year_is_short,
    ),
    Reminder(
        name="an approval as a supervisor ends",
        steps=(-supervision.letters.AHEAD, *days(1)),
        things=supervision.queries.ending,
        write=supervision.letters.approval_ends,
    ),
    Reminder(
        name="what was attested has changed",
        steps=days(0),
        things=supervision.queries.stale_statements,
        write=applicants.letters.attestation_out_of_date,
    ),
    Reminder(
        name="an activity is due",
        steps=days(-14, -3, 1),
        things=reviews.queries.reminders.activities,
        write=reviews.letters.committee.activity_due,
    ),
    Reminder(
        name="a matter of the Committee is due",
        steps=days(-2, 1),
        things=reviews.queries.reminders.assignments,
        write=reviews.letters.committee.matter_due,
    ),
    Reminder(
        name="a ballot closes",
        steps=(timedelta(hours=-48),),
        things=reviews.queries.reminders.ballots,
        write=reviews.letters.council.closes_soon,
    ),
)
