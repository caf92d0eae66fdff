"""The pages of supervision, as each side sees them."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applicants.operations as applying
from applicants import access
from credentialing.records.models import Letter
from credentialing.standing.supervised import supervised
from supervision import operations, queries
from supervision.models import Approval, Confirmation, Report, Session, Supervision
from tests.factories import (
    PDF,
    ApplicationFactory,
    PersonFactory,
    UserFactory,
    balint_group,
    person,
    session,
    supervision,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()


def signed_in(who):
    client = Client()
    client.force_login(who.user)
    return client


def running(sue=None, days=100):
    case = ApplicationFactory()
    of = supervision(case.applicant, sue or person(), TODAY - timedelta(days=days))
    access.give(of.supervisor, "supervisor", case)
    of.case = case
    return of


def waiting(of, days_ago=1):
    return session(of, TODAY - timedelta(days=days_ago), confirmed=False)


def typed(days_ago=1, **more):
    day = TODAY - timedelta(days=days_ago)
    return {"date": day.isoformat(), "minutes": "60", "state": "held"} | more


def page(client, name, *args):
    return client.get(reverse(name, args=args))


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- The applicant


def test_the_applicant_sees_every_session_and_where_it_stands():
    of = running()
    session(of, TODAY - timedelta(days=30))
    waiting(of)
    stale = session(of, TODAY - timedelta(days=20))
    operations.correct_session(
        stale, date=stale.date, minutes=10, state="held", by=of.applicant, at=NOW
    )

    said = text(page(signed_in(of.applicant), "my-supervision"))

    assert "Confirmed" in said
    assert "To be confirmed" in said
    assert "Changed since it was confirmed" in said
    assert "60 minutes." in said


def test_supervision_does_not_exist_for_who_has_no_application():
    of = running()

    answers = [
        page(signed_in(who), "my-supervision").status_code for who in (of.applicant, person())
    ]

    assert answers == [200, 404]


def test_only_supervisors_with_a_free_place_can_be_chosen():
    case = ApplicationFactory()
    free, full, former = person(name="Free"), person(name="Full"), person(name="Former")
    Approval.objects.create(supervisor=free, start="2010-01-01")
    Approval.objects.create(supervisor=full, start="2010-01-01", places=1)
    Approval.objects.create(supervisor=former, start="2010-01-01", end="2020-01-01")
    supervision(person(), full, TODAY)
    client = signed_in(case.applicant)

    shown = page(client, "ask-supervisor").context["form"].fields["supervisor"].choices
    client.post(reverse("ask-supervisor"), {"supervisor": full.pk})
    client.post(reverse("ask-supervisor"), {"supervisor": former.pk})
    client.post(reverse("ask-supervisor"), {"supervisor": free.pk})

    assert shown == [(str(free.pk), "Free, 3 places free")]
    assert list(case.applicant.supervisions.values_list("supervisor", flat=True)) == [free.pk]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", ""),
        ("date", "0000-00-00"),
        ("date", "1026-01-01"),
        ("date", "9999-12-31"),
        ("date", "2025-02-30"),
        ("minutes", "0"),
        ("minutes", "9" * 30),
        ("minutes", "an hour"),
        ("state", "boat"),
    ],
)
def test_a_bad_field_is_named_and_what_was_typed_stays(field, value):
    of = running()
    client = signed_in(of.applicant)

    answer = client.post(reverse("log-session", args=[of.pk]), typed() | {field: value})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Session.objects.exists()


def test_a_session_is_logged_in_one_post_and_once():
    of = running()
    client = signed_in(of.applicant)
    form = typed(submission="the same form")

    for _press in range(2):
        answer = client.post(reverse("log-session", args=[of.pk]), form)

    assert (answer.status_code, answer.url) == (302, reverse("my-supervision"))
    assert Session.objects.count() == 1


def test_what_is_unusual_is_asked_and_done_once_it_is_sure():
    of = running(days=10)
    waiting(of)
    client = signed_in(of.applicant)
    url = reverse("log-session", args=[of.pk])

    for form in (typed(), typed(days_ago=20)):
        asked = client.post(url, form)
        assert "sure" in asked.context["form"].errors
        client.post(url, form | {"sure": "on"})

    assert Session.objects.count() == 3


def test_a_refusal_stands_at_its_field():
    of = running()
    tomorrow = typed(days_ago=-1)

    answer = signed_in(of.applicant).post(reverse("log-session", args=[of.pk]), tomorrow)

    assert "lies ahead" in str(answer.context["form"].errors["date"])


def test_a_session_is_corrected_withdrawn_and_restored():
    of = running()
    row = waiting(of)
    client = signed_in(of.applicant)

    client.post(reverse("edit-session", args=[row.pk]), typed(days_ago=2))
    client.post(reverse("withdraw-session", args=[row.pk]), {"reason": "Wrong day."})
    row.refresh_from_db()
    gone = (row.date, row.withdrawn_because)
    client.post(reverse("restore-session", args=[row.pk]))

    row.refresh_from_db()
    assert gone == (TODAY - timedelta(days=2), "Wrong day.")
    assert row.withdrawn_at is None


def test_a_letter_asks_for_the_sessions_that_are_ticked():
    of = running()
    one, two = waiting(of, 1), waiting(of, 8)
    client = signed_in(of.applicant)
    url = reverse("ask-sessions", args=[of.pk])

    shown = client.get(url).context["form"].initial["sessions"]
    none = client.post(url, {})
    client.post(url, {"sessions": [one.pk]})

    asked = of.applicant.attestations.get()
    assert shown == [str(two.pk), str(one.pk)]
    assert "at least one" in str(none.context["form"].errors["sessions"])
    assert list(asked.sessions.values_list("session", flat=True)) == [one.pk]
    assert "Waits for an answer" in text(client.get(reverse("my-attestations")))


def test_a_question_is_sent_again_or_taken_back():
    of = running()
    row = waiting(of, 8)
    asked = operations.ask_for_sessions(of, [row], by=of.applicant, at=NOW - timedelta(days=3))
    client = signed_in(of.applicant)

    client.post(reverse("remind-attestation", args=[asked.pk]))
    fresh = of.applicant.attestations.get(void_at=None)
    client.post(reverse("withdraw-attestation", args=[fresh.pk]))

    assert fresh.pk != asked.pk
    assert not of.applicant.attestations.filter(void_at=None).exists()


def test_the_applicant_reads_a_report_from_its_release():
    of = running()
    draft = Report.objects.create(supervision=of, year=1, text="Well led.", written_at=NOW)
    client = signed_in(of.applicant)

    before = text(page(client, "my-supervision"))
    draft.released_at = NOW
    draft.save()
    after = text(page(client, "my-supervision"))

    assert ("Well led." in before, "Well led." in after) == (False, True)


# --- The supervisor


def test_the_supervisor_accepts_or_declines_with_a_reason():
    sue = person()
    Approval.objects.create(supervisor=sue, start="2010-01-01")
    ann, ben = (
        operations.ask_supervisor(case, sue, group=None, by=case.applicant, at=NOW)
        for case in (ApplicationFactory(), ApplicationFactory())
    )
    client = signed_in(sue)

    client.post(reverse("answer-supervision", args=[ann.pk]), {"answer": "accept"})
    bare = client.post(reverse("answer-supervision", args=[ben.pk]), {"answer": "decline"})
    client.post(
        reverse("answer-supervision", args=[ben.pk]), {"answer": "decline", "reason": "No time."}
    )

    ann.refresh_from_db()
    ben.refresh_from_db()
    assert "reason" in bare.context["form"].errors
    assert (ann.state, ben.state, ben.reason) == ("active", "declined", "No time.")


def said(*rows, ticked=True, **changes):
    """The supervisor's form as a browser sends it."""
    fields = {}
    for row in rows:
        fields |= {
            f"shown-{row.pk}": queries.digest(row),
            f"date-{row.pk}": row.date.isoformat(),
            f"minutes-{row.pk}": "60",
        }
        fields |= {f"tick-{row.pk}": "on"} if ticked else {}
    return fields | changes


