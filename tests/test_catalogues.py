"""The letters in other languages: every sentence of a letter has its words in each catalogue."""

import ast
import gettext
import io
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from credentialing.records.models import Letter
from deploy.compile_messages import CONTEXT_ENDS, Message, catalogues, compiled, read
from deploy.refusal import Refusal
from reviews.models import Dossier

# How many of its first arguments are text, by the name under which a translator is called.
TRANSLATORS = {
    name: words
    for words, names in {
        1: ("_", "words", "gettext", "gettext_lazy"),
        2: ("ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"),
        3: ("npgettext", "npgettext_lazy"),
    }.items()
    for name in names
}
APPS = ["credentialing", "applicants", "supervision", "intensives", "reviews"]
IN_TEMPLATE = re.compile(
    r'{% translate "(?P<plain>[^"]+)"'
    r"|{% blocktranslate[^%]*%}(?P<block>.*?){% endblocktranslate %}",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)\w")
CATALOGUES = {path.parent.parent.name: path for path in catalogues()}
every_language = pytest.mark.parametrize("language", CATALOGUES)


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def translated(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """What stands in calls of a translator: an id, its plural; a context before it."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and called(call) in TRANSLATORS:
            given = call.args[: TRANSLATORS[called(call)]]
            said = [one.value for one in given if isinstance(one, ast.Constant)]
            if not said:
                continue  # what is translated elsewhere is passed on
            if "pgettext" in called(call):
                said[:2] = [CONTEXT_ENDS.join(said[:2])]
            yield tuple(said)


def in_subjects_and_texts(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """What is given as a letter's subject and text, and what stands behind the names in it."""
    behind: dict[str, list[ast.AST]] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            behind.setdefault(one.targets[0].id, []).append(one.value)
    for call in ast.walk(tree):
        given = {one.arg: one.value for one in getattr(call, "keywords", ())}
        if isinstance(call, ast.Call) and {"subject", "text"} <= given.keys():
            for said in (given["subject"], given["text"]):
                yield from translated(said)
                for name in ast.walk(said):
                    for more in behind.get(name.id, ()) if isinstance(name, ast.Name) else ():
                        yield from translated(more)


def of_modules() -> dict[str, set[tuple[str, ...]]]:
    """What each module says in letters: one that is made of letters, all that it says."""
    found = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if "/views/" in name:
                continue  # what a page says of letters
            tree = ast.parse(path.read_text())
            whole = "office" not in name and re.search(r"/letters(\.py|/)", name)
            found[name] = set(translated(tree) if whole else in_subjects_and_texts(tree))
    return found


def of_templates() -> Iterator[tuple[str, ...]]:
    for path in (settings.BASE_DIR / "templates/letters").iterdir():
        for one in IN_TEMPLATE.finditer(path.read_text()):
            yield (one["plain"] or re.sub(r"{{ (\w+) }}", r"%(\1)s", one["block"]),)


def of_labels() -> Iterator[tuple[str, ...]]:
    """Labels of choices that are put into a sentence of a letter."""
    with translation.override("en"):
        yield from ((str(label),) for label in Dossier.Edition.labels)


def said_in_letters() -> set[tuple[str, ...]]:
    return set().union(*of_modules().values(), of_templates(), of_labels())


def catalogue(language: str) -> dict[tuple[str, ...], Message]:
    """Its messages but the first, which is about the catalogue."""
    messages = read(CATALOGUES[language].read_text(encoding="utf-8"))[1:]
    return {(one.key, *one.ids[1:]): one for one in messages}


def test_every_module_that_writes_letters_is_read():
    writers = {
        name for name in of_modules() if "letters.write(" in (settings.BASE_DIR / name).read_text()
    }
    assert len(writers) > 5
    assert not {name for name in writers if not of_modules()[name]}


@every_language
def test_no_sentence_of_a_letter_is_missing_and_none_is_left_over(language):
    known = catalogue(language)
    assert said_in_letters() - known.keys() == set()
    assert known.keys() - said_in_letters() == set()


@every_language
def test_every_message_has_its_words(language):
    for message in catalogue(language).values():
        assert not message.fuzzy, message.key
        assert len(message.forms) >= len(message.ids), message.key
        assert all(form.strip() for form in message.forms), message.key


@every_language
def test_placeholders_are_those_of_the_message(language):
    for message in catalogue(language).values():
        wanted = [sorted(PLACEHOLDER.findall(one)) for one in message.ids]
        first, *others = [sorted(PLACEHOLDER.findall(one)) for one in message.forms]
        assert first in wanted, message.key  # of one, some languages don't say the number
        assert all(other == wanted[-1] for other in others), message.key


@every_language
def test_what_the_server_reads_is_what_the_catalogue_says(language):
    path = CATALOGUES[language]
    made = path.with_suffix(".mo").read_bytes()
    assert made == compiled(path.read_text(encoding="utf-8")), "python -m deploy.compile_messages"
    words = gettext.GNUTranslations(io.BytesIO(made))
    for message in catalogue(language).values():
        if len(message.ids) == 1:
            assert [words.gettext(message.key)] == message.forms
        else:
            assert words.ngettext(*message.ids, 1) == message.forms[0]


def test_a_letter_in_spanish():
    letter = Letter(subject="-", text="-", link="/")
    with translation.override("es"):
        page = render_to_string("letters/letter.html", {"letter": letter})
        assert translation.gettext("The timeline is agreed") == "El cronograma está acordado"
        one, three = (
            translation.ngettext(
                "The office has asked for the dossier of one case as a file.",
                "The office has asked for the dossiers of %(n)d cases as one file.",
                n,
            )
            % {"n": n}
            for n in (1, 3)
        )
    assert 'lang="es"' in page
    assert "Abrir la página" in page
    assert one == "La oficina ha pedido el expediente de un caso como archivo."
    assert three == "La oficina ha pedido los expedientes de 3 casos en un solo archivo."


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_what_is_fuzzy_empty_or_of_a_context_is_compiled_as_gettext_has_it():
    made = compiled(
        HEAD
        + '#, fuzzy\nmsgid "one"\nmsgstr "uno"\n\n'
        + 'msgid "two"\nmsgstr ""\n\n'
        + 'msgctxt "month"\nmsgid "May"\nmsgstr "ma"\n"yo"\n\n\n'
        + '#~ msgid "old"\n#~ msgstr "viejo"\n'
    )
    words = gettext.GNUTranslations(io.BytesIO(made))
    assert words.gettext("one") == "one"
    assert words.gettext("two") == "two"
    assert words.pgettext("month", "May") == "mayo"
    assert words.gettext("May") == "May"


@pytest.mark.parametrize("wrong", ["msgid one\n", 'msgid "a"\nmsgstr "b"\n\n' * 2])
def test_what_is_no_catalogue_is_refused(wrong):
    with pytest.raises(Refusal):
        compiled(HEAD + wrong)
