"""Lists that the office brings in: what each row would do is said first, and done once."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application, Membership, MembershipImport
from credentialing.office import operations
from credentialing.office.forms import guessed
from credentialing.office.lists import KINDS
from credentialing.office.queries import lists as asked
from credentialing.people.models import Credential, Person, TableFile
from credentialing.people.operations import change_person
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.records.tables import read_table, write_csv
from credentialing.standing.queries import standings
from intensives.models import Enrolment, Intensive
from supervision.models import Approval, Session
from tests.factories import ApplicationFactory, PersonFactory, membership, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def office():
    return person("administrator", name="Olive Office")


def brought(kind, content, office, complete_to=TODAY, **more):
    """A list as the page keeps it, its columns matched by their names."""
    content = content if isinstance(content, bytes) else content.encode()
    table = read_table(content, "list.csv")
    return operations.bring(
        kind,
        name="list.csv",
        content=content,
        matching=more.get("matching") or guessed(KINDS[kind], table, {}),
        choices={"complete_to": complete_to.isoformat()},
        by=office,
        at=timezone.now(),
    )


def said(file, office):
    """Each row's state and text, by its line."""
    planned = asked.plan(file, by=office, day=TODAY)
    return {line.number: (line.state.value, line.text) for line in planned.lines}


def done(file, office, **more):
    digest = asked.plan(file, by=office, day=TODAY).digest
    more = {"without_problems": True} | more
    return operations.carry_out(file, digest=digest, by=office, at=timezone.now(), **more)


def terms(person):
    return list(
        person.memberships.order_by("start").values_list("start", "end", "number", named=False)
    )


HEADING = "Member ID,Full name,Mail,Joined,Paid through\n"


@pytest.mark.parametrize(
    ("row", "state", "text"),
    [
        ("7,Ann,ann@x.org,2020-01-01,2025-12-31", "same", "1 January 2020 to 31 December 2025"),
        ("7,Ann,ann@x.org,2020-01-01,2026-12-31", "change", "was 1 January 2020 to 31 December"),
        ("7,Ann,ann@x.org,2025-07-01,2026-06-30", "change", "1 January 2020 to 30 June 2026"),
        ("7,Ann,ann@x.org,2020-01-01,", "change", "from 1 January 2020 on"),
        ("8,Ann,ann@x.org,2020-01-01,2025-12-31", "change", "1 January 2020 to 31 December 2025"),
        ("7,Ann,ann@x.org,2020-01-01,2024-12-31", "end", "1 January 2020 to 31 December 2024"),
        ("7,,,2026-01-01,2026-12-31", "add", "renewed without a gap"),
        ("7,Ann,,2026-03-01,2026-12-31", "add", "1 March 2026 to 31 December 2026"),
        (",Ben,ben@x.org,2026-03-01,", "add", "new on record"),
        ("7,Ann,ann@x.org,2019-01-01,2025-12-31", "conflict", "On record it starts later"),
        ("7,Ann,ann@x.org,2021-01-01,2022-12-31", "conflict", "On record it lasts longer"),
        ("7,Ann,ann@x.org,2010-06-01,2025-12-31", "conflict", "spans several terms"),
        ("7,Ann,cem@x.org,2026-01-01,", "conflict", "The number is of Ann, the address of Cem"),
        (",Ann,other@x.org,2026-01-01,", "conflict", "Ann is on record as Ann (ann@x.org)"),
        ("7,Ann,ann@x.org,soon,", "bad", "“soon” in From is not a day"),
        ("7,Ann,ann@x.org,2026-02-30,", "bad", "is not a day"),
        ("7,Ann,ann@x.org,,2026-01-01", "bad", "From is missing"),
        ("7,Ann,ann@x.org,2026-01-02,2026-01-01", "bad", "Until lies before From"),
        ("7,Ann,not an address,2026-01-01,", "bad", "is not an e-mail address"),
        (",,,2026-01-01,", "bad", "Neither a name nor"),
        ("7,Ann,ann@x.org,2026-01-01,,more", "bad", "more cells"),
        ("7,Ann,ann@x.org,0026-01-01,", "bad", "not between 1950 and 2100"),
    ],
)
def test_each_row_of_a_member_list_says_what_it_would_do(office, row, state, text):
    ann = PersonFactory(name="Ann", email="ann@x.org")
    PersonFactory(name="Cem", email="cem@x.org")
    membership(ann, "2010-01-01", "2012-12-31")
    Membership.objects.create(person=ann, number="7", start="2020-01-01", end="2025-12-31")

    found = said(brought("memberships", HEADING + row + "\n", office), office)[2]

    assert (found[0], text in found[1]) == (state, True), found


