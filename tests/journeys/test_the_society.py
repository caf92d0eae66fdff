"""What the Society decides about itself, and its audit trail, as an administrator goes about it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from credentialing.records import audit
from credentialing.records.models import AuditEntry, TrailCheck
from credentialing.records.society import current
from tests.factories import complete_case, handed_in, person
from tests.journeys.conftest import Visitor
from tests.records.tampering import tamper

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TABLE = AuditEntry._meta.db_table


def emblem(folder: Path) -> Path:
    """A round table, seen from above, on nothing."""
    drawn = Image.new("RGBA", (640, 240))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((20, 20, 220, 220), outline="#7a2e1d", width=14)
    for left in range(270, 620, 80):
        pen.rectangle((left, 60, left + 40, 180), fill="#1f4e5f")
    drawn.save(folder / "emblem.png")
    return folder / "emblem.png"


def test_an_administrator_decides_about_the_society_and_reads_its_trail(
    visitor: Callable[..., Visitor], worker: Path, as_owner: Any, tmp_path: Path
) -> None:
    person("administrator", name="Otto Office", email="office@example.org")
    chair = person("chair", "committee", name="Clara Chair", email="chair@example.org")
    case = complete_case(applicant=person(name="Ann Applicant", email="ann@example.org"))
    letter = handed_in(case)

    # Name, time zone and register: what another zone changes is read before it is saved.
    otto = visitor("Otto deciding").signs_in("office@example.org")
    otto.goes("/office/").follows("The Society’s settings")
    otto.fills(name="Balint Society of the Lakes", time_zone="Europe/Zurich", has_register="")
    otto.presses("Save").reads("Nothing is saved yet").reads("by the new one")
    otto.photograph("another time zone")
    otto.presses("Save").reads("This is what stands now.").reads("Balint Society of the Lakes")
    assert (current().time_zone, current().has_register) == ("Europe/Zurich", False)
    visitor("A visitor").goes("/register/").reads("keeps no public register")

    # A logo: one that is none first, then one, then another visitor sees it.
    otto.attaches("logo.png", b"<svg/>", field="logo-file").presses("Take this picture")
    otto.reads("This is no PNG or JPEG picture")
    otto.page.locator("input[name='logo-file']").set_input_files(emblem(tmp_path))
    otto.presses("Take this picture").reads("This is the logo now.")
    otto.photograph("with a logo")
    someone = visitor("A visitor with a logo").goes("/")
    assert someone.page.locator(".masthead-logo").evaluate("one => one.naturalWidth") == 640

    # The trail: filtered, taken out, and who saw the case.
    clara = visitor("Clara reading").signs_in("chair@example.org")
    clara.goes(f"/committee/cases/{case.reference}/")
    assert clara.page.request.get(f"{clara.address}/documents/{letter.pk}/").ok
    otto.goes("/office/audit/").chooses("act", "Society decided").presses("Show")
    otto.reads("2 entries")
    otto.presses("These entries as CSV")
    otto.page.get_by_role("link", name="Download").wait_for()
    assert b"Society decided" in otto.downloads("Download")
    otto.goes("/office/audit/").fills(case=case.reference).presses("Show")
    otto.follows("Who opened files of this case").reads("Clara Chair: ")

    otto.goes("/office/letters/")

    # Looked at now, it holds; then somebody with the owner's login changes an entry.
    audit.seal()
    otto.goes("/office/audit/").presses("Look at all of it now")
    otto.page.get_by_text("The trail holds.").wait_for()
    otto.goes("/office/audit/").reads("The sealed trail holds")
    with as_owner():
        tamper(TABLE, f"UPDATE {TABLE} SET act = 'nothing' WHERE act = 'society.decided'")
    otto.presses("Look at all of it now")
    otto.page.get_by_text("The trail is not what was sealed.").first.wait_for()
    assert TrailCheck.objects.get().fault
    otto.goes("/office/audit/").reads("The audit trail is not what was sealed")
    otto.photograph("broken")
    clara.goes("/committee/").reads("The audit trail is not what was sealed")

    otto.goes("/office/society/").confirms("Remove it").reads("There is no logo any more.")
    assert chair.pk
