"""What is held about a person and their account, for themselves."""

from typing import Any

from django.db.models import F, Q

from credentialing.people.models import CredentialStatus, Declaration, Person, Relation, Role, User

Held = dict[str, list[dict[str, Any]]]


def held(person: Person) -> Held:
    """The record of the person, as far as they may see it, table by table in named fields.

    Who others say they are to the person is others' own, and not in it.
    """
    return {
        "person": list(
            Person.objects.filter(pk=person.pk).values(
                "name",
                "email",
                "profession",
                "letters_daily",
                "letter_language",
                "created_at",
                in_the_register=F("listed"),
            )
        ),
        "account": list(
            User.objects.filter(person=person).values("email", "name", "date_joined", "last_login")
        ),
        "roles": list(
            Role.objects.filter(person=person)
            .order_by("start", "pk")
            .values("kind", "start", "end")
        ),
        "what you are to applicants": list(
            Relation.objects.filter(person=person)
            .order_by("since", "pk")
            .values("kind", "since", applicant_name=F("applicant__name"))
        ),
        "what you declared": list(
            Declaration.objects.filter(Q(by=person) | Q(by__merged_into=person), by=F("person"))
            .order_by("at", "pk")
            .values("words", "at", applicant_name=F("applicant__name"))
        ),
        "credentials": list(
            CredentialStatus.objects.filter(credential__person=person)
            .order_by("since", "pk")
            .values(
                "status",
                "since",
                number=F("credential__number"),
                title=F("credential__title"),
            )
        ),
    }
