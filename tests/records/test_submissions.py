"""A form sent twice has one effect."""

from types import SimpleNamespace

import pytest

from credentialing.records.models import Submission
from credentialing.records.refusals import Refused
from credentialing.records.submissions import led, once
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def posted(user, key):
    return SimpleNamespace(user=user, POST={"submission": key})


def test_the_same_form_again_only_leads_where_the_first_one_led():
    done = []
    request = posted(UserFactory(), "a key")

    answers = [once(request, lambda: done.append(1) or "/here/") for _ in range(3)]

    assert (answers, len(done), led(request)) == (["/here/"] * 3, 1, "/here/")


def test_two_forms_and_two_people_are_each_their_own():
    ann, ben = UserFactory(), UserFactory()
    done = []

    for request in (posted(ann, "one"), posted(ann, "two"), posted(ben, "one")):
        once(request, lambda: done.append(1) or "/")

    assert len(done) == 3


def test_a_refused_form_can_be_sent_again():
    request = posted(UserFactory(), "a key")

    def refuse():
        raise Refused("Not now.")

    with pytest.raises(Refused):
        once(request, refuse)

    assert not Submission.objects.exists()
    assert once(request, lambda: "/done/") == "/done/"


def test_a_form_without_a_key_is_simply_done():
    done = []
    for _ in range(2):
        once(posted(UserFactory(), ""), lambda: done.append(1) or "/")

    assert len(done) == 2
