"""The Society's logo: drawn anew, kept under its digest, and decided as its other settings are."""

import hashlib
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from applicants.operations import files
from credentialing.people.models import Person
from credentialing.records.models import Logo, Society
from credentialing.records.operations import decide_society
from credentialing.records.refusals import Refused

LARGEST = 2 * 1024 * 1024
SIDES = (800, 400)  # sharp on paper at 65 millimetres
SMALLEST = 64


@transaction.atomic
def change_logo(file: IO[bytes], *, seen: int, by: Person) -> Society:
    """Let a picture be the logo, on pages and on the papers to come."""
    picture = files.read_picture(file, largest=LARGEST, sides=SIDES)
    if max(picture.size) < SMALLEST or min(picture.size) < SMALLEST // 8:
        raise Refused(
            _("This picture is too small to be printed. Take one of at least 200 pixels."),
            field="file",
        )
    content = files.encoded(picture, "PNG")
    digest = hashlib.sha256(content).hexdigest()
    width, height = picture.size
    logo, _new = Logo.objects.get_or_create(
        digest=digest, defaults={"content": content, "width": width, "height": height}
    )
    return decide_society({"logo_id": logo.pk}, seen=seen, by=by)


def remove_logo(*, seen: int, by: Person) -> Society:
    """Have no logo any more; papers that were issued keep theirs."""
    return decide_society({"logo_id": None}, seen=seen, by=by)
