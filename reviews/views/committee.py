"""The Committee's table of cases, and the tabs of one case."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

import applicants.operations
from credentialing.rules import words
from credentialing.standing.queries import standing
from reviews import operations
from reviews.forms import committee as forms
from reviews.queries import cases as all_cases
from reviews.queries import evidence as evidence_of
from reviews.queries import files, lines
from reviews.queries import history as past
from reviews.queries import rulings as ruled
from reviews.views.acting import done, head, opened, posted

PAGE = 40


def cases(request: HttpRequest) -> HttpResponse:
    """All cases that the person reads, with their requirements drawn small."""
    asked = forms.CasesFilter(request.GET)
    chosen = asked.asked()
    found = all_cases.table(request.person, day=request.today, **chosen)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": forms.CasesFilter(initial=chosen),
        "page": page,
        "prefix": f"stage={chosen['stage']}&order={chosen['order']}&",
        **files.table(all_cases.stands(page, request.today)),
    }
    return render(request, "reviews/committee/cases.html", context)


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a case stands, today or on an earlier day, and what may be done with it."""
    application = opened(request, reference)
    asked = forms.AsOf(request.GET if "as_of" in request.GET else None, today=request.today)
    day = asked.day()
    now = standing(application, day)
    earlier = day if day != request.today else None
    context = head(request, application, "case")
    context |= {
        "as_of": earlier,
        "filter": asked if asked.is_bound else forms.AsOf(initial={"as_of": day}, today=day),
        "summary": words.summary(now.data, now.procedure),
        "lines": lines.lines(
            now,
            rulings=ruled.in_words(ruled.of_case(application), now),
            may_rule=context["may_act"] and not earlier and application.is_live,
        ),
        "moves": [] if earlier else files.moves(now, request.person, at=request.now),
        **files.overview(application, now, today=request.today),
    }
    return render(request, "reviews/committee/case.html", context)


def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """The application as submitted, and everything that was logged or handed in."""
    application = opened(request, reference)
    now = standing(application, request.today)
    context = head(request, application, "case-evidence") | evidence_of.evidence(application, now)
    return render(request, "reviews/committee/evidence.html", context)


def rulings(request: HttpRequest, reference: str) -> HttpResponse:
    """Claims to credit, and every ruling on the case."""
    application = opened(request, reference)
    now = standing(application, request.today)
    context = head(request, application, "case-rulings") | ruled.page(application, now)
    context["requirements"] = [
        {"title": lines.title(each.id), "url": reverse("rule", args=[reference, each.id])}
        for each in now.procedure.requirements
    ]
    return render(request, "reviews/committee/rulings.html", context)


def discussion(request: HttpRequest, reference: str) -> HttpResponse:
    """What the Committee says among itself about a case."""
    application = opened(request, reference)
    form = forms.Remark(posted(request))

    def act() -> str:
        text = form.cleaned_data["text"]
        operations.remark(application, text=text, by=request.person, at=request.now)
        return reverse("case-discussion", args=[reference])

    context = head(request, application, "case-discussion")
    context |= {"form": form, "remarks": files.remarks(application)}
    return done(request, form, act) or render(request, "reviews/committee/discussion.html", context)


def history(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened to a case, newest first."""
    application = opened(request, reference)
    context = head(request, application, "case-history")
    context["entries"] = past.entries(application, audited=context["may_act"])
    return render(request, "reviews/committee/history.html", context)


def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the applicant a question."""
    application = opened(request, reference)
    form = forms.Ask(posted(request), today=request.today)
    back = reverse("case", args=[reference])

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("text", "due")}
        applicants.operations.ask(application, **said, by=request.person, at=request.now)
        messages.success(request, _("The question was sent to the applicant."))
        return f"{back}#questions"

    context = head(request, application) | {"form": form, "back": back}
    return done(request, form, act) or render(request, "reviews/committee/ask.html", context)
