"""Lists that the office brings in: upload, matching, a look at what they would do, the act."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.office import operations
from credentialing.office.forms import CarryOutForm, FileForm, MatchingForm, guessed
from credentialing.office.lists import KINDS, PROBLEMS, Kind
from credentialing.office.queries import lists as asked
from credentialing.people.models import TableFile
from credentialing.records import jobs
from credentialing.records.files import attachment
from credentialing.records.refusals import Refused
from credentialing.records.tables import CSV, read_table, write_csv, write_faults

LONG = 300  # rows; a longer list is brought in by the worker
SHOWN = 200  # rows of each state on the page


def lists(request: HttpRequest) -> HttpResponse:
    """The kinds of lists, in the order in which a society that begins brings them in."""
    last = {
        file.kind: file
        for file in TableFile.objects.filter(done_at__isnull=False)
        .only("kind", "done_at", "outcome")
        .order_by("done_at")
    }
    return render(
        request,
        "office/lists.html",
        {"kinds": [(kind, last.get(key)) for key, kind in KINDS.items()]},
    )


def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """An empty list with the right headings and one row as an example."""
    found = _kind(kind)
    columns = found.columns
    content = write_csv([str(each.label) for each in columns], [[each.example for each in columns]])
    return attachment(content, name=f"{kind}.csv", content_type=CSV)


def bring(request: HttpRequest, kind: str) -> HttpResponse:
    """Bring a list; nothing of it is done before it has been looked at."""
    found = _kind(kind)
    form = FileForm(request.POST or None, request.FILES or None, kind=found)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        remembered = (
            TableFile.objects.filter(kind=kind).order_by("-pk").values_list("matching", flat=True)
        ).first() or {}
        day = form.cleaned_data.get("complete_to")
        stored = operations.bring(
            kind,
            name=file.name,
            content=file.read(),
            matching=guessed(found, form.table, remembered),
            choices={"complete_to": day.isoformat()} if day else {},
            by=request.person,
            at=request.now,
        )
        return redirect("list", stored.pk)
    return render(request, "office/bring_list.html", {"kind": found, "form": form})


def look(request: HttpRequest, file: int) -> HttpResponse:
    """What each row would do; the columns can be matched otherwise; one press does it."""
    known = get_object_or_404(TableFile, pk=file)
    kind = _kind(known.kind)
    if known.done_at:
        return render(request, "office/list.html", {"file": known, "kind": kind})
    table = read_table(bytes(known.content), known.name)
    initial = {column.key: known.matching.get(column.key, "") for column in kind.columns}
    posted = request.POST if request.POST.get("action") == "match" else None
    form = MatchingForm(posted, kind=kind, table=table, initial=initial)
    if posted is not None and form.is_valid():
        chosen = {key: column for key, column in form.cleaned_data.items() if column}
        operations.match(known, chosen, by=request.person)
        return redirect("list", known.pk)
    if request.POST.get("action") == "do":
        return _do(request, known, len(table.rows))
    context = {"file": known, "kind": kind, "matching": form, "missing": []}
    context |= _looked_at(request, known, kind())
    return render(request, "office/list.html", context)


def faults(request: HttpRequest, file: int) -> HttpResponseBase:
    """Everything that is wrong in a list, as a table of its own."""
    known = get_object_or_404(TableFile, pk=file, done_at__isnull=True)
    if _kind(known.kind)().missing(known.matching):
        raise Http404
    planned = asked.plan(known, by=request.person, day=request.today)
    return attachment(
        write_faults(planned.faults), name=f"{known.kind}-faults.csv", content_type=CSV
    )


def _looked_at(request: HttpRequest, file: TableFile, kind: Kind) -> dict[str, Any]:
    missing = kind.missing(file.matching)
    if missing:
        return {"missing": missing}
    planned = asked.plan(file, by=request.person, day=request.today)
    by_state: dict[str, list[Any]] = {}
    for line in planned.lines:
        by_state.setdefault(line.state, []).append(line)
    return {
        "plan": planned,
        "parts": [
            (words, state, state in PROBLEMS, number, by_state[state][:SHOWN])
            for words, number, state in planned.counts
        ],
        "carrying": CarryOutForm(
            initial={"digest": planned.digest}, problems=bool(planned.problems)
        ),
        "effects": asked.effects(planned, file, by=request.person),
    }


def _do(request: HttpRequest, file: TableFile, rows: int) -> HttpResponse:
    """Carry the list out: at once, or in the background where it is long."""
    said = {
        "digest": request.POST.get("digest", "")[:64],
        "without_problems": request.POST.get("without_problems") == "on",
    }
    if rows > LONG:
        job = jobs.ask(
            "list", by=request.person, page=reverse("list", args=[file.pk]), file=file.pk, **said
        )
        return redirect("job", job.pk)
    try:
        outcome = operations.carry_out(file, **said, by=request.person, at=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("list", file.pk)
    messages.success(request, outcome)
    return redirect("lists")


def _kind(key: str) -> type[Kind]:
    if key not in KINDS:
        raise Http404(_("There is no such list."))
    return KINDS[key]
