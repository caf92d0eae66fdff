"""The office's pages of a case: ballots opened, meetings' votes, dossiers, credentials."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Credential, Role
from credentialing.records import society
from credentialing.records.refusals import Refused
from credentialing.records.submissions import once
from reviews import operations
from reviews.forms import council as forms
from reviews.models import Dossier, MeetingVote, StatusChange
from reviews.operations.ballots import minimum_days
from reviews.queries import appeals, office, statuses
from reviews.views.acting import done, posted

CASES_ON_A_PAGE = 50


def _case(request: HttpRequest, can: Can, reference: str) -> Application:
    cases = Application.objects.select_related("applicant")
    return access.fetch(request.person, can, cases, day=request.today, reference=reference)


def open_ballot(request: HttpRequest, reference: str) -> HttpResponse:
    """Who would vote and who is recused; open the ballot; afterwards, how far it is."""
    case = _case(request, Can.OPEN_BALLOT, reference)
    form = forms.OpenBallot(
        posted(request),
        initial={"closes_at": _suggested(request.now)},
        days=minimum_days(),
        zone=timezone.localtime(request.now),
    )
    if response := done(request, form, lambda: _open(request, case, form.cleaned_data)):
        return response
    operates = access.may(request.person, Can.OPERATE, case, day=request.today)
    context = {"form": form, "operates": operates}
    context |= office.ballot_page(case, at=request.now, sees_who_voted=operates)
    return render(request, "reviews/office/open_ballot.html", context)


def _suggested(now: datetime) -> datetime:
    return office.suggested_closing(now, minimum_days(), society.current().ballot_days)


def _open(request: HttpRequest, case: Application, said: dict[str, Any]) -> str:
    ballot = operations.open_ballot(
        case, closes_at=said["closes_at"], by=request.person, at=request.now
    )
    messages.success(request, _("The ballot is open, and its electors are told."))
    return reverse("open-ballot", args=[ballot.recommendation.application.reference])


def make_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more for the Council's dossier of an open ballot."""
    case = _case(request, Can.OPEN_BALLOT, reference)
    operations.ask_again(case, by=request.person, at=request.now)
    return redirect("open-ballot", case.reference)


