"""The one way in which a command of this package says no."""

import sys
from collections.abc import Callable
from typing import NoReturn


class Refusal(Exception):  # noqa: N818 - it is one
    """Something is missing or in the way; the text is one line that a person can act on."""


def spoken(command: Callable[[list[str]], int]) -> NoReturn:
    """Run a command with its arguments; a refusal is one line and exit 1, never a traceback."""
    try:
        code = command(sys.argv[1:])
    except Refusal as refusal:
        sys.exit(str(refusal))
    except PermissionError as error:
        sys.exit(f"No permission for {error.filename}: {error.strerror}.")
    except OSError as error:
        sys.exit(f"{error.filename or 'The system'}: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)
