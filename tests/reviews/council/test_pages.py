import json
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from credentialing.people.models import Role
from credentialing.records import jobs
from credentialing.records.models import AuditEntry, Job, Letter
from credentialing.work import KINDS
from reviews import operations
from reviews.models import Ballot, Certificate, Dossier, Elector, MeetingVote, Vote
from tests.factories import ApplicationFactory, person
from tests.reviews.council.cases import another, overdue, recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|name="submission" value="[^"]*"|id_submission'
    rb'|name="submission"[^>]*value="[^"]*"'
)


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def page(name, *args) -> str:
    return reverse(name, args=args)


# --- The ballot ----------------------------------------------------------------------------------


def test_an_elector_votes_gets_a_receipt_and_changes_the_vote():
    society = recommended(3)
    society.open()
    client, reference = signed_in(society.council[0]), society.case.reference

    first = client.post(page("cast-vote", reference), {"choice": "for"}, follow=True)
    client.post(page("cast-vote", reference), {"choice": "abstain", "remark": "Unsure."})

    vote = Vote.objects.get()
    assert "Receipt:" in first.content.decode()
    assert (vote.choice, vote.remark) == ("abstain", "Unsure.")


def test_the_same_form_sent_twice_votes_once():
    society = recommended(3)
    society.open()
    client, reference = signed_in(society.council[0]), society.case.reference

    for _time in range(2):
        client.post(page("cast-vote", reference), {"choice": "for", "submission": "key"})

    assert AuditEntry.objects.filter(act="vote.cast").count() == 1


@pytest.mark.parametrize(
    "posted", [{}, {"choice": "maybe"}, {"choice": ["for", "x"]}, {"remark": "y" * 30_000}]
)
def test_a_vote_that_is_none_stays_on_the_form(posted):
    society = recommended(3)
    society.open()

    answer = signed_in(society.council[0]).post(page("cast-vote", society.case.reference), posted)

    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert not Vote.objects.exists()


def test_a_vote_after_the_end_says_that_nothing_was_changed():
    society = recommended(3)
    overdue(society.open())

    answer = signed_in(society.council[0]).post(
        page("cast-vote", society.case.reference), {"choice": "for"}
    )

    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


def test_recusing_ends_the_sight_of_the_case():
    society = recommended(3)
    society.open()
    client, reference = signed_in(society.council[0]), society.case.reference
    dossier = Dossier.objects.get()

    client.post(page("recuse", reference), {"reason": "A friend."})

    answers = [
        client.get(address).status_code
        for address in (page("ballot", reference), page("dossier", dossier.pk))
    ]
    assert answers == [404, 404]
    assert reference not in client.get(page("council")).content.decode()
    assert (
        "A friend." in signed_in(society.council[1]).get(page("ballot", reference)).content.decode()
    )


def test_who_is_recused_by_relation_sees_nothing_before_and_after():
    society = recommended(3)
    related = society.council[2]
    related.relations.create(
        applicant=society.applicant, kind="supervisor", since="2024-01-01", source="x"
    )
    ballot = society.open()
    client, reference = signed_in(related), society.case.reference

    before = client.get(page("ballot", reference)).status_code
    society.vote(ballot, "for", "for")
    society.end(ballot)
    after = client.get(page("ballot", reference)).status_code

    assert (before, after) == (404, 404)
    assert reference not in client.get(page("council")).content.decode()


def test_a_relation_that_came_during_the_ballot_ends_the_sight():
    society = recommended(3)
    society.open()
    client, dossier = signed_in(society.council[0]), Dossier.objects.get()
    before = client.get(page("ballot", society.case.reference)).status_code

    society.council[0].relations.create(
        applicant=society.applicant, kind="co-leader", since="2024-01-01", source="group"
    )

    after = [
        client.get(address).status_code
        for address in (page("ballot", society.case.reference), page("dossier", dossier.pk))
    ]
    assert (before, after) == (200, [404, 404])


