"""What a browser is told with every class of answer, scored as the HTTP Observatory scores it.

The names of the findings and their points are those of its public page on tests and scoring.
"""

import json
import os
import re
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applicants.operations
from credentialing import views
from reviews.models import Certificate
from tests.factories import PDF, ApplicationFactory
from tests.reviews.council.cases import recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]

POINTS = {
    "cookies-secure-with-httponly-sessions-and-samesite": 5,
    "cookies-not-found": 0,
    "cookies-secure-with-httponly-sessions": 0,
    "cookies-samesite-flag-invalid": -20,
    "cookies-without-secure-flag": -20,
    "cookies-session-without-httponly-flag": -30,
    "cookies-session-without-secure-flag": -40,
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-not-implemented": -25,
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-but-external-scripts-loaded-securely": -5,
    "sri-not-implemented-response-not-html": 0,
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-not-implemented": -20,
}
HALF_A_YEAR = 15_768_000
BROAD = {"*", "http:", "https:", "data:", "'unsafe-inline'"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
A, A_PLUS = 90, 100
READ = """
import json, credentialing.settings as s
names = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "X_FRAME", "ALLOWED_HOSTS", "CONTENT_SEC")
print(json.dumps({name: getattr(s, name) for name in dir(s) if name.startswith(names)}))
"""


def of_cookies(answer, _policy):
    cookies = answer.cookies
    if not cookies:
        return "cookies-not-found"
    session = cookies.get("sessionid")
    if session and not session["secure"]:
        return "cookies-session-without-secure-flag"
    if session and not session["httponly"]:
        return "cookies-session-without-httponly-flag"
    if not all(cookie["secure"] for cookie in cookies.values()):
        return "cookies-without-secure-flag"
    sites = {cookie["samesite"] for cookie in cookies.values()}
    if not sites <= {"Strict", "Lax", ""}:
        return "cookies-samesite-flag-invalid"
    return "cookies-secure-with-httponly-sessions" + ("" if "" in sites else "-and-samesite")


def of_sharing(answer, _policy):
    shared = answer.get("Access-Control-Allow-Origin") == "*"
    said = "implemented-with-universal-access" if shared else "not-implemented"
    return f"cross-origin-resource-sharing-{said}"


def of_policy(answer, policy):
    if "Content-Security-Policy" not in answer:
        return "csp-not-implemented"
    fallback = policy.get("default-src", {"*"})
    script, thing = policy.get("script-src", fallback), policy.get("object-src", fallback)
    everything = set().union(*policy.values())
    if BROAD & (script | thing):
        return "csp-implemented-with-unsafe-inline"
    if any(source.startswith("http:") for source in everything):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in script:
        return "csp-implemented-with-unsafe-eval"
    if BROAD & policy.get("style-src", fallback):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    return "csp-implemented-with-no-unsafe" + (
        "-default-src-none" if fallback == {"'none'"} else ""
    )


def of_transport(answer, _policy):
    age = re.search(r"max-age=(\d+)", answer.get("Strict-Transport-Security", ""))
    if not age:
        return "hsts-not-implemented"
    long = "at-least" if int(age[1]) >= HALF_A_YEAR else "less-than"
    return f"hsts-implemented-max-age-{long}-six-months"


def of_referrer(answer, _policy):
    said = answer.get("Referrer-Policy")
    if said is None:
        return "referrer-policy-not-implemented"
    return "referrer-policy-private" if said in PRIVATE else "referrer-policy-unsafe"


def of_scripts(answer, _policy):
    if answer.streaming or not answer["Content-Type"].startswith("text/html"):
        return "sri-not-implemented-response-not-html"
    sources = re.findall(r"<script[^>]*\ssrc=\"([^\"]+)\"", answer.content.decode())
    own = all(source.startswith("/") and not source.startswith("//") for source in sources)
    where = "all-scripts-loaded-from-secure-origin" if own else "external-scripts-loaded-securely"
    return f"sri-not-implemented-but-{where}"


def of_types(answer, _policy):
    said = answer.get("X-Content-Type-Options") == "nosniff"
    return f"x-content-type-options-{'nosniff' if said else 'not-implemented'}"


def of_frames(answer, policy):
    if policy.get("frame-ancestors") in ({"'none'"}, {"'self'"}):
        return "x-frame-options-implemented-via-csp"
    known = answer.get("X-Frame-Options") in ("DENY", "SAMEORIGIN")
    return f"x-frame-options-{'sameorigin-or-deny' if known else 'not-implemented'}"


TESTS = (
    of_cookies,
    of_sharing,
    of_policy,
    of_transport,
    of_referrer,
    of_scripts,
    of_types,
    of_frames,
)


def score(answer):
    """The points of an answer and what was found: bonuses count where it is an A without them."""
    policy = {}
    for part in answer.get("Content-Security-Policy", "").split(";"):
        name, *sources = part.split() or [""]
        policy.setdefault(name, set(sources))
    found = [test(answer, policy) for test in TESTS]
    points = [POINTS[name] for name in found]
    total = 100 + sum(point for point in points if point < 0)
    if total >= A:
        total += sum(point for point in points if point > 0)
    return total, found


@pytest.fixture(scope="module")
def on_https():
    """What the settings say about the browser where the site is on https."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            READ,
        ],
        env={**os.environ, "SITE_URL": "https://society.example.org", "DEVELOPMENT": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout)


@pytest.fixture
def browser_of(settings, on_https):
    """A browser on https, of a person or of nobody."""
    for name, value in on_https.items():
        setattr(settings, name, value)

    def opened(who=None, **more):
        client = Client(
            headers={"host": "society.example.org"}, raise_request_exception=False, **more
        )
        if who:
            client.force_login(who.user)
        return client

    return opened


def broken(*_arguments):
    raise RuntimeError


def test_every_class_of_answer_is_scored_a_plus(browser_of, monkeypatch):
    case = ApplicationFactory(stage="submitted")
    document = applicants.operations.upload_document(
        case,
        kind="other",
        title="A letter",
        file=ContentFile(PDF, name="letter.pdf"),
        by=case.applicant,
        at=timezone.now(),
    )
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")
    society.end(ballot)
    awarded = browser_of(society.applicant)
    certificate = Certificate.objects.get().credential.number
    visitor, ann = browser_of(), browser_of(case.applicant)
    forger = browser_of(case.applicant, enforce_csrf_checks=True)
    secure = {"secure": True}
    answers = {
        "200 to nobody": visitor.get(reverse("account_login"), **secure),
        "200": ann.get(reverse("application"), **secure),
        "302": visitor.get(reverse("application"), **secure),
        "400": ann.get("/supervisor/a%00b/", **secure),
        "403": forger.post(reverse("my-data"), **secure),
        "404": ann.get("/nowhere/", **secure),
        "405": ann.post(reverse("healthz"), **secure),
        "413": ann.post(reverse("my-data"), {"much": "x" * 3_000_000}, **secure),
        "file": ann.get(reverse("document", args=[document.pk]), **secure),
        "PDF": awarded.get(reverse("certificate", args=[certificate]), **secure),
        "sign-in": visitor.post(
            reverse("account_login"), {"login": "nobody@example.org", "password": "x"}, **secure
        ),
    }
    monkeypatch.setattr(views, "front_door", broken)
    answers["500"] = ann.get("/", **secure)

    codes = {name: answer.status_code for name, answer in answers.items() if name.isdigit()}
    scores = {name: score(answer) for name, answer in answers.items()}
    assert [name for name, code in codes.items() if str(code) != name] == []
    assert {name: said for name, said in scores.items() if said[0] < A_PLUS} == {}


def test_http_leads_to_https(browser_of):
    answer = browser_of().get("/register/")

    assert (answer.status_code, answer.url) == (301, "https://society.example.org/register/")


@pytest.mark.parametrize(
    ("header", "worse", "total"),
    [
        ("Content-Security-Policy", None, 75),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'", 80),
        ("Content-Security-Policy", "sandbox", 80),
        ("Strict-Transport-Security", "max-age=60", 115),
        ("X-Content-Type-Options", None, 120),
        ("Access-Control-Allow-Origin", "*", 50),
    ],
)
def test_the_scoring_sees_what_is_missing(browser_of, header, worse, total):
    answer = browser_of().get(reverse("account_login"), secure=True)
    whole, _found = score(answer)

    if worse is None:
        del answer[header]
    else:
        answer[header] = worse

    assert (whole, score(answer)[0]) == (125, total)
