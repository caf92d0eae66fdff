"""What every request passes before a view, and what is said when an act is refused."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from credentialing import middleware
from credentialing.records.refusals import Refused
from tests.factories import UserFactory, person

pytestmark = pytest.mark.django_db


def signed_in(*roles):
    client = Client()
    client.force_login(person(*roles).user)
    return client


@pytest.mark.parametrize("place", ["path", "query", "body", "name of a field"])
def test_a_nul_is_refused_wherever_it_stands(place):
    client = signed_in("administrator")
    url = reverse("people")

    answer = {
        "path": lambda: client.get("/supervisor/a%00b/"),
        "query": lambda: client.get(url, {"q": "a\x00b"}),
        "body": lambda: client.post(url, {"name": "a\x00b"}),
        "name of a field": lambda: client.post(url, {"na\x00me": "ab"}),
    }[place]()

    assert answer.status_code == 400


def test_lone_surrogates_are_refused():
    request = RequestFactory().get("/")
    request.GET = request.GET.copy()
    request.GET["q"] = "\ud800"
    request.person = request.user = None

    answer = middleware.hostile_input(lambda _request: HttpResponse("reached"))(request)

    assert answer.status_code == 400


def test_a_route_for_people_with_an_account_leads_a_visitor_to_sign_in():
    answer = Client().get(reverse("my-supervision"))

    assert (answer.status_code, answer.url) == (302, "/account/login/?next=/supervision/")


def test_a_route_without_the_role_does_not_exist():
    answers = [signed_in(role).get(reverse("office")) for role in ("administrator", "chair")]

    assert [answer.status_code for answer in answers] == [200, 404]


def test_what_is_not_there_and_what_is_not_to_be_seen_get_the_same_bytes():
    client = signed_in("chair")

    answers = [client.get(url) for url in ("/nowhere/", reverse("office"), "/supervisor/ABCDEF/")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_form_on_that_page_works():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person().user)
    page = client.get("/nowhere/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)

    answers = [
        client.post(reverse("account_logout"), {"csrfmiddlewaretoken": given}).status_code
        for given in ("x" * 32, token)
    ]

    assert answers == [403, 302]


def test_a_method_that_is_not_in_the_row_is_refused():
    client = signed_in("administrator")

    answers = [client.post(reverse("office")), client.get(reverse("end-role", args=[1]))]
    answers += [client.options(reverse("office")), client.patch(reverse("people"))]

    assert {answer.status_code for answer in answers} == {405}
    assert answers[0]["Allow"] == "GET, HEAD"


def test_an_account_that_belongs_to_nobody_yet_reaches_nothing():
    client = Client()
    client.force_login(UserFactory(person=None, email="new@example.org", name="New"))

    answers = [client.get(reverse(name)) for name in ("my-supervision", "supervisor", "office")]

    assert {answer.status_code for answer in answers} == {404}


def test_no_page_behind_the_login_is_kept():
    client = signed_in("administrator")

    answers = [client.get(reverse("office")), client.get("/nowhere/"), client.get("/")]

    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/supervision/", "http://testserver/supervision/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_that_no_form_showed_is_a_page_with_the_way_back(monkeypatch, came_from, back):
    def refuse(*_args, **_kwargs):
        raise Refused("This letter is sent <now>.")

    monkeypatch.setattr("credentialing.office.views.setting_up.render", refuse)

    answer = signed_in("administrator").get(reverse("office"), headers={"referer": came_from})

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "This letter is sent &lt;now&gt;." in said
    assert f'class="button primary" href="{back}"' in said


def test_the_browser_is_told_what_it_may_load():
    answers = [Client().get("/"), Client().get("/nowhere/"), signed_in().get("/supervision/")]

    for answer in answers:
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_address_of_the_site_is_never_taken_from_the_request():
    answer = Client().get("/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "elsewhere.example" not in settings.ALLOWED_HOSTS
