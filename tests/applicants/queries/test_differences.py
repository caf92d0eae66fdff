"""What changed, word by word, and between the submissions of a form."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from applicants import operations
from applicants.queries import pieces, submissions, unsent
from tests.applicants import cases
from tests.factories import person


def test_words_are_compared_and_the_rest_is_left_alone():
    assert pieces("I led a small group.", "I led a large group.") == [
        ("same", "I led a "),
        ("gone", "small"),
        ("new", "large"),
        ("same", " group."),
    ]


@given(some.text("ab \n", max_size=60), some.text("ab \n", max_size=60))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    found = pieces(before, after)

    assert "".join(text for kind, text in found if kind != "new") == before
    assert "".join(text for kind, text in found if kind != "gone") == after


@pytest.mark.parametrize("joint", [" ", "\n"])
def test_very_long_texts_are_compared_in_no_time(joint):
    before = joint.join(f"word{n}" for n in range(20_000))
    after = joint.join(f"word{n % 17}" for n in range(20_000))
    began = time.process_time()

    found = pieces(before, after)

    assert time.process_time() - began < 1
    assert "".join(text for kind, text in found if kind != "new") == before


@pytest.mark.django_db
def test_each_submission_is_set_against_the_one_before_it():
    case = cases.submitted()
    ann, chair = case.applicant, person("chair")
    now = timezone.now()

    def say(text, revision):
        said = {"statement": text, "consent": True}
        who = {"by": ann, "at": now}
        operations.save_section(case, "statement", said, revision=revision, **who)

    operations.return_application(case, by=chair, at=now, reason="Say why.")
    say("I want to lead large groups.", 1)
    cases.group(ann, person(name="Bob"))
    draft = unsent(case)
    operations.submit(case, by=ann, at=now + timedelta(minutes=1))

    newest, first = submissions(case)

    assert [change.label for change in newest.changes] == ["Groups", "Statement"]
    assert ("new", "large ") in newest.changes[1].pieces
    assert "Bob (psychologist)" in newest.changes[0].pieces[0][1]
    assert draft == newest.changes
    assert (first.changes, first.returned, newest.returned) == ([], "Say why.", "")
