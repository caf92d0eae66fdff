"""Questions of the Committee, and the move of a case to another procedure."""

from datetime import date, datetime
from typing import IO, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access, letters, stages
from applicants.access import Can
from applicants.models import Application, ProcedureMove, Question
from applicants.operations.applications import locked, only_the_applicant
from applicants.operations.documents import upload_document
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from credentialing.rules import procedures


@transaction.atomic
def ask(application: Application, *, text: str, due: date, by: Person, at: datetime) -> Question:
    """Ask the applicant something, as the Committee."""
    application = locked(application)
    day = timezone.localdate(at)
    if not access.may(by, Can.DISCUSS, application, day=day):
        raise Http404
    if not application.is_live:
        raise Refused(stages.already(application))
    if not text.strip():
        raise Refused(_("Write the question."), field="text")
    if due < day:
        raise Refused(_("Choose a day that is still to come."), field="due")
    question = Question.objects.create(
        application=application, text=text.strip(), due=due, asked_by=by, asked_at=at
    )
    audit.record(
        "question.asked",
        application.reference,
        by=by,
        record=f"question {question.pk}",
        after={"due": due},
    )
    letters.asked(question)
    return question


@transaction.atomic
def answer(
    question: Question, *, text: str, file: IO[bytes] | None = None, by: Person, at: datetime
) -> Question:
    """Answer a question, once, with a document where one is asked for."""
    application = locked(question.application)
    only_the_applicant(application, by, at)
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("asked_by")
        .get(pk=question.pk)
    )
    if question.answered_at:
        raise Refused(_("You have answered this question already. Nothing was changed."))
    if not text.strip():
        raise Refused(_("Write your answer."), field="text")
    if file:
        title = str(file.name).rpartition(".")[0] or _("Document")
        upload_document(
            application, kind="other", title=title, file=file, question=question, by=by, at=at
        )
    question.answer, question.answered_at = text.strip(), at
    question.save(update_fields=["answer", "answered_at"])
    audit.record(
        "question.answered", application.reference, by=by, record=f"question {question.pk}"
    )
    letters.answered(question, at=at)
    return question


@transaction.atomic
def propose_procedure(
    application: Application,
    *,
    to: str,
    reason: str,
    assessments: dict[str, Any],
    by: Person,
    at: datetime,
) -> ProcedureMove:
    """Propose, as Chair, that the case be judged by another procedure.

    `assessments` holds what both say on this day, under the ids of the two procedures.
    """
    application = locked(application)
    if not access.may(by, Can.CHAIR, application, day=timezone.localdate(at)):
        raise Http404
    if not application.is_live:
        raise Refused(stages.already(application))
    if to not in procedures():
        raise Refused(_("There is no such procedure."), field="to")
    if to == application.procedure:
        raise Refused(_("The case is judged by this procedure already."), field="to")
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    if _open_move(application):
        raise Refused(_("A proposal already waits for the applicant's answer."))
    move = ProcedureMove.objects.create(
        application=application,
        from_procedure=application.procedure,
        to_procedure=to,
        assessments=audit.plain(assessments),
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    audit.record(
        "procedure.proposed",
        application.reference,
        by=by,
        before={"procedure": application.procedure},
        after={"procedure": to},
    )
    letters.procedure_proposed(move)
    return move


@transaction.atomic
def answer_procedure(
    move: ProcedureMove, *, consents: bool, by: Person, at: datetime
) -> ProcedureMove:
    """Agree to be judged by the other procedure, or stay with the present one."""
    application = locked(move.application)
    only_the_applicant(application, by, at)
    move = ProcedureMove.objects.select_for_update().get(pk=move.pk)
    if move.consented_at or move.declined_at:
        raise Refused(_("You have answered this proposal already. Nothing was changed."))
    if not application.is_live:
        raise Refused(stages.already(application))
    move.application = application
    if consents:
        move.consented_at = at
        application.procedure = move.to_procedure
        application.save(update_fields=["procedure"])
    else:
        move.declined_at = at
    move.save(update_fields=["consented_at", "declined_at"])
    audit.record(
        "procedure.moved" if consents else "procedure.declined",
        application.reference,
        by=by,
        before={"procedure": move.from_procedure},
        after={"procedure": application.procedure},
    )
    letters.procedure_answered(move, at=at)
    return move


def _open_move(application: Application) -> ProcedureMove | None:
    return application.procedure_moves.filter(
        consented_at__isnull=True, declined_at__isnull=True
    ).first()
