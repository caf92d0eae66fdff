"""The applicant's decision, the papers, and what anybody may look up."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.queries import current_application
from credentialing.people.models import CredentialStatus
from credentialing.records import society
from credentialing.records.files import attachment
from credentialing.records.refusals import Refused
from credentialing.records.submissions import once
from reviews import operations
from reviews.dossiers import badges, verifying
from reviews.forms import council as forms
from reviews.forms.committee import show
from reviews.models import Certificate
from reviews.queries import appeals, dossiers
from reviews.queries import register as public_register
from reviews.queries.office import kept

LEADERS_ON_A_PAGE = 50
Status = CredentialStatus.Status


def decision(request: HttpRequest) -> HttpResponse:
    """What the Council decided on one's own application, and what follows from it."""
    context = public_register.decision_page(request.person, day=request.today)
    if context is None:
        raise Http404
    return render(request, "reviews/public/decision.html", context)


def appeal(request: HttpRequest) -> HttpResponse:
    """Appeal against the decision on one's own case."""
    case = current_application(request.person, day=request.today)
    if case is None or appeals.against(case) is None:
        raise Http404
    form = forms.MakeAppeal(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            led = once(request, lambda: _appeal(request, case, form.cleaned_data["text"]))
        except Refused as refused:
            show(refused, form)
        else:
            return redirect(led)
    return render(request, "reviews/public/appeal.html", {"form": form, "case": case})


def _appeal(request: HttpRequest, case: Application, text: str) -> str:
    operations.appeal(case, text=text, by=request.person, at=request.now)
    messages.success(request, _("Your appeal is with the Chair. You get a letter once answered."))
    return reverse("decision")


def listing(request: HttpRequest) -> HttpResponse:
    """Let one's name stand in the register, or take it out."""
    form = forms.Listing(request.POST)
    listed = form.is_valid() and form.cleaned_data["listed"]
    operations.set_listing(request.person, listed=listed, by=request.person, at=request.now)
    messages.success(
        request,
        _("Your name stands in the public register.")
        if listed
        else _("Your name does not stand in the public register."),
    )
    return redirect("decision")


def dossier(request: HttpRequest, dossier: int) -> HttpResponseBase:
    """An issued dossier, for whom its edition is; the download goes on record."""
    mine = dossiers.of_reader(request.person, day=request.today, at=request.now)
    found = mine.select_related("application").filter(pk=dossier).first()
    as_office = found is None
    if found is None:
        office = dossiers.of_office(request.person, day=request.today)
        found = get_object_or_404(office.select_related("application"), pk=dossier)
    content = operations.open_dossier(found, as_office=as_office, by=request.person, at=request.now)
    name = f"{found.application.reference}-{found.edition}-{found.number}.pdf"
    return _paper(content, name)


def certificate(request: HttpRequest, number: str) -> HttpResponseBase:
    """The certificate of one's own credential."""
    kept = get_object_or_404(
        Certificate.objects.filter(credential__person=request.person), credential__number=number
    )
    with kept.file.open("rb") as made:
        return _paper(made.read(), f"certificate-{number}.pdf")


def _paper(content: bytes, name: str) -> HttpResponseBase:
    return attachment(content, name=name, content_type="application/pdf")


def register(request: HttpRequest) -> HttpResponse:
    """The credentialed leaders who agreed to be listed, by name; and the way to verify a number."""
    number = forms.Number(request.GET if "number" in request.GET else None)
    sought = number.is_valid() and public_register.spelled(number.cleaned_data["number"])
    if sought:
        return redirect("verify", sought)
    form = forms.Lookup(request.GET)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    found = public_register.listed(name, day=request.today)
    has_register = society.current().has_register
    if not has_register:
        found = found.none()
    page = Paginator(found, LEADERS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "number": number,
        "name": name,
        "has_register": has_register,
        "page": page,
        "rows": public_register.rows(page),
        "kept": kept({"name": name}),
    }
    return render(request, "reviews/public/register.html", context)


def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a credential has this number, and its status today."""
    found = public_register.by_number(number, day=request.today)
    context = {
        "credential": found,
        "status": public_register.status(found) if found else None,
        "number": forms.Number(),
    }
    return render(request, "reviews/public/verify.html", context, status=200 if found else 404)


def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether a certificate or a dossier is byte for byte as it was issued."""
    posted = request.method == "POST"
    form = forms.PaperToVerify(request.POST, request.FILES) if posted else forms.PaperToVerify()
    found = None
    if form.is_bound and form.is_valid():
        found = verifying.verdict(form.cleaned_data["paper"], day=request.today)
    context = {"form": form, "number": forms.Number(), "verdict": found}
    return render(request, "reviews/public/verify_file.html", context)


def badge(request: HttpRequest, number: str) -> HttpResponse:
    """One's own credential as an Open Badge, while it is active."""
    held = public_register.by_number(number, day=request.today)
    if held is None or held.person_id != request.person.pk or held.status != Status.ACTIVE:
        raise Http404
    made = badges.badge(held).encode()
    return attachment(made, name=f"badge-{held.number}.jwt", content_type="application/vc+jwt")


def badge_issuer(request: HttpRequest) -> HttpResponse:
    """Who issues badges, for programs."""
    return JsonResponse(badges.issuer())


def badge_keys(request: HttpRequest) -> HttpResponse:
    """The key under which badges are checked, for programs."""
    return JsonResponse(badges.keys(), content_type="application/jwk-set+json")


def badge_status(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a badge holds today, for programs."""
    held = public_register.by_number(number, day=request.today)
    if held is None:
        raise Http404
    return JsonResponse(badges.status(held))
