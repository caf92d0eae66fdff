"""What `./run` and `./test` may be told; standard library only, as nothing is installed yet."""

import argparse

RUN = """\
Runs the application with a database and a broker of its own, or with the ones named by the
environment variables DATABASE_URL (the application's role), DATABASE_OWNER_URL (the role that
owns the tables) and REDIS_URL. Stop it with Ctrl-C. See docs/operations.md."""

TEST = """\
Without arguments: the static checks, then every test. Arguments that are not listed here go to
pytest, which then runs alone: ./test tests/people -k password"""


def run_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run", description=RUN)
    parser.add_argument(
        "--empty", action="store_true", help="no demonstration in an empty database"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (%(default)s)"
    )
    parser.add_argument(
        "--port", type=port, default=8000, help="the port to listen on (%(default)s)"
    )
    parser.add_argument(
        "--check", action="store_true", help="start everything, say whether it is well, and stop"
    )
    return parser


def port(text: str) -> int:
    """A number that a port may have."""
    if not 1 <= int(text) <= 65535:
        raise ValueError(text)
    return int(text)


def test_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./test", description=TEST, allow_abbrev=False)
    parser.add_argument(
        "--fast", action="store_true", help="without the journeys in a real browser"
    )
    parser.add_argument("--static", action="store_true", help="the static checks alone")
    return parser
