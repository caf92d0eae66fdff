"""How an act is refused: aloud, in words that the person can act on."""


class Refused(Exception):  # noqa: N818 - it is no error; it is an answer
    """An act that the record does not allow now. The message is shown to the person as it is."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
