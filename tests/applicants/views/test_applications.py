import pytest
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import Application
from tests.applicants import cases
from tests.factories import ApplicationFactory, membership, person

pytestmark = pytest.mark.django_db


def signed_in(client, who):
    client.force_login(who.user)
    return client


def section(key):
    return reverse("section", args=[key])


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_an_application_is_started_with_one_button(client):
    ann = person()
    signed_in(client, ann)

    assert "Start an application" in body(client.get(reverse("application")))
    response = client.post(reverse("application"), follow=True)

    assert ann.applications.get().stage == "draft"
    assert "Fill in the parts in any order" in body(response)


def test_the_parts_are_tasks_with_their_states(client):
    application = cases.filled(leave_out="statement")
    signed_in(client, application.applicant)

    page = body(client.get(reverse("application")))

    assert page.count('data-state="done"') == 7
    assert "Not started" in page
    assert "Optional" in page


@pytest.mark.parametrize("key", list(cases.ANSWERS))
def test_each_part_is_saved_and_read_again(client, key):
    application = cases.draft()
    signed_in(client, application.applicant)
    said = {name: "on" if value is True else value for name, value in cases.ANSWERS[key].items()}

    response = client.post(section(key), {**said, "revision": "0"})

    assert response.status_code == 302
    page = body(client.get(section(key)))
    for value in cases.ANSWERS[key].values():
        shown = "checked" if value is True else str(value)
        assert shown in page
    assert "Saved" in page


def test_a_part_may_be_left_half_done(client):
    application = cases.draft()
    signed_in(client, application.applicant)

    response = client.post(section("practice"), {"institution": "Clinic", "revision": "0"})

    assert response.status_code == 302
    assert application.sections.get().answers["institution"] == "Clinic"


def clash(client, key, first, second):
    """Two windows save the same part; what the second is answered."""
    application = cases.draft()
    signed_in(client, application.applicant)
    client.post(section(key), {**first, "revision": "0"})
    return application, body(client.post(section(key), {**second, "revision": "0"}))


def test_two_windows_are_both_shown_word_by_word(client):
    _application, page = clash(
        client, "experience", {"description": "From one window"}, {"description": "From another"}
    )

    assert "<del>another</del><ins>one window</ins>" in page
    assert "From another</textarea>" in page
    assert "data-autosave" not in page  # nothing is saved over the other while one chooses


def test_each_answer_is_taken_from_the_window_that_one_chooses(client):
    application, page = clash(
        client,
        "practice",
        {"institution": "Clinic", "place": "Boston", "description": "Old"},
        {"institution": "Clinic", "place": "Salem", "description": "New"},
    )
    chosen = {"take-place": "theirs", "take-description": "mine"}

    client.post(
        section("practice"),
        {"institution": "Clinic", "place": "Salem", "description": "Newer", "revision": "1"}
        | chosen,
    )

    assert 'name="take-institution"' not in page
    assert application.sections.get().answers == {
        "institution": "Clinic",
        "place": "Boston",
        "description": "Newer",
    }


def test_a_third_window_is_asked_about_as_well(client):
    application, _page = clash(client, "experience", {"description": "A"}, {"description": "B"})
    client.post(section("experience"), {"description": "C", "revision": "1"})

    late = {"description": "B", "revision": "1", "take-description": "theirs"}
    page = body(client.post(section("experience"), late))

    assert application.sections.get().answers == {"description": "C"}
    assert "<ins>C</ins>" in page


def test_saving_while_typing_answers_with_the_saved_state_and_the_new_revision(client):
    application = cases.draft()
    signed_in(client, application.applicant)
    typing = {"headers": {"HX-Request": "true"}}

    first = client.post(section("experience"), {"description": "A", "revision": "0"}, **typing)
    clash = client.post(section("experience"), {"description": "B", "revision": "0"}, **typing)

    assert 'data-saved="saved"' in body(first)
    assert 'name="revision" value="1"' in body(first)
    assert 'data-saved="failed"' in body(clash)
    assert application.sections.get().answers == {"description": "A"}


def test_a_very_long_statement_is_kept(client):
    application = cases.draft()
    signed_in(client, application.applicant)
    long = "ę" * 100_000

    client.post(section("statement"), {"statement": long, "revision": "0"})

    assert application.sections.get().answers["statement"] == long


def test_what_is_missing_is_named_with_the_way_to_it(client):
    application = cases.filled(leave_out="practice")
    signed_in(client, application.applicant)

    page = body(client.get(reverse("submit-application")))

    assert "where you work" in page
    assert section("practice") in page
    assert "Submit application" not in page
    body(client.post(reverse("submit-application")), status=409)
    assert Application.objects.get().stage == "draft"


