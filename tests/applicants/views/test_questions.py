"""What the Committee asks, and the applicant answers on the case."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import Question
from tests.factories import PDF, ApplicationFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client, settings, tmp_path):
    """A running case whose applicant is signed in, with a place for files."""
    settings.MEDIA_ROOT = tmp_path
    made = ApplicationFactory()
    client.force_login(made.applicant.user)
    return made


def ask(case, text, *, days=9):
    made = operations.ask(
        case, text=text, due=timezone.localdate(), by=person("chair"), at=timezone.now()
    )
    Question.objects.filter(pk=made.pk).update(due=timezone.localdate() + timedelta(days=days))
    return made


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_what_waits_stands_first_and_what_is_late_says_so(client, case):
    ask(case, "In which year?")
    late = ask(case, "In which town?", days=-2)
    answered = ask(case, "With whom?")
    client.post(reverse("answer-question", args=[answered.pk]), {"text": "With Bob."})

    page = body(client.get(reverse("questions")))
    asked = body(client.get(reverse("answer-question", args=[late.pk])))
    home = body(client.get(reverse("home")))

    assert page.index("In which town?") < page.index("In which year?") < page.index("With whom?")
    assert page.count("Overdue") == 1
    assert "Overdue" in asked
    assert "Overdue" in home


def test_a_question_is_answered_with_a_document(client, case):
    question = ask(case, "Can you show it?")
    file = SimpleUploadedFile("my certificate.pdf", PDF)

    client.post(
        reverse("answer-question", args=[question.pk]), {"text": "Here it is.", "file": file}
    )

    page = body(client.get(reverse("answer-question", args=[question.pk])))
    assert "my certificate" in page
    assert question.documents.get().application == case


def test_where_the_document_is_refused_nothing_is_answered_and_the_text_stays(client, case):
    question = ask(case, "Can you show it?")
    file = SimpleUploadedFile("my certificate.pdf", b"MZ")

    page = body(
        client.post(
            reverse("answer-question", args=[question.pk]), {"text": "Here it is.", "file": file}
        )
    )

    question.refresh_from_db()
    assert "This is no PDF" in page
    assert "Here it is." in page
    assert (question.answered_at, question.documents.count()) == (None, 0)


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_takes_as_many_queries_for_3_as_for_30(
    client, case, number, django_assert_max_num_queries
):
    for each in range(number):
        ask(case, f"Question {each}?")

    with django_assert_max_num_queries(20):
        body(client.get(reverse("questions")))