def test_the_same_list_twice_changes_nothing_and_good_rows_stand_without_the_bad(office):
    ann = PersonFactory(name="Ann", email="ann@x.org")
    membership(ann, "2020-01-01", "2024-12-31")
    content = HEADING + (
        "7,Ann,ann@x.org,2020-01-01,2024-12-31\n"
        "7,Ann,ann@x.org,2025-01-01,2026-12-31\n"
        "9,Ben New,ben@x.org,2026-01-01,\n"
        "9,Ben New,ben@x.org,2026-01-01,\n"
        "1,Cem,cem@x.org,soon,\n"
    )

    first = done(brought("memberships", content, office), office)
    before = AuditEntry.objects.filter(act="memberships.imported").count()
    again = brought("memberships", content, office)

    assert first == "3 rows were brought in, 1 with problems left out."
    assert [state for state, _text in said(again, office).values()] == ["same"] * 4 + ["bad"]
    assert done(again, office) == "0 rows were brought in, 1 with problems left out."
    assert terms(ann) == [
        (date(2020, 1, 1), date(2024, 12, 31), "7"),
        (date(2025, 1, 1), date(2026, 12, 31), "7"),
    ]
    assert Person.objects.get(email="ben@x.org").memberships.count() == 1
    assert before == 1


def test_what_a_list_knows_of_somebody_and_the_record_lacks_is_filled_in_once(office):
    ann = PersonFactory(name="Ann", email="", profession="")
    ben = PersonFactory(name="Ben", email="ben@x.org", profession="nurse")
    content = (
        "Name,E-mail address,Profession\n"
        "Ann,ann@x.org,physician\n"
        "Ann,ann@x.org,physician\n"
        "Ben,ben@x.org,physician\n"
        "Cem,ann@x.org,\n"
    )

    file = brought("people", content, office)
    first = said(file, office)
    done(file, office)
    again = said(brought("people", content, office), office)

    ann.refresh_from_db()
    ben.refresh_from_db()
    assert [first[line] for line in (2, 3, 4, 5)] == [
        ("change", "ann@x.org, physician"),
        ("same", "ann@x.org, physician"),
        ("same", ""),
        ("same", "ann@x.org, physician"),
    ]
    assert (ann.email, ann.profession, ben.profession) == ("ann@x.org", "physician", "nurse")
    assert {again[line] for line in (2, 3, 4, 5)} == {("same", "")}
    assert AuditEntry.objects.filter(act="person.changed").count() == 1


def test_a_list_brings_nobody_back_who_was_erased(office):
    gone = PersonFactory(name="Erased person 7", email="", profession="", erased_at=timezone.now())
    Credential.objects.create(number="ABS-1", person=gone, title="Leader", since="2001-05-01")
    content = "Number,Name,E-mail address,Since\nABS-1,Ann,ann@x.org,2001-05-01\n"

    file = brought("leaders", content, office)
    text = "Who this was is erased at their request, and stays so."

    assert said(file, office)[2] == ("conflict", text)
    with pytest.raises(Refused, match="stays so"):
        change_person(gone, name="Ann", email="", profession="", by=office)


