"""The joint assessment: the three alone, two answers to one revision, two presentations."""

from datetime import timedelta

import pytest
from django.http import Http404

from credentialing.people.models import Person
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from intensives import operations, queries
from intensives.models import Agreement, CoLed, Presentation, WrittenAssessment
from intensives.operations import Clash
from intensives.operations.assessing import digest
from tests.factories import intensive, person
from tests.intensives.conftest import AFTER, BEFORE, BODY, DURING, END, START

CHANGED = BODY | {"narrative": "Held the group very well."}


def led(scene, member, day=START, **changes):
    values = {"faculty": member, "date": day, "by": member, "at": AFTER}
    return operations.record_co_led(scene.enrolment, **(values | changes))


# --- The sessions ----------------------------------------------------------------------------


def test_a_session_is_co_led_with_each_of_the_two_faculty_of_the_group(placed):
    led(placed, placed.fay)
    led(placed, placed.flo, START + timedelta(days=1))

    for other in (placed.gus, placed.eve, placed.candidate):
        with pytest.raises(Refused):
            led(placed, other, by=placed.eve)
    assert [each.faculty for each in CoLed.objects.order_by("date")] == [placed.fay, placed.flo]


def test_a_co_led_session_lies_inside_the_intensive_and_not_in_the_future(placed):
    for day in (START - timedelta(days=1), END + timedelta(days=1)):
        with pytest.raises(Refused):
            led(placed, placed.fay, day)
    with pytest.raises(Refused) as early:
        led(placed, placed.fay, END, at=DURING)

    assert (early.value.field, CoLed.objects.count()) == ("date", 0)


def test_a_session_recorded_again_corrects_its_day(placed):
    led(placed, placed.fay)
    led(placed, placed.fay, END)

    assert [each.date for each in CoLed.objects.all()] == [END]


def test_no_session_is_recorded_with_who_became_supervisor(placed):
    placed.bar(placed.fay)

    with pytest.raises(Refused):
        led(placed, placed.fay)


def test_only_the_three_record_sessions(placed):
    for nobody in (placed.candidate, placed.chair, placed.office, placed.gus):
        with pytest.raises(Http404):
            led(placed, placed.fay, by=nobody)


# --- The draft -------------------------------------------------------------------------------


def test_the_evaluator_drafts_and_nobody_else(placed):
    draft = placed.draft()

    for member in (placed.fay, placed.flo):
        with pytest.raises(Refused):
            placed.draft(draft.revision, by=member)
    for nobody in (placed.candidate, placed.chair, placed.office, placed.gus, placed.eli):
        with pytest.raises(Http404):
            placed.draft(draft.revision, by=nobody)
    assert (draft.revision, draft.body) == (1, BODY)


def test_a_draft_leaves_no_trace_outside_the_three(placed):
    entries, written = AuditEntry.objects.count(), Letter.objects.count()

    draft = placed.draft()
    operations.ask_to_agree(draft, revision=1, by=placed.eve, at=AFTER)

    told = Letter.objects.order_by("pk")[written:]
    assert AuditEntry.objects.count() == entries
    assert {(letter.to.name, letter.kind) for letter in told} == {
        ("Fay", "candidate-waits"),
        ("Flo", "candidate-waits"),
    }
    assert not any("assess" in letter.subject + letter.text for letter in told)


def test_a_second_window_clashes_and_loses_nothing(placed):
    placed.draft()
    placed.draft(1, body=CHANGED)

    with pytest.raises(Clash) as clash:
        placed.draft(1, body=BODY | {"narrative": "Mine."})

    assert clash.value.stored.body == CHANGED
    assert placed.draft(2, body=BODY | {"narrative": "Both."}).revision == 3


def test_the_same_words_saved_again_are_the_same_revision(placed):
    placed.draft()

    assert placed.draft(0).revision == 1


@pytest.mark.parametrize("day", [END + timedelta(days=30), START - timedelta(days=1)])
def test_the_three_meet_after_the_start_and_not_in_the_future(placed, day):
    with pytest.raises(Refused) as refused:
        placed.draft(met_on=day)

    assert refused.value.field == "met_on"


def test_there_is_no_draft_before_the_intensive_begins(placed):
    with pytest.raises(Refused):
        placed.draft(when=BEFORE, met_on=None)