def meeting_vote(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter the vote that the Council took in a meeting."""
    case = _case(request, Can.OPERATE, reference)
    waiting = office.waiting_meeting_vote(case)
    if waiting:
        return redirect("confirm-meeting-vote", case.reference, waiting.pk)
    form = forms.MeetingVote(
        posted(request),
        members=office.meeting_members(case, day=request.today),
        today=request.today,
    )
    if response := done(request, form, lambda: _enter(request, case, form.cleaned_data)):
        return response
    context = office.ballot_page(case, at=request.now, sees_who_voted=False) | {"form": form}
    return render(request, "reviews/office/meeting_vote.html", context)


def _enter(request: HttpRequest, case: Application, said: dict[str, Any]) -> str:
    said = {name: value for name, value in said.items() if name != "submission"}
    vote = operations.record_meeting_vote(case, **said, by=request.person, at=request.now)
    messages.success(request, _("Entered. Another officer has to confirm it."))
    return reverse("confirm-meeting-vote", args=[case.reference, vote.pk])


def confirm_meeting_vote(request: HttpRequest, reference: str, vote: int) -> HttpResponse:
    """Compare what was entered with the minutes; confirm or refuse it."""
    votes = MeetingVote.objects.select_related(
        "recommendation__application__applicant", "entered_by", "confirmed_by"
    )
    entered = access.fetch(
        request.person,
        Can.OPEN_BALLOT,
        votes,
        day=request.today,
        through="recommendation__application",
        pk=vote,
        recommendation__application__reference=reference,
    )
    form = forms.SecondOfficer(posted(request))
    if response := done(
        request, form, lambda: _answer(request, entered, form.cleaned_data["answer"])
    ):
        return response
    context = office.meeting_vote_page(entered, request.person) | {"form": form}
    return render(request, "reviews/office/confirm_meeting_vote.html", context)


def _answer(request: HttpRequest, entered: MeetingVote, answer: str) -> str:
    if answer == "confirm":
        operations.confirm_meeting_vote(entered, by=request.person, at=request.now)
        messages.success(request, _("Confirmed. The meeting's vote is on record."))
    else:
        operations.refuse_meeting_vote(entered, by=request.person, at=request.now)
        messages.success(request, _("Refused. The vote can be entered anew."))
    return reverse(
        "confirm-meeting-vote",
        args=[entered.recommendation.application.reference, entered.pk],
    )


def cases(request: HttpRequest) -> HttpResponse:
    """Every case with its stage, for the office."""
    form = forms.OfficeFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = office.cases(
        request.person,
        day=request.today,
        stage=asked.get("stage", ""),
        name=asked.get("name", ""),
    )
    page = Paginator(found, CASES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": office.rows(page), "kept": office.kept(asked)}
    return render(request, "reviews/office/cases.html", context)


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case as the office sees it: stage, names, ballots, dossiers."""
    found = _case(request, Can.OPERATE, reference)
    return render(request, "reviews/office/case.html", office.case_page(found, day=request.today))


def issue_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the next dossier of an edition; the worker issues it."""
    found = _case(request, Can.OPERATE, reference)
    form = forms.IssueDossier(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose whose edition you want to issue."))

    def ask() -> str:
        job = operations.ask_dossier(
            found, edition=form.cleaned_data["edition"], by=request.person, at=request.now
        )
        return reverse("job", args=[job.pk])

    return redirect(once(request, ask))


def export_dossiers(request: HttpRequest) -> HttpResponse:
    """Ask for the dossiers of all cases that fit, in one file."""
    chosen = forms.OfficeFilter(posted(request) or request.GET)
    asked = chosen.cleaned_data if chosen.is_valid() else {"stage": "", "name": ""}
    form = forms.ExportDossiers(
        posted(request), initial=asked | {"edition": Dossier.Edition.COMMITTEE}
    )
    if response := done(request, form, lambda: _export(request, form.cleaned_data)):
        return response
    found = office.with_dossier(request.person, day=request.today, **asked)
    context = {"form": form, "number": found.count(), "back": office.cases_address(asked)}
    context["chosen"] = office.in_words(asked)
    return render(request, "reviews/office/export_dossiers.html", context)


def _export(request: HttpRequest, said: dict[str, Any]) -> str:
    said = {name: value for name, value in said.items() if name != "submission"}
    job = operations.ask_export(**said, by=request.person, at=request.now)
    return reverse("job", args=[job.pk])


def credential_status(request: HttpRequest, number: str) -> HttpResponse:
    """Suspend, revoke, reinstate or retire a credential, as the Council decided."""
    credential = get_object_or_404(
        Credential.objects.select_related("person").exclude(person=request.person), number=number
    )
    form = forms.CredentialStatusForm(posted(request))
    if response := done(request, form, lambda: _set_status(request, credential, form.cleaned_data)):
        return response
    context = statuses.credential_page(credential) | {"form": form}
    return render(request, "reviews/office/credential.html", context)


def _set_status(request: HttpRequest, credential: Credential, said: dict[str, Any]) -> str:
    said = {name: said[name] for name in ("status", "since", "reason")}
    made = operations.set_credential_status(credential, **said, by=request.person, at=request.now)
    if isinstance(made, StatusChange):
        messages.success(request, _("Entered. Another officer has to confirm it."))
        return reverse("confirm-status-change", args=[credential.number, made.pk])
    messages.success(request, _("The status is changed, and the holder is told."))
    return reverse("credential-status", args=[credential.number])


def confirm_status_change(request: HttpRequest, number: str, change: int) -> HttpResponse:
    """Compare what was entered with the Council's decision; confirm or refuse it."""
    changes = StatusChange.objects.select_related("credential__person", "entered_by")
    entered = get_object_or_404(changes, pk=change, credential__number=number)
    if not statuses.is_officer(request.person, entered.credential, day=request.today):
        raise Http404
    form = forms.SecondOfficer(posted(request))

    def act() -> str:
        by = {"by": request.person, "at": request.now}
        if form.cleaned_data["answer"] == "confirm":
            operations.confirm_status_change(entered, **by)
            messages.success(request, _("Confirmed. The holder is told."))
        else:
            operations.refuse_status_change(entered, **by)
            messages.success(request, _("Refused. The change can be entered anew."))
        return request.path

    context = {
        "change": entered,
        "form": form,
        "own": entered.entered_by_id == request.person.pk,
        "office": Role.Kind.ADMINISTRATOR in request.roles,
    }
    return done(request, form, act) or render(
        request, "reviews/office/confirm_status_change.html", context
    )


def answer_appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Read an appeal, and bring the case again or say why not."""
    case = _case(request, Can.CHAIR, reference)
    form = forms.AnswerAppeal(posted(request))
    context = {"form": form, "case": case, "appeals": appeals.of_case(case)}
    context["waits"] = appeals.waiting(case) is not None
    return done(request, form, lambda: _answer_appeal(request, case, form.cleaned_data)) or render(
        request, "reviews/office/answer_appeal.html", context
    )


def _answer_appeal(request: HttpRequest, case: Application, said: dict[str, Any]) -> str:
    operations.answer_appeal(
        case,
        brought_again=said["answer"] == "again",
        reason=said["reason"],
        by=request.person,
        at=request.now,
    )
    messages.success(request, _("The appeal is answered, and the applicant is told."))
    return reverse("case", args=[case.reference])