@pytest.mark.parametrize(("publish", "shown"), [("names", True), ("counts", False)])
def test_after_closing_names_or_counts_are_shown_as_the_procedure_says(publish, shown):
    society = recommended(3)
    ballot = society.open()
    Ballot.objects.update(publish=publish)
    society.vote(ballot, "for", "for", "against")
    society.end(ballot)

    answer = signed_in(society.council[0]).get(page("ballot", society.case.reference))
    body = answer.content.decode()

    assert answer.status_code == 200
    assert ("Votes by name" in body, "Member C" in body) == (shown, shown)
    assert "How the votes add up" in body


def test_a_counted_vote_is_found_by_its_receipt_and_counts_show_no_name():
    society = recommended(3)
    ballot = society.open()
    Ballot.objects.update(publish="counts")
    receipts = {vote.receipt: vote.choice for vote in society.vote(ballot, "for", "for", "against")}
    society.end(ballot)
    client, reference = signed_in(society.council[2]), society.case.reference

    body = client.get(page("ballot-result", reference, ballot.pk)).content.decode()
    listed = json.loads(client.get(page("ballot-list", reference, ballot.pk)).content)

    assert "Your vote was counted: Against." in body
    assert [receipt in body for receipt in receipts] == [True] * 3
    assert {vote["receipt"]: vote["choice"] for vote in listed["votes"]} == receipts
    assert "Member" not in str(listed)
    assert listed["announced"]["outcome"] == "adopted"


def test_the_result_and_the_list_are_for_the_council_without_a_relation():
    society = recommended(4)
    society.council[3].relations.create(
        applicant=society.applicant, kind="supervisor", since="2024-01-01", source="x"
    )
    ballot = society.open()
    readers = [society.council[0], society.council[3], society.chair, society.administrator]
    addresses = [
        page(name, society.case.reference, ballot.pk) for name in ("ballot-result", "ballot-list")
    ]

    def answers():
        return [
            signed_in(reader).get(address).status_code
            for address in addresses
            for reader in readers
        ]

    before = answers()
    society.vote(ballot, "for", "for", "for")
    society.end(ballot)

    assert before == [404] * 8
    assert answers() == [200, 404, 404, 404] * 2


def test_a_second_ballot_shows_the_first_to_its_electors():
    society = recommended(3)
    first = society.open()
    society.vote(first, "for")
    society.end(first)
    second = society.open()
    client, reference = signed_in(society.council[0]), society.case.reference

    voting = client.get(page("ballot", reference)).content.decode()
    society.vote(second, "for", "for", "for")
    society.end(second)
    over = client.get(page("ballot", reference)).content.decode()

    assert [page("ballot-result", reference, first.pk) in body for body in (voting, over)] == [
        True,
        True,
    ]
    assert "no quorum, no decision" in voting


def test_a_void_vote_is_said_to_be_void():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")

    answer = signed_in(society.council[0]).post(
        page("recuse", society.case.reference), {"reason": "A friend."}, follow=True
    )

    assert "The vote that you had cast is void" in answer.content.decode()
    body = signed_in(society.council[1]).get(page("ballot", society.case.reference))
    assert "A friend. The vote that had been cast is void." in body.content.decode()


def test_a_held_decision_shows_no_count():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "against")
    society.applicant.memberships.update(end=timezone.localdate() - timedelta(days=3))
    society.end(ballot)

    body = signed_in(society.council[0]).get(page("ballot", society.case.reference))
    office = signed_in(society.administrator).get(page("office-case", society.case.reference))

    assert "How the votes add up" not in body.content.decode()
    assert "The decision waits" in body.content.decode()
    assert "Votes cast" not in office.content.decode()


# --- Two worlds ----------------------------------------------------------------------------------

READERS = {
    "chair": ("open-ballot", "case", "case-history", "cases", "queue", "home"),
    "administrator": (
        "open-ballot",
        "office-case",
        "office-cases",
        "office",
        "audit",
        "letters",
        "home",
    ),
    "elector": ("council", "ballot", "home"),
    "committee": ("case", "case-history", "cases", "queue", "home"),
    "applicant": ("decision", "application", "home"),
    "stranger": ("register", "home"),
}
OF_A_CASE = {"open-ballot", "case", "case-history", "office-case", "ballot"}