@pytest.mark.parametrize(
    "body",
    [
        {"competencies": {"unknown": "sound"}},
        {"competencies": {"frame": "excellent"}},
        {"competencies": {"frame": ["sound"]}},
        {"competencies": "all"},
        {"narrative": "x" * 100_001},
        {"narrative": 3},
    ],
)
def test_a_body_of_another_shape_is_refused(placed, body):
    with pytest.raises(Refused):
        placed.draft(body=BODY | body)


# --- The answers -----------------------------------------------------------------------------


def test_an_answer_is_to_one_revision_and_a_change_makes_it_stale(placed):
    draft = placed.agreed()
    [before] = queries.assessed_by(placed.eve)
    fresh = queries.lacking(before, before.assessment)

    placed.draft(draft.revision, body=CHANGED)
    [after] = queries.assessed_by(placed.eve)

    assert fresh == []
    assert queries.lacking(after, after.assessment) == [placed.fay, placed.flo]
    assert Agreement.objects.first().content == BODY | {"met_on": END.isoformat()}


def test_an_answer_to_words_that_have_changed_is_refused(placed):
    draft = placed.draft()
    placed.draft(1, body=CHANGED)

    with pytest.raises(Clash):
        operations.agree(draft, revision=1, by=placed.fay, at=AFTER)
    assert Agreement.objects.count() == 0


def test_nobody_answers_twice_or_for_others(placed):
    draft = placed.draft()
    operations.agree(draft, revision=1, dissent="Too kind.", by=placed.fay, at=AFTER)

    for member in (placed.fay, placed.eve):
        with pytest.raises(Refused):
            operations.agree(draft, revision=1, by=member, at=AFTER)
    for nobody in (placed.candidate, placed.chair, placed.office, placed.gus):
        with pytest.raises(Http404):
            operations.agree(draft, revision=1, by=nobody, at=AFTER)
    assert [each.dissent for each in Agreement.objects.all()] == ["Too kind."]


def test_the_evaluator_asks_only_who_has_not_answered(placed):
    draft = placed.draft()
    operations.agree(draft, revision=1, by=placed.fay, at=AFTER)

    asked = operations.ask_to_agree(draft, revision=1, by=placed.eve, at=AFTER)
    operations.agree(draft, revision=1, by=placed.flo, at=AFTER)

    with pytest.raises(Refused):
        operations.ask_to_agree(draft, revision=1, by=placed.eve, at=AFTER)
    assert asked == [placed.flo]


# --- The presentation ------------------------------------------------------------------------


def present(scene, to, **changes):
    draft = WrittenAssessment.objects.get()
    return operations.present(draft, to=to, **({"by": scene.eve, "at": AFTER} | changes))


def test_candidate_and_committee_get_the_same_bytes(placed):
    placed.agreed()
    first = present(placed, "candidate")
    Person.objects.filter(pk=placed.fay.pk).update(name="Fay Renamed")

    second = present(placed, "committee", at=AFTER + timedelta(days=3))

    assert (first.content, first.digest) == (second.content, second.digest)
    assert digest(Presentation.objects.get(to="committee").content) == first.digest


def test_what_is_presented_names_people_dates_words_and_answers(placed):
    led(placed, placed.fay)
    draft = placed.draft()
    operations.agree(draft, revision=1, dissent="Too kind.", by=placed.fay, at=AFTER)
    operations.agree(draft, revision=1, by=placed.flo, at=AFTER)

    content = present(placed, "candidate").content

    assert content["evaluator"]["name"] == "Eve"
    assert [(each["name"], each["agrees"], each["dissent"]) for each in content["faculty"]] == [
        ("Fay", False, "Too kind."),
        ("Flo", True, ""),
    ]
    assert content["co_led"] == [
        {"person": placed.fay.key, "name": "Fay", "date": START.isoformat()}
    ]
    assert (content["met_on"], content["narrative"]) == (END.isoformat(), BODY["narrative"])
    assert content["competencies"][0]["said"] == "sound"


def test_nothing_is_presented_before_both_have_answered_the_words_as_they_stand(placed):
    draft = placed.draft()
    operations.agree(draft, revision=1, by=placed.fay, at=AFTER)

    with pytest.raises(Refused) as waits:
        present(placed, "candidate")
    operations.agree(draft, revision=1, by=placed.flo, at=AFTER)
    placed.draft(1, body=CHANGED)
    with pytest.raises(Refused) as stale:
        present(placed, "candidate")

    assert "Flo" in waits.value.message
    assert "Fay" in stale.value.message
    assert Presentation.objects.count() == 0


