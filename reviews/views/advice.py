"""What a member of the Committee says on a case: remarks, advice; or that they step aside."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Stage
from credentialing.people.models import Person
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.forms import committee as forms
from reviews.queries import advice, files
from reviews.views.acting import chaired, done, head, opened, posted


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


def lift_recusal(request: HttpRequest, reference: str, person: int) -> HttpResponse:
    """Record why somebody with a relation may act on this case."""
    return _recusal(request, reference, person, operations.lift_recusal, lifts=True)


def restore_recusal(request: HttpRequest, reference: str, person: int) -> HttpResponse:
    """End what lifted somebody's recusal."""
    return _recusal(request, reference, person, operations.restore_recusal, lifts=False)


def _recusal(
    request: HttpRequest, reference: str, key: int, change: Callable[..., object], *, lifts: bool
) -> HttpResponse:
    application = chaired(request, reference)
    related = Person.objects.filter(relations__applicant=application.applicant_id).distinct()
    person = get_object_or_404(related, pk=key)
    form = forms.ConfidentialReason(posted(request))
    back = reverse("case", args=[reference])

    def act() -> str:
        reason = form.cleaned_data["reason"]
        change(application, person=person, reason=reason, by=request.person, at=request.now)
        messages.success(request, _("It is on record. The Committee is told."))
        return f"{back}#relations"

    ties = files.ties_in_words(application, person)
    context = head(request, application)
    context |= {"form": form, "back": back, "person": person, "ties": ties, "lifts": lifts}
    return done(request, form, act) or render(request, "reviews/committee/recusal.html", context)
