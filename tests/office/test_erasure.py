"""An erasure replaces who somebody is, and keeps what was decided."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applicants.operations as applying
from applicants.models import Application, Document
from credentialing.office.operations import erase, merge_people
from credentialing.people.models import Credential, CredentialStatus, Person, User
from credentialing.records import letters
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.standing.queries import standings
from supervision.models import Approval
from tests.factories import PDF, ApplicationFactory, complete_case, person

pytestmark = pytest.mark.django_db
NAME, ADDRESS = "Quentin Quigley", "quentin.quigley@example.org"


@pytest.fixture
def office():
    return person("administrator", name="Olive Office")


def erased(somebody, office):
    return erase(somebody, by=office, at=timezone.now())


def everything_said():
    """All that every table of ours holds, but for what was frozen."""
    said = []
    for model in (Person, User, Letter, Document, AuditEntry, Application):
        said += [str(row) for row in model.objects.values_list()]
    return " ".join(said)


def test_who_they_are_goes_and_what_was_decided_stays(
    office, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    chair = person("chair")
    quentin = person(name=NAME, email=ADDRESS)
    case = complete_case(applicant=quentin)
    document = applying.upload_document(
        case,
        kind="other",
        title=f"Letter of {NAME}",
        file=ContentFile(PDF, name="letter.pdf"),
        by=quentin,
        at=timezone.now(),
    )
    letters.write("ruling", quentin, occasion="1", subject="Hello", text=f"Dear {NAME}")
    applying.withdraw(case, by=quentin, at=timezone.now())
    double = Person.objects.create(name=f"{NAME}, MD")
    merge_people(quentin, double, by=office, at=timezone.now())
    before = standings([case], timezone.localdate())[0].data
    file = tmp_path / document.file.name

    there = file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erased(quentin, office)

    quentin.refresh_from_db()
    case.refresh_from_db()
    after = standings([case], timezone.localdate())[0].data
    said = everything_said().casefold()
    assert [word in said for word in ("quentin", "quigley")] == [False, False]
    assert (there, file.exists(), quentin.name) == (True, False, f"Erased person {quentin.pk}")
    assert after["requirements"] == before["requirements"]
    assert case.moves.count() == 1
    assert Letter.objects.filter(kind="person-erased", to=chair).count() == 1


def with_a_case():
    return ApplicationFactory().applicant


def with_a_credential():
    somebody = person()
    credential = Credential.objects.create(
        number="ABS-1", person=somebody, title="Leader", since="2020-01-01"
    )
    CredentialStatus.objects.create(credential=credential, status="active", since="2020-01-01")
    return somebody


def supervisor():
    somebody = person()
    Approval.objects.create(supervisor=somebody, start="2020-01-01")
    return somebody


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        (with_a_case, "An application is under way"),
        (with_a_credential, "ABS-1 is active"),
        (supervisor, "They are a supervisor"),
        (lambda: person("council"), "They hold a role"),
        (person, None),
    ],
)
def test_somebody_on_whom_others_count_is_not_erased_yet(office, whom, said):
    somebody = whom()

    if said:
        with pytest.raises(Refused, match=said):
            erased(somebody, office)
    else:
        erased(somebody, office)

    somebody.refresh_from_db()
    assert (somebody.erased_at is None) == bool(said)


def test_the_page_says_what_goes_and_does_it_once(office):
    somebody = person(name=NAME)
    client = Client()
    client.force_login(office.user)
    url = reverse("erase", args=[somebody.pk])

    page = client.get(url)
    unchanged = Person.objects.get(pk=somebody.pk).name
    for _number in range(2):
        client.post(url)
    own = client.post(reverse("erase", args=[office.pk]))

    assert (page.status_code, unchanged, own.status_code) == (200, NAME, 409)
    assert AuditEntry.objects.filter(act="person.erased").count() == 1
