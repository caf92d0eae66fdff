"""The moves of a case that the Chair or a deputy makes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import applicants.operations
from applicants import access, stages
from applicants.models import Application
from applicants.stages import STEPS, Move
from credentialing.records.refusals import Refused
from credentialing.rules import load_procedure, procedures, words
from credentialing.standing.lines import outcome
from credentialing.standing.queries import standing
from reviews import operations
from reviews.forms import committee as forms
from reviews.models import TimelineVersion
from reviews.queries import advice, files, lines, readiness, timelines
from reviews.queries import queue as waiting
from reviews.views.acting import chaired, done, head, in_two_steps, posted
from reviews.views.activities import asked_for, formset

# Moves that ask for more than a reason have a page of their own.
PAGES = {
    Move.ASK_FURTHER_WORK: "further-work",
    Move.RECOMMEND: "recommend",
    Move.OPEN_BALLOT: "open-ballot",
}
ACTS: dict[Move, tuple[Callable[..., Any], Any]] = {
    Move.ACCEPT: (applicants.operations.accept, gettext_lazy("The application is accepted.")),
    Move.RETURN: (
        applicants.operations.return_application,
        gettext_lazy("The application went back to the applicant."),
    ),
    Move.CLOSE: (operations.close, gettext_lazy("The case is closed.")),
    Move.REOPEN: (applicants.operations.reopen, gettext_lazy("The case is open again.")),
    Move.BACK_TO_REVIEW: (operations.back_to_review, gettext_lazy("The case is under review.")),
    Move.TAKE_BACK: (operations.take_back, gettext_lazy("The recommendation is taken back.")),
    Move.SEND_BACK: (operations.send_back, gettext_lazy("The case is back in review.")),
    Move.BRING_AGAIN: (operations.bring_again, gettext_lazy("The case is under review again.")),
}
CONSEQUENCES = {
    Move.ACCEPT: gettext_lazy("The process runs, and the applicant sees what remains."),
    Move.RETURN: gettext_lazy(
        "The applicant can correct the application and submit it again. The first date stands."
    ),
    Move.CLOSE: gettext_lazy("The case ends. You can reopen it later."),
    Move.REOPEN: gettext_lazy("The case goes on where it was accepted or submitted."),
    Move.BACK_TO_REVIEW: gettext_lazy(
        "The timeline ends, whatever is done of it, and the record is frozen anew."
    ),
    Move.TAKE_BACK: gettext_lazy(
        "The case goes back to review. The recommendation stays on record."
    ),
    Move.SEND_BACK: gettext_lazy("The open ballot ends without a result; the case is in review."),
    Move.BRING_AGAIN: gettext_lazy(
        "The case is taken into review again. The Council's earlier decision stays on record."
    ),
}
CONFIDENTIAL = (Move.TAKE_BACK, Move.SEND_BACK)


def move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    """Make one move of a case; the page says what it does and asks for its reason."""
    application = chaired(request, reference)
    if move in PAGES:
        return redirect(PAGES[Move(move)], reference)
    if move == Move.OPEN_REVIEW:
        return open_review(request, application)
    if move not in ACTS:
        raise Http404
    wanted = Move(move)
    if wanted not in stages.open_moves(application, request.person, at=request.now):
        raise Refused(stages.already(application))
    form = form_of(wanted)(posted(request))

    def act() -> str:
        operation, said = ACTS[wanted]
        reason = {"reason": form.cleaned_data["reason"]} if "reason" in form.fields else {}
        operation(application, **reason, by=request.person, at=request.now)
        messages.success(request, said)
        return reverse("case", args=[reference])

    context = head(request, application)
    context |= {
        "form": form,
        "title": STEPS[wanted].label,
        "consequence": CONSEQUENCES[wanted],
        "submit": STEPS[wanted].label,
        "back": reverse("case", args=[reference]),
    }
    return done(request, form, act) or render(request, "reviews/committee/move.html", context)


def form_of(wanted: Move) -> type[forms.Once]:
    """What a move asks: nothing, a reason, or a reason that the applicant does not see."""
    if wanted in CONFIDENTIAL:
        return forms.ConfidentialReason
    return forms.Reason if STEPS[wanted].reason else forms.Once


def open_review(request: HttpRequest, application: Application) -> HttpResponse:
    """Take a case into review: ready by the rules, or on equivalent training."""
    if Move.OPEN_REVIEW not in stages.open_moves(application, request.person, at=request.now):
        raise Refused(stages.already(application))
    now = standing(application, request.today)
    unmet = [] if now.ready_for_review else readiness.unmet(now)
    left = readiness.not_named(application, unmet, day=request.today) if unmet else []
    fixed = [each for each in unmet if not now.procedure.requirement(each).may_waive]
    form: forms.Once | forms.Equivalence = forms.Once(posted(request))
    if left:
        form = forms.Equivalence(
            posted(request),
            unmet=[(each, lines.title(each)) for each in unmet if each not in fixed],
            people=access.committee(application, day=request.today),
            today=request.today,
        )
    back = reverse("case", args=[application.reference])

    def act() -> str:
        equivalence = (
            {
                **form.meeting,
                **{name: form.cleaned_data[name] for name in ("requirements", "reason")},
            }
            if isinstance(form, forms.Equivalence)
            else None
        )
        operations.open_review(
            application, equivalence=equivalence, by=request.person, at=request.now
        )
        messages.success(request, _("The review is open; the record is frozen as it stands."))
        return back

    context = head(request, application)
    context |= {
        "form": form,
        "back": back,
        "unmet": [(lines.title(each), outcome(now, now.entries[each])) for each in left and unmet],
        "barred": _("No training is equivalent to this: %(what)s. It has to be met first.")
        % {"what": words.listed([words.name(each) for each in fixed])}
        if fixed
        else "",
    }
    return done(request, form, act) or render(
        request, "reviews/committee/open_review.html", context
    )


def snapshot(request: HttpRequest, reference: str) -> HttpResponse:
    """Freeze the record of a case under review anew."""
    application = chaired(request, reference)
    operations.take_snapshot(application, by=request.person, at=request.now)
    messages.success(request, _("The record is frozen as it stands now."))
    return redirect("case", reference)


def recommend(request: HttpRequest, reference: str) -> HttpResponse:
    """Record what the Committee recommends to the Council."""
    application = chaired(request, reference)
    if Move.RECOMMEND not in stages.open_moves(application, request.person, at=request.now):
        raise Refused(stages.already(application))
    now = standing(application, request.today)
    gaps = readiness.gaps(now)
    form = forms.Recommend(
        posted(request),
        gap=bool(gaps),
        people=access.committee(application, day=request.today),
        today=request.today,
    )

    def act() -> str:
        said = form.cleaned_data
        operations.recommend(
            application,
            outcome=said["outcome"],
            reasons=said["reasons"],
            acknowledges_gap=said.get("acknowledges_gap", False),
            **form.meeting,
            by=request.person,
            at=request.now,
        )
        messages.success(request, _("The recommendation is recorded."))
        return reverse("case", args=[reference])

    context = head(request, application)
    context |= {
        "form": form,
        "back": reverse("case", args=[reference]),
        "presented": readiness.is_presented(now.procedure, now.data),
        "gaps": [now.issue(gap) for gap in gaps],
        "advised": advice.advised(application, request.person, day=request.today),
        **files.frozen(application, now),
    }
    return done(request, form, act) or render(request, "reviews/committee/recommend.html", context)


def further_work(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for further work, or propose another version of the timeline that is open."""
    application = chaired(request, reference)
    timeline = timelines.timeline(application, today=request.today)
    asking = Move.ASK_FURTHER_WORK in stages.open_moves(application, request.person, at=request.now)
    if not asking and not timeline.is_open:
        raise Refused(stages.already(application))
    rows = [] if asking else timeline.rows
    activities = formset(request, rows)
    form = forms.Note(posted(request))

    def act() -> str:
        said = {"activities": asked_for(activities), "note": form.cleaned_data["note"]}
        by = {"by": request.person, "at": request.now}
        if asking:
            operations.ask_further_work(application, **said, **by)
        else:
            operations.propose_timeline(timeline.timeline, **said, **by)
        messages.success(request, _("The timeline was proposed to the applicant."))
        return reverse("further-work", args=[reference])

    context = head(request, application)
    context |= {
        "form": form,
        "activities": activities,
        "asking": asking,
        "timeline": None if asking else timeline,
        "overdue": waiting.overdue([application.pk], day=request.today),
        "back": reverse("case", args=[reference]),
    }
    ready = activities.is_bound and activities.is_valid()
    return (ready and done(request, form, act)) or render(
        request, "reviews/committee/further_work.html", context
    )