def confirms(client, form):
    return client.post(reverse("confirm-sessions"), form)


def test_the_supervisor_confirms_what_is_ticked_and_leaves_the_rest_for_later():
    of = running()
    one, two = waiting(of, 1), waiting(of, 8)

    answer = confirms(signed_in(of.supervisor), said(two) | said(one, ticked=False))

    assert answer.url == reverse("supervised", args=[of.case.reference])
    assert list(Confirmation.objects.values_list("session", flat=True)) == [two.pk]


def test_one_form_answers_for_many_applicants():
    sue = person()
    rows = [waiting(running(sue)) for _ in range(3)]

    answer = confirms(signed_in(sue), said(*rows))

    assert answer.url == reverse("supervisor")
    assert Confirmation.objects.filter(given=True).count() == 3


def test_a_row_is_taken_off_with_a_reason_or_corrected():
    of = running()
    right, wrong, other = waiting(of, 1), waiting(of, 8), waiting(of, 15)
    form = (
        said(right)
        | said(wrong, ticked=False, **{f"reason-{wrong.pk}": "It was cancelled."})
        | said(other, **{f"minutes-{other.pk}": "45"})
    )

    confirms(signed_in(of.supervisor), form)

    other.refresh_from_db()
    words = {word.session_id: (word.given, word.reason) for word in Confirmation.objects.all()}
    assert words == {
        right.pk: (True, ""),
        wrong.pk: (False, "It was cancelled."),
        other.pk: (True, ""),
    }
    assert (other.minutes, queries.confirmation(other) is not None) == (45, True)


