"""The Chair's pages: candidates × groups, a placement, a proposal for all, another evaluator."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application
from intensives import operations, queries
from intensives.forms import EvaluatorForm, PlaceForm, ProposalForm
from intensives.models import Enrolment, Intensive
from intensives.proposal import propose
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
    """Put one candidate into a group and assign the evaluator."""
    row = _candidate(request, enrolment)
    initial = {"small_group": row.small_group_id, "evaluator": row.evaluator_id}
    form = PlaceForm(typed(request), enrolment=row, initial=initial)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.place(row, **form.what(), by=request.person, at=request.now),
            _("%(name)s is placed. Letters tell those concerned.") % {"name": row.person.name},
            _back(row),
        )
    ):
        return redirect(form.answer)
    context = {"form": form, "enrolment": row, "begun": row.intensive.has_begun(request.today)}
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
    """A placement for all who have none, computed at once; the Chair confirms it as shown."""
    ours = _ours(intensive)
    rows = queries.unplaced(ours, _chaired(request))
    groups = {group.pk: group for group in queries.groups_of(ours)}
    people = {person.pk: person for person in queries.everybody()}
    form = ProposalForm(typed(request), rows=rows, groups=groups.values(), people=people)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.place_all(form.chosen(), by=request.person, at=request.now),
            _("The candidates are placed. Letters tell those concerned."),
            reverse("placement", args=[ours.pk]),
        )
    ):
        return redirect(form.answer)
    task = queries.to_solve(ours, rows, day=request.today)
    proposed, of = propose(task), {row.person_id: row for row in rows}
    shown = [
        {
            "row": of[person],
            "group": groups[group],
            "evaluator": people[evaluator],
            "related": evaluator in task.related.get(person, ()),
        }
        for person, (group, evaluator) in proposed.places.items()
    ]
    known = queries.barred(proposed.without_group)
    context = {
        "intensive": ours,
        "shown": shown,
        "form": ProposalForm.of(shown),
        "errors": form.non_field_errors() if form.is_bound else [],
        "without_group": [
            {
                "row": of[person],
                "why": [
                    f"{group.name} – {'; '.join(queries.conflicts(person, group.faculty, known))}"
                    for group in groups.values()
                ],
            }
            for person in proposed.without_group
        ],
        "without_evaluator": [of[person] for person in proposed.without_evaluator],
    }
    return render(request, "intensives/proposal.html", context)
