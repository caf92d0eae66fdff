"""What a member of the Committee says on a case: remarks, advice; or that they step aside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Stage
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.forms import committee as forms
from reviews.queries import advice, files
from reviews.views.acting import done, head, opened, posted


def discussion(request: HttpRequest, reference: str) -> HttpResponse:
    """What the Committee says among itself about a case."""
    application = opened(request, reference)
    form = forms.Remark(posted(request))

    def act() -> str:
        text = form.cleaned_data["text"]
        operations.remark(application, text=text, by=request.person, at=request.now)
        return reverse("case-discussion", args=[reference])

    context = head(request, application, "case-discussion") | {
        "form": form,
        "remarks": files.remarks(application),
        "advised": advice.advised(application, request.person, day=request.today),
    }
    return done(request, form, act) or render(request, "reviews/committee/discussion.html", context)


def advise(request: HttpRequest, reference: str) -> HttpResponse:
    """Give one's own advice on a case under review; then the others' can be read."""
    application = opened(request, reference)
    if application.stage != Stage.UNDER_REVIEW:
        raise Refused(_("Advice is given while a case is under review."))
    form = forms.Advise(posted(request))
    back = reverse("case-discussion", args=[reference])

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("leaning", "text")}
        operations.advise(application, **said, by=request.person, at=request.now)
        messages.success(request, _("Your advice is given. You can read that of the others now."))
        return back

    context = head(request, application) | {"form": form, "back": back}
    return done(request, form, act) or render(request, "reviews/committee/advise.html", context)


def step_aside(request: HttpRequest, reference: str) -> HttpResponse:
    """Take no further part in a case."""
    application = opened(request, reference)
    form = forms.StepAside(posted(request))

    def act() -> str:
        reason = form.cleaned_data["reason"]
        operations.step_aside(application, reason=reason, by=request.person, at=request.now)
        messages.success(request, _("You take no further part in this case."))
        return reverse("queue")

    context = head(request, application) | {
        "form": form,
        "back": reverse("case", args=[reference]),
    }
    return done(request, form, act) or render(request, "reviews/committee/step_aside.html", context)
