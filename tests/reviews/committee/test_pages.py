"""The pages of a case: who reaches them, what they show, and what they do with bad input."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applicants.operations
from applicants.models import Application, ProcedureMove, Ruling
from credentialing.people.models import Relation, Role
from credentialing.rules import procedures
from reviews.models import Activity, Recommendation, Timeline
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db

TABS = (
    "case",
    "case-evidence",
    "case-rulings",
    "case-supervision",
    "case-intensives",
    "case-documents",
    "case-discussion",
    "case-history",
    "ask-question",
)


@pytest.fixture
def chair():
    return factories.person("chair", name="Carla Chair")


def signed_in(person):
    client = Client()
    client.force_login(person.user)
    return client


def text(response):
    return unescape(response.content.decode())


def addresses(case):
    """Every page of a case, with what it takes to reach one."""
    reference = case.reference
    claimed = made.claim(case)
    ruling = Ruling.objects.create(
        application=case,
        kind="waive",
        requirement="supervision",
        terms={"waive": True},
        reason="…",
        ruled_on=made.today(),
        by=case.applicant,
        at=timezone.now(),
    )
    readers = [reverse(name, args=[reference]) for name in TABS]
    chairs = [
        reverse("move", args=[reference, "return"]),
        reverse("move", args=[reference, "accept"]),
        reverse("rule", args=[reference, "leading"]),
        reverse("rule-claim", args=[reference, claimed.pk]),
        reverse("revoke-ruling", args=[reference, ruling.pk]),
        reverse("propose-procedure", args=[reference]),
    ]
    return readers, chairs


def test_a_case_is_reached_by_those_who_may_act_on_it_and_does_not_exist_for_others(chair):
    case = factories.ApplicationFactory(stage="submitted")
    readers, chairs = addresses(case)
    Role.objects.create(person=case.applicant, kind="chair", start="2015-01-01")
    related = [factories.person("chair") for _each in range(4)]
    for person, kind in zip(
        related, ("supervisor", "co-leader", "evaluator", "faculty"), strict=True
    ):
        Relation.objects.create(
            person=person, applicant=case.applicant, kind=kind, since="2020-01-01", source="test"
        )
    deputy, member = factories.person("deputy"), factories.person("committee")
    strangers = [factories.person("council"), factories.person("administrator"), factories.person()]

    answers = {url: signed_in(chair).get(url).status_code for url in readers + chairs}
    assert set(answers.values()) == {200}, answers
    for person in (member, deputy):
        answers = {url: signed_in(person).get(url).status_code for url in readers + chairs}
        assert answers == dict.fromkeys(readers, 200) | dict.fromkeys(chairs, 404)
    for person in (case.applicant, *related, *strangers):
        answers = {signed_in(person).get(url).status_code for url in readers + chairs}
        assert answers == {404}


def test_what_one_may_not_see_answers_as_what_is_not_there(chair):
    draft = factories.ApplicationFactory(stage="draft")
    own = factories.ApplicationFactory(applicant=chair)
    client = signed_in(chair)

    pages = [
        client.get(reverse("case", args=[reference]))
        for reference in (draft.reference, own.reference, "ZZZZZZ")
    ]

    assert {page.status_code for page in pages} == {404}
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert len({token.sub("", text(page)) for page in pages}) == 1


def test_the_overview_shows_where_the_case_stands_and_what_may_be_done(chair):
    case = factories.ApplicationFactory(stage="submitted")
    deputy = factories.person("deputy", name="Dora Deputy")
    Relation.objects.create(
        person=deputy, applicant=case.applicant, kind="attested", since="2020-01-01", source="test"
    )
    made.question(case, chair)
    sue = factories.person(name="Sue Supervisor")
    running = factories.supervision(case.applicant, sue, date(2023, 3, 1))
    for number in range(14):
        factories.session(running, date(2023, 3, 10) + timedelta(days=30 * number))

    page = text(signed_in(chair).get(reverse("case", args=[case.reference])))

    for said in (
        case.applicant.name,
        "Next: the Chair accepts or returns the application.",
        "Accept application",
        "Return for correction",
        "Which group?",
        "Dora Deputy",
        f"Dora Deputy attested for {case.applicant.name}, since 1 January 2020",
        f"Sue Supervisor supervised {case.applicant.name}, 14 sessions, March 2023 to April 2024",
    ):
        assert said in page


def test_a_case_can_be_looked_at_as_it_stood_on_an_earlier_day(chair):
    case = factories.complete_case()
    client = signed_in(chair)
    address = reverse("case", args=[case.reference])
    before = made.today() - timedelta(days=200)

    then = client.get(address, {"as_of": before.isoformat()})
    wrong = [
        client.get(address, {"as_of": value})
        for value in ("0000-00-00", "yesterday", "9999-12-31", "0001-01-01", "2025-02-30")
    ]

    assert (then.context["as_of"], "moves/" in text(then)) == (before, False)
    remaining = {line["entry"]["id"]: line["entry"]["remaining"] for line in then.context["lines"]}
    assert remaining["intensive-candidate"] == 1
    assert {page.status_code for page in wrong} == {200}
    assert "Choose a day up to today." in text(wrong[2])


def test_accepting_returning_and_closing_work_through_the_pages(chair):
    client = signed_in(chair)
    accepted, returned = (factories.ApplicationFactory(stage="submitted") for _each in range(2))

    missing = client.post(reverse("move", args=[returned.reference, "return"]), {"reason": ""})
    client.post(
        reverse("move", args=[returned.reference, "return"]), {"reason": "A date is missing."}
    )
    done = client.post(reverse("move", args=[accepted.reference, "accept"]), follow=True)
    again = client.post(reverse("move", args=[accepted.reference, "accept"]))
    unknown = client.get(reverse("move", args=[accepted.reference, "decide"]))

    stages = [Application.objects.get(pk=case.pk).stage for case in (accepted, returned)]
    assert stages == ["accepted", "returned"]
    assert "Write something here." in text(missing)
    assert "The application is accepted." in text(done)
    assert again.status_code == 409
    assert "already accepted by Carla Chair" in text(again)
    assert unknown.status_code == 404


def test_a_form_sent_twice_has_one_effect(chair):
    case = factories.ApplicationFactory()
    client = signed_in(chair)
    said = {"text": "Let us wait.", "submission": "one-and-the-same"}

    for _each in range(2):
        client.post(reverse("case-discussion", args=[case.reference]), said)
    due = (made.today() + timedelta(days=3)).isoformat()
    asked = {"text": "Which group?", "due": due, "submission": "another"}
    for _each in range(2):
        client.post(reverse("ask-question", args=[case.reference]), asked)

    assert (case.remarks.count(), case.questions.count()) == (1, 1)


def test_a_ruling_is_shown_before_and_after_and_recorded_as_it_was_seen(chair):
    case = factories.ApplicationFactory()
    client = signed_in(chair)
    address = reverse("rule", args=[case.reference, "supervision"]) + "?kind=waive"
    said = {
        "reason": "Supervised abroad.",
        "met_on": made.today().isoformat(),
        "took_part": [chair.pk],
    }

    preview = client.post(address, said | {"step": "preview"})
    nothing_yet = Ruling.objects.count()
    blind = client.post(address, said | {"step": "save", "seen": "not this"})
    edited = client.post(address, said | {"step": "edit"})
    saved = client.post(address, said | {"step": "save", "seen": preview.context["seen"]})

    changed = [row["label"] for row in preview.context["comparison"] if row["changed"]]
    assert (changed, nothing_yet) == (["Supervision"], 0)
    assert "The record has changed since you looked." in text(blind)
    assert "Supervised abroad." in text(edited)
    assert "preview" not in edited.context
    assert saved.url == reverse("case-rulings", args=[case.reference])
    assert Ruling.objects.get().took_part == [chair.pk]
    assert "Supervision: waived" in text(client.get(saved.url))


def test_each_kind_of_ruling_can_be_made_through_its_form(chair):
    case = factories.complete_case()
    case.applicant.memberships.update(end=made.today() - timedelta(days=9))
    session = case.applicant.supervisions.get().sessions.order_by("date").last()
    session.minutes = 45  # no longer as the supervisor confirmed it
    session.save()
    client = signed_in(chair)

    def rule(requirement, kind, **said):
        address = reverse("rule", args=[case.reference, requirement]) + f"?kind={kind}"
        said |= {
            "reason": "The Committee decided so.",
            "met_on": made.today().isoformat(),
            "took_part": [chair.pk],
        }
        preview = client.post(address, said)
        seen = preview.context["seen"]
        return client.post(address, said | {"step": "save", "seen": seen}).status_code

    answers = [
        rule("membership", "accept", issues=["0"], scope="kind"),
        rule("supervision", "count", items=[session.key]),
        rule("supervision", "set", set_per_year=5, set_years=2, set_spread="per-year"),
        rule("debriefing", "waive"),
    ]

    assert answers == [302] * 4
    terms = [ruling.terms for ruling in Ruling.objects.order_by("pk")]
    assert terms == [
        {"accept": [{"code": "membership-gap", "detail": None}]},
        {"count": [session.key]},
        {"set": {"per_year": 5}},
        {"waive": True},
    ]


@pytest.mark.parametrize(
    ("requirement", "kind", "why"),
    [
        ("intensive-candidate", "waive", "does not let this be waived"),
        ("co-leaders", "set", "lets nothing of this be adjusted"),
        ("leading", "count", "Nothing was left out"),
        ("leading", "accept", "no question before the Committee"),
    ],
)
def test_what_can_not_be_ruled_is_explained(chair, requirement, kind, why):
    case = factories.complete_case()
    address = reverse("rule", args=[case.reference, requirement])

    page = signed_in(chair).get(address, {"kind": kind})
    forced = signed_in(chair).post(
        f"{address}?kind={kind}",
        {"reason": "…", "met_on": made.today(), "took_part": [chair.pk], "step": "save"},
    )

    assert why in text(page)
    assert (forced.status_code, Ruling.objects.count()) == (200, 0)


def test_an_assessment_that_was_not_presented_can_not_be_accepted(chair):
    case = factories.ApplicationFactory()
    end = made.today() - timedelta(days=5)
    for months in (400, 300):
        factories.took_part(case.applicant, end - timedelta(days=months))
    colleagues = [factories.person() for _each in range(3)]
    factories.candidacy(case.applicant, end, colleagues[:2], colleagues[2], presented=False)

    page = signed_in(chair).get(
        reverse("rule", args=[case.reference, "intensive-candidate"]), {"kind": "accept"}
    )

    assert "That can't be accepted as it stands; the evaluator presents it." in text(page)


def test_a_claim_is_granted_with_its_amount_and_a_ruling_revoked(chair):
    case = factories.ApplicationFactory()
    claimed = made.claim(case)
    client = signed_in(chair)
    meeting = {"met_on": made.today().isoformat(), "took_part": [chair.pk]}
    address = reverse("rule-claim", args=[case.reference, claimed.pk])
    said = meeting | {"decision": "grant", "reason": "As the text says."}

    seen = client.post(address, said).context["seen"]
    client.post(address, said | {"step": "save", "seen": seen})
    ruling = Ruling.objects.get()
    taking = reverse("revoke-ruling", args=[case.reference, ruling.pk])
    preview = client.post(taking, {"reason": "An error."})
    client.post(taking, {"reason": "An error.", "step": "save", "seen": preview.context["seen"]})

    assert (ruling.kind, ruling.claim) == ("grant", claimed)
    assert Ruling.objects.get().revocation.reason == "An error."
    assert client.get(taking).status_code == 404


def test_an_amount_in_lieu_is_asked_for_and_kept_within_its_bounds(chair):
    case = factories.complete_case()
    partner = case.applicant.balint_groups.get().leaders.exclude(person=case.applicant).get().person
    claimed = made.claim(case, "co-leading", leader_credentialed=True)
    claimed.leader = partner
    claimed.save()
    address = reverse("rule-claim", args=[case.reference, claimed.pk])
    said = {
        "decision": "grant",
        "reason": "As the text says.",
        "met_on": made.today().isoformat(),
        "took_part": [chair.pk],
    }
    client = signed_in(chair)

    pages = {
        amount: client.post(address, said | {"in_lieu_per_year": amount})
        for amount in ("", "0", "7", "99999999999999999999", "3")
    }

    errors = {
        amount: "in_lieu_per_year" in page.context["form"].errors for amount, page in pages.items()
    }
    assert errors == {"": True, "0": True, "7": True, "99999999999999999999": True, "3": False}
    assert "has not attested it" in text(pages["3"])


def test_the_review_opens_and_a_recommendation_is_made_through_the_pages(chair):
    case = factories.complete_case()
    client = signed_in(chair)
    said = {
        "outcome": "for",
        "reasons": "Leads with care.",
        "met_on": made.today().isoformat(),
        "took_part": [chair.pk],
    }

    client.post(reverse("move", args=[case.reference, "open-review"]))
    client.post(reverse("take-snapshot", args=[case.reference]))
    wrong = client.post(
        reverse("recommend", args=[case.reference]), said | {"met_on": "2999-01-01"}
    )
    client.post(reverse("recommend", args=[case.reference]), said)

    case.refresh_from_db()
    assert (case.stage, case.snapshots.count()) == ("recommended", 2)
    assert "today or earlier" in text(wrong)
    assert Recommendation.objects.get().outcome == "for"
    assert "The Committee recommends to credential" in text(
        client.get(reverse("case", args=[case.reference]))
    )


def test_a_case_opens_on_equivalent_training_through_the_page(chair):
    case = factories.complete_case()
    case.applicant.supervisions.get().sessions.update(withdrawn_at=timezone.now())
    client = signed_in(chair)
    address = reverse("move", args=[case.reference, "open-review"])
    said = {
        "requirements": ["supervision"],
        "reason": "Ten years abroad.",
        "met_on": made.today().isoformat(),
        "took_part": [chair.pk],
    }

    page = client.get(address)
    client.post(address, said)

    case.refresh_from_db()
    assert "Exceptional Circumstances" in text(page)
    assert case.stage == "under-review"


def test_a_gap_of_the_membership_is_shown_and_has_to_be_acknowledged(chair):
    case = factories.complete_case(stage="under-review")
    case.applicant.memberships.update(end=made.today() - timedelta(days=9))
    made.frozen(case, chair)
    client = signed_in(chair)
    address = reverse("recommend", args=[case.reference])
    said = {
        "outcome": "against",
        "reasons": "Not yet.",
        "met_on": made.today().isoformat(),
        "took_part": [chair.pk],
    }

    silent = client.post(address, said)
    client.post(address, said | {"acknowledges_gap": "on"})

    assert "Membership lapsed" in text(silent)
    assert Recommendation.objects.get().outcome == "against"


def rows(*activities, **more):
    """A timeline's form as a browser sends it."""
    sent = {"form-TOTAL_FORMS": len(activities), "form-INITIAL_FORMS": 0} | more
    for place, activity in enumerate(activities):
        sent |= {f"form-{place}-{name}": value for name, value in activity.items()}
    return sent