def test_a_running_case_of_somebody_known_without_a_profession_has_it_from_the_list(office):
    ann = PersonFactory(name="Ann", email="ann@x.org", profession="")
    row = (
        "Name,E-mail address,Profession,Submitted,Group,Group since,Co-leader,"
        "Co-leader’s profession\n"
        "Ann,ann@x.org,physician,2025-03-01,Tuesday,2025-03-04,Bob,psychologist\n"
    )

    done(brought("cases", row, office), office)

    leaders = ann.balint_groups.get().leaders.order_by("pk")
    assert list(leaders.values_list("profession", flat=True)) == ["physician", "psychologist"]


def test_rows_with_problems_are_left_out_only_where_somebody_says_so(office):
    file = brought("memberships", HEADING + "7,Ann,ann@x.org,soon,\n8,Ben,,2026-01-01,\n", office)

    with pytest.raises(Refused, match="with problems are left out"):
        done(file, office, without_problems=False)

    assert not Membership.objects.exists()


def test_everything_that_is_wrong_can_be_taken_along_as_a_table(office):
    PersonFactory(name="Ann", email="ann@x.org")
    bad = "".join(f"{number},Ann,ann@x.org,soon,\n" for number in range(250))
    content = HEADING + bad + "7,Ann,other@x.org,2026-01-01,\n8,Ben,,2026-01-01,\n"
    file = brought("memberships", content, office)
    client = Client()
    client.force_login(office.user)

    page = client.get(reverse("list", args=[file.pk])).content.decode()
    answer = client.get(reverse("list-faults", args=[file.pk]))
    rows = [list(row.cells.values()) for row in read_table(answer.content, "faults.csv").rows]
    done(file, office)

    wrong = "“soon” in From is not a day. Write it as 2026-11-23."
    assert page.count(wrong) == 200
    assert f'href="{reverse("list-faults", args=[file.pk])}"' in page
    assert answer["Content-Disposition"] == 'attachment; filename="memberships-faults.csv"'
    assert rows[0] == ["2", "Joined", "soon", wrong, ""]
    assert (len(rows), rows[250][:3]) == (251, ["252", "", ""])
    assert client.get(reverse("list-faults", args=[file.pk])).status_code == 404


def test_what_has_changed_since_one_looked_is_looked_at_again(office):
    file = brought("memberships", HEADING + "7,Ann,ann@x.org,2026-01-01,\n", office)
    digest = asked.plan(file, by=office, day=TODAY).digest
    membership(PersonFactory(name="Ann", email="ann@x.org"), "2026-01-01")

    with pytest.raises(Refused, match="has changed since you looked"):
        operations.carry_out(
            file, digest=digest, without_problems=True, by=office, at=timezone.now()
        )


def test_a_back_dated_renewal_closes_the_gap_of_a_running_case_and_says_so_before(office):
    ann = person(name="Ann", email="ann@x.org")
    case = ApplicationFactory(applicant=ann, membership_unconfirmed=True)
    membership(ann, case.submitted_on, TODAY - timedelta(days=40))
    renewal = f"7,Ann,ann@x.org,{TODAY - timedelta(days=39)},{TODAY + timedelta(days=300)}\n"
    file = brought("memberships", HEADING + renewal, office)

    planned = asked.plan(file, by=office, day=TODAY)
    effects = asked.effects(planned, file, by=office)
    untouched = ann.memberships.count()
    done(file, office)

    gaps = standings([case], TODAY)[0].entries["membership"]["detail"]["gaps"]
    case.refresh_from_db()
    assert [effect["case"] for effect in effects] == [case]
    assert [row["label"] for row in effects[0]["rows"]] == ["Membership"]
    assert "40 days" in effects[0]["rows"][0]["before"]
    assert (untouched, gaps, case.membership_unconfirmed) == (1, [], False)
    assert ann.memberships.filter(source__isnull=False).count() == 1


