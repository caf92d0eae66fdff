"""Groups and who leads them; and finding a person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.groups import (
    AdviceForm,
    GroupForm,
    LeaderForms,
    NewGroupForm,
    NewLeaderAndPersonForm,
    NewLeaderForm,
    SearchForm,
    leader_rows,
)
from applicants.models import BalintGroup, GroupLeader
from applicants.queries import found_people, pairing_advice, schedule_in_words
from applicants.views.own import mine, my_groups, tried
from credentialing.people.models import Person
from credentialing.people.operations import enter_person
from credentialing.rules import PortfolioError


def own_group(request: HttpRequest, group: int) -> BalintGroup:
    """A group of the person's own; otherwise it does not exist."""
    return access.fetch(
        request.person,
        Can.OWN,
        BalintGroup.objects.distinct(),
        day=request.today,
        through="applicant__applications",
        pk=group,
    )


def groups(request: HttpRequest) -> HttpResponse:
    """The groups that one leads, each with its leaders, its schedule and what is asked of it."""
    found = list(my_groups(request).prefetch_related("leaders__person"))
    advice = pairing_advice(
        mine(request), [(led, list(led.leaders.all())) for led in found], as_of=request.today
    )
    for led in found:
        led.advice, led.schedule = advice.get(led.pk, []), schedule_in_words(led)
    return render(request, "applicants/groups.html", {"groups": found})


def new_group(request: HttpRequest) -> HttpResponse:
    """Enter a group; then with whom one leads it."""
    mine(request)
    form = NewGroupForm(request.POST or None, initial={"profession": request.person.profession})
    if request.method == "POST" and form.is_valid():
        said = form.facts
        own = {"person": request.person, "profession": said.pop("profession")}
        made = tried(
            form,
            lambda: operations.create_group(
                request.person, **said, leaders=[own], by=request.person, at=request.now
            ),
        )
        if made:
            messages.success(request, _("The group is entered. With whom do you lead it?"))
            return redirect("add-leader", made.pk)
    return render(request, "applicants/new_group.html", {"form": form})


def group(request: HttpRequest, group: int) -> HttpResponse:
    """Correct a group, and since and until when each of its leaders leads it."""
    led = own_group(request, group)
    rows = list(led.leaders.select_related("person").order_by("pk"))
    form = GroupForm(
        request.POST or None, initial={name: getattr(led, name) for name in GroupForm.base_fields}
    )
    leaders = LeaderForms(
        request.POST or None, group=led, prefix="leaders", initial=leader_rows(rows)
    )
    if request.method == "POST" and form.is_valid() and leaders.is_valid():
        saved = tried(
            form,
            lambda: operations.update_group(
                led,
                **form.facts,
                leaders=leaders.leaders,
                by=request.person,
                at=request.now,
            ),
        )
        if saved:
            messages.success(request, _("Saved: %(group)s.") % {"group": saved.name})
            return redirect("groups")
    advice = pairing_advice(mine(request), [(led, rows)], as_of=request.today)
    context = {"group": led, "form": form, "leaders": leaders, "advice": advice.get(led.pk, [])}
    return render(request, "applicants/group.html", context)


def add_leader(request: HttpRequest, group: int) -> HttpResponse:
    """Add a leader: somebody found among the people on record, or somebody new."""
    led = own_group(request, group)
    search = SearchForm(request.GET)
    chosen = found_by_key(request.GET.get("person"))
    if chosen:
        initial = {"profession": chosen.profession}
        form = NewLeaderForm(request.POST or None, initial=initial)
    else:
        form = NewLeaderAndPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = tried(form, lambda: _add(request, led, chosen, form.cleaned_data))
        if saved:
            messages.success(request, _("Saved: %(group)s.") % {"group": saved.name})
            return redirect("groups")
    context = {
        "group": led,
        "form": form,
        "chosen": chosen,
        "search": search,
        "people": searched(search),
    }
    return render(request, "applicants/add_leader.html", context)


def leader_advice(request: HttpRequest, group: int) -> HttpResponse:
    """What would be asked about a group with one leader more, while the leader is being named."""
    led = own_group(request, group)
    form = AdviceForm(request.GET)
    rows = list(led.leaders.order_by("pk"))
    said = form.cleaned_data if form.is_valid() else {}
    if said.get("profession"):
        # Nobody has the key 0: it stands for whoever is being named.
        rows.append(GroupLeader(group=led, person_id=0, **said))
    try:
        advice = pairing_advice(mine(request), [(led, rows)], as_of=request.today)
    except PortfolioError:  # the days do not fit; the form says so when it is sent
        advice = {}
    context = {"advice": advice.get(led.pk, []) if said.get("profession") else []}
    return render(request, "applicants/_advice.html", context)


def _add(
    request: HttpRequest, led: BalintGroup, chosen: Person | None, said: dict[str, Any]
) -> BalintGroup:
    rows = GroupLeader.objects.filter(group=led).select_related("person").order_by("pk")
    present = [
        {"person": row.person, "profession": row.profession, "start": row.start, "end": row.end}
        for row in rows
    ]
    person = chosen or enter_person(
        name=said["name"], email=said["email"], profession=said["profession"], by=request.person
    )
    added = {name: said[name] for name in ("profession", "start", "end")}
    return operations.update_group(
        led,
        name=led.name,
        setting=led.setting,
        start=led.start,
        end=led.end,
        leaders=[*present, {"person": person, **added}],
        by=request.person,
        at=request.now,
    )


def found_by_key(written: str | None) -> Person | None:
    """The person whose key stands in an address, if there is one."""
    if not written or not written.isascii() or not written.isdigit() or len(written) > 18:
        return None
    return Person.objects.filter(pk=int(written), merged_into__isnull=True).first()


def searched(search: SearchForm) -> Any:
    """Whom a search finds, a few; nobody for nothing."""
    return found_people(search.cleaned_data["q"]) if search.is_valid() else []


def person_search(request: HttpRequest) -> HttpResponse:
    """People by name, each with the profession and nothing else, as links of the page that asks."""
    search = SearchForm(request.GET)
    context = {"search": search, "people": searched(search)}
    if request.htmx:
        return render(request, "applicants/_people.html", context)
    return render(request, "applicants/people.html", context)
