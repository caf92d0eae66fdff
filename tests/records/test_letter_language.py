"""Letters are in the language of their reader, whoever acts and in whatever language."""

import ast
import struct
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy, ngettext_lazy

from credentialing.office.operations.merging import merge_people
from credentialing.people.operations import choose_letters, tell_chair
from credentialing.people.queries.held import held
from credentialing.records import digests, letters
from credentialing.records.letters import dated, words
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.tasks import send_letters
from reviews.letters import committee
from reviews.models import Assignment
from tests.factories import ApplicationFactory, PersonFactory, person

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
APPS = ("credentialing", "applicants", "supervision", "intensives", "reviews")
EAGER = {"gettext", "ngettext", "pgettext", "npgettext", "date_format"}
SPANISH = {
    "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    "A role has changed": "Ha cambiado un cargo",
    "It is due on %(day)s.": "Vence el %(day)s.",
    "One case.\0%(n)d cases.": "Un caso.\0%(n)d casos.",
    "Dear %(name)s,": "Estimada persona: %(name)s",
    "Your letters of %(day)s": "Sus cartas del %(day)s",
    "This is what has happened since the last daily letter.": "Esto ha ocurrido.",
    "Open the page": "Abrir la página",
    "A matter of the application %(reference)s was given to you.": "Se le dio %(reference)s.",
    "It is wanted by %(day)s.": "Se espera para el %(day)s.",
}
DAY = date(2026, 3, 17)


def compiled(catalogue):
    """A catalogue as the bytes of an .mo file: a head, two tables of lengths and places, texts."""
    pairs = sorted((one.encode(), other.encode()) for one, other in catalogue.items())
    count, place = len(pairs), 28 + 16 * len(pairs)
    tables, texts = b"", b""
    for column in range(2):
        for pair in pairs:
            tables += struct.pack("<II", len(pair[column]), place + len(texts))
            texts += pair[column] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + tables + texts


@pytest.fixture(autouse=True)
def spanish(settings, tmp_path, monkeypatch):
    """A small catalogue in another language than the pages are in; no broker is asked."""
    monkeypatch.setattr(letters, "ring", lambda: None)
    place = tmp_path / "es" / "LC_MESSAGES" / "django.mo"
    place.parent.mkdir(parents=True)
    place.write_bytes(compiled(SPANISH))
    settings.LOCALE_PATHS = [tmp_path]


def write(to, **said):
    number = Letter.objects.count()
    said = {"subject": words("A role has changed"), "text": "Kept as it is."} | said
    letters.write(said.pop("kind", "receipt"), to, occasion=number, **said)
    return Letter.objects.latest("pk")


def test_words_days_and_numbers_are_in_the_readers_language():
    reader = PersonFactory(letter_language="es")
    with translation.override("en-us"):
        one = write(reader, text=words("It is due on %(day)s.") % {"day": dated(DAY)})
        many = write(reader, text=words(ngettext_lazy("One case.", "%(n)d cases.", 2)) % {"n": 2})

    assert (one.subject, one.text) == ("Ha cambiado un cargo", "Vence el 17 de marzo de 2026.")
    assert many.text == "2 casos."


def test_the_language_of_whoever_acts_is_not_the_readers():
    reader = PersonFactory()
    with translation.override("es"):
        one = write(reader, text=words("It is due on %(day)s.") % {"day": dated(DAY)})

    assert (one.subject, one.text) == ("A role has changed", "It is due on 17 March 2026.")


def test_two_readers_of_one_act_each_read_their_own_language():
    for language in ("", "es"):
        chair = person("chair")
        chair.letter_language = language
        chair.save()

    tell_chair(
        "role-changed",
        occasion="one act",
        subject=gettext_lazy("A role has changed"),
        text=gettext_lazy("Open the page"),
        link="/office/people/",
    )

    written = Letter.objects.order_by("pk").values_list("subject", "text")
    assert set(written) == {
        ("A role has changed", "Open the page"),
        ("Ha cambiado un cargo", "Abrir la página"),
    }


def test_a_text_made_of_two_is_in_one_language():
    member = person("committee")
    member.letter_language = "es"
    case = ApplicationFactory()

    committee.assigned(case, Assignment(pk=1, to=member, due=DAY))

    assert Letter.objects.get().text == (
        f"Se le dio {case.reference}. Se espera para el 17 de marzo de 2026."
    )


