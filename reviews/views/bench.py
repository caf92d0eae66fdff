"""The policy bench: a draft procedure tried on the cases that go on."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from credentialing.records.models import Job
from credentialing.records.tables import read_table
from reviews import operations
from reviews.forms import committee as forms
from reviews.queries.cases import readable
from reviews.views.acting import done, posted

KEPT = 10


def bench(request: HttpRequest) -> HttpResponse:
    """Upload a draft procedure, and find what earlier ones would have changed."""
    form = forms.Draft(posted(request), request.FILES or None)

    def act() -> str:
        job = operations.ask_bench(
            form.cleaned_data["text"], name=form.cleaned_data["file"].name, by=request.person
        )
        return reverse("job", args=[job.pk])

    tried = Job.objects.filter(kind="policy-bench", by=request.person).order_by("-pk")[:KEPT]
    return done(request, form, act) or render(
        request, "reviews/committee/bench.html", {"form": form, "tried": tried}
    )


def result(request: HttpRequest, job: int) -> HttpResponse:
    """What a draft would change, case by case, of the cases that the reader still reads."""
    wanted = Job.objects.filter(
        pk=job, kind="policy-bench", by=request.person, state=Job.State.DONE
    ).first()
    if wanted is None or not wanted.file:
        raise Http404
    with wanted.file.open("rb") as kept:
        table = read_table(kept.read(), wanted.file_name)
    seen = set(readable(request.person, day=request.today).values_list("reference", flat=True))
    rows = [list(row.cells.values()) for row in table.rows]
    context: dict[str, Any] = {
        "job": wanted,
        "columns": [{"label": column} for column in table.columns[1:]],
        "rows": [
            [{"text": name, "url": reverse("case", args=[reference])}, *rest]
            for reference, name, *rest in rows
            if reference in seen
        ],
    }
    return render(request, "reviews/committee/bench_result.html", context)
