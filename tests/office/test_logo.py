"""The Society's logo: handed in, drawn anew, at the head of pages and on the papers to come."""

import hashlib
import io
from datetime import UTC, datetime

import pikepdf
import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image, PngImagePlugin

from credentialing.office.operations import change_logo, remove_logo
from credentialing.people.models import Credential
from credentialing.records.models import AuditEntry, Logo, Society
from credentialing.records.refusals import Refused
from credentialing.records.society import current
from reviews.dossiers import certificates, composing, paper
from tests.factories import ApplicationFactory, person, picture

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def office():
    client = Client()
    client.person = person("administrator")
    client.force_login(client.person.user)
    return client


def hand_in(office, file, seen=0):
    return office.post(reverse("change-logo"), {"logo-file": file, "logo-seen": seen})


def head(client):
    """The head of a page that anybody reads."""
    return client.get(reverse("register")).content.decode().split("</header>")[0]


def test_a_logo_stands_at_the_head_of_every_page_until_it_is_removed(office):
    before = head(Client())
    answer = hand_in(office, picture())
    address = reverse("logo", args=[current().logo.digest])
    with_it, served = head(Client()), Client().get(address)
    office.post(reverse("remove-logo"), {"seen": 1})
    after, gone = head(Client()), Client().get(address)

    assert answer.url == reverse("society")
    assert [address in page for page in (before, with_it, after)] == [False, True, False]
    assert (served.status_code, served["Content-Type"], gone.status_code) == (200, "image/png", 404)
    assert "immutable" in served["Cache-Control"]
    assert "sandbox" in served["Content-Security-Policy"]
    assert hashlib.sha256(served.content).hexdigest() in address
    changes = AuditEntry.objects.filter(act="society.decided").order_by("pk")
    assert [entry.actor for entry in changes] == [office.person, office.person]
    assert changes[0].after == changes[1].before == {"logo_id": Logo.objects.get().pk}


def test_other_settings_and_the_logo_do_not_touch_each_other(office):
    hand_in(office, picture())
    stands = office.get(reverse("society")).context["form"].initial
    office.post(reverse("society"), stands | {"name": "Another", "has_register": "on"})
    named = current()
    office.post(reverse("remove-logo"), {"seen": named.number})

    assert (named.name, named.logo) == ("Another", Logo.objects.get())
    assert (current().name, current().logo) == ("Another", None)


def test_it_is_drawn_anew_small_enough_and_says_nothing_of_where_it_came_from(office):
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Somebody")

    hand_in(office, picture((3000, 900), pnginfo=told))

    kept = Logo.objects.get()
    drawn = Image.open(io.BytesIO(bytes(kept.content)))
    assert (drawn.format, drawn.size, drawn.info) == ("PNG", (800, 240), {})
    assert (kept.width, kept.height) == (800, 240)


def test_the_same_picture_again_is_kept_once_and_changes_nothing(office):
    for seen in (0, 1):
        hand_in(office, picture(kind="JPEG"), seen)

    assert (Logo.objects.count(), Society.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 no picture", "This is no PNG or JPEG picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "This is no PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "can&#x27;t be read"),
        (b"\x89PNG" + b"0" * (2 << 20), "larger than 2 MB"),
        (picture((9, 9)).read(), "too small"),
        (picture((4000, 20)).read(), "too small"),
    ],
)
def test_what_is_no_logo_is_refused_in_words_and_the_page_is_whole(office, content, words):
    file = io.BytesIO(content)
    file.name = "logo.png"

    page = hand_in(office, file)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert page.context["form"].initial["name"] == current().name
    assert not Society.objects.exists()


def test_of_two_who_change_it_at_once_the_second_is_told(office):
    hand_in(office, picture())

    page = hand_in(office, picture((100, 100)))

    assert "changed this meanwhile" in page.content.decode()
    with pytest.raises(Refused):
        remove_logo(seen=0, by=office.person)
    assert current().logo.width == 300


def test_what_was_a_logo_is_never_changed(office):
    hand_in(office, picture())

    for act in (Logo.objects.all().delete, lambda: Logo.objects.update(content=b"")):
        with pytest.raises(Error), transaction.atomic():
            act()


def pictures(made):
    """The alternative texts of the pictures in a PDF, and how many of them are transparent."""
    pdf = pikepdf.open(io.BytesIO(made))
    dictionaries = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
    said = {str(each.get("/Alt")) for each in dictionaries if each.get("/S") == "/Figure"}
    masked = [each for each in dictionaries if "/SMask" in each]
    return {text for text in said if text.startswith("Logo")}, len(masked)


def test_certificate_and_dossier_carry_it_aloud_and_are_the_same_bytes_each_time(office):
    case = ApplicationFactory()
    credential = Credential.objects.create(
        number="ABS-2345-6789", person=case.applicant, title="Leader", since="2026-01-02"
    )
    credential.refresh_from_db()
    without = certificates.certificate(credential)
    change_logo(picture(), seen=0, by=office.person)

    contents = composing.compose(case, "committee", number=1, at=AT)
    certificate, dossier = certificates.certificate(credential), paper.dossier(contents)
    again = certificates.certificate(credential), paper.dossier(contents)

    said = {f"Logo of the {current().name}"}
    assert pictures(without) == (set(), 0)
    assert pictures(certificate) == pictures(dossier) == (said, 0)
    assert again == (certificate, dossier)


def test_what_was_written_down_before_is_set_with_the_logo_of_then(office):
    case = ApplicationFactory()
    change_logo(picture(), seen=0, by=office.person)
    contents = composing.compose(case, "council", number=1, at=AT)
    html = paper.manuscript(contents)
    expected = paper.dossier(contents)

    change_logo(picture((200, 200)), seen=1, by=office.person)
    later = paper.bound(html, of=f"{case.reference} council 1", at=AT, attached=contents.attached)

    assert later == expected
