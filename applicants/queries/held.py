"""What this app holds about a person: their applications, logs, claims, documents, attestations."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from applicants.models import (
    Application,
    Attestation,
    AttestationAnswer,
    Claim,
    Debriefing,
    Document,
    GroupLeader,
    LogAct,
    LogImport,
    Meeting,
    Membership,
    OtherEvidence,
    ProcedureMove,
    Question,
    RecusalLifted,
    Ruling,
    Section,
    StageMove,
    Version,
)
from applicants.stages import Move
from credentialing.people.models import Person

LOGGED = ("date", "minutes", "recorded_at", "withdrawn_at", "withdrawn_because")


def held(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What is held about an applicant, as far as they may see it, table by table.

    Of a move only those reasons that were written for the applicant; of a ruling its outcome and
    its reason, and not who took part.
    """
    mine = Q(application__applicant=person)
    return {
        "applications": _rows(
            Application.objects.filter(applicant=person),
            *("reference", "stage", "procedure", "started_at", "submitted_on", "accepted_on"),
            *("decided_on", "credentialed"),
        ),
        "application form": _rows(
            Section.objects.filter(mine),
            "key",
            "answers",
            "saved_at",
            case="application__reference",
        ),
        "application as submitted": _rows(
            Version.objects.filter(mine), "number", "sections", "at", case="application__reference"
        ),
        "moves of your case": list(
            StageMove.objects.filter(mine)
            .order_by("at", "pk")
            .values(
                "move",
                "from_stage",
                "to_stage",
                "at",
                why=Case(
                    When(Q(move__in=[Move.RETURN, Move.CLOSE]) | Q(by=person), then=F("reason")),
                    default=Value(""),
                    output_field=TextField(),
                ),
            )
        ),
        "questions of the Committee": _rows(
            Question.objects.filter(mine), "text", "due", "asked_at", "answer", "answered_at"
        ),
        "proposals of another procedure": _rows(
            ProcedureMove.objects.filter(mine),
            *("from_procedure", "to_procedure", "reason", "proposed_at", "consented_at"),
            "declined_at",
        ),
        "memberships": _rows(Membership.objects.filter(person=person), "number", "start", "end"),
        "groups and their leaders": _rows(
            GroupLeader.objects.filter(group__applicant=person),
            *("profession", "start", "end"),
            group_name="group__name",
            setting="group__setting",
            group_start="group__start",
            group_end="group__end",
            leader="person__name",
        ),
        "meetings": _rows(
            Meeting.objects.filter(group__applicant=person),
            *LOGGED,
            "cases",
            group_name="group__name",
        ),
        "debriefings": list(
            Debriefing.objects.filter(group__applicant=person)
            .order_by("date", "pk")
            .values(*LOGGED, group_name=F("group__name"))
            .annotate(with_whom=ArrayAgg("partners__name", order_by="partners__name"))
        ),
        "other evidence": _rows(
            OtherEvidence.objects.filter(applicant=person), *LOGGED, "kind", by_whom="by__name"
        ),
        "what was done to your log": _rows(
            LogAct.objects.filter(applicant=person),
            *("kind", "entries", "at", "undone_at"),
            by_whom="by__name",
        ),
        "tables that you brought into your log": _rows(
            LogImport.objects.filter(applicant=person),
            *("name", "heading", "columns", "rows", "uploaded_at"),
            imported_at="act__at",
        ),
        "claims": _rows(
            Claim.objects.filter(mine),
            *("credit", "facts", "claimed_at", "withdrawn_at"),
            with_whom="leader__name",
        ),
        "rulings": _rows(
            Ruling.objects.filter(mine),
            *("kind", "requirement", "terms", "in_lieu_per_year", "reason", "ruled_on"),
            credit="claim__credit",
            revoked_on="revocation__revoked_on",
            why_revoked="revocation__reason",
        ),
        "confirmations you asked for": _rows(
            Attestation.objects.filter(applicant=person),
            *("kind", "address", "text", "asked_at", "expires_at", "void_at"),
            of_whom="attestor__name",
            given="answer__given",
            answered_at="answer__at",
            answered_as="answer__name",
            why_declined="answer__reason",
        ),
        "confirmations you gave": _rows(
            AttestationAnswer.objects.filter(attestation__attestor=person),
            *("text", "given", "name", "role", "reason", "at"),
            for_whom="attestation__applicant__name",
        ),
        "recusals of yours that were lifted": _rows(
            RecusalLifted.objects.filter(
                Q(person=person) | Q(person__merged_into=person), ends__isnull=True
            ),
            "at",
            case="application__reference",
            until="ended_by__at",
        ),
        "documents": _rows(
            Document.objects.filter(mine),
            *("kind", "title", "size", "sha256", "uploaded_at", "withdrawn_at"),
        ),
    }


def held_documents(person: Person) -> QuerySet[Document]:
    """The files of a person's own cases, oldest first."""
    return Document.objects.filter(application__applicant=person).order_by("uploaded_at", "pk")


def _rows(found: QuerySet[Any], *names: str, **renamed: str) -> list[dict[str, Any]]:
    return list(
        found.order_by("pk").values(*names, **{name: F(path) for name, path in renamed.items()})
    )
