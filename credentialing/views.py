"""Pages of the roof: health, long work, and what is shown on failure."""

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRefresh

from applicants import access
from applicants.access import Can
from credentialing.duties import duties
from credentialing.held import held
from credentialing.records import audit, keeping, submissions
from credentialing.records import jobs as workshop
from credentialing.records.files import attachment
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.standing.views import home as front_door
from credentialing.work import KINDS
from reviews.queries import turns

PAGE = 50
JOBS_DRAWN: dict[str, str] = {
    Job.State.WAITING: "idle",
    Job.State.RUNNING: "progress",
    Job.State.DONE: "done",
    Job.State.FAILED: "wrong",
    Job.State.CANCELLED: "idle",
}


def home(request: HttpRequest) -> HttpResponse:
    """The front door, with what the reviews ask of an applicant, and what waits for others."""
    return front_door(
        request,
        more=lambda case, day: turns.tasks(case, today=day),
        duties=lambda person: duties(person, request.roles, at=request.now),
    )


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready", content_type="text/plain")


def my_data(request: HttpRequest) -> HttpResponse:
    """What is held about a person, in figures, and the way to all of it."""
    if request.method == "POST":
        return redirect(submissions.once(request, lambda: _ask_for_my_data(request)))
    items = [
        (
            name[:1].upper() + name[1:],
            ngettext("%(n)d entry", "%(n)d entries", len(rows)) % {"n": len(rows)},
        )
        for name, rows in held(request.person).items()  # type: ignore[attr-defined]
    ]
    return render(request, "held/my_data.html", {"items": items, "key": submissions.new_key()})


def _ask_for_my_data(request: HttpRequest) -> str:
    person = request.person  # type: ignore[attr-defined]
    job = workshop.ask("my-data", by=person, page=reverse("my-data"))
    audit.record("my-data.asked", by=person, record=f"job {job.pk}")
    return reverse("job", args=[job.pk])


def jobs(request: HttpRequest) -> HttpResponse:
    """The long work that a person asked for, the newest first."""
    page = Paginator(_own_jobs(request), PAGE).get_page(request.GET.get("page"))
    rows = [(job, KINDS[job.kind].label, JOBS_DRAWN[job.state]) for job in page]
    return render(request, "jobs/jobs.html", {"page": page, "rows": rows})


def job(request: HttpRequest, job: int) -> HttpResponse:
    """One job: how far it is, then what came of it. A page that polls is given the bar alone."""
    asked = get_object_or_404(_own_jobs(request), pk=job)
    if request.htmx and asked.is_over:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    context = {
        "job": asked,
        "label": KINDS[asked.kind].label,
        "state": JOBS_DRAWN[asked.state],
        "readable": _still_reads(request, asked),
    }
    return render(request, "jobs/job.html#job" if request.htmx else "jobs/job.html", context)  # type: ignore[attr-defined]


def cancel_job(request: HttpRequest, job: int) -> HttpResponse:
    """Call a job off."""
    asked = get_object_or_404(_own_jobs(request), pk=job)
    try:
        workshop.cancel(asked)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("job", asked.pk)


def job_file(request: HttpRequest, job: int) -> HttpResponseBase:
    """The file that came of a job."""
    asked = get_object_or_404(_own_jobs(request), pk=job)
    if not _still_reads(request, asked):
        raise Refused(
            _("This file tells of a case that you no longer read. Ask for the file anew.")
        )
    file = workshop.opened_file(asked, by=request.person)  # type: ignore[attr-defined]
    return attachment(file, name=asked.file_name, content_type="application/octet-stream")


def _own_jobs(request: HttpRequest) -> QuerySet[Job]:
    """What a person asked for, as far as the roles of today still allow its outcome to be seen."""
    roles = request.roles  # type: ignore[attr-defined]
    kinds = [name for name, kind in KINDS.items() if not kind.roles or kind.roles & roles]
    own = Job.objects.filter(by=request.person, kind__in=kinds)  # type: ignore[attr-defined]
    return own.order_by("-asked_at", "-pk")


def _still_reads(request: HttpRequest, asked: Job) -> bool:
    """Whether a person may still read every case that the file of a job tells of."""
    needs, person = KINDS[asked.kind].needs, request.person  # type: ignore[attr-defined]
    day = request.today  # type: ignore[attr-defined]
    return not needs or access.may_all(person, Can(needs), asked.cases, day=day)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What can't be read; and, told apart from it, what is too much to read."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One answer, byte for byte, for what is not there and for what is not to be seen.

    Django masks the form token of each page anew against readers of compressed pages who make the
    page repeat what they send; this page repeats nothing, so it carries the token as it is.
    """
    context = {}
    if getattr(request, "user", None) and request.user.is_authenticated:
        get_token(request)  # makes sure that there is one
        context = {"csrf_token": request.META["CSRF_COOKIE"]}
    return render(request, "404.html", context, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an earlier sitting: nothing was done, and what was typed is not lost.

    A form that can be kept is, and its page offers it again; else the browser still has it.
    """
    if keeping.keep(request):
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "components/saved.html", {"reload": request.path})
        return redirect(request.path)
    return render(request, "stale_form.html", status=403)