def test_nothing_is_presented_before_the_three_have_met(placed):
    draft = placed.draft(met_on=None)
    for member in (placed.fay, placed.flo):
        operations.agree(draft, revision=1, by=member, at=AFTER)

    with pytest.raises(Refused) as refused:
        present(placed, "candidate")

    assert refused.value.field == "met_on"


def test_presented_twice_to_the_same_is_once(placed):
    placed.agreed()
    present(placed, "committee")

    with pytest.raises(Refused) as refused:
        present(placed, "committee")

    assert "already" in refused.value.message
    assert Presentation.objects.count() == 1
    assert Letter.objects.filter(kind="assessment-presented").count() == 1


@pytest.mark.parametrize("to", ["candidate", "committee"])
def test_after_either_presentation_the_draft_is_final(placed, to):
    draft = placed.agreed()
    present(placed, to)

    with pytest.raises(Refused):
        placed.draft(draft.revision, body=CHANGED)
    with pytest.raises(Refused):
        operations.agree(draft, revision=draft.revision, by=placed.fay, at=AFTER)
    with pytest.raises(Refused):
        operations.replace_evaluator(
            placed.enrolment, evaluator=placed.eli, reason="Late.", by=placed.chair, at=AFTER
        )


def test_only_the_evaluator_presents(placed):
    placed.agreed()

    for member in (placed.fay, placed.flo):
        with pytest.raises(Refused):
            present(placed, "committee", by=member)
    for nobody in (placed.candidate, placed.chair, placed.office):
        with pytest.raises(Http404):
            present(placed, "committee", by=nobody)
    with pytest.raises(Refused):
        present(placed, "everybody")


def test_the_letters_of_a_presentation_go_to_the_candidate_and_to_the_chairs(placed):
    deputy = person("deputy", name="Dora")
    placed.bar(deputy)
    placed.agreed()

    present(placed, "candidate")
    present(placed, "committee")

    told = Letter.objects.filter(kind="assessment-presented").values_list("to__name", "needs")
    assert sorted(told) == sorted([(placed.candidate.name, "own"), ("Carla", "chair")])


def test_the_committee_finds_what_was_presented_and_nothing_before(placed):
    placed.agreed()
    before = queries.presented(placed.case)

    present(placed, "candidate")
    to_candidate = queries.presented(placed.case)
    made = present(placed, "committee")

    assert (before, to_candidate, queries.presented(placed.case)) == ([], [], [made])


def test_the_portfolio_does_not_tell_of_a_draft(placed):
    before = queries.facts([placed.case])

    placed.agreed()

    assert queries.facts([placed.case]) == before


# --- What is added afterwards ----------------------------------------------------------------


def test_a_correction_stands_beside_what_was_presented_and_changes_none_of_it(placed):
    placed.agreed()
    draft = WrittenAssessment.objects.get()

    def add(text="The second session was on Friday.", by=placed.eve):
        return operations.add_addendum(draft, text=text, by=by, at=AFTER)

    with pytest.raises(Refused):
        add()
    made = present(placed, "candidate")
    for wrong in ({"text": " "}, {"by": placed.fay}):
        with pytest.raises(Refused):
            add(**wrong)
    for nobody in (placed.candidate, placed.chair, placed.office):
        with pytest.raises(Http404):
            add(by=nobody)
    addendum = add()
    with pytest.raises(Refused):
        add()
    present(placed, "committee")

    told = Letter.objects.filter(kind="assessment-corrected").values_list("to__name", flat=True)
    [to_candidate] = queries.presented_to_candidate(placed.candidate)
    [to_committee] = queries.presented(placed.case)
    assert sorted(told) == sorted(["Fay", "Flo", placed.candidate.name])
    assert to_candidate.assessment.added == to_committee.assessment.added == [addendum]
    assert to_candidate.digest == to_committee.digest == made.digest
    assert len(addendum.digest) == 64


def test_a_candidacy_is_repeated_at_a_later_intensive_with_an_assessment_of_its_own(placed):
    placed.agreed()
    first = present(placed, "candidate")
    later = intensive(END + timedelta(days=100), title="Winter Intensive")
    group = operations.add_small_group(
        later,
        name="A",
        first_faculty=placed.gus,
        second_faculty=placed.gil,
        by=placed.office,
        at=AFTER,
    )

    again = operations.enrol(
        later, placed.candidate, role="candidate", by=placed.candidate, at=AFTER
    )
    placed.place(again, small_group=group, at=AFTER)

    assert queries.draft_of(again) is None
    assert [made.pk for made in queries.presented_to_candidate(placed.candidate)] == [first.pk]
    assert list(queries.assessed_by(placed.gus)) == [again]
