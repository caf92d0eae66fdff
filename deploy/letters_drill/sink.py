"""A mail relay that keeps only the ids of what it took. It listens on this machine alone."""

import os
import socketserver
import sys
from contextlib import suppress
from pathlib import Path

END = b".\r\n"


class Sink(socketserver.ThreadingTCPServer):
    """As much of a mail relay as the sender needs."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)

    def take(self, letter: str) -> None:
        """Note the id of a letter, before the sender is told that it was taken."""
        # In one piece: two conversations that print at the same moment would mix their lines.
        os.write(sys.stdout.fileno(), f"{letter}\n".encode())


class Conversation(socketserver.StreamRequestHandler):
    """One conversation with a sender."""

    server: Sink

    def handle(self) -> None:
        with suppress(ConnectionError):
            self.say(b"220 ready")
            while line := self.rfile.readline():
                command = line.split()[0].upper() if line.split() else b""
                if command == b"DATA":
                    self.say(b"354 go on")
                    message = self.message()
                    if not message:
                        return
                    self.server.take(letter_id(message))
                self.say(b"221 bye" if command == b"QUIT" else b"250 fine")
                if command == b"QUIT":
                    return

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

    def message(self) -> bytes:
        """The whole message; nothing of one whose sender died before its end."""
        lines = []
        while (line := self.rfile.readline()) != END:
            if not line:
                return b""
            lines.append(line)
        return b"".join(lines)


def letter_id(message: bytes) -> str:
    headers = message.partition(b"\r\n\r\n")[0].decode()
    return next(
        line.partition(":")[2].strip()
        for line in headers.splitlines()
        if line.lower().startswith("message-id:")
    )


def taken(log: Path) -> list[str]:
    """The ids of what a sink with this log took, each as often as it was taken."""
    return log.read_text().split() if log.exists() else []


if __name__ == "__main__":
    with Sink(int(sys.argv[1])) as sink:
        sink.serve_forever()