def test_what_was_declined_waits_for_the_applicant_and_not_for_the_supervisor():
    of = running()
    row = waiting(of)
    operations.decline_session(row, reason="It was cancelled.", by=of.supervisor, at=NOW)
    [declined] = supervised(of.supervisor, at=NOW)

    operations.correct_session(
        row, date=row.date, minutes=50, state="held", by=of.applicant, at=NOW
    )
    [corrected] = supervised(of.supervisor, at=NOW)

    assert (len(declined.awaiting), len(declined.others)) == (0, 1)
    assert (len(corrected.awaiting), len(corrected.others)) == (1, 0)


def test_a_double_click_confirms_once_and_leads_where_the_first_did():
    of = running()
    client, form = signed_in(of.supervisor), said(waiting(of), submission="the same form")

    answers = [confirms(client, form) for _press in range(2)]

    assert {answer.url for answer in answers} == {reverse("supervised", args=[of.case.reference])}
    assert Confirmation.objects.count() == 1


def test_two_windows_confirm_once_and_the_second_says_so():
    of = running()
    client, form = signed_in(of.supervisor), said(waiting(of))

    confirms(client, form)
    second = confirms(client, form)

    assert "Tick at least one session" in text(second)
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("date", "", "Enter the day"),
        ("date", "0000-00-00", "valid date"),
        ("date", "9999-12-31", "lies ahead"),
        ("minutes", "0", "greater than or equal to 1"),
        ("minutes", "9" * 30, "less than or equal to"),
        ("reason", "Not so.", "Leave one of the two"),
        ("shown", "0" * 64, "changed since you opened this page"),
        ("shown", "", "changed since you opened this page"),
    ],
)
def test_bad_input_of_a_supervisor_is_named_and_nothing_is_confirmed(field, value, error):
    of = running()
    row = waiting(of)

    answer = confirms(signed_in(of.supervisor), said(row, **{f"{field}-{row.pk}": value}))

    assert answer.status_code == 200
    assert error in str(answer.context["form"].errors)
    assert not Confirmation.objects.exists()


def test_the_page_says_what_will_count_and_what_will_not_and_why():
    case = ApplicationFactory(submitted_on=TODAY - timedelta(days=60))
    of = supervision(case.applicant, person(), TODAY - timedelta(days=50))
    Approval.objects.filter(supervisor=of.supervisor).update(end=TODAY - timedelta(days=2))
    early, late = waiting(of, 70), waiting(of, 1)
    rows = [waiting(of, days) for days in range(3, 10)]

    [one] = supervised(of.supervisor, at=NOW)

    why = {each.row.session.pk: each.in_words for each in one.awaiting}
    assert why[early.pk] == "Will not count: before the application was submitted"
    assert why[late.pk] == "Will not count: the supervisor was not approved on that day"
    assert why[rows[0].pk] == "Will not count: more than is needed"
    assert [why[row.pk] for row in rows[1:]] == ["Will count"] * 6


