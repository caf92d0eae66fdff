"""The Committee's desk: the queue, who takes what of it, and the table of all cases."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.people.models import Role
from credentialing.people.operations import set_away
from credentialing.people.queries import absence, holders
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key, once
from reviews import operations
from reviews.forms import committee as forms
from reviews.queries import cases as all_cases
from reviews.queries import listing
from reviews.queries import queue as waiting
from reviews.views.acting import done, opened, posted

PAGE = 50
CASES = 40


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the Committee, by what must be done; filtered as the address says."""
    asked = forms.QueueFilter(request.GET).asked()
    desk = waiting.desk(request.person, day=request.today, **asked)
    page = Paginator(desk.matters, PAGE).get_page(request.GET.get("page")) if desk.what else None
    context = {
        "desk": desk,
        "sections": desk.sections(page),
        "page": page,
        "prefix": f"what={desk.what}&whose={desk.whose}&",
        "filter": forms.QueueFilter(initial=asked, kinds=desk.kinds),
    }
    return render(request, "reviews/committee/queue.html", context)


def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a matter of the queue to somebody, or back to nobody."""
    application = opened(request, reference)
    form = forms.Assign(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a person, and a day that exists."))
    said = form.cleaned_data

    def act() -> str:
        given = operations.assign(
            application,
            matter=said["matter"],
            to=said["to"],
            due=said["due"] if said["to"] else None,
            by=request.person,
            at=request.now,
        )
        messages.success(
            request,
            _("%(name)s has this now.") % {"name": given.to.name}
            if given
            else _("Nobody has this now."),
        )
        return waiting.address(said["what"], said["whose"] or "all")

    return redirect(once(request, act))


def cases(request: HttpRequest) -> HttpResponse:
    """All cases that the person reads, with their requirements drawn small."""
    chosen = forms.CasesFilter(request.GET).asked()
    found = all_cases.table(request.person, day=request.today, **chosen)
    page = Paginator(found, CASES).get_page(request.GET.get("page"))
    context = {
        "filter": forms.CasesFilter(initial=chosen),
        "chosen": chosen,
        "page": page,
        "prefix": f"{urlencode(chosen)}&",
        "files": [("csv", _("CSV")), ("xlsx", _("Excel"))],
        "submission": new_key(),
        **listing.table(all_cases.stands(page, request.today)),
    }
    return render(request, "reviews/committee/cases.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """Ask for the cases of the table as a file."""
    form = forms.Export(request.POST)
    chosen = form.asked()
    file = form.cleaned_data.get("file", "")

    def act() -> str:
        job = operations.ask_listing(chosen=chosen, file=file, by=request.person, at=request.now)
        return reverse("job", args=[job.pk])

    return redirect(once(request, act))


def pictures(request: HttpRequest) -> HttpResponse:
    """The cases by stage, by waiting and by year."""
    found = listing.pictures(request.person, day=request.today)
    return render(request, "reviews/committee/pictures.html", found)


def away(request: HttpRequest) -> HttpResponse:
    """Who acts as Chair, and until when a Chair is away: said by themselves or by the office."""
    officers = list(holders(Role.Kind.CHAIR, day=request.today))
    mine = request.person in officers
    office = Role.Kind.ADMINISTRATOR in request.roles
    form = forms.AwayOf(
        posted(request),
        officers=officers if office else [request.person] if mine else [],
        initial={"start": request.today},
    )

    def act() -> str:
        said = form.cleaned_data
        set_away(
            form.officer,
            start=said["start"],
            until=None if "back" in request.POST else said["until"],
            by=request.person,
            at=request.now,
        )
        return reverse("chair-away")

    context = {
        "form": form if mine or office else None,
        "officers": [(each, absence(each, request.today)) for each in officers],
        "deputies": list(holders(Role.Kind.DEPUTY, day=request.today)),
    }
    return done(request, form, act) or render(request, "reviews/committee/away.html", context)
