"""The pages of supervision, as each side sees them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import access
from credentialing.records.models import Letter
from supervision import operations, queries
from supervision.models import Approval, Confirmation, Report, Session, Supervision
from tests.factories import (
    ApplicationFactory,
    PersonFactory,
    UserFactory,
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
    assert "60 minutes, held" in said


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

    assert shown == [(str(free.pk), "Free")]
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
    assert "was asked about one session" in text(client.get(reverse("my-supervision")))


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


def test_the_supervisor_confirms_what_is_ticked():
    of = running()
    one, two = waiting(of, 1), waiting(of, 8)
    client = signed_in(of.supervisor)
    form = page(client, "supervised", of.case.reference).context["form"]
    keys = [key for key, _label in form.fields["sessions"].choices]

    client.post(reverse("confirm-sessions", args=[of.case.reference]), {"sessions": keys[:1]})

    assert list(Confirmation.objects.values_list("session", flat=True)) == [two.pk]
    assert one.pk != two.pk


def test_a_session_that_changed_since_the_page_was_opened_is_shown_again():
    of = running()
    row = waiting(of)
    client = signed_in(of.supervisor)
    form = page(client, "supervised", of.case.reference).context["form"]
    keys = [key for key, _label in form.fields["sessions"].choices]
    operations.correct_session(row, date=row.date, minutes=5, state="held", by=of.applicant, at=NOW)

    answer = client.post(reverse("confirm-sessions", args=[of.case.reference]), {"sessions": keys})

    assert answer.status_code == 200
    assert "changed or confirmed since" in text(answer)
    assert "5 minutes" in text(answer)
    assert not Confirmation.objects.exists()


def test_the_supervisor_says_what_is_not_right():
    of = running()
    row = waiting(of)

    signed_in(of.supervisor).post(
        reverse("decline-session", args=[row.pk]), {"reason": "It was in May."}
    )

    said = text(page(signed_in(of.applicant), "my-supervision"))
    assert "Not confirmed" in said
    assert "It was in May." in said


def test_a_report_is_saved_and_released():
    of = running()
    client = signed_in(of.supervisor)
    url = reverse("report", args=[of.case.reference, "1"])

    client.post(url, {"text": "A draft."})
    client.post(url, {"text": "The report.", "release": "on"})
    too_long = client.post(
        reverse("report", args=[of.case.reference, "final"]), {"text": "x" * 100_001}
    )

    assert [(one.year, one.text, bool(one.released_at)) for one in of.reports.all()] == [
        (1, "The report.", True)
    ]
    assert "text" in too_long.context["form"].errors
    assert page(client, "report", of.case.reference, "nine").status_code == 404


def test_after_the_end_the_own_sessions_stay_and_what_remains_does_not():
    of = running()
    waiting(of)
    client = signed_in(of.supervisor)
    before = page(client, "supervised", of.case.reference)

    operations.end_supervision(of, reason="Done.", by=of.supervisor, at=NOW)
    after = page(client, "supervised", of.case.reference)

    assert (before.context["may_follow"], after.context["may_follow"]) == (True, False)
    assert len(after.context["waiting"]) == 1


def test_either_side_ends_with_a_reason():
    of = running()

    bare = signed_in(of.applicant).post(reverse("end-supervision", args=[of.pk]), {"reason": " "})
    signed_in(of.applicant).post(reverse("end-supervision", args=[of.pk]), {"reason": "Moved."})

    of.refresh_from_db()
    assert "reason" in bare.context["form"].errors
    assert (of.state, of.reason) == ("ended", "Moved.")


# --- Whose is whose


def test_what_belongs_to_others_does_not_exist():
    of, other = running(), running()
    row = waiting(of)
    asked = operations.ask_for_sessions(of, [row], by=of.applicant, at=NOW)
    requested = Supervision.objects.create(
        applicant=person(), supervisor=of.supervisor, asked_at=NOW
    )
    reference = of.case.reference
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
        ("post", "confirm-sessions", [reference]),
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
        client.post(reverse("confirm-sessions", args=[of.case.reference])),
        client.post(reverse("decline-session", args=[row.pk]), {"reason": "x"}),
        client.get(reverse("supervisor")),
    ]

    assert {answer.status_code for answer in answers} == {404}


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
        counts.append([queries_of(who, url) for who, url in urls])

    assert counts[0] == counts[1]


def test_a_letter_about_the_sessions_leads_to_the_page():
    of = running()
    operations.confirm_sessions([waiting(of)], by=of.supervisor, at=NOW)

    link = Letter.objects.get(kind="sessions-answered").link

    assert signed_in(of.applicant).get(link).status_code == 200
    assert queries.supervised(of.supervisor, at=NOW)[0].to_confirm == 0
