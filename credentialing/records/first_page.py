"""Draws the first page of a PDF, in a process of its own that can't take much of anything.

`python first_page.py`, with the PDF at its input, writes a PNG: what a PDF can do to its reader
(loop, grow, crash) it does to that process alone. It ends with one of the codes below. Its caller
needs these codes and not the libraries, which are therefore imported where they are used.
"""

import io
import resource
import sys
from typing import Any

DRAWN, BROKEN, LOCKED, ARMED = 0, 1, 3, 4
SECONDS, MEMORY = 10, 2 * 1024**3
LONGEST_SIDE = 1_000  # pixels
MOST_OBJECTS = 200_000
# What makes a paper act by itself, or carry a program along.
ACTS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE"}
CARRIES = ("/JS", "/JavaScript", "/EmbeddedFiles", "/XFA")


def main(paper: bytes) -> tuple[int, bytes]:
    """How it went, and the page as PNG."""
    import pikepdf  # noqa: PLC0415 - see above

    try:
        with pikepdf.open(io.BytesIO(paper)) as opened:
            if is_armed(opened):
                return ARMED, b""
    except pikepdf.PasswordError:
        return LOCKED, b""
    return DRAWN, first_page(paper)


def is_armed(paper: Any) -> bool:
    """Whether the paper holds a script, an act that leaves it, or another file."""
    if len(paper.objects) > MOST_OBJECTS:
        raise ValueError("too many objects")
    return any(_acts(each) for each in paper.objects)


def _acts(thing: Any) -> bool:
    """Whether a dictionary, or one that lies in it, acts or carries; others are met themselves."""
    import pikepdf  # noqa: PLC0415 - see above

    if isinstance(thing, pikepdf.Array):
        return any(_acts(each) for each in thing if not getattr(each, "is_indirect", False))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    kind = thing.get("/S")
    if isinstance(kind, pikepdf.Name) and str(kind) in ACTS:
        return True
    if any(name in thing for name in CARRIES):
        return True
    return any(
        _acts(each) for _name, each in thing.items() if not getattr(each, "is_indirect", False)
    )


def first_page(paper: bytes) -> bytes:
    import pypdfium2  # noqa: PLC0415 - see above

    opened = pypdfium2.PdfDocument(paper)
    page = opened[0]
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError("no such paper")
    scale = min(LONGEST_SIDE / max(width, height), 2)
    drawn = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    png = io.BytesIO()
    drawn.save(png, "PNG", optimize=True)
    return png.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        code, png = main(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001 - whatever it was, the paper can't be read
        code, png = BROKEN, b""
    sys.stdout.buffer.write(png)
    sys.stdout.flush()
    sys.exit(code)
