"""The log as a file: brought in as a table, taken along as one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.log_files import ColumnsForm, TableForm
from applicants.forms.logs import LogFilter
from applicants.models import LogImport
from applicants.queries import (
    HEADING,
    TEMPLATE,
    Reading,
    is_ambiguous,
    log_months,
    log_rows,
    read_import,
)
from applicants.views.own import mine, my_groups, tried
from credentialing.records import jobs
from credentialing.records.files import attachment
from credentialing.records.submissions import new_key, once
from credentialing.records.tables import CSV, XLSX, write_csv, write_faults, write_xlsx

SHOWN = 50


def import_log(request: HttpRequest) -> HttpResponse:
    """Choose a table to bring into the log."""
    groups = my_groups(request)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        load = tried(
            form,
            lambda: operations.begin_import(
                request.person,
                form.cleaned_data["file"],
                name=form.name,
                by=request.person,
                at=request.now,
            ),
        )
        if load:
            return redirect("match-import", load.pk)
    context = {"form": form, "groups": groups, "columns": TEMPLATE}
    return render(request, "applicants/import.html", context)


def own_import(request: HttpRequest, load: int) -> LogImport:
    """An import of the person's own; otherwise it does not exist."""
    return access.fetch(
        request.person,
        Can.OWN,
        LogImport.objects.distinct(),
        day=request.today,
        through="applicant__applications",
        pk=load,
    )


def match_import(request: HttpRequest, load: int) -> HttpResponse:
    """Say what the columns hold, see what would come of it, and have it imported, or not."""
    table = own_import(request, load)
    if not table.rows:
        messages.info(request, _("This file has been dealt with. Choose it again to look at it."))
        return redirect("import-log")
    act = request.POST.get("action") if request.method == "POST" else None
    form = ColumnsForm(
        request.POST if act == "match" else None, load=table, groups=my_groups(request)
    )
    if act == "match" and form.is_valid():
        operations.match_import(table, **form.matched, by=request.person, at=request.now)
        return redirect("match-import", table.pk)
    if act == "drop":
        operations.drop_import(table, by=request.person, at=request.now)
        messages.success(request, _("Nothing was imported."))
        return redirect("logs")
    is_matched = "date" in table.columns and not is_ambiguous(table)
    if act == "import" and is_matched:
        return redirect(once(request, lambda: _ask(request, table)))
    reading = read_import(table, today=request.today) if is_matched else None
    context = {
        "load": table,
        "form": form,
        "reading": reading,
        "submission": new_key(),
        **(_shown(reading) if reading else {}),
    }
    return render(request, "applicants/match_import.html", context)


def import_faults(request: HttpRequest, load: int) -> HttpResponseBase:
    """Everything that is wrong in a table, as a table of its own."""
    table = own_import(request, load)
    if "date" not in table.columns or is_ambiguous(table):
        raise Http404
    faults = read_import(table, today=request.today).faults
    return _file(write_faults(faults), "log-faults.csv", CSV)


def _shown(reading: Reading) -> dict[str, Any]:
    """As much of a preview as a page takes, and how much there is of what it cuts."""
    return {
        "new": reading.new[:5],
        "there": reading.there[:SHOWN],
        "there_count": len(reading.there),
        "faults": reading.faults[:SHOWN],
        "more": max(0, len(reading.faults) - SHOWN),
    }


def _ask(request: HttpRequest, table: LogImport) -> str:
    job = jobs.ask("import-log", by=request.person, page=reverse("logs"), load=table.pk)
    return reverse("job", args=[job.pk])


def log_csv(request: HttpRequest) -> HttpResponseBase:
    """The log, or the chosen part of it, as CSV."""
    return _file(write_csv(HEADING, _chosen(request)), "log.csv", CSV)


def log_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The log, or the chosen part of it, as a spreadsheet."""
    return _file(write_xlsx(HEADING, _chosen(request), _("Log")), "log.xlsx", XLSX)


def _chosen(request: HttpRequest) -> Any:
    chosen = LogFilter(request.GET, groups=my_groups(request), months=log_months(request.person))
    return log_rows(request.person, chosen.choice)


def template_csv(request: HttpRequest) -> HttpResponseBase:
    """An empty table whose columns are known, as CSV."""
    return _template(request, write_csv, "log-template.csv", CSV)


def template_xlsx(request: HttpRequest) -> HttpResponseBase:
    """An empty table whose columns are known, as a spreadsheet."""
    return _template(request, write_xlsx, "log-template.xlsx", XLSX)


def _template(
    request: HttpRequest, write: Callable[..., bytes], name: str, kind: str
) -> HttpResponseBase:
    mine(request)
    return _file(write(TEMPLATE, []), name, kind)


def _file(content: bytes, name: str, kind: str) -> HttpResponseBase:
    return attachment(content, name=name, content_type=kind)
