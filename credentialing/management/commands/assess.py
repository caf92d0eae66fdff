"""Assess one portfolio, many of them line by line, or an applicant's from the database."""

import json
import os
import sys
from argparse import ArgumentTypeError
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.utils import timezone

from credentialing.rules import (
    Portfolio,
    Procedure,
    RulesError,
    assess,
    load_procedure,
    parse_portfolio,
    read_portfolio,
    read_procedure,
    words,
)
from credentialing.rules.reading import UnreadableError, shown, written_day

SOME_LINES_ARE_BAD = 1
BAD_INPUT = 2


class Command(BaseCommand):
    help = "Tell what remains of a procedure's requirements, and why, from a portfolio."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("portfolio", nargs="?", metavar="PORTFOLIO.json")
        source.add_argument("--batch", metavar="FILE.jsonl", help="one portfolio a line")
        source.add_argument("--applicant", metavar="REFERENCE", help="from the database")
        procedure = parser.add_mutually_exclusive_group()
        procedure.add_argument("--procedure", metavar="ID")
        procedure.add_argument("--procedure-file", metavar="FILE.toml")
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="today, if left out")
        parser.add_argument("--format", choices=("json", "text"), default="json")

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django's, but all that is refused, options too, is one line and status 2."""
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        parser = self.create_parser(argv[0], argv[1])
        try:
            self.execute(**vars(parser.parse_args(argv[2:])))
            sys.stdout.flush()
        except CommandError as refusal:
            line = str(refusal).removeprefix("Error: ")
            self.stderr.write(" ".join(line.splitlines()))
            sys.exit(BAD_INPUT)
        except BrokenPipeError:
            # Whoever read the output has enough of it; at exit Python shall not flush into a void.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(SOME_LINES_ARE_BAD)

    def handle(self, **options: Any) -> None:
        as_of = options["as_of"] or _today()
        text = options["format"] == "text"
        procedure = _named_procedure(options["procedure"], options["procedure_file"])
        if options["batch"] is not None:
            self.assess_lines(options["batch"], procedure, as_of, text=text)
            return
        try:
            if options["applicant"] is not None:
                portfolio, pinned = _applicant(options["applicant"])
                procedure = procedure or load_procedure(pinned)
            else:
                with _opened(options["portfolio"]) as file:
                    portfolio = parse_portfolio(file.read())
            procedure = procedure or _own_procedure(portfolio)
        except RulesError as refusal:
            raise CommandError(str(refusal)) from None
        assessment = assess(procedure, portfolio, as_of)
        if text:
            self.stdout.write(words.report(assessment.as_data(), procedure))
        else:
            self.stdout.write(assessment.as_json(indent=1))

    def assess_lines(
        self, path: str, procedure: Procedure | None, as_of: date, *, text: bool
    ) -> None:
        """Write an assessment, or with `text` a sentence, for each line that is not blank."""
        some_are_bad = False
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    portfolio = parse_portfolio(line)
                    under = procedure or _own_procedure(portfolio)
                except RulesError as refusal:
                    some_are_bad = True
                    error = {"line": number, "error": str(refusal)}
                    self.stdout.write(f"line {number}: {refusal}" if text else json.dumps(error))
                    continue
                assessment = assess(under, portfolio, as_of)
                if text:
                    sentence = words.summary(assessment.as_data(), under)
                    self.stdout.write(f"{portfolio.applicant}: {sentence}")
                else:
                    self.stdout.write(assessment.as_json())
        if some_are_bad:
            sys.exit(SOME_LINES_ARE_BAD)


def _today() -> date:
    """Today where the Society is."""
    from credentialing.records import society  # noqa: PLC0415

    return timezone.localdate(timezone=society.at_hand().zone)


def _day(written: str) -> date:
    try:
        return written_day(written)
    except UnreadableError as refusal:
        raise ArgumentTypeError(refusal.reason) from None


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    """The file, or standard input for `-`, which stays open."""
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror}") from None


def _named_procedure(id_: str | None, path: str | None) -> Procedure | None:
    """The procedure that the options name, if they name one."""
    try:
        if path is not None:
            return read_procedure(Path(path))
        return None if id_ is None else load_procedure(id_)
    except RulesError as refusal:
        raise CommandError(str(refusal)) from None


def _own_procedure(portfolio: Portfolio) -> Procedure:
    """The procedure to which the portfolio is pinned."""
    if portfolio.procedure is None:
        raise RulesError("procedure: neither the portfolio nor an option names one")
    return load_procedure(portfolio.procedure)


def _applicant(reference: str) -> tuple[Portfolio, str]:
    """The portfolio of an application, gathered from the database, and its procedure."""
    from credentialing.standing.queries import portfolio_by_reference  # noqa: PLC0415

    try:
        data, procedure = portfolio_by_reference(reference)
    except LookupError:
        raise CommandError(f"--applicant: no such application: {shown(reference)}") from None
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(f"--applicant: the database cannot be asked: {reason}") from None
    return read_portfolio(data), procedure