def test_what_would_count_is_what_counts_once_confirmed():
    of = running()
    rows = [waiting(of, days) for days in (3, 10, 17)]
    [before] = supervised(of.supervisor, at=NOW)

    confirms(signed_in(of.supervisor), said(*rows))

    [after] = supervised(of.supervisor, at=NOW)
    counted = {each.row.session.key for each in before.awaiting if each.counts}
    assert counted == set(after.entry["evidence"])
    assert (before.year["held"], after.year["held"]) == (0, 3)


def test_a_session_that_changed_since_the_page_was_opened_is_shown_again():
    of = running()
    row = waiting(of)
    client = signed_in(of.supervisor)
    form = said(row)
    operations.correct_session(row, date=row.date, minutes=5, state="held", by=of.applicant, at=NOW)

    answer = confirms(client, form)

    assert answer.status_code == 200
    assert "changed since you opened" in text(answer)
    assert "5 minutes" in text(answer)
    assert not Confirmation.objects.exists()


def test_the_supervisor_says_what_is_not_right():
    of = running()
    row = waiting(of)

    signed_in(of.supervisor).post(
        reverse("decline-session", args=[row.pk]), {"reason": "It was in May."}
    )

    shown = text(page(signed_in(of.applicant), "my-supervision"))
    assert "Not confirmed" in shown
    assert "It was in May." in shown


def test_a_report_is_saved_and_released():
    of = running()
    client = signed_in(of.supervisor)
    url = reverse("report", args=[of.case.reference, "1"])

    client.post(url, {"text": "A draft.", "rating-frame": "sound"})
    client.post(url, {"text": "The report.", "rating-frame": "growing", "action": "release"})
    final = reverse("report", args=[of.case.reference, "final"])
    bad = [
        client.post(final, form)
        for form in (
            {"text": "x" * 100_001},
            {"text": "Text.", "rating-frame": "superb"},
            {"text": "Text.", "remark-frame": "x" * 501},
            {"text": " ", "action": "release"},
        )
    ]

    [report] = of.reports.all()
    assert (report.year, report.text, bool(report.released_at)) == (1, "The report.", True)
    assert [each["rated"] for each in report.rated] == ["still growing"]
    assert [set(answer.context["form"].errors) for answer in bad] == [
        {"text"},
        {"rating-frame"},
        {"remark-frame"},
        {"text"},
    ]
    assert page(client, "report", of.case.reference, "nine").status_code == 404


def test_after_the_end_the_own_sessions_stay_and_what_remains_does_not():
    of = running()
    waiting(of)
    client = signed_in(of.supervisor)
    before = page(client, "supervised", of.case.reference)

    operations.end_supervision(of, reason="Done.", by=of.supervisor, at=NOW)
    after = page(client, "supervised", of.case.reference)

    assert (before.context["may_follow"], after.context["may_follow"]) == (True, False)
    assert len(after.context["rows"]) == 1


def test_either_side_ends_with_a_reason():
    of = running()

    bare = signed_in(of.applicant).post(reverse("end-supervision", args=[of.pk]), {"reason": " "})
    signed_in(of.applicant).post(reverse("end-supervision", args=[of.pk]), {"reason": "Moved."})

    of.refresh_from_db()
    assert "reason" in bare.context["form"].errors
    assert (of.state, of.reason) == ("ended", "Moved.")


def test_a_session_that_the_supervisor_adds_waits_for_the_applicant():
    of = running()
    day = TODAY - timedelta(days=4)
    client = signed_in(of.applicant)
    form = {"date": day.isoformat(), "minutes": "50", "submission": "once"}

    for _press in range(2):
        signed_in(of.supervisor).post(reverse("add-forgotten", args=[of.pk]), form)
    shown = text(page(client, "my-supervision"))
    client.post(reverse("accept-forgotten", args=[of.forgotten.get().pk]))
    again = client.post(reverse("accept-forgotten", args=[of.forgotten.get().pk]))

    assert "It counts once you have accepted it." in shown
    assert again.status_code == 409
    assert [queries.confirmation(row) is not None for row in of.sessions.all()] == [True]


