"""Files that belong to the case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.documents import DocumentForm
from applicants.models import Document
from applicants.views.own import mine, tried
from credentialing.records.files import attachment

DOCUMENTS = Document.objects.filter(withdrawn_at__isnull=True)


def documents(request: HttpRequest) -> HttpResponse:
    """What is there, and the form that adds one."""
    application = mine(request)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tried(
            form,
            lambda: operations.upload_document(
                application, **said, by=request.person, at=request.now
            ),
        ):
            messages.success(request, _("Saved: %(title)s.") % {"title": said["title"]})
            return redirect("documents")
    there = DOCUMENTS.filter(application=application).order_by("-uploaded_at", "-pk")
    context = {"form": form, "documents": there, "is_live": application.is_live}
    return render(request, "applicants/documents.html", context)


def document(request: HttpRequest, document: int) -> HttpResponseBase:
    """One file, to be saved and never shown as a page of this site."""
    found = access.fetch(
        request.person,
        Can.READ_CASE,
        DOCUMENTS.all(),
        day=request.today,
        through="application",
        pk=document,
    )
    extension = found.file.name.rpartition(".")[2]
    title = get_valid_filename(found.title).strip("._") or "document"
    name = f"{title}.{extension}"
    with found.file.open("rb") as file:  # of 20 MB at most
        return attachment(file.read(), name=name, content_type=found.content_type)


def withdraw_document(request: HttpRequest, document: int) -> HttpResponse:
    """Take a document out of the case."""
    found = access.fetch(
        request.person,
        Can.OWN,
        Document.objects.select_related("application"),
        day=request.today,
        through="application",
        pk=document,
    )
    operations.withdraw_document(found, by=request.person, at=request.now)
    messages.success(request, _("The document is withdrawn."))
    return redirect("documents")