def test_further_work_is_asked_for_negotiated_and_done_through_the_pages(chair):
    case = factories.ApplicationFactory(stage="under-review")
    client, applicant = signed_in(chair), signed_in(case.applicant)
    address = reverse("further-work", args=[case.reference])
    empty = dict.fromkeys(made.work(), "")

    more = client.post(address, rows(made.work(), add="1"))
    client.post(address, rows(made.work(), empty))
    later = made.work(due=made.today() + timedelta(days=90))
    mine = text(applicant.get(reverse("timeline")))
    applicant.post(reverse("propose-timeline"), rows(later, note="I move house."))
    version = Timeline.objects.get().versions.get(number=2)
    theirs = text(client.get(address))
    client.post(reverse("agree-further-work", args=[case.reference, version.pk]))
    activity = version.activities.get()
    applicant.post(reverse("complete-activity", args=[activity.pk]), {"note": "Six led."})

    case.refresh_from_db()
    assert len(more.context["activities"].forms) == 2
    assert "Holding the frame" in text(more)
    assert "The Committee proposes" in mine
    assert "I move house." in theirs
    assert case.stage == "under-review"
    assert "This timeline has ended." in text(applicant.get(reverse("timeline")))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"form-TOTAL_FORMS": "x", "form-INITIAL_FORMS": "y"},
        {"form-TOTAL_FORMS": "99999999999", "form-INITIAL_FORMS": "0"},
        {"form-TOTAL_FORMS": "-1", "form-INITIAL_FORMS": "-1"},
        rows(made.work(due="0000-00-00")),
        rows(made.work(due="2020-01-01")),
        rows(made.work(area="x" * 201)),
        rows(made.work(activity="x" * 100_000)),
        rows(dict.fromkeys(made.work(), "")),
    ],
)
def test_a_timeline_that_can_not_be_read_is_shown_again(chair, sent):
    case = factories.ApplicationFactory(stage="under-review")

    page = signed_in(chair).post(reverse("further-work", args=[case.reference]), sent)

    assert (page.status_code, Timeline.objects.count()) == (200, 0)


