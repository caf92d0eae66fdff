"""Tables that come and go as files: CSV or a spreadsheet to rows with their lines, and back.

What a file means is for others to say; here it is text in columns.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

MOST_BYTES = 10_000_000
MOST_BYTES_UNPACKED = 200_000_000  # a spreadsheet is a zip; a small one can unpack to anything
MOST_ROWS = 20_000
MOST_COLUMNS = 100
SPREADSHEET = b"PK\x03\x04"
OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
DELIMITERS = ",;\t"
BEYOND = ""  # the key of what a row holds beyond the last named column
FORMULA = "=+-@"
# As what they are handed out.
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
EUROPEAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


class TableError(Exception):
    """Why a file can't be read as a table, in words that the person can act on."""


class Row(NamedTuple):
    """One row: the line on which it begins (or the row of the sheet), and its text by column.

    A row with more cells than there are columns holds the rest under `BEYOND`.
    """

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in a row: its line, the column, what is written, and what would be right.

    Without a column it is the row as a whole that can't be brought in.
    """

    line: int
    column: str
    written: str
    wrong: str
    right: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as text. Cells are trimmed; a cell that is not there is empty; empty rows are not."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes, name: str, *, most_rows: int = MOST_ROWS) -> Table:
    """The table in a CSV file or on the first sheet of a spreadsheet that holds anything.

    The first row that is not empty names the columns. The kind is told by the content, not by the
    name, which only stands in what is said about it. Raises `TableError`.
    """
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise TableError(_("%(name)s is larger than %(most)s MB.") % {"name": name, "most": most})
    if content.startswith(OLD_SPREADSHEET):
        raise TableError(
            _("%(name)s is of the old Excel kind, or protected by a password. Save it as .xlsx.")
            % {"name": name}
        )
    lines = _sheet(content, name) if content.startswith(SPREADSHEET) else _text(content, name)
    return _table(lines, name, most_rows)


def match_columns(columns: Iterable[str], known: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Which column holds which field, by name: field → column, each column once.

    `known` says under which names a field is known, best first; capitals, spaces and signs do not
    matter. A field that no column is named after is absent.
    """
    left = {_plain(column): column for column in columns}
    found = {}
    for field, names in known.items():
        for plain in map(_plain, (field, *names)):
            if plain in left:
                found[field] = left.pop(plain)
                break
    return found


def as_day(text: str) -> date:
    """A day as people write it: 2026-11-23, 11/23/2026 or 23.11.2026. Raises ValueError."""
    for form, order in ((ISO, (1, 2, 3)), (AMERICAN, (3, 1, 2)), (EUROPEAN, (3, 2, 1))):
        if found := form.fullmatch(text.strip()):
            return date(*(int(found[part]) for part in order))
    raise ValueError(text)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as CSV that spreadsheets open as it is; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_written(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_faults(faults: Iterable[Fault]) -> bytes:
    """Everything that is wrong in a table, as CSV, to be put right beside the file."""
    heading = (_("Line"), _("Column"), _("Written"), _("What is wrong"), _("What would be right"))
    return write_csv(
        heading, ((each.line, each.column, each.written, each.wrong, each.right) for each in faults)
    )


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> bytes:
    """The rows as a spreadsheet with a heading that stays in sight; dates and numbers as such."""
    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Sheet"
    sheet.append(list(columns))
    for row in rows:
        sheet.append([value if _native(value) else _written(value) for value in row])
    for heading in sheet[1]:
        heading.font = Font(bold=True)
        wide = max(len(str(cell.value or "")) for cell in sheet[heading.column_letter][:200])
        sheet.column_dimensions[heading.column_letter].width = min(60, max(10, wide + 2))
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _native(value: object) -> bool:
    """A spreadsheet has numbers and days of its own; it has no time zones."""
    return isinstance(value, int | float | date) and getattr(value, "tzinfo", None) is None


def _written(value: object) -> str:
    """A cell as text. What would be taken for a formula is quoted, and read back plain."""
    text = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return f"'{text}" if text.startswith((*FORMULA, "\t", "\r")) else text


def _read(value: object) -> str:
    """A cell as trimmed text; days as 2026-11-23, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = unicodedata.normalize("NFC", str(value)).replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in FORMULA else text


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _text(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content, name)
    delimiter = ""
    if marked := re.match(r"sep=(.)\r?\n", text):
        delimiter = marked[1]
    first = 2 if delimiter else 1
    body = text[marked.end() :] if marked else text
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=delimiter or _delimiter(body), strict=True
    )
    line = first
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + first
    except csv.Error as error:
        raise TableError(
            _("%(name)s can't be read from line %(line)s on. Is a quotation mark left open?")
            % {"name": name, "line": line}
        ) from error


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]  # what programs write, in the order of likelihood
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableError(
        _("%(name)s is not a table. Save it as CSV or as an Excel file (.xlsx).") % {"name": name}
    )


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that makes the most columns of the first row."""
    heading = next((line for line in text.splitlines() if line.strip()), "")

    def columns(sign: str) -> int:
        try:
            return len(next(csv.reader([heading], delimiter=sign), []))
        except csv.Error:  # a cell too long to be one
            return 0

    return max(DELIMITERS, key=columns)


def _sheet(content: bytes, name: str) -> Iterator[tuple[int, list[object]]]:
    broken = TableError(
        _("%(name)s can't be read. Save it as CSV, or anew as an Excel file (.xlsx).")
        % {"name": name}
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_BYTES_UNPACKED:
            raise TableError(_("%(name)s is too large.") % {"name": name})
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except TableError:
        raise
    except Exception as error:
        raise broken from error
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the size that a file states may be a lie
            found = False
            for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                if any(cell not in (None, "") for cell in cells):
                    found = True
                    yield line, list(cells)
            if found:
                return
    except Exception as error:
        raise broken from error
    finally:
        book.close()


def _table(lines: Iterator[tuple[int, list[object]]], name: str, most_rows: int) -> Table:
    rows = ((line, [_read(cell) for cell in cells]) for line, cells in lines)
    filled = ((line, cells) for line, cells in rows if any(cells))
    _line, heading = next(filled, (0, []))
    while heading and not heading[-1]:
        heading.pop()
    if not heading:
        raise TableError(_("%(name)s is empty.") % {"name": name})
    if len(heading) > MOST_COLUMNS:
        raise TableError(
            _("%(name)s has more than %(most)s columns.") % {"name": name, "most": MOST_COLUMNS}
        )
    columns = tuple(
        " ".join(text.split()) or _("Column %(number)s") % {"number": number}
        for number, text in enumerate(heading, 1)
    )
    for one, next_one in pairwise(sorted(columns, key=_plain)):
        if _plain(one) == _plain(next_one):
            raise TableError(
                _("Two columns of %(name)s are named “%(column)s”. Give each its own name.")
                % {"name": name, "column": one}
            )
    read = []
    for line, cells in filled:
        if len(read) == most_rows:
            raise TableError(
                _("%(name)s has more than %(most)s rows. Part it into several files.")
                % {"name": name, "most": f"{most_rows:,}"}
            )
        padded = cells + [""] * (len(columns) - len(cells))
        row = dict(zip(columns, padded, strict=False))
        if beyond := " ".join(filter(None, cells[len(columns) :])):
            row[BEYOND] = beyond
        read.append(Row(line, row))
    return Table(columns=columns, rows=tuple(read))
