"""The members' advice: read once one has given one's own; and stepping aside."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import StageMove
from credentialing.people.models import Relation
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.models import Advice, Assignment
from reviews.queries import queue
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return factories.person("chair", name="Carla Chair")


@pytest.fixture
def case(chair):
    case = factories.complete_case(stage="accepted")
    operations.open_review(case, by=chair, at=timezone.now())
    case.refresh_from_db()
    return case


def advise(case, by, text, leaning="for"):
    return operations.advise(case, leaning=leaning, text=text, by=by, at=timezone.now())


def page(person, case, name="case-discussion"):
    client = Client()
    client.force_login(person.user)
    return client.get(reverse(name, args=[case.reference])).content.decode()


def test_what_others_advise_is_read_once_one_has_advised_oneself(chair, case):
    first, second = (factories.person("committee", name=name) for name in ("Mia M", "Noa N"))
    advise(case, first, "Calm and clear.")

    blind = page(second, case)
    advise(case, second, "Too soon.", "further-work")
    seeing = page(second, case)

    assert ("Calm and clear." in blind, "Mia M" in blind) == (False, True)
    assert "Calm and clear." in seeing
    assert "Too soon." in page(first, case)
    assert "Calm and clear." not in page(chair, case, "recommend")


def test_after_the_recommendation_every_member_reads_what_was_advised(chair, case):
    first, second = (factories.person("committee") for _each in range(2))
    advise(case, first, "Calm and clear.")
    operations.recommend(
        case,
        outcome="for",
        reasons="Yes.",
        met_on=made.today(),
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )

    assert "Calm and clear." in page(second, case)
    with pytest.raises(Refused):
        advise(case, second, "Late.")


def test_advice_of_an_earlier_review_is_not_asked_again_but_given_anew(chair, case):
    member = factories.person("committee")
    advise(case, member, "Calm.")

    def wanted():
        return [each.item.case.pk for each in queue.matters(member, day=made.today())]

    before = wanted()
    number = case.moves.count() + 1
    StageMove.objects.create(
        application=case,
        number=number,
        move="back-to-review",
        from_stage="further-work",
        to_stage="under-review",
        at=timezone.now() + timedelta(seconds=1),
    )

    assert (before.count(case.pk), wanted().count(case.pk)) == (1, 2)  # "to recommend" is there


def test_the_newest_of_ones_advice_counts_and_the_earlier_stays_on_record(chair, case):
    advise(case, chair, "Not yet.", "further-work")
    advise(case, chair, "Now yes.", "for")

    shown = page(chair, case)

    assert ("Now yes." in shown, "Not yet." in shown) == (True, False)
    assert Advice.objects.count() == 2


@pytest.mark.parametrize(("field", "said"), [("leaning", "perhaps"), ("text", "  ")])
def test_advice_says_what_and_why(chair, case, field, said):
    with pytest.raises(Refused) as refused:
        operations.advise(
            case,
            **({"leaning": "for", "text": "Yes."} | {field: said}),
            by=chair,
            at=timezone.now(),
        )

    assert refused.value.field == field


@pytest.mark.parametrize("kind", ["council", "administrator"])
def test_nobody_outside_the_committee_advises(case, kind):
    outsiders = [
        factories.person(kind),
        case.applicant,
        case.applicant.supervisions.get().supervisor,
    ]

    for outsider in outsiders:
        with pytest.raises(Http404):
            advise(case, outsider, "Yes.")


def test_who_steps_aside_sees_nothing_of_the_case_and_the_chair_is_told(chair, case):
    member = factories.person("committee", name="Mia Member")
    advise(case, member, "Calm.")
    Assignment.objects.create(
        application=case, matter="recommend", to=member, by=chair, at=timezone.now()
    )
    client = Client()
    client.force_login(member.user)
    address = reverse("step-aside", args=[case.reference])

    missing = client.post(address, {"reason": ""})
    client.post(address, {"reason": "A former resident of mine."})

    assert "Write something here." in missing.content.decode()
    assert client.get(reverse("case", args=[case.reference])).status_code == 404
    assert case.reference not in client.get(reverse("queue")).content.decode()
    assert Relation.objects.get(person=member).kind == "recused"
    assert Letter.objects.get(kind="stepped-aside").to == chair
    assert Assignment.objects.get().ended_at
    assert "Stepped aside: Mia Member." in page(chair, case)