def test_a_timeline_is_the_applicants_own(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    other = factories.ApplicationFactory(stage="further-work")
    made.agreed(other, chair)
    client = signed_in(other.applicant)

    answers = [
        client.get(reverse("complete-activity", args=[activity.pk])).status_code,
        client.post(reverse("agree-timeline", args=[activity.version_id])).status_code,
        signed_in(factories.person()).get(reverse("timeline")).status_code,
        signed_in(chair)
        .post(reverse("agree-further-work", args=[other.reference, activity.version_id]))
        .status_code,
    ]

    assert answers == [404] * 4
    assert not Activity.objects.get(pk=activity.pk).done_on


def test_a_missed_deadline_is_shown_with_the_ways_on(chair):
    case = factories.ApplicationFactory(stage="further-work")
    made.agreed(case, chair, due=made.today() - timedelta(days=2))

    page = text(signed_in(chair).get(reverse("further-work", args=[case.reference])))

    for way in ("Propose another version", "Close case", "Go on with the review"):
        assert way in page


def test_another_procedure_is_proposed_with_what_both_say(chair):
    case = factories.ApplicationFactory()
    other = next(key for key in procedures() if key != case.procedure)
    client = signed_in(chair)
    address = reverse("propose-procedure", args=[case.reference])
    said = {"to": other, "reason": "The later text fits better."}

    preview = client.post(address, said)
    client.post(address, said | {"step": "save", "seen": preview.context["seen"]})

    move = ProcedureMove.objects.get()
    assert set(move.assessments) == {case.procedure, other}
    assert "Waits for the applicant" in text(client.get(reverse("case", args=[case.reference])))


def test_the_presented_assessment_is_read_and_a_draft_is_not(chair):
    case = factories.complete_case()
    other = factories.ApplicationFactory()
    end = made.today() - timedelta(days=5)
    colleagues = [factories.person() for _each in range(3)]
    factories.candidacy(other.applicant, end, colleagues[:2], colleagues[2], presented=False)

    pages = [
        text(signed_in(chair).get(reverse("case-intensives", args=[each.reference])))
        for each in (case, other)
    ]

    assert ["Led well." in page for page in pages] == [True, False]


def test_the_history_tells_the_moves_and_the_chair_the_trail_but_never_a_vote(chair):
    case = factories.ApplicationFactory(stage="submitted")
    member = factories.person("committee")
    by = {"by": chair, "at": timezone.now()}
    applicants.operations.accept(case, **by)
    applicants.operations.ask(case, text="Which group?", due=made.today() + timedelta(days=5), **by)
    from credentialing.records import audit

    audit.record("vote.cast", case.reference, by=member)
    address = reverse("case-history", args=[case.reference])

    full, plain = (text(signed_in(person).get(address)) for person in (chair, member))

    assert ("Accepted" in full, "Question asked" in full) == (True, True)
    assert ("Accepted" in plain, "Question asked" in plain) == (True, False)
    assert "vote" not in full.lower()


NASTY = (
    "x" * 100_000,
    "\u202e",
    "<script>alert(1)</script>",
    "-1",
    "9" * 30,
    "0000-00-00",
    "é" * 50,
)


@pytest.mark.parametrize("value", NASTY)
def test_no_input_breaks_a_page(chair, value):
    case = factories.ApplicationFactory(stage="under-review")
    client = signed_in(chair)
    fields = ("reason", "text", "due", "met_on", "took_part", "outcome", "reasons", "issues")
    fields += ("scope", "items", "set_months", "to", "decision", "step", "seen", "requirements")
    sent = dict.fromkeys(fields, value)
    reference = case.reference
    pages = [
        reverse("move", args=[reference, "close"]),
        reverse("recommend", args=[reference]),
        reverse("case-discussion", args=[reference]),
        reverse("ask-question", args=[reference]),
        reverse("propose-procedure", args=[reference]),
        *(
            reverse("rule", args=[reference, "leading"]) + f"?kind={kind}"
            for kind in ("accept", "set", "count", "waive", "x")
        ),
    ]

    answers = {url: client.post(url, sent).status_code for url in pages}
    answers |= {
        url: client.get(url).status_code
        for url in (
            reverse("cases") + "?" + f"stage={value[:50]}&order={value[:50]}&page={value[:50]}",
            reverse("rule", args=[reference, "no-such-thing"]),
        )
    }

    assert {code for code in answers.values() if code >= 500} == set()