def received(society, kinds):
    """Everything that each kind of person is given, without what is new on every page."""
    people = {
        "chair": society.chair,
        "administrator": society.administrator,
        "elector": society.council[1],
        "committee": society.committee,
        "applicant": society.applicant,
        "stranger": society.stranger,
    }
    found = {}
    for kind in kinds:
        client = signed_in(people[kind])
        for name in READERS[kind]:
            address = page(name, society.case.reference) if name in OF_A_CASE else page(name)
            answer = client.get(address)
            headers = {key: value for key, value in answer.items() if key != "Content-Length"}
            found[kind, name] = (answer.status_code, headers, CHANGING.sub(b"", answer.content))
    letters = Letter.objects.order_by("pk").values_list("to", "subject", "text", "link")
    return found, list(letters)


@pytest.fixture
def watched():
    society = recommended(3)
    society.committee = person("committee", name="Cora Committee")
    society.stranger = person(name="Stan Stranger")
    ballot = society.open()
    operations.cast(ballot, choice="for", remark="Ready.", by=society.council[0])
    return society


def test_how_somebody_voted_changes_nothing_that_anybody_else_receives(watched):
    before = received(watched, READERS)

    Vote.objects.update(choice="against", remark="A secret remark.", receipt="feedfeedfeedfeed")

    assert received(watched, READERS) == before
    assert before[0]["elector", "ballot"][0] == 200


def test_whether_somebody_voted_is_seen_by_electors_and_the_office_alone(watched):
    others = ("chair", "committee", "applicant", "stranger")
    before = received(watched, others)
    seen = received(watched, ("elector", "administrator"))

    Vote.objects.all().delete()

    after = received(watched, ("elector", "administrator"))
    assert received(watched, others) == before
    changed = {key for key, value in seen[0].items() if after[0][key] != value}
    assert changed == {
        ("elector", "ballot"),
        ("administrator", "open-ballot"),
        ("administrator", "office-case"),
    }


# --- The officers' pages -------------------------------------------------------------------------


def test_the_chair_sees_the_seats_before_opening_and_opens():
    society = recommended(3)
    society.council[2].relations.create(
        applicant=society.applicant, kind="evaluator", since="2024-01-01", source="x"
    )
    client, address = signed_in(society.chair), page("open-ballot", society.case.reference)
    closes = timezone.localtime() + timedelta(days=5)

    shown = client.get(address).content.decode()
    client.post(address, {"closes_at": closes.strftime("%Y-%m-%dT%H:%M")})

    assert "Is or was the applicant&#x27;s evaluator." in shown
    assert Ballot.objects.get().opened_by == society.chair


@pytest.mark.parametrize(
    "closes", ["", "soon", "0000-00-00T00:00", "9999-12-31T23:59", "2020-01-01T10:00", "1" * 5000]
)
def test_a_closing_time_that_is_none_stays_on_the_form(closes):
    society = recommended(3)

    answer = signed_in(society.chair).post(
        page("open-ballot", society.case.reference), {"closes_at": closes}
    )

    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert not Ballot.objects.exists()


def test_a_chair_with_a_relation_finds_no_ballot_to_open():
    society = recommended(3)
    society.chair.relations.create(
        applicant=society.applicant, kind="supervisor", since="2024-01-01", source="x"
    )

    answer = signed_in(society.chair).get(page("open-ballot", society.case.reference))

    assert answer.status_code == 404


