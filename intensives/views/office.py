"""The office's pages: what is offered, its groups, who comes, who came."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.records import jobs
from credentialing.records.forms import OnceForm
from credentialing.records.submissions import new_key, once
from intensives import operations, queries
from intensives.forms import ChangeFacultyForm, GroupForm, GroupsForm, IntensiveForm, ReasonForm
from intensives.models import Enrolment, Intensive, SmallGroup
from intensives.views.acting import act, doing, typed

State = Enrolment.State
PAGE = 25


def _ours(key: int) -> Intensive:
    return get_object_or_404(Intensive.objects.filter(elsewhere=False), pk=key)


def _page(key: int) -> str:
    return reverse("office-intensive", args=[key])


def _form_page(
    request: HttpRequest,
    form: OnceForm,
    work: Callable[[], object],
    said: str,
    *,
    back: str,
    title: str,
    **more: str,
) -> HttpResponse:
    """A form of the office on a page of its own; done once, it leads back."""
    if form.is_valid() and form.does(doing(request, work, said, back)):
        return redirect(form.answer)
    context = {"form": form, "back": back, "title": title, **more}
    return render(request, "intensives/office_form.html", context)


def office_intensives(request: HttpRequest) -> HttpResponse:
    """Every intensive of the Society, and what was recorded of elsewhere and waits."""
    ours = queries.with_seats(Intensive.objects.filter(elsewhere=False))
    elsewhere = queries.recorded_elsewhere().exclude(person=request.person)
    context = {
        "page": Paginator(ours.order_by("-start", "-pk"), PAGE).get_page(request.GET.get("page")),
        "elsewhere": [{"enrolment": row, "submission": new_key()} for row in elsewhere],
    }
    return render(request, "intensives/office_intensives.html", context)


def new_intensive(request: HttpRequest) -> HttpResponse:
    """Enter an intensive."""
    form = IntensiveForm(typed(request))
    return _form_page(
        request,
        form,
        lambda: operations.create_intensive(**form.what(), by=request.person, at=request.now),
        _("The intensive is entered. Publish it when people are to see it."),
        back=reverse("office-intensives"),
        title=_("New intensive"),
    )


def change_intensive(request: HttpRequest, intensive: int) -> HttpResponse:
    """Correct an intensive."""
    ours = _ours(intensive)
    form = IntensiveForm.of(ours, typed(request))
    return _form_page(
        request,
        form,
        lambda: operations.change_intensive(ours, **form.what(), by=request.person, at=request.now),
        _("The intensive is saved."),
        back=_page(ours.pk),
        title=ours.title,
    )


def office_intensive(request: HttpRequest, intensive: int) -> HttpResponse:
    """One intensive: its groups, who comes, who waits."""
    ours = get_object_or_404(
        queries.with_seats(Intensive.objects.filter(elsewhere=False)), pk=intensive
    )
    rows = (
        ours.enrolments.exclude(state=State.CANCELLED)
        .exclude(person=request.person)
        .select_related("person", "small_group")
    )
    by_name = list(rows.order_by("person__name", "pk"))
    context = {
        "intensive": ours,
        "groups": queries.groups_of(ours),
        "enrolled": [row for row in by_name if row.state == State.SIGNED_UP],
        "waiting": sorted(
            (row for row in by_name if row.state == State.WAITING),
            key=lambda row: (row.enrolled_at, row.pk),
        ),
        "without_group": any(
            row.role == Enrolment.Role.PARTICIPANT
            and row.state == State.SIGNED_UP
            and not row.small_group_id
            for row in by_name
        ),
        "begun": ours.has_begun(request.today),
        "ended": ours.has_ended(request.today),
        "submission": new_key(),
    }
    return render(request, "intensives/office_intensive.html", context)


def publish_intensive(request: HttpRequest, intensive: int) -> HttpResponse:
    """Open the sign-up."""
    ours = _ours(intensive)
    return act(
        request,
        lambda: operations.publish_intensive(ours, by=request.person, at=request.now),
        _("The intensive is published, and the sign-up is open."),
        _page(ours.pk),
    )


def add_small_group(request: HttpRequest, intensive: int) -> HttpResponse:
    """Add a small group with its two faculty."""
    ours = _ours(intensive)
    form = GroupForm(typed(request))
    return _form_page(
        request,
        form,
        lambda: operations.add_small_group(ours, **form.what(), by=request.person, at=request.now),
        _("The group is added."),
        back=_page(ours.pk),
        title=_("New small group"),
    )


def change_faculty(request: HttpRequest, group: int) -> HttpResponse:
    """Change the two faculty of a group."""
    rows = SmallGroup.objects.select_related("intensive").filter(intensive__elsewhere=False)
    ours = get_object_or_404(rows, pk=group)
    initial: dict[str, Any] = {
        "first_faculty": ours.first_faculty_id,
        "second_faculty": ours.second_faculty_id,
    }
    form = ChangeFacultyForm(typed(request), initial=initial)
    return _form_page(
        request,
        form,
        lambda: operations.change_faculty(ours, **form.what(), by=request.person, at=request.now),
        _("The faculty are changed."),
        back=_page(ours.intensive_id),
        title=_("Faculty of %(group)s") % {"group": ours.name},
    )


def assign_groups(request: HttpRequest, intensive: int) -> HttpResponse:
    """Put participants into small groups."""
    ours = _ours(intensive)
    rows = ours.enrolments.filter(role=Enrolment.Role.PARTICIPANT, state=State.SIGNED_UP)
    form = GroupsForm(
        typed(request),
        rows=rows.filter(completed=False).select_related("person").order_by("person__name", "pk"),
        groups=queries.groups_of(ours),
    )
    return _form_page(
        request,
        form,
        lambda: operations.assign_groups(
            ours, groups=form.groups_chosen(), by=request.person, at=request.now
        ),
        _("The groups are saved."),
        back=_page(ours.pk),
        title=_("Participants’ groups"),
    )


def office_cancel(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Cancel somebody's enrolment, or take off what could not be confirmed."""
    rows = Enrolment.objects.exclude(person=request.person).select_related("intensive", "person")
    row = get_object_or_404(rows, pk=enrolment)
    elsewhere = row.intensive.elsewhere
    return act(
        request,
        lambda: operations.cancel_enrolment(row, by=request.person, at=request.now),
        _("Cancelled. A letter tells %(name)s.") % {"name": row.person.name},
        reverse("office-intensives") if elsewhere else _page(row.intensive_id),
    )


