"""Everything held about a person that they may see: each app answers for its own part.

What stands for others' eyes (the Committee's discussion, drafts of assessments, votes, what others
declare) is in nobody's answer; a test plants a mark in each such field and looks for it.
"""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

import applicants.queries.held
import credentialing.people.queries.held
import intensives.queries.held
import reviews.queries.held
import supervision.queries
from credentialing.people.models import Person
from credentialing.records.audit import plain
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job, Letter
from credentialing.records.society import current as society_now

Tables = dict[str, list[dict[str, Any]]]


def held(person: Person) -> Tables:
    """The tables of everything that is held, in plain data; those with nothing are left out."""
    found: Tables = {}
    for part in (
        credentialing.people.queries.held.held(person),
        applicants.queries.held.held(person),
        supervision.queries.held(person),
        intensives.queries.held.held(person),
        reviews.queries.held.held(person),
        _records(person),
    ):
        found |= {name: rows for name, rows in part.items() if rows}
    return plain(found) or {}


def _records(person: Person) -> Tables:
    """The letters that were sent, without their links, and the work that was asked for."""
    letters = Letter.objects.filter(to=person, state=Letter.State.SENT).order_by("pk")
    jobs = Job.objects.filter(by=person).order_by("pk")
    return {
        "letters sent to you": list(letters.values("subject", "text", "address", "sent_at")),
        "work you asked for": list(jobs.values("kind", "asked_at", "ended_at", "state")),
    }


def files(person: Person) -> Iterator[tuple[str, File]]:
    """The person's own documents, dossiers and certificates, each with a name of its own."""
    for document in applicants.queries.held.held_documents(person):
        suffix = Path(document.file.name).suffix
        yield f"{document.pk} {document.title}{suffix}", document.file
    yield from reviews.queries.held.held_files(person)


def my_data(job: Job, progress: Progress) -> Outcome:
    """A zip of a readable index, the same as JSON, and the person's files, for who asked."""
    person = job.by
    progress(0, doing=_("Gathering what is held about you"))
    tables = held(person)
    own = list(files(person))
    context = {
        "person": person,
        "society": society_now().name,
        "at": timezone.now(),
        "tables": [_table(name, rows) for name, rows in tables.items()],
        "files": [file_name(name) for name, _file in own],
    }
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as made:
        path = Path(made.name)
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("index.html", render_to_string("held/index.html", context))
            bundle.writestr("data.json", json.dumps(tables, indent=2, ensure_ascii=False))
            for number, (name, file) in enumerate(own):
                progress(number, len(own), doing=name)
                with file.open("rb") as content, bundle.open(file_name(name), "w") as copy:
                    for chunk in content.chunks():
                        copy.write(chunk)
        content_ = path.read_bytes()
    finally:
        path.unlink()
    return Outcome(
        text=_("Everything that is held about you and that you may see is in one file."),
        name="my-data.zip",
        content=content_,
    )


def file_name(name: str) -> str:
    """Where a file of this name stands in the bundle; all that a title may hold is made plain."""
    stem, dot, suffix = name.rpartition(".")
    plain_stem = re.sub(r"[^\w -]", "-", stem)[:120]
    return f"files/{get_valid_filename(plain_stem)}{dot}{suffix}"


def _table(name: str, rows: list[dict[str, Any]]) -> tuple[str, list[str], list[list[str]]]:
    """A table to read: its title, its columns, and each row's cells as text."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    return name[:1].upper() + name[1:], [column.replace("_", " ") for column in columns], cells


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    return "" if value is None else str(value)