def test_a_meetings_vote_goes_through_two_officers_pages():
    society = recommended(3)
    entering, confirming = signed_in(society.administrator), signed_in(society.chair)
    entered = entering.post(
        page("meeting-vote", society.case.reference),
        {
            "held_on": timezone.localdate().isoformat(),
            "present": [member.pk for member in society.council],
            "votes_for": "2",
            "votes_against": "0",
            "abstained": "1",
            "minutes": "As spoken.",
        },
    )
    own = entering.post(entered["Location"], {"answer": "confirm"})

    confirming.post(entered["Location"], {"answer": "confirm"})

    assert "Another officer has to confirm it" in own.content.decode()
    assert MeetingVote.objects.get().confirmed_by == society.chair
    assert Application.objects.get(pk=society.case.pk).stage == "decided"
    assert entering.get(entered["Location"]).status_code == 200


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"held_on": "0000-00-00", "present": ["x"], "votes_for": "9" * 40},
        {"held_on": "0001-01-01", "present": ["-1"], "votes_for": "-1", "abstained": "1e9"},
    ],
)
def test_a_meetings_vote_that_is_none_stays_on_the_form(posted):
    society = recommended(3)

    answer = signed_in(society.administrator).post(
        page("meeting-vote", society.case.reference), posted
    )

    assert answer.status_code == 200
    assert not MeetingVote.objects.exists()


def test_the_office_sees_stage_and_names_and_no_reason():
    society = recommended(3)
    client = signed_in(society.administrator)

    body = client.get(page("office-case", society.case.reference)).content.decode()

    assert (society.applicant.name in body, "Led well under supervision." in body) == (True, False)


def test_the_offices_cases_are_filtered_by_what_the_form_knows():
    society = recommended(3)
    other = ApplicationFactory(applicant=person(name="Zoe Zimmer"), stage="accepted")
    client = signed_in(society.administrator)

    shown = [
        [case.reference in client.get(page("office-cases"), asked).content.decode()
         for case in (society.case, other)]
        for asked in ({"stage": "accepted"}, {"name": "zimmer"}, {"stage": "x", "page": "-1"})
    ]  # fmt: skip

    assert shown == [[False, True], [False, True], [True, True]]


def test_lists_ask_the_same_number_of_questions_for_three_and_for_thirty(
    django_assert_num_queries, django_assert_max_num_queries
):
    society = recommended(3)
    readers = [
        (signed_in(society.council[0]), page("council")),
        (signed_in(society.administrator), page("office-cases")),
    ]

    def fill(count):
        for number in range(count):
            each = another(society)
            ballot = each.open()
            if number % 3 == 0:
                each.vote(ballot, "for", "for")
                each.end(ballot)

    fill(4)
    counts = []
    for client, address in readers:
        client.get(address)
        with django_assert_max_num_queries(40) as asked:
            client.get(address)
        counts.append(len(asked))
    fill(20)

    for (client, address), count in zip(readers, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(address)


# --- The applicant's decision and papers ---------------------------------------------------------


def test_the_applicant_reads_the_outcome_and_downloads_the_certificate():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "against")
    client = signed_in(society.applicant)
    waiting = client.get(page("decision")).content.decode()

    society.end(ballot)

    body = client.get(page("decision")).content.decode()
    certificate = Certificate.objects.get()
    paper = client.get(page("certificate", certificate.credential.number))
    assert "before the Council" in waiting
    assert "decided to credential you" in body
    assert ("Led well" in body, "Against" in body, "Member" in body) == (False, False, False)
    assert paper["Content-Disposition"].startswith("attachment")
    assert "sandbox" in paper["Content-Security-Policy"]


def test_somebody_elses_certificate_is_not_there():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")
    society.end(ballot)
    number = Certificate.objects.get().credential.number

    assert signed_in(person()).get(page("certificate", number)).status_code == 404


def test_without_an_application_there_is_no_decision():
    assert signed_in(person()).get(page("decision")).status_code == 404


def test_each_edition_is_for_its_readers_alone():
    society = recommended(3)
    society.open()
    for edition in ("applicant", "committee"):
        operations.issue_dossier(
            society.case, edition=edition, by=society.administrator, at=timezone.now()
        )
    related = person("committee")
    related.relations.create(
        applicant=society.applicant, kind="faculty", since="2024-01-01", source="x"
    )
    readers = {
        "applicant": society.applicant,
        "chair": society.chair,
        "committee": person("committee"),
        "related": related,
        "elector": society.council[0],
        "late": person("council"),
        "administrator": society.administrator,
        "stranger": person(),
    }
    issued = list(Dossier.objects.order_by("edition"))

    read = {
        kind: [
            dossier.edition
            for dossier in issued
            if signed_in(reader).get(page("dossier", dossier.pk)).status_code == 200
        ]
        for kind, reader in readers.items()
    }

    assert read == {
        "applicant": ["applicant"],
        "chair": ["committee"],
        "committee": ["committee"],
        "related": [],
        "elector": ["council"],
        "late": [],
        "administrator": ["applicant", "committee", "council"],
        "stranger": [],
    }


