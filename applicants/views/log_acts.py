"""Many entries of a log at once: a repetition, a change of several, and undoing it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants import access, operations
from applicants.access import Can
from applicants.forms.logs import RepeatForm, SeveralForm, WithdrawForm
from applicants.models import BalintGroup, LogAct
from applicants.queries import entries, first_on, partners, planned_days, relied_on, usual_evening
from applicants.views.logs import of_a_group
from applicants.views.own import mine, tried
from credentialing.records import keeping
from credentialing.records.submissions import led, new_key, once

MOST = 500  # entries on one page of the log, and more


@of_a_group
def repeat_evenings(
    request: HttpRequest, group: BalintGroup, typed: QueryDict | None, context: dict[str, Any]
) -> HttpResponse:
    """The same evening every so many weeks: first its days are shown, then the ticked ones kept."""
    form = RepeatForm(
        typed,
        group=group,
        partners=partners(group),
        today=request.today,
        initial=_usual(request, group),
    )
    record = request.POST.get("action") == "record"
    if request.method == "POST":
        to = led(request) or (
            form.is_valid()
            and record
            and form.is_seen
            and tried(form, lambda: once(request, lambda: _record(request, group, form)))
        )
        if to:
            return redirect(to)
    context |= {"form": form, "changed": record and form.days and not form.is_seen}
    return render(request, "applicants/repeat.html", context)


def _usual(request: HttpRequest, group: BalintGroup) -> dict[str, Any]:
    """As an evening is filled in; from the first planned day that is not logged until today."""
    usual = usual_evening(group, day=request.today)
    before = group.start - timedelta(days=1)
    planned = planned_days([group], after=before, until=request.today).get(group)
    weekday = usual["date"].weekday() if group.weekday is None else group.weekday
    return usual | {
        "first": planned[0] if planned else first_on(weekday, group.start),
        "every_weeks": group.every_weeks or 2,
        "until": min(request.today, group.end or request.today),
        "country": "US",
    }


@transaction.atomic
def _record(request: HttpRequest, group: BalintGroup, form: RepeatForm) -> str:
    evenings = [operations.Evening(group=group, **said) for said in form.evenings]
    operations.log_evenings(evenings, by=request.person, at=request.now)
    if form.cleaned_data["keep"]:
        operations.plan_group(group, form.schedule, by=request.person)
    keeping.forget(request)
    said = ngettext(
        "%(n)d evening is in your log.", "%(n)d evenings are in your log.", len(evenings)
    )
    messages.success(request, said % {"n": len(evenings)})
    return reverse("logs")


def several_entries(request: HttpRequest) -> HttpResponse:
    """The ticked entries of the log: put right alike, or taken out together."""
    mine(request)
    said = request.POST if request.method == "POST" else request.GET
    if to := led(request):
        return redirect(to)
    chosen = entries(request.person, said.getlist("entry")[:MOST])
    if not chosen:
        messages.info(request, _("Tick the entries first that you want to change."))
        return redirect("logs")
    act = request.POST.get("action")
    groups = {entry.group for entry in chosen if entry.key[0] == "d"}
    change = SeveralForm(
        request.POST if act == "change" else None,
        entries=chosen,
        partners=partners(next(iter(groups))) if len(groups) == 1 else None,
    )
    relied = relied_on(request.person, chosen)
    withdraw = WithdrawForm(request.POST if act == "withdraw" else None, relied=bool(relied))
    form = {"change": change, "withdraw": withdraw}.get(act or "")
    if form and form.is_valid():
        do = operations.change_entries if act == "change" else operations.withdraw_entries
        given = {name: value for name, value in form.cleaned_data.items() if value}
        to = tried(form, lambda: once(request, lambda: _done(request, do, chosen, given)))
        if to:
            return redirect(to)
    context = {
        "chosen": chosen,
        "change": change,
        "withdraw": withdraw,
        "relied": relied,
        "submission": new_key(),
    }
    return render(request, "applicants/several.html", context)


def _done(request: HttpRequest, do: Any, chosen: list[Any], given: dict[str, Any]) -> str:
    act = do(chosen, **given, by=request.person, at=request.now)
    how_many = len(act.entries)
    if act.kind == LogAct.Kind.CHANGED:
        said = ngettext("%(n)d entry is changed.", "%(n)d entries are changed.", how_many)
    else:
        said = ngettext(
            "%(n)d entry is taken out of your log.",
            "%(n)d entries are taken out of your log.",
            how_many,
        )
    messages.success(request, said % {"n": how_many})
    return reverse("logs")


def undo_act(request: HttpRequest, log_act: int) -> HttpResponse:
    """Undo what was done to the log in one go."""
    done = access.fetch(
        request.person,
        Can.OWN,
        LogAct.objects.distinct(),
        day=request.today,
        through="applicant__applications",
        pk=log_act,
    )
    operations.undo(done, by=request.person, at=request.now)
    messages.success(request, _("Undone: your log is as it was before."))
    return redirect("logs")
