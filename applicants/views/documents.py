"""Files that belong to the case."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.documents import DocumentForm
from applicants.forms.fields import ReasonForm
from applicants.models import Application, Claim, Document
from applicants.queries import papers, withdrawn
from applicants.views.own import mine, tried
from credentialing.records.files import attachment, picture
from credentialing.records.submissions import led, once

DOCUMENTS = Document.objects.select_related("application")


def documents(request: HttpRequest) -> HttpResponse:
    """What is there, and the form that adds one."""
    application, here = mine(request), reverse("documents")
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and added(request, form, application, to=here):
        return redirect(here)
    context = {
        "form": form,
        "papers": papers(application),
        "withdrawn": withdrawn(application),
        "is_live": application.is_live,
        "is_submitted": application.submitted_on is not None,
    }
    return render(request, "applicants/documents.html", context)


def added(
    request: HttpRequest,
    form: DocumentForm,
    application: Application,
    *,
    to: str,
    **belongs_to: Document | Claim | None,
) -> bool:
    """Whether what the form holds is in the case now, once; `belongs_to` as in the operation."""
    if led(request):
        return True
    if not form.is_valid():
        return False
    said, who = dict(form.cleaned_data), {"by": request.person, "at": request.now}
    del said["submission"]

    def upload() -> str:
        operations.upload_document(application, **said, **belongs_to, **who)
        return to

    if not tried(form, lambda: once(request, upload)):
        return False
    messages.success(request, _("Saved: %(title)s.") % {"title": said["title"]})
    return True


def own_document(
    request: HttpRequest, document: int, rows: QuerySet[Document] = DOCUMENTS
) -> Document:
    """A document that one handed in oneself; otherwise it does not exist."""
    return access.fetch(
        request.person,
        Can.OWN,
        rows.filter(uploaded_by=request.person),
        day=request.today,
        through="application",
        pk=document,
    )


def replace_document(request: HttpRequest, document: int) -> HttpResponse:
    """Add a newer version; the earlier one stays readable."""
    earlier = own_document(request, document, DOCUMENTS.filter(withdrawn_at__isnull=True))
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        initial={"kind": earlier.kind, "title": earlier.title},
    )
    here = reverse("documents")
    if request.method == "POST" and added(
        request, form, earlier.application, to=here, replaces=earlier
    ):
        return redirect(here)
    context = {"form": form, "earlier": earlier}
    return render(request, "applicants/replace_document.html", context)


def _readable(request: HttpRequest, document: int) -> Document:
    """A document of a case that one reads, and that was not taken out of it."""
    return access.fetch(
        request.person,
        Can.READ_CASE,
        Document.objects.filter(withdrawn_at__isnull=True),
        day=request.today,
        through="application",
        pk=document,
    )


def document(request: HttpRequest, document: int) -> HttpResponseBase:
    """One file, to be saved and never shown as a page of this site."""
    found = _readable(request, document)
    extension = found.file.name.rpartition(".")[2]
    title = get_valid_filename(found.title).strip("._") or "document"
    content = operations.open_document(found, by=request.person)
    return attachment(content, name=f"{title}.{extension}", content_type=found.content_type)


def preview(request: HttpRequest, document: int) -> HttpResponseBase:
    """The first page as a picture that was drawn here; nothing of the file itself."""
    found = _readable(request, document)
    if not found.preview:
        raise Http404
    return picture(operations.open_preview(found, by=request.person, at=request.now))


def withdraw_document(request: HttpRequest, document: int) -> HttpResponse:
    """Take a document out of the case: at once while it is one's own alone, else with a reason."""
    found = own_document(request, document)
    form = ReasonForm(request.POST or None)
    needs_reason = found.application.submitted_on is not None
    who = {"by": request.person, "at": request.now}
    if not needs_reason and request.method == "POST":
        operations.withdraw_document(found, **who)
        messages.success(request, _("Deleted. You can put it back until you submit."))
        return redirect("documents")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: operations.withdraw_document(found, reason=reason, **who)):
            messages.success(request, _("The document is withdrawn."))
            return redirect("documents")
    return render(request, "applicants/withdraw_document.html", {"document": found, "form": form})


def restore_document(request: HttpRequest, document: int) -> HttpResponse:
    """Put back what was deleted before anybody else saw it."""
    found = own_document(request, document)
    operations.restore_document(found, by=request.person, at=request.now)
    messages.success(request, _("%(title)s is back.") % {"title": found.title})
    return redirect("documents")