def test_what_stands_around_a_letter_is_in_its_readers_language():
    ann, bea = PersonFactory(letter_language="es"), PersonFactory()
    for reader in (ann, bea):
        write(reader, link="/decision/")

    send_letters()

    to = {sent.to[0]: (sent.body, sent.alternatives[0][0]) for sent in mail.outbox}
    text, html = to[ann.email]
    assert f"Estimada persona: {ann.name}" in text
    assert 'lang="es"' in html
    assert "Abrir la página" in html
    text, html = to[bea.email]
    assert f"Dear {bea.name}," in text
    assert 'lang="en-us"' in html
    assert "Open the page" in html


def test_the_daily_letter_is_in_its_readers_language():
    reader = PersonFactory(letter_language="es", letters_daily=True)
    one = write(reader, kind="submitted")
    Letter.objects.filter(pk=one.pk).update(written_at=datetime(2026, 3, 16, 17, tzinfo=UTC))

    digests.gather(at=datetime(2026, 3, 17, 17, tzinfo=UTC))

    daily = Letter.objects.get(kind="digest")
    assert (daily.subject, daily.text) == (
        "Sus cartas del 17 de marzo de 2026",
        "Esto ha ocurrido.",
    )


def test_the_language_is_afterwards_what_it_was_before():
    reader = PersonFactory(letter_language="es")
    with translation.override("en-us"):
        write(reader)
        after = translation.get_language()
        with pytest.raises(KeyError):
            write(reader, text=words("It is due on %(day)s.") % {"no": "day"})
        after_a_fault = translation.get_language()

    assert (after, after_a_fault) == ("en-us", "en-us")
    assert Letter.objects.count() == 1


def test_the_pages_are_served_in_no_other_language():
    ann = person()
    ann.letter_language = "es"
    ann.save()
    client = Client(headers={"accept-language": "es"})
    client.force_login(ann.user)

    page = client.get(reverse("my-letters")).content.decode()

    assert '<html lang="en' in page
    assert "The pages stay in English." in page


def test_a_person_chooses_the_language_on_their_page():
    ann = person()
    client = Client()
    client.force_login(ann.user)

    answers = []
    for language in ("es", "es", "tlh", "en-us"):
        answer = client.post(reverse("my-letters"), {"daily": "0", "language": language})
        ann.refresh_from_db()
        answers.append((answer.status_code, ann.letter_language))

    assert answers == [(302, "es"), (302, "es"), (200, "es"), (302, "")]
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["letters.language"] * 2
    with pytest.raises(Refused):
        choose_letters(ann, daily=False, language="tlh", by=ann)


def eager_words(source):
    """Where a letter is given what is a text already, in the language of whoever acts."""
    tree = ast.parse(source)
    eager = {
        name.asname or name.name
        for found in ast.walk(tree)
        if isinstance(found, ast.ImportFrom) and (found.module or "").startswith("django.utils")
        for name in found.names
        if name.name in EAGER
    }
    said = [
        {word.arg: word.value for word in call.keywords}
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
    ]
    given = [one[part] for one in said if "subject" in one for part in ("subject", "text")]
    return [
        name.lineno
        for value in given
        for name in ast.walk(value)
        if isinstance(name, ast.Name) and name.id in eager
    ]


@pytest.mark.parametrize(("own", "others"), [("", "es"), ("es", "")])
def test_the_choice_is_among_what_is_held_and_outlives_a_merge(own, others):
    kept, gone = person(letter_language=own), PersonFactory(letter_language=others)

    merge_people(kept, gone, by=person("administrator"), at=timezone.now())

    kept.refresh_from_db()
    [shown] = held(kept)["person"]
    assert (kept.letter_language, shown["letter_language"]) == ("es", "es")


def imported(source):
    lines = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.ImportFrom)]
    return {name.name for line in lines for name in line.names}


def test_no_letter_is_given_a_text_in_the_language_of_whoever_acts():
    seen, faults = set(), {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            source, name = path.read_text(), str(path.relative_to(ROOT))
            if "letters.write(" not in source and "tell_chair(" not in source:
                continue
            seen.add(name)
            words_only = path.name == "letters.py" or path.parent.name == "letters"
            if words_only and "operations" not in path.parts:
                # Nothing in it is for anybody but the readers of letters.
                faults[name] = imported(source) & EAGER
            else:
                faults[name] = eager_words(source)

    assert {name: found for name, found in faults.items() if found} == {}
    assert {"applicants/letters.py", "credentialing/accounts.py"} <= seen


def test_an_eager_text_is_found():
    source = """
from django.utils.translation import gettext as _
from django.utils.formats import date_format as shown
letters.write("kind", reader, subject=_("Said"), text=words("%(day)s") % {"day": shown(day)})
log(text=_("No letter"))
"""
    assert eager_words(source) == [4, 4]


def test_a_language_that_letters_are_written_in_has_a_name():
    assert {code for code, _name in configured.LETTER_LANGUAGES} >= {configured.LANGUAGE_CODE}