def test_nobody_lapses_beyond_the_day_up_to_which_the_list_is_complete(office):
    ann, ben = person(name="Ann", email="ann@x.org"), person(name="Ben", email="ben@x.org")
    cases = [ApplicationFactory(applicant=one) for one in (ann, ben)]
    start = cases[0].submitted_on
    ended = TODAY - timedelta(days=20)
    content = HEADING + (
        f"1,Ann,ann@x.org,{start},{ended}\n2,Ben,ben@x.org,{start},{ended - timedelta(days=40)}\n"
    )

    done(brought("memberships", content, office, complete_to=ended - timedelta(days=10)), office)

    gaps = [
        bool(standing.entries["membership"]["detail"]["gaps"])
        for standing in standings(cases, TODAY)
    ]
    assert gaps == [False, True]


def test_an_administrators_own_membership_is_not_theirs_to_enter(office):
    row = f"7,{office.name},{office.email},2026-01-01,\n"

    found = said(brought("memberships", HEADING + row, office), office)

    assert found[2][0] == "conflict"


def test_a_matching_is_remembered_and_a_missing_column_is_asked_for(office):
    content = b"Wer,Wann\nann@x.org,2026-01-01\n"
    client = Client()
    client.force_login(office.user)

    def bring():
        return client.post(
            reverse("bring-list", args=["memberships"]),
            {"file": SimpleUploadedFile("m.csv", content), "complete_to": TODAY.isoformat()},
        )

    first = client.get(bring().url)
    file = TableFile.objects.get()
    client.post(
        reverse("list", args=[file.pk]), {"action": "match", "email": "Wer", "start": "Wann"}
    )
    second = client.get(bring().url)

    assert first.context["missing"] == ["From"]
    assert second.context["file"].matching == {"email": "Wer", "start": "Wann"}
    assert "Neither a name" in second.content.decode()


def test_the_pages_bring_a_list_in(office):
    client = Client()
    client.force_login(office.user)
    content = HEADING.encode() + b"7,Ann Lee,ann@x.org,2026-01-01,\n8,Ben,,soon,\n"
    url = reverse("bring-list", args=["memberships"])
    nothing = client.post(url, {"complete_to": "x"})
    broken = client.post(
        url, {"file": SimpleUploadedFile("m.csv", b"\x00\x81"), "complete_to": TODAY.isoformat()}
    )
    posted = client.post(
        url, {"file": SimpleUploadedFile("m.csv", content), "complete_to": TODAY.isoformat()}
    )

    page = client.get(posted.url)
    press = {"action": "do", "digest": page.context["plan"].digest}
    refused = client.post(posted.url, press, follow=True)
    done = client.post(posted.url, press | {"without_problems": "on"}, follow=True)
    again = client.post(posted.url, press | {"without_problems": "on"}, follow=True)

    assert set(nothing.context["form"].errors) == {"file", "complete_to"}
    assert "is not a table" in str(broken.context["form"].errors)
    assert "with problems are left out" in refused.content.decode()
    assert "One row was brought in, 1 with problems left out." in done.content.decode()
    assert (again.status_code, Membership.objects.count()) == (200, 1)
    assert MembershipImport.objects.get().complete_to == TODAY
    for kind in KINDS:
        template = client.get(reverse("list-template", args=[kind]))
        assert (
            KINDS[kind]().missing(guessed(KINDS[kind], read_table(template.content, "t"), {})) == []
        )
        assert client.get(reverse("bring-list", args=[kind])).status_code == 200
    assert client.get(reverse("bring-list", args=["nothing"])).status_code == 404


def test_looking_at_a_list_takes_as_many_queries_for_30_rows_as_for_3(office):
    counts = []
    for rows in (3, 30):
        content = HEADING + "".join(f"{n},Member {n},m{n}@x.org,2026-01-01,\n" for n in range(rows))
        file = brought("memberships", content, office)
        with CaptureQueriesContext(connection) as counted:
            asked.plan(file, by=office, day=TODAY)
        counts.append(len(counted))

    assert counts[0] == counts[1]


# --- Going live ----------------------------------------------------------------------------------

