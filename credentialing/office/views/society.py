"""What the Society decides about itself, on one page; and its logo, for everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from credentialing.office import operations
from credentialing.office.forms import LogoForm, SeenForm, SocietyForm
from credentialing.records.files import picture
from credentialing.records.models import Society
from credentialing.records.operations import decide_society
from credentialing.records.society import current, newest

SHOWN = 10  # decisions, on the page


def society(request: HttpRequest) -> HttpResponse:
    """What stands, and the form that changes it."""
    stands = current()
    form = SocietyForm(request.POST or None, initial=SocietyForm.of(stands))
    context = _beside(stands) | {"form": form}
    if request.method == "POST" and form.is_valid():
        context["effect"] = form.effect(stands, at=request.now)
        said, seen = form.decided(), form.cleaned_data["seen"]
        if not context["effect"] and form.does(
            lambda: decide_society(said, seen=seen, by=request.person)
        ):
            messages.success(request, _("This is what stands now."))
            return redirect("society")
    return render(request, "office/society.html", context)


def change_logo(request: HttpRequest) -> HttpResponse:
    """Take another picture as the logo."""
    stands = current()
    form = LogoForm(request.POST, request.FILES, prefix="logo")
    if form.is_valid():
        said = form.cleaned_data
        if form.does(lambda: operations.change_logo(**said, by=request.person)):
            messages.success(request, _("This is the logo now."))
            return redirect("society")
    context = {"form": SocietyForm(initial=SocietyForm.of(stands)), "logo_form": form}
    return render(request, "office/society.html", _beside(stands) | context)


def remove_logo(request: HttpRequest) -> HttpResponse:
    """Have no logo any more."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404
    operations.remove_logo(seen=form.cleaned_data["seen"], by=request.person)
    messages.success(request, _("There is no logo any more."))
    return redirect("society")


def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The logo that stands; whoever has it may keep it, because its address is its digest."""
    kept = request.society.logo
    if kept is None or kept.digest != digest:
        raise Http404
    response = picture(bytes(kept.content))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _beside(stands: Society) -> dict[str, Any]:
    """What the page shows beside the form of the settings."""
    return {
        "stands": stands,
        "logo_form": LogoForm(initial={"seen": stands.number}, prefix="logo"),
        "decisions": [(row.at, SocietyForm.told(row, before)) for row, before in newest(SHOWN)],
    }