def test_what_was_added_is_not_accepted_with_a_reason():
    of = running()
    row = operations.add_forgotten(
        of, operations.Remembered(date=TODAY, minutes=None), by=of.supervisor, at=NOW
    )
    client = signed_in(of.applicant)

    bare = client.post(reverse("decline-forgotten", args=[row.pk]), {"reason": " "})
    client.post(reverse("decline-forgotten", args=[row.pk]), {"reason": "I was ill."})

    row.refresh_from_db()
    assert "reason" in bare.context["form"].errors
    assert (row.session, row.reason) == (None, "I was ill.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("places", "-1"),
        ("places", "4"),
        ("places", "9" * 30),
        ("places", "three"),
        ("note", "x" * 301),
    ],
)
def test_bad_availability_is_named_and_the_directory_stays(field, value):
    of = running()
    client = signed_in(of.supervisor)
    good = {"takes_requests": "on", "places": "2", "note": "Online."}
    client.post(reverse("availability"), good)

    answer = client.post(reverse("availability"), good | {field: value})

    shown = text(page(signed_in(person()), "supervisors"))
    assert field in answer.context["form"].errors
    assert "Online." in shown
    assert "One place free of 2" in shown


def test_the_requirements_page_is_for_those_whose_relation_shows_it():
    of = running()
    row = waiting(of)

    shown = page(signed_in(of.supervisor), "follow", of.case.reference)
    others = [
        page(signed_in(who), "follow", of.case.reference).status_code
        for who in (running().supervisor, person("administrator"), person("council"))
    ]

    assert (shown.status_code, others) == (200, [404, 404, 404])
    assert reverse("edit-session", args=[row.pk]) not in shown.content.decode()


def test_a_supervisor_whose_approval_was_revoked_confirms_what_was_and_accepts_nobody():
    of = running()
    row, asks = waiting(of, 30), ApplicationFactory()
    asked = operations.ask_supervisor(
        asks, of.supervisor, group=None, word="May I?", by=asks.applicant, at=NOW
    )
    Approval.objects.update(end=TODAY - timedelta(days=10))
    client = signed_in(of.supervisor)

    confirms(client, said(row))
    refused = client.post(reverse("answer-supervision", args=[asked.pk]), {"answer": "accept"})

    assert "May I?" in text(refused)
    assert "not an approved supervisor today" in text(refused)
    assert queries.confirmation(row) is not None


# --- The applicant's attestations


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "required"),
        ("kim", "valid email"),
        ("x" * 400 + "@example.org", "valid email"),
        ("ANN+kim@Example.org", "address of your own"),
        ("second@example.org", "address of your own"),
    ],
)
def test_a_letter_goes_to_no_bad_address_and_to_none_of_ones_own(address, why):
    case = ApplicationFactory(applicant=person(email="ann@example.org"))
    EmailAddress.objects.create(user=case.applicant.user, email="second@example.org")
    kim = PersonFactory(email="")
    url = reverse("ask-co-leader", args=[balint_group(case.applicant, kim).pk, kim.pk])

    answer = signed_in(case.applicant).post(url, {"address": address})

    assert why in str(answer.context["form"].errors["address"])
    assert not case.applicant.attestations.exists()


def test_a_co_leader_without_an_address_is_asked_at_the_one_that_is_given():
    case = ApplicationFactory()
    kim = PersonFactory(email="")
    client = signed_in(case.applicant)
    url = reverse("ask-co-leader", args=[balint_group(case.applicant, kim).pk, kim.pk])

    client.post(url, {"address": "kim@example.net"})
    twice = client.post(url, {"address": "kim@example.net"})

    letter = Letter.objects.get(kind="attestation-asked")
    assert (letter.to, letter.address) == (kim, "kim@example.net")
    assert "You can send it again" in text(twice)


def test_who_has_an_account_is_asked_at_its_address_alone():
    case = ApplicationFactory()
    kim = person()
    url = reverse("ask-co-leader", args=[balint_group(case.applicant, kim).pk, kim.pk])

    signed_in(case.applicant).post(url, {"address": "elsewhere@example.net"})

    assert case.applicant.attestations.get().address == kim.email


def test_the_page_shows_each_standing_with_who_and_since_when():
    of = running()
    for days in (1, 8):
        operations.ask_for_sessions(of, [waiting(of, days)], by=of.applicant, at=NOW)
    declined = of.applicant.attestations.order_by("pk").last()
    applying.answer_attestation(
        declined, given=False, name="Sue", role="", reason="I was away.", by_link=True, at=NOW
    )

    shown = text(page(signed_in(of.applicant), "my-attestations"))

    assert "Waits for an answer" in shown
    assert "Declined" in shown
    assert "I was away." in shown
    assert of.supervisor.name in shown


