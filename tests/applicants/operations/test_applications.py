import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone

from applicants import operations
from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from tests.applicants import cases
from tests.factories import PDF, membership, person

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def test_a_person_has_one_live_application():
    ann = person()
    first = operations.start_application(ann, at=now())

    with pytest.raises(Refused):
        operations.start_application(ann, at=now())

    assert list(ann.applications.all()) == [first]


def test_an_application_after_a_withdrawn_one_starts_with_what_it_said():
    earlier = cases.filled()
    operations.withdraw(earlier, by=earlier.applicant, at=now())

    later = operations.start_application(earlier.applicant, at=now())

    said = {section.key: section.answers for section in later.sections.all()}
    assert said["practice"] == cases.ANSWERS["practice"]
    assert "statement" not in said  # consent is given anew


def test_a_part_is_saved_with_a_revision():
    application = cases.draft()
    keep = {"by": application.applicant, "at": now()}

    operations.save_section(application, "experience", {"description": "A"}, revision=0, **keep)
    second = operations.save_section(
        application, "experience", {"description": "B"}, revision=1, **keep
    )

    assert (second.answers, second.revision) == ({"description": "B"}, 2)


def test_a_part_saved_in_another_window_clashes_and_nothing_is_lost():
    application = cases.draft()
    keep = {"by": application.applicant, "at": now()}
    operations.save_section(application, "experience", {"description": "A"}, revision=0, **keep)

    with pytest.raises(operations.Clash) as clash:
        operations.save_section(application, "experience", {"description": "B"}, revision=0, **keep)

    assert clash.value.stored.answers == {"description": "A"}
    assert application.sections.get().answers == {"description": "A"}


def test_the_same_text_from_another_window_is_no_clash():
    application = cases.draft()
    keep = {"by": application.applicant, "at": now()}
    operations.save_section(application, "experience", {"description": "A"}, revision=0, **keep)

    again = operations.save_section(
        application, "experience", {"description": "A"}, revision=0, **keep
    )

    assert again.revision == 1


def test_a_name_stands_on_the_person_and_not_in_the_form():
    application = cases.draft()

    operations.save_section(
        application,
        "person",
        {"name": "Łucja Example", "profession": "nurse"},
        revision=0,
        by=application.applicant,
        at=now(),
    )

    assert application.sections.get().answers == {"profession": "nurse"}
    changed = Person.objects.get(pk=application.applicant_id)
    assert (changed.name, changed.profession) == ("Łucja Example", "nurse")


def test_only_the_applicant_writes_the_form():
    application = cases.draft()

    with pytest.raises(Http404):
        operations.save_section(
            application, "experience", {}, revision=0, by=person("chair"), at=now()
        )

    assert not application.sections.exists()


def test_a_complete_form_is_submitted_and_pins_the_procedure(settings):
    settings.PROCEDURE = "abs-2007"
    chair = person("chair")
    application = cases.submitted()

    assert (application.stage, application.procedure) == ("submitted", "abs-2007")
    assert application.submitted_on == timezone.localdate()
    assert application.membership_unconfirmed is False
    assert application.versions.get().sections["practice"] == cases.ANSWERS["practice"]
    told = Letter.objects.values_list("kind", "to")
    assert set(told) == {("receipt", application.applicant_id), ("submitted", chair.pk)}


@pytest.mark.parametrize("part", ["practice", "groups", "statement"])
def test_an_incomplete_form_is_not_submitted(part):
    application = cases.filled(leave_out=part)

    with pytest.raises(Refused):
        operations.submit(application, by=application.applicant, at=now())

    assert Application.objects.get().stage == "draft"


def test_a_member_number_that_no_list_confirms_is_flagged_until_the_office_enters_it():
    application = cases.filled()

    submitted = operations.submit(application, by=application.applicant, at=now())
    assert submitted.membership_unconfirmed is True

    operations.record_membership(
        application.applicant,
        start=timezone.localdate(),
        end=None,
        number="M-17",
        by=person("administrator"),
        at=now(),
    )
    assert Application.objects.get().membership_unconfirmed is False


def test_the_first_submission_keeps_its_date_and_procedure(time_machine, settings):
    time_machine.move_to("2026-03-02 12:00Z")
    application, chair = cases.submitted(), person("chair")
    time_machine.move_to("2026-03-20 12:00Z")
    operations.return_application(application, reason="The profession.", by=chair, at=now())
    settings.PROCEDURE = "abs-2014"

    again = operations.submit(application, by=application.applicant, at=now())

    assert (str(again.submitted_on), again.procedure) == ("2026-03-02", "abs-2007")
    assert again.versions.count() == 2


def test_a_case_is_accepted_once():
    application, chair = cases.accepted()

    with pytest.raises(Refused, match="already accepted"):
        operations.accept(application, by=chair, at=now())

    assert application.moves.filter(move="accept").count() == 1
    assert AuditEntry.objects.filter(act="application.accept").count() == 1


def test_nobody_accepts_their_own_application():
    ann = person("chair")
    application = cases.submitted(ann)

    with pytest.raises(Http404):
        operations.accept(application, by=ann, at=now())


def test_returning_and_closing_need_a_reason():
    application, chair = cases.submitted(), person("chair")

    for act in (operations.return_application, operations.close):
        with pytest.raises(Refused):
            act(application, by=chair, at=now(), reason="  ")

    assert Application.objects.get().stage == "submitted"


def test_a_closed_case_is_reopened_where_it_was():
    application, chair = cases.accepted()
    operations.close(application, reason="No answer.", by=chair, at=now())

    reopened = operations.reopen(application, reason="She wrote.", by=chair, at=now())

    assert reopened.stage == "accepted"


def test_a_case_is_not_reopened_beside_a_new_one():
    application, chair = cases.accepted()
    operations.withdraw(application, by=application.applicant, at=now())
    operations.start_application(application.applicant, at=now())

    with pytest.raises(Refused, match="another application"):
        operations.reopen(application, reason="By mistake.", by=chair, at=now())

    assert Application.objects.get(pk=application.pk).stage == "withdrawn"


def test_a_credentialed_leader_does_not_apply_again():
    ann = person()
    credential = ann.credentials.create(number="K7", title="Leader", since="2020-01-01")
    credential.statuses.create(status="active", since="2020-01-01")

    with pytest.raises(Refused):
        operations.start_application(ann, at=now())


def test_a_membership_does_not_overlap_another():
    ann, office = person(), person("administrator")
    membership(ann, "2024-01-01", "2024-12-31")

    with pytest.raises(Refused, match="another membership"):
        operations.record_membership(
            ann, start="2024-06-01", end=None, number="", by=office, at=now()
        )

    assert ann.memberships.count() == 1


def test_who_applies_again_brings_the_documents_along_and_each_file_is_kept_once(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    first = cases.filled()
    ann, file = first.applicant, SimpleUploadedFile("a.pdf", PDF)
    operations.upload_document(first, kind="letter", title="A", file=file, by=ann, at=now())
    operations.withdraw(first, by=ann, at=now())

    second = operations.start_application(ann, at=now())
    brought = second.documents.get()
    operations.withdraw_document(brought, by=ann, at=now())
    statement = {"statement": "Again.", "consent": True}
    operations.save_section(second, "statement", statement, revision=0, by=ann, at=now())
    with django_capture_on_commit_callbacks(execute=True):
        operations.submit(second, by=ann, at=now())

    kept = first.documents.get()
    assert (brought.title, brought.file.name) == ("A", kept.file.name)
    assert not second.documents.exists()
    assert kept.file.storage.exists(kept.file.name)
