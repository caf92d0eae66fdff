"""The Chair's pages: candidates × groups, a placement, a proposal for all, another evaluator."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.records.submissions import new_key, once
from intensives import operations, queries
from intensives.forms import EvaluatorForm, PlaceForm, ProposalForm
from intensives.models import Enrolment, Intensive
from intensives.views.acting import doing, typed


def _chaired(request: HttpRequest) -> QuerySet[Application]:
    return access.visible(request.person, Can.CHAIR, day=request.today)


def _ours(key: int) -> Intensive:
    return get_object_or_404(Intensive.objects.filter(elsewhere=False), pk=key)


def placement(request: HttpRequest, intensive: int) -> HttpResponse:
    """Every candidate in every possible group: free, taken, or why not."""
    ours = _ours(intensive)
    chaired = _chaired(request)
    operated = access.visible(request.person, Can.OPERATE, day=request.today)
    mine = set(chaired.values_list("applicant", flat=True))
    rows = queries.placings(ours, chaired | operated)
    context = {
        "intensive": ours,
        "groups": queries.groups_of(ours),
        "rows": [{"placing": row, "may_place": row.enrolment.person_id in mine} for row in rows],
        "begun": ours.has_begun(request.today),
        "changes": queries.changes_of(ours, chaired | operated),
        "submission": new_key(),
        "others": [each for each in _intensives(request) if each != ours],
        "chairs": bool(request.roles & access.CHAIR),
        "may_propose": any(
            row.enrolment.person_id in mine and not row.enrolment.small_group_id for row in rows
        ),
    }
    return render(request, "intensives/placement.html", context)


def _intensives(request: HttpRequest) -> QuerySet[Intensive]:
    """The intensives that are still to come, soonest first: the way from one to another."""
    ours = Intensive.objects.filter(elsewhere=False, end__gte=request.today)
    return ours.order_by("start", "pk")


def _candidate(request: HttpRequest, key: int) -> Enrolment:
    mine = queries.placed().filter(person__in=_chaired(request).values("applicant"))
    return get_object_or_404(mine.filter(intensive__elsewhere=False), pk=key)


def _back(row: Enrolment) -> str:
    return reverse("placement", args=[row.intensive_id])


def place(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Put one candidate into a group and assign the evaluator, or change either with a reason."""
    row = _candidate(request, enrolment)
    begun = row.intensive.has_begun(request.today)
    form = PlaceForm(
        typed(request),
        enrolment=row,
        needs_reason=begun or row.small_group_id is not None,
        initial={"small_group": row.small_group_id, "evaluator": row.evaluator_id},
    )
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.place(row, **form.what(), by=request.person, at=request.now),
            _("%(name)s is placed. Letters tell those concerned.") % {"name": row.person.name},
            _back(row),
        )
    ):
        return redirect(form.answer)
    context = {"form": form, "enrolment": row, "begun": begun}
    return render(request, "intensives/place.html", context)


def replace_evaluator(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Put somebody else in the evaluator's place."""
    row = _candidate(request, enrolment)
    form = EvaluatorForm(typed(request), enrolment=row)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.replace_evaluator(
                row, **form.what(), by=request.person, at=request.now
            ),
            _("The evaluator is replaced. Letters tell those concerned."),
            _back(row),
        )
    ):
        return redirect(form.answer)
    return render(request, "intensives/evaluator.html", {"form": form, "enrolment": row})


def propose_placement(request: HttpRequest, intensive: int) -> HttpResponse:
    """What was last worked out, in words; a post asks the worker for a new one."""
    ours = _ours(intensive)
    if request.method == "POST":
        ask = lambda: _asked(request, ours)  # noqa: E731 - the act of the form, done once
        return redirect(once(request, ask))
    return _proposal_page(request, ours)


def _asked(request: HttpRequest, ours: Intensive) -> str:
    job = operations.ask_for_proposal(ours, by=request.person, at=request.now)
    return reverse("job", args=[job.pk])


def _proposal_page(
    request: HttpRequest, ours: Intensive, form: ProposalForm | None = None
) -> HttpResponse:
    rows = queries.unplaced(ours, _chaired(request))
    kept = queries.newest_proposal(ours, request.person)
    context = {
        "intensive": ours,
        "waiting": len(rows),
        "kept": kept,
        "shown": queries.shown(kept, rows, day=request.today) if kept else None,
        "form": form or ProposalForm(initial={"proposal": kept.pk if kept else None}),
        "submission": new_key(),
    }
    return render(request, "intensives/proposal.html", context)


def confirm_proposal(request: HttpRequest, intensive: int) -> HttpResponse:
    """Place everybody as it was shown, where the record is still the same."""
    ours = _ours(intensive)
    form = ProposalForm(request.POST)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.confirm_proposal(
                ours, **form.what(), by=request.person, at=request.now
            ),
            _("The candidates are placed. Letters tell those concerned."),
            reverse("placement", args=[ours.pk]),
        )
    ):
        return redirect(form.answer)
    return _proposal_page(request, ours, form)