# --- Whose is whose


def test_what_belongs_to_others_does_not_exist():
    of, other = running(), running()
    row = waiting(of)
    asked = operations.ask_for_sessions(of, [row], by=of.applicant, at=NOW)
    requested = Supervision.objects.create(
        applicant=person(), supervisor=of.supervisor, asked_at=NOW
    )
    reference = of.case.reference
    added = operations.add_forgotten(
        of,
        operations.Remembered(date=TODAY - timedelta(days=9), minutes=50),
        by=of.supervisor,
        at=NOW,
    )
    led = balint_group(of.applicant, of.supervisor)
    hidden = [
        ("get", "log-session", [of.pk]),
        ("post", "log-session", [of.pk]),
        ("post", "end-supervision", [of.pk]),
        ("get", "ask-sessions", [of.pk]),
        ("get", "edit-session", [row.pk]),
        ("post", "edit-session", [row.pk]),
        ("post", "withdraw-session", [row.pk]),
        ("post", "restore-session", [row.pk]),
        ("post", "decline-session", [row.pk]),
        ("post", "remind-attestation", [asked.pk]),
        ("post", "withdraw-attestation", [asked.pk]),
        ("get", "answer-supervision", [requested.pk]),
        ("post", "answer-supervision", [requested.pk]),
        ("get", "supervised", [reference]),
        ("post", "accept-forgotten", [added.pk]),
        ("get", "decline-forgotten", [added.pk]),
        ("get", "add-forgotten", [of.pk]),
        ("post", "add-forgotten", [of.pk]),
        ("post", "ask-again", [asked.pk]),
        ("get", "ask-co-leader", [led.pk, of.supervisor_id]),
        ("get", "report", [reference, "1"]),
        ("post", "report", [reference, "1"]),
    ]
    strangers = [other.applicant, other.supervisor, person("administrator"), person("chair")]

    reached = [
        (name, who.pk)
        for who in strangers
        for method, name, args in hidden
        if getattr(signed_in(who), method)(reverse(name, args=args), typed()).status_code != 404
    ]

    assert reached == []
    assert Session.objects.get(pk=row.pk).withdrawn_at is None


def test_an_applicant_is_no_supervisor_of_their_own_sessions():
    of = running()
    row = waiting(of)
    client = signed_in(of.applicant)

    answers = [
        client.get(reverse("supervised", args=[of.case.reference])),
        client.post(reverse("add-forgotten", args=[of.pk]), typed()),
        client.post(reverse("decline-session", args=[row.pk]), {"reason": "x"}),
        client.get(reverse("supervisor")),
    ]

    assert {answer.status_code for answer in answers} == {404}
    confirms(client, said(row))
    assert not Confirmation.objects.exists()


