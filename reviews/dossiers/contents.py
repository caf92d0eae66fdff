"""What a dossier holds: nothing reaches the paper but through these fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Evidence of one kind, one row an item, every cell a text."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that somebody wrote or ruled: a heading, facts in a line, texts under labels."""

    heading: str
    facts: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file inside the file."""

    name: str
    title: str
    content: bytes
    relationship: str
    document: int | None = None  # the key of the case's document that it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """One edition of a dossier, whole."""

    edition: str
    edition_name: str
    number: int
    reference: str
    society: str
    logo: str  # the name of the picture; none, where there is no logo
    procedure: str
    procedure_title: str
    procedure_is_partial: bool
    applicant: str
    stage: str
    as_of: date
    issued_at: datetime
    digest: str
    software: str
    verify_address: str
    snapshot: int | None
    facts: tuple[tuple[str, str], ...]
    summary: str
    lines: tuple[Mapping[str, Any], ...]
    form: tuple[Note, ...]
    evidence: tuple[Table, ...]
    attestations: tuple[Note, ...]
    claims: tuple[Note, ...]
    reports: tuple[Note, ...]
    assessments: tuple[Note, ...]
    rulings: tuple[Note, ...]
    questions: tuple[Note, ...]
    timeline: tuple[Table, ...]
    recommendation: tuple[Note, ...]
    result: tuple[Note, ...]
    documents: Table | None
    attached: tuple[Attached, ...]