def test_the_councils_edition_ends_with_the_ballot():
    society = recommended(3)
    ballot = society.open()
    client, dossier = signed_in(society.council[0]), Dossier.objects.get()
    open_now = client.get(page("dossier", dossier.pk)).status_code

    Ballot.objects.update(opened_at=timezone.now() - timedelta(days=9), closes_at=timezone.now())
    late = client.get(page("dossier", dossier.pk)).status_code
    operations.close_ballot(ballot)

    assert (open_now, late, client.get(page("dossier", dossier.pk)).status_code) == (200, 404, 404)


def test_every_download_is_on_record_and_the_offices_is_told_to_the_chair():
    society = recommended(3)
    society.open()
    dossier = Dossier.objects.get()

    for reader in (society.council[0], society.administrator):
        signed_in(reader).get(page("dossier", dossier.pk))

    actors = AuditEntry.objects.filter(act="dossier.downloaded").order_by("pk")
    assert [entry.actor for entry in actors] == [society.council[0], society.administrator]
    assert Letter.objects.get(kind="dossier-opened").to == society.chair


def test_a_file_that_was_changed_is_not_handed_out():
    society = recommended(3)
    society.open()
    dossier = Dossier.objects.get()
    dossier.file.storage.delete(dossier.file.name)
    dossier.file.storage.save(dossier.file.name, ContentFile(b"something else"))

    answer = signed_in(society.council[0]).get(page("dossier", dossier.pk))

    assert answer.status_code == 409


def test_an_administrator_issues_a_dossier_once_per_form(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)
    society = recommended(3)
    client = signed_in(society.administrator)

    for _time in range(2):
        client.post(
            page("issue-dossier", society.case.reference),
            {"edition": "committee", "submission": "key"},
        )
    refused = client.post(page("issue-dossier", society.case.reference), {"edition": "x"})
    while jobs.run_next(KINDS):
        pass

    assert (Dossier.objects.count(), Job.objects.get().state) == (1, "done")
    assert refused.status_code == 409
    assert Letter.objects.get(kind="dossier-issued").to == society.chair


def test_an_administrators_own_case_is_not_theirs_to_operate():
    society = recommended(3)
    society.administrator.applications.create(
        stage="accepted",
        procedure="abs-2007",
        submitted_on=timezone.localdate(),
        accepted_on=timezone.localdate(),
    )
    own = society.administrator.applications.get()

    answer = signed_in(society.administrator).get(page("office-case", own.reference))

    assert answer.status_code == 404
    assert not Elector.objects.exists()


@pytest.mark.parametrize("name", ["ballot-result", "ballot-list"])
def test_a_result_asks_the_same_number_of_questions_for_three_and_for_eight_seats(
    name, django_assert_max_num_queries
):
    def questions(members):
        society = recommended(members)
        ballot = society.open()
        society.vote(ballot, *["for"] * members)
        society.end(ballot)
        client = signed_in(society.council[0])
        with django_assert_max_num_queries(60) as asked:
            client.get(page(name, society.case.reference, ballot.pk))
        Role.objects.filter(kind="council").delete()
        return len(asked)

    assert questions(3) == questions(8)


def test_the_office_case_asks_the_same_number_of_questions_for_one_and_for_ten_dossiers(
    django_assert_max_num_queries,
):
    society = recommended(1)
    client = signed_in(society.administrator)

    def questions():
        with django_assert_max_num_queries(60) as asked:
            client.get(page("office-case", society.case.reference))
        return len(asked)

    def issue(number):
        for _each in range(number):
            operations.issue_dossier(
                society.case, edition="committee", by=society.administrator, at=timezone.now()
            )

    issue(1)
    first = questions()
    issue(9)

    assert questions() == first
