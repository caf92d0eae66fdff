"""Bad input, everywhere: each form of the applicant's pages, as its page offers it, filled with it.

The forms are read off the pages, so a form that is added is tried without being named here.
"""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import Claim, Debriefing, Document, LogImport, Meeting, Question
from applicants.sections import PARTS
from credentialing import matrix
from credentialing.people.access import Who
from tests.applicants import cases
from tests.factories import PDF, ApplicationFactory, evening, membership, person

pytestmark = pytest.mark.django_db

# What a person, a paste or an attacker may put into any field that takes text.
TYPED = {
    "a name in any script": "Zoë Ἀθηνᾶ 王小明 عبد السلام 👩\u200d⚕️ e\u030a \u202ex",
    "a very long text": "ę" * 100_000,
    "a day that is none": "0000-00-00",
    "a day that no February has": "2023-02-30",
    "a number that is none": "1e999",
    "more than 64 bits": "9" * 40,
    "less than nothing": "-1",
    "markup": "</textarea><script>alert(1)</script>{{ 7|add:7 }} %s %",
    "nothing": "",
}
TEXT = {"text", "textarea", "email", "date", "number", "search", "tel", "url", "time"}


class Forms(HTMLParser):
    """The forms of a page that post, each with its fields: name → (kind, value)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, tuple[str, str]]] = []
        self.actions: list[str] = []
        self.within = False
        self.area = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        said = dict(attributes)
        name = said.get("name") or ""
        if tag == "form":
            self.within = said.get("method") == "post"
            if self.within:
                self.found.append({})
                self.actions.append(said.get("action") or "")
        elif not self.within or not (name or tag == "option"):
            return
        elif tag == "input":
            kind = said.get("type") or "text"
            if kind not in {"radio", "checkbox"} or "checked" in said or name not in self.found[-1]:
                ticked = "on" if kind == "checkbox" else ""
                self.found[-1][name] = (kind, said.get("value") or ticked)
        elif tag == "textarea":
            self.area, self.found[-1][name] = name, ("textarea", "")
        elif tag == "select":
            self.select, self.found[-1][name] = name, ("select", "")
        elif tag == "option" and "selected" in said:
            self.found[-1][self.select] = ("select", said.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.area:
            kind, before = self.found[-1][self.area]
            self.found[-1][self.area] = (kind, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.within = False
        elif tag == "textarea" and self.area:
            kind, text = self.found[-1][self.area]
            self.found[-1][self.area] = (kind, text.removeprefix("\n"))
            self.area = ""


@pytest.fixture
def pages(client: Client, settings: Any, tmp_path: Any) -> list[str]:
    """Every page of the applicant's with a form on it, for one who has begun everything."""
    settings.MEDIA_ROOT = tmp_path
    case = cases.filled()
    applicant, now = case.applicant, timezone.now()
    membership(applicant)
    bob = person(name="Bob")
    group = cases.group(applicant, bob)
    evening(group, timezone.localdate(), bob)
    Question.objects.create(
        application=case, text="Why?", due=now, asked_by=person("chair"), asked_at=now
    )
    operations.upload_document(
        case,
        kind="other",
        title="A letter",
        file=SimpleUploadedFile("a.pdf", PDF),
        by=applicant,
        at=now,
    )
    claim = operations.claim_credit(
        case,
        credit="process-group-training",
        facts={"formal_training": True},
        leader=None,
        by=applicant,
        at=now,
    )
    load = LogImport.objects.create(
        applicant=applicant,
        name="log.csv",
        heading=["Date", "With"],
        rows=[[2, ["0000-00-00", "ę" * 300]]],
        columns={"date": "Date", "partners": "With"},
        uploaded_at=now,
    )
    places = {
        "load": load.pk,
        "group": group.pk,
        "meeting": Meeting.objects.get().pk,
        "debriefing": Debriefing.objects.get().pk,
        "question": Question.objects.get().pk,
        "document": Document.objects.get().pk,
        "claim": claim.pk,
    }
    client.force_login(applicant.user)
    several = {"key": list(PARTS), "credit": ["balint-group-member", "co-leading"]}
    found = []
    for route, _name, row in matrix.routes():
        if row is None or not {Who.APPLICANT, Who.ACCOUNT} & row.who or "POST" not in row.methods:
            continue
        if "GET" not in row.methods:
            continue
        place = re.search(r"<\w+:(\w+)>", route)
        for value in several.get(place[1], [places.get(place[1], 1)]) if place else [""]:
            found.append("/" + re.sub(r"<\w+:\w+>", str(value), route).lstrip("/"))
    return [path for path in found if client.get(path).status_code == 200]


