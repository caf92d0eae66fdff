"""Development only: the letters that the file sink took, so that a link in one can be followed."""

from email import message_from_bytes, policy
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SHOWN = 60


def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest letters, each with its text."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.VAR_DIR / "letters")
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found = list(chain.from_iterable(_messages(file) for file in files[:SHOWN]))[:SHOWN]
    return render(request, "mailbox.html", {"letters": found})


def _messages(file: Path) -> list[dict[str, str]]:
    """The messages of one file of Django's file backend, which rules them off with dashes."""
    parsed = (
        message_from_bytes(raw.strip(), policy=policy.default)
        for raw in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
        if raw.strip()
    )
    return [
        {
            "to": str(mail["To"]),
            "subject": str(mail["Subject"]),
            "at": str(mail["Date"]),
            "text": _text(mail),
        }
        for mail in reversed(list(parsed))
    ]


def _text(mail: object) -> str:
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return body.get_content() if body else ""