def test_an_unknown_and_a_forbidden_id_get_the_same_answer():
    of = running()
    row = waiting(of)
    client = signed_in(person())

    for name, forbidden, unknown in (
        ("edit-session", row.pk, row.pk + 1000),
        ("log-session", of.pk, of.pk + 1000),
        ("supervised", of.case.reference, "ZZZZZZ"),
    ):
        answers = [page(client, name, key) for key in (forbidden, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


def test_methods_that_are_not_in_the_row_are_refused():
    of = running()
    client = signed_in(of.applicant)

    answers = [
        client.post(reverse("my-supervision")),
        client.get(reverse("restore-session", args=[waiting(of).pk])),
        client.put(reverse("log-session", args=[of.pk])),
        client.delete(reverse("attest")),
    ]

    assert {answer.status_code for answer in answers} == {405}


# --- The office


def test_the_office_approves_and_ends():
    office, sue = person("administrator"), person()
    client = signed_in(office)

    client.post(
        reverse("approve-supervisor", args=[sue.pk]),
        {"start": "2020-01-01", "end": "", "places": "2", "reason": "Trained."},
    )
    approval = Approval.objects.get()
    bad = client.post(reverse("end-approval", args=[approval.pk]), {"on": "2019-01-01"})
    client.post(
        reverse("end-approval", args=[approval.pk]), {"on": "2024-12-31", "reason": "Moved."}
    )

    approval.refresh_from_db()
    assert set(bad.context["form"].errors) == {"reason"}
    assert (approval.places, approval.end.isoformat()) == (2, "2024-12-31")
    assert "Moved." in approval.reason


def test_the_office_pages_are_for_the_office():
    sue = person()
    approval = Approval.objects.create(supervisor=sue, start="2010-01-01")
    urls = [
        reverse("approvals"),
        reverse("approve-supervisor", args=[sue.pk]),
        reverse("end-approval", args=[approval.pk]),
    ]

    for who, expected in ((person("administrator"), 200), (person("chair"), 404), (sue, 404)):
        client = signed_in(who)
        assert {client.get(url).status_code for url in urls} == {expected}


def test_the_office_enters_a_paper_with_its_scan():
    of = running()
    row = waiting(of)
    office = signed_in(person("administrator"))
    url = reverse("paper-sessions", args=[of.case.reference, of.pk])
    form = {"name": "Sue", "role": "Supervisor", "signed_on": TODAY.isoformat()}
    files = {"file": SimpleUploadedFile("signed.pdf", PDF)}

    bare = office.post(url, form | {"sessions": [row.pk]})
    no_file = office.post(
        url, form | {"sessions": [row.pk], "file": SimpleUploadedFile("a.txt", b"text")}
    )
    office.post(url, form | {"sessions": [row.pk]} | files)

    assert set(bare.context["form"].errors) == {"file"}
    assert no_file.status_code == 200
    assert "Documented elsewhere" in text(page(signed_in(of.applicant), "my-attestations"))
    assert queries.confirmation(row) is not None


# --- Lists cost the same


def queries_of(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_lists_take_as_many_queries_for_30_rows_as_for_3():
    sue, office = person(), person("administrator")
    first = running(sue)
    Approval.objects.filter(supervisor=sue).update(places=50)
    client, hers, theirs = signed_in(first.applicant), signed_in(sue), signed_in(office)
    urls = [
        (client, reverse("my-supervision")),
        (client, reverse("ask-sessions", args=[first.pk])),
        (client, reverse("my-attestations")),
        (client, reverse("supervisors")),
        (theirs, reverse("papers", args=[first.case.reference])),
        (hers, reverse("supervisor")),
        (hers, reverse("supervised", args=[first.case.reference])),
        (theirs, reverse("approvals")),
        (client, reverse("ask-supervisor")),
    ]
    counts = []
    for rows in (3, 27):
        for number in range(rows):
            session(first, TODAY - timedelta(days=rows + number))
            changed = waiting(first, rows + number)
            operations.correct_session(
                changed, date=changed.date, minutes=9, state="held", by=first.applicant, at=NOW
            )
            applicant = PersonFactory()
            ApplicationFactory(applicant=applicant)
            waiting(supervision(applicant, sue, TODAY - timedelta(days=90)))
            Approval.objects.create(supervisor=UserFactory().person, start="2020-01-01")
            partner = UserFactory().person
            group = balint_group(first.applicant, partner)
            applying.ask_co_leader(group, partner, by=first.applicant, at=NOW)
            day = NOW - timedelta(days=number + rows)
            operations.ask_for_sessions(
                first, [waiting(first, 40 + rows + number)], by=first.applicant, at=day
            )
        counts.append([queries_of(who, url) for who, url in urls])

    assert counts[0] == counts[1]


def test_a_letter_about_the_sessions_leads_to_the_page():
    of = running()
    confirms(signed_in(of.supervisor), said(waiting(of)))

    link = Letter.objects.get(kind="sessions-answered").link

    assert signed_in(of.applicant).get(link).status_code == 200
    assert supervised(of.supervisor, at=NOW)[0].awaiting == []


def test_a_draft_report_is_read_by_its_author_alone():
    of = running()
    report = operations.save_report(
        of, year=1, text="MARKED DRAFT", ratings={}, by=of.supervisor, at=NOW
    )
    reference = of.case.reference
    readers = [
        (of.supervisor, reverse("report", args=[reference, "1"])),
        (of.applicant, reverse("my-supervision")),
        (person("chair", "committee"), reverse("case-supervision", args=[reference])),
    ]

    def read():
        return ["MARKED DRAFT" in text(signed_in(who).get(url)) for who, url in readers]

    before = read()
    operations.release_report(report, by=of.supervisor, at=NOW)

    assert (before, read()) == ([True, False, False], [True, True, True])
