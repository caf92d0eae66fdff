"""An erasure replaces who somebody is, and keeps what was decided."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Attestation, CalendarFeed, Document, Membership, Section
from credentialing.office.queries import erasure as asked
from credentialing.people.models import Invitation, Person, User
from credentialing.people.operations import tell_chair
from credentialing.records import audit
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused


@transaction.atomic
def erase(person: Person, *, by: Person, at: datetime) -> Person:
    """Take name, address, account, drafts and uploaded files away; the decision record stays.

    Refused in words while somebody still counts on who the person is. The Chair is told.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by.pk == person.pk:
        raise Refused(_("Another administrator erases your record."))
    if person.erased_at:
        return person
    if hindrances := asked.hindrances(person, at=at):
        raise Refused(" ".join(hindrances))
    selves = Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person))
    keys = list(selves.values_list("pk", flat=True))
    selves.update(
        name=Concat(Value(_("Erased person") + " "), F("pk")),
        email="",
        profession="",
        listed=False,
        erased_at=at,
    )
    User.objects.filter(person__in=keys).delete()
    CalendarFeed.objects.filter(person__in=keys).delete()
    Membership.objects.filter(person__in=keys).update(number="")
    Invitation.objects.filter(person__in=keys).update(address="", void_at=at)
    Attestation.objects.filter(attestor__in=keys).update(address="")
    over = (Letter.State.SENT, Letter.State.SENDING)
    Letter.objects.filter(to__in=keys).exclude(state__in=over).update(
        state=Letter.State.HELD, reason="The reader's record was erased.", digest=None
    )
    Letter.objects.filter(to__in=keys).update(address="", address_before="", text="", link="")
    Section.objects.filter(application__applicant__in=keys).update(answers={})
    files = _erase_documents(keys, at)
    audit.record("person.erased", by=by, record=f"person {person.pk}", after={"files": files})
    tell_chair(
        "person-erased",
        occasion=f"person {person.pk}",
        subject=gettext_lazy("A record was erased"),
        text=gettext_lazy(
            "At their request the office has erased who a person is. What was decided stays."
        ),
        link=f"/office/people/{person.pk}/",
    )
    person.refresh_from_db()
    return person


def _erase_documents(keys: list[int], at: datetime) -> int:
    """The files go once the act stands; that there was a document stays, with its digest."""
    documents = list(Document.objects.filter(application__applicant__in=keys).exclude(file=""))
    for document in documents:
        storage, name = document.file.storage, document.file.name
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
        document.file, document.title = "", _("Erased")
        document.withdrawn_at = document.withdrawn_at or at
        document.save(update_fields=["file", "title", "withdrawn_at"])
    return len(documents)
