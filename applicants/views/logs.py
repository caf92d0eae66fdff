"""The log: an evening in a few taps, the list by month, corrections."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import access, operations
from applicants.access import Can
from applicants.forms.logs import (
    DebriefingForm,
    EveningForm,
    LogFilter,
    MeetingForm,
    WithdrawForm,
)
from applicants.models import BalintGroup, Debriefing, Meeting
from applicants.queries import Log, last_act, log_months, partners, relied_on, usual_evening
from applicants.views.own import forgotten, my_groups, tried, what_was_typed
from credentialing.records import keeping
from credentialing.records.submissions import led, new_key, once

PAGE = 60
UNDONE_WITHIN = timedelta(days=1)


def logs(request: HttpRequest) -> HttpResponse:
    """What was logged, by month, the newest first; of a group, of a kind, of a month, or all."""
    groups = my_groups(request)
    chosen = LogFilter(request.GET, groups=groups, months=log_months(request.person))
    choice = chosen.choice
    page = Paginator(Log(request.person, choice), PAGE).get_page(request.GET.get("page"))
    query = chosen.query
    context = {
        "filter": chosen,
        "groups": list(groups),
        "page": page,
        "months": _by_month(page.object_list),
        "withdrawn": Log(request.person, choice, withdrawn=True)[:PAGE],
        "query": query,
        "prefix": f"{query}&" if query else "",
        "all_ticked": request.GET.get("tick") == "all",
        "last_act": last_act(request.person, since=request.now - UNDONE_WITHIN),
    }
    return render(request, "applicants/logs.html", context)


def _by_month(entries: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    months = groupby(entries, key=lambda entry: entry.date.replace(day=1))
    return [(first, list(found)) for first, found in months]


Page = Callable[[HttpRequest, BalintGroup, QueryDict | None, dict[str, Any]], HttpResponse]


def of_a_group(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """A page that records evenings of one of one's groups; what was typed outlives the sitting.

    The page is told the group, what the form shows, and what its template needs besides the form.
    """

    @wraps(page)
    def view(request: HttpRequest) -> HttpResponse:
        groups = list(my_groups(request))
        group = chosen_group(request, groups)
        if group is None:
            return render(request, "applicants/no_group.html")
        if forgotten(request):
            return redirect(request.resolver_match.view_name)
        typed = what_was_typed(request)
        context = {
            "group": group,
            "groups": groups,
            "submission": request.POST.get("submission") or new_key(),
            "kept": request.method != "POST" and bool(typed),
        }
        return page(request, group, typed, context)

    return view


@of_a_group
def log_evening(
    request: HttpRequest, group: BalintGroup, typed: QueryDict | None, context: dict[str, Any]
) -> HttpResponse:
    """One evening of one group: met, debriefed, or both; filled in as it usually is."""
    with_whom = partners(group)
    usual = usual_evening(group, day=request.today)
    form = EveningForm(typed, group=group, partners=with_whom, initial=usual)
    if request.method == "POST":
        to = led(request) or (
            form.is_valid()
            and tried(form, lambda: once(request, lambda: _log(request, group, form)))
        )
        if to:
            return redirect(to)
    context |= {"form": form, "partners": with_whom}
    return render(request, "applicants/evening.html", context)


def chosen_group(request: HttpRequest, groups: list[BalintGroup]) -> BalintGroup | None:
    """The group in the address; else the newest that goes on, or the newest."""
    asked = request.GET.get("group", "")
    by_key = {str(group.pk): group for group in groups}
    running = [group for group in groups if not group.end or group.end >= request.today]
    return by_key.get(asked) or next(iter(running or groups), None)


def _log(request: HttpRequest, group: BalintGroup, form: EveningForm) -> str:
    took_place = form.took_place
    operations.log_evening(
        group,
        date=form.cleaned_data["date"],
        **took_place,
        by=request.person,
        at=request.now,
    )
    what = {
        (True, True): _("The meeting and its debriefing are in your log."),
        (True, False): _("The meeting is in your log."),
        (False, True): _("The debriefing is in your log."),
    }
    keeping.forget(request)
    messages.success(request, what[took_place["met"], took_place["debriefed"] is not None])
    return reverse("logs")


def own_entry(request: HttpRequest, model: Any, key: int) -> Any:
    """A meeting or a debriefing of the person's own; otherwise it does not exist."""
    return access.fetch(
        request.person,
        Can.OWN,
        model.objects.select_related("group").distinct(),
        day=request.today,
        through="group__applicant__applications",
        pk=key,
    )


def edit_meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """Put a meeting right."""
    entry = own_entry(request, Meeting, meeting)
    initial = {"date": entry.date, "minutes": entry.minutes, "cases": entry.cases}
    form = MeetingForm(request.POST or None, initial=initial)
    return _edit(request, entry, form, operations.correct_meeting)


def edit_debriefing(request: HttpRequest, debriefing: int) -> HttpResponse:
    """Put a debriefing right."""
    entry = own_entry(request, Debriefing, debriefing)
    initial = {
        "date": entry.date,
        "minutes": entry.minutes,
        "partners": [person.pk for person in entry.partners.all()],
    }
    form = DebriefingForm(request.POST or None, partners=partners(entry.group), initial=initial)
    return _edit(request, entry, form, operations.correct_debriefing)


def _edit(request: HttpRequest, entry: Any, form: Any, correct: Callable[..., Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: correct(entry, **said, by=request.person, at=request.now)):
            messages.success(request, _("The entry is corrected."))
            return redirect("logs")
    kind = entry._meta.model_name
    context = {
        "entry": entry,
        "form": form,
        "title": TITLES[kind],
        "withdraw_url": reverse(f"withdraw-{kind}", args=[entry.pk]),
        "relied": bool(relied_on(request.person, [entry])),
    }
    return render(request, "applicants/entry.html", context)


TITLES = {"meeting": gettext_lazy("Meeting"), "debriefing": gettext_lazy("Debriefing")}


def withdraw_meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """Take a meeting out of the log, with a reason."""
    return _withdraw(request, own_entry(request, Meeting, meeting))


def withdraw_debriefing(request: HttpRequest, debriefing: int) -> HttpResponse:
    """Take a debriefing out of the log, with a reason."""
    return _withdraw(request, own_entry(request, Debriefing, debriefing))


def _withdraw(request: HttpRequest, entry: Any) -> HttpResponse:
    relied = bool(relied_on(request.person, [entry]))
    form = WithdrawForm(request.POST if request.method == "POST" else None, relied=relied)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(
            form,
            lambda: operations.withdraw_evidence(
                entry, reason=reason, by=request.person, at=request.now
            ),
        )
        if done:
            messages.success(request, _("The entry is taken out of your log."))
            return redirect("logs")
    context = {"entry": entry, "form": form, "relied": relied}
    return render(request, "applicants/withdraw_entry.html", context)


def restore_meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """Put a withdrawn meeting back."""
    return _restore(request, own_entry(request, Meeting, meeting))


def restore_debriefing(request: HttpRequest, debriefing: int) -> HttpResponse:
    """Put a withdrawn debriefing back."""
    return _restore(request, own_entry(request, Debriefing, debriefing))


def _restore(request: HttpRequest, entry: Any) -> HttpResponse:
    operations.restore_evidence(entry, by=request.person, at=request.now)
    messages.success(request, _("The entry is in your log again."))
    return redirect("logs")