def forms_of(client: Client, path: str) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Where each form of a page leads, and its fields; those of the frame left out."""
    read = Forms(client.get(path).content.decode())
    return [
        (action or path, fields)
        for action, fields in zip(read.actions, read.found, strict=True)
        if not action.startswith("/account/")
    ]


def posted(client: Client, path: str, fields: dict[str, Any]) -> Any:
    """The answer to a form; whatever it did is undone."""
    with transaction.atomic():
        answer = client.post(path, fields)
        transaction.set_rollback(True)
    return answer


def test_what_is_typed_into_any_form_is_saved_or_stays(client, pages):
    wrong, tried = [], 0

    forms = [form for page in pages for form in forms_of(client, page)]
    for what, typed in TYPED.items():
        for path, fields in forms:
            text = {name for name, (kind, _value) in fields.items() if kind in TEXT}
            sent = {name: value for name, (_kind, value) in fields.items()}
            sent |= dict.fromkeys(text, typed)
            answer = posted(client, path, sent)
            tried += bool(text)
            if answer.status_code == 200:
                shown = [
                    {name: value for name, (_kind, value) in each.items()}
                    for each in Forms(answer.content.decode()).found
                ]
                if not any(all(each.get(name) == typed for name in text) for each in shown):
                    wrong.append(f"{path} does not keep {what}")
            elif answer.status_code >= 500 or (text and typed and answer.status_code >= 400):
                wrong.append(f"{path} answers {answer.status_code} to {what}")

    assert wrong == []
    assert tried > 20 * len(TYPED)


def test_no_value_in_any_field_breaks_a_page(client, pages):
    broken = []

    for page in pages:
        for path, fields in forms_of(client, page):
            for value in (*TYPED.values(), "x", "0", "NaN", "[]", "-9" * 30):
                answer = posted(client, path, dict.fromkeys(fields, value))
                if answer.status_code >= 500:
                    broken.append(f"{path}, {value[:20]!r}: {answer.status_code}")
            file = SimpleUploadedFile("x.pdf", b"%PDF-1.7 but no paper")
            sent = {name: value for name, (_kind, value) in fields.items()} | {"file": file}
            with_file = posted(client, path, sent)
            as_json = client.post(path, b"[1", content_type="application/json")
            broken += [path for each in (with_file, as_json) if each.status_code >= 500]

    assert broken == []


ASKED = ("q", "person", "group", "page", "name", "as_of", "entry", "kind", "month", "start", "end")


def test_no_value_in_an_address_breaks_a_page(client, pages):
    broken = []

    for path in [*pages, *(reverse(name) for name in ("logs", "log-csv", "log-xlsx", "home"))]:
        for value in (*TYPED.values(), "x", "0", "NaN"):
            answer = client.get(path, dict.fromkeys(ASKED, value[:2000]))
            if answer.status_code >= 500:
                broken.append(f"{path}, {value[:20]!r}: {answer.status_code}")

    assert broken == []


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"description=a%00b", 400),  # no database holds it, and no keyboard types it
        (b"description=%ED%A0%80&revision=1", 302),  # half a letter becomes a sign for it
        (b"description=x&description=y&revision=1", 302),
    ],
)
def test_what_no_browser_sends_does_nothing_or_is_made_good(client, raw, status):
    case = cases.filled()
    client.force_login(case.applicant.user)
    path = reverse("section", args=["experience"])

    answer = client.post(path, raw, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == status


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 10**30], ids=str)
def test_unknown_ids_and_somebody_else_s_get_the_same_answer(client, pages, number):
    """Of every page with a row of the person's own in its address."""
    own = {re.sub(r"\d+", "{}", path) for path in pages if re.search(r"\d", path)}
    stranger = Client()
    stranger.force_login(ApplicationFactory().applicant.user)

    for address in own:
        theirs = next(path for path in pages if re.sub(r"\d+", "{}", path) == address)
        if "intensives" in address:
            continue  # what is offered is offered to everybody
        for method in ("get", "post"):
            unknown = getattr(stranger, method)(address.format(number))
            somebodys = getattr(stranger, method)(theirs)
            assert (unknown.status_code, somebodys.status_code) == (404, 404), (address, method)
            assert unknown.content == somebodys.content


def test_a_form_that_is_sent_twice_has_one_effect(client, pages):
    claim, documents = reverse("claim-credit", args=["balint-group-member"]), reverse("documents")
    evening_ = reverse("log-evening")
    yesterday = timezone.localdate() - timedelta(days=1)
    sane = {"start": "2010-01-01", "end": "2012-12-31", "per_month": "2", "kind": "letter"}
    sane |= {"date": yesterday.isoformat()}
    counted = {}

    for page, rows in ((claim, Claim), (documents, Document), (evening_, Meeting)):
        path, fields = next(each for each in forms_of(client, page) if "submission" in each[1])
        sent = {name: value for name, (_kind, value) in fields.items()} | sane
        before = rows.objects.count()
        for _click in range(2):
            answer = client.post(
                path, sent | {"title": "B", "file": SimpleUploadedFile("b.pdf", PDF)}
            )
            assert answer.status_code == 302, path
        counted[path] = rows.objects.count() - before

    assert set(counted.values()) == {1}


def test_a_stale_form_shows_what_changed_since(client):
    case = cases.filled()
    client.force_login(case.applicant.user)
    path = reverse("section", args=["experience"])
    client.post(path, {"description": "Newer", "revision": "1"})

    page = client.post(path, {"description": "Stale", "revision": "1"}).content.decode()

    assert "<del>Stale</del><ins>Newer</ins>" in page