def agree(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """Consent for the Committee to a version of the timeline."""
    application = chaired(request, reference)
    wanted = TimelineVersion.objects.filter(pk=version, timeline__application=application).first()
    if wanted is None:
        raise Http404
    operations.consent(wanted, by=request.person, at=request.now)
    messages.success(request, _("The Committee has agreed to the timeline."))
    return redirect("further-work", reference)


def propose_procedure(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose to judge a case by another procedure, with what both say of it."""
    application = chaired(request, reference)
    now = standing(application, request.today)
    others = [
        (each.id, f"{each.title} ({each.id})")
        for each in procedures().values()
        if each.society == now.procedure.society and each.id != now.procedure.id
    ]
    form = forms.ProposeProcedure(posted(request), others=others)

    def compare() -> Any:
        return now, replace(now, procedure=load_procedure(form.cleaned_data["to"]))

    def act() -> str:
        before, after = compare()
        applicants.operations.propose_procedure(
            application,
            to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"],
            assessments={each.procedure.id: each.data for each in (before, after)},
            by=request.person,
            at=request.now,
        )
        messages.success(request, _("The proposal was sent to the applicant."))
        return reverse("case", args=[reference])

    context = head(request, application)
    context |= {
        "back": reverse("case", args=[reference]),
        "procedure": now.procedure,
        "others": others,
    }
    return in_two_steps(
        request,
        form,
        template="reviews/committee/procedure.html",
        context=context,
        compare=compare,
        act=act,
    )