def test_a_complete_form_is_submitted_and_then_only_read(client):
    application = cases.filled()
    membership(application.applicant)
    signed_in(client, application.applicant)

    assert "Submit application" in body(client.get(reverse("submit-application")))
    client.post(reverse("submit-application"))

    page = body(client.get(reverse("application")))
    assert "It can no longer be changed here" in page
    assert "I want to lead groups." in page
    response = client.post(section("experience"), {"description": "Later", "revision": "1"})
    assert response.status_code == 302
    assert application.sections.get(key="experience").answers != {"description": "Later"}


def test_a_returned_form_is_corrected_and_submitted_again(client):
    application, chair = cases.submitted(), person("chair")
    operations.return_application(application, reason="Which town?", by=chair, at=timezone.now())
    signed_in(client, application.applicant)

    assert "Which town?" in body(client.get(reverse("application")))
    client.post(reverse("submit-application"))

    assert application.versions.count() == 2


def test_an_application_is_withdrawn_after_being_asked_and_begun_anew(client):
    application = cases.filled()
    signed_in(client, application.applicant)

    assert "Withdraw application" in body(client.get(reverse("withdraw-application")))
    client.post(reverse("withdraw-application"), {"reason": ""})
    assert Application.objects.get().stage == "withdrawn"
    assert "Apply again" in body(client.get(reverse("home")))

    client.post(reverse("application"))
    assert application.applicant.applications.count() == 2


def test_a_form_pressed_twice_has_one_effect(client):
    application = cases.submitted()
    signed_in(client, application.applicant)

    client.post(reverse("submit-application"))
    client.post(reverse("withdraw-application"), {"reason": ""})
    again = client.post(reverse("withdraw-application"), {"reason": ""})

    assert "already withdrawn" in body(again)
    assert application.moves.filter(move="withdraw").count() == 1


def test_without_an_application_there_are_no_pages_of_it(client):
    signed_in(client, person())

    for name in ("submit-application", "withdraw-application", "logs", "groups", "claims"):
        body(client.get(reverse(name)), status=404)


def test_a_question_is_answered_by_its_applicant_alone(client):
    case, other = ApplicationFactory(), ApplicationFactory()
    question = operations.ask(
        case,
        text="In which town?",
        due=timezone.localdate(),
        by=person("committee"),
        at=timezone.now(),
    )
    url = reverse("answer-question", args=[question.pk])

    signed_in(client, other.applicant)
    body(client.get(url), status=404)
    body(client.post(url, {"text": "Mine"}), status=404)

    signed_in(client, case.applicant)
    assert "In which town?" in body(client.get(url))
    client.post(url, {"text": "Boston"})
    question.refresh_from_db()
    assert question.answer == "Boston"
    assert "answered this question already" in body(client.post(url, {"text": "Another"}))


@pytest.mark.parametrize(("answer", "procedure"), [("agree", "abs-2014"), ("stay", "abs-2007")])
def test_a_case_moves_to_another_procedure_only_if_its_applicant_agrees(client, answer, procedure):
    case, chair = ApplicationFactory(), person("chair")
    entry = {"id": "leading", "status": "in-progress", "unit": "months", "remaining": 3}
    operations.propose_procedure(
        case,
        to="abs-2014",
        reason="It is newer.",
        assessments={"abs-2007": {"requirements": [entry]}, "abs-2014": {"requirements": []}},
        by=chair,
        at=timezone.now(),
    )
    signed_in(client, case.applicant)

    page = body(client.get(reverse("answer-procedure")))
    assert "three months of leading remain" in page.lower()
    assert "Not asked for." in page
    client.post(reverse("answer-procedure"), {"answer": answer})

    case.refresh_from_db()
    assert case.procedure == procedure


def test_what_was_changed_since_it_was_returned_is_shown(client):
    case = cases.submitted()
    chair = person("chair")
    operations.return_application(case, by=chair, at=timezone.now(), reason="Say more.")
    signed_in(client, case.applicant)
    client.post(section("practice"), {"institution": "Town hospital", "revision": "1"})

    page = body(client.get(reverse("submissions")))

    assert "Town <del>clinic</del><ins>hospital</ins>" in page
    assert "Say more." in page


def test_the_chair_reads_what_the_last_submission_changed(client):
    case = cases.submitted()
    chair = person("chair")
    operations.return_application(case, by=chair, at=timezone.now(), reason="Say more.")
    signed_in(client, case.applicant)
    said = {"institution": "Town hospital", "description": "Families.", "revision": "1"}
    client.post(section("practice"), said)
    operations.submit(case, by=case.applicant, at=timezone.now())
    signed_in(client, chair)

    page = body(client.get(reverse("case-evidence", args=[case.reference])))

    assert "Town <del>clinic</del><ins>hospital</ins>" in page
