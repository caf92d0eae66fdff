"""What a ruling would change, shown before it is made, is what it changes."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

import applicants.operations
from credentialing.records.refusals import Refused
from credentialing.standing.queries import standing
from reviews.queries import rulings as ruled
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return factories.person("chair")


def short_case():
    """A case with questions and items left out of every kind that a ruling can settle."""
    case = factories.complete_case()
    applicant = case.applicant
    applicant.memberships.update(end=made.today() - timedelta(days=40))
    course = applicant.supervisions.get()
    for session in course.sessions.order_by("date")[:4]:
        session.confirmations.model.objects.filter(session=session)
        session.minutes = 50  # what was confirmed no longer stands as it was
        session.save()
    group = applicant.balint_groups.get()
    for debriefing in group.debriefings.order_by("date")[10:30]:
        debriefing.minutes = 20
        debriefing.save()
    group.leaders.exclude(person=applicant).update(profession="nurse")
    applicant.enrolments.filter(role="participant").first()
    applicant.enrolments.filter(role="participant").update(completed=False)
    return case


def settled(data):
    """An assessment without the keys of rulings, which a preview cannot know."""
    return {
        "ready": data["ready_for_review"],
        "requirements": [
            {**entry, "adjusted_by": len(entry["adjusted_by"])} for entry in data["requirements"]
        ],
        "claims": [(claim["id"], claim["state"], claim["shortfalls"]) for claim in data["claims"]],
        "exceptions": [(each["requirement"], each["state"]) for each in data["exceptions"]],
    }


def record(case, chair, kind, requirement, terms, *, reason="The Committee decided so."):
    return applicants.operations.rule(
        case,
        kind=kind,
        requirement=requirement,
        terms=terms,
        reason=reason,
        met_on=made.today(),
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )


def possible(now):
    """Every ruling of one step that the procedure allows on a case as it stands."""
    found = []
    for requirement in now.procedure.requirements:
        entry = now.entries[requirement.id]
        for issue in ruled.acceptable(entry):
            for detail in (issue["detail"], None):
                terms = {"accept": [{"code": issue["code"], "detail": detail}]}
                found.append(("accept", requirement.id, terms))
        items = [said["id"] for said in ruled.countable(entry)]
        if items:
            found.append(("count", requirement.id, {"count": items}))
            found.append(("count", requirement.id, {"count": items[:1]}))
        for name, value in ruled.settings_of(requirement, now).items():
            new = "total" if name == "spread" else max(1, (value or 0) - 1)
            found.append(("set", requirement.id, {"set": {name: new}}))
        if requirement.may_waive:
            found.append(("waive", requirement.id, {"waive": True}))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_before_a_ruling_is_what_holds_after_it(chair, seed):
    case = short_case()
    draw = random.Random(seed)
    by = {"by": chair, "at": timezone.now()}

    for step in range(6):
        now = standing(case, made.today())
        if step in (3, 5):
            ruling = draw.choice(list(ruled.revocable(case)))
            shown = ruled.without(now, ruling, day=made.today())
            applicants.operations.revoke(ruling, reason="An error.", **by)
            after = standing(case, made.today())
            assert settled(shown.data) == settled(after.data), ("revoked", ruling.terms)
            continue
        kind, requirement, terms = draw.choice(possible(now))
        shown = ruled.with_exception(
            now, requirement=requirement, terms=terms, day=made.today(), reason="…"
        )
        record(case, chair, kind, requirement, terms)
        after = standing(case, made.today())

        assert settled(shown.data) == settled(after.data), (kind, requirement, terms)


def test_accepting_an_issue_waiving_and_setting_change_what_they_say(chair):
    case = short_case()
    now = standing(case, made.today())
    gap = now.entries["membership"]["issues"][0]

    accepted = ruled.with_exception(
        now, requirement="membership", terms={"accept": [gap]}, day=made.today(), reason="…"
    )
    waived = ruled.with_exception(
        now, requirement="supervision", terms={"waive": True}, day=made.today(), reason="…"
    )
    fewer = ruled.with_exception(
        now,
        requirement="intensives-participant",
        terms={"set": {"count": 1}},
        day=made.today(),
        reason="…",
    )

    assert accepted.entries["membership"]["status"] == "met"
    assert waived.entries["supervision"]["status"] == "waived"
    assert fewer.entries["intensives-participant"]["required"] == 1
    assert now.portfolio["exceptions"] == []


@pytest.mark.parametrize(
    ("requirement", "terms"),
    [
        ("intensive-candidate", {"waive": True}),
        ("application", {"waive": True}),
        ("co-leaders", {"set": {"setting": "other"}}),
        ("leading", {"set": {"months": -3}}),
        ("leading", {"set": {"months": "many"}}),
        ("leading", {"set": {}}),
        ("leading", {"count": ["m999999"]}),
        (
            "intensive-candidate",
            {"accept": [{"code": "assessment-not-presented", "detail": None}]},
        ),
    ],
)
def test_what_the_procedure_does_not_allow_is_refused_in_words(requirement, terms):
    now = standing(factories.ApplicationFactory(), made.today())

    with pytest.raises(Refused) as refused:
        ruled.with_exception(
            now, requirement=requirement, terms=terms, day=made.today(), reason="…"
        )

    assert refused.value.message


def test_a_claim_granted_or_refused_is_shown_as_it_will_be(chair):
    case = short_case()
    granted, refused = made.claim(case), made.claim(case, "process-group-training")
    refused.facts = {"formal_training": True, "laboratory_months": 4}
    refused.save()
    common = {
        "reason": "As the text says.",
        "met_on": made.today(),
        "took_part": [chair.pk],
        "by": chair,
        "at": timezone.now(),
    }

    now = standing(case, made.today())
    shown = [
        ruled.with_claim(now, granted, granted=True, in_lieu_per_year=None, day=made.today()),
        ruled.with_claim(now, refused, granted=False, in_lieu_per_year=None, day=made.today()),
    ]
    applicants.operations.grant(granted, in_lieu_per_year=None, **common)
    after_one = standing(case, made.today())
    shown.append(
        ruled.with_claim(after_one, refused, granted=False, in_lieu_per_year=None, day=made.today())
    )
    applicants.operations.refuse(refused, **common)
    after_both = standing(case, made.today())

    assert settled(shown[0].data) == settled(after_one.data)
    assert settled(shown[2].data) == settled(after_both.data)
    assert [each["state"] for each in after_both.data["claims"]] == ["granted", "refused"]


def test_a_claim_that_the_text_does_not_support_is_not_shown_as_granted():
    case = factories.ApplicationFactory()
    short = made.claim(case, end="2016-01-01")
    now = standing(case, made.today())

    with pytest.raises(Refused, match="did not last long enough"):
        ruled.with_claim(now, short, granted=True, in_lieu_per_year=None, day=made.today())


def test_a_ruling_revoked_is_shown_as_it_will_be(chair):
    case = short_case()
    made_claim = made.claim(case)
    grant = applicants.operations.grant(
        made_claim,
        in_lieu_per_year=None,
        reason="As the text says.",
        met_on=made.today(),
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )
    waiver = record(case, chair, "waive", "supervision", {"waive": True})

    for ruling in (grant, waiver):
        now = standing(case, made.today())
        shown = ruled.without(now, ruling, day=made.today())
        applicants.operations.revoke(ruling, reason="An error.", by=chair, at=timezone.now())

        assert settled(shown.data) == settled(standing(case, made.today()).data)


def test_precedents_are_of_the_same_kind_and_thing_and_name_nobody(chair):
    here, there = factories.ApplicationFactory(), short_case()
    there.applicant.name = "Ann Ample"
    there.applicant.save()
    record(there, chair, "waive", "supervision", {"waive": True})
    record(there, chair, "waive", "debriefing", {"waive": True})
    record(here, chair, "waive", "supervision", {"waive": True})
    own = there.applicant
    ask = {"kind": "waive", "requirement": "supervision", "day": made.today(), "but": here}

    found = ruled.precedents(chair, **ask)

    assert [each["what"] for each in found] == ["Supervision: waived"]
    assert ruled.precedents(own, **ask) == []


def test_a_precedent_names_neither_the_applicant_nor_who_is_related(chair):
    here, there = factories.ApplicationFactory(), short_case()
    for case, name in ((there, "Ann Ample"), (here, "Bea Here")):
        case.applicant.name = name
        case.applicant.save()
    factories.supervision(there.applicant, factories.person(name="Sue Super"), made.today())
    reason = "Sue Super heard Ann Ample lead. Super’s word, and Bea Here’s, suffices."
    record(there, chair, "waive", "supervision", {"waive": True}, reason=reason)

    (found,) = ruled.precedents(
        chair, kind="waive", requirement="supervision", day=made.today(), but=here
    )

    assert found["reason"] == (
        "the supervisor heard the applicant lead. the supervisor’s word, and Bea Here’s, suffices."
    )