def confirm_past_intensive(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Confirm that somebody took part in an intensive elsewhere."""
    rows = Enrolment.objects.filter(intensive__elsewhere=True).exclude(person=request.person)
    row = get_object_or_404(rows.select_related("person"), pk=enrolment)
    return act(
        request,
        lambda: operations.confirm_past_intensive(row, by=request.person, at=request.now),
        _("Confirmed. A letter tells %(name)s.") % {"name": row.person.name},
        reverse("office-intensives"),
    )


def cancel_intensive(request: HttpRequest, intensive: int) -> HttpResponse:
    """Call the whole intensive off, with a reason."""
    ours = _ours(intensive)
    form = ReasonForm(typed(request))
    return _form_page(
        request,
        form,
        lambda: operations.cancel_intensive(ours, **form.what(), by=request.person, at=request.now),
        _("The intensive is cancelled. A letter tells everybody who signed up."),
        back=_page(ours.pk),
        title=_("Cancel “%(title)s”") % {"title": ours.title},
        submit=_("Cancel the intensive"),
        cancel_label=_("Keep it"),
    )


def spread_participants(request: HttpRequest, intensive: int) -> HttpResponse:
    """Put everybody who is in no group where the fewest are."""
    ours = _ours(intensive)
    return act(
        request,
        lambda: operations.spread_participants(ours, by=request.person, at=request.now),
        _("Every participant is in a group."),
        _page(ours.pk),
    )


def badges(request: HttpRequest, intensive: int) -> HttpResponse:
    """Ask for the badges of everybody who comes; the worker sets them as PDF."""
    ours = _ours(intensive)

    def asked() -> str:
        job = jobs.ask("badges", by=request.person, page=_page(ours.pk), intensive=ours.pk)
        return reverse("job", args=[job.pk])

    return redirect(once(request, asked))
