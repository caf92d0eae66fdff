"""The Council's pages: cases that wait for a vote, the ballot, its result."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.records.refusals import Refused
from credentialing.records.submissions import once
from reviews import operations
from reviews.forms import council as forms
from reviews.forms.committee import show
from reviews.models import Ballot
from reviews.queries import ballots, results

ENDED_ON_A_PAGE = 20


def council(request: HttpRequest) -> HttpResponse:
    """The cases before the Council, with the person's own vote; below them those that are over."""
    ended = results.ended_table(request.person, day=request.today, at=request.now)
    page = Paginator(ended, ENDED_ON_A_PAGE).get_page(request.GET.get("page"))
    waiting = results.voting_table(request.person, day=request.today, at=request.now)
    return render(request, "reviews/council/council.html", {"waiting": waiting, "page": page})


def ballot(request: HttpRequest, reference: str) -> HttpResponse:
    """A case that waits for a vote, or the result of its last ballot."""
    held = _open_ballot(request, reference)
    if held:
        return _voting_page(request, held, _vote_form(request, held))
    last = _over(request, reference).order_by("-opened_at", "-pk").first()
    if last is None:
        raise Http404
    return render(request, "reviews/council/result.html", results.result(last, request.person))


def ballot_result(request: HttpRequest, reference: str, ballot: int) -> HttpResponse:
    """The result of one ballot of a case, also where another came after it."""
    over = get_object_or_404(_over(request, reference), pk=ballot)
    return render(request, "reviews/council/result.html", results.result(over, request.person))


def ballot_list(request: HttpRequest, reference: str, ballot: int) -> HttpResponse:
    """The counted votes as a file, to count them again without this application."""
    over = _over(request, reference).filter(closed_at__isnull=False, kind=Ballot.Kind.BALLOT)
    held = get_object_or_404(over, pk=ballot)
    response = JsonResponse(
        results.counted_list(held), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    response["Content-Disposition"] = f'attachment; filename="votes-{reference}-{ballot}.json"'
    return response


def cast_vote(request: HttpRequest, reference: str) -> HttpResponse:
    """Cast a vote or change it."""
    held = _open_ballot(request, reference)
    if held is None:
        raise Refused(_voting_is_over()) if _over(request, reference).exists() else Http404
    form = forms.Vote(request.POST, publish=held.publish)
    if form.is_valid():
        try:
            led = once(request, lambda: _cast(request, held, form.cleaned_data))
        except Refused as refused:
            show(refused, form)
        else:
            return redirect(led)
    return _voting_page(request, held, form)


def _cast(request: HttpRequest, held: Ballot, said: dict[str, Any]) -> str:
    vote = operations.cast(held, choice=said["choice"], remark=said["remark"], by=request.person)
    messages.success(
        request,
        _("Your vote is in. You can change it until voting ends. Keep the receipt: %(receipt)s")
        % {"receipt": vote.receipt},
    )
    return reverse("ballot", args=[held.recommendation.application.reference])


def recuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Leave a case to the others, with a reason."""
    held = _open_ballot(request, reference)
    if held is None:
        raise Http404
    form = forms.Recuse(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            led = once(request, lambda: _recuse(request, held, form.cleaned_data["reason"]))
        except Refused as refused:
            show(refused, form)
        else:
            return redirect(led)
    context = {"form": form, "case": held.recommendation.application}
    context["has_voted"] = results.own_vote(held, request.person) is not None
    return render(request, "reviews/council/recuse.html", context)


def _recuse(request: HttpRequest, held: Ballot, reason: str) -> str:
    seat = operations.recuse(held, reason=reason, by=request.person)
    messages.success(
        request,
        _("You are recused from this case. The vote that you had cast is void; nobody counts it.")
        if seat.vote_is_void
        else _("You are recused from this case."),
    )
    return reverse("council")


def _open_ballot(request: HttpRequest, reference: str) -> Ballot | None:
    votable = ballots.voting(request.person, day=request.today, at=request.now)
    return (
        results.with_case(votable).filter(recommendation__application__reference=reference).first()
    )


def _over(request: HttpRequest, reference: str) -> QuerySet[Ballot]:
    over = ballots.ended(request.person, day=request.today, at=request.now)
    return results.with_case(over).filter(recommendation__application__reference=reference)


def _voting_is_over() -> str:
    return _("Voting on this case has ended. Nothing was changed.")


def _vote_form(request: HttpRequest, held: Ballot) -> forms.Vote:
    vote = results.own_vote(held, request.person)
    said = {"choice": vote.choice, "remark": vote.remark} if vote else None
    return forms.Vote(initial=said, publish=held.publish)


def _voting_page(request: HttpRequest, held: Ballot, form: forms.Vote) -> HttpResponse:
    context = results.voting_page(held, request.person, at=request.now) | {"form": form}
    return render(request, "reviews/council/ballot.html", context)
