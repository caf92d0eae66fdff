"""The log: an evening in a few taps, the list by month, corrections."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import access, operations
from applicants.access import Can
from applicants.forms.fields import ReasonForm
from applicants.forms.logs import DebriefingForm, EveningForm, LogFilter, MeetingForm
from applicants.models import BalintGroup, Debriefing, Meeting
from applicants.queries import log, partners, usual_evening
from applicants.views.own import my_groups, tried
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key, once

PAGE = 60


def logs(request: HttpRequest) -> HttpResponse:
    """What was logged, by month, the newest first; of one group or of all."""
    groups = my_groups(request)
    chosen = LogFilter(request.GET, groups=groups)
    group = chosen.cleaned_data["group"] if chosen.is_valid() else None
    page = Paginator(log(request.person, group), PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "groups": list(groups),
        "page": page,
        "months": _by_month(page.object_list),
        "withdrawn": log(request.person, group, withdrawn=True)[:PAGE],
        "prefix": f"group={group.pk}&" if group else "",
    }
    return render(request, "applicants/logs.html", context)


def _by_month(entries: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    months = groupby(entries, key=lambda entry: entry.date.replace(day=1))
    return [(first, list(found)) for first, found in months]


def log_evening(request: HttpRequest) -> HttpResponse:
    """One evening of one group: met, debriefed, or both; filled in as it usually is."""
    groups = list(my_groups(request))
    group = _chosen_group(request, groups)
    if group is None:
        return render(request, "applicants/no_group.html")
    with_whom = partners(group)
    form = EveningForm(
        request.POST or None,
        group=group,
        partners=with_whom,
        initial=usual_evening(group, day=request.today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            to = once(request, lambda: _log(request, group, form.evening))
        except Refused as refused:
            field = {"debriefed": "debriefed_minutes"}.get(refused.field or "", refused.field)
            form.add_error(field if field in form.fields else None, refused.message)
        else:
            return redirect(to)
    context = {
        "form": form,
        "group": group,
        "groups": groups,
        "partners": with_whom,
        "submission": request.POST.get("submission") or new_key(),
    }
    return render(request, "applicants/evening.html", context)


def _chosen_group(request: HttpRequest, groups: list[BalintGroup]) -> BalintGroup | None:
    """The group in the address; else the newest that goes on, or the newest."""
    asked = request.GET.get("group", "")
    by_key = {str(group.pk): group for group in groups}
    running = [group for group in groups if not group.end or group.end >= request.today]
    return by_key.get(asked) or next(iter(running or groups), None)


def _log(request: HttpRequest, group: BalintGroup, evening: dict[str, Any]) -> str:
    meeting, debriefing = operations.log_evening(
        group, **evening, by=request.person, at=request.now
    )
    what = {
        (True, True): _("The meeting and its debriefing are in your log."),
        (True, False): _("The meeting is in your log."),
        (False, True): _("The debriefing is in your log."),
    }
    messages.success(request, what[bool(meeting), bool(debriefing)])
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
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = tried(
            form,
            lambda: operations.withdraw_evidence(
                entry, reason=reason, by=request.person, at=request.now
            ),
        )
        if done:
            messages.success(
                request, _("The entry is withdrawn. You can put it back at the end of this page.")
            )
            return redirect("logs")
    return render(request, "applicants/withdraw_entry.html", {"entry": entry, "form": form})


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
