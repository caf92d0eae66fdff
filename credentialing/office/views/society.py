"""What the Society decides about itself, on one page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from credentialing.office.forms import SocietyForm
from credentialing.records.operations import decide_society
from credentialing.records.society import current


def society(request: HttpRequest) -> HttpResponse:
    """What stands, and the form that changes it."""
    stands = current()
    form = SocietyForm(request.POST or None, initial=SocietyForm.of(stands))
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        context["effect"] = form.effect(stands, at=request.now)
        said, seen = form.decided(), form.cleaned_data["seen"]
        if not context["effect"] and form.does(
            lambda: decide_society(said, seen=seen, by=request.person)
        ):
            messages.success(request, _("This is what stands now."))
            return redirect("society")
    return render(request, "office/society.html", context)
