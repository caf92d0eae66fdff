"""A table is read as people save it, refused in words, and written so that nothing runs in it."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from credentialing.records import tables
from credentialing.records.tables import (
    TableError,
    as_day,
    match_columns,
    read_table,
    write_csv,
    write_xlsx,
)

ROWS = [["Ann Ödegård", date(2026, 11, 23), 12], ["Ben, the\x01 second", None, "=1+1"]]


def sheet(*rows, sheets=1):
    book = Workbook()
    for _more in range(sheets - 1):
        book.create_sheet()
    for row in rows:
        book.worksheets[-1].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_is_written_is_read_back(write):
    table = read_table(write(["Name", "Since", "Number"], ROWS), "members")

    assert table.columns == ("Name", "Since", "Number")
    assert [list(row.cells.values()) for row in table.rows] == [
        ["Ann Ödegård", "2026-11-23", "12"],
        ["Ben, the second", "", "=1+1"],
    ]
    assert [row.line for row in table.rows] == [2, 3]


@pytest.mark.parametrize("text", ["=cmd|'x'!A1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_taken_for_a_formula(text):
    in_csv = write_csv(["a"], [[text]]).decode("utf-8-sig").splitlines()[1]
    in_sheet = write_xlsx(["a"], [[text]])

    assert in_csv.strip('"').startswith("'")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(in_sheet)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "content",
    [
        "Name,Since\nZoë,2026-01-02\n".encode(),
        "Name,Since\r\nZoë,2026-01-02\r\n".encode("utf-8-sig"),
        "Name;Since\nZoë;2026-01-02\n".encode("cp1252"),
        "Name\tSince\r\nZoë\t2026-01-02\r\n".encode("utf-16"),
        'sep=;\n"Name";"Since"\n"Zoe\u0308";" 2026-01-02 "\n'.encode(),
        "\n,\n Name , Since ,\n\nZoë,2026-01-02,\n,,\n".encode(),
        sheet(["Name", "Since"], ["Zoë", date(2026, 1, 2)], sheets=3),
    ],
)
def test_a_table_is_read_however_it_was_saved(content):
    table = read_table(content, "members.csv")

    assert table.columns == ("Name", "Since")
    assert [row.cells for row in table.rows] == [{"Name": "Zoë", "Since": "2026-01-02"}]


def test_each_row_knows_where_it_begins():
    content = b'Name,Note\nAnn,"two\nlines"\n\nBen,one\nCem,x,y,z\n'

    rows = read_table(content, "members.csv").rows

    assert [row.line for row in rows] == [2, 5, 6]
    assert [row.cells.get(tables.BEYOND) for row in rows] == [None, None, "y z"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "members.csv is empty."),
        (b"\n ,\n", "members.csv is empty."),
        (b"a,A \n1,2\n", "Two columns of members.csv are named"),
        (b'a,b\n1,2\n3,"4\n', "can't be read from line 3 on"),
        (b"%PDF-1.7\x00\x81", "is not a table"),
        (b"PK\x03\x04 broken", "can't be read"),
        (b"\xd0\xcf\x11\xe0 old", "of the old Excel kind"),
        (b"a,b" + b",c" * 200 + b"\n", "has more than 100 columns"),
        (b"a\n" + b"1\n" * 20_001, "has more than 20,000 rows"),
        (b"a" * 10_000_001, "is larger than 10 MB"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, said):
    with pytest.raises(TableError, match=said):
        read_table(content, "members.csv")


def test_a_spreadsheet_that_unpacks_to_anything_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES_UNPACKED", 1000)

    with pytest.raises(TableError, match="too large"):
        read_table(sheet(["a"], ["1"]), "members.xlsx")


def test_columns_are_found_under_the_names_that_people_give_them():
    known = {"name": ["full name"], "email": ["e-mail address", "mail"], "end": ["until"]}

    matched = match_columns(["E-Mail", "FULL NAME", "Mail", "Phone"], known)

    assert matched == {"email": "E-Mail", "name": "FULL NAME"}


def test_a_day_is_read_as_people_write_it():
    written = ["2026-11-23", "11/23/2026", "23.11.2026", " 23. 11. 2026 "]

    assert {as_day(text) for text in written} == {date(2026, 11, 23)}
    for wrong in ("", "23/11/2026", "11/23/26", "2026-02-30", "soon", "0000-00-00"):
        with pytest.raises(ValueError):  # noqa: PT011 - it names no more than what it was given
            as_day(wrong)


def test_a_heading_without_an_end_is_no_table():
    with pytest.raises(TableError, match="more than 100 columns"):
        read_table(b"c," * 1_000_000 + b"c", "log.csv")