PEOPLE = "Name,E-mail address,Profession\nAnn Lee,ann@x.org,physician\nAnn Lee,ann@x.org,\nX,bad,\n"
LEADERS = (
    "Credential number,Name,E-mail,Since\n"
    "ABS-1,Sue Ho,sue@x.org,2010-05-01\nABS-1,Ben,ben@x.org,2011-01-01\n"
)
APPROVALS = "Name,E-mail,From,Places\nSue Ho,sue@x.org,2012-01-01,5\nSue Ho,sue@x.org,2013-01-01,\n"
INTENSIVES = (
    "Intensive,First day,Last day,Name,E-mail address\n"
    "Boston,2019-10-03,2019-10-06,Ann Lee,ann@x.org\n"
    "Boston,2019-10-03,2019-10-06,Sue Ho,sue@x.org\n"
    "Boston,2099-10-03,2099-10-06,Sue Ho,sue@x.org\n"
)


def a_case():
    first = TODAY - timedelta(days=300)
    days = "; ".join(str(first + timedelta(days=14 * number)) for number in range(20))
    return write_csv(
        [str(column.label) for column in KINDS["cases"].columns],
        [
            [
                "Ann Lee",
                "ann@x.org",
                "physician",
                first,
                first,
                "abs-2007",
                "Tuesday",
                "medical",
                first,
                *("Bob Ray", "bob@x.org", "psychologist", days, days, "40"),
                *("Sue Ho", "sue@x.org", first, f"{first}; {first + timedelta(days=30)}"),
            ],
            ["Cem", "cem@x.org", "", TODAY + timedelta(days=1), *[""] * 15],
        ],
    )


def test_a_society_begins_in_the_middle_and_every_list_twice_changes_nothing(office):
    files = {
        "people": PEOPLE,
        "leaders": LEADERS,
        "approvals": APPROVALS,
        "intensives": INTENSIVES,
        "cases": a_case(),
    }

    states = {}
    for turn in range(2):
        for kind, content in files.items():
            file = brought(kind, content, office)
            states[kind, turn] = [state for state, _text in said(file, office).values()]
            done(file, office)

    assert states == {
        ("people", 0): ["add", "same", "bad"],
        ("people", 1): ["same", "same", "bad"],
        ("leaders", 0): ["add", "conflict"],
        ("leaders", 1): ["same", "conflict"],
        ("approvals", 0): ["add", "conflict"],
        ("approvals", 1): ["same", "conflict"],
        ("intensives", 0): ["add", "add", "bad"],
        ("intensives", 1): ["same", "same", "bad"],
        ("cases", 0): ["add", "bad"],
        ("cases", 1): ["same", "bad"],
    }
    case = Application.objects.get()
    standing = standings([case], TODAY)[0]
    assert (case.stage, case.moves.count(), case.applicant.name) == ("accepted", 2, "Ann Lee")
    assert dict(Credential.objects.values_list("number", "person__name")) == {"ABS-1": "Sue Ho"}
    assert (Approval.objects.get().places, Intensive.objects.count()) == (5, 1)
    assert Enrolment.objects.filter(completed=True).count() == 2
    assert [session.confirmations.get().reason[:20] for session in Session.objects.all()] == [
        "Documented elsewhere"
    ] * 2
    done_ = {key: entry["done"] for key, entry in standing.entries.items()}
    assert (done_["supervision"], done_["intensives-participant"]) == (2, 1)
    assert done_["leading"] >= 8
    assert done_["debriefing"] >= 8
    assert not Letter.objects.exists()
    assert Person.objects.filter(name="Bob Ray", profession="psychologist").count() == 1


def test_a_case_that_is_on_record_gets_what_it_lacks(office):
    done(brought("cases", a_case(), office), office)
    shorter = Application.objects.get()
    first = shorter.submitted_on
    more = (
        a_case()
        .decode("utf-8-sig")
        .replace(f"{first + timedelta(days=30)}", f"{first + timedelta(days=60)}")
    )

    found = said(brought("cases", more, office), office)

    assert found[2] == (
        "change",
        f"submitted {first.day} {first:%B} {first.year}, 1 entries of the log",
    )
